//! Several openings in words, as few as say it exactly.

use super::Opening;
use crate::net::PortRange;
use std::collections::BTreeMap;

/// So many combinations of ports at most are said to be left out.
const LEFT_OUT: usize = 4;

/// Some ports of destinations, and some of sources.
type Ports = (Vec<PortRange>, Vec<PortRange>);

impl Opening {
    /// `UDP but to port 65330, from port 65330, from port 68 to 67`: openings that differ in their ports only make one
    /// line, where little is left out of all combinations of these. Each line comes with the numbers of its openings,
    /// in the order of the first of them; no two have packets in common, as no two openings have. O(n^2) in those that
    /// differ in ports only.
    #[must_use]
    pub fn lines(openings: &[Self], most: usize) -> Vec<(Vec<usize>, String)> {
        let mut alike: BTreeMap<Self, Vec<usize>> = BTreeMap::new();
        for (number, one) in openings.iter().enumerate() {
            let key = Self { ports: Vec::new(), source_ports: Vec::new(), ..one.clone() };
            alike.entry(key).or_default().push(number);
        }
        let mut lines = Vec::new();
        for (key, numbers) in alike {
            let parts: Vec<Ports> = numbers
                .iter()
                .filter_map(|&number| openings.get(number))
                .map(|one| (all_if_none(&one.ports), all_if_none(&one.source_ports)))
                .collect();
            match together(&key, &parts).filter(|_| parts.len() > 1) {
                Some(ports) => lines.push((numbers, format!("{}{}", ports, key.ends(most)))),
                None => lines.extend(numbers.into_iter().filter_map(|number| {
                    Some((vec![number], openings.get(number)?.in_words(most)))
                })),
            }
        }
        lines.sort_by_key(|(numbers, _)| numbers.first().copied());
        lines
    }
}

fn all_if_none(ports: &[PortRange]) -> Vec<PortRange> {
    if ports.is_empty() { vec![PortRange::ANY] } else { ports.to_vec() }
}

/// Protocols and ports of all `parts`, if that takes few words.
fn together(key: &Opening, parts: &[Ports]) -> Option<String> {
    let destinations = joined(parts.iter().flat_map(|part| &part.0));
    let sources = joined(parts.iter().flat_map(|part| &part.1));
    let left_out = left_out(parts, &sources);
    if left_out.len() > LEFT_OUT {
        return None;
    }
    let mut text = key.protocols_in_words();
    let mut but = Vec::new();
    let outside = others(&destinations);
    match outside.len() < destinations.len() {
        true if outside.is_empty() => {}
        true => but.push(format!("to {}", named(&outside))),
        false => text.push_str(&format!(" {}", ranges(&destinations))),
    }
    let outside = others(&sources);
    match outside.len() < sources.len() {
        true if outside.is_empty() => {}
        true => but.push(format!("from {}", named(&outside))),
        false => text.push_str(&format!(" from source ports {}", ranges(&sources))),
    }
    but.extend(left_out.iter().map(|(to, from)| format!("from {} to {}", named(from), ranges(to))));
    if !but.is_empty() {
        text.push_str(&format!(" but {}", but.join(", ")));
    }
    Some(text)
}

/// The combinations of `sources` with destination ports that some part has, which no part has.
fn left_out(parts: &[Ports], sources: &[PortRange]) -> Vec<Ports> {
    let ends = parts.iter().flat_map(|part| &part.0);
    let mut cuts: Vec<u32> =
        ends.flat_map(|it| [u32::from(it.first()), u32::from(it.last()) + 1]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut missing: BTreeMap<Vec<PortRange>, Vec<PortRange>> = BTreeMap::new();
    for pair in cuts.windows(2) {
        let [first, end] = *pair else { continue };
        let Some(atom) = range(first, end) else { continue };
        let here = parts.iter().filter(|(to, _)| to.iter().any(|it| it.contains(atom)));
        let present = joined(here.flat_map(|part| &part.1));
        if present.is_empty() {
            continue;
        }
        let absent = others(&present);
        let absent = common(&absent, sources);
        if !absent.is_empty() {
            missing.entry(absent).or_default().push(atom);
        }
    }
    let mut found: Vec<Ports> =
        missing.into_iter().map(|(from, to)| (joined(to.iter()), from)).collect();
    found.sort();
    found
}

/// The same ports in as few ranges as can be, ascending.
fn joined<'p>(ports: impl Iterator<Item = &'p PortRange>) -> Vec<PortRange> {
    let mut sorted: Vec<PortRange> = ports.copied().collect();
    sorted.sort_unstable();
    let mut all: Vec<PortRange> = Vec::new();
    for next in sorted {
        let last = all.last().copied();
        match last.filter(|last| u32::from(next.first()) <= u32::from(last.last()) + 1) {
            Some(last) => {
                all.pop();
                all.extend(PortRange::new(last.first(), last.last().max(next.last())));
            }
            None => all.push(next),
        }
    }
    all
}

