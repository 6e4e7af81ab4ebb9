// aws/iam-set-operators/for-all-values/missing#absent.in-deny (iam.op.set.forall-missing-key-true)
// ForAllValues holds where the request lacks the key, so the Deny applies.
// Source: AWS IAM User Guide, reference_policies_condition-single-vs-multi-valued-context-keys
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['*'] },
    { Effect: 'Deny', Action: ['kms:Decrypt'], Resource: ['*'], Condition: { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['Team', 'Owner'] } } },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
