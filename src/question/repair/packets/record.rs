//! A record for a private endpoint that a zone lacks, or one that leads elsewhere.

use super::scene::Scene;
use crate::answer::{Item, Obstacle, Reason};
use crate::azure::tree::Node;
use crate::azure::{PrivateDnsZone, RecordSet};
use crate::id::ResourceId;
use crate::net::DnsName;
use crate::question::locate::{self, Refusal};
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;
use crate::question::whose;
use std::fmt;
use std::net::IpAddr;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    let Some(answer) = &scene.trace.name else { return Vec::new() };
    let own = whose::endpoint_addresses(scene.network(), answer);
    // What fails is the last name of a chain of aliases (R277).
    let mut aliases = answer.records.iter().filter(|record| record.record_type == "CNAME");
    let last = aliases.next_back().and_then(|record| DnsName::parse(&record.data));
    let name = last.as_ref().unwrap_or(&answer.name);
    if matches!(obstacle.reason, Reason::NameNotFound | Reason::NameHasNoAddress) {
        let zones = scene.network().private_dns_zones.values();
        let holding = zones.filter(|it| !it.links.is_empty() && *name != it.name);
        return holding.flat_map(|zone| lacking(zone, name, &own)).collect();
    }
    let mut steps = answer.steps.iter().rev().filter_map(|step| step.decided_by.as_ref());
    let Some((zone, set)) = steps.find_map(|item| record_set(scene, item)) else {
        return Vec::new();
    };
    let recorded = set.data.addresses().unwrap_or_default();
    let (kept, gone): (Vec<IpAddr>, Vec<IpAddr>) = recorded.iter().partition(|it| own.contains(it));
    // A machine may hand on what it gets, unless that is what is in doubt.
    let is_in_doubt = obstacle.reason == Reason::ArrivesElsewhere;
    if gone.is_empty() || !gone.iter().all(|&it| is_in_doubt || leads_astray(scene, it)) {
        return Vec::new();
    }
    let wanted = if kept.is_empty() { own.chunks(1).collect() } else { vec![&*kept] };
    let edit = |wanted| stale(scene, (zone, set), name, (&gone, wanted));
    wanted.into_iter().filter_map(edit).collect()
}

fn lacking(zone: &PrivateDnsZone, name: &DnsName, own: &[IpAddr]) -> Vec<Edit> {
    let edit = |&address: &IpAddr| {
        let spot = Spot::of(zone, name, address)?;
        let sentence = format!("record {spot} {address} in zone {}", zone.name);
        let change = patch::create(&spot.id(), spot.records(&[address]));
        let edit = Edit::new("record", sentence, &[249, 282], change);
        Some(edit.by(spot.add(address)))
    };
    own.iter().filter_map(edit).collect()
}

/// R282: records that are made by hand go stale. What still leads to an endpoint stays; where nothing does, one that
/// does comes instead.
fn stale(
    scene: &Scene<'_>,
    (zone, set): (&PrivateDnsZone, &RecordSet),
    name: &DnsName,
    (gone, wanted): (&[IpAddr], &[IpAddr]),
) -> Option<Edit> {
    let recorded = set.data.addresses()?;
    let [first, ..] = wanted else { return None };
    if recorded.iter().any(|it| it.is_ipv4() != first.is_ipv4()) {
        return None;
    }
    let spot = Spot::of(zone, name, *first)?;
    let new = wanted.iter().filter(|it| !recorded.contains(it));
    // R254: a wildcard is for other names as well.
    let old = gone.iter().filter(|_| set.name == *name);
    let list =
        |them: &[IpAddr]| them.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (text, zone_name) = (list(wanted), &zone.name);
    let sentence = format!("record {spot} {text} in zone {zone_name} in place of {}", list(gone));
    let is_short = set.name == *name && !scene.snapshot.resources.contains_key(&spot.id());
    let change = if is_short {
        scene.change(&zone.meta.id, patch::object([("records", spot.short(wanted))]))
    } else {
        patch::create(&spot.id(), spot.records(wanted))
    };
    let mut edit = Edit::new("record", sentence, &[282], change);
    edit.commands.extend(new.map(|&it| spot.add(it)));
    edit.commands.extend(old.map(|&it| spot.remove(it)));
    Some(edit)
}

/// The record set that an item of evidence is, by the place where it was read.
fn record_set<'a>(scene: &Scene<'a>, item: &Item) -> Option<(&'a PrivateDnsZone, &'a RecordSet)> {
    let network = scene.network();
    let is_it = |set: &&RecordSet| Some(network.place(&set.origin)) == item.place;
    let of_zone = |zone: &&PrivateDnsZone| item.resource.as_ref() == Some(&zone.meta.id);
    let zone = network.private_dns_zones.values().find(of_zone)?;
    Some((zone, zone.record_sets.iter().find(is_it)?))
}

/// Does nobody have the address, or an endpoint, which hands on to nothing but its own resource (R296)?
fn leads_astray(scene: &Scene<'_>, address: IpAddr) -> bool {
    let mut endpoints = scene.network().private_endpoints.values();
    let found = locate::source(scene.network(), &address.to_string());
    endpoints.any(|endpoint| endpoint.addresses.contains(&address))
        || matches!(found, Err(Refusal::NobodyHas { .. }))
}

/// A set of address records.
struct Spot<'a> {
    zone: &'a PrivateDnsZone,
    label: &'a str,
    is_ipv4: bool,
}

impl<'a> Spot<'a> {
    /// The one in `zone` for `name`, of the kind of `address`.
    fn of(zone: &'a PrivateDnsZone, name: &'a DnsName, address: IpAddr) -> Option<Self> {
        let label = name.relative_to(&zone.name)?;
        Some(Self { zone, label, is_ipv4: address.is_ipv4() })
    }

    const fn kind(&self) -> &'static str {
        if self.is_ipv4 { "A" } else { "AAAA" }
    }

    fn id(&self) -> ResourceId {
        self.zone.meta.id.child(self.kind(), self.label)
    }

    fn records(&self, addresses: &[IpAddr]) -> Node {
        let (property, key) = match self.is_ipv4 {
            true => ("aRecords", "ipv4Address"),
            false => ("aaaaRecords", "ipv6Address"),
        };
        let record = |it: &IpAddr| patch::object([(key, patch::text(&it.to_string()))]);
        patch::object([(property, patch::list(addresses.iter().map(record).collect()))])
    }

    /// The same in the short form of scenarios.
    fn short(&self, addresses: &[IpAddr]) -> Node {
        let texts = addresses.iter().map(|it| patch::text(&it.to_string()));
        let set = [("name", patch::text(self.label)), (self.kind(), patch::list(texts.collect()))];
        patch::list(vec![patch::object(set)])
    }

    fn add(&self, address: IpAddr) -> Command {
        let verb = self.kind().to_ascii_lowercase();
        self.with(
            Command::az(&format!("network private-dns record-set {verb} add-record")),
            address,
        )
    }

    fn remove(&self, address: IpAddr) -> Command {
        let verb = self.kind().to_ascii_lowercase();
        self.with(
            Command::az(&format!("network private-dns record-set {verb} remove-record")),
            address,
        )
    }

    fn with(&self, command: Command, address: IpAddr) -> Command {
        command
            .beside(&self.zone.meta.id)
            .with("-z", self.zone.name.as_str())
            .with("-n", self.label)
            .with("-a", &address.to_string())
    }
}

impl fmt::Display for Spot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.label, self.kind())
    }
}
