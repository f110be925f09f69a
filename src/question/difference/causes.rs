//! Which changes of the configuration a difference hangs on: each is taken back and made by itself.

use super::super::bench::{Bench, Resolve};
use super::super::replay::verdict;
use super::links::Links;
use super::replay::ways;
use super::undo::adopt;
use crate::answer::{
    ChangeWitness, ConfigurationChange, DifferenceAnswer, FlowChange, FlowChangeKind, SentBy,
    Verdict,
};
use crate::azure::Snapshot;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::reach::key;
use crate::trace::{Ask, trace_with_places};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;

/// Changes are tried one by one up to so many resources that are read for that.
const READ_MAX: usize = 200_000;

/// Other packets than those that stand for groups are asked up to so many times: each with each change.
const ASKED_MAX: usize = 200_000;

/// What it takes to make a change by itself.
pub struct Tries<'a> {
    /// What was read, before and after.
    pub snapshots: [&'a Snapshot; 2],
    /// Resolves what a change makes of it.
    pub resolve: &'a Resolve<'a>,
    /// The public addresses of either side, see [`super::set_apart`].
    pub estate: &'a BTreeSet<IpAddr>,
}

impl std::fmt::Debug for Tries<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tries").field("estate", self.estate).finish_non_exhaustive()
    }
}

/// How a packet fares, by which hops, there and back, and where it ends; without a verdict where nobody sends it. One that
/// something stops is not the same: its sender is there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Faring(Option<Verdict>, [Vec<String>; 2], Vec<String>);

/// How packets fare, in their order.
type Farings = Vec<Arc<Faring>>;

/// The same in the network that changes are made to, and the places that each rests on, where these are all.
type Known = Vec<(Arc<Faring>, Option<Vec<Id<Location>>>)>;

/// Puts the changes in the place of the causes of `answer` without which a packet of a group fares as before, or
/// that alone make it fare as after; where none does, those that make it fare otherwise. The packet that stands for the
/// group is asked, and some more (`FlowChange::samples`). A resource is taken back
/// together with what refers to it. Causes stay what the evidence names where no change does by itself, and where
/// there is too much to try, which a note says.
///
/// O(n m) in the numbers of changes and of resources, and as many packets as come by what changes.
pub fn find_causes(answer: &mut DifferenceAnswer, tries: &Tries<'_>) {
    let size = tries.snapshots.iter().map(|it| it.resources.len()).max().unwrap_or_default();
    if answer.flows.is_empty() {
        return;
    }
    if size.saturating_mul(answer.configuration.len()) > READ_MAX {
        let changes = answer.configuration.len();
        answer.notes.push(format!(
            "causes are what the evidence of packets names: {changes} changes of {size} resources are too many to be \
             tried one by one"
        ));
        return;
    }
    let tried = Tried::of(answer, tries);
    // How a packet fares says nothing where that is not known on either side: the evidence does.
    let is_told = |flow: &FlowChange| {
        let ChangeWitness { before, after, .. } = &flow.witness;
        [before, after].iter().any(|fate| fate.verdict != Verdict::Unknown)
    };
    for (packets, flow) in tried.groups.iter().zip(&mut answer.flows).filter(|it| is_told(it.1)) {
        let is_first = |packet| packet == packets.start;
        let each =
            packets.clone().flat_map(|packet| tried.causes((packet, is_first(packet)), flow.kind));
        let found: BTreeSet<usize> = each.collect();
        if !found.is_empty() {
            flow.causes = found.into_iter().collect();
        }
    }
}

/// How the packets fare in one changed network; none where that cannot be read.
type Seen = Option<Farings>;

/// A change by itself, and together with what it needs.
type Both = [Seen; 2];

/// What came of taking changes back, and of making them.
struct Tried {
    links: Links,
    /// The packets of each group, by number.
    groups: Vec<Range<usize>>,
    /// How packets fare before and after.
    fares: [Farings; 2],
    undone: Vec<Both>,
    made: Vec<Both>,
}

