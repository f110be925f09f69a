//! A firewall, compiled.

use super::application::{self, ApplicationRule};
use super::order::{self, FirewallRuleRef, Ordered};
use super::rules::{self, Converter};
use super::snat::SourceTranslation;
use crate::azure::{
    Access, ApplicationProtocol, Firewall, FirewallRuleKind, MissingResource, Network,
    PlatformProfile,
};
use crate::dataplane::filter::{
    Action, AddressMatch, Bindings, Cause, Decision, Filter, FilterRule, Match, Outcomes, Packet,
    PortSet, RuleIndex,
};
use crate::dataplane::unplaced::Unplaced;
use crate::id::Id;
use crate::net::{AddressSet, DnsName, PortRange, Protocol, ProtocolSet};
use std::net::IpAddr;

/// The rules of one firewall, by type (R396), each type in the order of trying (R397).
#[derive(Debug)]
pub struct FirewallProgram {
    nat: Filter,
    translations: Box<[Translation]>,
    network: Filter,
    network_rules: Box<[FirewallRuleRef]>,
    application: Filter,
    application_rules: Box<[ApplicationRule]>,
    names: Box<[DnsName]>,
    /// Policies that are not in the input: then anything may be allowed or denied.
    pub missing: Vec<Id<MissingResource>>,
    /// When it replaces the source.
    pub source_translation: SourceTranslation,
}

/// What a DNAT rule makes of the destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Translation {
    /// Where the rule stands.
    pub at: FirewallRuleRef,
    /// The new destination; `None` when it is a name, which is not modelled.
    pub address: Option<IpAddr>,
    /// The new port.
    pub port: u16,
}

/// What DNAT rules say of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NatRuling<'a> {
    /// No rule is for it.
    None,
    /// This one translates it.
    Translated(&'a Translation),
    /// This one maybe does, and why that is not known.
    Unsure(&'a Translation, Cause),
}

/// What a firewall does with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirewallRuling {
    /// Does it let the packet through?
    pub allows: Match,
    /// What decides, when what is not known does not.
    pub by: DecidedBy,
    /// The sorts of rules that may let it through.
    pub passes: Passes,
    /// The type of the first rule that would change the outcome, and why it matches only maybe.
    pub unsure: Option<(DecidedBy, Option<Cause>)>,
}

/// As what a firewall may pass a packet on: that decides which source it has behind it (R401).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passes {
    /// By a network or DNAT rule.
    pub as_router: bool,
    /// By an application rule.
    pub as_proxy: bool,
}

impl Passes {
    const ROUTER: Self = Self { as_router: true, as_proxy: false };
    const PROXY: Self = Self { as_router: false, as_proxy: true };

    /// By either of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self {
            as_router: self.as_router || other.as_router,
            as_proxy: self.as_proxy || other.as_proxy,
        }
    }

    /// By a policy that is not in the input: application rules see TCP only (R398).
    #[must_use]
    pub const fn of_missing(protocol: Protocol) -> Self {
        Self { as_router: true, as_proxy: matches!(protocol, Protocol::Tcp) }
    }
}

/// What decides about a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// A network rule.
    Network(RuleIndex),
    /// An application rule: then the firewall is a proxy.
    Application(RuleIndex),
    /// The DNAT rule that translated it (R399).
    Nat,
    /// No rule matches: denied (R400).
    Default,
    /// A policy that is not in the input.
    Missing,
}

impl FirewallProgram {
    /// Compiles the rules of the firewall `id`.
    #[must_use]
    pub fn new(network: &Network, profile: &PlatformProfile, id: Id<Firewall>) -> Self {
        let (ordered, missing) = order::rules(network, id);
        let unplaced = Unplaced::of(network, profile);
        let mut parts = Parts {
            convert: Converter { network, profile, unplaced, names: Vec::new() },
            own: Converter { network, profile, unplaced: Unplaced::default(), names: Vec::new() },
            nat: Vec::new(),
            network: Vec::new(),
            application: Vec::new(),
        };
        ordered.into_iter().for_each(|rule| parts.add(rule));
        let (nat, translations): (Vec<_>, Vec<_>) = parts.nat.into_iter().unzip();
        let (rules, network_rules): (Vec<_>, Vec<_>) = parts.network.into_iter().unzip();
        let (sources, application_rules): (Vec<_>, Vec<_>) = parts.application.into_iter().unzip();
        let firewall = &network.firewalls[id];
        let policy = firewall.policy.and_then(crate::azure::Link::known);
        let of_policy =
            policy.and_then(|id| network.firewall_policies[id].snat_private_ranges.as_ref());
        let ranges = firewall.snat_private_ranges.as_ref().or(of_policy);
        Self {
            nat: Filter::new(nat.into()),
            translations: translations.into(),
            network: Filter::new(rules.into()),
            network_rules: network_rules.into(),
            application: Filter::new(sources.into()),
            application_rules: application_rules.into(),
            names: parts.convert.names.into(),
            missing,
            source_translation: SourceTranslation::new(ranges),
        }
    }

