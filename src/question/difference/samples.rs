//! More packets of a group, of other sorts and between other ends: they may hang on other changes than the packet that
//! stands for it.

use super::field::Field;
use super::groups::{Receiver, Told};
use super::replay;
use crate::answer::{Ranges, SentBy};
use crate::net::{Flow, ProtocolSet};
use crate::packet_set::{Headers, Set, Sets};

/// So many packets of a group at most.
const PACKETS: usize = 16;

/// So many of the ends on either side at most, and of the destinations of one sort of packets.
const ENDS: usize = 4;

/// Packets of the changes `told` that the ends `from` send, apart from `first`, each once.
pub(super) fn samples(
    field: &Field<'_>,
    sets: &mut Sets,
    (told, from): (&[&Told], &Ranges),
    first: &SentBy,
) -> Vec<SentBy> {
    let pairs: Vec<(usize, Set)> =
        told.iter().flat_map(|one| between(field, sets, (one, from))).collect();
    let each = (PACKETS / pairs.len().max(1)).max(1);
    let mut found: Vec<SentBy> = Vec::new();
    for (sender, packets) in pairs {
        for flow in sorts(field, sets, packets, each) {
            let sent = replay::sent(flow, field.places(sender));
            if sent != *first && !found.contains(&sent) && found.len() < PACKETS {
                found.push(sent);
            }
        }
    }
    found
}

/// Some of the pairs of ends of a change: the sender, and the packets between them.
fn between(field: &Field<'_>, sets: &mut Sets, (one, from): (&Told, &Ranges)) -> Vec<(usize, Set)> {
    let from = one.from.intersection(from);
    let Receiver::Ends(to) = &one.to else {
        let senders = some(&from).map(|sender| sender as usize);
        return senders.map(|sender| (sender, field.sent(sets, one.set, sender))).collect();
    };
    let of_senders = some(&from).map(|end| field.first((std::iter::once(end), to), one.pairs));
    let to_one = |end| field.first((from.iter(), &Ranges::between(end, end)), one.pairs);
    let mut pairs: Vec<(usize, usize)> = of_senders.chain(some(to).map(to_one)).flatten().collect();
    pairs.sort_unstable();
    pairs.dedup();
    let packets = |pair| field.between(sets, one.set, pair, one.family);
    pairs.iter().map(|pair| pair.0).zip(pairs.iter().copied().map(packets)).collect()
}

/// Some of `ends`, from all over them.
fn some(ends: &Ranges) -> impl Iterator<Item = u32> {
    ends.iter().step_by(ends.len().div_ceil(ENDS).max(1))
}

/// Up to `most` of `packets`: to the ports of rules that differ, then of each protocol to each run of ports and to some
/// prefixes.
fn sorts(field: &Field<'_>, sets: &mut Sets, packets: Set, most: usize) -> Vec<Flow> {
    let mut flows = Vec::new();
    for &ports in &field.cuts {
        let there = sets.to_ports(ports);
        let there = sets.intersection(packets, there);
        flows.extend(sets.witness(there));
    }
    for one in sets.boxes(packets) {
        let prefixes = one.destinations.prefixes();
        let step = prefixes.len().div_ceil(ENDS).max(1);
        for prefix in prefixes.into_iter().step_by(step) {
            for &protocol in &one.protocols {
                for &ports in &one.destination_ports {
                    if flows.len() >= most {
                        return flows;
                    }
                    let some = sets.headers(&Headers {
                        sources: &one.sources,
                        destinations: &[prefix].into_iter().collect(),
                        protocols: ProtocolSet::single(protocol),
                        source_ports: &one.source_ports,
                        destination_ports: &[ports],
                    });
                    flows.extend(sets.witness(some));
                }
            }
        }
    }
    flows.truncate(most);
    flows
}
