//! Names: what every resolver of the estate knows and whom it asks, without any Azure meaning left.
//!
//! Compiled from the network once. There is one [`View`] per virtual network, which is what
//! 168.63.129.16 answers from inside it; [`Server`]s that are known by address; the [`PublicDns`] as
//! far as the input tells; and [`Asker`]s with the servers that they ask. Who gets which answer is
//! worked out by `trace::names`.

mod api_server;
mod asker;
mod compile;
mod known;
mod public;
mod records;
mod ruleset;
mod server;
mod services;
mod survey;
mod view;
mod zone;

pub(super) use api_server::frontends_in;
pub use asker::{Asker, At, Position, Realm, Servers};
pub use compile::compile;
pub use public::{PublicDns, PublicMatch};
pub use records::{Match, Node, RecordMap, Records};
pub use ruleset::{Forwarded, ForwardingRule, Ruleset};
pub use server::{
    Behaviour, Otherwise, Own, PLATFORM, PORT, Server, ServerTable, Why, is_public_resolver,
};
pub(in crate::dataplane) use services::{group_of, sub_resource};
pub use services::{private_name, stands_for, well_known_names};
pub use survey::{Intended, UnresolvedEndpoint};
pub use view::{View, ZoneLink, placeholder_suffix};
pub use zone::Zone;

use crate::azure::VirtualNetwork;
use crate::id::{Arena, Id};
use crate::net::DnsName;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Aliases that are followed one after the other.
pub const ALIASES_MAX: usize = 16;

/// Everything about names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    /// Private and public zones, those of guests' servers excepted.
    pub zones: Arena<Zone>,
    /// One per virtual network.
    pub views: Arena<View>,
    /// Forwarding rulesets.
    pub rulesets: Arena<Ruleset>,
    /// DNS servers.
    pub servers: Arena<Server>,
    /// Who may ask.
    pub askers: Arena<Asker>,
    /// The public DNS.
    pub public: PublicDns,
    view_of: BTreeMap<Id<VirtualNetwork>, Id<View>>,
    servers_by_address: BTreeMap<IpAddr, Vec<Id<Server>>>,
    asker_at: BTreeMap<At, Id<Asker>>,
    private_zones: BTreeMap<DnsName, Vec<Id<Zone>>>,
    linked: BTreeSet<Id<Zone>>,
    endpoints: Vec<survey::Endpoint>,
}

impl Names {
    /// The view of a virtual network.
    #[must_use]
    pub fn view_of(&self, network: Id<VirtualNetwork>) -> Option<Id<View>> {
        self.view_of.get(&network).copied()
    }
}
