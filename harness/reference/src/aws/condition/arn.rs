//! Decides what ARN operators compare: IAM User Guide, "… Condition operators", Amazon Resource Name (ARN) condition
//! operators: each of the six parts on its own, so that no wildcard reaches over a colon. The sixth keeps its colons.

use kms_model::arn::Arn;
use kms_model::policy::{Text, Version};
use kms_model::question::Context;
use kms_model::shape::Problem;

use crate::aws::variable::{Part, Template, Wildcards, parts};
use crate::compare::Compared;
use crate::pattern::Piece;

/// The values of an ARN operator; `None` for what has no six parts, a `*` alone among them: the page does not say what
/// that matches.
#[derive(Debug)]
pub struct Arns(Vec<Option<Vec<Template>>>);

impl Arns {
    /// Reads the values; a malformed variable is a problem.
    pub fn new(values: &[Text], version: Version, problems: &mut Vec<Problem>) -> Self {
        let mut read = |value: &Text| match parts(&value.text, Wildcards::Match, version) {
            Ok(parts) => split(parts),
            Err(malformed) => {
                problems.push(Problem::new(value.span, malformed));
                None
            }
        };
        Self(values.iter().map(&mut read).collect())
    }

    /// Compares. What is no ARN in the request cannot be compared.
    pub fn compare(&self, value: &str, context: &Context) -> Compared {
        let Some(arn) = Arn::parse(value) else { return Compared::Unclear };
        let actual = ["arn", arn.partition, arn.service, arn.region, arn.account, arn.resource];
        let matches = |wanted: &Option<Vec<Template>>| {
            let mut pairs = wanted.as_ref()?.iter().zip(actual);
            Some(pairs.all(|(template, part)| template.matches(part, context)))
        };
        Compared::any(self.0.iter().map(matches))
    }
}

/// The six parts of an ARN: cut at the first five colons that the policy spells. A colon in a variable's value cuts
/// nothing.
fn split(parts: Vec<Part>) -> Option<Vec<Template>> {
    let mut fields = vec![Vec::new()];
    for part in parts {
        match part {
            Part::Piece(Piece::Literal(text)) => {
                for (index, piece) in text.splitn(7 - fields.len(), ':').enumerate() {
                    if index > 0 {
                        fields.push(Vec::new());
                    }
                    if let Some(field) = fields.last_mut().filter(|_| !piece.is_empty()) {
                        field.push(Part::Piece(Piece::Literal(piece.into())));
                    }
                }
            }
            part => fields.last_mut()?.push(part),
        }
    }
    (fields.len() == 6).then(|| fields.into_iter().map(Template::from).collect())
}
