//! Zones: what is recorded, what machines register, what does not exist.

use super::{Asking, Ending, Found, at_name, wildcard};
use hopwise::azure::{Link, PrivateDnsZone, VirtualMachine, VirtualNetwork};
use hopwise::id::Id;
use hopwise::net::{DnsName, RecordData, RecordType};
use std::net::IpAddr;

/// What a zone with `sets` says, all of which are known (R249, R250, R254).
pub(super) fn look_up(
    zone: &DnsName,
    sets: &[(&DnsName, &RecordData)],
    name: &DnsName,
    kind: RecordType,
) -> Found {
    let at = |owner: &DnsName| -> Vec<&RecordData> {
        sets.iter().filter(|(it, _)| *it == owner).map(|(_, data)| *data).collect()
    };
    let owners: Vec<&DnsName> = sets.iter().map(|(owner, _)| *owner).collect();
    if name == zone || owners.iter().any(|owner| owner.is_within(name)) {
        return at_name(&at(name), kind);
    }
    match wildcard(name, zone, &owners).map(|star| at(&star)).filter(|sets| !sets.is_empty()) {
        Some(sets) => at_name(&sets, kind),
        None => Ending::Nxdomain.into(),
    }
}

impl Asking<'_> {
    /// What a private zone says of a name within it.
    pub(super) fn in_zone(&mut self, zone: &PrivateDnsZone, name: &DnsName) -> Found {
        let (registered, is_clear) = self.registered(zone, name);
        if !is_clear {
            return self.leave_open("who registers under the name (R259, R260)?").into();
        }
        let is_registered = |owner: &DnsName| registered.iter().any(|(it, _)| it == owner);
        let manual = zone.record_sets.iter().map(|set| (&set.name, &set.data));
        let manual: Vec<(&DnsName, &RecordData)> = manual.collect();
        // A record of that name is overwritten (R259); whether one of another type is, is not said.
        let of_name =
            |&&(owner, _): &&(&DnsName, &RecordData)| owner == name && is_registered(owner);
        let others = manual.iter().filter(of_name).filter(|(_, data)| {
            data.record_type() == self.kind && data.record_type() != RecordType::Cname
        });
        let has_type =
            registered.iter().any(|(it, data)| it == name && data.record_type() == self.kind);
        if others.count() > 0 && !has_type {
            return self.leave_open("is a record of another type overwritten (R259)?").into();
        }
        let kept = manual.into_iter().filter(|(owner, _)| !is_registered(owner));
        let all: Vec<_> =
            kept.chain(registered.iter().map(|(owner, data)| (owner, data))).collect();
        match look_up(&zone.name, &all, name, self.kind) {
            Found::Told(told)
                if !zone.has_record_sets && !matches!(told.ending, Ending::Records(_)) =>
            {
                Ending::Unknown.into()
            }
            found @ (Found::Told(_) | Found::Alias(_)) => found,
        }
    }

    /// The records of machines of networks that register in a zone: of their primary interfaces and
    /// addresses (R259). And is it clear what stands at `name`?
    fn registered(
        &self,
        zone: &PrivateDnsZone,
        name: &DnsName,
    ) -> (Vec<(DnsName, RecordData)>, bool) {
        let links = zone.links.iter().filter(|link| link.registers && link.is_completed);
        let networks: Vec<_> = links.filter_map(|link| link.network.known()).collect();
        let mut records: Vec<(DnsName, RecordData)> = Vec::new();
        let mut is_clear = true;
        for machine in self.network.virtual_machines.values().filter(|_| !networks.is_empty()) {
            let owner = zone.name.child(&machine.computer_name.to_lowercase()).unwrap();
            let (home, addresses) = self.primary(machine);
            match home {
                None => is_clear &= owner != *name,
                Some(home) if networks.contains(&home) => {
                    is_clear &= !(owner == *name && records.iter().any(|(it, _)| it == name));
                    records.extend(addresses.into_iter().map(|it| (owner.clone(), data(it))));
                }
                Some(_) => {}
            }
        }
        (records, is_clear)
    }

    /// The network and the primary addresses of a machine.
    pub(super) fn primary(
        &self,
        machine: &VirtualMachine,
    ) -> (Option<Id<VirtualNetwork>>, Vec<IpAddr>) {
        let Some(nic) = machine.interfaces.first().and_then(|it| it.known()) else {
            return (None, Vec::new());
        };
        let all = &self.network.network_interfaces[nic].ip_configurations;
        let mut all: Vec<_> = all.iter().map(|&id| &self.network.ip_configurations[id]).collect();
        all.sort_by_key(|it| !it.is_primary);
        let home = all.first().and_then(|it| it.subnet).and_then(Link::known);
        let home = home.map(|id| self.network.subnets[id].network);
        let first = |v6: bool| {
            let mut own = all.iter().filter_map(|it| it.private_ip_address);
            own.find(|address| address.is_ipv6() == v6)
        };
        (home, first(false).into_iter().chain(first(true)).collect())
    }
}

pub(super) fn data(address: IpAddr) -> RecordData {
    match address {
        IpAddr::V4(v4) => RecordData::A(vec![v4]),
        IpAddr::V6(v6) => RecordData::Aaaa(vec![v6]),
    }
}
