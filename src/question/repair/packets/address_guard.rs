//! The firewall of a service: a public address that it takes, or a subnet with its service endpoint.

use super::scene::Scene;
use crate::answer::{Obstacle, Reason};
use crate::azure::tree::{Node, Value, View};
use crate::azure::{Link, PublicNetworkAccess, ServiceTarget, Subnet};
use crate::dataplane::{is_private, is_stand_in};
use crate::id::ResourceId;
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
    Registry,
    Cosmos,
}

impl Sort {
    fn of(service: &ServiceTarget) -> Option<Self> {
        match &*service.resource_type.to_ascii_lowercase() {
            "microsoft.storage/storageaccounts" => Some(Self::Storage),
            "microsoft.keyvault/vaults" => Some(Self::Vault),
            "microsoft.sql/servers" => Some(Self::Sql),
            "microsoft.containerregistry/registries" => Some(Self::Registry),
            "microsoft.documentdb/databaseaccounts" => Some(Self::Cosmos),
            _ => None,
        }
    }

    /// The service endpoint that leads there from the network of `subnet`; one for all regions costs
    /// what one for its own does not (R57). None where no rule for a subnet can be made any more.
    fn endpoint(self, service: &ServiceTarget, location: &str) -> Option<&'static str> {
        Some(match self {
            Self::Storage if *service.meta.location == *location => "Microsoft.Storage",
            Self::Storage => "Microsoft.Storage.Global",
            Self::Vault => "Microsoft.KeyVault",
            Self::Sql => "Microsoft.Sql",
            Self::Cosmos => "Microsoft.AzureCosmosDB",
            Self::Registry => return None,
        })
    }
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
    let source = address.to_string();
    let (change, command) = match sort {
        Sort::Storage | Sort::Vault | Sort::Registry => {
            let entry =
                patch::object([("value", patch::text(&source)), ("action", patch::text("Allow"))]);
            let command = add_rule(service, sort).with("--ip-address", &source);
            (with(scene, service, &listed_in(scene, service, sort, "ipRules"), entry), command)
        }
        Sort::Sql => sql_rule(service, &source),
        Sort::Cosmos => {
            let entry = patch::object([("ipAddressOrRange", patch::text(&source))]);
            let command = Command::az("cosmosdb update").named(&service.meta.id);
            let ranges = ranges_of_account(scene, service).into_iter().chain([source.clone()]);
            let ranges: Vec<String> = ranges.collect();
            let command = command.with("--ip-range-filter", &ranges.join(","));
            (with(scene, service, "ipRules", entry), command)
        }
    };
    let name = service.meta.name();
    let sentence =
        format!("let the firewall of {name} take {source}, from which the client appears");
    let change = scene.change(&service.meta.id, change);
    Some(Edit::new("service-firewall", sentence, &[430, 435, 582], change).by(command))
}

/// `list`, which has no names in it, with one more entry.
fn with(scene: &Scene<'_>, service: &ServiceTarget, list: &str, entry: Node) -> Node {
    let known = patch::elements(scene.snapshot, &service.meta.id, list);
    patch::at(list, patch::list(known.into_iter().chain([entry]).collect()))
}

/// Where the rules stand: ARM calls what holds them otherwise in registries, and the Azure CLI in accounts.
fn listed_in(scene: &Scene<'_>, service: &ServiceTarget, sort: Sort, list: &str) -> String {
    let has = |name: &str| patch::at_present(scene.snapshot, &service.meta.id, name).is_some();
    let is_set = sort == Sort::Registry || !has("networkAcls") && has("networkRuleSet");
    format!("{}/{list}", if is_set { "networkRuleSet" } else { "networkAcls" })
}

/// Adds to a list of rules within the service.
fn add_rule(service: &ServiceTarget, sort: Sort) -> Command {
    let (id, name) = (&service.meta.id, service.meta.name());
    match sort {
        Sort::Vault => Command::az("keyvault network-rule add").beside(id).with("-n", name),
        Sort::Registry => Command::az("acr network-rule add").beside(id).with("-n", name),
        Sort::Storage | Sort::Sql | Sort::Cosmos => {
            Command::az("storage account network-rule add").beside(id).with("--account-name", name)
        }
    }
}

/// R583: a rule of a server is a resource of its own.
fn sql_rule(service: &ServiceTarget, source: &str) -> (Node, Command) {
    let rule = format!("allow-{}", source.replace('.', "-"));
    let ends = ["startIpAddress", "endIpAddress"].map(|end| (end, patch::text(source)));
    let [first, last] = ends;
    let body = patch::object([("name", patch::text(&rule)), first, last]);
    let command = Command::az("sql server firewall-rule create")
        .beside(&service.meta.id)
        .with("--server", service.meta.name())
        .with("-n", &rule)
        .with("--start-ip-address", source)
        .with("--end-ip-address", source);
    (patch::at("firewallRules", patch::list(vec![body])), command)
}

