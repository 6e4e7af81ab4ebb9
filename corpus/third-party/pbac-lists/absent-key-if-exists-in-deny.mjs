// aws/folklore/services-and-networks/a-deny-without-mfa-stops-access-keys#bool-if-exists (iam.key.mfa-present.absent-long-term)
// BoolIfExists holds where the request lacks the key, so the Deny applies.
// Source: AWS IAM User Guide, reference_policies_condition-keys
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['arn:aws:kms:us-west-2:111122223333:key/5f0c1a2b-3d4e-4f60-8a9b-0c1d2e3f4a5b'] },
    { Effect: 'Deny', Action: ['kms:Decrypt'], Resource: ['arn:aws:kms:us-west-2:111122223333:key/5f0c1a2b-3d4e-4f60-8a9b-0c1d2e3f4a5b'], Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } },
  ] },
  { Version: '2012-10-17', Statement: [
    { Sid: 'Enable IAM policies', Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/5f0c1a2b-3d4e-4f60-8a9b-0c1d2e3f4a5b',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
