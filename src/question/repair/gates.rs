//! Edits that make a condition hold which is no matter of packets.

use super::command::{self, Command};
use super::edit::Edit;
use super::patch;
use super::search::Bench;
use crate::answer::{GateAnswer, PropertyValue, Remedy};
use crate::azure::tree::Node;
use crate::azure::{BuiltInRole, SecurityRule};
use crate::id::ResourceId;
use std::net::IpAddr;

/// Edits that may make `gate` hold.
pub(super) fn edits(bench: &Bench<'_>, gate: &GateAnswer) -> Vec<Edit> {
    let Some(remedy) = &gate.remedy else { return Vec::new() };
    let edit = match remedy {
        Remedy::Role { principal, operation, is_data, on } => {
            principal.as_ref().and_then(|who| role(bench, who, (operation, *is_data), on))
        }
        Remedy::Property { resource, property, value } => {
            Some(set(bench, resource, property, value))
        }
        Remedy::SecurityRule { group, direction, source, destination, ports } => {
            rule(bench, group, direction, (source, destination, ports))
        }
        Remedy::PublicKey { machine, key } => Some(public_key(bench, machine, key)),
        Remedy::PrivateKey { principal, key } => Some(private_key(bench, principal, key)),
        Remedy::Request { policy, machine, port, source } => {
            Some(request(bench, policy, machine, (*port, *source)))
        }
        Remedy::RoleBinding { inside, subject, role, namespace } => {
            Some(binding(bench, inside, (subject, role), namespace.as_deref()))
        }
        Remedy::Delegation { subnet, service } => Some(delegation(bench, subnet, service)),
        Remedy::Removal { resource, list, name } => Some(removal(bench, resource, list, name)),
    };
    edit.into_iter().collect()
}

/// The role that permits the operation and the least besides.
fn narrowest(operation: &str, is_data: bool) -> Option<&'static BuiltInRole> {
    let permits = |role: &&'static BuiltInRole| role.permits(operation, is_data);
    BuiltInRole::all().iter().filter(permits).min_by_key(|role| role.breadth())
}

fn role(
    bench: &Bench<'_>,
    principal: &ResourceId,
    (operation, is_data): (&str, bool),
    on: &ResourceId,
) -> Option<Edit> {
    let role = narrowest(operation, is_data)?;
    let who = principal.name();
    let sentence = format!("give {who} the role {} on {}", role.name, words(on));
    let entry =
        patch::object([("role", patch::text(role.name)), ("scope", patch::text(on.as_str()))]);
    let entries = known(bench, principal, "roles").into_iter().chain([entry]).collect();
    let change = patch::object([("roles", patch::list(entries))]);
    let principals = bench.plane.network().principals.values();
    let known = { principals }.find(|it| it.meta.id == *principal);
    let object = known.and_then(|it| it.object_id.as_deref());
    let command = Command::az("role assignment create")
        .with("--assignee", object.unwrap_or(who))
        .with("--role", role.name)
        .with("--scope", on.as_str());
    let change = patch::of(bench.snapshot, principal, change);
    Some(Edit::new("role", sentence, &[394, 470, 472, 473], change).by(command))
}

/// A resource in words: a namespace is one of a cluster.
fn words(on: &ResourceId) -> String {
    let cluster = on.parent().filter(|owner| {
        let kind = owner.resource_type();
        kind.is_some_and(|it| it.eq_ignore_ascii_case("Microsoft.ContainerService/managedClusters"))
    });
    match cluster {
        Some(cluster) => format!("the namespace {} of {}", on.name(), cluster.name()),
        None => on.name().to_owned(),
    }
}

/// What is in a list of things that have no names, so that the list has to be replaced. `path` has slashes.
fn known(bench: &Bench<'_>, owner: &ResourceId, path: &str) -> Vec<Node> {
    patch::elements(bench.snapshot, owner, path)
}

