// aws/iam-resources/names/case#upper-case-service (iam.resource.case-sensitive)
// Resource is compared with its case, the service in it too.
// Source: AWS IAM User Guide, reference_policies_elements_resource
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 'kms:DisableKeyRotation',
    resource: { resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', accountId: '111122223333' },
    contextVariables: {},
  },
  identityPolicies: [
    { name: 'identity', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:DisableKeyRotation', Resource: 'arn:aws:KMS:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' }] } },
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
