//! Rules that translate destinations: they are tried before all others (R396).

use super::Program;
use crate::azure::FirewallRuleKind;
use crate::packet_set::Overflow;
use crate::question::cover::{Conditions, Effect, INTERVALS_MAX, Known, Repeated, Rules, Side};

/// The DNAT rules of a program.
pub(super) struct Translations<'n> {
    rules: Rules<'n>,
    /// Their places in the order of all rules.
    places: Vec<usize>,
}

impl<'n> Translations<'n> {
    pub(super) fn of(program: &Program<'n>) -> Self {
        let (network, profile) = (program.network, program.profile);
        let (mut rules, mut places) = (Vec::new(), Vec::new());
        for (at, (_, _, rule)) in program.rules.iter().enumerate() {
            let FirewallRuleKind::Dnat {
                protocols,
                destinations,
                destination_ports,
                translated_address,
                translated_port,
            } = &rule.kind
            else {
                continue;
            };
            let sent = translated_address.map(|to| Effect::Translate(to, *translated_port));
            rules.push(Known {
                effect: sent.unwrap_or(Effect::Own(at)),
                conditions: Conditions::to(*protocols, &**destination_ports),
                source: Side::of_policy(network, profile, &rule.sources),
                destination: Side::of_policy(network, profile, destinations),
                is_plain: super::is_plain(&rule.sources) && super::is_plain(destinations),
            });
            places.push(at);
        }
        // What none is for stays as it is.
        Self { rules: Rules::of(rules, None, INTERVALS_MAX), places }
    }

    /// The rules that take all packets of the one at this place; none when they do not, or it is of another type.
    pub(super) fn shadows_of(&mut self, place: usize) -> Result<Option<Vec<usize>>, Overflow> {
        let Ok(at) = self.places.binary_search(&place) else { return Ok(None) };
        let by = self.rules.shadows_of(at)?;
        Ok(by.map(|by| self.in_order(&by)))
    }

    /// The rules behind that do the same to all packets that the one at this place decides about.
    pub(super) fn repeated_by(&mut self, place: usize) -> Result<Option<Vec<usize>>, Overflow> {
        let Ok(at) = self.places.binary_search(&place) else { return Ok(None) };
        if !self.rules.is_reached(at)? {
            return Ok(None);
        }
        Ok(match self.rules.repeated_by(at)? {
            Repeated::By(by) => Some(self.in_order(&by)),
            Repeated::Perhaps | Repeated::Never => None,
        })
    }

    fn in_order(&self, by: &[usize]) -> Vec<usize> {
        by.iter().filter_map(|&by| self.places.get(by).copied()).collect()
    }
}
