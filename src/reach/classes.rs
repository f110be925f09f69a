//! Places whose own gates say the same of them, whatever their groups.

use super::bundles::Places;
use super::relation::Relation;
use crate::dataplane::Dataplane;
use crate::dataplane::graph::Location;
use crate::id::Id;
use crate::net::AddressSet;
use crate::packet_set::{Set, Sets};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// What passes a gate for one address of a place, surely and at most maybe: by the address of the other end,
/// which is looked up as a destination. Of what a place takes it is the replies.
pub(super) type Face = (Set, Set);

/// IPv4 and IPv6; none where the place has no address of the family, or none that counts.
pub(super) type Faces = [Option<Face>; 2];

/// Places of one sort with the same faces.
#[derive(Clone, Debug)]
pub(super) struct Class {
    pub(super) sort: usize,
    pub(super) faces: Faces,
    pub(super) places: Places,
}

/// Which end of packets places are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Sends,
    Takes,
}

/// The address of a family that a place in a group has.
pub(super) fn address(plane: &Dataplane, at: Id<Location>, family: usize) -> Option<IpAddr> {
    let addresses = &plane.locations[at].addresses;
    addresses.iter().copied().find(|it| it.is_ipv4() == (family == 0))
}

/// The classes of the places in groups, as one end of packets; only addresses in `counts` count.
pub(super) fn classes(
    plane: &Dataplane,
    sets: &mut Sets,
    (relation, side): (&Relation, Side),
    counts: impl Fn(Id<Location>) -> Option<AddressSet>,
) -> Vec<Class> {
    let mut found: BTreeMap<(usize, Faces), Vec<Id<Location>>> = BTreeMap::new();
    for group in &relation.groups {
        let mut gate = None;
        for &(_, at) in &group.places {
            let Some(counts) = counts(at) else { continue };
            let gate = *gate.get_or_insert_with(|| match side {
                Side::Sends => group.sends,
                Side::Takes => (sets.reversed(group.takes.0), sets.reversed(group.takes.1)),
            });
            let face = |family| {
                let address = address(plane, at, family).filter(|&it| counts.contains(it))?;
                Some((sets.from_source(gate.0, address), sets.from_source(gate.1, address)))
            };
            let faces = [face(0), face(1)];
            if faces != [None, None] {
                found.entry((group.sort, faces)).or_default().push(at);
            }
        }
    }
    let class = |((sort, faces), mut places): ((usize, Faces), Vec<Id<Location>>)| {
        places.sort_unstable();
        Class { sort, faces, places: places.into() }
    };
    found.into_iter().map(class).collect()
}

impl Class {
    /// The places by what `other`, at the other end, says of their addresses.
    pub(super) fn split(
        &self,
        plane: &Dataplane,
        sets: &Sets,
        other: &Self,
    ) -> Vec<(Faces, Places)> {
        let mut parts: Vec<(Faces, Vec<Id<Location>>)> = Vec::new();
        for &at in &*self.places {
            let of = |family: usize| {
                let (_, seen) = self.face(family).zip(other.face(family))?;
                let address = address(plane, at, family)?;
                Some((sets.to_destination(seen.0, address), sets.to_destination(seen.1, address)))
            };
            let seen = [of(0), of(1)];
            match parts.iter_mut().find(|it| it.0 == seen) {
                Some((_, places)) => places.push(at),
                None => parts.push((seen, vec![at])),
            }
        }
        let is_whole = parts.len() == 1;
        let part = |(seen, places): (Faces, Vec<Id<Location>>)| {
            (seen, if is_whole { Arc::clone(&self.places) } else { places.into() })
        };
        parts.into_iter().map(part).collect()
    }

    pub(super) fn face(&self, family: usize) -> Option<Face> {
        self.faces.get(family).copied().flatten()
    }
}
