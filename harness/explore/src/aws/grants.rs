//! Decides which grants are on the keys of a generated question of the AWS dialect, and what requests to make grants say.

use kms_model::json::{Node, Value};
use kms_model::question::Grant;

use super::actions::OPERATIONS;
use super::names::{Person, SESSIONS, USERS};
use super::world::{Wish, World};

/// An object of JSON.
pub fn object(members: Vec<(&'static str, Node)>) -> Node {
    members.into_iter().collect()
}

impl World<'_> {
    /// A grant on the key of the target at that place, made for the request with that chance in a hundred.
    pub fn grant(&mut self, target: usize, hit: usize) -> Grant {
        let weights = &self.settings.weights;
        let mut grant = Grant::default();
        grant.id = if self.chance(80) { "g1" } else { "g2" }.to_owned();
        grant.grantee = self.grantee(hit).to_owned();
        let action = self.targets.get(target).map(|target| target.action.name.as_str());
        let operation = action.and_then(|name| name.strip_prefix("kms:")).unwrap_or("Decrypt");
        let shorter = self.operation_that_begins(operation).filter(|_| self.chance(15));
        if let Some(shorter) = shorter {
            grant.operations.push(shorter.to_owned());
        } else if self.chance(hit) {
            grant.operations.push(operation.to_owned());
        }
        while grant.operations.is_empty() || self.chance(weights.another_value) {
            let other =
                self.choices.pick(&["Decrypt", "Encrypt", "CreateGrant", "RetireGrant", "GenerateDataKey"]);
            match other.filter(|other| !grant.operations.iter().any(|known| known == *other)) {
                Some(other) => grant.operations.push((*other).to_owned()),
                None => break,
            }
        }
        if grant.operations.is_empty() {
            grant.operations.push("Verify".to_owned());
        }
        if operation == "CreateGrant"
            && self.chance(80)
            && !grant.operations.iter().any(|one| one == "Decrypt")
        {
            grant.operations.push("Decrypt".to_owned());
        }
        let retires = operation == "RetireGrant";
        if retires || self.chance(20) {
            grant.retiring = Some(self.grantee(hit).to_owned());
        }
        if self.chance(30) || retires {
            let owner = self.targets.get(target).map_or("", |target| target.thing.account);
            let other = if retires && self.chance(80) { self.caller.account } else { super::names::B };
            grant.issuer = Some(if self.chance(50) { owner } else { other }.to_owned());
        }
        if self.chance(weights.constraint) {
            grant.constraints = self.constraints();
        }
        grant
    }

    /// An operation that can be granted and begins the name of another.
    fn operation_that_begins(&mut self, operation: &str) -> Option<&'static str> {
        let begins = |name: &&'static str| operation.starts_with(name) && operation != *name;
        OPERATIONS.iter().filter(|one| one.known.grantable).map(|one| one.known.name).find(begins)
    }

    /// Constraints of a grant; the request is mostly made to meet them.
    fn constraints(&mut self) -> Option<Node> {
        const PAIRS: &[(&str, &str, &str)] = &[
            ("kms:EncryptionContext:Department", "Department", "Finance"),
            ("kms:EncryptionContext:Department", "Department", "Research"),
            ("kms:EncryptionContext:Purpose", "Purpose", "Research"),
        ];
        let mut members = Vec::with_capacity(1);
        if !self.chance(15) {
            let kind = if self.chance(50) { "EncryptionContextEquals" } else { "EncryptionContextSubset" };
            let (name, pair, value) = *self.pick(PAIRS)?;
            let met = self.chance(self.settings.weights.met);
            if met {
                self.wishes.push(Wish { key: "kms:EncryptionContext:*", name, value: Some(value) });
            }
            members.push((kind, object(vec![(pair, value.into())])));
        }
        if members.is_empty() || self.chance(10) {
            let arn = "arn:aws:s3:::bucket";
            members.push(("SourceArn", arn.into()));
            self.wishes.push(Wish { key: "aws:SourceArn", name: "aws:SourceArn", value: Some(arn) });
        }
        Some(object(members))
    }

    /// Whom a grant names.
    fn grantee(&mut self, hit: usize) -> &'static str {
        let caller = self.caller;
        let person: &'static Person = match self.chance(hit) {
            true => caller,
            false => {
                let people = if self.chance(50) { USERS } else { SESSIONS };
                self.pick(people).unwrap_or(caller)
            }
        };
        if !person.service.is_empty() {
            return person.service;
        }
        let name = match self.choices.weighted(&[50, if person.issuer.is_empty() { 0 } else { 40 }, 10]) {
            0 => person.arn,
            1 => person.issuer,
            _ => person.account_arn(),
        };
        if name.is_empty() { "arn:aws:iam::111122223333:role/App" } else { name }
    }

    /// The parameters of a CreateGrant to accept or reject; `flaw` names what is to be wrong with them.
    pub fn grant_request(&mut self, flaw: Option<usize>) -> Node {
        let id = "1234abcd-12ab-34cd-56ef-1234567890ab";
        let mut members: Vec<(&'static str, Node)> = Vec::new();
        members.push((
            "KeyId",
            match flaw {
                Some(0) => "alias/app".into(),
                _ => id.into(),
            },
        ));
        let service = !matches!(flaw, Some(3 | 5)) && self.chance(if flaw == Some(2) { 50 } else { 15 });
        let principals = [
            "arn:aws:iam::111122223333:role/App",
            "arn:aws:iam::444455556666:root",
            "arn:aws:sts::111122223333:assumed-role/App/s1",
            "arn:aws:sts::111122223333:federated-user/f",
            "arn:aws:iam::111122223333:user/eng/alice",
        ];
        let principal = |world: &mut Self| world.choices.pick(&principals).copied().unwrap_or_default();
        match (service, flaw) {
            (_, Some(1)) => {}
            (true, _) => members.push(("GranteeServicePrincipal", "ec2.amazonaws.com".into())),
            (false, Some(2)) => {
                let bad = [
                    "*",
                    "111122223333",
                    "arn:aws:iam::111122223333:group/Devs",
                    "arn:aws:iam::111122223333:user/*",
                ];
                members
                    .push(("GranteePrincipal", self.choices.pick(&bad).copied().unwrap_or_default().into()));
            }
            (false, _) => members.push(("GranteePrincipal", principal(self).into())),
        }
        if let Some(3) = flaw {
            members.push(("GranteeServicePrincipal", "ec2.amazonaws.com".into()));
        }
        if flaw != Some(1) && (service || self.chance(30)) {
            members.push(("RetiringPrincipal", principal(self).into()));
        }
        let operations: Vec<Node> = match flaw {
            Some(4) => Vec::new(),
            Some(5) => vec!["ScheduleKeyDeletion".into()],
            Some(6) => vec!["Sign".into()],
            _ => {
                let known =
                    ["Decrypt", "Encrypt", "GenerateDataKey", "CreateGrant", "RetireGrant", "ReEncryptFrom"];
                let first = self.choices.below(known.len());
                let count = 1 + self.choices.below(2);
                known.iter().skip(first).take(count).map(|name| Node::from(*name)).collect()
            }
        };
        members.push(("Operations", operations.into_iter().collect()));
        let mut constraints: Vec<(&'static str, Node)> = Vec::new();
        let pairs = || object(vec![("Department", "Finance".into())]);
        if service && flaw != Some(2) || self.chance(10) {
            constraints.push(("SourceArn", "arn:aws:s3:::bucket".into()));
        }
        if flaw == Some(7) {
            constraints.push(("EncryptionContextEquals", pairs()));
            constraints.push(("EncryptionContextSubset", pairs()));
        } else if flaw == Some(8) {
            let nine = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map(|name| (name, Node::from("v")));
            constraints.push(("EncryptionContextEquals", nine.into_iter().collect()));
        } else if self.chance(40) {
            let kind = if self.chance(50) { "EncryptionContextEquals" } else { "EncryptionContextSubset" };
            constraints.push((kind, pairs()));
        }
        if !constraints.is_empty() {
            members.push(("Constraints", object(constraints)));
        }
        object(members)
    }

    /// Operations that a request to make a grant lists.
    pub fn listed_operations(&mut self) -> Node {
        let mut names = vec![Node::from("Decrypt")];
        if self.chance(40) {
            let grantable = |name: &&super::actions::Operation| name.known.grantable;
            let count = OPERATIONS.iter().filter(grantable).count();
            let nth = self.choices.below(count.max(1));
            let other = OPERATIONS.iter().filter(grantable).nth(nth);
            names.extend(other.filter(|one| one.known.name != "ReEncrypt").map(|one| one.known.name.into()));
        }
        Value::Array(names).into()
    }
}

/// How many flaws a request to make a grant can have.
pub const FLAWS: usize = 9;
