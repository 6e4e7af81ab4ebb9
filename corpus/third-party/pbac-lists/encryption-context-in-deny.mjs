// aws/encryption-context/case/key-in-a-deny#same-case (kms.cond.ec-key-name-any-case)
// A Deny of requests with a pair in their encryption context wins, and the request has the pair.
// Source: AWS KMS Developer Guide, policy-evaluation and conditions-kms
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC({
  Version: '2012-10-17',
  Statement: [
    {Effect: 'Allow', Action: ['kms:*'], Resource: ['*']},
    {Effect: 'Deny', Action: ['kms:*'], Resource: ['*'], Condition: {StringEquals: {'kms:EncryptionContext:Stage': 'Restricted'}}},
  ],
});
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {kms: {'EncryptionContext:Stage': 'Restricted'}},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
