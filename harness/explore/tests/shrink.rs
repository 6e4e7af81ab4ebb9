//! The shrinker on planted findings: a small question that shows a misreading, buried in statements, layers and facts that
//! have nothing to do with it, must come out again.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use kms_explore::shrink;
use kms_explore::shrink::BUDGET;
use kms_model::derive::derive_in;
use kms_model::json::{Member, Node, Value};
use kms_model::question::{Ask, Attached, Authorize, Grant, PolicyType, Validate};
use kms_model::{Dialect, Document, Evaluator as _, Question};
use kms_reference::Reference;

/// A misreading: the question as one who reads it wrong takes it, and the parts of the smallest question that shows it.
struct Plant {
    name: &'static str,
    dialect: Dialect,
    misread: fn(&Question) -> Question,
    caller: &'static str,
    resource: &'static str,
}

fn edited(question: &Question, edit: fn(&mut Authorize)) -> Question {
    let mut question = question.clone();
    if let Ask::Authorize(ask) = &mut question.ask {
        edit(ask);
    }
    question
}

/// The question with a word of its documents replaced.
fn respelled(question: &Question, from: &str, to: &str) -> Question {
    Question::parse(&question.to_line().replace(from, to)).unwrap()
}

const ALLOWS: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const TAGGED: &str = r#""tags":{"Team":"Red"}"#;

