//! What a reader of a dataflow should know even when everything works, one file each.
//!
//! A caution rests on a rule or on a page of the vendor, and on what the legs did: no scenario has
//! to ask for it.

mod circuit_not_encrypted;
mod node_as_jump_box;
mod port_open_beside_requests;
mod public_address_on_machine;

use crate::answer::{Caution, CautionKind, Hop, HopKind, Item, LegAnswer, Rule};
use crate::azure::{Network, VirtualMachine};
use crate::dataplane::Dataplane;
use crate::id::Id;
use crate::net::Protocol;

/// Ports by which people manage machines: SSH and RDP (R384).
const MANAGEMENT: [u16; 2] = [22, 3389];

/// What there is to know about `leg`.
pub(super) fn cautions(plane: &Dataplane, leg: &LegAnswer) -> Vec<Caution> {
    let scene = Scene { plane, leg };
    let found = public_address_on_machine::find(&scene).into_iter();
    let found = found.chain(node_as_jump_box::find(&scene));
    let found = found.chain(port_open_beside_requests::find(&scene));
    found.chain(circuit_not_encrypted::find(&scene)).collect()
}

/// A leg with what it went over.
#[derive(Clone, Copy, Debug)]
struct Scene<'a> {
    plane: &'a Dataplane,
    leg: &'a LegAnswer,
}

impl<'a> Scene<'a> {
    fn network(&self) -> &'a Network {
        self.plane.network()
    }

    /// The hops of the request, of every path.
    fn hops(&self) -> impl Iterator<Item = &'a Hop> + use<'a> {
        let paths = self.leg.trace.iter().flat_map(|trace| &trace.paths);
        paths.flat_map(|path| &path.request)
    }

    /// The machine behind the interface that the request arrives at, when it is one to be managed.
    fn managed(&self) -> Option<Id<VirtualMachine>> {
        let last = self.leg.trace.as_ref()?.paths.first()?.request.last()?;
        let flow = &last.flow;
        let is_managing =
            flow.protocol == Protocol::Tcp && MANAGEMENT.contains(&flow.destination_ports.first());
        self.machine_at(last).filter(|_| is_managing)
    }

    /// The machine that an interface belongs to.
    fn machine_at(&self, hop: &Hop) -> Option<Id<VirtualMachine>> {
        let resource = hop.resource.as_ref().filter(|_| hop.kind == HopKind::NetworkInterface)?;
        let interfaces = self.network().network_interfaces.iter();
        let (interface, _) = { interfaces }.find(|(_, it)| it.meta.id == *resource)?;
        let mut machines = self.network().virtual_machines.iter();
        let found = machines.find(|(_, machine)| {
            machine.interfaces.iter().any(|link| link.known() == Some(interface))
        });
        found.map(|(id, _)| id)
    }

    /// The first step of the leg.
    fn first_step(&self) -> u32 {
        self.leg.steps.first().map_or(1, |step| step.number)
    }

    fn say(&self, kind: CautionKind, text: String, item: Option<Item>, rules: &[u16]) -> Caution {
        Caution {
            kind,
            step: self.first_step(),
            text,
            decided_by: item,
            rules: rules.iter().copied().map(Rule).collect(),
            page: kind.page(),
        }
    }
}
