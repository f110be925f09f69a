//! What a change of a rule or a route does, from the packets that it can touch only, is what a comparison of all
//! packets of all senders finds.

use crate::generated::{self, Random, profile};
use crate::scenarios::{compile_with, files, read};
use crate::workbench::change;
use hopwise::azure::{Access, Network, PlatformProfile};
use hopwise::dataplane::{Change, Workbench, compile};
use hopwise::question::{Side, Trial, difference};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Applies `change` and compares both ways of asking; the number of groups that differ.
fn agree(
    network: &Network,
    profile: &'static PlatformProfile,
    change: Change,
) -> Result<usize, String> {
    let before = compile(Arc::new(network.clone()), profile);
    let mut bench = Workbench::new(Arc::new(network.clone()), profile);
    let Some(places) = bench.places(&change) else { return Ok(0) };
    let told = format!("{change:?}");
    bench.change(change);
    let planes = [&before, bench.plane()];
    let sides = planes.map(|plane| Side { name: "", plane });
    let whole = difference(sides, Vec::new(), &mut |_, _| {});
    let whole = whole.map_err(|bug| format!("{bug} after {told}"))?;
    let part = Trial::new(&before).effects(planes, &places, &[]);
    let part = part.map_err(|bug| format!("{bug} after {told}"))?;
    if whole.flows != part.flows {
        return Err(format!("{:#?} and not {:#?} after {told}", part.flows, whole.flows));
    }
    Ok(whole.flows.len())
}

#[test]
fn packets_that_no_change_touches_fare_the_same() {
    let (tried, groups) = (AtomicUsize::new(0), AtomicUsize::new(0));
    generated::each(0..80, |scenario| {
        let network = scenario.network();
        let mut random = Random::new(scenario.document.to_string().len() as u64);
        for _ in 0..3 {
            let Some(change) = change(&mut random, &network) else { break };
            tried.fetch_add(1, Ordering::Relaxed);
            groups.fetch_add(agree(&network, profile(&network), change)?, Ordering::Relaxed);
        }
        Ok(())
    });
    let (tried, groups) = (tried.into_inner(), groups.into_inner());
    assert!(tried >= 100 && groups >= 25, "{tried} changes, {groups} groups");
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
fn shipped_scenarios_change_by_rules_and_routes_as_a_whole() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let (mut tried, mut groups) = (0, 0);
    for path in files(&root) {
        let Ok(plane) = compile_with(read(&path).snapshot) else { continue };
        for change in changes(plane.network()).into_iter().take(3) {
            tried += 1;
            groups += agree(plane.network(), plane.profile(), change)
                .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        }
    }
    assert!(tried >= 30 && groups >= 10, "{tried} changes, {groups} groups");
}
