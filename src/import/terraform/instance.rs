//! Instances of resources, as plans and states list them.

use super::Side;
use crate::azure::Unknown;
use crate::azure::tree::{Member, Node, Value};
use crate::import::source::step;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One instance of a resource, with all of its values.
#[derive(Debug)]
pub(super) struct Instance {
    /// Such as `module.hub["eu"].azurerm_subnet.jump[0]`.
    pub(super) address: String,
    /// The address of its module; empty for the root.
    pub(super) module: String,
    pub(super) is_data: bool,
    /// The provider's type.
    pub(super) kind: String,
    pub(super) name: String,
    /// With brackets, such as `["eu"]`.
    pub(super) key: Option<String>,
    pub(super) provider: String,
    /// What is known after apply is unknown here.
    pub(super) values: Node,
    /// Where it stands in the document.
    pub(super) pointer: String,
    /// The key of an older object of its address, which is still to be destroyed or forgotten.
    deposed: Option<String>,
}

impl Instance {
    /// The resource that it is an instance of, within its module.
    pub(super) fn resource(&self) -> String {
        let prefix = if self.is_data { "data." } else { "" };
        format!("{prefix}{}.{}", self.kind, self.name)
    }

    /// Is it the same object of Terraform?
    fn is_same(&self, other: &Self) -> bool {
        self.address == other.address && self.deposed == other.deposed
    }
}

/// The instances of a document, in the order written; none when it does not have that side.
pub(super) fn all(document: &Node, side: Side) -> Vec<Instance> {
    let mut found = Vec::new();
    if let Some(resources) = document.get("resources").and_then(Node::as_list) {
        raw(resources, &mut found);
        forget_doubles(&mut found);
        return found;
    }
    let root = |node: &'static str| document.get(node)?.get("root_module");
    match (document.get("planned_values"), side) {
        (None, _) => walk(root("values"), "", "/values/root_module", &mut found),
        (Some(_), Side::After) => {
            walk(root("planned_values"), "", "/planned_values/root_module", &mut found);
            prior_data(document, &mut found);
            staying(document, &mut found);
            overlay(document, &mut found);
            let before = values_before(document);
            super::renamed::settle(&before, &mut found);
            super::stale::settle(&before, &mut found);
        }
        (Some(_), Side::Before) => prior(document, &mut found),
    }
    forget_doubles(&mut found);
    forget_handed_over(document, &mut found);
    found
}

/// The changes of a plan, but for those of deposed objects.
pub(super) fn changes(document: &Node) -> impl Iterator<Item = &Node> {
    let changes = document.get("resource_changes").and_then(Node::as_list).unwrap_or_default();
    changes.iter().filter(|it| it.get("deposed").is_none_or(|it| it.value == Value::Null))
}

/// The values that each instance had, by its address after the plan.
fn values_before(document: &Node) -> BTreeMap<&str, &Node> {
    let values = changes(document)
        .filter_map(|it| Some((it.get("address")?.as_text()?, it.get("change")?.get("before")?)));
    values.collect()
}

/// A deposed object is a resource of its own, unless it is the one that its address has now.
fn forget_doubles(found: &mut Vec<Instance>) {
    forget_told_elsewhere(found, |it| it.deposed.is_some());
}

/// What Terraform forgets and another resource manages from then on was read twice.
fn forget_handed_over(document: &Node, found: &mut Vec<Instance>) {
    let all = document.get("resource_changes").and_then(Node::as_list).unwrap_or_default();
    forget_told_elsewhere(found, |it| {
        let actions = actions_on(all, it);
        actions.contains(&"forget")
    });
}

/// Leaves out what `is_it` says of an id that others have, too.
fn forget_told_elsewhere(found: &mut Vec<Instance>, is_it: impl Fn(&Instance) -> bool) {
    let id = |it: &Instance| it.values.get("id").and_then(Node::as_text).map(str::to_lowercase);
    let others: BTreeSet<String> = found.iter().filter(|it| !is_it(it)).filter_map(id).collect();
    found.retain(|it| !is_it(it) || id(it).is_none_or(|id| !others.contains(&id)));
}

