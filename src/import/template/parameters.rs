//! Parameter files, and the values that deployments pass on.

use super::deployment::Given;
use crate::azure::tree::{Node, Value};
use std::collections::BTreeMap;

/// The values in `written`: `{"name": {"value": …}}`, or in short the values themselves, by name in
/// lower case.
pub(super) fn given(written: &Node, evaluate: impl Fn(&Node) -> Node) -> BTreeMap<String, Given> {
    let Value::Object(members) = &written.value else { return BTreeMap::new() };
    let each = members.iter().map(|(name, node)| {
        let given = wrapped(node, &evaluate).unwrap_or_else(|| {
            // The wrapping may be what an expression makes.
            let found = evaluate(node);
            wrapped(&found, Node::clone).unwrap_or(Given::Value(found))
        });
        (name.to_ascii_lowercase(), given)
    });
    each.collect()
}

/// What `{"value": …}` or `{"reference": …}` gives.
fn wrapped(node: &Node, evaluate: impl Fn(&Node) -> Node) -> Option<Given> {
    match (node.get("value"), node.get("reference")) {
        (Some(value), _) => Some(Given::Value(evaluate(value))),
        (None, Some(_)) => Some(Given::Elsewhere("which is a secret of a key vault".to_owned())),
        (None, None) => None,
    }
}
