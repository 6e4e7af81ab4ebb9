//! Evaluators that are planted to be caught: the reference behind a misreading of the question, or of its own answer.

use kms_model::answer::Because;
use kms_model::json::{Member, Node, Value};
use kms_model::question::{Ask, Authorize, CallerKind};
use kms_model::{Answer, Description, Document, Evaluator, Outcome, Question};
use kms_reference::Reference;

/// How a planted evaluator answers.
pub type Misread = fn(&Question, &mut Reference) -> Answer;

/// The reference, misreading.
pub struct Planted {
    reference: Reference,
    answer: Misread,
}

impl Planted {
    pub fn new(answer: Misread) -> Self {
        Self { reference: Reference::new(), answer }
    }
}

impl Evaluator for Planted {
    fn description(&self) -> &Description {
        self.reference.description()
    }

    fn answer(&mut self, question: &Question) -> Answer {
        (self.answer)(question, &mut self.reference)
    }
}

/// For each relation a misreading that breaks it, in words and as an evaluator.
pub const PLANTED: &[(&str, &str, Misread)] = &[
    ("aws-added-deny-never-widens", "a document with a Deny allows nothing", deny_documents_allow_nothing),
    ("aws-added-allow-never-narrows", "a document has three statements at most", three_statements_at_most),
    ("aws-deny-of-all-denies", "a resource's policy cannot deny", no_deny_of_resources),
    ("aws-unmatched-statement-is-nothing", "every statement is about every action", every_action),
    (
        "aws-repeated-statement-is-nothing",
        "a document has three statements at most",
        three_statements_at_most,
    ),
    ("aws-condition-narrows-allow", "statements without conditions are not read", conditions_needed),
    ("aws-condition-narrows-deny", "statements without conditions are not read", conditions_needed),
    ("aws-longer-list-widens-allow", "lists of two or more are not read", no_long_lists),
    ("aws-longer-list-widens-deny", "lists of two or more are not read", no_long_lists),
    ("aws-longer-not-list-narrows-allow", "of two values of NotAction one is always another", one_differs),
    ("aws-longer-not-list-narrows-deny", "of two values of NotAction one is always another", one_differs),
    ("aws-everybody-includes-the-caller", "nobody is denied by an asterisk", no_deny_for_everybody),
    ("aws-unmentioned-key-is-nothing", "callers with tags are refused", no_tagged_callers),
    ("aws-order-of-statements", "only the first statement is read", first_statement),
    ("aws-order-of-policies", "only the first policy of each kind is read", first_policy),
    ("aws-order-of-lists", "only the first value of a list is read", first_value),
    ("aws-order-of-members", "statements begin with Sid or Effect", effect_first),
    ("aws-scalar-is-list-of-one", "actions stand in lists", actions_in_lists),
    ("aws-action-case-is-nothing", "actions begin in small letters", small_actions),
    ("aws-condition-key-case-is-nothing", "condition keys begin in small letters", small_keys),
    ("aws-resource-case-counts", "case does not count in resources", resources_in_any_case),
    ("aws-account-id-is-account-arn", "accounts are named by their ARNs", no_account_ids),
    ("aws-quoted-condition-values", "values stand in quotation marks", quoted_values),
    ("aws-written-otherwise", "documents have no white space", compact_documents),
    ("aws-sid-and-id-are-nothing", "statements without Sid are not read", sids_needed),
    ("aws-version-without-variables", "documents without Version are not read", versions_needed),
    ("aws-split-by-action", "only the first statement is read", first_statement),
    ("aws-split-by-resource", "only the first statement is read", first_statement),
    ("aws-split-by-principal", "only the first statement is read", first_statement),
    ("aws-split-by-condition-value", "only the first statement is read", first_statement),
    ("aws-split-document", "only the first policy of each kind is read", first_policy),
    ("aws-renamed-identifier", "one account is known by heart", one_account),
    ("aws-guard-rail-only-narrows", "what a guard rail lets pass is allowed", rails_allow),
    ("aws-open-guard-rail-is-nothing", "who has a guard rail is refused", rails_refuse),
    ("aws-closed-guard-rail-refuses", "guard rails are not read", no_rails),
    ("aws-management-account-is-free", "no account manages an organization", no_management),
    ("aws-service-linked-role-is-free", "all roles are alike", no_linked_roles),
    ("aws-group-policy-is-own", "policies of groups are not read", no_groups),
    ("aws-grant-only-adds", "a key with grants is for grantees only", grants_or_policies),
    ("aws-removed-grant-only-takes", "a key with grants is for grantees only", grants_or_policies),
    ("aws-grant-of-others-is-nothing", "a grant is for everybody", grants_for_everybody),
    ("aws-each-account-allows-its-part", "an asterisk is no action", no_star_actions),
    ("aws-both-accounts-are-needed", "the owner's account decides alone", owner_decides),
    ("aws-key-policy-is-needed", "IAM policies decide alone", iam_decides),
    ("aws-delegation-carries-iam", "IAM policies decide alone", iam_decides),
    ("aws-broken-document-gives-nothing", "what cannot be read is allowed", rejected_is_allowed),
    ("aws-explicit-deny-needs-a-deny", "every deny is explicit", all_denies_explicit),
    ("aws-reasons-are-reasons", "statements are counted from one", counted_from_one),
    ("aws-all-authorizations-are-needed", "only the first authorization is asked for", first_authorization),
    ("ram-added-deny-never-widens", "a document with a Deny allows nothing", deny_documents_allow_nothing),
    ("ram-added-allow-never-narrows", "a document has three statements at most", three_statements_at_most),
    ("ram-deny-of-all-denies", "a resource's policy cannot deny", no_deny_of_resources),
    ("ram-unmatched-statement-is-nothing", "every statement is about every action", every_action),
    (
        "ram-repeated-statement-is-nothing",
        "a document has three statements at most",
        three_statements_at_most,
    ),
    ("ram-condition-narrows-allow", "statements without conditions are not read", conditions_needed),
    ("ram-condition-narrows-deny", "statements without conditions are not read", conditions_needed),
    ("ram-longer-list-widens-allow", "lists of two or more are not read", no_long_lists),
    ("ram-longer-list-widens-deny", "lists of two or more are not read", no_long_lists),
    ("ram-longer-not-list-narrows-allow", "of two values of NotAction one is always another", one_differs),
    ("ram-longer-not-list-narrows-deny", "of two values of NotAction one is always another", one_differs),
    ("ram-unmentioned-key-is-nothing", "requests on tagged keys are refused", no_tagged_callers),
    ("ram-order-of-statements", "only the first statement is read", first_statement),
    ("ram-order-of-policies", "only the first policy of each kind is read", first_policy),
    ("ram-order-of-lists", "only the first value of a list is read", first_value),
    ("ram-order-of-members", "statements begin with Sid or Effect", effect_first),
    ("ram-scalar-is-list-of-one", "actions stand in lists", actions_in_lists),
    (
        "ram-action-case-is-nothing",
        "names of actions begin in capitals and go on in small letters",
        small_actions,
    ),
    ("ram-condition-key-case-is-nothing", "condition keys begin in small letters", small_keys),
    ("ram-resource-case-counts", "case does not count in resources", resources_in_any_case),
    ("ram-written-otherwise", "documents have no white space", compact_documents),
    ("ram-sid-is-nothing", "statements without Sid are not read", sids_needed),
    ("ram-split-by-action", "only the first statement is read", first_statement),
    ("ram-split-by-resource", "only the first statement is read", first_statement),
    ("ram-split-by-principal", "only the first statement is read", first_statement),
    ("ram-split-by-condition-value", "only the first statement is read", first_statement),
    ("ram-split-document", "only the first policy of each kind is read", first_policy),
    ("ram-renamed-identifier", "one account is known by heart", one_account),
    ("ram-guard-rail-only-narrows", "what a guard rail lets pass is allowed", rails_allow),
    ("ram-open-guard-rail-is-nothing", "who has a guard rail is refused", rails_refuse),
    ("ram-closed-guard-rail-refuses", "guard rails are not read", no_rails),
    ("ram-management-account-is-free", "no account manages a directory", no_management),
    ("ram-service-linked-role-is-free", "all roles are alike", no_linked_roles),
    ("ram-group-policy-is-own", "policies of groups are not read", no_groups),
    ("ram-owner-may-do-everything", "the owner is a user like others", owner_is_user),
    ("ram-each-account-allows-its-part", "an asterisk is no action", no_star_actions),
    ("ram-both-accounts-are-needed", "the owner's account decides alone", owner_decides),
    ("ram-broken-document-gives-nothing", "what cannot be read is allowed", rejected_is_allowed),
    ("ram-explicit-deny-needs-a-deny", "every deny is explicit", all_denies_explicit),
    ("ram-reasons-are-reasons", "statements are counted from one", counted_from_one),
];

