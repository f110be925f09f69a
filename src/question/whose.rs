//! Whose place a packet to a name comes to: that of the resource that has the name, or of another one.

use crate::answer::{Hop, HopKind, NameAnswer, NameOutcome, Obstacle, Outcome, Path, Reason, Rule};
use crate::azure::{Network, PrivateEndpoint, PrivateEndpointTarget};
use crate::dataplane::names::{private_name, stands_for, well_known_names};
use crate::id::ResourceId;
use crate::net::{DnsName, Flow};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Why a packet that is delivered has not come to what the name is the name of, or why that cannot be said.
pub(super) fn obstacle(
    network: &Network,
    found: &NameAnswer,
    (flow, paths): (Flow, &[Path]),
) -> Option<Obstacle> {
    let NameOutcome::Addresses(_) = &found.outcome else { return None };
    // What does not get there, even in the shadow, has no reply.
    let delivered = || paths.iter().filter(|path| !path.reply.is_empty());
    delivered().next()?;
    let meant = Meant::by(network, found);
    if meant.owners.is_empty() {
        return None;
    }
    let strangers = delivered().map(|path| meant.stranger(network, &path.request));
    let strangers: Vec<Option<Stranger>> = strangers.collect();
    let are_all = strangers.iter().all(|it| it.as_ref().is_some_and(|it| it.is_sure));
    let first = strangers.into_iter().flatten().next()?;
    Some(first.obstacle(found, flow, if are_all { Outcome::Stopped } else { Outcome::Unsure }))
}

/// The addresses of private endpoints that reach what a name is the name of, in ascending order.
pub(super) fn endpoint_addresses(network: &Network, found: &NameAnswer) -> Vec<IpAddr> {
    let meant = Meant::by(network, found);
    let endpoints = network.private_endpoints.values().filter(|it| meant.is_reached_by(it));
    let addresses: BTreeSet<IpAddr> = endpoints.flat_map(|it| meant.addresses(it)).collect();
    addresses.into_iter().collect()
}

/// Where a packet has come to that is not what is meant.
struct Stranger {
    at: String,
    text: String,
    rule: Rule,
    /// Is it known that it does not hand on what it gets?
    is_sure: bool,
}

impl Stranger {
    fn obstacle(self, found: &NameAnswer, flow: Flow, outcome: Outcome) -> Obstacle {
        Obstacle {
            reason: Reason::ArrivesElsewhere,
            outcome,
            may_reroute: false,
            on_reply: false,
            at: self.at,
            text: format!("{} leads to {}", found.name, self.text),
            decided_by: found.steps.last().and_then(|step| step.decided_by.clone()),
            flow,
            rules: vec![self.rule],
        }
    }
}

/// What a name, and those that it is an alias for, are names of.
struct Meant {
    names: BTreeSet<DnsName>,
    owners: BTreeSet<ResourceId>,
    /// Is one of them a service of the platform that is no machine of the estate?
    is_of_platform: bool,
}

impl Meant {
    fn by(network: &Network, found: &NameAnswer) -> Self {
        let records = found.records.iter().map(|record| &record.name);
        let aliases = found.records.iter().filter(|record| record.record_type == "CNAME");
        let aliases = aliases.filter_map(|record| DnsName::parse(&record.data));
        let names = records.chain([&found.name]).cloned().chain(aliases).collect();
        let mut meant = Self { names, owners: BTreeSet::new(), is_of_platform: false };
        meant.add_services(network);
        meant.add_clusters(network);
        // Services that are not in the input have endpoints all the same.
        for endpoint in network.private_endpoints.values() {
            let PrivateEndpointTarget::Resource(id) = &endpoint.target else { continue };
            if is_well_known(&meant.names, &id.resource_type().unwrap_or_default(), id.name()) {
                meant.owners.insert(id.clone());
            }
        }
        meant
    }

    fn add_services(&mut self, network: &Network) {
        for service in network.service_targets.values() {
            let is_called = service.names.iter().any(|name| is_called(&self.names, name));
            let (id, resource_type) = (&service.meta.id, &service.resource_type);
            if is_called || is_well_known(&self.names, resource_type, id.name()) {
                self.owners.insert(id.clone());
                // Servers in a subnet have an address of it.
                self.is_of_platform |= service.subnet.is_none();
            }
        }
    }

