// aws/alias-conditions/resource-aliases-policies-and-quota/policy-type#key-policy (kms.cond.resourcealiases-iam-only)
// kms:ResourceAliases works in IAM policies, not in key policies: there its condition is not met.
// Source: AWS KMS Developer Guide, conditions-kms
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:role/App'] }, Action: ['kms:Decrypt'], Resource: ['*'], Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/app' } } },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:sts::111122223333:assumed-role/App/s1', 'arn:aws:iam::111122223333:role/App'] },
  context: { kms: { ResourceAliases: ['alias/app'] } },
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
