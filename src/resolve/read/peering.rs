//! `Microsoft.Network/virtualNetworks/virtualNetworkPeerings`.

use crate::azure::{Peering, PeeringState, PeeringSyncLevel, VirtualNetwork};
use crate::resolve::draft::{Draft, PeeringAsGiven};
use crate::resolve::fields::Fields;
use ipnet::IpNet;

/// Reads one half of a peering and gives it to its network. What it does not say of itself follows
/// from the other half, once that has been read.
pub(in crate::resolve) fn read(fields: &Fields<'_>, draft: &mut Draft) {
    let owner = fields.parent::<VirtualNetwork>();
    let network = &mut draft.network.virtual_networks[owner];
    let peering = Peering {
        meta: fields.meta_in(network.meta.location.clone()),
        network: owner,
        remote: fields.required_link("remoteVirtualNetwork"),
        other_half: None,
        state: PeeringState::Initiated,
        sync_level: PeeringSyncLevel::FullyInSync,
        // R139
        allows_virtual_network_access: fields.flag("allowVirtualNetworkAccess").unwrap_or(true),
        // R144
        allows_forwarded_traffic: fields.is("allowForwardedTraffic"),
        // R149
        allows_gateway_transit: fields.is("allowGatewayTransit"),
        uses_remote_gateways: fields.is("useRemoteGateways"),
        remote_address_prefixes: Vec::new(),
        // R165
        peers_complete_networks: fields.flag("peerCompleteVnets").unwrap_or(true),
        local_subnet_names: fields.texts("localSubnetNames"),
        remote_subnet_names: fields.texts("remoteSubnetNames"),
        is_only_ipv6: fields.is("enableOnlyIPv6Peering"),
        refusal: None,
    };
    let id = draft.network.peerings.push(peering);
    network.peerings.push(id);
    draft.peerings.push(PeeringAsGiven {
        id,
        state: state(fields),
        sync_level: sync_level(fields),
        known_space: space(fields, "remoteAddressSpace"),
        live_space: space(fields, "remoteVirtualNetworkAddressSpace"),
    });
}

/// An address space that is given and not empty.
fn space(fields: &Fields<'_>, name: &str) -> Option<Vec<IpNet>> {
    let long = format!("{name}/addressPrefixes");
    Some(fields.prefixes(&[&long])).filter(|prefixes| !prefixes.is_empty())
}

/// Source: R127, R128.
fn state(fields: &Fields<'_>) -> Option<PeeringState> {
    let words = [PeeringState::Initiated, PeeringState::Connected, PeeringState::Disconnected]
        .map(|state| (state.as_arm(), state));
    fields.one_of("peeringState", &words)
}

/// Source: R158.
fn sync_level(fields: &Fields<'_>) -> Option<PeeringSyncLevel> {
    let words = [
        ("FullyInSync", PeeringSyncLevel::FullyInSync),
        ("RemoteNotInSync", PeeringSyncLevel::RemoteNotInSync),
        ("LocalNotInSync", PeeringSyncLevel::LocalNotInSync),
        ("LocalAndRemoteNotInSync", PeeringSyncLevel::LocalAndRemoteNotInSync),
    ];
    fields.one_of("peeringSyncLevel", &words)
}
