// aws/iam-operators/arn-parts/build-in-deny#same-project (iam.op.arn.sixth-part-keeps-colons)
// The sixth part of an ARN keeps its colons. The Deny applies; the key is dropped from the request.
// Source: AWS IAM User Guide, reference_policies_elements_condition_operators
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:sts::111122223333:assumed-role/App/AWSCodeBuild-1',
    action: 'kms:Decrypt',
    resource: { resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', accountId: '111122223333' },
    contextVariables: { 'codebuild:BuildArn': 'arn:aws:codebuild:us-west-2:111122223333:build/Website:fb0b4a9c-8f2e-4a1c-9d53-2f6f4f6d2c11' },
  },
  identityPolicies: [
    { name: 'identity', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }, { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*', Condition: { ArnLike: { 'codebuild:BuildArn': 'arn:aws:codebuild:us-west-2:111122223333:build/Website:*' } } }] } },
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
