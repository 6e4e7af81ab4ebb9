"""aws/iam-principals/not-principal/excepted#own-user.external-user (iam.notprincipal.deny-all-except)
A Deny with NotPrincipal denies everyone who is not listed.
Source: AWS IAM User Guide, reference_policies_elements_notprincipal
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = [
    {"Effect": "Allow", "Action": "kms:*", "Resource": "*"},
]
KEY_POLICY = [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:user/bob"}, "Action": "kms:*", "Resource": "*"},
    {"Effect": "Deny", "NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:root"]}, "Action": "kms:*", "Resource": "*"},
]
request = EvalContext(
    principal_arn="arn:aws:iam::444455556666:user/bob",
    principal_type="User",
    principal_account="444455556666",
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
