//! Decides whether `Resource` or `NotResource` covers the resource of a request: IAM User Guide, "IAM JSON policy
//! elements: Resource", "… NotResource", and "Identify AWS resources with Amazon Resource Names (ARNs)".
//!
//! The whole ARN is matched as one text, so every `*` may run over colons. The pages say so of a `*` that ends a part
//! of the ARN, and nothing of one with text behind it in its part; they advise to keep inside a part. The six parts are
//! matched one by one under ARN operators only.

use kms_model::policy::{Element, Version};
use kms_model::question::Context;

use super::variable::{Malformed, Template, Wildcards, parts};

/// `Resource` or `NotResource`.
#[derive(Clone, Debug)]
pub struct Resources {
    negated: bool,
    values: Vec<Value>,
}

#[derive(Clone, Debug)]
struct Value {
    template: Template,
    /// The ARN with `*` for each part that it lacks, if it lacks any.
    completed: Option<Template>,
}

impl Resources {
    /// The resources that the element lists. Each value that cannot be read is given to `refuse`, by its index.
    pub fn new(element: &Element, version: Version, mut refuse: impl FnMut(usize, Malformed)) -> Self {
        let read = |(index, value): (usize, &kms_model::policy::Text)| match Value::new(&value.text, version)
        {
            Ok(value) => Some(value),
            Err(malformed) => {
                refuse(index, malformed);
                None
            }
        };
        Self {
            negated: element.negated,
            values: element.values.iter().enumerate().filter_map(read).collect(),
        }
    }

    /// Whether the element covers `arn`. An incomplete ARN is completed in identity policies only.
    pub fn cover(&self, arn: &str, context: &Context, in_identity_policy: bool) -> bool {
        let matches = |value: &Value| {
            let template = value.completed.as_ref().filter(|_| in_identity_policy).unwrap_or(&value.template);
            template.matches(arn, context)
        };
        self.values.iter().any(matches) != self.negated
    }
}

impl Value {
    fn new(text: &str, version: Version) -> Result<Self, Malformed> {
        let template = |text: &str| parts(text, Wildcards::Match, version).map(Template::from);
        let colons = text.bytes().filter(|byte| *byte == b':').count();
        let completed = match text.starts_with("arn:") && colons < 5 {
            true => Some(template(&format!("{text}{}", ":*".repeat(5 - colons)))?),
            false => None,
        };
        Ok(Self { template: template(text)?, completed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kms_model::policy::Policy;
    use kms_model::question::ContextValue;

    const K: &str = "arn:aws:kms:us-east-1:111122223333:key/1234abcd";

    fn covers(element: &str, arn: &str, in_identity_policy: bool) -> bool {
        let policy = Policy::read(&format!(r#"{{"Statement":{{"Effect":"Allow",{element}}}}}"#)).unwrap();
        let element = policy.statements[0].resource.as_ref().unwrap();
        let mut context = Context::default();
        context.set("aws:PrincipalTag/kid", ContextValue::One("1234abcd".to_owned()));
        Resources::new(element, Version::V2012, |_, _| unreachable!()).cover(
            arn,
            &context,
            in_identity_policy,
        )
    }

    #[test]
    fn resources_cover_by_arn_and_wildcard() {
        for (value, arn, expected) in [
            ("*", K, true),   // iam.resource.star
            ("*", "*", true), // iam.resource.action-without-resource-level
            ("arn:aws:kms:*:*:*", "*", false),
            (K, K, true),                                                  // iam.resource.exact
            ("arn:aws:kms:us-east-1:111122223333:KEY/1234abcd", K, false), // iam.resource.case-sensitive
            ("arn:aws:kms:us-east-1:111122223333:key/*", K, true),         // iam.resource.wildcard-multi
            ("arn:aws:kms:us-east-1:111122223333:alias/*", K, false),
            ("arn:aws:kms:us-east-1:111122223333:key/1234abc?", K, true), // iam.resource.wildcard-single
            ("arn:aws:kms:us-east-1:111122223333:key/?", K, false),
            ("arn:aws:kms:eu-*:111122223333:key/*", K, false), // iam.resource.wildcard-any-segment
            ("arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b/1/2/test/3/o", true), // iam.resource.slash-not-special
            ("arn:aws:kms:us-east-1:*", K, true), // iam.resource.trailing-star-crosses-colon
            ("arn:aws:kms:eu-*", K, false),
            ("arn:aws:kms:::key/*", K, false), // iam.resource.empty-segments-literal
            ("arn:aws:kms:*::111122223333:key/*", K, false), // kms.iam.malformed-mrk-arn
            ("arn:aws-cn:kms:*:*:*", K, false), // kms.partition.arn-partition-in-iam
            ("1234abcd", K, false),            // kms.iam.key-must-be-named-by-key-arn
            ("arn:aws:kms:us-east-1:111122223333:key/${aws:PrincipalTag/kid}", K, true),
            ("arn:aws:kms:us-east-1:111122223333:key/${aws:PrincipalTag/none}", K, false),
        ] {
            assert_eq!(covers(&format!(r#""Resource":"{value}""#), arn, true), expected, "{value} on {arn}");
        }
    }

    #[test]
    fn identity_policies_complete_short_arns() {
        // iam.resource.incomplete-arn-completed
        for (value, identity, other) in [
            ("arn:aws:kms", true, false),
            ("arn:aws:s3", false, false),
            ("arn:aws:kms:us-east-1", true, false),
            ("arn:aws:kms:*", true, true),
        ] {
            let element = format!(r#""Resource":"{value}""#);
            assert_eq!(covers(&element, K, true), identity, "{value} in an identity policy");
            assert_eq!(covers(&element, K, false), other, "{value} elsewhere");
        }
    }

    #[test]
    fn lists_are_alternatives_and_not_resource_wants_none() {
        for (element, expected) in [
            (format!(r#""Resource":["arn:aws:s3:::b","{K}"]"#), true), // iam.resource.list-or
            (r#""Resource":[]"#.to_owned(), false),                    // iam.doc.empty-array.resource
            (format!(r#""NotResource":"{K}""#), false), // iam.resource.notresource.everything-else
            (r#""NotResource":"arn:aws:s3:::b""#.to_owned(), true),
            (r#""NotResource":["arn:aws:s3:::b","arn:aws:kms:*:*:key/*"]"#.to_owned(), false), // iam.resource.notresource.nor
            (
                r#""NotResource":"arn:aws:kms:us-east-1:111122223333:key/${aws:PrincipalTag/none}""#
                    .to_owned(),
                true,
            ), // iam.variable.missing.notresource
        ] {
            assert_eq!(covers(&element, K, true), expected, "{element}");
        }
    }
}
