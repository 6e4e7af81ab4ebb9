"""Decides whether Principal Mapper's adapter hands over what it is given, and says what it cannot."""

import unittest

import principalmapper_adapter
from testing.conversation import ask, converse
from testing.questions import (
    ALICE,
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
NAMES_BOB = policy(Principal={"AWS": BOB})
EVERYTHING = policy(Action="*")


def where(**condition):
    """A caller's policy, under a condition."""
    return {"policies": attached(policy(Condition=condition))}


class PrincipalMapper(unittest.TestCase):
    def check(self, rows):
        answers = ask("principalmapper_adapter.py", [asked for asked, _ in rows])
        for answer, (asked, expected) in zip(answers, rows):
            got = answer.get("feature", answer["answer"])
            self.assertEqual(got, expected, (answer, asked))

    def test_what_its_speed_is_measured_by_is_called(self):
        lost = [name for name in NATIVE["principalmapper_adapter"] if not hasattr(principalmapper_adapter, name)]
        self.assertEqual(lost, [])

    def test_it_says_who_it_is(self):
        [welcome] = converse("principalmapper_adapter.py", ['{"hello":{"protocol":[1]}}'])
        self.assertEqual((welcome["name"], welcome["version"]), ("principalmapper", "1.1.5"))
        self.assertEqual(welcome["detail"], "decision")

    def test_documents_on_every_place_count(self):
        self.check([
            (question(), "allow"),
            (question({"policies": []}), "deny"),
            (question({"policies": attached(policy(), DENIES)}), "deny"),
            (question({"policies": attached(policy(), owner="group/G")}), "allow"),
            (question({"policies": attached(policy()) + attached(DENIES, owner="group/G")}), "deny"),
            (question(resource={"policy": SILENT}), "deny"),
            (question({"boundary": policy(Action="kms:Encrypt")}), "deny"),
            (question({"boundary": policy()}), "allow"),
            (question({"scps": [[EVERYTHING], [EVERYTHING, DENIES]]}), "deny"),
            (question({"scps": [[EVERYTHING], []]}), "deny"),
            (question({"scps": [[EVERYTHING], [EVERYTHING]]}), "allow"),
            (of_session(), "allow"),
            (of_session(caller={"session-policies": [policy(Action="kms:Encrypt")]}), "deny"),
            (of_session(caller={"session-policies": [policy()]}), "allow"),
            (across_accounts(NAMES_BOB, policy()), "allow"),
            (across_accounts(NAMES_BOB), "deny"),
            (across_accounts(DELEGATES, policy()), "deny"),
        ])

    def test_services_are_named_by_the_resource_policy(self):
        names = lambda service: {"policy": policy(Principal={"Service": service})}
        self.check([
            (of_service(resource=names("logs.us-west-2.amazonaws.com")), "allow"),
            (of_service(resource=names("sns.amazonaws.com")), "deny"),
        ])

    def test_context_keys_reach_it(self):
        for key, value in [
            ("aws:CurrentTime", "2026-01-15T12:00:00Z"),
            ("aws:PrincipalArn", ALICE),
            ("aws:PrincipalTag/team", "red"),
            ("aws:SourceIp", "203.0.113.10"),
            ("aws:userid", "AIDAEXAMPLE"),
            ("aws:username", "alice"),
            ("kms:ResourceAliases", ["alias/a", "alias/b"]),
        ]:
            values = value if isinstance(value, list) else [value]
            with self.subTest(key):
                self.check([
                    (question(where(StringEquals={key: values}), context={key: value}), "allow"),
                    (question(where(StringEquals={key: "0"}), context={key: value}), "deny"),
                ])

    def test_what_it_has_no_place_for_is_unsupported(self):
        [authorization] = question()["authorizations"]
        federated = {"kind": "federated-user", "arn": "arn:aws:sts::111122223333:federated-user/f"}
        self.check([
            (question(authorizations=[authorization, authorization]), "operations"),
            (question(resource={"grants": [{"id": "G", "grantee": ALICE, "operations": ["Decrypt"]}]}), "grants"),
            (question(resource={"rcps": [[policy()]]}), "rcps"),
            (question({"kind": "root"}), "root-users"),
            (question(federated), "federated-users"),
            (of_session(caller={"session-policies": [policy(), policy()]}), "several-session-policies"),
            (question(context={"kms:EncryptionContext:a": "1", "kms:EncryptionContext:A": "2"}), "context-key-case"),
            (document("identity", policy()), "identity-validation"),
            (question(resource={"policy": "{}"}), "exact-text"),
            (question({"policies": attached(policy(), "7")}), "exact-text"),
            (question({"boundary": "null"}), "exact-text"),
            (question({"scps": [[EVERYTHING], ["["]]}), "exact-text"),
            (of_session(caller={"session-policies": ["x"]}), "exact-text"),
        ])

    def test_errors_hold_no_addresses(self):
        [answer] = ask(
            "principalmapper_adapter.py",
            [question(where(NumericEquals={"kms:X": "red"}), context={"kms:X": "red"})],
        )
        self.assertEqual(answer["answer"], "error")
        self.assertNotIn("0x", answer["error"])


if __name__ == "__main__":
    unittest.main()
