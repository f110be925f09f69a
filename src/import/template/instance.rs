//! Which resources a deployment has: loops, conditions, parts in their parents, and ids.

use super::deployment::Deployment;
use super::evaluate::{Evaluator, Local, LocalKind, below};
use super::expression::{self, Expression};
use super::functions;
use super::scope::{self, Scope};
use super::value;
use super::world::{Remark, World};
use crate::azure::Unknown;
use crate::azure::tree::{Node, Value};
use crate::id::ResourceId;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use std::sync::Arc;

/// Parts of parts of parts: ARM has no more.
const NESTING_MAX: usize = 5;

/// A loop by its name, and the number of the round in it, from 0.
pub(super) type Round = (String, i64);

/// One resource of a deployment.
#[derive(Debug)]
pub(super) struct Instance<'t> {
    /// As it stands in the template.
    pub(super) node: &'t Node,
    pub(super) pointer: String,
    pub(super) id: ResourceId,
    pub(super) full_type: String,
    /// The name with those of what it is a part of, as it was evaluated.
    pub(super) full_name: String,
    /// The name that the template itself calls it by.
    pub(super) symbol: Option<Arc<str>>,
    /// The loops that it is made in, the innermost last, with the number of the round.
    pub(super) loops: Vec<Round>,
    /// Is it only referred to, and deployed elsewhere?
    pub(super) is_existing: bool,
    /// Why it is not known whether it is deployed.
    pub(super) condition: Option<Unknown>,
    /// The whole resource, evaluated.
    pub(super) body: OnceCell<Node>,
    pub(super) is_open: Cell<bool>,
    /// The number of the deployment that it is, of all deployments.
    pub(super) nested: OnceCell<Option<usize>>,
}

impl Instance<'_> {
    /// Which round of its own loop makes it, from 0.
    pub(super) fn round(&self) -> Option<i64> {
        self.node.get("copy")?;
        self.loops.last().map(|(_, round)| *round)
    }
}

/// What a resource is a part of.
#[derive(Clone, Copy)]
struct Parent<'p> {
    full_type: &'p str,
    full_name: &'p str,
    depth: usize,
}

/// A resource on its way.
#[derive(Clone, Copy)]
struct Written<'t, 'p> {
    node: &'t Node,
    pointer: &'p str,
    symbol: Option<&'p Arc<str>>,
    parent: Option<Parent<'p>>,
    loops: &'p [Round],
}

/// The resources of `deployment`, in the order written; parts follow what they belong to.
pub(super) fn enumerate<'t>(
    world: &World<'t>,
    deployment: &Rc<Deployment<'t>>,
) -> Vec<Instance<'t>> {
    let mut found = Vec::new();
    let list = deployment.template.get("resources");
    let pointer = below(&deployment.pointer, "resources");
    let mut enumeration = Enumeration { world, deployment, found: &mut found };
    enumeration.all(list, &pointer, None, &outer_loops(deployment));
    found
}

/// The loops that a deployment is in whose expressions are those of the outer one.
fn outer_loops(deployment: &Deployment<'_>) -> Vec<Round> {
    deployment.outer.as_ref().map(|(_, loops)| loops.clone()).unwrap_or_default()
}

struct Enumeration<'w, 't> {
    world: &'w World<'t>,
    deployment: &'w Rc<Deployment<'t>>,
    found: &'w mut Vec<Instance<'t>>,
}

