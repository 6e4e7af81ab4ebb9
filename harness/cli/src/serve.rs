//! Decides how an evaluator of this program answers harnesses: the other side of the protocol of
//! [`kms_conformance::model::wire`], over any input and output.

mod turns;

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use kms_conformance::model::wire::{MAX_LINE, PROTOCOL, Reply, Request, Welcome};
use kms_conformance::model::{Answer, Documents, Evaluator, Start};
use serde_json::json;

use turns::{Shared, Turn};

/// How many bytes of documents each thread keeps for the questions to come.
const KEPT: usize = 16 << 20;

/// Answers requests, a line each, until the input ends or says bye: by so many threads, each with an evaluator, in the order
/// of the requests. A line that is none is answered by `{"error": "…"}`; a question that cannot be read is answered by
/// `error`. After bye a thread may still wait for input; it ends with the process.
///
/// # Errors
/// When no evaluator can be started, when the input cannot be read or the output cannot be written, and when an evaluator
/// panics.
pub fn serve(
    start: Arc<dyn Start>,
    threads: usize,
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
) -> io::Result<()> {
    let shared = Arc::new(Shared::new(input, output));
    let (sender, ends) = channel();
    for _ in 0..threads.max(1) {
        let (start, shared, end) = (Arc::clone(&start), Arc::clone(&shared), End(sender.clone()));
        thread::spawn(move || {
            let ended = match start.start() {
                Ok(mut evaluator) => answer(&mut *evaluator, &shared),
                Err(error) => Err(io::Error::other(error)),
            };
            // Nobody listens any more where another thread has ended before.
            let _ = end.0.send(ended);
        });
    }
    drop(sender);
    ends.recv().unwrap_or(Ok(()))
}

/// Tells how a thread has ended, also by a panic: the others would wait for its replies.
struct End(Sender<io::Result<()>>);

impl Drop for End {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.send(Err(io::Error::other("the evaluator panicked")));
        }
    }
}

/// Answers the turns that this thread gets.
fn answer(evaluator: &mut dyn Evaluator, shared: &Shared<impl Read, impl Write>) -> io::Result<()> {
    let mut documents = Documents::new(KEPT);
    let (mut turn, mut replies) = (Turn::default(), Vec::new());
    loop {
        shared.take(&mut turn)?;
        replies.clear();
        let mut goes_on = !turn.is_empty();
        for line in turn.lines() {
            goes_on = reply(evaluator, line, &mut documents, &mut replies)?;
            if !goes_on {
                break;
            }
        }
        shared.put(&turn, &replies, !goes_on)?;
        if !goes_on {
            return Ok(());
        }
    }
}

/// Appends the reply to a line; false where it says bye.
fn reply(
    evaluator: &mut dyn Evaluator,
    line: &[u8],
    documents: &mut Documents,
    replies: &mut Vec<u8>,
) -> io::Result<bool> {
    let request = match std::str::from_utf8(line) {
        _ if line.len() > MAX_LINE => Err(format!("a line is longer than {MAX_LINE} bytes")),
        Ok(line) => Request::read_sharing(line, documents),
        Err(error) => Err(format!("not UTF-8 after byte {}", error.valid_up_to())),
    };
    let reply = match request {
        Ok(Request::Bye) => return Ok(false),
        Ok(Request::Hello(offered)) if offered.contains(&PROTOCOL) => {
            json!(Welcome::new(evaluator.description().clone()))
        }
        Ok(Request::Hello(_)) => json!({ "error": format!("only protocol {PROTOCOL} is spoken here") }),
        Ok(Request::Ask(id, question)) => {
            let answer = match *question {
                Ok(question) => evaluator.answer(&question),
                Err(problems) => Answer::error(problems),
            };
            serde_json::to_writer(&mut *replies, &Reply::new(id, answer))?;
            replies.push(b'\n');
            return Ok(true);
        }
        Ok(_) => json!({ "error": "a request that is not known here" }),
        Err(error) => json!({ "error": error }),
    };
    writeln!(replies, "{reply}")?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::io::pipe;
    use std::time::Duration;

    use kms_conformance::model::{Description, Dialect, Outcome, Question};

    use super::*;

    /// Allows everything in us-west-2.
    struct Western(Description);

    impl Evaluator for Western {
        fn description(&self) -> &Description {
            &self.0
        }

        fn answer(&mut self, question: &Question) -> Answer {
            assert_ne!(question.region, "nowhere");
            let allows = question.region == "us-west-2";
            if allows { Outcome::Allow } else { Outcome::ImplicitDeny }.into()
        }
    }

    fn western() -> Arc<dyn Start> {
        Arc::new(|| Western(Description::new("western", "1", Dialect::Aws)))
    }

    /// What is replied by as many threads.
    fn served_by(threads: usize, input: &[u8]) -> Vec<String> {
        let (mut replies, output) = pipe().unwrap();
        let input = io::Cursor::new(input.to_vec());
        let reader = thread::spawn(move || {
            let mut text = String::new();
            replies.read_to_string(&mut text).map(|_| text)
        });
        serve(western(), threads, input, output).unwrap();
        let output = reader.join().unwrap().unwrap();
        assert!(output.is_empty() || output.ends_with('\n'), "{output}");
        output.lines().map(str::to_owned).collect()
    }

    fn served(input: &[u8]) -> Vec<String> {
        let one = served_by(1, input);
        assert_eq!(served_by(3, input), one);
        one
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

    #[test]
    fn many_requests_are_answered_in_their_order() {
        let asks: String = (0..2_000).map(|id| ask(id, "us-west-2") + "\n").collect();
        let ids = |line: &String| {
            let reply: serde_json::Value = serde_json::from_str(line).unwrap();
            reply["id"].as_u64().unwrap()
        };
        let told: Vec<_> = served_by(4, asks.as_bytes()).iter().map(ids).collect();
        assert_eq!(told, (0..2_000).collect::<Vec<_>>());
    }

    /// How serving an input that is not closed ends, which it must in a while.
    fn ended(lines: &str) -> io::Result<()> {
        let (input, mut open) = pipe().unwrap();
        open.write_all(lines.as_bytes()).unwrap();
        let (sender, end) = channel();
        thread::spawn(move || sender.send(serve(western(), 3, input, io::sink())));
        end.recv_timeout(Duration::from_secs(20)).expect("it ends while other threads wait")
    }

    #[test]
    fn bye_and_a_panic_end_it_while_other_threads_wait() {
        ended("{\"bye\":{}}\n").unwrap();
        let error = ended(&(ask(1, "nowhere") + "\n")).unwrap_err();
        assert_eq!(error.to_string(), "the evaluator panicked");
    }
}
