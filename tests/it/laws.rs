//! What holds for every network.

use crate::generated::{self, asks};
use hopwise::dataplane::EffectiveTable;
use hopwise::net::PrefixIndex;
use hopwise::trace;

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
