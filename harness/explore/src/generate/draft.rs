//! Decides what the text of a generated document looks like. A draft may say what no policy says: documents that are
//! nearly valid are drafts with a flaw.

use std::borrow::Cow;

/// A text, almost always one that is known beforehand.
pub type Text = Cow<'static, str>;

/// A document to be.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// `Version`
    pub version: Option<Text>,
    /// `Id`
    pub id: Option<Text>,
    /// Whether the only statement stands without a list.
    pub bare: bool,
    /// `Statement`
    pub statements: Vec<Statement>,
}

/// A statement to be.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    /// `Sid`
    pub sid: Option<Text>,
    /// `Effect`
    pub effect: Text,
    /// `Principal` or `NotPrincipal`
    pub principal: Option<Principal>,
    /// `Action` or `NotAction`
    pub action: Option<Element>,
    /// `Resource` or `NotResource`
    pub resource: Option<Element>,
    /// `Condition`
    pub conditions: Vec<Condition>,
    /// Members besides, as JSON: `,"Foo":1`.
    pub more: &'static str,
}

/// The principals of a statement.
#[derive(Clone, Debug, Default)]
pub struct Principal {
    /// Whether it is the `Not…` form.
    pub negated: bool,
    /// The principals and the member that each stands under; under `*` is the string form.
    pub values: Vec<(&'static str, Text)>,
}

/// The actions or resources of a statement.
#[derive(Clone, Debug, Default)]
pub struct Element {
    /// Whether it is the `Not…` form.
    pub negated: bool,
    /// Whether a single value stands in a list.
    pub list: bool,
    /// The values.
    pub values: Vec<Text>,
}

/// A condition key under an operator.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    /// The operator.
    pub operator: Text,
    /// The key.
    pub key: Text,
    /// Whether a single value stands in a list.
    pub list: bool,
    /// Whether values stand without quotes where they can.
    pub unquoted: bool,
    /// The values.
    pub values: Vec<Text>,
}

impl Draft {
    /// The text.
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(96 + 288 * self.statements.len());
        out.push('{');
        for (name, value) in [("\"Version\":", &self.version), ("\"Id\":", &self.id)] {
            if let Some(value) = value {
                out.push_str(name);
                string(value, &mut out);
                out.push(',');
            }
        }
        out.push_str("\"Statement\":");
        match self.statements.as_slice() {
            [only] if self.bare => only.write(&mut out),
            statements => {
                out.push('[');
                separated(statements, &mut out, Statement::write);
                out.push(']');
            }
        }
        out.push('}');
        out
    }
}

impl Statement {
    fn write(&self, out: &mut String) {
        out.push('{');
        if let Some(sid) = &self.sid {
            out.push_str("\"Sid\":");
            string(sid, out);
            out.push(',');
        }
        out.push_str("\"Effect\":");
        string(&self.effect, out);
        if let Some(principal) = &self.principal {
            out.push_str(if principal.negated { ",\"NotPrincipal\":" } else { ",\"Principal\":" });
            principal.write(out);
        }
        if let Some(action) = &self.action {
            out.push_str(if action.negated { ",\"NotAction\":" } else { ",\"Action\":" });
            texts(&action.values, action.list, string, out);
        }
        if let Some(resource) = &self.resource {
            out.push_str(if resource.negated { ",\"NotResource\":" } else { ",\"Resource\":" });
            texts(&resource.values, resource.list, string, out);
        }
        if !self.conditions.is_empty() {
            out.push_str(",\"Condition\":{");
            let first = |at: &usize| {
                let operator = self.conditions.get(*at).map(|one| &one.operator);
                !self.conditions.iter().take(*at).any(|one| Some(&one.operator) == operator)
            };
            let firsts = (0..self.conditions.len()).filter(first);
            separated(firsts.filter_map(|at| self.conditions.get(at)), out, |one, out| {
                string(&one.operator, out);
                out.push_str(":{");
                let under = self.conditions.iter().filter(|other| other.operator == one.operator);
                separated(under, out, Condition::write);
                out.push('}');
            });
            out.push('}');
        }
        out.push_str(self.more);
        out.push('}');
    }
}

