//! Decides how messages name the place of a value.

use std::fmt;

/// Where a value stands; put into words only when there is a message.
pub(crate) enum Path<'a> {
    /// An element of a list, from 0.
    Element(&'a Path<'a>, usize),
    /// A member of an object.
    Member(&'a Path<'a>, &'a str),
    /// The whole value; empty where it needs no name.
    Root(&'a str),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element(list, index) => write!(f, "{list}[{index}]"),
            Self::Member(Self::Root(""), name) => f.write_str(name),
            Self::Member(object, name) => write!(f, "{object}.{name}"),
            Self::Root(path) => f.write_str(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_from_the_outside_in() {
        for (root, name) in [("", "a[3].b"), ("x", "x.a[3].b")] {
            let root = Path::Root(root);
            let list = Path::Member(&root, "a");
            let element = Path::Element(&list, 3);
            assert_eq!(Path::Member(&element, "b").to_string(), name);
        }
    }
}
