//! Tables of sites: what Azure makes known, what nobody does, and the Internet.

use super::builder::Builder;
use super::encapsulations::Way;
use super::outside::{Rows, everywhere, hand};
use crate::answer::Reason;
use crate::azure::{
    Connection, ConnectionPeer, Link, Site, SiteConnection, SiteConnectionEnd,
    VirtualNetworkGateway,
};
use crate::dataplane::gateways::exceeded;
use crate::dataplane::graph::{Cause, Evidence, Forward, Location, Stop, StopAt};
use crate::id::Id;
use ipnet::IpNet;
use std::sync::Arc;

impl Builder {
    /// Machines of a site know their own site and its edge; the edge knows what Azure announces,
    /// or what it was told (R153), and the Internet.
    pub(super) fn add_site_table(&mut self, id: Id<Site>, site: &Site) {
        let realm = self.realm_of_site(id);
        let Some(&edge) = self.plane.places.sites.get(&id) else { return };
        let local = |prefix: &IpNet| {
            let text = format!("{prefix} -> {}", site.meta.name());
            (*prefix, Forward::Deliver { realm, crossing: None }, text)
        };
        let mut machines: Rows = everywhere()
            .map(|all| (all, hand(vec![Stop::at(edge)]), format!("{all} -> edge")))
            .collect();
        let clients = self.clients(site);
        machines.extend(site.address_prefixes.iter().map(|prefix| match clients.first() {
            Some((_, forward, text)) => (*prefix, forward.clone(), text.clone()),
            None => local(prefix),
        }));
        let mut rows: Rows =
            everywhere().map(|all| (all, Forward::Exit, format!("{all} -> Internet"))).collect();
        let announced = self.announced_rows(id, site);
        rows.extend(self.unknown_rows(id, site, &announced));
        rows.extend(announced);
        rows.extend(clients.iter().filter(|it| !site.address_prefixes.contains(&it.0)).cloned());
        rows.extend(site.address_prefixes.iter().map(local));
        let machines = self.push_table(machines);
        let table = self.push_table(rows);
        self.plane.locations[edge].table = table;
        let places = &self.plane.places;
        let hosts = places.site_hosts.range((id, 0)..=(id, usize::MAX)).map(|(_, &at)| at);
        let all: Vec<Id<Location>> = hosts.chain(places.site_machines.get(&id).copied()).collect();
        for at in all {
            self.plane.locations[at].table = machines;
        }
    }

    /// The pools of the gateways that the site is clients of. Whether clients reach each other the pages contradict each other
    /// about (R342).
    fn clients(&mut self, site: &Site) -> Rows {
        let network = Arc::clone(&self.network);
        let gateways = site.connections.iter().filter_map(|it| match it.via {
            SiteConnectionEnd::PointToSite(link) => link.known(),
            SiteConnectionEnd::Vpn(_) | SiteConnectionEnd::ExpressRoute(_) => None,
        });
        let mut rows = Rows::new();
        for gateway in gateways.map(|id| &network.virtual_network_gateways[id]) {
            let text = format!("whether clients of {} reach each other", gateway.meta.name());
            let cause = self.cause(Cause::new(Reason::NotModelled, text.as_str(), &[342]));
            let pool = gateway.client_address_prefixes.iter();
            rows.extend(pool.map(|&it| (it, Forward::Unsure(cause), format!("{it} -> {text}"))));
        }
        rows
    }

    /// What Azure makes known to a site, each prefix with the first stop on the way.
    fn announced_rows(&self, id: Id<Site>, site: &Site) -> Rows {
        let mut rows = Rows::new();
        for (number, announced) in self.plane.gateways.known_at(&self.network, id) {
            let Some(connection) = site.connections.get(number) else { continue };
            let via = announced.via.iter();
            let next = via.filter_map(|&via| self.towards_azure(&connection.via, via));
            let mut next: Vec<Stop> = next.collect();
            next.dedup_by(|one, other| one.at == other.at);
            if let Some(&Stop { at: StopAt::Location(first), .. }) = next.first() {
                let text = format!("{} -> {}", announced.prefix, self.plane.locations[first].name);
                rows.push((announced.prefix, hand(next), text));
            }
        }
        rows
    }

