//! What a reader of a dataflow should know even when everything works: a closed set.

use super::{Item, Rule};
use serde::Serialize;
use std::fmt;

/// What a reader should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CautionKind {
    /// A machine is managed by way of its own public address.
    PublicAddressOnMachine,
    /// A node of the cluster is used to manage the cluster.
    NodeAsJumpBox,
    /// A circuit is private, and not encrypted.
    CircuitNotEncrypted,
    /// A rule of one's own leaves a port open that just-in-time access guards (R437).
    PortOpenBesideRequests,
}

impl CautionKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::PublicAddressOnMachine,
        Self::NodeAsJumpBox,
        Self::CircuitNotEncrypted,
        Self::PortOpenBesideRequests,
    ];

    /// The stable code, in kebab-case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PublicAddressOnMachine => "public-address-on-machine",
            Self::NodeAsJumpBox => "node-as-jump-box",
            Self::CircuitNotEncrypted => "circuit-not-encrypted",
            Self::PortOpenBesideRequests => "port-open-beside-requests",
        }
    }

    /// The page of the vendor that says so.
    #[must_use]
    pub const fn page(self) -> &'static str {
        match self {
            Self::PublicAddressOnMachine | Self::NodeAsJumpBox | Self::CircuitNotEncrypted => {
                "https://learn.microsoft.com/azure/architecture/guide/security/access-azure-kubernetes-service-cluster-api-server"
            }
            Self::PortOpenBesideRequests => {
                "https://learn.microsoft.com/azure/defender-for-cloud/just-in-time-access-overview"
            }
        }
    }
}

impl fmt::Display for CautionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for CautionKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// Something that a reader of a dataflow should know, whether it works or not.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Caution {
    /// What sort.
    pub kind: CautionKind,
    /// The number of the step.
    pub step: u32,
    /// In words.
    pub text: String,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Item>,
    /// The rules that it rests on; where there are none, the page alone says so.
    pub rules: Vec<Rule>,
    /// The page of the vendor that says so.
    pub page: &'static str,
}