    /// The names in network rules, which the firewall resolves itself (R409).
    #[must_use]
    pub const fn names(&self) -> &[DnsName] {
        &self.names
    }

    /// Bindings for [`Self::decide`] from what each name resolves to; unknown names are maybe.
    #[must_use]
    pub fn bind(&self, resolve: impl Fn(&DnsName) -> Option<AddressSet>) -> Bindings {
        rules::bindings(&self.names, resolve)
    }

    /// Where the rule that decided stands.
    #[must_use]
    pub fn rule(&self, by: DecidedBy) -> Option<FirewallRuleRef> {
        match by {
            DecidedBy::Network(index) => self.network_rules.get(index.index()).copied(),
            DecidedBy::Application(index) => {
                self.application_rules.get(index.index()).map(|rule| rule.at)
            }
            DecidedBy::Nat | DecidedBy::Default | DecidedBy::Missing => None,
        }
    }

    /// The network rules.
    #[must_use]
    pub const fn network_filter(&self) -> &Filter {
        &self.network
    }

    /// The DNAT rules: what they are for, and what each makes of the destination.
    #[must_use]
    pub const fn nat(&self) -> (&Filter, &[Translation]) {
        (&self.nat, &self.translations)
    }

    /// The application rules: where they are for packets from and to, and for which names.
    #[must_use]
    pub const fn application(&self) -> (&Filter, &[ApplicationRule]) {
        (&self.application, &self.application_rules)
    }

    /// What the DNAT rules say of `packet`: the first that is for it (R396).
    #[must_use]
    pub fn translate(&self, packet: &Packet<'_>) -> NatRuling<'_> {
        let bindings = Bindings::default();
        let Some((index, found)) = self.nat.matching(packet, &bindings).next() else {
            return NatRuling::None;
        };
        match (self.translations.get(index.index()), found) {
            (Some(rule), Match::Yes) => NatRuling::Translated(rule),
            (Some(rule), Match::Maybe | Match::No) => {
                NatRuling::Unsure(rule, self.nat.cause(index, packet, &bindings))
            }
            (None, _) => NatRuling::None,
        }
    }

    /// What it does with a packet that no DNAT rule translated. `host` is the name in the request,
    /// where it is known.
    #[must_use]
    pub fn decide(
        &self,
        packet: &Packet<'_>,
        host: Option<&DnsName>,
        bindings: &Bindings,
    ) -> FirewallRuling {
        let by_network = self.network.decide(packet, bindings);
        let ruling = Ruling::of(by_network, (DecidedBy::Network, Passes::ROUTER));
        let ruling = ruling.or_else(|| self.decide_application(packet, host));
        self.unless_missing(ruling.finish(), packet.flow.protocol)
    }

    /// What it does with a packet whose destination a DNAT rule translated: the rule lets it through
    /// unless a network rule denies it. Application rules are not asked.
    ///
    /// Source: R399.
    #[must_use]
    pub fn decide_translated(&self, packet: &Packet<'_>, bindings: &Bindings) -> FirewallRuling {
        let by_network = self.network.decide(packet, bindings);
        let ruling = Ruling::of(by_network, (DecidedBy::Network, Passes::ROUTER));
        let ruling = ruling.or_else(|| Ruling::definite(Action::Allow, DecidedBy::Nat));
        self.unless_missing(ruling.finish(), packet.flow.protocol)
    }

    /// R398: only what application rules can name comes to them.
    fn decide_application(&self, packet: &Packet<'_>, host: Option<&DnsName>) -> Ruling {
        let denied = || Ruling::definite(Action::Deny, DecidedBy::Default);
        if packet.flow.protocol != Protocol::Tcp {
            return denied();
        }
        let rules = (&self.application, &*self.application_rules);
        let decision = application::decide(rules, packet, host);
        Ruling::of(decision, (DecidedBy::Application, Passes::PROXY)).or_else(denied)
    }

    /// A policy that is missing may allow or deny before anything else does (R397).
    fn unless_missing(&self, ruling: FirewallRuling, protocol: Protocol) -> FirewallRuling {
        match self.missing.is_empty() {
            true => ruling,
            false => FirewallRuling {
                allows: Match::Maybe,
                unsure: Some((DecidedBy::Missing, None)),
                passes: Passes::of_missing(protocol),
                ..ruling
            },
        }
    }
}

/// What one or more types of rules may do.
struct Ruling {
    possible: Outcomes,
    by: DecidedBy,
    passes: Passes,
    unsure: Option<(DecidedBy, Option<Cause>)>,
}

impl Ruling {
    fn definite(action: Action, by: DecidedBy) -> Self {
        let possible = Outcomes::default().with(Some(action));
        Self { possible, by, passes: passes(possible, Passes::ROUTER), unsure: None }
    }

