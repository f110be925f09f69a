//! What security rules and admin rules have in common: what packets they are for.

use crate::azure::{Direction, RuleAddress, RuleMatch, Unread};
use crate::net::{PortRange, ProtocolSet};
use crate::resolve::fields::Fields;
use crate::resolve::spot::Spot;
use crate::resolve::text;

/// What addresses and ports are of which a rule says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::resolve) enum Unsaid {
    /// A mistake: security groups must say them.
    Unknown,
    /// All of them. Lists of admin rules are optional (R229), and those left empty restrict nothing.
    Any,
}

/// What packets a rule is for (R174, R176, R180).
pub(in crate::resolve) fn matches(fields: &Fields<'_>, unsaid: Unsaid) -> RuleMatch {
    let spot = fields.find("protocol");
    let protocols = spot.and_then(|spot| spot.protocols());
    if spot.is_none() {
        fields.absent("protocol");
    }
    let written = spot.as_ref().and_then(|spot| spot.written()).unwrap_or_default();
    let protocols_read = protocols.unwrap_or(ProtocolSet::ALL);
    let source_ports = ports(fields, &SOURCE, (protocols_read, unsaid));
    let destination_ports = ports(fields, &DESTINATION, (protocols_read, unsaid));
    let protocol = || spot.as_ref().map_or_else(|| "".into(), Spot::unread);
    let strange = protocols.is_none().then(protocol);
    let strange = strange.or_else(|| source_ports.as_ref().err().cloned());
    let strange = strange.or_else(|| destination_ports.as_ref().err().cloned());
    let any = |_| vec![PortRange::ANY];
    let mut matches = RuleMatch {
        protocols: protocols_read,
        protocol_as_written: (&*written).into(),
        sources: addresses(fields, &SOURCE, unsaid),
        source_ports: source_ports.unwrap_or_else(any),
        destinations: addresses(fields, &DESTINATION, unsaid),
        destination_ports: destination_ports.unwrap_or_else(any),
    };
    if let Some(condition) = fields.condition() {
        doubt(&mut matches, condition.unread());
    } else if let Some(unread) = strange {
        doubt(&mut matches, unread);
    }
    matches
}

