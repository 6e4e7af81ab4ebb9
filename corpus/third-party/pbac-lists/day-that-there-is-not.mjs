// aws/iam-conditions/types/policy-value#date-impossible (iam.condition.type-mismatch.policy-value)
// The thirtieth of February is no date, and the condition does not hold.
// Source: AWS IAM User Guide, access-analyzer-reference-policy-checks
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:EnableKeyRotation'], Resource: ['*'], Condition: { DateGreaterThan: { 'aws:CurrentTime': '2025-02-30T00:00:00Z' } } },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:EnableKeyRotation',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: { aws: { CurrentTime: '2026-01-15T12:00:00Z' } },
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
