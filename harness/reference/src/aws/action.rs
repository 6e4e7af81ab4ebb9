//! Decides whether `Action` or `NotAction` covers the action of a request: IAM User Guide, "IAM JSON policy elements:
//! Action", "… NotAction". Case does not count, wildcards do, and variables do not exist here.

use kms_model::policy::Element;

use crate::pattern::Pattern;

/// `Action` or `NotAction`.
#[derive(Clone, Debug)]
pub struct Actions {
    negated: bool,
    patterns: Vec<Pattern>,
}

impl Actions {
    /// The actions that the element lists.
    pub fn new(element: &Element) -> Self {
        let patterns =
            element.values.iter().map(|value| Pattern::new(&value.text.to_ascii_lowercase())).collect();
        Self { negated: element.negated, patterns }
    }

    /// Whether the element covers an action, which is given in lower case.
    pub fn cover(&self, folded_action: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches(folded_action)) != self.negated
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kms_model::policy::Policy;

    fn covers(element: &str, action: &str) -> bool {
        let policy = Policy::read(&format!(r#"{{"Statement":{{"Effect":"Allow",{element}}}}}"#)).unwrap();
        Actions::new(policy.statements[0].action.as_ref().unwrap()).cover(&action.to_ascii_lowercase())
    }

    #[test]
    fn actions_cover_by_name_and_wildcard() {
        for (element, action, expected) in [
            (r#""Action":"KMS:dEcRyPt""#, "kms:Decrypt", true), // iam.action.case-insensitive
            (r#""NotAction":"KMS:DECRYPT""#, "kms:Decrypt", false), // iam.action.notaction-case-insensitive
            (r#""Action":"*""#, "s3:GetObject", true),          // iam.action.star-all
            (r#""Action":"kms:*crypt""#, "kms:Decrypt", true),  // iam.action.wildcard-multi
            (r#""Action":"kms:*Key""#, "kms:Decrypt", false),
            (r#""Action":"kms:Decrypt*""#, "kms:Decrypt", true), // iam.action.wildcard-zero-length
            (r#""Action":"kms:Decryp?""#, "kms:Decrypt", true),  // iam.action.wildcard-single
            (r#""Action":"kms:Decrypt?""#, "kms:Decrypt", false),
            (r#""Action":"kms:*Data*Key*""#, "kms:GenerateDataKeyPair", true), // iam.action.wildcard-multiple
            (r#""Action":"kms:GenerateDataKey""#, "kms:GenerateDataKeyPair", false), // iam.action.anchored
            (r#""Action":"kms:Decryp.""#, "kms:Decrypt", false), // iam.action.regex-metachar-literal
            (r#""Action":["kms:Encrypt","kms:Decrypt"]"#, "kms:Decrypt", true), // iam.action.list-or
            (r#""Action":[]"#, "kms:Decrypt", false),            // iam.doc.empty-array.action
            (r#""NotAction":["kms:En*","kms:Sign"]"#, "kms:Decrypt", true), // iam.notaction.list-nor
            (r#""NotAction":["kms:En*","kms:De*"]"#, "kms:Decrypt", false),
            (r#""NotAction":"*""#, "kms:Decrypt", false), // iam.notaction.star-matches-nothing
            (r#""NotAction":"iam:*""#, "kms:Decrypt", true), // iam.notaction.cross-service
        ] {
            assert_eq!(covers(element, action), expected, "{element} on {action}");
        }
    }
}
