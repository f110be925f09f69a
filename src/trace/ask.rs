//! The question.

use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::{DnsName, Flow};

/// One packet: where it starts, its header, and where it is meant to arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask<'a> {
    /// The location that sends.
    pub from: Id<Location>,
    /// The header, as the sender writes it.
    pub flow: Flow,
    /// The location that the shadow jumps to when a route loses the packet; none when nobody knows.
    pub target: Option<Id<Location>>,
    /// The name in the request, which application rules of firewalls judge; none when nobody knows:
    /// such rules are *maybe* then.
    pub host: Option<&'a DnsName>,
    /// The location that is meant and nobody else who has the address; none when whoever has it is meant.
    pub only: Option<Id<Location>>,
}
