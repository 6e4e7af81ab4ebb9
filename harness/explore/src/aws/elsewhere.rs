//! Decides in which partition a generated question of the AWS dialect is at home: most are where nearly all pages are, some
//! in a China Region or in GovCloud, with all their ARNs, accounts and Regions.

use kms_model::Question;

use crate::{Choices, Settings};

/// A partition, and what things are called there.
struct Partition {
    name: &'static str,
    /// What `us-west-2` and `eu-west-1` become.
    regions: [&'static str; 2],
    /// What the accounts `A` and `B` become: no account is in two partitions.
    accounts: [&'static str; 2],
}

/// In `aws-cn` the account of the only person from there, who becomes one of the other partition in turn.
static PARTITIONS: [Partition; 2] = [
    Partition {
        name: "aws-cn",
        regions: ["cn-north-1", "cn-northwest-1"],
        accounts: ["777788889999", "888899990000"],
    },
    Partition {
        name: "aws-us-gov",
        regions: ["us-gov-west-1", "us-gov-east-1"],
        accounts: ["222233334444", "555566667777"],
    },
];

/// The question, moved as a whole to another partition; `None` where it stays.
pub fn moved(question: &Question, choices: &mut dyn Choices, settings: &Settings) -> Option<Question> {
    if !choices.chance(settings.weights.other_partition) {
        return None;
    }
    let Partition { name, regions, accounts } = choices.pick(&PARTITIONS)?;
    let [region, other_region] = regions;
    let [account, other_account] = accounts;
    let line = question.to_line();
    let line = exchanged(&line, "arn:aws:", &format!("arn:{name}:"));
    let line = exchanged(&line, super::names::A, account);
    let line = exchanged(&line, super::names::B, other_account);
    let line = line.replace(super::names::REGION, region).replace("eu-west-1", other_region);
    // Names have become names: what was a question still is one, which a test holds.
    Question::parse(&line).ok()
}

/// The text with two words in each other's place.
fn exchanged(text: &str, one: &str, other: &str) -> String {
    let parts: Vec<_> = text.split(other).map(|part| part.replace(one, other)).collect();
    parts.join(one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    #[test]
    fn words_are_exchanged() {
        assert_eq!(exchanged("a b ab ba", "a", "b"), "b a ba ab");
        assert_eq!(exchanged("none", "x", "y"), "none");
    }

    #[test]
    fn nothing_of_a_moved_question_is_left_behind() {
        let mut settings = Settings::default().flawless();
        let mut random = Random::new(7);
        settings.weights.other_partition = 0;
        // A question is turned where it is at home.
        settings.weights.nearly = 0;
        let mut away = settings.clone();
        away.weights.other_partition = 100;
        let mut partitions = std::collections::BTreeSet::new();
        for _ in 0..2_000 {
            let question = super::super::question(&mut random, &settings);
            let moved = moved(&question, &mut random, &away).unwrap();
            assert_ne!(moved, question);
            let line = moved.to_line();
            let home = kms_model::arn::partition(&moved.region);
            partitions.insert(home);
            // Whose account is the only one from China is at home elsewhere once the world is there.
            let line = line.replace("arn:aws:iam::111122223333:", "");
            for word in ["arn:aws:", "us-west-2", "eu-west-1", "444455556666"] {
                assert!(!line.contains(word), "{word} in {line}");
            }
            assert_eq!(moved.features(), question.features(), "{line}");
        }
        assert_eq!(partitions.into_iter().collect::<Vec<_>>(), ["aws-cn", "aws-us-gov"]);
    }
}
