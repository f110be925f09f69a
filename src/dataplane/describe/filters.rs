//! Rules of filters in words.

use crate::answer::{Item, ItemKind, Outcome, Reason, Rule, RuleMaker, RunnerUp, Step, StepKind};
use crate::dataplane::Dataplane;
use crate::dataplane::filter::{Action, Decision, Match, Packet, RuleIndex};
use crate::dataplane::graph::{Cause, Evidence};
use crate::dataplane::security::{Attachment, Doubt, Guard, RuleOwner, Witness};

impl Dataplane {
    /// The item of a rule of a guard.
    #[must_use]
    pub fn rule_item(&self, guard: &Guard, rule: RuleIndex) -> Item {
        let set = &self.rule_sets[guard.rules];
        let Some(text) = set.text(&self.network, rule) else { return self.owner_item(set.owner) };
        let kind = match text.made_by {
            RuleMaker::User => ItemKind::SecurityRule,
            RuleMaker::Default => ItemKind::DefaultSecurityRule,
            RuleMaker::Admin => ItemKind::AdminRule,
        };
        let name = format!("{}/{}", text.owner.name(), text.name);
        self.part(kind, name, &text.owner.id, Some(text.origin))
    }

    fn owner_item(&self, owner: RuleOwner) -> Item {
        self.item(match owner {
            RuleOwner::Admin(id) => Evidence::VirtualNetwork(id),
            RuleOwner::Group(id) => Evidence::NetworkSecurityGroup(id),
            RuleOwner::Missing(id) => Evidence::Missing(id),
        })
    }

    /// Where a guard stands, in words.
    fn guard_words(&self, guard: &Guard) -> String {
        let net = &self.network;
        match guard.attachment {
            Attachment::Network(id) => format!("network {}", net.virtual_networks[id].meta.name()),
            Attachment::Subnet(crate::azure::Link::To(id)) => {
                format!("subnet {}", net.subnets[id].meta.name())
            }
            Attachment::Subnet(crate::azure::Link::Missing(id)) => {
                format!("subnet {}", net.missing[id].id.name())
            }
            Attachment::Interface(id) => {
                format!("interface {}", net.network_interfaces[id].meta.name())
            }
        }
    }

    /// The step of asking a guard.
    #[must_use]
    pub fn filter_step(
        &self,
        guard: &Guard,
        decision: Decision,
        outcome: Outcome,
        packet: &Packet<'_>,
    ) -> Step {
        let direction = self.rule_sets[guard.rules].direction.as_arm().to_lowercase();
        let place = format!("{direction}, {}", self.guard_words(guard));
        let rule = deciding(decision);
        let item = rule.map(|rule| self.rule_item(guard, rule));
        let name = item.as_ref().map_or("no rule", |item| item.name.as_str());
        let text = match (outcome, rule) {
            (_, None) => format!("no rule matches ({place})"),
            (Outcome::Passed, _) => format!("allowed by {name} ({place})"),
            (Outcome::Stopped, _) => format!("denied by {name} ({place})"),
            (Outcome::Unsure, _) => format!("perhaps decided by {name} ({place})"),
        };
        Step {
            kind: StepKind::Filter,
            outcome,
            text,
            // What may allow as well as deny is one thing, and does not come after itself.
            runner_up: rule
                .and_then(|rule| self.next_rule(guard, rule, packet))
                .filter(|next| Some(&next.item) != item.as_ref()),
            decided_by: item,
            flow_after: None,
            flow_outer: None,
            rules: guard_rules(guard),
        }
    }

    /// The rule that would have decided if the one that did were not there.
    fn next_rule(&self, guard: &Guard, rule: RuleIndex, packet: &Packet<'_>) -> Option<RunnerUp> {
        let filter = &self.filters[guard.filter];
        let mut later = filter.matching(packet, &guard.bindings);
        let (next, _) = later.find(|&(other, found)| other > rule && found == Match::Yes)?;
        let word = match filter.rule(next)?.action {
            Action::Allow | Action::AlwaysAllow => "it would allow",
            Action::Deny => "it would deny",
        };
        let why = format!("its priority comes later; {word}");
        Some(RunnerUp { item: self.rule_item(guard, next), why })
    }

