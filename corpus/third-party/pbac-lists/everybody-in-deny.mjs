// aws/key-policy-principals/everybody/forms-in-deny#map.user (kms.key-policy.star-principal-forms)
// `*` under AWS names everybody, so the Deny applies.
// Source: AWS IAM User Guide, reference_policies_elements_principal
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:*'], Resource: ['*'] },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root', 'arn:aws:iam::444455556666:root'] }, Action: ['kms:*'], Resource: ['*'] },
    { Effect: 'Deny', Principal: { AWS: ['*'] }, Action: ['kms:GenerateDataKey'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:GenerateDataKey',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
