//! The messages of the protocol fit the schemas that are published for them, and the schemas refuse what is none.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use jsonschema::Validator;
use kms_conformance::model::wire::{self, Reply, Request, Welcome};
use kms_conformance::model::{Answer, Because, Evaluator as _, Outcome};
use kms_conformance::{Catalogue, schema};
use kms_reference::Reference;
use serde_json::{Value, json};

fn fits(schema: &Value, line: &str) -> bool {
    jsonschema::is_valid(schema, &serde_json::from_str(line).unwrap())
}

#[test]
fn what_the_harness_says_fits_its_schemas() {
    assert!(fits(&schema::hello(), &wire::hello("0.1.0")));
    assert!(fits(&schema::bye(), wire::BYE));
    let ask: Validator = jsonschema::validator_for(&schema::ask()).unwrap();
    let catalogue = Catalogue::builtin_near(&["aws/core/", "ram/evaluation/"]).unwrap();
    for (id, check) in (1..).zip(catalogue.checks()) {
        let line = wire::ask(id, &check.question);
        assert!(ask.is_valid(&serde_json::from_str(&line).unwrap()), "{line}");
        assert!(matches!(Request::read(&line), Ok(Request::Ask(read, _)) if read == id), "{line}");
    }
}

#[test]
fn what_an_evaluator_says_fits_its_schemas() {
    let welcome = json!(Welcome::new(Reference::new().description().clone()));
    assert!(jsonschema::is_valid(&schema::description(), &welcome), "{welcome}");
    let reply = jsonschema::validator_for(&schema::reply()).unwrap();
    for answer in [
        Outcome::Allow.into(),
        Answer::error("no"),
        Outcome::Rejected { policy: Some("/document".to_owned()) }.into(),
        Outcome::Unsupported { feature: "grants".to_owned() }.into(),
        Answer::from(Outcome::ExplicitDeny)
            .because(vec![Because::new("/caller/policies/0", 1)])
            .message("so"),
    ] {
        let line = json!(Reply::new(7, answer));
        assert!(reply.is_valid(&line), "{line}");
    }
}

#[test]
fn what_is_no_message_fits_no_schema() {
    for (schema, line) in [
        (schema::hello(), r#"{"hello":{"protocol":1}}"#),
        (schema::hello(), r#"{"hello":{}}"#),
        (schema::ask(), r#"{"ask":{"id":1}}"#),
        (schema::ask(), r#"{"ask":{"id":"1","question":{"kind":"validate","dialect":"aws","region":"r"}}}"#),
        (schema::ask(), r#"{"ask":{"id":1,"question":{"kind":"guess","dialect":"aws","region":"r"}}}"#),
        (schema::bye(), r#"{"good":{}}"#),
        (schema::reply(), r#"{"id":1,"answer":"allow"}"#),
        (schema::reply(), r#"{"answer":{"answer":"allow"}}"#),
        (schema::reply(), r#"{"id":1,"answer":{"answer":"perhaps"}}"#),
    ] {
        assert!(!fits(&schema, line), "{line}");
    }
}

#[test]
fn the_page_names_every_message_and_answer() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec-cases/PROTOCOL.md");
    let page = std::fs::read_to_string(page).unwrap();
    for name in ["hello", "description", "ask", "reply", "bye", "question"] {
        assert!(page.contains(&format!("(schema/{name}.schema.json)")), "{name}");
    }
    let words = schema::answer()["$defs"]["answer"]["properties"]["answer"]["enum"].clone();
    for word in words.as_array().unwrap() {
        assert!(page.contains(&format!("| `{}` |", word.as_str().unwrap())), "{word}");
    }
}
