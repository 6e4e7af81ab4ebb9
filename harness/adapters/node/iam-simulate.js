// Decides what of the package answers a question: a simulation or a validator.

import { readFileSync } from 'node:fs';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { serve } from './protocol.js';
import { FEATURES, answerOf, simulationOf, validate } from './translate.js';

const NAME = '@cloud-copilot/iam-simulate';
// The package exports no `package.json`; its entry point is `dist/esm/index.js`.
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.resolve(NAME)), 'utf8'));

await serve({
  description: { name: NAME, version, features: FEATURES, detail: 'deny-kind' },
  async authorize(question) {
    const translated = simulationOf(question);
    // No options: the default mode, `Strict`, takes the request as it is; `Discovery` guesses at what is missing.
    return translated.answer ?? answerOf(await runSimulation(translated.simulation, {}));
  },
  validate,
});
