//! One change of the configuration by itself: what it is about made as it is on the other side.

use crate::answer::ConfigurationChange;
use crate::azure::Snapshot;
use crate::azure::tree::{Node, Tree, Value};

/// Makes what `change` is about in `snapshot` as it is in `other`; where that cannot be, nothing is changed.
pub(super) fn adopt(snapshot: &mut Snapshot, change: &ConfigurationChange, other: &Snapshot) {
    let id = &change.resource;
    let theirs = other.resources.get(id);
    if change.path.is_empty() {
        match theirs {
            Some(resource) => drop(snapshot.resources.insert(id.clone(), resource.clone())),
            None => drop(snapshot.resources.remove(id)),
        }
        return;
    }
    let Some(resource) = snapshot.resources.get_mut(id) else { return };
    let steps: Vec<String> = change.path.split('/').skip(1).map(unescaped).collect();
    let Some((last, way)) = steps.split_last() else { return };
    let theirs = theirs.map(|resource| resource.body.node());
    let value = theirs.and_then(|mut body| Some(below(&mut body, &steps)?.clone()));
    let mut body = resource.body.node();
    if let Some(owner) = below(&mut body, way) {
        put(owner, last, value);
        resource.body = Tree::new(&body);
    }
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// What stands at the end of the way: members, and elements of lists by their names.
fn below<'n>(node: &'n mut Node, steps: &[String]) -> Option<&'n mut Node> {
    steps.iter().try_fold(node, |node, step| match &mut node.value {
        Value::Object(members) => {
            let found = members.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(step));
            found.map(|(_, node)| node)
        }
        Value::List(nodes) => nodes.iter_mut().find(|node| is_called(node, step)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {
            None
        }
    })
}

/// Is it the element of a list that is told apart by `name`? As changes are told.
fn is_called(node: &Node, name: &str) -> bool {
    let own = ["name", "id"].iter().find_map(|key| node.get(key)?.as_text());
    own.is_some_and(|own| own.eq_ignore_ascii_case(name))
}

/// Puts `value` in the place of the part `last`, or takes that out.
fn put(owner: &mut Node, last: &str, value: Option<Node>) {
    match &mut owner.value {
        Value::Object(members) => {
            let at = members.iter().position(|(name, _)| name.eq_ignore_ascii_case(last));
            match (at.and_then(|at| members.get_mut(at)), value) {
                (Some(member), Some(value)) => member.1 = value,
                (None, Some(value)) => members.push((last.into(), value)),
                (_, None) => members.retain(|(name, _)| !name.eq_ignore_ascii_case(last)),
            }
        }
        Value::List(nodes) => {
            nodes.retain(|node| !is_called(node, last));
            nodes.extend(value);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::configuration_changes;
    use super::*;
    use crate::import::{Document, read};

    fn snapshot(resources: &str) -> Snapshot {
        let text = format!("[{resources}]");
        read([Document { name: "a.json".into(), text: text.as_bytes() }])
    }

    fn group(name: &str, rules: &str) -> String {
        let id = format!(
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/{name}"
        );
        format!(
            r#"{{"id": "{id}", "type": "Microsoft.Network/networkSecurityGroups", "properties": {{"securityRules": [{rules}]}}}}"#
        )
    }

    /// All changes together make one side of the other; each alone leaves the others.
    #[test]
    fn every_change_is_taken_back_by_itself() {
        let rule = |name: &str, port: u32| {
            format!(r#"{{"name": "{name}", "properties": {{"port": {port}}}}}"#)
        };
        let old = [rule("a/b", 1), rule("c", 2)].join(",");
        let new = [rule("A/b", 3), rule("d", 4)].join(",");
        let before = snapshot(&[group("n", &old), group("gone", "")].join(","));
        let after = snapshot(&[group("n", &new), group("come", "")].join(","));
        let changes = configuration_changes(&before, &after);
        assert_eq!(changes.len(), 6, "{changes:#?}");
        for change in &changes {
            let mut changed = after.clone();
            adopt(&mut changed, change, &before);
            let left = configuration_changes(&before, &changed);
            let told = |it: &ConfigurationChange| (it.resource.clone(), it.path.clone());
            let others: Vec<_> = changes.iter().filter(|it| *it != change).map(told).collect();
            assert_eq!(left.iter().map(told).collect::<Vec<_>>(), others);
        }
        let mut all = after.clone();
        changes.iter().for_each(|change| adopt(&mut all, change, &before));
        assert_eq!(configuration_changes(&before, &all), []);
    }
}
