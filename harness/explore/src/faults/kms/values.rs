//! Decides the faults about condition keys that have other values for a misreading evaluator.

use kms_model::question::{Authorization, Authorize, CallerKind, ContextValue};
use kms_model::{Question, arn};

use super::super::change::statements;
use super::super::parts::is_of;
use super::super::parts::mentions;
use super::super::{Change, Fault};
use super::keys::{keyed, parameter};
use crate::edit::place::Place;
use crate::edit::{condition_values, member_mut, members_mut, strings_mut};
use crate::relations::build::{request, request_mut, with_context};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-via-service-is-the-service-principal",
        "kms.cond.viaservice-allow",
        "kms:ViaService is the principal of the service, without its Region",
        Change::Question(|question| turn(question, "kms:ViaService", |ask, _, _| ask.via.last().cloned())),
    ),
    Fault::new(
        "aws-via-service-ends-as-in-china",
        "kms.cond.viaservice-suffix",
        "kms:ViaService has the suffix of endpoints in the partition of the key",
        Change::Question(|question| {
            turn(question, "kms:ViaService", |_, one, value| {
                let china = one.resource.arn.starts_with("arn:aws-cn:");
                (china && value.ends_with(".amazonaws.com")).then(|| format!("{value}.cn"))
            })
        }),
    ),
    Fault::new(
        "aws-caller-account-is-that-of-the-key",
        "kms.cond.calleraccount",
        "kms:CallerAccount is the account that owns the key",
        Change::Question(|question| {
            turn(question, "kms:CallerAccount", |_, one, _| Some(one.resource.account.clone()))
        }),
    ),
    Fault::new(
        "aws-key-specs-are-symmetric",
        "kms.cond.keyspec",
        "kms:KeySpec is the default of its parameter in every operation on a key",
        Change::Question(|question| {
            turn(question, "kms:KeySpec", |_, one, _| {
                (one.resource.kind == "kms:key").then(|| "SYMMETRIC_DEFAULT".to_owned())
            })
        }),
    ),
    Fault::new(
        "aws-waiting-period-is-seven-days",
        "kms.cond.pendingwindow",
        "the waiting period of a deletion is 7 days where the request leaves it out",
        Change::Question(|question| {
            turn(question, "kms:ScheduleKeyDeletionPendingWindowInDays", |ask, _, _| {
                let given = ask.operation.as_ref()?.parameters.get("PendingWindowInDays").is_some();
                (!given).then(|| "7".to_owned())
            })
        }),
    ),
    Fault::new(
        "aws-request-alias-is-what-was-sent",
        "kms.cond.requestalias-match",
        "kms:RequestAlias is the key ID of the request as it was sent, an alias ARN for one",
        Change::Question(|question| {
            turn(question, "kms:RequestAlias", |ask, _, _| {
                parameter(ask, "KeyId").filter(|named| named.starts_with("arn:")).map(str::to_owned)
            })
        }),
    ),
    Fault::new(
        "aws-resource-aliases-is-the-first",
        "kms.cond.resourcealiases-any",
        "kms:ResourceAliases holds one alias of the key",
        Change::Question(|question| keep(question, "kms:ResourceAliases", |values| values.truncate(1))),
    ),
    Fault::new(
        "aws-resource-aliases-are-arns",
        "kms.cond.resourcealiases-names",
        "kms:ResourceAliases holds alias ARNs",
        Change::Question(alias_arns),
    ),
    Fault::new(
        "aws-resource-aliases-in-key-policies",
        "kms.cond.resourcealiases-iam-only",
        "a key policy may use kms:ResourceAliases",
        Change::Question(|question| in_key_policies(question, "kms:ResourceAliases")),
    ),
    Fault::new(
        "aws-resource-tags-in-key-policies",
        "kms.global.resourcetag-iam-only",
        "a key policy may use aws:ResourceTag",
        Change::Question(|question| in_key_policies(question, "aws:ResourceTag/")),
    ),
    Fault::new(
        "aws-grant-operations-is-the-first",
        "kms.cond.grantoperations-all",
        "kms:GrantOperations holds the first operation of the grant",
        Change::Question(|question| keep(question, "kms:GrantOperations", |values| values.truncate(1))),
    ),
    Fault::new(
        "aws-tag-keys-is-the-first",
        "kms.tag.tagkeys-all",
        "aws:TagKeys holds the first tag key of the request",
        Change::Question(|question| keep(question, "aws:TagKeys", |values| values.truncate(1))),
    ),
    Fault::new(
        "aws-encryption-context-keys-in-small-letters",
        "kms.cond.eckeys-case",
        "the context keys in kms:EncryptionContextKeys are compared in small letters",
        Change::Question(small_context_keys),
    ),
    Fault::new(
        "aws-encryption-context-key-is-the-first",
        "kms.cond.eckeys-all",
        "kms:EncryptionContextKeys holds the first context key of the request",
        Change::Question(|question| keep(question, "kms:EncryptionContextKeys", |values| values.truncate(1))),
    ),
    Fault::new(
        "aws-encryption-context-names-have-case",
        "kms.cond.ec-key-name-any-case",
        "the context key in kms:EncryptionContext:<key> is compared with regard to case",
        Change::Question(context_names_have_case),
    ),
    Fault::new(
        "aws-encryption-context-is-of-decrypting",
        "kms.cond.ec-pair-required",
        "only Encrypt and Decrypt have an encryption context",
        Change::Question(context_of_two_operations),
    ),
    Fault::new(
        "aws-principal-arn-of-a-session-is-its-own",
        "kms.global.all-supported",
        "aws:PrincipalArn of a session of a role is the ARN of the session",
        Change::Question(|question| {
            turn(question, "aws:PrincipalArn", |ask, _, _| {
                ask.caller.arn.clone().filter(|_| ask.caller.kind == CallerKind::RoleSession)
            })
        }),
    ),
    Fault::new(
        "aws-forwarding-keeps-the-endpoint",
        "iam.eval.fas.network-keys-dropped",
        "what a service does for the caller has the VPC and endpoint of the first request",
        Change::Question(endpoint_is_kept),
    ),
    Fault::new(
        "aws-replica-is-created-in-the-region-of-the-primary",
        "kms.mrk.replicate-two-permissions",
        "the permission to create a replica is judged in the Region of the primary key",
        Change::Question(|question| {
            turn(question, "aws:RequestedRegion", |ask, one, _| {
                parameter(ask, "ReplicaRegion").filter(|_| is_of(one, "CreateKey"))?;
                let primary = ask.authorizations.iter().find(|one| is_of(one, "ReplicateKey"))?;
                Some(arn::Arn::parse(&primary.resource.arn)?.region.to_owned())
            })
        }),
    ),
    Fault::new(
        "aws-multi-region-key-type-is-in-small-letters",
        "kms.cond.multiregionkeytype",
        "kms:MultiRegionKeyType is in small letters",
        Change::Question(|question| {
            turn(question, "kms:MultiRegionKeyType", |_, _, value| Some(value.to_lowercase()))
        }),
    ),
];

