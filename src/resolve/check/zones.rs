//! Links of private DNS zones: one zone of a name per network, one zone of registration.

use super::Remarks;
use crate::azure::{PrivateDnsZone, VirtualNetwork};
use crate::id::Id;
use crate::net::DnsName;
use std::collections::BTreeMap;

pub(super) fn check(remarks: &mut Remarks<'_>) {
    let network = remarks.network;
    let mut names: BTreeMap<(Id<VirtualNetwork>, &DnsName), &PrivateDnsZone> = BTreeMap::new();
    let mut registrations: BTreeMap<Id<VirtualNetwork>, &PrivateDnsZone> = BTreeMap::new();
    for zone in network.private_dns_zones.values() {
        for link in &zone.links {
            let Some(linked) = link.network.known() else { continue };
            let who = network.virtual_networks[linked].meta.name();
            if names.insert((linked, &zone.name), zone).is_some() {
                let text = format!("`{who}` is linked twice to a zone `{}` (R255)", zone.name);
                remarks.warn("duplicate-link", text, &link.meta.origin);
            }
            if !link.registers {
                continue;
            }
            if let Some(other) = registrations.insert(linked, zone) {
                let (one, two) = (&other.name, &zone.name);
                let text = format!("`{who}` registers in both `{one}` and `{two}` (R257)");
                remarks.warn("duplicate-link", text, &link.meta.origin);
            }
        }
    }
}
