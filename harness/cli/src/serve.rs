//! Decides how an evaluator of this program answers harnesses: the other side of the protocol of
//! [`kms_conformance::model::wire`], over any input and output.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use kms_conformance::model::wire::{MAX_LINE, PROTOCOL, Reply, Request, Welcome};
use kms_conformance::model::{Answer, Documents, Evaluator};
use serde_json::json;

/// How many bytes are read and written at a time; as many as a pipe holds.
const BUFFER: usize = 1 << 16;
/// How many bytes of documents are kept for the questions to come.
const KEPT: usize = 16 << 20;

/// Answers requests, a line each, until the input ends or says bye. A line that is none is answered by
/// `{"error": "…"}`; a question that cannot be read is answered by `error`.
///
/// # Errors
/// When the input cannot be read or the output cannot be written.
pub fn serve(evaluator: &mut dyn Evaluator, input: impl Read, output: impl Write) -> io::Result<()> {
    let mut input = BufReader::with_capacity(BUFFER, input);
    let mut output = BufWriter::with_capacity(BUFFER, output);
    let mut documents = Documents::new(KEPT);
    let mut line = Vec::new();
    while read_line(&mut input, &mut line)? {
        let request = match std::str::from_utf8(&line) {
            _ if line.len() > MAX_LINE => Err(format!("a line is longer than {MAX_LINE} bytes")),
            Ok(line) => Request::read_sharing(line, &mut documents),
            Err(error) => Err(format!("not UTF-8 after byte {}", error.valid_up_to())),
        };
        let reply = match request {
            Ok(Request::Bye) => break,
            Ok(Request::Hello(offered)) if offered.contains(&PROTOCOL) => {
                json!(Welcome::new(evaluator.description().clone()))
            }
            Ok(Request::Hello(_)) => json!({ "error": format!("only protocol {PROTOCOL} is spoken here") }),
            Ok(Request::Ask(id, question)) => {
                let answer = match *question {
                    Ok(question) => evaluator.answer(&question),
                    Err(problems) => Answer::error(problems),
                };
                serde_json::to_writer(&mut output, &Reply::new(id, answer))?;
                output.write_all(b"\n")?;
                flush(&input, &mut output)?;
                continue;
            }
            Ok(_) => json!({ "error": "a request that is not known here" }),
            Err(error) => json!({ "error": error }),
        };
        writeln!(output, "{reply}")?;
        flush(&input, &mut output)?;
    }
    output.flush()
}

/// Lets go of what was written, unless the next request is here already: the harness may wait for this very answer before
/// it says more.
fn flush(input: &BufReader<impl Read>, output: &mut impl Write) -> io::Result<()> {
    if input.buffer().contains(&b'\n') { Ok(()) } else { output.flush() }
}

/// Reads a line without its end; false where the input has ended. Of a line that is too long the first bytes are kept,
/// one more than there may be, and the rest is skipped.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    if input.take(MAX_LINE as u64 + 1).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.pop_if(|last| *last == b'\n').is_none() && line.len() > MAX_LINE {
        input.skip_until(b'\n')?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use kms_conformance::model::{Description, Dialect, Outcome, Question};

    use super::*;

    /// Allows everything in us-west-2.
    struct Western(Description);

    impl Evaluator for Western {
        fn description(&self) -> &Description {
            &self.0
        }

        fn answer(&mut self, question: &Question) -> Answer {
            let allows = question.region == "us-west-2";
            if allows { Outcome::Allow } else { Outcome::ImplicitDeny }.into()
        }
    }

    fn served(input: &[u8]) -> Vec<String> {
        let mut output = Vec::new();
        let mut western = Western(Description::new("western", "1", Dialect::Aws));
        serve(&mut western, input, &mut output).unwrap();
        let output = String::from_utf8(output).unwrap();
        assert!(output.is_empty() || output.ends_with('\n'), "{output}");
        output.lines().map(str::to_owned).collect()
    }

    fn ask(id: u32, region: &str) -> String {
        let question = json!({ "kind": "validate", "dialect": "aws", "region": region, "policy-type": "key-policy",
            "document": {} });
        json!({ "ask": { "id": id, "question": question } }).to_string()
    }

    #[test]
    fn requests_are_answered_line_by_line_until_bye() {
        let (west, east) = (ask(7, "us-west-2"), ask(8, "us-east-1"));
        let hello = r#"{"hello":{"protocol":[2,1],"catalogue":"0.1.0"}}"#;
        let input = format!("{hello}\n{west}\n{east}\r\n{{\"bye\":{{}}}}\n{west}\n");
        assert_eq!(
            served(input.as_bytes()),
            [
                r#"{"protocol":1,"name":"western","version":"1","dialects":["aws"],"features":[],"detail":"deny-kind"}"#,
                r#"{"id":7,"answer":{"answer":"allow"}}"#,
                r#"{"id":8,"answer":{"answer":"implicit-deny"}}"#,
            ]
        );
        assert_eq!(served(b""), [""; 0]);
    }

    #[test]
    fn a_bad_line_is_named_and_the_next_one_answered() {
        let west = ask(7, "us-west-2");
        let long = "x".repeat(MAX_LINE + 1);
        for (bad, said) in [
            (&b"{\"hello\":{\"protocol\":[2]}}"[..], "only protocol 1 is spoken here"),
            (b"{\"ask\":{\"id\":1}}", "`ask` needs a `question`"),
            (b"{\"tell\":{}}", "expected `hello`, `ask` or `bye`"),
            (b"", "not JSON at byte 0"),
            (b"a\xFF", "not UTF-8 after byte 1"),
            (long.as_bytes(), "a line is longer than 16777216 bytes"),
        ] {
            let lines = served(&[bad, b"\n", west.as_bytes(), b"\n"].concat());
            let [error, answer] = lines.as_slice() else { panic!("{lines:?}") };
            assert!(error.starts_with(&format!(r#"{{"error":"{said}"#)), "{error}");
            assert_eq!(answer, r#"{"id":7,"answer":{"answer":"allow"}}"#);
        }
    }

    #[test]
    fn a_question_that_cannot_be_read_is_answered_with_its_problems() {
        let lines =
            served(br#"{"ask":{"id":9,"question":{"kind":"authorize","dialect":"aws","region":"r"}}}"#);
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        assert!(line.starts_with(r#"{"id":9,"answer":{"answer":"error","error":""#), "{line}");
        for name in ["time", "caller", "authorizations"] {
            assert!(line.contains(&format!("needs `{name}`")), "{line}");
        }
    }
}
