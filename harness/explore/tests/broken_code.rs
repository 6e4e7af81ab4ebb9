//! The bodies of the targets that hold our own readers and writers fail where these are broken: each test plants one that
//! is wrong in one way.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::Cell;
use std::collections::BTreeSet;

use kms_explore::Settings;
use kms_explore::targets::{self, Code, Ours};
use kms_model::json::{Member, Node, Span, SyntaxError, Value};
use kms_model::policy::Policy;
use kms_model::question::Ask;
use kms_model::ram::policy::RamPolicy;
use kms_model::shape::Problem;
use kms_model::wire::{self, Request};
use kms_model::{Dialect, Document, Feature, Question};

/// A document that every body holds for with our own code.
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":["kms:Encrypt","kms:Decrypt"],
"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":true}}}]}"#;
const RAM_POLICY: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:Encrypt","kms:Decrypt"],"Resource":"*"}]}"#;
/// JSON that is no policy.
const JSON: &str = r#"{"a":1,"b":[true,null,-2.5e3],"a":"\u00e9"}"#;
const QUESTION: &str = r#"{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",
"caller":{"kind":"user","arn":"arn:aws:iam::111122223333:user/alice","account":"111122223333"},
"source-ip":"203.0.113.10","operation":{"name":"Decrypt"},
"authorizations":[{"action":"kms:Decrypt","resource":{"arn":"arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
"account":"111122223333","type":"kms:key","policy":{"Version":"2012-10-17","Statement":[]},
"grants":[{"id":"g1","grantee":"arn:aws:iam::111122223333:user/alice","operations":["Decrypt"]}]}}]}"#;
const REPLY: &str =
    r#"{"id":7,"answer":{"answer":"allow","because":[{"policy":"/a","statement":0}],"message":"m"}}"#;
const WELCOME: &str =
    r#"{"protocol":1,"name":"x","version":"1","dialects":["aws"],"features":["grants"],"detail":"decision"}"#;

macro_rules! planted {
    ($name:ident { $($method:item)* }) => {
        struct $name;
        impl Code for $name { $($method)* }
    };
}

/// What a body says of a text; it must hold with our own code.
fn of_document(text: &str, code: &dyn Code) -> String {
    assert_eq!(targets::document(Dialect::Aws, text.as_bytes(), &Ours), Ok(()));
    targets::document(Dialect::Aws, text.as_bytes(), code).unwrap_err()
}

fn of_ram_document(text: &str, code: &dyn Code) -> String {
    assert_eq!(targets::document(Dialect::Ram, text.as_bytes(), &Ours), Ok(()));
    targets::document(Dialect::Ram, text.as_bytes(), code).unwrap_err()
}

fn of_question(text: &str, code: &dyn Code) -> String {
    let settings = Settings::default();
    assert_eq!(targets::question(text.as_bytes(), &settings, &Ours), Ok(()));
    targets::question(text.as_bytes(), &settings, code).unwrap_err()
}

fn of_line(line: &str, code: &dyn Code) -> String {
    assert_eq!(targets::protocol(line.as_bytes(), &Ours), Ok(()));
    targets::protocol(line.as_bytes(), code).unwrap_err()
}

fn of_suite(load: &mut dyn FnMut(&str) -> Result<Vec<Question>, String>, code: &dyn Code) -> String {
    targets::suite(b"{}", load, code).unwrap_err()
}

/// The value without the members that `drop` names by their place and name.
fn without(mut node: Node, drop: &dyn Fn(usize, &[Member]) -> bool) -> Node {
    if let Value::Object(members) = &mut node.value {
        let all = members.clone();
        let mut at = 0;
        members.retain(|_| {
            at += 1;
            !drop(at - 1, &all)
        });
    }
    node
}

fn last(at: usize, members: &[Member]) -> bool {
    at + 1 == members.len()
}

fn is_repeated_later(at: usize, members: &[Member]) -> bool {
    members.iter().skip(at + 1).any(|other| other.name == members[at].name)
}

fn is_repeated_earlier(at: usize, members: &[Member]) -> bool {
    members.iter().take(at).any(|other| other.name == members[at].name)
}

