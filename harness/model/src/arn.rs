//! Decides which parts an Amazon Resource Name has: IAM User Guide, "Identify AWS resources with Amazon
//! Resource Names (ARNs)".

/// An ARN in its six parts, `arn:partition:service:region:account:resource`. Any part may hold wildcards or be empty;
/// the resource keeps later colons.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`
    pub partition: &'a str,
    /// `kms`, `iam`
    pub service: &'a str,
    /// `us-west-2`; empty for IAM
    pub region: &'a str,
    /// 12 digits; empty for S3
    pub account: &'a str,
    /// `key/1234abcd-…`, `user/eng/alice`
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Splits a text that starts with `arn:` and has six parts.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
        let mut next = || parts.next();
        Some(Self {
            partition: next()?,
            service: next()?,
            region: next()?,
            account: next()?,
            resource: next()?,
        })
    }
}

/// The partition that a Region belongs to.
pub fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// Whether a text is an account id: 12 digits.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_later_colons() {
        let arn = Arn::parse("arn:aws:logs:us-west-2:111122223333:log-group:a:*").unwrap();
        assert_eq!(arn.resource, "log-group:a:*");
        assert_eq!(Arn::parse("arn:aws:s3:::b").unwrap().resource, "b");
        assert_eq!(Arn::parse("arn:aws:kms:us-west-2:111122223333"), None);
        assert_eq!(Arn::parse("*"), None);
    }
}
