//! Places that packets come by.

use super::{Balancer, Cause, Evidence, Exit, Listening, Realm, Table};
use crate::answer::{Assumption, HopKind, Rule};
use crate::dataplane::filter::{Bindings, Match};
use crate::dataplane::security::Guards;
use crate::dataplane::security::firewall::FirewallProgram;
use crate::id::Id;
use crate::net::{AddressSet, ForwardingTable, PortRange, ProtocolSet};
use smallvec::SmallVec;
use std::net::IpAddr;
use std::sync::Arc;

/// A place that packets come by: a network interface, a gateway, a site, …
// PERF: there are as many as interfaces, so what few of them have is in a box; what every packet asks
// comes first and fits into three lines of memory, without what makes a hop readable.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct Location {
    /// What it is.
    pub kind: HopKind,
    /// Where its addresses are looked up.
    pub realm: Id<Realm>,
    /// What is looked up when a packet leaves (R36, R37).
    pub table: Id<Table>,
    /// Looked up before `table` by packets that did not come out of a tunnel: the gateway's own
    /// connections, which its subnet's user routes do not see (R329, R352).
    pub tunnels: Option<Id<Table>>,
    /// Does it stand for machines of any address, so that every packet handed to it is for it?
    pub takes_all: bool,
    /// Is it one of several interfaces of a guest?
    pub shares_guest: bool,
    /// Does the platform choose one of its addresses, so that which one it has is assumed (R7)?
    pub has_chosen_address: bool,
    /// How replies from here find their way.
    pub reply: Reply,
    /// Its own addresses, the primary one of each family first.
    // PERF: mostly one, within the location.
    pub addresses: SmallVec<[IpAddr; 1]>,
    /// The addresses of its subnet of which its instances have some, and send from any (R385, R428); none: it
    /// sends from its own.
    pub instances: Option<Box<AddressSet>>,
    /// Asked in this order when a packet arrives (R183).
    pub arriving: Guards,
    /// Asked in this order when a packet leaves (R183).
    pub leaving: Guards,
    /// What happens to packets for its own addresses.
    pub own: Own,
    /// What happens to packets for others.
    pub forwarding: Forwarding,
    /// Its name, for hops.
    pub name: Box<str>,
    /// Its resource.
    pub evidence: Option<Evidence>,
    /// Translation towards the Internet, per own address (R118).
    pub exits: Box<[(IpAddr, Id<Exit>)]>,
    /// Translation towards the Internet of packets from other sources that it passes on, as the edge
    /// of a site does; none: they are not translated (R85).
    pub exit_of_others: Option<Id<Exit>>,
    /// By which of its interfaces a guest that passes nothing on answers, as far as only its routes decide (R86);
    /// none: by this one.
    pub answers: Option<Box<ForwardingTable<Id<Location>>>>,
    /// What becomes of packets from and for other addresses than its own.
    pub foreign: Foreign,
}

impl Location {
    /// Is it a gateway between a virtual network and a tunnel or circuit?
    #[must_use]
    pub const fn is_gateway(&self) -> bool {
        matches!(self.kind, HopKind::Gateway | HopKind::Circuit)
    }

    /// Is what is sent to it carried on, to arrive elsewhere (R306)?
    #[must_use]
    pub fn leads_on(&self) -> bool {
        matches!(self.own.behind_ports(), Own::Tunnel(_))
    }

    /// Do packets that come from here come out of a tunnel or circuit?
    #[must_use]
    pub const fn is_outside(&self) -> bool {
        matches!(self.kind, HopKind::Site | HopKind::Circuit | HopKind::Gateway | HopKind::Tunnel)
    }

    /// Does it send with `source` as with its own address, translated perhaps?
    #[must_use]
    pub fn sends_as(&self, source: IpAddr) -> bool {
        self.addresses.contains(&source) || self.exits.iter().any(|&(own, _)| own == source)
    }

    /// Does it send from `source` or from another of the addresses of its instances?
    #[must_use]
    pub fn is_instance(&self, source: IpAddr) -> bool {
        self.instances.as_ref().is_some_and(|all| all.contains(source))
    }

    /// The address that it sends from towards `address`, or the lowest that is known to be one of these.
    #[must_use]
    pub fn source_like(&self, address: IpAddr) -> Option<IpAddr> {
        let mut own = self.addresses.iter().copied();
        let instance = own.find(|&it| it.is_ipv4() == address.is_ipv4() && self.is_instance(it));
        instance.or_else(|| self.address_like(address))
    }

    /// The first own address of the family of `address`.
    #[must_use]
    pub fn address_like(&self, address: IpAddr) -> Option<IpAddr> {
        self.addresses.iter().copied().find(|own| own.is_ipv4() == address.is_ipv4())
    }
}