#[test]
fn a_reader_that_loses_the_first_of_two_equal_members_is_caught() {
    planted!(Lossy {
        fn json<'t>(&self, bytes: &'t [u8]) -> Result<(&'t str, Node), SyntaxError> {
            Ours.json(bytes).map(|(text, node)| (text, without(node, &is_repeated_later)))
        }
    });
    assert!(of_document(JSON, &Lossy).contains("for serde_json as"));
}

#[test]
fn a_reader_that_loses_the_second_of_two_equal_members_is_caught() {
    planted!(Lossy {
        fn json<'t>(&self, bytes: &'t [u8]) -> Result<(&'t str, Node), SyntaxError> {
            Ours.json(bytes).map(|(text, node)| (text, without(node, &is_repeated_earlier)))
        }
    });
    assert!(of_document(JSON, &Lossy).contains("for serde_json as"));
}

#[test]
fn a_reader_that_takes_what_is_no_json_is_caught() {
    planted!(Lax {
        fn json<'t>(&self, bytes: &'t [u8]) -> Result<(&'t str, Node), SyntaxError> {
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            let (_, node) = Ours.json(text.replace(",}", "}").as_bytes())?;
            Ok((text, node))
        }
    });
    assert!(of_document(r#"{"a":1,}"#, &Lax).starts_with("serde_json refuses"));
}

#[test]
fn a_reader_that_refuses_json_is_caught() {
    planted!(Strict {
        fn json<'t>(&self, bytes: &'t [u8]) -> Result<(&'t str, Node), SyntaxError> {
            Ours.json(if bytes.contains(&b'[') { b"" } else { bytes })?;
            Ours.json(bytes)
        }
    });
    assert!(of_document(JSON, &Strict).starts_with("only serde_json reads it"));
}

#[test]
fn a_reader_that_finds_a_problem_outside_the_text_is_caught() {
    planted!(Far {
        fn json<'t>(&self, bytes: &'t [u8]) -> Result<(&'t str, Node), SyntaxError> {
            Ours.json(bytes).map_err(|mut error| {
                error.offset += 100;
                error
            })
        }
    });
    assert!(of_document("{", &Far).starts_with("a problem outside the text"));
}

#[test]
fn a_writer_that_forgets_a_member_is_caught() {
    planted!(Forgetful {
        fn compact(&self, node: &Node) -> String {
            Ours.compact(&without(node.clone(), &last))
        }
    });
    assert!(of_document(JSON, &Forgetful).contains(" reads as "));
    assert!(of_question(QUESTION, &Forgetful).contains("its line"));
}

#[test]
fn a_writer_for_people_that_forgets_a_member_is_caught() {
    planted!(Forgetful {
        fn pretty(&self, node: &Node, width: usize) -> String {
            Ours.pretty(&without(node.clone(), &last), width)
        }
    });
    assert!(of_document(JSON, &Forgetful).contains(" reads as "));
    assert!(of_question(QUESTION, &Forgetful).contains("its lines"));
}

#[test]
fn a_writer_of_what_cannot_be_read_is_caught() {
    planted!(Broken {
        fn pretty(&self, node: &Node, width: usize) -> String {
            Ours.pretty(node, width).replace(']', ",]")
        }
    });
    assert!(of_document(JSON, &Broken).contains("cannot be read"));
}

#[test]
fn a_question_that_holds_a_document_as_another_is_caught() {
    planted!(Merging {
        fn held(&self, document: &Document) -> Node {
            let held = Ours.held(document);
            let text = held.as_str().map(str::to_owned);
            // As an object, in which a member cannot stand twice.
            text.and_then(|text| Ours.json(text.as_bytes()).ok().map(|(_, node)| node)).unwrap_or(held)
        }
    });
    let twice = r#"{"Statement":[],"Statement":[]}"#;
    assert!(of_document(twice, &Merging).starts_with("held as what parsers read differently"));
}

#[test]
fn a_policy_reader_that_loses_a_condition_is_caught() {
    planted!(Lossy {
        fn policy(&self, text: &str) -> Result<Policy, Vec<Problem>> {
            let mut policy = Ours.policy(text)?;
            policy.statements.iter_mut().for_each(|statement| statement.conditions.clear());
            Ok(policy)
        }
    });
    assert!(of_document(POLICY, &Lossy).starts_with("the policy is"));
}

