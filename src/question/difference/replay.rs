//! One packet of a group, traced in both networks.

use super::super::replay::{Disagreement, replayed};
use crate::answer::{
    ChangeWitness, Hop, Item, ItemKind, Obstacle, Outcome, Reason, SentBy, Verdict, WitnessFate,
};
use crate::azure::Network;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{Location, Owner};
use crate::diag::Place;
use crate::id::{Id, ResourceId};
use crate::net::Flow;
use crate::reach::key;
use crate::trace::{Ask, Traced, trace};
use std::collections::BTreeSet;

/// A place that a packet is sent from, in one network.
pub(super) type Sender<'a> = Option<(&'a Dataplane, Id<Location>)>;

/// The packet as both networks treat it, and everything that the evidence rests on.
///
/// # Errors
/// When a trace does not say what `expected` says.
pub(super) fn witness(
    flow: Flow,
    senders: [Sender<'_>; 2],
    expected: [Verdict; 2],
) -> Result<(ChangeWitness, Vec<Item>), Disagreement> {
    let mut items = Vec::new();
    let mut fates = Vec::new();
    for (sender, expected) in senders.into_iter().zip(expected) {
        fates.push(fate(flow, sender, expected, &mut items)?);
    }
    let after = fates.pop().unwrap_or_else(nobody);
    let before = fates.pop().unwrap_or_else(nobody);
    let sent = sent(flow, senders);
    Ok((ChangeWitness { packet: flow.to_string(), sent, before, after }, items))
}

/// The packet, with its sender in whichever network has it.
pub(super) fn sent(flow: Flow, senders: [Sender<'_>; 2]) -> SentBy {
    let of = senders.into_iter().flatten().next();
    let (realm, name, resource) = of.map(|(plane, at)| key(plane, at)).unwrap_or_default();
    SentBy { flow, realm, name, resource }
}

/// Where an end stands in a file, after or else before.
pub(super) fn place_of(end: [Sender<'_>; 2]) -> Option<Place> {
    let mut sides = end.into_iter().rev().flatten();
    sides.find_map(|(plane, at)| plane.item(plane.locations[at].evidence?).place)
}

/// Where what has the destination of `flow` stands, after or else before. O(n) in the number of networks.
pub(super) fn place_of_owner(flow: Flow, senders: [Sender<'_>; 2]) -> Option<Place> {
    let mut sides = senders.into_iter().rev().flatten();
    sides.find_map(|(plane, at)| {
        let own = [plane.locations[at].realm, plane.internet].map(|it| &plane.realms[it]);
        let mut realms = own.into_iter().chain(plane.realms.values());
        let evidence = realms.find_map(|realm| match realm.owner(flow.destination)? {
            Owner::Location(to) => plane.locations[to].evidence,
            Owner::Balancer(to) => Some(plane.balancers[to].evidence),
            Owner::Entry(to) => Some(plane.entries[to].evidence),
            Owner::Unsure(_) | Owner::Nobody(_) => None,
        });
        plane.item(evidence?).place
    })
}

/// The fate of a packet that nobody sends.
fn nobody() -> WitnessFate {
    unsent("the sender is not in the network")
}

fn unsent(why: &str) -> WitnessFate {
    WitnessFate {
        verdict: Verdict::Unreachable,
        reason: None,
        stop: Some(why.to_owned()),
        decided_by: None,
        hops: Vec::new(),
        reply_hops: Vec::new(),
        ends: Vec::new(),
        rules: Vec::new(),
    }
}

/// Everything that leaves open how a packet fares in one network, or would stop it: the reason, in words, and what decides.
type Doubts = BTreeSet<(Reason, String, Option<(String, Option<ResourceId>)>)>;

/// Is it open in both networks how a packet fares, and by another reason, or by something that `changed` says is another?
/// What would stop it in one network only, were that not open, is a reason as well.
pub(super) fn is_doubted_anew(
    flow: Flow,
    senders: [Sender<'_>; 2],
    changed: impl Fn(&Item) -> bool,
) -> bool {
    let obstacles = senders.map(|sender| {
        let (plane, from) = sender?;
        let ask = Ask { from, flow, target: None, host: None, only: None };
        let paths = trace(plane, &ask).paths.into_iter();
        Some(paths.flat_map(|path| path.obstacles).collect::<Vec<Obstacle>>())
    });
    let [Some(before), Some(after)] = obstacles else { return false };
    let doubts = |obstacles: &[Obstacle]| -> Doubts {
        let item = |it: &Obstacle| {
            let item = it.decided_by.as_ref()?;
            Some((item.name.clone(), item.resource.clone()))
        };
        obstacles.iter().map(|it| (it.reason, it.text.clone(), item(it))).collect()
    };
    let mut items = before.iter().chain(&after).filter_map(|it| it.decided_by.as_ref());
    let planes = senders.map(|sender| sender.map(|(plane, _)| plane));
    doubts(&before) != doubts(&after) || items.any(|item| changed(item) || is_joined(planes, item))
}

/// Is `item` a load balancer, of which not everything is known, that has other members or rules in one network?
fn is_joined(planes: [Option<&Dataplane>; 2], item: &Item) -> bool {
    let Some(id) = item.resource.as_ref().filter(|_| item.kind == ItemKind::LoadBalancer) else {
        return false;
    };
    let [before, after] = planes.map(|plane| plane.map(|it| parts_of_balancer(it.network(), id)));
    before != after
}

/// The members of the pools of a load balancer, and its rules. O(n) in the number of load balancers.
fn parts_of_balancer(network: &Network, id: &ResourceId) -> BTreeSet<String> {
    let Some(balancer) = network.load_balancers.values().find(|it| it.meta.id == *id) else {
        return BTreeSet::new();
    };
    let mut found = BTreeSet::new();
    for pool in balancer.backend_pools.iter().map(|&pool| &network.backend_pools[pool]) {
        let known = pool.members.iter().filter_map(|it| it.known());
        let members = known.map(|it| network.ip_configurations[it].id.to_string());
        let addresses = pool.addresses.iter().map(ToString::to_string);
        found.extend(members.chain(addresses).map(|it| format!("{} {it}", pool.id)));
    }
    found.extend(balancer.rules.iter().map(|it| format!("rule {}", it.name)));
    found.extend(balancer.inbound_nat_rules.iter().map(|it| format!("NAT rule {}", it.name)));
    found.extend(balancer.outbound_rules.iter().map(|it| format!("outbound rule {}", it.name)));
    found
}

fn fate(
    flow: Flow,
    sender: Sender<'_>,
    expected: Verdict,
    items: &mut Vec<Item>,
) -> Result<WitnessFate, Disagreement> {
    let Some((plane, from)) = sender else { return Ok(nobody()) };
    if expected == Verdict::Unreachable && !plane.addresses_at(from).contains(flow.source) {
        return Ok(unsent("the sender does not have the address that the packet comes from"));
    }
    let ask = Ask { from, flow, target: None, host: None, only: None };
    let traced = replayed(plane, &ask, (&plane.locations[from].name, expected))?;
    let hops = traced.paths.iter().flat_map(|path| path.request.iter().chain(&path.reply));
    items.extend(hops.flat_map(|hop| &hop.steps).filter_map(|step| step.decided_by.clone()));
    let obstacles = traced.paths.iter().flat_map(|path| &path.obstacles);
    items.extend(obstacles.filter_map(|obstacle| obstacle.decided_by.clone()));
    Ok(told(&traced, expected))
}

fn told(traced: &Traced, verdict: Verdict) -> WitnessFate {
    let wanted = match verdict {
        Verdict::Reachable => None,
        Verdict::Unreachable => Some(Outcome::Stopped),
        Verdict::Unknown => Some(Outcome::Unsure),
    };
    let mut obstacles = traced.paths.iter().flat_map(|path| &path.obstacles);
    let obstacle = obstacles.find(|obstacle| Some(obstacle.outcome) == wanted);
    let first = traced.paths.first();
    let [hops, reply_hops] = ways(traced);
    let steps = first.map(|path| path.request.iter().flat_map(|hop| &hop.steps));
    let of_steps = steps.into_iter().flatten().flat_map(|step| step.rules.iter().copied());
    let mut rules: Vec<_> = match obstacle {
        Some(obstacle) => obstacle.rules.clone(),
        None => of_steps.collect(),
    };
    rules.sort_unstable();
    rules.dedup();
    WitnessFate {
        verdict,
        reason: obstacle.map(|obstacle| obstacle.reason),
        stop: obstacle.map(|obstacle| format!("at {}: {}", obstacle.at, obstacle.text)),
        decided_by: obstacle.and_then(|obstacle| obstacle.decided_by.clone()),
        hops,
        reply_hops,
        ends: if verdict == Verdict::Reachable { traced.ends() } else { Vec::new() },
        rules,
    }
}

/// Where the packet and its reply come by, on the first path.
pub(super) fn ways(traced: &Traced) -> [Vec<String>; 2] {
    let hops = |hops: &[Hop]| hops.iter().map(|hop| hop.at.clone()).collect();
    let first = traced.paths.first();
    first.map(|path| [&path.request, &path.reply].map(|way| hops(way))).unwrap_or_default()
}
