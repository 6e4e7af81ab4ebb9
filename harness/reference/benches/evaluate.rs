//! How long `Evaluator::answer` takes on a parsed question whose context is given.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use kms_model::derive::{derive, derive_in};
use kms_model::question::{Ask, ContextValue};
use kms_model::{Dialect, Evaluator, Outcome, Question};
use kms_reference::{AwsReference, RamReference};

const KEY_POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]}"#;
const K: &str = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

fn main() {
    divan::main();
}

/// A Decrypt on K by alice, who has these statements; the answer must be `allow`.
fn decrypt(statements: &[String]) -> Question {
    // Twenty to a document, which has at most 10,240 characters.
    let policy = |statements: &[String]| {
        let statements = statements.join(",");
        format!(r#"{{"from":"user/alice","document":{{"Version":"2012-10-17","Statement":[{statements}]}}}}"#)
    };
    let policies: Vec<_> = statements.chunks(20).map(policy).collect();
    let text = format!(
        r#"{{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",
            "caller":{{"kind":"user","arn":"arn:aws:iam::111122223333:user/alice","account":"111122223333",
                "policies":[{}]}},
            "source-ip":"203.0.113.10",
            "operation":{{"name":"Decrypt","parameters":{{"EncryptionContext":{{"Department":"IT"}}}}}},
            "authorizations":[{{"action":"kms:Decrypt","resource":{{"arn":"{K}","account":"111122223333",
                "type":"kms:key","policy":{KEY_POLICY}}}}}]}}"#,
        policies.join(",")
    );
    let Ok(mut question) = Question::parse(&text) else { unreachable!("the question keeps the contract") };
    let region = question.region.clone();
    if let Ask::Authorize(ask) = &mut question.ask {
        let facts = ask.clone();
        for authorization in &mut ask.authorizations {
            authorization.context = Some(derive(&region, &facts, authorization));
        }
    }
    assert_eq!(AwsReference::new().answer(&question).outcome, Outcome::Allow);
    question
}

/// One statement in the identity policy, one in the key policy.
#[divan::bench]
fn simple(bencher: Bencher<'_, '_>) {
    let question = decrypt(&[format!(r#"{{"Effect":"Allow","Action":"kms:Decrypt","Resource":"{K}"}}"#)]);
    let mut evaluator = AwsReference::new();
    bencher.counter(ItemsCount::new(1_u32)).bench_local(|| evaluator.answer(black_box(&question)));
}

/// The same in the ram dialect: one statement in the policy of a user, a key without policy.
#[divan::bench]
fn ram_simple(bencher: Bencher<'_, '_>) {
    let key = "acs:kms:cn-hangzhou:1234567890123456:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let text = format!(
        r#"{{"kind":"authorize","dialect":"ram","region":"cn-hangzhou","time":"2026-01-15T12:00:00Z",
            "caller":{{"kind":"user","arn":"acs:ram::1234567890123456:user/alice","account":"1234567890123456",
                "policies":[{{"from":"user/alice","document":{{"Version":"1","Statement":[
                    {{"Effect":"Allow","Action":"kms:Decrypt","Resource":"{key}"}}]}}}}]}},
            "source-ip":"203.0.113.10","operation":{{"name":"Decrypt"}},
            "authorizations":[{{"action":"kms:Decrypt","resource":{{"arn":"{key}","account":"1234567890123456",
                "type":"kms:key"}}}}]}}"#
    );
    let Ok(mut question) = Question::parse(&text) else { unreachable!("the question keeps the contract") };
    let region = question.region.clone();
    if let Ask::Authorize(ask) = &mut question.ask {
        let facts = ask.clone();
        for authorization in &mut ask.authorizations {
            authorization.context = Some(derive_in(Dialect::Ram, &region, &facts, authorization));
        }
    }
    let mut evaluator = RamReference::new();
    assert_eq!(evaluator.answer(&question).outcome, Outcome::Allow);
    bencher.counter(ItemsCount::new(1_u32)).bench_local(|| evaluator.answer(black_box(&question)));
}

