//! Who acts: `principals` and `conditionalAccess` of scenario files.

use super::{Meta, Origin};

/// A person or a workload that acts in a dataflow. Exports know only its object id; the rest is told
/// by the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Id (`/hopwise/principals/<name>`), place.
    pub meta: Meta,
    /// `objectId`: how exported role assignments call it.
    pub object_id: Option<Box<str>>,
    /// Groups that it is a member of: their object ids, or names that the scenario uses alike.
    pub groups: Vec<Box<str>>,
    /// Are its roles told? Else what it may do is known only from exported role assignments.
    pub are_roles_told: bool,
    /// Its SSH keys; none given: not known whether it has any.
    pub ssh_keys: Option<Vec<SshKey>>,
    /// The device that it works at.
    pub device: Device,
    /// Can it sign in to Microsoft Entra ID? None: not given.
    pub can_sign_in: Option<bool>,
}

/// A pair of SSH keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshKey {
    /// What the scenario calls it.
    pub name: Box<str>,
    /// The public half, as it stands in `authorized_keys`; the comment at its end does not matter.
    pub public_key: Box<str>,
    /// Where the private half is on the client; none: it is not there.
    pub private_key_path: Option<Box<str>>,
    /// Where it was read.
    pub origin: Origin,
}

/// The device that somebody works at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// Does it comply with the organisation's policies? None: not given.
    pub is_compliant: Option<bool>,
    /// Is it a privileged access workstation? None: not given.
    pub is_privileged_access_workstation: Option<bool>,
}

/// A policy of Microsoft Entra Conditional Access: what a sign-in needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPolicy {
    /// Id (`/hopwise/conditionalAccess/<name>`), place.
    pub meta: Meta,
    /// The applications that it holds for, such as `azure-portal`; empty: all.
    pub applications: Vec<Box<str>>,
    /// The principals that it holds for, by name, group or object id; empty: all.
    pub principals: Vec<Box<str>>,
    /// What it needs.
    pub requires: Option<DeviceRequirement>,
}

/// What a policy needs of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceRequirement {
    /// Any device that complies.
    Compliant,
    /// A privileged access workstation.
    PrivilegedAccessWorkstation,
}

impl DeviceRequirement {
    /// Every requirement, by its word in scenario files.
    pub const WORDS: [(&str, Self); 2] = [
        ("compliant-device", Self::Compliant),
        ("privileged-access-workstation", Self::PrivilegedAccessWorkstation),
    ];
}
