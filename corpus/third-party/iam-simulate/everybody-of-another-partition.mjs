// aws/iam-cross-account/callers-and-partitions/everybody-named#another-partition (iam.eval.cross-account.partition)
// Access is not delegated across partitions: everybody is everybody of this one. Bob is of a China Region.
// Source: AWS IAM User Guide, access_policies-cross-account-resource-access
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws-cn:iam::444455556666:user/bob',
    action: 'kms:Decrypt',
    resource: { resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', accountId: '111122223333' },
    contextVariables: { 'aws:PrincipalArn': 'arn:aws-cn:iam::444455556666:user/bob' },
  },
  identityPolicies: [{ name: 'identity', policy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'kms:*', Resource: '*' },
    ],
  } }],
  serviceControlPolicies: [],
  resourceControlPolicies: [],
  resourcePolicy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' },
    ],
  },
}, {});
console.log(overallResult);
process.exit(overallResult === 'Allowed' ? 1 : 0);
