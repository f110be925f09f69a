//! How people work on a machine: by RDP on Windows, by SSH on anything else.

use super::make::connect;
use super::survey::Survey;
use crate::azure::{Link, OperatingSystem, VirtualMachine};
use crate::scenario::{Condition, Leg};

/// A session on a machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session<'a> {
    pub(super) machine: &'a VirtualMachine,
    /// `SSH` or `RDP`.
    pub(super) protocol: &'static str,
    /// The TCP port.
    pub(super) port: u16,
}

impl<'a> Session<'a> {
    /// A machine whose system is not in the input is taken for one of Linux.
    pub(super) const fn on(machine: &'a VirtualMachine) -> Self {
        let (protocol, port) = match machine.operating_system {
            OperatingSystem::Windows => ("RDP", 3389),
            OperatingSystem::Linux | OperatingSystem::NotGiven => ("SSH", 22),
        };
        Self { machine, protocol, port }
    }

    /// The port of the machine, which legs call `host`.
    pub(super) fn at(self, host: &str) -> String {
        format!("{host}:{}", self.port)
    }

    /// The leg from `from` to where the machine is reached.
    pub(super) fn leg(self, survey: &Survey<'_>, from: &str, to: &str, title: &str) -> Leg {
        let title = format!("{title} by {}", self.protocol);
        connect(from, to, title, self.conditions(survey))
    }

    /// What it takes besides packets: a just-in-time request where a policy guards the port (R436), a key for
    /// SSH.
    fn conditions(self, survey: &Survey<'_>) -> Vec<Condition> {
        let id = &self.machine.meta.id;
        let machine = || id.to_string();
        let network = survey.network();
        let ports = network.just_in_time_policies.values().flat_map(|policy| &policy.ports);
        let mut guarded = ports.filter(|it| it.port == self.port).map(|it| it.machine);
        let is_guarded = guarded.any(|link| match link {
            Link::To(other) => network.virtual_machines[other].meta.id == *id,
            Link::Missing(_) => false,
        });
        let request = Condition::JustInTime { machine: machine(), port: self.port };
        let key = Condition::SshKey { machine: machine() };
        let request = is_guarded.then_some(request);
        request.into_iter().chain((self.protocol == "SSH").then_some(key)).collect()
    }
}
