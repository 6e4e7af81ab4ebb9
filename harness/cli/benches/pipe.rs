//! How many questions a second the served reference answers over a pipe, beside a child that echoes the same lines and
//! beside the reference in this process. Serving should reach 100,000, and take at most twice the time of the echo.

use std::hint::black_box;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use kms_conformance::model::{Evaluator, Question, Start, wire};
use kms_conformance::{Catalogue, Process};
use kms_reference::Reference;

/// How many questions each of them gets, taken from the catalogue over and over.
const COUNT: usize = 200_000;

/// Sends every line to `cat` and reads it back. The lines are made beforehand: all that is measured is the pipe.
fn echo(questions: &[Question]) -> io::Result<Duration> {
    let lines: Vec<_> = (0..).zip(questions).map(|(id, question)| wire::ask(id, question)).collect();
    let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let pipes = (child.stdin.take(), child.stdout.take());
    let (Some(stdin), Some(stdout)) = pipes else { return Err(io::Error::other("no pipes")) };
    let start = Instant::now();
    let read = thread::scope(|scope| {
        let lines = &lines;
        scope.spawn(move || -> io::Result<()> {
            let mut stdin = BufWriter::with_capacity(1 << 16, stdin);
            for line in lines {
                writeln!(stdin, "{line}")?;
            }
            stdin.flush()
        });
        let mut stdout = BufReader::with_capacity(1 << 16, stdout);
        let (mut line, mut read) = (String::new(), 0);
        while stdout.read_line(&mut line)? > 0 {
            black_box(&line);
            line.clear();
            read += 1;
        }
        io::Result::Ok(read)
    })?;
    assert_eq!(read, questions.len());
    child.wait()?;
    Ok(start.elapsed())
}

fn answered(evaluator: &mut dyn Evaluator, questions: &[Question]) -> Duration {
    let start = Instant::now();
    let mut count = 0;
    evaluator.answer_all(questions, &mut |_, answer| {
        black_box(answer);
        count += 1;
    });
    assert_eq!(count, questions.len());
    start.elapsed()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let catalogue = Catalogue::builtin()?;
    let description = Reference::new().description().clone();
    let questions: Vec<_> = catalogue.checks().iter().map(|check| check.question_for(&description)).collect();
    let bytes: usize = questions.iter().map(|question| question.to_line().len()).sum();
    println!("{} questions of {} bytes on average", questions.len(), bytes / questions.len().max(1));
    let questions: Vec<_> = questions.into_iter().cycle().take(COUNT).collect();

    let echo = echo(&questions)?;
    let row = |name: &str, time: Duration| {
        let rate = COUNT as f64 / time.as_secs_f64();
        println!("{name:32} {rate:12.0}/s {:8.2} times the echo", time.as_secs_f64() / echo.as_secs_f64());
    };
    row("echoed by `cat`", echo);
    let serve = Process::new(env!("CARGO_BIN_EXE_kms-conformance")).with_args(["serve"]);
    row("answered by `serve`", answered(&mut *serve.start()?, &questions));
    row("answered in this process", answered(&mut Reference::new(), &questions));
    Ok(())
}
