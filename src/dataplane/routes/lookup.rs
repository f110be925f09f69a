//! Which route of a table a packet takes, and which it would have taken otherwise.

use super::row::Row;
use crate::dataplane::{EffectiveRoute, EffectiveTable, NextHop, RouteState, UnsureRoutes};
use std::cmp::Reverse;
use std::net::IpAddr;

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
        let active = self.matching(destination).filter(|(_, row)| is_active(row));
        let best = active.max_by_key(|(length, row)| (is_service(row), *length));
        best.map(|(_, row)| &**row)
    }

    /// The route that `destination` would take without [`Self::next_hop`]'s, or that lost to it.
    #[must_use]
    pub fn runner_up(&self, destination: IpAddr) -> Option<RunnerUpRoute<'_>> {
        let winner = self.next_hop(destination)?;
        let others = self.matching(destination).filter(|(_, row)| !std::ptr::eq(&***row, winner));
        let next = others.min_by_key(|(length, row)| (Reverse(*length), !is_active(row)));
        let (length, row) = next?;
        let winning = winner.prefixes.longest_match(destination).map(|prefix| prefix.prefix_len());
        let why = match &row.why_invalid {
            Some(why) => why.clone(),
            None if winning < Some(length) => "a service endpoint wins whatever the length".into(),
            None => "shorter prefix".into(),
        };
        Some(RunnerUpRoute { route: row, why })
    }

    /// The doubts that leave open what type of next hop `destination` has: that of a gateway's route is
    /// the same whichever gateway or connection it leads to.
    pub fn doubts_about_type(&self, destination: IpAddr) -> impl Iterator<Item = &UnsureRoutes> {
        let is_gateway = |route: &EffectiveRoute| matches!(route.next_hop, NextHop::Gateway(_));
        let is_gateway = self.next_hop(destination).is_some_and(is_gateway);
        self.doubts(destination).filter(move |doubt| !(is_gateway && doubt.is_to_gateway))
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

fn is_active(row: &EffectiveRoute) -> bool {
    row.state == RouteState::Active
}

fn is_service(row: &EffectiveRoute) -> bool {
    row.next_hop == NextHop::ServiceEndpoint
}
