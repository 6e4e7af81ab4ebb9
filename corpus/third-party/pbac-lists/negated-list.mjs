// aws/iam-conditions/several-values/several-values-negated#first (iam.condition.values-nor-negated)
// A negated operator with several values is met only where none of them matches.
// Source: AWS IAM User Guide, reference_policies_elements_condition
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC({
  Version: '2012-10-17',
  Statement: [
    {Effect: 'Allow', Action: ['kms:*'], Resource: ['*'], Condition: {StringNotEquals: {'aws:username': ['alice', 'bob']}}},
  ],
});
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {aws: {username: 'alice'}},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
