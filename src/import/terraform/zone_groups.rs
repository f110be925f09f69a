//! How many record sets a zone has after a plan: zone groups of private endpoints write some and take theirs away (R282),
//! which changes no zone of the plan.

use super::convert;
use super::instance;
use super::place::Spot;
use crate::azure::Unknown;
use crate::azure::tree::{Node, Value};
use crate::id::ResourceId;

const ENDPOINT: &str = "azurerm_private_endpoint";
const GROUPS: &str = "private_dns_zone_group";
const ZONES: &str = "private_dns_zone_ids";

/// The number of record sets of a zone, at `spot`. That of a new zone follows from the plan, unless endpoints write their own
/// records into it.
pub(super) fn record_sets(spot: &Spot<'_, '_>) -> Option<Node> {
    let zone = ResourceId::new(&spot.plan.id(spot.at, 0)?);
    if let Some(endpoint) = writer(&zone, spot) {
        return Some(unknown(&endpoint, "writes records"));
    }
    let node = spot.node.filter(|_| !spot.is_unknown())?;
    match (&node.value, taken_away(&zone, spot)) {
        (_, Err(endpoint)) => Some(unknown(&endpoint, "takes records away")),
        (Value::Number(all), Ok(some)) => Some(Node::new(Value::Number(all - some))),
        _ => Some(node.clone()),
    }
}

fn unknown(endpoint: &str, does: &str) -> Node {
    let on = format!("`{endpoint}.{GROUPS}`, which {does} when it is applied");
    Node::new(Value::Unknown(Unknown::on(on)))
}

/// A private endpoint that is still to be made, or gets another group, and may write into `zone`.
fn writer(zone: &ResourceId, spot: &Spot<'_, '_>) -> Option<String> {
    let plan = spot.plan;
    let writes = |at: usize, address: &str| {
        let endpoint = Spot::of(plan, at, 0);
        let is_joining = || before(spot, address).is_some_and(|old| !has(old, zone));
        (endpoint.get("id").is_unknown() || is_joining()) && may_write(&endpoint, zone)
    };
    let mut endpoints = plan.instances.iter().enumerate();
    let found = endpoints
        .find(|(at, it)| it.kind == ENDPOINT && !it.is_data && writes(*at, &it.address))?;
    Some(found.1.address.clone())
}

/// Has the endpoint a group with the zone, or with one that is not known?
fn may_write(endpoint: &Spot<'_, '_>, zone: &ResourceId) -> bool {
    let zones = endpoint.get("private_dns_zone_group.private_dns_zone_ids");
    let Some(node) = zones.node else { return false };
    convert::ids(&zones, node, convert::text).as_list().is_none_or(|found| {
        found.iter().any(|it| it.as_text().is_none_or(|told| ResourceId::new(told) == *zone))
    })
}

/// What the endpoint at `address` was before the plan.
fn before<'d>(spot: &Spot<'_, 'd>, address: &str) -> Option<&'d Node> {
    let mut changes = instance::changes(spot.plan.document);
    let change = changes.find(|it| it.get("address").and_then(Node::as_text) == Some(address))?;
    change.get("change")?.get("before").filter(|it| it.value != Value::Null)
}

/// How many record sets go from `zone` with the groups that leave it.
///
/// # Errors
/// The endpoint of which that is not known: others have written the same record (R285), or nothing tells what it wrote.
fn taken_away(zone: &ResourceId, spot: &Spot<'_, '_>) -> Result<f64, String> {
    let mut all = 0.0;
    for change in instance::changes(spot.plan.document) {
        let text = |name: &str| change.get(name).and_then(Node::as_text);
        let (Some(ENDPOINT), Some(address)) = (kind(change), text("address")) else { continue };
        let old = change.get("change").and_then(|it| it.get("before"));
        let Some(old) = old.filter(|old| has(old, zone)) else { continue };
        let own = [Some(address), text("previous_address")];
        let is_own = |it: &str| own.contains(&Some(it));
        let here = spot.plan.instances.iter().enumerate();
        let mut here = here.filter(|(_, it)| it.kind == ENDPOINT && is_own(&it.address));
        if here.any(|(at, _)| may_write(&Spot::of(spot.plan, at, 0), zone)) {
            continue;
        }
        let records = records(old, zone);
        let others = spot.plan.instances.iter().filter(|it| !is_own(&it.address));
        let mut others = others.flat_map(|it| self::records(&it.values, zone));
        if records.is_empty() || others.any(|it| records.contains(&it)) {
            return Err(address.to_owned());
        }
        all += records.iter().map(|_| 1.0).sum::<f64>();
    }
    Ok(all)
}

/// The type of what changes, which its address starts with where nothing else tells it.
fn kind(change: &Node) -> Option<&str> {
    let of_address = || {
        let address = change.get("address")?.as_text()?;
        super::plan::steps(address).into_iter().find(|step| *step == ENDPOINT)
    };
    change.get("type").and_then(Node::as_text).or_else(of_address)
}

/// Has a group of the endpoint `values` this zone?
fn has(values: &Node, zone: &ResourceId) -> bool {
    let groups = values.get(GROUPS).and_then(Node::as_list).unwrap_or_default();
    let zones = groups.iter().filter_map(|group| group.get(ZONES)?.as_list()).flatten();
    zones.filter_map(Node::as_text).any(|it| ResourceId::new(it) == *zone)
}

/// The names and types of the records that the groups of an endpoint have written into the zone.
fn records(values: &Node, zone: &ResourceId) -> Vec<(String, String)> {
    let configs = values.get("private_dns_zone_configs").and_then(Node::as_list);
    let is_its = |config: &&Node| {
        let told = config.get("private_dns_zone_id").and_then(Node::as_text);
        told.is_some_and(|told| ResourceId::new(told) == *zone)
    };
    let configs = configs.unwrap_or_default().iter().filter(is_its);
    let sets = configs.filter_map(|config| config.get("record_sets")?.as_list()).flatten();
    let word = |set: &Node, name: &str| {
        set.get(name).and_then(Node::as_text).unwrap_or_default().to_ascii_lowercase()
    };
    sets.map(|set| (word(set, "fqdn"), word(set, "type"))).collect()
}
