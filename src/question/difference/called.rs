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
    as_sender: Vec<u32>,
    /// The names of what is reached, in order, each once; none for ends without an address.
    receivers: Arc<[String]>,
    as_receiver: Vec<Option<u32>>,
    /// Its address of each family, as of an end in a group; 0 is IPv4.
    addresses: Vec<[Option<IpAddr>; 2]>,
    /// The number of its network.
    homes: Vec<usize>,
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
        let of_family = |own: &[IpAddr], v4| own.iter().copied().find(|it| it.is_ipv4() == v4);
        Self {
            as_receiver: as_receiver.collect(),
            addresses: own
                .iter()
                .map(|own| [of_family(own, true), of_family(own, false)])
                .collect(),
            homes: ends.iter().map(home).collect(),
            senders: ordered.iter().map(|it| it.0.to_owned()).collect(),
            receivers: names.into_iter().map(str::to_owned).collect(),
            as_sender,
        }
    }

    /// These ends as senders.
    pub(super) fn senders(&self, ends: &[usize]) -> Members {
        let numbers = ends.iter().filter_map(|&end| self.as_sender.get(end).copied());
        Members::new(Arc::clone(&self.senders), Ranges::of(numbers.collect()))
    }

    /// These ends and `others` as what is reached.
    pub(super) fn reached(&self, ends: &[usize], others: &BTreeSet<String>) -> Members {
        let numbers = ends.iter().filter_map(|&end| self.as_receiver.get(end).copied().flatten());
        let others = others.iter().filter_map(|name| self.receivers.binary_search(name).ok());
        let others = others.filter_map(|number| u32::try_from(number).ok());
        Members::new(Arc::clone(&self.receivers), Ranges::of(numbers.chain(others).collect()))
    }

    /// The address of a family of an end in a group: 0 is IPv4, 1 is IPv6.
    pub(super) fn address(&self, end: usize, family: usize) -> Option<IpAddr> {
        *self.addresses.get(end)?.get(family)?
    }

    /// The number of the network of an end.
    pub(super) fn home(&self, end: usize) -> Option<usize> {
        self.homes.get(end).copied()
    }
}

/// The addresses of an end, where it is.
fn addresses<'p>(planes: [&'p Dataplane; 2], end: &End) -> &'p [IpAddr] {
    let mut places = planes.into_iter().zip(end.at);
    let place = places.find_map(|(plane, at)| Some((plane, at?)));
    place.map_or(&[], |(plane, at)| &plane.locations[at].addresses)
}
