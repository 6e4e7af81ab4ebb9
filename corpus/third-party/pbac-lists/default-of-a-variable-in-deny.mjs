// aws/iam-variables/defaults-and-syntax/default#unset.deny (iam.variable.default-value)
// A variable without a value has its default, so the Deny applies.
// Source: AWS IAM User Guide, reference_policies_variables
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['*'] },
    { Effect: 'Deny', Action: ['kms:Decrypt'], Resource: ['arn:aws:kms:us-west-2:111122223333:key/${aws:PrincipalTag/kid, \'1234abcd-12ab-34cd-56ef-1234567890ab\'}'] },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
