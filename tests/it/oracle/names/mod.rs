//! Names: whom a client asks, and what it gets (chapter 5 of the rules, R509).
//!
//! An answer is a set of outcomes: where the input does not tell what happens, each way is followed. When all
//! end alike the answer is known.

mod clients;
mod public;
mod servers;
mod views;
mod zones;

use super::Said;
use hopwise::azure::{Firewall, Network, NetworkInterface, OutboundEndpoint, Site};
use hopwise::id::{Id, ResourceId};
use hopwise::net::{DnsName, RecordData, RecordType};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Where queries come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Spot {
    Interface(Id<NetworkInterface>),
    OutboundEndpoint(Id<OutboundEndpoint>),
    Firewall(Id<Firewall>),
    SiteHost(Id<Site>, usize),
    InternetHost(usize),
}

/// How an answer ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// The data as zone files write it.
    Records(BTreeSet<String>),
    Nxdomain,
    Nodata,
    Timeout,
    Unknown,
}

/// An answer: the aliases, each with what it stands for, and how it ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) aliases: Vec<(DnsName, DnsName)>,
    pub(crate) ending: Ending,
}

/// What a client gets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gets {
    pub(crate) ending: Ending,
    /// The chain of aliases; none where several ways lead to the same end.
    pub(crate) aliases: Option<Vec<(DnsName, DnsName)>>,
}

/// Does a query get there, and its answer back? None when that cannot be said.
pub(crate) type Carries<'a> = &'a dyn Fn(Spot, IpAddr) -> Option<bool>;
/// Does a query get to 168.63.129.16 (R242)?
pub(crate) type CarriesToPlatform<'a> = &'a dyn Fn(Spot) -> Option<bool>;

/// What is asked, of which network, and what was met on the way.
pub(crate) struct Asking<'a> {
    network: &'a Network,
    kind: RecordType,
    carries: (Carries<'a>, CarriesToPlatform<'a>),
    /// Who works on which name at the moment: whoever is asked again meanwhile never answers (R273).
    busy: Vec<(String, DnsName)>,
    /// The links of zones that were asked.
    pub(crate) asked_by: BTreeSet<ResourceId>,
    /// Why the rules do not tell.
    open: Option<&'static str>,
}

/// What one look-up of a name comes to.
enum Found {
    Alias(DnsName),
    Told(Told),
}

impl From<Ending> for Found {
    fn from(ending: Ending) -> Self {
        Self::Told(ending.into())
    }
}

impl From<Ending> for Told {
    fn from(ending: Ending) -> Self {
        Self { aliases: Vec::new(), ending }
    }
}

type Outcomes = BTreeSet<Told>;

fn only(ending: Ending) -> Outcomes {
    [ending.into()].into()
}

impl<'a> Asking<'a> {
    pub(crate) fn new(
        network: &'a Network,
        kind: RecordType,
        carries: (Carries<'a>, CarriesToPlatform<'a>),
    ) -> Self {
        Self { network, kind, carries, busy: Vec::new(), asked_by: BTreeSet::new(), open: None }
    }

    /// What the client at `spot` gets for `name`.
    pub(crate) fn ask(&mut self, spot: Spot, name: &DnsName) -> Said<Gets> {
        let outcomes = self.client(spot, name);
        if let Some(why) = self.open {
            return Said::Open(why);
        }
        let endings: BTreeSet<&Ending> = outcomes.iter().map(|told| &told.ending).collect();
        let (Some(first), 1) = (outcomes.first(), endings.len()) else { return Said::Unknown };
        if first.ending == Ending::Unknown {
            return Said::Unknown;
        }
        let aliases = (outcomes.len() == 1).then(|| first.aliases.clone());
        Said::Known(Gets { ending: first.ending.clone(), aliases })
    }

    fn leave_open(&mut self, why: &'static str) -> Ending {
        self.open = Some(why);
        Ending::Unknown
    }

    /// Lets `who` work on `name`, unless it does so already.
    fn work(
        &mut self,
        who: String,
        name: &DnsName,
        work: impl FnOnce(&mut Self) -> Outcomes,
    ) -> Outcomes {
        let task = (who, name.clone());
        if self.busy.contains(&task) {
            return only(Ending::Timeout);
        }
        if self.busy.len() > 40 {
            return only(self.leave_open("a server looks aliases up without end"));
        }
        self.busy.push(task);
        let outcomes = work(self);
        self.busy.pop();
        outcomes
    }

    /// Looks `name` up and then, each time from the start, what it is an alias for (R509). Aliases in a
    /// ring never end.
    fn chase(
        &mut self,
        name: &DnsName,
        seen: &[DnsName],
        look_up: &dyn Fn(&mut Self, &DnsName) -> Vec<Found>,
    ) -> Outcomes {
        if seen.contains(name) {
            return only(Ending::Timeout);
        }
        let seen = [seen, std::slice::from_ref(name)].concat();
        let mut outcomes = Outcomes::new();
        for found in look_up(self, name) {
            match found {
                Found::Told(told) => drop(outcomes.insert(told)),
                Found::Alias(target) => {
                    let rest = self.chase(&target, &seen, look_up);
                    outcomes.extend(rest.into_iter().map(|told| told.after(name, &target)));
                }
            }
        }
        outcomes
    }
}

impl Told {
    fn after(mut self, name: &DnsName, target: &DnsName) -> Self {
        self.aliases.insert(0, (name.clone(), target.clone()));
        self
    }
}

/// What `sets` at one name say: records of the type, else an alias, else that there are none (R250).
fn at_name(sets: &[&RecordData], kind: RecordType) -> Found {
    let of_type = |kind: RecordType| sets.iter().find(|data| data.record_type() == kind);
    if let Some(data) = of_type(kind) {
        if data.texts().is_empty() {
            // A set that refers to a resource.
            return Ending::Unknown.into();
        }
        return Ending::Records(data.texts().into_iter().collect()).into();
    }
    match of_type(RecordType::Cname) {
        Some(RecordData::Cname(target)) => Found::Alias(target.clone()),
        _ => Ending::Nodata.into(),
    }
}

/// The wildcard name that stands for `name`, which nothing has: below the closest name above that exists
/// (R254, RFC 4592), if that is `top` or within it.
fn wildcard(name: &DnsName, top: &DnsName, owners: &[&DnsName]) -> Option<DnsName> {
    let exists =
        |above: &DnsName| above == top || owners.iter().any(|owner| owner.is_within(above));
    name.and_above().skip(1).find(exists)?.child("*")
}
