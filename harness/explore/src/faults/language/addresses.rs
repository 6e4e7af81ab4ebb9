//! Decides the faults about addresses and blocks of them.

use std::net::IpAddr;

use kms_model::Question;

use super::conditions::{One, conditions, settled};
use crate::faults::{Change, Fault};

/// The faults.
pub const TABLE: &[Fault] = &[
    Fault::new(
        "aws-lengths-of-address-blocks-are-not-read",
        "iam.op.ip.cidr-v4",
        "a block of addresses stands for its first address",
        Change::Question(|question| {
            addresses(question, |value| {
                let (address, _) = value.split_once('/').filter(|(address, _)| !address.contains(':'))?;
                Some(vec![address.to_owned()])
            })
        }),
    ),
    Fault::new(
        "aws-address-blocks-end-at-octets",
        "iam.op.ip.cidr-edges",
        "a block of IPv4 addresses begins and ends between two octets",
        Change::Question(|question| {
            addresses(question, |value| {
                let (address, length) =
                    value.split_once('/').filter(|(address, _)| !address.contains(':'))?;
                let length: u8 = length.parse().ok()?;
                (!length.is_multiple_of(8)).then(|| vec![format!("{address}/{}", length - length % 8)])
            })
        }),
    ),
    Fault::new(
        "aws-ipv6-blocks-are-not-read",
        "iam.op.ip.cidr-v6",
        "blocks of IPv6 addresses match nothing",
        Change::Question(|question| {
            addresses(question, |value| (value.contains(':') && value.contains('/')).then(Vec::new))
        }),
    ),
    Fault::new(
        "aws-addresses-of-a-list-are-of-one-family",
        "iam.op.ip.mixed-families-or",
        "a list of addresses is read as of the family of the first",
        Change::Question(|question| {
            conditions(question, &["IpAddress"], |one| {
                let values = one.texts();
                let first = values.first()?.contains(':');
                let kept: Vec<String> = values.iter().filter(|v| v.contains(':') == first).cloned().collect();
                (is_of_addresses(one) && kept.len() < values.len()).then(|| one.with(kept))?
            })
        }),
    ),
    Fault::new(
        "aws-not-ip-address-fails-on-the-other-family",
        "iam.op.ip.not-ip-other-family",
        "NotIpAddress does not hold for an address of another family than its blocks",
        Change::Question(|question| {
            conditions(question, &["NotIpAddress"], |one| {
                let address: IpAddr = one.single()?.parse().ok()?;
                let other = one.texts().iter().all(|value| value.contains(':') != address.is_ipv6());
                (one.operator.base == "NotIpAddress" && other).then(|| settled(false))?
            })
        }),
    ),
    Fault::new(
        "aws-all-ipv4-addresses-are-all-addresses",
        "iam.op.ip.zero-prefix",
        "0.0.0.0/0 covers IPv6 addresses as well",
        Change::Question(|question| {
            addresses(question, |value| {
                (value == "0.0.0.0/0").then(|| vec![value.to_owned(), "::/0".to_owned()])
            })
        }),
    ),
    Fault::new(
        "aws-bare-addresses-are-not-read",
        "iam.op.ip.bare-v4-is-32",
        "an address without the length of a block matches nothing",
        Change::Question(|question| {
            addresses(question, |value| (!value.contains(['/', '*', ':'])).then(Vec::new))
        }),
    ),
    Fault::new(
        "aws-addresses-take-stars",
        "iam.op.ip.no-wildcards",
        "a star at the end of an address stands for all that follows",
        Change::Question(|question| {
            addresses(question, |value| {
                let start = value.strip_suffix(".*")?;
                let octets = start.split('.').count();
                Some(vec![format!("{start}{}/{}", ".0".repeat(4_usize.checked_sub(octets)?), 8 * octets)])
            })
        }),
    ),
];

fn is_of_addresses(one: &One<'_>) -> bool {
    matches!(one.operator.base, "IpAddress" | "NotIpAddress")
}

/// The conditions on addresses with other values for each for which `edit` gives some.
fn addresses(question: &Question, edit: impl Fn(&str) -> Option<Vec<String>>) -> Option<Question> {
    conditions(question, &["IpAddress"], |one| {
        let values = one.texts();
        if !is_of_addresses(one) || !values.iter().any(|value| edit(value).is_some()) {
            return None;
        }
        one.with(values.into_iter().flat_map(|value| edit(&value).unwrap_or(vec![value])).collect())
    })
}
