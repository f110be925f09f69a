//! `Microsoft.Network/publicIPAddresses` and `publicIPPrefixes`.

use crate::azure::tree::Seen;
use crate::azure::{PublicIpAddress, PublicIpPrefix, Sku};
use crate::resolve::draft::Draft;
use crate::resolve::fields::Fields;

/// Reads a public address.
pub(in crate::resolve) fn read(fields: &Fields<'_>, draft: &mut Draft) {
    let public = PublicIpAddress {
        meta: fields.meta(),
        ip_address: fields.scope().in_model(|| fields.address("ipAddress")),
        sku: sku(fields),
        // The public DNS never says that there is no such name.
        fqdn: fields
            .scope()
            .in_model(|| fields.boxed("dnsSettings/fqdn").or_else(|| fields.boxed("fqdn"))),
    };
    if fields.is_of_version_6("publicIPAddressVersion") {
        draft.of_version_6.insert(public.meta.id.clone());
    }
    let id = draft.network.public_ip_addresses.push(public);
    // Frontends and gateways have addresses too: only interfaces need to be told.
    let holder = fields.find("ipConfiguration").and_then(|spot| spot.known());
    draft.public_holders.extend(holder.map(|holder| (id, holder)));
}

/// Reads a public prefix.
pub(in crate::resolve) fn read_prefix(fields: &Fields<'_>) -> PublicIpPrefix {
    let prefix = fields.scope().in_model(|| fields.prefix("ipPrefix"));
    PublicIpPrefix { meta: fields.meta(), prefix }
}

/// `sku.name`, or `sku` itself in the short form; Basic where nothing is said, as ARM has it.
pub(in crate::resolve) fn sku(fields: &Fields<'_>) -> Sku {
    let words = [
        ("Basic", Sku::Basic),
        ("Standard", Sku::Standard),
        ("StandardV2", Sku::Standard),
        ("Gateway", Sku::Standard),
    ];
    // An object without a name says nothing.
    let short = || fields.find("sku").filter(|spot| !matches!(spot.node.seen(), Seen::Object(_)));
    fields
        .find("sku/name")
        .or_else(short)
        .and_then(|spot| spot.one_of(&words))
        .unwrap_or(Sku::Basic)
}
