//! Decides the faults about whom `Principal` and `NotPrincipal` reach.

use kms_model::Question;
use kms_model::arn::is_account;
use kms_model::json::Node;
use kms_model::question::{Caller, CallerKind};

use crate::edit::place::Place;
use crate::edit::{At, covers, fits, has_effect, remove, set, strings};
use crate::faults::reading::{Name, by_arn, caller, principals, somebody_else, split, statements};
use crate::faults::{Change, Fault};

const BOTH: &[&str] = &["Principal", "NotPrincipal"];
const ONE: &[&str] = &["Principal"];

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-account-principal-is-all-of-its-principals",
        "iam.principal.aws.account-delegates-only",
        "an Allow that names an account allows all its principals directly",
        Change::Question(|question| {
            account(question, "Allow", |caller, _| match caller.kind {
                CallerKind::Root => None,
                _ => by_arn(caller.arn.as_deref()?),
            })
        }),
    )
    .gross(
        "nearly every key policy of the catalogue delegates, and the misreading is the commonest there is",
    ),
    Fault::new(
        "aws-account-principal-is-its-root-user",
        "iam.principal.aws.account-root-arn",
        "the ARN of an account in an Allow names its root user alone",
        Change::Question(|question| {
            account(question, "Allow", |caller, at| {
                (caller.kind != CallerKind::Root).then(|| somebody_else(at))?
            })
        }),
    )
    .gross("nearly every key policy of the catalogue delegates, and the ARN invites the misreading"),
    Fault::new(
        "aws-deny-on-account-is-for-its-root-user",
        "kms.key-policy.deny-on-account-principal",
        "a Deny that names an account denies its root user alone",
        Change::Question(|question| {
            account(question, "Deny", |caller, at| {
                (caller.kind != CallerKind::Root).then(|| somebody_else(at))?
            })
        }),
    ),
    Fault::new(
        "aws-account-principal-leaves-root-user-out",
        "iam.principal.aws.root-user-is-in-account",
        "the root user needs an identity policy like every principal of its account",
        Change::Question(|question| {
            account(question, "Allow", |caller, at| {
                (caller.kind == CallerKind::Root).then(|| somebody_else(at))?
            })
        }),
    ),
    Fault::new(
        "aws-bare-account-ids-are-nobody",
        "iam.principal.aws.account-id-short",
        "an account is named by its ARN: a bare id matches nobody",
        Change::Question(|question| {
            principals(question, BOTH, ONE, |_, value, _, at| is_account(value).then(|| somebody_else(at))?)
        }),
    ),
    Fault::new(
        "aws-role-arn-is-for-no-session",
        "iam.principal.aws.role-arn-matches-sessions",
        "the ARN of a role does not match the sessions of the role",
        Change::Question(|question| {
            arns(question, |caller, value, at| {
                let mine = caller.kind == CallerKind::RoleSession && caller.issuer.as_deref() == Some(value);
                mine.then(|| somebody_else(at))?
            })
        }),
    ),
    Fault::new(
        "aws-session-arn-is-every-session-of-its-role",
        "iam.principal.aws.session-arn",
        "the ARN of a session matches every session of its role",
        Change::Question(|question| {
            arns(question, |caller, value, _| {
                let role = |arn: &str| {
                    arn.contains(":assumed-role/").then(|| arn.rsplit_once('/').map(|(r, _)| r.to_owned()))?
                };
                let own = caller.arn.as_deref()?;
                (value != own && role(value).is_some() && role(value) == role(own)).then(|| by_arn(own))?
            })
        }),
    ),
    Fault::new(
        "aws-session-arn-is-nobody",
        "iam.principal.aws.session-arn",
        "a session is reached by the ARN of its role only",
        Change::Question(|question| {
            arns(question, |_, value, at| value.contains(":assumed-role/").then(|| somebody_else(at))?)
        }),
    ),
    Fault::new(
        "aws-user-arn-is-not-for-federated-sessions",
        "iam.principal.aws.user-arn-covers-federated",
        "the ARN of a user does not reach the sessions that the user federated",
        Change::Question(|question| {
            arns(question, |caller, value, at| {
                let mine =
                    caller.kind == CallerKind::FederatedUser && caller.issuer.as_deref() == Some(value);
                mine.then(|| somebody_else(at))?
            })
        }),
    ),
    Fault::new(
        "aws-federated-user-arn-is-nobody",
        "iam.principal.aws.federated-user",
        "a federated session is reached by the ARN of its user only",
        Change::Question(|question| {
            arns(question, |_, value, at| value.contains(":federated-user/").then(|| somebody_else(at))?)
        }),
    ),
    Fault::new(
        "aws-paths-of-principals-are-not-read",
        "iam.principal.aws.user-path-included",
        "users are compared by their names, whatever their paths",
        Change::Question(|question| {
            by_other_spelling(question, |value, own| {
                let short = |arn: &str| {
                    let (start, name) = arn.rsplit_once('/')?;
                    Some(format!("{}/{name}", start.split('/').next()?))
                };
                value.contains(":user/") && short(value).is_some() && short(value) == short(own)
            })
        }),
    ),
    Fault::new(
        "aws-role-paths-are-not-read",
        "iam.principal.aws.role-arn-with-path",
        "roles are compared by their names, as sessions have them, whatever their paths",
        Change::Question(|question| {
            by_other_spelling(question, |value, own| {
                let short = |arn: &str| {
                    arn.split_once(":role/").and_then(|(_, name)| name.rsplit('/').next().map(str::to_owned))
                };
                short(value).is_some() && short(value) == short(own)
            })
        }),
    ),
    Fault::new(
        "aws-principals-ignore-case",
        "iam.principal.aws.user-name-case-sensitive",
        "the ARNs of principals compare without regard to case",
        Change::Question(|question| {
            by_other_spelling(question, |value, own| value.eq_ignore_ascii_case(own))
        }),
    ),
    Fault::new(
        "aws-principals-take-wildcards",
        "iam.principal.aws.no-partial-wildcard",
        "* and ? in the ARN of a principal are wildcards",
        Change::Question(|question| {
            principals(question, BOTH, ONE, |kind, value, _, at| {
                let wild = kind == "AWS" && value != "*" && value.contains(['*', '?']);
                let own = caller(at).and_then(|caller| own_arns(caller).find(|arn| fits(value, arn)));
                wild.then(|| own.map_or_else(|| somebody_else(at), by_arn))?
            })
        }),
    ),
    Fault::new(
        "aws-session-names-take-wildcards",
        "iam.principal.aws.session-no-wildcard",
        "the session in the ARN of a principal may be a star",
        Change::Question(|question| {
            principals(question, BOTH, &["assumed-role/"], |_, value, _, at| {
                let wild = value.contains(":assumed-role/") && value.contains('*');
                let own = caller(at).and_then(|caller| own_arns(caller).find(|arn| fits(value, arn)));
                wild.then(|| own.map_or_else(|| somebody_else(at), by_arn))?
            })
        }),
    ),
    Fault::new(
        "aws-partitions-of-principals-are-not-read",
        "iam.principal.aws.partition-boundary",
        "the partition in the ARN of a principal is not compared",
        Change::Question(|question| {
            principals(question, BOTH, ONE, |_, value, _, at| {
                let arn = crate::relations::build::request(at.question)?
                    .authorizations
                    .first()?
                    .resource
                    .arn
                    .as_str();
                let here = crate::relations::build::partition(Some(arn).filter(|arn| *arn != "*"))?;
                let there = crate::relations::build::partition(Some(value))?;
                (here != there).then(|| by_arn(&value.replacen(there, here, 1)))?
            })
        }),
    ),
    Fault::new(
        "aws-first-principal-of-a-list-is-read",
        "iam.principal.or",
        "of several principals the first is read",
        Change::Question(|question| {
            statements(question, ONE, |statement, _| {
                let Some(element) = statement.get("Principal") else { return false };
                let members = element.members().unwrap_or_default();
                let count: usize = members.iter().map(|member| strings(&member.node).len()).sum();
                let first = members.first().and_then(|member| {
                    Some((member.name.clone(), (*strings(&member.node).first()?).to_owned()))
                });
                let Some((kind, value)) = first.filter(|_| count > 1) else { return false };
                set(statement, "Principal", Node::from_iter([(kind, Node::from(value))]));
                true
            })
        }),
    ),
    Fault::new(
        "aws-star-in-a-map-needs-a-signature",
        "iam.principal.star-map-equivalent-anonymous",
        "{ \"AWS\": \"*\" } does not reach callers that do not sign",
        Change::Question(|question| {
            principals(question, ONE, ONE, |kind, value, _, at| {
                let anonymous = caller(at)?.kind == CallerKind::Anonymous;
                (anonymous && kind == "AWS" && value == "*").then(|| somebody_else(at))?
            })
        }),
    ),
    Fault::new(
        "aws-star-is-the-owning-account",
        "iam.principal.star-string",
        "Principal * stands for the principals of the account that owns the resource",
        Change::Question(star_of_owner),
    ),
    Fault::new(
        "aws-not-principal-is-principal",
        "iam.notprincipal.deny-all-except",
        "NotPrincipal is read as Principal",
        Change::Question(|question| {
            statements(question, &["NotPrincipal"], |statement, _| {
                let listed = statement.get("NotPrincipal").cloned();
                let found = remove(statement, "NotPrincipal");
                if let Some(listed) = listed {
                    set(statement, "Principal", listed);
                }
                found
            })
        }),
    ),
    Fault::new(
        "aws-not-principal-is-for-principals-with-boundary-too",
        "iam.notprincipal.deny-with-boundary-always-denies",
        "NotPrincipal excepts who is listed, with a permissions boundary or without",
        Change::Question(|question| {
            excepting(question, |caller, listed| {
                let held = |arn: Option<&str>| arn.is_none_or(|arn| listed.contains(&arn));
                caller.boundary.is_some() && held(caller.arn.as_deref()) && held(caller.issuer.as_deref())
            })
        }),
    ),
];

