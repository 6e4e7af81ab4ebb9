//! Decides how a folder of adapters says which evaluators by others it drives, and how each is installed.

use kms_model::json::Node;
use kms_model::shape::{Object, Problem, Shape, optional, required};

/// An adapter: a program that speaks the protocol for an evaluator that does not.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Adapter {
    /// A short name.
    pub name: String,
    /// The package that decides.
    pub evaluates: String,
    /// Its version, pinned.
    pub version: String,
    /// The language that it is written in.
    pub language: String,
    /// Its licence, an SPDX expression.
    pub licence: String,
    /// The command that starts the adapter, in the root of the repository.
    pub command: String,
    /// The command that installs the package, in the root of the repository.
    pub install: String,
    /// A path that is there once it is installed, from the folder of the adapter.
    pub installed: String,
    /// The file of its known differences, from the folder of the adapter.
    pub known: Option<String>,
}

impl Adapter {
    /// Reads the file `adapters.json` of a folder.
    ///
    /// # Errors
    /// Every place where the value departs from [`ADAPTERS`].
    pub fn read_all(node: &Node) -> Result<Vec<Self>, Vec<Problem>> {
        let mut problems = Vec::new();
        ADAPTERS.check(node, "", &mut problems);
        if problems.is_empty() {
            Ok(node.elements().unwrap_or_default().iter().map(Self::of).collect())
        } else {
            Err(problems)
        }
    }

    fn of(node: &Node) -> Self {
        let text = |name: &str| node.get(name).and_then(Node::as_str).unwrap_or_default().to_owned();
        Self {
            name: text("name"),
            evaluates: text("evaluates"),
            version: text("version"),
            language: text("language"),
            licence: text("licence"),
            command: text("command"),
            install: text("install"),
            installed: text("installed"),
            known: node.get("known").and_then(Node::as_str).map(str::to_owned),
        }
    }
}

/// The form of `adapters.json`.
pub const ADAPTERS: Shape = Shape::List(&Shape::Object(&ADAPTER));

static ADAPTER: Object = Object {
    name: "adapter",
    about: "A program that speaks the protocol for an evaluator that does not.",
    members: &[
        required("name", Shape::Text, "A short name."),
        required("evaluates", Shape::Text, "The package that decides."),
        required("version", Shape::Text, "Its version, pinned."),
        required("language", Shape::Text, "The language that it is written in."),
        required("licence", Shape::Text, "Its licence, an SPDX expression."),
        required("command", Shape::Text, "Starts the adapter, in the root of the repository."),
        required("install", Shape::Text, "Installs the package, in the root of the repository."),
        required("installed", Shape::Text, "A path that is there once it is installed, from this folder."),
        optional(
            "known",
            Shape::Text,
            "The file of its known differences, from this folder: `known/NAME.json`.",
        ),
    ],
    open: false,
};

/// The form of `evaluators --format json`.
pub const EVALUATORS: Shape = Shape::List(&Shape::Object(&EVALUATOR));

static EVALUATOR: Object = Object {
    name: "evaluator",
    about: "An adapter and whether it can run here.",
    members: &[
        required("name", Shape::Text, "A short name."),
        required("evaluates", Shape::Text, "The package that decides."),
        required("version", Shape::Text, "Its version, pinned."),
        required("language", Shape::Text, "The language that it is written in."),
        required("licence", Shape::Text, "Its licence, an SPDX expression."),
        required("state", Shape::Text, "`installed`, `not installed`, or `lacks` a program."),
        required("command", Shape::Text, "Starts the adapter, in the root of the repository."),
        required("install", Shape::Text, "Installs the package, in the root of the repository."),
        required(
            "known",
            Shape::Either(&[Shape::Text, Shape::Null]),
            "The file of its known differences, from the root of the repository.",
        ),
    ],
    open: false,
};
