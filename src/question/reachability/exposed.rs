//! What the Internet gets to: place by place, opening by opening.

use super::Disagreement;
use super::boxes::boxes;
use super::groups::SOMEWHERE;
use super::names::Names;
use super::openings::{Space, opening};
use super::relation::Relation;
use super::witness::Replay;
use crate::answer::{ExposedOpening, ExposedPlace, Verdict, Witness};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::{AddressSet, Flow};
use crate::packet_set::{HeaderBox, Headers, Set};
use std::collections::BTreeMap;

/// Every place that packets get to, the most exposed first: by how many different packets surely do, then perhaps. None when
/// not all of them start on the Internet.
pub(super) fn exposed(
    plane: &Dataplane,
    names: &Names,
    relation: &mut Relation<'_>,
    replay: &mut Replay<'_>,
) -> Result<Option<Vec<ExposedPlace>>, Disagreement> {
    let is_outside = |&at: &Id<Location>| plane.locations[at].realm == plane.internet;
    if !relation.sources.keys().all(is_outside) {
        return Ok(None);
    }
    let mut places = Vec::new();
    for (to, sets) in by_place(relation) {
        let mut openings = Vec::new();
        for (&verdict, &set) in &sets {
            let end = End { plane, to, verdict };
            openings.extend(end.openings(relation, set, replay)?);
        }
        let weight = [Verdict::Reachable, Verdict::Unknown, Verdict::Unreachable]
            .map(|verdict| sets.get(&verdict).map(|&set| relation.sets.count(set)));
        // What is sure first, the widest of it; of the same width in the order of the packets.
        openings.sort_by(|(a, x), (b, y)| x.verdict.cmp(&y.verdict).then_with(|| b.cmp(a)));
        let openings = openings.into_iter().map(|(_, opening)| opening).collect();
        let location = to.map(|to| &plane.locations[to]);
        let evidence = location.and_then(|location| location.evidence);
        let place = to.map_or(SOMEWHERE, |to| names.of(to)).to_owned();
        let resource = evidence.and_then(|evidence| plane.item(evidence).resource);
        places.push((weight, ExposedPlace { place, resource, openings }));
    }
    places.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.place.cmp(&y.place)));
    Ok(Some(places.into_iter().map(|(_, place)| place).collect()))
}

/// What gets to each place, from anywhere: by how it fares, what gets there for certain first.
fn by_place(relation: &mut Relation<'_>) -> BTreeMap<Option<Id<Location>>, BTreeMap<Verdict, Set>> {
    let mut found: BTreeMap<_, BTreeMap<Verdict, Set>> = BTreeMap::new();
    let sources: Vec<Id<Location>> = relation.sources.keys().copied().collect();
    for from in sources {
        for pair in relation.pairs_from(from) {
            let sets = found.entry(pair.to).or_default();
            for (verdict, set) in pair.fates() {
                let all = sets.entry(verdict).or_insert(Set::NONE);
                *all = relation.sets.union(*all, set);
            }
        }
    }
    found
}

/// One place, as far as packets of one verdict get there.
pub(super) struct End<'a> {
    pub(super) plane: &'a Dataplane,
    pub(super) to: Option<Id<Location>>,
    verdict: Verdict,
}

impl End<'_> {
    /// The openings, each with how many packets it lets through.
    fn openings(
        &self,
        relation: &mut Relation<'_>,
        set: Set,
        replay: &mut Replay<'_>,
    ) -> Result<Vec<(num_bigint::BigUint, ExposedOpening)>, Disagreement> {
        let space = |at, addresses: AddressSet| Space::of(self.plane, addresses, at);
        let sources = relation.sources.iter().map(|(&at, some)| space(at, some.clone()));
        let sources = sources.fold(Space::default(), |all, some| all.union(&some));
        let own = self.to.map(|to| space(to, self.plane.addresses_at(to))).unwrap_or_default();
        let mut openings = Vec::new();
        for one in boxes(&relation.sets, set) {
            let packets = of_box(relation, &one);
            let Some(witness) = self.follow(relation, packets, replay)? else { continue };
            let also_by = self.further(relation, (packets, &witness), replay)?;
            let opening = ExposedOpening {
                verdict: self.verdict,
                source: witness.from.clone(),
                opening: opening(one, &sources, &own),
                witness,
                also_by,
            };
            openings.push((relation.sets.count(packets), opening));
        }
        Ok(openings)
    }

    /// One of `packets`, as it is followed; none where there is none.
    pub(super) fn follow(
        &self,
        relation: &mut Relation<'_>,
        packets: Set,
        replay: &mut Replay<'_>,
    ) -> Result<Option<Witness>, Disagreement> {
        let flow = relation.sets.witness(packets);
        let sent = flow.and_then(|flow| Some((sender(relation, &flow)?, flow)));
        sent.map(|(from, flow)| replay.follow((from, self.to), flow, self.verdict)).transpose()
    }
}

fn of_box(relation: &mut Relation<'_>, one: &HeaderBox) -> Set {
    let protocols = one.protocols.iter().copied().map(crate::net::ProtocolSet::single);
    let all = protocols.fold(crate::net::ProtocolSet::NONE, crate::net::ProtocolSet::union);
    relation.sets.headers(&Headers {
        sources: &one.sources,
        destinations: &one.destinations,
        protocols: all,
        source_ports: &one.source_ports,
        destination_ports: &one.destination_ports,
    })
}

/// Who has the source address of a packet.
fn sender(relation: &Relation<'_>, flow: &Flow) -> Option<Id<Location>> {
    let mut all = relation.sources.iter();
    all.find(|(_, addresses)| addresses.contains(flow.source)).map(|(&at, _)| at)
}