    /// The first stop on the way to a gateway: the circuit's edge router, or the gateway itself.
    fn towards_azure(
        &self,
        via: &SiteConnectionEnd,
        (gateway, connection): (Id<VirtualNetworkGateway>, Option<Id<Connection>>),
    ) -> Option<Stop> {
        let places = &self.plane.places;
        if let SiteConnectionEnd::ExpressRoute(Link::To(circuit)) = via {
            return places.circuits.get(circuit).copied().map(Stop::at);
        }
        let way = connection.map_or(Way::Clients(gateway), Way::Connection);
        let at = places.gateways.get(&gateway).copied()?;
        Some(self.through(way, false, at))
    }

    /// Private addresses that nobody made known to a site that is joined to Azure: they are lost,
    /// and why is another matter than that the Internet does not carry them.
    fn unknown_rows(&mut self, id: Id<Site>, site: &Site, announced: &Rows) -> Rows {
        if site.connections.is_empty() {
            return Rows::new();
        }
        let known: Vec<IpNet> = announced.iter().map(|(prefix, ..)| *prefix).collect();
        let doubt = self.plane.gateways.doubt_of_site(id);
        let doubt = doubt.map(|why| Cause::new(Reason::NotGiven, why, &[361]));
        let (is_sure, cause) = match doubt {
            Some(cause) => (false, cause),
            None => (true, self.why_unknown(site, &known)),
        };
        let cause = self.cause(cause.by(Evidence::Site(id)));
        let forward = if is_sure { Forward::Drop(cause) } else { Forward::Unsure(cause) };
        let name = site.meta.name();
        let is_open = |block: &IpNet| !known.iter().any(|prefix| prefix.contains(block));
        let row = |block| (block, forward.clone(), format!("{block} -> unknown at {name}"));
        private_blocks().filter(is_open).map(row).collect()
    }

    fn why_unknown(&self, site: &Site, known: &[IpNet]) -> Cause {
        let name = site.meta.name();
        if !site.connections.iter().any(|connection| self.is_up(connection)) {
            let text = format!("no tunnel or circuit of {name} is up");
            return Cause::new(Reason::ConnectionDown, text, &[507]);
        }
        let listed: Vec<String> = known.iter().map(ToString::to_string).collect();
        let listed = if listed.is_empty() { "nothing".to_owned() } else { listed.join(", ") };
        let ends = || site.connections.iter().map(|connection| &connection.via);
        let is_client = |end: &SiteConnectionEnd| matches!(end, SiteConnectionEnd::PointToSite(_));
        if ends().all(is_client) {
            let text = format!(
                "the profile of {name} holds {listed}; after changes to peerings it has to be \
                 downloaded again"
            );
            return Cause::new(Reason::SiteHasNoRoute, text, &[154, 338]);
        }
        let is_static = site.connections.iter().any(|it| it.known_prefixes.is_some());
        let mut rules = if is_static { vec![153, 361] } else { vec![361] };
        let mut text = format!("of Azure, {name} knows {listed}");
        let beyond = |it| exceeded(&self.network, it);
        if let Some(limit) = site.connections.iter().find_map(beyond) {
            let (announced, most) = (limit.announced, limit.most);
            text += &format!(
                ": it announces {announced} prefixes, and a session that takes {most} is down then"
            );
            rules.push(limit.rule);
        }
        Cause::new(Reason::SiteHasNoRoute, text, &rules)
    }

    /// Do both ends let the connection of a site work?
    fn is_up(&self, connection: &SiteConnection) -> bool {
        let uses = |peer: ConnectionPeer| {
            let mine = self.network.connections.iter().filter(|(_, it)| it.peer == peer);
            { mine }.any(|(id, _)| self.plane.gateways.use_of(id).is_usable())
        };
        let is_used = match connection.via {
            SiteConnectionEnd::Vpn(end) => uses(ConnectionPeer::Site(end)),
            SiteConnectionEnd::ExpressRoute(circuit) => uses(ConnectionPeer::Circuit(circuit)),
            SiteConnectionEnd::PointToSite(gateway) => gateway.known().is_some(),
        };
        connection.is_up && is_used
    }
}

/// The prefixes that the Internet never carries (R3).
fn private_blocks() -> impl Iterator<Item = IpNet> {
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"]
        .into_iter()
        .filter_map(|block| block.parse().ok())
}
