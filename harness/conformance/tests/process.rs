//! Holds the process evaluator against processes that misbehave: only the culprit's answer may be bad, every other one
//! must be right, and no process may be left behind.
#![cfg(unix)]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do: by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use kms_conformance::process::{Process, ProcessError};
use kms_model::{Answer, Evaluator, Feature, Question, Start};

const COUNT: usize = 10;

/// `tests/evil/evaluator.py` in one of its modes, and the file in which its processes note themselves.
struct Evil {
    process: Process,
    log: PathBuf,
}

impl Evil {
    fn new(mode: &str) -> Self {
        Self::named(mode, mode)
    }

    /// `name` keeps apart the logs of tests that use the same mode.
    fn named(mode: &str, name: &str) -> Self {
        let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("evil-{name}.log"));
        std::fs::write(&log, "").unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evil/evaluator.py");
        let args = ["-S".as_ref(), script.as_os_str(), mode.as_ref(), log.as_os_str()];
        Self { process: Process::new("python3").with_args(args), log }
    }

    fn with(mut self, change: impl FnOnce(Process) -> Process) -> Self {
        self.process = change(self.process);
        self
    }

    fn start(&self) -> Box<dyn Evaluator> {
        self.process.start().unwrap()
    }

    fn refusal(&self) -> String {
        self.process.start().err().expect("the process must not start").to_string()
    }

    fn log(&self) -> Vec<String> {
        std::fs::read_to_string(&self.log).unwrap().lines().map(str::to_owned).collect()
    }

    /// Fails unless every process of the log has ended. A zombie has: whoever adopted it has yet to take note.
    fn assert_gone(&self) {
        let pids: Vec<_> = self.log().into_iter().filter(|line| line != "bye").collect();
        assert!(!pids.is_empty(), "no process was started");
        for pid in pids {
            let start = Instant::now();
            loop {
                let output = Command::new("ps").args(["-o", "stat=", "-p", &pid]).output().unwrap().stdout;
                let state = String::from_utf8(output).unwrap();
                if state.trim().is_empty() || state.starts_with('Z') {
                    break;
                }
                assert!(start.elapsed() < Duration::from_secs(5), "process {pid} is left behind");
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

fn question(number: usize, padding: usize) -> Question {
    let padding = "x".repeat(padding);
    Question::parse(&format!(
        r#"{{ "kind": "authorize", "dialect": "aws", "region": "us-west-2", "time": "2026-01-15T12:00:00Z",
            "caller": {{ "kind": "user", "arn": "arn:aws:iam::111122223333:user/{number}", "account": "111122223333" }},
            "authorizations": [ {{ "action": "kms:Decrypt",
                "resource": {{ "arn": "arn:aws:kms:us-west-2:111122223333:key/{padding}", "account": "111122223333",
                    "type": "kms:key" }},
                "context": {{}} }} ] }}"#
    ))
    .unwrap()
}

fn questions() -> Vec<Question> {
    (0..COUNT).map(|number| question(number, 0)).collect()
}

fn ask_all(evaluator: &mut dyn Evaluator, questions: &[Question]) -> Vec<Answer> {
    let mut answers = vec![None; questions.len()];
    evaluator.answer_all(questions, &mut |index, answer| {
        assert!(answers[index].replace(answer).is_none(), "question {index} is answered once");
    });
    answers.into_iter().map(|answer| answer.expect("every question is answered")).collect()
}

/// How many of the questions are answered.
fn answered(evaluator: &mut dyn Evaluator, questions: &[Question]) -> usize {
    let mut count = 0;
    evaluator.answer_all(questions, &mut |_, _| count += 1);
    count
}

fn assert_right(number: usize, answer: &Answer) {
    let word = ["allow", "explicit-deny", "implicit-deny"][number % 3];
    assert_eq!(answer.outcome.to_string(), word, "question {number}");
    assert_eq!(answer.message.as_deref(), Some(format!("arn:aws:iam::111122223333:user/{number}").as_str()));
}

/// Fails unless the answer to question 3 is `word` with `texts` in its message, and all others are right.
fn assert_culprit(answers: &[Answer], word: &str, texts: &[&str]) {
    for (number, answer) in answers.iter().enumerate() {
        if number == 3 {
            let said = answer.outcome.to_string();
            assert_eq!(answer.outcome.word(), word, "{said}");
            assert!(texts.iter().all(|text| said.contains(text)), "{said}");
        } else {
            assert_right(number, answer);
        }
    }
}

/// Asks all questions with a wide window, with a narrow one, and one by one.
fn assert_costs_one_answer(mode: &str, timeout: Duration, word: &str, texts: &[&str]) {
    for window in [64, 2, 1] {
        let evil = Evil::new(mode).with(|process| process.with_timeout(timeout).with_window(window));
        let mut evaluator = evil.start();
        assert_culprit(&ask_all(&mut *evaluator, &questions()), word, texts);
        // It goes on as if nothing had been.
        assert_right(4, &evaluator.answer(&question(4, 0)));
        drop(evaluator);
        evil.assert_gone();
    }
}

const LONG: Duration = Duration::from_secs(10);

#[test]
fn right_answers_arrive_whole_and_the_process_is_asked_to_end() {
    let evil = Evil::new("good");
    let mut evaluator = evil.start();
    assert_eq!(
        (evaluator.description().name.as_str(), evaluator.description().version.as_str()),
        ("evil", "6.6.6")
    );
    for _ in 0..2 {
        for (number, answer) in ask_all(&mut *evaluator, &questions()).iter().enumerate() {
            assert_right(number, answer);
        }
    }
    assert_right(7, &evaluator.answer(&question(7, 0)));
    assert_eq!(ask_all(&mut *evaluator, &[]), []);
    drop(evaluator);
    let log = evil.log();
    assert_eq!(
        (log.len(), log.last().map(String::as_str)),
        (2, Some("bye")),
        "one process, which was asked to end"
    );
    evil.assert_gone();
}

#[test]
fn a_command_line_starts_a_process() {
    let log = Evil::named("good", "command-line").log;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evil/evaluator.py");
    let command = format!("python3 -S '{}' good \"{}\"", script.display(), log.display());
    let mut evaluator = Process::parse(&command).unwrap().start().unwrap();
    assert_right(1, &evaluator.answer(&question(1, 0)));
    assert_eq!(Process::parse("  "), Err(ProcessError::Empty));
}

#[test]
fn an_exit_is_a_crash_with_status_and_last_words() {
    assert_costs_one_answer("exits", LONG, "crash", &["exited with status 3", "oh no"]);
}

#[test]
fn an_exception_is_a_crash_with_its_text() {
    assert_costs_one_answer("raises", LONG, "crash", &["exited with status 1", "ZeroDivisionError"]);
}

#[test]
fn a_kill_and_an_abort_are_told_apart() {
    assert_costs_one_answer("kills-itself", LONG, "crash", &["was killed", "SIGKILL"]);
    assert_costs_one_answer("aborts", LONG, "crash", &["crashed", "SIGABRT"]);
}

#[test]
fn what_takes_too_much_is_ended_and_costs_one_answer() {
    for (mode, limit, text) in [
        ("takes-memory", (|process| process.with_memory(512)) as fn(Process) -> Process, "MemoryError"),
        ("takes-time", |process| process.with_cpu(1), "used up its processor time"),
    ] {
        let evil = Evil::new(mode).with(limit);
        let mut evaluator = evil.start();
        assert_culprit(&ask_all(&mut *evaluator, &questions()), "crash", &[text]);
        drop(evaluator);
        evil.assert_gone();
    }
}

#[test]
fn a_group_that_kills_itself_leaves_nobody() {
    let evil = Evil::new("kills-its-group").with(|process| process.with_timeout(Duration::from_millis(700)));
    let mut evaluator = evil.start();
    assert_culprit(&ask_all(&mut *evaluator, &questions()), "crash", &["exited with status 3"]);
    drop(evaluator);
    evil.assert_gone();
}

#[test]
fn a_closed_input_costs_no_answer() {
    let evil = Evil::new("closes-input").with(|process| process.with_timeout(Duration::from_secs(1)));
    let mut evaluator = evil.start();
    for (number, answer) in ask_all(&mut *evaluator, &questions()).iter().enumerate() {
        assert_right(number, answer);
    }
    drop(evaluator);
    evil.assert_gone();
}

#[test]
fn a_flood_of_standard_output_is_an_error() {
    assert_costs_one_answer("floods-stdout", LONG, "error", &["printed `noise noise "]);
}

#[test]
fn a_hundred_thousand_questions_are_answered_by_one_process() {
    let evil = Evil::named("good", "many");
    let mut evaluator = evil.start();
    let questions: Vec<_> = questions().into_iter().cycle().take(100_000).collect();
    for (number, answer) in ask_all(&mut *evaluator, &questions).iter().enumerate() {
        assert_right(number % COUNT, answer);
    }
    drop(evaluator);
    assert_eq!(evil.log().len(), 2, "one process, which was asked to end");
    evil.assert_gone();
}

#[test]
fn an_unfinished_line_is_no_answer() {
    assert_costs_one_answer("exits-in-a-line", LONG, "crash", &["exited with status 3"]);
}

#[test]
fn garbage_is_an_error_that_shows_it() {
    assert_costs_one_answer(
        "prints-garbage",
        LONG,
        "error",
        &[r"printed `Debug: \u{1b}[31mthinking` in line "],
    );
    assert_costs_one_answer("prints-an-array", LONG, "error", &["printed `[]`", "`reply` must be an object"]);
    assert_costs_one_answer("not-utf8", LONG, "error", &["not UTF-8"]);
}

#[test]
fn an_unknown_word_or_id_is_an_error() {
    assert_costs_one_answer("invents-a-word", LONG, "error", &["perhaps"]);
    assert_costs_one_answer("invents-an-id", LONG, "error", &["answered question 999999"]);
}

#[test]
fn an_evaluator_cannot_answer_for_the_harness() {
    assert_costs_one_answer("answers-crash", LONG, "error", &["crash"]);
    assert_costs_one_answer("answers-timeout", LONG, "error", &["timeout"]);
}

#[test]
fn a_huge_line_is_an_error() {
    assert_costs_one_answer("prints-a-huge-line", LONG, "error", &["more than 16777216 bytes"]);
}

#[test]
fn a_second_answer_is_an_error() {
    assert_costs_one_answer("answers-twice", LONG, "error", &["answered twice"]);
}

#[test]
fn a_closed_output_is_a_crash() {
    let evil = Evil::new("closes-output");
    let mut evaluator = evil.start();
    assert_culprit(&ask_all(&mut *evaluator, &questions()), "crash", &["closed its standard output"]);
    drop(evaluator);
    evil.assert_gone();
}

#[test]
fn a_hang_is_a_timeout() {
    let evil = Evil::new("hangs").with(|process| process.with_timeout(Duration::from_secs(1)));
    let mut evaluator = evil.start();
    assert_culprit(&ask_all(&mut *evaluator, &questions()), "timeout", &["no answer within 1s"]);
    drop(evaluator);
    evil.assert_gone();
}

#[test]
fn a_hang_without_others_waiting_costs_one_wait() {
    let evil =
        Evil::named("hangs", "hangs-alone").with(|process| process.with_timeout(Duration::from_secs(1)));
    let mut evaluator = evil.start();
    for number in [2, 3, 4] {
        match evaluator.answer(&question(number, 0)) {
            answer if number == 3 => assert_eq!(answer.outcome.word(), "timeout"),
            answer => assert_right(number, &answer),
        }
    }
    drop(evaluator);
    assert_eq!(
        evil.log().iter().filter(|line| *line != "bye").count(),
        2,
        "one process until the hang, one after"
    );
    evil.assert_gone();
}

#[test]
fn an_end_that_a_left_child_hides_is_still_a_crash() {
    let evil = Evil::new("leaves-a-child").with(|process| process.with_timeout(Duration::from_millis(700)));
    let mut evaluator = evil.start();
    assert_culprit(&ask_all(&mut *evaluator, &questions()), "crash", &["exited with status 3"]);
    drop(evaluator);
    evil.assert_gone();
}

#[test]
fn an_end_between_questions_is_nobodys_fault() {
    let evil = Evil::new("exits-after");
    let mut evaluator = evil.start();
    for (number, answer) in ask_all(&mut *evaluator, &questions()).iter().enumerate() {
        assert_right(number, answer);
    }
    drop(evaluator);
    evil.assert_gone();
}

#[test]
fn answers_may_come_in_any_order() {
    let evil = Evil::new("answers-backwards").with(|process| process.with_window(4));
    let mut evaluator = evil.start();
    let questions: Vec<_> = (0..12).map(|number| question(number, 0)).collect();
    for (number, answer) in ask_all(&mut *evaluator, &questions).iter().enumerate() {
        assert_right(number, answer);
    }
    drop(evaluator);
    evil.assert_gone();
}

#[test]
fn characters_may_arrive_in_pieces() {
    let evil = Evil::new("splits-utf8");
    let mut evaluator = evil.start();
    for (number, answer) in ask_all(&mut *evaluator, &questions()).iter().enumerate() {
        assert_right(number, answer);
        assert_eq!(answer.trace.as_ref().unwrap().steps, ["né\u{1F600}"]);
    }
    drop(evaluator);
    evil.assert_gone();
}

#[test]
fn a_flood_of_standard_error_blocks_nothing() {
    let evil = Evil::new("floods-stderr");
    let mut evaluator = evil.start();
    for (number, answer) in ask_all(&mut *evaluator, &questions()).iter().enumerate() {
        assert_right(number, answer);
    }
    drop(evaluator);
    evil.assert_gone();
}

#[test]
fn a_process_that_does_not_read_blocks_nothing() {
    let evil = Evil::new("deaf").with(|process| process.with_timeout(Duration::from_millis(300)));
    let mut evaluator = evil.start();
    let questions: Vec<_> = (0..2).map(|number| question(number, 1 << 20)).collect();
    for answer in ask_all(&mut *evaluator, &questions) {
        assert_eq!(answer.outcome.word(), "timeout");
    }
    drop(evaluator);
    evil.assert_gone();
}

#[test]
fn big_questions_reach_a_process_that_reads() {
    let evil = Evil::named("good", "big");
    let mut evaluator = evil.start();
    let questions: Vec<_> = (0..3).map(|number| question(number, 3 << 20)).collect();
    for (number, answer) in ask_all(&mut *evaluator, &questions).iter().enumerate() {
        assert_right(number, answer);
    }
    drop(evaluator);
    evil.assert_gone();
}

#[test]
fn a_question_longer_than_a_line_may_be_is_not_asked() {
    let evil = Evil::named("good", "too-big");
    let mut evaluator = evil.start();
    let mut questions = [0, 1, 2].map(|number| question(number, 0));
    questions[1].region = "x".repeat(16 << 20);
    let answers = ask_all(&mut *evaluator, &questions);
    assert_right(0, &answers[0]);
    assert_eq!(answers[1].outcome.to_string(), "error (not asked: longer than 16777216 bytes)");
    assert_right(2, &answers[2]);
}

#[test]
fn a_process_that_stays_after_bye_is_killed() {
    let evil = Evil::new("stays");
    let evaluator = evil.start();
    drop(evaluator);
    assert_eq!(evil.log().last().map(String::as_str), Some("bye"));
    evil.assert_gone();
}

#[test]
fn without_another_start_nothing_more_is_asked() {
    for (mode, text) in [
        (
            "exits-at-restart",
            "did not describe itself: exited with status 4; its standard error ends with: no licence",
        ),
        ("changes", "describes itself differently at another start"),
    ] {
        let evil = Evil::new(mode);
        let mut evaluator = evil.start();
        assert_eq!(answered(&mut *evaluator, &questions()), 0);
        assert!(evaluator.broken().unwrap().contains(text), "{:?}", evaluator.broken());
        let answer = evaluator.answer(&question(1, 0)).outcome;
        assert!(answer.word() == "crash" && answer.to_string().contains(text), "{answer}");
        assert_eq!(
            evil.log().iter().filter(|line| *line != "bye").count(),
            2,
            "a failed start is not tried again"
        );
        drop(evaluator);
        evil.assert_gone();
    }
}

#[test]
fn after_too_many_failures_in_a_row_nothing_more_is_asked() {
    let evil = Evil::new("fails-always").with(|process| process.with_failures(5));
    let mut evaluator = evil.start();
    // With many open a failure is nobody's; the next one, with a suspect alone, has a culprit.
    assert_eq!(answered(&mut *evaluator, &questions()), 2);
    let why = evaluator.broken().unwrap();
    assert!(
        why.ends_with(
            "failed 5 times in a row; last it exited with status 3; its standard error ends with: oh no"
        ),
        "{why}"
    );
    assert_eq!(answered(&mut *evaluator, &questions()), 0);
    drop(evaluator);
    assert_eq!(evil.log().len(), 5, "as many processes as failures");
    evil.assert_gone();
}

#[test]
fn answers_between_failures_keep_the_evaluator() {
    // One failure with all open and one alone, and then answers.
    let evil = Evil::named("exits", "exits-seldom").with(|process| process.with_failures(3));
    let mut evaluator = evil.start();
    for _ in 0..3 {
        assert_culprit(&ask_all(&mut *evaluator, &questions()), "crash", &["exited with status 3"]);
    }
    assert_eq!(evaluator.broken(), None);
}

#[test]
fn a_feature_from_the_future_is_kept() {
    let evil = Evil::new("from-the-future");
    let evaluator = evil.start();
    assert_eq!(evaluator.description().unknown_features(), ["time-travel"]);
    assert!(evaluator.description().has(Feature::Grants));
}

#[test]
fn a_program_that_does_not_exist_is_named() {
    let error = Process::new("no-such-evaluator").start().err().unwrap().to_string();
    assert_eq!(error, "cannot start the evaluator: program `no-such-evaluator` was not found");
    let directory = env!("CARGO_MANIFEST_DIR");
    let error = Process::new(directory).start().err().unwrap().to_string();
    assert!(
        error.starts_with(&format!("cannot start the evaluator: cannot run program `{directory}`: ")),
        "{error}"
    );
}

#[test]
fn a_process_must_describe_itself() {
    for (mode, texts) in [
        ("exits-at-hello", &["exited with status 4", "no licence"][..]),
        ("picks-another-protocol", &["protocol 7 was not offered, only 1"]),
        ("describes-nothing", &["printed `ready`", "not JSON at byte 0: expected a value"]),
        ("mute", &["no answer within 3s"]),
    ] {
        let evil = Evil::new(mode).with(|process| match mode {
            "mute" => process.with_start_timeout(Duration::from_secs(3)),
            _ => process,
        });
        let error = evil.refusal();
        assert!(error.starts_with("cannot start the evaluator: `python3 -S "), "{error}");
        assert!(texts.iter().all(|text| error.contains(text)), "{error}");
        evil.assert_gone();
    }
}
