//! Why not: a closed set of stable codes. Each has its page in `docs/reasons.md`.

use serde::Serialize;
use std::fmt;

macro_rules! reasons {
    ($($variant:ident $code:literal $text:literal),+ $(,)?) => {
        /// Why a packet does not get there, or why that cannot be said.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason { $(#[doc = $text] $variant),+ }

        impl Reason {
            /// Every reason, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code, in kebab-case.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The reason in a sentence.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

reasons! {
    DeniedByRule "denied-by-rule" "A rule of a network security group denies it.",
    DeniedByDefaultRule "denied-by-default-rule" "No custom rule of a network security group matches, and its default rule denies.",
    DeniedByAdminRule "denied-by-admin-rule" "A security admin rule denies it.",
    DeniedByFirewall "denied-by-firewall" "A rule of an Azure Firewall denies it.",
    NoFirewallRuleMatches "no-firewall-rule-matches" "No rule of the Azure Firewall matches, and its default is to deny.",
    PublicAddressClosed "public-address-closed" "A Standard public address is closed until a network security group allows the flow.",
    RouteDrops "route-drops" "The selected route has the next hop None.",
    NoRoute "no-route" "No route matches the destination.",
    AddressNotFound "address-not-found" "Nothing in the network that the packet is routed to has the address.",
    ApplianceNotFound "appliance-not-found" "Nothing has the next hop address of the selected user route.",
    IpForwardingOff "ip-forwarding-off" "The network interface does not take packets for other addresses.",
    ApplianceDoesNotForward "appliance-does-not-forward" "The guest behind the network interface does not forward.",
    PeeringNotConnected "peering-not-connected" "The peering is not connected on both sides.",
    PeeringRefused "peering-refused" "Azure refuses the peering, because address spaces overlap.",
    PeeringAccessBlocked "peering-access-blocked" "allowVirtualNetworkAccess is false on one half of the peering.",
    ForwardedTrafficBlocked "forwarded-traffic-blocked" "The packet did not originate in the peered network, and allowForwardedTraffic is false.",
    SubnetNotPeered "subnet-not-peered" "The subnet is not among those that take part in the peering.",
    NoGateway "no-gateway" "The route points to a virtual network gateway, and there is none in effect.",
    GatewayNotSupported "gateway-not-supported" "A user route to this kind of gateway is not supported.",
    GatewayHasNoRoute "gateway-has-no-route" "The gateway knows no connection for the destination.",
    ConnectionDown "connection-down" "The tunnel or circuit is not up.",
    TrafficSelectorMismatch "traffic-selector-mismatch" "The traffic selectors of the tunnel do not include the flow.",
    SiteHasNoRoute "site-has-no-route" "The site on premises has no route for the destination.",
    NoOutboundMethod "no-outbound-method" "The subnet is private and has no explicit way out to the Internet.",
    ProtocolNotTranslated "protocol-not-translated" "The translation on the way does not carry this protocol.",
    ForeignSource "foreign-source" "The source address is not the network interface's own, and the platform translates only those.",
    NoWayIn "no-way-in" "The public address leads to nothing that takes the flow.",
    PrivateAddressOnInternet "private-address-on-internet" "A private address cannot be reached over the Internet.",
    PrivateEndpointNotApproved "private-endpoint-not-approved" "The connection of the private endpoint is not approved.",
    PrivateEndpointBehindAppliance "private-endpoint-behind-appliance" "The reply of a private endpoint does not pass an appliance without SNAT in the client's own network.",
    NoBalancingRule "no-balancing-rule" "No rule of the load balancer takes the port and protocol.",
    NoHealthyBackend "no-healthy-backend" "The load balancer has no healthy backend.",
    ArrivesElsewhere "arrives-elsewhere" "The packet arrives at another place than the one that is meant.",
    BalancedToItself "balanced-to-itself" "The backend is balanced to itself.",
    BasicBalancerOverGlobalPeering "basic-balancer-over-global-peering" "A Basic internal load balancer cannot be reached across global peering.",
    Asymmetric "asymmetric" "A stateful device sees only one direction of the flow.",
    ReplyFromAnotherAddress "reply-from-another-address" "The reply arrives from an address that the client did not ask.",
    Loop "loop" "The packet comes by the same place again.",
    TooManyHops "too-many-hops" "The packet has passed more places than any sane network has.",
    MachineStopped "machine-stopped" "The virtual machine does not run.",
    NothingListens "nothing-listens" "Nothing listens there: the scenario says so, or it is known of the service.",
    ProtocolNotCarried "protocol-not-carried" "The platform does not carry this protocol here.",
    RefusedByService "refused-by-service" "The packet is delivered, and the service's own firewall refuses it.",
    NameNotFound "name-not-found" "The name does not exist in the view of the resolver that answers.",
    NameHasNoAddress "name-has-no-address" "The name exists, without an address.",
    NameTimeout "name-timeout" "No DNS server answers.",
    NameUnknown "name-unknown" "It cannot be said what the name resolves to.",
    SomePathsFail "some-paths-fail" "The network may choose among several paths, and some of them fail.",
    RoleMissing "role-missing" "No role of the principal permits the operation.",
    KubernetesRoleMissing "kubernetes-role-missing" "The cluster does not let the principal do this.",
    SignInRefused "sign-in-refused" "The principal cannot sign in, or not with this device.",
    KeyMissing "key-missing" "No SSH key of the principal fits the machine.",
    AccessWindowClosed "access-window-closed" "No just-in-time request of the principal is open.",
    NotInSku "not-in-sku" "The SKU of the resource does not offer this.",
    SwitchedOff "switched-off" "The feature is switched off.",
    NotSupported "not-supported" "Azure does not support this combination.",
    BastionNsgIncomplete "bastion-nsg-incomplete" "The security group of the Bastion subnet lacks a rule that Bastion needs.",
    BastionOutOfReach "bastion-out-of-reach" "Bastion serves its own network and those that are peered with it directly.",
    SubnetNotPrepared "subnet-not-prepared" "The subnet is not as the service needs it.",
    NoCapacity "no-capacity" "No node of the cluster has room for the pod.",
    DeniedByPolicy "denied-by-policy" "A policy of the cluster refuses the pod.",
    MissingResource "missing-resource" "Something that decides is referred to and not in the input.",
    ServiceTagUnknown "service-tag-unknown" "The contents of a service tag decide, and are not known.",
    NotModelled "not-modelled" "Something that decides is not modelled.",
    ValueUnknown "value-unknown" "Something that decides has a value that is not known before a deployment, or that cannot be read.",
    NotGiven "not-given" "Something that decides was left out of the question or the input.",
    AssumptionNeeded "assumption-needed" "The answer needs an assumption that --strict or the scenario forbids.",
}

impl Reason {
    /// Is it a condition, and neither a name nor a packet, that fails?
    #[must_use]
    pub const fn is_about_conditions(self) -> bool {
        matches!(
            self,
            Self::RoleMissing
                | Self::KubernetesRoleMissing
                | Self::SignInRefused
                | Self::KeyMissing
                | Self::AccessWindowClosed
                | Self::NotInSku
                | Self::SwitchedOff
                | Self::NotSupported
                | Self::BastionNsgIncomplete
                | Self::BastionOutOfReach
                | Self::SubnetNotPrepared
                | Self::NoCapacity
                | Self::DeniedByPolicy
        )
    }

    /// Is it the name, and not the packet, that fails?
    #[must_use]
    pub const fn is_about_names(self) -> bool {
        matches!(
            self,
            Self::NameNotFound | Self::NameHasNoAddress | Self::NameTimeout | Self::NameUnknown
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