impl<'t> Enumeration<'_, 't> {
    fn all(
        &mut self,
        list: Option<&'t Node>,
        pointer: &str,
        parent: Option<Parent<'_>>,
        loops: &[Round],
    ) {
        // Language version 2 names the resources by keys instead of listing them.
        let resources: Vec<(String, Option<Arc<str>>, &'t Node)> = match list.map(|it| &it.value) {
            Some(Value::List(nodes)) => {
                let numbered = nodes.iter().enumerate();
                numbered.map(|(at, node)| (at.to_string(), None, node)).collect()
            }
            Some(Value::Object(members)) => {
                let named = members.iter();
                named.map(|(name, it)| (name.to_string(), Some(Arc::clone(name)), it)).collect()
            }
            Some(_) => {
                let text = "expected a list or an object of resources".to_owned();
                return self.remark(pointer, "template-resource", text);
            }
            None => return,
        };
        for (name, symbol, node) in resources {
            let pointer = below(pointer, &name);
            let written =
                Written { node, pointer: &pointer, symbol: symbol.as_ref(), parent, loops };
            match ["type", "name"].iter().find(|member| node.get(member).is_none()) {
                None => self.copies(written),
                Some(missing) => {
                    let text = format!("this resource has no `{missing}`, and is left out");
                    self.remark(&pointer, "template-resource", text);
                }
            }
        }
    }

    fn copies(&mut self, written: Written<'t, '_>) {
        let Some(copy) = written.node.get("copy").filter(|copy| copy.get("name").is_some()) else {
            return self.one(written, None);
        };
        let (name, rounds) = self.evaluating(written.pointer, written.loops, |evaluator| {
            let name = copy.get("name").map(|name| value::as_text(&evaluator.value(name)));
            (name.unwrap_or_default(), evaluator.rounds(copy.get("count")))
        });
        let (rounds, doubt) = match rounds {
            Ok(rounds) => (rounds, None),
            // One stands for all that there may be.
            Err(unknown) => (1, Some(unknown)),
        };
        for index in 0..rounds {
            let loops = [written.loops, &[(name.clone(), index)]].concat();
            self.one(Written { loops: &loops, ..written }, doubt.clone());
        }
    }

    fn one(&mut self, written: Written<'t, '_>, doubt: Option<Unknown>) {
        if self.world.spend(8).is_err() {
            return;
        }
        let told = self
            .evaluating(written.pointer, written.loops, |evaluator| Told::of(written, evaluator));
        let (full_type, full_name) = match written.parent {
            Some(parent) if !told.own_type.contains('.') => (
                format!("{}/{}", parent.full_type, told.own_type),
                format!("{}/{}", parent.full_name, told.own_name),
            ),
            _ => (told.own_type.clone(), told.own_name.clone()),
        };
        // A condition is that of one resource alone: parts have their own.
        match told.existence {
            Existence::No => {}
            Existence::Yes => self.push(written, (&full_type, &full_name), &told, doubt),
            Existence::Maybe(ref unknown) => {
                let doubt = doubt.or_else(|| Some(unknown.clone()));
                self.push(written, (&full_type, &full_name), &told, doubt);
            }
        }
        let depth = written.parent.map_or(0, |parent| parent.depth) + 1;
        if depth < NESTING_MAX {
            let parent = Parent { full_type: &full_type, full_name: &full_name, depth };
            let pointer = below(written.pointer, "resources");
            self.all(written.node.get("resources"), &pointer, Some(parent), written.loops);
        }
    }

    /// Notes a resource under its id.
    fn push(
        &mut self,
        written: Written<'t, '_>,
        (full_type, full_name): (&str, &str),
        told: &Told,
        doubt: Option<Unknown>,
    ) {
        let base = told.base(&self.deployment.scope, full_type);
        let count = full_type.split('/').count().saturating_sub(1);
        let lost = told.unknown_name.as_ref().filter(|_| full_name.split('/').count() != count);
        let (full_name, doubt) = match lost {
            None => (full_name.to_owned(), doubt),
            Some(lost) => self.placed(written, (full_name, count), lost, doubt),
        };
        let full_name = &*full_name;
        let Some(id) = scope::compose(&base, full_type, full_name) else {
            let shown = value::with_placeholders(full_name);
            let text = format!("the name `{shown}` does not fit the type `{full_type}`");
            return self.remark(written.pointer, "template-name", text);
        };
        let is_existing =
            written.node.get("existing").is_some_and(|it| it.value == Value::Bool(true));
        self.found.push(Instance {
            node: written.node,
            pointer: written.pointer.to_owned(),
            id: ResourceId::new(&value::with_placeholders(&id)),
            full_type: full_type.to_owned(),
            full_name: full_name.to_owned(),
            symbol: written.symbol.cloned(),
            loops: written.loops.to_vec(),
            is_existing,
            condition: doubt.or_else(|| self.deployment.condition.clone()),
            body: OnceCell::new(),
            is_open: Cell::new(false),
            nested: OnceCell::new(),
        });
    }

    /// The name of a part of which not everything is known: what it is a part of may be. If that is not known either,
    /// it may be a part of anything.
    fn placed(
        &self,
        written: Written<'t, '_>,
        (full_name, count): (&str, usize),
        lost: &Unknown,
        doubt: Option<Unknown>,
    ) -> (String, Option<Unknown>) {
        let own = written.node.get("name").and_then(Node::as_text).unwrap_or_default();
        // Parts with names that are not known are different ones.
        let rounds: Vec<String> = written.loops.iter().map(|(_, at)| at.to_string()).collect();
        let number = format!("{} {}", written.pointer.replace('/', "_"), rounds.join(" "));
        let told = self.evaluating(written.pointer, written.loops, |evaluator| {
            partial_name(evaluator, own, &number)
        });
        if let Some(name) = told.filter(|name| name.split('/').count() == count) {
            let is_owner_known =
                name.rsplit_once('/').is_none_or(|(owner, _)| !owner.contains('{'));
            return (name, doubt.or_else(|| (!is_owner_known).then(|| lost.clone())));
        }
        let any = format!("{full_name} {number}").replace('/', "_");
        let all = vec![any; count].join("/");
        (all, doubt.or_else(|| Some(lost.clone())))
    }

    fn remark(&self, pointer: &str, code: &'static str, text: String) {
        let file = Arc::clone(&self.deployment.file);
        self.world.remark(Remark { file, pointer: pointer.to_owned(), code, text });
    }

    fn evaluating<R>(
        &self,
        pointer: &str,
        loops: &[Round],
        evaluate: impl FnOnce(&Evaluator<'_, 't>) -> R,
    ) -> R {
        let evaluator = Evaluator::in_deployment(self.world, self.deployment, pointer);
        within(&evaluator, loops, evaluate)
    }
}

