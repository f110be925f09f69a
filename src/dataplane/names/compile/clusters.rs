//! Names of AKS clusters (R449-R453, R458).

use super::Compiler;
use crate::answer::{Item, ItemKind};
use crate::azure::{
    ClusterDnsZone, Link, ManagedCluster, PrivateEndpoint, PrivateEndpointTarget, VirtualNetwork,
};
use crate::dataplane::names::survey::Endpoint;
use crate::dataplane::names::{RecordMap, Records, Zone, ZoneLink};
use crate::id::Id;
use crate::net::{DnsName, RecordData};
use std::collections::BTreeSet;
use std::net::IpAddr;

impl<'a> Compiler<'a> {
    pub(super) fn add_clusters(&mut self) {
        for cluster in self.network.managed_clusters.values() {
            let item = self.item(ItemKind::Service, &cluster.meta);
            if let Some(why) = self.unknowns.of_thing(&cluster.meta.id).map(str::to_owned) {
                for name in [&cluster.fqdn, &cluster.private_fqdn].into_iter().flatten() {
                    self.tell_address(name, None, &why, (item.clone(), &[]));
                }
            } else if cluster.is_private {
                self.add_private_cluster(cluster, &item);
            } else if let Some(fqdn) = &cluster.fqdn {
                let unknown =
                    format!("the public address of cluster {} is not in the input", item.name);
                self.tell_address(fqdn, None, &unknown, (item, &[438]));
            }
        }
    }

    fn add_private_cluster(&mut self, cluster: &ManagedCluster, item: &Item) {
        let endpoint = self.own_endpoint(cluster);
        let address = match cluster.has_network_integration {
            true => self.names.api_server_address(self.network, cluster),
            false => endpoint.and_then(|it| it.addresses.first().copied()),
        };
        if let Some(fqdn) = &cluster.fqdn {
            // R451: the public name leads to the private address, unless it was switched off.
            match cluster.has_public_fqdn {
                true => {
                    let unknown = unknown_address(cluster);
                    self.tell_address(fqdn, address, &unknown, (item.clone(), &[451]));
                }
                false => self.tell_absent(fqdn, item.clone(), &[451]),
            }
        }
        if let Some(private) = &cluster.private_fqdn {
            self.tell_absent(private, item.clone(), &[450, 459]);
            if self.names.private_zones_of(private).is_empty() {
                self.add_zone_not_in_input(cluster, private, address, item);
            } else if let Some(endpoint) = endpoint {
                let item = self.item(ItemKind::PrivateEndpoint, &endpoint.meta);
                let (names, addresses) = (vec![private.clone()], endpoint.addresses.clone());
                self.names.endpoints.push(Endpoint { item, names, addresses });
            }
        }
    }

    /// The API server's endpoint in the network of the nodes (R449).
    fn own_endpoint(&self, cluster: &ManagedCluster) -> Option<&'a PrivateEndpoint> {
        let of_cluster = |target: &PrivateEndpointTarget| matches!(target, PrivateEndpointTarget::Resource(id) if *id == cluster.meta.id);
        let endpoints = self.network.private_endpoints.values();
        let endpoints: Vec<_> = endpoints.filter(|it| of_cluster(&it.target)).collect();
        // Others are extra ones in the networks of clients (R460).
        let networks = self.cluster_networks(cluster);
        let is_own = |it: &PrivateEndpoint| {
            self.network_of(it.subnet).is_some_and(|network| networks.contains(&network))
        };
        let own = endpoints.iter().copied().find(|it| is_own(it));
        own.or_else(|| endpoints.first().copied().filter(|_| endpoints.len() == 1))
    }

    fn cluster_networks(&self, cluster: &ManagedCluster) -> BTreeSet<Id<VirtualNetwork>> {
        let subnets = cluster.node_subnets.iter().chain(&cluster.api_server_subnet);
        subnets.filter_map(|&subnet| self.network_of(Some(subnet))).collect()
    }

    /// The cluster's zone exists in Azure though not in the input: by default it is linked to the
    /// cluster's own network only (R450). Whether to others too is not known. A zone of one's own that
    /// is in the input is known, whatever it is called (R453).
    fn add_zone_not_in_input(
        &mut self,
        cluster: &ManagedCluster,
        private: &DnsName,
        address: Option<IpAddr>,
        item: &Item,
    ) {
        let is_system = match cluster.private_dns_zone {
            ClusterDnsZone::System => true,
            ClusterDnsZone::Own(Link::Missing(_)) => false,
            ClusterDnsZone::None | ClusterDnsZone::Own(Link::To(_)) => return,
        };
        let Some(name) = private.parent().filter(|name| name.labels() > 1) else { return };
        let zone = self.names.zones.push(assumed_zone(&name, private, address, item));
        let own = self.cluster_networks(cluster);
        let doubt = format!(
            "zone {name} of cluster {} is not in the input, nor to which networks it is linked",
            item.name
        );
        for (network, view) in self.names.view_of.clone() {
            let is_known = is_system && own.contains(&network);
            let link = ZoneLink {
                zone,
                item: item.clone(),
                redirects_nxdomain: false,
                doubt: (!is_known).then(|| doubt.as_str().into()),
            };
            self.names.views[view].zones.entry(name.clone()).or_insert_with(|| vec![link]);
        }
    }
}

fn assumed_zone(name: &DnsName, private: &DnsName, address: Option<IpAddr>, item: &Item) -> Zone {
    let mut records = RecordMap::default();
    if let Some(IpAddr::V4(v4)) = address {
        records.at(private).put(Records::new(RecordData::A(vec![v4]), item.clone(), &[450]));
    }
    records.fill_up_to(name);
    let doubt = Some(format!("zone {name} is not in the input").into());
    let (name, item) = (name.clone(), item.clone());
    Zone { name, item, doubt, unknown_machine: None, records }
}

fn unknown_address(cluster: &ManagedCluster) -> String {
    format!("the private address of cluster {} is not in the input", cluster.meta.name())
}
