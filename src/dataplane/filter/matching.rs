//! Yes, no or maybe.

use super::RuleIndex;

/// Does a packet match? Ordered: the match of all of several conditions is the least of theirs, that
/// of any of several the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// Surely not.
    No,
    /// It depends on something that is not known.
    Maybe,
    /// Surely.
    Yes,
}

impl Match {
    /// The match of a set of possibilities, of which all or only some match.
    #[must_use]
    pub(super) const fn of(all: bool, some: bool) -> Self {
        match (all, some) {
            (true, _) => Self::Yes,
            (false, true) => Self::Maybe,
            (false, false) => Self::No,
        }
    }
}

/// One of the five things that a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The source address.
    Source,
    /// The destination address.
    Destination,
    /// The protocol.
    Protocol,
    /// The source ports.
    SourcePorts,
    /// The destination ports.
    DestinationPorts,
}

/// What each condition of one rule says of a packet (R500).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldMatches {
    /// The source address.
    pub source: Match,
    /// The destination address.
    pub destination: Match,
    /// The protocol.
    pub protocol: Match,
    /// The source ports.
    pub source_ports: Match,
    /// The destination ports.
    pub destination_ports: Match,
}

impl FieldMatches {
    /// The fields in a fixed order.
    #[must_use]
    pub const fn each(self) -> [(Field, Match); 5] {
        [
            (Field::Source, self.source),
            (Field::Destination, self.destination),
            (Field::Protocol, self.protocol),
            (Field::SourcePorts, self.source_ports),
            (Field::DestinationPorts, self.destination_ports),
        ]
    }

    /// Does the whole rule match: all of its conditions (R176)?
    #[must_use]
    pub fn all(self) -> Match {
        self.each().into_iter().map(|(_, found)| found).min().unwrap_or(Match::Yes)
    }

    /// The first condition of which it is not known whether it holds.
    #[must_use]
    pub fn unsure(self) -> Option<Field> {
        let mut fields = self.each().into_iter();
        fields.find(|&(_, found)| found == Match::Maybe).map(|(field, _)| field)
    }
}

/// Why a decision is not sure: the condition of a rule that holds maybe. The owner of the filter
/// knows what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause {
    /// The rule.
    pub rule: RuleIndex,
    /// The first of its conditions that holds maybe.
    pub field: Field,
}
