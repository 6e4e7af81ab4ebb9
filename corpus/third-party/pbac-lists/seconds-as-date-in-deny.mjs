// aws/iam-operators/dates-seconds-and-sessions/seconds-in-deny#equals-same (iam.op.date.epoch)
// Date operators take seconds since 1970 as values. 1767225600 is the time of the request, so the Deny applies.
// Source: AWS IAM User Guide, reference_policies_elements_condition_operators
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['*'] },
    { Effect: 'Deny', Action: ['kms:Decrypt'], Resource: ['*'], Condition: { DateEquals: { 'aws:CurrentTime': '1767225600' } } },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: { aws: { CurrentTime: '2026-01-01T00:00:00Z' } },
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
