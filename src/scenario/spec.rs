//! Location specifiers: sets of places and addresses, as a person writes them.

use crate::diag::Place;
use crate::net::{AddressSet, PortRange, Protocol, ProtocolSet};
use std::fmt;

/// A location specifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// As it was written.
    pub text: String,
    /// What it says.
    pub set: SpecSet,
    /// Where it was written. Its span, where there is one, starts with the first byte of the text.
    pub place: Place,
}

impl Spec {
    /// The place of `term`, which is a part of this.
    #[must_use]
    pub fn place_of(&self, term: &SpecTerm) -> Place {
        let (first, end) = term.span;
        let span = self.place.span.map(|(start, _)| (start + first, start + end));
        Place { span, ..self.place.clone() }
    }
}

/// A set, made of sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpecSet {
    /// What a word means.
    Term(SpecTerm),
    /// `a or b`: what is in either.
    Union(Box<Self>, Box<Self>),
    /// `a and b`: what is in both.
    Intersection(Box<Self>, Box<Self>),
    /// `a but not b`: what is in the first alone.
    Difference(Box<Self>, Box<Self>),
}

/// A word of a specifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecTerm {
    /// What it says.
    pub word: SpecWord,
    /// Where it stands in the text, in bytes: first, and one past the last.
    pub span: (u32, u32),
}

/// What a word of a specifier says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpecWord {
    /// `anywhere`: every place with every address.
    Anywhere,
    /// `internet`: every machine on the Internet, those with names too.
    Internet,
    /// `on-premises`: every machine of every site.
    OnPremises,
    /// An address, a prefix, or a range: every place, under these addresses.
    Addresses(AddressSet),
    /// `web`, `hub/web`, `spoke-*`, an ARM id; with the sort of thing where it was said.
    Named(Option<SpecKind>, String),
}

macro_rules! kinds {
    ($($variant:ident $word:literal;)+) => {
        /// A sort of thing that has a name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the words say it")]
        pub enum SpecKind {
            $($variant,)+
        }

        impl SpecKind {
            /// Every one, in the order of their words.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word before the colon.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

kinds! {
    ApplicationGateway "application-gateway";
    ApplicationSecurityGroup "asg";
    Bastion "bastion";
    Cluster "cluster";
    ContainerGroup "container-group";
    Firewall "firewall";
    Gateway "gateway";
    Host "host";
    InboundEndpoint "inbound-endpoint";
    LoadBalancer "load-balancer";
    NetworkInterface "nic";
    NetworkSecurityGroup "nsg";
    OutboundEndpoint "outbound-endpoint";
    PrivateEndpoint "private-endpoint";
    PublicAddress "public-ip";
    ResourceGroup "resource-group";
    RouteServer "route-server";
    RouteTable "route-table";
    Service "service";
    Site "site";
    Subnet "subnet";
    ServiceTag "tag";
    VirtualMachine "vm";
    VirtualNetwork "vnet";
}

/// Which packets a question about sets is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// The protocols.
    pub protocols: ProtocolSet,
    /// Destination ports of those protocols that have ports, as written; at least one range.
    pub ports: Vec<PortRange>,
}

impl Traffic {
    /// What machines talk with: TCP, UDP and ICMP, on any port.
    #[must_use]
    pub fn usual() -> Self {
        let protocols = [Protocol::Tcp, Protocol::Udp, Protocol::Icmp].map(ProtocolSet::single);
        let protocols = protocols.into_iter().fold(ProtocolSet::NONE, ProtocolSet::union);
        Self { protocols, ports: vec![PortRange::ANY] }
    }

    /// Is no port named?
    #[must_use]
    pub fn is_on_any_port(&self) -> bool {
        self.ports.iter().any(|range| range.is_any())
    }

    /// A protocol without ports that is named together with ports, of which no packet has both.
    #[must_use]
    pub fn without_ports(&self) -> Option<Protocol> {
        let is_named = !self.is_on_any_port() && self.protocols != ProtocolSet::ALL;
        let mut named = Protocol::ALL.into_iter().filter(|&it| self.protocols.contains(it));
        named.find(|it| is_named && !it.has_ports())
    }
}

/// `TCP 22,443`, `TCP UDP 53`, `ICMP`, `any`.
impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocols = Protocol::ALL.into_iter().filter(|&it| self.protocols.contains(it));
        let protocols: Vec<String> = protocols.map(|protocol| protocol.to_string()).collect();
        let all = self.protocols == ProtocolSet::ALL;
        f.write_str(&if all { "any".to_owned() } else { protocols.join(" ") })?;
        if self.is_on_any_port() {
            return Ok(());
        }
        let ports: Vec<String> = self.ports.iter().map(PortRange::to_string).collect();
        write!(f, " {}", ports.join(","))
    }
}

/// What must hold of a set of packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedReach {
    /// What must hold.
    pub claim: Claim,
    /// Where packets start.
    pub from: Spec,
    /// Where they go.
    pub to: Spec,
    /// Which packets.
    pub traffic: Traffic,
}

/// `never internet -> subnet:nodes, TCP 22`.
impl fmt::Display for ExpectedReach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { claim, from, to, traffic } = self;
        write!(f, "{} {} -> {}", claim.key(), from.text, to.text)?;
        if *traffic == Traffic::usual() { Ok(()) } else { write!(f, ", {traffic}") }
    }
}

/// What must hold of the packets from some places to some places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// No packet gets there and back.
    Never,
    /// From each place, packets get to each place and back, on every port that is named.
    Always,
    /// As `always`, and no packet gets there from anywhere else.
    Only,
    /// Some packet gets there and back.
    Reachable,
    /// Another word for `never`.
    Unreachable,
}

impl Claim {
    /// Every one.
    pub const ALL: [Self; 5] =
        [Self::Never, Self::Always, Self::Only, Self::Reachable, Self::Unreachable];

    /// The key in scenario files.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Always => "always",
            Self::Only => "only",
            Self::Reachable => "reachable",
            Self::Unreachable => "unreachable",
        }
    }
}
