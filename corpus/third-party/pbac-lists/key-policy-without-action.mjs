// aws/key-policy-format/statement/missing-action#allow-without (kms.key-policy.format.missing-action-ineffective)
// KMS accepts a key policy with a statement that lacks Action, and the statement has no effect.
// Source: AWS KMS API Reference, CreateKey
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] }, Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Encrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
