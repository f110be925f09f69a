//! `firewall-internet-route-missing`: a firewall whose own way to the Internet leads elsewhere.

use super::unused_route::words;
use crate::answer::Rule;
use crate::azure::{Firewall, Link};
use crate::dataplane::{Dataplane, NextHop, RouteState};
use crate::diag::Severity;
use crate::question::inventory::{Found, Kind};

pub(super) const KIND: Kind<Dataplane> = Kind {
    code: "firewall-internet-route-missing",
    severity: Severity::Error,
    rules: &[Rule(406)],
    find,
};

fn find(plane: &Dataplane) -> Vec<Found> {
    let firewalls = plane.network().firewalls.values();
    firewalls.filter_map(|firewall| of_firewall(plane, firewall)).collect()
}

/// R406: the default route that is in effect at its subnet is one to the Internet, unless the firewall has a management
/// interface, which makes it one of forced tunnelling.
fn of_firewall(plane: &Dataplane, firewall: &Firewall) -> Option<Found> {
    if firewall.has_management_interface {
        return None;
    }
    let id = firewall.subnet.and_then(Link::known)?;
    let table = plane.effective_in(id)?;
    if !table.unsure.is_empty() {
        return None; // Something that is not known may change which route is chosen.
    }
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
    Some(Found {
        resource: firewall.meta.id.clone(),
        text: format!("{name} has no direct way to the Internet: at {subnet} {found}"),
        hint: "give the subnet a user route 0.0.0.0/0 to Internet, or the firewall a management interface".to_owned(),
        origin: route.and_then(|route| route.origin.clone()).or(Some(firewall.meta.origin.clone())),
    })
}
