// aws/iam-operators/date-formats/other-forms#words (iam.op.date.iso-profile)
// A date has a form of ISO 8601 or is a number of seconds. Other words are no date, and the condition does not
// hold.
// Source: AWS IAM User Guide, reference_policies_elements_condition_operators
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 'kms:Decrypt',
    resource: { resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', accountId: '111122223333' },
    contextVariables: { 'aws:CurrentTime': '2026-01-15T12:00:00Z' },
  },
  identityPolicies: [
    { name: 'identity', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', Condition: { DateGreaterThan: { 'aws:CurrentTime': 'January 2, 2025' } } }] } },
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
