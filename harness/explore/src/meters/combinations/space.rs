//! Decides which dimensions a condition has, which levels each of them, and which pairs of levels no check can show:
//! `data/impossible-combinations.tsv`.

use kms_model::Dialect;
use kms_model::question::PolicyType;
use serde::Serialize;

use super::super::constructs;
use super::{pairs, triples};

const TABLE: &str = include_str!("../../../data/impossible-combinations.tsv");

/// A dimension of a condition.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// The operator without prefix and suffix: `StringEquals`.
    Operator,
    /// The set operator before it: `none`, `ForAllValues`, `ForAnyValue`. AWS only.
    Qualifier,
    /// Whether it ends in `IfExists`. AWS only.
    IfExists,
    /// What the request has for the key: `absent`, `single`, `multiple`. A key that is there without values is none of them.
    Key,
    /// The effect of the statement.
    Effect,
    /// What the document is to the request: `key-policy`.
    Layer,
}

kms_model::words! { Dimension:
    Operator "operator", Qualifier "qualifier", IfExists "if-exists", Key "key", Effect "effect", Layer "layer",
}

/// One level of a dimension.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Level {
    /// The dimension.
    pub dimension: Dimension,
    /// The level: `StringEquals`, `absent`.
    pub level: &'static str,
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.dimension.word(), self.level)
    }
}

/// Pairs of levels that no check can show.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Impossible {
    /// The dialect.
    pub dialect: Dialect,
    /// Whether the documentation leaves open what they do. A check can then only observe it, and a question may ask it;
    /// otherwise there is nothing to ask.
    pub is_open: bool,
    /// One level, as dimension and name; a name that ends in `*` is every level that starts so.
    pub one: [&'static str; 2],
    /// The other.
    pub other: [&'static str; 2],
    /// The rules by which it is so.
    pub requirements: Vec<&'static str>,
    /// Why it is so.
    pub reason: &'static str,
}

impl Impossible {
    /// Reads a line of the table.
    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split('\t');
        let dialect = match cells.next()? {
            "aws" => Dialect::Aws,
            "ram" => Dialect::Ram,
            _ => return None,
        };
        let is_open = match cells.next()? {
            "impossible" => false,
            "open" => true,
            _ => return None,
        };
        let mut level = || cells.next()?.split_once(' ').map(|(dimension, level)| [dimension, level]);
        let (one, other) = (level()?, level()?);
        let requirements = cells.next()?.split(' ').collect();
        Some(Self { dialect, is_open, one, other, requirements, reason: cells.next()? })
    }

    /// Whether two levels are such a pair.
    pub fn is_of(&self, one: Level, other: Level) -> bool {
        let is = |[dimension, name]: [&str; 2], level: Level| {
            let named =
                name.strip_suffix('*').map_or(level.level == name, |start| level.level.starts_with(start));
            level.dimension.word() == dimension && named
        };
        (is(self.one, one) && is(self.other, other)) || (is(self.one, other) && is(self.other, one))
    }
}

/// The dimensions of a dialect and their levels.
#[derive(Clone, Debug)]
pub struct Space {
    /// The dialect.
    pub dialect: Dialect,
    levels: Vec<(Dimension, Vec<&'static str>)>,
    impossible: Vec<Impossible>,
}

impl Space {
    /// The space of a dialect. RAM has 21 operators and neither prefix nor suffix: with one, a name is no operator's
    /// (ram.op.set-of-names), and its conditions are not of this space.
    pub fn of(dialect: Dialect) -> Self {
        Self::with_impossible(dialect, TABLE)
    }

    /// The same space with another table of impossible pairs.
    pub fn with_impossible(dialect: Dialect, table: &'static str) -> Self {
        let is_aws = dialect == Dialect::Aws;
        let mut levels = vec![(Dimension::Operator, constructs::operators(dialect))];
        if is_aws {
            levels.push((Dimension::Qualifier, vec!["none", "ForAllValues", "ForAnyValue"]));
            levels.push((Dimension::IfExists, vec!["no", "yes"]));
        }
        levels.push((Dimension::Key, vec!["absent", "single", "multiple"]));
        levels.push((Dimension::Effect, vec!["Allow", "Deny"]));
        levels.push((Dimension::Layer, constructs::layers(dialect)));
        let lines = table.lines().filter(|line| !line.starts_with('#'));
        let impossible =
            lines.filter_map(Impossible::read).filter(|known| known.dialect == dialect).collect();
        Self { dialect, levels, impossible }
    }

    /// The level of that name, if the dimension has it.
    pub fn level(&self, dimension: Dimension, name: &str) -> Option<Level> {
        let (_, levels) = self.levels.iter().find(|(known, _)| *known == dimension)?;
        let level = levels.iter().find(|level| **level == name)?;
        Some(Level { dimension, level })
    }

    /// The layer of a document. A trust policy of AWS is the policy of a resource.
    pub fn layer(&self, policy_type: PolicyType) -> Option<Level> {
        let word = match (self.dialect, policy_type) {
            (Dialect::Aws, PolicyType::TrustPolicy) => PolicyType::ResourcePolicy.word(),
            _ => policy_type.word(),
        };
        self.level(Dimension::Layer, word)
    }

    /// Whether the dialect's conditions have the dimension.
    pub fn has(&self, dimension: Dimension) -> bool {
        self.levels.iter().any(|(known, _)| *known == dimension)
    }

    /// Why no check can show two levels together, if so.
    pub fn impossible(&self, one: Level, other: Level) -> Option<&Impossible> {
        self.impossible.iter().find(|known| known.is_of(one, other))
    }

    /// The table of impossible pairs.
    pub fn all_impossible(&self) -> &[Impossible] {
        &self.impossible
    }

    /// Every pair of levels of two dimensions.
    pub fn pairs(&self) -> Vec<[Level; 2]> {
        let all = self.all();
        pairs(&all).filter(|[one, other]| one.dimension != other.dimension).collect()
    }

    /// Every three levels of three dimensions.
    pub fn triples(&self) -> Vec<[Level; 3]> {
        let all = self.all();
        let differ = |[one, other, third]: &[Level; 3]| {
            one.dimension != other.dimension && other.dimension != third.dimension
        };
        triples(&all).filter(differ).collect()
    }

    fn all(&self) -> Vec<Level> {
        let levels = self.levels.iter();
        let of = |(dimension, names): &(Dimension, Vec<&'static str>)| {
            let dimension = *dimension;
            names.iter().map(move |level| Level { dimension, level }).collect::<Vec<_>>()
        };
        levels.flat_map(of).collect()
    }
}
