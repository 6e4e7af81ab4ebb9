// aws/alias-conditions/resource-aliases-policies-and-quota/quota#fifty-one (kms.cond.resourcealiases-quota)
// A key with more than 50 aliases exceeds the quota, and kms:ResourceAliases then allows nothing.
// Source: AWS KMS Developer Guide, conditions-kms
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 'kms:Decrypt',
    resource: { resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', accountId: '111122223333' },
    contextVariables: { 'kms:ResourceAliases': Array.from({ length: 51 }, (_, n) => `alias/app-${String(n + 1).padStart(2, '0')}`) },
  },
  identityPolicies: [
    { name: 'identity', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/app-01' } } }] } },
  ],
  serviceControlPolicies: [],
  resourceControlPolicies: [],
  resourcePolicy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' },
    ],
  },
}, {});
console.log(overallResult);
process.exit(overallResult === 'Allowed' ? 1 : 0);
