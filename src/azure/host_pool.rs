//! `Microsoft.DesktopVirtualization/hostPools`: desktops of Azure Virtual Desktop.

use super::{Link, Meta, VirtualMachine};
use crate::id::ResourceId;

/// A pool of session hosts. Nothing here decides about packets; it tells which machines people can be
/// put onto by the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPool {
    /// Id, region, place.
    pub meta: Meta,
    /// The application groups that hand out its desktops; whoever may use one gets a session.
    pub application_groups: Vec<ResourceId>,
    /// The machines that are session hosts of it.
    pub session_hosts: Vec<Link<VirtualMachine>>,
}