impl Principal {
    fn write(&self, out: &mut String) {
        if let [("*", text)] = self.values.as_slice() {
            return string(text, out);
        }
        out.push('{');
        let kinds = ["AWS", "RAM", "Service", "Federated", "CanonicalUser"];
        let used = kinds.iter().filter(|kind| self.values.iter().any(|(of, _)| of == *kind));
        separated(used, out, |kind, out| {
            string(kind, out);
            out.push(':');
            let of_kind = || self.values.iter().filter(|(of, _)| of == kind).map(|(_, text)| text);
            match (of_kind().count(), of_kind().next()) {
                (1, Some(only)) => string(only, out),
                _ => {
                    out.push('[');
                    separated(of_kind(), out, |text, out| string(text, out));
                    out.push(']');
                }
            }
        });
        out.push('}');
    }
}

impl Condition {
    fn write(&self, out: &mut String) {
        string(&self.key, out);
        out.push(':');
        let value = |text: &str, out: &mut String| match self.unquoted && is_bare(text) {
            true => out.push_str(text),
            false => string(text, out),
        };
        texts(&self.values, self.list, value, out);
    }
}

/// Whether a text is a boolean or a number in JSON too.
fn is_bare(text: &str) -> bool {
    let digits = !text.is_empty() && text.len() < 15 && text.bytes().all(|byte| byte.is_ascii_digit());
    matches!(text, "true" | "false") || (digits && (text == "0" || !text.starts_with('0')))
}

fn texts(values: &[Text], list: bool, write: impl Fn(&str, &mut String), out: &mut String) {
    match values {
        [only] if !list => write(only, out),
        values => {
            out.push('[');
            separated(values, out, |text, out| write(text, out));
            out.push(']');
        }
    }
}

fn separated<T>(items: impl IntoIterator<Item = T>, out: &mut String, write: impl Fn(T, &mut String)) {
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(item, out);
    }
}

/// A JSON string.
pub fn string(text: &str, out: &mut String) {
    out.push('"');
    // Without a way out of the loop, which makes it a fast one: hardly any text has such a character.
    if text.bytes().fold(false, |found, byte| found | matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        for character in text.chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
                _ => out.push(character),
            }
        }
    } else {
        out.push_str(text);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_written_as_policies_are() {
        let element = |negated, list, values: &[&'static str]| {
            Some(Element { negated, list, values: values.iter().map(|text| Text::from(*text)).collect() })
        };
        let condition = |operator: &'static str, key: &'static str, value: &'static str| Condition {
            operator: operator.into(),
            key: key.into(),
            unquoted: true,
            values: vec![value.into()],
            ..Condition::default()
        };
        let statement = Statement {
            sid: Some("a".into()),
            effect: "Deny".into(),
            principal: Some(Principal {
                negated: true,
                values: vec![("AWS", "x".into()), ("Service", "s".into()), ("AWS", "y\"".into())],
            }),
            action: element(true, true, &["kms:*"]),
            resource: element(false, false, &["*"]),
            conditions: vec![
                condition("Bool", "k", "true"),
                condition("Null", "k", "x"),
                condition("Bool", "l", "1"),
            ],
            more: "",
        };
        let draft =
            Draft { version: Some("2012-10-17".into()), bare: true, statements: vec![statement], id: None };
        let expected = r#"{"Version":"2012-10-17","Statement":{"Sid":"a","Effect":"Deny","NotPrincipal":{"AWS":["x","y\""],"Service":"s"},"NotAction":["kms:*"],"Resource":"*","Condition":{"Bool":{"k":true,"l":1},"Null":{"k":"x"}}}}"#;
        assert_eq!(draft.text(), expected);
        kms_model::policy::Policy::read(expected).unwrap();
    }
}