/// What the members of one side of a rule are called.
struct Side {
    prefixes: [&'static str; 2],
    groups: &'static str,
    /// Admin rules say `sources: [{addressPrefix, addressPrefixType}]`.
    listed: &'static str,
    ports: [&'static str; 2],
}

const SOURCE: Side = Side {
    prefixes: ["sourceAddressPrefix", "sourceAddressPrefixes"],
    groups: "sourceApplicationSecurityGroups",
    listed: "sources",
    ports: ["sourcePortRange", "sourcePortRanges"],
};

const DESTINATION: Side = Side {
    prefixes: ["destinationAddressPrefix", "destinationAddressPrefixes"],
    groups: "destinationApplicationSecurityGroups",
    listed: "destinations",
    ports: ["destinationPortRange", "destinationPortRanges"],
};

/// Makes a rule match *maybe* wherever the rest of it matches.
pub(in crate::resolve) fn doubt(matches: &mut RuleMatch, why: Unread) {
    matches.sources = vec![RuleAddress::Unreadable(why)];
}

/// Entries of the sources or destinations, from the singular, the plural and the groups.
fn addresses(fields: &Fields<'_>, side: &Side, unsaid: Unsaid) -> Vec<RuleAddress> {
    if unsaid == Unsaid::Any && says_nothing(fields, side) {
        return vec![RuleAddress::Any];
    }
    let listed = fields.each(std::slice::from_ref(&side.listed)).filter_map(|entry| {
        match entry.node.as_text() {
            Some(_) => Some(entry),
            None => entry.fields().find("addressPrefix"),
        }
    });
    let written = fields.each(&side.prefixes).chain(listed);
    let mut found = Vec::with_capacity(1);
    written.for_each(|spot| add_addresses(&spot, &mut found));
    for group in fields.list(side.groups) {
        found.extend(group.link().map(RuleAddress::Group));
    }
    if found.is_empty() {
        fields.absent(side.prefixes[0]);
        found.push(RuleAddress::Unreadable("".into()));
    }
    found
}

/// Does nothing stand where the addresses of the side may?
fn says_nothing(fields: &Fields<'_>, side: &Side) -> bool {
    let [one, several] = side.prefixes;
    fields.each(&[one, several, side.listed, side.groups]).next().is_none()
}

/// The entries of one text: usually one, several with commas between them.
fn add_addresses(spot: &Spot<'_>, found: &mut Vec<RuleAddress>) {
    if let Some(unknown) = spot.node.as_unknown() {
        spot.unknown(unknown);
        found.push(RuleAddress::Unreadable(spot.unread()));
        return;
    }
    let written = spot.written().unwrap_or_default();
    found.extend(written.split(',').map(|entry| address(spot, entry.trim())));
}

fn address(spot: &Spot<'_>, entry: &str) -> RuleAddress {
    if entry == "*" || entry.eq_ignore_ascii_case("any") {
        return RuleAddress::Any;
    }
    if let Some(found) = text::prefix(entry) {
        return RuleAddress::Prefix(spot.truncated(found));
    }
    if let Some((first, last)) = text::address_range(entry) {
        return RuleAddress::Range(first, last);
    }
    if text::is_service_tag(entry) {
        return RuleAddress::ServiceTag(entry.into());
    }
    spot.complain("an address prefix, the name of a service tag, or `*`");
    RuleAddress::Unreadable(entry.into())
}

/// The ports of one side; any where the protocols have none, whatever is written.
///
/// # Errors
/// What cannot be read; nothing when they are not given.
fn ports(
    fields: &Fields<'_>,
    side: &Side,
    (protocols, unsaid): (ProtocolSet, Unsaid),
) -> Result<Vec<PortRange>, Unread> {
    let mut written = fields.each(&side.ports).peekable();
    // ICMP, ESP and AH have no ports (R179).
    let has_ports = protocols.has_ports();
    let is_given = written.peek().is_some();
    if !is_given && (!has_ports || unsaid == Unsaid::Any) {
        return Ok(vec![PortRange::ANY]);
    }
    if !is_given {
        fields.absent(side.ports[0]);
        return Err("".into());
    }
    let (mut ranges, mut strange) = (Vec::with_capacity(1), None);
    for spot in written {
        let text = spot.written().unwrap_or_default();
        let (before, count) = (ranges.len(), text.split(',').count());
        ranges.extend(text.split(',').filter_map(text::ports));
        if ranges.len() - before < count {
            spot.complain("a port, a range such as `8000-8999`, or `*`");
            strange = strange.or_else(|| Some(spot.unread()));
        }
    }
    match strange {
        Some(strange) if has_ports => Err(strange),
        Some(_) => Ok(vec![PortRange::ANY]),
        None => Ok(ranges),
    }
}

/// The direction of a rule; both where it cannot be read.
pub(in crate::resolve) fn directions(fields: &Fields<'_>) -> Vec<Direction> {
    let words = [Direction::Inbound, Direction::Outbound].map(|d| (d.as_arm(), d));
    choices(fields, "direction", &words)
}

/// The value of `name`; every one of `words` where it is absent or none of them.
pub(in crate::resolve) fn choices<T: Copy>(
    fields: &Fields<'_>,
    name: &str,
    words: &[(&str, T)],
) -> Vec<T> {
    let spot = fields.find(name);
    if spot.is_none() {
        fields.absent(name);
    }
    match spot.and_then(|spot| spot.one_of(words)) {
        Some(value) => vec![value],
        None => words.iter().map(|&(_, value)| value).collect(),
    }
}

/// Why a rule stands for every possibility.
pub(in crate::resolve) fn why_not(fields: &Fields<'_>) -> Unread {
    let unknown = |name| fields.find(name).filter(|spot| spot.node.as_unknown().is_some());
    let unknown = ["direction", "access", "priority"].into_iter().find_map(unknown);
    unknown.map_or_else(|| "".into(), |spot| spot.unread())
}

/// What becomes of a rule without a priority.
const IN_DOUBT: &str = "the rule is left in doubt, before all others: answers about packets that it is for are unknown";

/// The priority, where it can be read.
pub(in crate::resolve) fn priority(fields: &Fields<'_>) -> Option<u16> {
    let spot = fields.find("priority");
    if spot.is_none() {
        fields.absent_and("priority", Some(IN_DOUBT));
    }
    spot?.number_else(IN_DOUBT)
}
