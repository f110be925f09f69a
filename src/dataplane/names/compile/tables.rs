//! What DNS servers look up: guests, machines on premises, DNS proxies of firewalls.

use super::{Compiler, rules};
use crate::answer::{Item, ItemKind};
use crate::azure::{Assumption, DnsServer, Holds};
use crate::dataplane::names::{Otherwise, RecordMap, ServerTable, View, Zone};
use crate::id::Id;
use crate::net::DnsName;
use std::collections::BTreeMap;
use std::net::IpAddr;

impl Compiler<'_> {
    /// A guest in Azure: what the scenario says, and for the rest the assumption.
    pub(super) fn guest_table(
        &self,
        guest: &Item,
        view: Id<View>,
        told: Option<&DnsServer>,
    ) -> ServerTable {
        let otherwise = self.forwards_to_azure(&guest.name, view);
        let nothing = DnsServer::default();
        let table = self.table(guest, told.unwrap_or(&nothing), otherwise);
        ServerTable { platform: Some(view), rules: rules(&[239]), ..table }
    }

    /// A machine outside Azure: what no forwarder takes, it asks the public DNS itself.
    pub(super) fn host_table(&self, host: &Item, told: &DnsServer) -> ServerTable {
        self.table(host, told, Otherwise::Public)
    }

    fn forwards_to_azure(&self, name: &str, view: Id<View>) -> Otherwise {
        let text = format!(
            "DNS server {name} forwards to Azure's resolver of its own network (dnsForwardsToAzure)"
        );
        match self.network.holds(Assumption::DnsForwardsToAzure) {
            Holds::Assumed => Otherwise::Platform(view, Some(text)),
            Holds::Yes => Otherwise::Platform(view, None),
            Holds::No => Otherwise::Unknown(format!(
                "DNS server {name} does not forward to Azure's resolver, and nothing says what it does"
            )),
            Holds::Unknown => Otherwise::Unknown(format!("it is only assumed that {text}")),
        }
    }

    fn table(&self, owner: &Item, server: &DnsServer, otherwise: Otherwise) -> ServerTable {
        let mut zones = own_zones(owner, server);
        let mut records = RecordMap::default();
        for (name, node) in self.recorded(owner.resource.as_ref(), &server.records).iter() {
            let zone = name.and_above().find(|above| zones.contains_key(above));
            let zone = zone.and_then(|zone| zones.get_mut(&zone)).map(|zone| &mut zone.records);
            *zone.unwrap_or(&mut records).at(name) = node.clone();
        }
        zones.values_mut().for_each(|zone| zone.records.fill_up_to(&zone.name));
        let mut forwarders: BTreeMap<DnsName, Vec<IpAddr>> = BTreeMap::new();
        for (domain, servers) in &server.forwarders {
            forwarders.entry(domain.clone()).or_default().extend(servers);
        }
        let resubmits_aliases = server.resubmits_aliases;
        let rules = Vec::new();
        let platform = None;
        ServerTable { records, zones, forwarders, otherwise, platform, resubmits_aliases, rules }
    }
}

fn own_zones(owner: &Item, server: &DnsServer) -> BTreeMap<DnsName, Zone> {
    let zone = |name: &DnsName| {
        let item = Item { kind: ItemKind::Zone, name: name.to_string(), ..owner.clone() };
        let (name, records) = (name.clone(), RecordMap::default());
        Zone { name, item, doubt: None, unknown_machine: None, records }
    };
    server.zones.iter().map(|name| (name.clone(), zone(name))).collect()
}

/// The DNS proxy of an Azure Firewall (R288): everything goes to its servers, or to the resolver of
/// its network (R289).
pub(super) fn of_proxy(servers: &[IpAddr], view: Id<View>) -> ServerTable {
    let root = DnsName::parse(".").filter(|_| !servers.is_empty());
    ServerTable {
        records: RecordMap::default(),
        zones: BTreeMap::new(),
        forwarders: root.into_iter().map(|root| (root, servers.to_vec())).collect(),
        otherwise: Otherwise::Platform(view, None),
        platform: Some(view),
        resubmits_aliases: Some(false),
        rules: rules(&[288, 289]),
    }
}