    fn of(decision: Decision, (by, sort): (impl Fn(RuleIndex) -> DecidedBy, Passes)) -> Self {
        let possible = decision.possible();
        let (by, unsure) = match decision {
            Decision::Definite { rule, .. } => (by(rule), None),
            Decision::NoMatch => (DecidedBy::Default, None),
            Decision::Unsure { if_matched, otherwise, cause, .. } => (
                otherwise.map_or(DecidedBy::Default, |(_, rule)| by(rule)),
                Some((by(if_matched.1), Some(cause))),
            ),
        };
        Self { possible, by, passes: passes(possible, sort), unsure }
    }

    /// With what comes behind, where nothing may have matched so far.
    fn or_else(self, next: impl FnOnce() -> Self) -> Self {
        if !self.possible.has(None) {
            return self;
        }
        let next = next();
        let mut possible = next.possible;
        for action in [Action::Allow, Action::Deny] {
            if self.possible.has(Some(action)) {
                possible = possible.with(Some(action));
            }
        }
        let passes = self.passes.union(next.passes);
        Self { possible, by: next.by, passes, unsure: self.unsure.or(next.unsure) }
    }

    /// Where both outcomes agree the ruling is sure.
    fn finish(self) -> FirewallRuling {
        let allows = self.possible.has(Some(Action::Allow));
        let denies = self.possible.has(Some(Action::Deny));
        let allows = match (allows, denies) {
            (true, false) => Match::Yes,
            (true, true) => Match::Maybe,
            (false, _) => Match::No,
        };
        let unsure = self.unsure.filter(|_| allows == Match::Maybe);
        FirewallRuling { allows, by: self.by, passes: self.passes, unsure }
    }
}

/// Rules of this sort let it through, if any does.
fn passes(possible: Outcomes, sort: Passes) -> Passes {
    if possible.has(Some(Action::Allow)) { sort } else { Passes::default() }
}

/// The rules of a firewall, sorted by type.
struct Parts<'a> {
    convert: Converter<'a>,
    /// For DNAT rules, whose destinations are addresses of the firewall itself (R399).
    own: Converter<'a>,
    nat: Vec<(FilterRule, Translation)>,
    network: Vec<(FilterRule, FirewallRuleRef)>,
    application: Vec<(FilterRule, ApplicationRule)>,
}

impl Parts<'_> {
    fn add(&mut self, (at, collection, rule): Ordered<'_>) {
        let action = match collection.access {
            Access::Allow => Action::Allow,
            Access::Deny => Action::Deny,
        };
        match &rule.kind {
            FirewallRuleKind::Dnat {
                protocols,
                destinations,
                destination_ports,
                translated_address,
                translated_port,
            } => {
                let sides = (&*rule.sources, &**destinations);
                let filter = self.own.rule(Action::Allow, sides, *protocols, destination_ports);
                let translation =
                    Translation { at, address: *translated_address, port: *translated_port };
                self.nat.push((filter, translation));
            }
            FirewallRuleKind::Network { protocols, destinations, destination_ports } => {
                let sides = (&*rule.sources, &**destinations);
                let filter = self.convert.rule(action, sides, *protocols, destination_ports);
                self.network.push((filter, at));
            }
            FirewallRuleKind::Application { protocols, fqdns, tags } => {
                let filter = FilterRule {
                    action,
                    source: self.convert.addresses(&rule.sources),
                    destination: AddressMatch::any(),
                    protocols: ProtocolSet::single(Protocol::Tcp),
                    source_ports: PortSet::any(),
                    destination_ports: application_ports(protocols, !tags.is_empty()),
                };
                let fqdns = fqdns.iter().cloned().collect();
                let named = ApplicationRule { at, fqdns, has_tags: !tags.is_empty() };
                self.application.push((filter, named));
            }
        }
    }
}

/// R398: HTTP, HTTPS and MSSQL requests are told by their ports here. Those of a tag for names may be left out: the tag has
/// its own, which are not known.
fn application_ports(protocols: &[(ApplicationProtocol, u16)], has_tags: bool) -> PortSet {
    if protocols.is_empty() && has_tags {
        return PortSet::any();
    }
    protocols.iter().map(|&(_, port)| PortRange::single(port)).collect()
}
