//! `Microsoft.DesktopVirtualization/hostPools`, with their session hosts.

use crate::azure::HostPool;
use crate::id::ResourceId;
use crate::resolve::fields::Fields;

/// Reads a host pool.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> HostPool {
    let groups = fields.texts("applicationGroupReferences");
    let hosts = fields.parts("sessionHosts");
    HostPool {
        meta: fields.meta(),
        application_groups: groups.iter().map(|id| ResourceId::new(id)).collect(),
        session_hosts: hosts.iter().filter_map(|(_, host)| host.link("resourceId")).collect(),
    }
}
