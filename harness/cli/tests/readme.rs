//! The README's examples do what it says. `BLESS=1` writes what they print now into it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn readme() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")
}

/// The fenced blocks: language and text.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let body: String =
                lines.by_ref().take_while(|line| *line != "```").map(|l| format!("{l}\n")).collect();
            blocks.push((language.to_owned(), body));
        }
    }
    blocks
}

fn block(text: &str, language: &str) -> String {
    let found = blocks(text).into_iter().find(|(found, _)| found == language);
    found.unwrap_or_else(|| panic!("no block of {language} in the README")).1
}

/// The files that the README has people save: the path that the text before a block names, and the block.
fn files(text: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for part in text.split("ave this as").skip(1) {
        let path = part.split('`').nth(1).unwrap().to_owned();
        files.push((path, blocks(part).swap_remove(0).1));
    }
    files
}

/// The words of a command line, with single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        match index % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

/// What a command of the README prints, run in the folder that the README's files were saved in.
fn printed(command: &str, folder: &Path) -> String {
    let arguments = words(command.strip_prefix("$ cargo conformance ").unwrap());
    let output = Command::new(env!("CARGO_BIN_EXE_kms-conformance"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn commands_print_what_the_readme_shows() {
    let text = fs::read_to_string(readme()).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    for (path, content) in files(&text) {
        fs::create_dir_all(folder.join(&path).parent().unwrap()).unwrap();
        fs::write(folder.join(&path), content).unwrap();
    }
    let mut blessed = text.clone();
    let mut tried = 0;
    for (_, body) in blocks(&text).iter().filter(|(language, _)| language == "console") {
        let mut lines = body.lines();
        let command = lines.next().unwrap();
        let shown: String = lines.map(|line| format!("{line}\n")).collect();
        if shown.starts_with("$ ") {
            // The two commands for the whole: the tests of the command and of the workspace are these.
            continue;
        }
        tried += 1;
        let printed = printed(command, &folder);
        blessed = blessed.replacen(&format!("{command}\n{shown}"), &format!("{command}\n{printed}"), 1);
        if std::env::var_os("BLESS").is_none() {
            assert!(shown == printed, "{command} prints\n{printed}\nBLESS=1 writes it into the README");
        }
    }
    assert_eq!(tried, 8);
    if blessed != text {
        fs::write(readme(), blessed).expect("the README can be written");
    }
}

#[test]
fn the_trait_example_is_the_one_that_is_compiled() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/examples/evaluator.rs");
    let compiled = fs::read_to_string(file).unwrap();
    let text = fs::read_to_string(readme()).unwrap();
    if std::env::var_os("BLESS").is_some() {
        let shown = block(&text, "rust");
        fs::write(readme(), text.replacen(&format!("```rust\n{shown}"), &format!("```rust\n{compiled}"), 1))
            .unwrap();
    } else {
        assert_eq!(block(&text, "rust"), compiled);
    }
}
