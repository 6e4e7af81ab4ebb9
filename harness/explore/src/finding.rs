//! Decides what a finding is and how it is written: what was found, by what answers, and the smallest question that shows it.
//!
//! A finding is a JSON object, laid out for people; [`FINDING`] is the table of its members. Its `question` is a question
//! like any other: `explain` asks it, a fuzzer starts from it, and `promote` makes a case of it.

use kms_model::json::{Node, Value, pretty};
use kms_model::question::shape::QUESTION;
use kms_model::shape::{Object, Problem, Shape, optional, required};
use kms_model::{Dialect, Question};

/// What was found: the same for every question that shows it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Signature {
    /// What brought it to light.
    pub source: Source,
    /// The words of the answers: of the evaluators, or to the questions of a relation.
    pub answers: Vec<String>,
}

/// What brings findings to light.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Source {
    /// These evaluators disagree; the first is the one that is looked at.
    Differential(Vec<String>),
    /// This relation does not hold for an evaluator.
    Relation {
        /// Its name.
        name: String,
        /// The evaluator.
        evaluator: String,
    },
}

/// How bad a finding is if the others are right, or the relation is: worst first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// What others refuse is allowed.
    FalseAllow,
    /// A relation is broken.
    BrokenRelation,
    /// What others allow is refused.
    FalseDeny,
    /// There is no answer where others have one.
    Failure,
    /// A document is accepted that others refuse, or the other way round.
    WrongValidation,
    /// A refusal is of another kind.
    WrongDenyKind,
}

kms_model::words! { Severity: FalseAllow "false-allow", BrokenRelation "broken-relation", FalseDeny "false-deny",
Failure "failure", WrongValidation "wrong-validation", WrongDenyKind "wrong-deny-kind", }

impl Signature {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        if let Source::Relation { .. } = self.source {
            return Severity::BrokenRelation;
        }
        let Some((own, others)) = self.answers.split_first() else { return Severity::Failure };
        let denies = |word: &str| matches!(word, "deny" | "explicit-deny" | "implicit-deny");
        let documents = |word: &str| matches!(word, "accepted" | "rejected");
        let others_have = |wanted: &dyn Fn(&str) -> bool| others.iter().any(|word| wanted(word));
        match own.as_str() {
            "allow" if others_have(&denies) || others_have(&documents) => Severity::FalseAllow,
            own if denies(own) && others_have(&|word| word == "allow") => Severity::FalseDeny,
            own if documents(own) || (denies(own) && others_have(&documents)) => Severity::WrongValidation,
            own if denies(own) && others_have(&denies) => Severity::WrongDenyKind,
            _ => Severity::Failure,
        }
    }
}

/// Something that exploration brought back.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// What was found.
    pub signature: Signature,
    /// The smallest question that shows it.
    pub question: Question,
    /// The question that showed it first.
    pub found: Question,
    /// The other questions of a relation.
    pub variations: Vec<Question>,
    /// The seed of the exploration, and the number of the question in it.
    pub seed: (u64, u64),
    /// Whether nothing more could be taken away from the question.
    pub is_minimal: bool,
    /// The requirement that it seems to be about: a guess by likeness, or what the relation rests on.
    pub requirement: Option<String>,
}

/// The schema of a finding.
pub fn schema() -> serde_json::Value {
    FINDING.schema("A finding of kms-conformance explore")
}

/// The table of a finding's members.
pub const FINDING: Shape = Shape::Object(&FINDING_OBJECT);

