//! Does what is claimed of the packets between some places hold?

use super::goals::{Goal, Spaces, asked, choices, goals, is_pair, taking};
use super::groups::fates;
use super::left_out::{left_out, left_out_before};
use super::names::Names;
use super::openings::meant;
use super::relation::{Pair, Relation, senders};
use super::witness::{FLAG, Replay};
use super::{Disagreement, Unreached, nothing, sending};
use crate::answer::{Verdict, Witness};
use crate::azure::UnknownValue;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::diag::Diagnostic;
use crate::id::Id;
use crate::net::{AddressSet, Flow};
use crate::packet_set::{Set, Sets};
use crate::question::assertion::Evidence;
use crate::question::locate::Ends;
use crate::reach::{Reach, TooMany, Trail};
use crate::scenario::{Claim, ExpectedReach};
use std::collections::{BTreeMap, BTreeSet};

/// So many boxes of headers of a pair of places are looked into for what decides about them.
const BOXES: usize = 16;

/// So many packets are followed to see what keeps them away.
const PACKETS: usize = 64;

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

    /// Nothing can be said where `others` are left out, whose address or network is not known.
    fn unless(self, others: &[String]) -> Self {
        if others.is_empty() || self.holds.is_none() {
            return self;
        }
        let found = format!("nothing is known of {}: address or network", others.join(", "));
        Self { holds: None, found, witness: None }
    }

    /// The worse of the two: what fails, else what cannot be said.
    fn and(self, other: impl FnOnce() -> Result<Self, Unreached>) -> Result<Self, Unreached> {
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
    let (to, targets) = taking(plane, &expected.to)?;
    let from = sending(plane, &expected.from)?;
    let sources = sources(plane, &from, &senders(plane, &from));
    let sources: Vec<Id<Location>> = sources.into_iter().map(|(at, _)| at).collect();
    asked(plane, (&expected.from, &sources), (&expected.to, &targets))?;
    let names = Names::of_all(plane);
    let judging = Judging { plane, expected, names: &names, goals: goals(plane, &to), to: &to };
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

/// Where packets start and arrive.
type Way = (Id<Location>, Option<Id<Location>>);

/// Where packets have to start, with the addresses that are meant there, among `senders`.
fn sources(
    plane: &Dataplane,
    from: &Ends,
    senders: &BTreeMap<Id<Location>, AddressSet>,
) -> Vec<(Id<Location>, AddressSet)> {
    let all: Vec<(Id<Location>, AddressSet)> =
        senders.iter().map(|(&at, own)| (at, meant(plane, own.clone(), at))).collect();
    let spaces = Spaces::of(plane);
    let beyond = |(at, own): (Id<Location>, AddressSet)| match from.at(at) == from.elsewhere() {
        true => (at, spaces.beyond(plane, own, at)),
        false => (at, own),
    };
    let mut found: Vec<_> = all.iter().cloned().map(beyond).collect();
    found.retain(|(_, own)| !own.is_empty());
    if found.is_empty() { all } else { found }
}

struct Judging<'a> {
    plane: &'a Dataplane,
    expected: &'a ExpectedReach,
    names: &'a Names,
    goals: Vec<Goal>,
    to: &'a Ends,
}

/// Packets from a place to a goal.
struct Fares {
    /// Those that are asked about.
    asked: Set,
    /// Those that get there.
    must: Set,
    /// Those that may.
    may: Set,
}

