//! What a gateway knows beyond its own network, and from whom.

use crate::answer::Rule;
use crate::azure::{Assumption, Connection, Origin};
use crate::id::Id;
use ipnet::IpNet;
use std::net::IpAddr;

/// A prefix that a gateway or Route Server knows, with everyone it goes to at equal cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearnedRoute {
    /// The prefix.
    pub prefix: IpNet,
    /// How it came to be known.
    pub kind: LearnedKind,
    /// From whom; several when flows are spread over them (R108, R325, R360, R379).
    pub from: Vec<LearnedFrom>,
    /// The autonomous systems on the way, the nearest first, as far as they are told.
    pub path: Vec<u32>,
    /// What was assumed.
    pub assumes: Vec<Assumption>,
    /// Where it was read, when it stands in the input.
    pub origin: Option<Origin>,
    /// The rules that put it there.
    pub cites: Vec<Rule>,
    /// Why it is not known which of several it leads to, if it is not.
    pub undecided: Option<String>,
}

/// How a prefix came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LearnedKind {
    /// Written in a local network gateway, or the space of a network joined without BGP (R313).
    Static,
    /// Announced (R53).
    Bgp,
    /// The address of a BGP peer (R56).
    BgpPeer,
    /// The address pool of point-to-site clients (R337).
    ClientPool,
}

/// From whom a prefix is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LearnedFrom {
    /// Over a tunnel or circuit.
    Connection(Id<Connection>),
    /// The gateway's own point-to-site clients.
    Clients,
    /// An appliance that Route Server talks to; packets go to this address (R377).
    Appliance(IpAddr),
}

/// What cannot be known about the routes of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsureLearning {
    /// The prefixes; `None` when there may be routes to anywhere.
    pub prefixes: Option<Vec<IpNet>>,
    /// Why, in words.
    pub cause: String,
    /// Is there surely a route to each of the prefixes, and not known only to whom it leads?
    pub is_there: bool,
}

/// Which assumptions were used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Assumes {
    pub(super) connections_up: bool,
    pub(super) learns_what_is_declared: bool,
}

impl Assumes {
    pub(super) const fn or(self, other: Self) -> Self {
        Self {
            connections_up: self.connections_up || other.connections_up,
            learns_what_is_declared: self.learns_what_is_declared || other.learns_what_is_declared,
        }
    }

    pub(super) fn list(self) -> Vec<Assumption> {
        let up = self.connections_up.then_some(Assumption::ConnectionsUp);
        let learns = self.learns_what_is_declared.then_some(Assumption::LearnsWhatIsDeclared);
        up.into_iter().chain(learns).collect()
    }
}
