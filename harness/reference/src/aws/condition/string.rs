//! Decides what string operators compare: IAM User Guide, "… Condition operators", string condition operators.
//! Wildcards mean something under the `Like` operators only, and only in the policy's value.

use kms_model::policy::{Text, Version};
use kms_model::question::Context;
use kms_model::shape::Problem;

use super::operator::Matching;
use crate::aws::variable::{Template, Wildcards, parts};
use crate::compare::Compared;

/// The values of a string operator.
#[derive(Debug)]
pub struct Strings {
    matching: Matching,
    values: Vec<Template>,
}

impl Strings {
    /// Reads the values; a malformed variable is a problem.
    pub fn new(matching: Matching, values: &[Text], version: Version, problems: &mut Vec<Problem>) -> Self {
        let wildcards = if matching == Matching::Like { Wildcards::Match } else { Wildcards::Literal };
        let read = |value: &Text| {
            let parts = parts(&value.text, wildcards, version);
            parts
                .map_err(|malformed| problems.push(Problem::new(value.span, malformed)))
                .ok()
                .map(Template::from)
        };
        Self { matching, values: values.iter().filter_map(read).collect() }
    }

    /// Compares. A value with a variable that has none is matched by nothing: "Policy variables with no value" on the
    /// page of variables, against two notes there which doubt the whole statement.
    pub fn compare(&self, value: &str, context: &Context) -> Compared {
        Compared::any(self.values.iter().map(|template| {
            Some(match self.matching {
                Matching::Equal | Matching::Like => template.matches(value, context),
                Matching::IgnoreCase => template.equals_ignoring_case(value, context),
            })
        }))
    }
}
