//! Which other rules than those that one packet met let some of an opening pass.

use super::Disagreement;
use super::exposed::End;
use super::relation::Relation;
use super::witness::Replay;
use crate::answer::{Item, Witness};
use crate::dataplane::filter::{Action, Filter, FilterRule};
use crate::net::{AddressSet, PortRange};
use crate::packet_set::{Headers, Set};

/// So many packets of one opening are followed.
const FOLLOWED: usize = 64;

impl End<'_> {
    /// What decides about `packets` besides what `shown` met. Each rule of the groups where they arrive, and each DNAT rule of a
    /// firewall, is tried with a packet of its own; the port in the packet is the one of the rule, so that rules behind a
    /// balancer with other ports at its front are not.
    pub(super) fn further(
        &self,
        relation: &mut Relation<'_>,
        (packets, shown): (Set, &Witness),
        replay: &mut Replay<'_>,
    ) -> Result<Vec<Item>, Disagreement> {
        let mut found: Vec<Item> = Vec::new();
        let tried = self.filters().into_iter().flat_map(|filter| tried(relation, filter, packets));
        let tried: Vec<Set> = tried.collect();
        for set in tried.into_iter().take(FOLLOWED) {
            let Some(witness) = self.follow(relation, set, replay)? else { continue };
            for item in witness.decided_by {
                if !found.contains(&item) && !shown.decided_by.contains(&item) {
                    found.push(item);
                }
            }
        }
        Ok(found)
    }

    /// The rules of groups where packets arrive, and what firewalls translate.
    fn filters(&self) -> Vec<&Filter> {
        let plane = self.plane;
        let guards = self.to.map(|to| &plane.locations[to].arriving.list);
        let own = guards
            .into_iter()
            .flat_map(|list| list.iter())
            .map(|guard| &plane.filters[guard.filter]);
        own.chain(plane.programs.values().map(|program| program.nat().0)).collect()
    }
}

/// For each rule that allows: the packets that are for its protocols, sources and ports, and for no rule before it.
fn tried(relation: &mut Relation<'_>, filter: &Filter, packets: Set) -> Vec<Set> {
    let mut left = packets;
    let mut found = Vec::new();
    for rule in filter.rules() {
        let meant = meant(relation, rule);
        let own = relation.sets.intersection(left, meant);
        if rule.action == Action::Allow && !own.is_empty() {
            found.push(own);
        }
        if is_told(rule) {
            left = relation.sets.difference(left, own);
        }
    }
    found
}

/// Is it known without its place whom it is for, and is it for every destination?
fn is_told(rule: &FilterRule) -> bool {
    let sides = [&rule.source, &rule.destination];
    sides.iter().all(|side| side.parameters.is_empty() && side.fixed.is_exact())
        && rule.destination.fixed.surely().covers(&AddressSet::everything())
}

fn meant(relation: &mut Relation<'_>, rule: &FilterRule) -> Set {
    let everything = AddressSet::everything();
    let is_fixed = rule.source.parameters.is_empty() && rule.source.fixed.is_exact();
    relation.sets.headers(&Headers {
        sources: if is_fixed { rule.source.fixed.surely() } else { &everything },
        destinations: &everything,
        protocols: rule.protocols,
        source_ports: &[PortRange::ANY],
        destination_ports: rule.destination_ports.ranges(),
    })
}