/// The plants; `ALLOWS` in them stands for a document that allows everything.
fn plants() -> Vec<Plant> {
    let aws =
        |name, misread, caller, resource| Plant { name, dialect: Dialect::Aws, misread, caller, resource };
    let ram = |name, misread, caller| Plant { name, dialect: Dialect::Ram, misread, caller, resource: "" };
    vec![
        aws(
            "the boundary is not looked at",
            |question| edited(question, |ask| ask.caller.boundary = None),
            r#""policies":[{"from":"user/alice","document":ALLOWS}],
               "boundary":{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#,
            r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"*","Resource":"*"}"#,
        ),
        aws(
            "session policies are not looked at",
            |question| edited(question, |ask| ask.caller.session_policies = None),
            r#""policies":[{"from":"user/alice","document":ALLOWS}],
               "session-policies":[{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}]"#,
            r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"*","Resource":"*"}"#,
        ),
        aws(
            "only the last level of service control policies counts",
            |question| {
                edited(question, |ask| {
                    let last = ask.caller.scps.as_ref().and_then(|levels| levels.last().cloned());
                    ask.caller.scps = last.map(|last| vec![last]);
                })
            },
            r#""scps":[[{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}],[ALLOWS]]"#,
            r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#,
        ),
        aws(
            "constraints of grants are not looked at",
            |question| {
                edited(question, |ask| {
                    for one in &mut ask.authorizations {
                        one.resource.grants.iter_mut().for_each(|grant| grant.constraints = None);
                    }
                })
            },
            TAGGED,
            r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/carol"},"Action":"*","Resource":"*"}]},
               "grants":[{"id":"g","grantee":"arn:aws:iam::111122223333:user/alice","operations":["Decrypt"],"constraints":{"EncryptionContextEquals":{"Department":"HR"}}}"#,
        ),
        aws(
            "StringEquals does not distinguish case",
            |question| respelled(question, r#""StringEquals""#, r#""StringEqualsIgnoreCase""#),
            TAGGED,
            r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/Team":"RED"}}}"#,
        ),
        aws(
            "IfExists is not read",
            |question| respelled(question, "IfExists", ""),
            TAGGED,
            r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:PrincipalTag/Project":"Blue"}}}"#,
        ),
        aws(
            "ForAllValues is read as ForAnyValue",
            |question| respelled(question, "ForAllValues", "ForAnyValue"),
            TAGGED,
            r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"ForAllValues:StringEquals":{"kms:EncryptionContextKeys":"Department"}}}"#,
        ),
        aws(
            "NotAction is read as Action",
            |question| respelled(question, "NotAction", "Action"),
            TAGGED,
            r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Effect":"Deny","Principal":"*","NotAction":"kms:Encrypt","Resource":"*"}"#,
        ),
        aws(
            "a question mark is no wildcard",
            |question| respelled(question, "kms:Decryp?", "kms:Decrypx"),
            TAGGED,
            r#"{"Effect":"Allow","Principal":"*","Action":"kms:Decryp?","Resource":"*"}"#,
        ),
        ram(
            "Deny is read as Allow",
            |question| respelled(question, r#""Deny""#, r#""Allow""#),
            r#""policies":[{"from":"user/alice","document":{"Version":"1","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}}]"#,
        ),
        ram(
            "StringLike has no wildcards",
            |question| respelled(question, r#""StringLike""#, r#""StringEquals""#),
            r#""policies":[{"from":"user/alice","document":{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"acs:SecureTransport":"t*"}}}]}}]"#,
        ),
    ]
}

impl Plant {
    /// The smallest question, as a person would write it.
    fn smallest(&self) -> Question {
        let (region, arn, key, account) = match self.dialect {
            Dialect::Ram => (
                "cn-hangzhou",
                "acs:ram::1234567890123456:user/alice",
                "acs:kms:cn-hangzhou:1234567890123456:key/k",
                "1234567890123456",
            ),
            _ => (
                "us-west-2",
                "arn:aws:iam::111122223333:user/alice",
                "arn:aws:kms:us-west-2:111122223333:key/k",
                "111122223333",
            ),
        };
        let policy = match self.resource {
            "" => String::new(),
            statements if statements.contains("\"grants\"") => {
                format!(r#","policy":{{"Version":"2012-10-17","Statement":[{statements}]"#)
            }
            statements => format!(r#","policy":{{"Version":"2012-10-17","Statement":[{statements}]}}"#),
        };
        let who = match self.caller.contains("session-policies") {
            true => {
                r#""kind":"role-session","issuer":"arn:aws:iam::111122223333:role/App","arn":"arn:aws:sts::111122223333:assumed-role/App/s1""#
                    .to_owned()
            }
            false => format!(r#""kind":"user","arn":"{arn}""#),
        };
        let text = format!(
            r#"{{"kind":"authorize","dialect":"{}","region":"{region}","time":"2026-01-15T12:00:00Z",
                "caller":{{{who},"account":"{account}",{}}},
                "operation":{{"name":"Decrypt","parameters":{{"EncryptionContext":{{"Department":"IT","Purpose":"Test"}}}}}},
                "authorizations":[{{"action":"kms:Decrypt","resource":{{"arn":"{key}","account":"{account}","type":"kms:key"{policy}}}}}]}}"#,
            self.dialect.word(),
            self.caller.replace("ALLOWS", ALLOWS),
        );
        derived(Question::parse(&text).unwrap_or_else(|problems| panic!("{}: {problems:?}", self.name)))
    }

    /// The same among much else.
    fn buried(&self) -> Question {
        let condition = match self.dialect {
            Dialect::Ram => {
                r#"{"StringEquals":{"kms:tag/Team":["a","b"]},"IpAddress":{"acs:SourceIp":["10.0.0.0/8"]}}"#
            }
            _ => {
                r#"{"StringNotEquals":{"aws:PrincipalTag/Team":["a","b"]},"Bool":{"aws:SecureTransport":"true"}}"#
            }
        };
        let statement = |at: usize, action: &str, principal: &str| {
            let effect = if at.is_multiple_of(2) { "Allow" } else { "Deny" };
            format!(
                r#"{{"Sid":"Noise{at}","Effect":"{effect}"{principal},"Action":["kms:{action}","kms:Describe{at}*"],"Resource":["*"],"Condition":{condition}}}"#
            )
        };
        let noise = |principal: &str| {
            let actions = ["TagResource", "CreateAlias", "ScheduleKeyDeletion", "ListGrants"];
            let all = actions.iter().enumerate().map(|(at, action)| statement(at, action, principal));
            all.collect::<Vec<_>>().join(",")
        };
        let buried = |document: &Document, principal: &str| {
            let noise = format!(r#""Statement":[{},"#, noise(principal));
            Document::new(document.text().replacen(r#""Statement":["#, &noise, 1))
        };
        let version = if self.dialect == Dialect::Ram { "1" } else { "2012-10-17" };
        let own = Document::new(format!(r#"{{"Version":"{version}","Statement":[{}]}}"#, noise("")));
        let mut question = self.smallest();
        let Ask::Authorize(ask) = &mut question.ask else { panic!("only requests are planted") };
        for attached in &mut ask.caller.policies {
            attached.document = buried(&attached.document, "");
        }
        if let Some(boundary) = &mut ask.caller.boundary {
            *boundary = buried(boundary, "");
        }
        for from in ["group/Noise", "user/alice", "user/alice"] {
            ask.caller.policies.push(Attached::new(from, own.clone()));
        }
        for (key, value) in [("Team", "Red"), ("Cost", "7")] {
            ask.caller.tags.insert(key.to_owned(), value.to_owned());
        }
        ask.source_ip = Some("203.0.113.7".to_owned());
        for one in &mut ask.authorizations {
            one.resource.tags.insert("Team".to_owned(), "Blue".to_owned());
            let Some(policy) = &mut one.resource.policy else { continue };
            let principals = r#","Principal":{"AWS":["arn:aws:iam::111122223333:user/alice","arn:aws:iam::111122223333:role/App"]}"#;
            *policy = buried(policy, principals);
            let mut grant = Grant::default();
            grant.id = "noise".to_owned();
            grant.grantee = "arn:aws:iam::111122223333:role/App".to_owned();
            grant.operations = vec!["Decrypt".to_owned(), "Encrypt".to_owned()];
            one.resource.grants.push(grant);
        }
        derived(question)
    }

    fn answers(&self, reference: &mut Reference, question: &Question) -> (&'static str, &'static str) {
        let right = reference.answer(question).outcome.word();
        (right, reference.answer(&(self.misread)(question)).outcome.word())
    }
}

/// The question with the contexts that its facts give.
fn derived(mut question: Question) -> Question {
    if let Ask::Authorize(ask) = &mut question.ask {
        let whole = ask.clone();
        for one in &mut ask.authorizations {
            one.context = Some(derive_in(question.dialect, &question.region, &whole, one));
        }
    }
    question
}

/// The statements of a question, and the conditions of these: keys under operators.
fn size(node: &Node) -> (usize, usize) {
    let own = match (node.get("Effect"), node.get("Condition").and_then(Node::members)) {
        (Some(_), conditions) => {
            let keys = |member: &Member| member.node.members().map_or(0, <[_]>::len);
            (1, conditions.unwrap_or_default().iter().map(keys).sum())
        }
        _ => (0, 0),
    };
    let add = |(a, b): (usize, usize), node: &Node| {
        let (c, d) = size(node);
        (a + c, b + d)
    };
    match &node.value {
        Value::Array(elements) => elements.iter().fold(own, add),
        Value::Object(members) => members.iter().map(|member| &member.node).fold(own, add),
        _ => own,
    }
}

#[test]
fn what_was_buried_comes_out_again() {
    let mut reference = Reference::new();
    let mut surplus = Vec::new();
    for plant in plants() {
        let (smallest, buried) = (plant.smallest(), plant.buried());
        let answers = plant.answers(&mut reference, &smallest);
        assert_ne!(answers.0, answers.1, "{}: its smallest question does not show it", plant.name);
        assert_eq!(plant.answers(&mut reference, &buried), answers, "{}", plant.name);
        assert!(size(&buried.to_node()).0 >= 10, "{}", plant.name);
        let mut shows = |question: &Question| plant.answers(&mut reference, question) == answers;
        let started = std::time::Instant::now();
        let shrunk = shrink(&buried, BUDGET, &mut shows).unwrap_or_else(|| panic!("{}: lost", plant.name));
        let took = started.elapsed();
        let (known, left) = (size(&smallest.to_node()), size(&shrunk.question.to_node()));
        println!(
            "{}: {known:?} statements and conditions known, {left:?} left, {} evaluations, {took:.1?}\n  {}",
            plant.name,
            shrunk.evaluations,
            shrunk.question.to_line()
        );
        assert!(shrunk.is_minimal && shrunk.evaluations < 3000, "{}: {}", plant.name, shrunk.evaluations);
        assert!(shrunk.question.features().is_subset(&buried.features()), "{}", plant.name);
        assert_eq!(Question::parse(&shrunk.question.to_line()).unwrap(), shrunk.question);
        assert_eq!(shrink(&buried, BUDGET, &mut shows).unwrap().question, shrunk.question, "{}", plant.name);
        surplus.push((left.0.saturating_sub(known.0), left.1.saturating_sub(known.1)));
    }
    surplus.sort_unstable();
    let median = surplus[surplus.len() / 2];
    assert!(median.0 <= 1 && median.1 <= 1, "{surplus:?}");
    let worst = surplus.iter().map(|(statements, conditions)| statements + conditions).max();
    assert!(worst <= Some(2), "{surplus:?}");
}

#[test]
fn nothing_is_made_of_what_is_not_there() {
    let buried = plants()[0].buried();
    assert!(shrink(&buried, BUDGET, &mut |_| false).is_none());
    // An answer that varies: it is there once and never again.
    let mut asked = 0;
    let once = shrink(&buried, BUDGET, &mut |_| {
        asked += 1;
        asked == 1
    });
    assert!(once.is_none());
}

#[test]
fn a_budget_ends_it_early_with_what_is_reached() {
    let buried = plants()[0].buried();
    let mut asked = 0;
    let shrunk = shrink(&buried, 5, &mut |_| {
        asked += 1;
        true
    })
    .unwrap();
    assert_eq!((shrunk.evaluations, shrunk.is_minimal), (asked, false));
    assert!(asked <= 7 && shrunk.question.to_line().len() < buried.to_line().len());
}

#[test]
fn broken_text_and_repeated_members_of_a_document_are_kept_if_they_matter() {
    let document = |text: &str| {
        let validate = Validate::new(PolicyType::Identity, Document::new(text));
        Question::validate(Dialect::Aws, "us-west-2", validate)
    };
    let text_of = |question: &Question| match &question.ask {
        Ask::Validate(ask) => ask.document.text().to_owned(),
        _ => String::new(),
    };
    let doubled = document(r#"{ "Version": "2012-10-17", "Statement": [], "Id": "a", "Id": "b" }"#);
    let shrunk = shrink(&doubled, BUDGET, &mut |question| text_of(question).matches(r#""Id""#).count() == 2);
    assert_eq!(text_of(&shrunk.unwrap().question), r#"{"Id":"a","Id":"b"}"#);
    let broken = document(r#"{"Version":"2012-10-17","Statement":[,]}"#);
    let shrunk = shrink(&broken, BUDGET, &mut |question| text_of(question).contains("[,"));
    assert_eq!(text_of(&shrunk.unwrap().question), "[,");
}
