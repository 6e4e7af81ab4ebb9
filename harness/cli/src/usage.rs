//! Decides how a wrong command line is told: options that exclude each other in two lines, all else as clap does.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The message for options that exclude each other; `None` for any other error. `given` are the words of the command
/// line: clap lists everything that an option excludes, and what was given of it is what there is to leave out.
pub fn conflict(error: &clap::Error, given: &[String]) -> Option<String> {
    if error.kind() != ErrorKind::ArgumentConflict {
        return None;
    }
    let names = |kind| match error.get(kind) {
        Some(ContextValue::String(name)) => vec![plain(name)],
        Some(ContextValue::Strings(names)) => names.iter().map(|name| plain(name)).collect(),
        _ => Vec::new(),
    };
    let is_given = |name: &&String| {
        let is_it = |word: &String| word.split('=').next() == Some(name.as_str());
        !name.starts_with("--") || given.iter().any(is_it)
    };
    let one = names(ContextKind::InvalidArg).into_iter().next()?;
    let others: Vec<_> =
        names(ContextKind::PriorArg).iter().filter(is_given).map(|name| format!("`{name}`")).collect();
    if others.is_empty() {
        return None;
    }
    Some(format!(
        "`{one}` cannot be used with {}\n  leave out one or the other; `--help` tells more",
        others.join(", ")
    ))
}

/// `--caller` of `--caller <CALLER>`, `FILE` of `[FILE]`.
fn plain(name: &str) -> String {
    let word = name.split(' ').next().unwrap_or(name);
    word.trim_matches(['[', ']', '<', '>', '.']).to_owned()
}
