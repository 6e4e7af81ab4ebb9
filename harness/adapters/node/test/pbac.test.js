// Decides whether pbac's adapter, run as the harness runs it, hands over what it is given and says what it cannot.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import { ALICE, DELEGATES, policy, question } from '../testing/questions.js';

const ADAPTER = fileURLToPath(new URL('../pbac.js', import.meta.url));
const LISTS = { Action: ['kms:*'], Resource: ['*'] };
const NAMES_ALICE = policy({ ...LISTS, Principal: { AWS: [ALICE] } });
const SILENT = policy({ ...LISTS, Action: ['kms:ListKeys'], Principal: { AWS: [ALICE] } });

function converse(lines, ...options) {
  const input = `${lines.join('\n')}\n`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [ADAPTER, ...options], { input });
  assert.deepEqual([status, stderr.toString()], [0, '']);
  return stdout.toString().split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

function ask(questions, ...options) {
  return converse(questions.map((asked, id) => JSON.stringify({ ask: { id, question: asked } })), ...options).map(
    ({ answer }) => answer,
  );
}

function has(...documents) {
  return { policies: documents.map((document) => ({ from: 'user/alice', document })) };
}

function check(rows, ...options) {
  const answers = ask(rows.map(([asked]) => asked), ...options);
  const got = answers.map(({ answer, feature }) => feature ?? answer);
  assert.deepEqual(got, rows.map(([, expected]) => expected));
}

test('it says who it is', () => {
  const names = [[], ['--lists']].map((options) => {
    const [{ name, version, detail }] = converse(['{"hello":{"protocol":[1]}}'], ...options);
    return [name, version, detail];
  });
  assert.deepEqual(names, [['pbac', '0.3.2', 'decision'], ['pbac --lists', '0.3.2', 'decision']]);
});

test('documents in one set count', () => {
  const denies = policy({ ...LISTS, Effect: 'Deny' });
  check([
    [question({ caller: has(policy(LISTS)), resource: { policy: SILENT } }), 'allow'],
    [question({ caller: has(), resource: { policy: NAMES_ALICE } }), 'allow'],
    [question({ caller: has(), resource: { policy: SILENT } }), 'deny'],
    [question({ caller: has(policy(LISTS), denies), resource: { policy: NAMES_ALICE } }), 'deny'],
    [question({ caller: has(JSON.stringify(policy(LISTS))), resource: { policy: SILENT } }), 'exact-text'],
  ]);
});

test('the context reaches it, with numbers as numbers', () => {
  const under = (condition) => has(policy({ ...LISTS, Condition: condition }));
  const asked = (condition, context, types = {}) =>
    question({ caller: under(condition), resource: { policy: SILENT }, context, 'context-types': types });
  check([
    [asked({ StringEquals: { 'aws:username': 'alice' } }, { 'aws:username': 'alice' }), 'allow'],
    [asked({ StringEquals: { 'aws:username': 'alice' } }, { 'aws:username': 'bob' }), 'deny'],
    [asked({ NumericLessThan: { 'kms:X': 10 } }, { 'kms:X': '9' }, { 'kms:X': 'numeric' }), 'allow'],
    [asked({ BinaryEquals: { 'kms:X': 'b25l' } }, { 'kms:X': 'b25l' }), 'allow'],
    [asked({ BinaryEquals: { 'kms:X': 'b25l' } }, { 'kms:X': 'dHdv' }), 'deny'],
    [asked({ 'ForAnyValue:StringEquals': { 'kms:X': ['b'] } }, { 'kms:X': ['a', 'b'] }), 'allow'],
  ]);
});

test('callers are named in lists', () => {
  const names = (kind, ...values) => policy({ ...LISTS, Principal: { [kind]: values } });
  const session = { kind: 'role-session', arn: 'arn:aws:sts::1:assumed-role/App/s', issuer: 'arn:aws:iam::1:role/App' };
  const service = { kind: 'service', arn: undefined, service: 'logs.amazonaws.com' };
  const asked = (caller, document) => question({ caller: { ...caller, ...has() }, resource: { policy: document } });
  check([
    [asked(session, names('AWS', 'arn:aws:iam::1:role/App')), 'allow'],
    [asked(session, names('AWS', 'arn:aws:sts::1:assumed-role/App/s')), 'allow'],
    [asked(session, names('AWS', 'arn:aws:iam::1:role/Other')), 'deny'],
    [asked(service, names('Service', 'logs.amazonaws.com')), 'allow'],
    [asked({ kind: 'anonymous', arn: undefined }, names('AWS', ALICE)), 'deny'],
  ]);
});

test('single values are refused in their place, and with `--lists` are lists of one', () => {
  const asked = question({ resource: { policy: DELEGATES } });
  const [refused] = ask([asked]);
  assert.deepEqual([refused.answer, refused.policy], ['rejected', '/caller/policies/0']);
  assert.match(refused.message, /^policy validation failed with .*array/);
  assert.doesNotMatch(refused.message, /node_modules/);
  const single = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'kms:*', Resource: '*' } };
  check([[asked, 'allow'], [question({ caller: has(single) }), 'allow']], '--lists');
  for (const document of [{}, { Statement: null }, { Statement: [null, 7] }, { Statement: { Principal: null } }]) {
    assert.equal(ask([question({ caller: has(document) })], '--lists')[0].answer, 'rejected');
  }
});

test('what it has no place for is unsupported', () => {
  const document = (type, value) => ({ kind: 'validate', dialect: 'aws', 'policy-type': type, document: value });
  const [authorization] = question().authorizations;
  check([
    [question({ authorizations: [authorization, authorization] }), 'operations'],
    [question({ caller: { boundary: policy(LISTS) } }), 'boundaries'],
    [question({ caller: { scps: [] } }), 'scps'],
    [question({ caller: { 'session-policies': [policy(LISTS)] } }), 'session-policies'],
    [question({ resource: { rcps: [] } }), 'rcps'],
    [question({ resource: { grants: [{ id: 'G' }] } }), 'grants'],
    [question({ endpoint: { id: 'e', vpc: 'v', policy: policy(LISTS) } }), 'endpoint-policies'],
    [document('scp', policy(LISTS)), 'scp-validation'],
    [document('grant-request', {}), 'grant-requests'],
    [document('key-policy', NAMES_ALICE), 'accepted'],
    [document('identity', policy()), 'rejected'],
    [document('identity', '{'), 'exact-text'],
  ]);
});
