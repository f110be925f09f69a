//! Ranges that no address space may have.

use super::Remarks;
use crate::net::{AddressSet, IpNet};

/// Multicast, broadcast, loopback, link-local and the platform's own address (R5, R6).
const FORBIDDEN: [&str; 5] =
    ["224.0.0.0/4", "255.255.255.255/32", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32"];

pub(super) fn check(remarks: &mut Remarks<'_>) {
    let forbidden: AddressSet =
        FORBIDDEN.iter().filter_map(|range| range.parse::<IpNet>().ok()).collect();
    for virtual_network in remarks.network.virtual_networks.values() {
        for prefix in &virtual_network.address_prefixes {
            let bad = AddressSet::from_iter([*prefix]).intersection(&forbidden).prefixes();
            if let Some(bad) = bad.first() {
                let name = virtual_network.meta.name();
                // A larger range must not hold the platform's address either.
                let rule = if bad.prefix_len() == 32 && prefix != bad { "R6" } else { "R5" };
                let text =
                    format!("`{prefix}` of `{name}` holds `{bad}`, which Azure refuses ({rule})");
                remarks.warn("forbidden-range", text, &virtual_network.meta.origin);
            }
        }
    }
}
