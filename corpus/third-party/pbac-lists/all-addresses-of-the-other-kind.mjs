// aws/iam-operators/addresses/zero-prefix#v6-prefix-v4 (iam.op.ip.zero-prefix)
// ::/0 holds all addresses of IPv6, and none of IPv4.
// Source: AWS IAM User Guide, reference_policies_elements_condition_operators
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC([
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['*'], Condition: { IpAddress: { 'aws:SourceIp': '::/0' } } },
  ] },
  { Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['kms:*'], Resource: ['*'] },
  ] },
]);
const allowed = policies.evaluate({
  action: 'kms:Decrypt',
  resource: 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  principal: { AWS: ['arn:aws:iam::111122223333:user/alice'] },
  context: { aws: { SourceIp: '203.0.113.1' } },
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
