//! Does a flow pass the security rules of a network interface? IP flow verify (R493) and NSG
//! diagnostics (R500). Neither routes nor the platform's exemptions are looked at.

use super::evidence::{Witness, rule_item};
use super::guards::{Guard, Guards, Passage};
use super::place::{Attachment, Place};
use super::rule_set::RuleOwner;
use super::{Security, VirtualNetworkTag};
use crate::answer::{
    EvaluatedGroup, EvaluatedRule, FlowAccess, MatchedRule, Rule, RuleAssociation, RuleCheckAnswer,
};
use crate::azure::{Direction, Link, NetworkInterface};
use crate::dataplane::EffectiveTable;
use crate::dataplane::filter::{Action, Decision, Match, Packet, RuleIndex};
use crate::id::{Id, ResourceId};
use crate::net::Flow;

impl Security<'_> {
    /// Checks `flow` at the network interface `id`, whose subnet has the effective routes `table`.
    ///
    /// Every set of rules is listed in the order of asking, whatever those before it say (R183, R501).
    pub fn verify_ip_flow(
        &mut self,
        (id, table): (Id<NetworkInterface>, &EffectiveTable),
        direction: Direction,
        flow: &Flow,
    ) -> RuleCheckAnswer {
        let place = Place::of_interface(self.network(), id);
        let guards = self.guards(place, table, direction);
        let subnet = place.subnet.and_then(Link::known);
        let tag = subnet
            .map(|subnet| VirtualNetworkTag::at(self.network(), self.profile(), subnet, table));
        let packet = Packet::from(flow);
        let mut check = Check {
            security: self,
            packet: &packet,
            tag: tag.as_ref(),
            evaluated: Vec::new(),
            unsure: Vec::new(),
            rules: vec![Rule(183)],
        };
        for guard in guards.list.iter() {
            check.evaluate(guard);
        }
        let passage = guards.decide_by_rules(check.security.filters(), &packet, |_, _| {});
        let decided_by = check.decider(&guards, passage);
        let Check { evaluated, unsure, mut rules, .. } = check;
        rules.sort_unstable();
        rules.dedup();
        RuleCheckAnswer {
            network_interface: self.network().network_interfaces[id].meta.id.clone(),
            direction: direction.as_arm(),
            flow: *flow,
            access: access_of(passage),
            decided_by,
            evaluated,
            unsure,
            rules,
            not_modelled: self.network().bringing_anything(),
        }
    }
}

const fn access_of(passage: Passage) -> FlowAccess {
    match passage {
        Passage::Passes => FlowAccess::Allow,
        Passage::Stopped(_) => FlowAccess::Deny,
        Passage::Unsure(_) => FlowAccess::Unknown,
    }
}

/// A check under way.
struct Check<'c, 'n> {
    security: &'c Security<'n>,
    packet: &'c Packet<'c>,
    tag: Option<&'c VirtualNetworkTag>,
    evaluated: Vec<EvaluatedGroup>,
    unsure: Vec<String>,
    rules: Vec<Rule>,
}

impl Check<'_, '_> {
    fn evaluate(&mut self, guard: &Guard) {
        let witness = self.security.witness(guard, self.tag);
        let decision = self.security.filters()[guard.filter].decide(self.packet, &guard.bindings);
        let (access, matched) = match decision {
            Decision::Definite { action, rule } => (flow_access(action), Some(rule)),
            Decision::NoMatch => match witness.rules.owner {
                RuleOwner::Admin(_) => (FlowAccess::Allow, None),
                // R178: no page says what becomes of what even the default rules do not speak of.
                owner @ (RuleOwner::Group(_) | RuleOwner::Missing(_)) => {
                    let id = self.security.owner_id(owner);
                    let protocol = self.packet.flow.protocol;
                    self.unsure.push(format!("no rule of {} is for {protocol}", id.name()));
                    (FlowAccess::Unknown, None)
                }
            },
            Decision::Unsure { cause, .. } => {
                self.unsure.push(witness.doubt(cause, self.packet).text);
                (FlowAccess::Unknown, None)
            }
        };
        if let Some(rule) = matched {
            self.rules.extend(witness.cites(rule, self.packet));
        }
        self.evaluated.push(EvaluatedGroup {
            network_security_group: self.security.owner_id(witness.rules.owner),
            applied_to: self.security.association(guard.attachment),
            access,
            matched_rule: matched.and_then(|rule| matched_rule(&witness, rule)),
            evaluated_rules: self.rules_up_to(guard, &witness, matched),
        });
    }

