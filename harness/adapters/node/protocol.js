// Decides what is replied to a line of the harness.

import { readFileSync } from 'node:fs';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { FEATURES, answerOf, simulationOf, validate } from './translate.js';

const PROTOCOL = 1;
const PACKAGE = '@cloud-copilot/iam-simulate';

/** The reply to a line, as an object; `undefined` for the line that asks to end. */
export async function reply(line) {
  let message;
  try {
    message = JSON.parse(line) ?? {};
  } catch (error) {
    return { error: `not JSON: ${error.message}` };
  }
  if (message.hello) {
    const offered = [message.hello.protocol].flat();
    return offered.includes(PROTOCOL) ? welcome() : { error: `only protocol ${PROTOCOL} is spoken here` };
  }
  if (message.ask) {
    const { id, question } = message.ask;
    return Number.isInteger(id) ? { id, answer: await answer(question) } : { error: '`ask` needs a whole number `id`' };
  }
  return message.bye ? undefined : { error: 'expected `hello`, `ask` or `bye`' };
}

/** What the evaluator says of itself. Its version is that of the installed package. */
function welcome() {
  // The package exports no `package.json`; its entry point is `dist/esm/index.js`.
  const manifest = new URL('../../package.json', import.meta.resolve(PACKAGE));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  return { protocol: PROTOCOL, name: PACKAGE, version, dialects: ['aws'], features: FEATURES, detail: 'deny-kind' };
}

/** The answer to a question, whatever the question is: what goes wrong on the way is the answer `error`. */
async function answer(question) {
  try {
    if (question.dialect !== 'aws') {
      return { answer: 'error', error: `the dialect \`${question.dialect}\` is not spoken here` };
    }
    if (question.kind === 'validate') {
      return validate(question);
    }
    if (question.kind !== 'authorize') {
      return { answer: 'error', error: `unknown kind of question \`${question.kind}\`` };
    }
    const translated = simulationOf(question);
    // No options: the default mode, `Strict`, takes the request as it is; `Discovery` guesses at what is missing.
    return translated.answer ?? answerOf(await runSimulation(translated.simulation, {}));
  } catch (error) {
    return { answer: 'error', error: String(error?.message ?? error) };
  }
}
