// aws/cross-account/operations/everything#schedule-key-deletion (kms.cross-account.kms-star-does-not-lift-limit)
// Across accounts only some operations work. ScheduleKeyDeletion does not, whatever both sides allow.
// Source: AWS KMS Developer Guide, key-policy-modifying-external-accounts
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:*'], Resource: ['*'] },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::444455556666:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:ScheduleKeyDeletion',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::444455556666:user/bob'] },
  context: {},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
