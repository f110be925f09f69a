//! `unused-network-interface`: an interface that nothing holds.

use crate::azure::{NetworkInterface, NicOwner, attached};
use crate::dataplane::Dataplane;
use crate::diag::Severity;
use crate::question::inventory::{Found, Kind};

pub(super) const KIND: Kind<Dataplane> =
    Kind { code: "unused-network-interface", severity: Severity::Note, rules: &[], find };

fn find(plane: &Dataplane) -> Vec<Found> {
    let network = plane.network();
    let perhaps = attached::perhaps(network);
    let unused = network
        .network_interfaces
        .values()
        .filter(|nic| matches!(nic.owner, NicOwner::Nobody) && !perhaps.contains(&nic.meta.id));
    let found = |nic: &NetworkInterface| Found {
        resource: nic.meta.id.clone(),
        text: format!("nothing has the interface {}: it carries no packets", nic.meta.name()),
        hint: "attach it to a machine, or delete it: it keeps its address in use".to_owned(),
        origin: Some(nic.meta.origin.clone()),
    };
    unused.map(found).collect()
}
