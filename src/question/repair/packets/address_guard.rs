//! The firewall of a service: a public address that it takes, or a subnet with its service endpoint.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::tree::Node;
use crate::azure::{Link, PublicNetworkAccess, ServiceTarget, Subnet};
use crate::dataplane::{is_private, is_stand_in};
use crate::question::repair::command::Command;
use crate::question::repair::edit::Edit;
use crate::question::repair::patch;

pub(super) fn edits(scene: &Scene<'_>, obstacle: &Obstacle) -> Vec<Edit> {
    if obstacle.reason != Reason::RefusedByService {
        return Vec::new();
    }
    let id = obstacle.decided_by.as_ref().and_then(|item| item.resource.as_ref());
    let services = scene.network().service_targets.values();
    let Some(service) = { services }.find(|service| Some(&service.meta.id) == id) else {
        return Vec::new();
    };
    // Private endpoints are what the public address is closed for (R295).
    if service.public_access != PublicNetworkAccess::Enabled {
        return Vec::new();
    }
    let Some(sort) = Sort::of(service) else { return Vec::new() };
    let of_address = of_address(scene, service, (sort, obstacle));
    of_address.into_iter().chain(of_subnet(scene, service, sort)).collect()
}

/// Services by what their rules are called, in ARM and in the Azure CLI.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Storage,
    Vault,
    Sql,
}

impl Sort {
    fn of(service: &ServiceTarget) -> Option<Self> {
        match &*service.resource_type.to_ascii_lowercase() {
            "microsoft.storage/storageaccounts" => Some(Self::Storage),
            "microsoft.keyvault/vaults" => Some(Self::Vault),
            "microsoft.sql/servers" => Some(Self::Sql),
            _ => None,
        }
    }

    /// The service endpoint that leads there from the network of `subnet`; one for all regions costs
    /// what one for its own does not (R57).
    fn endpoint(self, service: &ServiceTarget, location: &str) -> &'static str {
        match self {
            Self::Storage if *service.meta.location == *location => "Microsoft.Storage",
            Self::Storage => "Microsoft.Storage.Global",
            Self::Vault => "Microsoft.KeyVault",
            Self::Sql => "Microsoft.Sql",
        }
    }
}

/// Adds to a list of rules within the service.
fn command_of_list(service: &ServiceTarget, sort: Sort) -> Command {
    let (id, name) = (&service.meta.id, service.meta.name());
    if sort == Sort::Vault {
        return Command::az("keyvault network-rule add").beside(id).with("-n", name);
    }
    Command::az("storage account network-rule add").beside(id).with("--account-name", name)
}

/// R430: the service sees the public address that the client appears from.
fn of_address(
    scene: &Scene<'_>,
    service: &ServiceTarget,
    (sort, obstacle): (Sort, &Obstacle),
) -> Option<Edit> {
    let address = obstacle.flow.source;
    if is_private(address) || is_stand_in(address) || address.is_ipv6() {
        return None;
    }
    let (source, name) = (address.to_string(), service.meta.name());
    let rule = format!("allow-{}", source.replace('.', "-"));
    let (change, command) = match sort {
        Sort::Storage | Sort::Vault => {
            let known = service.allowed_prefixes.iter().map(ToString::to_string);
            let entries = known.chain([source.clone()]).map(|prefix| {
                patch::object([("value", patch::text(&prefix)), ("action", patch::text("Allow"))])
            });
            let change = patch::at("networkAcls/ipRules", patch::list(entries.collect()));
            (change, command_of_list(service, sort).with("--ip-address", &source))
        }
        Sort::Sql => {
            let ends = [("startIpAddress", &source), ("endIpAddress", &source)];
            let [first, last] = ends.map(|(name, end)| (name, patch::text(end)));
            let body = patch::object([("name", patch::text(&rule)), first, last]);
            let command = Command::az("sql server firewall-rule create")
                .beside(&service.meta.id)
                .with("--server", name)
                .with("-n", &rule)
                .with("--start-ip-address", &source)
                .with("--end-ip-address", &source);
            (patch::at("firewallRules", patch::list(vec![body])), command)
        }
    };
    let sentence =
        format!("let the firewall of {name} take {source}, from which the client appears");
    let change = scene.change(&service.meta.id, change);
    Some(Edit::new("service-firewall", sentence, &[430, 435, 582], change).by(command))
}