#[test]
fn a_ram_policy_reader_that_loses_an_action_is_caught() {
    planted!(Lossy {
        fn ram_policy(&self, text: &str) -> Result<RamPolicy, Vec<Problem>> {
            let mut policy = Ours.ram_policy(text)?;
            policy.statements.iter_mut().for_each(|statement| statement.action.values.truncate(1));
            Ok(policy)
        }
    });
    assert!(of_ram_document(RAM_POLICY, &Lossy).starts_with("the policy is"));
}

#[test]
fn a_policy_reader_that_names_another_place_is_caught() {
    planted!(Beside {
        fn policy(&self, text: &str) -> Result<Policy, Vec<Problem>> {
            let mut policy = Ours.policy(text)?;
            for statement in &mut policy.statements {
                statement.sid.iter_mut().for_each(|sid| sid.span.end -= 1);
            }
            Ok(policy)
        }
    });
    assert!(of_document(POLICY, &Beside).contains("does not stand at"));
}

#[test]
fn a_policy_reader_that_drops_the_problems_is_caught() {
    planted!(Mute {
        fn policy(&self, text: &str) -> Result<Policy, Vec<Problem>> {
            Ours.policy(text).map_err(|_| Vec::new())
        }
    });
    assert!(of_document(JSON, &Mute).starts_with("refused without a reason"));
}

#[test]
fn a_policy_reader_that_finds_a_problem_outside_the_text_is_caught() {
    planted!(Far {
        fn ram_policy(&self, text: &str) -> Result<RamPolicy, Vec<Problem>> {
            Ours.ram_policy(text).map_err(|mut problems| {
                let span = Span { start: text.len(), end: text.len() + 5 };
                problems.push(Problem::new(span, "beyond the end"));
                problems
            })
        }
    });
    assert!(of_ram_document(JSON, &Far).starts_with("a problem outside the text"));
}

#[test]
fn a_policy_reader_that_takes_its_own_writing_for_another_is_caught() {
    planted!(Fickle {
        fn policy(&self, text: &str) -> Result<Policy, Vec<Problem>> {
            let mut policy = Ours.policy(text)?;
            // Only what has no line break, which the document has and its normal form has not.
            if !text.contains('\n') {
                policy.statements.clear();
            }
            Ok(policy)
        }
    });
    assert!(of_document(POLICY, &Fickle).contains(" reads as "));
}

#[test]
fn a_question_writer_that_forgets_the_address_is_caught() {
    planted!(Forgetful {
        fn node(&self, question: &Question) -> Node {
            without(Ours.node(question), &|at, members| members[at].name == "source-ip")
        }
    });
    assert!(of_question(QUESTION, &Forgetful).contains("from its value, the question is another"));
}

#[test]
fn a_question_reader_that_forgets_grants_is_caught() {
    planted!(Forgetful {
        fn question_of(&self, node: &Node) -> Result<Question, Vec<Problem>> {
            let mut question = Ours.question_of(node)?;
            if let Ask::Authorize(ask) = &mut question.ask {
                ask.authorizations.iter_mut().for_each(|one| one.resource.grants.clear());
            }
            Ok(question)
        }
    });
    assert!(of_question(QUESTION, &Forgetful).contains("from its value, the question is another"));
}

#[test]
fn a_reader_of_lines_that_reads_another_question_is_caught() {
    planted!(Other {
        fn question(&self, text: &str) -> Result<Question, Vec<Problem>> {
            let mut question = Ours.question(text)?;
            if !text.contains('\n') {
                question.region.push('x');
            }
            Ok(question)
        }
    });
    assert!(of_question(QUESTION, &Other).contains("from its line, the question is another"));
}

#[test]
fn a_question_reader_that_refuses_what_was_written_is_caught() {
    planted!(Strict {
        fn question_of(&self, _: &Node) -> Result<Question, Vec<Problem>> {
            Err(vec![Problem::new(Span::default(), "never")])
        }
    });
    assert!(of_question(QUESTION, &Strict).contains("from its value, never"));
}

