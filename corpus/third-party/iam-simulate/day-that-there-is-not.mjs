// aws/iam-conditions/types/policy-value#date-impossible (iam.condition.type-mismatch.policy-value)
// The thirtieth of February is no date, and the condition does not hold.
// Source: AWS IAM User Guide, access-analyzer-reference-policy-checks
import { runSimulation } from '../../../harness/adapters/node/node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js';

const { overallResult } = await runSimulation({
  request: {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 'kms:EnableKeyRotation',
    resource: { resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab', accountId: '111122223333' },
    contextVariables: { 'aws:CurrentTime': '2026-01-15T12:00:00Z' },
  },
  identityPolicies: [
    { name: 'identity', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:EnableKeyRotation', Resource: '*', Condition: { DateGreaterThan: { 'aws:CurrentTime': '2025-02-30T00:00:00Z' } } }] } },
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
