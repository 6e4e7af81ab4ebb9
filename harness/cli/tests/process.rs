//! Evaluators that are processes, as the command runs them: what becomes of them when a run ends before its time.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

/// Becomes the command with signals that do what they do by default: who starts the tests in the background may ignore some.
const AFRESH: &str = "import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])";

/// `run` with the evaluator that misbehaves as `mode` says, and the file in which its processes note themselves.
fn command(mode: &str, name: &str) -> (Command, PathBuf) {
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("process-{name}.log"));
    fs::write(&log, "").unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/tests/evil/evaluator.py");
    let evaluator = format!("process:python3 -S '{}' {mode} '{}'", script.display(), log.display());
    let mut command = Command::new("python3");
    command.args(["-S", "-c", AFRESH, env!("CARGO_BIN_EXE_kms-conformance")]);
    command.args(["run", "--filter", "aws/core/*", "--jobs", "1", "--evaluator", &evaluator]);
    (command, log)
}

fn pids(log: &Path) -> Vec<String> {
    fs::read_to_string(log).unwrap().lines().filter(|line| *line != "bye").map(str::to_owned).collect()
}

/// Whether a process runs. A zombie does not: whoever adopted it has yet to take note.
fn runs(pid: &str) -> bool {
    let output = Command::new("ps").args(["-o", "stat=", "-p", pid]).output().unwrap().stdout;
    let state = String::from_utf8(output).unwrap();
    !state.trim().is_empty() && !state.starts_with('Z')
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn signal(run: &mut Child, signal: &str) {
    assert!(Command::new("kill").args(["-s", signal, &run.id().to_string()]).status().unwrap().success());
    let start = Instant::now();
    while run.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < PATIENCE, "the run ends by {signal}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_run_that_is_ended_leaves_no_process() {
    for name in ["INT", "TERM", "KILL"] {
        let (mut command, log) = command("hangs-with-a-child", name);
        let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        wait_until("the evaluator and its child start", || pids(&log).len() == 2);
        assert!(pids(&log).iter().all(|pid| runs(pid)));
        signal(&mut run, name);
        wait_until("both end", || !pids(&log).iter().any(|pid| runs(pid)));
    }
}

#[test]
fn a_run_whose_evaluator_only_fails_ends_with_3_and_keeps_what_it_has() {
    let (mut command, log) = command("fails-always", "failures");
    let output = command.args(["--evaluator-failures", "4", "--format", "json"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("was asked nothing more: ") && said.contains("failed 4 times in a row"), "{said}");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(jsonschema::is_valid(&kms_conformance::schema::run(), &report));
    assert!(report["stopped"].as_str().unwrap().contains("failed 4 times in a row"));
    let crashes = report["verdicts"].as_array().unwrap().iter().filter(|one| one["verdict"] == "crash");
    // With many open a failure is nobody's; the next one, with a suspect alone, has a culprit.
    assert_eq!((crashes.count(), pids(&log).len()), (2, 4));
}
