//! Decides what a merged world holds under a name: what both dialects have alike, and below what each has.

mod aws;
mod ram;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use kms_model::json::{Node, Span, Value};
use kms_model::question::{Attached, Caller, Endpoint, Organization, Resource};
use kms_model::shape::Problem;
use kms_model::{Dialect, Document};

use super::suite::text;

/// The named policies that `{ "use": … }` reaches and the folder that `{ "file": … }` reaches.
pub struct Library<'a> {
    /// The suite's own policies.
    pub suite: Option<&'a Node>,
    /// The fixtures' policies.
    pub fixtures: Option<&'a Node>,
    /// The folder of the suite.
    pub folder: Option<&'a Path>,
    /// The documents so far, by their text: checks that have the same one share its parsed form.
    pub documents: RefCell<HashMap<String, Document>>,
}

impl Library<'_> {
    fn shared(&self, document: Document) -> Document {
        let mut documents = self.documents.borrow_mut();
        documents.entry(document.text().to_owned()).or_insert(document).clone()
    }
}

/// A merged world and the problems found while looking things up in it.
pub struct World<'a> {
    pub dialect: Dialect,
    pub node: &'a Node,
    pub library: &'a Library<'a>,
    pub problems: Vec<Problem>,
}

/// A place in the world: what a check is about.
pub type Found<T> = Option<T>;

impl<'a> World<'a> {
    fn problem<T>(&mut self, span: Span, message: impl Into<String>) -> Found<T> {
        self.problems.push(Problem::new(span, message));
        None
    }

    /// The Region of the request.
    pub fn region(&self) -> String {
        text(self.node, "region").unwrap_or_else(|| "us-west-2".to_owned())
    }

    /// The time of the request.
    pub fn time(&self) -> String {
        text(self.node, "time").unwrap_or_default()
    }

