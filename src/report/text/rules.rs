//! The answers to `rules` and `ip-flow` as text.

use super::item::{self, short};
use super::page::{Page, Role};
use super::table::table;
use crate::answer::{
    EffectiveRule, EffectiveRuleGroup, EffectiveRulesAnswer, EvaluatedGroup, FlowAccess,
    RuleAssociation, RuleCheckAnswer, RuleEnd,
};
use crate::net::PortRange;

/// So many addresses or ports of one rule are listed.
const LISTED: usize = 4;

/// Effective security rules, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn rules(answer: &EffectiveRulesAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    let title = format!("Effective security rules of {}", answer.network_interface.name());
    page.line(0, "", &[(Role::Strong, &title)]);
    if answer.groups.is_empty() {
        page.line(0, "", &[(Role::Plain, "No rules hold for it: every packet passes.")]);
    }
    for group in &answer.groups {
        print_group(&mut page, group);
    }
    item::list(&mut page, "Not known", &answer.unsure);
    item::list(&mut page, "Not modelled", &answer.not_modelled);
    page.finish()
}

fn print_group(page: &mut Page, group: &EffectiveRuleGroup) {
    for rules in group.rules.chunk_by(|a, b| a.direction == b.direction) {
        let Some(first) = rules.first() else { continue };
        let title = format!("{}:", first.direction);
        let name = group.network_security_group.name();
        let at = format!("on {}", association(&group.association));
        page.gap();
        page.line(0, "", &[(Role::Strong, &title), (Role::Strong, name), (Role::Plain, &at)]);
        let header = ["Priority", "Access", "Protocol", "Source", "Destination", "Ports", "Name"];
        table(page, header, rules.iter().map(row).collect());
    }
    let unknown = group.tags.iter().filter(|tag| tag.prefixes.is_none());
    let unknown: Vec<String> =
        unknown.map(|tag| format!("the service tag {} has no known prefixes", tag.tag)).collect();
    item::list(page, "Service tags", &unknown);
}

fn association(association: &RuleAssociation) -> String {
    match association {
        RuleAssociation::VirtualNetwork(id) => format!("virtual network {}", id.name()),
        RuleAssociation::Subnet(id) => format!("subnet {}", short(id)),
        RuleAssociation::NetworkInterface(id) => format!("network interface {}", id.name()),
    }
}

fn row(rule: &EffectiveRule) -> [String; 7] {
    [
        rule.priority.to_string(),
        rule.access.to_owned(),
        rule.protocol.clone(),
        source(rule),
        some(rule.destinations.iter().map(end)),
        some(rule.destination_ports.iter().map(PortRange::to_string)),
        rule.name.clone(),
    ]
}

/// Source ports are hardly ever narrowed, so they have no column of their own.
fn source(rule: &EffectiveRule) -> String {
    let sources = some(rule.sources.iter().map(end));
    if rule.source_ports.iter().any(|ports| ports.is_any()) {
        return sources;
    }
    let ports = some(rule.source_ports.iter().map(PortRange::to_string));
    format!("{sources} from port {ports}")
}

fn end(end: &RuleEnd) -> String {
    match end {
        RuleEnd::Any => "*".to_owned(),
        RuleEnd::Prefix { prefix } => prefix.to_string(),
        RuleEnd::ServiceTag { tag } => tag.clone(),
        RuleEnd::ApplicationSecurityGroup { id, members } => {
            format!("{} ({} members)", id.name(), members.len())
        }
        RuleEnd::Unreadable { text } => format!("{text} (unreadable)"),
    }
}

fn some(texts: impl ExactSizeIterator<Item = String>) -> String {
    let more = texts.len().saturating_sub(LISTED);
    let mut listed: Vec<String> = texts.take(LISTED).collect();
    if more > 0 {
        listed.push(format!("and {more} more"));
    }
    listed.join(", ")
}

/// IP flow verify, at most `width` characters wide where words allow, with ANSI escapes.
#[must_use]
pub fn ip_flow(answer: &RuleCheckAnswer, width: usize) -> String {
    let mut page = Page::new(width);
    let (role, word) = access(answer.access);
    let flow = answer.flow.to_string();
    let at = format!("{} at {}", answer.direction.to_lowercase(), answer.network_interface.name());
    page.line(0, "", &[(role, word), (Role::Strong, &flow), (Role::Plain, &at)]);
    if let Some(rule) = &answer.decided_by {
        item::decided_by(&mut page, 2, &rule.origin);
    }
    if !answer.evaluated.is_empty() {
        page.heading("Asked, in this order");
    }
    for (number, group) in (1..).zip(&answer.evaluated) {
        print_evaluated(&mut page, number, group);
    }
    item::list(&mut page, "Not known", &answer.unsure);
    item::list(&mut page, "Not modelled", &answer.not_modelled);
    item::all_rules(&mut page, &answer.rules);
    page.finish()
}

const fn access(access: FlowAccess) -> (Role, &'static str) {
    match access {
        FlowAccess::Allow => (Role::Good, "ALLOWED"),
        FlowAccess::Deny => (Role::Bad, "DENIED"),
        FlowAccess::Unknown => (Role::Unsure, "UNKNOWN"),
    }
}

fn print_evaluated(page: &mut Page, number: usize, group: &EvaluatedGroup) {
    let lead = format!("{number}. ");
    let name = group.network_security_group.name();
    let at = format!("on {}:", association(&group.applied_to));
    let (role, word) = access(group.access);
    let word = word.to_lowercase();
    page.line(2, &lead, &[(Role::Strong, name), (Role::Plain, &at), (role, &word)]);
    for rule in &group.evaluated_rules {
        let fields = [
            (rule.protocol_matched, "protocol"),
            (rule.source_matched, "source"),
            (rule.source_port_matched, "source port"),
            (rule.destination_matched, "destination"),
            (rule.destination_port_matched, "destination port"),
        ];
        let named = |wanted: Option<bool>| {
            let names = fields.iter().filter(|(matched, _)| *matched == wanted);
            names.map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
        };
        let (other, unknown) = (named(Some(false)), named(None));
        let (role, text) = match (other.is_empty(), unknown.is_empty()) {
            (false, _) => (Role::Faint, format!("does not match: another {other}")),
            (true, false) => (Role::Unsure, format!("may match: not known are {unknown}")),
            (true, true) => (Role::Plain, "matches".to_owned()),
        };
        let name = format!("{}:", rule.name);
        page.line(5, "", &[(Role::Plain, &name), (role, &text)]);
    }
}
