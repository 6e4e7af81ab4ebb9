// aws/iam-documents/older-language/variables-in-resources#older-own (iam.doc.version.2008-literal-variables)
// In a policy of version 2008-10-17 a variable is literal text, and no object has this name.
// Source: AWS IAM User Guide, reference_policies_elements_version
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2008-10-17', Statement: [
    { Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::examplebucket/home/${aws:username}/*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::examplebucket/home/alice/report.csv',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: { aws: { username: 'alice' } },
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
