//! Does what is claimed of the packets between some places hold?

use super::groups::fates;
use super::names::Names;
use super::openings::usual;
use super::relation::{Pair, Relation, facing};
use super::witness::Replay;
use super::{Disagreement, Unreached, sending};
use crate::answer::{Verdict, Witness};
use crate::azure::UnknownValue;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::diag::Diagnostic;
use crate::id::Id;
use crate::net::{AddressSet, IpNet};
use crate::packet_set::{Set, Sets};
use crate::question::assertion::Evidence;
use crate::question::locate::{Ends, Side, ends};
use crate::scenario::{Claim, ExpectedReach};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// So many boxes of headers of a pair of places are looked into for what decides about them.
const BOXES: usize = 16;

/// What became of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Does it hold? None when it cannot be said.
    pub holds: Option<bool>,
    /// What was found instead, in words.
    pub found: String,
    /// A packet that shows it.
    pub witness: Option<Box<Witness>>,
}

impl Judgement {
    const HOLDS: Self = Self { holds: Some(true), found: String::new(), witness: None };

    /// The worse of the two: what fails, else what cannot be said.
    fn and(self, other: impl FnOnce() -> Result<Self, Disagreement>) -> Result<Self, Disagreement> {
        match self.holds {
            Some(false) => Ok(self),
            Some(true) => other(),
            None => other().map(|other| if other.holds == Some(false) { other } else { self }),
        }
    }
}

/// Judges `expected`.
///
/// # Errors
/// When a specifier means nothing, or the engines disagree about the packet that shows it.
pub fn judge(plane: &Dataplane, expected: &ExpectedReach) -> Result<Judgement, Unreached> {
    let to = ends(plane, &expected.to, Side::Destination)?;
    let from = sending(plane, &expected.from)?;
    let names = Names::of_all(plane);
    let judging = Judging { plane, expected, names: &names };
    Ok(match expected.claim {
        Claim::Never | Claim::Unreachable => judging.never(&from, &to)?,
        Claim::Reachable => judging.some(&from, &to)?,
        Claim::Always => judging.always(&from, &to)?,
        Claim::Only => {
            let others = Ends::anywhere().difference(&from);
            judging.always(&from, &to)?.and(|| judging.never(&others, &to))?
        }
    })
}

struct Judging<'a> {
    plane: &'a Dataplane,
    expected: &'a ExpectedReach,
    names: &'a Names,
}