#[test]
fn a_question_reader_that_drops_a_problem_is_caught() {
    planted!(Mute {
        fn question(&self, text: &str) -> Result<Question, Vec<Problem>> {
            Ours.question(text).map_err(|mut problems| {
                problems.clear();
                problems
            })
        }
    });
    assert!(of_question(r#"{"kind":"authorize"}"#, &Mute).starts_with("refused without a reason"));
}

#[test]
fn features_that_a_copy_does_not_have_are_caught() {
    planted!(Fickle {
        fn features(&self, question: &Question) -> BTreeSet<Feature> {
            thread_local!(static ASKED: Cell<bool> = const { Cell::new(false) });
            if ASKED.replace(true) { BTreeSet::new() } else { Ours.features(question) }
        }
    });
    assert!(of_question(QUESTION, &Fickle).contains("the features are others"));
}

#[test]
fn a_decoder_that_refuses_without_a_reason_is_caught() {
    planted!(Mute {
        fn request(&self, line: &str) -> Result<Request, String> {
            Ours.request(line).map_err(|_| String::new())
        }
    });
    assert!(of_line("nothing", &Mute).starts_with("refused without a reason"));
}

#[test]
fn an_encoder_that_gives_another_id_is_caught() {
    planted!(Off {
        fn ask(&self, id: u64, question: &Question) -> String {
            Ours.ask(id + 1, question)
        }
    });
    let line = wire::ask(7, &Question::parse(QUESTION).unwrap());
    assert!(of_line(&line, &Off).contains("reads as"));
}

#[test]
fn an_encoder_that_forgets_a_part_of_the_question_is_caught() {
    planted!(Forgetful {
        fn ask(&self, id: u64, question: &Question) -> String {
            Ours.ask(id, question).replace(r#""source-ip":"203.0.113.10","#, "")
        }
    });
    let line = wire::ask(7, &Question::parse(QUESTION).unwrap());
    assert!(of_line(&line, &Forgetful).contains("reads as"));
}

#[test]
fn a_reply_that_is_written_otherwise_each_time_is_caught() {
    planted!(Fickle {
        fn reply(&self, line: &str) -> serde_json::Result<String> {
            // The message is written where none has been, and forgotten where one has.
            let written = Ours.reply(line)?;
            Ok(if line.contains("because") { written.replace("because", "reasons") } else { written })
        }
    });
    assert!(of_line(REPLY, &Fickle).contains("written as"));
}

#[test]
fn a_welcome_that_cannot_be_read_again_is_caught() {
    planted!(Broken {
        fn welcome(&self, line: &str) -> serde_json::Result<String> {
            Ours.welcome(line).map(|written| written.replace(r#""protocol":1"#, r#""protocol":"one""#))
        }
    });
    assert!(of_line(WELCOME, &Broken).contains("cannot be read"));
}

#[test]
fn a_loader_that_refuses_without_a_reason_is_caught() {
    assert!(of_suite(&mut |_| Err(String::new()), &Ours).starts_with("refused without a reason"));
}

#[test]
fn a_loader_that_loads_one_check_less_the_second_time_is_caught() {
    let mut questions = vec![Question::parse(QUESTION).unwrap(); 2];
    let mut load = |_: &str| {
        questions.pop();
        Ok(questions.clone())
    };
    assert!(of_suite(&mut load, &Ours).starts_with("loaded twice, and not the same"));
}

#[test]
fn a_loader_that_tells_a_problem_once_only_is_caught() {
    let mut problems = vec!["2:1: second", "1:1: first"];
    let mut load = |_: &str| {
        let told = problems.join("\n");
        problems.pop();
        Err(told)
    };
    assert!(of_suite(&mut load, &Ours).starts_with("loaded twice, and not the same"));
}

#[test]
fn a_loader_that_takes_what_it_refused_is_caught() {
    let mut calls = 0;
    let mut load = |_: &str| {
        calls += 1;
        if calls == 1 { Err("1:1: wrong".to_owned()) } else { Ok(Vec::new()) }
    };
    assert!(of_suite(&mut load, &Ours).starts_with("loaded twice, and not the same"));
}

#[test]
fn a_loader_whose_questions_do_not_keep_the_contract_is_caught() {
    planted!(Forgetful {
        fn node(&self, question: &Question) -> Node {
            without(Ours.node(question), &|at, members| members[at].name == "source-ip")
        }
    });
    let mut load = |_: &str| Ok(vec![Question::parse(QUESTION).unwrap()]);
    assert_eq!(targets::suite(b"{}", &mut load, &Ours), Ok(()));
    assert!(of_suite(&mut load, &Forgetful).contains("the question is another"));
}