/// The ports that are in none of the ranges, which ascend with gaps between them.
fn others(ports: &[PortRange]) -> Vec<PortRange> {
    let starts = std::iter::once(0).chain(ports.iter().map(|it| u32::from(it.last()) + 1));
    let ends = ports.iter().map(|it| u32::from(it.first()));
    let ends = ends.chain([u32::from(u16::MAX) + 1]);
    starts.zip(ends).filter_map(|(first, end)| range(first, end)).collect()
}

/// The ports that are in both, each ascending.
fn common(a: &[PortRange], b: &[PortRange]) -> Vec<PortRange> {
    let each = a.iter().flat_map(|one| b.iter().map(move |other| (one, other)));
    let each = each.filter_map(|(one, other)| {
        PortRange::new(one.first().max(other.first()), one.last().min(other.last()))
    });
    joined(each.collect::<Vec<_>>().iter())
}

/// The ports from `first` up to `end`, without that.
fn range(first: u32, end: u32) -> Option<PortRange> {
    let last = u16::try_from(end.checked_sub(1)?).ok()?;
    PortRange::new(u16::try_from(first).ok()?, last)
}

/// `port 67`, or `ports 67-68`.
fn named(ports: &[PortRange]) -> String {
    let is_one = matches!(ports, [one] if one.first() == one.last());
    format!("{} {}", if is_one { "port" } else { "ports" }, ranges(ports))
}

fn ranges(ports: &[PortRange]) -> String {
    let texts: Vec<String> = ports.iter().map(ToString::to_string).collect();
    texts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Addresses;
    use crate::net::Protocol;
    use proptest::prelude::*;

    fn opening((ports, source_ports): Ports) -> Opening {
        Opening {
            protocols: vec![Protocol::Udp],
            ports,
            source_ports,
            sources: Addresses::Own,
            destinations: Addresses::Own,
            family: None,
        }
    }

    fn ports(text: &str) -> Vec<PortRange> {
        let each = text.split(',').filter(|it| !it.is_empty());
        each.map(|it| {
            let (first, last) = it.split_once('-').unwrap_or((it, it));
            PortRange::new(first.parse().unwrap(), last.parse().unwrap()).unwrap()
        })
        .collect()
    }

    fn words(parts: &[(&str, &str)]) -> Vec<String> {
        let all: Vec<Opening> =
            parts.iter().map(|(to, from)| opening((ports(to), ports(from)))).collect();
        Opening::lines(&all, 8).into_iter().map(|it| it.1).collect()
    }

    #[test]
    fn what_the_platform_keeps_of_all_udp_is_one_line() {
        // R18: no DHCP either way, and port 65330 is the host's.
        let parts = [
            ("0-66,68-65329,65331-65535", "68"),
            ("0-67,69-65329,65331-65535", "67"),
            ("0-65329,65331-65535", "0-66,69-65329,65331-65535"),
        ];
        let expected =
            "UDP but to port 65330, from port 65330, from port 68 to 67, from port 67 to 68";
        assert_eq!(words(&parts), [expected]);
        // Of some ports alike.
        let parts = [("50-66,68-80", "68"), ("50-80", "0-67,69-65535")];
        assert_eq!(words(&parts), ["UDP 50-80 but from port 68 to 67"]);
    }

    #[test]
    fn what_has_little_in_common_stays_apart() {
        let parts = [("1", "10"), ("2", "20"), ("3", "30"), ("4", "40"), ("5", "50")];
        assert_eq!(words(&parts).len(), 5);
        assert_eq!(words(&[("443", "")]), ["UDP 443"]);
    }

    proptest! {
        /// What is said to be left out is what no part has of all combinations.
        #[test]
        fn what_is_left_out_is_in_no_part(
            parts in prop::collection::vec((0u16..12, 0u16..12, 0u16..12, 0u16..12), 1..5)
        ) {
            let range = |a: u16, b: u16| vec![PortRange::new(a.min(b), a.max(b)).unwrap()];
            let parts: Vec<Ports> =
                parts.into_iter().map(|(a, b, c, d)| (range(a, b), range(c, d))).collect();
            let destinations = joined(parts.iter().flat_map(|part| &part.0));
            let sources = joined(parts.iter().flat_map(|part| &part.1));
            let left = left_out(&parts, &sources);
            let has = |ports: &[PortRange], port: u16| {
                ports.iter().any(|it| it.contains(PortRange::single(port)))
            };
            let is_in = |all: &[Ports], to, from| all.iter().any(|it| has(&it.0, to) && has(&it.1, from));
            for (to, from) in (0..14).flat_map(|to| (0..14).map(move |from| (to, from))) {
                let is_meant = has(&destinations, to) && has(&sources, from) && !is_in(&left, to, from);
                prop_assert_eq!(is_meant, is_in(&parts, to, from));
            }
        }
    }
}
