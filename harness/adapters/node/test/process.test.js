// Decides whether the adapter, run as the harness runs it, answers questions and survives bad ones.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import { ALICE, DELEGATES, crossAccount, policy, question } from '../testing/questions.js';

const ADAPTER = fileURLToPath(new URL('../iam-simulate.js', import.meta.url));

function converse(lines, end = '\n') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [ADAPTER], { input: lines.join('\n') + end });
  assert.deepEqual([status, stderr.toString()], [0, '']);
  return stdout.toString().split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

function ask(questions) {
  const replies = converse(questions.map((question, id) => JSON.stringify({ ask: { id, question } })));
  assert.deepEqual(replies.map(({ id }) => id), questions.map((_, id) => id));
  return replies.map(({ answer }) => answer);
}

test('it says who it is', () => {
  const [welcome] = converse(['{"hello":{"protocol":[1,2],"catalogue":"0.1.0","more":0}}', '{"bye":{}}']);
  assert.deepEqual([welcome.protocol, welcome.name, welcome.version], [1, '@cloud-copilot/iam-simulate', '0.1.173']);
  assert.deepEqual([welcome.dialects, welcome.detail], [['aws'], 'deny-kind']);
  assert.ok(welcome.features.includes('scps') && !welcome.features.includes('grants'));
  assert.match(converse(['{"hello":{"protocol":[2]}}'])[0].error, /protocol 1/);
});

test('it answers requests', () => {
  const denies = { from: 'user/alice', document: policy({ Effect: 'Deny', Action: 'kms:Decrypt' }) };
  const namesBob = policy({ Principal: { AWS: 'arn:aws:iam::444455556666:user/bob' } });
  const allows = [{ from: 'user/bob', document: policy() }];
  const answers = ask([
    question(),
    question({ caller: { policies: [] } }),
    question({ caller: { policies: [{ from: 'user/alice', document: policy() }, denies] } }),
    crossAccount(namesBob, allows),
    crossAccount(namesBob, undefined),
    crossAccount(DELEGATES, allows),
  ]);
  assert.deepEqual(
    answers.map(({ answer }) => answer),
    ['allow', 'implicit-deny', 'explicit-deny', 'allow', 'implicit-deny', 'implicit-deny'],
  );
  assert.deepEqual(answers[0].because, [
    { policy: '/caller/policies/0', statement: 0 },
    { policy: '/authorizations/0/resource/policy', statement: 0 },
  ]);
  assert.deepEqual(answers[2].because, [{ policy: '/caller/policies/1', statement: 0 }]);
});

test('a member and a feature that it does not know do no harm', () => {
  const [ignores, lacks] = ask([
    question({ 'from-the-future': { deny: true } }),
    question({ resource: { grants: [{ id: 'G', grantee: ALICE, operations: ['Decrypt'] }] } }),
  ]);
  assert.equal(ignores.answer, 'allow');
  assert.deepEqual(lacks, { answer: 'unsupported', feature: 'grants' });
});

test('a refused document is named', () => {
  const [answer] = ask([question({ resource: { policy: { ...DELEGATES, Version: 'yes' } } })]);
  assert.deepEqual([answer.answer, answer.policy], ['rejected', '/authorizations/0/resource/policy']);
});

test('context keys that the evaluator drops are told', () => {
  const [answer] = ask([question({ context: { 'kms:NoSuchKey': 'x' } })]);
  assert.equal(answer.message, 'ignored context keys: `kms:NoSuchKey`');
});

test('bad questions are errors, and the next is answered', () => {
  const bad = [null, 7, {}, { kind: 'authorize', dialect: 'aws' }, question({ dialect: 'ram' })];
  const answers = ask([...bad, question({ kind: 'x' }), question({ action: 'kms:NoSuchAction' }), question()]);
  assert.deepEqual(answers.map(({ answer }) => answer), [...Array(7).fill('error'), 'allow']);
  assert.ok(answers.slice(0, 7).every(({ error }) => typeof error === 'string' && error !== ''));
});

test('bad lines are told, and the next is answered', () => {
  const good = JSON.stringify({ ask: { id: 9, question: question() } });
  const replies = converse(['{', 'null', '{"ask":{"question":{}}}', '', '{"good":{}}', good], '');
  assert.deepEqual(replies.map((reply) => reply.answer?.answer ?? 'told'), ['told', 'told', 'told', 'told', 'allow']);
  assert.ok(replies.slice(0, 4).every(({ error }) => error !== ''));
});

test('line separators inside of strings do not end a line', () => {
  const [answer] = ask([question({ context: { 'aws:UserAgent': 'a\u2028b\u2029c\u0085d' } })]);
  assert.equal(answer.answer, 'allow');
});

test('it ends at `bye` and answers nothing after it', () => {
  assert.deepEqual(converse(['{"bye":{}}', JSON.stringify({ ask: { id: 1, question: question() } })]), []);
});
