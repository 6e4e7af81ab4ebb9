// Decides how the conversation flows: a line in, a line out, in order, until `bye` or the end of the input.
//
// An adapter is `{ description, authorize, validate }`: what its evaluator says of itself, and a question's answer.

const PROTOCOL = 1;

/** Answers what arrives on standard input. */
export async function serve(adapter) {
  // A harness that no longer listens needs no more answers.
  process.stdout.on('error', () => process.exit(1));
  for await (const line of lines(process.stdin)) {
    if (line.trim() === '') continue;
    const message = await reply(adapter, line);
    if (message === undefined) break;
    process.stdout.write(`${JSON.stringify(message)}\n`);
  }
}

/** The lines of a stream, split at line feeds alone: JSON strings may hold other line separators as they are. */
async function* lines(stream) {
  let parts = [];
  for await (const chunk of stream.setEncoding('utf8')) {
    const [first, ...rest] = chunk.split('\n');
    parts.push(first);
    for (const next of rest) {
      yield parts.join('');
      parts = [next];
    }
  }
  yield parts.join('');
}

/** The reply to a line, as an object; `undefined` for the line that asks to end. */
async function reply(adapter, line) {
  let message;
  try {
    message = JSON.parse(line) ?? {};
  } catch (error) {
    return { error: `not JSON: ${error.message}` };
  }
  if (message.hello) {
    const offered = [message.hello.protocol].flat();
    const welcome = { protocol: PROTOCOL, dialects: ['aws'], ...adapter.description };
    return offered.includes(PROTOCOL) ? welcome : { error: `only protocol ${PROTOCOL} is spoken here` };
  }
  if (message.ask) {
    const { id, question } = message.ask;
    return Number.isInteger(id)
      ? { id, answer: await answer(adapter, question) }
      : { error: '`ask` needs a whole number `id`' };
  }
  return message.bye ? undefined : { error: 'expected `hello`, `ask` or `bye`' };
}

/** The answer to a question, whatever the question is: what goes wrong on the way is the answer `error`. */
async function answer(adapter, question) {
  try {
    if (question.dialect !== 'aws') {
      return { answer: 'error', error: `the dialect \`${question.dialect}\` is not spoken here` };
    }
    if (question.kind === 'validate') return adapter.validate(question);
    if (question.kind === 'authorize') return await adapter.authorize(question);
    return { answer: 'error', error: `unknown kind of question \`${question.kind}\`` };
  } catch (error) {
    return { answer: 'error', error: String(error?.message ?? error) };
  }
}