/// R430, R431: the service knows the subnet of what comes over a service endpoint.
fn of_subnet(scene: &Scene<'_>, service: &ServiceTarget, sort: Sort) -> Option<Edit> {
    let network = scene.network();
    let id = scene.subnet_of(scene.sender()?)?;
    let subnet = &network.subnets[id];
    let rule = rule_for(scene, service, (sort, subnet));
    let location = &network.virtual_networks[subnet.network].meta.location;
    let wanted = sort.endpoint(service, location);
    let has = |name: &str| {
        subnet.service_endpoints.iter().any(|it| it.service.eq_ignore_ascii_case(name))
    };
    if has(wanted) || has("Microsoft.Storage.Global") && sort == Sort::Storage {
        return rule;
    }
    let endpoint = endpoint_for(scene, subnet, wanted);
    if service.allowed_subnets.contains(&Link::To(id)) {
        return Some(endpoint);
    }
    Some(endpoint.and(rule?))
}

fn endpoint_for(scene: &Scene<'_>, subnet: &Subnet, wanted: &str) -> Edit {
    let known: Vec<&str> = subnet.service_endpoints.iter().map(|it| &*it.service).collect();
    let nodes: Vec<Node> = { subnet.service_endpoints.iter() }
        .map(|it| {
            let locations = it.locations.iter().map(|location| patch::text(location)).collect();
            let service = ("service", patch::text(&it.service));
            patch::object([service, ("locations", patch::list(locations))])
        })
        .chain([patch::object([("service", patch::text(wanted))])])
        .collect();
    let change = patch::object([("serviceEndpoints", patch::list(nodes))]);
    let command = Command::az("network vnet subnet update")
        .of(&subnet.meta.id)
        .with_all("--service-endpoints", known.into_iter().chain([wanted]));
    let sentence = format!("give {} a service endpoint for {wanted}", subnet.meta.name());
    let change = scene.change(&subnet.meta.id, change);
    Edit::new("service-endpoint", sentence, &[430, 431], change).by(command)
}

fn rule_for(
    scene: &Scene<'_>,
    service: &ServiceTarget,
    (sort, subnet): (Sort, &Subnet),
) -> Option<Edit> {
    let network = scene.network();
    let id = subnet.meta.id.as_str();
    let known = service.allowed_subnets.iter().map(|link| match link {
        Link::To(id) => network.subnets[*id].meta.id.as_str(),
        Link::Missing(id) => network.missing[*id].id.as_str(),
    });
    let known: Vec<&str> = known.collect();
    if known.iter().any(|it| it.eq_ignore_ascii_case(id)) {
        return None;
    }
    let (change, command) = match sort {
        Sort::Storage | Sort::Vault => {
            let entries = known.into_iter().chain([id]);
            let entries = entries.map(|it| patch::object([("id", patch::text(it))])).collect();
            let change = patch::at("networkAcls/virtualNetworkRules", patch::list(entries));
            (change, command_of_list(service, sort).with("--subnet", id))
        }
        Sort::Sql => {
            let rule = format!("allow-{}", subnet.meta.name());
            let body = [("name", patch::text(&rule)), ("virtualNetworkSubnetId", patch::text(id))];
            let command = Command::az("sql server vnet-rule create")
                .beside(&service.meta.id)
                .with("--server", service.meta.name())
                .with("-n", &rule)
                .with("--subnet", id);
            (patch::at("virtualNetworkRules", patch::list(vec![patch::object(body)])), command)
        }
    };
    let (name, of) = (service.meta.name(), subnet.meta.name());
    let sentence =
        format!("let the firewall of {name} take what comes from {of} over its endpoint");
    let change = scene.change(&service.meta.id, change);
    Some(Edit::new("service-firewall", sentence, &[430, 582], change).by(command))
}
