//! Decides which relations hold of AWS: the table.

use kms_model::{Dialect, Question};

use super::{
    Relation, Variation, grants, layers, order, refusal, renaming, sides, spelling, split, statements,
};
use crate::Choices;

type Vary = fn(&Question, &mut dyn Choices) -> Option<Variation>;

const fn holds(
    name: &'static str,
    vary: Vary,
    rests_on: &'static [&'static str],
    why: &'static str,
) -> Relation {
    Relation { name, dialect: Dialect::Aws, rests_on, why, observes: false, vary }
}

/// The relations of AWS.
pub const TABLE: &[Relation] = &[
    holds(
        "aws-added-deny-never-widens",
        statements::add_deny,
        &[
            "iam.eval.core.explicit-deny-wins",
            "kms.core.explicit-deny-wins",
            "iam.eval.core.deny-not-applicable-ignored",
        ],
        "A Deny statement more, in whatever document, makes the answer an explicit deny or changes nothing.",
    ),
    holds(
        "aws-added-allow-never-narrows",
        statements::add_allow,
        &["iam.doc.statement.or", "iam.eval.core.explicit-deny-wins", "iam.eval.core.statement-all-elements"],
        "Statements of a document are alternatives, so that an Allow more in one that is there takes nothing away, nor \
         beats a deny; a new document may be a new limit.",
    ),
    holds(
        "aws-deny-of-all-denies",
        statements::deny_all,
        &[
            "kms.core.explicit-deny-wins",
            "kms.grant.deny-overrides",
            "iam.principal.star-string",
            "iam.action.star-all",
        ],
        "A policy of the resource that denies everybody everything is an explicit deny, whatever policies and grants \
         allow.",
    ),
    holds(
        "aws-unmatched-statement-is-nothing",
        statements::unmatched,
        &[
            "iam.eval.core.statement-all-elements",
            "iam.eval.core.deny-not-applicable-ignored",
            "iam.condition.missing-key.positive-false",
        ],
        "A statement on another action, about somebody else, or with a condition on a key that the request lacks does not \
         apply.",
    ),
    holds(
        "aws-repeated-statement-is-nothing",
        statements::repeat,
        &["iam.doc.statement.or"],
        "Statements are alternatives, so that one said twice says no more.",
    ),
    holds(
        "aws-condition-narrows-allow",
        statements::drop_condition_of_allow,
        &["iam.condition.operators-and", "iam.condition.keys-and", "iam.condition.absent-is-true"],
        "All conditions of a statement must hold, so that an Allow with one less allows no less.",
    ),
    holds(
        "aws-condition-narrows-deny",
        statements::drop_condition_of_deny,
        &["iam.condition.deny-and", "iam.condition.absent-is-true"],
        "A Deny too needs all its conditions, so that with one less it denies no less.",
    ),
    holds(
        "aws-longer-list-widens-allow",
        statements::gain_in_allow,
        &["iam.action.list-or", "iam.resource.list-or"],
        "Listed actions and resources are alternatives: one more lets an Allow take nothing away.",
    ),
    holds(
        "aws-longer-list-widens-deny",
        statements::gain_in_deny,
        &["iam.action.list-or", "iam.resource.list-or"],
        "Listed actions and resources are alternatives: one more lets a Deny deny no less.",
    ),
    holds(
        "aws-longer-not-list-narrows-allow",
        statements::gain_in_negated_allow,
        &["iam.notaction.list-nor", "iam.resource.notresource.nor"],
        "NotAction and NotResource must match none of their values: one more lets an Allow give nothing new, and is no deny.",
    ),
    holds(
        "aws-longer-not-list-narrows-deny",
        statements::gain_in_negated_deny,
        &["iam.notaction.list-nor", "iam.resource.notresource.nor", "iam.notaction.deny-does-not-allow"],
        "NotAction and NotResource must match none of their values: one more lets a Deny deny nothing new.",
    ),
    holds(
        "aws-everybody-includes-the-caller",
        statements::name_the_caller,
        &[
            "iam.principal.star-string",
            "iam.principal.aws.user-arn",
            "iam.principal.aws.session-arn",
            "iam.principal.aws.federated-user",
        ],
        "A Deny for everybody and one for the caller by its ARN are the same to that caller.",
    ),
    holds(
        "aws-unmentioned-key-is-nothing",
        statements::unmentioned_key,
        &["iam.condition.absent-is-true", "iam.eval.core.statement-all-elements"],
        "A condition key that no statement speaks of decides nothing.",
    ),
    holds(
        "aws-order-of-statements",
        order::statements,
        &["iam.eval.core.deny-order-independent"],
        "The order of statements means nothing.",
    ),
    holds(
        "aws-order-of-policies",
        order::policies,
        &[
            "iam.eval.core.deny-order-independent",
            "iam.eval.identity.union-of-policies",
            "iam.eval.scp.level-union",
        ],
        "The order of policies, and of grants, means nothing.",
    ),
    holds(
        "aws-order-of-lists",
        order::lists,
        &["iam.action.list-or", "iam.resource.list-or", "iam.principal.or", "iam.condition.values-or"],
        "The values of a list are alternatives, or none of them must match: either way their order means nothing.",
    ),
    holds(
        "aws-order-of-members",
        order::members,
        &[
            "iam.doc.element-order.top-level-any",
            "iam.doc.element-order.statement-any",
            "iam.condition.operators-and",
            "iam.condition.keys-and",
        ],
        "Elements, operators and condition keys may stand in any order.",
    ),
    holds(
        "aws-scalar-is-list-of-one",
        spelling::scalars,
        &[
            "iam.doc.scalar-or-array.action",
            "iam.doc.scalar-or-array.resource",
            "iam.doc.scalar-or-array.principal-value",
            "iam.doc.scalar-or-array.condition-value",
            "iam.doc.statement.single-object",
        ],
        "In documents a value alone and a list of it mean the same; in the context of a request they do not.",
    ),
    holds(
        "aws-action-case-is-nothing",
        spelling::action_case,
        &["iam.action.case-insensitive", "iam.action.notaction-case-insensitive"],
        "Actions compare without regard to case.",
    ),
    holds(
        "aws-condition-key-case-is-nothing",
        spelling::condition_key_case,
        &["iam.condition.key-name-case-insensitive", "kms.cond.names-case-insensitive"],
        "The names of condition keys compare without regard to case.",
    ),
    holds(
        "aws-resource-case-counts",
        spelling::resource_case,
        &["iam.resource.case-sensitive", "iam.resource.exact"],
        "A resource in another letter case is another resource: the statement says what it would say of any other.",
    ),
    holds(
        "aws-account-id-is-account-arn",
        spelling::accounts,
        &["iam.principal.aws.account-id-short", "kms.key-policy.account-principal-forms"],
        "In Principal the id of an account and its ARN mean the same.",
    ),
    holds(
        "aws-quoted-condition-values",
        spelling::quotes,
        &["iam.doc.condition-value.bool-number-unquoted"],
        "Numbers and booleans of conditions mean the same with quotation marks and without.",
    ),
    holds(
        "aws-written-otherwise",
        spelling::writing,
        &["iam.doc.whitespace.insignificant", "iam.doc.json.utf8"],
        "White space and escapes of JSON say nothing, nor does the way of a question through its text.",
    ),
    holds(
        "aws-sid-and-id-are-nothing",
        spelling::sids,
        &[
            "iam.doc.sid.optional",
            "iam.doc.id.resource-policy-optional",
            "kms.key-policy.format.sid-optional",
        ],
        "Sid and Id may be left out, and have no influence.",
    ),
    holds(
        "aws-version-without-variables",
        spelling::version,
        &["iam.doc.version.optional", "iam.doc.version.2008-wildcards-still-work"],
        "Version may be left out of identity policies; without it only variables, of which there are none, would be read \
         otherwise.",
    ),
    holds(
        "aws-split-by-action",
        split::actions,
        &["iam.action.list-or", "iam.doc.statement.or"],
        "Actions of a list are alternatives, and so are statements.",
    ),
    holds(
        "aws-split-by-resource",
        split::resources,
        &["iam.resource.list-or", "iam.doc.statement.or"],
        "Resources of a list are alternatives, and so are statements.",
    ),
    holds(
        "aws-split-by-principal",
        split::principals,
        &["iam.principal.or", "iam.doc.statement.or", "kms.key-policy.multiple-principals-are-ored"],
        "Principals are alternatives, and so are statements.",
    ),
    holds(
        "aws-split-by-condition-value",
        split::condition_values_apart,
        &["iam.condition.values-or", "iam.doc.statement.or"],
        "Values of an operator that is not negated are alternatives, and so are statements.",
    ),
    holds(
        "aws-split-document",
        split::documents,
        &["iam.eval.identity.union-of-policies", "iam.eval.scp.level-union", "iam.doc.version.per-document"],
        "Identity policies count together, and so do the service control policies of one level.",
    ),
    holds(
        "aws-renamed-identifier",
        renaming::identifiers,
        &["iam.principal.aws.user-arn", "iam.resource.exact", "iam.eval.core.statement-all-elements"],
        "Accounts, keys and names are compared and nothing else: renamed throughout, with no pattern on a part of them, \
         they give the same answer.",
    ),
    holds(
        "aws-guard-rail-only-narrows",
        layers::narrow,
        &[
            "iam.eval.boundary.never-grants",
            "iam.eval.session.never-grants",
            "iam.eval.scp.never-grants",
            "iam.eval.rcp.never-grants",
            "iam.eval.vpce.never-grants",
        ],
        "Boundaries, session policies, control policies and endpoint policies grant nothing.",
    ),
    holds(
        "aws-open-guard-rail-is-nothing",
        layers::open,
        &[
            "iam.eval.boundary.intersection",
            "iam.eval.session.intersection",
            "iam.eval.scp.must-allow",
            "iam.eval.vpce.default-full-access",
            "iam.eval.rcp.full-access-always-there",
        ],
        "What a guard rail lets pass is all that there is without it; one that lets everything pass neither gives nor \
         takes.",
    ),
    holds(
        "aws-closed-guard-rail-refuses",
        layers::closed,
        &[
            "iam.eval.scp.every-level",
            "iam.eval.vpce.must-allow",
            "kms.grant.scps-still-apply",
            "kms.grant.endpoint-policy-still-applies",
        ],
        "Nothing leads past a level of service control policies, or an endpoint policy, that does not allow.",
    ),
    holds(
        "aws-management-account-is-free",
        layers::management,
        &["iam.eval.scp.management-account-exempt"],
        "Service control policies do not bind the management account: there they might as well not be.",
    ),
    holds(
        "aws-service-linked-role-is-free",
        layers::service_linked,
        &["iam.eval.scp.service-linked-role-exempt", "iam.eval.rcp.service-linked-role-exempt"],
        "Service-linked roles are bound by no control policies of an organization.",
    ),
    holds(
        "aws-group-policy-is-own",
        layers::groups,
        &["iam.eval.identity.group-policies", "kms.iam.group-attached-policy"],
        "The policies of a user's groups count as its own.",
    ),
    holds(
        "aws-grant-only-adds",
        grants::come,
        &["kms.grant.allow-only", "kms.grant.deny-overrides"],
        "A grant more takes nothing away, and beats no deny.",
    ),
    holds(
        "aws-removed-grant-only-takes",
        grants::go,
        &["kms.grant.removed-grant-gives-nothing", "kms.grant.allow-only"],
        "A grant less gives nothing, and is no deny.",
    ),
    holds(
        "aws-grant-of-others-is-nothing",
        grants::of_others,
        &["kms.grant.only-listed-operations", "kms.grant.allow-only"],
        "A grant gives to its grantee alone.",
    ),
    holds(
        "aws-each-account-allows-its-part",
        sides::each_side,
        &["iam.eval.cross-account.two-evaluations", "iam.eval.cross-account.both-sides"],
        "What is allowed across accounts is allowed by either account: it stays so where the other allows everything.",
    ),
    holds(
        "aws-both-accounts-are-needed",
        sides::both_sides,
        &["iam.eval.cross-account.both-sides", "kms.cross-account.needs-both-sides"],
        "Across accounts nothing is allowed where one of the two says nothing.",
    ),
    holds(
        "aws-key-policy-is-needed",
        sides::key_policy,
        &[
            "iam.eval.same-account.kms-exception",
            "kms.core.iam-allow-needs-key-policy-delegation",
            "kms.core.root-user-not-privileged",
        ],
        "A key whose policy speaks of nobody, and that has no grants, cannot be used by anybody.",
    ),
    holds(
        "aws-delegation-carries-iam",
        sides::delegation,
        &["kms.core.iam-allow-needs-key-policy-delegation", "kms.key-policy.account-principal-optional"],
        "Without its account in the key policy, Allows of IAM policies might as well not be.",
    ),
    holds(
        "aws-broken-document-gives-nothing",
        refusal::broken,
        &[
            "iam.doc.json.well-formed",
            "iam.doc.effect.required",
            "iam.doc.element-unknown.top-level",
            "iam.doc.mutually-exclusive.action",
            "iam.doc.statement.required",
        ],
        "A document that is none gives no more than one that says nothing.",
    ),
    holds(
        "aws-explicit-deny-needs-a-deny",
        refusal::without_denies,
        &["iam.eval.core.explicit-deny-wins", "iam.eval.core.default-implicit-deny"],
        "Without Deny statements no deny is explicit.",
    ),
    holds(
        "aws-reasons-are-reasons",
        refusal::reasons,
        &["iam.eval.core.explicit-deny-wins", "iam.eval.core.statement-all-elements"],
        "The statements that an answer names are there, have its effect and cover the action.",
    ),
    holds(
        "aws-all-authorizations-are-needed",
        refusal::parts,
        &["iam.resource.multi-resource-request-all", "kms.reencrypt.two-permissions"],
        "An operation of several authorizations is allowed where each is.",
    ),
];
