//! A packet at a firewall (R396-R404).

use super::choice::{Choice, Onward};
use super::fate::Fate;
use super::recorder::{Nothing, Recorder, passed};
use super::walker::{Go, Phase, Walker};
use crate::answer::{Item, Outcome, Reason, Rule, Step, StepKind};
use crate::dataplane::filter::Match;
use crate::dataplane::graph::{Cause, FirewallAt, Location, OneOf};
use crate::dataplane::security::firewall::{
    DecidedBy, FirewallRuling, NatRuling, Passes, SnatSource, SourceTranslation,
};
use crate::id::Id;
use crate::net::{Flow, PortRange};

/// Where a firewall's DNS proxy listens (R288).
const DNS: u16 = 53;

const POLICY_MISSING: &str = "the policy of the firewall is not in the input";

impl<R: Recorder> Walker<'_, R> {
    /// A packet to an address of the firewall: a DNAT rule sends it on, unless a network rule denies
    /// what comes out (R399).
    pub(super) fn firewall_translates(
        &mut self,
        at: Id<Location>,
        firewall: &FirewallAt,
        flow: Flow,
    ) -> Option<Fate> {
        let plane = self.plane;
        let program = &plane.programs[firewall.program];
        let (translation, is_sure) = match program.translate(&self.packet(&flow)) {
            NatRuling::None => return self.for_nobody(firewall, flow),
            NatRuling::Translated(translation) => (translation, true),
            NatRuling::Unsure(translation, _) => (translation, false),
        };
        let item = R::SHADOW.then(|| plane.firewall_item(translation.at));
        if !is_sure {
            let text = "whether the DNAT rule matches depends on what is not known";
            let why = || Cause::new(Reason::ServiceTagUnknown, text, &[399]);
            self.doubt(flow, why, item.clone());
        }
        let Some(address) = translation.address else {
            let text = "the DNAT rule translates to a name, which is not modelled";
            return Some(self.lose_sight(flow, || Cause::new(Reason::NotModelled, text, &[399])));
        };
        let ports = PortRange::single(translation.port);
        let after = Flow { destination: address, destination_ports: ports, ..flow };
        self.record.step(|| {
            let step = passed(StepKind::Translate, "a DNAT rule rewrites it", &[Rule(399)]);
            Step { decided_by: item, flow_after: Some(after), ..step }
        });
        let ruling = program.decide_translated(&self.packet(&after), &firewall.bindings);
        if let Err(fate) = self.obey(firewall, after, ruling) {
            return Some(fate);
        }
        let leaves = plane.leaves_to_internet(at, address);
        let source = SourceTranslation::of_dnat_rule(address, leaves);
        let choice = Choice { at, before: flow, after, onward: Onward::Redirected, one_of: None };
        Some(self.send_from(firewall, source, choice))
    }

    /// No DNAT rule takes the packet: the firewall itself answers nothing but questions for names, at its
    /// private addresses where its DNS proxy is on (R288).
    fn for_nobody(&mut self, firewall: &FirewallAt, flow: Flow) -> Option<Fate> {
        let asks_name = flow.protocol.has_ports()
            && flow.destination_ports == PortRange::single(DNS)
            && !firewall.public.contains(&flow.destination);
        if asks_name && firewall.answers_names {
            return None;
        }
        // A policy that is missing may have a DNAT rule for it (R397).
        let is_told = self.plane.programs[firewall.program].missing.is_empty();
        if !is_told && flow.protocol.has_ports() {
            let why = || Cause::new(Reason::MissingResource, POLICY_MISSING, &[397, 399]);
            return Some(self.lose_sight(flow, why));
        }
        let text = "no DNAT rule of the firewall takes it";
        let why = || Cause::new(Reason::NoFirewallRuleMatches, text, &[288, 399, 400]);
        self.block(flow, why, None).err()
    }

    /// A packet for somebody else: rules, then the source that it has behind the firewall (R401).
    pub(super) fn through_firewall(
        &mut self,
        at: Id<Location>,
        firewall: &FirewallAt,
        flow: Flow,
    ) -> Fate {
        if let Some(fate) = self.device_answers(at, flow) {
            return fate;
        }
        if let Err(fate) = self.half_seen(at, flow) {
            return fate;
        }
        let program = &self.plane.programs[firewall.program];
        let ruling = program.decide(&self.packet(&flow), self.ask.host, &firewall.bindings);
        if let Err(fate) = self.obey(firewall, flow, ruling) {
            return fate;
        }
        let by_application = matches!(ruling.by, DecidedBy::Application(_));
        let is_proxy = match ruling.passes {
            Passes { as_router: true, as_proxy: true } => {
                self.compare_sorts((at, firewall), flow);
                by_application
            }
            Passes { as_router: true, .. } => false,
            Passes { as_proxy: true, .. } => true,
            Passes { .. } => by_application,
        };
        self.pass_as((at, firewall), is_proxy, flow)
    }

    /// Rules of both sorts may let it through, and nobody knows which one does: a doubt where it fares otherwise with the
    /// source of the other (R401).
    fn compare_sorts(&mut self, at: (Id<Location>, &FirewallAt), flow: Flow) {
        let [one, other] =
            [false, true].map(|is_proxy| self.forked(Nothing).pass_as(at, is_proxy, flow));
        if one != other {
            let text = "whether a network or an application rule of the firewall lets it through is not known, and so which \
                        source it has behind it";
            self.doubt_way(flow, || Cause::new(Reason::NotGiven, text, &[401]));
        }
    }

    /// The packet is let through, by an application rule or not.
    fn pass_as(
        &mut self,
        (at, firewall): (Id<Location>, &FirewallAt),
        is_proxy: bool,
        flow: Flow,
    ) -> Fate {
        let source = match self.behind((at, firewall), is_proxy, flow) {
            Ok(source) => source,
            Err(fate) => return fate,
        };
        let choice =
            Choice { at, before: flow, after: flow, onward: Onward::Forwarded, one_of: None };
        self.send_from(firewall, source, choice)
    }

    /// Notes what the rules say.
    fn obey(&mut self, firewall: &FirewallAt, flow: Flow, ruling: FirewallRuling) -> Go {
        let plane = self.plane;
        let program = &plane.programs[firewall.program];
        let outcome = match ruling.allows {
            Match::Yes => Outcome::Passed,
            Match::Maybe => Outcome::Unsure,
            Match::No => Outcome::Stopped,
        };
        let by = ruling.unsure.map_or(ruling.by, |(by, _)| by);
        let item = || -> Option<Item> { program.rule(by).map(|rule| plane.firewall_item(rule)) };
        self.record.step(|| firewall_step(outcome, by, item()));
        let item = R::SHADOW.then(item).flatten();
        let (reason, text) = match (ruling.allows, by) {
            (Match::Yes, _) => return Ok(()),
            (_, DecidedBy::Missing) => (Reason::MissingResource, POLICY_MISSING),
            (Match::Maybe, _) => {
                (Reason::NotGiven, "whether a rule of the firewall matches is not known")
            }
            (Match::No, DecidedBy::Default) => {
                (Reason::NoFirewallRuleMatches, "no rule of the firewall matches")
            }
            (Match::No, DecidedBy::Network(_) | DecidedBy::Application(_) | DecidedBy::Nat) => {
                (Reason::DeniedByFirewall, "a rule of the firewall denies it")
            }
        };
        let why = || Cause::new(reason, text, &[396, 400]);
        match ruling.allows {
            Match::No => self.block(flow, why, item),
            Match::Yes | Match::Maybe => {
                self.doubt(flow, why, item);
                Ok(())
            }
        }
    }

    /// The source behind the firewall.
    fn behind(
        &mut self,
        (at, firewall): (Id<Location>, &FirewallAt),
        is_proxy: bool,
        flow: Flow,
    ) -> Result<SnatSource, Fate> {
        let plane = self.plane;
        let translation = &plane.programs[firewall.program].source_translation;
        let leaves = || plane.leaves_to_internet(at, flow.destination);
        let source = match is_proxy {
            true => SourceTranslation::of_application_rule(flow.destination, leaves()),
            false => translation.of_network_rule(flow.destination, leaves),
        };
        if source.carries(flow.protocol) != Match::Yes && self.phase() == Phase::Request {
            let why = || {
                let text = format!("the firewall does not translate {}", flow.protocol);
                Cause::new(Reason::ProtocolNotTranslated, text, &[576])
            };
            match source.carries(flow.protocol) {
                Match::No => self.block(flow, why, None)?,
                Match::Yes | Match::Maybe => self.doubt(flow, why, None),
            }
        }
        Ok(source)
    }

    /// The packet goes on with the source that the firewall gives it.
    fn send_from(&mut self, firewall: &FirewallAt, source: SnatSource, choice: Choice) -> Fate {
        let pool = match source {
            SnatSource::Unchanged => return self.go_on_unchanged(choice),
            SnatSource::PublicAddress if !firewall.is_behind_nat_gateway => {
                firewall.public.as_slice()
            }
            SnatSource::PublicAddress | SnatSource::InstanceAddress => {
                let choice = Choice { one_of: Some(OneOf::Instances(choice.at)), ..choice };
                return self.choose_source(choice, firewall.instance.as_slice());
            }
        };
        self.choose_source(choice, pool)
    }
}

fn firewall_step(outcome: Outcome, by: DecidedBy, item: Option<Item>) -> Step {
    let name = item.as_ref().map_or_else(
        || match by {
            DecidedBy::Nat => "the DNAT rule".to_owned(),
            DecidedBy::Default => "the default".to_owned(),
            DecidedBy::Missing => "a policy that is not in the input".to_owned(),
            DecidedBy::Network(_) | DecidedBy::Application(_) => "a rule".to_owned(),
        },
        |item| item.name.clone(),
    );
    let word = match outcome {
        Outcome::Passed => "allowed",
        Outcome::Stopped => "denied",
        Outcome::Unsure => "perhaps decided",
    };
    Step {
        kind: StepKind::Filter,
        outcome,
        text: format!("{word} by {name}"),
        decided_by: item,
        runner_up: None,
        flow_after: None,
        flow_outer: None,
        rules: vec![Rule(396), Rule(400)],
    }
}
