//! What is joined by a key that is taken for `count.index` or `each.key` itself, and by `each.value` of a loop over instances.
//!
//! A plan has `x[count.index]`, `x[1 - count.index]` and `element(x[*], count.index + 1)` as one and the same: a reference to `x`
//! and one to `count.index`. The first is what nearly everybody writes. Where it matters which of the instances is meant, it is
//! said.

use super::instance::Instance;
use super::links::{self, Scope};
use super::plan::{self, Plan};
use super::row::Becomes;
use super::rows;
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};

/// What a side of a plan assumes, with where it belongs.
pub(super) fn of(plan: &Plan<'_>) -> Vec<(String, Diagnostic)> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut modules = BTreeSet::new();
    for instance in plan.instances.iter().filter(|it| !it.is_data) {
        modules.insert(instance.module.as_str());
        for message in by_instance(plan, instance) {
            found.entry(message).or_insert_with(|| instance.pointer.clone());
        }
    }
    let called = modules.iter().flat_map(|module| by_call(plan, module));
    for message in called.collect::<Vec<_>>() {
        found.entry(message).or_insert_with(|| "/configuration".to_owned());
    }
    let said = found.into_iter();
    said.map(|(message, pointer)| (pointer, Diagnostic::note("assumed-key", message))).collect()
}

/// What the expressions of a resource assume that are read and not known.
fn by_instance(plan: &Plan<'_>, instance: &Instance) -> Vec<String> {
    let configuration = plan.configuration(instance).filter(|_| instance.key.is_some());
    let expressions = configuration.and_then(|it| it.get("expressions"));
    let (Some(owner), Some(Value::Object(all))) = (configuration, expressions.map(|it| &it.value))
    else {
        return Vec::new();
    };
    // Which of them has an association matters by what it associates with it.
    let about = rows::of(&instance.kind).and_then(|row| match row.becomes {
        Becomes::Said(of) | Becomes::Instead(of, _) => Some(of),
        Becomes::InGroup(_)
        | Becomes::Below(..)
        | Becomes::Of(..)
        | Becomes::At(..)
        | Becomes::Listed(..) => None,
    });
    let scope = Scope {
        module: &instance.module,
        key: instance.key.as_deref(),
        owner: Some(owner),
        depth: 0,
    };
    let open = all.iter().filter(|(name, _)| {
        about != Some(&**name) && instance.values.get(name).is_some_and(has_unknown)
    });
    let by = |(name, expression)| {
        let way = format!("{}.{name}", instance.resource());
        inside(expression, &way, &|it| assumed(plan, it, scope))
    };
    open.map(|(name, node)| (&**name, node)).flat_map(by).collect()
}

/// What the arguments of the call of a module assume.
fn by_call(plan: &Plan<'_>, module: &str) -> Vec<String> {
    let Some((parent, name, Some(key))) = plan::parted(module) else { return Vec::new() };
    let call = plan.call(module);
    let arguments = call.and_then(|it| it.get("expressions")).map(|it| &it.value);
    let Some(Value::Object(arguments)) = arguments else { return Vec::new() };
    let scope = Scope { module: parent, key: Some(key), owner: call, depth: 0 };
    let by = |(argument, expression): &(_, Node)| {
        let way = format!("module.{name}.{argument}");
        inside(expression, &way, &|it| assumed(plan, it, scope))
    };
    arguments.iter().flat_map(by).collect()
}

/// What the expressions at `way` and below assume, in a sentence each.
fn inside<'n>(
    node: &'n Node,
    way: &str,
    assumed: &dyn Fn(&'n Node) -> Option<(&'n str, &'n str)>,
) -> Vec<String> {
    match &node.value {
        _ if plan::is_expression(node) => {
            let said = assumed(node).map(|(of, key)| {
                format!("`{way}` means `{of}[{key}]`: the plan does not tell whether anything is done to `{key}`")
            });
            said.into_iter().collect()
        }
        Value::Object(members) => {
            let each = members.iter();
            each.flat_map(|(name, node)| inside(node, &format!("{way}.{name}"), assumed)).collect()
        }
        Value::List(nodes) => nodes.iter().flat_map(|node| inside(node, way, assumed)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {
            Vec::new()
        }
    }
}

/// What of several that are not alike the expression chooses from, and by which key.
fn assumed<'n>(
    plan: &Plan<'_>,
    expression: &'n Node,
    scope: Scope<'n>,
) -> Option<(&'n str, &'n str)> {
    let references = plan::references(expression);
    if references.iter().any(|it| it.starts_with("each.value")) {
        return in_loop(plan, scope).map(|of| (of, "each.key"));
    }
    let key = *references.iter().find(|it| links::is_counting(it))?;
    if links::has_computed_key(expression) {
        return None;
    }
    let mut others = references.into_iter().filter(|it| !links::is_counting(it));
    Some((others.find(|it| is_choice(plan, it, scope))?, key))
}

/// What of several that are not alike a loop goes over, whose keys may have been changed.
fn in_loop<'n>(plan: &Plan<'_>, scope: Scope<'n>) -> Option<&'n str> {
    let references = plan::references(scope.owner?.get("for_each_expression")?);
    let [of] = references.as_slice() else { return None };
    is_choice(plan, of, scope).then_some(of)
}

/// Are there several of it that are not alike, of which some are new?
fn is_choice(plan: &Plan<'_>, of: &str, scope: Scope<'_>) -> bool {
    let all = plan.instances_of(scope.module, of);
    let all: Vec<&Instance> = all.iter().filter_map(|&at| plan.instances.get(at)).collect();
    let is_new = |it: &&Instance| it.values.get("id").is_none_or(has_unknown);
    all.iter().any(is_new) && !plan.is_counted_otherwise(all.len(), scope) && are_unlike(&all)
}

/// Is there more that tells instances apart than their names and what follows from their keys?
fn are_unlike(all: &[&Instance]) -> bool {
    let content = |it: &Instance| {
        let key = it.key.as_deref().unwrap_or_default();
        let mut text = String::new();
        put(&it.values, key.trim_matches(['[', ']', '"']), &mut text);
        text
    };
    let contents: BTreeSet<String> = all.iter().map(|it| content(it)).collect();
    contents.len() > 1
}

/// Writes what a value is, with a mark in place of `key`.
fn put(node: &Node, key: &str, text: &mut String) {
    match &node.value {
        Value::Object(members) => {
            let told = members.iter().filter(|it| !["id", "name", "tags"].contains(&&*it.0));
            for (name, node) in told {
                text.push_str(name);
                text.push('=');
                put(node, key, text);
            }
        }
        Value::List(nodes) => nodes.iter().for_each(|node| put(node, key, text)),
        Value::Text(own) if key.is_empty() => text.push_str(own),
        Value::Text(own) => text.push_str(&own.replace(key, "*")),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Null => text.push('-'),
        Value::Unknown(_) => text.push('?'),
    }
    text.push(';');
}

fn has_unknown(node: &Node) -> bool {
    match &node.value {
        Value::Object(members) => members.iter().any(|(_, node)| has_unknown(node)),
        Value::List(nodes) => nodes.iter().any(has_unknown),
        Value::Unknown(_) => true,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => false,
    }
}
