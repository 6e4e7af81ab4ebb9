//! Decides how values of a request compare with values of a policy where both dialects compare the same.

pub mod boolean;
pub mod date;
pub mod ip;
pub mod numeric;

/// How a value of the request compares with the values of the policy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Compared {
    /// It does not match, as far as any of them can be compared, and some cannot.
    Unclear,
    /// It matches one of them.
    Matches,
    /// It matches none of them.
    Differs,
}

impl Compared {
    /// The alternatives taken together: `None` stands for one that cannot be compared. Without any alternative there
    /// is nothing to compare with (the pages disagree about an empty list).
    pub fn any(alternatives: impl IntoIterator<Item = Option<bool>>) -> Self {
        let mut compared = None;
        for alternative in alternatives {
            match alternative {
                Some(true) => return Self::Matches,
                Some(false) => compared = compared.or(Some(Self::Differs)),
                None => compared = Some(Self::Unclear),
            }
        }
        compared.unwrap_or(Self::Unclear)
    }
}

/// Which order of request value and policy value matches.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Order {
    /// `=`
    Equal,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

impl Order {
    /// Whether a request value that has this ordering to the policy value matches.
    pub fn admits(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
        }
    }
}