/// Twenty statements with conditions in the identity policy, all of which reach the action and the key; only the last
/// one's conditions hold.
#[divan::bench]
fn twenty(bencher: Bencher<'_, '_>) {
    let mut statements: Vec<_> =
        (0..19).map(|index| conditional(&format!(r#""aws:PrincipalTag/team":"t{index}""#))).collect();
    statements.push(conditional(
        r#""kms:EncryptionContext:Department":"IT","aws:PrincipalArn":"arn:aws:iam::111122223333:user/alice""#,
    ));
    let question = decrypt(&statements);
    let mut evaluator = AwsReference::new();
    bencher.counter(ItemsCount::new(1_u32)).bench_local(|| evaluator.answer(black_box(&question)));
}

/// The same request without `context`: the time includes deriving it.
#[divan::bench]
fn simple_deriving_context(bencher: Bencher<'_, '_>) {
    let mut question = decrypt(&[format!(r#"{{"Effect":"Allow","Action":"kms:Decrypt","Resource":"{K}"}}"#)]);
    if let Ask::Authorize(ask) = &mut question.ask {
        for authorization in &mut ask.authorizations {
            authorization.context = None;
        }
    }
    let mut evaluator = AwsReference::new();
    bencher.counter(ItemsCount::new(1_u32)).bench_local(|| evaluator.answer(black_box(&question)));
}

/// The cost of one statement more: none but the last one reaches the request.
#[divan::bench(args = [1, 10, 100, 1_000])]
fn statements(bencher: Bencher<'_, '_>, count: usize) {
    let mut statements: Vec<_> =
        (1..count).map(|index| conditional(&format!(r#""aws:PrincipalTag/team":"t{index}""#))).collect();
    statements.push(format!(r#"{{"Effect":"Allow","Action":"kms:Decrypt","Resource":"{K}"}}"#));
    let question = decrypt(&statements);
    let mut evaluator = AwsReference::new();
    bencher.counter(ItemsCount::new(count)).bench_local(|| evaluator.answer(black_box(&question)));
}

/// The cost of one value more in a condition: none but the last one is the request's.
#[divan::bench(args = [1, 10, 100, 1_000])]
fn values(bencher: Bencher<'_, '_>, count: usize) {
    let mut values: Vec<_> = (1..count).map(|index| format!(r#""IT{index}""#)).collect();
    values.push(r#""IT""#.to_owned());
    let keys = format!(r#""kms:EncryptionContext:Department":[{}]"#, values.join(","));
    let question = decrypt(&[conditional(&keys)]);
    let mut evaluator = AwsReference::new();
    bencher.counter(ItemsCount::new(count)).bench_local(|| evaluator.answer(black_box(&question)));
}

/// A pattern made to be slow: 2,000 times `*a` against 4,000 characters that end wrong, in a condition.
#[divan::bench]
fn hostile_wildcards(bencher: Bencher<'_, '_>) {
    let mut question = decrypt(&[
        format!(r#"{{"Effect":"Allow","Action":"kms:Decrypt","Resource":"{K}"}}"#),
        format!(
            r#"{{"Effect":"Deny","Action":"*","Resource":"*",
                "Condition":{{"StringLike":{{"aws:UserAgent":"{}"}}}}}}"#,
            "*a".repeat(2_000)
        ),
    ]);
    if let Ask::Authorize(ask) = &mut question.ask {
        for context in ask.authorizations.iter_mut().filter_map(|one| one.context.as_mut()) {
            context.set("aws:UserAgent", ContextValue::One(format!("{}b", "a".repeat(4_000))));
        }
    }
    let mut evaluator = AwsReference::new();
    assert_eq!(evaluator.answer(&question).outcome, Outcome::Allow);
    bencher.bench_local(|| evaluator.answer(black_box(&question)));
}

fn conditional(keys: &str) -> String {
    format!(
        r#"{{"Effect":"Allow","Action":["kms:Encrypt","kms:Decrypt"],"Resource":"arn:aws:kms:*:111122223333:key/*",
            "Condition":{{"StringEquals":{{{keys}}}}}}}"#
    )
}