/// What happens to a packet for one of the location's own addresses.
#[derive(Clone, Debug)]
pub enum Own {
    /// It has arrived.
    Deliver,
    /// It has arrived, as far as can be said; the cause says what is not known.
    Unsure(Id<Cause>),
    /// It is stopped.
    Stop(Id<Cause>),
    /// It has arrived; what the service does not take is refused above TCP.
    Guarded(Box<Admission>),
    /// It is for what stands behind, if it is for one of some ports.
    Listens(Box<Listening>),
    /// It is carried on to a load balancer elsewhere, with another source (R306).
    Tunnel(Box<Tunnel>),
}

impl Own {
    /// What happens to packets for ports that something listens on.
    #[must_use]
    pub fn behind_ports(&self) -> &Self {
        match self {
            Self::Listens(listening) => listening.then.behind_ports(),
            Self::Deliver
            | Self::Unsure(_)
            | Self::Stop(_)
            | Self::Guarded(_)
            | Self::Tunnel(_) => self,
        }
    }
}

/// Whom a service takes packets from.
#[derive(Clone, Debug)]
pub struct Admission {
    /// Public addresses, as the service sees them (R430, R439).
    pub sources: AddressSet,
    /// Public addresses of which it is not known whether it takes packets from them.
    pub perhaps: AddressSet,
    /// Does it take packets from addresses of Azure that are not known, whichever they are (R583)?
    pub takes_azure: bool,
    /// What stands for addresses that are not known, none of which it takes packets from (R584).
    pub never: AddressSet,
    /// Networks of which it takes no packets from public addresses, whichever those are: those in its own region (R584).
    pub neighbours: Arc<[Id<Realm>]>,
    /// Subnets whose service endpoints it takes packets over, by their addresses (R430).
    pub subnets: Vec<(Id<Realm>, AddressSet)>,
    /// Is it not known whether it takes packets over other service endpoints?
    pub may_take_other_subnets: bool,
    /// Why it refuses other addresses.
    pub refusal: Id<Cause>,
    /// Why it refuses other subnets.
    pub refusal_over_endpoint: Id<Cause>,
    /// Why it is not known of an address.
    pub doubt: Id<Cause>,
    /// Why it is not known of a subnet.
    pub doubt_over_endpoint: Id<Cause>,
}

impl Admission {
    /// Does the service take what comes from one of the addresses `space`, of which `which` says no more, shown as
    /// `source` if anything is?
    #[must_use]
    pub fn from_one_of(&self, which: OneOf, space: &AddressSet, source: Option<IpAddr>) -> Match {
        let (is_of_azure, is_near) = match which {
            OneOf::Azure(from) => (true, self.neighbours.contains(&from)),
            OneOf::Strangers | OneOf::Instances(_) => (false, false),
        };
        if is_near || source.is_some_and(|it| self.never.contains(it)) {
            Match::No
        } else if self.takes_azure && is_of_azure || self.sources.covers(space) {
            Match::Yes
        } else if self.sources.overlaps(space) || self.perhaps.overlaps(space) {
            Match::Maybe
        } else {
            Match::No
        }
    }

    /// Lets nothing be known of those whom it would take, because of `doubt`.
    pub(in crate::dataplane) fn doubt_all(&mut self, doubt: Id<Cause>) {
        let sources = std::mem::take(&mut self.sources);
        self.perhaps = self.perhaps.union(&sources);
        self.takes_azure = false;
        self.doubt = doubt;
    }

    /// Does the service take what comes over the service endpoint of the subnet that `sender` is in?
    #[must_use]
    pub fn over_endpoint(&self, sender: &Location) -> Match {
        let is_in = |(realm, set): &(Id<Realm>, AddressSet)| {
            *realm == sender.realm && sender.addresses.iter().any(|&own| set.contains(own))
        };
        if self.subnets.iter().any(is_in) {
            Match::Yes
        } else if self.may_take_other_subnets {
            Match::Maybe
        } else {
            Match::No
        }
    }
}

/// A private link: from an endpoint to the load balancer of a service.
#[derive(Clone, Debug)]
pub struct Tunnel {
    /// The load balancer behind the service.
    pub to: Id<Balancer>,
    /// The addresses of which the backends see any, the lowest first, which may be one that stands for others;
    /// none: one that is not known.
    pub sources: Vec<IpAddr>,
    /// The service.
    pub evidence: Evidence,
}

