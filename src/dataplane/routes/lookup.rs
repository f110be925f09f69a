//! Which route of a table a packet takes, and which it would have taken otherwise.

use super::row::Row;
use crate::dataplane::{
    EffectiveRoute, EffectiveTable, NextHop, RouteState, UnsureHop, UnsureRoutes,
};
use crate::net::PrefixIndex;
use smallvec::SmallVec;
use std::cmp::Reverse;
use std::net::IpAddr;
use std::sync::Arc;

/// A table of up to so many prefixes is read from one end to the other.
const SHORT: usize = 64;

/// Routes that hold an address, in the order of the table, each with the length of its longest prefix that does.
// PERF: few do, and each route is far away in memory.
type Matching<'t> = SmallVec<[(u8, &'t Row); 8]>;

/// The next best route for a destination, and why it lost.
#[derive(Clone, Debug, PartialEq)]
pub struct RunnerUpRoute<'t> {
    /// The route.
    pub route: &'t EffectiveRoute,
    /// Why it lost, such as `shorter prefix`.
    pub why: String,
}

impl EffectiveTable {
    /// The route that packets to `destination` take: a service endpoint's before all others (R90, R91),
    /// else the longest prefix among the active ones (R87). O(n); compiled tables are faster.
    #[must_use]
    pub fn next_hop(&self, destination: IpAddr) -> Option<&EffectiveRoute> {
        best(self.matching(destination)).map(|(_, row)| &**row)
    }

    /// The route that `destination` would take without [`Self::next_hop`]'s, or that lost to it.
    #[must_use]
    pub fn runner_up(&self, destination: IpAddr) -> Option<RunnerUpRoute<'_>> {
        runner_up(&self.matching(destination).collect::<Matching<'_>>())
    }

    /// The same by an index over the prefixes of this table: O(log n) and the routes that match.
    #[must_use]
    pub fn runner_up_by(
        &self,
        index: &PrefixIndex<u32>,
        destination: IpAddr,
    ) -> Option<RunnerUpRoute<'_>> {
        let mut matching: SmallVec<[(u32, u8); 8]> = SmallVec::new();
        for (length, number) in index.matching(destination) {
            // The longest prefix of a route comes first.
            if !matching.iter().any(|&(known, _)| known == number) {
                matching.push((number, length));
            }
        }
        matching.sort_unstable();
        let rows = matching.iter().filter_map(|&(number, length)| {
            self.routes.get(number as usize).map(|row| (length, row))
        });
        runner_up(&rows.collect::<Matching<'_>>())
    }

    /// Every route by its prefixes, for a table that is long enough for that to pay.
    pub(in crate::dataplane) fn by_prefix(&self) -> Option<PrefixIndex<u32>> {
        let numbered = (0u32..).zip(&self.routes);
        let entries = numbered.flat_map(|(number, route)| {
            route.prefixes.as_slice().iter().map(move |&prefix| (prefix, number))
        });
        let is_long = entries.clone().nth(SHORT).is_some();
        is_long.then(|| PrefixIndex::new(entries))
    }

    /// The doubts that leave open what type of next hop `destination` has: that of a gateway's route is
    /// the same whichever gateway or connection it leads to.
    pub fn doubts_about_type(&self, destination: IpAddr) -> impl Iterator<Item = &UnsureRoutes> {
        let is_gateway = |route: &EffectiveRoute| matches!(route.next_hop, NextHop::Gateway(_));
        let is_gateway = self.next_hop(destination).is_some_and(is_gateway);
        self.doubts(destination)
            .filter(move |doubt| !(is_gateway && doubt.hop == UnsureHop::Gateway))
    }

    /// The doubts about the route to `destination`, as far as they make a difference.
    pub fn doubts(&self, destination: IpAddr) -> impl Iterator<Item = &UnsureRoutes> {
        let holds =
            move |doubt: &&UnsureRoutes| doubt.prefixes.iter().any(|p| p.contains(&destination));
        self.unsure.iter().filter(holds)
    }

    /// The routes that hold `destination`, each with the length of its longest prefix that does.
    fn matching(&self, destination: IpAddr) -> impl Iterator<Item = (u8, &Row)> {
        self.routes.iter().filter_map(move |row| {
            Some((row.prefixes.longest_match(destination)?.prefix_len(), row))
        })
    }
}

/// The route that is taken, among those that match in the order of the table.
fn best<'t>(matching: impl Iterator<Item = (u8, &'t Row)>) -> Option<(u8, &'t Row)> {
    let active = matching.filter(|(_, row)| is_active(row));
    active.max_by_key(|(length, row)| (is_service(row), *length))
}

fn runner_up<'t>(matching: &[(u8, &'t Row)]) -> Option<RunnerUpRoute<'t>> {
    let matching = matching.iter().copied();
    let (winning, winner) = best(matching.clone())?;
    let others = matching.filter(|(_, row)| !Arc::ptr_eq(row, winner));
    let next = others.min_by_key(|(length, row)| (Reverse(*length), !is_active(row)));
    let (length, row) = next?;
    let why = match &row.why_invalid {
        Some(why) => why.clone(),
        None if winning < length => "a service endpoint wins whatever the length".into(),
        None => "shorter prefix".into(),
    };
    Some(RunnerUpRoute { route: row, why })
}

fn is_active(row: &EffectiveRoute) -> bool {
    row.state == RouteState::Active
}

fn is_service(row: &EffectiveRoute) -> bool {
    row.next_hop == NextHop::ServiceEndpoint
}