fn own_arns(caller: &Caller) -> impl Iterator<Item = &str> {
    [caller.arn.as_deref(), caller.issuer.as_deref()].into_iter().flatten()
}

/// The names of the caller's account in statements of that effect, as another principal.
fn account(
    question: &Question,
    effect: &str,
    edit: impl Fn(&Caller, At<'_>) -> Option<Vec<Name>>,
) -> Option<Question> {
    principals(question, ONE, ONE, |_, value, statement, at| {
        let caller = caller(at)?;
        let id = caller.account.as_deref()?;
        let named = value == id || value.ends_with(&format!(":iam::{id}:root"));
        (named && has_effect(statement, effect)).then(|| edit(caller, at))?
    })
}

/// The principals with ARNs as others.
fn arns(question: &Question, edit: impl Fn(&Caller, &str, At<'_>) -> Option<Vec<Name>>) -> Option<Question> {
    principals(question, BOTH, ONE, |_, value, _, at| {
        value.starts_with("arn:").then(|| edit(caller(at)?, value, at))?
    })
}

/// The principals that are the caller's ARNs by another measure, as these.
fn by_other_spelling(question: &Question, same: fn(&str, &str) -> bool) -> Option<Question> {
    arns(question, |caller, value, _| {
        own_arns(caller).find(|own| *own != value && same(value, own)).and_then(by_arn)
    })
}

fn star_of_owner(question: &Question) -> Option<Question> {
    principals(question, ONE, ONE, |_, value, statement, at| {
        let Place::Resource(of) = at.place else { return None };
        let owner = &crate::relations::build::request(at.question)?.authorizations.get(of)?.resource.account;
        let own = caller(at)?.account.as_deref() == Some(owner);
        (value == "*" && !own && has_effect(statement, "Allow") && covers("*", value))
            .then(|| somebody_else(at))?
    })
}

/// The question without the statements with `NotPrincipal` that `excepted` says, told who asks and who is listed.
fn excepting(question: &Question, excepted: fn(&Caller, &[&str]) -> bool) -> Option<Question> {
    split(question, &["NotPrincipal"], |statement, at| {
        let members = statement.get("NotPrincipal")?.members()?;
        let listed: Vec<&str> = members.iter().flat_map(|member| strings(&member.node)).collect();
        let mut idle = statement.clone();
        set(&mut idle, "Action", "kms:NoSuchAction");
        remove(&mut idle, "NotAction");
        excepted(caller(at)?, &listed).then(|| vec![idle])
    })
}
