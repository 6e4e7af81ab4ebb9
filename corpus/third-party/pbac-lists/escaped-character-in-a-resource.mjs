// aws/iam-variables/special-characters/in-resource#asterisk-no-wildcard (iam.variable.escape-in-equals)
// `${*}` in a Resource stands for an asterisk, not for a wildcard.
// Source: AWS IAM User Guide, reference_policies_variables
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::examplebucket/a${*}'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::examplebucket/ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
