//! Tables of policy values and request values, an operator family each.

mod presence;

use kms_model::policy::Policy;

use super::*;

/// A context from `key=a,b` texts: one value is single-valued, several or `key=[]` are multivalued.
fn context(entries: &[&str]) -> Context {
    let mut context = Context::default();
    for entry in entries {
        let (key, value) = entry.split_once('=').unwrap();
        let value = match value {
            "[]" => ContextValue::Many(Vec::new()),
            _ if value.contains('|') => ContextValue::Many(value.split('|').map(str::to_owned).collect()),
            _ => ContextValue::One(value.to_owned()),
        };
        context.set(key.to_owned(), value);
    }
    context
}

/// Whether `{ operator: { "k": values } }` holds in the context, in a statement of that effect.
fn holds_in(effect: Effect, operator: &str, values: &str, entries: &[&str]) -> bool {
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Condition":{{"{operator}":{{"k":{values}}}}}}}}}"#
    );
    let policy = Policy::read(&text).unwrap();
    let mut problems = Vec::new();
    let condition = Condition::new(&policy.statements[0].conditions[0], Version::V2012, &mut problems);
    assert_eq!(problems, [], "{text}");
    condition.unwrap().holds(&context(entries), effect, false)
}

fn check(table: &[(&str, &str, &[&str], bool)]) {
    for (operator, values, entries, expected) in table {
        let holds = holds_in(Effect::Allow, operator, values, entries);
        assert_eq!(holds, *expected, "{operator} {values} in {entries:?}");
    }
}

/// Rows whose reading is open: an Allow does not apply, a Deny does.
fn check_unclear(table: &[(&str, &str, &[&str])]) {
    for (operator, values, entries) in table {
        assert!(
            !holds_in(Effect::Allow, operator, values, entries),
            "Allow: {operator} {values} in {entries:?}"
        );
        assert!(
            holds_in(Effect::Deny, operator, values, entries),
            "Deny: {operator} {values} in {entries:?}"
        );
    }
}