impl Judging<'_> {
    fn relation(&self, from: &Ends, to: &Ends) -> Result<Relation<'_>, TooMany> {
        Relation::of(self.plane, from, to, &self.expected.traffic)
    }

    fn replay(&self) -> Replay<'_> {
        Replay::new(self.plane, self.names)
    }

    /// No packet gets there.
    fn never(&self, from: &Ends, to: &Ends) -> Result<Judgement, Unreached> {
        let mut relation = self.relation(from, to)?;
        let Some((pair, set, verdict)) = self.some_pair(&mut relation) else {
            let isolated = self.isolated(from, &mut relation);
            return Ok(self.unless_others(isolated, (from, to)));
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

    /// What was found of all packets that are known, where others may get there.
    fn unless_others(&self, judgement: Judgement, (from, to): (&Ends, &Ends)) -> Judgement {
        let places = self.goals.iter().map(|goal| goal.at);
        let others = left_out_before(self.plane, (from, to), (places, &self.expected.traffic));
        judgement.unless(&others)
    }

    /// No packet gets there: unless a flag is all that keeps some of them away, which is no proof (R147).
    fn isolated(&self, from: &Ends, relation: &mut Relation<'_>) -> Judgement {
        if self.plane.crossings.values().all(|crossing| crossing.sources.is_none()) {
            return Judgement::HOLDS;
        }
        let replay = self.replay();
        let sources = sources(self.plane, from, &relation.sources);
        let mut left = PACKETS;
        for goal in &self.goals {
            for (at, own) in sources.iter().filter(|(at, _)| goal.is_asked(self.plane, *at)) {
                for need in self.needs(relation, (*at, own), goal) {
                    let flow = relation.sets.witness(need).filter(|_| left > 0);
                    let Some(flow) = flow else { continue };
                    left -= 1;
                    if replay.is_kept_by_flag((*at, goal.at), flow) {
                        let (one, other) = (self.names.of(*at), goal.name(self.names));
                        let found = format!("{flow} from {one} to {other}: {FLAG}");
                        return Judgement { holds: None, found, witness: None };
                    }
                }
            }
        }
        Judgement::HOLDS
    }

    /// Some packet gets there.
    fn some(&self, from: &Ends, to: &Ends) -> Result<Judgement, Unreached> {
        let mut relation = self.relation(from, to)?;
        if let Some((pair, set, verdict)) = self.some_pair(&mut relation)
            && let Some(flow) = relation.sets.witness(set)
        {
            let witness = match verdict {
                Verdict::Unreachable => self.replay().fail(pair, flow)?,
                Verdict::Reachable | Verdict::Unknown => {
                    self.replay().follow(pair, flow, verdict)?
                }
            };
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
        let none = self.unless_others(none, (from, to));
        let sources = sources(self.plane, from, &relation.sources);
        for goal in &self.goals {
            for (from, own) in sources.iter().filter(|(at, _)| goal.is_asked(self.plane, *at)) {
                let needs = self.needs(&mut relation, (*from, own), goal);
                let Some(&need) = needs.first() else { continue };
                let Fares { asked, .. } = self.fares(&mut relation, (*from, &[]), goal, need);
                let Some(flow) = relation.sets.witness(asked) else { continue };
                let witness = self.replay().miss((*from, goal.at), flow)?;
                return Ok(Judgement { witness: Some(Box::new(witness)), ..none });
            }
        }
        Ok(none)
    }

    /// Every place gets packets to every place.
    fn always(&self, from: &Ends, to: &Ends) -> Result<Judgement, Unreached> {
        let mut relation = self.relation(from, to)?;
        let sources = sources(self.plane, from, &relation.sources);
        let mut judgement = Judgement::HOLDS;
        for (from, own) in &sources {
            let pairs = relation.pairs_from(*from);
            for goal in self.goals.iter().filter(|goal| goal.is_asked(self.plane, *from)) {
                let one = || {
                    self.one(&mut relation, (*from, own), (goal, &pairs)).map_err(Unreached::from)
                };
                judgement = judgement.and(one)?;
            }
        }
        Ok(match judgement.holds {
            Some(true) => {
                let others = left_out(self.plane, (from, to), &AddressSet::everything());
                judgement.unless(&others)
            }
            Some(false) | None => judgement,
        })
    }

    /// One place gets packets to one goal, under some address of it.
    fn one(
        &self,
        relation: &mut Relation<'_>,
        (from, own): (Id<Location>, &AddressSet),
        (goal, pairs): (&Goal, &[Pair]),
    ) -> Result<Judgement, Disagreement> {
        let needs = self.needs(relation, (from, own), goal);
        if needs.is_empty() {
            let (one, other) = (self.names.of(from), goal.name(self.names));
            let found = format!("{one} and {other} have no addresses of one family");
            let holds = self.missed(Verdict::Unreachable);
            return Ok(Judgement { holds, found, witness: None });
        }
        let mut unsure = None;
        let mut missing: Option<(bool, Set)> = None;
        for need in needs {
            let Fares { asked, must, may } = self.fares(relation, (from, pairs), goal, need);
            let open = relation.sets.difference(asked, must);
            if open.is_empty() && !asked.is_empty() {
                return Ok(Judgement::HOLDS);
            }
            let stopped = relation.sets.difference(open, may);
            if !stopped.is_empty() {
                // Where others get there says more than an address that leads nowhere.
                let is_telling = open != asked;
                if missing.is_none_or(|(before, _)| is_telling && !before) {
                    missing = Some((is_telling, stopped));
                }
            } else if !open.is_empty() {
                unsure = unsure.or(Some(open));
            }
        }
        let is_telling = missing.is_some_and(|(is_telling, _)| is_telling);
        let way = (from, goal.at);
        let sets = &relation.sets;
        let (witness, verdict) = match (unsure, missing) {
            (Some(set), _) => {
                let flow = sets.witness(set);
                let witness = flow.map(|flow| self.replay().follow(way, flow, Verdict::Unknown));
                (witness, Verdict::Unknown)
            }
            (None, Some((_, set))) => {
                let flow = sets.witness(set);
                (flow.map(|flow| self.replay().miss(way, flow)), Verdict::Unreachable)
            }
            (None, None) => (None, Verdict::Unreachable),
        };
        let Some(witness) = witness.transpose()? else {
            let (one, other) = (self.names.of(from), goal.name(self.names));
            let found = format!("nothing from {one} to {other} ends at what is meant");
            return Ok(Judgement { holds: Some(false), found, witness: None });
        };
        let mut found = in_words(&witness);
        if is_telling && self.is_left_out(way, &witness.flow) {
            found.push_str(" (no address of the tag `Internet`: `tag:Internet` is without it)");
        }
        Ok(Judgement { holds: self.missed(verdict), found, witness: Some(Box::new(witness)) })
    }

    /// Is one of the ends on the Internet and not one of those that rules mean by it (R201)?
    fn is_left_out(&self, (from, to): Way, flow: &Flow) -> bool {
        let tag = self.plane.internet_tag();
        let internet = self.plane.places.internet;
        (internet == Some(from) && !tag.contains(flow.source))
            || (internet.is_some() && internet == to && !tag.contains(flow.destination))
    }

    /// How the packets of `need` fare from a place to a goal.
    fn fares(
        &self,
        relation: &mut Relation<'_>,
        (from, pairs): (Id<Location>, &[Pair]),
        goal: &Goal,
        need: Set,
    ) -> Fares {
        let sets = &mut relation.sets;
        if goal.at.is_some() {
            let (must, may) = arriving(sets, pairs, goal);
            return Fares { asked: need, must, may };
        }
        // An address may lead back to the sender, of which pairs say nothing, or to what is not meant.
        let mut reach = Reach::new(self.plane, sets);
        let fates = reach.from(from, need);
        let address = goal.addresses.first().and_then(AddressSet::first);
        let is_beside = |trail: &&Trail| {
            trail.places.last().is_some_and(|&to| {
                let is_meant = address.is_some_and(|it| self.to.at(to).contains(it));
                !is_meant || !is_pair(self.plane, from, to)
            })
        };
        let beside: Vec<Set> =
            reach.trails.iter().filter(is_beside).map(|trail| trail.packets).collect();
        let beside = sets.union_all(beside);
        let asked = sets.difference(need, beside);
        Fares { asked, must: fates.arrives, may: fates.unsure }
    }

    /// The packets of a pair that get there; else of one that do on some ways; else of one that may.
    fn some_pair(&self, relation: &mut Relation<'_>) -> Option<(Way, Set, Verdict)> {
        for wanted in [Verdict::Reachable, Verdict::Unreachable, Verdict::Unknown] {
            let is_wanted = |packets| {
                let mut fates = fates(packets).into_iter();
                fates.any(|(verdict, set)| verdict == wanted && !set.is_empty())
            };
            let bundles = relation.bundles.iter().filter(|it| is_wanted(&it.packets));
            let firsts = bundles.flat_map(|it| it.from.iter().copied());
            let sources: BTreeSet<Id<Location>> = firsts.collect();
            for pair in sources.into_iter().flat_map(|from| relation.pairs_from(from)) {
                let is_asked = pair.to.is_none_or(|to| is_pair(self.plane, pair.from, to));
                let mut fates = pair.fates().into_iter().filter(|_| is_asked);
                let found = fates.find(|(verdict, set)| *verdict == wanted && !set.is_empty());
                if let Some((verdict, set)) = found {
                    return Some(((pair.from, pair.to), set, verdict));
                }
            }
        }
        None
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
        let needs = self.needs(relation, (from, own), goal).into_iter();
        let mut ways: Vec<Fares> =
            needs.map(|need| self.fares(relation, (from, &pairs), goal, need)).collect();
        // Of all ways to address it one is enough.
        let is_enough = |it: &Fares| {
            !it.asked.is_empty() && relation.sets.difference(it.asked, it.must).is_empty()
        };
        if self.expected.claim == Claim::Always
            && let Some(one) = ways.iter().position(is_enough)
        {
            ways = vec![ways.swap_remove(one)];
        }
        for Fares { asked, must, may } in ways {
            let gets_there = relation.sets.intersection(asked, must);
            let rest = relation.sets.difference(asked, must);
            let stopped = relation.sets.difference(rest, may);
            for set in [gets_there, stopped] {
                let boxes = relation.sets.boxes(set);
                replay.evidence.not_followed += boxes.len().saturating_sub(BOXES);
                for one in boxes.into_iter().take(BOXES) {
                    let headers = relation.sets.of_box(&one);
                    if let Some(flow) = relation.sets.witness(headers) {
                        replay.exercise((from, goal.at), flow);
                    }
                }
            }
        }
    }

    /// The packets that have to arrive, for each way to address the goal: one address of either end is
    /// enough, but of places that stand for many machines every one is meant. What no network carries is not
    /// meant, where something else is.
    fn needs(
        &self,
        relation: &mut Relation<'_>,
        (from, own): (Id<Location>, &AddressSet),
        goal: &Goal,
    ) -> Vec<Set> {
        let sources = choices(own, self.plane.stands_for_others(from));
        let mut needs = Vec::new();
        for destination in &goal.addresses {
            for source in &sources {
                let all = relation.headers(source, destination, &self.expected.traffic);
                let carried = relation.carried(all);
                let need = if carried.is_empty() { all } else { carried };
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
    let (to, _) = taking(plane, &expected.to)?;
    let from = match expected.claim {
        Claim::Only => Ends::anywhere(),
        Claim::Never | Claim::Unreachable | Claim::Always | Claim::Reachable => {
            sending(plane, &expected.from)?
        }
    };
    let names = Names::of_all(plane);
    let judging = Judging { plane, expected, names: &names, goals: goals(plane, &to), to: &to };
    let mut relation = judging.relation(&from, &to)?;
    let mut replay = judging.replay();
    let sources = sources(plane, &from, &relation.sources);
    for goal in &judging.goals {
        for (at, own) in sources.iter().filter(|(at, _)| goal.is_asked(plane, *at)) {
            judging.follow_some(&mut relation, &mut replay, (*at, own), goal);
        }
    }
    Ok(replay.evidence)
}

/// Resources that are not modelled and refer to what packets that `expected` is about come by: of some of these
/// packets, which are followed. Nothing where everything is modelled.
pub(in crate::question) fn not_modelled(
    plane: &Dataplane,
    expected: &ExpectedReach,
) -> Vec<String> {
    if plane.network().not_modelled.is_empty() {
        return Vec::new();
    }
    let from = match expected.claim {
        Claim::Only => Ok(Ends::anywhere()),
        Claim::Never | Claim::Unreachable | Claim::Always | Claim::Reachable => {
            sending(plane, &expected.from)
        }
    };
    let (Ok((to, targets)), Ok(from)) = (taking(plane, &expected.to), from) else {
        return plane.network().bringing_anything();
    };
    let names = Names::of_all(plane);
    let Ok(mut relation) = Relation::of(plane, &from, &to, &expected.traffic) else {
        return plane.network().bringing_anything();
    };
    let mut replay = Replay::new(plane, &names);
    nothing::follow(plane, (&to, &targets, &expected.traffic), &mut relation, &mut replay);
    replay.not_modelled.into_iter().collect()
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
    let Witness { from, to, flow, verdict, places, obstacle, .. } = witness;
    let fares = match verdict {
        Verdict::Reachable => "gets from",
        Verdict::Unknown => "may get from",
        Verdict::Unreachable => "does not get from",
    };
    let end = match (obstacle, places.last()) {
        (None, Some(end)) if *verdict == Verdict::Unreachable && end != to => {
            format!(": it ends at {end}")
        }
        _ => String::new(),
    };
    format!("{flow} {fares} {from} to {to}{end}")
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
