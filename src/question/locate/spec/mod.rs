//! What location specifiers mean in a network: places, with addresses.

mod ends;
mod group;
mod pattern;

pub use ends::Ends;

use super::entry::{End, Entry, Holder};
use super::{Refusal, catalogue};
use crate::azure::{Frontend, Network, PublicIpAddress, ServiceTarget};
use crate::dataplane::Dataplane;
use crate::dataplane::graph::{EntryTarget, Location, Owner};
use crate::diag::{Diagnostic, similar};
use crate::id::{Id, ResourceId};
use crate::net::AddressSet;
use crate::question::{Endpoint, location};
use crate::scenario::{Spec, SpecKind, SpecSet, SpecTerm, SpecWord};
use ipnet::IpNet;
use std::net::IpAddr;

/// Which end of a packet a specifier is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Where it starts.
    Source,
    /// Where it goes.
    Destination,
}

/// The ends that `spec` means. O(n) in the size of the estate for each of its words.
///
/// # Errors
/// When a word means nothing in the input, or several things; said with the place of the word.
pub fn ends(plane: &Dataplane, spec: &Spec, side: Side) -> Result<Ends, Box<Diagnostic>> {
    let found = Meaning { plane, spec, side }.of(&spec.set)?.ends;
    Ok(match side {
        Side::Source => found,
        Side::Destination => led_on(plane, &found),
    })
}

/// With what is sent to private endpoints of private link services that are meant: it arrives behind these
/// (R306), not there. O(n) in the places for each of them.
fn led_on(plane: &Dataplane, ends: &Ends) -> Ends {
    let mut all = ends.clone();
    for (at, _) in plane.locations.iter().filter(|(_, location)| location.leads_on()) {
        let meant = ends.at(at);
        if meant == ends.elsewhere() {
            continue;
        }
        let own = plane.addresses_at(at).intersection(meant);
        let mut sent = Ends::with_addresses(own.clone());
        let others = plane.locations.ids().filter(|&other| other != at);
        for other in others.filter(|&other| plane.addresses_at(other).overlaps(&own)) {
            sent = sent.difference(&Ends::place_with(other, own.clone()));
        }
        all = all.union(&sent);
    }
    all
}

/// What words mean together.
struct Meant {
    ends: Ends,
    /// The same where an address is that alone, and not whatever has it: what is left of it beside a place.
    sent: Ends,
    /// Are the words all addresses?
    is_addresses: bool,
}

impl Meant {
    fn union(&self, other: &Self) -> Self {
        Self {
            ends: self.ends.union(&other.ends),
            sent: self.sent.union(&other.sent),
            is_addresses: self.is_addresses && other.is_addresses,
        }
    }

    /// Of a place and an address there is left what is sent there to that address.
    fn intersection(&self, other: &Self) -> Self {
        let sent = self.sent.intersection(&other.sent);
        let is_addresses = self.is_addresses && other.is_addresses;
        let ends = if is_addresses { self.ends.intersection(&other.ends) } else { sent.clone() };
        Self { ends, sent, is_addresses }
    }

    fn difference(&self, other: &Self) -> Self {
        Self {
            ends: self.ends.difference(&other.ends),
            sent: self.sent.difference(&other.ends),
            is_addresses: self.is_addresses,
        }
    }
}

struct Meaning<'a> {
    plane: &'a Dataplane,
    spec: &'a Spec,
    side: Side,
}

