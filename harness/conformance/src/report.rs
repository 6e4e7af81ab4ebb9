//! Decides how a run is written for machines; the CLI writes it for people.

use kms_model::shape::{Object, Shape, optional, required};
use serde_json::{Value, json};

use crate::process::smoke::{Smoke, Step};
use crate::run::Run;
use crate::verdict::Verdict;
use crate::{Catalogue, Expectation};

/// A run as one JSON object.
pub fn json(run: &Run) -> Value {
    let mut report = head(run);
    if let Some(report) = report.as_object_mut() {
        report.insert("summary".to_owned(), json!(run.summary()));
        report.insert("requirements".to_owned(), json!(run.requirements()));
        let verdicts: Vec<_> = run.verdicts.iter().map(line).collect();
        report.insert("verdicts".to_owned(), json!(verdicts));
        if let Some(id) = &run.hung {
            report.insert("hung".to_owned(), json!(id));
        }
        if let Some(why) = &run.stopped {
            report.insert("stopped".to_owned(), json!(why));
        }
    }
    report
}

/// A run as lines: what was run, a line for each check, the counts.
pub fn jsonl(run: &Run) -> Vec<Value> {
    let mut lines = vec![head(run)];
    lines.extend(run.verdicts.iter().map(line));
    lines.push(json!({
        "summary": run.summary(), "requirements": run.requirements(), "hung": run.hung, "stopped": run.stopped,
    }));
    lines
}

fn head(run: &Run) -> Value {
    json!({ "evaluator": run.description, "catalogue": kms_spec_cases::VERSION })
}

/// One verdict.
pub fn line(verdict: &Verdict) -> Value {
    let outcome = verdict.got.as_ref().map(|answer| &answer.outcome);
    let message = verdict.got.as_ref().and_then(|answer| {
        let said = match &answer.outcome {
            kms_model::Outcome::Error { error }
            | kms_model::Outcome::Crash { error }
            | kms_model::Outcome::Timeout { error } => Some(error.clone()),
            kms_model::Outcome::Unsupported { feature } => Some(feature.clone()),
            _ => None,
        };
        said.or_else(|| answer.message.clone())
    });
    let expected: Vec<_> = match &verdict.expectation {
        Expectation::Expect(answers) => answers.iter().map(|answer| answer.word()).collect(),
        Expectation::Observe(readings) => readings.iter().map(|(answer, _)| answer.word()).collect(),
    };
    let observation = matches!(verdict.judgement, crate::verdict::Judgement::Observation);
    let mut line = json!({ "id": verdict.id, "requirements": verdict.requirements });
    if let Some(line) = line.as_object_mut() {
        let word = verdict.judgement.word();
        match observation {
            true => line.insert("observation".to_owned(), json!(outcome.map(kms_model::Outcome::word))),
            false => line.insert("verdict".to_owned(), json!(word)),
        };
        line.insert("kind".to_owned(), json!(verdict.judgement.kind()));
        line.insert("expected".to_owned(), json!(expected));
        line.insert("got".to_owned(), json!(outcome.map(kms_model::Outcome::word)));
        line.insert("message".to_owned(), json!(message));
    }
    line
}

/// The catalogue's checks as one JSON list, for `list`.
pub fn list(catalogue: &Catalogue) -> Value {
    let entry = |check: &crate::Check| {
        json!({
            "id": check.id,
            "requirements": check.requirements,
            "expectation": check.expectation.to_string(),
            "features": check.features,
            "place": check.place,
        })
    };
    catalogue.checks().iter().map(entry).collect()
}

/// What became of an attempt at an evaluator, for `smoke`.
pub fn smoke(smoke: &Smoke) -> Value {
    let steps: Vec<_> = smoke.steps.iter().map(step).collect();
    json!({ "evaluator": smoke.description, "passed": smoke.passed(), "steps": steps })
}

/// One step of it.
pub fn step(step: &Step) -> Value {
    let (word, message) = step.conclusion.words();
    json!({ "step": step.name, "conclusion": word, "message": message })
}

const COUNT: Shape = Shape::Integer;
const TEXT_OR_NULL: Shape = Shape::Either(&[Shape::Text, Shape::Null]);

/// The form of [`json()`].
pub const RUN: Shape = Shape::Object(&RUN_OBJECT);

