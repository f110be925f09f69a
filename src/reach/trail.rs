//! Where requests were delivered: what they look like there, and what they were before.

use super::header::{Header, Packets};
use super::walk::Reach;
use super::way::Way;
use crate::dataplane::graph::{Location, OneOf};
use crate::id::Id;
use crate::packet_set::{Set, Sets};

/// Where packets were delivered, and by which places they came there, the sender first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    /// The packets, by the header that they set out with.
    pub packets: Set,
    /// The places.
    pub places: Vec<Id<Location>>,
    /// Their header where they were delivered.
    header: Header,
    /// Is the source that they have there chosen by the platform?
    is_vague: bool,
}

impl Trail {
    /// The headers with which the packets of `set` that went this way are delivered; all that they may have
    /// where the platform chooses the source.
    pub fn pushed(&self, sets: &mut Sets, set: Set) -> Set {
        let went = sets.intersection(set, self.packets);
        let there = self.header.after(sets, went);
        if self.is_vague { sets.forget_source(there) } else { there }
    }

    /// The packets that went this way and were, or may have been, delivered with a header of `set`: those
    /// that set out, by the header that they set out with.
    pub fn pulled(&self, sets: &mut Sets, set: Set) -> Set {
        let there = if self.is_vague { sets.forget_source(set) } else { set };
        let before = self.header.before(sets, there);
        sets.intersection(before, self.packets)
    }
}

impl Reach<'_> {
    /// Notes that requests were delivered; replies that somebody else takes are none.
    pub(super) fn note_trail(&mut self, way: &Way, (header, packets): Packets) {
        if way.is_reply {
            return;
        }
        let places = way.visited.iter().map(|&(at, _)| at).collect();
        self.trails.push(Trail {
            packets,
            places,
            header,
            is_vague: matches!(way.vague, Some(OneOf::Strangers | OneOf::Azure(_))),
        });
    }
}
