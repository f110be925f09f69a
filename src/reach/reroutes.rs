//! What a table does otherwise than before, and for which addresses.

use super::alike::ends;
use super::splits::rows;
use super::touched::{by_deed, unlike_destinations};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Crossing, Forward, Location, StopAt, Table};
use crate::id::Id;
use crate::net::AddressSet;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Addresses that a changed table does something else with.
#[derive(Clone, Debug)]
pub(super) struct Rerouted {
    /// All of them.
    pub(super) addresses: AddressSet,
    /// Intervals of addresses with which it now does the same, by a number for what that is; in order.
    regions: Vec<(IpAddr, IpAddr, u32)>,
}

/// How the addresses of something fare: nothing is there, all the same (none: as before), or not the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Region {
    #[default]
    Absent,
    Whole(Option<u32>),
    Cut,
}

impl Region {
    /// That of both.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Absent, one) | (one, Self::Absent) => one,
            (one, two) if one == two => one,
            _ => Self::Cut,
        }
    }

    /// Is anything here rerouted?
    pub(super) const fn is_touched(self) -> bool {
        matches!(self, Self::Whole(Some(_)) | Self::Cut)
    }
}

impl Rerouted {
    /// What the second of `tables` does otherwise than the first. O(n log n) in their rows.
    pub(super) fn of(planes: [&Dataplane; 2], tables: [Id<Table>; 2]) -> Self {
        let addresses = unlike_destinations(planes, tables);
        let mut parts: Vec<AddressSet> = Vec::new();
        if !addresses.is_empty() {
            let deeds = by_deed(planes[1], tables[1]).into_values();
            parts.extend(deeds.map(|set| set.intersection(&addresses)));
            let known = parts.iter().fold(AddressSet::EMPTY, |all, it| all.union(it));
            parts.push(addresses.difference(&known));
        }
        for doubt in &planes[1].tables[tables[1]].unsure {
            let split = |part: &AddressSet| {
                [part.intersection(&doubt.destinations), part.difference(&doubt.destinations)]
            };
            parts = parts.iter().flat_map(split).collect();
        }
        let numbered = (0u32..).zip(&parts);
        let spans = numbered.flat_map(|(number, part)| {
            ends(part).into_iter().map(move |(first, last)| (first, last, number))
        });
        let mut regions: Vec<_> = spans.collect();
        regions.sort_unstable();
        Self { addresses, regions }
    }

    /// The region of an interval of addresses of one family. O(log n) in the intervals.
    pub(super) fn region(&self, first: IpAddr, last: IpAddr) -> Region {
        let at = self.regions.partition_point(|it| it.1 < first);
        match self.regions.get(at) {
            Some(&(start, end, number)) if start <= first && last <= end => {
                Region::Whole(Some(number))
            }
            Some(&(start, ..)) if start <= last => Region::Cut,
            _ => Region::Whole(None),
        }
    }

    /// The parts of `set` by region, those as before with them.
    pub(super) fn split(&self, set: &AddressSet) -> Vec<AddressSet> {
        let mut by_number: BTreeMap<u32, Vec<AddressSet>> = BTreeMap::new();
        for &(first, last, number) in &self.regions {
            by_number.entry(number).or_default().extend(AddressSet::range(first, last));
        }
        let mut parts: Vec<AddressSet> = by_number
            .into_values()
            .map(|all| all.iter().fold(AddressSet::EMPTY, |all, it| all.union(it)))
            .map(|region| set.intersection(&region))
            .collect();
        parts.push(set.difference(&self.addresses));
        parts.retain(|part| !part.is_empty());
        parts
    }
}

/// Does the table of a network of these addresses hand packets of `rerouted` to none of the places that `is_end`
/// says, and over no crossing that tells addresses of the network apart?
pub(super) fn is_plain(
    plane: &Dataplane,
    table: Id<Table>,
    (rerouted, home): (&Rerouted, &[AddressSet; 2]),
    is_end: impl Fn(Id<Location>) -> bool,
) -> bool {
    let table = &plane.tables[table];
    let is_whole = |crossing: Option<Id<Crossing>>| {
        let Some(crossing) = crossing.map(|id| &plane.crossings[id]) else { return true };
        let sets = [crossing.sources.as_ref(), crossing.unlisted.as_ref()];
        let mut sets = sets.into_iter().flatten();
        crossing.selectors.is_none()
            && sets.all(|(set, _)| home.iter().all(|home| set.covers(home) || !set.overlaps(home)))
    };
    let changed = rows(table).into_iter().filter(|(_, set)| set.overlaps(&rerouted.addresses));
    let forwards = changed.filter_map(|(row, _)| table.rows.get(row? as usize));
    let mut forwards = forwards.map(|row| &row.forward);
    forwards.all(|forward| match forward {
        Forward::Deliver { crossing, .. } => is_whole(*crossing),
        Forward::Hand(stops) => stops.iter().all(|stop| {
            let is_end = matches!(stop.at, StopAt::Location(at) if is_end(at));
            !is_end && is_whole(stop.crossing)
        }),
        Forward::Exit | Forward::Service | Forward::Drop(_) | Forward::Unsure(_) => true,
    })
}
