//! Decides whether the conversation holds, whatever evaluates: bad lines, order, end, panics.

use std::io::{BufRead, BufReader, Write, pipe};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use kms_adapters::adapter::{Adapter, Request, Unasked};
use kms_adapters::protocol::converse;
use kms_model::Outcome;
use serde_json::{Value, json};

use crate::questions::{all, asked, document};

/// What the action says is what comes back.
fn echo(request: &Request<'_>) -> Result<Outcome, Unasked> {
    match request.authorization.action.as_str() {
        "kms:Panic" => panic!("no {}", "way"),
        "kms:Rejected" => Err(Unasked::rejected(Some("/caller/boundary".to_owned()), "why")),
        "kms:Unsupported" => Err(Unasked::unsupported("time-travel")),
        _ => Ok(Outcome::Allow),
    }
}

fn replies(input: &[u8]) -> Vec<Value> {
    let mut output = Vec::new();
    let features = ["boundary-validation", "caller-context", "context"];
    let mut adapter = Adapter::new("echo", "1", &features, echo).validating(|_| Err("no".to_owned()));
    converse(&mut adapter, input, &mut output).unwrap();
    output.split_inclusive(|byte| *byte == b'\n').map(|line| serde_json::from_slice(line).unwrap()).collect()
}

fn answers(questions: &[Value]) -> Vec<Value> {
    let ask = |(id, question)| format!("{}\n", json!({ "ask": { "id": id, "question": question } }));
    let lines: String = questions.iter().enumerate().map(ask).collect();
    let replies = replies(lines.as_bytes());
    let ids: Vec<_> = replies.iter().map(|reply| reply["id"].as_u64().unwrap() as usize).collect();
    assert_eq!(ids, (0..questions.len()).collect::<Vec<_>>());
    replies.iter().map(|reply| reply["answer"].clone()).collect()
}

#[test]
fn it_says_who_it_is_and_speaks_only_its_protocol() {
    let said = replies(b"{\"hello\":{\"protocol\":[1,2],\"more\":0}}\n{\"hello\":{\"protocol\":[2]}}\n");
    let features = ["boundary-validation", "caller-context", "context"];
    let welcome = json!({ "protocol": 1, "name": "echo", "version": "1", "dialects": ["aws"],
        "features": features, "detail": "deny-kind" });
    assert_eq!(said, [welcome, json!({ "error": "only protocol 1 is spoken here" })]);
}

#[test]
fn what_is_not_a_decision_is_an_answer_too() {
    let of = |action: &str| asked(json!({ "action": action }));
    assert_eq!(
        answers(&[
            of("kms:Decrypt"),
            of("kms:Panic"),
            of("kms:Rejected"),
            of("kms:Unsupported"),
            asked(json!({ "caller": { "boundary": all() } })),
            document("boundary", all()),
            of("kms:Decrypt"),
        ]),
        [
            json!({ "answer": "allow" }),
            json!({ "answer": "error", "error": "the evaluator panicked: no way" }),
            json!({ "answer": "rejected", "policy": "/caller/boundary", "message": "why" }),
            json!({ "answer": "unsupported", "feature": "time-travel" }),
            json!({ "answer": "unsupported", "feature": "boundaries" }),
            json!({ "answer": "rejected", "policy": "/document", "message": "no" }),
            json!({ "answer": "allow" }),
        ]
    );
}

#[test]
fn bad_questions_are_errors_and_the_next_is_answered() {
    let mut ram = asked(json!({}));
    ram["dialect"] = json!("ram");
    let answers = answers(&[json!(null), json!({}), json!({ "kind": "authorize" }), ram, asked(json!({}))]);
    let kinds: Vec<_> = answers.iter().map(|answer| answer["answer"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["error", "error", "error", "error", "allow"]);
    assert_eq!(answers[3]["error"], "the dialect `ram` is not spoken here");
}

#[test]
fn several_authorizations_are_unsupported() {
    let mut twice = asked(json!({}));
    let [authorization] = twice["authorizations"].as_array().unwrap().as_slice() else { panic!() };
    twice["authorizations"] = json!([authorization, authorization]);
    assert_eq!(answers(&[twice]), [json!({ "answer": "unsupported", "feature": "operations" })]);
}

#[test]
fn bad_lines_are_told_and_the_last_line_needs_no_line_feed() {
    let mut input: Vec<u8> = b"{\nnull\n\n \r\n{\"ask\":{\"question\":{}}}\n{}\n\xff\n".to_vec();
    input.extend(vec![b' '; (16 << 20) + 5]);
    input.extend(b"\n");
    input.extend(json!({ "ask": { "id": 9, "question": asked(json!({})) } }).to_string().bytes());
    let replies = replies(&input);
    let errors: Vec<_> = replies.iter().filter_map(|reply| reply["error"].as_str()).collect();
    assert_eq!(errors.len(), 5, "{errors:?}");
    assert!(errors[4].contains("UTF-8"), "{errors:?}");
    assert_eq!(replies.last().unwrap(), &json!({ "id": 9, "answer": { "answer": "allow" } }));
}

#[test]
fn a_line_that_is_too_long_is_told_and_the_next_is_read() {
    let mut input = vec![b'x'; (16 << 20) + 5];
    input.extend(b"\n{}\n");
    let replies = replies(&input);
    let told = json!({ "error": "a line is longer than 16777216 bytes" });
    assert_eq!(replies, [told, json!({ "error": "expected `hello`, `ask` or `bye`" })]);
}

#[test]
fn it_ends_at_bye_and_answers_nothing_after_it() {
    let input =
        format!("{{\"bye\":{{}}}}\n{}\n", json!({ "ask": { "id": 1, "question": asked(json!({})) } }));
    assert_eq!(replies(input.as_bytes()), [json!(null); 0]);
}

#[test]
fn a_reply_is_there_before_the_next_line_is() {
    let (input, mut ask) = pipe().unwrap();
    let (answered, output) = pipe().unwrap();
    let (sender, replies) = mpsc::channel();
    thread::spawn(move || converse(&mut Adapter::new("echo", "1", &[], echo), input, output));
    thread::spawn(move || BufReader::new(answered).lines().try_for_each(|line| sender.send(line.unwrap())));
    for _ in 0..3 {
        ask.write_all(b"{}\n").unwrap();
        let reply = replies.recv_timeout(Duration::from_secs(20)).unwrap();
        assert!(reply.contains("expected"), "{reply}");
    }
}
