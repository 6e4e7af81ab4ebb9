// aws/folklore/conditions/tags-work-in-key-policies#key-policy (kms.global.resourcetag-iam-only)
// aws:ResourceTag works in IAM policies, not in key policies: there its condition is not met.
// Source: AWS KMS Developer Guide, tag-authorization
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Sid: 'Alice by tag', Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] }, Action: ['kms:Encrypt'], Resource: ['*'], Condition: { StringEquals: { 'aws:ResourceTag/Team': 'Payroll' } } },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Encrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/5f0c1a2b-3d4e-4f60-8a9b-0c1d2e3f4a5b',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: { aws: { 'ResourceTag/Team': 'Payroll' } },
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
