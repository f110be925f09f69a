//! The routes of one gateway before and after it has chosen among them.

use super::learned::{Assumes, LearnedFrom, LearnedKind, LearnedRoute, UnsureLearning};
use crate::answer::Rule;
use crate::azure::{Assumption, Network, Origin, VirtualNetworkGateway};
use crate::id::Id;
use ipnet::IpNet;
use std::collections::BTreeMap;

/// One way to a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) from: LearnedFrom,
    pub(super) kind: LearnedKind,
    /// How many announcements it took, 1 for the site or network itself.
    pub(super) length: u8,
    /// `routingWeight` of the connection (R360).
    pub(super) weight: u32,
    pub(super) assumes: Assumes,
    pub(super) origin: Option<Origin>,
    pub(super) cites: Vec<Rule>,
    /// The gateways that passed it on, so that nothing goes in circles.
    pub(super) through: Vec<Id<VirtualNetworkGateway>>,
    /// The autonomous systems on the way, the nearest first, as far as they are told.
    pub(super) path: Vec<u32>,
}

impl Candidate {
    /// The same along a path that was told, whose length is its own.
    pub(super) fn along(self, path: Vec<u32>) -> Self {
        Self { length: u8::try_from(path.len()).unwrap_or(u8::MAX), path, ..self }
    }
}

/// Everything that a gateway has heard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) routes: BTreeMap<IpNet, Vec<Candidate>>,
    pub(super) unsure: Vec<UnsureLearning>,
    /// What was assumed about the set as a whole.
    pub(super) assumes: Assumes,
}

impl Table {
    pub(super) fn add(&mut self, prefix: IpNet, candidate: Candidate) {
        self.routes.entry(prefix.trunc()).or_default().push(candidate);
    }

    /// What is passed on of it: everything but where the neighbours themselves are (R580).
    pub(super) fn beyond_neighbours(&self) -> impl Iterator<Item = (IpNet, &[Candidate])> {
        let is_neighbour = |candidate: &Candidate| candidate.kind == LearnedKind::BgpPeer;
        let rest = self.routes.iter().filter(move |(_, all)| !all.iter().any(is_neighbour));
        rest.map(|(&prefix, candidates)| (prefix, candidates.as_slice()))
    }

    /// Notes that there may be more routes.
    pub(super) fn doubt(&mut self, prefixes: Option<Vec<IpNet>>, cause: String) {
        self.unsure.push(UnsureLearning { prefixes, cause, is_there: false });
    }

    /// Adds what a peer announces, or doubts all that it may, as the scenario has it (design, 4).
    pub(super) fn declare(&mut self, network: &Network, peer: &str) -> Option<Assumes> {
        use crate::azure::Holds;
        let assumed = Assumes { learns_what_is_declared: true, ..Assumes::default() };
        match network.holds(Assumption::LearnsWhatIsDeclared) {
            Holds::Assumed => {
                self.assumes = self.assumes.or(assumed);
                Some(assumed)
            }
            Holds::Yes => Some(Assumes::default()),
            Holds::No | Holds::Unknown => {
                self.doubt(None, format!("what {peer} announces is not known"));
                None
            }
        }
    }

    /// What remains after the choice, in the order of prefixes; doubts about the choice are added.
    pub(super) fn choose(&self, network: &Network) -> (Vec<LearnedRoute>, Vec<UnsureLearning>) {
        let (mut routes, mut unsure) = (Vec::new(), self.unsure.clone());
        for (&prefix, candidates) in &self.routes {
            match best(candidates) {
                Some(best) => routes.extend(route(prefix, &best)),
                None => unsure.push(UnsureLearning {
                    prefixes: Some(vec![prefix]),
                    cause: two_ways(network, prefix, candidates),
                    is_there: true,
                }),
            }
        }
        (routes, unsure)
    }
}

fn two_ways(network: &Network, prefix: IpNet, candidates: &[Candidate]) -> String {
    let name = |candidate: &Candidate| match candidate.from {
        LearnedFrom::Connection(id) => network.connections[id].meta.name().to_string(),
        LearnedFrom::Clients => "the point-to-site clients".to_string(),
        LearnedFrom::Appliance(address) => address.to_string(),
    };
    let mut names: Vec<String> = candidates.iter().map(name).collect();
    names.dedup();
    format!("which of {} is used for {prefix} is not documented", names.join(", "))
}

/// The ways that are used, all of equal cost; none when nobody knows which wins.
///
/// Heaviest connection first (R360), then the shortest path; what is equal is shared (R325, R379).
/// Prefixes that are written down do not share (R325): only one connection may have them.
pub(super) fn best(candidates: &[Candidate]) -> Option<Vec<&Candidate>> {
    let is_written = |c: &&Candidate| c.kind != LearnedKind::Bgp;
    if let Some(written) = candidates.iter().find(is_written) {
        let alone = candidates.iter().all(|candidate| candidate.from == written.from);
        return alone.then(|| vec![written]);
    }
    let rank = |c: &&Candidate| (std::cmp::Reverse(c.weight), c.length);
    let first = candidates.iter().map(|candidate| rank(&candidate)).min()?;
    Some(candidates.iter().filter(|candidate| rank(candidate) == first).collect())
}

fn route(prefix: IpNet, best: &[&Candidate]) -> Option<LearnedRoute> {
    let first = best.first()?;
    let assumes = best.iter().fold(Assumes::default(), |all, c| all.or(c.assumes));
    let mut from: Vec<LearnedFrom> = best.iter().map(|candidate| candidate.from).collect();
    from.sort_unstable();
    from.dedup();
    Some(LearnedRoute {
        prefix,
        kind: first.kind,
        from,
        path: first.path.clone(),
        assumes: assumes.list(),
        origin: first.origin.clone(),
        cites: first.cites.clone(),
        undecided: None,
    })
}
