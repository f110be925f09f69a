//! How fast sets of headers are: lists of 1,000 rules in three shapes, and two of them compared.

use criterion::{Criterion, criterion_group, criterion_main};
use hopwise::net::{AddressSet, PortRange, Protocol, ProtocolSet};
use hopwise::packet_set::{Headers, Set, Sets};
use std::hint::black_box;
use std::net::Ipv4Addr;

/// A rule: two prefixes, a protocol, ports, and whether it allows.
struct Rule {
    source: AddressSet,
    destination: AddressSet,
    protocol: Protocol,
    ports: PortRange,
    allows: bool,
}

/// `SplitMix64`: the same numbers for the same seed everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A prefix within 10.0.0.0/8 of a length between `shortest` and 28.
    fn prefix(&mut self, shortest: u64) -> AddressSet {
        let length = shortest + self.below(29 - shortest);
        let mask = u32::MAX << (32 - length);
        let first = (0x0A00_0000 | (u32::try_from(self.below(1 << 24)).unwrap_or(0))) & mask;
        let last = first | !mask;
        AddressSet::range(Ipv4Addr::from(first).into(), Ipv4Addr::from(last).into())
            .unwrap_or_default()
    }
}

/// `count` rules; prefixes from `shortest` on, longer ones first where `is_sorted`.
fn rules(count: usize, shortest: u64, is_sorted: bool, seed: u64) -> Vec<Rule> {
    let random = &mut Random(seed);
    let mut rules: Vec<Rule> = (0..count)
        .map(|_| {
            let port = u16::try_from(random.below(2_000)).unwrap_or(0);
            let width = u16::try_from(random.below(50)).unwrap_or(0);
            Rule {
                source: random.prefix(shortest),
                destination: random.prefix(shortest),
                protocol: if random.below(2) == 0 { Protocol::Tcp } else { Protocol::Udp },
                ports: PortRange::new(port, port + width).unwrap_or(PortRange::ANY),
                allows: random.below(2) == 0,
            }
        })
        .collect();
    if is_sorted {
        let size = |set: &AddressSet| {
            set.intervals_v4().iter().map(|(first, last)| u64::from(last - first)).sum::<u64>()
        };
        rules.sort_by_key(|rule| size(&rule.source) + size(&rule.destination));
    }
    rules
}

/// The rules as sets, outcome 0 where they allow and 1 where they deny.
fn compiled(sets: &mut Sets, rules: &[Rule]) -> Vec<(Set, usize)> {
    let each = rules.iter().map(|rule| {
        let headers = Headers {
            sources: &rule.source,
            destinations: &rule.destination,
            protocols: ProtocolSet::single(rule.protocol),
            source_ports: &[PortRange::ANY],
            destination_ports: &[rule.ports],
        };
        (sets.headers(&headers), usize::from(!rule.allows))
    });
    each.collect()
}

/// What the rules allow.
fn allowed(sets: &mut Sets, rules: &[Rule]) -> Set {
    let each = compiled(sets, rules);
    sets.first_match(&each, 2).first().copied().unwrap_or(Set::NONE)
}

fn thousand_rules(criterion: &mut Criterion) {
    let shapes = [
        ("broad", rules(1_000, 8, false, 1)),
        ("specific first", rules(1_000, 8, true, 2)),
        ("narrow", rules(1_000, 20, false, 3)),
    ];
    for (name, rules) in &shapes {
        criterion.bench_function(&format!("1,000 rules to a set, {name}"), |bencher| {
            bencher.iter(|| {
                let mut sets = Sets::new();
                black_box(allowed(&mut sets, rules))
            });
        });
    }
}

/// Two groups of which `count` rules differ, from their rules to a witness of what the second one
/// allows and of what it denies. One: a rule near the end that allows in one and denies in the other.
fn comparison(criterion: &mut Criterion) {
    let shapes = [("broad", 8), ("narrow", 20)].into_iter();
    for (name, shortest, count) in
        shapes.flat_map(|(name, shortest)| [1, 30, 300, 1_000].map(|count| (name, shortest, count)))
    {
        let before = rules(1_000, shortest, false, 4);
        let mut after = rules(1_000, shortest, false, 4);
        match count {
            1 => after.iter_mut().skip(900).take(1).for_each(|rule| rule.allows = !rule.allows),
            _ => {
                let places = after.iter_mut().step_by(1_000 / count);
                places.zip(rules(count, shortest, false, 5)).for_each(|(old, new)| *old = new);
            }
        }
        criterion.bench_function(
            &format!("two groups of 1,000 rules compared, {name}, {count} differ"),
            |bencher| {
                bencher.iter(|| {
                    let mut sets = Sets::new();
                    let (a, b) = (compiled(&mut sets, &before), compiled(&mut sets, &after));
                    let changes = sets.first_match_changes(&a, &b, 2);
                    let gained = changes.iter().map(|change| sets.witness(change.gained));
                    black_box(gained.collect::<Vec<_>>())
                });
            },
        );
    }
}

criterion_group!(benches, thousand_rules, comparison);
criterion_main!(benches);
