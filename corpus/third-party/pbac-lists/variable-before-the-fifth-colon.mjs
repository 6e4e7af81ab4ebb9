// aws/iam-variables/resource/place#service (iam.variable.resource-after-fifth-colon)
// Variables of a Resource are replaced behind its fifth colon only.
// Source: AWS IAM User Guide, reference_policies_variables
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['arn:aws:${aws:PrincipalTag/service}:us-west-2:111122223333:key/*'] },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: { aws: { 'PrincipalTag/service': 'kms' } },
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
