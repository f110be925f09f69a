//! Where a doubt about routes makes no difference.

use super::row::Row;
use crate::dataplane::{EffectiveRoute, NextHop, RouteSource, RouteState, UnsureRoutes};
use crate::net::AddressSet;
use ipnet::IpNet;
use std::net::IpAddr;

/// Routes that may be there, and what is known of them all the same.
#[derive(Clone)]
pub(super) struct Doubt {
    pub(super) unsure: UnsureRoutes,
    /// Where they would send.
    pub(super) would: Option<(NextHop, Vec<IpAddr>)>,
    /// Would they have just these prefixes, from a gateway?
    pub(super) is_exact: bool,
}

impl From<UnsureRoutes> for Doubt {
    fn from(unsure: UnsureRoutes) -> Self {
        Self { unsure, would: None, is_exact: false }
    }
}

/// What is left of `doubts` beside `rows`, in a table with service endpoints for `pinned`.
///
/// Nothing overrides a service endpoint (R91), nor a user route to one address that is written as such
/// (R80, R88); a longer route wins whether the other is there or not (R87); and where a route would lead
/// to where the packet goes anyway, both answers agree.
pub(super) fn that_matter(
    doubts: Vec<Doubt>,
    rows: &[Row],
    pinned: &AddressSet,
) -> Vec<UnsureRoutes> {
    if doubts.is_empty() {
        return Vec::new();
    }
    let hosts = rows.iter().filter(|row| is_active(row) && row.source == RouteSource::User);
    let hosts = hosts.filter(|row| row.expanded_from.is_none());
    let hosts = hosts.flat_map(|row| row.prefixes.as_slice()).copied();
    let hosts: AddressSet = hosts.filter(|it| it.prefix_len() == it.max_prefix_len()).collect();
    let settled = pinned.union(&hosts);
    let left = doubts.into_iter().map(|doubt| {
        let mut settled = settled.clone();
        if let Some((hop, addresses)) = doubt.would {
            settled = settled.union(&sent_to(rows, hop, &addresses));
        }
        if doubt.is_exact {
            settled = settled.union(&won_from(&doubt.unsure.prefixes, rows));
        }
        without(doubt.unsure, &settled)
    });
    left.filter(|unsure| !unsure.prefixes.is_empty()).collect()
}

fn without(unsure: UnsureRoutes, settled: &AddressSet) -> UnsureRoutes {
    let all: AddressSet = unsure.prefixes.iter().copied().collect();
    if !all.overlaps(settled) {
        return unsure;
    }
    UnsureRoutes { prefixes: all.difference(settled).prefixes().into(), ..unsure }
}

/// What other routes win from gateway routes with these prefixes: longer ones, and a user's of the same.
fn won_from(prefixes: &[IpNet], rows: &[Row]) -> AddressSet {
    let active = rows.iter().filter(|row| is_active(row));
    let won = active.flat_map(|row| {
        let is_user = row.source == RouteSource::User;
        let wins = move |own: &IpNet| {
            let mut holding = prefixes.iter().filter(|it| it.contains(own)).peekable();
            holding.peek().is_some() && holding.all(|it| it != own || is_user)
        };
        row.prefixes.as_slice().iter().copied().filter(wins)
    });
    won.collect()
}

/// The destinations that the table sends to `hop` and `addresses` by its longest prefixes.
fn sent_to(rows: &[Row], hop: NextHop, addresses: &[IpAddr]) -> AddressSet {
    let active = rows.iter().filter(|row| is_active(row));
    let (same, others): (Vec<&Row>, Vec<&Row>) =
        active.partition(|row| row.next_hop == hop && row.addresses == addresses);
    let prefixes = |rows: Vec<&Row>| -> Vec<IpNet> {
        rows.iter().flat_map(|row| row.prefixes.as_slice()).copied().collect()
    };
    let others = prefixes(others);
    let sent = prefixes(same).into_iter().map(|prefix| {
        let inside = others.iter().copied().filter(|other| prefix.contains(other));
        AddressSet::from_iter([prefix]).difference(&inside.collect())
    });
    sent.fold(AddressSet::default(), |all, more| all.union(&more))
}

fn is_active(row: &EffectiveRoute) -> bool {
    row.state == RouteState::Active
}
