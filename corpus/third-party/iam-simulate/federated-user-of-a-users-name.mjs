// aws/iam-principals/federated-sessions/exact#user-of-the-name.key (iam.principal.aws.federated-user)
// The name of a federated user is free to choose: a user of the same name is somebody else.
// Source: AWS IAM User Guide, reference_policies_elements_principal
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:sts::111122223333:federated-user/f1',
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
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:user/f1' }, Action: 'kms:GenerateDataKeyWithoutPlaintext', Resource: '*' },
    ],
  },
}, {});
console.log(overallResult);
process.exit(overallResult === 'Allowed' ? 1 : 0);
