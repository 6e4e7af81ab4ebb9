// Decides whether questions are handed over whole and results are read as they stand.

import assert from 'node:assert/strict';
import test from 'node:test';
import { anonymousPrincipal } from '@cloud-copilot/iam-simulate';
import { answerOf, simulationOf, validate } from '../translate.js';
import { ALICE, DELEGATES, KEY, policy, question } from '../testing/questions.js';

const FULL_ACCESS_RCP = policy({ Principal: '*', Action: '*' });

test('a plain request keeps every document and names it by its pointer', () => {
  const { simulation } = simulationOf(question());
  assert.deepEqual(simulation.request, {
    principal: ALICE,
    action: 'kms:Decrypt',
    resource: { resource: KEY, accountId: '111122223333' },
    contextVariables: { 'aws:PrincipalArn': ALICE },
  });
  assert.deepEqual(simulation.identityPolicies, [{ name: '/caller/policies/0', policy: policy() }]);
  assert.equal(simulation.resourcePolicy, DELEGATES);
  assert.deepEqual([simulation.serviceControlPolicies, simulation.resourceControlPolicies], [[], []]);
  for (const absent of ['sessionPolicy', 'permissionBoundaryPolicies', 'vpcEndpointPolicies']) {
    assert.ok(!(absent in simulation), absent);
  }
});

test('every other policy has its place', () => {
  const denies = policy({ Effect: 'Deny', Principal: '*' });
  const { simulation } = simulationOf(
    question({
      caller: { boundary: policy(), 'session-policies': [policy()], scps: [[policy()], [policy(), policy()]] },
      resource: { rcps: [[FULL_ACCESS_RCP], [FULL_ACCESS_RCP, denies]] },
      endpoint: { id: 'vpce-1a2b3c4d', vpc: 'vpc-11aa22bb', policy: policy({ Principal: '*' }) },
    }),
  );
  assert.deepEqual(simulation.sessionPolicy, policy());
  assert.deepEqual(simulation.permissionBoundaryPolicies, [{ name: '/caller/boundary', policy: policy() }]);
  assert.deepEqual(simulation.vpcEndpointPolicies, [{ name: '/endpoint/policy', policy: policy({ Principal: '*' }) }]);
  const names = (levels) => levels.map(({ policies }) => policies.map(({ name }) => name));
  assert.deepEqual(names(simulation.serviceControlPolicies), [
    ['/caller/scps/0/0'],
    ['/caller/scps/1/0', '/caller/scps/1/1'],
  ]);
  // RCPFullAWSAccess stands at every level by itself.
  assert.deepEqual(names(simulation.resourceControlPolicies), [[], ['/authorizations/0/resource/rcps/1/1']]);
});

test('callers without an ARN are named as the evaluator names them', () => {
  const principal = (caller) => simulationOf(question({ caller })).simulation.request.principal;
  assert.equal(principal({ kind: 'service', arn: undefined, service: 'ec2.amazonaws.com' }), 'ec2.amazonaws.com');
  assert.equal(principal({ kind: 'anonymous', arn: undefined }), anonymousPrincipal);
  assert.throws(() => principal({ kind: 'user', arn: undefined }), /without a name/);
});

test('what the simulation has no place for is unsupported', () => {
  const [authorization] = question().authorizations;
  const organization = { id: 'o-a1b2c3d4e5', management: true };
  const session = { kind: 'role-session', issuer: 'arn:aws:iam::111122223333:role/team/App' };
  for (const [feature, asked] of [
    ['operations', question({ authorizations: [authorization, authorization] })],
    ['derives-context', question({ authorizations: [{ ...authorization, context: undefined }] })],
    ['grants', question({ resource: { grants: [{ id: 'G', grantee: ALICE, operations: ['Decrypt'] }] } })],
    ['several-session-policies', question({ caller: { 'session-policies': [policy(), policy()] } })],
    ['role-paths', question({ caller: session })],
    ['root-users', question({ caller: { kind: 'root', arn: 'arn:aws:iam::111122223333:root', policies: undefined } })],
    ['exact-text', question({ resource: { policy: '{"Version":' } })],
    ['exact-text', question({ caller: { scps: [[], ['7']] } })],
    ['management-accounts', question({ caller: { organization, scps: [[policy()]] } })],
    ['management-accounts', question({ resource: { organization, rcps: [[]] } })],
    ['aws-managed-keys', question({ resource: { key: { manager: 'aws' }, rcps: [[]] } })],
  ]) {
    assert.deepEqual(simulationOf(asked), { answer: { answer: 'unsupported', feature } });
  }
});

test('a simulation that did not run is a refused document or an error', () => {
  const errors = [{ path: 'Statement[0].Effect', message: 'bad' }];
  for (const [kind, pointer] of [
    [{ identityPolicyErrors: { '/caller/policies/1': errors } }, '/caller/policies/1'],
    [{ sessionPolicyErrors: errors }, '/caller/session-policies/0'],
    [{ resourcePolicyErrors: errors }, '/authorizations/0/resource/policy'],
  ]) {
    const answer = answerOf({ resultType: 'error', errors: { ...kind, message: 'policy.errors' } });
    assert.deepEqual(answer, { answer: 'rejected', policy: pointer, message: 'Statement[0].Effect: bad' });
  }
  const answer = answerOf({ resultType: 'error', errors: { message: 'invalid.action' } });
  assert.deepEqual(answer, { answer: 'error', error: 'the evaluator refuses the request: `invalid.action`' });
  assert.equal(answerOf({ resultType: 'single', overallResult: 'Perhaps' }).answer, 'error');
});

test('documents are accepted or refused by type', () => {
  const asked = (type, document) => validate({ kind: 'validate', 'policy-type': type, document });
  for (const [type, document, answer] of [
    ['key-policy', DELEGATES, 'accepted'],
    ['key-policy', { ...DELEGATES, Version: '2012-10-18' }, 'rejected'],
    ['identity', policy(), 'accepted'],
    ['identity', DELEGATES, 'rejected'],
    ['rcp', policy({ Effect: 'Deny', Principal: '*' }), 'accepted'],
    ['rcp', FULL_ACCESS_RCP, 'rejected'],
    ['key-policy', '{', 'unsupported'],
  ]) {
    assert.equal(asked(type, document).answer, answer, `${type} ${JSON.stringify(document)}`);
  }
  assert.deepEqual(asked('grant-request', {}), { answer: 'unsupported', feature: 'grant-requests' });
});
