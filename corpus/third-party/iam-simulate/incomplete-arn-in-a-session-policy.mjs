// aws/iam-resources/arns/incomplete-in-a-session-policy-in-use#service (iam.resource.incomplete-arn-session-policy)
// In a session policy an ARN with parts missing is invalid, not completed.
// Source: AWS IAM User Guide, reference_policies_grammar
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:sts::111122223333:assumed-role/App/s1',
    action: 'kms:GetKeyRotationStatus',
    resource: { resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', accountId: '111122223333' },
    contextVariables: {},
  },
  identityPolicies: [
    { name: 'identity', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' }] } },
  ],
  sessionPolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: 'arn:aws:kms' }] },
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
