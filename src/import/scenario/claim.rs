//! Assertions about sets: `never`, `always`, `only`, `reachable`, `unreachable`.

use super::expect::codes;
use super::members::Members;
use super::schema::asked::{self, protocol_word};
use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use crate::import::spec::spec;
use crate::net::{NoPorts, PortRange, Protocol, ProtocolSet};
use crate::scenario::{Claim, ExpectedReach, Spec, Traffic};

/// The claim that `node` makes, if it makes one about sets.
pub(super) fn in_node(node: &Node) -> Option<Claim> {
    Claim::ALL.into_iter().find(|claim| node.get(claim.key()).is_some())
}

/// Reads what stands under the key of `claim`.
pub(super) fn read(members: &mut Members<'_>, node: &Node, claim: Claim) -> Option<ExpectedReach> {
    let Value::Object(all) = &node.value else { return None };
    for (other, second) in all.iter().filter(|(other, _)| !goes_with(claim, other)) {
        let message = format!("`{}` and `{other}` in one assertion", claim.key());
        let remark = Diagnostic::error("wrong-value", message).hint("make two of it");
        members.note(remark, other, second);
    }
    let inner = node.get(claim.key())?;
    let mut members = members.at(claim.key());
    members.check_keys(inner, &asked::CLAIM);
    let (from, to) = (place(&mut members, inner, "from"), place(&mut members, inner, "to"));
    let traffic = traffic(&mut members, inner);
    Some(ExpectedReach { claim, from: from?, to: to?, traffic: traffic? })
}

/// May the member `name` stand in an assertion that makes `claim`? What it expects is all that the claim says.
fn goes_with(claim: Claim, name: &str) -> bool {
    name == claim.key() || ["name", "cites"].contains(&name)
}

/// The location specifier `key`.
fn place(members: &mut Members<'_>, node: &Node, key: &str) -> Option<Spec> {
    let text = members.text(node, key)?;
    let found = node.get(key)?;
    let mut place = members.at(key).place(found);
    place.span = place.span.and_then(|span| verbatim(span, text));
    match spec(text, place).map_err(|mistake| *mistake) {
        Ok(spec) => Some(spec),
        Err(mistake) => {
            // Without a span within, the place of the whole value is better than none.
            let is_placed = mistake.place.as_ref().is_some_and(|place| place.span.is_some());
            if is_placed {
                members.remarks.push(mistake);
            } else {
                members.note(mistake, key, found);
            }
            None
        }
    }
}

/// Where a scalar's text starts, when it stands in the document letter by letter: plain or in quotes.
fn verbatim((first, end): (u32, u32), text: &str) -> Option<(u32, u32)> {
    let quotes = usize::try_from(end - first).ok()?.checked_sub(text.len())?;
    match quotes {
        0 => Some((first, end)),
        2 => Some((first + 1, end - 1)),
        _ => None,
    }
}

/// `ports` and `protocol`. With ports alone TCP is meant, without both what machines talk with.
fn traffic(members: &mut Members<'_>, node: &Node) -> Option<Traffic> {
    let ports = ports(members, node)?;
    let protocols = match node.get("protocol") {
        Some(found) => protocols(members, node, found)?,
        None if node.get("ports").is_some() => ProtocolSet::single(Protocol::Tcp),
        None => Traffic::usual().protocols,
    };
    let traffic = Traffic { protocols, ports };
    if let (Some(protocol), Some(found)) = (traffic.without_ports(), node.get("protocol")) {
        let remark = Diagnostic::error("no-ports", format!("{protocol} has no ports"));
        let hint = "leave `ports` out, or make a second assertion about it";
        members.note(remark.hint(hint), "protocol", found);
        return None;
    }
    Some(traffic)
}

fn ports(members: &mut Members<'_>, node: &Node) -> Option<Vec<PortRange>> {
    let Some(found) = node.get("ports") else { return Some(vec![PortRange::ANY]) };
    let mut ranges = Vec::new();
    for text in members.words(node, "ports") {
        match text.parse::<PortRange>() {
            Ok(range) => ranges.push(range),
            Err(why @ NoPorts) => {
                let remark = Diagnostic::error("bad-port", format!("`{text}` is no port"));
                members.note(remark.hint(why.to_string()), "ports", found);
                return None;
            }
        }
    }
    if ranges.is_empty() {
        members.at("ports").complain("a port or a list of ports", found);
        return None;
    }
    Some(ranges)
}

/// One protocol, a list, or `any`.
fn protocols(members: &mut Members<'_>, node: &Node, found: &Node) -> Option<ProtocolSet> {
    let each = Protocol::ALL.map(|it| (protocol_word(it), ProtocolSet::single(it)));
    let words: Vec<_> = each.into_iter().chain([(asked::ANY, ProtocolSet::ALL)]).collect();
    let read = codes(members, node, "protocol", &words);
    let wanted = found.as_list().map_or(1, <[Node]>::len);
    if wanted == 0 {
        members.at("protocol").complain("a protocol or a list of protocols", found);
    }
    // What could not be read was said; a claim about fewer packets would be another claim.
    let is_whole = wanted > 0 && read.len() == wanted;
    is_whole.then(|| read.into_iter().fold(ProtocolSet::NONE, ProtocolSet::union))
}
