//! Commands of the Azure CLI and of `kubectl`.

use crate::id::ResourceId;
use std::fmt;

/// A command for a POSIX shell, under construction: every word is quoted where it needs it.
///
/// Words in capitals are the reader's to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command(String);

impl Command {
    /// `az` and the words of a command, such as `network nic update`.
    pub(super) fn az(command: &str) -> Self {
        Self(format!("az {command}"))
    }

    /// `kubectl` and the words of a command.
    pub(super) fn kubectl(command: &str) -> Self {
        Self(format!("kubectl {command}"))
    }

    /// A word without an option before it.
    pub(super) fn word(mut self, word: &str) -> Self {
        // A shell takes no NUL in a word.
        let word = word.replace('\0', "");
        self.0.push(' ');
        self.0.push_str(&shlex::try_quote(&word).unwrap_or_default());
        self
    }

    /// An option and its value.
    pub(super) fn with(self, option: &str, value: &str) -> Self {
        self.word(option).word(value)
    }

    /// An option and its values.
    pub(super) fn with_all<'a>(
        self,
        option: &str,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        values.into_iter().fold(self.word(option), Self::word)
    }

    /// The resource that it is about, by its id.
    pub(super) fn of(self, id: &ResourceId) -> Self {
        self.with("--ids", id.as_str())
    }

    /// The resource that it is about, by group and name: some commands take no ids.
    pub(super) fn named(self, id: &ResourceId) -> Self {
        self.beside(id).with("-n", id.name())
    }

    /// In the resource group of `id`, with the subscription left to the reader's context.
    pub(super) fn beside(self, id: &ResourceId) -> Self {
        self.with("-g", id.resource_group().unwrap_or("GROUP"))
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A security rule, for `az network nsg rule create`.
pub(super) struct SecurityRule<'a> {
    pub(super) group: &'a ResourceId,
    pub(super) name: &'a str,
    pub(super) priority: u16,
    pub(super) direction: &'a str,
    pub(super) protocol: &'a str,
    pub(super) source: &'a str,
    pub(super) destination: &'a str,
    pub(super) ports: &'a [String],
}

impl SecurityRule<'_> {
    pub(super) fn create(&self) -> Command {
        Command::az("network nsg rule create")
            .beside(self.group)
            .with("--nsg-name", self.group.name())
            .with("-n", self.name)
            .with("--priority", &self.priority.to_string())
            .with("--direction", self.direction)
            .with("--access", "Allow")
            .with("--protocol", self.protocol)
            .with("--source-address-prefixes", self.source)
            .with("--destination-address-prefixes", self.destination)
            .with_all("--destination-port-ranges", self.ports.iter().map(String::as_str))
    }
}

/// Creates one half of a peering.
pub(super) fn create_peering(name: &str, from: &ResourceId, to: &ResourceId) -> Command {
    Command::az("network vnet peering create")
        .beside(from)
        .with("--vnet-name", from.name())
        .with("-n", name)
        .with("--remote-vnet", to.as_str())
        .word("--allow-vnet-access")
}

/// Changes a property of one half of a peering, `name=value`.
pub(super) fn update_peering(peering: &ResourceId, set: &str) -> Command {
    Command::az("network vnet peering update").of(peering).with("--set", set)
}
