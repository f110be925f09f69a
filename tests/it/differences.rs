//! What differs between two networks, asked in groups, is what a walk from each sender finds.

use crate::ask::{plane, tcp};
use crate::generated::{self, Random, profile};
use crate::scenarios::{compile_with, files, read};
use crate::workbench::{change, other_routes, other_rules};
use hopwise::answer::{FlowChange, FlowChangeKind, FlowPairs, Hop, Verdict};
use hopwise::azure::{
    Access, Change, Direction, Link, Network, NetworkSecurityGroup, PlatformProfile, RouteNextHop,
    RuleAddress, SecurityRule, Subnet,
};
use hopwise::dataplane::graph::Location;
use hopwise::dataplane::{Dataplane, Workbench, compile};
use hopwise::generate::{self, Shape};
use hopwise::id::Id;
use hopwise::import::{self, Document};
use hopwise::net::PortRange;
use hopwise::question::{Side, Trial, difference, difference_one_by_one};
use hopwise::resolve::resolve;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A change of the packets from one end to another.
pub(crate) type Row = (String, String, FlowChangeKind, Vec<String>);

/// The changes of `flows`, pair by pair.
pub(crate) fn pairs(planes: [&Dataplane; 2], flows: &[FlowChange]) -> BTreeSet<Row> {
    let mut homes: BTreeMap<String, String> = BTreeMap::new();
    for plane in planes {
        for location in plane.locations.values() {
            let home = &plane.realms[location.realm].name;
            homes.insert(location.name.to_string(), home.to_string());
            homes.insert(format!("{home}/{}", location.name), home.to_string());
        }
    }
    let mut rows = BTreeSet::new();
    for flow in flows {
        for (from, to) in flow.from.iter().flat_map(|from| flow.to.iter().map(move |to| (from, to)))
        {
            let is_meant = match flow.pairs {
                FlowPairs::All => true,
                FlowPairs::SameNetwork => homes[from] == homes[to],
                FlowPairs::OtherNetworks => homes[from] != homes[to],
            };
            if from != to && is_meant {
                rows.insert((from.to_owned(), to.to_owned(), flow.kind, flow.packets.clone()));
            }
        }
    }
    rows
}

/// Says what is in one of two answers only.
fn unlike([found, expected]: [BTreeSet<Row>; 2], told: &str) -> Result<(), String> {
    let (more, less) = (found.difference(&expected), expected.difference(&found));
    let (more, less): (Vec<_>, Vec<_>) = (more.take(5).collect(), less.take(5).collect());
    if more.is_empty() && less.is_empty() {
        return Ok(());
    }
    Err(format!("{more:#?} too many, {less:#?} missing after {told}"))
}

/// Compares both ways of asking; the number of groups that differ.
fn ask(planes: [&Dataplane; 2], told: &str) -> Result<usize, String> {
    let sides = planes.map(|plane| Side { name: "", plane });
    let fast = difference(sides, Vec::new()).map_err(|bug| format!("{bug} after {told}"))?;
    let slow = difference_one_by_one(sides, Vec::new());
    let slow = slow.map_err(|bug| format!("{bug} after {told}, one by one"))?;
    unlike([&fast, &slow].map(|answer| pairs(planes, &answer.flows)), told)?;
    if fast.flows.len() > slow.flows.len() {
        return Err(format!("{} groups, {} one by one", fast.flows.len(), slow.flows.len()));
    }
    Ok(fast.flows.len())
}

/// Applies `change` and compares.
fn agree(
    network: &Network,
    profile: &'static PlatformProfile,
    change: Change,
) -> Result<usize, String> {
    let before = compile(Arc::new(network.clone()), profile);
    let mut bench = Workbench::new(Arc::new(network.clone()), profile);
    let told = format!("{change:?}");
    let places = bench.places(&change);
    bench.change(change);
    let planes = [&before, bench.plane()];
    let groups = ask(planes, &told)?;
    if let Some(places) = places {
        near(&mut Trial::prepared(&before), planes, (&places, &told))?;
    }
    Ok(groups)
}

/// What is told from what is known of the network before is what is found when everything is asked again.
fn near(
    trial: &mut Trial,
    planes: [&Dataplane; 2],
    (places, told): (&[Id<Location>], &str),
) -> Result<usize, String> {
    let near = trial.effects(planes, places, &[]);
    let near = near.map_err(|bug| format!("{bug} after {told}, near"))?;
    let whole = difference(planes.map(|plane| Side { name: "", plane }), Vec::new());
    let whole = whole.map_err(|bug| format!("{bug} after {told}"))?;
    unlike([&near.flows, &whole.flows].map(|flows| pairs(planes, flows)), told)?;
    Ok(whole.flows.len())
}