impl Meaning<'_> {
    fn of(&self, set: &SpecSet) -> Result<Meant, Box<Diagnostic>> {
        Ok(match set {
            SpecSet::Union(a, b) => self.of(a)?.union(&self.of(b)?),
            SpecSet::Intersection(a, b) => self.of(a)?.intersection(&self.of(b)?),
            SpecSet::Difference(a, b) => self.of(a)?.difference(&self.of(b)?),
            SpecSet::Term(term) => {
                let ends = self.term(term).map_err(|refusal| {
                    let remark = Diagnostic::from(refusal);
                    Box::new(remark.at(self.spec.place_of(term)))
                })?;
                // What starts from an address starts where that is.
                let addresses = self.addresses_of(term).filter(|_| self.side == Side::Destination);
                let sent = addresses.cloned().map(Ends::with_addresses);
                let is_addresses = sent.is_some();
                Meant { sent: sent.unwrap_or_else(|| ends.clone()), ends, is_addresses }
            }
        })
    }

    /// The addresses that a word means, where it means no places.
    fn addresses_of<'s>(&'s self, term: &'s SpecTerm) -> Option<&'s AddressSet> {
        match &term.word {
            SpecWord::Addresses(addresses) => Some(addresses),
            SpecWord::Named(Some(SpecKind::ServiceTag), name) => {
                self.network().service_tags.get(name)
            }
            SpecWord::Anywhere
            | SpecWord::Internet
            | SpecWord::OnPremises
            | SpecWord::Named(..) => None,
        }
    }

    fn network(&self) -> &Network {
        self.plane.network()
    }

    fn term(&self, term: &SpecTerm) -> Result<Ends, Refusal> {
        match &term.word {
            SpecWord::Anywhere => Ok(Ends::anywhere()),
            SpecWord::Internet => Ok(Ends::places(self.internet())),
            SpecWord::OnPremises => self.on_premises(),
            SpecWord::Addresses(addresses) => self.with_addresses(addresses),
            SpecWord::Named(Some(SpecKind::ServiceTag), name) => self.tag(name),
            SpecWord::Named(Some(SpecKind::ResourceGroup), name) => self.resource_group(name),
            SpecWord::Named(kind, name) => self.named(*kind, name),
        }
    }

    fn internet(&self) -> impl Iterator<Item = Id<Location>> {
        let places = &self.plane.places;
        places.internet.into_iter().chain(places.internet_hosts.values().copied())
    }

    /// Machines of all sites, those that a local network gateway implies too.
    fn on_premises(&self) -> Result<Ends, Refusal> {
        let places = &self.plane.places;
        let machines = places.site_machines.values().chain(places.site_hosts.values());
        let all: Vec<_> = machines.chain(places.implied_sites.values()).copied().collect();
        if all.is_empty() {
            return Err(nobody("on-premises", "nothing in the input is on premises"));
        }
        Ok(Ends::places(all))
    }

    /// Packets with one of these addresses; and whatever has one of them, since more packets reach it
    /// than those that are sent there, where a public address or a frontend leads to it.
    fn with_addresses(&self, addresses: &AddressSet) -> Result<Ends, Refusal> {
        let has_one = |location: &Location| {
            location.addresses.iter().any(|&address| addresses.contains(address))
        };
        let owners = self.plane.locations.iter().filter(|(_, location)| has_one(location));
        let owners = owners.map(|(at, _)| at).filter(|&at| !self.plane.stands_for_others(at));
        let owners: Vec<Id<Location>> = owners.collect();
        if owners.is_empty() && !self.is_somewhere(addresses) {
            let texts: Vec<String> = addresses.prefixes().iter().map(written).collect();
            return Err(nobody(&texts.join(", "), "nothing in the input has such an address"));
        }
        let with = Ends::with_addresses(addresses.clone());
        Ok(match self.side {
            Side::Source => with.union(&Ends::places(self.behind(addresses))),
            Side::Destination => {
                let own = owners.into_iter().map(|at| (at, self.not_for_others(at, addresses)));
                own.fold(with, |all, (at, own)| all.union(&Ends::place_with(at, own)))
            }
        })
    }

    /// What may be sent to a place that has some of `addresses`, without what is for its others: these, and
    /// public addresses and frontends that lead to them alone.
    fn not_for_others(&self, at: Id<Location>, addresses: &AddressSet) -> AddressSet {
        let plane = self.plane;
        let is_other = |own: IpAddr| !addresses.contains(own);
        let own = plane.locations[at].addresses.iter().copied().filter(|&own| is_other(own));
        let entries = plane.realms[plane.internet].owners.iter().filter_map(|&(public, owner)| {
            let Owner::Entry(entry) = owner else { return None };
            let target = plane.entries[entry].target;
            matches!(target, EntryTarget::Translate(to, own) if to == at && is_other(own))
                .then_some(public)
        });
        let frontends = plane.balancers.values().filter(|balancer| {
            let members = balancer.rules.iter().flat_map(|rule| &rule.backends);
            let mut members = members.filter(|member| member.location == at).peekable();
            members.peek().is_some() && members.all(|member| is_other(member.address))
        });
        let frontends = frontends.filter_map(|balancer| balancer.address);
        let others: AddressSet = own.chain(entries).chain(frontends).map(IpNet::from).collect();
        AddressSet::everything().difference(&others).union(addresses)
    }

    /// May a machine at a site or on the Internet have one of these addresses, or a frontend?
    fn is_somewhere(&self, addresses: &AddressSet) -> bool {
        let plane = self.plane;
        let outside = plane.locations.ids().filter(|&at| plane.stands_for_others(at));
        let mut spaces = outside.map(|at| match plane.locations[at].realm {
            realm if realm == plane.internet => Dataplane::outside_space(),
            realm => plane.realms[realm].space.clone(),
        });
        let mut frontends = plane.balancers.values().filter_map(|balancer| balancer.address);
        spaces.any(|space| space.overlaps(addresses))
            || frontends.any(|address| addresses.contains(address))
    }

    /// What sends from a public address among these.
    fn behind(&self, addresses: &AddressSet) -> impl Iterator<Item = Id<Location>> {
        let public = self.network().public_ip_addresses.iter();
        let public = public
            .filter(|(_, it)| it.ip_address.is_some_and(|address| addresses.contains(address)));
        public.filter_map(|(id, _)| self.sender(id))
    }

    fn sender(&self, address: Id<PublicIpAddress>) -> Option<Id<Location>> {
        let end = End::from(Endpoint::PublicAddress(address));
        match super::attached::sender(self.network(), end, "").ok()? {
            End::Endpoint(endpoint, _) => location(self.plane, endpoint),
            End::Name(_) => None,
        }
    }

    /// A list of addresses that changes weekly (R207).
    fn tag(&self, name: &str) -> Result<Ends, Refusal> {
        let tags = &self.network().service_tags;
        if let Some(addresses) = tags.get(name) {
            return self.with_addresses(addresses);
        }
        let why = match name.to_ascii_lowercase().as_str() {
            // R201: of the Internet's addresses it leaves some out.
            "internet" => {
                let tag = Ends::with_addresses(self.plane.internet_tag());
                return Ok(Ends::places(self.internet()).intersection(&tag));
            }
            "virtualnetwork" => "stands for other addresses at each subnet",
            _ if tags.is_empty() => "is a tag whose contents are not in the input",
            _ => "is no tag of the file of service tags",
        };
        let hint = if tags.is_empty() {
            "give the week's file with `--service-tags`".to_owned()
        } else {
            let near = similar(name, tags.names());
            near.first().map_or_else(
                || "name prefixes, or networks as in `vnet:hub`".to_owned(),
                |near| format!("did you mean `tag:{near}`?"),
            )
        };
        Err(Refusal::Unreadable { text: format!("tag:{name}"), why: why.to_owned(), hint })
    }

    fn resource_group(&self, name: &str) -> Result<Ends, Refusal> {
        let is_in = |id: &ResourceId| {
            id.resource_group().is_some_and(|group| pattern::matches(name, group))
        };
        let locations = self.plane.locations.iter();
        let inside = locations.filter(|(_, location)| {
            let item = location.evidence.map(|evidence| self.plane.item(evidence));
            item.and_then(|item| item.resource).is_some_and(|id| is_in(&id))
        });
        let inside: Vec<_> = inside.map(|(at, _)| at).collect();
        if inside.is_empty() {
            return Err(nobody(
                &format!("resource-group:{name}"),
                "nothing that sends or takes packets is in it",
            ));
        }
        Ok(Ends::places(inside))
    }

    fn named(&self, kind: Option<SpecKind>, name: &str) -> Result<Ends, Refusal> {
        let entries = catalogue::all(self.network());
        let is_kind =
            |entry: &&Entry<'_>| kind.is_none_or(|kind| labels(kind).contains(&entry.label));
        let found = entries.iter().filter(is_kind).filter(|entry| pattern::is_called(entry, name));
        let found: Vec<&Entry<'_>> = found.collect();
        if found.is_empty() {
            let of_kind = entries.iter().filter(is_kind);
            let last = name.rsplit('/').next().unwrap_or(name);
            let near = similar(last, of_kind.map(|entry| &*entry.name));
            let similar = near.into_iter().map(str::to_owned).collect();
            let kind = kind.map(SpecKind::word);
            return Err(Refusal::NoSuchPlace { text: name.to_owned(), kind, similar });
        }
        if !name.contains('*') {
            one_thing(name, &found)?;
        }
        let mut all = Ends::default();
        for entry in found {
            all = all.union(&self.entry(name, entry)?);
        }
        Ok(all)
    }

    fn entry(&self, text: &str, entry: &Entry<'_>) -> Result<Ends, Refusal> {
        if let Some(group) = entry.group {
            let inside = group::places(self.plane, group);
            if let Holder::Service(id) = group {
                self.all_of_service(text, id)?;
            }
            if inside.is_empty() && !text.contains('*') {
                let why = match entry.end {
                    Ok(End::Name(_)) => "no address of it is in the input".to_owned(),
                    Ok(End::Endpoint(..)) | Err(_) => {
                        format!("it is a {} with nothing in it, or behind it", entry.label)
                    }
                };
                return Err(nobody(text, why));
            }
            let subnets = group::subnets(self.network(), group);
            return Ok(Ends::places(inside).union(&Ends::untold(subnets)));
        }
        match &entry.end {
            Ok(End::Endpoint(endpoint, address)) => self.endpoint(text, *endpoint, *address),
            Ok(End::Name(_)) => Err(service_unknown(text)),
            Err(_) if text.contains('*') => Ok(Ends::default()),
            Err(what) => Err(nobody(text, format!("it is {what}"))),
        }
    }

    /// A service is where it answers, which has to be known: a service has a public address unless it refuses
    /// all that comes to it.
    fn all_of_service(&self, text: &str, id: Id<ServiceTarget>) -> Result<(), Refusal> {
        let places = &self.plane.places;
        let service = &self.network().service_targets[id].meta.id;
        let is_known =
            places.services.contains_key(&id) || places.closed_services.contains_key(service);
        if is_known { Ok(()) } else { Err(service_unknown(text)) }
    }

    fn endpoint(
        &self,
        text: &str,
        endpoint: Endpoint,
        address: Option<IpAddr>,
    ) -> Result<Ends, Refusal> {
        if let Endpoint::PublicAddress(id) = endpoint {
            return self.public_address(text, id);
        }
        if let Endpoint::Frontend(id) = endpoint {
            return self.frontend(text, id);
        }
        let at = location(self.plane, endpoint);
        let why = "it stands in a subnet that is not in the input";
        let at = at.ok_or_else(|| nobody(text, why))?;
        Ok(match (address, self.side) {
            (Some(address), Side::Source) => Ends::place_with(at, single(address)),
            (Some(_), Side::Destination) | (None, _) => Ends::places([at]),
        })
    }

    fn public_address(&self, text: &str, id: Id<PublicIpAddress>) -> Result<Ends, Refusal> {
        match self.side {
            Side::Source => {
                let sender = self.sender(id);
                let sender = sender.ok_or_else(|| nobody(text, "nothing sends from it"))?;
                Ok(Ends::places([sender]))
            }
            Side::Destination => facing(text, self.network().public_ip_addresses[id].ip_address),
        }
    }

    fn frontend(&self, text: &str, id: Id<Frontend>) -> Result<Ends, Refusal> {
        match self.side {
            Side::Source => Err(nobody(text, "a load balancer sends nothing of its own accord")),
            Side::Destination => {
                facing(text, self.plane.frontend_destination(id).addresses.first().copied())
            }
        }
    }
}