    fn add_clusters(&mut self, network: &Network) {
        for cluster in network.managed_clusters.values() {
            let mut own = cluster.fqdn.iter().chain(&cluster.private_fqdn);
            if own.any(|name| self.names.contains(name)) {
                self.owners.insert(cluster.meta.id.clone());
                // R465: API servers that are integrated into a subnet have an address of it.
                self.is_of_platform |= !cluster.has_network_integration;
            }
        }
    }

    /// Where the packet has come to, if that is somebody else.
    fn stranger(&self, network: &Network, request: &[Hop]) -> Option<Stranger> {
        let last = request.last()?;
        let endpoint = request.iter().rev().find_map(|hop| endpoint(network, hop));
        if let Some(endpoint) = endpoint {
            return self.of_endpoint(endpoint);
        }
        let is_machine = matches!(last.kind, HopKind::NetworkInterface | HopKind::ContainerGroup);
        let text = format!("{}, and whether that hands on what it gets is not known", last.at);
        // R282: records made by hand go stale, and the address is given away.
        (is_machine && self.is_of_platform).then(|| Stranger {
            at: last.at.clone(),
            text,
            rule: Rule(282),
            is_sure: false,
        })
    }

    fn is_reached_by(&self, endpoint: &PrivateEndpoint) -> bool {
        matches!(endpoint.target, PrivateEndpointTarget::Resource(_))
            && self.of_endpoint(endpoint).is_none()
    }

    /// The addresses that the service gives to the name at its endpoint; all, where it says nothing of it.
    fn addresses(&self, endpoint: &PrivateEndpoint) -> Vec<IpAddr> {
        let told = endpoint.dns_configs.iter().filter(|(name, _)| is_called(&self.names, name));
        let told: Vec<IpAddr> = told.flat_map(|(_, addresses)| addresses).copied().collect();
        if told.is_empty() { endpoint.addresses.clone() } else { told }
    }

    /// An endpoint reaches nothing but the resource that it is mapped to (R296), and one sub-resource of it (R294). What
    /// stands behind a service of the network, such as a gateway, may hand on what it gets.
    fn of_endpoint(&self, endpoint: &PrivateEndpoint) -> Option<Stranger> {
        let PrivateEndpointTarget::Resource(target) = &endpoint.target else { return None };
        let resource_type = target.resource_type().unwrap_or_default();
        let at = endpoint.meta.name();
        let stranger = |text, rule| Stranger { at: at.to_owned(), text, rule, is_sure: true };
        if !self.owners.iter().any(|owner| is_part(owner, target) || is_part(target, owner)) {
            let text = format!("{at}, the private endpoint of {}", target.name());
            let hands_on = resource_type.to_ascii_lowercase().starts_with("microsoft.network/");
            return Some(Stranger { is_sure: !hands_on, ..stranger(text, Rule(296)) });
        }
        let groups = &endpoint.group_ids;
        let told = endpoint.dns_configs.iter().any(|(name, _)| is_called(&self.names, name));
        let stands: Vec<bool> =
            self.names.iter().filter_map(|it| stands_for(&resource_type, groups, it)).collect();
        let is_other = !told && !stands.is_empty() && !stands.contains(&true);
        is_other.then(|| {
            let text = format!("{at}, the private endpoint for {}", groups.join(", "));
            stranger(text, Rule(294))
        })
    }
}

fn endpoint<'a>(network: &'a Network, hop: &Hop) -> Option<&'a PrivateEndpoint> {
    let id = hop.resource.as_ref().filter(|_| hop.kind == HopKind::PrivateEndpoint)?;
    network.private_endpoints.values().find(|endpoint| endpoint.meta.id == *id)
}

/// Is it among `names`, itself or as what it is an alias for where it has an endpoint (R277)?
fn is_called(names: &BTreeSet<DnsName>, name: &DnsName) -> bool {
    names.contains(name) || private_name(name).is_some_and(|private| names.contains(&private))
}

/// Is one of `names` that of the resource called `name`, by its type?
fn is_well_known(names: &BTreeSet<DnsName>, resource_type: &str, name: &str) -> bool {
    let first = |it: &DnsName| {
        it.as_str().split('.').next().is_some_and(|label| label.eq_ignore_ascii_case(name))
    };
    names.iter().any(first)
        && well_known_names(resource_type, name).iter().any(|it| is_called(names, it))
}

/// Is it the resource, or one below it, such as a slot of a site?
fn is_part(whole: &ResourceId, part: &ResourceId) -> bool {
    let (whole, part) = (whole.to_string().to_lowercase(), part.to_string().to_lowercase());
    part.strip_prefix(&whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
