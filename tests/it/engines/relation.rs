//! All places to all places, packet by packet.

use super::headers::Interest;
use super::{is_beside_the_point, traced, words};
use crate::generated::{self, Random};
use hopwise::azure::{Network, PlatformProfile};
use hopwise::dataplane::{Dataplane, compile};
use hopwise::generate::{Shape, write};
use hopwise::import::{Document, read};
use hopwise::packet_set::Sets;
use hopwise::reach::{Relation, relation};
use hopwise::resolve::resolve;
use hopwise::trace::Fate;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Asks about packets of every place with addresses, from its own; how many there were.
fn compare(plane: &Dataplane, interest: &Interest, random: &mut Random) -> Result<usize, String> {
    let mut sets = Sets::new();
    let relation = relation(plane, &mut sets);
    let mut count = 0;
    for (from, location) in plane.locations.iter().filter(|(_, it)| !it.addresses.is_empty()) {
        let own = location.addresses.iter().map(|&address| ipnet::IpNet::from(address)).collect();
        let flows = interest.flows(&own, random);
        for flow in flows.into_iter().filter(|flow| !is_beside_the_point(flow)) {
            let Some(found) = relation.fate((plane, &mut sets), from, &flow) else { continue };
            let found = match found {
                (true, _) => Fate::Arrives,
                (false, true) => Fate::Unsure,
                (false, false) => Fate::Stops,
            };
            // What nobody has, in a network whose places are in groups, is left out.
            if found == Fate::Stops && is_left_out(plane, &relation, flow.destination) {
                continue;
            }
            if traced(plane, from, flow) != found {
                return Err(words(plane, from, flow, found));
            }
            count += 1;
        }
    }
    Ok(count)
}

fn is_left_out(plane: &Dataplane, relation: &Relation, address: std::net::IpAddr) -> bool {
    let places = relation.groups.iter().flat_map(|group| &group.places);
    let mut realms = places.map(|&(realm, _)| &plane.realms[realm]);
    realms.any(|realm| realm.space.contains(address) && realm.owner(address).is_none())
}

#[test]
fn the_relation_is_what_trace_says() {
    let asked = AtomicUsize::new(0);
    generated::each(2_000..2_070, |scenario| {
        let plane = scenario.plane();
        let interest = Interest::of(scenario, &plane);
        let count = compare(&plane, &interest, &mut Random::new(5))?;
        asked.fetch_add(count, Ordering::Relaxed);
        Ok(())
    });
    let asked = asked.into_inner();
    assert!(asked > 5_000, "only {asked} packets were asked about");
}

pub(super) fn estate(shape: &Shape) -> Dataplane {
    let mut text = Vec::new();
    write(shape, &mut text).unwrap();
    let snapshot = read([Document { name: "estate".into(), text: &text[..] }]);
    let network: Network = resolve(snapshot).0;
    compile(Arc::new(network), PlatformProfile::by_name(PlatformProfile::DEFAULT).unwrap())
}

/// Of a hub and spokes there is one sort of place: groups differ in their security groups only.
#[test]
fn spokes_with_the_same_rules_are_one_group() {
    for (patterns, seed) in [(1, 1), (3, 2), (40, 3)] {
        let shape = Shape { networks: 14, interfaces: 3, patterns, private_endpoints: 2, seed };
        let plane = estate(&shape);
        let found = compare(&plane, &Interest::of_plane(&plane), &mut Random::new(6)).unwrap();
        assert!(found > 1_000, "only {found} packets");
        let relation = relation(&plane, &mut Sets::new());
        assert!(relation.groups.len() <= patterns as usize, "{}", relation.groups.len());
        let places: usize = relation.groups.iter().map(|group| group.places.len()).sum();
        assert_eq!(places, 14 * 3);
    }
}