/// What is sent to an address, wherever it arrives.
fn facing(text: &str, address: Option<IpAddr>) -> Result<Ends, Refusal> {
    let known = address.ok_or_else(|| nobody(text, "its address is not in the input"))?;
    Ok(Ends::with_addresses(single(known)))
}

fn nobody(text: &str, why: impl Into<String>) -> Refusal {
    Refusal::NobodyThere { text: text.to_owned(), why: why.into() }
}

/// Is just one thing called so? The frontends of one load balancer are.
fn one_thing(text: &str, found: &[&Entry<'_>]) -> Result<(), Refusal> {
    let whole = |entry: &Entry<'_>| {
        let id = ResourceId::new(&entry.id);
        let is_part = !id.name().eq_ignore_ascii_case(&entry.name);
        id.parent().filter(|_| is_part).unwrap_or(id)
    };
    let mut wholes: Vec<(ResourceId, &Entry<'_>)> = Vec::new();
    for entry in found {
        let whole = whole(entry);
        if wholes.iter().all(|(other, _)| *other != whole) {
            wholes.push((whole, entry));
        }
    }
    if wholes.len() < 2 {
        return Ok(());
    }
    let candidate = |(whole, entry): &(ResourceId, &Entry<'_>)| {
        let kinds = SpecKind::ALL.iter().copied();
        let kind = kinds.filter(|&kind| labels(kind).contains(&entry.label)).map(SpecKind::word);
        let kind: String = kind.map(|word| format!("{word}:{}: ", entry.name)).collect();
        format!("{kind}{whole}")
    };
    Err(Refusal::ambiguous(text, wholes.iter().map(candidate)))
}

fn service_unknown(text: &str) -> Refusal {
    let why = "it is a service, whose public addresses are not in the input; name its private endpoint, \
               or the tag of its addresses";
    nobody(text, why)
}

/// What the catalogue calls the things of a sort.
const fn labels(kind: SpecKind) -> &'static [&'static str] {
    match kind {
        SpecKind::ApplicationGateway => &["application gateway"],
        SpecKind::ApplicationSecurityGroup => &["application security group"],
        SpecKind::Bastion => &["Bastion"],
        SpecKind::Cluster => &["managed cluster"],
        SpecKind::ContainerGroup => &["container group"],
        SpecKind::Firewall => &["Azure Firewall"],
        SpecKind::Gateway => &["virtual network gateway"],
        SpecKind::Host => &["host on premises", "host on the Internet"],
        SpecKind::InboundEndpoint => &["inbound endpoint"],
        SpecKind::LoadBalancer => &["frontend of a load balancer"],
        SpecKind::NetworkInterface => &["network interface"],
        SpecKind::NetworkSecurityGroup => &["network security group"],
        SpecKind::OutboundEndpoint => &["outbound endpoint"],
        SpecKind::PrivateEndpoint => &["private endpoint"],
        SpecKind::PublicAddress => &["public IP address"],
        SpecKind::RouteServer => &["Route Server"],
        SpecKind::RouteTable => &["route table"],
        SpecKind::Service => &["service"],
        SpecKind::Site => &["site on premises", "edge of a site on premises"],
        SpecKind::Subnet => &["subnet"],
        SpecKind::VirtualMachine => &["virtual machine"],
        SpecKind::VirtualNetwork => &["virtual network"],
        // These two are no entries of the catalogue.
        SpecKind::ResourceGroup | SpecKind::ServiceTag => &[],
    }
}

fn single(address: IpAddr) -> AddressSet {
    [IpNet::from(address)].into_iter().collect()
}

/// A prefix, and a single address without its length.
fn written(prefix: &IpNet) -> String {
    match prefix.prefix_len() == prefix.max_prefix_len() {
        true => prefix.addr().to_string(),
        false => prefix.to_string(),
    }
}
