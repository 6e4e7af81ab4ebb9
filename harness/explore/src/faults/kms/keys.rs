//! Decides the faults about condition keys that a misreading evaluator lacks, or has where no request has them.

use kms_model::Question;
use kms_model::question::{Authorization, Authorize, CallerKind, Context, ContextValue};

use super::super::parts::is_of;
use super::super::parts::mentions;
use super::super::{Change, Fault};
use crate::relations::build::{request, request_mut, with_context};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-single-region-keys-have-no-multi-region",
        "kms.cond.multiregion",
        "a key that is not a multi-Region key has no kms:MultiRegion",
        Change::Question(|question| lose(question, "kms:MultiRegion", |_, _, value| value == "false")),
    ),
    Fault::new(
        "aws-single-region-keys-are-primary",
        "kms.cond.multiregionkeytype",
        "a key that is not a multi-Region key has kms:MultiRegionKeyType PRIMARY",
        Change::Question(|question| {
            give(question, "kms:MultiRegionKeyType", |_, one| {
                (one.resource.kind == "kms:key").then(|| "PRIMARY".to_owned())
            })
        }),
    ),
    Fault::new(
        "aws-default-algorithm-is-no-key",
        "kms.cond.encryptionalgorithm-implied",
        "a request that names no encryption algorithm has no kms:EncryptionAlgorithm",
        Change::Question(default_algorithm),
    ),
    Fault::new(
        "aws-default-message-type-is-no-key",
        "kms.cond.messagetype",
        "a request that names no message type has no kms:MessageType",
        Change::Question(|question| lose_default(question, "kms:MessageType", "MessageType")),
    ),
    Fault::new(
        "aws-default-policy-name-is-no-key",
        "kms.cond.policyname",
        "a request that names no policy has no kms:PolicyName",
        Change::Question(|question| lose_default(question, "kms:PolicyName", "PolicyName")),
    ),
    Fault::new(
        "aws-default-rotation-period-is-no-key",
        "kms.cond.rotationperiod",
        "a request that gives no rotation period has no kms:RotationPeriodInDays",
        Change::Question(|question| {
            lose_default(question, "kms:RotationPeriodInDays", "RotationPeriodInDays")
        }),
    ),
    Fault::new(
        "aws-new-keys-have-no-spec",
        "kms.cond.keyspec",
        "a request to create a key has no kms:KeySpec where it leaves the parameter out",
        Change::Question(|question| lose_default_of_new(question, "kms:KeySpec", "KeySpec")),
    ),
    Fault::new(
        "aws-new-keys-have-no-usage",
        "kms.cond.keyusage",
        "a request to create a key has no kms:KeyUsage where it leaves the parameter out",
        Change::Question(|question| lose_default_of_new(question, "kms:KeyUsage", "KeyUsage")),
    ),
    Fault::new(
        "aws-key-origin-is-for-new-keys",
        "kms.cond.keyorigin",
        "only a request to create a key has kms:KeyOrigin",
        Change::Question(|question| {
            lose(question, "kms:KeyOrigin", |_, one, _| one.resource.kind == "kms:key")
        }),
    ),
    Fault::new(
        "aws-older-names-of-keys-are-unknown",
        "kms.cond.deprecated-aliases",
        "no request has kms:CustomerMasterKeySpec or kms:CustomerMasterKeyUsage",
        Change::Question(older_names),
    ),
    Fault::new(
        "aws-list-operations-have-a-caller-account",
        "kms.cond.calleraccount-not-on-lists",
        "every request has kms:CallerAccount",
        Change::Question(|question| {
            give(question, "kms:CallerAccount", |ask, one| {
                ask.caller.account.clone().filter(|_| one.resource.kind == "kms:account")
            })
        }),
    ),
    Fault::new(
        "aws-every-forwarded-request-is-about-grants",
        "kms.cond.grantisforawsresource-scope",
        "every request that a service makes for the caller has kms:GrantIsForAWSResource",
        Change::Question(|question| {
            give(question, "kms:GrantIsForAWSResource", |ask, _| {
                (!ask.via.is_empty()).then(|| "true".to_owned())
            })
        }),
    ),
    Fault::new(
        "aws-services-come-via-themselves",
        "kms.cond.viaservice-not-service-principal",
        "a request that a service makes in its own name has kms:ViaService",
        Change::Question(|question| {
            give(question, "kms:ViaService", |ask, one| {
                let service = ask.caller.service.as_deref()?.split('.').next()?;
                let region = one.resource.arn.split(':').nth(3)?;
                Some(format!("{service}.{region}.amazonaws.com"))
            })
        }),
    ),
    Fault::new(
        "aws-request-alias-is-an-alias-of-the-key",
        "kms.cond.requestalias-match",
        "kms:RequestAlias is an alias of the key, however the request names it",
        Change::Question(|question| {
            give(question, "kms:RequestAlias", |_, one| one.resource.aliases.first().cloned())
        }),
    ),
    Fault::new(
        "aws-only-alias-names-are-request-aliases",
        "kms.cond.requestalias-match",
        "a request that names its key by an alias ARN has no kms:RequestAlias",
        Change::Question(alias_names_only),
    ),
    Fault::new(
        "aws-every-operation-has-a-request-alias",
        "kms.cond.requestalias-operations",
        "kms:RequestAlias is the alias that any request names",
        Change::Question(every_request_alias),
    ),
    Fault::new(
        "aws-destination-has-no-same-key",
        "kms.cond.reencryptonsamekey",
        "only the source half of ReEncrypt has kms:ReEncryptOnSameKey",
        Change::Question(|question| {
            lose(question, "kms:ReEncryptOnSameKey", |_, one, _| is_of(one, "ReEncryptTo"))
        }),
    ),
    Fault::new(
        "aws-moving-the-primary-has-a-replica-region",
        "kms.cond.replicaregion",
        "UpdatePrimaryRegion has its Region as kms:ReplicaRegion too",
        Change::Question(|question| {
            give(question, "kms:ReplicaRegion", |ask, _| parameter(ask, "PrimaryRegion").map(str::to_owned))
        }),
    ),
    Fault::new(
        "aws-endpoint-keeps-the-address",
        "kms.global.sourceip-void-through-endpoint",
        "a request through an endpoint has aws:SourceIp",
        Change::Question(|question| {
            give(question, "aws:SourceIp", |ask, _| {
                let through = ask.endpoint.is_some() && ask.via.is_empty();
                through.then(|| ask.source_ip.clone().unwrap_or_else(|| "10.0.0.10".to_owned()))
            })
        }),
    ),
    Fault::new(
        "aws-sessions-have-a-user-name",
        "iam.key.username.users-only",
        "the session of a role has the name of the role as aws:username",
        Change::Question(|question| {
            give(question, "aws:username", |ask, _| {
                let session = ask.caller.kind == CallerKind::RoleSession;
                ask.caller.issuer.as_deref().filter(|_| session)?.rsplit('/').next().map(str::to_owned)
            })
        }),
    ),
    Fault::new(
        "aws-tags-of-the-key-are-those-of-the-request",
        "kms.tag.requesttag",
        "aws:RequestTag/<key> is also the value of the tag that the key has",
        Change::Question(tags_of_the_key),
    ),
    Fault::new(
        "aws-untagging-has-no-tag-keys",
        "kms.tag.tagkeys-all",
        "only a request that gives values to tags has aws:TagKeys",
        Change::Question(|question| lose(question, "aws:TagKeys", |_, one, _| is_of(one, "UntagResource"))),
    ),
    Fault::new(
        "aws-no-request-has-encryption-context-keys",
        "kms.cond.eckeys-any",
        "kms:EncryptionContextKeys is unknown",
        Change::Question(|question| lose(question, "kms:EncryptionContextKeys", |_, _, _| true)),
    ),
    Fault::new(
        "aws-key-properties-are-for-using-keys",
        "kms.cond.keyspec",
        "only cryptographic operations have kms:KeySpec",
        Change::Question(|question| {
            lose(question, "kms:KeySpec", |_, one, _| {
                let use_of_keys = [
                    "Encrypt",
                    "Decrypt",
                    "GenerateDataKey",
                    "Sign",
                    "Verify",
                    "ReEncryptFrom",
                    "ReEncryptTo",
                ];
                one.resource.kind == "kms:key" && !use_of_keys.iter().any(|name| is_of(one, name))
            })
        }),
    ),
];

