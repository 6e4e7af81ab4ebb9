// aws/key-policy-format/conditions/bool-value-in-deny#false (kms.key-policy.format.boolean-json-values)
// A boolean value may stand without quotes, false too, so the Deny applies.
// Source: AWS KMS Developer Guide, key-policy-default
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] }, Action: ['kms:*'], Resource: ['*'] },
    { Effect: 'Deny', Principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] }, Action: ['kms:Decrypt'], Resource: ['*'], Condition: { Bool: { 'kms:MultiRegion': false } } },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: { kms: { MultiRegion: 'false' } },
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
