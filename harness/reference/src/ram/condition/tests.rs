//! Tables of policy values and request values, an operator family each.

use kms_model::ram::policy::RamPolicy;

use super::*;

/// A context from `key=a` texts; `key=a|b` has two values, `key=[]` none.
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

/// Whether all conditions of a `Condition` element hold in an Allow and in a Deny.
fn holds(element: &str, entries: &[&str]) -> (bool, bool) {
    let text = format!(
        r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{element}}}]}}"#
    );
    let policy = RamPolicy::read(&text).unwrap();
    let mut problems = Vec::new();
    let conditions: Vec<_> = policy.statements[0]
        .conditions
        .iter()
        .map(|condition| Condition::new(condition, &mut problems).unwrap())
        .collect();
    let all = |effect| conditions.iter().all(|condition| condition.holds(&context(entries), effect));
    (all(Effect::Allow), all(Effect::Deny))
}

/// Rows of an operator, values for the key `k`, a context, and whether the condition holds whatever the effect.
fn check(table: &[(&str, &str, &[&str], bool)]) {
    for (operator, values, entries, expected) in table {
        let found = holds(&format!(r#"{{"{operator}":{{"k":{values}}}}}"#), entries);
        assert_eq!(found, (*expected, *expected), "{operator} {values} in {entries:?}");
    }
}

/// Rows whose reading is open: an Allow does not apply, a Deny does.
fn check_open(table: &[(&str, &str, &[&str])]) {
    for (operator, values, entries) in table {
        let found = holds(&format!(r#"{{"{operator}":{{"k":{values}}}}}"#), entries);
        assert_eq!(found, (false, true), "{operator} {values} in {entries:?}");
    }
}

#[test]
fn texts() {
    check(&[
        ("StringEquals", r#""Apollo""#, &["k=Apollo"], true), // ram.op.string-equals
        ("StringEquals", r#""Apollo""#, &["k=apollo"], false),
        ("StringEquals", r#""Apo*""#, &["k=Apollo"], false),
        ("StringNotEquals", r#""Apollo""#, &["k=apollo"], true), // ram.op.string-not-equals
        ("StringNotEquals", r#""Apollo""#, &["k=Apollo"], false),
        ("StringEqualsIgnoreCase", r#""Apollo""#, &["k=APOLLO"], true), // ram.op.string-equals-ignorecase
        ("StringEqualsIgnoreCase", r#""Apollo""#, &["k=Apollo2"], false),
        ("StringEqualsIgnoreCase", r#""ÄPO*""#, &["k=äpo*"], true),
        ("StringNotEqualsIgnoreCase", r#""Apollo""#, &["k=Gemini"], true), // ram.op.string-not-equals-ignorecase
        ("StringNotEqualsIgnoreCase", r#""Apollo""#, &["k=APOLLO"], false),
        ("StringLike", r#""Apo*""#, &["k=Apollo"], true), // ram.op.string-like
        ("StringLike", r#""apo*""#, &["k=Apollo"], false),
        ("StringLike", r#""Apollo*""#, &["k=Apollo"], true), // ram.op.string-like-empty
        ("StringLike", r#""Apollo?*""#, &["k=Apollo"], false),
        ("StringLike", r#""Apo??o""#, &["k=Apollo"], true),
        ("StringNotLike", r#""Apo*""#, &["k=Gemini"], true), // ram.op.string-not-like
        ("StringNotLike", r#""Apo*""#, &["k=Apollo"], false),
        ("StringEquals", r#""${k}""#, &["k=${k}"], true), // ram.match.placeholder-is-text
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("NumericEquals", r#""10""#, &["k=10"], true), // ram.op.numeric-equals
        ("NumericEquals", r#""10""#, &["k=11"], false),
        ("NumericEquals", r#""10.0""#, &["k=10"], true),
        ("NumericNotEquals", r#""10""#, &["k=11"], true), // ram.op.numeric-not-equals
        ("NumericNotEquals", r#""10""#, &["k=10"], false),
        ("NumericLessThan", r#""10""#, &["k=9"], true), // ram.op.numeric-less, ram.op.numeric-not-lexical
        ("NumericLessThan", r#""10""#, &["k=10"], false),
        ("NumericLessThan", r#""9""#, &["k=10"], false),
        ("NumericLessThanEquals", r#""10""#, &["k=10"], true), // ram.op.numeric-less-equals
        ("NumericLessThanEquals", r#""10""#, &["k=11"], false),
        ("NumericGreaterThan", r#""10""#, &["k=11"], true), // ram.op.numeric-greater
        ("NumericGreaterThan", r#""10""#, &["k=10"], false),
        ("NumericGreaterThanEquals", r#""10""#, &["k=10"], true), // ram.op.numeric-greater-equals
        ("NumericGreaterThanEquals", r#""10""#, &["k=9"], false),
        ("NumericLessThan", r#""10""#, &["k=few"], false),
        ("NumericLessThan", r#""ten""#, &["k=9"], false),
    ]);
    check_open(&[("NumericNotEquals", r#""ten""#, &["k=9"]), ("NumericNotEquals", r#""10""#, &["k=few"])]);
}

#[test]
fn dates() {
    let limit = r#""2019-08-12T17:00:00+08:00""#;
    check(&[
        ("DateLessThan", limit, &["k=2019-08-12T08:59:59Z"], true), // ram.op.date-less, ram.op.date-zone
        ("DateLessThan", limit, &["k=2019-08-12T09:00:01Z"], false),
        ("DateLessThan", limit, &["k=2019-08-12T09:00:00Z"], false), // ram.op.date-boundary
        ("DateLessThanEquals", limit, &["k=2019-08-12T09:00:00Z"], true),
        ("DateGreaterThan", limit, &["k=2019-08-12T09:00:01Z"], true), // ram.op.date-greater
        ("DateGreaterThan", limit, &["k=2019-08-12T09:00:00Z"], false),
        ("DateGreaterThanEquals", limit, &["k=2019-08-12T09:00:00Z"], true),
        ("DateGreaterThanEquals", limit, &["k=2019-08-12T08:59:59Z"], false),
        ("DateEquals", limit, &["k=2019-08-12T09:00:00Z"], true), // ram.op.date-equals
        ("DateEquals", limit, &["k=2019-08-12T09:00:01Z"], false),
        ("DateNotEquals", limit, &["k=2019-08-12T09:00:01Z"], true),
        ("DateNotEquals", limit, &["k=2019-08-12T09:00:00Z"], false),
        // Without an offset a text names no instant.
        ("DateLessThan", r#""2030-01-01T00:00:00""#, &["k=2019-08-12T09:00:00Z"], false),
        ("DateLessThan", r#""2030-01-01""#, &["k=2019-08-12T09:00:00Z"], false),
    ]);
    check_open(&[("DateNotEquals", r#""2030""#, &["k=2019-08-12T09:00:00Z"])]);
}

#[test]
fn truth_values_and_addresses() {
    check(&[
        ("Bool", r#""true""#, &["k=true"], true), // ram.op.bool
        ("Bool", r#""true""#, &["k=false"], false),
        ("Bool", r#""false""#, &["k=false"], true), // ram.op.bool-false
        ("Bool", r#""yes""#, &["k=true"], false),
        ("IpAddress", r#""192.168.0.0/16""#, &["k=192.168.7.9"], true), // ram.op.ip-single-value-cidr
        ("IpAddress", r#""192.168.0.0/16""#, &["k=192.169.0.1"], false),
        ("IpAddress", r#"["192.168.0.0/16","172.16.215.218"]"#, &["k=172.16.215.218"], true), // ram.op.ip-single
        ("IpAddress", r#"["192.168.0.0/16","172.16.215.218"]"#, &["k=172.16.215.219"], false),
        ("IpAddress", r#""2001:db8::1""#, &["k=2001:db8:0::1"], true), // ram.op.ip-v6
        ("IpAddress", r#""2001:db8::1""#, &["k=2001:db8::2"], false),
        ("NotIpAddress", r#""192.168.0.0/16""#, &["k=192.169.0.1"], true), // ram.op.not-ip
        ("NotIpAddress", r#""192.168.0.0/16""#, &["k=192.168.0.1"], false),
        ("NotIpAddress", r#"["10.0.0.0/8","192.168.0.0/16"]"#, &["k=203.0.113.1"], true),
    ]);
    check_open(&[
        ("NotIpAddress", r#""anywhere""#, &["k=203.0.113.1"]),
        ("NotIpAddress", r#""10.0.0.0/8""#, &["k=vpc"]),
        ("NotIpAddress", r#"["10.0.0.0/8","192.168.0.0/16"]"#, &["k=10.0.0.1"]),
    ]);
}

#[test]
fn what_the_pages_leave_open_is_read_so_that_more_is_refused() {
    check(&[
        ("StringEquals", r#""a""#, &[], false), // ram.condition.missing-key-positive
        ("StringEquals", r#""a""#, &["k=[]"], false),
        ("StringLike", r#""*""#, &[], false),
        ("Bool", r#""false""#, &[], false),
        ("StringNotEquals", r#"["a","b"]"#, &["k=c"], true),
        ("StringEquals", r#"["a","b"]"#, &["k=a|b"], true), // ram.condition.multivalue-request-key
        ("StringEquals", r#""a""#, &["k=b|c"], false),
    ]);
    check_open(&[
        ("StringNotEquals", r#""a""#, &[]), // ram.condition.missing-key-negated
        ("NotIpAddress", r#""10.0.0.0/8""#, &[]),
        ("StringNotEquals", r#"["a","b"]"#, &["k=a"]), // ram.condition.negated-multivalue
        ("StringEquals", r#""a""#, &["k=a|b"]),
        ("StringEquals", r#""a""#, &["K=a"]), // ram.condition.key-case
    ]);
    check(&[("StringEquals", r#""a""#, &["K=a", "k=b"], false)]);
}

#[test]
fn values_are_alternatives_and_keys_and_operators_are_not() {
    for (element, entries, expected) in [
        (r#"{"StringEquals":{"t":["Apollo","Gemini"]}}"#, &["t=Gemini"][..], true), // ram.condition.values-or
        (r#"{"StringEquals":{"t":["Apollo","Gemini"]}}"#, &["t=Mercury"], false),
        (r#"{"StringEquals":{"a":"1","b":"2"}}"#, &["a=1", "b=2"], true), // ram.condition.keys-and
        (r#"{"StringEquals":{"a":"1","b":"2"}}"#, &["a=1", "b=1"], false),
        (r#"{"IpAddress":{"i":"10.0.0.0/8"},"Bool":{"b":"true"}}"#, &["i=10.1.1.1", "b=true"], true), // ram.condition.operators-and
        (r#"{"IpAddress":{"i":"10.0.0.0/8"},"Bool":{"b":"true"}}"#, &["i=10.1.1.1", "b=false"], false),
    ] {
        assert_eq!(holds(element, entries), (expected, expected), "{element} in {entries:?}");
    }
}
