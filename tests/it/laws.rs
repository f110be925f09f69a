//! What holds for every network.

use crate::differences::{Row, pairs};
use crate::generated::{self, Random, Scenario, asks};
use crate::workbench::change;
use hopwise::answer::FlowChangeKind;
use hopwise::dataplane::{Dataplane, EffectiveTable, Workbench, compile};
use hopwise::net::{Flow, PrefixIndex};
use hopwise::question::{Side, difference};
use hopwise::trace::{self, Ask, Fate};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The engine that records and the one that does not are one walker: they agree, and asked again they
/// say the same.
#[test]
fn a_packet_fares_the_same_whoever_watches() {
    generated::each(0..150, |scenario| {
        let plane = scenario.plane();
        for ask in asks(&plane) {
            let (fate, traced) = (trace::verdict(&plane, &ask), trace::trace(&plane, &ask));
            if fate != traced.fate {
                return Err(format!("{}: {fate:?} and {:?}", ask.flow, traced.fate));
            }
            if traced != trace::trace(&plane, &ask) {
                return Err(format!("{}: another trace", ask.flow));
            }
        }
        Ok(())
    });
}

/// In a batch, ahead of which memory is read, every packet fares as it does alone.
#[test]
fn verdicts_in_a_batch_are_those_one_by_one() {
    generated::each(0..150, |scenario| {
        let plane = scenario.plane();
        let asks: Vec<Ask> = asks(&plane);
        let alone: Vec<Fate> = asks.iter().map(|ask| trace::verdict(&plane, ask)).collect();
        match trace::verdicts(&plane, &asks) == alone {
            true => Ok(()),
            false => Err(format!("one of {} packets fares otherwise", asks.len())),
        }
    });
    // More than are looked at together, in an order in which fates change.
    let plane = Scenario::seeded(3).plane();
    let asks: Vec<Ask> = asks(&plane);
    let many: Vec<Ask> = asks.iter().cycle().take(1_000).copied().collect();
    let alone: Vec<Fate> = many.iter().map(|ask| trace::verdict(&plane, ask)).collect();
    assert_eq!(trace::verdicts(&plane, &many), alone);
    assert!(alone.contains(&Fate::Arrives) && alone.contains(&Fate::Stops), "says little");
}

/// Long tables find the runner-up of a route by an index; the scan of the others finds the same.
#[test]
fn an_index_finds_the_runner_up_that_a_scan_finds() {
    fn index(table: &EffectiveTable) -> PrefixIndex<u32> {
        PrefixIndex::new((0u32..).zip(&table.routes).flat_map(|(number, route)| {
            route.prefixes.as_slice().iter().map(move |&prefix| (prefix, number))
        }))
    }
    generated::each(0..150, |scenario| {
        let plane = scenario.plane();
        for table in &plane.effective {
            let index = index(table);
            let prefixes = table.routes.iter().flat_map(|route| route.prefixes.as_slice());
            let edges = prefixes.flat_map(|prefix| [prefix.network(), prefix.broadcast()]);
            for address in edges {
                let scanned = table.runner_up(address);
                if table.runner_up_by(&index, address) != scanned {
                    return Err(format!("{address}: {scanned:?}"));
                }
            }
        }
        Ok(())
    });
}

/// How each packet of `like` fares in `plane`, by the names of its senders, in no order of the input.
fn fares(like: &Dataplane, plane: &Dataplane) -> BTreeMap<(String, Flow), Fate> {
    let mut by_name: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (id, location) in plane.locations.iter() {
        by_name.entry(&location.name).or_default().push(id);
    }
    let mut fares = BTreeMap::new();
    for ask in asks(like) {
        let name = &*like.locations[ask.from].name;
        let Some(&[from]) = by_name.get(name).map(Vec::as_slice) else { continue };
        let fate = trace::verdict(plane, &Ask { from, target: None, ..ask });
        fares.insert((name.to_owned(), ask.flow), fate);
    }
    fares
}

