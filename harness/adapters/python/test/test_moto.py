"""Decides whether moto's adapter hands over what it is given, and says what it cannot."""

import json
import unittest

import moto_adapter
from testing.conversation import ask, converse
from testing.questions import (
    ALICE,
    DELEGATES,
    attached,
    document,
    of_service,
    of_session,
    policy,
    question,
)
from testing.speed import NATIVE

DENIES = policy(Effect="Deny", Action="kms:Decrypt")
OBJECT = {"type": "s3:object", "arn": "arn:aws:s3:::b/o", "policy": None}
READS = {"policies": attached(policy(Action="s3:GetObject"))}


class Moto(unittest.TestCase):
    def check(self, rows):
        answers = ask("moto_adapter.py", [asked for asked, _ in rows])
        for answer, (asked, expected) in zip(answers, rows):
            got = answer.get("feature", answer["answer"])
            self.assertEqual(got, expected, (answer, asked))

    def test_what_its_speed_is_measured_by_is_called(self):
        lost = [name for name in NATIVE["moto_adapter"] if not hasattr(moto_adapter, name)]
        self.assertEqual(lost, [])

    def test_it_says_who_it_is(self):
        [welcome] = converse("moto_adapter.py", ['{"hello":{"protocol":[1]}}'])
        self.assertEqual((welcome["name"], welcome["version"], welcome["detail"]), ("moto", "5.2.5", "decision"))

    def test_documents_on_every_place_count(self):
        denies_describing = policy(Effect="Deny", Principal="*", Action="kms:DescribeKey")
        self.check([
            (question(), "allow"),
            (question({"policies": []}), "deny"),
            (question({"policies": attached(policy(), DENIES)}), "deny"),
            (question({"policies": attached(json.dumps(policy()))}), "allow"),
            (question({"policies": attached(policy(), owner="group/G")}), "allow"),
            (question({"policies": attached(policy(Resource="arn:aws:kms:*:*:key/x"))}), "deny"),
            (of_session(), "allow"),
            (question(action="kms:DescribeKey"), "allow"),
            (question(resource={"policy": denies_describing}, action="kms:DescribeKey"), "deny"),
            (question(READS, OBJECT, action="s3:GetObject"), "allow"),
        ])

    def test_conditions_that_it_is_handed_and_ignores_are_its_own(self):
        never = policy(Condition={"StringEquals": {"aws:username": "nobody"}})
        self.check([(question({"policies": attached(never)}), "allow")])

    def test_what_it_has_no_place_for_is_unsupported(self):
        self.check([
            (question({"boundary": policy()}), "boundaries"),
            (question({"scps": [[policy()]]}), "scps"),
            (of_session(caller={"session-policies": [policy()]}), "session-policies"),
            (question(resource={"rcps": [[policy()]]}), "rcps"),
            (question(resource={"grants": [{"id": "G", "grantee": ALICE, "operations": ["Decrypt"]}]}), "grants"),
            (question({"kind": "root"}), "root-users"),
            (of_service(), "service-principals"),
            (question(READS, {**OBJECT, "policy": policy()}, action="s3:GetObject"), "resource-policies"),
            (document("key-policy", DELEGATES), "key-policy-validation"),
        ])

    def test_documents_that_its_iam_would_not_store_are_rejected(self):
        denies = policy(Effect="deny", Action="kms:Decrypt")
        [answer] = ask("moto_adapter.py", [question({"policies": attached(policy(), denies)})])
        self.assertEqual((answer["answer"], answer["policy"]), ("rejected", "/caller/policies/1"))
        self.check([
            (question({"policies": attached("{")}), "rejected"),
            # KMS stores a key policy unread.
            (question(resource={"policy": "{"}), "allow"),
        ])

    def test_documents_are_accepted_or_refused(self):
        self.check([
            (document("identity", policy()), "accepted"),
            (document("boundary", policy()), "accepted"),
            (document("identity", policy(Action=[])), "rejected"),
            (document("identity", "{"), "rejected"),
        ])
        [answer] = ask("moto_adapter.py", [document("identity", "{")])
        self.assertEqual((answer["policy"], answer["message"]), ("/document", "Syntax errors in policy."))


if __name__ == "__main__":
    unittest.main()
