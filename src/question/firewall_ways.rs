//! Firewalls whose own way to the Internet leads elsewhere (R406).

use crate::answer::{HopKind, Path};
use crate::azure::{Firewall, Link, Origin};
use crate::dataplane::{Dataplane, EffectiveRoute, NextHop, RouteSource, RouteState};
use std::collections::BTreeSet;

/// What is wrong with the way of a firewall.
pub(super) struct Astray {
    pub(super) text: String,
    /// The route that leads elsewhere.
    pub(super) origin: Option<Origin>,
}

/// R406: the default route that is in effect at a firewall's subnet is one to the Internet, unless the firewall has a
/// management interface, which makes it one of forced tunnelling. None where something is not known that may change
/// which route is chosen.
pub(super) fn astray(plane: &Dataplane, firewall: &Firewall) -> Option<Astray> {
    if firewall.has_management_interface {
        return None;
    }
    let id = firewall.subnet.and_then(Link::known)?;
    let table = plane.effective_in(id).filter(|table| table.unsure.is_empty())?;
    let is_default = |prefix: &ipnet::IpNet| prefix.addr().is_ipv4() && prefix.prefix_len() == 0;
    let route = table.routes.iter().find(|route| {
        route.state == RouteState::Active && route.prefixes.as_slice().iter().any(is_default)
    });
    let (name, subnet) = (firewall.meta.name(), plane.network().subnets[id].meta.name());
    let found = match route {
        Some(route) if matches!(route.next_hop, NextHop::Internet | NextHop::Unknown) => {
            return None;
        }
        Some(route) => format!("{} does not lead to the Internet", words(route)),
        None => "there is no default route".to_owned(),
    };
    Some(Astray {
        text: format!("{name} has no direct way to the Internet: at {subnet} {found}"),
        origin: route.and_then(|route| route.origin.clone()),
    })
}

/// What there is to say about the firewalls on these paths: how well one works that Azure's own services do not reach is
/// not known.
pub(super) fn shown(plane: &Dataplane, paths: &[Path]) -> Vec<String> {
    let hops = paths.iter().flat_map(|path| path.request.iter().chain(&path.reply));
    let passed = hops.filter(|hop| hop.kind == HopKind::Firewall);
    let passed: BTreeSet<_> = passed.filter_map(|hop| hop.resource.as_ref()).collect();
    let firewalls = plane.network().firewalls.values();
    let passed = firewalls.filter(|firewall| passed.contains(&firewall.meta.id));
    passed.filter_map(|firewall| Some(astray(plane, firewall)?.text)).collect()
}

/// A route in words: where it comes from, and its name or prefix.
pub(super) fn words(route: &EffectiveRoute) -> String {
    let from = match route.source {
        RouteSource::Default => "system route",
        RouteSource::User => "user route",
        RouteSource::VirtualNetworkGateway => "gateway route",
    };
    let prefix = route.prefixes.as_slice().first().map(ToString::to_string);
    let name = route.name.as_deref().map(str::to_owned).or(prefix).unwrap_or_default();
    format!("{from} {name}")
}
