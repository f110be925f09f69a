//! Does it get there and back, and if not, what stops it?

use super::replay::verdict;
use super::{Endpoint, Target, by_name};
use crate::answer::{
    Confidence, NameAnswer, NameOutcome, Obstacle, Outcome, Path, Reason, Rule, TraceAnswer,
    Verdict, weakest,
};
use crate::azure::{MissingResource, Network, UnknownValue};
use crate::dataplane::graph::Location;
use crate::dataplane::{Dataplane, stand_in};
use crate::id::{Id, ResourceId};
use crate::net::{Flow, PortRange, Protocol, RecordType};
use crate::trace::{self, Ask, Fate, Traced};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// The question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceQuestion {
    /// Who sends, with the words that were used.
    pub from: (Endpoint, String),
    /// Which of the sender's addresses it uses; none for the one of the destination's family.
    pub from_address: Option<IpAddr>,
    /// Where to, with the words that were used.
    pub to: (Target, String),
    /// The protocol.
    pub protocol: Protocol,
    /// The destination port; ignored for protocols without ports.
    pub port: u16,
    /// The source port; none for any.
    pub source_port: Option<u16>,
}

/// What a question comes down to after its name is resolved.
struct Aim {
    addresses: Vec<IpAddr>,
    target: Option<Id<Location>>,
    name: Option<NameAnswer>,
    obstacle: Option<Obstacle>,
}

/// A question whose name is resolved, about one of the addresses.
#[derive(Clone, Copy)]
struct Asked<'a> {
    plane: &'a Dataplane,
    from: Id<Location>,
    question: &'a TraceQuestion,
    flow: Flow,
}

/// Answers `question`.
#[must_use]
pub fn trace(plane: &Dataplane, question: &TraceQuestion) -> TraceAnswer {
    let nothing_followed = |answer: TraceAnswer| TraceAnswer {
        not_modelled: plane.network().bringing_anything(),
        ..answer
    };
    let Some(from) = location(plane, question.from.0) else {
        return nothing_followed(nowhere(plane, question));
    };
    let mut aim = aim(plane, from, question);
    let Some(flow) = flow(plane, from, question, &aim) else {
        let of_families = || super::families::obstacle(plane, from, question, &aim.addresses);
        aim.obstacle = aim.obstacle.take().or_else(of_families);
        return nothing_followed(unaddressed(plane, question, aim));
    };
    let target = aim.target.or_else(|| meant(plane, from, flow.destination));
    let asked = Asked { plane, from, question, flow };
    let (traced, elsewhere) = asked.follow(&aim);
    let verdict = found(&traced, elsewhere.as_ref());
    let others = asked.others(&aim, verdict);
    aim.obstacle = aim.obstacle.take().or(others).or(elsewhere);
    let mut answer = assemble(question, aim, traced);
    answer.not_modelled = not_modelled(plane, &answer.paths);
    answer.warnings.extend(super::stand_ins::shown(plane.network(), &answer.paths));
    answer.warnings.extend(super::firewall_ways::shown(plane, &answer.paths));
    answer.warnings.extend(by_public_address(plane, target, &answer));
    answer.warnings.extend(super::public_name::instead(plane, &answer));
    answer
}

impl Asked<'_> {
    /// Follows the packet, and says where it comes to somebody else than the resource that has the name.
    fn follow(self, aim: &Aim) -> (Traced, Option<Obstacle>) {
        let Self { plane, from, question, flow } = self;
        let target = aim.target.or_else(|| meant(plane, from, flow.destination));
        let host = match &question.to.0 {
            Target::Name(name) | Target::Service(name) => Some(name),
            Target::Endpoint(_) | Target::Address(_) => None,
        };
        let only = only(plane, &question.to.0);
        let mut traced = trace::trace(plane, &Ask { from, flow, target, host, only });
        traced.paths.iter_mut().flat_map(|path| &mut path.obstacles).for_each(|it| name(plane, it));
        let name = aim.name.as_ref().filter(|_| traced.fate != Fate::Stops);
        let elsewhere = name.and_then(|found| {
            super::whose::obstacle(plane.network(), found, (flow, &traced.paths))
        });
        (traced, elsewhere)
    }

    /// A name with several addresses does not tell which of them a client takes (R285): that it fares otherwise by
    /// another one than by the first, which is `first`.
    fn others(self, aim: &Aim, first: Verdict) -> Option<Obstacle> {
        let found = aim.name.as_ref()?;
        let NameOutcome::Addresses(addresses) = &found.outcome else { return None };
        let taken = self.flow.destination;
        let of_family = |it: &&IpAddr| **it != taken && it.is_ipv4() == taken.is_ipv4();
        let others = addresses.iter().filter(of_family).map(|&destination| {
            let flow = Flow { destination, ..self.flow };
            let (traced, elsewhere) = Self { flow, ..self }.follow(aim);
            (destination, self::found(&traced, elsewhere.as_ref()))
        });
        let other = { others }.find(|&(_, verdict)| verdict != first)?;
        Some(either(found, self.flow, [(taken, first), other]))
    }
}

