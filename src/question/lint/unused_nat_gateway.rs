//! `unused-nat-gateway`: a NAT gateway that no subnet has.

use crate::answer::Rule;
use crate::azure::NatGateway;
use crate::azure::attached::{nat_gateways, perhaps};
use crate::dataplane::Dataplane;
use crate::diag::Severity;
use crate::question::inventory::{Found, Kind};

pub(super) const KIND: Kind<Dataplane> =
    Kind { code: "unused-nat-gateway", severity: Severity::Note, rules: &[Rule(411)], find };

fn find(plane: &Dataplane) -> Vec<Found> {
    let network = plane.network();
    if network.subnets.is_empty() {
        return Vec::new(); // Nothing that could have one was exported.
    }
    let (used, perhaps) = (nat_gateways(network), perhaps(network));
    let gateways = network.nat_gateways.iter();
    let unused = gateways.filter(|(id, g)| !used.contains(id) && !perhaps.contains(&g.meta.id));
    let found = |(_, gateway): (_, &NatGateway)| Found {
        resource: gateway.meta.id.clone(),
        text: format!(
            "no subnet has the NAT gateway {}: nothing goes out by it",
            gateway.meta.name()
        ),
        hint: "attach it, or delete it: it keeps its public addresses in use".to_owned(),
        origin: Some(gateway.meta.origin.clone()),
    };
    unused.map(found).collect()
}
