//! What Azure does, once more: written from the rules of `docs/semantics`, as plainly as they are, over
//! `azure::Network`, without a look at how hopwise does it.
//!
//! Nothing here is fast and nothing is shared. What the rules leave open is said ([`Said::Open`])
//! instead of decided; what an input lacks is tried out, world by world ([`worlds`]): when all worlds
//! agree the answer is known. A test holds that this module never uses what it judges.

mod filters;
mod gateways;
mod names;
mod neighbours;
mod routes;
mod services;
mod worlds;

pub(crate) use filters::passes;
pub(crate) use names::{Asking, Ending, Gets, Spot};
pub(crate) use routes::{Row, Source};
pub(crate) use services::{Comes, admits, listens};
pub(crate) use worlds::{is_open, next_hop, table};

use hopwise::azure::{Network, PlatformProfile, Subnet, VirtualNetwork};
use hopwise::id::Id;

/// What the oracle says of something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Said<T> {
    /// It is so, by the rules.
    Known(T),
    /// The input lacks what decides.
    Unknown,
    /// The rules do not tell, or the input is what Azure refuses; why.
    Open(&'static str),
}

/// A subnet with what decides about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) network: &'a Network,
    pub(crate) profile: &'a PlatformProfile,
    pub(crate) subnet: Id<Subnet>,
}

impl<'a> Place<'a> {
    pub(crate) fn subnet(self) -> &'a Subnet {
        &self.network.subnets[self.subnet]
    }

    /// The virtual network.
    pub(crate) fn home(self) -> &'a VirtualNetwork {
        &self.network.virtual_networks[self.subnet().network]
    }
}
