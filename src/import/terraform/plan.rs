//! One side of a document, with what is looked up in it.

use super::Side;
use super::instance::{self, Instance};
use crate::azure::tree::{Node, Value};
use std::collections::BTreeMap;

/// One side of a plan, or a state.
#[derive(Debug)]
pub(super) struct Plan<'d> {
    pub(super) document: &'d Node,
    pub(super) instances: Vec<Instance>,
    /// The instances of each resource, by module and resource.
    by_resource: BTreeMap<(String, String), Vec<usize>>,
    /// What is to be done, by address.
    actions: BTreeMap<&'d str, Vec<&'d str>>,
    /// The subscription of resources of which nothing tells it.
    pub(super) subscription: String,
}

/// A step of a reference: a name, or a key with its brackets.
pub(super) type Steps<'r> = Vec<&'r str>;

impl<'d> Plan<'d> {
    pub(super) fn new(document: &'d Node, side: Side, subscription: &str) -> Self {
        let instances = instance::all(document, side);
        let mut by_resource: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, instance) in instances.iter().enumerate() {
            let key = (instance.module.clone(), instance.resource());
            by_resource.entry(key).or_default().push(at);
        }
        let (actions, subscription) = (actions(document), subscription.to_owned());
        Self { document, instances, by_resource, actions, subscription }
    }

    /// Does the plan send what the instance tells to Azure?
    pub(super) fn sends(&self, address: &str) -> bool {
        self.makes(address) || self.does(address, "update")
    }

    /// Does the plan make the instance?
    pub(super) fn makes(&self, address: &str) -> bool {
        self.does(address, "create")
    }

    /// Does the plan destroy the instance, and make none in its place?
    pub(super) fn destroys(&self, address: &str) -> bool {
        self.does(address, "delete") && !self.makes(address)
    }

    /// Does the plan destroy the instance, and make another in its place?
    pub(super) fn replaces(&self, address: &str) -> bool {
        self.does(address, "delete") && self.makes(address)
    }

    fn does(&self, address: &str, action: &str) -> bool {
        self.actions.get(address).is_some_and(|actions| actions.contains(&action))
    }

    /// The instances of `resource` in `module`.
    pub(super) fn instances_of(&self, module: &str, resource: &str) -> &[usize] {
        let key = (module.to_owned(), resource.to_owned());
        self.by_resource.get(&key).map(Vec::as_slice).unwrap_or_default()
    }

    /// The configuration of the module at the address `module`.
    pub(super) fn module(&self, module: &str) -> Option<&'d Node> {
        let mut found = self.document.get("configuration")?.get("root_module")?;
        for name in names_of(module) {
            found = found.get("module_calls")?.get(name)?.get("module")?;
        }
        Some(found)
    }

    /// The call of the module at the address `module`, which is not the root.
    pub(super) fn call(&self, module: &str) -> Option<&'d Node> {
        let (parent, name, _) = parted(module)?;
        self.module(parent)?.get("module_calls")?.get(name)
    }

    /// The configuration of an instance.
    pub(super) fn configuration(&self, instance: &Instance) -> Option<&'d Node> {
        let resources = self.module(&instance.module)?.get("resources")?.as_list()?;
        let address = instance.resource();
        resources.iter().find(|it| it.get("address").and_then(Node::as_text) == Some(&address))
    }

    /// The value of the variable `name` of the root.
    pub(super) fn variable(&self, name: &str) -> Option<&'d Node> {
        self.document.get("variables")?.get(name)?.get("value")
    }
}

/// What is to be done with each instance, but for deposed objects.
fn actions(document: &Node) -> BTreeMap<&str, Vec<&str>> {
    let changes = instance::changes(document);
    let planned = changes.filter_map(|change| {
        let actions = change.get("change")?.get("actions")?.as_list()?;
        Some((
            change.get("address")?.as_text()?,
            actions.iter().filter_map(Node::as_text).collect(),
        ))
    });
    planned.collect()
}

/// Takes `module.a["x"].module.b[0]` apart at its last module: `module.a["x"]`, `b` and `[0]`.
pub(super) fn parted(module: &str) -> Option<(&str, &str, Option<&str>)> {
    let steps = steps(module);
    let mut last = steps.iter().rev();
    let end = *last.next()?;
    let (name, key) = if end.starts_with('[') { (*last.next()?, Some(end)) } else { (end, None) };
    let tail = name.len() + key.map_or(0, str::len);
    let head = module.get(..module.len().checked_sub(tail)?)?;
    let parent = head.strip_suffix("module.")?;
    Some((parent.strip_suffix('.').unwrap_or(parent), name, key))
}

/// The names of the modules on the way to `module`.
fn names_of(module: &str) -> impl Iterator<Item = &str> {
    steps(module).into_iter().filter(|step| !step.starts_with('[')).skip(1).step_by(2)
}

/// The steps of an address or a reference.
pub(super) fn steps(text: &str) -> Steps<'_> {
    let mut found = Vec::new();
    let mut start = 0;
    let (mut is_quoted, mut depth) = (false, 0usize);
    let mut take = |from: usize, to: usize| {
        found.extend(text.get(from..to).filter(|step| !step.is_empty()));
    };
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => is_quoted = !is_quoted,
            '.' if !is_quoted && depth == 0 => {
                take(start, at);
                start = at + 1;
            }
            '[' if !is_quoted => {
                if depth == 0 {
                    take(start, at);
                    start = at;
                }
                depth += 1;
            }
            ']' if !is_quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    take(start, at + 1);
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    take(start, text.len());
    found
}

/// The references of an expression of the configuration, without those that are a part of another.
pub(super) fn references(expression: &Node) -> Vec<&str> {
    let list = expression.get("references").and_then(Node::as_list).unwrap_or_default();
    let all: Vec<&str> = list.iter().filter_map(Node::as_text).collect();
    let is_part = |it: &&str| {
        all.iter()
            .any(|other| other.strip_prefix(*it).is_some_and(|rest| rest.starts_with(['.', '['])))
    };
    let mut kept: Vec<&str> = all.iter().copied().filter(|it| !is_part(it)).collect();
    kept.dedup();
    kept
}

/// Is `node` an expression, and not a block of them?
pub(super) fn is_expression(node: &Node) -> bool {
    node.get("references").is_some_and(|it| matches!(it.value, Value::List(_)))
        || node.get("constant_value").is_some()
}
