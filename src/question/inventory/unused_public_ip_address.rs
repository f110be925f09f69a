//! `unused-public-ip-address`: a public address that leads to nothing.

use super::finding::{Found, Kind};
use crate::azure::Network;
use crate::azure::attached::{perhaps, public_ip_addresses};
use crate::diag::Severity;

pub(super) const KIND: Kind<Network> =
    Kind { code: "unused-public-ip-address", severity: Severity::Note, rules: &[], find };

fn find(network: &Network) -> Vec<Found> {
    if network.ip_configurations.is_empty() && network.frontends.is_empty() {
        return Vec::new(); // Hardly anything that could have an address was exported.
    }
    let (used, perhaps) = (public_ip_addresses(network), perhaps(network));
    let addresses = network.public_ip_addresses.iter();
    let unused = addresses.filter(|(id, a)| !used.contains(id) && !perhaps.contains(&a.meta.id));
    let found = |(_, address): (_, &crate::azure::PublicIpAddress)| {
        let number = address.ip_address.map(|ip| format!(" ({ip})")).unwrap_or_default();
        Found {
            resource: address.meta.id.clone(),
            text: format!("nothing in the input has the address {}{number}", address.meta.name()),
            hint: "attach it, delete it, or export what has it".to_owned(),
            origin: Some(address.meta.origin.clone()),
        }
    };
    unused.map(found).collect()
}