/// Changes routes, `count` times, of tables that several subnets may share: how many changes were told from what
/// is known, and how many groups differed then.
fn reroute(network: &Network, count: usize, random: &mut Random) -> Result<[usize; 2], String> {
    let mut network = network.clone();
    let tables: Vec<_> = network.route_tables.ids().collect();
    let subnets: Vec<_> = network.subnets.ids().collect();
    for subnet in subnets {
        let table = random.one(&tables).copied();
        if network.subnets[subnet].route_table.is_some() && random.percent(30) {
            network.subnets[subnet].route_table = table.map(Link::To);
        }
    }
    let profile = profile(&network);
    let before = compile(Arc::new(network.clone()), profile);
    let mut bench = Workbench::new(Arc::new(network.clone()), profile);
    let mut trial = Trial::prepared(&before);
    let addresses: Vec<_> =
        before.locations.values().flat_map(|it| it.addresses.iter().copied()).collect();
    let mut found = [0, 0];
    for _ in 0..count {
        let Some(&table) = random.one(&tables) else { break };
        let mut routes = other_routes(random, &network, table);
        if let (Some(route), true) = (routes.first_mut(), random.percent(10)) {
            let hop = random.one(&addresses).copied();
            route.next_hop = RouteNextHop::VirtualAppliance(hop.into_iter().collect());
        }
        let change = Change::Routes(table, routes);
        let told = format!("{change:?}");
        let places = bench.places(&change);
        bench.change(change);
        if let Some(places) = places {
            let before_it = trial.near();
            let groups = near(&mut trial, [&before, bench.plane()], (&places, &told))?;
            let is_near = trial.near() > before_it;
            found[0] += usize::from(is_near && groups > 0);
            found[1] += if is_near { groups } else { 0 };
        }
        bench.change(Change::Routes(table, network.route_tables[table].routes.clone()));
    }
    Ok(found)
}

/// A hub and spokes, in every other one of which each security group is different.
fn spokes(seed: u64) -> Network {
    let (networks, interfaces) = (3 + u32::try_from(seed % 4).unwrap(), 4);
    let patterns = if seed.is_multiple_of(2) { 0 } else { Shape::default().patterns };
    let shape = Shape { networks, interfaces, patterns, seed, private_endpoints: 2 };
    let mut text = Vec::new();
    generate::write(&shape, &mut text).unwrap();
    let document = Document { name: "estate.json".into(), text: text.as_slice() };
    resolve(import::read([document])).0
}

/// The same in a hub and spokes, where most tables are looked at by ends of packets only.
fn reroute_spokes(seed: u64) -> [usize; 2] {
    let mut random = Random::new(seed);
    reroute(&spokes(seed), 8, &mut random).unwrap_or_else(|fault| panic!("seed {seed}: {fault}"))
}

/// Another rule in the group; most of the time one for packets between a subnet of the group and any subnet, in
/// front of all others.
fn rules_beside(
    random: &mut Random,
    network: &Network,
    group: Id<NetworkSecurityGroup>,
) -> Vec<SecurityRule> {
    let mut rules = other_rules(random, network, group);
    let subnets = || network.subnets.values();
    let of = |all: Vec<&Subnet>, random: &mut Random| {
        let prefixes = random.one(&all).map(|it| it.address_prefixes.clone());
        prefixes.into_iter().flatten().map(RuleAddress::Prefix).collect::<Vec<_>>()
    };
    let own = subnets().filter(|it| it.network_security_group == Some(Link::To(group))).collect();
    let (own, other) = (of(own, random), of(subnets().collect(), random));
    let place = random.below(rules.len().max(1));
    if let (Some(rule), true) = (rules.get_mut(place), random.percent(80)) {
        rule.priority = 99;
        // Most of what there is is allowed.
        if random.percent(70) {
            rule.access = Access::Deny;
        }
        let matches = Arc::make_mut(&mut rule.matches);
        let [near, far] = match rule.direction {
            Direction::Inbound => [&mut matches.destinations, &mut matches.sources],
            Direction::Outbound => [&mut matches.sources, &mut matches.destinations],
        };
        *near = own;
        if random.percent(70) {
            *far = other;
        }
        if random.percent(70) {
            matches.destination_ports = vec![PortRange::single(443)];
        }
    }
    rules
}

