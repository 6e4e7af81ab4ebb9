// aws/condition-keys/deprecated-names/denied#usage-same (kms.cond.deprecated-aliases)
// kms:CustomerMasterKeyUsage is the older name of kms:KeyUsage and works the same. A Deny on it wins; the key is
// dropped from the request.
// Source: AWS KMS Developer Guide, conditions-kms
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 'kms:DescribeKey',
    resource: { resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', accountId: '111122223333' },
    contextVariables: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/alice', 'kms:CustomerMasterKeyUsage': 'SIGN_VERIFY', 'kms:KeyUsage': 'SIGN_VERIFY' },
  },
  identityPolicies: [],
  serviceControlPolicies: [],
  resourceControlPolicies: [],
  resourcePolicy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:user/alice' }, Action: 'kms:*', Resource: '*' },
      { Effect: 'Deny', Principal: { AWS: 'arn:aws:iam::111122223333:user/alice' }, Action: 'kms:*', Resource: '*', Condition: { StringEquals: { 'kms:CustomerMasterKeyUsage': 'SIGN_VERIFY' } } },
    ],
  },
}, {});
console.log(overallResult);
process.exit(overallResult === 'Allowed' ? 1 : 0);
