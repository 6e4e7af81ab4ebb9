//! Decides which documents a question holds, and what is left of a question when one of their statements does nothing.

use kms_model::json::{Limits, Member, Node, Value, compact, parse};
use kms_model::question::{Ask, PolicyType};
use kms_model::{Document, Question};

/// Calls `see` with each document and what it is to be.
pub fn documents(question: &mut Question, see: &mut dyn FnMut(PolicyType, &mut Document)) {
    let ask = match &mut question.ask {
        Ask::Authorize(ask) => ask,
        Ask::Validate(ask) => return see(ask.policy_type, &mut ask.document),
        _ => return,
    };
    let caller = &mut ask.caller;
    caller.policies.iter_mut().for_each(|attached| see(PolicyType::Identity, &mut attached.document));
    caller.boundary.iter_mut().for_each(|document| see(PolicyType::Boundary, document));
    caller.session_policies.iter_mut().flatten().for_each(|document| see(PolicyType::Session, document));
    caller.scps.iter_mut().flatten().flatten().for_each(|document| see(PolicyType::Scp, document));
    let passage = ask.endpoint.as_mut().and_then(|endpoint| endpoint.policy.as_mut());
    passage.into_iter().for_each(|document| see(PolicyType::Endpoint, document));
    for authorization in &mut ask.authorizations {
        let assumes = authorization.action.to_ascii_lowercase().starts_with("sts:assumerole");
        let resource = &mut authorization.resource;
        let kind = match resource.kind.as_str() {
            "kms:key" => PolicyType::KeyPolicy,
            "kms:secret" => PolicyType::SecretPolicy,
            _ if assumes => PolicyType::TrustPolicy,
            _ => PolicyType::ResourcePolicy,
        };
        resource.policy.iter_mut().for_each(|document| see(kind, document));
        resource.rcps.iter_mut().flatten().flatten().for_each(|document| see(PolicyType::Rcp, document));
        let levels = resource.control_policies.iter_mut().flatten().flatten();
        levels.for_each(|document| see(PolicyType::Control, document));
    }
}

/// Whether the test says yes of the question with some statement made to do nothing. A document may need one, so it is
/// not taken out but made to be about an action that there is not.
pub fn without_a_statement(question: &Question, test: &mut dyn FnMut(&Question) -> bool) -> bool {
    let mut texts = Vec::new();
    documents(&mut question.clone(), &mut |_, document| texts.push(document.clone()));
    texts.into_iter().enumerate().any(|(place, document)| {
        idle(&document).into_iter().any(|other| {
            let mut changed = question.clone();
            let mut at = 0;
            documents(&mut changed, &mut |_, document| {
                if at == place {
                    *document = other.clone();
                }
                at += 1;
            });
            test(&changed)
        })
    })
}

/// The document with each of its statements idle in turn.
fn idle(document: &Document) -> Vec<Document> {
    let Ok(root) = parse(document.text(), Limits::default()) else { return Vec::new() };
    let count = match root.get("Statement") {
        Some(node) => node.elements().map_or(1, <[Node]>::len),
        None => 0,
    };
    let without = |at: usize| {
        let mut root = root.clone();
        if let Value::Object(members) = &mut root.value {
            for member in members.iter_mut().filter(|member| member.name == "Statement") {
                match &mut member.node.value {
                    Value::Array(elements) => elements.iter_mut().skip(at).take(1).for_each(make_idle),
                    _ => make_idle(&mut member.node),
                }
            }
        }
        Document::new(compact(&root))
    };
    (0..count).map(without).collect()
}

/// Makes a statement one about an action that there is not.
pub fn make_idle(statement: &mut Node) {
    let Value::Object(members) = &mut statement.value else { return };
    members.retain(|member| !matches!(member.name.as_str(), "Action" | "Condition" | "Effect" | "NotAction"));
    for (name, value) in [("Effect", "Deny"), ("Action", "kms:None")] {
        members.push(Member { name: name.to_owned(), name_span: Default::default(), node: value.into() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_is_made_idle_in_turn() {
        let document = Document::new(
            r#"{"Statement":[{"Effect":"Allow","Principal":"*","NotAction":"a:b","Resource":"*"},{"Effect":"Deny","Action":"a:c"}]}"#,
        );
        let texts: Vec<_> = idle(&document).iter().map(|other| other.text().to_owned()).collect();
        assert_eq!(
            texts,
            [
                r#"{"Statement":[{"Principal":"*","Resource":"*","Effect":"Deny","Action":"kms:None"},{"Effect":"Deny","Action":"a:c"}]}"#,
                r#"{"Statement":[{"Effect":"Allow","Principal":"*","NotAction":"a:b","Resource":"*"},{"Effect":"Deny","Action":"kms:None"}]}"#,
            ]
        );
        assert_eq!(idle(&Document::new("{")).len(), 0);
        assert_eq!(idle(&Document::new(r#"{"Statement":{"Effect":"Deny"}}"#)).len(), 1);
    }
}
