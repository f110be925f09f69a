//! Rules of Azure Firewalls, as policies and as firewalls without a policy write them.

use crate::azure::{
    Access, ApplicationProtocol, FirewallAddress, FirewallRule, FirewallRuleKind, RuleCollection,
    Unread,
};
use crate::diag::Diagnostic;
use crate::net::{AddressSet, PortRange, ProtocolSet};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;
use crate::resolve::text;

/// What a collection holds (R396).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Network,
    Application,
    Nat,
    /// A policy's filter collection: each rule says itself what it is.
    Either,
}

/// Reads a collection; two, allowing and denying *maybe*, where nothing tells what it does.
pub(super) fn collections(name: &str, fields: &Fields<'_>, holds: Holds) -> Vec<RuleCollection> {
    let accesses = accesses(fields, holds);
    if !fields.has("priority") {
        fields.absent("priority");
    }
    let mut rules: Vec<FirewallRule> =
        fields.list("rules").into_iter().map(|rule| read_rule(&rule.fields(), holds)).collect();
    if accesses.len() > 1 {
        rules.iter_mut().for_each(|rule| doubt(rule, "".into()));
    }
    let collection = |access: &Access| RuleCollection {
        name: name.into(),
        priority: fields.number("priority").unwrap_or(0),
        access: *access,
        rules: rules.clone(),
        origin: fields.origin(),
    };
    accesses.iter().map(collection).collect()
}

/// Two collections that may match anything, for what is known to exist and not what it says.
pub(super) fn unknown_collections(name: &str, fields: &Fields<'_>) -> Vec<RuleCollection> {
    let rule = FirewallRule {
        name: name.into(),
        origin: fields.origin(),
        sources: vec![FirewallAddress::Unreadable("".into())],
        kind: anything(),
    };
    let collection = |access| RuleCollection {
        name: name.into(),
        priority: 0,
        access,
        rules: vec![rule.clone()],
        origin: fields.origin(),
    };
    [Access::Allow, Access::Deny].map(collection).into()
}

fn anything() -> FirewallRuleKind {
    FirewallRuleKind::Network {
        protocols: ProtocolSet::ALL,
        destinations: vec![FirewallAddress::Any],
        destination_ports: vec![PortRange::ANY],
    }
}

/// What happens on a match: translation allows (R399).
fn accesses(fields: &Fields<'_>, holds: Holds) -> Vec<Access> {
    if holds == Holds::Nat {
        return vec![Access::Allow];
    }
    let name = if fields.has("action/type") { "action/type" } else { "action" };
    if !fields.has(name) {
        fields.absent(name);
    }
    match fields.one_of(name, &[Access::Allow, Access::Deny].map(|a| (a.as_arm(), a))) {
        Some(access) => vec![access],
        None => vec![Access::Allow, Access::Deny],
    }
}

fn read_rule(fields: &Fields<'_>, holds: Holds) -> FirewallRule {
    let said = [
        ("NetworkRule", Holds::Network),
        ("ApplicationRule", Holds::Application),
        ("NatRule", Holds::Nat),
    ];
    let kind = match (holds, fields.one_of("ruleType", &said)) {
        (Holds::Network | Holds::Application | Holds::Nat, _) => Some(holds),
        (Holds::Either, said) => said,
    };
    if kind.is_none() && !fields.has("ruleType") {
        fields.absent("ruleType");
    }
    let (kind, is_readable) = match kind {
        Some(Holds::Network) => network(fields),
        Some(Holds::Application) => fields.scope().in_model(|| application(fields)),
        Some(Holds::Nat) => nat(fields),
        Some(Holds::Either) | None => (anything(), false),
    };
    let mut rule = FirewallRule {
        name: fields.name(),
        origin: fields.origin(),
        sources: addresses(fields, "source"),
        kind,
    };
    if !is_readable {
        doubt(&mut rule, "".into());
    }
    rule
}

/// Makes a rule match *maybe* wherever the rest of it matches.
fn doubt(rule: &mut FirewallRule, why: Unread) {
    rule.sources = vec![FirewallAddress::Unreadable(why)];
}

/// A network rule, and: could all of it be read?
fn network(fields: &Fields<'_>) -> (FirewallRuleKind, bool) {
    let (protocols, destination_ports) = packets(fields);
    // R179
    let has_ports = protocols.is_none_or(ProtocolSet::has_ports);
    let is_readable = protocols.is_some() && (destination_ports.is_some() || !has_ports);
    let kind = FirewallRuleKind::Network {
        protocols: protocols.unwrap_or(ProtocolSet::ALL),
        destinations: addresses(fields, "destination"),
        destination_ports: destination_ports.unwrap_or_else(|| vec![PortRange::ANY]),
    };
    (kind, is_readable)
}

/// A translation, and: could all of it be read? A translated name is not modelled.
fn nat(fields: &Fields<'_>) -> (FirewallRuleKind, bool) {
    let (protocols, destination_ports) = packets(fields);
    let translated_port = fields.number("translatedPort");
    if !fields.has("translatedPort") {
        fields.absent("translatedPort");
    }
    let is_readable =
        protocols.is_some() && destination_ports.is_some() && translated_port.is_some();
    let kind = FirewallRuleKind::Dnat {
        protocols: protocols.unwrap_or(ProtocolSet::ALL),
        destinations: addresses(fields, "destination"),
        destination_ports: destination_ports.unwrap_or_else(|| vec![PortRange::ANY]),
        translated_address: fields.address("translatedAddress"),
        translated_port: translated_port.unwrap_or(0),
    };
    (kind, is_readable)
}

