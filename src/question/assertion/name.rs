//! Assertions about what a name resolves to.

use super::{Evidence, Found};
use crate::answer::NameOutcome;
use crate::dataplane::Dataplane;
use crate::diag::Diagnostic;
use crate::net::{DnsName, RecordType};
use crate::question::{locate, resolve_name};
use crate::scenario::ExpectedName;
use std::net::IpAddr;

/// Compares what a name should resolve to with what it does.
pub(super) fn compare(
    plane: &Dataplane,
    from: &str,
    name: &str,
    record_type: &str,
    expected: &ExpectedName,
) -> Result<Found, Vec<Diagnostic>> {
    let source =
        locate::source(plane.network(), from).map_err(|refusal| vec![Diagnostic::from(refusal)])?;
    let name = DnsName::parse(name).ok_or_else(|| wrong(format!("`{name}` is no name")))?;
    let kind = RecordType::ALL.into_iter().find(|kind| kind.name() == record_type);
    let kind = kind.ok_or_else(|| wrong(format!("`{record_type}` is no record type")))?;
    let answer = resolve_name(plane, source.endpoint, &name, kind);
    let evidence = Evidence::of_name(&answer);
    let outcome = answer.outcome;
    let mut found = Found { evidence, ..Found::default() };
    match (expected, &outcome) {
        (ExpectedName::Addresses(wanted), NameOutcome::Addresses(has)) if wanted == has => {}
        (ExpectedName::Answer(wanted), outcome) if wanted == word(outcome) => {}
        (ExpectedName::Addresses(wanted), _) => {
            found.differs("addresses", listed(wanted), in_words(&outcome));
        }
        (ExpectedName::Answer(wanted), _) => found.differs("answer", wanted, in_words(&outcome)),
    }
    Ok(found)
}

fn wrong(message: String) -> Vec<Diagnostic> {
    vec![Diagnostic::error("wrong-value", message)]
}

fn in_words(outcome: &NameOutcome) -> String {
    match outcome {
        NameOutcome::Addresses(found) => listed(found),
        NameOutcome::Unknown(why) => format!("unknown: {why}"),
        NameOutcome::Records
        | NameOutcome::Nxdomain
        | NameOutcome::Nodata
        | NameOutcome::Timeout => word(outcome).to_owned(),
    }
}

const fn word(outcome: &NameOutcome) -> &'static str {
    match outcome {
        NameOutcome::Addresses(_) => "addresses",
        NameOutcome::Records => "records",
        NameOutcome::Nxdomain => "nxdomain",
        NameOutcome::Nodata => "nodata",
        NameOutcome::Timeout => "timeout",
        NameOutcome::Unknown(_) => "unknown",
    }
}

/// Addresses, with commas between them.
pub(super) fn listed(addresses: &[IpAddr]) -> String {
    let texts: Vec<String> = addresses.iter().map(IpAddr::to_string).collect();
    texts.join(", ")
}
