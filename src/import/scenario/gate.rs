//! `gates`: conditions that are no matter of packets. Each is an object with one key, its kind.

use super::members::{Members, written};
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use crate::import::names::{closest, listed};
use crate::scenario::{BastionClient, Condition, Gate};

/// A kind of condition: its keys, and how it is read.
struct Kind {
    name: &'static str,
    keys: &'static [&'static str],
    read: fn(&mut Members<'_>, &Node) -> Option<Condition>,
}

/// Every kind, by name.
const KINDS: &[Kind] = &[
    Kind {
        name: "bastionSession",
        keys: &["bastion", "machine", "client", "port"],
        read: bastion_session,
    },
    Kind { name: "bastionTunnel", keys: &["bastion", "cluster"], read: bastion_tunnel },
    Kind { name: "cloudShell", keys: &["subnet", "cluster"], read: cloud_shell },
    Kind { name: "clusterCredential", keys: &["cluster", "admin"], read: cluster_credential },
    Kind { name: "commandInvoke", keys: &["cluster"], read: command_invoke },
    Kind { name: "justInTime", keys: &["machine", "port"], read: just_in_time },
    Kind {
        name: "kubernetes",
        keys: &["cluster", "verb", "resource", "namespace"],
        read: kubernetes,
    },
    Kind { name: "role", keys: &["action", "on"], read: role },
    Kind { name: "signIn", keys: &["application"], read: sign_in },
    Kind { name: "sshKey", keys: &["machine"], read: ssh_key },
];

/// The kinds of gates, for messages and for the schema.
pub(super) fn kinds() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    KINDS.iter().map(|kind| (kind.name, kind.keys))
}

/// Reads a gate.
pub(super) fn read(members: &mut Members<'_>, node: &Node) -> Option<Gate> {
    let Value::Object(entries) = &node.value else {
        members.complain("an object with one key, the kind of the gate", node);
        return None;
    };
    let [(name, inside)] = &**entries else {
        let message = format!("expected one kind of gate, found {} keys", entries.len());
        members.note(Diagnostic::error("wrong-value", message), "", node);
        return None;
    };
    let Some(kind) = KINDS.iter().find(|kind| *kind.name == **name) else {
        members.note(unknown(name), name, inside);
        return None;
    };
    let place = members.scenario.place(&members.pointer, node);
    let mut members = members.at(name);
    members.check_keys(inside, &format!("a gate `{name}`"), kind.keys);
    let condition = (kind.read)(&mut members, inside)?;
    Some(Gate { condition, place })
}

fn unknown(name: &str) -> Diagnostic {
    let names = kinds().map(|(name, _)| name);
    let remark = Diagnostic::error("unknown-name", format!("`{name}` is no kind of gate"));
    match closest(name, names) {
        Some(meant) => remark.hint(format!("did you mean `{meant}`?")),
        None => remark.hint(format!("one of {}", listed(kinds().map(|(name, _)| name)))),
    }
}

fn text(members: &mut Members<'_>, node: &Node, key: &str) -> Option<String> {
    members.text(node, key).map(str::to_owned)
}

fn port(members: &mut Members<'_>, node: &Node, default: u16) -> Option<u16> {
    if node.get("port").is_none() {
        return Some(default);
    }
    members.parsed(node, "port", "a port from 0 to 65535")
}

fn bastion_session(members: &mut Members<'_>, node: &Node) -> Option<Condition> {
    let clients = [("browser", BastionClient::Browser), ("native", BastionClient::Native)];
    Some(Condition::BastionSession {
        bastion: text(members, node, "bastion")?,
        machine: text(members, node, "machine")?,
        client: members.one_of(node, "client", &clients).unwrap_or_default(),
        port: port(members, node, 22)?,
    })
}

fn bastion_tunnel(members: &mut Members<'_>, node: &Node) -> Option<Condition> {
    let bastion = text(members, node, "bastion")?;
    Some(Condition::BastionTunnel { bastion, cluster: text(members, node, "cluster")? })
}

fn cloud_shell(members: &mut Members<'_>, node: &Node) -> Option<Condition> {
    let subnet = text(members, node, "subnet")?;
    Some(Condition::CloudShell { subnet, cluster: node.get("cluster").and_then(written) })
}

fn cluster_credential(members: &mut Members<'_>, node: &Node) -> Option<Condition> {
    let is_admin = members.one_of(node, "admin", &[("true", true), ("false", false)]);
    let cluster = text(members, node, "cluster")?;
    Some(Condition::ClusterCredential { cluster, is_admin: is_admin.unwrap_or(false) })
}

fn command_invoke(members: &mut Members<'_>, node: &Node) -> Option<Condition> {
    Some(Condition::CommandInvoke { cluster: text(members, node, "cluster")? })
}

fn just_in_time(members: &mut Members<'_>, node: &Node) -> Option<Condition> {
    let machine = text(members, node, "machine")?;
    Some(Condition::JustInTime { machine, port: port(members, node, 22)? })
}

fn kubernetes(members: &mut Members<'_>, node: &Node) -> Option<Condition> {
    let or = |key: &str, default: &str| {
        node.get(key).and_then(written).unwrap_or_else(|| default.to_owned())
    };
    Some(Condition::Kubernetes {
        cluster: text(members, node, "cluster")?,
        verb: or("verb", "list"),
        resource: or("resource", "pods"),
        namespace: node.get("namespace").and_then(written),
    })
}

fn role(members: &mut Members<'_>, node: &Node) -> Option<Condition> {
    let action = text(members, node, "action")?;
    Some(Condition::Role { action, on: text(members, node, "on")? })
}

fn sign_in(members: &mut Members<'_>, node: &Node) -> Option<Condition> {
    Some(Condition::SignIn { application: text(members, node, "application")? })
}

fn ssh_key(members: &mut Members<'_>, node: &Node) -> Option<Condition> {
    Some(Condition::SshKey { machine: text(members, node, "machine")? })
}
