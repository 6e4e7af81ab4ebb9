//! Every fuzz target keeps up with the code: its body holds for everything in `corpus/`, for the same with bytes changed,
//! and for seeded bytes.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use kms_conformance::Catalogue;
use kms_explore::targets::{self, Afresh, Ours, Seeds, TARGETS, seeds};
use kms_explore::{Choices, Random, Settings};
use kms_model::{Dialect, Evaluator, Feature, Question};
use kms_reference::Reference;

/// Rounds of changed and of seeded bytes for each target.
const ROUNDS: usize = 150;

/// What the rounds begin with.
const SEED: u64 = 20_260_115;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The questions of the corpus, findings among them, by the name of their file.
fn corpus() -> BTreeMap<String, Question> {
    fn walk(folder: &Path, found: &mut BTreeMap<String, Question>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                let text = fs::read_to_string(&path).unwrap();
                let questions = targets::kept(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
                for (at, question) in questions.into_iter().enumerate() {
                    found.insert(format!("{name} {at}"), question);
                }
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&root().join("corpus"), &mut found);
    found
}

type Body = Box<dyn FnMut(&[u8]) -> Result<(), String>>;

/// The body of each target of `fuzz/`, with the reference as the evaluator.
fn bodies() -> BTreeMap<&'static str, Body> {
    let settings = Rc::new(Settings::default());
    let reference = Rc::new(RefCell::new(Reference::new()));
    let mut bodies: BTreeMap<&'static str, Body> = BTreeMap::new();
    bodies.insert("document_aws", Box::new(|bytes| targets::document(Dialect::Aws, bytes, &Ours)));
    bodies.insert("document_ram", Box::new(|bytes| targets::document(Dialect::Ram, bytes, &Ours)));
    bodies.insert("protocol", Box::new(|bytes| targets::protocol(bytes, &Ours)));
    for (target, dialect) in [("relations_aws", Dialect::Aws), ("relations_ram", Dialect::Ram)] {
        let (own, asked) = (Rc::clone(&settings), Rc::clone(&reference));
        let body = move |bytes: &[u8]| targets::relations(dialect, bytes, &own, &mut *asked.borrow_mut());
        bodies.insert(target, Box::new(body));
    }
    let own = Rc::clone(&settings);
    let mut both: [Box<dyn Evaluator>; 2] =
        [Box::new(Reference::new()), Box::new(Afresh::new(Reference::new()))];
    bodies.insert("differential", Box::new(move |bytes| targets::differential(bytes, &own, &mut both)));
    let own = Rc::clone(&settings);
    bodies.insert("question", Box::new(move |bytes| targets::question(bytes, &own, &Ours)));
    bodies.insert("suite", Box::new(|bytes| targets::suite(bytes, &mut load, &Ours)));
    let (own, asked) = (Rc::clone(&settings), Rc::clone(&reference));
    bodies
        .insert("validate", Box::new(move |bytes| targets::validate(bytes, &own, &mut *asked.borrow_mut())));
    bodies
}

fn load(text: &str) -> Result<Vec<Question>, String> {
    match Catalogue::from_text("aws/fuzz/suite.json", text) {
        Ok(catalogue) => Ok(catalogue.checks().iter().map(|check| check.question.clone()).collect()),
        Err(problems) => Err(problems.to_string()),
    }
}

/// A suite that loads: questions give no seeds to its target.
const SUITE: &str = r#"{"title":"t","cases":[{"name":"c","world":{"keys":{"K":{"policy":{"Version":"2012-10-17",
"Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}}}}},"checks":[{"name":"one",
"caller":"alice","operation":"Decrypt","on":"K","expect":"allow"}]}]}"#;

/// What the corpus gives to a target.
fn seeds_of(kind: Seeds, corpus: &BTreeMap<String, Question>) -> Vec<String> {
    match kind {
        Seeds::Suites => vec![SUITE.to_owned()],
        kind => corpus.values().flat_map(|question| seeds(kind, question)).collect(),
    }
}

