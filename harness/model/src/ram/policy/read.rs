//! Decides whether a text keeps the shared grammar of RAM policies, and names every place where it does not.

use super::{RamPolicy, RamPrincipal, RamPrincipalKind, RamStatement};
use crate::json::{Limits, Member, Node, Span, Value, parse};
use crate::policy::{Condition, Effect, Element, Text};
use crate::shape::{Problem, one_of};

const POLICY: &[&str] = &["Version", "Statement"];
const STATEMENT: &[&str] = &["Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "Condition"];

impl RamPolicy {
    /// Reads a policy from its text.
    ///
    /// # Errors
    /// Every place where the text departs from the grammar.
    pub fn read(text: &str) -> Result<Self, Vec<Problem>> {
        let root = parse(text, Limits::default()).map_err(|error| {
            let span = Span { start: error.offset, end: error.offset };
            vec![Problem::new(span, format!("not well-formed JSON: {}", error.message))]
        })?;
        let mut reader = Reader::default();
        let policy = reader.policy(&root);
        match policy {
            Some(policy) if reader.problems.is_empty() => Ok(policy),
            _ => Err(reader.problems),
        }
    }
}

/// What stands where something does not is read as `None`, and its problem is kept.
#[derive(Default)]
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn refuse<T>(&mut self, span: Span, message: impl Into<String>) -> Option<T> {
        self.problems.push(Problem::new(span, message));
        None
    }

    /// The members of an object that has some, once those repeated are reported.
    fn members<'a>(&mut self, node: &'a Node, what: &str) -> Option<&'a [Member]> {
        let Some(members) = node.members() else {
            return self.refuse(node.span, format!("{what} must be an object, not {}", node.kind()));
        };
        if members.is_empty() {
            return self.refuse(node.span, format!("{what} is empty"));
        }
        let names = members.iter().map(|member| &member.name).enumerate();
        for (index, name) in names {
            if let Some(again) = members.iter().skip(index + 1).find(|member| member.name == *name) {
                self.problems.push(Problem::new(again.name_span, format!("`{name}` occurs twice")));
            }
        }
        Some(members)
    }

    /// The same, where the names are known.
    fn known<'a>(&mut self, node: &'a Node, what: &str, known: &[&str]) -> Option<&'a [Member]> {
        let members = self.members(node, what)?;
        for member in members.iter().filter(|member| !known.contains(&member.name.as_str())) {
            let message = format!("unknown element `{}`; expected {}", member.name, one_of(known));
            self.problems.push(Problem::new(member.name_span, message));
        }
        Some(members)
    }

    fn policy(&mut self, root: &Node) -> Option<RamPolicy> {
        self.known(root, "a policy", POLICY)?;
        match root.get("Version") {
            None => self.refuse(root.span, "a policy needs `Version`"),
            Some(node) if node.as_str() != Some("1") => {
                self.refuse(node.span, "`Version` must be the string `1`")
            }
            Some(_) => Some(()),
        };
        let Some(node) = root.get("Statement") else {
            return self.refuse(root.span, "a policy needs `Statement`");
        };
        let Some(elements) = node.elements() else {
            return self.refuse(node.span, format!("`Statement` must be a list, not {}", node.kind()));
        };
        if elements.is_empty() {
            return self.refuse(node.span, "a policy needs at least one statement");
        }
        Some(RamPolicy { statements: elements.iter().filter_map(|node| self.statement(node)).collect() })
    }

    fn statement(&mut self, node: &Node) -> Option<RamStatement> {
        self.known(node, "a statement", STATEMENT)?;
        let sid = node.get("Sid").and_then(|node| self.text(node, "Sid"));
        let effect = match node.get("Effect").map(|node| (node, node.as_str())) {
            Some((_, Some("Allow"))) => Some(Effect::Allow),
            Some((_, Some("Deny"))) => Some(Effect::Deny),
            // Only the two spellings are listed; that another case would do is not said.
            Some((node, _)) => self.refuse(node.span, "`Effect` must be `Allow` or `Deny`"),
            None => self.refuse(node.span, "a statement needs `Effect`"),
        };
        let principal = node.get("Principal").and_then(|node| self.principal(node));
        let action = match (node.get("Action"), node.get("NotAction")) {
            (Some(action), None) => self.element(action, "Action", false),
            (None, Some(action)) => self.element(action, "NotAction", true),
            (Some(_), Some(_)) => {
                self.refuse(node.span, "a statement cannot have both `Action` and `NotAction`")
            }
            (None, None) => self.refuse(node.span, "a statement needs `Action` or `NotAction`"),
        };
        let resource = node.get("Resource").and_then(|node| self.element(node, "Resource", false));
        let conditions = node.get("Condition").map(|node| self.conditions(node)).unwrap_or_default();
        Some(RamStatement {
            span: node.span,
            sid,
            effect: effect?,
            principal,
            action: action?,
            resource,
            conditions,
        })
    }

    fn text(&mut self, node: &Node, what: &str) -> Option<Text> {
        match node.as_str() {
            Some(text) => Some(Text { span: node.span, text: text.to_owned() }),
            None => self.refuse(node.span, format!("`{what}` must be a string, not {}", node.kind())),
        }
    }

    /// One string, or a list of one or more.
    fn texts(&mut self, node: &Node, what: &str) -> Vec<Text> {
        match &node.value {
            Value::String(_) => self.text(node, what).into_iter().collect(),
            Value::Array(elements) if elements.is_empty() => {
                self.problems.push(Problem::new(node.span, format!("`{what}` lists nothing")));
                Vec::new()
            }
            Value::Array(elements) => {
                elements.iter().filter_map(|element| self.text(element, what)).collect()
            }
            _ => {
                let message = format!("`{what}` must be a string or a list of strings, not {}", node.kind());
                self.problems.push(Problem::new(node.span, message));
                Vec::new()
            }
        }
    }

    fn element(&mut self, node: &Node, what: &str, negated: bool) -> Option<Element> {
        Some(Element { span: node.span, negated, values: self.texts(node, what) })
    }

    fn principal(&mut self, node: &Node) -> Option<RamPrincipal> {
        let mut values = Vec::new();
        for member in self.known(node, "`Principal`", RamPrincipalKind::WORDS)? {
            let Some(kind) = RamPrincipalKind::from_word(&member.name) else { continue };
            values.extend(self.texts(&member.node, &member.name).into_iter().map(|text| (kind, text)));
        }
        Some(RamPrincipal { span: node.span, values })
    }

    fn conditions(&mut self, node: &Node) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for operator in self.members(node, "`Condition`").unwrap_or_default() {
            let keys = self.members(&operator.node, &format!("`{}`", operator.name));
            for key in keys.unwrap_or_default() {
                conditions.push(Condition {
                    operator: Text { span: operator.name_span, text: operator.name.clone() },
                    key: Text { span: key.name_span, text: key.name.clone() },
                    values: self.texts(&key.node, &key.name),
                });
            }
        }
        conditions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusals(text: &str) -> Vec<String> {
        let problems = RamPolicy::read(text).err().unwrap_or_default();
        problems.into_iter().map(|problem| problem.message).collect()
    }

    /// A document with one statement that has these elements beside its effect.
    fn statement(elements: &str) -> String {
        format!(r#"{{"Version":"1","Statement":[{{"Effect":"Allow",{elements}}}]}}"#)
    }

    const WHOLE: &str = r#""Action":"a:b","Resource":"*""#;

    #[test]
    fn reads_every_element() {
        let text = statement(
            r#""Sid":"s","Principal":{"RAM":["x","y"],"Service":"z"},"NotAction":"a:b","Resource":["*"],
                "Condition":{"Bool":{"k":"true","l":["1","2"]},"StringLike":{"k":"*"}}"#,
        );
        let policy = RamPolicy::read(&text).unwrap();
        let [statement] = policy.statements.as_slice() else { panic!("{policy:?}") };
        assert_eq!((statement.effect, statement.sid.as_ref().unwrap().text.as_str()), (Effect::Allow, "s"));
        let principals = &statement.principal.as_ref().unwrap().values;
        let kinds: Vec<_> = principals.iter().map(|(kind, text)| (*kind, text.text.as_str())).collect();
        use RamPrincipalKind::{Ram, Service};
        assert_eq!(kinds, [(Ram, "x"), (Ram, "y"), (Service, "z")]);
        assert!(statement.action.negated && !statement.resource.as_ref().unwrap().negated);
        let conditions: Vec<_> = statement
            .conditions
            .iter()
            .map(|one| (one.operator.text.as_str(), one.key.text.as_str(), one.values.len()))
            .collect();
        assert_eq!(conditions, [("Bool", "k", 1), ("Bool", "l", 2), ("StringLike", "k", 1)]);
    }

    #[test]
    fn a_string_and_a_list_of_one_are_the_same() {
        // ram.doc.single-value-equals-list
        let values = |text: &str| {
            let policy = RamPolicy::read(&statement(text)).unwrap();
            let values = policy.statements[0].action.values.clone();
            values.into_iter().map(|value| value.text).collect::<Vec<_>>()
        };
        assert_eq!(values(r#""Action":"a:b""#), values(r#""Action":["a:b"]"#));
    }

    #[test]
    fn documents_are_what_the_grammar_prints() {
        for (text, message) in [
            ("[]", "a policy must be an object, not a list"),
            (r#"{"Statement":[{"Effect":"Deny","Action":"a:b"}]}"#, "a policy needs `Version`"), // ram.doc.version-required
            (r#"{"Version":"1"}"#, "a policy needs `Statement`"), // ram.doc.statement-required
            (r#"{"Version":"1","Statement":[]}"#, "a policy needs at least one statement"), // ram.doc.statement-nonempty
            (r#"{"Version":"1","Statement":{}}"#, "`Statement` must be a list, not an object"), // ram.doc.statement-is-list
            (
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"a:b"}]}"#, // ram.doc.version-only-1
                "`Version` must be the string `1`",
            ),
            (
                r#"{"Version":1,"Statement":[{"Effect":"Deny","Action":"a:b"}]}"#, // ram.doc.version-is-string
                "`Version` must be the string `1`",
            ),
            (
                r#"{"Version":"1","Statement":[{"Effect":"Deny","Action":"a:b"}],"Id":"x"}"#, // ram.doc.unknown-element
                "unknown element `Id`; expected `Version` or `Statement`",
            ),
            (
                r#"{"Version":"1","Statement":[{"Effect":"Deny","Action":"a:b"},]}"#, // ram.doc.json-only
                "not well-formed JSON: expected a value, found `]`",
            ),
            (
                r#"{"Version":"1","Version":"1","Statement":[{"Effect":"Deny","Action":"a:b"}]}"#,
                "`Version` occurs twice",
            ),
            (r#"{"Version":"1","Statement":["x"]}"#, "a statement must be an object, not a string"),
            (r#"{"Version":"1","Statement":[{"Action":"a:b"}]}"#, "a statement needs `Effect`"), // ram.doc.effect-required
        ] {
            assert_eq!(refusals(text), [message], "{text}");
        }
    }

    #[test]
    fn statements_are_what_the_grammar_prints() {
        for (elements, messages) in [
            (WHOLE.to_owned(), &[][..]),
            (r#""Resource":"*""#.to_owned(), &["a statement needs `Action` or `NotAction`"]), // ram.doc.action-required
            (
                format!(r#"{WHOLE},"NotAction":"a:b""#), // ram.doc.action-xor-notaction
                &["a statement cannot have both `Action` and `NotAction`"],
            ),
            (
                r#""Action":"a:b","NotResource":"*""#.to_owned(), // ram.doc.notresource-unsupported
                &[
                    "unknown element `NotResource`; expected `Sid`, `Effect`, `Principal`, `Action`, `NotAction`, \
                   `Resource` or `Condition`",
                ],
            ),
            (
                r#""Action":[],"Resource":[]"#.to_owned(),
                &["`Action` lists nothing", "`Resource` lists nothing"],
            ),
            (
                r#""Action":1,"Resource":[["*"]]"#.to_owned(),
                &[
                    "`Action` must be a string or a list of strings, not a number",
                    "`Resource` must be a string, not a list",
                ],
            ),
            (format!(r#"{WHOLE},"Sid":1"#), &["`Sid` must be a string, not a number"]),
            (format!(r#"{WHOLE},"Principal":"*""#), &["`Principal` must be an object, not a string"]),
            (format!(r#"{WHOLE},"Principal":{{}}"#), &["`Principal` is empty"]),
            (
                format!(r#"{WHOLE},"Principal":{{"AWS":"*"}}"#),
                &["unknown element `AWS`; expected `Federated`, `RAM` or `Service`"],
            ),
            (format!(r#"{WHOLE},"Condition":{{}}"#), &["`Condition` is empty"]),
            (format!(r#"{WHOLE},"Condition":{{"Bool":{{}}}}"#), &["`Bool` is empty"]),
            (format!(r#"{WHOLE},"Condition":{{"k":"x"}}"#), &["`k` must be an object, not a string"]), // ram.doc.condition-shape
            (
                format!(r#"{WHOLE},"Condition":{{"Bool":{{"k":true}},"NumericLessThan":{{"n":[10]}}}}"#), // ram.doc.values-quoted-boolean, …-number
                &[
                    "`k` must be a string or a list of strings, not a boolean",
                    "`n` must be a string, not a number",
                ],
            ),
            (format!(r#"{WHOLE},"Condition":{{"Bool":{{"k":[]}}}}"#), &["`k` lists nothing"]),
            (format!(r#"{WHOLE},"Condition":{{"Bool":{{"k":"1","k":"2"}}}}"#), &["`k` occurs twice"]),
        ] {
            assert_eq!(refusals(&statement(&elements)), messages, "{elements}");
        }
        for effect in ["allow", "Permit", "*"] {
            // ram.doc.effect-values, ram.doc.effect-case, ram.match.wildcard-in-version-or-effect
            let text = format!(r#"{{"Version":"1","Statement":[{{"Effect":"{effect}",{WHOLE}}}]}}"#);
            assert_eq!(refusals(&text), ["`Effect` must be `Allow` or `Deny`"]);
        }
    }
}
