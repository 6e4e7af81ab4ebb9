//! Decides how the values of a text are kept without being copied out of it: one flat list of where each stands.

use std::borrow::Cow;

use super::parse::unescape;
use super::{Json, Kind, Limits, Name, Span, SyntaxError};

/// A text that is JSON, and where its values stand.
#[derive(Debug)]
pub(crate) struct Tape<'a> {
    text: &'a str,
    /// Each value before what it holds; an object holds its names and values in turn. Never empty.
    tokens: Vec<Token>,
}

/// A value or a member's name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Whether it is a string with an escape in it.
    pub(super) escaped: bool,
    pub(super) span: Span,
    /// How many tokens what it holds takes, which come next.
    pub(super) inner: usize,
}

/// A value in its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slice<'a> {
    text: &'a str,
    token: &'a Token,
    inner: &'a [Token],
}

impl<'a> Tape<'a> {
    /// Reads a text that holds one JSON value.
    ///
    /// # Errors
    /// Those of [`parse`](super::parse()).
    pub(crate) fn read(text: &'a str, limits: Limits) -> Result<Self, SyntaxError> {
        Ok(Self { text, tokens: super::parse::tokens(text, limits)? })
    }

    /// The value that the text holds.
    pub(crate) fn root(&self) -> Slice<'_> {
        const NULL: Token =
            Token { kind: Kind::Null, escaped: false, span: Span { start: 0, end: 0 }, inner: 0 };
        // INVARIANT: a text that was read holds a value.
        let (token, inner) = self.tokens.split_first().unwrap_or((&NULL, &[]));
        Slice { text: self.text, token, inner }
    }
}

/// Values side by side.
#[derive(Clone, Copy, Debug)]
struct Tokens<'a> {
    text: &'a str,
    rest: &'a [Token],
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Slice<'a>;

    #[inline]
    fn next(&mut self) -> Option<Slice<'a>> {
        let (token, after) = self.rest.split_first()?;
        let (inner, rest) = after.split_at_checked(token.inner)?;
        self.rest = rest;
        Some(Slice { text: self.text, token, inner })
    }
}

impl<'a> Slice<'a> {
    fn only_if(self, kind: Kind) -> Tokens<'a> {
        let rest = if self.token.kind == kind { self.inner } else { &[] };
        Tokens { text: self.text, rest }
    }
}

impl<'a> Json<'a> for Slice<'a> {
    fn span(self) -> Span {
        self.token.span
    }

    fn kind(self) -> Kind {
        self.token.kind
    }

    #[inline]
    fn text(self) -> Option<Cow<'a, str>> {
        let Token { kind: Kind::String, escaped, span, .. } = *self.token else { return None };
        let inner = self.text.get(span.start + 1..span.end - 1).unwrap_or_default();
        Some(if escaped { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) })
    }

    fn source(self) -> Cow<'a, str> {
        Cow::Borrowed(self.text.get(self.token.span.start..self.token.span.end).unwrap_or_default())
    }

    fn elements(self) -> impl Iterator<Item = Self> {
        self.only_if(Kind::Array)
    }

    #[inline]
    fn members(self) -> impl Iterator<Item = (Name<'a>, Self)> {
        let mut inner = self.only_if(Kind::Object);
        std::iter::from_fn(move || {
            let (name, value) = (inner.next()?, inner.next()?);
            Some((Name { text: name.text()?, span: name.span() }, value))
        })
    }
}
