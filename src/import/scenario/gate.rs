//! `gates`: conditions that are no matter of packets. Each is an object with one key, its kind.

use super::members::Members;
use super::schema::asked::{CLIENTS, GATE};
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use crate::import::names::{closest, listed};
use crate::scenario::{Condition, Gate};

/// Reads what stands under the kind of a gate.
type Read = fn(&mut Members<'_>, &Node) -> Option<Condition>;

/// How each kind of [`GATE`] is read.
const KINDS: &[(&str, Read)] = &[
    ("bastionSession", bastion_session),
    ("bastionTunnel", bastion_tunnel),
    ("cloudShell", cloud_shell),
    ("clusterCredential", cluster_credential),
    ("commandInvoke", command_invoke),
    ("justInTime", just_in_time),
    ("kubernetes", kubernetes),
    ("role", role),
    ("signIn", sign_in),
    ("sshKey", ssh_key),
];

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
    let read = KINDS.iter().find(|(kind, _)| *kind == &**name);
    let (Some((_, read)), Some(level)) = (read, GATE.below(name)) else {
        members.note(unknown(name), name, inside);
        return None;
    };
    let place = members.scenario.place(&members.pointer, node);
    let mut members = members.at(name);
    members.check_keys(inside, level);
    let condition = read(&mut members, inside)?;
    Some(Gate { condition, place })
}

fn unknown(name: &str) -> Diagnostic {
    let remark = Diagnostic::error("unknown-name", format!("`{name}` is no kind of gate"));
    match closest(name, GATE.names()) {
        Some(meant) => remark.hint(format!("did you mean `{meant}`?")),
        None => remark.hint(format!("one of {}", listed(GATE.names()))),
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
    Some(Condition::BastionSession {
        bastion: text(members, node, "bastion")?,
        machine: text(members, node, "machine")?,
        client: members.one_of(node, "client", &CLIENTS).unwrap_or_default(),
        port: port(members, node, 22)?,
    })
}

fn bastion_tunnel(members: &mut Members<'_>, node: &Node) -> Option<Condition> {
    let bastion = text(members, node, "bastion")?;
    Some(Condition::BastionTunnel { bastion, cluster: text(members, node, "cluster")? })
}

fn cloud_shell(members: &mut Members<'_>, node: &Node) -> Option<Condition> {
    let subnet = text(members, node, "subnet")?;
    Some(Condition::CloudShell { subnet, cluster: members.word(node, "cluster") })
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
    let mut or =
        |key: &str, default: &str| members.word(node, key).unwrap_or_else(|| default.to_owned());
    let (verb, resource) = (or("verb", "list"), or("resource", "pods"));
    Some(Condition::Kubernetes {
        cluster: text(members, node, "cluster")?,
        verb,
        resource,
        namespace: members.word(node, "namespace"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read() {
        let read: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(GATE.names().collect::<Vec<_>>(), read);
        assert!(GATE.names().all(|kind| GATE.below(kind).is_some()));
    }
}
