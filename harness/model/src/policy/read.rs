//! Decides whether a text keeps the shared grammar, and names every place where it does not.

use super::{Condition, Effect, Element, Policy, Principal, PrincipalKind, Statement, Text, Version};
use crate::json::{Limits, Node, Span, Value, parse};
use crate::shape::{Problem, one_of};

const POLICY: &[&str] = &["Version", "Id", "Statement"];
const STATEMENT: &[&str] = &[
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];
const PRINCIPAL: &[&str] = &["AWS", "Service", "Federated", "CanonicalUser"];

impl Policy {
    /// Reads a policy from its text.
    ///
    /// # Errors
    /// Every place where the text departs from the grammar.
    pub fn read(text: &str) -> Result<Self, Vec<Problem>> {
        let root = parse(text, Limits::default()).map_err(|error| {
            vec![Problem::new(
                Span { start: error.offset, end: error.offset },
                format!("not well-formed JSON: {}", error.message),
            )]
        })?;
        let mut reader = Reader::default();
        let policy = reader.policy(&root);
        match policy {
            Some(policy) if reader.problems.is_empty() => Ok(policy),
            _ => Err(reader.problems),
        }
    }
}

#[derive(Default)]
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn refuse<T>(&mut self, span: Span, message: impl Into<String>) -> Option<T> {
        self.problems.push(Problem::new(span, message));
        None
    }

    /// The members of an object, once those unknown or repeated are reported.
    fn members<'a>(
        &mut self,
        node: &'a Node,
        what: &str,
        known: &[&str],
    ) -> Option<Vec<(&'a str, &'a Node)>> {
        let Some(members) = node.members() else {
            return self.refuse(node.span, format!("{what} must be an object, not {}", node.kind()));
        };
        let mut found: Vec<(&str, &Node)> = Vec::new();
        for member in members {
            if !known.is_empty() && !known.contains(&member.name.as_str()) {
                let message = format!("unknown element `{}`; expected {}", member.name, one_of(known));
                self.problems.push(Problem::new(member.name_span, message));
            } else if found.iter().any(|(name, _)| *name == member.name) {
                self.problems.push(Problem::new(member.name_span, format!("`{}` occurs twice", member.name)));
            } else {
                found.push((&member.name, &member.node));
            }
        }
        Some(found)
    }

    fn policy(&mut self, root: &Node) -> Option<Policy> {
        let members = self.members(root, "a policy", POLICY)?;
        let mut policy = Policy::default();
        let mut statements = None;
        for (name, node) in members {
            match name {
                "Version" => policy.version = self.version(node),
                "Id" => policy.id = self.text(node, "Id"),
                _ => statements = Some(node),
            }
        }
        let Some(statements) = statements else {
            return self.refuse(root.span, "a policy needs `Statement`");
        };
        policy.statements = match &statements.value {
            Value::Array(elements) => elements.iter().filter_map(|element| self.statement(element)).collect(),
            _ => self.statement(statements).into_iter().collect(),
        };
        Some(policy)
    }

    fn version(&mut self, node: &Node) -> Option<Version> {
        match node.as_str() {
            Some("2008-10-17") => Some(Version::V2008),
            Some("2012-10-17") => Some(Version::V2012),
            _ => self.refuse(node.span, "`Version` must be `2012-10-17` or `2008-10-17`"),
        }
    }

    fn statement(&mut self, node: &Node) -> Option<Statement> {
        let members = self.members(node, "a statement", STATEMENT)?;
        let present = |wanted: &str| members.iter().any(|(name, _)| *name == wanted);
        for (element, opposite) in
            [("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource")]
        {
            if present(element) && present(opposite) {
                let message = format!("a statement cannot have both `{element}` and `{opposite}`");
                self.problems.push(Problem::new(node.span, message));
            }
        }
        if !present("Effect") {
            self.problems.push(Problem::new(node.span, "a statement needs `Effect`"));
        }
        let mut statement = Statement {
            span: node.span,
            sid: None,
            effect: Effect::Deny,
            principal: None,
            action: None,
            resource: None,
            conditions: Vec::new(),
        };
        for (name, node) in members {
            let negated = name.starts_with("Not");
            match name {
                "Sid" => statement.sid = self.text(node, name),
                "Effect" => statement.effect = self.effect(node).unwrap_or(Effect::Deny),
                "Principal" | "NotPrincipal" => statement.principal = self.principal(node, name, negated),
                "Action" | "NotAction" => statement.action = self.element(node, name, negated),
                "Resource" | "NotResource" => statement.resource = self.element(node, name, negated),
                _ => statement.conditions = self.conditions(node),
            }
        }
        Some(statement)
    }

    fn effect(&mut self, node: &Node) -> Option<Effect> {
        match node.as_str() {
            Some("Allow") => Some(Effect::Allow),
            Some("Deny") => Some(Effect::Deny),
            _ => self.refuse(node.span, "`Effect` must be `Allow` or `Deny`"),
        }
    }

    fn text(&mut self, node: &Node, what: &str) -> Option<Text> {
        match node.as_str() {
            Some(text) => Some(Text { span: node.span, text: text.to_owned() }),
            None => self.refuse(node.span, format!("`{what}` must be a string, not {}", node.kind())),
        }
    }

    fn texts(&mut self, node: &Node, what: &str) -> Vec<Text> {
        match &node.value {
            Value::Array(elements) => {
                elements.iter().filter_map(|element| self.text(element, what)).collect()
            }
            Value::String(_) => self.text(node, what).into_iter().collect(),
            _ => {
                let message = format!("`{what}` must be a string or a list of strings, not {}", node.kind());
                self.problems.push(Problem::new(node.span, message));
                Vec::new()
            }
        }
    }

    fn element(&mut self, node: &Node, name: &str, negated: bool) -> Option<Element> {
        Some(Element { span: node.span, negated, values: self.texts(node, name) })
    }

    fn principal(&mut self, node: &Node, name: &str, negated: bool) -> Option<Principal> {
        let mut values = Vec::new();
        if let Some(text) = node.as_str() {
            if text != "*" {
                return self.refuse(node.span, format!("`{name}` as a string can only be `*`"));
            }
            values.push((PrincipalKind::Everyone, Text { span: node.span, text: text.to_owned() }));
            return Some(Principal { span: node.span, negated, values });
        }
        for (member, node) in self.members(node, &format!("`{name}`"), PRINCIPAL)? {
            let kind = match member {
                "AWS" => PrincipalKind::Aws,
                "Service" => PrincipalKind::Service,
                "Federated" => PrincipalKind::Federated,
                _ => PrincipalKind::CanonicalUser,
            };
            values.extend(self.texts(node, member).into_iter().map(|text| (kind, text)));
        }
        Some(Principal { span: node.span, negated, values })
    }

    fn conditions(&mut self, node: &Node) -> Vec<Condition> {
        let mut conditions = Vec::new();
        let Some(operators) = node.members() else {
            self.problems.push(Problem::new(node.span, "`Condition` must be an object"));
            return conditions;
        };
        self.members(node, "`Condition`", &[]);
        for operator in operators {
            let name = Text { span: operator.name_span, text: operator.name.clone() };
            let Some(keys) = self.members(&operator.node, &format!("`{}`", operator.name), &[]) else {
                continue;
            };
            for (key, values) in keys {
                self.check_spelling(&operator.node, key);
                let values = self.condition_values(values, key);
                let span = operator.node.members().and_then(|members| {
                    members.iter().find(|member| member.name == key).map(|member| member.name_span)
                });
                let key = Text { span: span.unwrap_or_default(), text: key.to_owned() };
                conditions.push(Condition { operator: name.clone(), key, values });
            }
        }
        conditions
    }

    /// One key in two spellings under one operator is a repeated key: names do not distinguish case.
    fn check_spelling(&mut self, operator: &Node, key: &str) {
        let mut same = operator.members().unwrap_or_default().iter().filter(|member| {
            member.name != key
                && member.name.to_lowercase() == key.to_lowercase()
                && member.name.as_str() < key
        });
        if let Some(member) = same.next() {
            let message = format!("`{}` and `{key}` are the same condition key", member.name);
            self.problems.push(Problem::new(member.name_span, message));
        }
    }

    fn condition_values(&mut self, node: &Node, key: &str) -> Vec<Text> {
        let mut values = Vec::new();
        let elements = node.elements().unwrap_or(std::slice::from_ref(node));
        for element in elements {
            let text = match &element.value {
                Value::String(text) | Value::Number(text) => text.clone(),
                Value::Bool(value) => value.to_string(),
                _ => {
                    let message = format!(
                        "a value of `{key}` must be a string, number or boolean, not {}",
                        element.kind()
                    );
                    self.problems.push(Problem::new(element.span, message));
                    continue;
                }
            };
            values.push(Text { span: element.span, text });
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusals(text: &str) -> Vec<String> {
        Policy::read(text).err().unwrap_or_default().into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn reads_scalar_and_list_forms() {
        let one = r#"{"Statement":{"Effect":"Allow","Action":"a:B","Resource":"*","Condition":{"Bool":{"k":true}}}}"#;
        let policy = Policy::read(one).unwrap();
        assert_eq!(policy.statements.len(), 1);
        let condition = &policy.statements[0].conditions[0];
        assert_eq!((condition.operator.text.as_str(), condition.values[0].text.as_str()), ("Bool", "true"));
        let principal = r#"{"Statement":[{"Effect":"Deny","Principal":{"AWS":["1","2"],"Service":"s"}}]}"#;
        let policy = Policy::read(principal).unwrap();
        assert_eq!(policy.statements[0].principal.as_ref().unwrap().values.len(), 3);
    }

    #[test]
    fn names_every_departure() {
        for (text, message) in [
            ("[]", "a policy must be an object, not a list"),
            ("{}", "a policy needs `Statement`"),
            (r#"{"Statement":[],"Foo":1}"#, "unknown element `Foo`; expected `Version`, `Id` or `Statement`"),
            (r#"{"Statement":[],"Statement":[]}"#, "`Statement` occurs twice"),
            (r#"{"Statement":["x"]}"#, "a statement must be an object, not a string"),
            (r#"{"Statement":[],"Version":"2012"}"#, "`Version` must be `2012-10-17` or `2008-10-17`"),
            (r#"{"Statement":[],"Id":[]}"#, "`Id` must be a string, not a list"),
            (r#"{"Statement":{"Effect":"allow"}}"#, "`Effect` must be `Allow` or `Deny`"),
            (r#"{"Statement":{"Action":"a:b"}}"#, "a statement needs `Effect`"),
            (
                r#"{"Statement":{"Effect":"Allow","Action":"a:b","NotAction":[]}}"#,
                "a statement cannot have both `Action` and `NotAction`",
            ),
            (
                r#"{"Statement":{"Effect":"Allow","Action":[["a:b"]]}}"#,
                "`Action` must be a string, not a list",
            ),
            (
                r#"{"Statement":{"Effect":"Allow","Principal":"me"}}"#,
                "`Principal` as a string can only be `*`",
            ),
            (
                r#"{"Statement":{"Effect":"Allow","Principal":["*"]}}"#,
                "`Principal` must be an object, not a list",
            ),
            (
                r#"{"Statement":{"Effect":"Allow","Principal":{"User":"x"}}}"#,
                "unknown element `User`; expected `AWS`, `Service`, `Federated` or `CanonicalUser`",
            ),
            (r#"{"Statement":{"Effect":"Allow","Condition":[]}}"#, "`Condition` must be an object"),
            (
                r#"{"Statement":{"Effect":"Allow","Condition":{"Bool":"x"}}}"#,
                "`Bool` must be an object, not a string",
            ),
            (
                r#"{"Statement":{"Effect":"Allow","Condition":{"Bool":{"k":null}}}}"#,
                "a value of `k` must be a string, number or boolean, not null",
            ),
            (
                r#"{"Statement":{"Effect":"Allow","Condition":{"Bool":{"k":"1","K":"2"}}}}"#,
                "`K` and `k` are the same condition key",
            ),
            (r#"{"Statement":[{"Effect":"Allow"},]}"#, "not well-formed JSON: expected a value, found `]`"),
        ] {
            assert_eq!(refusals(text), [message], "{text}");
        }
    }
}
