//! Values that are not known, and values that cannot be read.

use super::{Random, Scenario};
use hopwise::azure::Snapshot;
use hopwise::azure::Unknown;
use hopwise::azure::tree::{Node, Tree, Value as Found};
use serde_json::{Value, json};

/// What stands in a document where a value is known after a deployment only: no document can say so itself.
pub(crate) const UNKNOWN: &str = "<known after apply>";

/// What nobody can read: no prefix, no port, no tag that there is, no word, no resource.
const NONSENSE: [&str; 4] = ["10.0.0.0/99", "70000-1", "NoSuchTag", "none/of/this"];

/// The JSON pointers of all values of `network` that are no names, those that are of one piece.
pub(crate) fn values(scenario: &Scenario) -> Vec<String> {
    let mut found = Vec::new();
    add(&scenario.document["network"], "/network", &mut found);
    found
}

fn add(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            let members = members.iter().filter(|(name, _)| *name != "name");
            members.for_each(|(name, it)| {
                let step = name.replace('~', "~0").replace('/', "~1");
                add(it, &format!("{pointer}/{step}"), found);
            });
        }
        Value::Array(elements) => {
            let elements = elements.iter().enumerate();
            elements.for_each(|(at, it)| add(it, &format!("{pointer}/{at}"), found));
        }
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => found.push(pointer.to_owned()),
    }
}

/// Takes one to three values away, or writes nonsense in their place.
pub(super) fn make(scenario: &mut Scenario, random: &mut Random) {
    for _ in 0..random.between(1, 3) {
        let Some(way) = random.one(&values(scenario)).cloned() else { return };
        let text = if random.percent(65) { UNKNOWN } else { random.pick(&NONSENSE) };
        *scenario.document.pointer_mut(&way).unwrap() = json!(text);
    }
}

/// Puts values that are not known where [`UNKNOWN`] stands.
pub(super) fn apply(snapshot: &mut Snapshot) {
    for resource in snapshot.resources.values_mut() {
        let mut body = resource.body.node();
        if take_away(&mut body) {
            resource.body = Tree::new(&body);
        }
    }
}

fn take_away(node: &mut Node) -> bool {
    match &mut node.value {
        Found::Text(text) if **text == *UNKNOWN => {
            node.value = Found::Unknown(Unknown::on("`azurerm_x.y`, known after apply"));
            true
        }
        Found::List(nodes) => nodes.iter_mut().fold(false, |any, node| take_away(node) | any),
        Found::Object(members) => {
            members.iter_mut().fold(false, |any, (_, node)| take_away(node) | any)
        }
        Found::Null | Found::Bool(_) | Found::Number(_) | Found::Text(_) | Found::Unknown(_) => {
            false
        }
    }
}