/// Packets to some addresses of a name fare otherwise than those to others.
fn either(found: &NameAnswer, flow: Flow, ways: [(IpAddr, Verdict); 2]) -> Obstacle {
    let each = ways.map(|(address, verdict)| match verdict {
        Verdict::Reachable => format!("by {address} it arrives"),
        Verdict::Unreachable => format!("by {address} it does not"),
        Verdict::Unknown => format!("by {address} it does so perhaps"),
    });
    let last = found.steps.last();
    Obstacle {
        reason: Reason::SomePathsFail,
        outcome: Outcome::Unsure,
        may_reroute: false,
        on_reply: false,
        at: last.map(|step| step.at.clone()).unwrap_or_default(),
        text: format!(
            "{} has several addresses, and which of them a client takes is not known: {}",
            found.name,
            each.join(", ")
        ),
        decided_by: last.and_then(|step| step.decided_by.clone()),
        flow,
        rules: vec![Rule(285)],
    }
}

/// What becomes of a packet that may come to somebody else.
fn found(traced: &Traced, elsewhere: Option<&Obstacle>) -> Verdict {
    match elsewhere.map(|obstacle| obstacle.outcome) {
        Some(Outcome::Stopped) => Verdict::Unreachable,
        Some(Outcome::Unsure) => Verdict::Unknown,
        Some(Outcome::Passed) | None => verdict(traced.fate),
    }
}

/// By which public addresses a machine is reached that was asked for at a private one, from the Internet (R126).
fn by_public_address(
    plane: &Dataplane,
    target: Option<Id<Location>>,
    answer: &TraceAnswer,
) -> Option<String> {
    let target = target?;
    let is_private = |it: &Obstacle| it.reason == Reason::PrivateAddressOnInternet;
    answer.obstacles.iter().find(|it| is_private(it))?;
    let owners = plane.realms[plane.internet].owners.iter().map(|&(address, _)| address);
    let leading = owners.filter(|&it| plane.behind_public(it) == Some(target));
    let leading: Vec<String> = leading.map(|address| address.to_string()).collect();
    let name = &plane.locations[target].name;
    match &*leading {
        [] => None,
        [one] => {
            Some(format!("the Internet reaches {name} by its public address {one}: ask for that"))
        }
        several => Some(format!(
            "the Internet reaches {name} by its public addresses {}: ask for one of them",
            several.join(", ")
        )),
    }
}

/// Who alone is meant: a machine or an endpoint that is called by its name, at an address of its own.
fn only(plane: &Dataplane, target: &Target) -> Option<Id<Location>> {
    let Target::Endpoint(endpoint) = target else { return None };
    let has_addresses = matches!(
        endpoint,
        Endpoint::Interface(_)
            | Endpoint::PrivateEndpoint(_)
            | Endpoint::ContainerGroup(_)
            | Endpoint::SiteHost(..)
            | Endpoint::InternetHost(_)
    );
    location(plane, *endpoint).filter(|_| has_addresses)
}

