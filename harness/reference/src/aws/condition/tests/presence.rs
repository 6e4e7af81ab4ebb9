//! Absent keys, presence, sets of values.

use super::*;

#[test]
fn absent_keys() {
    // iam.condition.missing-key.positive-false, …negated-true; iam.op.ifexists.absent-true, …negated-same-as-plain
    for (operator, value, if_absent) in [
        ("StringEquals", "a", false),
        ("StringEqualsIgnoreCase", "a", false),
        ("StringLike", "a", false),
        ("NumericEquals", "1", false),
        ("NumericLessThan", "1", false),
        ("NumericLessThanEquals", "1", false),
        ("NumericGreaterThan", "1", false),
        ("NumericGreaterThanEquals", "1", false),
        ("DateEquals", "2026-01-01", false),
        ("DateLessThan", "2026-01-01", false),
        ("DateLessThanEquals", "2026-01-01", false),
        ("DateGreaterThan", "2026-01-01", false),
        ("DateGreaterThanEquals", "2026-01-01", false),
        ("Bool", "true", false),
        ("BinaryEquals", "AAAA", false),
        ("IpAddress", "203.0.113.0/24", false),
        ("ArnEquals", "arn:aws:s3:::b", false),
        ("ArnLike", "arn:aws:s3:::b", false),
        ("StringNotEquals", "a", true),
        ("StringNotEqualsIgnoreCase", "a", true),
        ("StringNotLike", "a", true),
        ("NumericNotEquals", "1", true),
        ("DateNotEquals", "2026-01-01", true),
        ("NotIpAddress", "203.0.113.0/24", true),
        ("ArnNotEquals", "arn:aws:s3:::b", true),
        ("ArnNotLike", "arn:aws:s3:::b", true),
    ] {
        let value = format!("\"{value}\"");
        for effect in [Effect::Allow, Effect::Deny] {
            assert_eq!(holds_in(effect, operator, &value, &[]), if_absent, "{operator}");
            assert!(holds_in(effect, &format!("{operator}IfExists"), &value, &[]), "{operator}IfExists");
            assert!(
                holds_in(effect, &format!("ForAllValues:{operator}"), &value, &[]),
                "ForAllValues:{operator}"
            );
            assert!(
                !holds_in(effect, &format!("ForAnyValue:{operator}"), &value, &[]),
                "ForAnyValue:{operator}"
            );
        }
    }
}

#[test]
fn null_and_if_exists() {
    check(&[
        ("Null", "true", &[], true), // iam.op.null.true-means-absent
        ("Null", "true", &["k=x"], false),
        ("Null", r#""false""#, &["k=x"], true), // iam.op.null.false-means-present
        ("Null", r#""false""#, &[], false),
        ("Null", "true", &["k=[]"], true), // iam.op.null.empty-value-is-null
        ("Null", "false", &["k=[]"], false),
        ("Null", r#""${n}""#, &["n=true"], false), // iam.op.null.no-variables
        ("ForAllValues:Null", "true", &["k=x"], true), // iam.op.null.with-forallvalues
        ("ForAllValues:Null", "false", &[], true),
        ("ForAnyValue:Null", "true", &[], false), // iam.op.null.with-foranyvalue
        ("ForAnyValue:Null", "false", &["k=x"], false),
        ("StringEqualsIfExists", r#""a""#, &[], true), // iam.op.ifexists.absent-true
        ("StringEqualsIfExists", r#""a""#, &["k=b"], false), // iam.op.ifexists.present-normal
        ("StringEqualsIfExists", "[]", &[], true),     // iam.doc.condition.empty-array-ifexists
        ("StringEqualsIfExists", "[]", &["k=a"], false),
        ("NumericLessThanIfExists", "1", &["k=2"], false), // iam.op.ifexists.any-operator
        ("ForAllValues:StringEqualsIfExists", r#""a""#, &[], true), // iam.op.ifexists.with-set-operator
        ("ForAllValues:StringEqualsIfExists", r#""a""#, &["k=b"], false),
    ]);
}

#[test]
fn sets() {
    const AB: &str = r#"["a","b"]"#;
    check(&[
        ("ForAllValues:StringEquals", AB, &["k=a"], true), // iam.op.set.forall-subset
        ("ForAllValues:StringEquals", AB, &["k=a|b"], true),
        ("ForAllValues:StringEquals", AB, &["k=a|c"], false),
        ("ForAllValues:StringEquals", AB, &["k=[]"], true), // iam.op.set.forall-empty-set-true
        ("ForAllValues:StringEquals", AB, &["k=a|a"], true), // iam.op.set.forall-duplicates
        ("ForAllValues:StringEquals", "[]", &[], true),     // iam.doc.condition.empty-array-forall
        ("ForAllValues:StringEquals", "[]", &["k=a"], false),
        ("ForAnyValue:StringEquals", AB, &["k=a|z"], true), // iam.op.set.forany-intersects
        ("ForAnyValue:StringEquals", AB, &["k=z"], false),
        ("ForAnyValue:StringEquals", AB, &["k=[]"], false), // iam.op.set.forany-missing-key-false
        ("ForAnyValue:StringEquals", "[]", &["k=a"], false), // iam.doc.condition.empty-array-forany
        ("ForAllValues:StringNotEquals", AB, &["k=c|d"], true), // iam.op.set.forall-negated
        ("ForAllValues:StringNotEquals", AB, &["k=a|c"], false),
        ("ForAnyValue:StringNotEquals", AB, &["k=a|c"], true), // iam.op.set.forany-negated
        ("ForAnyValue:StringNotEquals", AB, &["k=a|b"], false),
        ("ForAnyValue:StringEquals", r#""Environment""#, &["k=environment"], false), // iam.op.set.case-sensitive-values
        ("ForAnyValue:StringLike", r#""o-1/*""#, &["k=o-1/x/|o-2/"], true), // iam.op.set.like-for-wildcards
        ("ForAnyValue:StringEquals", r#""o-1/*""#, &["k=o-1/x/|o-2/"], false),
        // iam.condition.multivalued-without-set-operator: an Allow wants every value to do.
        ("StringEquals", AB, &["k=a|b"], true),
    ]);
    check_unclear(&[
        ("StringEquals", AB, &["k=a|c"]),
        ("StringNotEquals", AB, &["k=a|c"]),
        ("StringEquals", r#""x""#, &["k=x", "K=y"]),
        ("StringNotEquals", "[]", &["k=a"]), // iam.doc.condition.empty-array-value
    ]);
}
