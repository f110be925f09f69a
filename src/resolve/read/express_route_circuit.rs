//! `Microsoft.Network/expressRouteCircuits`.

use crate::azure::{CircuitPeering, ExpressRouteCircuit};
use crate::resolve::fields::Fields;

/// Reads a circuit with its peerings.
pub(in crate::resolve) fn read(fields: &Fields<'_>) -> ExpressRouteCircuit {
    let peerings = fields.parts("peerings");
    // R357: a connection to another circuit's peering is Global Reach.
    let joined = |peering: &Fields<'_>| !peering.list("connections").is_empty();
    ExpressRouteCircuit {
        meta: fields.meta(),
        is_premium: fields.text("sku/tier").is_some_and(|t| t.eq_ignore_ascii_case("Premium")),
        has_global_reach: fields.is("globalReachEnabled")
            || peerings.iter().any(|(_, p)| joined(p)),
        is_provisioned: is_word(fields, "circuitProvisioningState", "Enabled")
            && is_word(fields, "serviceProviderProvisioningState", "Provisioned"),
        peerings: peerings.iter().map(|(name, peering)| read_peering(name, peering)).collect(),
    }
}

/// Is `word` the value, where one is given?
fn is_word(fields: &Fields<'_>, name: &str, word: &str) -> bool {
    fields.text(name).is_none_or(|text| text.eq_ignore_ascii_case(word))
}

fn read_peering(name: &str, fields: &Fields<'_>) -> CircuitPeering {
    CircuitPeering {
        kind: fields.boxed("peeringType").unwrap_or_else(|| name.into()),
        is_enabled: fields
            .one_of("state", &[("Enabled", true), ("Disabled", false)])
            .unwrap_or(true),
        peer_asn: fields.number("peerASN"),
        link_prefixes: fields.prefixes(&[
            "primaryPeerAddressPrefix",
            "secondaryPeerAddressPrefix",
            "ipv6PeeringConfig/primaryPeerAddressPrefix",
            "ipv6PeeringConfig/secondaryPeerAddressPrefix",
        ]),
    }
}
