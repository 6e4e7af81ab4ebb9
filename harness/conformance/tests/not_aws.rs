//! An evaluator that knows AWS and is handed the questions of Alibaba Cloud in AWS's words fails every case of
//! `ram/not-aws`.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a JSON value gives null for what it lacks"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kms_conformance::model::operations::{self, Target};
use kms_conformance::model::{Answer, Description, Dialect, Evaluator, Feature, Question};
use kms_conformance::{Catalogue, Expectation, Options};
use kms_reference::AwsReference;
use serde_json::{Value, json};

/// Puts a question of RAM in AWS's words, as somebody would who thinks that only the words differ.
fn translated(question: &Question) -> Option<Question> {
    let mut line = question.to_line();
    for (ram, aws) in [
        ("\"dialect\":\"ram\"", "\"dialect\":\"aws\""),
        ("1234567890123456", "111122223333"),
        ("6543210987654321", "444455556666"),
        ("cn-", "us-"),
        ("acs:ram::111122223333:assumed-role", "arn:aws:sts::111122223333:assumed-role"),
        ("acs:ram::444455556666:assumed-role", "arn:aws:sts::444455556666:assumed-role"),
        ("acs:ram:", "arn:aws:iam:"),
        ("acs:kms:", "arn:aws:kms:"),
        ("acs:ecs:", "arn:aws:ecs:"),
        ("acs:oss:", "arn:aws:s3:"),
        ("\"acs:", "\"aws:"),
        ("\"Version\":\"1\"", "\"Version\":\"2012-10-17\""),
        ("\"RAM\":", "\"AWS\":"),
        ("\"policy-type\":\"control\"", "\"policy-type\":\"scp\""),
        ("\"policy-type\":\"secret-policy\"", "\"policy-type\":\"resource-policy\""),
        ("\"policy-type\":\"trust-policy\"", "\"policy-type\":\"resource-policy\""),
        ("aliyuncs.com", "amazonaws.com"),
    ] {
        line = line.replace(ram, aws);
    }
    let mut root: Value = serde_json::from_str(&line).unwrap();
    if root["kind"] == "authorize" {
        root.as_object_mut()?.remove("context-types");
        let own = root["caller"]["account"].clone();
        let mut control = Value::Null;
        for authorization in root["authorizations"].as_array_mut()? {
            authorization.as_object_mut()?.remove("context");
            let resource = authorization["resource"].as_object_mut()?;
            let policies = resource.remove("control-policies");
            if resource["account"] == own {
                control = policies.unwrap_or(control);
            }
            if resource["type"] == "kms:key" && !resource.contains_key("policy") {
                resource.insert("policy".to_owned(), delegating(resource["account"].as_str()?));
            }
        }
        if !control.is_null() {
            root["caller"]["scps"] = control;
        }
        root["authorizations"] = authorizations(&root)?;
    }
    Question::parse(&root.to_string()).ok()
}

/// The policy that a key has at AWS if nobody gives it another.
fn delegating(account: &str) -> Value {
    let principal = format!("arn:aws:iam::{account}:root");
    json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": { "AWS": principal }, "Action": "kms:*", "Resource": "*" } ] })
}

/// What AWS asks for the operation of that name; for one it does not have, the first thing that RAM asks for.
fn authorizations(root: &Value) -> Option<Value> {
    let given = root["authorizations"].as_array()?;
    let Some(known) = root["operation"]["name"].as_str().and_then(operations::by_name) else {
        return Some(json!([secrets_of_their_own(given.first()?.clone())]));
    };
    let of = |kind: &'static str| given.iter().filter(move |one| one["resource"]["type"] == kind);
    let mut keys = of("kms:key");
    let mut asked = Vec::new();
    for (action, target) in &known.authorizations {
        let resource = match target {
            Target::Alias => of("kms:alias").next()?["resource"].clone(),
            Target::None => {
                json!({ "arn": "*", "type": "kms:account", "account": given.first()?["resource"]["account"] })
            }
            _ => keys.next().or_else(|| of("kms:key").next_back())?["resource"].clone(),
        };
        asked.push(json!({ "action": action, "resource": resource }));
    }
    Some(Value::Array(asked))
}

/// At AWS, secrets belong to another service.
fn secrets_of_their_own(mut authorization: Value) -> Value {
    if authorization["resource"]["type"].as_str().is_some_and(|kind| kind.starts_with("kms:secret")) {
        for place in ["/action", "/resource/arn", "/resource/type"] {
            let Some(text) = authorization.pointer_mut(place) else { continue };
            let said = text.as_str().unwrap_or_default().replace("kms:", "secretsmanager:");
            *text = json!(said.replace(":secret/", ":secret:"));
        }
    }
    authorization
}

struct AwsMinded {
    reference: AwsReference,
    description: Description,
}

impl AwsMinded {
    fn new() -> Self {
        let features: Vec<_> =
            Feature::ALL.iter().copied().filter(|feature| *feature != Feature::DerivesContext).collect();
        let description = Description::new("aws-minded", "1", Dialect::Ram).with(&features);
        Self { reference: AwsReference::new(), description }
    }
}

impl Evaluator for AwsMinded {
    fn description(&self) -> &Description {
        &self.description
    }

    fn answer(&mut self, question: &Question) -> Answer {
        match translated(question) {
            Some(question) => self.reference.answer(&question),
            None => Answer::error("the question cannot be said in AWS's words"),
        }
    }
}

#[test]
fn who_knows_aws_only_fails_every_case_of_not_aws() {
    let catalogue = Catalogue::builtin_near(&["ram/"]).unwrap().of_dialect(Dialect::Ram);
    let catalogue = catalogue.filtered(|check| check.id.starts_with("ram/not-aws/"));
    let run = kms_conformance::run(&catalogue, Arc::new(AwsMinded::new), &Options::default(), &mut |_, _| {});
    let run = run.unwrap();
    let mut cases: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut errors = BTreeSet::new();
    let mut twins = (0, 0);
    for verdict in &run.verdicts {
        let case = verdict.id.split('#').next().unwrap();
        if matches!(verdict.expectation, Expectation::Observe(_)) {
            continue;
        }
        if case.ends_with("twin") {
            twins = (twins.0 + 1, twins.1 + usize::from(verdict.judgement.word() == "pass"));
            continue;
        }
        let (checks, failed) = cases.entry(case).or_default();
        *checks += 1;
        *failed += usize::from(verdict.judgement.word() == "fail");
        if verdict.judgement.word() == "error" {
            errors.insert(verdict.id.as_str());
        }
    }
    assert!(cases.len() >= 21, "{} cases", cases.len());
    // The twins are where both clouds agree: a translation that said nonsense would miss them too.
    assert!(twins.1 * 4 >= twins.0 * 3 && twins.0 >= 15, "{} of {} twins are met", twins.1, twins.0);
    assert!(errors.is_empty(), "cannot be said in AWS's words: {errors:?}");
    let met: Vec<_> = cases.iter().filter(|(_, (_, failed))| *failed == 0).collect();
    assert!(met.is_empty(), "it meets these cases: {met:?}");
}
