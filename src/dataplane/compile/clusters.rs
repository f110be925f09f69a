//! API servers of AKS clusters that have an address of their own: a public one, or one in a subnet.

use super::builder::{Builder, Draft};
use super::service_ports::Served;
use crate::answer::{HopKind, Reason};
use crate::azure::{ManagedCluster, Subnet};
use crate::dataplane::graph::{
    Admission, Backend, Balancer, BalancerRule, Cause, Evidence, Health, Location, Own, Owner,
    Unsure,
};
use crate::dataplane::names::frontends_in;
use crate::dataplane::unplaced::ANY_IN_AZURE;
use crate::id::Id;
use crate::net::{AddressSet, PortRange, Protocol, ProtocolSet};
use std::net::IpAddr;
use std::sync::Arc;

/// What clients and nodes use (R466).
const PORTS: [u16; 2] = [443, 4443];

/// Where the load balancer before it asks whether it is there (R466).
const PROBE: u16 = 9988;

impl Builder {
    /// With API Server VNet Integration it stands in a delegated subnet, whose rules and routes hold
    /// for it, also where it has a public address besides (R465, R466).
    pub(super) fn add_api_servers(&mut self) {
        let network = Arc::clone(&self.network);
        let integrated = network.managed_clusters.iter();
        for (id, cluster) in integrated.filter(|(_, it)| it.has_network_integration) {
            let subnet = cluster.api_server_subnet.and_then(|link| link.known());
            let address = self.plane.names.api_server_address(&network, cluster);
            let Some(subnet) = subnet else { continue };
            let home = network.subnets[subnet].network;
            let Some(address) = address else {
                self.doubt_address(cluster, subnet);
                continue;
            };
            self.taken.insert((home, address));
            let own = self.lowest_free(subnet);
            let draft = Draft {
                name: &format!("API server of {}", cluster.meta.name()),
                kind: HopKind::Service,
                evidence: Some(Evidence::Cluster(id)),
                addresses: own.into_iter().collect(),
            };
            let at = self.location(draft, self.realm_of(home));
            self.plane.places.api_servers.insert(id, at);
            self.doubt_cluster(id, at);
        }
    }

    /// Any address of the subnet may be that of the API server.
    fn doubt_address(&mut self, cluster: &ManagedCluster, subnet: Id<Subnet>) {
        let subnet = &self.network.subnets[subnet];
        let destinations = subnet.address_prefixes.iter().copied().collect();
        let realm = self.realm_of(subnet.network);
        let (name, place) = (cluster.meta.name(), subnet.meta.name());
        let text =
            format!("which address of {place} the API server of {name} has is not in the input");
        let cause = self.cause(Cause::new(Reason::NotGiven, text, &[465]));
        self.plane.realms[realm].unsure.push(Unsure { destinations, cause });
    }

