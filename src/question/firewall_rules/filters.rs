//! Network rules and, behind them, application rules (R396, R398).

use super::Program;
use super::names::{Index, Name, Request, names};
use crate::azure::{FirewallRule, FirewallRuleKind};
use crate::net::{AddressSet, PortRange, Protocol, ProtocolSet};
use crate::packet_set::Overflow;
use crate::question::cover::{Conditions, Effect, INTERVALS_MAX, Known, Repeated, Rules, Side};
use ipnet::IpNet;

const TCP: ProtocolSet = ProtocolSet::single(Protocol::Tcp);

/// The rules of a program that allow and deny.
pub(super) struct Filters<'n> {
    /// Network rules, then application rules request by request, then what else may come behind.
    rules: Rules<'n>,
    /// The places of network rules in the order of all rules.
    network: Vec<usize>,
    /// Application rules request by request.
    pieces: Vec<Piece>,
    index: Index,
    /// How many entries of `rules` stand for what else may come behind; the last of them for application rules and
    /// the firewall's own (R396).
    behind: usize,
}

/// An application rule as far as it is about one sort of request.
struct Piece {
    /// Its place in the order of all rules.
    place: usize,
    request: Request,
    names: Vec<Name>,
    effect: Effect,
}

impl<'n> Filters<'n> {
    pub(super) fn of(program: &Program<'n>) -> Self {
        let (mut network, mut rules) = (Vec::new(), Vec::new());
        let (mut pieces, mut requests, mut behind) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (_, collection, rule)) in program.rules.iter().enumerate() {
            let effect = collection.access.into();
            match &rule.kind {
                FirewallRuleKind::Network { .. } => {
                    rules.extend(network_rule(program, rule, effect));
                    network.push(place);
                }
                FirewallRuleKind::Application { protocols, .. } => {
                    for request in protocols {
                        requests.push(of_request(program, rule, (effect, request.1)));
                        let (names, request) = (names(&rule.kind), *request);
                        pieces.push(Piece { place, request, names, effect });
                    }
                }
                FirewallRuleKind::Dnat { .. } => behind.extend(translated(rule)),
            }
        }
        behind.push(perhaps(AddressSet::everything(), Conditions::to(TCP, vec![PortRange::ANY])));
        let mut index = Index::default();
        for (number, piece) in pieces.iter().enumerate() {
            for name in &piece.names {
                index.add(piece.request, name.clone(), number);
            }
        }
        let count = behind.len();
        rules.extend(requests.into_iter().chain(behind));
        let otherwise = program.is_last.then_some(Effect::Deny);
        let rules = Rules::of(rules, otherwise, INTERVALS_MAX);
        Self { rules, network, pieces, index, behind: count }
    }

    /// The rules that take all packets of the one at this place; none when they do not, or it is of another type.
    pub(super) fn shadows_of(&mut self, place: usize) -> Result<Option<Vec<usize>>, Overflow> {
        if let Ok(at) = self.network.binary_search(&place) {
            let by = self.rules.shadows_of(at)?;
            return Ok(by.map(|by| self.in_order(&by)));
        }
        self.for_each_name(place, |it, (piece, earlier), _| it.rules.shadows_among(piece, earlier))
    }

    /// The rules behind that do the same to all packets that the one at this place decides about.
    pub(super) fn repeated_by(&mut self, place: usize) -> Result<Option<Vec<usize>>, Overflow> {
        let count = self.network.len();
        if let Ok(at) = self.network.binary_search(&place) {
            if !self.rules.is_reached(at)? {
                return Ok(None);
            }
            let first = count + self.pieces.len();
            let later: Vec<usize> = (at + 1..count).chain(first..first + self.behind).collect();
            let repeated = self.rules.repeated_among(at, 0..at, &later)?;
            return Ok(by(repeated).map(|by| self.in_order(&by)));
        }
        if self.shadows_of(place)?.is_some() {
            return Ok(None);
        }
        self.for_each_name(place, |it, (piece, earlier), later| {
            Ok(by(it.rules.repeated_among(piece, earlier, later)?))
        })
    }

    /// What is found for an application rule, request by request and name by name; none unless something is found for
    /// each. `find` is told which entries of the rules come before this one for all such names, and which behind.
    fn for_each_name(
        &mut self,
        place: usize,
        find: impl Fn(&mut Self, (usize, Vec<usize>), &[usize]) -> Result<Option<Vec<usize>>, Overflow>,
    ) -> Result<Option<Vec<usize>>, Overflow> {
        let first = self.pieces.partition_point(|piece| piece.place < place);
        let end = self.pieces.partition_point(|piece| piece.place <= place);
        let (mut all, mut is_any) = (Vec::new(), false);
        for piece in first..end {
            for name in self.pieces.get(piece).map(|it| it.names.clone()).unwrap_or_default() {
                let (earlier, later) = self.around(piece, &name, first..end);
                let number = self.network.len() + piece;
                let Some(by) = find(self, (number, earlier), &later)? else { return Ok(None) };
                is_any = true;
                all.extend(self.in_order(&by));
            }
        }
        all.sort_unstable();
        all.dedup();
        Ok(is_any.then_some(all))
    }

    /// The entries before a piece and behind it, of other rules, that are for all requests for `name`. Those behind end
    /// where one is for some of them only and does something else.
    fn around(
        &self,
        piece: usize,
        name: &Name,
        own: std::ops::Range<usize>,
    ) -> (Vec<usize>, Vec<usize>) {
        let Some(this) = self.pieces.get(piece) else { return (Vec::new(), Vec::new()) };
        let count = self.network.len();
        let covering = self.index.covering(this.request, name);
        let before = covering.iter().filter(|&&it| it < own.start).map(|it| count + it);
        let earlier = (0..count).chain(before).collect();
        let is_other = |other: &Piece| {
            other.request == this.request
                && other.effect != this.effect
                && other.names.iter().any(|it| it.may_meet(name) && !it.covers(name))
        };
        let behind = self.pieces.iter().enumerate().skip(own.end);
        let stop = { behind }.find(|(_, other)| is_other(other)).map(|(at, _)| at);
        let later =
            covering.iter().filter(|&&it| it >= own.end && stop.is_none_or(|stop| it < stop));
        // The firewall's own rules come behind all (R396).
        let last = count + self.pieces.len() + self.behind - 1;
        (earlier, later.map(|it| count + it).chain([last]).collect())
    }

    /// The places of these entries in the order of all rules.
    fn in_order(&self, by: &[usize]) -> Vec<usize> {
        let place = |&by: &usize| match by.checked_sub(self.network.len()) {
            None => self.network.get(by).copied(),
            Some(piece) => self.pieces.get(piece).map(|piece| piece.place),
        };
        by.iter().filter_map(place).collect()
    }
}

