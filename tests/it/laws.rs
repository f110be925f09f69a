//! What holds for every network.

use crate::generated::{self, asks};
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
