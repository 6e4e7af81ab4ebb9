//! Decides the faults about what operations of Alibaba Cloud KMS are authorized for, as a reader of AWS expects it.

use kms_model::question::{Authorization, CallerKind};
use kms_model::{Answer, Outcome, Question};

use super::super::parts::{any_part, enough, is_of, less};
use super::super::{Ask, Change, Fault};
use crate::relations::build::{request, request_mut, with_context};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "ram-deleting-an-alias-is-not-about-its-key",
        "ram.kms.multi.delete-alias",
        "DeleteAlias needs permission on the alias alone",
        Change::Question(|question| less(question, |one, at| is_of(one, "DeleteAlias") && at > 0)),
    ),
    Fault::new(
        "ram-making-an-alias-is-not-about-its-key",
        "ram.kms.multi.create-alias",
        "CreateAlias needs permission on the alias alone",
        Change::Question(|question| less(question, |one, at| is_of(one, "CreateAlias") && at > 0)),
    ),
    Fault::new(
        "ram-moving-an-alias-is-about-the-new-key",
        "ram.kms.multi.update-alias-three",
        "UpdateAlias needs no permission on the key that the alias leaves",
        Change::Question(|question| less(question, |one, at| is_of(one, "UpdateAlias") && at == 1)),
    ),
    Fault::new(
        "ram-one-resource-is-enough",
        "ram.kms.multi.all-arns-required",
        "an operation on several resources is allowed where it is on one of them and nothing denies",
        Change::Asks(any_part),
    ),
    Fault::new(
        "ram-listing-aliases-of-a-key-is-listing-aliases",
        "ram.kms.action.list-aliases-by-key-id",
        "ListAliasesByKeyId needs kms:ListAliases",
        Change::Question(|question| other_action(question, "ListAliasesByKeyId", "kms:ListAliases")),
    ),
    Fault::new(
        "ram-reading-a-secret-needs-no-decrypt",
        "ram.kms.multi.get-secret-value-decrypt",
        "GetSecretValue needs permission on the secret alone",
        Change::Question(|question| less(question, |one, at| is_of(one, "Decrypt") && at > 0)),
    ),
    Fault::new(
        "ram-writing-a-secret-needs-no-data-key",
        "ram.kms.multi.put-secret-value-gdk",
        "PutSecretValue and CreateSecret need permission on the secret alone",
        Change::Question(|question| less(question, |one, at| is_of(one, "GenerateDataKey") && at > 0)),
    ),
    Fault::new(
        "ram-regions-need-a-policy",
        "ram.kms.action.describe-regions-free",
        "DescribeRegions has to be allowed like any operation",
        Change::Question(regions_need_policy),
    ),
    Fault::new(
        "ram-regions-can-be-denied",
        "ram.kms.action.describe-regions-ignores-deny",
        "a Deny binds DescribeRegions like any operation",
        Change::Asks(regions_denied),
    ),
    Fault::new(
        "ram-actions-have-the-names-of-aws",
        "ram.kms.action.name-rule",
        "operations have the action names that AWS has for them: PutKeyPolicy, Sign, Verify",
        Change::Question(names_of_aws),
    ),
    Fault::new(
        "ram-secrets-have-a-service-of-their-own",
        "ram.kms.action.secret-ops-on-secret",
        "operations on secrets need actions of secretsmanager",
        Change::Question(secrets_manager),
    ),
    Fault::new(
        "ram-reencrypt-is-one-action",
        "ram.kms.multi.reencrypt-two-actions",
        "ReEncrypt needs kms:ReEncrypt on either key",
        Change::Question(one_reencrypt),
    ),
    Fault::new(
        "ram-reencrypt-is-decrypt-and-encrypt",
        "ram.kms.multi.reencrypt-not-encrypt-decrypt",
        "ReEncrypt needs kms:Decrypt on the source key and kms:Encrypt on the other",
        Change::Question(decrypt_and_encrypt),
    ),
    Fault::new(
        "ram-reencrypt-has-no-direction",
        "ram.kms.multi.reencrypt-direction",
        "kms:ReEncryptFrom and kms:ReEncryptTo are the same permission, given for both keys",
        Change::Asks(either_direction),
    ),
];

/// The question with other actions asked for; each authorization keeps the condition keys that it has.
fn actions(question: &Question, turn: impl Fn(&Authorization) -> Option<String>) -> Option<Question> {
    request(question)?.authorizations.iter().find_map(&turn)?;
    let mut changed = with_context(question)?;
    for one in &mut request_mut(&mut changed)?.authorizations {
        if let Some(action) = turn(one) {
            one.action = action;
        }
    }
    Some(changed)
}

fn other_action(question: &Question, name: &str, action: &str) -> Option<Question> {
    actions(question, |one| is_of(one, name).then(|| action.to_owned()))
}

fn is_regions(question: &Question) -> bool {
    request(question).is_some_and(|ask| ask.authorizations.iter().any(|one| is_of(one, "DescribeRegions")))
}

fn regions_need_policy(question: &Question) -> Option<Question> {
    if !is_regions(question) || request(question)?.caller.kind == CallerKind::Root {
        return None;
    }
    let mut changed = with_context(question)?;
    for one in &mut request_mut(&mut changed)?.authorizations {
        one.resource.kind = "kms:regions".to_owned();
    }
    Some(changed)
}

fn regions_denied(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    let answer = ask(&regions_need_policy(question)?);
    (answer.outcome == Outcome::ExplicitDeny).then_some(answer)
}

fn names_of_aws(question: &Question) -> Option<Question> {
    const NAMES: &[(&str, &str)] = &[
        ("SetKeyPolicy", "kms:PutKeyPolicy"),
        ("AsymmetricSign", "kms:Sign"),
        ("AsymmetricVerify", "kms:Verify"),
        ("AsymmetricEncrypt", "kms:Encrypt"),
        ("AsymmetricDecrypt", "kms:Decrypt"),
    ];
    actions(question, |one| {
        NAMES.iter().find(|(name, _)| is_of(one, name)).map(|(_, action)| (*action).to_owned())
    })
}

fn secrets_manager(question: &Question) -> Option<Question> {
    actions(question, |one| {
        let name = one.action.strip_prefix("kms:").filter(|_| one.resource.kind == "kms:secret")?;
        Some(format!("secretsmanager:{name}"))
    })
}

fn one_reencrypt(question: &Question) -> Option<Question> {
    actions(question, |one| {
        (is_of(one, "ReEncryptFrom") || is_of(one, "ReEncryptTo")).then(|| "kms:ReEncrypt".to_owned())
    })
}

fn decrypt_and_encrypt(question: &Question) -> Option<Question> {
    actions(question, |one| match one.action.as_str() {
        "kms:ReEncryptFrom" => Some("kms:Decrypt".to_owned()),
        "kms:ReEncryptTo" => Some("kms:Encrypt".to_owned()),
        _ => None,
    })
}

fn either_direction(question: &Question, ask: Ask<'_>) -> Option<Answer> {
    if ask(question).outcome != Outcome::ImplicitDeny {
        return None;
    }
    let turned = actions(question, |one| match one.action.as_str() {
        "kms:ReEncryptFrom" => Some("kms:ReEncryptTo".to_owned()),
        "kms:ReEncryptTo" => Some("kms:ReEncryptFrom".to_owned()),
        _ => None,
    });
    enough(ask, turned)
}
