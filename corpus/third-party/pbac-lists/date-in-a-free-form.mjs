// aws/iam-operators/date-formats/other-forms#words (iam.op.date.iso-profile)
// A date has a form of ISO 8601 or is a number of seconds. Other words are no date, and the condition does not
// hold.
// Source: AWS IAM User Guide, reference_policies_elements_condition_operators
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['*'], Condition: { DateGreaterThan: { 'aws:CurrentTime': 'January 2, 2025' } } },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: { aws: { CurrentTime: '2026-01-15T12:00:00Z' } },
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
