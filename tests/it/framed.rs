//! A group or table that is read again makes the network that resolving everything makes.

use crate::generated::{self, Random, Scenario};
use hopwise::azure::{Change, Network, Snapshot};
use hopwise::id::ResourceId;
use hopwise::import::{Document, read};
use hopwise::resolve::{Frame, resolve, resolve_with_frame};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The groups and tables in which the two differ; none when they differ elsewhere.
fn owners(before: &Snapshot, after: &Snapshot) -> Option<Vec<ResourceId>> {
    assert!(before.resources.keys().eq(after.resources.keys()));
    let differ = before.resources.iter().filter(|(id, old)| after.resources.get(id) != Some(old));
    let mut owners: Vec<ResourceId> =
        differ.map(|(id, _)| Frame::owner(id)).collect::<Option<_>>()?;
    owners.dedup();
    Some(owners)
}

/// What the changes that `frame` finds make of `network`; none where it finds that more may follow.
fn reread(
    frame: &Frame,
    mut network: Network,
    before: &Snapshot,
    after: &Snapshot,
) -> Option<Network> {
    for owner in owners(before, after).expect("only rules and routes differ") {
        let change: Change = frame.change(&network, &owner, &after.resources)?;
        change.apply(&mut network);
    }
    Some(network)
}

/// Changes a rule or route of the document, if it has any: takes it out, makes another of it, adds one.
fn change(document: &mut Value, random: &mut Random) -> bool {
    let lists = [("networkSecurityGroups", "securityRules"), ("routeTables", "routes")];
    let (owners, list) = *random.pick(&lists);
    let Some(owners) = document["network"][owners].as_array_mut() else { return false };
    let at = random.below(owners.len().max(1));
    let Some(owner) = owners.get_mut(at) else { return false };
    let Some(elements) = owner[list].as_array_mut() else { return false };
    let at = random.below(elements.len().max(1));
    match (random.below(4), elements.get_mut(at)) {
        (0, Some(_)) => drop(elements.remove(at)),
        (1, Some(rule)) if list == "securityRules" => {
            let access = if rule["access"] == "Allow" { "Deny" } else { "Allow" };
            rule["access"] = json!(access);
        }
        (2, Some(rule)) if list == "securityRules" => {
            rule["destinationPortRange"] = json!("1-70000")
        }
        (1 | 2, Some(route)) => route["nextHopType"] = json!("Nowhere"),
        (3, Some(element)) => {
            let mut copy = element.clone();
            copy["name"] = json!("A copy");
            elements.push(copy);
        }
        _ => return false,
    }
    true
}

#[test]
fn rules_and_routes_that_are_read_again_are_those_of_resolving_everything() {
    let [made, left] = [AtomicUsize::new(0), AtomicUsize::new(0)];
    generated::each(0..400, |scenario| {
        let before = scenario.snapshot();
        let (network, _, frame) = resolve_with_frame(before.clone());
        let mut random = Random::new(scenario.document.to_string().len() as u64);
        for _ in 0..4 {
            let mut changed: Scenario = scenario.clone();
            if !change(&mut changed.document, &mut random) {
                continue;
            }
            let after = changed.snapshot();
            let Some(again) = reread(&frame, network.clone(), &before, &after) else {
                left.fetch_add(1, Ordering::Relaxed);
                continue;
            };
            made.fetch_add(1, Ordering::Relaxed);
            if again != resolve(after).0 {
                return Err(format!("another network for {}", changed.document));
            }
        }
        Ok(())
    });
    let (made, left) = (made.into_inner(), left.into_inner());
    // Where a value is not known or cannot be read, everything is read again.
    assert!(made >= 400 && left >= 10, "{made} made, {left} left");
}

/// A group with a rule of its own and two inline, a table with a route of its own; as a list of resources.
fn estate(of: &BTreeMap<&str, &str>) -> Snapshot {
    const GROUP: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/web";
    const TABLE: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/routeTables/t";
    let rule = |priority: u16, name: &str| {
        json!({
            "priority": priority, "direction": "Inbound", "protocol": "Tcp",
            "access": of.get(name).unwrap_or(&"Allow"),
            "sourceAddressPrefix": "*", "sourcePortRange": "*",
            "destinationAddressPrefix": "*", "destinationPortRange": "443"})
    };
    let inline = |priority, name| json!({"name": name, "properties": rule(priority, name)});
    let resources = json!([
        {"id": GROUP, "type": "Microsoft.Network/networkSecurityGroups",
         "location": of.get("location").unwrap_or(&"westeurope"),
         "properties": {"securityRules": [inline(100, "one"), inline(200, "two")]}},
        {"id": format!("{GROUP}/securityRules/three"), "properties": rule(300, "three"),
         "type": "Microsoft.Network/networkSecurityGroups/securityRules"},
        {"id": format!("{GROUP}-2"), "type": "Microsoft.Network/networkSecurityGroups",
         "properties": {"securityRules": [inline(100, "other")]}},
        {"id": TABLE, "type": "Microsoft.Network/routeTables",
         "properties": {"routes": [], "disableBgpRoutePropagation": of.contains_key("off")}},
        {"id": format!("{TABLE}/routes/r"), "type": "Microsoft.Network/routeTables/routes", "properties": {
            "addressPrefix": "10.0.0.0/8", "nextHopType": of.get("r").unwrap_or(&"None")}},
    ]);
    read([Document { name: "estate".into(), text: resources.to_string().as_bytes() }])
}

#[test]
fn rules_of_their_own_are_read_with_their_group() {
    let before = estate(&BTreeMap::new());
    let (network, _, frame) = resolve_with_frame(before.clone());
    for (what, is_made) in [
        (("three", "Deny"), true),
        (("two", "Deny"), true),
        (("other", "Deny"), true),
        (("r", "Internet"), true),
        // Not known, or more than rules and routes.
        (("location", "northeurope"), false),
        (("off", ""), false),
    ] {
        let after = estate(&BTreeMap::from([what]));
        let again = reread(&frame, network.clone(), &before, &after);
        assert_eq!(again.is_some(), is_made, "{what:?}");
        assert!(again.is_none_or(|again| again == resolve(after).0), "{what:?}");
    }
}
