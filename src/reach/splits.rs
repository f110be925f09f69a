//! Groups split by what tells their packets apart.

use super::header::{Header, Packets, only};
use super::walk::{Reach, Rows};
use crate::dataplane::graph::{Row, Table};
use crate::id::Id;
use crate::net::{AddressSet, ForwardingTable};
use crate::packet_set::Set;
use std::collections::BTreeMap;
use std::net::IpAddr;

impl Reach<'_> {
    /// The packets of `set` whose destination is among `addresses` now, and the others.
    pub(super) fn by_destination(
        &mut self,
        (header, set): Packets,
        addresses: &AddressSet,
    ) -> (Set, Set) {
        let inside = header.to(self.sets, addresses);
        (self.sets.intersection(set, inside), self.sets.difference(set, inside))
    }

    /// The packets of `set` whose source is among `addresses` now, and the others.
    pub(super) fn by_source(
        &mut self,
        (header, set): Packets,
        addresses: &AddressSet,
    ) -> (Set, Set) {
        let inside = header.from(self.sets, addresses);
        (self.sets.intersection(set, inside), self.sets.difference(set, inside))
    }

    /// The packets of `set` with IPv4 addresses, and those with IPv6 addresses, without empty parts.
    pub(super) fn by_family(&mut self, set: Set) -> Vec<(bool, Set)> {
        let v4 = self.sets.sources(&AddressSet::everything_v4());
        let parts =
            [(true, self.sets.intersection(set, v4)), (false, self.sets.difference(set, v4))];
        parts.into_iter().filter(|(_, part)| !part.is_empty()).collect()
    }

    /// The packets of `set` for each of `addresses`, with the header that says so; and the others.
    pub(super) fn by_address<T: Copy>(
        &mut self,
        (header, set): Packets,
        addresses: impl IntoIterator<Item = (IpAddr, T)>,
    ) -> (Vec<(Header, T, Set)>, Set) {
        let mut found = Vec::new();
        let mut all = Vec::new();
        for (address, what) in addresses {
            if header.destination.is_some_and(|it| it != address) {
                continue;
            }
            let inside = header.to(self.sets, &only(address));
            let part = self.sets.intersection(set, inside);
            if !part.is_empty() {
                found.push((Header { destination: Some(address), ..header }, what, part));
                all.push(part);
            }
        }
        let all = self.sets.union_all(all);
        (found, self.sets.difference(set, all))
    }

    /// The packets of `set` by the value that their destination is looked up to.
    pub(super) fn by_lookup<T: Copy + Ord>(
        &mut self,
        (header, set): Packets,
        table: &ForwardingTable<T>,
    ) -> Vec<(Option<T>, Set)> {
        if let Some(destination) = header.destination {
            return vec![(table.lookup(destination), set)];
        }
        let parts: Vec<(Option<T>, AddressSet)> = table.by_value().into_iter().collect();
        self.by_addresses((header, set), &parts)
    }

    fn by_addresses<T: Copy>(
        &mut self,
        (header, set): Packets,
        parts: &[(T, AddressSet)],
    ) -> Vec<(T, Set)> {
        if let Some(only) = self.only_destination((header, set)) {
            let part = parts.iter().find(|(_, addresses)| addresses.contains(only));
            return part.map(|&(value, _)| (value, set)).into_iter().collect();
        }
        let mut found = Vec::new();
        // PERF: a table has a row for each of thousands of networks, and packets go to few of them.
        let destinations = match header {
            Header { destination: Some(_), .. } => AddressSet::everything(),
            Header { is_reply: true, .. } => self.sets.sources_of(set),
            Header { is_reply: false, .. } => self.sets.destinations_of(set),
        };
        for (value, addresses) in parts.iter().filter(|it| destinations.overlaps(&it.1)) {
            let inside = header.to(self.sets, addresses);
            let part = self.sets.intersection(set, inside);
            if !part.is_empty() {
                found.push((*value, part));
            }
        }
        found
    }

    /// The packets of `set` by the row that their destination is looked up to.
    pub(super) fn by_row(
        &mut self,
        (header, set): Packets,
        id: Id<Table>,
    ) -> Vec<(Option<u32>, Set)> {
        if let Some(destination) = header.destination {
            return vec![(self.plane.tables[id].lookup(destination), set)];
        }
        let rows = self.rows_of(id);
        self.by_addresses((header, set), &rows)
    }

    /// All destinations by the row that they are looked up to.
    pub(super) fn rows_of(&mut self, id: Id<Table>) -> Rows {
        if let Some(rows) = self.rows.get(&id) {
            return Rows::clone(rows);
        }
        let rows = Rows::new(rows(&self.plane.tables[id]));
        self.rows.insert(id, Rows::clone(&rows));
        rows
    }

    /// The destination that all packets of `set` have.
    fn only_destination(&mut self, (header, set): Packets) -> Option<IpAddr> {
        let some = self.some_destination((header, set))?;
        let all = header.to(self.sets, &only(some));
        self.sets.is_subset(set, all).then_some(some)
    }

    /// One destination of the packets of `set`, of which all fare alike.
    pub(super) fn some_destination(&self, (header, set): Packets) -> Option<IpAddr> {
        let witness = self.sets.witness(set);
        header.destination.or_else(|| {
            witness.map(|flow| if header.is_reply { flow.source } else { flow.destination })
        })
    }
}

fn by_number(table: &ForwardingTable<Id<Row>>) -> BTreeMap<Option<u32>, AddressSet> {
    let rows = table.by_value().into_iter();
    rows.map(|(row, addresses)| (row.map(Id::number), addresses)).collect()
}

/// All destinations by the row of `table` that they are looked up to.
pub(super) fn rows(table: &Table) -> Vec<(Option<u32>, AddressSet)> {
    let mut rows = by_number(&table.main);
    let mut pinned = table.pinned.as_deref().map(by_number).unwrap_or_default();
    pinned.remove(&None);
    for (row, addresses) in pinned {
        rows.values_mut().for_each(|others| *others = others.difference(&addresses));
        let of_row = rows.entry(row).or_default();
        *of_row = of_row.union(&addresses);
    }
    rows.into_iter().filter(|(_, set)| !set.is_empty()).collect()
}
