//! Decides what a policy value with policy variables says in a request: IAM User Guide, "IAM policy elements:
//! Variables and tags".
//!
//! Variables exist in documents of version 2012-10-17 only, in `Resource`, `NotResource` and the values of string and
//! ARN operators. What is filled in is literal text: neither its `*` and `?` nor its `${…}` mean anything (the page
//! does not say so; anything else would let a tag widen a policy).

use kms_model::policy::Version;
use kms_model::question::{Context, ContextValue, KeyName};

use crate::pattern::{self, Pattern, Piece};

/// A policy value.
#[derive(Clone, Debug)]
pub enum Template {
    /// The same in every request.
    Fixed(Pattern),
    /// With variables.
    Open(Vec<Part>),
}

/// A part of a policy value.
#[derive(Clone, Debug)]
pub enum Part {
    /// Text and wildcards.
    Piece(Piece<Box<str>>),
    /// `${key}` or `${key, 'default'}`
    Variable(Variable),
}

/// A policy variable.
#[derive(Clone, Debug)]
pub struct Variable {
    key: KeyName,
    default: Option<Box<str>>,
}

/// Whether `*` and `?` are wildcards in a policy value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wildcards {
    /// They are characters like any other.
    Literal,
    /// They are wildcards.
    Match,
}

/// What is wrong with the spelling of a variable.
pub type Malformed = &'static str;

/// The parts of a policy value in a document of that version.
///
/// # Errors
/// When a variable is not spelled as it must be.
pub fn parts(text: &str, wildcards: Wildcards, version: Version) -> Result<Vec<Part>, Malformed> {
    let mut parts = Vec::new();
    let plain = |text: &str, parts: &mut Vec<Part>| match wildcards {
        Wildcards::Literal => parts.push(Part::Piece(Piece::Literal(text.into()))),
        Wildcards::Match => parts.extend(pattern::pieces(text).into_iter().map(Part::Piece)),
    };
    let mut rest = text;
    if version == Version::V2012 {
        while let Some((before, after)) = rest.split_once("${") {
            plain(before, &mut parts);
            let (part, after) = variable(after)?;
            parts.push(part);
            rest = after;
        }
    }
    plain(rest, &mut parts);
    Ok(parts)
}

/// Reads what follows `${`; gives the part and the text behind its `}`.
fn variable(text: &str) -> Result<(Part, &str), Malformed> {
    for escaped in ["*", "?", "$"] {
        if let Some(after) = text.strip_prefix(escaped).and_then(|text| text.strip_prefix('}')) {
            return Ok((Part::Piece(Piece::Literal(escaped.into())), after));
        }
    }
    let end = text.find(['}', ',']).ok_or("`${` is not closed by `}`")?;
    let (key, after) = text.split_at(end);
    if key.is_empty() {
        return Err("`${}` names no condition key");
    }
    if key.contains(|character: char| character.is_whitespace() || "${'".contains(character)) {
        return Err("the name of a policy variable holds no space, quote or `${`");
    }
    if let Some(after) = after.strip_prefix('}') {
        return Ok((Part::Variable(Variable { key: KeyName::new(key), default: None }), after));
    }
    let quoted = after.strip_prefix(", '").and_then(|text| text.split_once('\''));
    match quoted.and_then(|(default, after)| Some((default, after.strip_prefix('}')?))) {
        Some((default, after)) => {
            Ok((Part::Variable(Variable { key: KeyName::new(key), default: Some(default.into()) }), after))
        }
        None => Err("the default of a policy variable is written `, 'text'` before the `}`"),
    }
}

impl From<Vec<Part>> for Template {
    fn from(parts: Vec<Part>) -> Self {
        let fixed: Option<Vec<_>> = parts
            .iter()
            .map(|part| match part {
                Part::Piece(piece) => Some(piece.clone()),
                Part::Variable(_) => None,
            })
            .collect();
        match fixed {
            Some(pieces) => Self::Fixed(Pattern::from(pieces)),
            None => Self::Open(parts),
        }
    }
}

impl Template {
    /// Whether `text` fits; nothing fits where a variable has no value.
    pub fn matches(&self, text: &str, context: &Context) -> bool {
        match self {
            Self::Fixed(pattern) => pattern.matches(text),
            Self::Open(parts) => fill(parts, context).is_some_and(|pieces| pattern::fits(&pieces, text)),
        }
    }

    /// Whether `text` is the value but for the case of its letters; nothing is where a variable has no value. For
    /// values without wildcards.
    pub fn equals_ignoring_case(&self, text: &str, context: &Context) -> bool {
        match self {
            Self::Fixed(pattern) => same_letters(pattern.pieces(), text),
            Self::Open(parts) => fill(parts, context).is_some_and(|pieces| same_letters(&pieces, text)),
        }
    }
}

fn same_letters<S: AsRef<str>>(pieces: &[Piece<S>], text: &str) -> bool {
    let literals = pieces.iter().map(|piece| match piece {
        Piece::Literal(literal) => literal.as_ref(),
        Piece::One => "?",
        Piece::Run => "*",
    });
    literals.flat_map(str::chars).flat_map(char::to_lowercase).eq(text.chars().flat_map(char::to_lowercase))
}