    /// The thing of that kind and name.
    pub fn thing(&self, kind: &str, name: &str) -> Found<&'a Node> {
        self.node.get(kind)?.get(name)
    }

    fn account_name(node: &Node) -> String {
        text(node, "account").unwrap_or_else(|| "A".to_owned())
    }

    /// The id of the account of that name.
    pub fn account_id(&mut self, name: &str, span: Span) -> Found<String> {
        match self.thing("accounts", name).and_then(|account| text(account, "id")) {
            Some(id) => Some(id),
            None => self.problem(span, format!("no account `{name}` with an `id` in this world")),
        }
    }

    /// The document at a policy position.
    pub fn document(&mut self, node: &Node) -> Found<Document> {
        let only = match node.members() {
            Some([member]) => Some((member.name.as_str(), &member.node)),
            _ => None,
        };
        match only {
            Some(("use", name)) => {
                let wanted = name.as_str().unwrap_or_default();
                let named = [self.library.suite, self.library.fixtures].into_iter().flatten();
                match named.filter_map(|policies| policies.get(wanted)).next() {
                    Some(found) => self.document(&found.clone()),
                    None => self.problem(
                        name.span,
                        format!("no policy named `{wanted}` in this suite or the fixtures"),
                    ),
                }
            }
            Some(("file", name)) => {
                let wanted = name.as_str().unwrap_or_default();
                let Some(folder) = self.library.folder else {
                    return self
                        .problem(name.span, "a suite of the built-in catalogue cannot refer to a file");
                };
                let path = folder.join(wanted);
                match std::fs::read(&path).map(String::from_utf8) {
                    Ok(Ok(text)) => Some(Document::new(text)),
                    Ok(Err(_)) => self.problem(name.span, format!("`{wanted}` is not UTF-8 text")),
                    Err(error) => self.problem(name.span, format!("`{wanted}` cannot be read: {error}")),
                }
            }
            _ => match Document::from_node(node) {
                Some(document) => Some(self.library.shared(document)),
                None => self.problem(node.span, "a policy must be an object or a string"),
            },
        }
    }

    fn documents(&mut self, node: &Node, name: &str) -> Vec<Document> {
        let elements = node.get(name).and_then(Node::elements).unwrap_or_default();
        elements.iter().filter_map(|element| self.document(element)).collect()
    }

    fn levels(&mut self, account: &str, name: &str) -> Option<Vec<Vec<Document>>> {
        let levels = self.thing("accounts", account)?.get(name)?;
        let level = |level: &Node| {
            level.elements().unwrap_or_default().iter().filter_map(|node| self.document(node)).collect()
        };
        Some(levels.elements().unwrap_or_default().iter().map(level).collect())
    }

    fn organization(&self, account: &str) -> Option<Organization> {
        let account = self.thing("accounts", account)?;
        let node = account.get("organization").or_else(|| account.get("directory"))?;
        let management = node.get("management").and_then(Node::as_bool).unwrap_or(false);
        Some(Organization::new(text(node, "id")?, text(node, "path").unwrap_or_default(), management))
    }

    /// The caller that a check names.
    pub fn caller(&mut self, name: &str, span: Span) -> Found<Caller> {
        match self.dialect {
            Dialect::Ram => self.ram_caller(name, span),
            _ => self.aws_caller(name, span),
        }
    }

    /// The key of that name as a resource, and its Region.
    pub fn key(&mut self, name: &str, span: Span) -> Found<(Resource, String)> {
        match self.dialect {
            Dialect::Ram => self.ram_key(name, span),
            _ => self.aws_key(name, span),
        }
    }

    /// Whether there is a key of that name.
    pub fn has_key(&self, name: &str) -> bool {
        self.thing("keys", name).is_some()
    }

    /// The names of all keys.
    pub fn key_names(&self) -> Vec<String> {
        let keys = self.node.get("keys").and_then(Node::members).unwrap_or_default();
        keys.iter().map(|key| key.name.clone()).collect()
    }

    /// The name of the account of that id; empty if there is none.
    pub fn account_of_id(&self, id: &str) -> String {
        let accounts = self.node.get("accounts").and_then(Node::members).unwrap_or_default();
        let of_id = |account: &&kms_model::json::Member| text(&account.node, "id").as_deref() == Some(id);
        accounts.iter().find(of_id).map(|account| account.name.clone()).unwrap_or_default()
    }

    fn attached(&mut self, node: &Node, from: &str) -> Vec<Attached> {
        self.documents(node, "policies").into_iter().map(|document| Attached::new(from, document)).collect()
    }

    /// The name of the key that an alias stands for.
    pub fn key_of_alias(&self, alias: &str) -> Option<String> {
        text(self.thing("aliases", alias)?, "key")
    }

    fn aliases_of(&self, key: &str) -> Vec<String> {
        let aliases = self.node.get("aliases").and_then(Node::members).unwrap_or_default();
        let of_key = |alias: &&kms_model::json::Member| text(&alias.node, "key").as_deref() == Some(key);
        aliases.iter().filter(of_key).map(|alias| alias.name.clone()).collect()
    }

    /// What a resource has from the account that owns it.
    pub fn owned(&mut self, resource: &mut Resource, account: &str, id: String) {
        resource.account = id;
        resource.rcps = self.levels(account, "rcps");
        resource.control_policies = self.levels(account, "control-policies");
        resource.organization = self.organization(account);
    }

    /// The resource of another service of that name.
    pub fn resource(&mut self, name: &str, span: Span) -> Found<Resource> {
        let Some(node) = self.thing("resources", name) else {
            return self.problem(span, format!("no resource `{name}` in this world"));
        };
        let account = Self::account_name(node);
        let owner = self.account_id(&account, span)?;
        let mut resource = Resource::default();
        resource.arn = text(node, "arn").unwrap_or_default();
        resource.kind = text(node, "type").unwrap_or_default();
        resource.policy = node.get("policy").and_then(|node| self.document(node));
        resource.tags = tags(node);
        resource.resource_group = text(node, "resource-group");
        self.owned(&mut resource, &account, owner);
        Some(resource)
    }

    /// The endpoint of that name.
    pub fn endpoint(&mut self, name: &str, span: Span) -> Found<Endpoint> {
        let Some(node) = self.thing("endpoints", name) else {
            return self
                .problem(span, format!("`{name}` is neither an IP address nor an endpoint of this world"));
        };
        let mut endpoint = Endpoint::default();
        endpoint.id = text(node, "id").unwrap_or_default();
        endpoint.vpc = text(node, "vpc").unwrap_or_default();
        endpoint.policy = node.get("policy").and_then(|node| self.document(node));
        if endpoint.id.is_empty() || endpoint.vpc.is_empty() {
            return self.problem(span, format!("endpoint `{name}` needs `id` and `vpc`"));
        }
        Some(endpoint)
    }
}

fn tags(node: &Node) -> BTreeMap<String, String> {
    let members = node.get("tags").and_then(Node::members).unwrap_or_default();
    members.iter().filter_map(|tag| Some((tag.name.clone(), tag.node.as_str()?.to_owned()))).collect()
}

/// An object without members.
pub fn empty() -> Node {
    Value::Object(Vec::new()).into()
}