static RUN_OBJECT: Object = Object {
    name: "run",
    about: "A run of the catalogue against an evaluator.",
    members: &[
        required("evaluator", Shape::Object(&DESCRIPTION_OBJECT), "What the evaluator says of itself."),
        required("catalogue", Shape::Text, "The catalogue's version."),
        required("summary", Shape::Object(&SUMMARY), "checks = passed + failed + skipped + known."),
        required("requirements", Shape::Object(&REQUIREMENTS), "How many requirements the run is about."),
        required("verdicts", Shape::List(&Shape::Object(&VERDICT)), "A verdict for each check."),
        optional(
            "hung",
            TEXT_OR_NULL,
            "The check at which the evaluator hung; those after it may lack a verdict.",
        ),
        optional(
            "stopped",
            TEXT_OR_NULL,
            "Why the evaluator was asked nothing more; what it did not answer lacks a verdict.",
        ),
    ],
    open: false,
};

static SUMMARY: Object = Object {
    name: "summary",
    about: "The counts of a run.",
    members: &[
        required("checks", COUNT, "All checks that expect an answer."),
        required("passed", COUNT, "Answered right."),
        required("failed", COUNT, "Failed, in whichever way."),
        required("skipped", COUNT, "Not asked."),
        required("known", COUNT, "Answered wrong as is known."),
        required("observations", COUNT, "Left open by the documentation."),
    ],
    open: false,
};

static REQUIREMENTS: Object = Object {
    name: "requirements",
    about: "How many requirements a run is about.",
    members: &[
        required("met", COUNT, "Asked, and right in every check."),
        required("asked", COUNT, "Asked at least once."),
        required("cited", COUNT, "Cited by a check, asked or not."),
    ],
    open: false,
};

static VERDICT: Object = Object {
    name: "verdict",
    about: "A check and what became of it.",
    members: &[
        required("id", Shape::Text, "The check."),
        required("requirements", Shape::List(&Shape::Text), "The rules that it shows."),
        optional(
            "verdict",
            Shape::Word(&["pass", "fail", "error", "timeout", "crash", "skip", "known", "stale-known"]),
            "What became of it.",
        ),
        optional("observation", TEXT_OR_NULL, "The answer, where the documentation leaves it open."),
        required("kind", TEXT_OR_NULL, "The kind of failure, the missing feature, or the known difference."),
        required("expected", Shape::List(&Shape::Text), "The answers that were expected."),
        required("got", TEXT_OR_NULL, "The answer."),
        required("message", TEXT_OR_NULL, "What the evaluator said."),
    ],
    open: false,
};

/// The form of a description.
pub const DESCRIPTION: Shape = Shape::Object(&DESCRIPTION_OBJECT);

static DESCRIPTION_OBJECT: Object = Object {
    name: "description",
    about: "What an evaluator says of itself.",
    members: &[
        required("name", Shape::Text, "Its name."),
        optional("version", Shape::Text, "Its version."),
        required("dialects", Shape::List(&Shape::Word(&["aws", "ram"])), "The dialects it speaks."),
        optional("features", Shape::List(&Shape::Text), "The inputs it has a place for."),
        optional("detail", Shape::Word(&["decision", "deny-kind"]), "How much its refusals tell."),
        optional("protocol", Shape::Integer, "In the welcome of a process: the protocol that it picked."),
    ],
    open: true,
};

/// The form of [`smoke()`].
pub const SMOKE: Shape = Shape::Object(&SMOKE_OBJECT);

static SMOKE_OBJECT: Object = Object {
    name: "smoke",
    about: "What became of an attempt at an evaluator.",
    members: &[
        required("evaluator", Shape::Object(&DESCRIPTION_OBJECT), "What the evaluator says of itself."),
        required("passed", Shape::Boolean, "Whether nothing is wrong."),
        required("steps", Shape::List(&Shape::Object(&STEP)), "What was tried, in its order."),
    ],
    open: false,
};

static STEP: Object = Object {
    name: "step",
    about: "One thing that was tried.",
    members: &[
        required("step", Shape::Text, "What the evaluator should do."),
        required("conclusion", Shape::Word(&["fail", "note", "pass"]), "What it did; a note is no failure."),
        required("message", TEXT_OR_NULL, "What is wrong or worth knowing."),
    ],
    open: false,
};
