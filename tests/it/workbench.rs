//! A network that is changed in part answers as one that is compiled afresh.

use crate::generated::{self, Random, asks, profile};
use hopwise::azure::{
    Access, Change, Network, NetworkSecurityGroup, Route, RouteDestination, RouteNextHop,
    RouteTable, SecurityRule,
};
use hopwise::dataplane::{Dataplane, Workbench, compile};
use hopwise::id::Id;
use hopwise::trace::{self, Ask, Traced};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A change by chance, if there is anything to change.
pub(crate) fn change(random: &mut Random, network: &Network) -> Option<Change> {
    let groups: Vec<Id<NetworkSecurityGroup>> = network.network_security_groups.ids().collect();
    let tables: Vec<Id<RouteTable>> = network.route_tables.ids().collect();
    if random.percent(50) {
        let group = *random.one(&groups)?;
        Some(Change::Rules(group, other_rules(random, network, group)))
    } else {
        let table = *random.one(&tables)?;
        Some(Change::Routes(table, other_routes(random, network, table)))
    }
}

/// Takes a rule out, takes one over from any group, or turns one round.
pub(crate) fn other_rules(
    random: &mut Random,
    network: &Network,
    group: Id<NetworkSecurityGroup>,
) -> Vec<SecurityRule> {
    let mut rules = network.network_security_groups[group].rules.clone();
    let groups = network.network_security_groups.values();
    let all: Vec<SecurityRule> = groups.flat_map(|group| group.rules.clone()).collect();
    let at = random.below(rules.len().max(1));
    match (random.below(3), rules.get_mut(at)) {
        (0, Some(_)) => drop(rules.remove(at)),
        (1, Some(rule)) => {
            rule.access = match rule.access {
                Access::Allow => Access::Deny,
                Access::Deny => Access::Allow,
            }
        }
        _ => rules.extend(random.one(&all).cloned().map(|rule| {
            let priority = 100 + u16::try_from(random.below(3_900)).unwrap();
            SecurityRule { name: "taken".into(), priority, ..rule }
        })),
    }
    rules
}

/// Takes a route out, takes one over from any table, or gives one another next hop or prefix.
pub(crate) fn other_routes(
    random: &mut Random,
    network: &Network,
    table: Id<RouteTable>,
) -> Vec<Route> {
    let mut routes = network.route_tables[table].routes.clone();
    let tables = network.route_tables.values();
    let all: Vec<Route> = tables.flat_map(|table| table.routes.clone()).collect();
    let at = random.below(routes.len().max(1));
    let prefixes: Vec<_> =
        network.subnets.values().flat_map(|it| it.address_prefixes.clone()).collect();
    match (random.below(7), routes.get_mut(at)) {
        (0, Some(_)) => drop(routes.remove(at)),
        (1, Some(route)) => {
            let hops = [RouteNextHop::None, RouteNextHop::Internet, RouteNextHop::VnetLocal];
            route.next_hop = random.pick(&hops).clone();
        }
        (2, Some(route)) => {
            let other = random.one(&all).map(|other| other.next_hop.clone());
            route.next_hop = other.unwrap_or(RouteNextHop::None);
        }
        (3, Some(route)) => {
            let prefix = random.one(&prefixes).copied();
            let destination = prefix.map(RouteDestination::Prefix);
            route.destination = destination.unwrap_or_else(|| route.destination.clone());
        }
        (4, Some(route)) => {
            let within = random.one(&prefixes).and_then(|it| it.subnets(it.prefix_len() + 2).ok());
            let narrow = within.and_then(|mut parts| parts.nth(random.below(4)));
            let destination = narrow.map(RouteDestination::Prefix);
            route.destination = destination.unwrap_or_else(|| route.destination.clone());
        }
        _ => {
            let taken = random.one(&all).cloned();
            routes.extend(taken.map(|route| Route { name: "taken".into(), ..route }));
        }
    }
    routes
}

/// Where the two answer differently.
fn difference(changed: &Dataplane, fresh: &Dataplane) -> Result<(), String> {
    if changed.network() != fresh.network() {
        return Err("another network".into());
    }
    if changed.effective != fresh.effective {
        return Err("other effective routes".into());
    }
    for ask in asks(fresh) {
        let (one, other) = (trace::trace(changed, &ask), trace::trace(fresh, &ask));
        if one != other {
            return Err(format!("{}: {one:#?} and {other:#?}", ask.flow));
        }
        if trace::verdict(changed, &ask) != other.fate {
            return Err(format!("{}: the verdict", ask.flow));
        }
    }
    Ok(())
}

/// The asks of which `change` touches nothing that their answers rest on, with these answers.
fn untouched(bench: &Workbench, change: &Change) -> Vec<(Ask<'static>, Traced)> {
    let plane = bench.plane();
    let Some(places) = bench.places(change) else { return Vec::new() };
    if !plane.network().unknown_values.is_empty() {
        return Vec::new();
    }
    let traced = asks(plane).into_iter().step_by(9).filter_map(|ask| {
        let (traced, rests_on) = trace::trace_with_places(plane, &ask);
        let is_untouched = rests_on?.iter().all(|it| !places.contains(it));
        is_untouched.then_some((ask, traced))
    });
    traced.collect()
}

#[test]
fn a_network_changed_in_part_answers_as_one_compiled_afresh() {
    let (made, spared) = (AtomicUsize::new(0), AtomicUsize::new(0));
    generated::each(0..160, |scenario| {
        let network = scenario.network();
        let profile = profile(&network);
        let mut random = Random::new(scenario.document.to_string().len() as u64);
        let mut bench = Workbench::new(Arc::new(network), profile);
        for _ in 0..4 {
            let Some(change) = change(&mut random, bench.plane().network()) else { break };
            let told = format!("{change:?}");
            let untouched = untouched(&bench, &change);
            bench.change(change);
            made.fetch_add(1, Ordering::Relaxed);
            spared.fetch_add(untouched.len(), Ordering::Relaxed);
            if let Some((ask, _)) =
                untouched.iter().find(|(ask, old)| trace::trace(bench.plane(), ask) != *old)
            {
                return Err(format!("{}: another answer elsewhere after {told}", ask.flow));
            }
            let fresh = compile(Arc::new(bench.plane().network().clone()), profile);
            difference(bench.plane(), &fresh).map_err(|fault| format!("{fault} after {told}"))?;
        }
        Ok(())
    });
    let made = made.into_inner();
    assert!(made >= 350, "only {made} changes");
    let spared = spared.into_inner();
    assert!(spared >= 2_000, "only {spared} answers that do not rest on what changed");
}