fn prior(document: &Node, found: &mut Vec<Instance>) {
    let values = document.get("prior_state").and_then(|state| state.get("values"));
    let root = values.and_then(|values| values.get("root_module"));
    walk(root, "", "/prior_state/values/root_module", found);
}

/// What data sources told before the plan was made: planned values leave them out.
fn prior_data(document: &Node, found: &mut Vec<Instance>) {
    let mut before = Vec::new();
    prior(document, &mut before);
    let is_new = |it: &Instance| found.iter().all(|known| known.address != it.address);
    let data: Vec<Instance> = before.into_iter().filter(|it| it.is_data && is_new(it)).collect();
    found.extend(data);
}

/// What was there before and stays without being among the planned values: what a plan of some resources only
/// (`-target`, `-refresh-only`, one that met an error) is not about, and what Terraform forgets (`removed` with
/// `destroy = false`), which stays in Azure. Terraform destroys nothing but by a change that says so.
fn staying(document: &Node, found: &mut Vec<Instance>) {
    let mut before = Vec::new();
    prior(document, &mut before);
    let changes = document.get("resource_changes").and_then(Node::as_list).unwrap_or_default();
    // What is forgotten may be listed without values.
    found.retain(|it| it.is_data || !is_forgotten(changes, it));
    for mut instance in before {
        let is_planned = found.iter().any(|it| it.is_same(&instance));
        let has_moved = changes.iter().any(|change| {
            let before = change.get("previous_address").and_then(Node::as_text);
            before == Some(&*instance.address)
        });
        let actions = actions_on(changes, &instance);
        if instance.is_data || has_moved || actions.contains(&"delete") {
            continue;
        }
        if is_planned && actions.contains(&"forget") {
            // Another one has its address now.
            instance.deposed.get_or_insert_default();
        } else if is_planned {
            continue;
        }
        found.push(instance);
    }
}

/// Is the instance forgotten, and nothing in its place?
fn is_forgotten(changes: &[Node], instance: &Instance) -> bool {
    actions_on(changes, instance) == ["forget"]
}

/// What is to be done with the object that the instance is.
fn actions_on<'d>(changes: &'d [Node], instance: &Instance) -> Vec<&'d str> {
    let is_its = |change: &&Node| {
        let deposed = change.get("deposed").and_then(Node::as_text);
        change.get("address").and_then(Node::as_text) == Some(&*instance.address)
            && deposed == instance.deposed.as_deref()
    };
    let changes = changes.iter().filter(is_its);
    let lists = changes.filter_map(|it| it.get("change")?.get("actions")?.as_list());
    lists.flatten().filter_map(Node::as_text).collect()
}

fn walk(module: Option<&Node>, address: &str, pointer: &str, found: &mut Vec<Instance>) {
    let list = |name: &'static str| {
        let nodes = module.and_then(|module| module.get(name)).and_then(Node::as_list);
        nodes.into_iter().flatten().enumerate()
    };
    for (at, resource) in list("resources") {
        let pointer = format!("{pointer}/resources/{at}");
        found.extend(read(resource, address, &pointer));
    }
    for (at, child) in list("child_modules") {
        let address = child.get("address").and_then(Node::as_text).unwrap_or_default();
        walk(Some(child), address, &format!("{pointer}/child_modules/{at}"), found);
    }
}

fn read(resource: &Node, module: &str, pointer: &str) -> Option<Instance> {
    let text = |name: &str| resource.get(name).and_then(Node::as_text).map(str::to_owned);
    Some(Instance {
        address: text("address")?,
        module: module.to_owned(),
        is_data: text("mode").as_deref() == Some("data"),
        kind: text("type")?,
        name: text("name")?,
        key: resource.get("index").and_then(key),
        provider: text("provider_name").unwrap_or_default(),
        values: resource.get("values").cloned().unwrap_or(Node::new(Value::Object(Vec::new()))),
        pointer: step(pointer, "values"),
        deposed: resource.get("deposed_key").and_then(Node::as_text).map(str::to_owned),
    })
}

