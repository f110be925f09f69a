//! What a thing can be: the types that others refer to, and which ARM type is read by whom.

use super::draft::Draft;
use super::fields::Fields;
use super::table;
use crate::azure;

macro_rules! kinds {
    ($($kind:ident: $words:literal,)*) => {
        /// The types that others refer to, one per arena of [`azure::Network`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(in crate::resolve) enum Kind {
            $($kind,)*
        }

        impl Kind {
            /// Every kind.
            pub(in crate::resolve) const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// In words, with the article, for messages.
            pub(in crate::resolve) const fn words(self) -> &'static str {
                match self {
                    $(Self::$kind => $words,)*
                }
            }
        }

        $(impl Target for azure::$kind {
            const KIND: Kind = Kind::$kind;
        })*
    };
}

/// A type that others refer to.
pub(in crate::resolve) trait Target {
    /// Its kind.
    const KIND: Kind;
}

kinds! {
    VirtualNetwork: "a virtual network",
    Subnet: "a subnet",
    Peering: "a peering",
    RouteTable: "a route table",
    NetworkInterface: "a network interface",
    IpConfiguration: "an IP configuration",
    VirtualMachine: "a virtual machine",
    PublicIpAddress: "a public IP address",
    PublicIpPrefix: "a public IP prefix",
    NetworkSecurityGroup: "a network security group",
    ApplicationSecurityGroup: "an application security group",
    IpGroup: "an IP group",
    NatGateway: "a NAT gateway",
    LoadBalancer: "a load balancer",
    Frontend: "a frontend of a load balancer",
    BackendPool: "a backend pool",
    PrivateEndpoint: "a private endpoint",
    PrivateLinkService: "a private link service",
    PrivateDnsZone: "a private DNS zone",
    PublicDnsZone: "a public DNS zone",
    DnsResolver: "a DNS resolver",
    InboundEndpoint: "an inbound endpoint",
    OutboundEndpoint: "an outbound endpoint",
    ForwardingRuleset: "a DNS forwarding ruleset",
    VirtualNetworkGateway: "a virtual network gateway",
    LocalNetworkGateway: "a local network gateway",
    Connection: "a connection",
    ExpressRouteCircuit: "an ExpressRoute circuit",
    RouteServer: "a Route Server",
    BastionHost: "a Bastion host",
    Firewall: "a firewall",
    FirewallPolicy: "a firewall policy",
    ServiceEndpointPolicy: "a service endpoint policy",
    VirtualHub: "a virtual hub",
    AdminRuleCollection: "a collection of admin rules",
    ConnectedGroup: "a connected group",
    ManagedCluster: "a managed cluster",
    ContainerGroup: "a container group",
    HostPool: "a host pool",
    ServiceTarget: "a service",
    ApplicationGateway: "an application gateway",
    Site: "a site on premises",
    Appliance: "an appliance",
    JustInTimePolicy: "a just-in-time policy",
    Principal: "a principal",
    AccessPolicy: "a conditional access policy",
    RoleDefinition: "a role definition",
    RoleAssignment: "a role assignment",
    KubernetesCluster: "the inside of a cluster",
}

impl Kind {
    /// The kinds of things that Azure itself has, which a role may be given on.
    pub(in crate::resolve) fn in_azure() -> Vec<Self> {
        let outside = [
            Self::Site,
            Self::Appliance,
            Self::Principal,
            Self::AccessPolicy,
            Self::KubernetesCluster,
            Self::RoleAssignment,
            Self::RoleDefinition,
        ];
        Self::ALL.iter().copied().filter(|kind| !outside.contains(kind)).collect()
    }
}

/// How the resources of one ARM type are read.
#[derive(Debug)]
pub(in crate::resolve) struct Row {
    /// The ARM type in lower case.
    pub(in crate::resolve) arm_type: &'static str,
    /// What becomes of them.
    pub(in crate::resolve) role: Role,
}

/// A function that reads one thing into the network.
pub(in crate::resolve) type Read = fn(&Fields<'_>, &mut Draft);

/// Puts a thing that was read into the network.
pub(in crate::resolve) type Put = Box<dyn FnOnce(&mut Draft) + Send>;

/// How one thing is read.
#[derive(Clone, Copy, Debug)]
pub(in crate::resolve) enum Reader {
    /// It says all that there is to know, so that others may be read at the same time.
    Alone(fn(&Fields<'_>) -> Put),
    /// When its turn comes: it completes what was read before it.
    InTurn(Read),
}

/// What becomes of the resources of a type.
#[derive(Debug)]
pub(in crate::resolve) enum Role {
    /// They get an id of their own.
    Thing(Thing),
    /// They are read together with their parent, beside its inline list of the same name.
    Part,
    /// They say one thing about the whole estate.
    Remark(Read),
}

/// How things that get an id are read.
#[derive(Debug)]
pub(in crate::resolve) struct Thing {
    /// What they become.
    pub(in crate::resolve) kind: Kind,
    /// What their parent must be, for those that cannot stand alone.
    pub(in crate::resolve) parent: Option<Kind>,
    /// Their members that list things with an id of their own: the member and its ARM type.
    pub(in crate::resolve) lists: &'static [(&'static str, &'static str)],
    /// Reads one: pushes exactly one value into the arena of `kind`.
    pub(in crate::resolve) read: Reader,
}

/// The row of `arm_type`, whatever its case.
pub(in crate::resolve) fn row(arm_type: &str) -> Option<&'static Row> {
    let wanted = arm_type.to_ascii_lowercase();
    let at = table::ROWS.binary_search_by(|row| row.arm_type.cmp(&wanted)).ok()?;
    table::ROWS.get(at)
}
