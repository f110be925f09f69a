//! Location specifiers: sets of places and addresses, as a person writes them.

use crate::diag::Place;
use crate::net::AddressSet;

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
