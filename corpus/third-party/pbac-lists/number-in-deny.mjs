// aws/iam-operators/numbers/many-digits#three-below-four.in-deny (iam.op.numeric.not-lexicographic)
// Numeric operators take numbers in strings, so the Deny applies.
// Source: AWS IAM User Guide, reference_policies_elements_condition_operators
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC({
  Version: '2012-10-17',
  Statement: [
    {Effect: 'Allow', Action: ['kms:*'], Resource: ['*']},
    {Effect: 'Deny', Action: ['kms:*'], Resource: ['*'], Condition: {NumericLessThan: {'kms:RotationPeriodInDays': '200'}}},
  ],
});
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {kms: {RotationPeriodInDays: 90}},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