/// The protocols and ports; where they cannot be read the rule says so.
fn packets(fields: &Fields<'_>) -> (Option<ProtocolSet>, Option<Vec<PortRange>>) {
    fields.scope().in_model(|| (protocols(fields), ports(fields)))
}

/// Names with protocols and ports (R398), and: could all of it be read? Tags, categories and URLs are not modelled.
fn application(fields: &Fields<'_>) -> (FirewallRuleKind, bool) {
    let protocols = fields.list("protocols");
    let protocols: Option<Vec<_>> = protocols.iter().map(application_protocol).collect();
    let fqdns = texts(fields, &["targetFqdns"]);
    let tags = texts(fields, &["fqdnTags", "webCategories", "targetUrls"]);
    let Some(protocols) = protocols else { return (anything(), false) };
    let is_readable = fqdns.is_some() && tags.is_some();
    let fqdns = fqdns.filter(|_| is_readable).unwrap_or_else(|| vec!["*".into()]);
    let tags = tags.unwrap_or_default();
    (FirewallRuleKind::Application { protocols, fqdns, tags }, is_readable)
}

/// The texts of several lists one after the other; `None` where one cannot be read.
fn texts(fields: &Fields<'_>, names: &[&str]) -> Option<Vec<Box<str>>> {
    let read: Vec<Option<&str>> = fields.each(names).map(|spot| spot.text()).collect();
    read.into_iter().map(|text| text.map(Into::into)).collect()
}

/// `{protocolType, port}`, or a text such as `Https:443`.
fn application_protocol(spot: &Spot<'_>) -> Option<(ApplicationProtocol, u16)> {
    let words = [
        ("Http", ApplicationProtocol::Http),
        ("Https", ApplicationProtocol::Https),
        ("Mssql", ApplicationProtocol::Mssql),
    ];
    if let Some((name, port)) = spot.node.as_text().and_then(|text| text.split_once(':')) {
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(name));
        if found.is_none() || port.parse::<u16>().is_err() {
            spot.complain("a protocol and a port, such as `Https:443`");
        }
        return Some((found?.1, port.parse().ok()?));
    }
    let fields = spot.fields();
    let protocol = fields.one_of("protocolType", &words)?;
    let port = match protocol {
        ApplicationProtocol::Http => 80,
        ApplicationProtocol::Https => 443,
        ApplicationProtocol::Mssql => 1433,
    };
    match fields.find("port") {
        Some(written) => Some((protocol, written.number()?)),
        None => Some((protocol, port)),
    }
}

/// The protocols, under the policy's name or the firewall's own; `None` where one cannot be read.
fn protocols(fields: &Fields<'_>) -> Option<ProtocolSet> {
    let written = fields.lists(&["ipProtocols", "protocols"]);
    if written.is_empty() {
        fields.absent("ipProtocols");
        return None;
    }
    let read: Vec<Option<ProtocolSet>> = written.iter().map(Spot::protocols).collect();
    read.into_iter().try_fold(ProtocolSet::NONE, |all, one| Some(all.union(one?)))
}

/// The ports; `None` where one cannot be read. ICMP rules may have none.
fn ports(fields: &Fields<'_>) -> Option<Vec<PortRange>> {
    let written = fields.list("destinationPorts");
    if written.is_empty() {
        return Some(vec![PortRange::ANY]);
    }
    let read: Vec<Option<PortRange>> = written.iter().map(Spot::ports).collect();
    read.into_iter().collect()
}

/// The addresses (together, as one set) and tags of one side; what cannot be read says so.
fn literals(fields: &Fields<'_>, side: &str) -> Vec<FirewallAddress> {
    let (mut set, mut found) = (AddressSet::default(), Vec::new());
    for spot in fields.list(&format!("{side}Addresses")) {
        if let Some(unknown) = spot.node.as_unknown() {
            spot.unknown(unknown);
            found.push(FirewallAddress::Unreadable(spot.unread()));
            continue;
        }
        let written = spot.written().unwrap_or_default();
        if written == "*" {
            found.push(FirewallAddress::Any);
        } else if let Some(more) = text::address_set(&written) {
            set = set.union(&more);
        } else if text::is_service_tag(&written) {
            found.push(FirewallAddress::ServiceTag(written.into()));
        } else {
            spot.complain("addresses, the name of a service tag, or `*`");
            found.push(FirewallAddress::Unreadable((&*written).into()));
        }
    }
    if !set.is_empty() {
        found.push(FirewallAddress::Addresses(set));
    }
    found
}

/// The names of one side; what cannot be read says so.
fn names(fields: &Fields<'_>, side: &str) -> Vec<FirewallAddress> {
    let each = fields.list(&format!("{side}Fqdns")).into_iter().map(|spot| match spot.text() {
        Some(name) => FirewallAddress::Fqdn(name.into()),
        None => FirewallAddress::Unreadable(spot.unread()),
    });
    each.collect()
}

/// Addresses (together, as one set), tags, names and shared lists of one side.
fn addresses(fields: &Fields<'_>, side: &str) -> Vec<FirewallAddress> {
    let mut found = fields.scope().in_model(|| literals(fields, side));
    found.extend(fields.scope().in_model(|| names(fields, side)));
    let groups = fields.links(&format!("{side}IpGroups"));
    found.extend(groups.into_iter().map(FirewallAddress::IpGroup));
    if found.is_empty() {
        let text = format!("`{}` names no {side}", fields.name());
        fields.note(Diagnostic::warning("missing-property", text));
        found.push(FirewallAddress::Unreadable("".into()));
    }
    found
}