/// The parts with each variable replaced by its value; `None` if one has none.
fn fill<'a>(parts: &'a [Part], context: &'a Context) -> Option<Vec<Piece<&'a str>>> {
    let fill = |part: &'a Part| match part {
        Part::Piece(Piece::Literal(text)) => Some(Piece::Literal(&**text)),
        Part::Piece(Piece::One) => Some(Piece::One),
        Part::Piece(Piece::Run) => Some(Piece::Run),
        Part::Variable(variable) => variable.value(context).map(Piece::Literal),
    };
    parts.iter().map(fill).collect()
}

impl Variable {
    /// The value in a request. A multivalued key cannot be a variable, not even by its default; nor can encryption
    /// context pairs that differ in case only. An empty value counts as none: the page speaks of keys without a value
    /// and does not tell the two apart.
    fn value<'a>(&'a self, context: &'a Context) -> Option<&'a str> {
        let mut values = context.get_all(&self.key);
        match (values.next(), values.next()) {
            (Some(ContextValue::One(value)), None) if !value.is_empty() => Some(value),
            (Some(ContextValue::One(_)), None) | (None, _) => self.default.as_deref(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        let mut context = Context::default();
        for (key, value) in
            [("aws:username", "alice"), ("aws:PrincipalTag/t", "a*"), ("aws:PrincipalTag/n", "")]
        {
            context.set(key, ContextValue::One(value.to_owned()));
        }
        context.set("aws:PrincipalTag/again", ContextValue::One("${aws:username}".to_owned()));
        context.set("aws:TagKeys", ContextValue::Many(vec!["x".to_owned()]));
        context
    }

    fn template(text: &str, wildcards: Wildcards, version: Version) -> Template {
        parts(text, wildcards, version).unwrap().into()
    }

    #[test]
    fn variables_stand_for_their_values() {
        for (value, text, expected) in [
            ("${aws:username}", "alice", true), // iam.variable.resource-expansion
            ("${AWS:UserName}", "alice", true), // iam.variable.key-case-insensitive
            ("x/${aws:username}/*", "x/alice/1", true), // iam.variable.resource-expansion
            ("x/${aws:username}/*", "x/bob/1", false), // iam.variable.resource-expansion
            ("${aws:PrincipalTag/t}", "a*", true), // iam.variable.value-wildcards-not-reinterpreted
            ("${aws:PrincipalTag/t}", "abc", false), // iam.variable.value-wildcards-not-reinterpreted
            ("${aws:PrincipalTag/again}", "alice", false), // iam.variable.no-recursive-expansion
            ("${aws:PrincipalTag/again}", "${aws:username}", true),
            ("${aws:PrincipalTag/x}", "", false), // iam.variable.missing.resource-never-matches
            ("${aws:PrincipalTag/x}", "${aws:PrincipalTag/x}", false),
            ("*${aws:PrincipalTag/x}", "anything", false),
            ("${aws:TagKeys}", "x", false), // iam.variable.single-valued-only
            ("${aws:TagKeys, 'd'}", "d", false),
            ("${aws:PrincipalTag/x, 'a b'}", "a b", true), // iam.variable.default-with-spaces
            ("${aws:PrincipalTag/x, '*'}", "ab", false),
            ("${aws:PrincipalTag/n, 'd'}", "d", true), // iam.variable.empty-string-value
            ("${aws:username, 'd'}", "alice", true),   // iam.variable.default-value
            ("${aws:username, 'd'}", "d", false),      // iam.variable.default-value
            ("a${*}", "a*", true),                     // iam.variable.escape-star
            ("a${*}", "ab", false),
            ("a${?}", "ab", false), // iam.variable.escape-question
            ("${$}5", "$5", true),  // iam.variable.escape-dollar
            ("${$}{aws:username}", "${aws:username}", true), // iam.variable.escape-dollar-brace
            ("$5", "$5", true),
        ] {
            let template = template(value, Wildcards::Match, Version::V2012);
            assert_eq!(template.matches(text, &context()), expected, "{value} on {text}");
        }
    }

    #[test]
    fn the_old_version_has_no_variables() {
        // iam.doc.version.2008-literal-variables, …-literal-escapes, …-wildcards-still-work
        for (value, text, expected) in [
            ("${aws:username}", "alice", false),
            ("${aws:username}", "${aws:username}", true),
            ("${*}", "*", false),
            ("${*}", "${ab}", true),
            ("${", "${", true),
        ] {
            let template = template(value, Wildcards::Match, Version::V2008);
            assert_eq!(template.matches(text, &context()), expected, "{value} on {text}");
        }
    }

    #[test]
    fn without_wildcards_stars_are_characters() {
        let star = template("a*", Wildcards::Literal, Version::V2012);
        assert!(star.matches("a*", &context()) && !star.matches("ab", &context()));
        let name = template("É-${aws:username}*", Wildcards::Literal, Version::V2012);
        assert!(name.equals_ignoring_case("é-ALICE*", &context()));
        assert!(!name.equals_ignoring_case("é-ALICEx", &context()));
    }

    #[test]
    fn malformed_variables_are_told() {
        for value in [
            "${}",
            "${aws:username",
            "${aws:Principal Tag/team}",
            "${aws:username, x}",
            "${aws:username, 'x}",
            "${aws:username,'x'}",
            "${aws:username, 'x' }",
            "${aws:${aws:username}}",
            "a${",
        ] {
            assert!(parts(value, Wildcards::Match, Version::V2012).is_err(), "{value}");
        }
    }
}