fn binding(
    bench: &Bench<'_>,
    inside: &ResourceId,
    (subject, role): (&str, &str),
    namespace: Option<&str>,
) -> Edit {
    let place = namespace.map(|name| format!(" in the namespace {name}")).unwrap_or_default();
    let sentence = format!("bind {subject} to the role {role} of {}{place}", inside.name());
    let name = namespace.map_or_else(patch::nothing, patch::text);
    let entry = patch::object([
        ("subject", patch::text(subject)),
        ("role", patch::text(role)),
        ("namespace", name),
    ]);
    let entries = known(bench, inside, "roleBindings").into_iter().chain([entry]).collect();
    let change = patch::object([("roleBindings", patch::list(entries))]);
    let name = format!("{subject}-{role}");
    let command = match namespace {
        Some(space) => Command::kubectl("create rolebinding").word(&name).with("-n", space),
        None => Command::kubectl("create clusterrolebinding").word(&name),
    };
    let command = command.word(&format!("--clusterrole={role}")).word(&format!("--user={subject}"));
    let change = patch::of(bench.snapshot, inside, change);
    Edit::new("role-binding", sentence, &[473], change).by(command)
}

fn set(bench: &Bench<'_>, resource: &ResourceId, property: &str, value: &PropertyValue) -> Edit {
    let (node, text) = match value {
        PropertyValue::Text(text) => (patch::text(text), Some((*text).to_owned())),
        PropertyValue::Flag(flag) => (patch::flag(*flag), Some(flag.to_string())),
        PropertyValue::Absent => (patch::nothing(), None),
    };
    let last = match property {
        "sku/name" => "the SKU",
        _ => property.rsplit('/').next().unwrap_or(property),
    };
    let name = resource.name();
    let sentence = match &text {
        Some(text) => format!("set {last} of {name} to {text}"),
        None => format!("take {last} off {name}"),
    };
    let change = patch::of(bench.snapshot, resource, patch::at(property, node));
    let rules: &[u16] = match property {
        "enableIpConnect" => &[390, 391],
        _ => &[388, 392, 393, 471, 472],
    };
    let command = setting(resource, property, text.as_deref());
    Edit::new("setting", sentence, rules, change).by(command)
}

/// The command that sets a property: one of its own where there is one.
fn setting(resource: &ResourceId, property: &str, value: Option<&str>) -> Command {
    let bastion = || Command::az("network bastion update").named(resource);
    let cluster = || Command::az("aks update").named(resource);
    match (property, value) {
        ("sku/name", Some(sku)) => bastion().with("--sku", sku),
        ("enableIpConnect", Some(flag)) => bastion().with("--enable-ip-connect", flag),
        ("enableTunneling", Some(flag)) => bastion().with("--enable-tunneling", flag),
        ("apiServerAccessProfile/disableRunCommand", Some("false")) => {
            cluster().word("--enable-run-command")
        }
        ("disableLocalAccounts", Some("false")) => cluster().word("--enable-local-accounts"),
        ("routeTable", None) => {
            Command::az("network vnet subnet update").of(resource).with("--route-table", "null")
        }
        _ => {
            let path = format!("properties.{}", property.replace('/', "."));
            let value = value.unwrap_or("null");
            Command::az("resource update").of(resource).with("--set", &format!("{path}={value}"))
        }
    }
}

fn rule(
    bench: &Bench<'_>,
    group: &ResourceId,
    direction: &str,
    (source, destination, ports): (&str, &str, &[u16]),
) -> Option<Edit> {
    let groups = bench.plane.network().network_security_groups.values();
    let known = { groups }.find(|it| it.meta.id == *group)?;
    let same = known.rules.iter().filter(|rule| rule.direction.as_arm() == direction);
    let taken: Vec<u16> = same.map(|rule| rule.priority).collect();
    let priority = SecurityRule::PRIORITIES.step_by(10).find(|it| !taken.contains(it))?;
    let name = format!("bastion-{}-{priority}", direction.to_lowercase());
    let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
    let listed = patch::list(ports.iter().map(|port| patch::text(port)).collect());
    let body = patch::object([
        ("name", patch::text(&name)),
        ("priority", patch::number(priority.into())),
        ("direction", patch::text(direction)),
        ("access", patch::text("Allow")),
        ("protocol", patch::text("Tcp")),
        ("sourceAddressPrefix", patch::text(source)),
        ("sourcePortRange", patch::text("*")),
        ("destinationAddressPrefix", patch::text(destination)),
        ("destinationPortRanges", listed),
    ]);
    let change = patch::object([("securityRules", patch::list(vec![body]))]);
    let sentence = format!(
        "allow TCP from {source} to {destination} port {} in {} ({})",
        ports.join(" and "),
        group.name(),
        direction.to_lowercase()
    );
    let command = command::SecurityRule {
        group,
        name: &name,
        priority,
        direction,
        protocol: "Tcp",
        source,
        destination,
        ports: &ports,
    };
    let change = patch::of(bench.snapshot, group, change);
    Some(Edit::new("security-rule", sentence, &[386], change).by(command.create()))
}

