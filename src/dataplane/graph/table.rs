//! Forwarding tables.

use super::{Balancer, Cause, Crossing, Encapsulation, Location, Realm};
use crate::dataplane::{EffectiveRoute, EffectiveTable};
use crate::id::Id;
use crate::net::{AddressSet, ForwardingTable, PrefixIndex};
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

/// What is looked up when a packet leaves a location.
// PERF: what every look-up asks comes first and fits into two lines of memory.
#[derive(Clone, Debug, Default)]
#[repr(C, align(64))]
pub struct Table {
    /// Longest prefix to a row.
    pub main: ForwardingTable<Id<Row>>,
    /// Looked up before `main`: routes that nothing overrides (R90, R91); none: there are none.
    pub pinned: Option<Box<ForwardingTable<Id<Row>>>>,
    /// The rows that `pinned` and `main` lead to.
    pub rows: Box<[Row]>,
    /// Destinations whose route is not known.
    pub unsure: Vec<Unsure>,
    /// Do user routes or routes of gateways treat addresses of the Internet that the input gives to nobody differently, the
    /// default routes aside?
    pub tells_public_apart: bool,
    /// Every effective route by prefix, active or not, where there are many: for evidence.
    pub by_prefix: Option<Box<PrefixIndex<u32>>>,
    /// In words, by row, for rows without an effective route.
    pub texts: Box<[Box<str>]>,
    /// The effective routes it was compiled from, for evidence; rows know their number there.
    pub effective: Option<Arc<EffectiveTable>>,
}

impl Table {
    /// The row for `destination`. O(log n) in the number of prefixes, without allocation.
    #[must_use]
    pub fn lookup(&self, destination: IpAddr) -> Option<u32> {
        let pinned = self.pinned.as_ref().and_then(|pinned| pinned.lookup(destination));
        pinned.or_else(|| self.main.lookup(destination)).map(Id::number)
    }
}

/// A row of a table.
// PERF: half a line of memory.
#[derive(Clone, Debug)]
#[repr(align(32))]
pub struct Row {
    /// What happens to the packet.
    pub forward: Forward,
    /// The number of the effective route, in `Table::effective`.
    pub route: Option<Id<Arc<EffectiveRoute>>>,
    /// Does it rest on assumptions ([`crate::dataplane::Dataplane::row_assumptions`])?
    pub assumes: bool,
}

/// Destinations of which something is not known.
#[derive(Clone, Debug)]
pub struct Unsure {
    /// The destinations.
    pub destinations: AddressSet,
    /// Why.
    pub cause: Id<Cause>,
}

/// What a row does with a packet.
#[derive(Clone, Debug)]
pub enum Forward {
    /// To the owner of the destination address in `realm`, perhaps over a crossing.
    Deliver {
        /// Where the address is looked up.
        realm: Id<Realm>,
        /// What lies between.
        crossing: Option<Id<Crossing>>,
    },
    /// To a next stop; several: one of them, by a hash of the flow (R66, R108).
    Hand(Stops),
    /// To the Internet, by the translation of the location (R118).
    Exit,
    /// To a service over its endpoint, with the private source (R430).
    Service,
    /// Stopped.
    Drop(Id<Cause>),
    /// It cannot be said.
    Unsure(Id<Cause>),
}

/// A next stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// What lies between.
    pub crossing: Option<Id<Crossing>>,
    /// The tunnel that the packet goes through.
    pub encapsulation: Option<Id<Encapsulation>>,
    /// Who takes the packet.
    pub at: StopAt,
}

impl Stop {
    /// At a location, with nothing between.
    #[must_use]
    pub const fn at(location: Id<Location>) -> Self {
        Self { crossing: None, encapsulation: None, at: StopAt::Location(location) }
    }

    /// At whoever takes it, over a crossing perhaps.
    #[must_use]
    pub const fn over(crossing: Option<Id<Crossing>>, at: StopAt) -> Self {
        Self { crossing, encapsulation: None, at }
    }
}

/// Next stops of which one is taken; mostly one.
#[derive(Clone, Debug)]
pub enum Stops {
    /// This one.
    One(Stop),
    /// One of these.
    Several(Box<[Stop]>),
}

impl Deref for Stops {
    type Target = [Stop];
    fn deref(&self) -> &[Stop] {
        match self {
            Self::One(stop) => std::slice::from_ref(stop),
            Self::Several(stops) => stops,
        }
    }
}

impl From<Stop> for Stops {
    fn from(stop: Stop) -> Self {
        Self::One(stop)
    }
}

impl FromIterator<Stop> for Stops {
    fn from_iter<I: IntoIterator<Item = Stop>>(stops: I) -> Self {
        let all: Vec<Stop> = stops.into_iter().collect();
        match *all {
            [only] => Self::One(only),
            [] | [_, _, ..] => Self::Several(all.into()),
        }
    }
}

/// Who takes a packet that is not for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopAt {
    /// A location.
    Location(Id<Location>),
    /// A load balancer for all ports in front of appliances (R419).
    Balancer(Id<Balancer>),
    /// Nobody.
    Nobody(Id<Cause>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::{align_of, offset_of, size_of};

    #[test]
    fn a_row_is_half_a_line_of_memory_and_a_look_up_begins_in_two() {
        assert_eq!((size_of::<Row>(), align_of::<Row>()), (32, 32));
        assert!(offset_of!(Table, tells_public_apart) < 2 * 64);
    }
}
