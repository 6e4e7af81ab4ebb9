//! Decides what `IpAddress` and `NotIpAddress` compare: an address with networks of its own family. IAM User Guide, "…
//! Condition operators"; RAM User Guide, "Policy elements".
//!
//! An address alone is a network of one, in IPv6 too (the IAM page gives /32 for any address). Bits of the host that are
//! set in a network are dropped. An IPv4 address written in IPv6 is an IPv6 address. None of the three is documented.

use std::net::IpAddr;

use ipnet::IpNet;
use kms_model::policy::Text;

use super::Compared;

/// The values of an IP address operator; `None` for what is no network.
#[derive(Debug)]
pub struct Networks(Vec<Option<IpNet>>);

impl Networks {
    /// Reads the values.
    pub fn new(values: &[Text]) -> Self {
        let network =
            |text: &str| text.parse().ok().or_else(|| text.parse().ok().map(|one: IpAddr| one.into()));
        Self(values.iter().map(|value| network(&value.text)).collect())
    }

    /// Compares.
    pub fn compare(&self, value: &str) -> Compared {
        let Ok(actual) = value.parse::<IpAddr>() else { return Compared::Unclear };
        Compared::any(self.0.iter().map(|network| Some(network.as_ref()?.contains(&actual))))
    }
}
