//! Networks made up by seeds.

use super::compare;
use super::headers::Interest;
use crate::generated::{self, Random};
use hopwise::packet_set::{Set, Sets};
use hopwise::reach::Reach;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Small networks with a bit of everything: IPv6, translations, several next hops, asymmetry, values that
/// are not known. `HOPWISE_GENERATED=10` asks about ten times as many.
#[test]
fn engines_agree_on_generated_networks() {
    let asked = AtomicUsize::new(0);
    generated::each(0..120, |scenario| {
        let plane = scenario.plane();
        let interest = Interest::of(scenario, &plane);
        let count = compare(&plane, &interest, &mut Random::new(1))?;
        asked.fetch_add(count, Ordering::Relaxed);
        Ok(())
    });
    let asked = asked.into_inner();
    println!("{asked} packets");
    assert!(asked > 50_000, "only {asked} packets were asked about");
}

/// Asked about all packets, `reach` says of each what it says when it is asked about some.
#[test]
fn what_is_asked_beside_a_packet_does_not_matter() {
    generated::each(0..25, |scenario| {
        let plane = scenario.plane();
        let interest = Interest::of(scenario, &plane);
        let mut random = Random::new(2);
        let mut sets = Sets::new();
        let mut reach = Reach::new(&plane, &mut sets);
        for (from, location) in plane.locations.iter() {
            let Some(sources) = interest.sources(location, &mut random) else { continue };
            let some = reach.sets.sources(&sources);
            let (all, part) = (reach.from(from, Set::ALL), reach.from(from, some));
            let arrives = reach.sets.intersection(all.arrives, some);
            let unsure = reach.sets.intersection(all.unsure, some);
            if (arrives, unsure) != (part.arrives, part.unsure) {
                return Err(format!("from {}", location.name));
            }
        }
        Ok(())
    });
}
