// Decides how the conversation flows: a line in, a line out, in order, until `bye` or the end of the input.

import { reply } from './protocol.js';

// A harness that no longer listens needs no more answers.
process.stdout.on('error', () => process.exit(1));

for await (const line of lines(process.stdin)) {
  if (line.trim() === '') continue;
  const message = await reply(line);
  if (message === undefined) break;
  process.stdout.write(`${JSON.stringify(message)}\n`);
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
