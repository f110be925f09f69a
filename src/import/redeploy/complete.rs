//! Deployments of mode `Complete`: what the resource group has and the template does not declare goes.
//!
//! Source: Microsoft's pages on deployment modes and on what complete mode deletes: parts go with what they are of, and
//! else stay; what hangs on other resources (locks, roles, settings) is not deleted, nor is what is in other groups. A
//! resource whose condition is false goes.

use super::change;
use crate::azure::Unknown;
use crate::azure::tree::Node;
use crate::id::ResourceId;
use crate::import::arm;
use crate::import::collect::Collected;
use crate::import::template::{Deployed, Scope};
use std::collections::BTreeSet;

/// Takes out of the resource group `scope` what is not `deployed`.
pub(super) fn forget(
    deployed: &[Deployed],
    ids: &BTreeSet<ResourceId>,
    scope: &Scope,
    collected: &mut Collected,
) {
    let kept: BTreeSet<ResourceId> = ids.iter().map(whole).collect();
    let unsure: BTreeSet<String> =
        deployed.iter().filter(|it| is_unsure(it)).filter_map(|it| arm_type(&it.id)).collect();
    let group = ResourceId::new(&scope.group_id());
    let goes = |id: &ResourceId| is_in(id, &group) && !kept.contains(&whole(id));
    for (id, mut resource) in collected.take(goes) {
        let owner = owner_of(&resource.body.node());
        let stays = owner.is_some_and(|owner| kept.contains(&owner) || !goes(&owner));
        let may_stay = arm_type(&whole(&id)).is_some_and(|it| unsure.contains(&it));
        if may_stay {
            change(&mut resource, &mut in_doubt);
        }
        if stays || may_stay {
            collected.put(id, resource);
        }
    }
}

/// What a part is of; the resource itself where it is none.
fn whole(id: &ResourceId) -> ResourceId {
    std::iter::successors(Some(id.clone()), ResourceId::parent).last().unwrap_or_else(|| id.clone())
}

fn arm_type(id: &ResourceId) -> Option<String> {
    id.resource_type().map(|it| it.to_ascii_lowercase())
}

/// Is its name not known, or whether it is deployed, so that it may be one of those that are there?
fn is_unsure(deployed: &Deployed) -> bool {
    deployed.id.as_str().contains('{')
        || deployed.body.get("condition").is_some_and(|it| it.as_unknown().is_some())
}

/// Is it in the resource group, and of a type that is deleted?
fn is_in(id: &ResourceId, group: &ResourceId) -> bool {
    let same =
        |a: Option<&str>, b: Option<&str>| a.zip(b).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b));
    let hangs_on_others = arm_type(&whole(id)).is_some_and(|it| {
        ["microsoft.authorization/", "microsoft.insights/"]
            .iter()
            .any(|start| it.starts_with(start))
    });
    same(id.subscription(), group.subscription())
        && same(id.resource_group(), group.resource_group())
        && id.resource_type().is_some()
        && !hangs_on_others
}

/// The endpoint or service that Azure made an interface for: it goes with that.
fn owner_of(body: &Node) -> Option<ResourceId> {
    let owner = ["privateEndpoint", "privateLinkService"].iter().find_map(|name| {
        let node = arm::list_of(body, name)?;
        node.get("id")?.as_text()
    });
    owner.map(ResourceId::new)
}

fn in_doubt(body: &mut Node) {
    let why = "the template, which may declare it by a name that is not known";
    super::doubt_existence(body, &Unknown::on(why));
}
