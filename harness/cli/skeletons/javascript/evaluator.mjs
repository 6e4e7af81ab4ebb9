// Answers the questions of kms-conformance: a line of JSON in, a line of JSON out.
//
// `decide` is where your evaluator goes. What stands there knows key policies without conditions, and says of everything
// else that it cannot answer.

const DESCRIPTION = {
  protocol: 1,
  name: 'my-evaluator',
  version: '0.1.0',
  dialects: ['aws'],
  // The inputs that the evaluator has a place for; `kms-conformance schema features` lists them. What needs another one
  // is not asked.
  features: ['context'],
  // 'deny-kind' if refusals tell explicit from implicit, else 'decision', and then the answer to all of them is 'deny'.
  detail: 'deny-kind',
};
// The members of a statement that are looked at.
const KNOWN = new Set(['Sid', 'Effect', 'Principal', 'Action', 'Resource']);
// What could change the answer and is not looked at: the member and the feature. Take off what you support.
const UNSUPPORTED = {
  caller: { boundary: 'boundaries', 'session-policies': 'session-policies', scps: 'scps' },
  resource: { grants: 'grants', rcps: 'rcps' },
};

/** The answer to a question. */
function decide(question) {
  if (question.kind !== 'authorize') return unsupported(`${question['policy-type']}-validation`);
  if (question.authorizations.length > 1) return unsupported('operations');
  const [{ action, resource }] = question.authorizations;
  for (const [owner, value] of Object.entries({ caller: question.caller, resource })) {
    for (const [member, feature] of Object.entries(UNSUPPORTED[owner])) {
      if (member in value) return unsupported(feature);
    }
  }
  const effects = new Set();
  for (const statement of statements(resource.policy)) {
    const unknown = Object.keys(statement).filter((name) => !KNOWN.has(name));
    if (unknown.length > 0) throw new Error(`statements with ${unknown.join(', ')} are not evaluated`);
    if (matches(statement.Action, action) && names(statement.Principal, question.caller.arn)) {
      effects.add(statement.Effect);
    }
  }
  if (effects.has('Deny')) return { answer: 'explicit-deny' };
  return { answer: effects.has('Allow') ? 'allow' : 'implicit-deny' };
}

function unsupported(feature) {
  return { answer: 'unsupported', feature };
}

/** The statements of a document: an object, or a string with its exact text. */
function statements(policy) {
  const document = typeof policy === 'string' ? JSON.parse(policy) : policy ?? {};
  return [document.Statement ?? []].flat();
}

function matches(patterns, action) {
  const escaped = (pattern) => pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return [patterns].flat().some((pattern) => new RegExp(`^${escaped(pattern)}$`, 'is').test(action));
}

function names(principal, caller) {
  const named = [typeof principal === 'string' ? principal : principal.AWS ?? []].flat();
  return named.includes('*') || named.includes(caller);
}

/** Whatever goes wrong is an answer too: `error` costs one check, an exception would cost the process. */
function answer(question) {
  try {
    return decide(question);
  } catch (error) {
    return { answer: 'error', error: String(error) };
  }
}

/** The reply to a message; nothing to the one that asks to end. */
function reply(message) {
  if (message.hello) return DESCRIPTION;
  return message.ask && { id: message.ask.id, answer: answer(message.ask.question) };
}

/** The lines of the input, split at line feeds alone: JSON strings may hold other line separators as they are. */
async function* lines(stream) {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    yield* parts;
  }
}

for await (const line of lines(process.stdin)) {
  const message = reply(JSON.parse(line));
  if (!message) break;
  // Standard output is for the protocol alone; print for yourself to standard error.
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
