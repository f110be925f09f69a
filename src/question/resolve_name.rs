//! What does a name resolve to?

use super::{Endpoint, Unanswered};
use crate::answer::{Assumption, Holds, NameAnswer, NameOutcome, Reason};
use crate::dataplane::Dataplane;
use crate::dataplane::names::At;
use crate::net::{DnsName, RecordType};
use crate::trace::{Carrier, names};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// What `from` gets when it asks for the records of `record_type` at `name`. Queries to servers go
/// through the simulated network.
#[must_use]
pub fn resolve_name(
    plane: &Dataplane,
    from: Endpoint,
    name: &DnsName,
    record_type: RecordType,
) -> NameAnswer {
    let answer = match position(plane, from).and_then(|at| plane.names.asker(at)) {
        Some(asker) => {
            let carrier = &mut Carrier::new(plane);
            let found = names::resolve(&plane.names, asker, name, record_type, carrier);
            assumed(plane, found)
        }
        None => unasked(name, record_type),
    };
    NameAnswer { not_modelled: plane.network().bringing_anything(), ..answer }
}

/// The first address that `from` gets for `name`: of IPv4, else of IPv6.
///
/// # Errors
/// When it gets none, or what it gets is not known.
pub fn address_of(plane: &Dataplane, from: Endpoint, name: &DnsName) -> Result<IpAddr, Unanswered> {
    let ask = |record_type| resolve_name(plane, from, name, record_type).outcome;
    let ipv4 = ask(RecordType::A);
    let found = if ipv4 == NameOutcome::Nodata { ask(RecordType::Aaaa) } else { ipv4 };
    let (reason, text) = match found {
        NameOutcome::Addresses(addresses) => match addresses.first() {
            Some(&address) => return Ok(address),
            None => (Reason::NameHasNoAddress, "has no address".to_owned()),
        },
        NameOutcome::Nxdomain => (Reason::NameNotFound, "does not exist".to_owned()),
        NameOutcome::Timeout => (Reason::NameTimeout, "is answered by no server".to_owned()),
        NameOutcome::Unknown(why) => (Reason::NameUnknown, format!("is not known: {why}")),
        NameOutcome::Records | NameOutcome::Nodata => {
            (Reason::NameHasNoAddress, "has no address".to_owned())
        }
    };
    Err(Unanswered { reason, text: format!("{name} {text}") })
}

/// An answer with an address that the platform chooses rests on which one it takes (R7).
fn assumed(plane: &Dataplane, mut answer: NameAnswer) -> NameAnswer {
    let chosen = &plane.network().chosen_addresses;
    let is_chosen = |address: &IpAddr| chosen.iter().any(|(_, other)| other == address);
    let NameOutcome::Addresses(addresses) = &answer.outcome else { return answer };
    if chosen.is_empty() || !addresses.iter().any(is_chosen) {
        return answer;
    }
    let assumption = Assumption::LowestAddress;
    match plane.holds(assumption) {
        Holds::Yes => {}
        Holds::Assumed => answer.assumptions.push(assumption.sentence().to_owned()),
        Holds::No | Holds::Unknown => {
            let why = format!("whether `{}` holds is not given", assumption.name());
            answer.outcome = NameOutcome::Unknown(why);
        }
    }
    answer
}

/// Where an endpoint stands as an asker; none for what asks for no names.
fn position(plane: &Dataplane, endpoint: Endpoint) -> Option<At> {
    match endpoint {
        Endpoint::Interface(id) => Some(At::Interface(id)),
        Endpoint::Frontend(id) => Some(At::Frontend(id)),
        Endpoint::Firewall(id) => Some(At::Firewall(id)),
        Endpoint::ContainerGroup(id) => Some(At::ContainerGroup(id)),
        Endpoint::InboundEndpoint(id) => Some(At::InboundEndpoint(id)),
        Endpoint::OutboundEndpoint(id) => Some(At::OutboundEndpoint(id)),
        Endpoint::SiteHost(site, number) => Some(At::SiteHost(site, number)),
        Endpoint::Site(site) | Endpoint::SiteEdge(site) => Some(At::Site(site)),
        Endpoint::InternetHost(number) => Some(At::InternetHost(number)),
        Endpoint::Internet => Some(At::Internet),
        Endpoint::Bastion(id) => plane.network().bastion_hosts[id].subnet?.known().map(At::Subnet),
        Endpoint::PrivateEndpoint(_)
        | Endpoint::Gateway(_)
        | Endpoint::RouteServer(_)
        | Endpoint::ApplicationGateway(_)
        | Endpoint::PublicAddress(_) => None,
    }
}

fn unasked(name: &DnsName, record_type: RecordType) -> NameAnswer {
    NameAnswer {
        name: name.clone(),
        record_type: record_type.name().to_owned(),
        outcome: NameOutcome::Unknown("what the sender asks for names is not modelled".into()),
        steps: Vec::new(),
        records: Vec::new(),
        rules: Vec::new(),
        assumptions: Vec::new(),
        not_modelled: Vec::new(),
    }
}

/// The addresses that some private zone has for `name`, linked to the asker or not, ascending.
#[must_use]
pub fn intended_addresses(plane: &Dataplane, name: &DnsName) -> Vec<IpAddr> {
    let kinds = [RecordType::A, RecordType::Aaaa];
    let found = kinds.into_iter().flat_map(|kind| plane.names.intended(name, kind));
    let addresses = found.filter_map(|intended| intended.records.data.addresses()).flatten();
    addresses.collect::<BTreeSet<IpAddr>>().into_iter().collect()
}
