//! How many questions a second the served reference answers over a pipe, and where its time goes: beside a child that
//! echoes every line, one that answers without reading the question, and the reference in this process.
//!
//! The requirement: at least 100,000 a second, within twice the time of the echo. All get the questions of the catalogue
//! over and over, 256 open at a time, each written as it is asked. The echo sends every question back, and its client
//! finds the id in each line; `deaf` shows what the harness can ask at most.

use std::env::{args, current_exe};
use std::hint::black_box;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::{Duration, Instant};

use kms_conformance::model::wire::{self, Request, Welcome};
use kms_conformance::model::{Documents, Evaluator, Question, Start};
use kms_conformance::{Catalogue, Process};
use kms_reference::Reference;

/// As in the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many questions each of them gets.
const COUNT: usize = 200_000;
/// How many of them are open at a time: what [`Process`] does unless told otherwise.
const WINDOW: usize = 256;
/// How many bytes are read at a time.
const BUFFER: usize = 1 << 16;
/// What stands before the id in a line that asks.
const ASK: &[u8] = br#"{"ask":{"id":"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    if args().nth(1).as_deref() == Some("deaf") {
        return Ok(deaf(io::stdin().lock(), io::stdout().lock())?);
    }
    let catalogue = Catalogue::builtin()?;
    let description = Reference::new().description().clone();
    let questions: Vec<_> = catalogue.checks().iter().map(|check| check.question_for(&description)).collect();
    let lines: Vec<_> = (1..).zip(&questions).map(|(id, question)| wire::ask(id, question)).collect();
    let bytes: usize = lines.iter().map(String::len).sum();
    println!("{} questions of {} bytes on average", questions.len(), bytes / questions.len().max(1));
    let questions: Vec<_> = questions.into_iter().cycle().take(COUNT).collect();

    println!("{:32} {:>12} {:>10} {:>24}", "", "a second", "of echo", "µs of processor: here, child");
    let echo = row("echoed by `cat`", None, || echo(&questions))?;
    let deaf = Process::new(current_exe()?).with_args(["deaf"]);
    row("answered unread by `deaf`", Some(echo), || answered(&mut *deaf.start()?, &questions))?;
    let serve = Process::new(env!("CARGO_BIN_EXE_kms-conformance")).with_args(["serve"]);
    row("answered by `serve`", Some(echo), || answered(&mut *serve.start()?, &questions))?;
    row("answered in this process", Some(echo), || answered(&mut Reference::new(), &questions))?;
    for (name, kept) in [("read, documents kept", 16 << 20), ("read, each document anew", 0)] {
        row(name, Some(echo), || {
            let mut documents = Documents::new(kept);
            for line in lines.iter().cycle().take(COUNT) {
                black_box(Request::read_sharing(line, &mut documents)?);
            }
            Ok(())
        })?;
    }
    Ok(())
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Runs it and prints what it took; how long.
fn row(
    name: &str,
    echo: Option<Duration>,
    run: impl FnOnce() -> Outcome,
) -> Result<Duration, Box<dyn std::error::Error>> {
    let (start, before) = (Instant::now(), processor());
    run()?;
    let (time, after) = (start.elapsed(), processor());
    let rate = COUNT as f64 / time.as_secs_f64();
    let of_echo = time.as_secs_f64() / echo.unwrap_or(time).as_secs_f64();
    print!("{name:32} {rate:>12.0} {of_echo:>10.2}");
    if let Some((before, after)) = before.zip(after) {
        let each = |ticks: u64| ticks as f64 * 1e4 / COUNT as f64;
        print!(" {:>12.1} {:>11.1}", each(after.0 - before.0), each(after.1 - before.1));
    }
    println!();
    Ok(time)
}

/// The processor time of this process and of the children that have ended, in hundredths of a second, where the system tells.
fn processor() -> Option<(u64, u64)> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the name in its parentheses: utime, stime, cutime and cstime are the fields 14 to 17 of the line.
    let mut fields =
        stat.rsplit(')').next()?.split_whitespace().skip(11).map_while(|field| field.parse::<u64>().ok());
    let mut two = || -> Option<u64> { Some(fields.next()? + fields.next()?) };
    Some((two()?, two()?))
}

fn answered(evaluator: &mut dyn Evaluator, questions: &[Question]) -> Outcome {
    let mut count = 0;
    evaluator.answer_all(questions, &mut |_, answer| {
        black_box(answer);
        count += 1;
    });
    assert_eq!(count, questions.len());
    Ok(())
}

/// Asks `cat` as [`Process`] asks an evaluator, and finds the id in each line that comes back.
fn echo(questions: &[Question]) -> Outcome {
    let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let pipes = (child.stdin.take(), child.stdout.take());
    let (Some(mut stdin), Some(stdout)) = pipes else { return Err("no pipes".into()) };
    let mut stdout = BufReader::with_capacity(BUFFER, stdout);
    let (sender, receiver) = sync_channel::<String>(WINDOW);
    thread::spawn(
        move || while receiver.recv().is_ok_and(|text| stdin.write_all(text.as_bytes()).is_ok()) {},
    );
    let (mut asked, mut read) = (0, 0);
    let mut line = Vec::new();
    while read < questions.len() {
        let mut text = String::new();
        for question in questions.iter().take(read + WINDOW).skip(asked) {
            asked += 1;
            wire::write_ask(asked as u64, question, &mut text);
            text.push('\n');
        }
        sender.send(text)?;
        loop {
            line.clear();
            stdout.read_until(b'\n', &mut line)?;
            read += 1;
            assert_eq!(id_of(&line), Some(read as u64));
            if !stdout.buffer().contains(&b'\n') {
                break;
            }
        }
    }
    drop(sender);
    child.wait()?;
    Ok(())
}

fn id_of(line: &[u8]) -> Option<u64> {
    let digits = line.strip_prefix(ASK)?.split(|byte| *byte == b',').next()?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A child that claims to be the reference and allows everything.
fn deaf(input: impl Read, output: impl Write) -> io::Result<()> {
    let mut input = BufReader::with_capacity(BUFFER, input);
    let mut output = BufWriter::with_capacity(BUFFER, output);
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        match id_of(&line) {
            Some(id) => writeln!(output, r#"{{"id":{id},"answer":{{"answer":"allow"}}}}"#)?,
            None if line.starts_with(br#"{"hello""#) => {
                let welcome = Welcome::new(Reference::new().description().clone());
                serde_json::to_writer(&mut output, &welcome)?;
                output.write_all(b"\n")?;
            }
            None => break,
        }
        if !input.buffer().contains(&b'\n') {
            output.flush()?;
        }
        line.clear();
    }
    output.flush()
}
