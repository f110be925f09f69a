//! What is said for sure with a value that is not known stays so whatever the value turns out to be.

use crate::generated::{self, Random, Scenario, UNKNOWN, asks, values};
use hopwise::dataplane::Dataplane;
use hopwise::net::{Flow, Protocol};
use hopwise::trace::{self, Ask, Fate};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Members whose values have to fit to others': addresses and the names of services are unique, ranges lie in others, a public address belongs to one
/// thing. Such are filled with what stood there only.
// Seed 5043: a machine with an unknown public address, filled with the one that another machine has.
const FITTING: [&str; 14] = [
    "blob",
    "vaultUri",
    "fqdn",
    "fullyQualifiedDomainName",
    "privateIPAddress",
    "privateIPv6Address",
    "privateIPAddresses",
    "ipAddress",
    "ipAddresses",
    "addressPrefix",
    "addressPrefixes",
    "publicIPAddress",
    "subnet",
    "virtualNetwork",
];

/// The values that members called `key` have anywhere.
fn elsewhere(value: &Value, key: &str, found: &mut Vec<Value>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, it)| {
            if name == key && !it.is_object() && !it.is_array() && !found.contains(it) {
                found.push(it.clone());
            }
            elsewhere(it, key, found);
        }),
        Value::Array(elements) => elements.iter().for_each(|it| elsewhere(it, key, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What may stand at `way`: what stands there, and what stands under the same name elsewhere.
fn fillings(scenario: &Scenario, way: &str) -> Vec<Value> {
    let mut all = vec![scenario.document.pointer(way).unwrap().clone()];
    let key = way.rsplit('/').next().unwrap();
    let is_element = key.parse::<usize>().is_ok();
    if !is_element && !FITTING.contains(&key) {
        elsewhere(&scenario.document["network"], key, &mut all);
        if all[0].is_boolean() {
            all = vec![json!(true), json!(false)];
        }
    }
    all
}

fn with(scenario: &Scenario, way: &str, value: Value) -> Scenario {
    let mut other = scenario.clone();
    *other.document.pointer_mut(way).unwrap() = value;
    other
}

/// The first packet that fares for sure in `doubted` and otherwise in `filled`; how many fare for sure.
pub(crate) fn contradiction(doubted: &Dataplane, filled: &Dataplane) -> Result<usize, String> {
    let mut by_name: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (id, location) in filled.locations.iter() {
        by_name.entry(&location.name).or_default().push(id);
    }
    // What stands for an address that is not known is none of the packet's.
    let shown = &doubted.network().stand_ins;
    let mut sure = 0;
    for ask in asks(doubted) {
        let ends = [ask.flow.source, ask.flow.destination];
        if shown.iter().any(|it| ends.contains(&it.address)) {
            continue;
        }
        let name = &*doubted.locations[ask.from].name;
        let Some(&[from]) = by_name.get(name).map(Vec::as_slice) else { continue };
        // An address that is still to be assigned may be another's then.
        if doubted.locations[ask.from].addresses != filled.locations[from].addresses {
            continue;
        }
        let was = trace::verdict(doubted, &Ask { target: None, ..ask });
        if was == Fate::Unsure {
            continue;
        }
        sure += 1;
        let is = trace::verdict(filled, &Ask { from, target: None, ..ask });
        if was != is {
            return Err(format!("{name}, {}: {was:?} without the value, {is:?} with it", ask.flow));
        }
    }
    Ok(sure)
}

/// What fares for sure with `doubt` in the place of a value fares so with whatever value in its place.
fn hold(seeds: Range<u64>, doubt: &Value, least: (usize, usize)) {
    let [filled, sure] = [AtomicUsize::new(0), AtomicUsize::new(0)];
    generated::each(seeds, |scenario| {
        let mut random = Random::new(scenario.document.to_string().len() as u64);
        for way in random.some(&values(scenario), 6) {
            let doubted = with(scenario, &way, doubt.clone()).plane();
            for value in random.some(&fillings(scenario, &way), 3) {
                let told = format!("{way} is {value}");
                let plane = with(scenario, &way, value).plane();
                let found = contradiction(&doubted, &plane);
                sure.fetch_add(found.map_err(|it| format!("{told}: {it}"))?, Ordering::Relaxed);
                filled.fetch_add(1, Ordering::Relaxed);
            }
        }
        Ok(())
    });
    let (filled, sure) = (filled.into_inner(), sure.into_inner());
    println!("{filled} values, {sure} sure packets");
    assert!(filled >= least.0 && sure >= least.1, "{filled} values, {sure} sure packets");
}

#[test]
fn no_value_contradicts_what_is_sure_without_it() {
    hold(5_000..5_135, &json!(UNKNOWN), (800, 80_000));
}

#[test]
fn no_value_contradicts_what_is_sure_where_nothing_can_be_read() {
    // Seed 5237: a machine that speaks BGP, whose subnet is not known, is the next hop of a route.
    hold(5_200..5_260, &json!([{ "broken": [true] }]), (400, 40_000));
}

/// Nothing overrides a service endpoint, not even a user route to one address (R88, R91): with one for a service that
/// is not known it is not known where packets to public addresses go, and to private ones it is.
#[test]
fn a_service_endpoint_that_is_not_known_is_not_overridden() {
    let to_nowhere = |to: &str| json!({"addressPrefix": to, "nextHopType": "None"});
    let document = json!({"network": {
        "routeTables": [{"name": "t", "routes": [to_nowhere("172.0.0.5/32"), to_nowhere("172.16.0.5/32")]}],
        "virtualNetworks": [{"name": "v", "addressPrefixes": ["10.1.0.0/24"], "subnets": [{
            "name": "s", "addressPrefix": "10.1.0.0/24", "routeTable": "t",
            "serviceEndpoints": [{"service": UNKNOWN}],
        }]}],
        "virtualMachines": [{"name": "m", "subnet": "v/s", "privateIPAddress": "10.1.0.4"}],
    }});
    let plane = Scenario { document, ..Scenario::seeded(0) }.plane();
    let from = *plane.places.interfaces.values().next().unwrap();
    for (to, expected) in [("172.0.0.5", Fate::Unsure), ("172.16.0.5", Fate::Stops)] {
        let flow = Flow::new("10.1.0.4".parse().unwrap(), to.parse().unwrap(), Protocol::Tcp, 443);
        let ask = Ask { from, flow, target: None, host: None, only: None };
        assert_eq!(trace::verdict(&plane, &ask), expected, "{to}");
    }
}
