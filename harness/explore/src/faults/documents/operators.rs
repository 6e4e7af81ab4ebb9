//! Decides the faults about which conditions a document may hold.

use kms_model::Question;
use kms_model::json::{Member, Node, Value};
use kms_model::question::PolicyType;

use crate::edit::{member_mut, remove};
use crate::faults::language::conditions::{Entry, Operator, conditions, contexts, settled};
use crate::faults::reading::statements;
use crate::faults::{Change, Fault};

/// The operators that there are, without prefix and suffix.
const OPERATORS: &[&str] = &[
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "BinaryEquals",
    "Bool",
    "DateEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateNotEquals",
    "IpAddress",
    "NotIpAddress",
    "Null",
    "NumericEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericNotEquals",
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
];

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-unknown-operators-are-skipped",
        "iam.doc.condition.unknown-operator",
        "conditions with an operator that there is not are skipped",
        Change::Question(|question| unknown(question, true)),
    ),
    Fault::new(
        "aws-unknown-operators-never-hold",
        "iam.doc.condition.unknown-operator",
        "a document with an operator that there is not is accepted, and the condition never holds",
        Change::Question(|question| unknown(question, false)),
    ),
    Fault::new(
        "aws-null-takes-if-exists",
        "iam.doc.condition.null-with-ifexists",
        "NullIfExists is Null",
        Change::Question(|question| {
            conditions(question, &["NullIfExists"], |one| {
                let mine = one.operator.base == "Null" && one.operator.if_exists;
                mine.then(|| one.under(Operator { if_exists: false, ..one.operator }))?
            })
        }),
    ),
    Fault::new(
        "aws-bool-has-a-negated-form",
        "iam.op.bool.no-negated-form",
        "Bool with Not before or within its name is the negation of Bool",
        Change::Question(|question| {
            conditions(question, &["Bool"], |one| {
                let mine = matches!(
                    one.operator.base,
                    "BoolNotEquals" | "NotBool" | "BoolNot" | "BoolEquals" | "NotEqualsBool"
                );
                let values =
                    one.texts().iter().map(|text| if text == "true" { "false" } else { "true" }).collect();
                let turned = [Entry { operator: "Bool".to_owned(), values: first(values), ..one.same() }];
                mine.then(|| turned.to_vec())
            })
        }),
    ),
    Fault::new(
        "aws-if-exists-stands-anywhere",
        "iam.op.ifexists.suffix-position",
        "IfExists may stand anywhere in the name of an operator",
        Change::Question(|question| {
            conditions(question, &["IfExists"], |one| {
                let name = one.operator.name();
                let base = name.replace("IfExists", "").trim_matches(':').to_owned();
                let mine = !name.ends_with("IfExists") || name.matches("IfExists").count() > 1;
                let known = OPERATORS.contains(&Operator::read(&base).base);
                (mine && known).then(|| vec![Entry { operator: format!("{base}IfExists"), ..one.same() }])
            })
        }),
    ),
    Fault::new(
        "aws-set-operators-are-read-in-singular-and-plural",
        "iam.op.set.prefix-syntax",
        "the prefixes of set operators may be in the singular or plural",
        Change::Question(|question| {
            conditions(question, &["ForAllValue:", "ForAnyValues:"], |one| {
                let set = match one.operator.set {
                    "ForAllValue" => "ForAllValues",
                    "ForAnyValues" => "ForAnyValue",
                    _ => return None,
                };
                one.under(Operator { set, ..one.operator })
            })
        }),
    ),
    Fault::new(
        "aws-condition-that-is-no-object-is-skipped",
        "iam.doc.condition.must-be-object",
        "a Condition that is no object is skipped",
        Change::Question(|question| {
            statements(question, &["\"Condition\""], |statement, _| {
                statement.get("Condition").is_some_and(|one| one.members().is_none())
                    && remove(statement, "Condition")
            })
        }),
    ),
    Fault::new(
        "aws-same-condition-key-in-other-case-is-another",
        "iam.doc.condition.duplicate-key-different-case",
        "of two spellings of a condition key under one operator the first is read, and the document is accepted",
        Change::Question(one_spelling),
    ),
    Fault::new(
        "aws-booleans-of-conditions-stand-in-quotes",
        "kms.key-policy.format.boolean-json-values",
        "a JSON boolean in a condition is refused",
        Change::Question(|question| {
            conditions(question, &["true", "false"], |one| {
                let bare = matches!(one.values.value, Value::Bool(_));
                bare.then(|| one.under(Operator { base: "Unknown", ..one.operator }))?
            })
        }),
    ),
    Fault::new(
        "aws-lists-of-values-in-lists-are-read",
        "iam.doc.scalar-or-array.condition-value",
        "a list of the values of a condition may hold lists",
        Change::Question(|question| {
            conditions(question, &["[["], |one| {
                let lists = one.values.elements()?.iter().filter_map(Node::elements);
                let inner: Vec<Node> = lists.flatten().cloned().collect();
                (!inner.is_empty()).then(|| vec![Entry { values: inner.into_iter().collect(), ..one.same() }])
            })
        }),
    ),
    Fault::new(
        "aws-tags-without-a-key-are-the-first-tag",
        "iam.key.tag-key-required",
        "a condition on aws:ResourceTag, aws:RequestTag or aws:PrincipalTag without a tag key is one on the first tag",
        Change::Question(|question| {
            conditions(question, &["Tag\""], |one| {
                const FAMILIES: &[&str] = &["aws:ResourceTag", "aws:RequestTag", "aws:PrincipalTag"];
                FAMILIES.iter().find(|family| family.eq_ignore_ascii_case(one.key))?;
                let prefix = format!("{}/", one.key);
                let contexts = contexts(one.at)?;
                let mut keys = contexts.first()?.iter().map(|(key, _)| key);
                let of_family = |key: &&str| {
                    key.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(&prefix))
                };
                let key = keys.find(of_family)?.to_owned();
                Some(vec![Entry { key, ..one.same() }])
            })
        }),
    ),
    Fault::new(
        "aws-for-all-values-on-pairs-is-accepted",
        "kms.cond.ec-forallvalues-rejected",
        "a key policy may have ForAllValues on kms:EncryptionContext:<key>",
        Change::Question(|question| loose_sets(question, "kms:encryptioncontext:")),
    ),
    Fault::new(
        "aws-for-all-values-on-request-tags-is-accepted",
        "kms.tag.forallvalues-requesttag-rejected",
        "a key policy may have ForAllValues on aws:RequestTag/<key>",
        Change::Question(|question| loose_sets(question, "aws:requesttag/")),
    ),
    Fault::new(
        "aws-for-all-values-in-key-policies-is-accepted",
        "kms.key-policy.format.overly-permissive-forallvalues",
        "a key policy may have ForAllValues on any key",
        Change::Question(|question| loose_sets(question, "")),
    ),
];