/// The question with every document changed that is written as an object.
fn documents(question: &Question, mut edit: impl FnMut(&mut Vec<Member>)) -> Question {
    let mut node = question.to_node();
    visit(&mut node, &mut edit);
    Question::read(&node).unwrap()
}

fn visit(node: &mut Node, edit: &mut dyn FnMut(&mut Vec<Member>)) {
    match &mut node.value {
        Value::Object(members) if members.iter().any(|member| member.name == "Statement") => edit(members),
        Value::Object(members) => members.iter_mut().for_each(|member| visit(&mut member.node, edit)),
        Value::Array(elements) => elements.iter_mut().for_each(|element| visit(element, edit)),
        _ => {}
    }
}

/// The statements of a document that are in a list.
fn listed(document: &mut [Member]) -> Option<&mut Vec<Node>> {
    let statement = document.iter_mut().find(|member| member.name == "Statement")?;
    match &mut statement.node.value {
        Value::Array(elements) => Some(elements),
        _ => None,
    }
}

/// The question with every statement changed, and without those for which `keep` is false. One is always left, since a
/// document needs one: about an action that there is not.
fn statements(question: &Question, mut keep: impl FnMut(&mut Node) -> bool) -> Question {
    documents(question, |document| {
        let Some(statement) = document.iter_mut().find(|member| member.name == "Statement") else { return };
        let mut alone = match &mut statement.node.value {
            Value::Object(_) => vec![std::mem::take(&mut statement.node)],
            Value::Array(elements) => std::mem::take(elements),
            _ => return,
        };
        let mut first = alone.first().cloned();
        alone.retain_mut(&mut keep);
        if let (true, Some(first)) = (alone.is_empty(), &mut first) {
            let Value::Object(members) = &mut first.value else { return };
            members.retain(|member| member.name != "NotAction" && member.name != "Action");
            let action = "kms:NoSuchAction".into();
            members.push(Member { name: "Action".to_owned(), name_span: Default::default(), node: action });
            alone.extend(Some(first.clone()));
        }
        statement.node = alone.into_iter().collect();
    })
}