/// Changes rules of spokes: how many changes were told from what is known, and how many groups differed then.
fn change_rules_of_spokes(seed: u64) -> [usize; 2] {
    let (network, mut random) = (spokes(seed), Random::new(seed));
    let before = compile(Arc::new(network.clone()), profile(&network));
    let mut bench = Workbench::new(Arc::new(network.clone()), profile(&network));
    let mut trial = Trial::prepared(&before);
    let groups: Vec<_> = network.network_security_groups.ids().collect();
    let mut found = [0, 0];
    for _ in 0..8 {
        let Some(&group) = random.one(&groups) else { break };
        let change = Change::Rules(group, rules_beside(&mut random, &network, group));
        let told = format!("seed {seed}, {change:?}");
        let Some(places) = bench.places(&change) else { continue };
        bench.change(change);
        let before_it = trial.near();
        let planes = [&before, bench.plane()];
        let groups = near(&mut trial, planes, (&places, &told)).unwrap_or_else(|it| panic!("{it}"));
        if groups > 0 {
            found = [found[0] + trial.near() - before_it, found[1] + groups];
        }
        let rules = network.network_security_groups[group].rules.clone();
        bench.change(Change::Rules(group, rules));
    }
    found
}

#[test]
fn rules_of_spokes_are_told_from_what_is_known() {
    let seeds = 1..8 * generated::times();
    let each = seeds.into_par_iter().map(change_rules_of_spokes);
    let [changes, groups] = each.reduce(|| [0, 0], |a, b| [a[0] + b[0], a[1] + b[1]]);
    println!("{changes} changes of rules told from what is known, {groups} groups");
    assert!(changes >= 15 && groups >= 20, "{changes} changes, {groups} groups");
}

#[test]
fn irregular_spokes_change_as_packets_of_each_sender_do() {
    let (mut tried, mut differing) = (0, 0);
    for seed in [4, 8] {
        let (network, mut random) = (spokes(seed), Random::new(seed));
        let groups: Vec<_> = network.network_security_groups.ids().collect();
        for &group in groups.iter().take(2) {
            let change = Change::Rules(group, rules_beside(&mut random, &network, group));
            let found = agree(&network, profile(&network), change);
            differing +=
                usize::from(found.unwrap_or_else(|fault| panic!("seed {seed}: {fault}")) > 0);
            tried += 1;
        }
    }
    println!("{tried} changes of rules, {differing} with effects");
    assert!(tried >= 4 && differing >= 1, "{tried} changes, {differing} with effects");
}

#[test]
fn routes_of_spokes_are_told_from_what_is_known() {
    let seeds = 1..6 * generated::times();
    let each = seeds.into_par_iter().map(reroute_spokes);
    let [changes, groups] = each.reduce(|| [0, 0], |a, b| [a[0] + b[0], a[1] + b[1]]);
    println!("{changes} changes of routes told from what is known, {groups} groups");
    assert!(changes >= 15 && groups >= 30, "{changes} changes, {groups} groups");
}

#[test]
fn routes_of_shipped_scenarios_are_told_from_what_is_known() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut random = Random::new(11);
    let mut found = [0, 0];
    for path in files(&root) {
        let Ok(plane) = compile_with(read(&path).snapshot) else { continue };
        if plane.network().route_tables.is_empty() {
            continue;
        }
        let near = reroute(plane.network(), 3, &mut random);
        let near = near.unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        found = [found[0] + near[0], found[1] + near[1]];
    }
    let [changes, groups] = found;
    println!("{changes} changes of routes told from what is known, {groups} groups");
    assert!(changes >= 3 && groups >= 5, "{changes} changes, {groups} groups");
}

#[test]
fn generated_networks_change_as_packets_of_each_sender_do() {
    let (tried, groups) = (AtomicUsize::new(0), AtomicUsize::new(0));
    generated::each(0..40, |scenario| {
        let network = scenario.network();
        let mut random = Random::new(scenario.document.to_string().len() as u64);
        for _ in 0..2 {
            let Some(change) = change(&mut random, &network) else { break };
            tried.fetch_add(1, Ordering::Relaxed);
            groups.fetch_add(agree(&network, profile(&network), change)?, Ordering::Relaxed);
        }
        Ok(())
    });
    let (tried, groups) = (tried.into_inner(), groups.into_inner());
    assert!(tried >= 15 && groups >= 4, "{tried} changes, {groups} groups");
}