    fn rules_up_to(
        &self,
        guard: &Guard,
        witness: &Witness<'_>,
        last: Option<RuleIndex>,
    ) -> Vec<EvaluatedRule> {
        let filter = &self.security.filters()[guard.filter];
        let rules = witness.rules.texts(witness.network);
        let asked = rules.take_while(|(index, _)| last.is_none_or(|last| *index <= last));
        let rows = asked.filter_map(|(index, text)| {
            let fields = filter.evaluate(index, self.packet, &guard.bindings)?;
            Some(EvaluatedRule {
                name: text.name.to_owned(),
                made_by: text.made_by,
                protocol_matched: known(fields.protocol),
                source_matched: known(fields.source),
                source_port_matched: known(fields.source_ports),
                destination_matched: known(fields.destination),
                destination_port_matched: known(fields.destination_ports),
            })
        });
        rows.collect()
    }

    /// The denying rule; else the one that matched last, or that lets the packet pass for good.
    fn decider(&self, guards: &Guards, passage: Passage) -> Option<MatchedRule> {
        let at = match passage {
            Passage::Stopped(at) => at,
            Passage::Unsure(_) => return None,
            Passage::Passes => {
                let mut last = None;
                let filters = self.security.filters();
                guards.decide_by_rules(filters, self.packet, |at, decision| {
                    last = decision.action().map(|_| at).or(last);
                });
                last?
            }
        };
        self.evaluated.get(at)?.matched_rule.clone()
    }
}

fn matched_rule(witness: &Witness<'_>, rule: RuleIndex) -> Option<MatchedRule> {
    let text = witness.rules.text(witness.network, rule)?;
    Some(MatchedRule {
        name: text.name.to_owned(),
        made_by: text.made_by,
        access: if text.access == "Deny" { FlowAccess::Deny } else { FlowAccess::Allow },
        network_security_group: text.owner.id.clone(),
        origin: rule_item(witness.network, text),
    })
}

const fn flow_access(action: Action) -> FlowAccess {
    match action {
        Action::Allow | Action::AlwaysAllow => FlowAccess::Allow,
        Action::Deny => FlowAccess::Deny,
    }
}

const fn known(found: Match) -> Option<bool> {
    match found {
        Match::Yes => Some(true),
        Match::No => Some(false),
        Match::Maybe => None,
    }
}

impl Security<'_> {
    /// The resource whose rules they are: the group, the first collection of admin rules, or what is
    /// missing.
    pub(super) fn owner_id(&self, owner: RuleOwner) -> ResourceId {
        let network = self.network();
        match owner {
            RuleOwner::Group(id) => network.network_security_groups[id].meta.id.clone(),
            RuleOwner::Missing(id) => network.missing[id].id.clone(),
            RuleOwner::Admin(id) => match self.admin_collections(id).first() {
                Some(&collection) => network.admin_rule_collections[collection].meta.id.clone(),
                None => network.virtual_networks[id].meta.id.clone(),
            },
        }
    }

    /// What a set of rules is attached to.
    pub(super) fn association(&self, attachment: Attachment) -> RuleAssociation {
        let network = self.network();
        match attachment {
            Attachment::Network(id) => {
                RuleAssociation::VirtualNetwork(network.virtual_networks[id].meta.id.clone())
            }
            Attachment::Subnet(Link::To(id)) => {
                RuleAssociation::Subnet(network.subnets[id].meta.id.clone())
            }
            Attachment::Subnet(Link::Missing(id)) => {
                RuleAssociation::Subnet(network.missing[id].id.clone())
            }
            Attachment::Interface(id) => {
                RuleAssociation::NetworkInterface(network.network_interfaces[id].meta.id.clone())
            }
        }
    }
}
