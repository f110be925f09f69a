//! Values of interfaces and machines that are not known and decide about these only: whether they are there, run, and
//! have each other.

use super::Places;
use crate::azure::{NetworkInterface, NicOwner, UnknownValue, VirtualMachine};
use crate::id::{Id, ResourceId};

/// What a value of an interface or a machine may influence.
pub(super) enum OfInterfaces {
    /// Whether these interfaces take packets, for themselves and for others.
    AreThere(Vec<ResourceId>),
    /// Which interface is behind inbound NAT rules that name none.
    NatRules,
    /// Which machine an interface without one belongs to.
    Owners,
}

impl Places<'_> {
    /// What the value may influence, if that is about interfaces only. Guests that others learn routes from, and
    /// those of which it is not known how many interfaces they have, are more than that.
    pub(super) fn of_interfaces(&self, value: &UnknownValue) -> Option<OfInterfaces> {
        let arm_type = value.of.resource_type()?.to_ascii_lowercase();
        // Policies add rules at the interfaces of their machines, whose groups others may share.
        if !self.network.just_in_time_policies.is_empty() {
            return None;
        }
        match &*arm_type {
            "microsoft.network/networkinterfaces" => self.of_interface(value),
            "microsoft.network/networkinterfaces/ipconfigurations" => {
                let name = "loadBalancerInboundNatRules";
                let is_it = value.property.split('/').any(|step| step.eq_ignore_ascii_case(name));
                is_it.then_some(OfInterfaces::NatRules)
            }
            "microsoft.compute/virtualmachines" => self.of_machine(value),
            _ => None,
        }
    }

    /// The interfaces of which the value decides whether they take packets, whatever else it influences.
    pub(super) fn perhaps_there(&self, value: &UnknownValue) -> Vec<ResourceId> {
        let (network, first) = (self.network, first_step(value));
        let is = |name: &&str| name.eq_ignore_ascii_case(first);
        let own = network.network_interfaces.values().map(|nic| &nic.meta.id);
        if ["condition", "virtualMachine", "managedBy"].iter().any(is)
            && let Some(own) = { own }.find(|id| **id == value.of)
        {
            return vec![own.clone()];
        }
        let mut machines = network.virtual_machines.values();
        let machine = machines.find(|it| it.meta.id == value.of);
        let machine = machine.filter(|_| RUNNING.iter().any(is));
        let known = machine.into_iter().flat_map(|it| &it.interfaces).filter_map(|it| it.known());
        known.map(|id| network.network_interfaces[id].meta.id.clone()).collect()
    }

    fn of_interface(&self, value: &UnknownValue) -> Option<OfInterfaces> {
        let property = value.property.trim_end_matches("/id");
        let is = |name: &str| name.eq_ignore_ascii_case(property);
        let decides_owner = is("virtualMachine") || is("managedBy");
        let mut interfaces = self.network.network_interfaces.iter();
        let (id, interface) = interfaces.find(|(_, nic)| nic.meta.id == value.of)?;
        let is_alone = match is("condition") {
            true => self.is_alone(id, interface),
            false => decides_owner && self.are_machines_complete(),
        };
        let found = || OfInterfaces::AreThere(vec![interface.meta.id.clone()]);
        (is_alone && !self.is_of_speaker(&value.of)).then(found)
    }

    /// Is it the only interface of its machine, or of none?
    fn is_alone(&self, id: Id<NetworkInterface>, interface: &NetworkInterface) -> bool {
        let is_another = |machine: &VirtualMachine| {
            machine.interfaces.iter().any(|link| link.known() == Some(id))
                && machine.interfaces.len() > 1
        };
        let belongs_to_service = matches!(
            interface.owner,
            NicOwner::PrivateEndpoint(_) | NicOwner::PrivateLinkService(_)
        );
        !belongs_to_service && !self.network.virtual_machines.values().any(is_another)
    }

    /// Does each machine say itself which interfaces it has?
    fn are_machines_complete(&self) -> bool {
        self.network.virtual_machines.values().all(|machine| !machine.interfaces.is_empty())
    }

    fn of_machine(&self, value: &UnknownValue) -> Option<OfInterfaces> {
        let (network, first) = (self.network, first_step(value));
        let is = |name: &&str| name.eq_ignore_ascii_case(first);
        let machine = network.virtual_machines.values().find(|it| it.meta.id == value.of)?;
        let known = machine.interfaces.iter().filter_map(|link| link.known());
        let known = known.map(|id| &network.network_interfaces[id].meta.id);
        if known.clone().any(|id| self.is_of_speaker(id)) {
            return None;
        }
        if RUNNING.iter().any(is) {
            return Some(OfInterfaces::AreThere(known.cloned().collect()));
        }
        let is_list = ["networkProfile", "networkInterfaces"].iter().any(is);
        (is_list && known.count() == 0).then_some(OfInterfaces::Owners)
    }
}

/// What tells of a machine whether it is there and runs.
const RUNNING: [&str; 4] = ["condition", "instanceView", "extended", "powerState"];

/// Is it whether an interface takes packets for others (R83)?
pub(super) fn is_forwarding(value: &UnknownValue) -> bool {
    value.property.eq_ignore_ascii_case("enableIPForwarding")
}

fn first_step(value: &UnknownValue) -> &str {
    value.property.split('/').next().unwrap_or_default()
}
