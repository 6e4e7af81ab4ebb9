//! Decides which relations hold of Alibaba Cloud RAM: the table.

use kms_model::{Dialect, Question};

use super::{Relation, Variation, layers, order, refusal, renaming, sides, spelling, split, statements};
use crate::Choices;

type Vary = fn(&Question, &mut dyn Choices) -> Option<Variation>;

const fn holds(
    name: &'static str,
    vary: Vary,
    rests_on: &'static [&'static str],
    why: &'static str,
) -> Relation {
    Relation { name, dialect: Dialect::Ram, rests_on, why, observes: false, vary }
}

const fn observes(
    name: &'static str,
    vary: Vary,
    rests_on: &'static [&'static str],
    why: &'static str,
) -> Relation {
    Relation { name, dialect: Dialect::Ram, rests_on, why, observes: true, vary }
}

/// The relations of RAM.
pub const TABLE: &[Relation] = &[
    holds(
        "ram-added-deny-never-widens",
        statements::add_deny,
        &["ram.evaluation.explicit-deny-wins", "ram.evaluation.unmatched-deny-is-nothing"],
        "A Deny statement more makes the answer an explicit deny or changes nothing.",
    ),
    holds(
        "ram-added-allow-never-narrows",
        statements::add_allow,
        &["ram.doc.statement-many", "ram.evaluation.allow-on-match", "ram.evaluation.explicit-deny-wins"],
        "Where an Allow matches and no Deny does the request is allowed: one more takes nothing away, nor beats a deny.",
    ),
    holds(
        "ram-deny-of-all-denies",
        statements::deny_all,
        &["ram.kms.keypolicy.deny-either-side", "ram.combine.union-same-account"],
        "A policy of the resource that denies the caller everything is an explicit deny, whatever else allows.",
    ),
    holds(
        "ram-unmatched-statement-is-nothing",
        statements::unmatched,
        &[
            "ram.evaluation.statement-needs-all-parts",
            "ram.evaluation.unmatched-deny-is-nothing",
            "ram.condition.missing-key-positive",
        ],
        "A statement on another action, about somebody else, or with a condition on a key that the request lacks does not \
         apply.",
    ),
    holds(
        "ram-repeated-statement-is-nothing",
        statements::repeat,
        &["ram.doc.statement-many", "ram.evaluation.allow-on-match"],
        "One statement that matches is enough, so that one said twice says no more.",
    ),
    holds(
        "ram-condition-narrows-allow",
        statements::drop_condition_of_allow,
        &["ram.condition.operators-and", "ram.condition.keys-and", "ram.doc.condition-optional"],
        "All conditions of a statement must hold, so that an Allow with one less allows no less.",
    ),
    holds(
        "ram-condition-narrows-deny",
        statements::drop_condition_of_deny,
        &["ram.condition.deny-with-condition", "ram.condition.operators-and"],
        "A Deny too needs all its conditions, so that with one less it denies no less.",
    ),
    holds(
        "ram-longer-list-widens-allow",
        statements::gain_in_allow,
        &["ram.evaluation.cross-product-within-statement"],
        "Every action of a statement goes with every resource: one more lets an Allow take nothing away.",
    ),
    holds(
        "ram-longer-list-widens-deny",
        statements::gain_in_deny,
        &["ram.evaluation.cross-product-within-statement"],
        "Every action of a statement goes with every resource: one more lets a Deny deny no less.",
    ),
    holds(
        "ram-longer-not-list-narrows-allow",
        statements::gain_in_negated_allow,
        &["ram.notaction.allow-all-but", "ram.notaction.is-not-deny"],
        "What NotAction leaves out is merely not granted: one more lets an Allow give nothing new, and is no deny.",
    ),
    holds(
        "ram-longer-not-list-narrows-deny",
        statements::gain_in_negated_deny,
        &["ram.notaction.deny-all-but"],
        "A Deny refuses everything but what NotAction lists: one more lets it deny nothing new.",
    ),
    holds(
        "ram-unmentioned-key-is-nothing",
        statements::unmentioned_key,
        &["ram.doc.condition-optional", "ram.evaluation.statement-needs-all-parts"],
        "A condition key that no statement speaks of decides nothing.",
    ),
    holds(
        "ram-order-of-statements",
        order::statements,
        &["ram.evaluation.deny-order-irrelevant"],
        "Statements may stand in any order.",
    ),
    holds(
        "ram-order-of-policies",
        order::policies,
        &["ram.evaluation.deny-order-irrelevant", "ram.evaluation.deny-across-policies"],
        "Policies may stand in any order.",
    ),
    holds(
        "ram-order-of-lists",
        order::lists,
        &[
            "ram.evaluation.action-list-order",
            "ram.evaluation.cross-product-within-statement",
            "ram.condition.values-or",
        ],
        "The values of a list are alternatives, or none of them must match: either way their order means nothing.",
    ),
    holds(
        "ram-order-of-members",
        order::members,
        &["ram.doc.json-only", "ram.condition.operators-and", "ram.condition.keys-and"],
        "A policy is JSON, whose objects have no order.",
    ),
    holds(
        "ram-scalar-is-list-of-one",
        spelling::scalars,
        &["ram.doc.single-value-equals-list"],
        "One value alone and a list of it mean the same.",
    ),
    observes(
        "ram-action-case-is-nothing",
        spelling::action_case,
        &["ram.match.action-case-insensitive"],
        "In most cases letter case does not count in the names of actions.",
    ),
    observes(
        "ram-condition-key-case-is-nothing",
        spelling::condition_key_case,
        &["ram.condition.key-case"],
        "Whether letter case counts in the names of condition keys is not stated; in some evaluators it does not.",
    ),
    observes(
        "ram-resource-case-counts",
        spelling::resource_case,
        &["ram.match.resource-case"],
        "Whether letter case counts in resources is not stated; where it does, another case is another resource.",
    ),
    holds(
        "ram-written-otherwise",
        spelling::writing,
        &["ram.doc.json-only"],
        "A policy is JSON, in which white space and escapes say nothing.",
    ),
    holds(
        "ram-sid-is-nothing",
        spelling::sids,
        &["ram.kms.keypolicy.sid"],
        "Sid is optional, and no part of what must match.",
    ),
    holds(
        "ram-split-by-action",
        split::actions,
        &["ram.evaluation.cross-product-within-statement", "ram.doc.statement-many"],
        "Every action of a statement goes with every resource, so that it can be said in two.",
    ),
    holds(
        "ram-split-by-resource",
        split::resources,
        &["ram.evaluation.cross-product-within-statement", "ram.doc.statement-many"],
        "Every resource of a statement goes with every action, so that it can be said in two.",
    ),
    holds(
        "ram-split-by-principal",
        split::principals,
        &["ram.kms.keypolicy.principal-match", "ram.doc.statement-many"],
        "A statement speaks of each of its principals, so that it can be said in two.",
    ),
    holds(
        "ram-split-by-condition-value",
        split::condition_values_apart,
        &["ram.condition.values-or", "ram.doc.statement-many"],
        "Values of an operator that is not negated are alternatives, so that they can be said in two statements.",
    ),
    holds(
        "ram-split-document",
        split::documents,
        &[
            "ram.evaluation.deny-across-policies",
            "ram.policy.system-and-custom-equal",
            "ram.control.every-level",
        ],
        "Policies of one identity, and those of one level, count together.",
    ),
    holds(
        "ram-renamed-identifier",
        renaming::identifiers,
        &["ram.match.account-must-match", "ram.kms.keypolicy.principal-match"],
        "Accounts, keys and names are compared and nothing else: renamed throughout, with no pattern on a part of them, \
         they give the same answer.",
    ),
    holds(
        "ram-guard-rail-only-narrows",
        layers::narrow,
        &["ram.control.guardrail-not-grant", "ram.session.cannot-widen"],
        "Control policies and session policies grant nothing.",
    ),
    holds(
        "ram-open-guard-rail-is-nothing",
        layers::open,
        &["ram.control.default-full-access", "ram.session.intersection", "ram.session.no-policy-full-role"],
        "A control policy or session policy that lets everything pass neither gives nor takes.",
    ),
    holds(
        "ram-closed-guard-rail-refuses",
        layers::closed,
        &["ram.control.must-allow", "ram.control.every-level", "ram.session.implicit-deny-final"],
        "Nothing leads past a level of control policies, or a session policy, that does not allow.",
    ),
    holds(
        "ram-management-account-is-free",
        layers::management,
        &["ram.control.not-on-management-account"],
        "Control policies do not bind who belongs to the management account.",
    ),
    holds(
        "ram-service-linked-role-is-free",
        layers::service_linked,
        &["ram.control.not-on-account-owner"],
        "Control policies do not bind service-linked roles.",
    ),
    holds(
        "ram-group-policy-is-own",
        layers::groups,
        &["ram.group.inherited", "ram.group.deny-reaches-user"],
        "A user has the policies of its groups besides its own, and their denies bind it alike.",
    ),
    holds(
        "ram-owner-may-do-everything",
        sides::owner,
        &["ram.owner.full-control"],
        "The account that owns a resource may do everything with it, without any policy.",
    ),
    holds(
        "ram-each-account-allows-its-part",
        sides::each_side,
        &["ram.kms.keypolicy.cross-account-both", "ram.kms.secretpolicy.combination"],
        "What is allowed across accounts is allowed by either account: it stays so where the other allows everything.",
    ),
    holds(
        "ram-both-accounts-are-needed",
        sides::both_sides,
        &["ram.kms.keypolicy.cross-account-both", "ram.kms.secretpolicy.combination"],
        "Across accounts nothing is allowed where one of the two says nothing.",
    ),
    holds(
        "ram-broken-document-gives-nothing",
        refusal::broken,
        &[
            "ram.doc.json-only",
            "ram.doc.effect-required",
            "ram.doc.version-only-1",
            "ram.doc.action-xor-notaction",
            "ram.doc.statement-required",
        ],
        "A document that is none gives no more than one that says nothing.",
    ),
    holds(
        "ram-explicit-deny-needs-a-deny",
        refusal::without_denies,
        &["ram.evaluation.three-decisions", "ram.evaluation.default-implicit-deny"],
        "Without Deny statements no deny is explicit.",
    ),
    holds(
        "ram-reasons-are-reasons",
        refusal::reasons,
        &["ram.evaluation.statement-needs-all-parts", "ram.evaluation.explicit-deny-wins"],
        "The statements that an answer names are there, have its effect and cover the action.",
    ),
];
