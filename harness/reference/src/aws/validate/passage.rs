//! Decides what the policy of a VPC endpoint may not say: PrivateLink Guide, "Control access to VPC endpoints using
//! endpoint policies", considerations.

use kms_model::arn::Arn;
use kms_model::policy::{Condition, Statement, Text};
use kms_model::shape::Problem;

use crate::aws::condition::operator::{Comparison, Operator};

/// Global condition keys whose values are identifiers that AWS makes. The page names the first two.
const MADE_BY_AWS: &[&str] = &[
    "aws:PrincipalAccount",
    "aws:SourceVpc",
    "aws:PrincipalOrgID",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceVpce",
    "aws:userid",
];

/// How many characters must stand in a row before or after a wildcard.
const ROW: usize = 6;

/// Reports what a statement of an endpoint policy may not say.
pub fn check(statement: &Statement, problems: &mut Vec<Problem>) {
    let values = statement.resource.iter().flat_map(|element| &element.values);
    values.for_each(|value| check_account(value, problems));
    for condition in &statement.conditions {
        condition.values.iter().for_each(|value| check_account(value, problems));
        check_condition(condition, problems);
    }
}

fn check_condition(condition: &Condition, problems: &mut Vec<Problem>) {
    let Some(operator) = Operator::parse(&condition.operator.text) else { return };
    let key = condition.key.text.as_str();
    if MADE_BY_AWS.iter().any(|made| made.eq_ignore_ascii_case(key)) {
        if matches!(operator.comparison, Comparison::Numeric(_)) {
            let message = format!("an endpoint policy cannot compare `{key}` as a number");
            problems.push(Problem::new(condition.operator.span, message));
        }
        for value in condition.values.iter().filter(|value| value.text.contains(['*', '?'])) {
            problems.push(Problem::new(
                value.span,
                format!("an endpoint policy cannot have wildcards for `{key}`"),
            ));
        }
    } else if matches!(operator.comparison, Comparison::String(_)) {
        for value in condition.values.iter().filter(|value| !is_specific(&value.text)) {
            let message =
                format!("an endpoint policy needs {ROW} characters in a row before or after each wildcard");
            problems.push(Problem::new(value.span, message));
        }
    }
}

/// Whether each wildcard has enough characters on one side.
fn is_specific(value: &str) -> bool {
    let rows: Vec<usize> = value.split(['*', '?']).map(|row| row.chars().count()).collect();
    rows.windows(2).all(|sides| sides.iter().any(|row| *row >= ROW))
}

/// The account of an ARN is an id or a wildcard, not a mixture.
fn check_account(value: &Text, problems: &mut Vec<Problem>) {
    let account = Arn::parse(&value.text).map_or("", |arn| arn.account);
    if account.contains(['*', '?']) && account != "*" {
        let message = format!("the account of an ARN in an endpoint policy is an id or `*`, not `{account}`");
        problems.push(Problem::new(value.span, message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kms_model::policy::Policy;

    fn refused(statement: &str) -> usize {
        let text =
            format!(r#"{{"Statement":{{"Effect":"Allow","Principal":"*","Action":"*",{statement}}}}}"#);
        let mut problems = Vec::new();
        check(&Policy::read(&text).unwrap().statements[0], &mut problems);
        problems.len()
    }

    #[test]
    fn wildcards_and_numbers_have_their_limits() {
        // iam.eval.vpce.restrictions
        for (condition, count) in [
            (r#"{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#, 0),
            (r#"{"StringLike":{"aws:PrincipalAccount":"1111*"}}"#, 1),
            (r#"{"StringLike":{"AWS:sourcevpc":"vpc-11aa22?"}}"#, 1),
            (r#"{"NumericEquals":{"aws:PrincipalAccount":"1"}}"#, 1),
            (r#"{"StringLike":{"aws:PrincipalTag/t":"payrol*"}}"#, 0),
            (r#"{"StringLike":{"aws:PrincipalTag/t":"*ayroll"}}"#, 0),
            (r#"{"StringLike":{"aws:PrincipalTag/t":"pay*"}}"#, 1),
            (r#"{"StringLike":{"aws:PrincipalTag/t":"payrol*-*"}}"#, 1),
            (r#"{"StringLike":{"aws:PrincipalTag/t":"a*bcdefg*h"}}"#, 0),
            (r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::1*:role/x"}}"#, 1),
        ] {
            assert_eq!(refused(&format!(r#""Resource":"*","Condition":{condition}"#)), count, "{condition}");
        }
        assert_eq!(refused(r#""Resource":"arn:aws:kms:*:*:key/*""#), 0);
        assert_eq!(refused(r#""Resource":["arn:aws:kms:*:11*:key/*","arn:aws:kms:*:1?:key/*"]"#), 2);
    }
}
