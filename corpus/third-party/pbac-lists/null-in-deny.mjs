// aws/iam-null-and-ifexists/null/true-in-deny#absent (iam.op.null.true-means-absent)
// Null with true holds where the key is absent, so the Deny applies.
// Source: AWS IAM User Guide, reference_policies_elements_condition_operators
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC({
  Version: '2012-10-17',
  Statement: [
    {Effect: 'Allow', Action: ['kms:*'], Resource: ['*']},
    {Effect: 'Deny', Action: ['kms:*'], Resource: ['*'], Condition: {Null: {'aws:PrincipalTag/team': 'true'}}},
  ],
});
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: {},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
