//! A value of an instance, and where it stands in the configuration.

use super::links::{Scope, Target};
use super::loose;
use super::plan::{self, Plan};
use crate::azure::tree::{Node, Value};
use crate::id::ResourceId;

/// A value, with the way to it.
#[derive(Clone, Debug)]
pub(super) struct Spot<'p, 'd> {
    pub(super) plan: &'p Plan<'d>,
    /// The number of the instance.
    pub(super) at: usize,
    /// The value; none when nothing stands there.
    pub(super) node: Option<&'p Node>,
    way: Vec<Step<'p>>,
    depth: usize,
}

#[derive(Clone, Copy, Debug)]
enum Step<'p> {
    Member(&'p str),
    /// One of several blocks, with its value.
    Block(&'p Node),
}

impl<'p, 'd> Spot<'p, 'd> {
    /// All of the instance `at`.
    pub(super) fn of(plan: &'p Plan<'d>, at: usize, depth: usize) -> Self {
        let node = plan.instances.get(at).map(|instance| &instance.values);
        Self { plan, at, node, way: Vec::new(), depth }
    }

    /// What stands at `path`: steps with points between them, each into the only block of that name.
    pub(super) fn get(&self, path: &'p str) -> Self {
        let mut found = self.clone();
        for name in path.split('.').filter(|name| !name.is_empty()) {
            if let Some(block) = found.node.and_then(Node::as_list).and_then(<[Node]>::first) {
                found = found.block(block);
            }
            found.way.push(Step::Member(name));
            found.node = found.node.and_then(|node| inside(node, name));
        }
        found
    }

    /// The elements of a list; the value itself when it is none.
    pub(super) fn each(&self) -> Vec<Self> {
        match self.node.map(|node| (node, &node.value)) {
            Some((_, Value::List(nodes))) => nodes.iter().map(|node| self.block(node)).collect(),
            Some((_, Value::Null)) | None => Vec::new(),
            Some(_) => vec![self.clone()],
        }
    }

    fn block(&self, node: &'p Node) -> Self {
        let mut found = self.clone();
        found.way.push(Step::Block(node));
        found.node = Some(node);
        found
    }

    /// The text that stands here.
    pub(super) fn text(&self) -> Option<&'p str> {
        self.node.and_then(Node::as_text).filter(|text| !text.is_empty())
    }

    /// Is the value not known?
    pub(super) fn is_unknown(&self) -> bool {
        self.node.is_some_and(|node| node.as_unknown().is_some())
    }

    /// What the configuration refers to here.
    pub(super) fn targets(&self) -> Option<Vec<Target>> {
        let instance = self.plan.instances.get(self.at)?;
        let configuration = self.plan.configuration(instance)?;
        let scope = Scope {
            module: &instance.module,
            key: instance.key.as_deref(),
            owner: Some(configuration),
            depth: self.depth + 1,
        };
        let expressions = self.expressions(configuration.get("expressions")?);
        let mut found: Option<Vec<Target>> = None;
        for expression in expressions {
            let targets = self.plan.targets(expression, scope)?;
            if found.as_ref().is_some_and(|known| *known != targets) {
                return None;
            }
            found = Some(targets);
        }
        found.filter(|found| found.iter().all(|target| !target.is_any || self.is_for(target)))
    }

    /// Is the attribute for the id or the name of such a resource, by its own name?
    fn is_for(&self, target: &Target) -> bool {
        let stem = self
            .attribute()
            .and_then(|it| ["_ids", "_id", "_name"].iter().find_map(|end| it.strip_suffix(end)));
        let kind = self.plan.instances.get(target.at).map_or("", |it| &it.kind);
        let kind = kind.strip_prefix("azurerm_").unwrap_or_default();
        let kind = kind.strip_prefix("lb_").unwrap_or(kind);
        let kind = if kind == "public_ip" { "public_ip_address" } else { kind };
        !kind.is_empty() && stem.is_some_and(|stem| stem.ends_with(kind))
    }

    /// Does the configuration tell what this very value refers to? Of some lists of blocks, and of objects, it
    /// only tells what they refer to as a whole.
    fn is_told_apart(&self) -> bool {
        let instance = self.plan.instances.get(self.at);
        let configuration = instance.and_then(|it| self.plan.configuration(it));
        let Some(root) = configuration.and_then(|it| it.get("expressions")) else { return false };
        let Some((Step::Member(name), way)) = self.way.split_last() else { return false };
        let outer = Self { way: way.to_vec(), ..self.clone() };
        let blocks = outer.expressions(root);
        !blocks.is_empty()
            && blocks.iter().all(|it| !plan::is_expression(it) && it.get(name).is_some())
    }

    /// Is nothing here, or only what says no?
    pub(super) fn is_nothing(&self) -> bool {
        let says_no = |node: &Node| match &node.value {
            Value::Null | Value::Bool(false) => true,
            Value::Text(text) => text.is_empty(),
            Value::List(nodes) => nodes.is_empty(),
            Value::Unknown(_) => self.is_unset(),
            Value::Bool(true) | Value::Number(_) | Value::Object(_) => false,
        };
        self.node.is_none_or(says_no)
    }

    /// Each step of the way, with what it starts from.
    fn steps(&self) -> impl Iterator<Item = (Step<'p>, Option<&'p Node>)> {
        let mut node = self.plan.instances.get(self.at).map(|it| &it.values);
        self.way.iter().map(move |&step| {
            let from = node;
            node = match step {
                Step::Member(name) => node.and_then(|node| node.get(name)),
                Step::Block(block) => Some(block),
            };
            (step, from)
        })
    }

    /// The way to the value that is not known: what is in it is not known because of that.
    fn to_unknown(&self) -> Vec<(Step<'p>, Option<&'p Node>)> {
        let is_known = |from: Option<&Node>| from.is_none_or(|it| it.as_unknown().is_none());
        self.steps().take_while(|&(_, from)| is_known(from)).collect()
    }

    /// The attribute that is not known, with points between blocks.
    pub(super) fn unknown_attribute(&self) -> String {
        let steps = self.to_unknown();
        let names = steps.iter().filter_map(|(step, _)| match step {
            Step::Member(name) => Some(*name),
            Step::Block(_) => None,
        });
        names.collect::<Vec<_>>().join(".")
    }

    /// Is the innermost block the only one of its name?
    pub(super) fn is_in_only_block(&self) -> bool {
        let lists = self.steps().filter(|(step, _)| matches!(step, Step::Block(_)));
        let last = lists.last().and_then(|(_, list)| list?.as_list());
        last.is_some_and(|blocks| blocks.len() == 1)
    }

    /// Does the configuration show that nobody sets the value here, which is not known?
    ///
    /// It does where it has the block and no expression for the attribute, or one that cannot but have been null:
    /// anything else that depends on nothing to be applied is known. What a `dynamic` block makes does not stand in it.
    pub(super) fn is_unset(&self) -> bool {
        let Some(instance) = self.plan.instances.get(self.at) else { return false };
        let Some(configuration) = self.plan.configuration(instance) else { return false };
        let steps = self.to_unknown();
        let Some(((Step::Member(name), _), outer)) = steps.split_last() else { return false };
        // What nobody configures keeps its value in an update in place.
        if outer.is_empty() && instance.values.get("id").and_then(Node::as_text).is_some() {
            return false;
        }
        let Some(root) = configuration.get("expressions") else { return outer.is_empty() };
        let mut blocks = vec![root];
        for &(step, from) in outer {
            let Some(inner) = inside_of(&blocks, step, from) else { return false };
            blocks = inner;
        }
        let scope = Scope {
            module: &instance.module,
            key: instance.key.as_deref(),
            owner: Some(configuration),
            depth: self.depth + 1,
        };
        let is_null = |it: &Node| self.plan.is_settled(it, scope);
        blocks.iter().all(|block| block.get(name).is_none_or(is_null))
    }

    /// The expressions that may have given the value: several when blocks cannot be told apart.
    fn expressions<'c>(&self, root: &'c Node) -> Vec<&'c Node> {
        let mut found = vec![root];
        for step in &self.way {
            let step = |node: &'c Node| match (step, &node.value) {
                _ if plan::is_expression(node) => vec![node],
                (Step::Member(name), _) => node.get(name).into_iter().collect(),
                (Step::Block(value), Value::List(blocks)) => {
                    blocks.iter().filter(|block| agrees(block, value)).collect()
                }
                (Step::Block(_), _) => vec![node],
            };
            found = found.into_iter().flat_map(step).collect();
        }
        found
    }

    /// The id that stands here, or that of what the configuration refers to.
    pub(super) fn id(&self) -> Option<String> {
        if let Some(text) = self.text() {
            return Some(text.to_owned());
        }
        if !self.is_unknown() {
            return None;
        }
        match self.targets()?.as_slice() {
            [target] => self.fitting(target),
            _ => None,
        }
    }

    /// The id that a target means, unless the attribute is for something else: then the expression makes another of it,
    /// such as `"${azurerm_virtual_network.v.id}/subnets/s"`, and plans do not tell the text around a reference.
    fn fitting(&self, target: &Target) -> Option<String> {
        let id = self.plan.id_of(target, self.depth + 1)?;
        let expected = self.attribute().and_then(loose::kind_of);
        let found = ResourceId::new(&id).resource_type();
        let fits = |kind: &str| found.is_none_or(|found| found.eq_ignore_ascii_case(kind));
        expected.is_none_or(fits).then_some(id)
    }

    /// The name of the attribute.
    fn attribute(&self) -> Option<&'p str> {
        self.way.iter().rev().find_map(|step| match step {
            Step::Member(name) => Some(*name),
            Step::Block(_) => None,
        })
    }

    /// The ids of everything that the configuration refers to here, each once; none when that cannot be
    /// told.
    pub(super) fn all_ids(&self) -> Option<Vec<String>> {
        let targets = self.targets()?;
        if targets.len() > 1 && !self.is_told_apart() {
            return None;
        }
        let ids: Option<Vec<String>> = targets.iter().map(|target| self.fitting(target)).collect();
        ids.filter(|ids| !ids.is_empty())
    }

    /// The ids of whatever the configuration of the instance refers to, as far as they can be told.
    pub(super) fn all_references(&self) -> Vec<String> {
        let Some(instance) = self.plan.instances.get(self.at) else { return Vec::new() };
        let Some(configuration) = self.plan.configuration(instance) else { return Vec::new() };
        let scope = Scope {
            module: &instance.module,
            key: instance.key.as_deref(),
            owner: Some(configuration),
            depth: self.depth + 1,
        };
        let mut found = Vec::new();
        let mut rest: Vec<&Node> = configuration.get("expressions").into_iter().collect();
        while let Some(node) = rest.pop() {
            match &node.value {
                _ if plan::is_expression(node) => {
                    let targets = self.plan.targets(node, scope).unwrap_or_default();
                    let others = targets.iter().filter(|target| target.at != self.at);
                    found.extend(others.filter_map(|it| self.plan.id_of(it, self.depth + 1)));
                }
                Value::Object(members) => rest.extend(members.iter().map(|(_, node)| node)),
                Value::List(nodes) => rest.extend(nodes),
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::Text(_)
                | Value::Unknown(_) => {}
            }
        }
        found
    }

    /// What stands at `path` of the whole instance.
    pub(super) fn root(&self, path: &'p str) -> Self {
        Self::of(self.plan, self.at, self.depth).get(path)
    }

    /// The instance whose name or id is meant here.
    pub(super) fn instance(&self) -> Option<usize> {
        match self.targets()?.as_slice() {
            [target] => Some(target.at),
            _ => None,
        }
    }
}