/// The question with every value of these elements changed.
fn elements(question: &Question, names: &[&str], mut change: impl FnMut(&mut Node)) -> Question {
    statements(question, |statement| {
        if let Value::Object(members) = &mut statement.value {
            let wanted = members.iter_mut().filter(|member| names.contains(&member.name.as_str()));
            wanted.for_each(|member| change(&mut member.node));
        }
        true
    })
}

/// The question with its request changed.
fn request(question: &Question, change: impl FnOnce(&mut Authorize)) -> Question {
    let mut changed = question.clone();
    if let Ask::Authorize(ask) = &mut changed.ask {
        change(ask);
    }
    changed
}

fn asked(question: &Question) -> Option<&Authorize> {
    match &question.ask {
        Ask::Authorize(ask) => Some(ask),
        _ => None,
    }
}

fn effect(statement: &Node) -> &str {
    statement.get("Effect").and_then(Node::as_str).unwrap_or_default()
}

fn strings(node: &mut Node) -> Vec<&mut String> {
    match &mut node.value {
        Value::String(text) => vec![text],
        Value::Array(elements) => elements.iter_mut().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

const NO_ACTION: &str = "kms:NoSuchAction";

fn implicit() -> Answer {
    Outcome::ImplicitDeny.into()
}

fn deny_documents_allow_nothing(question: &Question, reference: &mut Reference) -> Answer {
    let read = documents(question, |document| {
        let Some(statements) = listed(document) else { return };
        if statements.iter().any(|one| effect(one) == "Deny") {
            statements.retain(|one| effect(one) == "Deny");
        }
    });
    reference.answer(&read)
}

fn three_statements_at_most(question: &Question, reference: &mut Reference) -> Answer {
    let mut too_many = false;
    documents(question, |document| too_many |= listed(document).is_some_and(|list| list.len() > 3));
    if too_many { implicit() } else { reference.answer(question) }
}

fn no_deny_of_resources(question: &Question, reference: &mut Reference) -> Answer {
    let read = statements(question, |one| effect(one) == "Allow" || one.get("Principal").is_none());
    reference.answer(&read)
}

fn every_action(question: &Question, reference: &mut Reference) -> Answer {
    let read = elements(question, &["Action"], |node| *node = "kms:*".into());
    reference.answer(&read)
}

fn conditions_needed(question: &Question, reference: &mut Reference) -> Answer {
    // Where no statement has a condition, nothing is misread: else no question would be allowed.
    if !question.to_line().contains("\"Condition\"") {
        return reference.answer(question);
    }
    reference.answer(&statements(question, |one| one.get("Condition").is_some()))
}

fn no_long_lists(question: &Question, reference: &mut Reference) -> Answer {
    let read = elements(question, &["Action", "Resource"], |node| {
        if node.elements().is_some_and(|elements| elements.len() > 1) {
            *node = NO_ACTION.into();
        }
    });
    match reference.answer(&read) {
        // What is not read is not refused either.
        Answer { outcome: Outcome::Rejected { .. }, .. } => implicit(),
        answer => answer,
    }
}

fn one_differs(question: &Question, reference: &mut Reference) -> Answer {
    let read = elements(question, &["NotAction"], |node| {
        if node.elements().is_some_and(|elements| elements.len() > 1) {
            *node = NO_ACTION.into();
        }
    });
    reference.answer(&read)
}

fn no_deny_for_everybody(question: &Question, reference: &mut Reference) -> Answer {
    let star = |node: &Node| node.as_str() == Some("*");
    let everybody =
        |one: &Node| one.get("Principal").is_some_and(|node| star(node) || node.get("AWS").is_some_and(star));
    reference.answer(&statements(question, |one| effect(one) == "Allow" || !everybody(one)))
}

fn no_tagged_callers(question: &Question, reference: &mut Reference) -> Answer {
    let tagged = |name: &str| name.starts_with("aws:PrincipalTag/") || name.starts_with("kms:tag/");
    let contexts =
        asked(question).into_iter().flat_map(|ask| &ask.authorizations).flat_map(|one| &one.context);
    let mut names = contexts.flat_map(|context| context.iter().map(|(name, _)| name));
    if names.any(tagged) { implicit() } else { reference.answer(question) }
}

fn first_statement(question: &Question, reference: &mut Reference) -> Answer {
    let read = documents(question, |document| {
        if let Some(statements) = listed(document) {
            statements.truncate(1);
        }
    });
    reference.answer(&read)
}

fn first_policy(question: &Question, reference: &mut Reference) -> Answer {
    let read = request(question, |ask| {
        ask.caller.policies.truncate(1);
        ask.caller.scps.iter_mut().flatten().for_each(|level| level.truncate(1));
        for one in &mut ask.authorizations {
            one.resource.grants.truncate(1);
            one.resource.control_policies.iter_mut().flatten().for_each(|level| level.truncate(1));
        }
    });
    reference.answer(&read)
}

fn first_value(question: &Question, reference: &mut Reference) -> Answer {
    let read = elements(question, &["Action", "NotAction", "Resource", "NotResource"], |node| {
        if let Value::Array(elements) = &mut node.value {
            elements.truncate(1);
        }
    });
    reference.answer(&read)
}

fn effect_first(question: &Question, reference: &mut Reference) -> Answer {
    let begins =
        |one: &Node| one.members().and_then(|members| members.first()).map(|first| first.name.clone());
    let read = statements(question, |one| {
        begins(one).is_some_and(|first| ["Effect", "Sid"].contains(&first.as_str()))
    });
    reference.answer(&read)
}

fn actions_in_lists(question: &Question, reference: &mut Reference) -> Answer {
    let read = elements(question, &["Action"], |node| {
        if node.as_str().is_some() {
            *node = NO_ACTION.into();
        }
    });
    reference.answer(&read)
}

fn small_actions(question: &Question, reference: &mut Reference) -> Answer {
    let read = elements(question, &["Action"], |node| {
        for action in strings(node) {
            let (service, name) = action.split_once(':').unwrap_or(("", action));
            let shouted =
                name.len() > 2 && name.bytes().all(|byte| !byte.is_ascii_lowercase()) && name != "*";
            let capital = service.bytes().any(|byte| byte.is_ascii_uppercase());
            let begins_small = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
            if shouted || capital || begins_small {
                *action = NO_ACTION.to_owned();
            }
        }
    });
    reference.answer(&read)
}

fn small_keys(question: &Question, reference: &mut Reference) -> Answer {
    let read = elements(question, &["Condition"], |condition| {
        let Value::Object(operators) = &mut condition.value else { return };
        for operator in operators {
            let Value::Object(keys) = &mut operator.node.value else { continue };
            let capital = |name: &str| name.starts_with(|first: char| first.is_ascii_uppercase());
            for (at, key) in keys.iter_mut().filter(|key| capital(&key.name)).enumerate() {
                key.name = format!("no:such-key-{at}");
            }
        }
    });
    reference.answer(&read)
}

fn resources_in_any_case(question: &Question, reference: &mut Reference) -> Answer {
    let arns: Vec<String> = asked(question)
        .map(|ask| ask.authorizations.iter().map(|one| one.resource.arn.clone()).collect())
        .unwrap_or_default();
    let read = elements(question, &["Resource", "NotResource"], |node| {
        for text in strings(node) {
            if let Some(arn) = arns.iter().find(|arn| arn.eq_ignore_ascii_case(text)) {
                text.clone_from(arn);
            }
        }
    });
    reference.answer(&read)
}

fn no_account_ids(question: &Question, reference: &mut Reference) -> Answer {
    let read = elements(question, &["Principal"], |node| {
        let Value::Object(members) = &mut node.value else { return };
        let names = members.iter_mut().flat_map(|member| strings(&mut member.node));
        for name in names.filter(|name| kms_model::arn::is_account(name)) {
            *name = "000000000000".to_owned();
        }
    });
    reference.answer(&read)
}

fn quoted_values(question: &Question, reference: &mut Reference) -> Answer {
    let read = elements(question, &["Condition"], |condition| {
        let Value::Object(operators) = &mut condition.value else { return };
        for operator in operators {
            let Value::Object(keys) = &mut operator.node.value else { continue };
            for key in
                keys.iter_mut().filter(|key| matches!(key.node.value, Value::Bool(_) | Value::Number(_)))
            {
                key.node = "unread".into();
            }
        }
    });
    reference.answer(&read)
}

fn compact_documents(question: &Question, reference: &mut Reference) -> Answer {
    let line = question.to_line();
    if line.contains("\\n") || line.contains("\\\\u00") { implicit() } else { reference.answer(question) }
}

fn sids_needed(question: &Question, reference: &mut Reference) -> Answer {
    reference.answer(&statements(question, |one| one.get("Sid").is_some()))
}

fn versions_needed(question: &Question, reference: &mut Reference) -> Answer {
    let mut lacks = false;
    documents(question, |document| lacks |= document.iter().all(|member| member.name != "Version"));
    if lacks { implicit() } else { reference.answer(question) }
}

fn one_account(question: &Question, reference: &mut Reference) -> Answer {
    let known = ["111122223333", "1234567890123456"];
    let account = asked(question).and_then(|ask| ask.caller.account.as_deref());
    if account.is_some_and(|id| known.contains(&id)) { reference.answer(question) } else { implicit() }
}

fn has_rail(ask: &Authorize) -> bool {
    let caller = &ask.caller;
    let passage = ask.endpoint.as_ref().is_some_and(|endpoint| endpoint.policy.is_some());
    let of_caller = caller.boundary.is_some() || caller.session_policies.is_some() || caller.scps.is_some();
    let mut resources = ask.authorizations.iter().map(|one| &one.resource);
    passage || of_caller || resources.any(|one| one.rcps.is_some() || one.control_policies.is_some())
}

fn rails_allow(question: &Question, reference: &mut Reference) -> Answer {
    let answer = reference.answer(question);
    match answer.outcome {
        Outcome::ImplicitDeny if asked(question).is_some_and(has_rail) => Outcome::Allow.into(),
        _ => answer,
    }
}

fn rails_refuse(question: &Question, reference: &mut Reference) -> Answer {
    if asked(question).is_some_and(has_rail) { implicit() } else { reference.answer(question) }
}

fn no_rails(question: &Question, reference: &mut Reference) -> Answer {
    let read = request(question, |ask| {
        ask.caller.boundary = None;
        ask.caller.scps = None;
        ask.caller.session_policies = None;
        if let Some(endpoint) = &mut ask.endpoint {
            endpoint.policy = None;
        }
        ask.authorizations.iter_mut().for_each(|one| one.resource.control_policies = None);
    });
    reference.answer(&read)
}

fn no_management(question: &Question, reference: &mut Reference) -> Answer {
    let read = request(question, |ask| {
        ask.caller.organization.iter_mut().for_each(|organization| organization.management = false);
    });
    reference.answer(&read)
}

fn no_linked_roles(question: &Question, reference: &mut Reference) -> Answer {
    let read = request(question, |ask| {
        if let Some(issuer) = &mut ask.caller.issuer {
            *issuer = issuer.replace("aws-service-role/", "").replace("aliyunservicerolefor", "");
        }
    });
    reference.answer(&read)
}

fn no_groups(question: &Question, reference: &mut Reference) -> Answer {
    let read = request(question, |ask| ask.caller.policies.retain(|one| !one.from.starts_with("group/")));
    reference.answer(&read)
}

fn grants_or_policies(question: &Question, reference: &mut Reference) -> Answer {
    let read = request(question, |ask| {
        if ask.authorizations.iter().any(|one| one.resource.grants.len() == 1) {
            ask.caller.policies.clear();
        }
    });
    reference.answer(&read)
}

fn grants_for_everybody(question: &Question, reference: &mut Reference) -> Answer {
    let read = request(question, |ask| {
        let Some(caller) = &ask.caller.arn else { return };
        let grants = ask.authorizations.iter_mut().flat_map(|one| &mut one.resource.grants);
        grants.for_each(|grant| grant.grantee.clone_from(caller));
    });
    reference.answer(&read)
}

fn no_star_actions(question: &Question, reference: &mut Reference) -> Answer {
    let read = elements(question, &["Action"], |node| {
        strings(node)
            .into_iter()
            .filter(|action| *action == "*")
            .for_each(|action| *action = NO_ACTION.to_owned());
    });
    reference.answer(&read)
}

fn owner_decides(question: &Question, reference: &mut Reference) -> Answer {
    let version = if question.dialect == kms_model::Dialect::Ram { "1" } else { "2012-10-17" };
    let read = request(question, |ask| {
        let document = Document::new(format!(
            r#"{{"Version":"{version}","Statement":[{{"Effect":"Allow","Action":"*","Resource":"*"}}]}}"#
        ));
        ask.caller.policies.push(kms_model::question::Attached::new("user/all", document));
    });
    reference.answer(&read)
}

fn iam_decides(question: &Question, reference: &mut Reference) -> Answer {
    let read = request(question, |ask| {
        let account = ask.caller.account.clone().unwrap_or_default();
        for one in ask.authorizations.iter_mut().filter(|one| one.resource.kind == "kms:key") {
            let text = format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{account}"}},"Action":"kms:*","Resource":"*"}}]}}"#
            );
            one.resource.policy = Some(Document::new(text));
        }
    });
    reference.answer(&read)
}

fn rejected_is_allowed(question: &Question, reference: &mut Reference) -> Answer {
    match reference.answer(question) {
        Answer { outcome: Outcome::Rejected { .. }, .. } => Outcome::Allow.into(),
        answer => answer,
    }
}

fn all_denies_explicit(question: &Question, reference: &mut Reference) -> Answer {
    match reference.answer(question) {
        Answer { outcome: Outcome::ImplicitDeny, .. } => Outcome::ExplicitDeny.into(),
        answer => answer,
    }
}

fn counted_from_one(question: &Question, reference: &mut Reference) -> Answer {
    let mut answer = reference.answer(question);
    let because = std::mem::take(&mut answer.because);
    answer.because =
        because.into_iter().map(|one: Because| Because::new(one.policy, one.statement + 1)).collect();
    answer
}

fn first_authorization(question: &Question, reference: &mut Reference) -> Answer {
    reference.answer(&request(question, |ask| ask.authorizations.truncate(1)))
}

fn owner_is_user(question: &Question, reference: &mut Reference) -> Answer {
    let read = request(question, |ask| {
        if ask.caller.kind == CallerKind::Root {
            ask.caller.kind = CallerKind::User;
        }
    });
    reference.answer(&read)
}
