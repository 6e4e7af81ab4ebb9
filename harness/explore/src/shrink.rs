//! Decides which question is the smallest that still shows what was found.
//!
//! One shrinker serves the findings of every source. It works on the JSON tree of a question with its documents open: it
//! removes layers, statements, members and list elements, replaces what is left by the simplest, and asks after each step
//! whether the finding is still there. A question whose condition keys follow from its facts keeps following from them,
//! and no question needs a feature that the first one did not need. The same question always shrinks the same way.

mod simplest;
mod text;
mod tree;

use std::collections::{BTreeSet, HashSet};

use kms_model::json::{Member, Node, Value};
use kms_model::question::Ask;
use kms_model::{Dialect, Feature, Question};

use simplest::Place;
use tree::Path;

/// As many evaluations as a finding is worth by default.
pub const BUDGET: usize = 20_000;
/// The most statements, policies and grants of which pairs are tried.
const PAIRED: usize = 24;

/// What shrinking came to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Shrunk {
    /// The smallest question found.
    pub question: Question,
    /// How often it was asked whether the finding is still there.
    pub evaluations: usize,
    /// Whether there was nothing left to try; otherwise the budget ended first.
    pub is_minimal: bool,
}

/// Makes a question smaller for as long as `shows` says that the finding is still there, `budget` times at most. `None` if it
/// is not there to begin with, or not at the end, as with an evaluator whose answers vary.
pub fn shrink(
    question: &Question,
    budget: usize,
    shows: &mut dyn FnMut(&Question) -> bool,
) -> Option<Shrunk> {
    if !shows(question) {
        return None;
    }
    let mut shrinker = Shrinker::new(question, budget, shows);
    shrinker.run();
    let smallest = shrinker.smallest.unwrap_or_else(|| question.clone());
    let (evaluations, is_minimal) = (shrinker.evaluations, shrinker.evaluations < budget);
    // What is kept is text: the finding must be there when it is read back.
    let read = Question::parse(&smallest.to_line()).ok()?;
    shows(&read).then_some(Shrunk { question: read, evaluations: evaluations + 2, is_minimal })
}

struct Shrinker<'a> {
    shows: &'a mut dyn FnMut(&Question) -> bool,
    root: Node,
    /// The question of the tree; `None` as long as nothing could be taken away.
    smallest: Option<Question>,
    derives: bool,
    allowed: BTreeSet<Feature>,
    dialect: Dialect,
    budget: usize,
    evaluations: usize,
    /// Trees that were tried in vain, by their fingerprints.
    tried: HashSet<u64>,
}

impl<'a> Shrinker<'a> {
    fn new(question: &Question, budget: usize, shows: &'a mut dyn FnMut(&Question) -> bool) -> Self {
        let mut shrinker = Self {
            shows,
            root: question.to_node(),
            smallest: None,
            derives: false,
            allowed: question.features(),
            dialect: question.dialect,
            budget,
            evaluations: 0,
            tried: HashSet::new(),
        };
        shrinker.open(question);
        shrinker
    }

    /// Lets the condition keys follow from the facts, and opens the documents that are text, where that changes nothing.
    fn open(&mut self, question: &Question) {
        if let Some(facts) = tree::without_derived(question) {
            self.root = facts.to_node();
            self.derives = true;
        } else if let Ask::Authorize(ask) = &question.ask
            && ask.authorizations.iter().all(|one| one.context.is_some())
        {
            let mut facts = question.clone();
            if let Ask::Authorize(ask) = &mut facts.ask {
                ask.authorizations.iter_mut().for_each(|one| one.context = None);
                ask.context_types.clear();
            }
            let whole = std::mem::replace(&mut self.root, facts.to_node());
            self.derives = true;
            if !self.holds() {
                (self.root, self.derives) = (whole, false);
            }
        }
        let mut texts = 0;
        tree::documents(&mut self.root, &mut |node| texts += usize::from(tree::opened(node).is_some()));
        // From the last: one that is opened no longer counts.
        for wanted in (0..texts).rev() {
            let before = self.root.clone();
            let mut index = 0;
            tree::documents(&mut self.root, &mut |node| {
                if let Some(open) = tree::opened(node) {
                    if index == wanted {
                        *node = open;
                    }
                    index += 1;
                }
            });
            if !self.holds() {
                self.root = before;
            }
        }
    }

    /// Goes through the tree until nothing more can be taken away.
    fn run(&mut self) {
        loop {
            let before = tree::fingerprint(&self.root);
            self.simplify(&mut Path::new(), "", false);
            self.prune(&mut Path::new());
            if tree::fingerprint(&self.root) == before {
                self.prune_pairs();
            }
            if tree::fingerprint(&self.root) == before || self.is_spent() {
                return;
            }
        }
    }

    fn is_spent(&self) -> bool {
        self.evaluations >= self.budget
    }

    /// Whether the tree is a question that still shows the finding.
    fn holds(&mut self) -> bool {
        if self.is_spent() || !self.tried.insert(tree::fingerprint(&self.root)) {
            return false;
        }
        let Some(question) = tree::closed(&self.root, self.derives) else { return false };
        let others = question.features_among(|feature| !self.allowed.contains(&feature));
        if !others.is_empty() {
            return false;
        }
        self.evaluations += 1;
        let holds = (self.shows)(&question);
        if holds {
            self.smallest = Some(question);
        }
        holds
    }

    /// Changes the value at a path, and takes the change back if it loses the finding.
    fn change(&mut self, path: &[usize], change: impl FnOnce(&mut Node)) -> bool {
        let Some(node) = tree::at_mut(&mut self.root, path) else { return false };
        let before = node.clone();
        change(node);
        let holds = self.holds();
        if !holds && let Some(node) = tree::at_mut(&mut self.root, path) {
            *node = before;
        }
        holds
    }