    /// Clients reach the API server by a load balancer, which the input may lack (R465).
    pub(super) fn add_api_server_balancers(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, at) in self.plane.places.api_servers.clone() {
            let cluster = &network.managed_clusters[id];
            let address = self.plane.names.api_server_address(&network, cluster);
            let Some(subnet) = cluster.api_server_subnet.and_then(|link| link.known()) else {
                continue;
            };
            let rules = self.api_server_rules(id, at);
            let given: Vec<_> = frontends_in(&network, subnet).map(|(id, _)| id).collect();
            for frontend in &given {
                if let Some(&balancer) = self.plane.places.frontends.get(frontend) {
                    self.plane.balancers[balancer].rules.clone_from(&rules);
                }
            }
            if given.is_empty() {
                let balancer = self.plane.balancers.push(Balancer {
                    name: format!("load balancer of {}", cluster.meta.name()).into(),
                    evidence: Evidence::Cluster(id),
                    address,
                    rules,
                    is_public: false,
                    is_basic: false,
                });
                let realm = self.plane.locations[at].realm;
                let owned = address.map(|address| (address, Owner::Balancer(balancer)));
                self.plane.realms[realm].owners.extend(owned);
            }
        }
    }

    fn api_server_rules(&self, id: Id<ManagedCluster>, at: Id<Location>) -> Vec<BalancerRule> {
        let own = self.plane.locations[at].addresses.first().copied();
        let backend = own.map(|address| Backend {
            location: at,
            address,
            health: Health::Healthy,
            is_set: false,
        });
        let rule = |port| BalancerRule {
            evidence: Evidence::Cluster(id),
            protocols: ProtocolSet::single(Protocol::Tcp),
            ports: PortRange::single(port),
            backend_port: None,
            keeps_destination: false,
            backends: backend.into_iter().collect(),
            probe: Some(PortRange::single(PROBE)),
            unsure: None,
        };
        PORTS.into_iter().map(rule).collect()
    }

    /// The API server of a public cluster has a public address behind its name (R438); authorised
    /// ranges filter there, by the source that arrives (R439).
    pub(super) fn add_clusters(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, cluster) in network.managed_clusters.iter().filter(|(_, it)| !it.is_private) {
            let addresses = cluster.fqdn.as_ref().and_then(|name| self.public_addresses(name));
            let mut addresses: Vec<IpAddr> = addresses
                .map(|set| set.prefixes().iter().map(ipnet::IpNet::addr).collect())
                .unwrap_or_default();
            if addresses.is_empty() {
                addresses.extend(cluster.stand_in.filter(|&it| self.unplaced.has(it)));
            }
            if addresses.is_empty() {
                continue;
            }
            let name = format!("API server of {}", cluster.meta.name());
            let draft = Draft {
                name: &name,
                kind: HopKind::Service,
                evidence: Some(Evidence::Cluster(id)),
                addresses,
            };
            let at = self.location(draft, self.plane.internet);
            self.own(self.plane.internet, at);
            self.plane.places.clusters.insert(id, at);
            if let Some(own) = self.authorised(id, cluster) {
                self.plane.locations[at].own = own;
            }
            if cluster.has_public_access_disabled {
                let name = cluster.meta.name();
                let text = format!(
                    "what disabled public network access of {name} refuses is not documented"
                );
                let cause = Cause::new(Reason::NotModelled, text, &[]).by(Evidence::Cluster(id));
                let doubt = self.cause(cause);
                let own = &mut self.plane.locations[at].own;
                match own {
                    // Whom the ranges refuse is refused.
                    Own::Guarded(admission) => admission.doubt_all(doubt),
                    Own::Deliver
                    | Own::Listens(_)
                    | Own::Stop(_)
                    | Own::Unsure(_)
                    | Own::Tunnel(_) => *own = Own::Unsure(doubt),
                }
            }
            self.doubt_cluster(id, at);
            let then = self.plane.locations[at].own.clone();
            let served = [(None, Some(Served::api_server(cluster.has_network_integration)))].into();
            let own = self.behind_ports((&name, Evidence::Cluster(id)), &served, then);
            self.plane.locations[at].own = own;
        }
    }

    /// Why nothing listens behind a cluster, if it is stopped (R591).
    pub(super) fn why_cluster_stopped(&mut self, id: Id<ManagedCluster>) -> Option<Id<Cause>> {
        let cluster = &self.network.managed_clusters[id];
        let text = format!("{} is stopped, and has no API server", cluster.meta.name());
        let cause = Cause::new(Reason::NothingListens, text, &[591]).by(Evidence::Cluster(id));
        cluster.is_stopped.then(|| self.cause(cause))
    }

    /// A cluster of which something is not known may refuse; one that is stopped does.
    fn doubt_cluster(&mut self, id: Id<ManagedCluster>, at: Id<Location>) {
        let network = Arc::clone(&self.network);
        if let Some(cause) = self.why_cluster_stopped(id) {
            self.plane.locations[at].own = Own::Stop(cause);
            return;
        }
        if let Some(why) = self.unknowns.of_thing(&network.managed_clusters[id].meta.id) {
            let cause = Cause::new(Reason::ValueUnknown, why, &[]).by(Evidence::Cluster(id));
            self.plane.locations[at].own = Own::Unsure(self.cause(cause));
        }
    }

    fn authorised(&mut self, id: Id<ManagedCluster>, cluster: &ManagedCluster) -> Option<Own> {
        let ranges = cluster.authorized_ip_ranges.as_ref()?;
        let ranges: AddressSet = ranges.iter().copied().collect();
        let tag = cluster.authorized_service_tag.as_deref();
        // R119, R205: what leaves Azure has an address of Azure.
        let is_azure = tag.is_some_and(|tag| tag.eq_ignore_ascii_case(ANY_IN_AZURE));
        // R207, R446: what is in the tag is known where the input has its addresses.
        let tagged = tag.map(|tag| self.network.service_tags.get(tag).ok_or(tag)).transpose();
        let tagged = match tagged {
            Ok(tagged) => tagged.cloned().unwrap_or_default(),
            Err(tag) => return Some(self.perhaps_authorised(id, ranges, (tag, is_azure))),
        };
        let name = cluster.meta.name();
        let tag = tag.map(|tag| format!(", nor in service tag {tag}")).unwrap_or_default();
        let text = format!(
            "the source is in none of the authorised IP ranges of {name}{tag}: they judge the public address \
             that a client appears from"
        );
        let rules: &[u16] = if tag.is_empty() { &[439, 447] } else { &[439, 446, 447] };
        let cause = Cause::new(Reason::RefusedByService, text, rules).by(Evidence::Cluster(id));
        let cause = self.cause(cause);
        Some(Self::guarded((ranges.union(&tagged), AddressSet::EMPTY), is_azure, cause))
    }

    fn perhaps_authorised(
        &mut self,
        id: Id<ManagedCluster>,
        ranges: AddressSet,
        (tag, is_azure): (&str, bool),
    ) -> Own {
        let name = self.network.managed_clusters[id].meta.name();
        let text = format!(
            "{name} takes what comes from service tag {tag}, and whether the source is in it is not known"
        );
        let cause = Cause::new(Reason::ServiceTagUnknown, text, &[446]);
        let cause = self.cause(cause.by(Evidence::Cluster(id)));
        Self::guarded((ranges, AddressSet::everything()), is_azure, cause)
    }

    /// No service endpoint leads to an API server.
    fn guarded(
        (sources, perhaps): (AddressSet, AddressSet),
        takes_azure: bool,
        cause: Id<Cause>,
    ) -> Own {
        Own::Guarded(Box::new(Admission {
            sources,
            perhaps,
            takes_azure,
            never: AddressSet::EMPTY,
            neighbours: Arc::default(),
            subnets: Vec::new(),
            may_take_other_subnets: false,
            refusal: cause,
            refusal_over_endpoint: cause,
            doubt: cause,
            doubt_over_endpoint: cause,
        }))
    }
}
