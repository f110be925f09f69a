//! What a plan leaves to other documents: members of a resource that the provider makes resources of their own, and
//! everything of what a plan has associations of only.

use super::loose;
use super::place::Spot;
use super::plan::Plan;
use super::resources::{Saying, Strength};
use super::row::{Becomes, Field, How, Row};
use super::rows;
use crate::azure::tree::{Node, Value};
use crate::id::ResourceId;
use crate::import::beside::{Beside, Said};
use crate::import::{arm, merge};
use std::collections::{BTreeMap, BTreeSet};

/// What other documents tell of each resource that is told in part.
pub(super) fn of(plan: &Plan<'_>, sayings: &[Saying]) -> BTreeMap<ResourceId, Beside> {
    let places = plan.instances.iter().enumerate();
    let places: BTreeMap<&str, usize> = places.map(|(at, it)| (&*it.address, at)).collect();
    let mut all: BTreeMap<ResourceId, Beside> = BTreeMap::new();
    for saying in sayings.iter().filter(|saying| is_whole(saying)) {
        let at = places.get(&*saying.address).copied();
        let names = at.and_then(|at| untold(plan, at, saying)).unwrap_or_default();
        match all.get_mut(&saying.id) {
            Some(Beside::Members(known)) => known.retain(|name| names.contains(name)),
            _ => drop(all.insert(saying.id.clone(), Beside::Members(names))),
        }
    }
    for saying in sayings.iter().filter(|saying| saying.strength <= Strength::Said) {
        if saying.strength == Strength::Own {
            continue;
        }
        let beside = all.entry(saying.id.clone()).or_insert_with(|| Beside::AllBut(nothing()));
        if let Beside::AllBut(said) = beside {
            put(said, saying);
        }
    }
    all
}

/// Does it tell the resource as a whole?
fn is_whole(saying: &Saying) -> bool {
    matches!(saying.strength, Strength::Own | Strength::Inline)
}

fn nothing() -> Said {
    let empty = || Node::new(Value::Object(Vec::new()));
    Said { instead: empty(), more: empty() }
}

fn put(said: &mut Said, saying: &Saying) {
    let mut body = saying.body.clone();
    arm::nest(&mut body);
    if saying.strength < Strength::Own {
        merge::add(&mut said.instead, body);
    } else {
        merge::append_texts(&mut said.more, &mut body);
        merge::add(&mut said.more, body);
    }
}

/// What the instance `at` cannot tell of the resource that `saying` is about. Of what is made anew there is nothing
/// else.
fn untold(plan: &Plan<'_>, at: usize, saying: &Saying) -> Option<BTreeSet<String>> {
    let instance = plan.instances.get(at)?;
    instance.values.get("id").and_then(Node::as_text)?;
    let row = rows::of(&instance.kind)?;
    let spot = Spot::of(plan, at, 0);
    if saying.strength == Strength::Own {
        return Some(left_out(row, &spot));
    }
    let (part, block) = row.parts.iter().find_map(|(name, part)| {
        let mut blocks = spot.get(name).each().into_iter();
        let block = blocks.find(|block| block.get("name").text() == Some(saying.id.name()))?;
        Some((*part, block))
    })?;
    Some(left_out(part, &block))
}

/// What resources of their own may say of what `row` makes of the values at `spot`, and these do not.
fn left_out(row: &'static Row, spot: &Spot<'_, '_>) -> BTreeSet<String> {
    let Some(own) = arm_type(row.becomes) else { return BTreeSet::new() };
    let mut names = BTreeSet::new();
    for other in rows::all() {
        match other.becomes {
            Becomes::Below(part, _) | Becomes::Of(part, _) => {
                let list = part.rsplit_once('/').filter(|(owner, _)| *owner == own);
                names.extend(list.map(|(_, list)| list.to_owned()));
            }
            Becomes::Listed(owner, _, list) if owner == own => {
                names.insert(list.to_owned());
            }
            Becomes::Said(_) | Becomes::Instead(..)
                if loose::owner(other).is_some_and(|(_, owner)| owner == own) =>
            {
                names.extend(other.fields.iter().flat_map(members));
            }
            Becomes::InGroup(_)
            | Becomes::At(..)
            | Becomes::Listed(..)
            | Becomes::Said(_)
            | Becomes::Instead(..) => {}
        }
    }
    names.retain(|name| !is_told(row, spot, name));
    names
}

fn arm_type(becomes: Becomes) -> Option<&'static str> {
    match becomes {
        Becomes::InGroup(own)
        | Becomes::Below(own, _)
        | Becomes::Of(own, _)
        | Becomes::At(own, _) => Some(own),
        Becomes::Listed(..) | Becomes::Said(_) | Becomes::Instead(..) => None,
    }
}

/// The members that a field of an association says.
fn members(field: &'static Field) -> Vec<String> {
    if let (IN_PARTS, How::Each(inner)) = (field.to, field.how) {
        let inner = inner.iter().filter(|it| it.to != "name");
        return inner.map(|it| format!("{IN_PARTS}/{}", first(it.to))).collect();
    }
    vec![first(field.to).to_owned()]
}

/// The list of which associations say something of elements.
const IN_PARTS: &str = "ipConfigurations";

fn first(path: &str) -> &str {
    path.split('/').next().unwrap_or_default()
}

/// Have the values at `spot` an attribute for the member `name`?
fn is_told(row: &'static Row, spot: &Spot<'_, '_>, name: &str) -> bool {
    let (list, inner) =
        name.split_once('/').map_or((name, None), |(list, inner)| (list, Some(inner)));
    let of_part =
        |part: &Row| arm_type(part.becomes).and_then(|it| it.rsplit('/').next()) == Some(list);
    let has_block = row.parts.iter().any(|(name, part)| of_part(part) && has(spot, name));
    has_block
        || row.fields.iter().filter(|field| first(field.to) == list).any(|field| {
            match (inner, field.how) {
                (Some(inner), How::Each(fields)) => {
                    let of_inner = fields.iter().filter(|it| first(it.to) == inner);
                    let blocks = spot.get(field.from).each();
                    of_inner.into_iter().any(|it| blocks.iter().any(|block| has(block, it.from)))
                }
                _ => has(spot, field.from),
            }
        })
}

/// Does the attribute at `path` stand there, whatever its value is?
fn has(spot: &Spot<'_, '_>, path: &'static str) -> bool {
    let name = path.split('.').next().unwrap_or_default();
    spot.node.is_some_and(|node| name.is_empty() || node.get(name).is_some())
}