impl Judging<'_> {
    fn relation(&self, from: &Ends, to: &Ends) -> Relation<'_> {
        Relation::of(self.plane, from, to, &self.expected.traffic)
    }

    fn replay(&self) -> Replay<'_> {
        Replay::new(self.plane, self.names)
    }

    /// No packet gets there.
    fn never(&self, from: &Ends, to: &Ends) -> Result<Judgement, Disagreement> {
        let mut relation = self.relation(from, to);
        let (pair, set, verdict) = match some_pair(&mut relation) {
            Some(found) => found,
            None => return Ok(Judgement::HOLDS),
        };
        let Some(flow) = relation.sets.witness(set) else { return Ok(Judgement::HOLDS) };
        let witness = self.replay().follow(pair, flow, verdict)?;
        Ok(Judgement {
            // What gets there on one of several ways gets there.
            holds: (verdict != Verdict::Unknown).then_some(false),
            found: match verdict {
                Verdict::Unreachable => format!(
                    "{} on some of the paths",
                    in_words(&Witness { verdict: Verdict::Reachable, ..witness.clone() })
                ),
                Verdict::Reachable | Verdict::Unknown => in_words(&witness),
            },
            witness: Some(Box::new(witness)),
        })
    }

    /// Some packet gets there.
    fn some(&self, from: &Ends, to: &Ends) -> Result<Judgement, Disagreement> {
        let mut relation = self.relation(from, to);
        if let Some((pair, set, verdict)) = some_pair(&mut relation)
            && let Some(flow) = relation.sets.witness(set)
        {
            let witness = self.replay().follow(pair, flow, verdict)?;
            return Ok(match verdict {
                Verdict::Reachable => Judgement::HOLDS,
                Verdict::Unknown | Verdict::Unreachable => Judgement {
                    holds: self.missed(verdict),
                    found: in_words(&witness),
                    witness: Some(Box::new(witness)),
                },
            });
        }
        let none = Judgement {
            holds: self.missed(Verdict::Unreachable),
            found: "no packet gets there".to_owned(),
            witness: None,
        };
        let sources: Vec<_> = relation.sources.iter().map(|(&at, it)| (at, it.clone())).collect();
        for goal in goals(self.plane, to) {
            for (from, own) in &sources {
                let Some(need) = self.needs(&mut relation, (*from, own), &goal).into_iter().next()
                else {
                    continue;
                };
                let Some(flow) = relation.sets.witness(need) else { continue };
                let witness =
                    self.replay().follow((*from, goal.place()), flow, Verdict::Unreachable)?;
                return Ok(Judgement { witness: Some(Box::new(witness)), ..none });
            }
        }
        Ok(none)
    }

    /// Every place gets packets to every place.
    fn always(&self, from: &Ends, to: &Ends) -> Result<Judgement, Disagreement> {
        let mut relation = self.relation(from, to);
        let goals = goals(self.plane, to);
        let sources: Vec<_> = relation.sources.iter().map(|(&at, it)| (at, it.clone())).collect();
        let mut judgement = Judgement::HOLDS;
        for (from, own) in &sources {
            let pairs = relation.pairs_from(*from);
            for goal in goals.iter().filter(|goal| goal.place() != Some(*from)) {
                let one = || self.one(&mut relation, (*from, own), (goal, &pairs));
                judgement = judgement.and(one)?;
            }
        }
        Ok(judgement)
    }

    /// One place gets packets to one goal, under some address of it.
    fn one(
        &self,
        relation: &mut Relation<'_>,
        (from, own): (Id<Location>, &AddressSet),
        (goal, pairs): (&Goal, &[Pair]),
    ) -> Result<Judgement, Disagreement> {
        let (must, may) = arriving(&mut relation.sets, pairs, goal);
        let needs = self.needs(relation, (from, own), goal);
        let mut unsure = None;
        let mut missing = None;
        for need in needs {
            let open = relation.sets.difference(need, must);
            if open.is_empty() {
                return Ok(Judgement::HOLDS);
            }
            let stopped = relation.sets.difference(open, may);
            if stopped.is_empty() {
                unsure = unsure.or(Some(open));
            } else {
                missing = missing.or(Some(stopped));
            }
        }
        let (set, verdict) = match (unsure, missing) {
            (Some(set), _) => (set, Verdict::Unknown),
            (None, Some(set)) => (set, Verdict::Unreachable),
            (None, None) => {
                let found = format!(
                    "{} and {} have no addresses of one family",
                    self.names.of(from),
                    goal.name(self.names)
                );
                let holds = self.missed(Verdict::Unreachable);
                return Ok(Judgement { holds, found, witness: None });
            }
        };
        let Some(flow) = relation.sets.witness(set) else { return Ok(Judgement::HOLDS) };
        let witness = self.replay().follow((from, goal.place()), flow, verdict)?;
        Ok(Judgement {
            holds: self.missed(verdict),
            found: in_words(&witness),
            witness: Some(Box::new(witness)),
        })
    }

    /// Packets that should get there do not: does the claim fail? Not for sure where an address that something
    /// has, or the way to one, is not known: it may be the one that is missed.
    fn missed(&self, verdict: Verdict) -> Option<bool> {
        let tells_address = |value: &UnknownValue| {
            let mut steps = value.property.rsplit('/').filter(|step| *step != "id");
            let last = steps.next().unwrap_or_default();
            let names = ["privateIPAddress", "ipAddress", "publicIPAddress"];
            names.iter().any(|name| name.eq_ignore_ascii_case(last))
        };
        let is_open = self.plane.network().unknown_values.iter().any(tells_address);
        (verdict == Verdict::Unreachable && !is_open).then_some(false)
    }

    /// Follows packets from a place to a goal, of each box of those that get there and of the others.
    fn follow_some(
        &self,
        relation: &mut Relation<'_>,
        replay: &mut Replay<'_>,
        (from, own): (Id<Location>, &AddressSet),
        goal: &Goal,
    ) {
        let pairs = relation.pairs_from(from);
        let (must, may) = arriving(&mut relation.sets, &pairs, goal);
        for need in self.needs(relation, (from, own), goal) {
            let gets_there = relation.sets.intersection(need, must);
            let rest = relation.sets.difference(need, must);
            let stopped = relation.sets.difference(rest, may);
            for set in [gets_there, stopped] {
                let boxes = relation.sets.boxes(set);
                replay.evidence.not_followed += boxes.len().saturating_sub(BOXES);
                for one in boxes.into_iter().take(BOXES) {
                    let headers = relation.sets.of_box(&one);
                    if let Some(flow) = relation.sets.witness(headers) {
                        replay.exercise((from, goal.place()), flow);
                    }
                }
            }
        }
    }

    /// The packets that have to arrive, for each way to address the goal: one address of either end is
    /// enough, but of places that stand for many machines every one is meant.
    fn needs(
        &self,
        relation: &mut Relation<'_>,
        (from, own): (Id<Location>, &AddressSet),
        goal: &Goal,
    ) -> Vec<Set> {
        let sources = choices(&usual(self.plane, own, from), self.plane.stands_for_others(from));
        let mut needs = Vec::new();
        for destination in &goal.addresses {
            for source in &sources {
                let need = relation.headers(source, destination, &self.expected.traffic);
                if !need.is_empty() {
                    needs.push(need);
                }
            }
        }
        needs
    }
}

