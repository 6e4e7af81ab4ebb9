//! Questions are read alike from a text and from a tree, and fast enough: held as a multiple of the time that `serde_json` takes
//! for the same text, the best of many short rounds of each, so that neither the machine nor its load matters.

use std::hint::black_box;
use std::time::{Duration, Instant};

use kms_model::json::{Limits, parse};
use kms_model::wire::{self, Request};
use kms_model::{Documents, Question};

const QUESTION: &str = r#"{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",
    "caller":{"kind":"role-session","arn":"arn:aws:sts::111122223333:assumed-role/App/s1","account":"111122223333",
        "issuer":"arn:aws:iam::111122223333:role/App","policies":[{"from":"role/App","document":
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}]}}],
        "session-policies":[{ "Statement" : [] },"{\"Statement\":[]}","{"],"tags":{"b":"1","a":"\u00e9"}},
    "operation":{"name":"Decrypt","parameters":{"EncryptionContext":{"Department":"IT","Größe":"1"},"Limit":1.50}},
    "authorizations":[{"action":"kms:Decrypt","resource":{"arn":"arn:aws:kms:us-west-2:111122223333:key/1","account":
        "111122223333","type":"kms:key","policy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":
            {"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]},
        "grants":[{"id":"1","grantee":"arn:aws:iam::111122223333:role/App","operations":["Decrypt"]}],
        "key":{"origin":"EXTERNAL"},"organization":{"id":"o-1","path":"p/","management":true}},
        "context":{"aws:username":"a","aws:TagKeys":["x","y"],"aws:none":[]}}],"later":null}"#;

#[test]
fn a_text_and_its_tree_are_read_as_the_same_question_or_with_the_same_problems() {
    let whole = Question::parse(QUESTION).unwrap();
    assert_eq!(Question::parse(&whole.to_line()).unwrap(), whole);
    for (from, to, problems) in [
        ("", "", 0),
        ("\"kind\":\"authorize\"", "\"\\u006bind\":\"\\u0061uthorize\"", 0),
        ("\"region\":\"us-west-2\",", "", 1),
        ("\"region\"", "\"kind\":\"validate\",\"region\"", 1),
        ("\"dialect\"", "\"region\":1,\"dialect\"", 2),
        ("\"later\":null", "\"later\":null,\"later\":[],\"via\":{}", 2),
        ("{\"b\":\"1\",\"a\":", "{\"b\":\"1\",\"\\u0062\":\"2\",\"a\":3,\"c\":", 2),
        ("\"management\":true", "\"management\":\"true\",\"id\":null", 3),
        ("[\"x\",\"y\"]", "[\"x\",[\"y\"]]", 1),
        ("\"role-session\"", "\"someone\"", 1),
        ("\"Version\":\"2012-10-17\",\"Statement\"", "\"Statement\":1,\"Statement\"", 2),
        ("\"authorizations\":[{", "\"authorizations\":[],\"authorizations\":[{", 2),
        ("\"caller\":{", "\"calling\":{", 1),
    ] {
        let text = QUESTION.replace(from, to);
        let of_text = Question::parse(&text);
        assert_eq!(of_text, Question::read(&parse(&text, Limits::default()).unwrap()), "{to}");
        assert_eq!(of_text.map_or_else(|problems| problems.len(), |_| 0), problems, "{to}");
    }
}

/// The shortest of many times.
fn best(mut run: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..40 {
        let start = Instant::now();
        for _ in 0..20 {
            run();
        }
        best = best.min(start.elapsed());
    }
    best
}

#[test]
fn a_question_is_read_in_less_than_twice_the_time_of_its_json() {
    let line = wire::ask(7, &Question::parse(QUESTION).unwrap());
    let mut documents = Documents::new(1 << 20);
    let mut read = || drop(black_box(Request::read_sharing(black_box(&line), &mut documents)));
    let json = best(|| drop(black_box(serde_json::from_str::<serde_json::Value>(black_box(&line)))));
    let once = best(&mut read);
    assert!(once < 2 * json, "{once:?} against {json:?}");
    // A reader that is slower by as much as this would be found.
    let slow = best(|| (0..6).for_each(|_| read()));
    assert!(slow >= 2 * json, "{slow:?} against {json:?}");
    println!("{:.2} times", once.as_secs_f64() / json.as_secs_f64());
}
