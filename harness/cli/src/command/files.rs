//! Decides how JSON files of the command line are read, and how a part of a question that came from one is named.

use std::path::Path;

use kms_conformance::model::json::{Limits, Node, Position, parse_bytes};

/// A JSON text and where it came from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path, or the option.
    pub shown: String,
    /// The exact text.
    pub text: String,
    /// What it says.
    pub node: Node,
}

impl Source {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read or is no JSON: one line with the place.
    pub fn file(path: &Path) -> Result<Self, String> {
        let shown = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| format!("{shown}: {error}"))?;
        Self::new(&shown, &bytes)
    }

    /// Reads a text; `shown` says where it came from.
    ///
    /// # Errors
    /// When it is no JSON: one line with the place.
    pub fn new(shown: &str, bytes: &[u8]) -> Result<Self, String> {
        match parse_bytes(bytes, Limits::default()) {
            Ok((text, node)) => Ok(Self { shown: shown.to_owned(), text: text.to_owned(), node }),
            Err(error) => {
                let at = Position::of(&String::from_utf8_lossy(bytes), error.offset);
                Err(format!("{shown}:{at}: {}", error.message))
            }
        }
    }

    /// A place in it with what is there to say.
    pub fn at(&self, offset: usize, message: &str) -> String {
        format!("{}:{}: {message}", self.shown, Position::of(&self.text, offset))
    }

    /// The statement of that index, for a policy.
    pub fn statement(&self, index: usize) -> Option<&Node> {
        let statements = self.node.get("Statement")?;
        statements.elements().unwrap_or(std::slice::from_ref(statements)).get(index)
    }
}

/// The parts of a question that came from files, by JSON pointer.
#[derive(Debug, Default)]
pub struct Files(Vec<(String, Source)>);

impl Files {
    /// Says that the part at `pointer` came from `source`. Where all authorizations of a question have a part of their
    /// resource from one file, they are left out of the pointer: `/resource/policy`.
    pub fn insert(&mut self, pointer: impl Into<String>, source: Source) {
        self.0.push((pointer.into(), source));
    }

    /// The file that the part at `pointer` came from.
    pub fn get(&self, pointer: &str) -> Option<&Source> {
        let authorization = pointer.strip_prefix("/authorizations/").and_then(|rest| rest.find('/'));
        let start = authorization.map_or(0, |at| "/authorizations/".len() + at);
        let wanted = pointer.get(start..)?;
        self.0.iter().find(|(known, _)| known == wanted || known == pointer).map(|(_, source)| source)
    }

    /// What people call the part at `pointer`: its file, or the pointer itself.
    pub fn name<'a>(&'a self, pointer: &'a str) -> &'a str {
        self.get(pointer).map_or(pointer, |source| &source.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_resource_is_found_under_every_authorization_or_one() {
        let mut files = Files::default();
        files.insert("/resource/policy", Source::new("key.json", b"{}").unwrap());
        files.insert("/authorizations/1/resource/rcps/0/0", Source::new("rcp.json", b"{}").unwrap());
        files.insert("/caller/policies/0", Source::new("alice.json", b"{}").unwrap());
        for (pointer, name) in [
            ("/authorizations/0/resource/policy", "key.json"),
            ("/authorizations/12/resource/policy", "key.json"),
            ("/caller/policies/0", "alice.json"),
            ("/caller/policies/1", "/caller/policies/1"),
            ("/authorizations/0", "/authorizations/0"),
            ("/authorizations/1/resource/rcps/0/0", "rcp.json"),
            ("/authorizations/0/resource/rcps/0/0", "/authorizations/0/resource/rcps/0/0"),
        ] {
            assert_eq!(files.name(pointer), name);
        }
    }

    #[test]
    fn one_statement_need_not_stand_in_a_list() {
        let statements = |text: &str| {
            let source = Source::new("p", text.as_bytes()).unwrap();
            (0..3).filter(|index| source.statement(*index).is_some()).count()
        };
        assert_eq!(statements(r#"{"Statement":{"Sid":"a"}}"#), 1);
        assert_eq!(statements(r#"{"Statement":[{"Sid":"a"},{"Sid":"b"}]}"#), 2);
        assert_eq!(statements(r#"{}"#), 0);
    }
}
