//! Decides what `Sid`, `Action`, `Resource` and `Condition` may say: IAM User Guide, "Grammar of the IAM JSON policy
//! language" and the pages of the elements; "IAM Access Analyzer policy check reference".

use kms_model::arn::Arn;
use kms_model::policy::{Condition, Effect, Element, Statement, Text, Version};
use kms_model::shape::Problem;

use super::rules::{Resources, Rules};
use crate::aws::condition::operator::{Comparison, Operator, Quantifier};

/// Reports what is wrong with the elements of a statement other than `Sid` and `Principal`.
pub fn check(rules: &Rules, version: Option<Version>, statement: &Statement, problems: &mut Vec<Problem>) {
    let mut refuse = |span, message: String| problems.push(Problem::new(span, message));
    if rules.control_of_resources && statement.effect == Effect::Allow {
        refuse(statement.span, "a resource control policy can only deny".to_owned());
    }
    for (name, element) in [("Action", &statement.action), ("Resource", &statement.resource)] {
        match element {
            None if rules.incomplete_statements => {}
            None => refuse(statement.span, format!("a statement needs `{name}` or `Not{name}`")),
            // An empty list matches nothing, so its negation would match everything; no page says so.
            Some(element) if element.negated && element.values.is_empty() => {
                refuse(element.span, format!("`Not{name}` lists nothing"));
            }
            Some(_) => {}
        }
    }
    if let Some(element) = &statement.action {
        check_actions(rules, element, problems);
    }
    if let Some(element) = &statement.resource {
        for value in &element.values {
            problems.extend(
                resource_refusal(rules.resources, version, value).map(|m| Problem::new(value.span, m)),
            );
        }
    }
    for condition in &statement.conditions {
        problems.extend(condition_refusal(rules, statement.effect, condition));
    }
}

/// Reports each `Sid` that is not made of letters and digits, or not the only one: IAM User Guide, "IAM JSON policy
/// elements: Sid".
pub fn check_sids(statements: &[Statement], problems: &mut Vec<Problem>) {
    let mut seen: Vec<&str> = Vec::new();
    for sid in
        statements.iter().filter_map(|statement| statement.sid.as_ref()).filter(|sid| !sid.text.is_empty())
    {
        if !sid.text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            problems.push(Problem::new(
                sid.span,
                format!("`Sid` holds letters and digits, unlike `{}`", sid.text),
            ));
        }
        if seen.contains(&sid.text.as_str()) {
            problems.push(Problem::new(sid.span, format!("two statements have the `Sid` `{}`", sid.text)));
        }
        seen.push(&sid.text);
    }
}

fn check_actions(rules: &Rules, element: &Element, problems: &mut Vec<Problem>) {
    if rules.control_of_resources && element.negated {
        problems.push(Problem::new(element.span, "a resource control policy has no `NotAction`"));
    }
    for value in &element.values {
        let text = &value.text;
        if text == "*" && rules.control_of_resources {
            let message = "a resource control policy names a service in each action";
            problems.push(Problem::new(value.span, message));
        } else if text != "*" && !is_action(text) {
            problems.push(Problem::new(
                value.span,
                format!("`{text}` is no action: expected `service:name` or `*`"),
            ));
        }
    }
}

/// A service prefix and a name. The pages show wildcards in the prefix once and leave them out of the grammar.
fn is_action(text: &str) -> bool {
    let is_word = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_*?".contains(&b))
    };
    text.split_once(':').is_some_and(|(service, name)| is_word(service) && is_word(name))
}

/// Why a text cannot stand in `Resource`.
fn resource_refusal(wanted: Resources, version: Option<Version>, value: &Text) -> Option<String> {
    let text = &value.text;
    if version == Some(Version::V2012) && has_early_variable(text) {
        return Some(format!(
            "a policy variable stands only after the fifth colon of an ARN, unlike in `{text}`"
        ));
    }
    if wanted == Resources::Any || text == "*" {
        return None;
    }
    let Some(rest) = text.strip_prefix("arn:") else {
        return Some(format!("`{text}` is no resource: expected an ARN or `*`"));
    };
    if rest.split(':').next().is_some_and(|partition| partition.is_empty() || partition.contains(['*', '?']))
    {
        return Some(format!("the partition of `{text}` must be spelled out"));
    }
    match Arn::parse(text) {
        None if wanted == Resources::CompleteArn => Some(format!("`{text}` lacks parts of an ARN")),
        Some(arn) if arn.service == "kms" && has_wild_type(arn.resource) => {
            Some(format!("the resource type of `{text}` must be spelled out"))
        }
        _ => None,
    }
}

