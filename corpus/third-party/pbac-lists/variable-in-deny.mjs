// aws/iam-variables/conditions/strings#equals-holds.deny (iam.variable.condition-string-ops)
// Values of string operators may hold variables: the user's own name is replaced, so the Deny applies.
// Source: AWS IAM User Guide, reference_policies_variables
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC({
  Version: '2012-10-17',
  Statement: [
    {Effect: 'Allow', Action: ['kms:*'], Resource: ['*']},
    {Effect: 'Deny', Action: ['kms:*'], Resource: ['*'], Condition: {StringEquals: {'aws:PrincipalTag/owner': '${aws:username}'}}},
  ],
});
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {aws: {username: 'alice', 'PrincipalTag/owner': 'alice'}},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