/// What the packets that `expected` is about rest on: of each pair of places one packet that gets there and
/// one that does not, for each box of headers up to a few, is followed.
///
/// # Errors
/// When a specifier means nothing.
pub(in crate::question) fn exercised(
    plane: &Dataplane,
    expected: &ExpectedReach,
) -> Result<Evidence, Unreached> {
    let to = ends(plane, &expected.to, Side::Destination)?;
    let from = match expected.claim {
        Claim::Only => Ends::anywhere(),
        Claim::Never | Claim::Unreachable | Claim::Always | Claim::Reachable => {
            sending(plane, &expected.from)?
        }
    };
    let names = Names::of_all(plane);
    let judging = Judging { plane, expected, names: &names };
    let mut relation = judging.relation(&from, &to);
    let mut replay = judging.replay();
    let sources: Vec<_> = relation.sources.iter().map(|(&at, it)| (at, it.clone())).collect();
    for goal in goals(plane, &to) {
        for (at, own) in sources.iter().filter(|(at, _)| goal.place() != Some(*at)) {
            judging.follow_some(&mut relation, &mut replay, (*at, own), &goal);
        }
    }
    Ok(replay.evidence)
}

/// Where packets start and arrive.
type Way = (Id<Location>, Option<Id<Location>>);

/// The packets of a pair that get there; else of one that do on some ways; else of one that may.
fn some_pair(relation: &mut Relation<'_>) -> Option<(Way, Set, Verdict)> {
    for wanted in [Verdict::Reachable, Verdict::Unreachable, Verdict::Unknown] {
        let is_wanted = |packets| {
            let mut fates = fates(packets).into_iter();
            fates.any(|(verdict, set)| verdict == wanted && !set.is_empty())
        };
        let bundles = relation.bundles.iter().filter(|it| is_wanted(&it.packets));
        let firsts = bundles.flat_map(|it| it.from.iter().copied());
        let sources: BTreeSet<Id<Location>> = firsts.collect();
        for from in sources {
            for pair in relation.pairs_from(from) {
                let mut fates = pair.fates().into_iter();
                let found = fates.find(|(verdict, set)| *verdict == wanted && !set.is_empty());
                if let Some((verdict, set)) = found {
                    return Some(((pair.from, pair.to), set, verdict));
                }
            }
        }
    }
    None
}

