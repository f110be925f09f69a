//! Rules of network managers that a plan changes without putting their configuration in force anew.
//!
//! Source: Microsoft's page on deployments of configurations: changes of a configuration that is in force take effect when it
//! is deployed again. No rule says what is in force until then, so that both is possible.

use super::changes::{Found, Read};
use super::merge;
use super::redeploy::doubt_existence;
use super::terraform::COMMIT;
use crate::azure::Unknown;
use crate::azure::tree::Node;
use crate::id::ResourceId;
use std::collections::{BTreeMap, BTreeSet};

/// What puts configurations in force in azurerm.
const DEPLOYMENT: &str = "azurerm_network_manager_deployment";

/// Leaves in doubt what of configurations in force is changed from `there`, and not put in force by `document`.
pub(super) fn doubt(document: &Node, here: &mut Read, there: impl FnOnce() -> Read) {
    let mut stale = in_force(here.resources.iter());
    if stale.is_empty() {
        return;
    }
    let anew = renewed(document);
    let mut before = there();
    let known = in_force(before.resources.iter());
    stale.retain(|id| known.contains(id) && !anew.contains(id));
    let is_stale = |found: &Found| {
        let above = std::iter::successors(found.id.parent(), ResourceId::parent);
        above.into_iter().any(|id| stale.contains(&id))
    };
    before.resources.retain(is_stale);
    let mut before: BTreeMap<ResourceId, Found> =
        before.resources.into_iter().map(|found| (found.id.clone(), found)).collect();
    for found in here.resources.iter_mut().filter(|found| is_stale(found)) {
        match before.remove(&found.id) {
            Some(old) => merge::doubt(&mut found.body, &old.body, &why(&found.id)),
            None => doubt_existence(&mut found.body, &why(&found.id)),
        }
    }
    here.resources.extend(before.into_values().map(|mut found| {
        doubt_existence(&mut found.body, &why(&found.id));
        found
    }));
}

fn why(id: &ResourceId) -> Unknown {
    let name = id.name();
    Unknown::on(format!(
        "whether `{name}` is in force: the plan changes it and deploys no configuration"
    ))
}

/// The configurations that are in force by what is found.
fn in_force<'f>(found: impl Iterator<Item = &'f Found>) -> BTreeSet<ResourceId> {
    let commits = found.filter(|it| it.body.get("type").and_then(Node::as_text) == Some(COMMIT));
    let lists =
        commits.filter_map(|it| it.body.get("properties")?.get("configurationIds")?.as_list());
    lists.flatten().filter_map(Node::as_text).map(ResourceId::new).collect()
}

/// The configurations that the document puts in force anew.
fn renewed(document: &Node) -> BTreeSet<ResourceId> {
    let changes = document.get("resource_changes").and_then(Node::as_list).unwrap_or_default();
    let text = |node: &Node, name: &str| node.get(name).and_then(Node::as_text).map(str::to_owned);
    let commits = changes.iter().filter(|it| text(it, "type").as_deref() == Some(DEPLOYMENT));
    let changed = commits.filter_map(|it| it.get("change")).filter(|change| {
        let actions = change.get("actions").and_then(Node::as_list).unwrap_or_default();
        actions.iter().filter_map(Node::as_text).any(|it| it != "no-op")
    });
    let lists = changed.filter_map(|it| it.get("after")?.get("configuration_ids")?.as_list());
    lists.flatten().filter_map(Node::as_text).map(ResourceId::new).collect()
}
