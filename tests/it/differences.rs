//! What differs between two networks, asked in groups, is what a walk from each sender finds.

use crate::generated::{self, Random, profile};
use crate::scenarios::{compile_with, files, read};
use crate::workbench::change;
use hopwise::answer::{FlowChange, FlowChangeKind, FlowPairs};
use hopwise::azure::{Access, Network, PlatformProfile};
use hopwise::dataplane::{Change, Dataplane, Workbench, compile};
use hopwise::question::{Side, Trial, difference, difference_one_by_one};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A change of the packets from one end to another.
type Row = (String, String, FlowChangeKind, Vec<String>);

/// The changes of `flows`, pair by pair.
fn pairs(planes: [&Dataplane; 2], flows: &[FlowChange]) -> BTreeSet<Row> {
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
                rows.insert((from.clone(), to.clone(), flow.kind, flow.packets.clone()));
            }
        }
    }
    rows
}

/// Compares both ways of asking; the number of groups that differ.
fn ask(planes: [&Dataplane; 2], told: &str) -> Result<usize, String> {
    let sides = planes.map(|plane| Side { name: "", plane });
    let fast = difference(sides, Vec::new()).map_err(|bug| format!("{bug} after {told}"))?;
    let slow = difference_one_by_one(sides, Vec::new());
    let slow = slow.map_err(|bug| format!("{bug} after {told}, one by one"))?;
    let [found, expected] = [&fast, &slow].map(|answer| pairs(planes, &answer.flows));
    if found != expected {
        let (more, less) = (found.difference(&expected), expected.difference(&found));
        let (more, less): (Vec<_>, Vec<_>) = (more.collect(), less.collect());
        return Err(format!("{more:#?} too many, {less:#?} missing after {told}"));
    }
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
    // From what is known of the network before.
    if let Some(places) = places {
        let near = Trial::prepared(&before).effects(planes, &places, &[]);
        let near = near.map_err(|bug| format!("{bug} after {told}, near"))?;
        let whole = difference(planes.map(|plane| Side { name: "", plane }), Vec::new());
        let whole = whole.map_err(|bug| format!("{bug} after {told}"))?;
        if pairs(planes, &near.flows) != pairs(planes, &whole.flows) {
            return Err(format!("{:#?} and not {:#?} after {told}", near.flows, whole.flows));
        }
    }
    Ok(groups)
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
    for path in files(&root) {
        let Ok(plane) = compile_with(read(&path).snapshot) else { continue };
        for change in changes(plane.network()).into_iter().take(1) {
            tried += 1;
            groups += agree(plane.network(), plane.profile(), change)
                .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        }
    }
    assert!(tried >= 20 && groups >= 5, "{tried} changes, {groups} groups");
}