/// The key of an instance as it stands in addresses.
fn key(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(format!("[\"{text}\"]")),
        Value::Number(number) => Some(format!("[{number}]")),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Object(_) | Value::Unknown(_) => {
            None
        }
    }
}

/// The resources of a state file, as Terraform itself keeps it.
fn raw(resources: &[Node], found: &mut Vec<Instance>) {
    for (at, resource) in resources.iter().enumerate() {
        let text = |name: &str| resource.get(name).and_then(Node::as_text).unwrap_or_default();
        let instances = resource.get("instances").and_then(Node::as_list).unwrap_or_default();
        for (number, instance) in instances.iter().enumerate() {
            let Some(values) = instance.get("attributes") else { continue };
            let key = instance.get("index_key").and_then(key);
            let mut one = Instance {
                address: String::new(),
                module: text("module").to_owned(),
                is_data: text("mode") == "data",
                kind: text("type").to_owned(),
                name: text("name").to_owned(),
                key,
                provider: text("provider").to_owned(),
                values: values.clone(),
                pointer: format!("/resources/{at}/instances/{number}/attributes"),
                deposed: instance.get("deposed").and_then(Node::as_text).map(str::to_owned),
            };
            let dot = if one.module.is_empty() { "" } else { "." };
            let key = one.key.as_deref().unwrap_or_default();
            one.address = format!("{}{dot}{}{key}", one.module, one.resource());
            found.push(one);
        }
    }
}

/// Puts what is known after apply into the values.
fn overlay(document: &Node, found: &mut [Instance]) {
    let changes = document.get("resource_changes").and_then(Node::as_list).unwrap_or_default();
    let unknown: BTreeMap<&str, &Node> = changes
        .iter()
        // What is deposed is there beside what its address will have.
        .filter(|change| change.get("deposed").is_none_or(|it| it.value == Value::Null))
        .filter_map(|change| {
            let address = change.get("address")?.as_text()?;
            Some((address, change.get("change")?.get("after_unknown")?))
        })
        .collect();
    for instance in found {
        if let Some(unknown) = unknown.get(&*instance.address) {
            put(&mut instance.values, unknown, &instance.address);
        }
    }
}

/// Marks what `unknown` has as `true` in `node`, which is called `name`.
fn put(node: &mut Node, unknown: &Node, name: &str) {
    match &unknown.value {
        Value::Bool(true) => {
            node.value = Value::Unknown(Unknown::on(format!("`{name}`, known after apply")));
        }
        Value::Object(members) => put_members(node, members, name),
        Value::List(nodes) => {
            let Value::List(mine) = &mut node.value else { return };
            mine.resize(mine.len().max(nodes.len()), Node::new(Value::Null));
            for (at, (mine, unknown)) in mine.iter_mut().zip(nodes).enumerate() {
                put(mine, unknown, &format!("{name}[{at}]"));
            }
        }
        Value::Null
        | Value::Bool(false)
        | Value::Number(_)
        | Value::Text(_)
        | Value::Unknown(_) => {}
    }
}

fn put_members(node: &mut Node, unknown: &[Member], name: &str) {
    if node.value == Value::Null {
        node.value = Value::Object(Vec::new());
    }
    let Value::Object(mine) = &mut node.value else { return };
    for (member, unknown) in unknown {
        let name = format!("{name}.{member}");
        match mine.iter_mut().find(|(known, _)| known == member) {
            Some((_, mine)) => put(mine, unknown, &name),
            None => {
                let mut new = Node::new(Value::Null);
                put(&mut new, unknown, &name);
                if new.value != Value::Null {
                    mine.push((Arc::clone(member), new));
                }
            }
        }
    }
}
