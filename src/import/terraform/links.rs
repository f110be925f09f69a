//! What an attribute that is known after apply refers to, as the configuration has it.

use super::plan::{self, Plan};
use super::row::{Becomes, How};
use super::rows;
use crate::azure::tree::Node;

/// Calls within each other that are followed.
const DEPTH: usize = 32;

/// An instance that is referred to, and which of its attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) at: usize,
    pub(super) rest: Vec<String>,
    /// Is it chosen by a key from what an expression makes of all instances, so that nothing tells which attribute
    /// stands there?
    pub(super) is_any: bool,
}

/// Where references stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'s> {
    /// The address of the module.
    pub(super) module: &'s str,
    /// The key of the instance, or of the module's own call.
    pub(super) key: Option<&'s str>,
    /// What `each` and `count` belong to: a resource or a call.
    pub(super) owner: Option<&'s Node>,
    pub(super) depth: usize,
}

impl Plan<'_> {
    /// What `expression` refers to; `None` when that cannot be told, as with local values.
    pub(super) fn targets(&self, expression: &Node, scope: Scope<'_>) -> Option<Vec<Target>> {
        if scope.depth > DEPTH {
            return None;
        }
        if has_computed_key(expression) {
            return None;
        }
        let references = plan::references(expression);
        let by_key = references.iter().any(|it| ["each.key", "count.index"].contains(it))
            && !references.iter().any(|it| it.starts_with("each.value"));
        let mut found = Vec::new();
        let (mut is_several, mut may_be_key) = (false, false);
        for reference in references.iter().filter(|it| !is_counting(it)) {
            let targets = self.followed(reference, by_key, scope)?;
            is_several |= targets.len() > 1;
            may_be_key |= targets.is_empty();
            for target in targets {
                if !found.contains(&target) {
                    found.push(target);
                }
            }
        }
        // Something that leads to constants only may be the key of one of them: `x[each.value.which]`, `x[var.map[each.key]]`.
        (!(may_be_key && (is_several || by_key))).then_some(found)
    }

    /// Does `expression` depend on nothing that is to be applied, so that its value is known?
    pub(super) fn is_settled(&self, expression: &Node, scope: Scope<'_>) -> bool {
        let references = plan::references(expression);
        scope.depth <= DEPTH
            && plan::is_expression(expression)
            && references.iter().all(|reference| self.is_settled_by(reference, scope))
    }

    fn is_settled_by(&self, reference: &str, scope: Scope<'_>) -> bool {
        let deeper = Scope { depth: scope.depth + 1, ..scope };
        match plan::steps(reference).as_slice() {
            ["each", "key"] | ["count", "index"] | ["path" | "terraform", ..] => true,
            ["each", "value", ..] => {
                let all = scope.owner.and_then(|owner| owner.get("for_each_expression"));
                all.is_some_and(|all| self.is_settled(all, deeper))
            }
            ["var", name, ..] => {
                let Some((parent, _, key)) = plan::parted(scope.module) else { return true };
                let Some(call) = self.call(scope.module) else { return false };
                let given = call.get("expressions").and_then(|it| it.get(name));
                let outer = Scope { module: parent, key, owner: Some(call), ..deeper };
                given.is_none_or(|given| self.is_settled(given, outer))
            }
            _ => false,
        }
    }

    fn followed(&self, reference: &str, by_key: bool, scope: Scope<'_>) -> Option<Vec<Target>> {
        let steps = plan::steps(reference);
        match steps.as_slice() {
            ["local" | "path" | "terraform" | "self", ..] => None,
            ["var", name, rest @ ..] => self.argument(name, rest, scope),
            ["each", "value", rest @ ..] => self.element(rest, scope),
            ["module", name, rest @ ..] => self.output(name, rest, by_key, scope),
            ["data", kind, name, rest @ ..] => {
                self.chosen(&format!("data.{kind}.{name}"), rest, by_key, scope)
            }
            [kind, name, rest @ ..] => self.chosen(&format!("{kind}.{name}"), rest, by_key, scope),
            _ => None,
        }
    }

    fn key_of(&self, at: usize) -> Option<&str> {
        self.instances.get(at)?.key.as_deref()
    }

    /// What the loop has for the instance.
    fn element(&self, rest: &[&str], scope: Scope<'_>) -> Option<Vec<Target>> {
        let expression = scope.owner?.get("for_each_expression")?;
        let mut all = self.targets(expression, Scope { depth: scope.depth + 1, ..scope })?;
        // Instances that are named one by one may have other keys in the loop: `{ a = x["b"], b = x["a"] }`.
        if all.len() > 1 && plan::references(expression).iter().any(|it| it.contains("[\"")) {
            return None;
        }
        // What is not known can only come from the one thing that the loop refers to.
        if all.len() != 1 || plan::references(expression).len() != 1 {
            all.retain(|it| self.key_of(it.at) == scope.key);
        }
        let told = |it: Target| match rest {
            [] => it,
            _ => Target { rest: owned(rest), ..it },
        };
        Some(all.into_iter().map(told).collect())
    }

    /// What `rest` chooses from what `expression` gives: the element of a key, or the id of an object.
    fn within(&self, expression: &Node, rest: &[&str], scope: Scope<'_>) -> Option<Vec<Target>> {
        let all = self.targets(expression, scope);
        match rest {
            [key, rest @ ..] if key.starts_with('[') => self.of_key(expression, key, rest, all?),
            ["id"] if plan::references(expression).len() > 1 => {
                let is_one = |it: &Vec<Target>| it.len() == 1;
                all.filter(is_one).or_else(|| self.only_id(expression, scope))
            }
            _ => all,
        }
    }

    /// Of all instances of the one resource that `expression` refers to that of `key`: a map of them, or what is made
    /// of them for each of their keys.
    fn of_key(
        &self,
        expression: &Node,
        key: &str,
        rest: &[&str],
        all: Vec<Target>,
    ) -> Option<Vec<Target>> {
        if all.iter().all(|it| self.key_of(it.at).is_none()) {
            return Some(all);
        }
        let resource =
            |at: usize| Some((&self.instances.get(at)?.module, self.instances.get(at)?.resource()));
        let first = resource(all.first()?.at);
        if plan::references(expression).len() != 1 || all.iter().any(|it| resource(it.at) != first)
        {
            return None;
        }
        let mut same = all.iter().filter(|it| self.key_of(it.at) == Some(key));
        let (one, None) = (same.next()?.clone(), same.next()) else { return None };
        // The keys may be names.
        let name = |at: usize| self.instances.get(at)?.values.get("name")?.as_text();
        let is_named = |at: usize| name(at).is_some_and(|name| key == format!("[\"{name}\"]"));
        if !is_named(one.at) && all.iter().any(|it| is_named(it.at)) {
            return None;
        }
        let is_any = one.is_any || (one.rest.is_empty() && rest.is_empty());
        let rest = if rest.is_empty() { one.rest } else { owned(rest) };
        Some(vec![Target { at: one.at, rest, is_any }])
    }

    /// The only id that `expression` refers to, if all else there is known: `{ id = x.id, name = x.name }`.
    fn only_id(&self, expression: &Node, scope: Scope<'_>) -> Option<Vec<Target>> {
        let references = plan::references(expression);
        let (ids, others): (Vec<&str>, Vec<&str>) =
            references.into_iter().partition(|it| it.ends_with(".id"));
        let [id] = ids.as_slice() else { return None };
        let is_known = |reference: &&str| {
            self.is_settled_by(reference, scope)
                || self
                    .followed(reference, false, scope)
                    .is_some_and(|all| !all.is_empty() && all.iter().all(|it| self.is_known(it)))
        };
        if !others.iter().all(is_known) {
            return None;
        }
        self.followed(id, false, scope)
    }

    /// Is the attribute known?
    fn is_known(&self, target: &Target) -> bool {
        let values = self.instances.get(target.at).map(|it| &it.values);
        let found = target.rest.iter().try_fold(values, |node, step| Some(node?.get(step)));
        let is_text = |node: &Node| node.as_text().is_some();
        !target.rest.is_empty() && found.flatten().is_some_and(is_text)
    }

    /// What the call of the module gives for its variable `name`.
    fn argument(&self, name: &str, rest: &[&str], scope: Scope<'_>) -> Option<Vec<Target>> {
        let (parent, _, key) = plan::parted(scope.module)?;
        let call = self.call(scope.module)?;
        let expression = call.get("expressions")?.get(name)?;
        let outer = Scope { module: parent, key, owner: Some(call), depth: scope.depth + 1 };
        self.within(expression, rest, outer)
    }

    /// What an output of the module `name` is.
    fn output(
        &self,
        name: &str,
        rest: &[&str],
        by_key: bool,
        scope: Scope<'_>,
    ) -> Option<Vec<Target>> {
        let (key, rest) = keyed(rest);
        let key = key.or(scope.key.filter(|_| by_key));
        let (output, rest) = rest.split_first()?;
        let dot = if scope.module.is_empty() { "" } else { "." };
        let plain = format!("{}{dot}module.{name}", scope.module);
        let call = self.module(scope.module)?.get("module_calls")?.get(name)?;
        let is_many =
            ["for_each_expression", "count_expression"].iter().any(|it| call.get(it).is_some());
        if is_many && key.is_none() {
            return None;
        }
        let module = format!("{plain}{}", key.filter(|_| is_many).unwrap_or_default());
        let outputs = call.get("module")?.get("outputs")?;
        let expression = outputs.get(output)?.get("expression")?;
        let inner = Scope { module: &module, key, owner: None, depth: scope.depth + 1 };
        self.within(expression, rest, inner)
    }

    /// The instances of `resource` that are meant.
    fn chosen(
        &self,
        resource: &str,
        rest: &[&str],
        by_key: bool,
        scope: Scope<'_>,
    ) -> Option<Vec<Target>> {
        let all = self.instances_of(scope.module, resource);
        let (key, rest) = keyed(rest);
        let same =
            |key: &str| all.iter().copied().filter(|&at| self.key_of(at) == Some(key)).collect();
        let is_many = all.iter().any(|&at| self.key_of(at).is_some());
        let chosen: Vec<usize> = match (key, scope.key) {
            (Some(key), _) if is_many => same(key),
            (None, Some(own)) if is_many && by_key => {
                if self.is_counted_otherwise(all.len(), scope) {
                    return None;
                }
                same(own)
            }
            _ => all.to_vec(),
        };
        if chosen.is_empty() {
            return None;
        }
        let target = |at| Target { at, rest: owned(rest), is_any: false };
        Some(chosen.into_iter().map(target).collect())
    }

    /// Is the owner of the expression counted, and are there as many of it as of what it refers to? Where there are
    /// not, its number is no plain key, such as in `x[count.index % 2]`.
    pub(super) fn is_counted_otherwise(&self, count: usize, scope: Scope<'_>) -> bool {
        let Some(owner) = scope.owner.filter(|it| it.get("count_expression").is_some()) else {
            return false;
        };
        let address = owner.get("address").and_then(Node::as_text);
        address.is_some_and(|it| self.instances_of(scope.module, it).len() != count)
    }

    /// The id that a target means.
    pub(super) fn id_of(&self, target: &Target, depth: usize) -> Option<String> {
        let rest: Vec<&str> = target.rest.iter().map(String::as_str).collect();
        match rest.as_slice() {
            [] | ["id"] => self.id(target.at, depth),
            [block, "id"] => self.part(target.at, block, 0, depth),
            [block, number, "id"] => {
                let number = number.trim_matches(['[', ']']).parse().ok()?;
                self.part(target.at, block, number, depth)
            }
            _ => None,
        }
    }

    /// The id of a block that is a part in ARM.
    fn part(&self, at: usize, block: &str, number: usize, depth: usize) -> Option<String> {
        let instance = self.instances.get(at)?;
        let row = rows::of(&instance.kind)?;
        let inline =
            row.parts.iter().find(|(name, _)| *name == block).map(|(_, part)| part.becomes);
        let list = match inline {
            Some(Becomes::Below(arm_type, _)) => arm_type.rsplit('/').next()?,
            Some(_) => return None,
            None => {
                let is_it = |field: &&super::row::Field| {
                    field.from == block && matches!(field.how, How::Each(_))
                };
                row.fields.iter().find(is_it)?.to
            }
        };
        let element = instance.values.get(block)?.as_list()?.get(number)?;
        let name = element.get("name")?.as_text()?;
        Some(format!("{}/{list}/{name}", self.id(at, depth)?))
    }
}

/// Does a reference have a key with something done to it, as in `x[each.key == "a" ? "b" : each.key]`? That refers to what
/// numbers the instances more than once.
pub(super) fn has_computed_key(expression: &Node) -> bool {
    let list = expression.get("references").and_then(Node::as_list).unwrap_or_default();
    let all: Vec<&str> = list.iter().filter_map(Node::as_text).collect();
    all.windows(3).any(|it| match it {
        [of, first, second] => !is_counting(of) && is_counting(first) && first == second,
        _ => false,
    })
}

/// Is the reference one to what numbers the instances?
pub(super) fn is_counting(reference: &str) -> bool {
    ["each.key", "count.index"].contains(&reference)
}

/// The key at the start of what follows a resource, and the rest.
fn keyed<'r, 's>(rest: &'s [&'r str]) -> (Option<&'r str>, &'s [&'r str]) {
    match rest {
        [key, rest @ ..] if key.starts_with('[') => (Some(key), rest),
        _ => (None, rest),
    }
}

fn owned(steps: &[&str]) -> Vec<String> {
    steps.iter().map(|&step| step.to_owned()).collect()
}
