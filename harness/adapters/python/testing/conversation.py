"""Decides how tests talk with an adapter: as a program, as the harness runs it."""

import json
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent


def converse(program, lines, end="\n"):
    """The replies of an adapter to these lines."""
    command = [sys.executable, str(FOLDER / program)]
    ran = subprocess.run(command, input=("\n".join(lines) + end).encode(), capture_output=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, b""), ran
    return [json.loads(line) for line in ran.stdout.splitlines()]


def ask(program, questions):
    """Its answers to these questions."""
    lines = [json.dumps({"ask": {"id": number, "question": question}}) for number, question in enumerate(questions)]
    replies = converse(program, lines)
    assert [reply["id"] for reply in replies] == list(range(len(questions)))
    return [reply["answer"] for reply in replies]
