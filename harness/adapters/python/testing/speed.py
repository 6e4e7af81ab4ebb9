"""Measures what an adapter costs: its speed, beside that of its evaluator's calls plus reading and writing JSON.

    python testing/speed.py ministack_adapter [QUESTIONS.jsonl]

Without a file of questions, those of the corpus that the adapter answers are asked, many times.
"""

import importlib
import json
import os
import pathlib
import sys
import threading
import time

FOLDER = pathlib.Path(__file__).resolve().parent.parent
CORPUS = FOLDER.parent.parent.parent / "corpus"
ROUNDS = 5

# What each adapter calls of its evaluator, by the names that it calls it by. `lower_case` is ministack's first step
# with every request, in a function that has more to do. moto takes documents as texts: `text` writes their JSON.
NATIVE = {
    "ministack_adapter": [
        "EvalContext",
        "combine_resource_policy",
        "evaluate",
        "evaluate_resource_policy",
        "lower_case",
        "parse_policy_document",
        "validate_policy_document",
    ],
    "moto_adapter": ["Request", "key_denies", "permits", "refusal", "text"],
    "principalmapper_adapter": [
        "Group",
        "Node",
        "Policy",
        "local_check_authorization_full",
        "resource_policy_authorization",
    ],
}


def measure(name, questions):
    """Questions a second: of evaluator and JSON, and of the adapter. The best of several rounds, taken in turns."""
    module = importlib.import_module(name)
    adapter = module.ADAPTER
    asks = [{"ask": {"id": number, "question": question}} for number, question in enumerate(questions)]
    lines = [json.dumps(ask).encode() for ask in asks]
    replies = [adapter.reply(line) for line in lines]
    answered = [at for at, reply in enumerate(replies) if reply["answer"]["answer"] not in ("error", "unsupported")]
    lines, replies = [lines[at] for at in answered], [replies[at] for at in answered]
    calls = recorded(module, NATIVE[name], adapter, lines)
    data = b"".join(line + b"\n" for line in lines)
    alone, whole = [], []
    for _ in range(ROUNDS):
        alone.append(timed(lambda: replay(lines, calls, replies)))
        whole.append(timed(lambda: served(adapter, data)))
    return len(lines), len(lines) / min(alone), len(lines) / min(whole)


def recorded(module, names, adapter, lines):
    """The calls of the evaluator for each line: function, arguments, named arguments."""
    originals = {name: getattr(module, name) for name in names}
    taken = []

    def recorder(original):
        def record(*arguments, **named):
            taken.append((original, arguments, named))
            return original(*arguments, **named)

        return record

    for name, original in originals.items():
        setattr(module, name, recorder(original))
    try:
        calls = []
        for line in lines:
            taken = []
            adapter.reply(line)
            calls.append(taken)
        return calls
    finally:
        for name, original in originals.items():
            setattr(module, name, original)


def replay(lines, calls, replies):
    """The least that any adapter must do: read, have the evaluator decide, write."""
    for line, made, reply in zip(lines, calls, replies):
        json.loads(line)
        for function, arguments, named in made:
            try:
                function(*arguments, **named)
            except Exception:  # A refusal may be one.
                pass
        json.dumps(reply)


def served(adapter, data):
    """What the adapter does: from a pipe into a pipe, as the harness runs it."""
    source, to_adapter = os.pipe()
    sink = os.open(os.devnull, os.O_WRONLY)

    def feed():
        with os.fdopen(to_adapter, "wb") as pipe:
            pipe.write(data)

    feeder = threading.Thread(target=feed)
    feeder.start()
    adapter.serve(source, sink)
    feeder.join()
    os.close(source)
    os.close(sink)


def timed(work):
    # Of this thread alone: the other one is the harness.
    start = time.thread_time()
    work()
    return time.thread_time() - start


def questions_of(path):
    if path is None:
        corpus = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(CORPUS.glob("aws-*.json"))]
        return corpus * 50
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def main():
    sys.path.insert(0, str(FOLDER))
    name, path = sys.argv[1], (sys.argv[2:] or [None])[0]
    asked, alone, whole = measure(name, questions_of(path))
    print(f"{name}: {asked} questions")
    print(f"evaluator and JSON: {alone:,.0f} a second")
    print(f"adapter:            {whole:,.0f} a second, {1 - whole / alone:.0%} less")


if __name__ == "__main__":
    main()