static FINDING_OBJECT: Object = Object {
    name: "finding",
    about: "What exploration brought back, with the smallest question that shows it.",
    members: &[
        required(
            "finding",
            Shape::Word(&["differential", "relation"]),
            "Evaluators disagree, or a relation is broken.",
        ),
        optional("relation", Shape::Text, "relation: its name."),
        required(
            "severity",
            Shape::Word(Severity::WORDS),
            "How bad it is if the others, or the relation, are right.",
        ),
        required(
            "answers",
            Shape::List(&Shape::Object(&ANSWER_OBJECT)),
            "What was answered; the first is the evaluator that was looked at.",
        ),
        required("features", Shape::List(&Shape::Text), "The features that the question needs."),
        optional(
            "requirement",
            Shape::Text,
            "The requirement that it seems to be about, a guess by likeness; absent where nothing is like it.",
        ),
        required(
            "seed",
            Shape::Text,
            "The seed of the exploration, and the number of the question: `7/123`.",
        ),
        required("minimal", Shape::Boolean, "Whether nothing more could be taken away from the question."),
        required("question", QUESTION, "The smallest question that shows it."),
        optional("variations", Shape::List(&QUESTION), "relation: the other questions."),
        required("found", QUESTION, "The question that showed it first."),
    ],
    open: true,
};

static ANSWER_OBJECT: Object = Object {
    name: "finding-answer",
    about: "An answer.",
    members: &[
        required("evaluator", Shape::Text, "Who answered."),
        required("answer", Shape::Text, "The word of the answer."),
    ],
    open: true,
};

impl Finding {
    /// The dialect of its questions.
    pub fn dialect(&self) -> Dialect {
        self.question.dialect
    }

    /// A name for it and no other: `aws-false-allow-implicit-deny-1a2b3c4d`.
    pub fn name(&self) -> String {
        let severity = self.signature.severity().word();
        let what = match &self.signature.source {
            Source::Differential(_) => self.signature.answers.join("-"),
            Source::Relation { name, .. } => name.clone(),
        };
        let number = digest(&self.question.to_line());
        format!("{}-{severity}-{what}-{number:08x}", self.dialect().word())
    }

    /// The finding as a JSON value.
    pub fn to_node(&self) -> Node {
        let texts = |texts: &[&str]| texts.iter().map(|text| Node::from(*text)).collect::<Node>();
        let signature = &self.signature;
        let mut members = Vec::new();
        let evaluators: Vec<&str> = match &signature.source {
            Source::Differential(evaluators) => {
                members.push(("finding", Node::from("differential")));
                evaluators.iter().map(String::as_str).collect()
            }
            Source::Relation { name, evaluator } => {
                members.extend([("finding", "relation".into()), ("relation", name.as_str().into())]);
                vec![evaluator; signature.answers.len()]
            }
        };
        let answers = evaluators.into_iter().zip(&signature.answers).map(|(evaluator, answer)| {
            [("evaluator", Node::from(evaluator)), ("answer", answer.as_str().into())]
                .into_iter()
                .collect::<Node>()
        });
        members.push(("severity", signature.severity().word().into()));
        members.push(("answers", answers.collect()));
        let features = self.question.features();
        members.push(("features", texts(&features.iter().map(|feature| feature.word()).collect::<Vec<_>>())));
        members.extend(self.requirement.as_deref().map(|id| ("requirement", id.into())));
        members.push(("seed", format!("{}/{}", self.seed.0, self.seed.1).into()));
        members.push(("minimal", self.is_minimal.into()));
        members.push(("question", self.question.to_node()));
        if !self.variations.is_empty() {
            members.push(("variations", self.variations.iter().map(Question::to_node).collect()));
        }
        members.push(("found", self.found.to_node()));
        members.into_iter().collect()
    }

    /// The finding as its file.
    pub fn to_text(&self) -> String {
        pretty(&self.to_node(), 110)
    }