/// Evaluates within loops.
pub(super) fn within<'t, R>(
    evaluator: &Evaluator<'_, 't>,
    loops: &[Round],
    evaluate: impl FnOnce(&Evaluator<'_, 't>) -> R,
) -> R {
    match loops.split_first() {
        None => evaluate(evaluator),
        Some(((name, index), rest)) => {
            let local = Local { kind: LocalKind::Loop(name, *index), outer: evaluator.locals };
            within(&evaluator.with(&local), rest, evaluate)
        }
    }
}

/// What is known of a name that is joined of parts, with `number` in what is not.
fn partial_name(evaluator: &Evaluator<'_, '_>, name: &str, number: &str) -> Option<String> {
    let Ok(expression::Written::Expression(Expression::Call(function, arguments))) =
        expression::read(name)
    else {
        return None;
    };
    let parts = arguments.iter().map(|argument| {
        let node = evaluator.expression(argument).ok()?;
        Some(match node.as_unknown() {
            Some(_) => value::text(format!("{} {number}", name_of(&node))),
            None => node,
        })
    });
    let parts: Vec<Node> = parts.collect::<Option<_>>()?;
    let joined = functions::joined(&function, &parts)?;
    Some(value::as_text(&joined))
}

/// What a resource says of itself.
struct Told {
    own_type: String,
    own_name: String,
    /// Why nothing is known of the name.
    unknown_name: Option<Unknown>,
    existence: Existence,
    /// Where it is, when that is not where the deployment goes.
    scope: Option<String>,
    subscription: Option<String>,
    resource_group: Option<String>,
}

enum Existence {
    Yes,
    No,
    Maybe(Unknown),
}

impl Told {
    fn of(written: Written<'_, '_>, evaluator: &Evaluator<'_, '_>) -> Self {
        let of = |name| written.node.get(name).map(|node| evaluator.value(node));
        let text = |name| of(name).map(|node| name_of(&node));
        let name = of("name");
        // Deployments of resources elsewhere say where these go; they are there themselves.
        Self {
            own_type: text("type").unwrap_or_default(),
            unknown_name: name.as_ref().and_then(Node::as_unknown).cloned(),
            own_name: name.as_ref().map(name_of).unwrap_or_default(),
            existence: of("condition").map_or(Existence::Yes, |it| Existence::of(&it)),
            scope: text("scope"),
            subscription: text("subscriptionId"),
            resource_group: text("resourceGroup"),
        }
    }

    /// The id of the scope that the resource is deployed to.
    fn base(&self, scope: &Scope, full_type: &str) -> String {
        let is_deployment = full_type.eq_ignore_ascii_case("Microsoft.Resources/deployments");
        match &self.scope {
            Some(within) if !is_deployment => scope.extended(within),
            _ => {
                let elsewhere =
                    scope.elsewhere(self.subscription.as_deref(), self.resource_group.as_deref());
                elsewhere.base()
            }
        }
    }
}

impl Existence {
    fn of(condition: &Node) -> Self {
        match (&condition.value, value::unknown_of(condition)) {
            (_, Some(unknown)) => Self::Maybe(unknown),
            (Value::Bool(true), None) => Self::Yes,
            (Value::Text(text), None) if text.eq_ignore_ascii_case("true") => Self::Yes,
            (Value::Text(text), None) if text.eq_ignore_ascii_case("false") => Self::No,
            (Value::Bool(false) | Value::Null, None) => Self::No,
            (_, None) => {
                let found = condition.kind();
                Self::Maybe(Unknown::on(format!(
                    "`condition`, which is {found}, not true or false"
                )))
            }
        }
    }
}

/// A value as a name: what is not known of it keeps a placeholder.
pub(super) fn name_of(node: &Node) -> String {
    match &node.value {
        Value::Unknown(unknown) => {
            // What stands in backticks says enough.
            let on = unknown.as_str();
            let shown = on.split('`').nth(1).unwrap_or(on);
            format!("{{{}}}", shown.replace('/', "_"))
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Object(_) => value::as_text(node),
    }
}
