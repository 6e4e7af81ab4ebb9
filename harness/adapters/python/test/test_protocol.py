"""Decides whether the conversation holds, whatever evaluates: bad lines, order, end, output of others."""

import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

from testing.conversation import FOLDER
from testing.questions import policy, question

ECHO = '''
import os
import sys
sys.path.insert(0, {folder!r})
from protocol import Adapter, unsupported
def authorize(question):
    print("noise of the evaluator")
    os.system("echo noise of its children")
    action = question["authorizations"][0]["action"]
    if action == "kms:Unsupported":
        raise unsupported("grants")
    return {{"answer": "allow", "message": action}}
Adapter({{"name": "echo", "version": "1", "features": []}}, authorize).serve()
'''


class Protocol(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.echo = pathlib.Path(cls.folder.name) / "echo.py"
        cls.echo.write_text(ECHO.format(folder=str(FOLDER)))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def converse(self, lines, end="\n"):
        ran = subprocess.run([sys.executable, self.echo], input=("\n".join(lines) + end).encode(), capture_output=True)
        self.assertEqual(ran.returncode, 0)
        self.noise = ran.stderr
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def ask(self, *questions):
        replies = self.converse([json.dumps({"ask": {"id": at, "question": q}}) for at, q in enumerate(questions)])
        self.assertEqual([reply["id"] for reply in replies], list(range(len(questions))))
        return [reply["answer"] for reply in replies]

    def test_it_says_who_it_is_and_speaks_only_its_protocol(self):
        [welcome] = self.converse(['{"hello":{"protocol":[1,2],"catalogue":"0.1.0","more":0}}', '{"bye":{}}'])
        self.assertEqual(welcome, {"protocol": 1, "dialects": ["aws"], "name": "echo", "version": "1", "features": []})
        self.assertIn("protocol 1", self.converse(['{"hello":{"protocol":[2]}}'])[0]["error"])

    def test_what_the_evaluator_prints_is_not_a_reply(self):
        [answer] = self.ask(question())
        self.assertEqual(answer, {"answer": "allow", "message": "kms:Decrypt"})
        self.assertIn(b"noise of its children", self.noise)

    def test_unsupported_is_an_answer(self):
        [answer] = self.ask(question(action="kms:Unsupported"))
        self.assertEqual(answer, {"answer": "unsupported", "feature": "grants"})

    def test_bad_questions_are_errors_and_the_next_is_answered(self):
        bad = [None, 7, {}, {"kind": "authorize", "dialect": "aws"}, question(dialect="ram"), question(kind="x")]
        answers = self.ask(*bad, question())
        self.assertEqual([answer["answer"] for answer in answers], ["error"] * 6 + ["allow"])
        self.assertTrue(all(answer["error"] for answer in answers[:6]))

    def test_an_evaluator_without_validator_says_so(self):
        [answer] = self.ask({"kind": "validate", "dialect": "aws", "policy-type": "scp", "document": policy()})
        self.assertEqual(answer, {"answer": "unsupported", "feature": "scp-validation"})

    def test_bad_lines_are_told_and_the_last_line_needs_no_line_feed(self):
        good = json.dumps({"ask": {"id": 9, "question": question()}})
        deep = "[" * 100_000
        bad = ["{", "null", "7", deep, '{"ask":{"question":{}}}', '{"ask":7}', '{"ask":{"id":true}}', '{"hello":7}', "{}"]
        replies = self.converse([*bad, "", good], end="")
        self.assertEqual(len(replies), len(bad) + 1)
        self.assertTrue(all(reply["error"] for reply in replies[:-1]))
        self.assertEqual((replies[-1]["id"], replies[-1]["answer"]["answer"]), (9, "allow"))

    def test_line_separators_inside_of_strings_do_not_end_a_line(self):
        [answer] = self.ask(question(action="a\u2028b\u2029c\u0085d\x1ce"))
        self.assertEqual(answer["message"], "a\u2028b\u2029c\u0085d\x1ce")

    def test_it_ends_at_bye_and_answers_nothing_after_it(self):
        self.assertEqual(self.converse(['{"bye":{}}', json.dumps({"ask": {"id": 1, "question": question()}})]), [])

    def test_it_answers_each_line_before_the_next_is_there(self):
        child = subprocess.Popen([sys.executable, self.echo], stdin=-1, stdout=-1, stderr=-3)
        guard = threading.Timer(20, child.kill)
        guard.start()
        with child:
            for number in range(3):
                child.stdin.write(json.dumps({"ask": {"id": number, "question": question()}}).encode() + b"\n")
                child.stdin.flush()
                self.assertEqual(json.loads(child.stdout.readline())["id"], number)
        guard.cancel()

    def test_a_line_of_many_pieces_is_one_line(self):
        [answer] = self.ask(question(action="x" * 3_000_000))
        self.assertEqual(len(answer["message"]), 3_000_000)


if __name__ == "__main__":
    unittest.main()
