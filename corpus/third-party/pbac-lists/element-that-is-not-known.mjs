// aws/iam-documents/element-names/statement-in-use#misspelled (iam.doc.element-unknown.statement)
// An element that there is not makes a document invalid; it is not passed over.
// Source: AWS IAM User Guide, access-analyzer-reference-policy-checks
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:DescribeKey'], Resource: ['arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'], Conditions: { StringEquals: { 'aws:username': 'carol' } } },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:DescribeKey',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: { aws: { username: 'alice' } },
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
