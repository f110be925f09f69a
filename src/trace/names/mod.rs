//! Name resolution: who is asked, what decides, and what the client gets (R509).
//!
//! Everything that is known of names is in [`Names`]; whether a query gets to a server and back is
//! asked of a [`Transport`]. Where something that decides is not known, both outcomes are followed,
//! and the answer is definite when they agree.

mod public;
mod reply;
mod resolution;
mod servers;
mod transport;
mod views;

pub use transport::{Carried, Query, Transport};

use crate::answer::{NameAnswer, NameOutcome, NameStep, RecordAnswer, Rule};
use crate::dataplane::names::{Asker, Names};
use crate::id::Id;
use crate::net::{DnsName, RecordType};
use reply::{Ending, Reply};
use resolution::Resolution;
use std::collections::BTreeSet;

/// What `asker` gets for `name`.
#[must_use]
pub fn resolve(
    names: &Names,
    asker: Id<Asker>,
    name: &DnsName,
    record_type: RecordType,
    transport: &mut dyn Transport,
) -> NameAnswer {
    let mut resolution = Resolution::new(names, record_type, transport);
    let mut reply = resolution.ask(&names.askers[asker], name);
    if let Some(cause) = reply.perhaps_lost.take() {
        reply = Reply::unknown(cause);
    }
    let rules = rules(&resolution.steps, &reply);
    NameAnswer {
        name: name.clone(),
        record_type: record_type.name().to_owned(),
        records: records(&reply),
        outcome: outcome(reply),
        steps: resolution.steps,
        rules,
        assumptions: resolution.assumptions.into_iter().collect(),
        not_modelled: Vec::new(),
    }
}

fn rules(steps: &[NameStep], reply: &Reply) -> Vec<Rule> {
    let mut rules: BTreeSet<Rule> = steps.iter().flat_map(|step| &step.rules).copied().collect();
    if reply.chain.len() > 1 {
        rules.insert(Rule(509));
    }
    rules.into_iter().collect()
}

fn records(reply: &Reply) -> Vec<RecordAnswer> {
    let each = reply.chain.iter().flat_map(|(name, data)| {
        data.texts().into_iter().map(move |text| RecordAnswer {
            name: name.clone(),
            record_type: data.type_name().to_owned(),
            data: text,
        })
    });
    each.collect()
}

fn outcome(reply: Reply) -> NameOutcome {
    match reply.ending {
        Ending::Records => {
            let addresses = reply.chain.last().and_then(|(_, data)| data.addresses());
            addresses.map_or(NameOutcome::Records, NameOutcome::Addresses)
        }
        Ending::Nxdomain => NameOutcome::Nxdomain,
        Ending::Nodata => NameOutcome::Nodata,
        Ending::Timeout => NameOutcome::Timeout,
        Ending::Unknown(why) => NameOutcome::Unknown(why),
    }
}
