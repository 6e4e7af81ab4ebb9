"""An evaluator that knows the answers by heart, and misbehaves as its first argument says, mostly at user/3.

The second argument is a file: each process writes its id there when it starts, and `bye` when it is asked to end.
"""

import json
import os
import signal
import subprocess
import sys
import time

MODE, LOG = sys.argv[1:3]
DESCRIPTION = {"protocol": 1, "name": "evil", "version": "6.6.6", "dialects": ["aws"], "features": ["grants"]}
WORDS = ["allow", "explicit-deny", "implicit-deny"]


def log(text):
    with open(LOG, "a", encoding="ascii") as file:
        file.write(f"{text}\n")


def say(data):
    if isinstance(data, str):
        data = data.encode() + b"\n"
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def sleep():
    time.sleep(1000)


def reply(ask, **other):
    arn = ask["question"]["caller"]["arn"]
    answer = {"answer": WORDS[int(arn.split("/")[1]) % 3], "message": arn}
    return json.dumps({"id": ask["id"], "answer": answer | other}, ensure_ascii=False)


def leave_a_child():
    log(subprocess.Popen(["sleep", "1000"]).pid)
    sys.exit(3)


def split_utf8(ask):
    for byte in reply(ask, trace={"layers": [], "steps": ["né\U0001f600"]}).encode():
        say(bytes([byte]))
        if byte >= 0x80:
            time.sleep(0.02)
    say(b"\n")


def close_output():
    os.close(1)
    sleep()


def close_input(ask):
    os.close(0)
    say(reply(ask))
    sleep()


def flood():
    while True:
        say("noise " * 1000)


def take_memory():
    kept = [bytes(1 << 20) for _ in range(2048)]
    say(f"took {len(kept)} MiB")


def take_time():
    while True:
        pass


def kill_group():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    leave = subprocess.Popen(["sh", "-c", "trap '' TERM; sleep 1000"])
    log(leave.pid)
    os.kill(0, signal.SIGTERM)
    sys.exit(3)


def fail():
    print("oh no", file=sys.stderr)
    sys.exit(3)


# What each mode does instead of answering user/3.
CULPRIT = {
    "aborts": lambda ask: os.abort(),
    "answers-crash": lambda ask: say(reply(ask, answer="crash", error="pretended")),
    "answers-timeout": lambda ask: say(reply(ask, answer="timeout", error="pretended")),
    "answers-twice": lambda ask: say(reply(ask) + "\n" + reply(ask)),
    "closes-input": close_input,
    "closes-output": lambda ask: close_output(),
    "exits": lambda ask: fail(),
    "exits-after": lambda ask: (say(reply(ask)), sys.exit(3)),
    "exits-in-a-line": lambda ask: (say(reply(ask).encode()), sys.exit(3)),
    "floods-stdout": lambda ask: flood(),
    "hangs": lambda ask: sleep(),
    "invents-an-id": lambda ask: say(json.dumps({"id": 999999, "answer": {"answer": "allow"}})),
    "invents-a-word": lambda ask: say(reply(ask, answer="perhaps")),
    "kills-its-group": lambda ask: kill_group(),
    "kills-itself": lambda ask: os.kill(os.getpid(), signal.SIGKILL),
    "leaves-a-child": lambda ask: leave_a_child(),
    "not-utf8": lambda ask: say(b'{"id":"\xff\xc3"}\n'),
    "prints-a-huge-line": lambda ask: say(b"x" * (17 << 20) + b"\n"),
    "prints-an-array": lambda ask: say("[]"),
    "prints-garbage": lambda ask: say("Debug: \x1b[31mthinking"),
    "raises": lambda ask: 1 / 0,
    "takes-memory": lambda ask: take_memory(),
    "takes-time": lambda ask: take_time(),
}


def answer(ask):
    if MODE in CULPRIT and ask["question"]["caller"]["arn"].endswith("/3"):
        CULPRIT[MODE](ask)
    elif MODE == "floods-stderr":
        sys.stderr.write("flood " * 50_000)
        say(reply(ask))
    elif MODE == "fails-always":
        fail()
    elif MODE == "hangs-with-a-child":
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        log(subprocess.Popen(["sleep", "1000"]).pid)
        sleep()
    elif MODE == "splits-utf8":
        split_utf8(ask)
    else:
        say(reply(ask))


def welcome():
    starts = len(open(LOG, encoding="ascii").readlines())
    if MODE == "mute":
        sleep()
    elif MODE == "exits-at-hello" or (MODE == "exits-at-restart" and starts > 1):
        print("no licence", file=sys.stderr)
        sys.exit(4)
    elif MODE == "picks-another-protocol":
        say(json.dumps(DESCRIPTION | {"protocol": 7}))
    elif MODE == "describes-nothing":
        say("ready")
    elif MODE == "changes":
        say(json.dumps(DESCRIPTION | {"version": str(starts)}))
    elif MODE == "from-the-future":
        say(json.dumps(DESCRIPTION | {"features": ["grants", "time-travel"], "mood": "good"}))
    elif MODE == "floods-stderr":
        sys.stderr.write("flood " * 50_000)
        say(json.dumps(DESCRIPTION))
    else:
        say(json.dumps(DESCRIPTION))


def main():
    log(os.getpid())
    kept = []
    for line in sys.stdin:
        message = json.loads(line)
        if "hello" in message:
            welcome()
            if MODE == "deaf":
                sleep()
        elif "bye" in message:
            log("bye")
            break
        elif MODE == "answers-backwards":
            kept.append(message["ask"])
            if len(kept) == 4:
                while kept:
                    answer(kept.pop())
        elif MODE in ("exits-at-restart", "changes"):
            CULPRIT["exits"](message["ask"])
        else:
            answer(message["ask"])
    if MODE == "stays":
        sleep()


main()
