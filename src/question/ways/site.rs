//! From a site on premises, by VPN or ExpressRoute: to the target itself, or to a jump box first.

use super::make::{to_target, way};
use super::session::Session;
use super::survey::Survey;
use crate::answer::{HopKind, Verdict, WayAnswer};
use crate::azure::{
    ConnectionPeer, Link, Site, SiteConnectionEnd, VirtualNetwork, VirtualNetworkGateway,
};
use crate::id::Id;
use crate::question::Endpoint;
use crate::scenario::Dataflow;

/// A site, and what its connections lead to.
pub(super) struct Door {
    /// The machine of the site that sends.
    pub(super) sender: String,
    /// The networks of the gateways, and their peers.
    pub(super) networks: Vec<Id<VirtualNetwork>>,
}

/// Site-to-site.
pub(super) fn vpn(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let is_tunnel = |end: &SiteConnectionEnd| matches!(end, SiteConnectionEnd::Vpn(_));
    offer(survey, is_tunnel, "a site on premises with a VPN connection, which a scenario tells")
}

/// VPN clients.
pub(super) fn point_to_site(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let is_client = |end: &SiteConnectionEnd| matches!(end, SiteConnectionEnd::PointToSite(_));
    offer(survey, is_client, "VPN clients of a gateway (point-to-site), which a scenario tells")
}

pub(super) fn express_route(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let is_circuit = |end: &SiteConnectionEnd| matches!(end, SiteConnectionEnd::ExpressRoute(_));
    offer(
        survey,
        is_circuit,
        "a site on premises with an ExpressRoute circuit, which a scenario tells",
    )
}

fn offer(
    survey: &Survey<'_>,
    fits: fn(&SiteConnectionEnd) -> bool,
    needs: &str,
) -> Result<Vec<Dataflow>, String> {
    let doors = doors(survey, fits);
    let flows: Vec<Dataflow> = doors.iter().flat_map(|door| through(survey, door)).collect();
    if flows.is_empty() { Err(needs.to_owned()) } else { Ok(flows) }
}

/// Sites with connections of a sort.
pub(super) fn doors(survey: &Survey<'_>, fits: fn(&SiteConnectionEnd) -> bool) -> Vec<Door> {
    // People who are at a site come from there.
    let own = if let Endpoint::Site(id) | Endpoint::SiteHost(id, _) | Endpoint::SiteEdge(id) =
        survey.client_end
    {
        Some(id)
    } else {
        None
    };
    let sites = survey.network().sites.iter().filter(|(id, _)| own.is_none_or(|own| own == *id));
    let sites = sites.filter_map(|(id, site)| {
        let ends = site.connections.iter().map(|connection| &connection.via);
        let networks: Vec<_> =
            ends.filter(|end| fits(end)).flat_map(|end| hubs(survey, end)).collect();
        let sender = if own == Some(id) { survey.client.clone() } else { sender(site) };
        (!networks.is_empty()).then_some(Door { sender, networks })
    });
    sites.collect()
}

/// The first machine of a site, or any.
fn sender(site: &Site) -> String {
    let name = site.meta.name();
    match site.hosts.iter().find(|host| host.dns_server.is_none()) {
        Some(host) => format!("{name}/{}", host.name),
        None => name.to_owned(),
    }
}

/// What a way needs whose packets arrive, but by something else: of the same prefix ExpressRoute is preferred
/// over a VPN, and the longest prefix before that (R109).
pub(super) fn instead(way: &WayAnswer) -> Option<String> {
    let from_site = way.dataflow.legs.first()?.trace.as_ref()?;
    let mut hops = from_site.paths.iter().flat_map(|path| &path.request);
    let by_circuit = hops.any(|hop| hop.kind == HopKind::Circuit);
    let taken = match way.way {
        "vpn" if by_circuit => "ExpressRoute",
        "express-route" if !by_circuit => "the VPN",
        _ => return None,
    };
    let is_taken = from_site.verdict == Verdict::Reachable;
    is_taken.then(|| {
        let name = &way.dataflow.dataflow;
        format!("routes that prefer it: packets of `{name}` go by {taken} instead (R109)")
    })
}

/// The networks whose gateway a connection ends at, and their peers.
fn hubs(survey: &Survey<'_>, end: &SiteConnectionEnd) -> Vec<Id<VirtualNetwork>> {
    let network = survey.network();
    let joined = |peer: ConnectionPeer| {
        let all = network.connections.values().filter(move |it| it.peer == peer);
        all.filter_map(|it| it.gateway.and_then(Link::known)).collect::<Vec<_>>()
    };
    let gateways: Vec<Id<VirtualNetworkGateway>> = match end {
        SiteConnectionEnd::Vpn(local) => joined(ConnectionPeer::Site(*local)),
        SiteConnectionEnd::ExpressRoute(circuit) => joined(ConnectionPeer::Circuit(*circuit)),
        SiteConnectionEnd::PointToSite(gateway) => gateway.known().into_iter().collect(),
    };
    let homes = gateways.into_iter().filter_map(|gateway| {
        let subnet = network.virtual_network_gateways[gateway].subnet?.known()?;
        Some(network.subnets[subnet].network)
    });
    homes.flat_map(|home| survey.with_peers(home)).collect()
}

fn through(survey: &Survey<'_>, door: &Door) -> Vec<Dataflow> {
    let sender = &door.sender;
    let direct = vec![to_target(survey, sender)];
    let mut flows = vec![way(survey, format!("{sender} to the target itself"), direct)];
    for machine in survey.jump_boxes(|it| survey.is_in(it, &door.networks)) {
        let jump = survey.called(&machine.meta);
        let session = Session::on(machine);
        let title = format!("{sender} reaches {jump} through the gateway");
        let legs =
            vec![session.leg(survey, sender, &session.at(&jump), &title), to_target(survey, &jump)];
        let name = format!("{sender} to the jump box {jump} by {}", session.protocol);
        flows.push(way(survey, name, legs));
    }
    flows
}
