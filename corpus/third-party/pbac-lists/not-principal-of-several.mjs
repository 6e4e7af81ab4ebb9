// aws/iam-principals/not-principal-places/in-allow#listed (iam.notprincipal.allow-unsupported)
// NotPrincipal with Allow is not supported, and those whom it lists are not allowed. Carol is one of two.
// Source: AWS IAM User Guide, reference_policies_elements_notprincipal
import PBAC from '../../../harness/adapters/node/node_modules/pbac/pbac.js';

const policies = new PBAC({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      NotPrincipal: { AWS: ['arn:aws:iam::111122223333:user/carol', 'arn:aws:iam::111122223333:root'] },
      Action: ['s3:GetObject'],
      Resource: ['arn:aws:s3:::examplebucket/*'],
    },
  ],
});
const allowed = policies.evaluate({
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::examplebucket/ledger.csv',
  principal: { AWS: ['arn:aws:iam::111122223333:user/carol'] },
  context: {},
});
console.log(allowed);
process.exit(allowed ? 1 : 0);
