//! What a router routes by that is no table of Azure's: the guest of an appliance, or the edge of a
//! site on premises.

use super::Unanswered;
use crate::answer::{
    Item, ItemKind, RouterRoute, RouterRouteSource, RouterRoutesAnswer, RouterWay, Rule,
};
use crate::azure::{
    Appliance, Assumption, GuestWay, Network, Origin, Site, SiteConnection, SiteConnectionEnd,
};
use crate::dataplane::gateways::{AnnouncedKind, AnnouncedRoute};
use crate::dataplane::{Gateways, Guest, GuestRow, GuestSource, doubt_about_routers, guest_table};
use crate::id::Id;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// A router that is no resource of Azure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Router {
    /// The guest of an appliance.
    Appliance(Id<Appliance>),
    /// The edge of a site.
    Site(Id<Site>),
}

/// The routes that `router` uses.
///
/// # Errors
/// When none of an appliance's interfaces is in the input.
pub fn router_routes(
    network: &Network,
    gateways: &Gateways,
    router: Router,
) -> Result<RouterRoutesAnswer, Unanswered> {
    match router {
        Router::Appliance(id) => of_guest(network, gateways, id),
        Router::Site(id) => Ok(of_site(network, gateways, id)),
    }
}

fn of_guest(
    network: &Network,
    gateways: &Gateways,
    id: Id<Appliance>,
) -> Result<RouterRoutesAnswer, Unanswered> {
    let appliance = &network.appliances[id];
    let name = appliance.meta.name();
    let guest = Guest::described(network, id).ok_or_else(|| {
        Unanswered::missing(format!("no network interface of {name} is in the input"))
    })?;
    let rows = guest_table(network, gateways, &guest);
    let assumed = rows.iter().flat_map(|row| row.assumes.iter().copied()).collect();
    Ok(RouterRoutesAnswer {
        router: name.to_owned(),
        asn: appliance.bgp.as_ref().map(|bgp| bgp.asn),
        routes: rows.into_iter().map(|row| guest_route(network, appliance, row)).collect(),
        unsure: unsure(network, gateways.doubt_of(id)),
        assumptions: sentences(assumed),
        not_modelled: network.bringing_anything(),
    })
}

fn guest_route(network: &Network, appliance: &Appliance, row: GuestRow) -> RouterRoute {
    let by = |way: GuestWay| match way {
        GuestWay::Interface(link) => match link.known() {
            Some(nic) => network.network_interfaces[nic].meta.name().to_owned(),
            None => "an interface that is not in the input".to_owned(),
        },
        GuestWay::Tunnel(number) => {
            let tunnel = appliance.tunnels.get(number);
            tunnel.map(|tunnel| tunnel.name.to_string()).unwrap_or_default()
        }
    };
    let ways = row.ways.iter().map(|&(way, next_hop)| RouterWay { by: by(way), next_hop });
    RouterRoute {
        prefix: row.prefix,
        source: match row.source {
            GuestSource::Dhcp => RouterRouteSource::Dhcp,
            GuestSource::Bgp => RouterRouteSource::Bgp,
            GuestSource::Connected => RouterRouteSource::Connected,
            GuestSource::Static => RouterRouteSource::Static,
        },
        ways: ways.collect(),
        as_path: row.path,
        origin: row.origin.map(|origin| item(network, row.prefix, &origin)),
        rules: row.cites,
    }
}

fn item(network: &Network, prefix: IpNet, origin: &Origin) -> Item {
    let place = Some(network.place(origin));
    Item { kind: ItemKind::Appliance, name: prefix.to_string(), resource: None, place }
}

/// A site knows its own prefixes, what Azure makes known to it, and the Internet.
fn of_site(network: &Network, gateways: &Gateways, id: Id<Site>) -> RouterRoutesAnswer {
    let site = &network.sites[id];
    let plain = |prefix, source, by: &str| RouterRoute {
        prefix,
        source,
        ways: vec![RouterWay { by: by.to_owned(), next_hop: None }],
        as_path: Vec::new(),
        origin: None,
        rules: Vec::new(),
    };
    let own = site.address_prefixes.iter();
    let mut routes: Vec<RouterRoute> =
        own.map(|&prefix| plain(prefix, RouterRouteSource::Connected, "the site")).collect();
    let mut assumed = Vec::new();
    for (number, announced) in gateways.known_at(network, id) {
        assumed.extend(&announced.assumes);
        routes.extend(
            site.connections
                .get(number)
                .map(|connection| announced_route(network, connection, announced)),
        );
    }
    let everything = [IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::default())];
    routes.extend(everything.map(|all| plain(all, RouterRouteSource::Default, "the Internet")));
    // Of equal prefixes the first counts: the site's own, then what was announced.
    routes.sort_by_key(|route| route.prefix);
    routes.dedup_by_key(|route| route.prefix);
    let router = site.meta.name().to_owned();
    let unsure = unsure(network, gateways.doubt_of_site(id));
    RouterRoutesAnswer {
        router,
        asn: site.asn,
        routes,
        unsure,
        assumptions: sentences(assumed),
        not_modelled: network.bringing_anything(),
    }
}

fn announced_route(
    network: &Network,
    connection: &SiteConnection,
    announced: &AnnouncedRoute,
) -> RouterRoute {
    let by = match connection.via {
        SiteConnectionEnd::ExpressRoute(link) => {
            link.known().map(|id| network.express_route_circuits[id].meta.name())
        }
        SiteConnectionEnd::Vpn(_) | SiteConnectionEnd::PointToSite(_) => None,
    };
    let gateway = |id| network.virtual_network_gateways[id].meta.name();
    let ways = announced.via.iter().map(|&(id, _)| RouterWay {
        by: by.unwrap_or_else(|| gateway(id)).to_owned(),
        next_hop: None,
    });
    let (source, rules): (_, &[u16]) = match announced.kind {
        AnnouncedKind::Bgp => (RouterRouteSource::Bgp, &[319, 346]),
        AnnouncedKind::Configured => (RouterRouteSource::Static, &[153]),
        AnnouncedKind::ClientProfile => (RouterRouteSource::ClientProfile, &[338, 340]),
    };
    RouterRoute {
        prefix: announced.prefix,
        source,
        ways: ways.collect(),
        as_path: announced.path.clone(),
        origin: None,
        rules: rules.iter().copied().map(Rule).collect(),
    }
}

fn unsure(network: &Network, own: Option<&str>) -> Vec<String> {
    own.map(str::to_owned).into_iter().chain(doubt_about_routers(network)).collect()
}

fn sentences(mut assumed: Vec<Assumption>) -> Vec<String> {
    assumed.sort_unstable();
    assumed.dedup();
    assumed.into_iter().map(|it| it.sentence().to_owned()).collect()
}
