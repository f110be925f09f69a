//! What a result says that it does not tell: it may be any resource.

use super::text;
use crate::azure::tree::Node;
use crate::id::ResourceId;
use crate::import::arm;
use crate::import::beside::Beside;
use crate::import::changes::Found;

/// What stands for the type of a change that tells none.
const NO_TYPE: &str = "of a type that the what-if result does not tell";

const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";

/// How the codes start of what the service says of a nested deployment that it skipped: `…ShortCircuited`,
/// `…SkippedFromInternalExpansion`.
const SKIPPED: &str = "NestedDeployment";

/// The change `number`, which tells neither an id nor a type.
pub(super) fn change(scope: &str, number: usize, pointer: &str) -> Found {
    let id = format!("{scope}/providers/hopwise.untold/changes/change {number}");
    found(&id, NO_TYPE, pointer.to_owned())
}

/// Nested deployments that the service skipped: what is said of any other one is about that alone.
pub(super) fn skipped(result: &Node, scope: &str, pointer: &str) -> Vec<Found> {
    let is_it = |code: &str| code.starts_with(SKIPPED);
    let said = diagnostics(result, pointer).into_iter();
    let said = said.filter(|(_, it)| text(it, "code").is_some_and(is_it));
    let found = said.enumerate().map(|(at, (pointer, it))| {
        let told = text(it, "target").filter(|target| arm::is_id(target)).map(str::to_owned);
        let untold = || format!("{scope}/providers/{DEPLOYMENTS}/nested deployment {at}");
        found(&told.unwrap_or_else(untold), DEPLOYMENTS, pointer)
    });
    found.collect()
}

/// What the service says of the result and of its changes, with where it stands.
pub(super) fn diagnostics<'n>(result: &'n Node, pointer: &str) -> Vec<(String, &'n Node)> {
    let of = |node: &'n Node, pointer: String| {
        let said = node.get("diagnostics").and_then(Node::as_list).unwrap_or_default();
        let said = said.iter().enumerate();
        said.map(move |(at, it)| (format!("{pointer}/diagnostics/{at}"), it))
    };
    let changes = result.get("changes").and_then(Node::as_list).unwrap_or_default();
    let changes = changes.iter().enumerate();
    let of_changes = changes.flat_map(|(at, it)| of(it, format!("{pointer}/changes/{at}")));
    of(result, pointer.to_owned()).chain(of_changes).collect()
}

/// Does the result tell what it is?
pub(super) fn is_told(found: &Found) -> bool {
    found.body.get("type").and_then(Node::as_text) != Some(NO_TYPE)
}

fn found(id: &str, arm_type: &str, pointer: String) -> Found {
    let body = arm::bringing(id, arm_type, None);
    Found { id: ResourceId::new(id), body, pointer, is_data: false, beside: Beside::Nothing }
}
