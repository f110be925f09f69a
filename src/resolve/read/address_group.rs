//! `Microsoft.Network/applicationSecurityGroups` and `ipGroups`.

use crate::azure::{ApplicationSecurityGroup, IpGroup};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;

/// Reads an application security group: it says nothing but its name (R208).
pub(in crate::resolve) fn read_group(fields: &Fields<'_>) -> ApplicationSecurityGroup {
    ApplicationSecurityGroup { meta: fields.meta() }
}

/// Reads a list of addresses, prefixes and ranges that firewall rules share.
pub(in crate::resolve) fn read_ip_group(fields: &Fields<'_>) -> IpGroup {
    let entries = fields.list("ipAddresses");
    let sets = entries.iter().filter_map(Spot::address_set);
    IpGroup {
        meta: fields.meta(),
        addresses: sets.fold(Default::default(), |all, set| all.union(&set)),
    }
}
