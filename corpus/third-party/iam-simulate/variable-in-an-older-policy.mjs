// aws/iam-documents/older-language/variables-in-resources#older-own (iam.doc.version.2008-literal-variables)
// In a policy of version 2008-10-17 a variable is literal text, and no object has this name.
// Source: AWS IAM User Guide, reference_policies_elements_version and reference_policies_variables
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 's3:GetObject',
    resource: { resource: 'arn:aws:s3:::examplebucket/home/alice/report.csv', accountId: '111122223333' },
    contextVariables: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/alice', 'aws:username': 'alice' },
  },
  identityPolicies: [{ name: 'identity', policy: {
    Version: '2008-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::examplebucket/home/${aws:username}/*' },
    ],
  } }],
  serviceControlPolicies: [],
  resourceControlPolicies: [],
}, {});
console.log(overallResult);
process.exit(overallResult === 'Allowed' ? 1 : 0);
