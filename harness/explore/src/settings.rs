//! Decides how often a generator chooses what: the weights of one file, and the features that an evaluator has a place
//! for.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use kms_model::json::{Limits, Value, parse};
use kms_model::{Description, Feature};

const FILE: &str = include_str!("../settings.json");

static DEFAULT: LazyLock<Weights> = LazyLock::new(|| {
    let mut weights = Weights::default();
    // A test holds that the file names every weight.
    let _ = weights.read(FILE);
    weights
});

/// How often a generator chooses what.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The features that questions may need.
    pub features: BTreeSet<Feature>,
    /// Chances in a hundred, and weights of alternatives.
    pub weights: Weights,
}

impl Default for Settings {
    /// The weights of `settings.json`, every feature allowed.
    fn default() -> Self {
        Self { features: Feature::ALL.iter().copied().collect(), weights: DEFAULT.clone() }
    }
}

impl Settings {
    /// The default weights, without the features that an evaluator does not declare.
    pub fn of(description: &Description) -> Self {
        let mut settings = Self::default();
        settings.features.retain(|feature| description.has(*feature));
        settings
    }

    /// Whether questions may need the feature.
    pub fn allows(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }

    /// The same settings for documents that are all meant to be valid.
    #[must_use]
    pub fn flawless(&self) -> Self {
        let mut settings = self.clone();
        settings.weights.flaw = 0;
        settings.weights.flaw_of_validate = 0;
        settings
    }
}

macro_rules! weights {
    ($( $(#[doc = $about:literal])+ $field:ident, )*) => {
        /// Chances in a hundred, unless a weight is said to be one of several alternatives.
        #[derive(Clone, Debug, Default, Eq, PartialEq)]
        #[non_exhaustive]
        pub struct Weights {
            $( $(#[doc = $about])+ pub $field: usize, )*
        }

        impl Weights {
            /// The weight that the file calls `name`.
            fn named(&mut self, name: &str) -> Option<&mut usize> {
                let field = name.replace('-', "_");
                match field.as_str() {
                    $( stringify!($field) if !name.contains('_') => Some(&mut self.$field), )*
                    _ => None,
                }
            }

            /// How many weights there are.
            #[cfg(test)]
            const COUNT: usize = [$( stringify!($field), )*].len();
        }
    };
}

weights! {
    /// Questions about a document, not a request.
    validate,
    /// Requests one of whose documents is nearly valid.
    flaw,
    /// Questions about a document that is nearly valid.
    flaw_of_validate,
    /// Questions about a document of a type with a limit that is made as long as it may be, or longer.
    stretched,
    /// Questions about a key policy that say who sets it.
    lockout,
    /// Requests whose condition keys the evaluator has to derive.
    underived,
    /// Callers, one of several alternatives: users.
    caller_user,
    /// … sessions of roles.
    caller_session,
    /// … root users.
    caller_root,
    /// … federated users.
    caller_federated,
    /// … services.
    caller_service,
    /// … callers without credentials.
    caller_anonymous,
    /// … sessions of roles that a service made for itself.
    caller_linked,
    /// Requests for what another account owns.
    other_account,
    /// Requests to other services than KMS.
    other_service,
    /// Operations that are among the ones in daily use.
    common_operation,
    /// Keys of a resource that AWS manages.
    managed_key,
    /// Keys with more aliases than count, where a condition asks for aliases.
    many_aliases,
    /// Keys of several Regions, where another key would do.
    multi_region_key,
    /// Questions that are at home in China or GovCloud.
    other_partition,
    /// Requests that are turned: a text of a policy, or a fact, that is nearly what it was.
    nearly,
    /// Statements that a second one follows in a document, and so on.
    another_statement,
    /// Requests at which a Deny is aimed.
    planted_deny,
    /// Statements that are made for the request: the chance that an element matches it.
    hit,
    /// Other statements: the same.
    stray_hit,
    /// Statements with a condition, conditions with another one, and so on.
    condition,
    /// Conditions that the request is made to meet.
    met,
    /// Conditions on keys that requests of the operation may have.
    apt_key,
    /// Operators that fit the type of their key.
    apt_operator,
    /// Operators with `IfExists`.
    if_exists,
    /// Operators with a set prefix on a key of a single value.
    set_prefix,
    /// `Null` in place of another operator.
    null,
    /// Values with a policy variable, where they can have one.
    variable,
    /// Names spelled in another case, where that is of no matter.
    respelled,
    /// Elements in the `Not…` form.
    negated,
    /// Elements with a further value, and so on.
    another_value,
    /// Single values in a list.
    listed,
    /// Statements with a `Sid`.
    sid,
    /// Documents of the old language version, or without one.
    old_version,
    /// Callers with policies of a group.
    group,
    /// Callers with a permissions boundary.
    boundary,
    /// Sessions that were made with session policies.
    session_policy,
    /// Callers whose account is under service control policies.
    scp,
    /// Resources whose account is under resource control policies, or RAM's control policies.
    rcp,
    /// Accounts that manage their organization.
    management,
    /// Requests through an endpoint.
    endpoint,
    /// Endpoints with a policy of their own.
    endpoint_policy,
    /// Requests that a service makes for the caller.
    via,
    /// Keys with a grant that is not needed.
    stray_grant,
    /// Grants with constraints.
    constraint,
    /// Facts that no condition asks for.
    stray_fact,

    /// How many questions are asked about a world: a number.
    questions_of_a_world,
    /// Further requests, by one of several alternatives: another value of a condition key.
    other_fact,
    /// … another caller of the same kind.
    other_caller,
    /// … another action.
    other_action,
    /// … another resource of the same kind.
    other_resource,
    /// Further requests that are two steps away.
    another_change,
}

impl Weights {
    /// Takes the weights that a text gives, by their names.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn read(&mut self, text: &str) -> Result<(), String> {
        let root = parse(text, Limits::default()).map_err(|error| error.message)?;
        let members = root.members().ok_or("weights must be an object")?;
        for member in members {
            let Value::Number(number) = &member.node.value else {
                return Err(format!("weight `{}` must be a number", member.name));
            };
            let number =
                number.parse().map_err(|_| format!("weight `{}` must be a whole number", member.name))?;
            *self.named(&member.name).ok_or_else(|| format!("unknown weight `{}`", member.name))? = number;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_gives_every_weight_once() {
        let mut weights = Weights::default();
        assert_eq!(weights.read(FILE), Ok(()));
        let root = parse(FILE, Limits::default()).unwrap();
        let mut names: Vec<_> = root.members().unwrap().iter().map(|member| &member.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Weights::COUNT);
        assert_eq!(weights, *DEFAULT);
    }

    #[test]
    fn unknown_weights_are_refused() {
        let refusal = |text: &str| Weights::default().read(text).unwrap_err();
        assert_eq!(refusal(r#"{"validates":1}"#), "unknown weight `validates`");
        assert_eq!(refusal(r#"{"flaw_of_validate":1}"#), "unknown weight `flaw_of_validate`");
        assert_eq!(refusal(r#"{"validate":"1"}"#), "weight `validate` must be a number");
        assert_eq!(refusal(r#"{"validate":1.5}"#), "weight `validate` must be a whole number");
        assert_eq!(refusal("[]"), "weights must be an object");
    }

    #[test]
    fn settings_of_an_evaluator_hold_its_features_only() {
        let description = Description::new("x", "1", kms_model::Dialect::Aws).with(&[Feature::Grants]);
        let settings = Settings::of(&description);
        assert!(settings.allows(Feature::Grants) && !settings.allows(Feature::Scps));
        assert_eq!(settings.flawless().weights.flaw, 0);
    }
}