/// What an account of Cosmos DB lets in: the Azure CLI takes all ranges at once. Older accounts have them in one text.
fn ranges_of_account(scene: &Scene<'_>, service: &ServiceTarget) -> Vec<String> {
    let id = &service.meta.id;
    let older = patch::at_present(scene.snapshot, id, "ipRangeFilter");
    let older = older.and_then(View::as_text).unwrap_or_default().split(',').map(str::trim);
    let rules = patch::at_present(scene.snapshot, id, "ipRules");
    let rules = rules.iter().flat_map(|rules| rules.elements());
    let rules = rules.filter_map(|rule| rule.get("ipAddressOrRange")?.as_text());
    older.filter(|range| !range.is_empty()).chain(rules).map(str::to_owned).collect()
}

/// R430, R431: the service knows the subnet of what comes over a service endpoint.
fn of_subnet(scene: &Scene<'_>, service: &ServiceTarget, sort: Sort) -> Option<Edit> {
    let network = scene.network();
    let id = scene.subnet_of(scene.sender()?)?;
    let subnet = &network.subnets[id];
    let location = &network.virtual_networks[subnet.network].meta.location;
    let wanted = sort.endpoint(service, location)?;
    let rule = rule_for(scene, service, (sort, subnet));
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

/// R430: a rule for what comes from `subnet` over its service endpoint.
fn rule_for(
    scene: &Scene<'_>,
    service: &ServiceTarget,
    (sort, subnet): (Sort, &Subnet),
) -> Option<Edit> {
    let network = scene.network();
    let id = &subnet.meta.id;
    let is_this = |link: &Link<Subnet>| match *link {
        Link::To(known) => network.subnets[known].meta.id == *id,
        Link::Missing(missing) => network.missing[missing].id == *id,
    };
    if service.allowed_subnets.iter().any(is_this) {
        return None;
    }
    let entry = patch::object([("id", patch::text(id.as_str()))]);
    let (change, commands) = match sort {
        Sort::Storage | Sort::Vault | Sort::Registry => {
            let list = listed_in(scene, service, sort, "virtualNetworkRules");
            let command = add_rule(service, sort).with("--subnet", id.as_str());
            (with(scene, service, &list, entry), vec![command])
        }
        Sort::Sql => sql_subnet_rule(service, subnet),
        Sort::Cosmos => cosmos_subnet_rule(scene, service, (id, entry)),
    };
    let (name, of) = (service.meta.name(), subnet.meta.name());
    let sentence =
        format!("let the firewall of {name} take what comes from {of} over its endpoint");
    let change = scene.change(&service.meta.id, change);
    let edit = Edit::new("service-firewall", sentence, &[430, 582], change);
    Some(commands.into_iter().fold(edit, Edit::by))
}

fn sql_subnet_rule(service: &ServiceTarget, subnet: &Subnet) -> (Node, Vec<Command>) {
    let (rule, id) = (format!("allow-{}", subnet.meta.name()), subnet.meta.id.as_str());
    let body = [("name", patch::text(&rule)), ("virtualNetworkSubnetId", patch::text(id))];
    let command = Command::az("sql server vnet-rule create")
        .beside(&service.meta.id)
        .with("--server", service.meta.name())
        .with("-n", &rule)
        .with("--subnet", id);
    (patch::at("virtualNetworkRules", patch::list(vec![patch::object(body)])), vec![command])
}

/// Rules for subnets hold where the account's filter is on.
fn cosmos_subnet_rule(
    scene: &Scene<'_>,
    service: &ServiceTarget,
    (subnet, entry): (&ResourceId, Node),
) -> (Node, Vec<Command>) {
    let account = &service.meta.id;
    let (filter, list) = ("isVirtualNetworkFilterEnabled", "virtualNetworkRules");
    let at_present = |name: &str| patch::at_present(scene.snapshot, account, name);
    let is_on = at_present(filter).is_some_and(|it| it.node().value == Value::Bool(true));
    let is_this = |id: View<'_>| id.as_text() == Some(subnet.as_str());
    let is_listed = at_present(list)
        .is_some_and(|rules| rules.elements().any(|rule| rule.get("id").is_some_and(is_this)));
    let (mut change, mut commands) = (patch::object([]), Vec::new());
    if !is_on {
        change = patch::at(filter, patch::flag(true));
        let switch = Command::az("cosmosdb update").named(account);
        commands.push(switch.with("--enable-virtual-network", "true"));
    }
    if !is_listed {
        change = patch::joined(change, with(scene, service, list, entry));
        let add = Command::az("cosmosdb network-rule add").named(account);
        commands.push(add.with("--subnet", subnet.as_str()));
    }
    (change, commands)
}