/// The first packet that does not fare as `holds` wants.
fn differs(
    (before, after): (&Dataplane, &Dataplane),
    holds: impl Fn(Fate, Fate) -> bool,
) -> Result<(), String> {
    let (was, is) = (fares(before, before), fares(before, after));
    for ((name, flow), now) in is {
        let then = was[&(name.clone(), flow)];
        if !holds(then, now) {
            return Err(format!("{name}, {flow}: {then:?} before, {now:?} after"));
        }
    }
    Ok(())
}

/// The scenario with its document changed.
fn changed(scenario: &Scenario, change: impl FnOnce(&mut Value)) -> Scenario {
    let mut changed = scenario.clone();
    change(&mut changed.document);
    changed
}

/// Turns lists round whose order has no meaning: rules have priorities, subnets and peerings have names.
fn turn(network: &mut Value) {
    for list in network.as_object_mut().into_iter().flatten().filter_map(|it| it.1.as_array_mut()) {
        list.reverse();
        for resource in list {
            for part in ["securityRules", "subnets", "virtualNetworkPeerings"] {
                let list = resource.get_mut(part).and_then(Value::as_array_mut);
                list.into_iter().for_each(|list| list.reverse());
            }
        }
    }
}

/// In what order resources and their parts are written does not matter.
#[test]
fn the_order_of_resources_does_not_matter() {
    generated::each(0..60, |scenario| {
        let other = changed(scenario, |document| turn(&mut document["network"]));
        differs((&scenario.plane(), &other.plane()), |then, now| then == now)
    });
}

/// Adds a resource to the scenario `document`.
fn add(document: &mut Value, kind: &str, resource: Value) {
    let list = &mut document["network"][kind];
    match list.as_array_mut() {
        Some(list) => list.push(resource),
        None => *list = json!([resource]),
    }
}

/// What nothing refers to changes nothing.
#[test]
fn what_nothing_refers_to_changes_no_answer() {
    generated::each(0..60, |scenario| {
        let lonely = [
            (
                "virtualNetworks",
                json!({"name": "lonely", "addressPrefixes": ["10.213.0.0/16"], "subnets": []}),
            ),
            ("networkSecurityGroups", json!({"name": "lonely-group", "securityRules": []})),
            ("routeTables", json!({"name": "lonely-table", "routes": []})),
            ("publicIPAddresses", json!({"name": "lonely-address", "sku": "Standard"})),
        ];
        let other = changed(scenario, |document| {
            lonely.into_iter().for_each(|(kind, resource)| add(document, kind, resource));
        });
        differs((&scenario.plane(), &other.plane()), |then, now| then == now)
    });
}

/// A network that nothing joins changes no packet of others, wherever it stands in the order of ids.
#[test]
fn a_network_that_is_joined_to_nothing_changes_no_packet_of_others() {
    generated::each(0..25, |scenario| {
        let plane = scenario.plane();
        for name in ["0-lonely", "zz-lonely"] {
            let lonely = json!({"name": name, "addressPrefixes": ["10.213.0.0/16"], "subnets": []});
            let other = changed(scenario, |document| add(document, "virtualNetworks", lonely));
            let other = other.plane();
            for planes in [[&plane, &other], [&other, &plane]] {
                let told = changes(planes)?;
                if !told.is_empty() {
                    return Err(format!("{name}: {told:#?}"));
                }
            }
        }
        Ok(())
    });
}

/// Without the first rule of a group that says `access`; none when there is no such rule, or load
/// balancers, whose members come and go with the rules that let probes in (R214).
fn without_a_rule(scenario: &Scenario, access: &str) -> Option<Scenario> {
    let network = &scenario.document["network"];
    if network.get("loadBalancers").is_some_and(|list| *list != json!([])) {
        return None;
    }
    let mut found = false;
    let other = changed(scenario, |document| {
        let groups = document["network"]["networkSecurityGroups"].as_array_mut();
        let rules =
            groups.into_iter().flatten().filter_map(|it| it["securityRules"].as_array_mut());
        for rules in rules {
            let at = rules.iter().position(|rule| rule["access"] == access && !found);
            found |= at.is_some();
            if let Some(at) = at {
                rules.remove(at);
            }
        }
    });
    found.then_some(other)
}

