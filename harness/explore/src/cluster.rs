//! Decides which findings are one: those of the same answers, the same features, and the same requirement as far as it can be
//! guessed; and guesses the requirement, by the check of a catalogue that is most like the question.

use std::collections::{BTreeMap, BTreeSet};

use kms_model::json::{Node, Value};
use kms_model::{Feature, Question};

use crate::finding::{Finding, Signature};

/// Checks and questions that have less in common than this are not alike.
const ALIKE: f64 = 0.6;
/// A likeness to checks of more requirements than this says nothing.
const UNDECIDED: usize = 3;

/// Findings that are taken for one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Cluster {
    /// The smallest example.
    pub finding: Finding,
    /// How many questions were found to show it.
    pub count: u64,
}

/// What findings have in common that are taken for one.
type Key = (Signature, BTreeSet<Feature>, Option<String>);

/// The findings so far.
#[derive(Clone, Debug, Default)]
pub struct Clusters(BTreeMap<Key, Cluster>);

/// What became of a finding.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Added {
    /// It is the first of its kind.
    First,
    /// It is like another, and not smaller.
    Known,
    /// It is like another, and smaller.
    Smaller,
}

impl Clusters {
    /// Adds a finding; the smallest example of each cluster is kept. One that needs more features than another of the same
    /// answers and requirement is taken for the same.
    pub fn add(&mut self, finding: Finding) -> Added {
        let own = key_of(&finding);
        let Some(known) = self.key_like(&own) else {
            self.0.insert(own, Cluster { finding, count: 1 });
            return Added::First;
        };
        let Some(mut cluster) = self.0.remove(&known) else { return Added::Known };
        cluster.count += 1;
        let is_smaller = size(&finding.question) < size(&cluster.finding.question);
        if is_smaller {
            cluster.finding = finding;
        }
        let fewer = if own.1.len() < known.1.len() { own } else { known };
        self.0.insert(fewer, cluster);
        if is_smaller { Added::Smaller } else { Added::Known }
    }

    /// The example of the cluster that a finding belongs to, if there is one.
    pub fn like(&self, finding: &Finding) -> Option<&Finding> {
        let key = self.key_like(&key_of(finding))?;
        self.0.get(&key).map(|cluster| &cluster.finding)
    }

    /// The key of the cluster that findings of another key belong to.
    fn key_like(&self, (signature, features, requirement): &Key) -> Option<Key> {
        let alike = |known: &&Key| {
            known.0 == *signature
                && known.2 == *requirement
                && (known.1.is_subset(features) || features.is_subset(&known.1))
        };
        self.0.keys().find(alike).cloned()
    }

