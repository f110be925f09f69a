//! `firewall-internet-route-missing`: a firewall whose own way to the Internet leads elsewhere.

use crate::answer::Rule;
use crate::dataplane::Dataplane;
use crate::diag::Severity;
use crate::question::firewall_ways::{Astray, astray};
use crate::question::inventory::{Found, Kind};

pub(super) const KIND: Kind<Dataplane> = Kind {
    code: "firewall-internet-route-missing",
    severity: Severity::Error,
    rules: &[Rule(406)],
    find,
};

fn find(plane: &Dataplane) -> Vec<Found> {
    let firewalls = plane.network().firewalls.values();
    let each = firewalls.filter_map(|firewall| {
        let Astray { text, origin } = astray(plane, firewall)?;
        Some(Found {
            resource: firewall.meta.id.clone(),
            text,
            hint: "give the subnet a user route 0.0.0.0/0 to Internet, or the firewall a management interface".to_owned(),
            origin: origin.or_else(|| Some(firewall.meta.origin.clone())),
        })
    });
    each.collect()
}
