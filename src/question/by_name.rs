//! What a name that leads nowhere means for a packet.

use super::TraceQuestion;
use crate::answer::{Item, ItemKind, NameAnswer, NameOutcome, NameStep, Obstacle, Outcome, Reason};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Cause, Location};
use crate::id::Id;
use crate::net::{DnsName, Flow};
use std::net::{IpAddr, Ipv4Addr};

/// Why packets to the name get nowhere, or why that cannot be said; the shadow goes on to `addresses`.
pub(super) fn obstacle(
    plane: &Dataplane,
    from: Id<Location>,
    question: &TraceQuestion,
    (found, addresses): (&NameAnswer, &[IpAddr]),
) -> Option<Obstacle> {
    let name = &found.name;
    let (reason, outcome, text) = match &found.outcome {
        NameOutcome::Addresses(_) => return None,
        NameOutcome::Nxdomain => {
            (Reason::NameNotFound, Outcome::Stopped, format!("{name} does not exist"))
        }
        NameOutcome::Records | NameOutcome::Nodata => {
            (Reason::NameHasNoAddress, Outcome::Stopped, format!("{name} has no address"))
        }
        NameOutcome::Timeout => {
            (Reason::NameTimeout, Outcome::Stopped, format!("no server answers for {name}"))
        }
        NameOutcome::Unknown(why) => (Reason::NameUnknown, Outcome::Unsure, why.clone()),
    };
    // A zone that has the name and was not asked says more than whoever was asked last.
    let zone =
        |step: &&NameStep| step.decided_by.as_ref().is_some_and(|item| item.kind == ItemKind::Zone);
    let told = found.steps.iter().find(zone).or_else(|| found.steps.last());
    let text = match told.filter(zone) {
        Some(step) => format!("{text}: {}", step.text),
        None => text,
    };
    let own = plane.locations[from].addresses.first().copied();
    let unset = Ipv4Addr::UNSPECIFIED.into();
    let destination = addresses.first().copied().unwrap_or(unset);
    let unresolved = Obstacle {
        reason,
        outcome,
        may_reroute: outcome == Outcome::Unsure,
        on_reply: false,
        at: told.map(|step| step.at.clone()).unwrap_or_default(),
        text,
        decided_by: told.and_then(|step| step.decided_by.clone()),
        flow: Flow::new(own.unwrap_or(unset), destination, question.protocol, question.port),
        rules: found.rules.clone(),
    };
    Some(match refusal(plane, found) {
        Some((service, cause)) => refused(plane, service, cause, &unresolved),
        None => unresolved,
    })
}

/// What stands for the address that the name leads to, where that is the public one of a service, which the input
/// does not tell. One that refuses everything there does so wherever it is.
pub(super) fn stand_in(plane: &Dataplane, found: &NameAnswer) -> Option<IpAddr> {
    let (service, name) = service(found)?;
    let id =
        service.resource.as_ref().filter(|id| !plane.places.closed_services.contains_key(id))?;
    // The copy in the paired region has an address of another region's tag.
    let is_copy = name.as_str().split('.').next().is_some_and(|it| it.ends_with("-secondary"));
    let network = plane.network();
    let mut clusters = network.managed_clusters.values();
    let cluster =
        clusters.find(|cluster| cluster.meta.id == *id && cluster.fqdn.as_ref() == Some(name));
    let mut services = network.service_targets.values();
    let service = services.find(|service| service.meta.id == *id && !is_copy);
    let stand_in = cluster.map(|it| it.stand_in).or_else(|| service.map(|it| it.stand_in))??;
    plane.behind_public(stand_in).map(|_| stand_in)
}

/// The service whose public address the name leads to, and why it refuses everything there, if both are so. Where
/// that is, the input need not tell.
fn refusal<'a>(plane: &'a Dataplane, found: &'a NameAnswer) -> Option<(&'a str, &'a Cause)> {
    let (service, _) = service(found)?;
    let cause = plane.places.closed_services.get(service.resource.as_ref()?)?;
    Some((&service.name, &plane.causes[*cause]))
}

/// The service whose public address the name leads to, where the input does not tell that, and the name.
fn service(found: &NameAnswer) -> Option<(&Item, &DnsName)> {
    let NameOutcome::Unknown(why) = &found.outcome else { return None };
    let last = found.steps.last().filter(|step| step.text == *why)?;
    Some((last.decided_by.as_ref()?, &found.name))
}

fn refused(plane: &Dataplane, service: &str, cause: &Cause, unresolved: &Obstacle) -> Obstacle {
    let rules: Vec<_> = unresolved.rules.iter().chain(&cause.rules).copied().collect();
    Obstacle {
        reason: cause.reason,
        outcome: Outcome::Stopped,
        may_reroute: false,
        at: service.to_owned(),
        text: format!("{}, but wherever it is: {}", unresolved.text, cause.text),
        decided_by: cause.evidence.map(|evidence| plane.item(evidence)),
        rules,
        ..unresolved.clone()
    }
}
