//! Decides which scopes there are: alphabets and bounds, one kind a file.

mod conditions;
mod delegation;
mod grants;
mod layers;
mod ram;
mod words;

use super::scope::Scope;

type Make = fn(&'static str) -> Result<Scope, &'static str>;

/// The names of the scopes, and how each is made.
const ALL: &[(&str, Make)] = &[
    ("conditions", conditions::all),
    ("conditions-small", conditions::small),
    ("delegation", delegation::all),
    ("delegation-small", delegation::small),
    ("grants", grants::all),
    ("grants-small", grants::small),
    ("layers", layers::all),
    ("layers-small", layers::small),
    ("ram", ram::all),
    ("ram-small", ram::small),
];

/// The names of the scopes.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(name, _)| *name)
}

/// The scope of that name.
pub fn by_name(name: &str) -> Option<Scope> {
    // The tests hold that every scope can be made.
    ALL.iter().find(|(known, _)| *known == name).and_then(|(name, make)| make(name).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kms_model::Feature;

    #[test]
    fn every_scope_can_be_made_and_asks_what_an_evaluator_without_a_context_of_its_own_can_be_asked() {
        for (name, make) in ALL {
            let scope =
                make(name).unwrap_or_else(|place| panic!("{name}: renaming leads out of the {place}"));
            assert_eq!((scope.name, scope.worlds() > 0), (*name, true));
            let step = (scope.arrangements() / 50).max(1) as usize;
            for number in (0..scope.arrangements()).step_by(step) {
                let question = scope.question(&scope.world(number).unwrap()).unwrap();
                let features = question.features();
                assert!(!features.contains(&Feature::Context), "{name} {number}");
                assert_eq!(
                    kms_model::Question::parse(&question.to_line()).unwrap(),
                    question,
                    "{name} {number}"
                );
            }
        }
    }

    #[test]
    fn one_scope_has_more_than_ten_million_worlds_and_small_ones_few() {
        assert!(by_name("delegation").unwrap().worlds() > 10_000_000);
        for name in names().filter(|name| name.ends_with("-small")) {
            assert!(by_name(name).unwrap().worlds() < 150_000, "{name}");
        }
        assert!(by_name("everything").is_none());
    }
}
