// aws/iam-resources/arns/incomplete-in-a-deny#service (iam.resource.incomplete-arn-completed)
// An ARN with parts missing at its end is completed with wildcards, so the Deny applies.
// Source: AWS IAM User Guide, reference_policies_grammar
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:*'], Resource: ['arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'] },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Deny', Action: ['kms:GetKeyRotationStatus'], Resource: ['arn:aws:kms'] },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:GetKeyRotationStatus',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
