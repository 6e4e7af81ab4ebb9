//! Decides how often a generator chooses what: weights in one file, and the features that an evaluator has a place for.

use std::collections::BTreeSet;

use kms_model::{Description, Feature};

/// How often a generator chooses what.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The features that questions may need.
    pub features: BTreeSet<Feature>,
}

impl Default for Settings {
    /// The weights of `settings.json`, every feature allowed.
    fn default() -> Self {
        Self { features: Feature::ALL.iter().copied().collect() }
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
}
