//! A verdict allocates nothing: neither one that stops at the first obstacle nor one that arrives.

use crate::generated::{self, asks};
use crate::scenarios;
use allocation_counter::measure;
use hopwise::dataplane::{Dataplane, is_stand_in};
use hopwise::trace::{self, Ask, Fate};
use std::path::Path;

/// The first ask of which the verdict allocates.
fn spendthrift(plane: &Dataplane) -> Result<[usize; 3], String> {
    let mut fates = [0; 3];
    // Where the destination stands for one that is not known, filters are asked of sets, which allocate.
    for ask in asks(plane).into_iter().filter(|ask| !is_stand_in(ask.flow.destination)) {
        let mut fate = Fate::Unsure;
        let spent = measure(|| fate = trace::verdict(plane, &ask)).count_total;
        if spent > 0 {
            return Err(format!("{}: {spent} allocations, {fate:?}", told(plane, &ask)));
        }
        fates[fate as usize] += 1;
    }
    Ok(fates)
}

fn told(plane: &Dataplane, ask: &Ask<'_>) -> String {
    format!("{} sends {}", plane.locations[ask.from].name, ask.flow)
}

#[test]
fn what_counts_allocations_hears_of_them() {
    assert_eq!(measure(|| drop(std::hint::black_box(vec![1]))).count_total, 1);
}

#[test]
fn verdicts_about_generated_networks_allocate_nothing() {
    generated::each(0..150, |scenario| spendthrift(&scenario.plane()).map(drop));
}

#[test]
fn verdicts_about_shipped_scenarios_allocate_nothing() {
    let mut fates = [0; 3];
    for path in scenarios::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")) {
        let Ok(plane) = scenarios::compile_with(scenarios::read(&path).snapshot) else { continue };
        let found = spendthrift(&plane).unwrap_or_else(|fault| panic!("{path:?}: {fault}"));
        fates.iter_mut().zip(found).for_each(|(all, more)| *all += more);
    }
    let [arrives, stops, unsure] = fates;
    // Without many of each the test says little.
    assert!(arrives >= 1_000 && stops >= 1_000 && unsure >= 10, "{fates:?}");
}
