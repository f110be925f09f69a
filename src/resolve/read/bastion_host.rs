//! `Microsoft.Network/bastionHosts`.

use super::gateway_parts as parts;
use crate::azure::BastionHost;
use crate::resolve::fields::Fields;

/// Reads a Bastion. The Developer SKU has no subnet and names its network instead (R27).
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> BastionHost {
    let name = if fields.has("sku/name") { "sku/name" } else { "sku" };
    let sku = fields.find(name).and_then(|spot| spot.node.as_text()).unwrap_or_default();
    let is_developer = sku.eq_ignore_ascii_case("Developer");
    let subnet = if is_developer { None } else { parts::subnet(fields, "AzureBastionSubnet") };
    BastionHost {
        meta: fields.meta(),
        sku: sku.into(),
        subnet,
        network: if is_developer { fields.link("virtualNetwork") } else { None },
        public_ip_address: parts::public_addresses(fields).into_iter().next(),
        has_native_client: fields.is("enableTunneling"),
        has_ip_connect: fields.is("enableIpConnect"),
        is_private_only: fields.is("enablePrivateOnlyBastion"),
    }
}
