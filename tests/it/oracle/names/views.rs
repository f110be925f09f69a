//! What 168.63.129.16 answers inside a network: zones, then rulesets, then Azure's own names, then the public
//! DNS (R267).

use super::{Asking, Ending, Found, Outcomes, Spot, at_name, only, zones};
use hopwise::azure::{Link, VirtualNetwork};
use hopwise::id::Id;
use hopwise::net::{DnsName, RecordData, RecordType};
use std::collections::BTreeSet;
use std::net::IpAddr;

impl Asking<'_> {
    /// Azure's resolver, asked by somebody in `home` (R242).
    pub(super) fn platform(
        &mut self,
        spot: Spot,
        home: Id<VirtualNetwork>,
        name: &DnsName,
    ) -> Outcomes {
        let carried = (self.carries.1)(spot);
        if carried == Some(false) {
            return only(Ending::Timeout);
        }
        let mut outcomes = self.azure(home, name);
        if carried.is_none() {
            outcomes.insert(Ending::Timeout.into());
        }
        outcomes
    }

    /// What it answers; targets of aliases start again (R509, R578).
    pub(super) fn azure(&mut self, home: Id<VirtualNetwork>, name: &DnsName) -> Outcomes {
        self.chase(name, &[], &|it, name| {
            let mut found = Vec::new();
            let told = it.work(format!("Azure in {home:?}"), name, |it| {
                found = it.look_up(home, name);
                Outcomes::new()
            });
            found.extend(told.into_iter().map(Found::Told));
            found
        })
    }

    fn look_up(&mut self, home: Id<VirtualNetwork>, name: &DnsName) -> Vec<Found> {
        if let Some(found) = self.linked_zone(home, name) {
            return found;
        }
        if let Some(outcomes) = self.forwarded(home, name) {
            return outcomes.into_iter().map(Found::Told).collect();
        }
        match self.provided(home, name) {
            Some(found) => vec![found],
            None => self.public(name),
        }
    }

    /// The longest zone that is linked to the network (R247, R251), which is authoritative (R249).
    fn linked_zone(&mut self, home: Id<VirtualNetwork>, name: &DnsName) -> Option<Vec<Found>> {
        let network = self.network;
        let mut linked = Vec::new();
        for zone in network.private_dns_zones.values().filter(|zone| name.is_within(&zone.name)) {
            let links = zone.links.iter().filter(|link| link.is_completed);
            let links = links.filter(|link| link.network.known() == Some(home));
            linked.extend(links.map(|link| (zone, link)));
        }
        let longest = linked.iter().map(|(zone, _)| zone.name.labels()).max()?;
        linked.retain(|(zone, _)| zone.name.labels() == longest);
        let [(zone, link)] = linked.as_slice() else {
            return Some(vec![
                self.leave_open("two zones of one name are linked (R255, R256)").into(),
            ]);
        };
        self.asked_by.insert(link.meta.id.clone());
        let found = self.in_zone(zone, name);
        let is_missing = matches!(&found, Found::Told(told) if told.ending == Ending::Nxdomain);
        let is_private_link = zone.name.as_str().split('.').any(|label| label == "privatelink");
        let is_type = matches!(self.kind, RecordType::A | RecordType::Aaaa | RecordType::Cname);
        // R262, R264.
        if is_missing && link.redirects_nxdomain && is_private_link && is_type {
            return Some(self.public(name));
        }
        Some(vec![found])
    }

    /// The longest rule of the linked rulesets, whose targets the outbound endpoint asks in order (R267,
    /// R268, R271, R275).
    fn forwarded(&mut self, home: Id<VirtualNetwork>, name: &DnsName) -> Option<Outcomes> {
        let network = self.network;
        let linked = network.forwarding_rulesets.values();
        let linked = linked.filter(|it| it.networks.iter().any(|link| link.known() == Some(home)));
        let rules = linked.flat_map(|set| set.rules.iter().map(move |rule| (set, rule)));
        let mut rules: Vec<_> =
            rules.filter(|(_, rule)| rule.is_enabled && name.is_within(&rule.domain)).collect();
        let longest = rules.iter().map(|(_, rule)| rule.domain.labels()).max()?;
        rules.retain(|(_, rule)| rule.domain.labels() == longest);
        let [(set, rule)] = rules.as_slice() else {
            return Some(only(self.leave_open("two rules for one domain")));
        };
        if rule.domain.labels() == 0 && is_azures(name) {
            return Some(only(self.leave_open("is the name reserved (R269)?")));
        }
        let Some(endpoint) = set.outbound_endpoints.iter().find_map(|link| link.known()) else {
            return Some(only(Ending::Unknown));
        };
        if network.outbound_endpoints[endpoint].subnet.and_then(Link::known).is_none() {
            return Some(only(Ending::Unknown));
        }
        let targets = rule.targets.iter().map(|(address, _)| *address);
        let allowed = targets.filter(|it| *it != IpAddr::from([168, 63, 129, 16]));
        Some(self.servers(
            Spot::OutboundEndpoint(endpoint),
            None,
            &allowed.collect::<Vec<_>>(),
            name,
        ))
    }

    /// Names that Azure itself provides (R243-R245).
    fn provided(&mut self, home: Id<VirtualNetwork>, name: &DnsName) -> Option<Found> {
        if let Some(address) = name.reverse_address() {
            return self.pointer(home, address);
        }
        let is_below = |domain: &str| name.is_within(&DnsName::parse(domain).unwrap());
        if is_below("reddog.microsoft.com") {
            return Some(Ending::Nxdomain.into());
        }
        let open = "which suffix the network has is not in the input (R243)";
        is_below("internal.cloudapp.net").then(|| self.leave_open(open).into())
    }

    /// The machine with an address of the network; an address of another network has no name (R245).
    fn pointer(&mut self, home: Id<VirtualNetwork>, address: IpAddr) -> Option<Found> {
        let holds = |network: &VirtualNetwork| {
            network.address_prefixes.iter().any(|it| it.contains(&address))
        };
        if !holds(&self.network.virtual_networks[home]) {
            let is_private = match address {
                IpAddr::V4(v4) => {
                    v4.is_private() || v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64
                }
                IpAddr::V6(v6) => v6.is_unique_local(),
            };
            let elsewhere = self.network.virtual_networks.values().any(holds);
            return Some(match is_private && elsewhere {
                true => Ending::Nxdomain.into(),
                false => self.leave_open("whose address is it?").into(),
            });
        }
        let mut names = BTreeSet::new();
        let mut is_clear = true;
        for machine in self.network.virtual_machines.values() {
            let (of, primary) = self.primary(machine);
            is_clear &= of.is_some() && !primary.is_empty() && machine.interfaces.len() == 1;
            if of == Some(home) && primary.contains(&address) {
                let called = machine.computer_name.to_lowercase();
                let mut domains = self.registered_in(home);
                domains.insert(DnsName::parse("internal.cloudapp.net").unwrap());
                names.extend(domains.iter().filter_map(|domain| domain.child(&called)));
            }
        }
        if !is_clear {
            return Some(self.leave_open("a machine's addresses are not known").into());
        }
        Some(match names.is_empty() {
            true => Ending::Nxdomain.into(),
            false => at_name(&[&RecordData::Ptr(names.into_iter().collect())], self.kind),
        })
    }

    /// The zones that a network registers in.
    fn registered_in(&self, home: Id<VirtualNetwork>) -> BTreeSet<DnsName> {
        let registers = |zone: &&hopwise::azure::PrivateDnsZone| {
            let mut links = zone.links.iter().filter(|link| link.registers && link.is_completed);
            links.any(|link| link.network.known() == Some(home))
        };
        self.network
            .private_dns_zones
            .values()
            .filter(registers)
            .map(|it| it.name.clone())
            .collect()
    }

    /// A bare name is that of a machine of the same network (R243).
    pub(super) fn machine_called(&mut self, home: Id<VirtualNetwork>, name: &DnsName) -> Outcomes {
        let mut found = Vec::new();
        for machine in self.network.virtual_machines.values() {
            let (of, addresses) = self.primary(machine);
            let is_called = machine.computer_name.eq_ignore_ascii_case(name.as_str());
            match of {
                None if is_called => return only(self.leave_open("the machine may be anywhere")),
                Some(of) if of == home && is_called => found.push(addresses),
                _ => {}
            }
        }
        let [addresses] = found.as_slice() else {
            return only(match found.is_empty() {
                true => Ending::Nxdomain,
                false => self.leave_open("two machines have the name"),
            });
        };
        let sets: Vec<RecordData> = addresses.iter().map(|&it| zones::data(it)).collect();
        match at_name(&sets.iter().collect::<Vec<_>>(), self.kind) {
            Found::Told(told) => [told].into(),
            Found::Alias(_) => only(Ending::Unknown),
        }
    }
}

/// Domains whose names a wildcard rule may leave to Azure: the rule names none (R269, R581).
fn is_azures(name: &DnsName) -> bool {
    let domains = ["windows.net", "cloudapp.net", "microsoft.com", "azure.com", "azure.net"];
    domains.iter().any(|domain| name.is_within(&DnsName::parse(domain).unwrap()))
}
