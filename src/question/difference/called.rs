//! What ends are called, where they are, and their addresses: looked up once for all that is told of them.

use super::field::{End, only};
use super::senders::Receivers;
use crate::answer::{Members, Ranges};
use crate::dataplane::Dataplane;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

/// Of each end, by its number.
#[derive(Debug)]
pub(super) struct Called {
    /// The names of senders, in order, and which of them each end is.
    senders: Arc<[String]>,
    as_sender: Runs,
    /// The names of what is reached, in order, each once; none for ends without an address.
    receivers: Arc<[String]>,
    as_receiver: Runs,
    /// Its address of each family, as of an end in a group; 0 is IPv4.
    addresses: Vec<[Option<IpAddr>; 2]>,
    /// The number of its network.
    homes: Vec<usize>,
    /// The first and the last end of each network.
    by_home: Vec<Run>,
}

/// The first and the last of numbers in a row.
pub(super) type Run = (u32, u32);

/// Runs of ends whose names are in a row as well, each with the number of the first name.
#[derive(Debug)]
struct Runs(Vec<(Run, u32)>);

impl Runs {
    /// Of ends from 0 on; none: it has no name.
    fn of(names: impl Iterator<Item = Option<u32>>) -> Self {
        let mut runs: Vec<(Run, u32)> = Vec::new();
        for (end, name) in (0..).zip(names) {
            let Some(name) = name else { continue };
            match runs.last_mut() {
                Some(((first, last), of)) if *last + 1 == end && *of + (end - *first) == name => {
                    *last = end;
                }
                _ => runs.push(((end, end), name)),
            }
        }
        Self(runs)
    }

    /// The numbers of the names of `ends`. O(log n) for each run of ends, and O(1) for each run of names there.
    fn names<'a>(&'a self, ends: &'a Ranges) -> impl Iterator<Item = Run> + 'a {
        ends.as_slice().iter().flat_map(move |&(first, last)| {
            let from = self.0.partition_point(|((_, end), _)| *end < first);
            let runs = self.0.iter().skip(from).take_while(move |((start, _), _)| *start <= last);
            runs.map(move |&((start, end), name)| {
                let (a, b) = (start.max(first), end.min(last));
                (name + (a - start), name + (b - start))
            })
        })
    }
}

/// What goes to addresses that nothing has.
pub(super) const OTHERS: &str = "other addresses";

impl Called {
    /// O(n log n) in the number of ends and of what has addresses.
    pub(super) fn of(planes: [&Dataplane; 2], ends: &[End], receivers: &Receivers) -> Self {
        let own: Vec<&[IpAddr]> = ends.iter().map(|end| addresses(planes, end)).collect();
        let reached = ends.iter().zip(&own).map(|(end, own)| {
            let address = only(*own.first()?);
            let name = receivers.among(&address, &end.realm).next();
            name.map(|(_, name)| name.to_owned())
        });
        let reached: Vec<Option<String>> = reached.collect();
        let names: BTreeSet<&str> = receivers.names().chain([OTHERS]).collect();
        let numbers: BTreeMap<&str, u32> = names.iter().copied().zip(0..).collect();
        let as_receiver = reached.iter().map(|name| numbers.get(name.as_deref()?).copied());
        let mut ordered: Vec<(&str, usize)> =
            ends.iter().enumerate().map(|(number, end)| (&*end.name, number)).collect();
        ordered.sort_unstable();
        let mut as_sender = vec![0; ends.len()];
        for (rank, &(_, number)) in (0..).zip(&ordered) {
            as_sender.get_mut(number).into_iter().for_each(|it| *it = rank);
        }
        let realms: BTreeSet<&str> = ends.iter().map(|end| &*end.realm).collect();
        let realms: BTreeMap<&str, usize> = realms.into_iter().zip(0..).collect();
        let home = |end: &End| realms.get(&*end.realm).copied().unwrap_or_default();
        let homes: Vec<usize> = ends.iter().map(home).collect();
        let of_family = |own: &[IpAddr], v4| own.iter().copied().find(|it| it.is_ipv4() == v4);
        Self {
            as_receiver: Runs::of(as_receiver),
            addresses: own
                .iter()
                .map(|own| [of_family(own, true), of_family(own, false)])
                .collect(),
            by_home: by_home(&homes),
            homes,
            senders: ordered.iter().map(|it| it.0.to_owned()).collect(),
            receivers: names.into_iter().map(str::to_owned).collect(),
            as_sender: Runs::of(as_sender.into_iter().map(Some)),
        }
    }

    /// These ends as senders.
    pub(super) fn senders(&self, ends: &Ranges) -> Members {
        let numbers = self.as_sender.names(ends);
        Members::new(Arc::clone(&self.senders), Ranges::joined(numbers.collect()))
    }

    /// These ends and `others` as what is reached.
    pub(super) fn reached(&self, ends: &Ranges, others: &BTreeSet<String>) -> Members {
        let others = others.iter().filter_map(|name| self.receivers.binary_search(name).ok());
        let others = others.filter_map(|number| u32::try_from(number).ok());
        let numbers = self.as_receiver.names(ends).chain(others.map(|it| (it, it)));
        Members::new(Arc::clone(&self.receivers), Ranges::joined(numbers.collect()))
    }

    /// The address of a family of an end in a group: 0 is IPv4, 1 is IPv6.
    pub(super) fn address(&self, end: usize, family: usize) -> Option<IpAddr> {
        *self.addresses.get(end)?.get(family)?
    }

    /// The ends of the network of an end: they are in a row.
    pub(super) fn home(&self, end: u32) -> Option<Run> {
        self.by_home.get(*self.homes.get(end as usize)?).copied()
    }

    /// A run of ends, by their networks, each with all ends there.
    pub(super) fn by_home(&self, (first, last): Run) -> impl Iterator<Item = (Run, Run)> + '_ {
        let from = self.by_home.partition_point(|home| home.1 < first);
        let homes = self.by_home.iter().skip(from).take_while(move |home| home.0 <= last);
        homes.map(move |&home| ((home.0.max(first), home.1.min(last)), home))
    }
}

/// The first and the last end of each network: ends are in the order of these.
fn by_home(homes: &[usize]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let numbered: Vec<(u32, &usize)> = (0..).zip(homes).collect();
    for run in numbered.chunk_by(|a, b| a.1 == b.1) {
        let ends = run.first().zip(run.last());
        runs.extend(ends.map(|(first, last)| (first.0, last.0)));
    }
    runs
}

/// The addresses of an end, where it is.
fn addresses<'p>(planes: [&'p Dataplane; 2], end: &End) -> &'p [IpAddr] {
    let mut places = planes.into_iter().zip(end.at);
    let place = places.find_map(|(plane, at)| Some((plane, at?)));
    place.map_or(&[], |(plane, at)| &plane.locations[at].addresses)
}
