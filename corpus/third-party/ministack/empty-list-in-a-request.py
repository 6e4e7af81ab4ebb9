"""aws/iam-null-and-ifexists/null/empty-list#false (iam.op.null.empty-value-is-null)
A key without values counts as absent, so Null with `false` does not hold.
Source: AWS IAM User Guide, reference_policies_elements_condition_operators
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = [
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:UntagResource", "Resource": "*", "Condition": {"Null": {"aws:TagKeys": "false"}}}]},
]
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
]}
request = EvalContext(
    principal_arn="arn:aws:iam::111122223333:user/alice",
    principal_type="User",
    principal_account="111122223333",
    action="kms:UntagResource",
    resource_arn="arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    region="us-west-2",
    service_context={"aws:tagkeys": []},
)
identity = evaluate(request, [parse_policy_document(document) for document in IDENTITY])
result = combine_resource_policy(identity, request, RESOURCE_POLICY, "111122223333", required=True)
print(result.decision)
sys.exit(result.decision == "Allow")