    /// Reads a finding from a JSON value.
    ///
    /// # Errors
    /// Every place where the value departs from the table, or a question from its contract.
    pub fn read(node: &Node) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        FINDING.check(node, "", &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let text =
            |node: &Node, name: &str| node.get(name).and_then(Node::as_str).unwrap_or_default().to_owned();
        let list = |name: &str| node.get(name).and_then(Node::elements).unwrap_or_default();
        let evaluators: Vec<_> = list("answers").iter().map(|answer| text(answer, "evaluator")).collect();
        let source = match text(node, "finding").as_str() {
            "relation" => {
                let evaluator = evaluators.into_iter().next().unwrap_or_default();
                Source::Relation { name: text(node, "relation"), evaluator }
            }
            _ => Source::Differential(evaluators),
        };
        let answers = list("answers").iter().map(|answer| text(answer, "answer")).collect();
        let question = |name: &str| Question::read(node.get(name).unwrap_or(node));
        let seed = text(node, "seed");
        let (seed, number) = seed.split_once('/').unwrap_or_default();
        Ok(Self {
            signature: Signature { source, answers },
            question: question("question")?,
            found: question("found")?,
            variations: list("variations").iter().map(Question::read).collect::<Result<_, _>>()?,
            seed: (seed.parse().unwrap_or_default(), number.parse().unwrap_or_default()),
            is_minimal: matches!(node.get("minimal"), Some(Node { value: Value::Bool(true), .. })),
            requirement: node.get("requirement").and_then(Node::as_str).map(str::to_owned),
        })
    }
}

/// A short number for a text (FNV-1a).
fn digest(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kms_model::json::{Limits, parse};

    fn signature(answers: &[&str]) -> Signature {
        let evaluators = (0..answers.len()).map(|at| format!("e{at}")).collect();
        let answers = answers.iter().map(|word| (*word).to_owned()).collect();
        Signature { source: Source::Differential(evaluators), answers }
    }

    #[test]
    fn what_is_allowed_against_the_others_is_the_worst() {
        for (answers, severity) in [
            (&["allow", "implicit-deny"][..], Severity::FalseAllow),
            (&["allow", "rejected"], Severity::FalseAllow),
            (&["allow", "allow", "deny"], Severity::FalseAllow),
            (&["explicit-deny", "allow"], Severity::FalseDeny),
            (&["explicit-deny", "implicit-deny"], Severity::WrongDenyKind),
            (&["explicit-deny", "rejected"], Severity::WrongValidation),
            (&["accepted", "rejected"], Severity::WrongValidation),
            (&["error", "allow"], Severity::Failure),
            (&["allow", "crash"], Severity::Failure),
        ] {
            assert_eq!(signature(answers).severity(), severity, "{answers:?}");
        }
        assert!(Severity::FalseAllow < Severity::FalseDeny);
    }

    #[test]
    fn a_finding_is_read_as_it_was_written() {
        let question = Question::parse(
            r#"{"kind":"validate","dialect":"ram","region":"cn-hangzhou","policy-type":"identity","document":"{"}"#,
        )
        .unwrap();
        let relation = Source::Relation { name: "order".to_owned(), evaluator: "x".to_owned() };
        for (source, requirement) in
            [(relation, None), (signature(&["accepted", "rejected"]).source, Some("ram.a.b".to_owned()))]
        {
            let finding = Finding {
                signature: Signature { source, answers: vec!["accepted".to_owned(), "rejected".to_owned()] },
                question: question.clone(),
                found: question.clone(),
                variations: vec![question.clone()],
                seed: (u64::MAX, 12),
                is_minimal: true,
                requirement,
            };
            let text = finding.to_text();
            let read = Finding::read(&parse(&text, Limits::default()).unwrap()).unwrap();
            assert_eq!((read.to_text(), read.name()), (text, finding.name()));
            assert_eq!(read.seed, (u64::MAX, 12));
        }
    }

    #[test]
    fn what_is_no_finding_is_told() {
        let node = parse(r#"{"finding":"rumour","question":{}}"#, Limits::default()).unwrap();
        let problems: Vec<_> = Finding::read(&node).unwrap_err().into_iter().map(|one| one.message).collect();
        assert_eq!(problems.len(), 10, "{problems:?}");
    }
}
