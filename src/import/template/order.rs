//! In which order a deployment deploys its resources: after what they depend on, else as written.
//!
//! Source: Microsoft's page on the order of deployment: `dependsOn`, by id or name, and `reference()` to another resource
//! of the same template. A part needs what it is a part of.

use super::body;
use super::deployment::Deployment;
use super::evaluate::Evaluator;
use super::expression::{self, Written};
use super::instance::{Instance, within};
use super::value;
use super::world::World;
use crate::azure::tree::{Node, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The resources of `deployment` in that order. What depends on itself stays where it is written.
pub(super) fn ordered<'d, 't>(
    world: &World<'t>,
    deployment: &'d Rc<Deployment<'t>>,
) -> Vec<&'d Instance<'t>> {
    let instances = deployment.instances();
    let needs = Needs::of(world, deployment);
    let mut open: BTreeMap<usize, BTreeSet<usize>> = needs.all(instances);
    let mut after: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (&at, needed) in &open {
        needed.iter().for_each(|&other| after.entry(other).or_default().push(at));
    }
    let free = |(&at, needed): (&usize, &BTreeSet<usize>)| needed.is_empty().then_some(at);
    let mut ready: BTreeSet<usize> = open.iter().filter_map(free).collect();
    let mut order = Vec::with_capacity(instances.len());
    while let Some(at) = ready.pop_first().or_else(|| open.keys().next().copied()) {
        open.remove(&at);
        order.push(at);
        for next in after.remove(&at).unwrap_or_default() {
            let Some(needed) = open.get_mut(&next) else { continue };
            needed.remove(&at);
            if needed.is_empty() {
                ready.insert(next);
            }
        }
    }
    order.into_iter().filter_map(|at| instances.get(at)).collect()
}

/// What instances need.
struct Needs<'w, 'd, 't> {
    world: &'w World<'t>,
    deployment: &'d Rc<Deployment<'t>>,
    /// Instances by whatever they may be called, in lower case.
    called: BTreeMap<String, Vec<usize>>,
}

impl<'w, 'd, 't> Needs<'w, 'd, 't> {
    fn of(world: &'w World<'t>, deployment: &'d Rc<Deployment<'t>>) -> Self {
        let mut called: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, instance) in deployment.instances().iter().enumerate() {
            for name in names(instance) {
                called.entry(name.to_ascii_lowercase()).or_default().push(at);
            }
        }
        Self { world, deployment, called }
    }

    fn all(&self, instances: &[Instance<'t>]) -> BTreeMap<usize, BTreeSet<usize>> {
        let needed = |(at, instance)| (at, self.needed(at, instance));
        instances.iter().enumerate().map(needed).collect()
    }

    /// The instances that `instance` needs, which is the one `at`.
    fn needed(&self, at: usize, instance: &Instance<'t>) -> BTreeSet<usize> {
        let mut names = self.told(instance);
        names.extend(instance.id.parent().map(|owner| owner.as_str().to_owned()));
        names.extend(self.referred(instance));
        let found = names.iter().filter_map(|name| self.called.get(&name.to_ascii_lowercase()));
        found.flatten().copied().filter(|&other| other != at).collect()
    }

    /// What `dependsOn` says; what cannot be worked out of it is passed over.
    fn told(&self, instance: &Instance<'t>) -> Vec<String> {
        let Some(told) = instance.node.get("dependsOn") else { return Vec::new() };
        let evaluator = Evaluator::in_deployment(self.world, self.deployment, &instance.pointer);
        let mut names = Vec::new();
        within(&evaluator, &instance.loops, |evaluator| add_names(evaluator, told, &mut names));
        names
    }

    /// What its expressions refer to by `reference()`.
    fn referred(&self, instance: &Instance<'t>) -> Vec<String> {
        if !instance.is_existing && body::nested(self.world, self.deployment, instance).is_none() {
            body::body(self.world, self.deployment, instance);
        }
        self.world.referred(&self.deployment.file, &instance.pointer)
    }
}

fn add_names(evaluator: &Evaluator<'_, '_>, node: &Node, names: &mut Vec<String>) {
    match &node.value {
        Value::List(nodes) => nodes.iter().for_each(|node| add_names(evaluator, node, names)),
        Value::Text(text) => match expression::read(text) {
            Ok(Written::Literal(literal)) => names.push(literal),
            Ok(Written::Expression(expression)) => {
                let found = evaluator.expression(&expression);
                found.iter().for_each(|found| add_evaluated(found, names));
            }
            Err(_) => {}
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) | Value::Unknown(_) => {}
    }
}

fn add_evaluated(node: &Node, names: &mut Vec<String>) {
    let nodes = node.as_list().unwrap_or(std::slice::from_ref(node));
    names.extend(nodes.iter().filter_map(Node::as_text).map(value::with_placeholders));
}

/// What a resource may be called where another depends on it: by its id, its type and name, its name, the name of its
/// loop, or its symbolic name.
fn names(instance: &Instance<'_>) -> Vec<String> {
    let id = instance.id.as_str();
    let name = value::with_placeholders(&instance.full_name);
    let mut all = vec![id.to_owned()];
    all.extend(id.rsplit_once("/providers/").map(|(_, tail)| tail.to_owned()));
    all.extend(name.rsplit_once('/').map(|(_, own)| own.to_owned()));
    all.push(name);
    let round = instance.round();
    all.extend(round.and_then(|_| instance.loops.last()).map(|(name, _)| name.clone()));
    if let Some(symbol) = &instance.symbol {
        all.push(symbol.to_string());
        all.extend(round.map(|round| format!("{symbol}[{round}]")));
    }
    all
}
