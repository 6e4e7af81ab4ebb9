// aws/core/ways-to-allow/iam-allow#not-delegated (kms.core.iam-allow-needs-key-policy-delegation)
// An IAM policy allows nothing on a key unless its key policy delegates to the account.
// Source: AWS KMS Developer Guide, key-policy-overview
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC({
  Version: '2012-10-17',
  Statement: [
    {Effect: 'Allow', Principal: {AWS: ['arn:aws:iam::111122223333:role/App']}, Action: ['kms:Decrypt'], Resource: ['*']},
    {Effect: 'Allow', Action: ['kms:*'], Resource: ['*']},
  ],
});
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