impl Tried {
    fn of(answer: &DifferenceAnswer, tries: &Tries<'_>) -> Self {
        let changes = &answer.configuration;
        let links = Links::of(changes, tries.snapshots);
        let mut left = ASKED_MAX / changes.len().max(1);
        let (mut sent, mut groups): (Vec<&SentBy>, Vec<Range<usize>>) = (Vec::new(), Vec::new());
        for flow in &answer.flows {
            let first = sent.len();
            sent.push(&flow.witness.sent);
            let others = flow.samples.iter().take(left);
            left -= others.len();
            sent.extend(others);
            groups.push(first..sent.len());
        }
        let [before, after] = tries.snapshots;
        let ((of_after, undone), (of_before, made)) = rayon::join(
            || tries.each((after, before), (changes, &sent), &|number| links.undone_with(number)),
            || tries.each((before, after), (changes, &sent), &|number| links.made_with(number)),
        );
        Self { links, groups, fares: [of_before, of_after], undone, made }
    }

    /// The changes that a packet hangs on. Of a packet that does not stand for its group, those by themselves where any
    /// does it: what has to be there for them is told where it matters.
    fn causes(&self, (packet, is_first): (usize, bool), kind: FlowChangeKind) -> Vec<usize> {
        let [Some(before), Some(after)] = self.fares.each_ref().map(|all| all.get(packet)) else {
            return Vec::new();
        };
        if is_same(kind, before, after) {
            return Vec::new();
        }
        let is = |seen: &Seen, wanted: &Faring| {
            let found = seen.as_ref()?.get(packet)?;
            Some(is_same(kind, found, wanted))
        };
        let any = |all: &[Both], change: usize, wanted: &Faring, expected: bool| {
            let both = all.get(change).into_iter().flatten();
            both.filter(|&seen| is(seen, wanted) == Some(expected)).count() > 0
        };
        let alone = |all: &[Both], change: usize, wanted: &Faring| {
            all.get(change).is_some_and(|[alone, _]| is(alone, wanted) == Some(true))
        };
        let others =
            |all: BTreeSet<usize>, change: usize| all.into_iter().filter(move |&it| it != change);
        // A reference to nothing is as unknown as what is in doubt.
        let is_sure = kind != FlowChangeKind::Doubtful;
        // Taken back with what refers to it: unless one of those does it without it.
        let is_undone = |change: usize| {
            let mut referring = others(self.links.undone_with(change), change);
            alone(&self.undone, change, before)
                || any(&self.undone, change, before, true)
                    && !referring.any(|it| is_sure && alone(&self.made, it, after))
        };
        // Made with what it refers to: unless one of those does it by itself.
        let is_made = |change: usize| {
            let mut referred = others(self.links.made_with(change), change);
            alone(&self.made, change, after)
                || any(&self.made, change, after, true)
                    && !referred.any(|it| any(&self.made, it, after, true))
        };
        let is_needed = |&it: &usize| is_undone(it) || is_made(it);
        let matters =
            |&it: &usize| any(&self.undone, it, after, false) || any(&self.made, it, before, false);
        let is_alone =
            |&it: &usize| alone(&self.undone, it, before) || alone(&self.made, it, after);
        let needed: Vec<usize> = (0..self.made.len()).filter(is_alone).collect();
        if !is_first && !needed.is_empty() {
            return needed;
        }
        let needed: Vec<usize> = (0..self.made.len()).filter(is_needed).collect();
        if needed.is_empty() { (0..self.made.len()).filter(matters).collect() } else { needed }
    }
}

/// The same as far as the kind of the difference looks at it.
fn is_same(kind: FlowChangeKind, a: &Faring, b: &Faring) -> bool {
    match kind {
        FlowChangeKind::Rerouted => a == b,
        // They may arrive before and after, at other places.
        FlowChangeKind::Opened | FlowChangeKind::Closed | FlowChangeKind::Doubtful => {
            a.0 == b.0 && (a.0 != Some(Verdict::Reachable) || a.2 == b.2)
        }
    }
}

