//! `Microsoft.Compute/virtualMachines` and instances of scale sets.

use super::{Link, Meta, NetworkInterface};

/// A virtual machine, or an instance of a scale set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VirtualMachine {
    /// Id, region, place.
    pub meta: Meta,
    /// Its network interfaces, the primary one first.
    pub interfaces: Vec<Link<NetworkInterface>>,
    /// The name inside the guest, `osProfile.computerName`; the resource's name where not given.
    pub computer_name: Box<str>,
    /// What it runs.
    pub operating_system: OperatingSystem,
    /// What was read of its power state.
    pub power: PowerState,
    /// `osProfile.linuxConfiguration.ssh.publicKeys`, as they stand in `authorized_keys`; none given: not
    /// known, as exports have only keys that were set when the machine was made.
    pub ssh_public_keys: Option<Vec<Box<str>>>,
    /// Is it an instance of a scale set with flexible orchestration (R123)?
    pub is_flexible_scale_set_instance: bool,
}

/// What a machine runs, `storageProfile.osDisk.osType`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OperatingSystem {
    /// Not in the input.
    #[default]
    NotGiven,
    /// Linux, which people work on by SSH.
    Linux,
    /// Windows, which people work on by RDP.
    Windows,
}

/// Does the machine run?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PowerState {
    /// Not in the input: assumed to run.
    #[default]
    NotGiven,
    /// It runs.
    Running,
    /// It is stopped or deallocated.
    Stopped,
}