    /// Why a guard stops a packet, or why that cannot be said.
    #[must_use]
    pub fn gate_cause(
        &self,
        guard: &Guard,
        packet: &Packet<'_>,
        is_sure: bool,
    ) -> (Cause, Option<Item>) {
        let decision = self.filters[guard.filter].decide(packet, &guard.bindings);
        let item = deciding(decision).map(|rule| self.rule_item(guard, rule));
        let name = item.as_ref().map_or("no rule", |item| item.name.as_str());
        let place = self.guard_words(guard);
        let mut rules = guard_rules(guard);
        let (reason, text) = match item.as_ref().map(|item| item.kind) {
            _ if !is_sure => {
                let Doubt { reason, text } = self.doubt(guard, decision, packet);
                if reason == Reason::ServiceTagUnknown {
                    rules.push(Rule(207));
                }
                if matches!(decision, Decision::Definite { .. }) {
                    rules.push(Rule(215));
                }
                (reason, format!("whether {name} ({place}) matches is not known: {text}"))
            }
            Some(ItemKind::DefaultSecurityRule) => {
                (Reason::DeniedByDefaultRule, format!("{name} ({place}) denies it"))
            }
            Some(ItemKind::AdminRule) => {
                (Reason::DeniedByAdminRule, format!("{name} ({place}) denies it"))
            }
            Some(_) => (Reason::DeniedByRule, format!("{name} ({place}) denies it")),
            None => (Reason::DeniedByDefaultRule, format!("no rule of {place} matches")),
        };
        (Cause { reason, text: text.into(), evidence: None, rules }, item)
    }
}

impl Dataplane {
    /// Why a decision is not sure.
    fn doubt(&self, guard: &Guard, decision: Decision, packet: &Packet<'_>) -> Doubt {
        let witness = Witness {
            network: &self.network,
            profile: self.profile,
            tag: None,
            rules: &self.rule_sets[guard.rules],
            bindings: &guard.bindings,
        };
        match decision {
            Decision::Unsure { cause, .. } => witness.doubt(cause, packet),
            // The rules are sure, and yet the packet is not: R215 alone does that.
            Decision::Definite { .. } => {
                let text = "the platform itself lets Windows activation out, and whether it does here is not known";
                Doubt { reason: Reason::NotModelled, text: text.into() }
            }
            Decision::NoMatch => {
                let text = "no rule speaks of the protocol".to_owned();
                Doubt { reason: Reason::NotModelled, text }
            }
        }
    }
}

/// The rule that decided, or the first that is not sure.
const fn deciding(decision: Decision) -> Option<RuleIndex> {
    match decision {
        Decision::Definite { rule, .. } => Some(rule),
        Decision::Unsure { cause, .. } => Some(cause.rule),
        Decision::NoMatch => None,
    }
}

/// R175 and R183; admin rules R227.
fn guard_rules(guard: &Guard) -> Vec<Rule> {
    match guard.attachment {
        Attachment::Network(_) => vec![Rule(227)],
        Attachment::Subnet(_) | Attachment::Interface(_) => vec![Rule(175), Rule(183)],
    }
}

impl Dataplane {
    /// The item of a rule of a firewall.
    #[must_use]
    pub fn firewall_item(&self, at: crate::dataplane::security::firewall::FirewallRuleRef) -> Item {
        use crate::dataplane::security::firewall::RuleHolder;
        let net = &self.network;
        let owner = match at.holder {
            RuleHolder::Policy(id, _) => &net.firewall_policies[id].meta,
            RuleHolder::Firewall(id) => &net.firewalls[id].meta,
        };
        match at.of(net) {
            Some((collection, rule)) => {
                let name = format!("{}/{}/{}", owner.name(), collection.name, rule.name);
                self.part(ItemKind::FirewallRule, name, &owner.id, Some(&rule.origin))
            }
            None => self.meta_item(ItemKind::Firewall, owner),
        }
    }
}
