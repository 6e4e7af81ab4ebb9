// aws/iam-principals/services-and-others/canonical-user#canonical-user-with-the-arn (iam.principal.canonical-user.limited)
// CanonicalUser takes a canonical user ID in the policies of few services. An ARN there names nobody.
// Source: AWS IAM User Guide, reference_policies_grammar
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:iam::111122223333:user/alice',
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
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/Admin' }, Action: 'kms:GenerateDataKeyWithoutPlaintext', Resource: '*' },
      { Effect: 'Allow', Principal: { CanonicalUser: 'arn:aws:iam::111122223333:user/alice' }, Action: 'kms:GenerateDataKeyWithoutPlaintext', Resource: '*' },
    ],
  },
}, {});
console.log(overallResult);
process.exit(overallResult === 'Allowed' ? 1 : 0);
