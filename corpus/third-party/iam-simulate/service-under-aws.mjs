// aws/iam-principals/services-and-others/name-under-aws#service (iam.principal.service.exact)
// A service is named under Service. Its name under AWS names nobody.
// Source: AWS IAM User Guide, reference_policies_elements_principal
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 's3.amazonaws.com',
    action: 'kms:GenerateDataKeyWithoutPlaintext',
    resource: { resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', accountId: '111122223333' },
    contextVariables: {},
  },
  identityPolicies: [],
  serviceControlPolicies: [],
  resourceControlPolicies: [],
  resourcePolicy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: 's3.amazonaws.com' }, Action: 'kms:GenerateDataKeyWithoutPlaintext', Resource: '*' },
    ],
  },
}, {});
console.log(overallResult);
process.exit(overallResult === 'Allowed' ? 1 : 0);