#[test]
fn strings() {
    check(&[
        ("StringEquals", r#""abc""#, &["k=abc"], true), // iam.op.string.equals-case-sensitive
        ("StringEquals", r#""abc""#, &["k=ABC"], false),
        ("StringEquals", r#""a*""#, &["k=a*"], true), // iam.op.string.equals-no-wildcard
        ("StringEquals", r#""a*""#, &["k=abc"], false),
        ("StringEquals", r#""abc""#, &["k=a*"], false), // iam.op.string.context-wildcards-literal
        ("StringEquals", r#"["a","b"]"#, &["k=b"], true), // iam.condition.values-or
        ("StringEquals", r#"["a","b"]"#, &["k=c"], false),
        ("StringEquals", r#""""#, &["k="], true), // iam.condition.missing-vs-empty-string
        ("StringEquals", r#""""#, &[], false),
        ("StringNotEquals", r#""a""#, &["k=b"], true), // iam.op.string.not-equals
        ("StringNotEquals", r#""a""#, &["k=a"], false),
        ("StringNotEquals", r#"["a","b"]"#, &["k=c"], true), // iam.condition.values-nor-negated
        ("StringNotEquals", r#"["a","b"]"#, &["k=a"], false),
        ("StringEqualsIgnoreCase", r#""AbC""#, &["k=aBc"], true), // iam.op.string.equals-ignore-case
        ("StringEqualsIgnoreCase", r#""abc""#, &["k=abcd"], false),
        ("StringEqualsIgnoreCase", r#""A*""#, &["k=a*"], true), // iam.op.string.ignore-case-no-wildcard
        ("StringEqualsIgnoreCase", r#""a*""#, &["k=abc"], false),
        ("StringNotEqualsIgnoreCase", r#""a""#, &["k=b"], true), // iam.op.string.not-equals-ignore-case
        ("StringNotEqualsIgnoreCase", r#""A""#, &["k=a"], false),
        ("StringLike", r#""a*c?""#, &["k=abbbcd"], true), // iam.op.string.like-wildcards
        ("StringLike", r#""a*c?""#, &["k=abbbc"], false),
        ("StringLike", r#""b""#, &["k=abc"], false), // iam.op.string.like-anchored
        ("StringLike", r#""ab*""#, &["k=Abc"], false), // iam.op.string.like-case-sensitive
        ("StringLike", r#"["","home/"]"#, &["k="], true), // iam.op.string.like-empty
        ("StringLike", r#"["","home/"]"#, &["k=x"], false),
        ("StringLike", r#""*""#, &["k=x"], true), // iam.op.string.like-star-needs-key
        ("StringLike", r#""*""#, &[], false),
        ("StringNotLike", r#"["a*","b*"]"#, &["k=c"], true), // iam.op.string.not-like
        ("StringNotLike", r#"["a*","b*"]"#, &["k=bx"], false),
        ("StringEquals", r#""${aws:username}""#, &["k=alice", "aws:username=alice"], true), // iam.variable.condition-string-ops
        ("StringEquals", r#""${AWS:UserName}""#, &["k=Alice", "aws:username=alice"], false), // iam.variable.key-case-insensitive
        ("StringEquals", r#""${aws:username}""#, &["k=alice"], false), // iam.variable.missing.positive-operator
        ("StringNotEquals", r#""${aws:username}""#, &["k=alice"], true), // iam.variable.missing.negated-operator
        ("StringNotEquals", r#""${aws:username}""#, &[], true),          // iam.variable.missing.both-sides
        ("StringEqualsIfExists", r#""${aws:username}""#, &[], true), // iam.variable.missing.ifexists-advice
        ("StringEqualsIfExists", r#""${aws:username}""#, &["k=a"], false),
        ("StringEquals", r#""a""#, &["K=a"], true), // iam.condition.key-name-case-insensitive
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("NumericEquals", "10", &["k=10"], true), // iam.op.numeric.equals, iam.doc.condition-value.bool-number-unquoted
        ("NumericEquals", r#""10""#, &["k=11"], false),
        ("NumericEquals", r#""10.0""#, &["k=10"], true), // iam.op.numeric.equals-decimal-forms
        ("NumericEquals", r#""10.5""#, &["k=10"], false),
        ("NumericEquals", r#""9007199254740993""#, &["k=9007199254740992"], false),
        ("NumericLessThan", r#""10""#, &["k=9"], true), // iam.op.numeric.less-than, …not-lexicographic
        ("NumericLessThan", r#""10""#, &["k=10"], false),
        ("NumericLessThan", r#""9""#, &["k=10"], false),
        ("NumericLessThanEquals", r#""10""#, &["k=10"], true), // iam.op.numeric.less-than-equals
        ("NumericLessThanEquals", r#""10""#, &["k=11"], false),
        ("NumericGreaterThan", r#""10""#, &["k=11"], true), // iam.op.numeric.greater-than
        ("NumericGreaterThan", r#""10""#, &["k=10"], false),
        ("NumericGreaterThanEquals", r#""10""#, &["k=10"], true), // iam.op.numeric.greater-than-equals
        ("NumericGreaterThanEquals", r#""10""#, &["k=9"], false),
        ("NumericLessThan", r#""0""#, &["k=-1"], true), // iam.op.numeric.negative-values
        ("NumericGreaterThan", r#""0""#, &["k=-1"], false),
        ("NumericLessThan", r#"["5","10"]"#, &["k=7"], true), // iam.op.numeric.multi-values-range
        ("NumericLessThan", r#"["5","10"]"#, &["k=10"], false),
        ("NumericEquals", r#""1*""#, &["k=10"], false), // iam.op.numeric.no-wildcards
        ("NumericEquals", r#""10""#, &["k=10abc"], false), // iam.op.numeric.lenient-parse
        ("NumericEquals", r#""1e1""#, &["k=10"], false),
        ("NumericNotEquals", "[1,2]", &["k=3"], true), // iam.op.numeric.not-equals
        ("NumericNotEquals", "[1,2]", &["k=2"], false),
        ("NumericEquals", r#""${n}""#, &["k=1", "n=1"], false), // iam.variable.condition-unsupported-ops
        ("NumericLessThan", r#""abc""#, &["k=1"], false),       // iam.condition.type-mismatch.policy-value
    ]);
    check_unclear(&[
        ("NumericNotEquals", r#""abc""#, &["k=1"]),
        ("NumericNotEquals", r#"["2","abc"]"#, &["k=1"]),
        ("NumericNotEquals", r#""1""#, &["k=x"]), // iam.condition.type-mismatch.context-value
        ("NumericNotEquals", r#""1e999999999""#, &["k=1"]),
    ]);
}

#[test]
fn dates() {
    const NEW_YEAR: &str = r#""2026-01-01T00:00:00Z""#;
    check(&[
        ("DateEquals", NEW_YEAR, &["k=2026-01-01T00:00:00Z"], true), // iam.op.date.equals
        ("DateEquals", NEW_YEAR, &["k=2026-01-01T00:00:01Z"], false),
        ("DateLessThan", NEW_YEAR, &["k=2025-12-31T23:59:59Z"], true), // iam.op.date.less-than
        ("DateLessThan", NEW_YEAR, &["k=2026-01-01T00:00:00Z"], false),
        ("DateLessThanEquals", NEW_YEAR, &["k=2026-01-01T00:00:00Z"], true), // iam.op.date.less-than-equals
        ("DateLessThanEquals", NEW_YEAR, &["k=2026-01-01T00:00:01Z"], false),
        ("DateGreaterThan", NEW_YEAR, &["k=2026-01-01T00:00:01Z"], true), // iam.op.date.greater-than
        ("DateGreaterThan", NEW_YEAR, &["k=2026-01-01T00:00:00Z"], false),
        ("DateGreaterThanEquals", NEW_YEAR, &["k=2026-01-01T00:00:00Z"], true), // iam.op.date.greater-than-equals
        ("DateGreaterThanEquals", NEW_YEAR, &["k=2025-12-31T23:59:59Z"], false),
        ("DateNotEquals", NEW_YEAR, &["k=2026-01-01T00:00:01Z"], true), // iam.op.date.not-equals
        ("DateNotEquals", NEW_YEAR, &["k=2026-01-01T00:00:00Z"], false),
        ("DateGreaterThan", r#""2026""#, &["k=2026-06-01T00:00:00Z"], true), // iam.op.date.iso-profile
        ("DateLessThan", r#""2026""#, &["k=2025-06-01T00:00:00Z"], true),
        ("DateGreaterThan", r#""2026-01""#, &["k=2026-06-01T00:00:00Z"], true),
        ("DateGreaterThan", r#""2026-01-15T10:00Z""#, &["k=2026-06-01T00:00:00Z"], true),
        ("DateGreaterThan", r#""2026-01-15T10:00:30.5+02:00""#, &["k=2026-06-01T00:00:00Z"], true),
        ("DateGreaterThan", r#""01/02/2026""#, &["k=2026-06-01T00:00:00Z"], false),
        ("DateGreaterThan", r#""2026-01-15 10:00Z""#, &["k=2026-06-01T00:00:00Z"], false),
        ("DateGreaterThan", r#""20260115T100000Z""#, &["k=2026-06-01T00:00:00Z"], false),
        ("DateGreaterThan", r#""2026-01-15T10:00""#, &["k=2026-06-01T00:00:00Z"], false),
        ("DateGreaterThan", r#""2026-13-01""#, &["k=2026-06-01T00:00:00Z"], false),
        ("DateEquals", NEW_YEAR, &["k=2026-01-01T01:00:00+01:00"], true), // iam.op.date.offsets
        ("DateGreaterThanEquals", r#""2026-01-01""#, &["k=2026-01-01T00:00:00Z"], true), // iam.op.date.date-only-is-midnight
        ("DateGreaterThanEquals", r#""2026-01-01""#, &["k=2025-12-31T23:59:59Z"], false),
        ("DateLessThan", r#""1767225600""#, &["k=2025-12-31T23:59:59Z"], true), // iam.op.date.epoch
        ("DateLessThan", r#""1767225600""#, &["k=2026-01-01T00:00:00Z"], false),
        ("DateLessThan", NEW_YEAR, &["k=1767225599"], true), // iam.op.date.epoch-key-both-types
        ("NumericLessThan", r#""1767225600""#, &["k=1767225599"], true),
        ("DateLessThan", r#""2026-*""#, &["k=2025-01-01T00:00:00Z"], false), // iam.op.date.no-wildcards
        ("DateLessThan", r#""2026-01-01T00:00:37.819Z""#, &["k=2026-01-01T00:00:37.818Z"], true), // iam.op.date.fraction
        ("DateLessThan", r#""2026-01-01T00:00:37.819Z""#, &["k=2026-01-01T00:00:37.820Z"], false),
        ("DateLessThan", NEW_YEAR, &[], false), // iam.op.date.missing-token-issue-time
    ]);
    check_unclear(&[("DateNotEquals", r#""tomorrow""#, &["k=2026-01-01T00:00:00Z"])]);
}

#[test]
fn booleans_and_bytes() {
    check(&[
        ("Bool", "true", &["k=true"], true), // iam.op.bool.true-false
        ("Bool", r#""true""#, &["k=false"], false),
        ("Bool", "false", &["k=false"], true), // iam.op.bool.false-is-not-missing
        ("Bool", "false", &[], false),
        ("Bool", r#""TRUE""#, &["k=true"], true), // iam.op.bool.case
        ("Bool", r#""yes""#, &["k=yes"], false),  // iam.op.bool.non-boolean-value
        ("ForAnyValue:Bool", r#""true""#, &["k=false|true"], true), // iam.op.bool.set-operators
        ("ForAllValues:Bool", r#""true""#, &["k=false|true"], false),
        ("BinaryEquals", r#""QmluYXJ5""#, &["k=QmluYXJ5"], true), // iam.op.binary.equals
        ("BinaryEquals", r#""QmluYXJ5""#, &["k=AAAA"], false),
        ("BinaryEquals", r#""QmluYXJ5""#, &["k=qMLUyxj5"], false), // iam.op.binary.case-sensitive
        ("BinaryEquals", r#""QmluYXJ5""#, &[], false),             // iam.op.binary.missing
        ("BinaryEquals", r#""not base64""#, &["k=not base64"], false),
    ]);
}

#[test]
fn addresses() {
    check(&[
        ("IpAddress", r#""203.0.113.0/24""#, &["k=203.0.113.1"], true), // iam.op.ip.cidr-v4
        ("IpAddress", r#""203.0.113.0/24""#, &["k=198.51.100.1"], false),
        ("IpAddress", r#""203.0.113.0/24""#, &["k=203.0.113.0"], true), // iam.op.ip.cidr-edges
        ("IpAddress", r#""203.0.113.0/24""#, &["k=203.0.113.255"], true),
        ("IpAddress", r#""203.0.113.0/24""#, &["k=203.0.114.0"], false),
        ("IpAddress", r#""203.0.113.7""#, &["k=203.0.113.7"], true), // iam.op.ip.bare-v4-is-32
        ("IpAddress", r#""203.0.113.7""#, &["k=203.0.113.8"], false),
        ("IpAddress", r#""2001:db8::7""#, &["k=2001:DB8:0::7"], true), // iam.op.ip.bare-v6
        ("IpAddress", r#""2001:DB8:1234:5678::/64""#, &["k=2001:db8:1234:5678:0:0:0:1"], true), // iam.op.ip.cidr-v6
        ("IpAddress", r#""2001:DB8:1234:5678::/64""#, &["k=2001:db8:1234:5679::1"], false),
        ("IpAddress", r#"["203.0.113.0/24","2001:db8::/64"]"#, &["k=2001:db8::1"], true), // iam.op.ip.mixed-families-or
        ("IpAddress", r#"["203.0.113.0/24"]"#, &["k=2001:db8::1"], false),
        ("NotIpAddress", r#"["203.0.113.0/24"]"#, &["k=198.51.100.1"], true), // iam.op.ip.not-ip
        ("NotIpAddress", r#"["203.0.113.0/24"]"#, &["k=203.0.113.1"], false),
        ("NotIpAddress", r#"["203.0.113.0/24"]"#, &["k=2001:db8::1"], true), // iam.op.ip.not-ip-other-family
        ("NotIpAddress", r#"["203.0.113.0/24"]"#, &[], true),                // iam.op.ip.not-ip-missing-key
        ("IpAddress", r#""0.0.0.0/0""#, &["k=198.51.100.1"], true),          // iam.op.ip.zero-prefix
        ("IpAddress", r#""0.0.0.0/0""#, &["k=2001:db8::1"], false),
        ("IpAddress", r#""203.0.113.5/24""#, &["k=203.0.113.77"], true), // iam.op.ip.host-bits-set
        ("IpAddress", r#""203.0.113.0/24""#, &["k=::ffff:203.0.113.1"], false), // iam.op.ip.ipv4-mapped-v6
        ("IpAddress", r#""203.0.113.*""#, &["k=203.0.113.1"], false),    // iam.op.ip.no-wildcards
    ]);
    check_unclear(&[("NotIpAddress", r#""203.0.113.*""#, &["k=198.51.100.1"])]);
}

#[test]
fn arns() {
    const K: &[&str] = &["k=arn:aws:kms:us-east-1:111122223333:key/1"];
    const FAR: &[&str] = &["k=arn:aws:svc:us-east-2:999999999999:store/abc:111122223333:finance/d"];
    check(&[
        (
            "ArnEquals",
            r#""arn:aws:iam::111122223333:role/*""#,
            &["k=arn:aws:iam::111122223333:role/app"],
            true,
        ), // iam.op.arn.equals-and-like-identical
        (
            "ArnLike",
            r#""arn:aws:iam::111122223333:role/*""#,
            &["k=arn:aws:iam::444455556666:role/app"],
            false,
        ),
        ("ArnNotLike", r#"["arn:aws:iam::111122223333:role/*"]"#, K, true), // iam.op.arn.not-equals-and-not-like-identical
        ("ArnNotEquals", r#"["arn:aws:s3:::b","arn:aws:kms:*:*:key/?"]"#, K, false),
        ("ArnLike", r#""arn:aws:kms:*:111122223333:key/*""#, K, true), // iam.op.arn.six-segments
        ("ArnLike", r#""arn:aws:svc:*:111122223333:finance/*""#, FAR, false),
        ("StringLike", r#""arn:aws:svc:*:111122223333:finance/*""#, FAR, true), // iam.op.arn.stringlike-differs
        (
            "ArnLike",
            r#""arn:aws:codebuild:us-east-1:1:build/P:*""#,
            &["k=arn:aws:codebuild:us-east-1:1:build/P:u:1"],
            true,
        ), // iam.op.arn.sixth-part-keeps-colons
        (
            "ArnLike",
            r#""arn:aws:codebuild:us-east-1:1:build/P:*""#,
            &["k=arn:aws:codebuild:us-east-1:1:build/Q:u"],
            false,
        ),
        ("ArnLike", r#""arn:aws:iam::1:role/App""#, &["k=arn:aws:iam::1:role/app"], false), // iam.op.arn.case-sensitive
        ("ArnLike", r#""*""#, K, false), // iam.op.arn.star-alone
        ("ArnLike", r#""arn:aws:s3:::b""#, &["k=b"], false), // iam.op.arn.context-not-arn
        ("ArnLike", r#""arn:aws:iam::1:role/x""#, &["k=arn:aws:iam:us-east-1:1:role/x"], false), // iam.op.arn.empty-segment
        ("ArnLike", r#""arn:*:iam::1:role/x""#, &["k=arn:aws-cn:iam::1:role/x"], true),
        (
            "ArnEquals",
            r#""arn:aws:iam::1:user/${aws:username}""#,
            &["k=arn:aws:iam::1:user/alice", "aws:username=alice"],
            true,
        ), // iam.variable.condition-arn-ops
        (
            "ArnEquals",
            r#""arn:aws:iam::1:user/${aws:username}""#,
            &["k=arn:aws:iam::1:user/bob", "aws:username=alice"],
            false,
        ),
        ("ArnEquals", r#""arn:aws:${x}""#, &["k=arn:aws:iam::1:user/a", "x=iam::1:user/a"], false),
        ("ForAllValues:ArnLike", r#""arn:aws:s3:::b*""#, &["k=arn:aws:s3:::b1|arn:aws:s3:::b2"], true), // iam.op.arn.set-operators
        ("ForAllValues:ArnLike", r#""arn:aws:s3:::b*""#, &["k=arn:aws:s3:::b1|arn:aws:s3:::c"], false),
        ("ArnNotEquals", r#""arn:aws:s3:::b""#, &[], true), // iam.op.arn.notequals-missing-key
    ]);
    check_unclear(&[("ArnNotLike", r#""arn:aws:s3:::b""#, &["k=b"]), ("ArnNotLike", r#""*""#, K)]);
}