/// What happens to a packet for somebody else's address.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Forwarding {
    /// The location that keeps the flow records of a guest with several interfaces; none: this one.
    pub device: Option<Id<Location>>,
    /// Why it may leave elsewhere: what the guest learns rests on something that is not known.
    pub egress_doubt: Option<Id<Cause>>,
    /// Whether and how.
    pub kind: ForwardingKind,
    /// Where it leaves.
    pub egress: GuestRoutes,
    /// Rewrites of the destination, first match.
    pub rewrites: Box<[DestinationRewrite]>,
    /// Used when nothing was said about the guest.
    pub assumption: Option<Assumption>,
}

/// Whether the fabric brings a network interface packets for other addresses than its own, and takes packets from
/// others (R83).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// It does.
    Passes,
    /// It does not.
    Stopped(Id<Cause>),
    /// It is not known.
    Unsure(Id<Cause>),
}

/// Whether and how a location passes packets on.
#[derive(Clone, Debug)]
pub enum ForwardingKind {
    /// It does not.
    Refuse(Id<Cause>),
    /// It cannot be said.
    Unsure(Id<Cause>),
    /// Unchanged, without memory.
    Router,
    /// Unchanged; both directions must come by (R577).
    Stateful,
    /// With its own address as source, except for some destinations; both directions must come by.
    Translate {
        /// Destinations that keep the source.
        exempt: Box<AddressSet>,
    },
    /// By the rules of a firewall, which translates towards destinations that are not private
    /// (R396-R404).
    Firewall(Box<FirewallAt>),
}

/// Addresses of which one is meant, and nobody knows which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OneOf {
    /// Those of the Internet that the input gives to nobody.
    Strangers,
    /// Those of them that Azure gives to what leaves it from this realm.
    Azure(Id<Realm>),
    /// Those of the instances of a firewall, a Bastion or an application gateway.
    Instances(Id<Location>),
}

/// A firewall at its place.
#[derive(Clone, Debug)]
pub struct FirewallAt {
    /// Its rules.
    pub program: Id<FirewallProgram>,
    /// What the names in its rules stand for.
    pub bindings: Bindings,
    /// Its public addresses, the lowest first, and one that stands for those that are not known; empty when none is known.
    pub public: Vec<IpAddr>,
    /// Does a NAT gateway stand between it and the Internet, which translates what an instance sends (R411)?
    pub is_behind_nat_gateway: bool,
    /// The lowest of `instances`.
    pub instance: Option<IpAddr>,
    /// The addresses of its subnet of which its instances have some, without the one that routes point to (R404).
    pub instances: AddressSet,
    /// Does it answer questions for names at its private addresses (R288)?
    pub answers_names: bool,
}

/// Which of its interfaces a guest sends by.
#[derive(Clone, Debug)]
pub enum GuestRoutes {
    /// The one it came in by.
    Same,
    /// By prefix, each to a location.
    Table(Box<ForwardingTable<Id<Location>>>),
}

/// A port forward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DestinationRewrite {
    /// The protocols.
    pub protocols: ProtocolSet,
    /// The addresses that are rewritten.
    pub destinations: AddressSet,
    /// The ports.
    pub ports: PortRange,
    /// The new address.
    pub address: IpAddr,
    /// The new port; none keeps it.
    pub port: Option<u16>,
    /// What becomes of the source.
    pub source: RewrittenSource,
}

/// What becomes of the source of a packet that a port forward sends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RewrittenSource {
    /// It stays.
    Kept,
    /// The guest puts its own in its place.
    Own,
    /// It would stay, and the interface sends nothing with a foreign one (R83).
    Refused(Id<Cause>),
    /// It stays, and whether the interface sends such packets is not known.
    Unsure(Id<Cause>),
}

/// How replies from a location find their way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// By the location's own table (R106).
    Routed,
    /// Back over the hops of the request.
    Retraced(Retrace),
}

/// What carries replies back over the hops of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retrace {
    /// The platform itself answers (R213).
    Platform,
    /// A private link. An appliance in the client's own network drops them unless it translated (R116, R515).
    PrivateLink,
    /// A service endpoint (R430).
    ServiceEndpoint,
}

impl Retrace {
    /// The rules that it rests on.
    #[must_use]
    pub const fn rules(self) -> &'static [Rule] {
        match self {
            Self::Platform => &[Rule(213)],
            Self::PrivateLink => &[Rule(116), Rule(515)],
            Self::ServiceEndpoint => &[Rule(430)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::{align_of, offset_of, size_of};

    #[test]
    fn what_every_packet_asks_fits_into_three_lines_of_memory() {
        let behind = offset_of!(Location, forwarding) + offset_of!(Forwarding, rewrites);
        assert!(behind <= 3 * 64, "{behind} bytes");
        assert_eq!(align_of::<Location>(), 64);
        assert_eq!(size_of::<Location>(), 4 * 64);
    }
}
