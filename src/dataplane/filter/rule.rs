//! A rule before it is compiled, and what it says of one packet.

use super::{Bindings, FieldMatches, Match, MaybeSet, Packet, PortSet};
use crate::net::{AddressSet, ProtocolSet};
use std::net::IpAddr;

/// The position of a rule in its filter, from 0: the one that is tried first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleIndex(pub u32);

impl RuleIndex {
    /// The position, for columns parallel to the rules.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What happens to a packet that a rule takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It passes this filter.
    Allow,
    /// It is dropped.
    Deny,
    /// It passes this filter and those behind it.
    AlwaysAllow,
}

/// A set of addresses that is not the same wherever the filter stands: a slot of [`Bindings`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Parameter(pub u16);

/// The addresses that a rule is for: those of its fixed set and of its parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressMatch {
    /// Addresses that are the same everywhere, in part perhaps unknown.
    pub fixed: MaybeSet,
    /// Sets that are bound by place, ascending, each once.
    pub parameters: Box<[Parameter]>,
}

impl AddressMatch {
    /// Every address.
    #[must_use]
    pub fn any() -> Self {
        Self::from(AddressSet::everything())
    }

    /// The addresses of either.
    #[must_use]
    pub fn union(mut self, other: Self) -> Self {
        self.fixed = self.fixed.union(&other.fixed);
        if !other.parameters.is_empty() {
            let mut parameters = [self.parameters, other.parameters].concat();
            parameters.sort_unstable();
            parameters.dedup();
            self.parameters = parameters.into();
        }
        self
    }

    /// What it says of one address.
    #[must_use]
    pub fn contains(&self, address: IpAddr, bindings: &Bindings) -> Match {
        self.strongest(bindings, |set| set.contains(address))
    }

    /// What it says of an unknown one of `addresses`.
    #[must_use]
    pub fn contains_any_of(&self, addresses: &AddressSet, bindings: &Bindings) -> Match {
        self.strongest(bindings, |set| set.contains_any_of(addresses))
    }

    fn strongest(&self, bindings: &Bindings, says: impl Fn(&MaybeSet) -> Match) -> Match {
        let bound = self.parameters.iter().map(|&parameter| bindings.read(parameter, &says));
        bound.fold(says(&self.fixed), Match::max)
    }
}

/// The addresses of a known set.
impl From<AddressSet> for AddressMatch {
    fn from(addresses: AddressSet) -> Self {
        Self::from(MaybeSet::exactly(addresses))
    }
}

/// The addresses of a set that is known in part.
impl From<MaybeSet> for AddressMatch {
    fn from(fixed: MaybeSet) -> Self {
        Self { fixed, parameters: Box::default() }
    }
}

/// The addresses that one parameter stands for.
impl From<Parameter> for AddressMatch {
    fn from(parameter: Parameter) -> Self {
        Self { fixed: MaybeSet::default(), parameters: [parameter].into() }
    }
}

/// A rule: what it is for, and what happens then. All five conditions must hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilterRule {
    /// What happens.
    pub action: Action,
    /// Where the packet comes from.
    pub source: AddressMatch,
    /// Where it goes.
    pub destination: AddressMatch,
    /// Its protocol.
    pub protocols: ProtocolSet,
    /// Its source ports.
    pub source_ports: PortSet,
    /// Its destination ports.
    pub destination_ports: PortSet,
}

impl FilterRule {
    /// What each condition says of `packet`.
    #[must_use]
    pub fn evaluate(&self, packet: &Packet<'_>, bindings: &Bindings) -> FieldMatches {
        let flow = packet.flow;
        let side = |side: &AddressMatch, address, several: Option<&AddressSet>| match several {
            Some(several) => side.contains_any_of(several, bindings),
            None => side.contains(address, bindings),
        };
        let has_protocol = self.protocols.contains(flow.protocol);
        FieldMatches {
            source: side(&self.source, flow.source, packet.sources()),
            destination: side(&self.destination, flow.destination, packet.destinations()),
            protocol: if has_protocol { Match::Yes } else { Match::No },
            source_ports: self.source_ports.contains_any_of(flow.source_ports),
            destination_ports: self.destination_ports.contains_any_of(flow.destination_ports),
        }
    }
}
