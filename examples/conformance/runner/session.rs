//! The network of a case, resolved, and the things in it that a question names.

use super::case::Case;
use super::estate::Estate;
use super::written::documents;
use hopwise::azure::{
    Network, NetworkInterface, Peering, PlatformProfile, VirtualMachine, VirtualNetwork,
    VirtualNetworkGateway,
};
use hopwise::dataplane::{EffectiveTable, Gateways, routes};
use hopwise::id::{Arena, Id, ResourceId};
use hopwise::import;
use hopwise::question::{Unanswered, subnet_of};
use hopwise::report::azure::Shape;
use hopwise::resolve;

/// The network of a case, with the platform of its day.
pub(crate) struct Session<'a> {
    pub(crate) case: &'a Case,
    pub(crate) network: Network,
    pub(crate) profile: &'static PlatformProfile,
    pub(crate) shape: Shape,
}

impl<'a> Session<'a> {
    /// Resolves the `estate` of `case`.
    ///
    /// # Errors
    /// When there is no profile of the platform for the date.
    pub(crate) fn new(case: &'a Case, estate: Estate) -> Result<Self, Unanswered> {
        let texts = case.written.texts(estate.into_resources());
        let (network, _) = resolve::resolve(import::read(documents(&case.name, &texts)));
        let profile = PlatformProfile::at(case.date())
            .ok_or_else(|| Unanswered::not_modelled("there is no platform profile"))?;
        let shape = Shape::at(case.date(), case.api_version());
        Ok(Self { case, network, profile, shape })
    }

    /// The effective routes of the subnet that `nic` stands in.
    ///
    /// # Errors
    /// When the subnet is not in the input.
    pub(crate) fn table(&self, nic: Id<NetworkInterface>) -> Result<EffectiveTable, Unanswered> {
        let subnet = subnet_of(&self.network, nic)?;
        let gateways = Gateways::new(&self.network);
        Ok(routes::effective_table(&self.network, self.profile, &gateways, subnet))
    }

    /// The network called `id`.
    ///
    /// # Errors
    /// When it is not in the input.
    pub(crate) fn virtual_network(&self, id: &str) -> Result<Id<VirtualNetwork>, Unanswered> {
        find(&self.network.virtual_networks, |it| &it.meta.id, id)
    }

    /// The half of a peering called `id`.
    ///
    /// # Errors
    /// When it is not in the input.
    pub(crate) fn peering(&self, id: &str) -> Result<Id<Peering>, Unanswered> {
        find(&self.network.peerings, |it| &it.meta.id, id)
    }

    /// The interface called `id`.
    ///
    /// # Errors
    /// When it is not in the input.
    pub(crate) fn interface(&self, id: &str) -> Result<Id<NetworkInterface>, Unanswered> {
        find(&self.network.network_interfaces, |it| &it.meta.id, id)
    }

    /// The gateway called `id`.
    ///
    /// # Errors
    /// When it is not in the input.
    pub(crate) fn gateway(&self, id: &str) -> Result<Id<VirtualNetworkGateway>, Unanswered> {
        find(&self.network.virtual_network_gateways, |it| &it.meta.id, id)
    }

    /// The machine that the question's body names as its target.
    ///
    /// # Errors
    /// When it is not in the input, or the body names none.
    pub(crate) fn target_machine(&self) -> Result<Id<VirtualMachine>, Unanswered> {
        find(&self.network.virtual_machines, |it| &it.meta.id, self.target()?)
    }

    /// The id of the resource that the question's body names as its target.
    fn target(&self) -> Result<&'a str, Unanswered> {
        let asked = self.case.asked("targetResourceId");
        asked.ok_or_else(|| Unanswered::not_given("the question names no target"))
    }
}

fn find<T>(arena: &Arena<T>, id_of: fn(&T) -> &ResourceId, id: &str) -> Result<Id<T>, Unanswered> {
    let wanted = ResourceId::new(id);
    let found = arena.iter().find(|(_, it)| *id_of(it) == wanted);
    found
        .map(|(found, _)| found)
        .ok_or_else(|| Unanswered::missing(format!("{} is not in the input", wanted.name())))
}
