//! `Microsoft.Network/publicIPAddresses` and `publicIPPrefixes`.

use super::fields::Fields;
use crate::azure::{PublicIpAddress, PublicIpPrefix, Sku};

/// Reads a public address.
pub(super) fn read(fields: &Fields<'_>) -> PublicIpAddress {
    PublicIpAddress {
        meta: fields.meta(),
        ip_address: fields.address("ipAddress"),
        sku: sku(fields),
        fqdn: fields.boxed("dnsSettings/fqdn").or_else(|| fields.boxed("fqdn")),
    }
}

/// Reads a public prefix.
pub(super) fn read_prefix(fields: &Fields<'_>) -> PublicIpPrefix {
    PublicIpPrefix { meta: fields.meta(), prefix: fields.prefix("ipPrefix") }
}

/// `sku.name`, or `sku` itself in the short form; Basic where nothing is said, as ARM has it.
pub(super) fn sku(fields: &Fields<'_>) -> Sku {
    let words = [
        ("Basic", Sku::Basic),
        ("Standard", Sku::Standard),
        ("StandardV2", Sku::Standard),
        ("Gateway", Sku::Standard),
    ];
    let name = if fields.has("sku/name") { "sku/name" } else { "sku" };
    let given = fields.find(name).filter(|spot| spot.node.as_text().is_some());
    given.and_then(|spot| spot.one_of(&words)).unwrap_or(Sku::Basic)
}
