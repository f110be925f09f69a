//! Network interfaces.

use super::builder::{Builder, Draft};
use crate::answer::{HopKind, Reason};
use crate::azure::{NetworkInterface, NicOwner, PowerState, Subnet};
use crate::dataplane::graph::{Cause, Evidence, Own};
use crate::id::Id;
use std::net::IpAddr;
use std::sync::Arc;

impl Builder {
    /// One location per interface that a machine may hold; those of private endpoints and private
    /// link services stand for themselves elsewhere.
    pub(super) fn add_interfaces(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, nic) in network.network_interfaces.iter() {
            let is_managed =
                matches!(nic.owner, NicOwner::PrivateEndpoint(_) | NicOwner::PrivateLinkService(_));
            let Some(subnet) = self.subnet_of(id).filter(|_| !is_managed) else { continue };
            let realm = self.realm_of(network.subnets[subnet].network);
            let name = self.machine_name(nic);
            let draft = Draft {
                name: &name,
                kind: HopKind::NetworkInterface,
                evidence: Some(Evidence::NetworkInterface(id)),
                addresses: self.addresses_of(nic),
            };
            let at = self.location(draft, realm);
            self.plane.places.interfaces.insert(id, at);
            let own = match (self.why_not_running(nic), self.perhaps_not_there(nic, id)) {
                (_, Some(cause)) => Own::Unsure(self.cause(cause)),
                (Some(cause), None) => Own::Stop(self.cause(cause)),
                (None, None) => Own::Deliver,
            };
            self.plane.locations[at].own = own;
        }
    }

    /// The subnet that an interface stands in, where it is in the input.
    pub(super) fn subnet_of(&self, nic: Id<NetworkInterface>) -> Option<Id<Subnet>> {
        let nic = &self.network.network_interfaces[nic];
        let configurations = nic.ip_configurations.iter();
        let mut subnets =
            configurations.filter_map(|&at| self.network.ip_configurations[at].subnet);
        subnets.find_map(crate::azure::Link::known)
    }

    /// The primary address of each family first, then the others in the order written.
    fn addresses_of(&self, nic: &NetworkInterface) -> Vec<IpAddr> {
        let configurations = nic.ip_configurations.iter();
        let mut known: Vec<_> =
            configurations.map(|&at| &self.network.ip_configurations[at]).collect();
        known.sort_by_key(|configuration| !configuration.is_primary);
        known.into_iter().filter_map(|configuration| configuration.reached_at()).collect()
    }

    /// A machine with one interface is called by its own name, else by that of the interface.
    fn machine_name(&self, nic: &NetworkInterface) -> String {
        let NicOwner::VirtualMachine(link) = nic.owner else { return nic.meta.name().into() };
        let machine = link.known().map(|id| &self.network.virtual_machines[id]);
        match machine {
            Some(machine) if machine.interfaces.len() == 1 => machine.meta.name().into(),
            Some(machine) => format!("{}/{}", machine.meta.name(), nic.meta.name()),
            None => nic.meta.name().into(),
        }
    }

    fn why_not_running(&self, nic: &NetworkInterface) -> Option<Cause> {
        Self::why_alone(nic, &[]).or_else(|| self.why_stopped(nic, &[]))
    }

    /// Why an interface that no machine has takes no packet, by these rules.
    pub(super) fn why_alone(nic: &NetworkInterface, rules: &[u16]) -> Option<Cause> {
        (nic.owner == NicOwner::Nobody).then(|| {
            let text = format!("{} is attached to no virtual machine", nic.meta.name());
            Cause::new(Reason::MachineStopped, text, rules)
        })
    }

    /// Why it is not known whether an interface takes packets, for itself or for others: whether it, or a machine that
    /// runs, is there.
    pub(super) fn perhaps_not_there(
        &self,
        nic: &NetworkInterface,
        id: Id<NetworkInterface>,
    ) -> Option<Cause> {
        let why = self.unknowns.of_interface(nic)?;
        let cause = Cause::new(Reason::ValueUnknown, why, &[]);
        Some(cause.by(Evidence::NetworkInterface(id)))
    }

    /// Why the machine of an interface takes no packet, by these rules: it is known to be stopped.
    pub(super) fn why_stopped(&self, nic: &NetworkInterface, rules: &[u16]) -> Option<Cause> {
        let NicOwner::VirtualMachine(link) = nic.owner else { return None };
        let id = link.known()?;
        let machine = &self.network.virtual_machines[id];
        (machine.power == PowerState::Stopped).then(|| {
            let text = format!("{} is stopped", machine.meta.name());
            Cause::new(Reason::MachineStopped, text, rules).by(Evidence::VirtualMachine(id))
        })
    }
}
