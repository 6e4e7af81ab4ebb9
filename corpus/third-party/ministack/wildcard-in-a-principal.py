"""aws/folklore/principals/a-wildcard-in-a-principal-arn-in-use#user-by-wildcard (kms.key-policy.user-principal-no-partial-wildcard)
A wildcard may not be a part of the ARN of a principal.
Source: AWS IAM User Guide, reference_policies_elements_principal
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = []
KEY_POLICY = [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/*"}, "Action": "kms:Decrypt", "Resource": "*"},
]
request = EvalContext(
    principal_arn="arn:aws:iam::111122223333:user/alice",
    principal_type="User",
    principal_account="111122223333",
    action="kms:Decrypt",
    resource_arn="arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    region="us-west-2",
    service_context={},
)
identity = evaluate(request, [parse_policy_document({"Version": "2012-10-17", "Statement": IDENTITY})])
key_policy = {"Version": "2012-10-17", "Statement": KEY_POLICY}
result = combine_resource_policy(identity, request, key_policy, "111122223333", required=True)
print(result.decision)
sys.exit(result.decision == "Allow")
