//! What takes more than one packet, as plain data (design, 5).

use crate::diag::Place;
use crate::net::{Protocol, Timestamp};

/// An ordered list of legs, each from where the one before ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataflow {
    /// What it is called; unique in its scenario.
    pub name: String,
    /// What it shows.
    pub about: Option<String>,
    /// The page that it teaches.
    pub documentation: Option<String>,
    /// Who acts, by name, where a leg does not say it.
    pub principal: Option<String>,
    /// Is who acts left out of account? Then conditions on that are not judged.
    pub ignores_identity: bool,
    /// The legs.
    pub legs: Vec<Leg>,
    /// Where it was read.
    pub place: Place,
}

/// One connection with the conditions that are no matter of packets, or such conditions alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    /// Who acts, by name.
    pub principal: Option<String>,
    /// The connection.
    pub travel: Option<Travel>,
    /// A session that was opened at that time and goes on: rules of security groups that came later
    /// do not end it (R187).
    pub established_at: Option<Timestamp>,
    /// What a reader sees of it, in order; at least one.
    pub steps: Vec<LegStep>,
    /// Where it was read.
    pub place: Place,
}

/// From where to where.
#[derive(Clone, Debug, PartialEq)]
pub struct Travel {
    /// The sender, as written.
    pub from: String,
    /// Where to.
    pub to: TravelEnd,
    /// The protocol.
    pub protocol: Protocol,
    /// The source port, when it matters.
    pub source_port: Option<u16>,
}

/// Where a leg goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TravelEnd {
    /// A name or address with a port, as written.
    Destination(String),
    /// A service of Azure's control plane.
    Service(ControlPlane),
}

/// A service of Azure's control plane: reached over the Internet, by whoever reaches any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ControlPlane {
    /// The portal.
    AzurePortal,
    /// Azure Resource Manager.
    AzureResourceManager,
    /// Microsoft Entra ID, where people sign in.
    EntraId,
    /// Cloud Shell's own front end.
    CloudShell,
    /// The front end of Azure Virtual Desktop.
    VirtualDesktop,
    /// The registry that images of Microsoft's own come from.
    ContainerRegistry,
}

impl ControlPlane {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::AzurePortal,
        Self::AzureResourceManager,
        Self::EntraId,
        Self::CloudShell,
        Self::VirtualDesktop,
        Self::ContainerRegistry,
    ];

    /// The name in scenario files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AzurePortal => "azure-portal",
            Self::AzureResourceManager => "azure-resource-manager",
            Self::EntraId => "entra-id",
            Self::CloudShell => "cloud-shell",
            Self::VirtualDesktop => "virtual-desktop",
            Self::ContainerRegistry => "container-registry",
        }
    }

    /// The DNS name that a client asks for; of several, the first that it needs (R473, R476).
    #[must_use]
    pub const fn host(self) -> &'static str {
        match self {
            Self::AzurePortal => "portal.azure.com",
            Self::AzureResourceManager => "management.azure.com",
            Self::EntraId => "login.microsoftonline.com",
            Self::CloudShell => "ux.console.azure.com",
            Self::VirtualDesktop => "rdweb.wvd.microsoft.com",
            Self::ContainerRegistry => "mcr.microsoft.com",
        }
    }
}

/// A part of a leg that is shown with a number of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct LegStep {
    /// What happens, in a sentence.
    pub title: String,
    /// Where it ends: `crossing`, the kind of a hop such as `gateway`, or the name of a hop; the last
    /// step of a leg takes the rest.
    pub ends: Option<String>,
    /// What must hold besides.
    pub gates: Vec<Gate>,
}

/// A condition that is no matter of packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// What must hold. Resources are named as written.
    pub condition: Condition,
    /// Where it was read.
    pub place: Place,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields name resources of the type that they are called after")]
pub enum Condition {
    /// The principal can sign in to an application with the device that it works at.
    SignIn { application: String },
    /// A role of the principal permits an operation.
    Role { action: String, on: String },
    /// The principal gets the credential of a cluster (R472).
    ClusterCredential { cluster: String, is_admin: bool },
    /// The cluster lets the principal do something (R473).
    Kubernetes { cluster: String, verb: String, resource: String, namespace: Option<String> },
    /// One of the principal's SSH keys fits.
    SshKey { machine: String },
    /// A just-in-time request of the principal's is open (R436).
    JustInTime { machine: String, port: u16 },
    /// Bastion opens a session to a machine (R386-R394).
    BastionSession { bastion: String, machine: String, client: BastionClient, port: u16 },
    /// Bastion opens a tunnel to the API server of a private cluster (R395).
    BastionTunnel { bastion: String, cluster: String },
    /// The cluster runs a command that came by way of Azure Resource Manager (R469-R471).
    CommandInvoke { cluster: String },
    /// Cloud Shell can be deployed into a subnet (R488, R490, R491).
    CloudShell { subnet: String, cluster: Option<String> },
}

/// How somebody uses Bastion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BastionClient {
    /// A browser, from the portal.
    #[default]
    Browser,
    /// A native client (R392).
    Native,
}
