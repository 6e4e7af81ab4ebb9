"""aws/alias-conditions/resource-aliases-policies-and-quota/quota#fifty-one (kms.cond.resourcealiases-quota)
A key with more than 50 aliases exceeds the quota, and kms:ResourceAliases then allows nothing.
Source: AWS KMS Developer Guide, conditions-kms
"""
import sys

from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate, parse_policy_document

IDENTITY = [
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/app-01"}}}]},
]
RESOURCE_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
]}
request = EvalContext(
    principal_arn="arn:aws:iam::111122223333:user/alice",
    principal_type="User",
    principal_account="111122223333",
    action="kms:Decrypt",
    resource_arn="arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    region="us-west-2",
    service_context={"kms:resourcealiases": [f"alias/app-{n:02}" for n in range(1, 52)]},
)
identity = evaluate(request, [parse_policy_document(document) for document in IDENTITY])
result = combine_resource_policy(identity, request, RESOURCE_POLICY, "111122223333", required=True)
print(result.decision)
sys.exit(result.decision == "Allow")