/// The question with its condition keys written out and one changed, if a document speaks of it and `edit` changes it
/// somewhere.
pub fn keyed(
    question: &Question,
    key: &str,
    mut edit: impl FnMut(&Authorize, &Authorization, &mut Context) -> bool,
) -> Option<Question> {
    let ask = request(question)?;
    if !mentions(question, key) {
        return None;
    }
    let mut changed = with_context(question)?;
    let mut found = false;
    for (one, of) in request_mut(&mut changed)?.authorizations.iter_mut().zip(&ask.authorizations) {
        if let Some(context) = &mut one.context {
            found |= edit(ask, of, context);
        }
    }
    found.then_some(changed)
}

/// The question without that key where `is_lost` says so of its first value.
pub fn lose(
    question: &Question,
    key: &str,
    is_lost: impl Fn(&Authorize, &Authorization, &str) -> bool,
) -> Option<Question> {
    keyed(question, key, |ask, one, context| {
        let value = context.get(key).map(|value| value.values().first().cloned().unwrap_or_default());
        let lost = value.is_some_and(|value| is_lost(ask, one, &value));
        if lost {
            context.remove(key);
        }
        lost
    })
}

/// The question with that key where it was absent and `of` gives a value.
fn give(
    question: &Question,
    key: &'static str,
    of: impl Fn(&Authorize, &Authorization) -> Option<String>,
) -> Option<Question> {
    keyed(question, key, |ask, one, context| {
        let value = of(ask, one).filter(|_| context.get(key).is_none());
        value.map(|value| context.set(key, ContextValue::One(value))).is_some()
    })
}

