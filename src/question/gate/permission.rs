//! Does somebody have a role that permits an operation on a resource?

use super::Scene;
use crate::answer::{Item, ItemKind};
use crate::azure::{Assignee, Permission, Principal, Role, RoleAssignment, fits};
use crate::id::{Id, ResourceId};

/// An operation of Azure's control or data plane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation<'a> {
    /// Such as `Microsoft.Network/bastionHosts/read`.
    pub(super) name: &'a str,
    /// Is it one of the data plane (`dataActions`)?
    pub(super) is_data: bool,
}

/// Is it permitted?
#[derive(Clone, Debug)]
pub(super) enum Permitted {
    /// By this assignment of this role.
    Yes(Item, String),
    /// By none.
    No,
    /// It depends on something that is not known.
    Unknown(String),
}

/// Is `operation` permitted on the resource `on` to who acts?
pub(super) fn permitted(scene: &Scene<'_>, operation: Operation<'_>, on: &ResourceId) -> Permitted {
    let (Some(id), Some(principal)) = (scene.actor.named(), scene.acting()) else {
        return Permitted::Unknown("the dataflow names no principal".to_owned());
    };
    let network = scene.network();
    let mut doubt = None;
    let mut has_any = principal.are_roles_told;
    for assignment in network.role_assignments.values() {
        if !is_for(assignment, id, principal) {
            continue;
        }
        has_any = true;
        match grants(scene, assignment, operation, on) {
            Some(Grant::Surely(role)) => {
                return Permitted::Yes(item(scene, assignment, &role), role);
            }
            Some(Grant::Perhaps(why)) => doubt = doubt.or(Some(why)),
            None => {}
        }
    }
    match doubt {
        Some(why) => Permitted::Unknown(why),
        None if has_any => Permitted::No,
        None => Permitted::Unknown(format!("no role of {} is in the input", scene.who())),
    }
}

enum Grant {
    /// By the role of that name.
    Surely(String),
    /// Perhaps, because of this.
    Perhaps(String),
}

fn item(scene: &Scene<'_>, assignment: &RoleAssignment, role: &str) -> Item {
    let meta = &assignment.meta;
    // Subscriptions and groups are told by their whole path.
    let scope = &assignment.scope;
    let place = if scope.resource_type().is_some() { scope.name() } else { scope.as_str() };
    let name = format!("{role} on {place}");
    scene.part(ItemKind::RoleAssignment, &name, &meta.id, &meta.origin)
}

fn is_for(assignment: &RoleAssignment, id: Id<Principal>, principal: &Principal) -> bool {
    let is = |text: &str, other: &str| text.eq_ignore_ascii_case(other);
    match &assignment.assignee {
        Assignee::Principal(other) => *other == id,
        Assignee::ObjectId(object) => {
            principal.object_id.as_deref().is_some_and(|own| is(object, own))
                || is(object, principal.meta.name())
                || principal.groups.iter().any(|group| is(object, group))
        }
    }
}

fn grants(
    scene: &Scene<'_>,
    assignment: &RoleAssignment,
    operation: Operation<'_>,
    on: &ResourceId,
) -> Option<Grant> {
    let (name, has_it) = match &assignment.role {
        Role::BuiltIn(role) => {
            (role.name.to_owned(), role.permits(operation.name, operation.is_data))
        }
        Role::Defined(link) => match link.known() {
            Some(id) => {
                let role = &scene.network().role_definitions[id];
                let has_it = role.permissions.iter().any(|part| part_permits(part, operation));
                (role.name.to_string(), has_it)
            }
            None => return unknown_role(assignment, on),
        },
        Role::Unknown(_) => return unknown_role(assignment, on),
    };
    if !has_it {
        return None;
    }
    match contains(&assignment.scope, on) {
        Some(false) => None,
        Some(true) if assignment.has_condition => {
            Some(Grant::Perhaps(format!("the assignment of {name} has a condition")))
        }
        Some(true) => Some(Grant::Surely(name)),
        None => Some(Grant::Perhaps(format!(
            "{name} is assigned at {}, and whether the subscription lies there is not in the input",
            assignment.scope
        ))),
    }
}

fn unknown_role(assignment: &RoleAssignment, on: &ResourceId) -> Option<Grant> {
    let why = "what a role that is assigned permits is not in the input";
    (contains(&assignment.scope, on) != Some(false)).then(|| Grant::Perhaps(why.to_owned()))
}

fn part_permits(part: &Permission, operation: Operation<'_>) -> bool {
    let (yes, no) = match operation.is_data {
        true => (&part.data_actions, &part.not_data_actions),
        false => (&part.actions, &part.not_actions),
    };
    let any = |patterns: &[Box<str>]| patterns.iter().any(|it| fits(it, operation.name));
    any(yes) && !any(no)
}

/// Does a resource lie within a scope? None for management groups, whose subscriptions are not known.
fn contains(scope: &ResourceId, on: &ResourceId) -> Option<bool> {
    let (scope, on) = (scope.as_str().to_ascii_lowercase(), on.as_str().to_ascii_lowercase());
    if scope.contains("/managementgroups/") {
        return None;
    }
    let rest = on.strip_prefix(&scope);
    Some(rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_holds_what_lies_below_it() {
        let at = |scope: &str| {
            let on =
                "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/b";
            contains(&ResourceId::new(scope), &ResourceId::new(on))
        };
        assert_eq!(at("/"), Some(true));
        assert_eq!(at("/subscriptions/S"), Some(true));
        assert_eq!(at("/subscriptions/s/resourcegroups/rg"), Some(true));
        assert_eq!(at("/subscriptions/s/resourceGroups/r"), Some(false));
        assert_eq!(at("/providers/Microsoft.Management/managementGroups/m"), None);
    }
}