/// The question with another value of that key where `of` gives one for its first.
fn turn(
    question: &Question,
    key: &'static str,
    of: impl Fn(&Authorize, &Authorization, &str) -> Option<String>,
) -> Option<Question> {
    keyed(question, key, |ask, one, context| {
        let value = context.get(key).and_then(|value| value.values().first());
        let other = value.and_then(|value| of(ask, one, value).filter(|other| other != value));
        other.map(|other| context.set(key, ContextValue::One(other))).is_some()
    })
}

/// The question with other values of a multivalued key.
fn keep(question: &Question, key: &'static str, edit: impl Fn(&mut Vec<String>)) -> Option<Question> {
    keyed(question, key, |_, _, context| {
        let Some(before) = context.get(key).map(|value| value.values().to_vec()) else { return false };
        let mut values = before.clone();
        edit(&mut values);
        let found = values != before;
        if found {
            context.set(key, ContextValue::Many(values));
        }
        found
    })
}

fn alias_arns(question: &Question) -> Option<Question> {
    keyed(question, "kms:ResourceAliases", |_, one, context| {
        let Some((start, _)) = one.resource.arn.split_once("key/") else { return false };
        let Some(value) = context.get("kms:ResourceAliases") else { return false };
        let arns = value.values().iter().map(|name| format!("{start}{name}")).collect();
        context.set("kms:ResourceAliases", ContextValue::Many(arns));
        true
    })
}