fn by(repeated: Repeated) -> Option<Vec<usize>> {
    match repeated {
        Repeated::By(by) => Some(by),
        Repeated::Perhaps | Repeated::Never => None,
    }
}

fn network_rule<'n>(
    program: &Program<'n>,
    rule: &'n FirewallRule,
    effect: Effect,
) -> Option<Known<'n>> {
    let FirewallRuleKind::Network { protocols, destinations, destination_ports } = &rule.kind
    else {
        return None;
    };
    Some(Known {
        effect,
        conditions: Conditions::to(*protocols, &**destination_ports),
        source: Side::of_policy(program.network, program.profile, &rule.sources),
        destination: Side::of_policy(program.network, program.profile, destinations),
        is_plain: super::is_plain(&rule.sources) && super::is_plain(destinations),
    })
}

/// R398: requests are told by their ports, and go to any address that has the name.
fn of_request<'n>(
    program: &Program<'n>,
    rule: &'n FirewallRule,
    (effect, port): (Effect, u16),
) -> Known<'n> {
    Known {
        effect,
        conditions: Conditions::to(TCP, vec![PortRange::single(port)]),
        source: Side::of_policy(program.network, program.profile, &rule.sources),
        destination: Side::any(),
        is_plain: super::is_plain(&rule.sources),
    }
}

/// What a DNAT rule sends on is let through unless a network rule denies it (R399).
fn translated(rule: &FirewallRule) -> Option<Known<'static>> {
    let FirewallRuleKind::Dnat { protocols, translated_address, translated_port, .. } = &rule.kind
    else {
        return None;
    };
    let to = translated_address.map(|to| [IpNet::from(to)].into_iter().collect());
    let to = to.unwrap_or_else(AddressSet::everything);
    Some(perhaps(to, Conditions::to(*protocols, vec![PortRange::single(*translated_port)])))
}

/// Something that may let packets there pass.
fn perhaps(to: AddressSet, conditions: Conditions<'static>) -> Known<'static> {
    let (source, destination) = (Side::any(), Side::perhaps(to));
    Known { effect: Effect::Allow, conditions, source, destination, is_plain: true }
}