fn public_key(bench: &Bench<'_>, machine: &ResourceId, key: &str) -> Edit {
    let name = machine.name();
    let sentence = format!("put the public key into ~/.ssh/authorized_keys on {name}");
    let entry = patch::object([
        ("path", patch::text("~/.ssh/authorized_keys")),
        ("keyData", patch::text(key)),
    ]);
    let path = "osProfile/linuxConfiguration/ssh/publicKeys";
    let entries = known(bench, machine, path).into_iter().chain([entry]).collect();
    let change = patch::of(bench.snapshot, machine, patch::at(path, patch::list(entries)));
    let command = Command::az("vm user update")
        .named(machine)
        .with("-u", "USER")
        .with("--ssh-key-value", key);
    Edit::new("ssh-key", sentence, &[474], change).by(command)
}

fn private_key(bench: &Bench<'_>, principal: &ResourceId, key: &str) -> Edit {
    let path = r"C:\Users\User\.ssh\id_rsa";
    let sentence = format!("put the private key of {key} to {path} on the client");
    let body = patch::object([("name", patch::text(key)), ("privateKeyPath", patch::text(path))]);
    let change = patch::object([("sshKeys", patch::list(vec![body]))]);
    Edit::new("ssh-key", sentence, &[474], patch::of(bench.snapshot, principal, change))
}

fn request(
    bench: &Bench<'_>,
    policy: &ResourceId,
    machine: &ResourceId,
    (port, source): (u16, Option<IpAddr>),
) -> Edit {
    let whom = source.map_or_else(|| "*".to_owned(), |it| it.to_string());
    let sentence = format!("request access to port {port} of {} from {whom}", machine.name());
    let clock = bench.plane.network().clock;
    let start = clock.map(|it| it.to_string()).unwrap_or_default();
    let end = clock.and_then(|it| it.after(3600)).map(|it| it.to_string()).unwrap_or_default();
    let port_node = patch::object([
        ("number", patch::number(port.into())),
        ("allowedSourceAddressPrefix", patch::text(&whom)),
        ("endTimeUtc", patch::text(&end)),
    ]);
    let of_machine = patch::object([
        ("id", patch::text(machine.as_str())),
        ("ports", patch::list(vec![port_node])),
    ]);
    let entry = patch::object([
        ("startTimeUtc", patch::text(&start)),
        ("virtualMachines", patch::list(vec![of_machine])),
    ]);
    let entries = known(bench, policy, "requests").into_iter().chain([entry]).collect();
    let change = patch::object([("requests", patch::list(entries))]);
    let body = serde_json::json!({"virtualMachines": [{"id": machine.as_str(), "ports": [{
        "number": port,
        "endTimeUtc": if end.is_empty() { "END" } else { &end },
        "allowedSourceAddressPrefix": whom,
    }]}]});
    let command = Command::az("rest")
        .with("--method", "post")
        .with("--url", &format!("{policy}/initiate?api-version=2020-01-01"))
        .with("--body", &body.to_string());
    let change = patch::of(bench.snapshot, policy, change);
    Edit::new("just-in-time", sentence, &[436], change).by(command)
}

fn delegation(bench: &Bench<'_>, subnet: &ResourceId, service: &str) -> Edit {
    let sentence = format!("delegate {} to {service}", subnet.name());
    let name = service.rsplit('/').next().unwrap_or(service);
    let entry = patch::object([("name", patch::text(name)), ("serviceName", patch::text(service))]);
    let change = patch::object([("delegations", patch::list(vec![entry]))]);
    let command =
        Command::az("network vnet subnet update").of(subnet).with("--delegations", service);
    let change = patch::of(bench.snapshot, subnet, change);
    Edit::new("delegation", sentence, &[488], change).by(command)
}

fn removal(bench: &Bench<'_>, resource: &ResourceId, list: &str, name: &str) -> Edit {
    let sentence = format!("except it from {name}");
    let change = patch::at(&format!("{list}/{name}"), patch::nothing());
    Edit::new("policy-exception", sentence, &[470], patch::of(bench.snapshot, resource, change))
}
