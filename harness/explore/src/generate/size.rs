//! Decides how long a generated document of a question about documents is made: as long as its type may be, or longer.

use kms_model::json::{Node, compact};
use kms_model::question::{Ask, PolicyType};
use kms_model::{Dialect, Document, Question};

use crate::edit::{self, open};
use crate::{Choices, Settings};

/// The most that a document of a type may hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Limit {
    /// The dialect.
    pub dialect: Dialect,
    /// The type of policy.
    pub kind: PolicyType,
    /// How many units it may hold.
    pub most: usize,
    /// What is counted.
    pub unit: Unit,
    /// The requirement of the catalogue that says so.
    pub requirement: &'static str,
}

/// What is counted of a document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unit {
    /// Bytes of UTF-8.
    Bytes,
    /// Characters.
    Characters,
    /// Characters that are not white space.
    Visible,
}

const fn limit(
    dialect: Dialect,
    kind: PolicyType,
    most: usize,
    unit: Unit,
    requirement: &'static str,
) -> Limit {
    Limit { dialect, kind, most, unit, requirement }
}

/// Every limit that the catalogue has; of those whose pages disagree, the greatest.
pub const LIMITS: &[Limit] = &[
    limit(Dialect::Aws, PolicyType::Identity, 10_240, Unit::Visible, "iam.doc.size.limit"),
    limit(Dialect::Aws, PolicyType::KeyPolicy, 32_768, Unit::Bytes, "kms.key-policy.format.max-32768-bytes"),
    limit(Dialect::Ram, PolicyType::Control, 4_096, Unit::Characters, "ram.doc.length-control-policy"),
    limit(Dialect::Ram, PolicyType::Identity, 6_144, Unit::Characters, "ram.doc.length-custom-policy"),
    limit(Dialect::Ram, PolicyType::KeyPolicy, 32_768, Unit::Bytes, "ram.kms.keypolicy.length"),
    limit(Dialect::Ram, PolicyType::SecretPolicy, 32_768, Unit::Bytes, "ram.kms.secretpolicy.same-shape"),
    limit(Dialect::Ram, PolicyType::Session, 2_048, Unit::Characters, "ram.doc.length-session-policy"),
];

impl Limit {
    /// The limit of a type of policy, if it has one.
    pub fn of(dialect: Dialect, kind: PolicyType) -> Option<&'static Self> {
        LIMITS.iter().find(|limit| limit.dialect == dialect && limit.kind == kind)
    }

    /// How much of it a text takes.
    pub fn count(&self, text: &str) -> usize {
        match self.unit {
            Unit::Bytes => text.len(),
            Unit::Characters => text.chars().count(),
            Unit::Visible => text.chars().filter(|character| !character.is_ascii_whitespace()).count(),
        }
    }
}

/// Makes the document of a question about one long, now and then: just as long as it may be, which leaves it as valid as
/// it was, or longer, which is a flaw.
pub fn stretch(question: &mut Question, choices: &mut dyn Choices, settings: &Settings) {
    let dialect = question.dialect;
    let Ask::Validate(ask) = &mut question.ask else { return };
    let Some(limit) = Limit::of(dialect, ask.policy_type) else { return };
    if !choices.chance(settings.weights.stretched) {
        return;
    }
    let more = if choices.chance(settings.weights.flaw_of_validate) { 1 + choices.below(9) } else { 0 };
    // White space is counted by some and not by others.
    let blank = choices.chance(25);
    let text = ask.document.text();
    let longer = if blank { padded(text, limit, more) } else { None };
    if let Some(longer) = longer.or_else(|| filled(dialect, &ask.document, limit, more)) {
        ask.document = Document::new(longer);
    }
}

/// The text with white space before its end, so that it is as long as the limit and `more`, white space counted.
fn padded(text: &str, limit: &Limit, more: usize) -> Option<String> {
    let space = (limit.most + more).checked_sub(text.chars().count())?;
    let (start, end) = text.split_at_checked(text.rfind('}')?)?;
    Some(format!("{start}{:space$}{end}", ""))
}

/// The document with a condition on a value that is as long as it takes.
fn filled(dialect: Dialect, document: &Document, limit: &Limit, more: usize) -> Option<String> {
    let mut root = open(document)?;
    let (operator, key) = match dialect {
        Dialect::Ram => ("StringNotEqualsIgnoreCase", "acs:SourceVpc"),
        _ => ("StringNotEqualsIgnoreCase", "aws:UserAgent"),
    };
    let statement = edit::statements_mut(&mut root).into_iter().next()?;
    if statement.get("Condition").is_some_and(|conditions| conditions.get(operator).is_some()) {
        return None;
    }
    if statement.get("Condition").is_none() {
        edit::set(statement, "Condition", std::iter::empty::<(&str, Node)>().collect::<Node>());
    }
    let conditions = edit::member_mut(statement, "Condition")?;
    edit::set(conditions, operator, [(key, Node::from(""))].into_iter().collect::<Node>());
    let missing = (limit.most + more).checked_sub(limit.count(&compact(&root)))?;
    let statement = edit::statements_mut(&mut root).into_iter().next()?;
    let condition = edit::member_mut(edit::member_mut(statement, "Condition")?, operator)?;
    edit::set(condition, key, Node::from("x".repeat(missing)));
    Some(compact(&root))
}
