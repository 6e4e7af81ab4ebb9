"""aws/iam-documents/effect/spelling-of-a-deny-in-use#lower-case-deny (iam.doc.effect.values-case-sensitive)
Effect is Allow or Deny in that spelling. What is spelled otherwise is refused, not passed over.
Source: AWS IAM User Guide, reference_policies_elements_effect
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = [
    {"Effect": "Allow", "Action": "kms:*", "Resource": "*"},
    {"Effect": "deny", "Action": "kms:Decrypt", "Resource": "*"},
]
KEY_POLICY = [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
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
