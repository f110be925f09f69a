//! `principals` and `conditionalAccess` of scenario files.

use super::role;
use crate::azure::{AccessPolicy, Assignee, Device, DeviceRequirement, Principal, SshKey};
use crate::resolve::draft::Draft;
use crate::resolve::fields::Fields;

/// Reads somebody who acts, with the roles that are told beside.
pub(in crate::resolve) fn read(fields: &Fields<'_>, draft: &mut Draft) {
    let principal = Principal {
        meta: fields.meta(),
        object_id: fields.boxed("objectId"),
        groups: fields.texts("groups"),
        are_roles_told: fields.has("roles"),
        ssh_keys: fields.has("sshKeys").then(|| ssh_keys(fields)),
        device: device(fields),
        can_sign_in: fields.flag("canSignIn"),
    };
    let id = draft.network.principals.push(principal);
    for entry in fields.list("roles") {
        match role::read_short(&entry.fields(), Assignee::Principal(id)) {
            Some(assignment) => {
                draft.network.role_assignments.push(assignment);
            }
            // It has a role that cannot be read: what it may do is not known.
            None => draft.network.principals[id].are_roles_told = false,
        }
    }
}

fn ssh_keys(fields: &Fields<'_>) -> Vec<SshKey> {
    let keys = fields.list("sshKeys").into_iter().map(|entry| entry.fields());
    let key = |key: Fields<'_>| SshKey {
        name: key.name(),
        public_key: key.boxed("publicKey").unwrap_or_default(),
        private_key_path: key.boxed("privateKeyPath"),
        origin: key.origin(),
    };
    keys.map(key).collect()
}

fn device(fields: &Fields<'_>) -> Device {
    Device {
        is_compliant: fields.flag("device/isCompliant"),
        is_privileged_access_workstation: fields.flag("device/isPrivilegedAccessWorkstation"),
    }
}

/// Reads what a sign-in needs.
pub(in crate::resolve) fn read_policy(fields: &Fields<'_>) -> AccessPolicy {
    AccessPolicy {
        meta: fields.meta(),
        applications: fields.texts("applications"),
        principals: fields.texts("principals"),
        requires: fields.one_of("requires", &DeviceRequirement::WORDS),
    }
}
