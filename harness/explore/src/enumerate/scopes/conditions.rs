//! Decides what a condition comes to: every string operator with every qualifier and `IfExists`, on a key of one value and on
//! one of several, absent or present, in the key policy and in the identity policy at once.

use kms_model::Dialect;

use super::super::axis::{Axis, DELEGATES, IDENTITY_OPEN, KEY_OPEN, Part, Place, SAME_ACCOUNT};
use super::super::laws::Law;
use super::super::scope::Scope;
use super::delegation::without_condition;
use super::words::{A, ASKED, Says, Who, decrypts, named, root};

/// Operators and their contraries.
const OPERATORS: [(&str, &str); 3] = [
    ("StringEquals", "StringNotEquals"),
    ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    ("StringLike", "StringNotLike"),
];
const QUALIFIERS: [&str; 3] = ["", "ForAllValues:", "ForAnyValue:"];
/// A key of one value, and values to test it for.
const ONE: (&str, &[&str]) =
    ("kms:EncryptionContext:A", &[r#""x""#, r#""y""#, r#"["x","y"]"#, r#""X""#, r#""*""#]);
/// A key of several values, and values to test it for.
const MANY: (&str, &[&str]) =
    ("kms:EncryptionContextKeys", &[r#""A""#, r#""B""#, r#"["A","B"]"#, r#""a""#, r#""*""#]);

pub fn all(name: &'static str) -> Result<Scope, &'static str> {
    scope(
        (
            name,
            "Every string operator × qualifier × IfExists × value list on a key of one value and one of several, in the key \
             policy and the identity policy at once.",
        ),
        5,
    )
}

pub fn small(name: &'static str) -> Result<Scope, &'static str> {
    scope((name, "The same with one value list a key."), 1)
}

fn scope(told: (&'static str, &'static str), lists: usize) -> Result<Scope, &'static str> {
    let contexts: [&[_]; 6] = [
        &[],
        &[("A", "x")],
        &[("A", "y")],
        &[("B", "x")],
        &[("A", "x"), ("B", "x")],
        &[("A", "y"), ("B", "x")],
    ];
    let frames = contexts.map(|pairs| decrypts(Who::Alice, pairs, false, SAME_ACCOUNT));
    let account = named(&root(A));
    let axes = vec![
        Axis::documents(Dialect::Aws, Place::Key, statements(Some(&account), lists), 1..=1),
        Axis::documents(Dialect::Aws, Place::Identity, statements(None, lists), 0..=1),
    ];
    Scope::new(told, Dialect::Aws, frames.into(), axes, &[])
}

/// An Allow and a Deny under each condition, and under none.
fn statements(principal: Option<&str>, lists: usize) -> Vec<Part> {
    let (own, other) = match principal {
        Some(_) => (KEY_OPEN, IDENTITY_OPEN),
        None => (IDENTITY_OPEN, KEY_OPEN),
    };
    let mut parts = Vec::new();
    for denies in [false, true] {
        let plain = Says { denies, principal, action: ASKED, condition: None };
        let delegates = if principal.is_some() && !denies { DELEGATES } else { 0 };
        let mut part = plain.part();
        part.facts = delegates | if denies { 0 } else { own };
        parts.push(part);
        for (test, contrary) in tests(lists) {
            let says = Says { condition: Some(&test), ..plain };
            let mut part = says.part();
            part.facts = delegates;
            part.becomes.extend(without_condition(says));
            if let (Some(contrary), false) = (&contrary, denies) {
                let text = Says { condition: Some(contrary), ..plain }.text();
                part.becomes.push((Law::Contrary, text, other, 0));
            }
            parts.push(part);
        }
    }
    parts
}

/// Every test, each with its contrary where the documentation says what that is.
fn tests(lists: usize) -> Vec<(String, Option<String>)> {
    let mut tests = Vec::new();
    let write = |operator: &str, key: &str, values: &str| format!(r#"{{"{operator}":{{"{key}":{values}}}}}"#);
    for (key, values) in [ONE, MANY] {
        for values in values.iter().take(lists) {
            for (plain, negated) in OPERATORS {
                for (qualifier, end) in QUALIFIERS.into_iter().flat_map(|one| [(one, ""), (one, "IfExists")])
                {
                    let test = |name| write(&format!("{qualifier}{name}{end}"), key, values);
                    let has_contrary = key == ONE.0 && qualifier.is_empty() && end.is_empty();
                    tests.push((test(plain), has_contrary.then(|| test(negated))));
                    tests.push((test(negated), None));
                }
            }
        }
        tests.extend(["true", "false"].map(|is| (write("Null", key, &format!(r#""{is}""#)), None)));
    }
    tests
}
