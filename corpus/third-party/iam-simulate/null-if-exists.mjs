// aws/iam-documents/conditions/null-with-ifexists-in-use#null-if-exists (iam.doc.condition.null-with-ifexists)
// IfExists goes with every operator but Null: NullIfExists is no operator.
// Source: AWS IAM User Guide, reference_policies_elements_condition_operators
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 'kms:GenerateDataKeyPair',
    resource: { resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', accountId: '111122223333' },
    contextVariables: {},
  },
  identityPolicies: [
    { name: 'identity', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:GenerateDataKeyPair', Resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', Condition: { NullIfExists: { 'kms:EncryptionContext:Department': 'true' } } }] } },
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