/// Names the value that is not known, where what may decide has one.
fn name(plane: &Dataplane, obstacle: &mut Obstacle) {
    let is_open = obstacle.outcome == Outcome::Unsure && obstacle.reason != Reason::ValueUnknown;
    let place = obstacle.decided_by.as_ref().and_then(|item| item.place.as_ref());
    let Some(place) = place.filter(|_| is_open) else { return };
    let network = plane.network();
    let found = network.unknown_values.iter().find(|value| {
        let at = network.place(&value.origin);
        let rest = at.pointer.strip_prefix(&*place.pointer);
        at.file == place.file && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    if let Some(value) = found {
        obstacle.reason = Reason::ValueUnknown;
        obstacle.text.push_str(&format!(": `{}` {}", value.property, value.why));
    }
}

/// Resources of types that are not modelled, which refer to something in the evidence (design, 4), and what firewalls
/// on the way deny beside their rules (R396).
pub(super) fn not_modelled(plane: &Dataplane, paths: &[Path]) -> Vec<String> {
    let hops = paths.iter().flat_map(|path| path.request.iter().chain(&path.reply));
    let steps = hops.clone().flat_map(|hop| &hop.steps);
    let items = steps.filter_map(|step| step.decided_by.as_ref()?.resource.as_ref());
    let evidence: BTreeSet<&ResourceId> =
        hops.filter_map(|hop| hop.resource.as_ref()).chain(items).collect();
    let others = plane.network().not_modelled.values();
    let is_near = |other: &&crate::azure::NotModelled| {
        other.brings_anything || other.refers_to.iter().any(|id| evidence.contains(id))
    };
    let others = others.filter(is_near).map(ToString::to_string);
    let firewalls = plane.network().firewalls.values();
    let watched = firewalls.filter(|it| {
        evidence.contains(&it.meta.id) && plane.network().denies_by_threat_intelligence(it)
    });
    others.chain(watched.map(|it| format!("threat intelligence of {}", it.meta.id))).collect()
}

/// The location that stands for an endpoint; none when its subnet is not in the input.
#[must_use]
pub fn location(plane: &Dataplane, endpoint: Endpoint) -> Option<Id<Location>> {
    let places = &plane.places;
    match endpoint {
        Endpoint::Interface(id) => places.interfaces.get(&id).copied(),
        Endpoint::PrivateEndpoint(id) => places.private_endpoints.get(&id).copied(),
        Endpoint::Frontend(id) => plane.frontend_destination(id).location,
        Endpoint::Firewall(id) => places.firewalls.get(&id).copied(),
        Endpoint::Gateway(id) => places.gateways.get(&id).copied(),
        Endpoint::Bastion(id) => places.bastions.get(&id).copied(),
        Endpoint::ContainerGroup(id) => places.container_groups.get(&id).copied(),
        Endpoint::InboundEndpoint(id) => places.inbound_endpoints.get(&id).copied(),
        Endpoint::OutboundEndpoint(id) => places.outbound_endpoints.get(&id).copied(),
        Endpoint::RouteServer(id) => places.route_servers.get(&id).copied(),
        Endpoint::ApplicationGateway(id) => places.application_gateways.get(&id).copied(),
        Endpoint::PublicAddress(id) => {
            plane.behind_public(plane.network().public_ip_addresses[id].ip_address?)
        }
        Endpoint::SiteHost(site, number) => places.site_hosts.get(&(site, number)).copied(),
        Endpoint::SiteEdge(site) => places.sites.get(&site).copied(),
        Endpoint::Site(site) => places.site_machines.get(&site).copied(),
        Endpoint::InternetHost(number) => places.internet_hosts.get(&number).copied(),
        Endpoint::Internet => places.internet,
    }
}

fn aim(plane: &Dataplane, from: Id<Location>, question: &TraceQuestion) -> Aim {
    let known = |addresses, target| Aim { addresses, target, name: None, obstacle: None };
    match &question.to.0 {
        Target::Address(address) => Aim {
            obstacle: super::stand_ins::obstacle(plane, from, question, *address),
            ..known(vec![*address], None)
        },
        Target::Service(_) => known(vec![stand_in(std::net::Ipv4Addr::UNSPECIFIED.into())], None),
        Target::Endpoint(Endpoint::Frontend(id)) => {
            let destination = plane.frontend_destination(*id);
            known(destination.addresses, destination.location)
        }
        Target::Endpoint(Endpoint::PublicAddress(id)) => {
            let address = plane.network().public_ip_addresses[*id].ip_address;
            let target = address.and_then(|address| plane.behind_public(address));
            known(address.into_iter().collect(), target)
        }
        Target::Endpoint(endpoint) => {
            let at = location(plane, *endpoint);
            // R587: nothing but its frontends takes packets for an application gateway.
            let is_proxy = matches!(endpoint, Endpoint::ApplicationGateway(_));
            let addresses = at.map(|at| {
                let location = &plane.locations[at];
                let own = location.addresses.iter().copied();
                own.filter(|&it| !is_proxy || !location.is_instance(it)).collect()
            });
            known(addresses.unwrap_or_default(), at)
        }
        Target::Name(name) => {
            let found = super::resolve_name(plane, question.from.0, name, RecordType::A);
            let found = match found.outcome {
                // A name without an IPv4 address may have an IPv6 one.
                NameOutcome::Nodata => or_ipv6(plane, question, name, found),
                NameOutcome::Addresses(_)
                | NameOutcome::Records
                | NameOutcome::Nxdomain
                | NameOutcome::Timeout
                | NameOutcome::Unknown(_) => found,
            };
            named(plane, from, question, found)
        }
    }
}

fn or_ipv6(
    plane: &Dataplane,
    question: &TraceQuestion,
    name: &crate::net::DnsName,
    ipv4: NameAnswer,
) -> NameAnswer {
    let ipv6 = super::resolve_name(plane, question.from.0, name, RecordType::Aaaa);
    if matches!(ipv6.outcome, NameOutcome::Addresses(_)) { ipv6 } else { ipv4 }
}

/// What a name comes down to. A name that fails is an obstacle; the shadow takes the record that
/// was meant from any zone that has it (design, 4).
fn named(
    plane: &Dataplane,
    from: Id<Location>,
    question: &TraceQuestion,
    found: NameAnswer,
) -> Aim {
    let addresses = match &found.outcome {
        NameOutcome::Addresses(addresses) => addresses.clone(),
        NameOutcome::Records
        | NameOutcome::Nxdomain
        | NameOutcome::Nodata
        | NameOutcome::Timeout
        | NameOutcome::Unknown(_) => super::intended_addresses(plane, &found.name),
    };
    if let Some(stand_in) = by_name::stand_in(plane, &found) {
        return Aim { addresses: vec![stand_in], target: None, name: Some(found), obstacle: None };
    }
    let obstacle = by_name::obstacle(plane, from, question, (&found, &addresses));
    Aim { addresses, target: None, name: Some(found), obstacle }
}

/// The header, with addresses of one family; none when there is no such pair.
fn flow(
    plane: &Dataplane,
    from: Id<Location>,
    question: &TraceQuestion,
    aim: &Aim,
) -> Option<Flow> {
    let sender = &plane.locations[from];
    let pair = aim.addresses.iter().find_map(|&destination| {
        let own = question.from_address.or_else(|| sender.source_like(destination));
        let own = own.or_else(|| plane.default_source(from, destination));
        let own = own.filter(|own| own.is_ipv4() == destination.is_ipv4());
        own.map(|source| (source, destination))
    });
    let (source, destination) = pair?;
    let flow = Flow::new(source, destination, question.protocol, question.port);
    let ports = question.source_port.filter(|_| question.protocol.has_ports());
    Some(Flow { source_ports: ports.map_or(PortRange::ANY, PortRange::single), ..flow })
}

/// Who is meant by an address: its owner, when there is just one or one nearby.
fn meant(plane: &Dataplane, from: Id<Location>, address: IpAddr) -> Option<Id<Location>> {
    let owners = plane.owners_of(address, from);
    match owners.as_slice() {
        [] => plane.behind_public(address),
        [only] => Some(*only),
        [first, ..] => {
            (plane.locations[*first].realm == plane.locations[from].realm).then_some(*first)
        }
    }
}

fn assemble(question: &TraceQuestion, aim: Aim, traced: Traced) -> TraceAnswer {
    let by_aim = aim.obstacle.as_ref().map(|obstacle| match obstacle.outcome {
        Outcome::Stopped => Verdict::Unreachable,
        Outcome::Passed | Outcome::Unsure => Verdict::Unknown,
    });
    let mut obstacles: Vec<Obstacle> = aim.obstacle.into_iter().collect();
    for obstacle in traced.paths.iter().flat_map(|path| &path.obstacles) {
        if !obstacles.contains(obstacle) {
            obstacles.push(obstacle.clone());
        }
    }
    let verdict = by_aim.unwrap_or_else(|| verdict(traced.fate));
    let rules = rules_used(&traced.paths, aim.name.as_ref(), &obstacles);
    let deciding = deciding_rules(verdict, &obstacles, &rules);
    let assumptions = traced.assumptions.iter().map(|a| a.sentence().to_owned());
    let name_assumptions = aim.name.iter().flat_map(|name| name.assumptions.clone());
    let mut assumptions: Vec<String> = name_assumptions.chain(assumptions).collect();
    assumptions.dedup();
    let confidence = weakest(&deciding);
    let is_assumed = !assumptions.is_empty() && verdict == Verdict::Reachable;
    TraceAnswer {
        from: question.from.1.clone(),
        to: question.to.1.clone(),
        verdict,
        confidence: if is_assumed { confidence.max(Confidence::Inferred) } else { confidence },
        reason: reason(verdict, if by_aim.is_some() { &[] } else { &traced.paths }, &obstacles),
        name: aim.name,
        paths: traced.paths,
        obstacles,
        assumptions,
        not_modelled: Vec::new(),
        warnings: traced.warnings,
        rules,
    }
}

/// The first obstacle's; when only some of the paths that the packet takes fail, that (design, 4).
fn reason(verdict: Verdict, paths: &[Path], obstacles: &[Obstacle]) -> Option<Reason> {
    let of = |wanted: Outcome| {
        obstacles.iter().find(|obstacle| obstacle.outcome == wanted).map(|found| found.reason)
    };
    let some_work = paths.iter().any(|path| path.verdict == Verdict::Reachable);
    match verdict {
        Verdict::Reachable => None,
        Verdict::Unreachable if some_work => Some(Reason::SomePathsFail),
        Verdict::Unreachable => of(Outcome::Stopped),
        Verdict::Unknown => of(Outcome::Unsure).or_else(|| of(Outcome::Stopped)),
    }
}

fn rules_used(paths: &[Path], name: Option<&NameAnswer>, obstacles: &[Obstacle]) -> Vec<Rule> {
    let hops = paths.iter().flat_map(|path| path.request.iter().chain(&path.reply));
    let steps = hops.flat_map(|hop| &hop.steps).flat_map(|step| step.rules.iter().copied());
    let names = name.into_iter().flat_map(|name| name.rules.iter().copied());
    let stops = obstacles.iter().flat_map(|obstacle| obstacle.rules.iter().copied());
    let mut rules: Vec<Rule> = steps.chain(names).chain(stops).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// The rules that decided: of the obstacle that stops it, or all when nothing does (R516).
fn deciding_rules(verdict: Verdict, obstacles: &[Obstacle], all: &[Rule]) -> Vec<Rule> {
    let wanted = match verdict {
        Verdict::Reachable => return all.to_vec(),
        Verdict::Unreachable => Outcome::Stopped,
        Verdict::Unknown => Outcome::Unsure,
    };
    let first = obstacles.iter().find(|obstacle| obstacle.outcome == wanted);
    first.map(|obstacle| obstacle.rules.clone()).unwrap_or_default()
}

/// There is no packet to trace: the name failed and no zone has it, or families do not meet.
fn unaddressed(plane: &Dataplane, question: &TraceQuestion, aim: Aim) -> TraceAnswer {
    let no_address = Traced {
        fate: Fate::Unsure,
        paths: Vec::new(),
        assumptions: Vec::new(),
        warnings: Vec::new(),
    };
    let has_obstacle = aim.obstacle.is_some();
    let mut answer = assemble(question, aim, no_address);
    if !has_obstacle {
        let unknown = unknown_of_ends(plane.network(), question);
        answer.reason =
            Some(if unknown.is_empty() { Reason::NotGiven } else { Reason::ValueUnknown });
        answer.warnings.push("no address is known for one end, in the family of the other".into());
        answer.warnings.extend(unknown);
    }
    answer
}

fn nowhere(plane: &Dataplane, question: &TraceQuestion) -> TraceAnswer {
    let aim = Aim { addresses: Vec::new(), target: None, name: None, obstacle: None };
    let mut answer = unaddressed(plane, question, aim);
    if answer.reason == Some(Reason::NotGiven) {
        answer.reason = Some(Reason::MissingResource);
        let of_subnet = missing_subnet(plane.network(), question.from.0);
        answer.warnings = vec![match of_subnet.filter(|missing| missing.lacks_owner) {
            Some(missing) => format!("nothing is known of the sender's subnet: {missing}"),
            None => "the sender stands in a subnet that is not in the input".to_owned(),
        }];
    }
    answer
}

/// The subnet of a sender, where that is missing.
fn missing_subnet(network: &Network, from: Endpoint) -> Option<&MissingResource> {
    let Endpoint::Interface(id) = from else { return None };
    let own = network.network_interfaces[id].ip_configurations.iter();
    let mut subnets = own.filter_map(|&own| network.ip_configurations[own].subnet?.missing());
    subnets.next().map(|id| &network.missing[id])
}

/// What is not known of either end, in words.
fn unknown_of_ends(network: &Network, question: &TraceQuestion) -> Vec<String> {
    let to = match &question.to.0 {
        Target::Endpoint(endpoint) => Some(*endpoint),
        Target::Address(_) | Target::Name(_) | Target::Service(_) => None,
    };
    let ends = [Some(question.from.0), to].into_iter().flatten();
    let ids = ends.filter_map(|endpoint| endpoint.resource(network));
    let unknown = ids.flat_map(|id| super::families::unknown_values(network, id));
    unknown.map(UnknownValue::to_string).collect()
}
