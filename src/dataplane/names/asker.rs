//! Who asks, and whom.

use super::{Server, View};
use crate::answer::{Item, Rule};
use crate::azure;
use crate::id::Id;
use std::net::IpAddr;

/// Somebody who asks for names.
#[derive(Clone, Debug, PartialEq)]
pub struct Asker {
    /// Its name.
    pub label: String,
    /// Where it stands.
    pub position: Position,
    /// The view of its network; none outside Azure (R240).
    pub view: Option<Id<View>>,
    /// Whom it asks.
    pub servers: Servers,
}

/// Whom somebody asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Servers {
    /// Azure's resolver of its own network (R235, R236).
    Platform,
    /// These, in order of preference (R237).
    List {
        /// The addresses, at least one.
        addresses: Vec<IpAddr>,
        /// Whose setting it is.
        item: Item,
        /// The rules by which this setting counts.
        rules: Vec<Rule>,
    },
    /// The public DNS.
    Public,
    /// It is not known.
    Unknown(String),
}

/// Where somebody stands who asks or answers: enough to find the place that packets leave from or
/// arrive at. Opaque to engines, which hand it to the walker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The resource or machine.
    pub at: At,
    /// The address space that its address belongs to.
    pub realm: Realm,
    /// Its address; none where the platform chooses one of the subnet's.
    pub address: Option<IpAddr>,
}

/// What stands at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// A machine's network interface.
    Interface(Id<azure::NetworkInterface>),
    /// A container group.
    ContainerGroup(Id<azure::ContainerGroup>),
    /// Anything in a subnet that has no interface of its own in the input.
    Subnet(Id<azure::Subnet>),
    /// An inbound endpoint of a resolver.
    InboundEndpoint(Id<azure::InboundEndpoint>),
    /// An outbound endpoint of a resolver (R275).
    OutboundEndpoint(Id<azure::OutboundEndpoint>),
    /// An Azure Firewall (R288).
    Firewall(Id<azure::Firewall>),
    /// A frontend of a load balancer.
    Frontend(Id<azure::Frontend>),
    /// A named machine of a site, by number.
    SiteHost(Id<azure::Site>, usize),
    /// Any other machine of a site.
    Site(Id<azure::Site>),
    /// A named machine on the Internet, by number.
    InternetHost(usize),
    /// Any other machine on the Internet.
    Internet,
}

/// An address space in which an address has one owner (R11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Realm {
    /// A virtual network.
    Network(Id<azure::VirtualNetwork>),
    /// A site on premises.
    Site(Id<azure::Site>),
    /// The Internet, or nothing that is known.
    Internet,
}

impl super::Names {
    /// Who asks at `at`; `None` for what the network does not have.
    #[must_use]
    pub fn asker(&self, at: At) -> Option<Id<Asker>> {
        self.asker_at.get(&at).copied()
    }

    /// The machine behind a network interface as an asker.
    #[must_use]
    pub fn asker_of_interface(&self, id: Id<azure::NetworkInterface>) -> Option<Id<Asker>> {
        self.asker(At::Interface(id))
    }

    /// Any client on the Internet as an asker.
    #[must_use]
    pub fn asker_on_the_internet(&self) -> Option<Id<Asker>> {
        self.asker(At::Internet)
    }

    /// The servers with `address`, those in the realm of the asker first.
    #[must_use]
    pub fn servers_at(&self, address: IpAddr, realm: Realm) -> Vec<Id<Server>> {
        let mut found = self.servers_by_address.get(&address).cloned().unwrap_or_default();
        found.sort_by_key(|&id| (self.servers[id].position.realm != realm, id));
        found
    }
}
