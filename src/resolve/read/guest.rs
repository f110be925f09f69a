//! What a guest of `appliances` routes by: `routes`, `tunnels` and `bgp`.

use crate::azure::{
    AsOverride, BgpSpeaker, GuestRoute, GuestTunnel, GuestWay, PeerOver, SpeakerPeer, TunnelEnd,
};
use crate::diag::{Diagnostic, similar};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;

/// Reads the tunnels. Others refer to them by name, and have their number.
pub(super) fn tunnels(appliance: &Fields<'_>) -> Vec<GuestTunnel> {
    let entries = appliance.list("tunnels").into_iter().map(Spot::fields);
    entries.map(|entry| tunnel(&entry)).collect()
}

fn tunnel(fields: &Fields<'_>) -> GuestTunnel {
    let gateway = fields.link("localNetworkGateway").map(TunnelEnd::VpnGateway);
    let to = gateway.or_else(|| fields.link("appliance").map(TunnelEnd::Appliance));
    let is_up = fields.flag("isUp").unwrap_or(true);
    if to.is_none() && is_up {
        let text = "a tunnel that is up names one of `localNetworkGateway` and `appliance`";
        fields.note(Diagnostic::warning("missing-property", text));
    }
    if !fields.has("name") {
        fields.absent("name");
    }
    GuestTunnel {
        name: fields.boxed("name").unwrap_or_default(),
        to: to.unwrap_or(TunnelEnd::NotGiven),
        remote_address: fields.address("remoteAddress"),
        is_up,
        origin: fields.origin(),
    }
}

/// Reads static routes. One that leads nowhere is left out with a remark.
pub(super) fn routes(appliance: &Fields<'_>, tunnels: &[GuestTunnel]) -> Vec<GuestRoute> {
    let entries = appliance.list("routes").into_iter().map(Spot::fields);
    let route = |entry: Fields<'_>| {
        let way = match entry.find("tunnel") {
            Some(name) => GuestWay::Tunnel(numbered(&name, tunnels)?),
            None => GuestWay::Interface(entry.required_link("networkInterface")),
        };
        Some(GuestRoute { prefix: entry.prefix("addressPrefix")?, way, origin: entry.origin() })
    };
    entries.filter_map(route).collect()
}

/// Reads whom it speaks BGP with.
pub(super) fn bgp(appliance: &Fields<'_>, tunnels: &[GuestTunnel]) -> Option<BgpSpeaker> {
    let fields = appliance.object("bgp")?;
    let Some(asn) = fields.number("asn") else {
        if !fields.has("asn") {
            fields.absent("asn");
        }
        return None;
    };
    let peers = fields.list("peers").into_iter().map(Spot::fields);
    Some(BgpSpeaker { asn, peers: peers.filter_map(|entry| peer(&entry, tunnels)).collect() })
}

fn peer(fields: &Fields<'_>, tunnels: &[GuestTunnel]) -> Option<SpeakerPeer> {
    let over = match (fields.find("tunnel"), fields.link("routeServer")) {
        (Some(name), _) => PeerOver::Tunnel(numbered(&name, tunnels)?),
        (None, Some(server)) => PeerOver::RouteServer(server),
        (None, None) => {
            let text = "a peer names one of `tunnel` and `routeServer`";
            fields.note(Diagnostic::warning("missing-property", text));
            return None;
        }
    };
    Some(SpeakerPeer {
        over,
        next_hop: fields.address("nextHopIpAddress"),
        as_override: as_override(fields),
    })
}

/// R323: Azure's own number, which Route Server does not take back; R579: where it is replaced.
fn as_override(fields: &Fields<'_>) -> AsOverride {
    match (fields.is("asOverride"), fields.is("asOverrideWholePathOnly")) {
        (false, _) => AsOverride::Never,
        (true, true) => AsOverride::WholePath,
        (true, false) => AsOverride::Always,
    }
}

/// The number of the tunnel that is named here.
fn numbered(name: &Spot<'_>, tunnels: &[GuestTunnel]) -> Option<usize> {
    let text = name.text()?;
    let found = tunnels.iter().position(|tunnel| &*tunnel.name == text);
    if found.is_none() {
        let known = tunnels.iter().map(|tunnel| &*tunnel.name);
        let near = similar(text, known).first().map(|near| format!("did you mean `{near}`?"));
        let said = format!("the appliance has no tunnel `{text}`");
        name.note(Diagnostic::warning("missing-reference", said).maybe_hint(near));
    }
    found
}
