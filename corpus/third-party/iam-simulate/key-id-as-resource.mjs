// aws/folklore/actions-and-resources/an-alias-or-a-key-id-names-a-key-in-resource#key-id (kms.iam.key-must-be-named-by-key-arn)
// In the Resource of an IAM policy only a key ARN, or a pattern over key ARNs, names a key. A key ID, here that
// of another key, does not.
// Source: AWS KMS Developer Guide, Specifying KMS keys in IAM policy statements
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 'kms:Decrypt',
    resource: { resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', accountId: '111122223333' },
    contextVariables: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/alice' },
  },
  identityPolicies: [{ name: 'identity', policy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '5f0c1a2b-3d4e-4f60-8a9b-0c1d2e3f4a5b' },
    ],
  } }],
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