/// What the configuration has one step further inside `blocks`, where all of that stands in it.
fn inside_of<'c>(
    blocks: &[&'c Node],
    step: Step<'_>,
    from: Option<&Node>,
) -> Option<Vec<&'c Node>> {
    let count = from.and_then(Node::as_list).map_or(1, <[Node]>::len);
    let mut found = Vec::new();
    for block in blocks {
        match (step, &block.value) {
            (Step::Member(name), _) => found.extend(block.get(name)),
            (Step::Block(value), Value::List(all)) if all.len() == count => {
                found.extend(all.iter().filter(|block| agrees(block, value)));
            }
            (Step::Block(_), Value::List(_)) => return None,
            (Step::Block(_), _) => found.push(block),
        }
    }
    let is_told = !found.is_empty() && !found.iter().any(|it| plan::is_expression(it));
    is_told.then_some(found)
}

/// The member `name` of a value; what is in something that is not known is not known either.
fn inside<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    if node.as_unknown().is_some() { Some(node) } else { node.get(name) }
}

/// May `value` come from the block `block` of the configuration? Not when a constant is another one.
fn agrees(block: &Node, value: &Node) -> bool {
    let Value::Object(members) = &block.value else { return true };
    members.iter().all(|(name, expression)| {
        let constant = expression.get("constant_value");
        let found = value.get(name);
        constant.zip(found).is_none_or(|(constant, found)| match (&constant.value, &found.value) {
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => a == b,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            _ => true,
        })
    })
}
