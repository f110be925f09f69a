//! From a site on premises, by VPN or ExpressRoute: to the target itself, or to a jump box first.

use super::make::{connect, to_target, way};
use super::survey::Survey;
use crate::azure::{
    ConnectionPeer, Link, Site, SiteConnectionEnd, VirtualNetwork, VirtualNetworkGateway,
};
use crate::id::Id;
use crate::scenario::{Condition, Dataflow};

const SSH: u16 = 22;

pub(super) fn vpn(survey: &Survey<'_>) -> Result<Vec<Dataflow>, String> {
    let is_vpn = |end: &SiteConnectionEnd| !matches!(end, SiteConnectionEnd::ExpressRoute(_));
    offer(survey, is_vpn, "a site on premises with a VPN connection, which a scenario tells")
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
    let mut flows = Vec::new();
    for site in survey.network().sites.values() {
        let ends = site.connections.iter().map(|connection| &connection.via);
        let hubs: Vec<_> = ends.filter(|end| fits(end)).flat_map(|end| hubs(survey, end)).collect();
        if !hubs.is_empty() {
            flows.extend(from(survey, site, &hubs));
        }
    }
    if flows.is_empty() { Err(needs.to_owned()) } else { Ok(flows) }
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

/// From the first machine of a site, or from any.
fn from(survey: &Survey<'_>, site: &Site, hubs: &[Id<VirtualNetwork>]) -> Vec<Dataflow> {
    let name = site.meta.name();
    let sender = match site.hosts.iter().find(|host| host.dns_server.is_none()) {
        Some(host) => format!("{name}/{}", host.name),
        None => name.to_owned(),
    };
    let direct = vec![to_target(survey, &sender)];
    let mut flows = vec![way(survey, format!("{sender} to the target itself"), direct)];
    for machine in survey.jump_boxes(|it| survey.is_in(it, hubs)) {
        let jump = survey.called(&machine.meta);
        let key = Condition::SshKey { machine: machine.meta.id.to_string() };
        let title = format!("{sender} reaches {jump} through the gateway");
        let legs = vec![
            connect(&sender, &format!("{jump}:{SSH}"), title, vec![key]),
            to_target(survey, &jump),
        ];
        flows.push(way(survey, format!("{sender} to the jump box {jump}"), legs));
    }
    flows
}
