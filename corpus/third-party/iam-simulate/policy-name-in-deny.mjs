// aws/condition-keys/policy-name/default-denied#default (kms.cond.policyname)
// kms:PolicyName is the name of the policy in GetKeyPolicy and PutKeyPolicy requests. A Deny on it wins; the key
// is dropped from the request.
// Source: AWS KMS Developer Guide, conditions-kms; AWS KMS API Reference, GetKeyPolicy
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 'kms:GetKeyPolicy',
    resource: { resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', accountId: '111122223333' },
    contextVariables: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/alice', 'kms:PolicyName': 'default' },
  },
  identityPolicies: [],
  serviceControlPolicies: [],
  resourceControlPolicies: [],
  resourcePolicy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:user/alice' }, Action: 'kms:*', Resource: '*' },
      { Effect: 'Deny', Principal: { AWS: 'arn:aws:iam::111122223333:user/alice' }, Action: 'kms:GetKeyPolicy', Resource: '*', Condition: { StringEquals: { 'kms:PolicyName': 'default' } } },
    ],
  },
}, {});
console.log(overallResult);
process.exit(overallResult === 'Allowed' ? 1 : 0);