impl Tries<'_> {
    /// How the packets fare in `base`, and there with each change as in `other`, by itself and with what it needs.
    fn each(
        &self,
        (base, other): (&Snapshot, &Snapshot),
        (changes, sent): (&[ConfigurationChange], &[&SentBy]),
        with: &dyn Fn(usize) -> BTreeSet<usize>,
    ) -> (Farings, Vec<Both>) {
        let mut bench = Bench::new(base.clone(), None, self.resolve);
        let known = bench.with(base.clone(), |plane| self.known(plane, sent)).unwrap_or_default();
        let mut seen = |numbers: BTreeSet<usize>| {
            let changed = changed(base, other, numbers, changes);
            bench.with_places(changed, |plane, places| {
                let untouched = |at: usize| {
                    let (faring, rests_on) = known.get(at)?;
                    let (places, rests_on) = (places?, rests_on.as_ref()?);
                    rests_on.iter().all(|it| !places.contains(it)).then(|| Arc::clone(faring))
                };
                self.fare(plane, sent, untouched)
            })
        };
        let each = (0..changes.len()).map(|number| {
            let all = with(number);
            let more = if all.len() > 1 { seen(all) } else { None };
            [seen(BTreeSet::from([number])), more]
        });
        let each = each.collect();
        (known.into_iter().map(|it| it.0).collect(), each)
    }

    fn known(&self, plane: &Dataplane, sent: &[&SentBy]) -> Known {
        let places = Senders::of(plane, sent);
        let all = sent.iter().map(|sent| self.fares(plane, places.of_one(plane, sent), sent));
        all.map(|(faring, rests_on)| (Arc::new(faring), rests_on)).collect()
    }

    /// How the packets fare; `untouched` tells it of those for which nothing is another.
    fn fare(
        &self,
        plane: &Dataplane,
        sent: &[&SentBy],
        untouched: impl Fn(usize) -> Option<Arc<Faring>>,
    ) -> Farings {
        let places = Senders::of(plane, sent);
        let asked = |sent| Arc::new(self.fares(plane, places.of_one(plane, sent), sent).0);
        let all = sent.iter().enumerate();
        all.map(|(at, sent)| untouched(at).unwrap_or_else(|| asked(sent))).collect()
    }

    fn fares(
        &self,
        plane: &Dataplane,
        from: Option<Id<Location>>,
        sent: &SentBy,
    ) -> (Faring, Option<Vec<Id<Location>>>) {
        let lost = |verdict| (Faring(verdict, Default::default(), Vec::new()), None);
        let flow = sent.flow;
        let from = from.filter(|&from| plane.addresses_at(from).contains(flow.source));
        let Some(from) = from else { return lost(None) };
        let is_strangers = |address: IpAddr| {
            let has_owner = plane.realms[plane.internet].owner(address).is_some();
            self.estate.contains(&address) && !has_owner
        };
        if is_strangers(flow.source) || is_strangers(flow.destination) {
            return lost(Some(Verdict::Unreachable));
        }
        let ask = Ask { from, flow, target: None, host: None, only: None };
        let (traced, rests_on) = trace_with_places(plane, &ask);
        (Faring(Some(verdict(traced.fate)), ways(&traced), traced.ends()), rests_on)
    }
}

/// The places called like senders of packets.
struct Senders<'a>(BTreeMap<&'a str, Vec<Id<Location>>>);

impl<'a> Senders<'a> {
    fn of(plane: &Dataplane, sent: &[&'a SentBy]) -> Self {
        let mut by_name: BTreeMap<&str, Vec<Id<Location>>> =
            sent.iter().map(|it| (&*it.name, Vec::new())).collect();
        for (at, location) in plane.locations.iter() {
            if let Some(places) = by_name.get_mut(&*location.name) {
                places.push(at);
            }
        }
        Self(by_name)
    }

    fn of_one(&self, plane: &Dataplane, sent: &SentBy) -> Option<Id<Location>> {
        let places = self.0.get(&*sent.name).into_iter().flatten().copied();
        let mut same = places.filter(|&at| key(plane, at).2 == sent.resource);
        // A resource is itself where its network has another name.
        match sent.resource {
            Some(_) => same.next(),
            None => same.find(|&at| key(plane, at).0 == sent.realm),
        }
    }
}

/// `base`, with what these changes are about as in `other`.
fn changed(
    base: &Snapshot,
    other: &Snapshot,
    numbers: BTreeSet<usize>,
    changes: &[ConfigurationChange],
) -> Snapshot {
    let mut changed = base.clone();
    for change in numbers.into_iter().filter_map(|number| changes.get(number)) {
        adopt(&mut changed, change, other);
    }
    changed
}