/// Whether a variable stands before the fifth colon. The escapes for `*`, `?` and `$` are none.
fn has_early_variable(text: &str) -> bool {
    let mut colons = 0;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        colons += before.bytes().filter(|byte| *byte == b':').count();
        let escape = ["*}", "?}", "$}"].iter().any(|escape| after.starts_with(escape));
        if !escape && colons < 5 {
            return true;
        }
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    false
}

/// Whether the type of a KMS resource, `key/` or `alias/`, has a wildcard in it. The whole resource may be one.
fn has_wild_type(resource: &str) -> bool {
    resource.split_once('/').is_some_and(|(kind, _)| kind.contains(['*', '?']))
}

/// Why a condition is refused that can be read.
fn condition_refusal(rules: &Rules, effect: Effect, condition: &Condition) -> Option<Problem> {
    let operator = Operator::parse(&condition.operator.text)?;
    let key = condition.key.text.to_ascii_lowercase();
    let at_key = |message: String| Some(Problem::new(condition.key.span, message));
    if let "aws:principaltag" | "aws:requesttag" | "aws:resourcetag" = key.trim_end_matches('/') {
        return at_key(format!("condition key `{}` lacks the key of a tag", condition.key.text));
    }
    let of_pairs = key.starts_with("kms:encryptioncontext:") || key.starts_with("aws:requesttag/");
    let all_values = operator.quantifier == Some(Quantifier::All);
    if rules.no_loose_sets && effect == Effect::Allow && all_values && of_pairs {
        return at_key(format!("ForAllValues on `{}` would allow requests without it", condition.key.text));
    }
    let says = |wanted: &str| condition.values.iter().any(|value| value.text.eq_ignore_ascii_case(wanted));
    if operator.comparison == Comparison::Bool
        && operator.quantifier.is_none()
        && says("true")
        && says("false")
    {
        return at_key(format!("`{}` cannot be compared with both true and false", condition.key.text));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_have_a_service_and_a_name() {
        for (text, expected) in [
            ("kms:Decrypt", true),
            ("kms:*", true),
            ("k*:Decrypt", true), // iam.action.wildcard-in-prefix
            ("Decrypt", false),   // iam.action.requires-service-prefix
            ("kms:", false),
            (":Decrypt", false),
            ("kms:Decrypt:Foo", false),            // iam.action.single-colon
            ("kms:${aws:PrincipalTag/op}", false), // iam.action.no-variables
            ("kms:Decrypt,kms:Encrypt", false),    // iam.action.regex-metachar-literal
            ("kms:Decrypt ", false),               // iam.doc.whitespace.insignificant
        ] {
            assert_eq!(is_action(text), expected, "{text}");
        }
    }

    #[test]
    fn resources_are_arns_or_a_star() {
        use Resources::{Any, Arn, CompleteArn};
        for (wanted, text, accepted) in [
            (Arn, "*", true),
            (Arn, "arn:aws:kms:us-west-2:111122223333:key/1", true),
            (Arn, "arn:aws:kms", true), // iam.resource.incomplete-arn-completed
            (CompleteArn, "arn:aws:kms", false), // iam.resource.incomplete-arn-session-policy
            (Arn, "arn:aws:kms:*:*:*", true),
            (Arn, "arn:aws:k*:us-west-2:1:key/1", true), // iam.resource.no-wildcard-service
            (Arn, "arn:*:kms:us-west-2:1:key/1", false), // iam.resource.no-wildcard-partition
            (Arn, "*:aws:kms:us-west-2:1:key/1", false),
            (Arn, "arn:", false),
            (Arn, "arn:aws:kms:us-west-2:1:k?y/*", false), // iam.resource.no-wildcard-resource-type
            (Arn, "arn:aws:s3:::my*/x", true),
            (Arn, "key/1", false), // iam.resource.must-be-arn-or-star
            (Arn, "", false),
            (Any, "key/1", true), // kms.key-policy.format.resource-arn-in-key-policy
            (Arn, "arn:aws:kms:us-west-2:${aws:PrincipalAccount}:key/*", false), // iam.variable.resource-after-fifth-colon
            (Any, "${aws:username}", false),
            (Arn, "arn:aws:s3:::b/${aws:username}/${aws:userid}", true),
            (Arn, "arn:aws:s3:${*}::b", true),
        ] {
            let value = Text { span: Default::default(), text: text.to_owned() };
            let refusal = resource_refusal(wanted, Some(Version::V2012), &value);
            assert_eq!(refusal.is_none(), accepted, "{text}: {refusal:?}");
        }
    }
}
