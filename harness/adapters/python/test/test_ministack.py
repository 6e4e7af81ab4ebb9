"""Decides whether ministack's adapter hands over what it is given, and says what it cannot."""

import unittest

import ministack_adapter
from testing.conversation import ask, converse
from testing.questions import (
    ACCOUNT,
    ALICE,
    APP,
    BOB,
    DELEGATES,
    SESSION,
    SILENT,
    across_accounts,
    attached,
    document,
    of_service,
    of_session,
    policy,
    question,
)
from testing.speed import NATIVE

DENIES = policy(Effect="Deny", Action="kms:Decrypt")
PATH = f"arn:aws:iam::{ACCOUNT}:role/team/App"
NAMES_BOB = policy(Principal={"AWS": BOB})


def where(**condition):
    """Alice's policy, under a condition."""
    return {"policies": attached(policy(Condition=condition))}


class Ministack(unittest.TestCase):
    def check(self, rows):
        answers = ask("ministack_adapter.py", [asked for asked, _ in rows])
        for answer, (asked, expected) in zip(answers, rows):
            got = answer.get("feature", answer["answer"])
            self.assertEqual(got, expected, (answer, asked))

    def test_what_its_speed_is_measured_by_is_called(self):
        lost = [name for name in NATIVE["ministack_adapter"] if not hasattr(ministack_adapter, name)]
        self.assertEqual(lost, [])

    def test_it_says_who_it_is(self):
        [welcome] = converse("ministack_adapter.py", ['{"hello":{"protocol":[1]}}'])
        self.assertEqual((welcome["name"], welcome["version"], welcome["detail"]), ("ministack", "1.5.33", "deny-kind"))

    def test_documents_on_every_place_count(self):
        self.check([
            (question(), "allow"),
            (question({"policies": []}), "implicit-deny"),
            (question({"policies": attached(policy(), DENIES)}), "explicit-deny"),
            (question({"policies": attached(policy(), owner="group/G")}), "allow"),
            (question(resource={"policy": SILENT}), "implicit-deny"),
            (question({"boundary": policy(Action="kms:Encrypt")}), "implicit-deny"),
            (question({"boundary": policy()}), "allow"),
            (of_session(), "allow"),
            (of_session(caller={"session-policies": [policy(Action="kms:Encrypt")]}), "implicit-deny"),
            (of_session(caller={"session-policies": [policy(Action="kms:Encrypt"), policy()]}), "allow"),
            (of_session(resource={"policy": policy(Principal={"AWS": SESSION})}, caller={"policies": []}), "allow"),
            (across_accounts(NAMES_BOB, policy()), "allow"),
            (across_accounts(NAMES_BOB), "implicit-deny"),
            (across_accounts(DELEGATES, policy()), "implicit-deny"),
            (question(resource={"policy": "{"}), "implicit-deny"),
        ])

    def test_documents_that_its_iam_and_sts_would_not_store_are_rejected(self):
        denies = policy(Effect="deny", Action="kms:Decrypt")
        [answer] = ask("ministack_adapter.py", [question({"policies": attached(policy(), denies)})])
        self.assertEqual((answer["answer"], answer["policy"]), ("rejected", "/caller/policies/1"))
        self.check([
            (question({"boundary": denies}), "rejected"),
            (of_session(caller={"session-policies": [policy(), denies]}), "rejected"),
            (question({"policies": attached("{")}), "rejected"),
            # KMS stores a key policy unread.
            (question(resource={"policy": policy(Principal="*", Effect="deny")}), "implicit-deny"),
        ])

    def test_aliases_and_other_services_need_no_policy_of_the_resource(self):
        alias = {"type": "kms:alias", "arn": f"arn:aws:kms:us-west-2:{ACCOUNT}:alias/a", "policy": None}
        topic = {"type": "sns:topic", "arn": f"arn:aws:sns:us-west-2:{ACCOUNT}:t", "policy": None}
        allows = {"policies": attached(policy(Action="sns:*"))}
        self.check([(question(resource=alias), "allow"), (question(allows, topic, action="sns:Publish"), "allow")])

    def test_services_are_named_by_the_resource_policy(self):
        names = lambda service: {"policy": policy(Principal={"Service": service})}
        self.check([
            (of_service(resource=names("logs.us-west-2.amazonaws.com")), "allow"),
            (of_service(resource=names("sns.amazonaws.com")), "implicit-deny"),
        ])

    def test_context_keys_reach_it(self):
        for key, value in [
            ("aws:CurrentTime", "2026-01-15T12:00:00Z"),
            ("aws:EpochTime", "1768478400"),
            ("aws:PrincipalAccount", ACCOUNT),
            ("aws:PrincipalType", "User"),
            ("aws:RequestedRegion", "us-west-2"),
            ("aws:ResourceAccount", ACCOUNT),
            ("aws:SecureTransport", "true"),
            ("aws:SourceIp", "203.0.113.10"),
            ("aws:username", "alice"),
            ("kms:ViaService", "s3.us-west-2.amazonaws.com"),
            ("aws:RequestTag/Stage", "x"),
        ]:
            operator = "DateEquals" if key.endswith("Time") else "StringEquals"
            with self.subTest(key):
                self.check([
                    (question(where(**{operator: {key: value}}), context={key: value}), "allow"),
                    (question(where(**{operator: {key: "0"}}), context={key: value}), "implicit-deny"),
                ])

    def test_the_time_is_that_of_the_question(self):
        before = where(DateLessThan={"aws:CurrentTime": "2001-01-01T00:00:00Z"})
        then = {"aws:CurrentTime": "2000-06-01T00:00:00Z", "aws:EpochTime": "959817600"}
        self.check([(question(before, context=then), "allow"), (question(before), "implicit-deny")])

    def test_the_arn_of_a_session_is_its_own_to_make(self):
        # It compares with the session's ARN, where the documentation has the role's: a failure, to be scored.
        allows = {"policies": attached(policy(Condition={"ArnEquals": {"aws:PrincipalArn": APP}}), owner="role/App")}
        self.check([(of_session(caller=allows), "implicit-deny")])

    def test_what_it_has_no_place_for_is_unsupported(self):
        [authorization] = question()["authorizations"]
        without_context = {"action": "kms:Decrypt", "resource": authorization["resource"]}
        twins = {"kms:EncryptionContext:a": "1", "kms:EncryptionContext:A": "2"}
        grant = {"id": "G", "grantee": ALICE, "operations": ["Decrypt"]}
        self.check([
            (question(authorizations=[authorization, authorization]), "operations"),
            (question(authorizations=[without_context]), "derives-context"),
            (question(resource={"grants": [grant]}), "grants"),
            (question({"kind": "root"}), "root-users"),
            (question({"kind": "anonymous"}), "anonymous"),
            (question({"scps": [[policy()]]}), "scps"),
            (question(resource={"rcps": [[], [policy()]]}), "rcps"),
            (question(endpoint={"id": "vpce-1", "vpc": "vpc-1", "policy": policy()}), "endpoint-policies"),
            (question(context=twins), "context-key-case"),
            (of_session(caller={"issuer": PATH}, context={"aws:PrincipalArn": PATH}), "role-paths"),
            (document("key-policy", DELEGATES), "key-policy-validation"),
        ])

    def test_a_federated_user_has_session_policies_even_where_none_were_given(self):
        caller = {"kind": "federated-user", "arn": f"arn:aws:sts::{ACCOUNT}:federated-user/f", "issuer": ALICE}
        context = {"aws:PrincipalArn": caller["arn"], "aws:PrincipalType": "FederatedUser"}
        given = {**caller, "session-policies": [policy()]}
        self.check([(question(caller, context=context), "implicit-deny"), (question(given, context=context), "allow")])

    def test_documents_are_accepted_or_refused(self):
        self.check([
            (document("identity", policy()), "accepted"),
            (document("boundary", policy()), "accepted"),
            (document("session", policy(Effect="allow")), "rejected"),
            (document("identity", "{"), "rejected"),
        ])


if __name__ == "__main__":
    unittest.main()
