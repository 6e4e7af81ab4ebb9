//! Decides where in a statement a further condition stands.

use kms_model::json::{Node, Value};

use crate::edit::{member_mut, set};

/// Adds a condition; `false` where its key stands under the operator already, in whichever spelling.
pub fn add(statement: &mut Node, operator: &str, key: &str, values: Node) -> bool {
    if statement.get("Condition").is_none() {
        set(statement, "Condition", Value::Object(Vec::new()));
    }
    let Some(conditions) = member_mut(statement, "Condition") else { return false };
    if conditions.get(operator).is_none() {
        set(conditions, operator, Value::Object(Vec::new()));
    }
    let Some(keys) = member_mut(conditions, operator) else { return false };
    let known = keys.members().unwrap_or_default().iter().any(|one| one.name.eq_ignore_ascii_case(key));
    if !known {
        set(keys, key, values);
    }
    !known
}

#[cfg(test)]
mod tests {
    use super::*;
    use kms_model::json::compact;

    #[test]
    fn a_condition_stands_beside_those_that_are_there() {
        let mut statement = Node::from_iter([("Effect", Node::from("Allow"))]);
        assert!(add(&mut statement, "Bool", "a:b", "true".into()));
        assert!(add(&mut statement, "Bool", "a:c", "true".into()));
        assert!(add(&mut statement, "Null", "a:b", "true".into()));
        assert!(!add(&mut statement, "Bool", "A:B", "false".into()));
        let expected =
            r#"{"Effect":"Allow","Condition":{"Bool":{"a:b":"true","a:c":"true"},"Null":{"a:b":"true"}}}"#;
        assert_eq!(compact(&statement), expected);
    }
}
