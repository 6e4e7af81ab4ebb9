// aws/alias-conditions/resource-aliases-policies-and-quota/quota#fifty-one (kms.cond.resourcealiases-quota)
// A key with more than 50 aliases exceeds the quota, and kms:ResourceAliases then allows nothing.
// Source: AWS KMS Developer Guide, conditions-kms
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'], Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/app-01' } } },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: { kms: { ResourceAliases: ['alias/app-01', 'alias/app-02', 'alias/app-03', 'alias/app-04', 'alias/app-05', 'alias/app-06', 'alias/app-07', 'alias/app-08', 'alias/app-09', 'alias/app-10', 'alias/app-11', 'alias/app-12', 'alias/app-13', 'alias/app-14', 'alias/app-15', 'alias/app-16', 'alias/app-17', 'alias/app-18', 'alias/app-19', 'alias/app-20', 'alias/app-21', 'alias/app-22', 'alias/app-23', 'alias/app-24', 'alias/app-25', 'alias/app-26', 'alias/app-27', 'alias/app-28', 'alias/app-29', 'alias/app-30', 'alias/app-31', 'alias/app-32', 'alias/app-33', 'alias/app-34', 'alias/app-35', 'alias/app-36', 'alias/app-37', 'alias/app-38', 'alias/app-39', 'alias/app-40', 'alias/app-41', 'alias/app-42', 'alias/app-43', 'alias/app-44', 'alias/app-45', 'alias/app-46', 'alias/app-47', 'alias/app-48', 'alias/app-49', 'alias/app-50', 'alias/app-51'] } },
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
