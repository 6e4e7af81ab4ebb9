// aws/iam-conditions/and-or/two-keys#only-first (iam.condition.keys-and)
// All keys under an operator must match.
// Source: AWS IAM User Guide, reference_policies_elements_condition
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC({
  Version: '2012-10-17',
  Statement: [
    {Effect: 'Allow', Action: ['kms:*'], Resource: ['*'], Condition: {StringEquals: {'aws:username': 'alice', 'aws:PrincipalTag/team': 'red'}}},
  ],
});
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {aws: {username: 'alice', 'PrincipalTag/team': 'blue'}},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
