// Decides how a question becomes the input of pbac, and how its result becomes an answer.
//
// No judgement of policies: every document is handed over whole, into the one set of policies that the package has.
// With `--lists`, single values are handed over as the lists of one that its schema asks for.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import PBAC from 'pbac';
import { Unasked, parsed, rejected, unlessUnasked } from './documents.js';
import { serve } from './protocol.js';

const { version } = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('pbac/package.json'), 'utf8'));

const LISTS = process.argv.includes('--lists');
/** What may be a single value or a list, in the grammar of policies. */
const LISTED = ['Action', 'NotAction', 'Resource', 'NotResource'];

const FEATURES = [
  'anonymous',
  'caller-context',
  'context',
  'context-key-case',
  'federated-users',
  'groups',
  'identity-validation',
  'key-policy-validation',
  'multivalued-keys',
  'other-services',
  'requests-without-resource',
  'resource-policies',
  'resource-policy-validation',
  'role-paths',
  'root-users',
  'service-principals',
  'session-arns',
  'unknown-services',
];

/** The policy types that its schema is for: with a principal or without. Others narrow what these allow. */
const VALIDATED = new Set(['identity', 'key-policy', 'resource-policy']);

/** What of a request the package has no place for. */
const UNSUPPORTED = [
  ['operations', ({ authorizations }) => authorizations.length !== 1],
  ['derives-context', ({ authorizations: [{ context }] }) => context === undefined],
  ['grants', ({ authorizations: [{ resource }] }) => resource.grants?.length > 0],
  ['rcps', ({ authorizations: [{ resource }] }) => resource.rcps],
  ['boundaries', ({ caller }) => caller.boundary !== undefined],
  ['session-policies', ({ caller }) => caller['session-policies']],
  ['scps', ({ caller }) => caller.scps],
  ['endpoint-policies', ({ endpoint }) => endpoint?.policy !== undefined],
];

function authorize(question) {
  const lacking = UNSUPPORTED.find(([, holds]) => holds(question));
  if (lacking) return { answer: 'unsupported', feature: lacking[0] };
  const { answer } = unlessUnasked(() => {
    const { caller, authorizations, 'context-types': types = {} } = question;
    const [{ action, resource, context }] = authorizations;
    const policies = new PBAC([]);
    for (const [i, { document }] of (caller.policies ?? []).entries()) {
      add(policies, document, `/caller/policies/${i}`);
    }
    if (resource.policy !== undefined) add(policies, resource.policy, '/authorizations/0/resource/policy');
    const known = { ...types, ...bytes(policies.policies) };
    const request = { action, resource: resource.arn, principal: principal(caller), context: nested(context, known) };
    return { answer: { answer: policies.evaluate(request) ? 'allow' : 'deny' } };
  });
  return answer;
}

/** Adds a document to the set, which validates it. */
function add(policies, document, pointer) {
  const object = parsed(document);
  try {
    policies.add(LISTS ? listed(object) : object);
  } catch (error) {
    throw new Unasked(rejected(pointer, described(error)));
  }
}

/** The same document with lists of one in place of single values. */
function listed(document) {
  if (document.Statement === undefined) return document;
  return { ...document, Statement: list(document.Statement).map(listedStatement) };
}

function listedStatement(statement) {
  if (statement === null || typeof statement !== 'object') return statement;
  const changed = { ...statement };
  for (const member of LISTED) {
    if (typeof changed[member] === 'string') changed[member] = [changed[member]];
  }
  for (const member of ['Principal', 'NotPrincipal']) {
    const named = changed[member];
    if (named === null || typeof named !== 'object' || Array.isArray(named)) continue;
    changed[member] = Object.fromEntries(Object.entries(named).map(([kind, names]) => [kind, list(names)]));
  }
  return changed;
}

function list(value) {
  return Array.isArray(value) ? value : [value];
}

/** The names that a caller goes by, in lists by the members of `Principal`. */
function principal({ kind, arn, issuer, service }) {
  if (kind === 'anonymous') return {};
  if (kind === 'service') return { Service: [service] };
  return { AWS: kind === 'role-session' ? [arn, issuer] : [arn] };
}

/** The context as the package takes it: objects by the prefix before the colon, with values of JavaScript's types. */
function nested(context, types) {
  const prefixes = {};
  for (const [key, value] of Object.entries(context)) {
    const [prefix, ...rest] = key.split(':');
    prefixes[prefix] ??= {};
    prefixes[prefix][rest.join(':')] = Array.isArray(value)
      ? value.map((one) => typed(one, types[key]))
      : typed(value, types[key]);
  }
  return prefixes;
}

function typed(value, type) {
  // What is no number stays the text that it is.
  if (type === 'numeric' && value.trim() !== '' && !Number.isNaN(Number(value))) return Number(value);
  if (type === 'binary') return Buffer.from(value, 'base64');
  return value;
}

/**
 * The keys that a document compares with bytes. No table of keys names one that holds bytes, so a question tells no type of
 * it; who asks would know.
 */
function bytes(documents) {
  const statements = documents.flatMap(({ Statement }) => Statement);
  const conditions = statements.flatMap(({ Condition }) => Object.entries(Condition ?? {}));
  const compared = conditions.filter(([operator]) => operator.startsWith('Binary'));
  return Object.fromEntries(compared.flatMap(([, keys]) => Object.keys(keys)).map((key) => [key, 'binary']));
}

/** The feature that a document of this type needs. */
function validation(type) {
  return type === 'grant-request' ? 'grant-requests' : `${type}-validation`;
}

function validate({ 'policy-type': type, document }) {
  if (!VALIDATED.has(type)) {
    return { answer: 'unsupported', feature: validation(type) };
  }
  const { answer } = unlessUnasked(() => {
    add(new PBAC([]), document, '/document');
    return { answer: { answer: 'accepted' } };
  });
  return answer;
}

/** What the validator found, out of the notation and the stack trace that the package makes a message of. */
function described({ name, message }) {
  const found = [...message.matchAll(/message: (['"`])(.*?)\1,?\n/g)].map(([, , text]) => text);
  return `${name} ${[...new Set(found)].join('; ')}`;
}

await serve({
  description: { name: LISTS ? 'pbac --lists' : 'pbac', version, features: FEATURES, detail: 'decision' },
  authorize,
  validate,
});