/// The question in which key policies ask for that key, or those that begin so, by a name that they may use.
fn in_key_policies(question: &Question, start: &str) -> Option<Question> {
    let other = |name: &str| format!("kms:EncryptionContext:in-key-policies-{name}");
    let begins = |name: &str| name.get(..start.len()).is_some_and(|first| first.eq_ignore_ascii_case(start));
    if !mentions(question, start) {
        return None;
    }
    let asked = statements(question, |statement, at| {
        let mut found = false;
        let Some(condition) = member_mut(statement, "Condition") else { return false };
        for operator in members_mut(condition).iter_mut().filter(|_| matches!(at.place, Place::Resource(_))) {
            for key in members_mut(&mut operator.node).iter_mut().filter(|key| begins(&key.name)) {
                key.name = other(&key.name);
                found = true;
            }
        }
        found
    })?;
    let mut given = with_context(&asked)?;
    for one in &mut request_mut(&mut given)?.authorizations {
        if let Some(context) = &mut one.context {
            let known: Vec<_> = context.iter().filter(|(name, _)| begins(name)).collect();
            let known: Vec<_> = known.into_iter().map(|(name, value)| (other(name), value.clone())).collect();
            known.into_iter().for_each(|(name, value)| context.set(name, value));
        }
    }
    Some(given)
}

fn small_context_keys(question: &Question) -> Option<Question> {
    const KEY: &str = "kms:EncryptionContextKeys";
    let small =
        keep(question, KEY, |values| values.iter_mut().for_each(|value| *value = value.to_lowercase()));
    let asked = |question: &Question| {
        statements(question, |statement, _| {
            let mut found = false;
            for (_, key, values) in condition_values(statement) {
                if key.eq_ignore_ascii_case(KEY) {
                    for text in strings_mut(values) {
                        found |= *text != text.to_lowercase();
                        *text = text.to_lowercase();
                    }
                }
            }
            found
        })
    };
    asked(small.as_ref().unwrap_or(question)).or(small)
}

const PAIR: &str = "kms:EncryptionContext:";

fn context_names_have_case(question: &Question) -> Option<Question> {
    if !mentions(question, PAIR) {
        return None;
    }
    let given = with_context(question)?;
    let contexts = || request(&given).into_iter().flat_map(|ask| &ask.authorizations);
    let known: Vec<&str> = contexts()
        .filter_map(|one| one.context.as_ref())
        .flat_map(|context| context.iter().map(|(name, _)| name))
        .filter_map(|name| name.get(PAIR.len()..).filter(|_| name.starts_with(PAIR)))
        .collect();
    statements(&given, |statement, _| {
        let mut found = false;
        let Some(condition) = member_mut(statement, "Condition") else { return false };
        for operator in members_mut(condition) {
            for key in members_mut(&mut operator.node) {
                let pair = key.name.get(..PAIR.len()).is_some_and(|start| start.eq_ignore_ascii_case(PAIR));
                let name = key.name.get(PAIR.len()..).filter(|_| pair);
                let lost = name.is_some_and(|name| {
                    !known.contains(&name) && known.iter().any(|other| other.eq_ignore_ascii_case(name))
                });
                if lost {
                    key.name.push_str("-in-another-case");
                    found = true;
                }
            }
        }
        found
    })
}

fn context_of_two_operations(question: &Question) -> Option<Question> {
    let grants = request(question)?.authorizations.iter().any(|one| !one.resource.grants.is_empty());
    if grants {
        return None;
    }
    keyed(question, PAIR, |_, one, context| {
        if is_of(one, "Encrypt") || is_of(one, "Decrypt") {
            return false;
        }
        let pairs: Vec<String> = context
            .iter()
            .filter(|(name, _)| name.starts_with(PAIR))
            .map(|(name, _)| name.to_owned())
            .collect();
        pairs.iter().for_each(|name| context.remove(name));
        !pairs.is_empty()
    })
}

fn endpoint_is_kept(question: &Question) -> Option<Question> {
    let ask = request(question).filter(|ask| !ask.via.is_empty())?;
    let endpoint = ask.endpoint.as_ref()?;
    keyed(question, "aws:SourceVpc", |_, _, context| {
        context.set("aws:SourceVpc", ContextValue::One(endpoint.vpc.clone()));
        context.set("aws:SourceVpce", ContextValue::One(endpoint.id.clone()));
        true
    })
}
