//! What a template deploys by a name that is not known: it may be any of its type that is there already.

use super::doubt_existence;
use crate::azure::Unknown;
use crate::azure::tree::{Node, Value};
use crate::id::ResourceId;
use crate::import::collect::Collected;
use crate::import::template::Deployed;
use std::collections::BTreeSet;

/// What may be deployed of `deployed` onto what is `collected`, which others of them are not.
pub(super) fn perhaps(deployed: &[Deployed], collected: &Collected) -> Vec<Deployed> {
    let unnamed: Vec<&Deployed> = deployed.iter().filter(|it| is_unnamed(&it.id)).collect();
    if unnamed.is_empty() {
        return Vec::new();
    }
    let sure: BTreeSet<&ResourceId> = deployed.iter().map(|it| &it.id).collect();
    let there = collected.ids();
    let free = there.iter().filter(|id| !sure.contains(id));
    // Where several may be it, one stands for them: what it writes is in doubt.
    let found = free.filter_map(|id| {
        let it = unnamed.iter().find(|it| may_be(it.id.as_str(), id.as_str()))?;
        Some(Deployed { id: id.clone(), body: onto(&it.body, id, &it.id), place: it.place.clone() })
    });
    found.collect()
}

/// Has a whole resource a name that is not known? What hangs on others has one that is nobody else's.
fn is_unnamed(id: &ResourceId) -> bool {
    let arm_type = id.resource_type().unwrap_or_default().to_ascii_lowercase();
    id.as_str().contains('{')
        && id.parent().is_none()
        && !arm_type.starts_with("microsoft.authorization/")
}

/// Does the id `there` fit `pattern`, in which braces stand for what is not known?
fn may_be(pattern: &str, there: &str) -> bool {
    let (mine, others) = (pattern.split('/'), there.split('/'));
    mine.clone().count() == others.clone().count()
        && mine
            .zip(others)
            .all(|(mine, other)| fits(&mine.to_ascii_lowercase(), &other.to_ascii_lowercase()))
}

/// Does the name fit, known pieces in their order?
fn fits(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('{') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(start) else { return false };
    let mut pieces = rest
        .split('{')
        .map(|piece| piece.rsplit_once('}').map_or("", |(_, known)| known))
        .peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return left.ends_with(piece);
        }
        let Some(at) = left.find(piece) else { return false };
        left = left.get(at + piece.len()..).unwrap_or_default();
    }
    true
}

/// The body of what `unnamed` deploys, if that is `id`.
fn onto(body: &Node, id: &ResourceId, unnamed: &ResourceId) -> Node {
    let mut body = body.clone();
    if let Value::Object(members) = &mut body.value {
        for (name, text) in [("id", id.as_str()), ("name", id.name())] {
            members.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
            members.push((name.into(), Node::new(Value::Text(text.into()))));
        }
        members.retain(|(own, _)| !own.eq_ignore_ascii_case("condition"));
    }
    let why = format!("the name of `{}` in the template, which may be this one", unnamed.name());
    doubt_existence(&mut body, &Unknown::on(why));
    body
}