/// What packets have to get to.
struct Goal {
    /// The place; none for an address, wherever it leads.
    at: Option<Id<Location>>,
    /// Ways to address it: any of them will do, and all of the addresses of the one.
    addresses: Vec<AddressSet>,
}

impl Goal {
    const fn place(&self) -> Option<Id<Location>> {
        self.at
    }

    fn name(&self, names: &Names) -> String {
        let address = || self.addresses.iter().find_map(AddressSet::first);
        self.at.map_or_else(
            || address().map(|address: IpAddr| address.to_string()).unwrap_or_default(),
            |at| names.of(at).to_owned(),
        )
    }
}

/// What `to` means: places, and addresses that lead to others.
fn goals(plane: &Dataplane, to: &Ends) -> Vec<Goal> {
    let facing = facing(plane);
    let mut goals = Vec::new();
    for at in plane.locations.ids() {
        let meant = to.at(at);
        let is_named = meant != to.elsewhere();
        let own = plane.addresses_at(at).intersection(meant);
        let is_meant = is_named && !meant.is_empty();
        if !is_meant {
            continue;
        }
        let mut addresses = choices(&usual(plane, &own, at), plane.stands_for_others(at));
        addresses.extend(choices(&facing.intersection(meant), false));
        goals.push(Goal { at: Some(at), addresses });
    }
    let alone = choices(&facing.intersection(to.elsewhere()), false);
    goals.extend(alone.into_iter().map(|one| Goal { at: None, addresses: vec![one] }));
    goals
}

/// Each address by itself; or, of a place that stands for many machines, all of a family at once.
fn choices(addresses: &AddressSet, is_many: bool) -> Vec<AddressSet> {
    let v4 = AddressSet::everything_v4();
    let families = [addresses.intersection(&v4), addresses.difference(&v4)];
    let families = families.into_iter().filter(|family| !family.is_empty());
    if is_many {
        return families.collect();
    }
    let single = |family: AddressSet| {
        let v4 = family.intervals_v4().iter().flat_map(|&(first, last)| first..=last);
        let v6 = family.intervals_v6().iter().flat_map(|&(first, last)| first..=last);
        let v4 = v4.map(|address| IpAddr::from(Ipv4Addr::from(address))).collect::<Vec<_>>();
        { v4 }
            .into_iter()
            .chain(v6.map(|address| Ipv6Addr::from(address).into()))
            .collect::<Vec<_>>()
    };
    families.flat_map(single).map(|host| [IpNet::from(host)].into_iter().collect()).collect()
}

/// The packets of some pairs that get to the goal, and those that may.
fn arriving(sets: &mut Sets, pairs: &[Pair], goal: &Goal) -> (Set, Set) {
    let (mut must, mut may) = (Set::NONE, Set::NONE);
    for pair in pairs {
        if goal.at.is_none() || pair.to.is_none() || pair.to == goal.at {
            must = sets.union(must, pair.must);
            may = sets.union(may, pair.may);
        }
    }
    (must, may)
}

fn in_words(witness: &Witness) -> String {
    let Witness { from, to, flow, verdict, .. } = witness;
    let fares = match verdict {
        Verdict::Reachable => "gets from",
        Verdict::Unknown => "may get from",
        Verdict::Unreachable => "does not get from",
    };
    format!("{flow} {fares} {from} to {to}")
}

/// The code of a bug of ours.
pub const BUG: &str = "our-bug";

/// What to say when the engines disagree.
#[must_use]
pub fn bug(disagreement: &Disagreement) -> Diagnostic {
    Diagnostic::error(BUG, disagreement.to_string()).hint(
        "this is our fault and not that of your input: please report it, with the input if you may",
    )
}
