//! Role assignments and role definitions, of exports and of a scenario's principals.

use crate::azure::{Assignee, BuiltInRole, Permission, Role, RoleAssignment, RoleDefinition};
use crate::diag::Diagnostic;
use crate::id::ResourceId;
use crate::resolve::fields::Fields;
use crate::resolve::kinds::Kind;
use crate::resolve::scope::list_of;
use crate::resolve::spot::Spot;

/// Reads an assignment as ARM lists it.
pub(in crate::resolve) fn read_assignment(fields: &Fields<'_>) -> RoleAssignment {
    let definition = fields.find("roleDefinitionId");
    if definition.is_none() {
        fields.absent("roleDefinitionId");
    }
    let assignee = fields.boxed("principalId");
    if assignee.is_none() {
        fields.absent("principalId");
    }
    RoleAssignment {
        meta: fields.meta(),
        assignee: Assignee::ObjectId(assignee.unwrap_or_default()),
        role: definition.map_or(Role::Unknown("".into()), |spot| role(&spot)),
        scope: fields.text("scope").map(ResourceId::new).unwrap_or_else(|| scope_of(fields.id())),
        has_condition: fields.has("condition"),
    }
}

/// The scope that stands in an assignment's own id.
fn scope_of(id: &ResourceId) -> ResourceId {
    let path = id.as_str().to_ascii_lowercase();
    let end = path.rfind("/providers/microsoft.authorization/").unwrap_or(path.len());
    ResourceId::new(id.as_str().get(..end).unwrap_or_default())
}

/// Reads `{role, scope}` of a scenario; a scope is an ARM id, or the name of a resource that is the only
/// one of its name.
pub(in crate::resolve) fn read_short(
    fields: &Fields<'_>,
    assignee: Assignee,
) -> Option<RoleAssignment> {
    let (Some(given), Some(within)) = (fields.find("role"), fields.find("scope")) else {
        fields.absent(if fields.has("role") { "scope" } else { "role" });
        return None;
    };
    Some(RoleAssignment {
        meta: fields.meta(),
        assignee,
        role: role(&given),
        scope: scope(&within)?,
        has_condition: fields.has("condition"),
    })
}

fn scope(spot: &Spot<'_>) -> Option<ResourceId> {
    let text = spot.text()?;
    if text.starts_with('/') {
        return Some(ResourceId::new(text));
    }
    let found = spot.named(&Kind::in_azure());
    match found.as_slice() {
        [] => spot.complain("an ARM id, or a name that one resource of the input has"),
        [one] => return Some(one.clone()),
        several => {
            let name = text.rsplit('/').next().unwrap_or(text);
            let ways: Vec<_> =
                several.iter().map(|id| format!("`{}/{name}`", list_of(id))).collect();
            let message = format!("`{text}` is what {} resources are called", several.len());
            let hint = format!("write the ARM id, or {}", ways.join(" or "));
            spot.note(Diagnostic::warning("ambiguous-reference", message).hint(hint));
        }
    }
    None
}

/// The role that an id of a definition or a name means.
fn role(spot: &Spot<'_>) -> Role {
    let written = spot.text().unwrap_or_default();
    let name = written.rsplit('/').next().unwrap_or_default();
    if let Some(role) = BuiltInRole::find(name) {
        return Role::BuiltIn(role);
    }
    match spot.known::<RoleDefinition>() {
        Some(id) => Role::Defined(crate::azure::Link::To(id)),
        None if written.starts_with('/') => Role::Unknown(written.into()),
        None => match spot.link() {
            Some(link) => Role::Defined(link),
            None => Role::Unknown(written.into()),
        },
    }
}

/// Reads what a role permits.
pub(in crate::resolve) fn read_definition(fields: &Fields<'_>) -> RoleDefinition {
    let permissions = fields.list("permissions").into_iter().map(|entry| entry.fields());
    let permission = |entry: Fields<'_>| Permission {
        actions: entry.texts("actions"),
        not_actions: entry.texts("notActions"),
        data_actions: entry.texts("dataActions"),
        not_data_actions: entry.texts("notDataActions"),
    };
    RoleDefinition {
        meta: fields.meta(),
        name: fields.boxed("roleName").unwrap_or_else(|| fields.name()),
        permissions: permissions.map(permission).collect(),
    }
}
