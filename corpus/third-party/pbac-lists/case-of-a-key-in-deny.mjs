// aws/iam-conditions/key-names/key-name-with-other-operators-in-deny#address (iam.condition.key-name-case-insensitive)
// The names of condition keys are read without their case, so the Deny applies.
// Source: AWS IAM User Guide, reference_policies_elements_condition
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['*'] },
    { Effect: 'Deny', Action: ['kms:Decrypt'], Resource: ['*'], Condition: { IpAddress: { 'AWS:sourceip': '203.0.113.0/24' } } },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: { aws: { SourceIp: '203.0.113.10' } },
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