    /// Removes what can be removed below a path: whole layers before their parts, many elements before one.
    fn prune(&mut self, path: &mut Path) {
        let Some(node) = tree::at(&self.root, path) else { return };
        if let Some(exact) = node.as_str().filter(|exact| text::is_broken_document(exact)) {
            let exact = exact.to_owned();
            text::prune(&exact, &mut |shorter| self.change(path, |node| *node = shorter.into()));
            return;
        }
        let count = tree::len(node);
        let named = node.members().is_some();
        // The members of most objects have nothing to do with one another.
        let mut chunk = if named && count <= 8 { 1.min(count) } else { count };
        while chunk > 0 {
            let mut end = tree::at(&self.root, path).map_or(0, tree::len);
            while end > 0 && !self.is_spent() {
                let start = end.saturating_sub(chunk);
                let kept = tree::at(&self.root, path).is_none_or(|node| keeps(node, start..end));
                if !kept {
                    self.change(path, |node| remove(node, start..end));
                }
                end = start;
            }
            chunk /= 2;
        }
        for index in 0..tree::at(&self.root, path).map_or(0, tree::len) {
            path.push(index);
            self.prune(path);
            path.pop();
        }
    }

    /// Removes two statements, policies or grants that can only go together.
    fn prune_pairs(&mut self) {
        let mut places = Vec::new();
        elements(&self.root, &mut Path::new(), &mut places);
        if places.len() > PAIRED {
            return;
        }
        for second in (0..places.len()).rev() {
            for first in 0..second {
                let (Some(a), Some(b)) = (places.get(first), places.get(second)) else { continue };
                if b.starts_with(a) || self.is_spent() {
                    continue;
                }
                let before = self.root.clone();
                // The later one first: it does not move the other.
                for path in [b, a] {
                    if let Some((index, list)) = path.split_last()
                        && let Some(node) = tree::at_mut(&mut self.root, list)
                    {
                        remove(node, *index..*index + 1);
                    }
                }
                if self.holds() {
                    return;
                }
                self.root = before;
            }
        }
    }

    /// Replaces what can be replaced below a path by something simpler, whole documents before their parts.
    fn simplify(&mut self, path: &mut Path, member: &str, in_document: bool) {
        let action = self.action();
        let version = if self.dialect == Dialect::Ram { "1" } else { "2012-10-17" };
        let place = Place { member, in_document, version, action: action.as_deref() };
        let Some(node) = tree::at(&self.root, path) else { return };
        for simpler in simplest::replacements(node, place) {
            if self.change(path, |node| *node = simpler) {
                break;
            }
        }
        let Some(node) = tree::at(&self.root, path) else { return };
        let mut renamed = None;
        for (index, name, value) in simplest::renamings(node, place) {
            if renamed != Some(index) && self.change(path, |node| rename(node, index, name, value)) {
                renamed = Some(index);
            }
        }
        let Some(node) = tree::at(&self.root, path) else { return };
        let is_document = in_document || node.get("Statement").is_some();
        for index in 0..tree::len(node) {
            let node = tree::at(&self.root, path);
            let name = node.and_then(|node| node.members()?.get(index)).map(|member| member.name.clone());
            path.push(index);
            self.simplify(path, name.as_deref().unwrap_or(member), is_document);
            path.pop();
        }
    }

    /// The action that is asked for.
    fn action(&self) -> Option<String> {
        let authorization = self.root.get("authorizations")?.elements()?.first()?;
        authorization.get("action")?.as_str().map(str::to_owned)
    }
}

/// The places of all statements, policies, levels and grants.
fn elements(node: &Node, path: &mut Path, places: &mut Vec<Path>) {
    for index in 0..tree::len(node) {
        path.push(index);
        let Some(child) = tree::at(node, &[index]) else { continue };
        if node.elements().is_some() && !matches!(child.value, Value::String(_)) {
            places.push(path.clone());
        }
        elements(child, path, places);
        path.pop();
    }
}

/// Whether a member in the range belongs to what surrounds it: without it the question would be smaller, but speak of
/// nothing that exists, or of a language of another version.
fn keeps(node: &Node, range: std::ops::Range<usize>) -> bool {
    let Some(members) = node.members() else { return false };
    let kept = |member: &Member| match member.name.as_str() {
        "Version" => node.get("Statement").is_some(),
        "account" | "arn" | "service" => node.get("kind").is_some(),
        // Of a session, and of a grant.
        "issuer" => node.get("kind").is_some() || node.get("grantee").is_some(),
        "operation" | "source-ip" => true,
        "path" => node.get("id").is_some(),
        // Every key of AWS KMS has a key policy.
        "policy" => {
            let text = |name| node.get(name).and_then(Node::as_str).unwrap_or_default();
            text("type") == "kms:key" && text("arn").starts_with("arn:")
        }
        _ => false,
    };
    members.get(range).into_iter().flatten().any(kept)
}

fn remove(node: &mut Node, range: std::ops::Range<usize>) {
    match &mut node.value {
        Value::Array(elements) => drop(elements.drain(range)),
        Value::Object(members) => drop(members.drain(range)),
        _ => {}
    }
}

fn rename(node: &mut Node, index: usize, name: &str, value: Option<Node>) {
    if let Some(member) = tree::members_mut(node).and_then(|members| members.get_mut(index)) {
        name.clone_into(&mut member.name);
        if let Some(value) = value {
            member.node = value;
        }
    }
}