/// Each rule turned round and each route taken out, one at a time.
fn changes(network: &Network) -> Vec<Change> {
    let mut all = Vec::new();
    for (id, group) in network.network_security_groups.iter() {
        for at in 0..group.rules.len() {
            let mut rules = group.rules.clone();
            let access =
                if rules[at].access == Access::Allow { Access::Deny } else { Access::Allow };
            rules[at].access = access;
            all.push(Change::Rules(id, rules));
        }
    }
    for (id, table) in network.route_tables.iter() {
        for at in 0..table.routes.len() {
            let mut routes = table.routes.clone();
            routes.remove(at);
            all.push(Change::Routes(id, routes));
        }
    }
    all
}

#[test]
fn shipped_scenarios_change_as_packets_of_each_sender_do() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let (mut tried, mut groups) = (0, 0);
    for path in files(&root).into_iter().step_by(2) {
        let Ok(plane) = compile_with(read(&path).snapshot) else { continue };
        for change in changes(plane.network()).into_iter().take(1) {
            tried += 1;
            groups += agree(plane.network(), plane.profile(), change)
                .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        }
    }
    assert!(tried >= 20 && groups >= 5, "{tried} changes, {groups} groups");
}

/// Machines that reach some of the others by an appliance, as their tables say: by their numbers.
fn around(tables: &[Vec<usize>]) -> Dataplane {
    let mut text = "network:\n  virtualNetworks:\n    - name: v\n      addressPrefixes: [10.0.0.0/16]\n      subnets:\n        - {name: between, addressPrefix: 10.0.9.0/24}\n".to_owned();
    for at in 0..tables.len() {
        text += &format!(
            "        - {{name: s{at}, addressPrefix: 10.0.{at}.0/24, routeTable: t{at}}}\n"
        );
    }
    text += "  virtualMachines:\n    - {name: nva, subnet: v/between, privateIPAddress: 10.0.9.4, enableIPForwarding: true}\n";
    for at in 0..tables.len() {
        text += &format!("    - {{name: m{at}, subnet: v/s{at}, privateIPAddress: 10.0.{at}.4}}\n");
    }
    text += "  routeTables:\n";
    for (at, others) in tables.iter().enumerate() {
        let route = |to: &usize| {
            format!(
                "{{name: r{to}, addressPrefix: 10.0.{to}.0/24, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.9.4}}"
            )
        };
        let routes: Vec<String> = others.iter().map(route).collect();
        text += &format!("    - {{name: t{at}, routes: [{}]}}\n", routes.join(", "));
    }
    plane(&text)
}

/// A packet is rerouted exactly where it or its reply comes by other places when it is traced; so is then what
/// goes the other way (R36, R106).
#[test]
fn packets_are_rerouted_there_or_back() {
    const MACHINES: usize = 4;
    let mut count = 0;
    for seed in 0..30 {
        let mut random = Random::new(seed);
        let mut tables = || -> Vec<Vec<usize>> {
            let table = |at: usize, random: &mut Random| {
                let others = (0..MACHINES).filter(|&to| to != at);
                others.filter(|_| random.percent(40)).collect()
            };
            (0..MACHINES).map(|at| table(at, &mut random)).collect()
        };
        let planes = [around(&tables()), around(&tables())];
        let sides = [&planes[0], &planes[1]];
        let answer = difference(sides.map(|plane| Side { name: "", plane }), Vec::new()).unwrap();
        let found: BTreeSet<(String, String)> = pairs(sides, &answer.flows)
            .into_iter()
            .filter(|(from, to, ..)| from.starts_with('m') && to.starts_with('m'))
            .map(|(from, to, kind, _)| {
                assert_eq!(kind, FlowChangeKind::Rerouted);
                (from, to)
            })
            .collect();
        let mut expected = BTreeSet::new();
        for (from, to) in (0..MACHINES).flat_map(|from| (0..MACHINES).map(move |to| (from, to))) {
            let ways = sides.map(|plane| {
                let answer = tcp(plane, &format!("m{from}"), &format!("10.0.{to}.4:443"));
                assert_eq!(answer.verdict, Verdict::Reachable);
                let path = &answer.paths[0];
                let at = |hops: &[Hop]| hops.iter().map(|hop| hop.at.clone()).collect::<Vec<_>>();
                (at(&path.request), at(&path.reply))
            });
            if from != to && ways[0] != ways[1] {
                expected.insert((format!("m{from}"), format!("m{to}")));
            }
        }
        assert_eq!(found, expected, "{seed}");
        let mirrored = found.iter().map(|(from, to)| (to.clone(), from.clone())).collect();
        assert_eq!(found, mirrored, "{seed}");
        count += found.len();
    }
    assert!(count > 100, "only {count}");
}
