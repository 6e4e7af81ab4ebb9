//! Decides how the conversation flows: a line in, a line out, in order, until `bye` or the end of the input.

use std::any::Any;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use kms_model::wire::{MAX_LINE, PROTOCOL, Reply, Request, Welcome};
use kms_model::{Answer, Evaluator, Question};
use serde_json::{Value, json};

/// As much as a pipe holds.
const BUFFER: usize = 1 << 16;

/// Answers what arrives on standard input; what a program's `main` returns.
pub fn serve(mut evaluator: impl Evaluator) -> ExitCode {
    // A panic of the evaluator is the answer to one question, which says what it was.
    panic::set_hook(Box::new(|_| {}));
    match converse(&mut evaluator, io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Answers each line of the input.
///
/// # Errors
/// When the input cannot be read or the output cannot be written.
pub fn converse(evaluator: &mut impl Evaluator, input: impl Read, output: impl Write) -> io::Result<()> {
    let mut input = BufReader::with_capacity(BUFFER, input);
    let mut output = BufWriter::with_capacity(BUFFER, output);
    let mut line = Vec::new();
    loop {
        line.clear();
        if (&mut input).take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.len() > MAX_LINE && !line.ends_with(b"\n") {
            input.skip_until(b'\n')?;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let Some(reply) = reply(evaluator, &line) else { break };
        writeln!(output, "{reply}")?;
        // The harness may wait for this very reply before it says more.
        if !input.buffer().contains(&b'\n') {
            output.flush()?;
        }
    }
    output.flush()
}

/// The reply to a line; `None` for the line that asks to end.
fn reply(evaluator: &mut impl Evaluator, line: &[u8]) -> Option<Value> {
    let request = match std::str::from_utf8(line) {
        _ if line.len() > MAX_LINE => Err(format!("a line is longer than {MAX_LINE} bytes")),
        Ok(line) => Request::read(line),
        Err(error) => Err(format!("not UTF-8 after byte {}", error.valid_up_to())),
    };
    Some(match request {
        Ok(Request::Ask(id, question)) => json!(Reply::new(id, answer(evaluator, *question))),
        Ok(Request::Bye) => return None,
        Ok(Request::Hello(offered)) if offered.contains(&PROTOCOL) => {
            json!(Welcome::new(evaluator.description().clone()))
        }
        Ok(Request::Hello(_)) => json!({ "error": format!("only protocol {PROTOCOL} is spoken here") }),
        Ok(_) => json!({ "error": "a request that is not known here" }),
        Err(error) => json!({ "error": error }),
    })
}

fn answer(evaluator: &mut impl Evaluator, question: Result<Question, String>) -> Answer {
    let answered = question.map(|question| {
        let asked = AssertUnwindSafe(|| evaluator.answer(&question));
        panic::catch_unwind(asked).map_err(|panic| format!("the evaluator panicked: {}", said(&*panic)))
    });
    answered.flatten().unwrap_or_else(Answer::error)
}

/// What a panic says.
fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a message")
}
