//! Conditions of dataflows that are no matter of packets, one file each.
//!
//! A gate says of every part of its condition whether it holds, so that a reader sees what is met as
//! well as what is missing.

mod bastion_session;
mod bastion_tunnel;
mod cloud_shell;
mod cluster_credential;
mod command_invoke;
mod finding;
mod ip_connect;
mod just_in_time;
mod kubernetes;
mod permission;
mod role;
mod sign_in;
mod ssh_key;

use super::locate::Refusal;
use crate::answer::{GateAnswer, Outcome, Reason, TraceAnswer};
use crate::azure::{Network, Principal, UnknownValue};
use crate::dataplane::Dataplane;
use crate::id::Id;
use crate::scenario::Condition;

/// What a gate is judged by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    /// The network.
    pub(super) plane: &'a Dataplane,
    /// Who acts.
    pub(super) actor: Actor,
    /// The packets of the leg.
    pub(super) trace: Option<&'a TraceAnswer>,
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Actor {
    /// Somebody of the scenario.
    Named(Id<Principal>),
    /// Nobody is named: what depends on it is not known.
    NotNamed,
    /// It is left out of account: what depends on it is not judged.
    LeftOut,
}

impl Actor {
    /// The principal, when one is named.
    pub(super) const fn named(self) -> Option<Id<Principal>> {
        match self {
            Self::Named(id) => Some(id),
            Self::NotNamed | Self::LeftOut => None,
        }
    }
}

/// Sorts of conditions that are about who acts.
const OF_IDENTITY: [&str; 4] = ["role", "signIn", "sshKey", "kubernetes"];

impl<'a> Scene<'a> {
    fn network(&self) -> &'a Network {
        self.plane.network()
    }

    fn acting(&self) -> Option<&'a Principal> {
        self.actor.named().map(|id| &self.network().principals[id])
    }

    /// How answers call who acts.
    fn who(&self) -> &'a str {
        self.acting().map_or("nobody", |principal| principal.meta.name())
    }
}

/// The same answer, unless it is "no" and values of the input are not known: gates look at what is
/// there, and there may be more.
pub(super) fn doubt(scene: &Scene<'_>, answer: GateAnswer) -> GateAnswer {
    let unknown = &scene.network().unknown_values;
    let about = answer.decided_by.as_ref().and_then(|item| item.resource.as_ref());
    let is_about = |value: &&UnknownValue| {
        about.is_some_and(|id| value.of == *id || value.of.parent().as_ref() == Some(id))
    };
    let value = unknown.iter().find(is_about).or_else(|| unknown.first());
    match value.filter(|_| answer.outcome == Outcome::Stopped) {
        Some(value) => GateAnswer {
            outcome: Outcome::Unsure,
            reason: Some(Reason::ValueUnknown),
            text: format!("{}; but {value}", answer.text),
            ..answer
        },
        None => answer,
    }
}

/// Judges every part of `condition`.
///
/// # Errors
/// When it names something that is not in the input.
pub(super) fn judge(scene: &Scene<'_>, condition: &Condition) -> Result<Vec<GateAnswer>, Refusal> {
    let mut parts = parts(scene, condition)?;
    if scene.actor == Actor::LeftOut {
        let is_open = |part: &GateAnswer| part.reason == Some(Reason::NotGiven);
        parts.retain(|part| !(OF_IDENTITY.contains(&part.kind) && is_open(part)));
    }
    Ok(parts)
}

fn parts(scene: &Scene<'_>, condition: &Condition) -> Result<Vec<GateAnswer>, Refusal> {
    match condition {
        Condition::SignIn { application } => Ok(sign_in::judge(scene, application)),
        Condition::Role { action, on } => role::judge(scene, action, on),
        Condition::ClusterCredential { cluster, is_admin } => {
            cluster_credential::judge(scene, cluster, *is_admin)
        }
        Condition::Kubernetes { cluster, verb, resource, namespace } => {
            let wish = kubernetes::Wish { verb, resource, namespace: namespace.as_deref() };
            kubernetes::judge(scene, cluster, wish)
        }
        Condition::SshKey { machine } => ssh_key::judge(scene, machine),
        Condition::JustInTime { machine, port } => just_in_time::judge(scene, machine, *port),
        Condition::BastionSession { bastion, machine, client, port } => {
            let session = bastion_session::Session { client: *client, port: *port };
            bastion_session::judge(scene, bastion, machine, session)
        }
        Condition::BastionTunnel { bastion, cluster } => {
            bastion_tunnel::judge(scene, bastion, cluster)
        }
        Condition::CommandInvoke { cluster } => command_invoke::judge(scene, cluster),
        Condition::CloudShell { subnet, cluster } => {
            cloud_shell::judge(scene, subnet, cluster.as_deref())
        }
    }
}
