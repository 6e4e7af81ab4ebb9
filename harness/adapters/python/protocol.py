"""Decides how the conversation flows: a line in, a line out, in order, until `bye` or the end of the input.

Standard library only; what evaluates is handed in.
"""

import json
import os
import re
import sys

PROTOCOL = 1
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


class Unasked(Exception):
    """An answer that is known before the evaluator is asked, because the question cannot be handed to it."""

    def __init__(self, answer):
        super().__init__(answer["answer"])
        self.answer = answer


def unsupported(feature):
    """What to raise where the evaluator has no place for what the question holds."""
    return Unasked({"answer": "unsupported", "feature": feature})


def rejected(pointer, message):
    """What to raise where the evaluator refuses a document, which stands there in the question."""
    return Unasked({"answer": "rejected", "policy": pointer, "message": message})


class Adapter:
    """What a line is replied with. `authorize` and `validate` map a question to an answer."""

    def __init__(self, description, authorize, validate=None):
        self.description = {"protocol": PROTOCOL, "dialects": ["aws"], **description}
        self.kinds = {"authorize": authorize, "validate": validate or no_validator}

    def reply(self, line):
        """The reply to a line of bytes, as an object; `None` for the line that asks to end."""
        try:
            message = json.loads(str(line, "utf-8"))
        except (ValueError, RecursionError) as error:
            return {"error": f"not JSON: {error}"}
        if not isinstance(message, dict):
            message = {}
        if "ask" in message:
            ask = message["ask"]
            if not isinstance(ask, dict) or type(ask.get("id")) is not int:
                return {"error": "`ask` needs a whole number `id`"}
            return {"id": ask["id"], "answer": self.answer(ask.get("question"))}
        if "hello" in message:
            hello = message["hello"]
            offered = hello.get("protocol") if isinstance(hello, dict) else None
            if PROTOCOL in (offered if isinstance(offered, list) else [offered]):
                return self.description
            return {"error": f"only protocol {PROTOCOL} is spoken here"}
        return None if "bye" in message else {"error": "expected `hello`, `ask` or `bye`"}

    def answer(self, question):
        """The answer to a question, whatever the question is: what goes wrong on the way is the answer `error`."""
        try:
            if question["dialect"] != "aws":
                return {"answer": "error", "error": f"the dialect `{question['dialect']}` is not spoken here"}
            return self.kinds[question["kind"]](question)
        except Unasked as known:
            return known.answer
        except Exception as error:  # An answer costs one check, an exception would cost the process.
            # Addresses in memory differ from run to run, and reports must not.
            return {"answer": "error", "error": ADDRESS.sub("", f"{type(error).__name__}: {error}")}

    def serve(self, source=0, sink=1):
        """Answers what arrives at a file descriptor, and writes in one piece what answers a piece of input."""
        if sink == 1:
            # Standard output is for replies alone: what the evaluator prints goes to standard error.
            sink = os.dup(1)
            os.dup2(2, 1)
            sys.stdout = sys.stderr
        for lines in pieces(source):
            replies = []
            for line in lines:
                if not line.strip():
                    continue
                reply = self.reply(line)
                if reply is None:
                    write(sink, replies)
                    return
                replies.append(json.dumps(reply).encode() + b"\n")
            write(sink, replies)


def no_validator(question):
    raise unsupported(validation(question["policy-type"]))


def validation(policy_type):
    """The feature that a document of this type needs."""
    return "grant-requests" if policy_type == "grant-request" else f"{policy_type}-validation"


def pieces(source):
    """The whole lines that are there each time, split at line feeds alone: JSON strings may hold other separators."""
    open_line = []
    while piece := os.read(source, 1 << 20):
        first, *others = piece.split(b"\n")
        open_line.append(first)
        if others:
            *whole, rest = others
            yield [b"".join(open_line), *whole]
            open_line = [rest]
    yield [b"".join(open_line)]


def write(sink, replies):
    unwritten = memoryview(b"".join(replies))
    while unwritten:
        unwritten = unwritten[os.write(sink, unwritten) :]