/// A text with up to four places changed: a byte replaced, a part removed, repeated or taken from another text.
fn changed(text: &str, other: &str, choices: &mut dyn Choices) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=choices.below(4) {
        let from = choices.below(bytes.len() + 1);
        let to = (from + choices.below(12)).min(bytes.len());
        let filling: Vec<u8> = match choices.below(4) {
            0 => vec![u8::try_from(choices.below(256)).unwrap()],
            1 => Vec::new(),
            2 => bytes.get(from..to).unwrap_or_default().repeat(2),
            _ => {
                let from = choices.below(other.len() + 1);
                other.bytes().skip(from).take(choices.below(40)).collect()
            }
        };
        bytes.splice(from..to, filling);
    }
    bytes
}

#[test]
fn every_body_holds_for_the_corpus() {
    let corpus = corpus();
    let mut bodies = bodies();
    for (target, kind) in TARGETS {
        let body = bodies.get_mut(target).unwrap();
        let seeds = seeds_of(*kind, &corpus);
        assert!(!seeds.is_empty(), "{target} has no seeds");
        for seed in seeds {
            body(seed.as_bytes()).unwrap_or_else(|why| panic!("{target}: {why}\n{seed}"));
        }
    }
}

#[test]
fn the_reference_keeps_every_relation_on_the_corpus() {
    let mut reference = Reference::new();
    for (name, question) in corpus() {
        let broken = targets::broken(&question, &mut reference, 4);
        assert!(broken.is_empty(), "{name}: {}", broken[0]);
    }
}

#[test]
fn every_body_holds_for_changed_seeds_and_for_seeded_bytes() {
    let corpus = corpus();
    let mut bodies = bodies();
    for (target, kind) in TARGETS {
        let body = bodies.get_mut(target).unwrap();
        let seeds = seeds_of(*kind, &corpus);
        let mut random = Random::new(SEED);
        for _ in 0..ROUNDS {
            let choices: &mut dyn Choices = &mut random;
            let text = choices.pick(&seeds).unwrap().clone();
            let other = choices.pick(&seeds).unwrap().clone();
            let length = choices.below(600);
            let noise = (0..length).map(|_| u8::try_from(choices.below(256)).unwrap()).collect();
            for bytes in [changed(&text, &other, choices), noise] {
                let shown = String::from_utf8_lossy(&bytes);
                body(&bytes).unwrap_or_else(|why| panic!("{target}, seed {SEED}: {why}\n{shown}"));
            }
        }
    }
}

#[test]
fn the_corpus_needs_every_feature_and_both_dialects_have_seeds() {
    let corpus = corpus();
    let needed: BTreeSet<_> = corpus.values().flat_map(Question::features).collect();
    let all: BTreeSet<_> = Feature::ALL.iter().copied().collect();
    assert_eq!(all.difference(&needed).collect::<Vec<_>>(), Vec::<&Feature>::new());
    for dialect in [Dialect::Aws, Dialect::Ram] {
        assert!(corpus.values().filter(|question| question.dialect == dialect).count() >= 20);
    }
}

#[test]
fn every_target_has_a_body_and_its_glue_is_short() {
    let names: BTreeSet<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names, bodies().keys().map(|name| (*name).to_owned()).collect());
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(root().join("fuzz/fuzz_targets")).unwrap() {
        let path = entry.unwrap().path();
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 40, "{} has {lines} lines", path.display());
        files.insert(path.file_stem().unwrap().to_str().unwrap().to_owned());
    }
    assert_eq!(files, names);
}

#[test]
fn the_dictionary_is_one_that_a_fuzzer_reads() {
    let text = fs::read_to_string(root().join("fuzz/kms.dict")).unwrap();
    let mut entries = BTreeSet::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let word = line.strip_prefix('"').and_then(|line| line.strip_suffix('"'));
        let word = word.unwrap_or_else(|| panic!("not in quotes: {line}"));
        let plain = word.replace(r#"\""#, "").replace(r"\\", "");
        assert!(!word.is_empty() && plain.is_ascii() && !plain.contains(['"', '\\']), "{line}");
        assert!(entries.insert(line), "twice: {line}");
    }
    for word in ["NotPrincipal", "ForAllValues:", "IfExists", "${aws:username}", "acs:kms", "kms:ViaService"]
    {
        assert!(entries.iter().any(|entry| entry.contains(word)), "no `{word}`");
    }
}