/// A parameter of the request that is a text.
pub fn parameter<'a>(ask: &'a Authorize, name: &str) -> Option<&'a str> {
    ask.operation.as_ref()?.parameters.get(name)?.as_str()
}

fn has_parameter(ask: &Authorize, name: &str) -> bool {
    ask.operation.as_ref().is_some_and(|operation| operation.parameters.get(name).is_some())
}

fn lose_default(question: &Question, key: &str, name: &str) -> Option<Question> {
    lose(question, key, |ask, _, _| !has_parameter(ask, name))
}

fn lose_default_of_new(question: &Question, key: &str, name: &str) -> Option<Question> {
    lose(question, key, |ask, one, _| is_of(one, "CreateKey") && !has_parameter(ask, name))
}

fn default_algorithm(question: &Question) -> Option<Question> {
    lose(question, "kms:EncryptionAlgorithm", |ask, one, _| {
        let side = match one.action.as_str() {
            "kms:ReEncryptFrom" => "SourceEncryptionAlgorithm",
            "kms:ReEncryptTo" => "DestinationEncryptionAlgorithm",
            _ => "EncryptionAlgorithm",
        };
        !has_parameter(ask, side)
    })
}

fn older_names(question: &Question) -> Option<Question> {
    let without_spec = lose(question, "kms:CustomerMasterKeySpec", |_, _, _| true);
    let usage = lose(without_spec.as_ref().unwrap_or(question), "kms:CustomerMasterKeyUsage", |_, _, _| true);
    usage.or(without_spec)
}

fn alias_names_only(question: &Question) -> Option<Question> {
    lose(question, "kms:RequestAlias", |ask, one, _| {
        let name = match one.action.as_str() {
            "kms:ReEncryptFrom" => "SourceKeyId",
            "kms:ReEncryptTo" => "DestinationKeyId",
            _ => "KeyId",
        };
        parameter(ask, name).is_some_and(|named| named.starts_with("arn:"))
    })
}

fn every_request_alias(question: &Question) -> Option<Question> {
    give(question, "kms:RequestAlias", |ask, _| {
        let named =
            ["AliasName", "KeyId", "TargetKeyId"].into_iter().find_map(|name| parameter(ask, name))?;
        let name = named.rsplit_once(':').map_or(named, |(_, name)| name);
        name.starts_with("alias/").then(|| name.to_owned())
    })
}

fn tags_of_the_key(question: &Question) -> Option<Question> {
    keyed(question, "aws:RequestTag/", |_, one, context| {
        let mut found = false;
        for (tag, value) in &one.resource.tags {
            let key = format!("aws:RequestTag/{tag}");
            if context.get(&key).is_none() {
                context.set(key, ContextValue::One(value.clone()));
                found = true;
            }
        }
        found
    })
}