fn first(mut values: Vec<&str>) -> Node {
    values.truncate(1);
    values.first().copied().unwrap_or("true").into()
}

fn unknown(question: &Question, holds: bool) -> Option<Question> {
    conditions(question, &["Condition"], |one| {
        let prefix = matches!(one.operator.set, "" | "ForAllValues" | "ForAnyValue");
        let known = prefix
            && OPERATORS.contains(&one.operator.base)
            && !(one.operator.base == "Null" && one.operator.if_exists);
        (!known).then(|| settled(holds))?
    })
}

fn one_spelling(question: &Question) -> Option<Question> {
    statements(question, &["\"Condition\""], |statement, _| {
        let Some(condition) = member_mut(statement, "Condition") else { return false };
        let mut changed = false;
        for operator in crate::edit::members_mut(condition) {
            let Value::Object(keys) = &mut operator.node.value else { continue };
            let mut kept: Vec<Member> = Vec::new();
            for key in std::mem::take(keys) {
                let again = kept.iter().any(|known| known.name.eq_ignore_ascii_case(&key.name));
                changed |= again;
                if !again {
                    kept.push(key);
                }
            }
            *keys = kept;
        }
        changed
    })
}

fn loose_sets(question: &Question, keys: &str) -> Option<Question> {
    conditions(question, &["ForAllValues"], |one| {
        let mine =
            !one.denies && one.at.policy_type == PolicyType::KeyPolicy && one.operator.set == "ForAllValues";
        let key = one.key.to_ascii_lowercase();
        let refused = key.starts_with("kms:encryptioncontext:") || key.starts_with("aws:requesttag/");
        let optional = Operator { set: "", if_exists: true, ..one.operator };
        (mine && refused && key.starts_with(keys)).then(|| one.under(optional))?
    })
}
