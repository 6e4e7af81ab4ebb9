// aws/iam-set-operators/for-any-value/not-equals#all-listed (iam.op.set.forany-negated)
// ForAnyValue with a negated operator holds where a value of the request matches none of the policy.
// Source: AWS IAM User Guide, reference_policies_elements_condition_operators
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['*'], Condition: { 'ForAnyValue:StringNotEquals': { 'kms:EncryptionContextKeys': ['Team', 'Stage'] } } },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: { kms: { EncryptionContextKeys: ['Team', 'Stage'] } },
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