    /// The clusters, the worst first.
    pub fn sorted(&self) -> Vec<&Cluster> {
        let mut all: Vec<_> = self.0.values().collect();
        all.sort_by_key(|cluster| cluster.finding.signature.severity());
        all
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn key_of(finding: &Finding) -> Key {
    (finding.signature.clone(), finding.question.features(), finding.requirement.clone())
}

fn size(question: &Question) -> usize {
    question.to_line().len()
}

/// The checks of a catalogue, to guess by.
#[derive(Clone, Debug, Default)]
pub struct Guesses {
    checks: Vec<Known>,
    /// In how many checks each word stands.
    frequency: BTreeMap<String, usize>,
}

#[derive(Clone, Debug)]
struct Known {
    requirement: String,
    expected: Vec<&'static str>,
    words: BTreeSet<String>,
}

impl Guesses {
    /// Adds a check: the requirement that it shows, the words of the answers that it expects, and its question.
    pub fn add(&mut self, requirement: &str, expected: Vec<&'static str>, question: &Question) {
        let words = words(question);
        for word in &words {
            *self.frequency.entry(word.clone()).or_default() += 1;
        }
        self.checks.push(Known { requirement: requirement.to_owned(), expected, words });
    }

    /// The requirement whose check is most like the question and expects one of the answers; `None` where no check is like it,
    /// or checks of many requirements are.
    pub fn guess(&self, answers: &[String], question: &Question) -> Option<String> {
        let words = words(question);
        let mut best = ALIKE;
        let mut alike: BTreeMap<&str, usize> = BTreeMap::new();
        for check in &self.checks {
            if !check.expected.iter().any(|expected| answers.iter().any(|answer| answer == expected)) {
                continue;
            }
            let likeness = self.likeness(&words, &check.words);
            if likeness > best {
                best = likeness;
                alike.clear();
            }
            if likeness >= best {
                *alike.entry(check.requirement.as_str()).or_default() += 1;
            }
        }
        let most = alike.iter().max_by_key(|(_, count)| **count)?;
        (alike.len() <= UNDECIDED).then(|| (*most.0).to_owned())
    }

    /// How much of what two questions are about is common to both, rare words counting for more.
    fn likeness(&self, a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
        let weight = |word: &String| {
            let count = self.frequency.get(word).copied().unwrap_or_default();
            ((self.checks.len() + 2) as f64 / (count + 1) as f64).ln()
        };
        let both: f64 = a.intersection(b).map(weight).sum();
        let either: f64 = a.union(b).map(weight).sum();
        if either > 0.0 { both / either } else { 0.0 }
    }
}

/// What a question is about: layers, operators, condition keys, elements, action, kind of caller.
fn words(question: &Question) -> BTreeSet<String> {
    let root = question.to_node();
    let mut words: BTreeSet<_> =
        question.features().into_iter().map(|feature| feature.word().to_owned()).collect();
    words.insert(question.dialect.word().to_owned());
    about(&root, "", &mut words);
    words
}

fn about(node: &Node, inside: &str, words: &mut BTreeSet<String>) {
    match &node.value {
        Value::Array(elements) => elements.iter().for_each(|element| about(element, inside, words)),
        Value::Object(members) => {
            for member in members {
                let name = member.name.as_str();
                match inside {
                    // Every request has these, and tags and parameters have names of anybody's making.
                    "context" | "context-types" | "tags" => continue,
                    "Condition" => drop(words.insert(format!("operator {name}"))),
                    "operator" => drop(words.insert(format!("key {}", key(name)))),
                    "parameters" | "constraints" => drop(words.insert(format!("{inside} {name}"))),
                    _ => drop(words.insert(name.to_owned())),
                }
                let below = if inside == "Condition" { "operator" } else { name };
                if !matches!(inside, "operator" | "parameters" | "constraints") {
                    about(&member.node, below, words);
                }
            }
        }
        Value::String(text)
            if matches!(
                inside,
                "Effect" | "Version" | "action" | "kind" | "policy-type" | "type" | "for"
            ) =>
        {
            words.insert(format!("{inside} {text}"));
        }
        Value::String(text)
            if matches!(inside, "Action" | "NotAction" | "Resource" | "AWS" | "Principal") =>
        {
            let pattern = if text == "*" {
                "all"
            } else if text.contains(['*', '?']) {
                "pattern"
            } else {
                "one"
            };
            words.insert(format!("{inside} {pattern}"));
        }
        _ => {}
    }
}

/// The name of a condition key without the part that is of anybody's making.
fn key(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let end = lower.find('/').or_else(|| lower.match_indices(':').nth(1).map(|(at, _)| at));
    end.and_then(|end| lower.get(..end)).unwrap_or(&lower).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Source;

    fn question(condition: &str) -> Question {
        let text = format!(
            r#"{{"kind":"authorize","dialect":"aws","region":"us-west-2","time":"2026-01-15T12:00:00Z",
                "caller":{{"kind":"user"}},"authorizations":[{{"action":"kms:Decrypt","resource":{{"arn":"*",
                "account":"","type":"kms:key","policy":{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",
                "Principal":"*","Action":"*","Resource":"*"{condition}}}]}}}}}}]}}"#
        );
        Question::parse(&text).unwrap()
    }

    fn condition(operator: &str, key: &str) -> Question {
        question(&format!(r#","Condition":{{"{operator}":{{"{key}":"x"}}}}"#))
    }

    #[test]
    fn a_guess_is_the_likest_check_that_expects_one_of_the_answers() {
        let mut guesses = Guesses::default();
        for (requirement, expected, question) in [
            ("kms.any.principal", vec!["allow"], question("")),
            ("kms.string.like", vec!["allow"], condition("StringLike", "aws:PrincipalTag/Team")),
            ("kms.string.like", vec!["implicit-deny"], condition("StringLike", "aws:PrincipalTag/Team")),
            ("kms.ip", vec!["implicit-deny"], condition("IpAddress", "aws:SourceIp")),
        ] {
            guesses.add(requirement, expected, &question);
        }
        let answers = ["allow".to_owned(), "implicit-deny".to_owned()];
        let guess = |question: &Question| guesses.guess(&answers, question);
        assert_eq!(
            guess(&condition("StringLike", "aws:principaltag/Cost")).as_deref(),
            Some("kms.string.like")
        );
        assert_eq!(guess(&condition("IpAddress", "aws:SourceIp")).as_deref(), Some("kms.ip"));
        assert_eq!(guess(&question("")).as_deref(), Some("kms.any.principal"));
        assert_eq!(guess(&condition("BinaryEquals", "kms:Attestation")), None);
        assert_eq!(guesses.guess(&["explicit-deny".to_owned()], &question("")), None);
    }

    #[test]
    fn the_smallest_example_stands_for_a_cluster_and_the_worst_leads() {
        let finding = |answers: [&str; 2], question: Question| Finding {
            signature: Signature {
                source: Source::Differential(vec!["a".to_owned(), "b".to_owned()]),
                answers: answers.map(str::to_owned).to_vec(),
            },
            found: question.clone(),
            question,
            variations: Vec::new(),
            seed: (1, 1),
            is_minimal: true,
            requirement: None,
        };
        let mut clusters = Clusters::default();
        let deny = ["implicit-deny", "allow"];
        assert_eq!(clusters.add(finding(deny, condition("Bool", "k"))), Added::First);
        assert_eq!(clusters.add(finding(deny, question(""))), Added::Smaller);
        assert_eq!(clusters.add(finding(deny, condition("Bool", "k"))), Added::Known);
        assert_eq!(clusters.add(finding(["allow", "implicit-deny"], condition("Bool", "k"))), Added::First);
        let sorted = clusters.sorted();
        let shown: Vec<_> =
            sorted.iter().map(|one| (one.finding.signature.answers[0].as_str(), one.count)).collect();
        assert_eq!(shown, [("allow", 1), ("implicit-deny", 3)]);
        assert_eq!(sorted[1].finding.question, question(""));
    }
}
