// aws/key-policy-format/statement/missing-resource#allow-without (kms.key-policy.format.missing-resource-ineffective)
// KMS accepts a key policy with a statement that lacks Resource, and the statement has no effect.
// Source: AWS KMS Developer Guide, key-policy-overview
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] }, Action: ['kms:Decrypt'] },
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
