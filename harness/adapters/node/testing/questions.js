// Decides what the tests' questions look like: one plain question, and ways to change it.

export const KEY = 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
export const ALICE = 'arn:aws:iam::111122223333:user/alice';
export const BOB = 'arn:aws:iam::444455556666:user/bob';

/** A policy of one statement, which allows all of KMS unless `members` say otherwise. */
export function policy(members) {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*', ...members }],
  };
}

/** The key policy that gives the account the say. */
export const DELEGATES = policy({ Principal: { AWS: 'arn:aws:iam::111122223333:root' } });

/** Alice decrypts with a key whose policy delegates; her own policy allows it. */
export function question({ caller, resource, context, action = 'kms:Decrypt', ...members } = {}) {
  return {
    kind: 'authorize',
    dialect: 'aws',
    region: 'us-west-2',
    time: '2026-01-15T12:00:00Z',
    caller: {
      kind: 'user',
      arn: ALICE,
      account: '111122223333',
      policies: [{ from: 'user/alice', document: policy() }],
      ...caller,
    },
    authorizations: [
      {
        action,
        resource: { arn: KEY, account: '111122223333', type: 'kms:key', policy: DELEGATES, ...resource },
        context: { 'aws:PrincipalArn': ALICE, ...context },
      },
    ],
    ...members,
  };
}

/** Bob decrypts with a key of another account. */
export function crossAccount(keyPolicy, policies) {
  const caller = { arn: BOB, account: '444455556666', policies };
  return question({ caller, resource: { policy: keyPolicy }, context: { 'aws:PrincipalArn': BOB } });
}
