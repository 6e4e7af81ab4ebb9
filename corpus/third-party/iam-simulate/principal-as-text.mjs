// aws/iam-principals/element/string-in-use#user (iam.principal.bare-string-only-star)
// As a text, Principal may be `*` alone; whoever is named is named under a type such as AWS.
// Source: AWS IAM User Guide, reference_policies_grammar
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 's3:GetObject',
    resource: { resource: 'arn:aws:s3:::examplebucket/ledger.csv', accountId: '111122223333' },
    contextVariables: {},
  },
  identityPolicies: [],
  serviceControlPolicies: [],
  resourceControlPolicies: [],
  resourcePolicy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: 'arn:aws:iam::111122223333:user/alice', Action: 's3:GetObject', Resource: 'arn:aws:s3:::examplebucket/*' },
    ],
  },
}, {});
console.log(overallResult);
process.exit(overallResult === 'Allowed' ? 1 : 0);