const fn rank(fate: Fate) -> u8 {
    match fate {
        Fate::Stops => 0,
        Fate::Unsure => 1,
        Fate::Arrives => 2,
    }
}

/// Are the same members of load balancers healthy? A probe that rules deny takes one out, and the others may take more
/// (R214).
fn has_same_members(planes: [&Dataplane; 2]) -> bool {
    let [one, other] = planes.map(|plane| {
        let rules = plane.balancers.values().flat_map(|it| &it.rules);
        rules.flat_map(|it| &it.backends).map(|it| it.health).collect::<Vec<_>>()
    });
    one == other
}

/// Taking an allowing rule away lets nothing more arrive, where the same members take it.
#[test]
fn less_is_allowed_without_an_allowing_rule() {
    generated::each(0..100, |scenario| match without_a_rule(scenario, "Allow") {
        None => Ok(()),
        Some(other) => {
            let planes = [scenario.plane(), other.plane()];
            let [then, now] = planes.each_ref();
            if !has_same_members([then, now]) {
                return Ok(());
            }
            differs((then, now), |then, now| rank(now) <= rank(then))
        }
    });
}

/// Taking a denying rule away stops nothing more, where the same members take it.
#[test]
fn less_is_denied_without_a_denying_rule() {
    generated::each(0..100, |scenario| match without_a_rule(scenario, "Deny") {
        None => Ok(()),
        Some(other) => {
            let planes = [scenario.plane(), other.plane()];
            let [then, now] = planes.each_ref();
            if !has_same_members([then, now]) {
                return Ok(());
            }
            differs((then, now), |then, now| rank(now) >= rank(then))
        }
    });
}

/// The changes of packets between two networks, pair by pair.
fn changes(planes: [&Dataplane; 2]) -> Result<BTreeSet<Row>, String> {
    let answer = difference(planes.map(|plane| Side { name: "", plane }), Vec::new());
    answer.map(|answer| pairs(planes, &answer.flows)).map_err(|bug| bug.to_string())
}

const fn turned(kind: FlowChangeKind) -> FlowChangeKind {
    match kind {
        FlowChangeKind::Opened => FlowChangeKind::Closed,
        FlowChangeKind::Closed => FlowChangeKind::Opened,
        FlowChangeKind::Rerouted | FlowChangeKind::Doubtful => kind,
    }
}

/// What a change opens its inverse closes, and the other way round; both together change nothing.
#[test]
fn the_inverse_of_a_change_undoes_it() {
    let told = AtomicUsize::new(0);
    generated::each(3_000..3_080, |scenario| {
        let network = scenario.network();
        let profile = generated::profile(&network);
        let mut random = Random::new(scenario.document.to_string().len() as u64);
        let Some(change) = change(&mut random, &network) else { return Ok(()) };
        let before = compile(Arc::new(network.clone()), profile);
        let mut bench = Workbench::new(Arc::new(network), profile);
        let back = bench.change(change);
        let (there, again) =
            (changes([&before, bench.plane()])?, changes([bench.plane(), &before])?);
        let all = there.iter().cloned();
        let expected: BTreeSet<Row> =
            all.map(|(from, to, kind, packets)| (from, to, turned(kind), packets)).collect();
        if again != expected {
            return Err(format!("{there:#?} and back {again:#?}"));
        }
        told.fetch_add(there.len(), Ordering::Relaxed);
        bench.change(back);
        let left = changes([&before, bench.plane()])?;
        if left.is_empty() { Ok(()) } else { Err(format!("left: {left:#?}")) }
    });
    let told = told.into_inner();
    assert!(told >= 10, "only {told} pairs of places changed");
}
