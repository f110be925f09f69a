//! The same estate in every shape that exports have is the same network.

use super::support::{estate, meaning, resources};
use serde_json::{Map, Value as Json};

const HUB: &str = include_str!("hub.json");

/// The parts that ARM also lists as resources of their own.
const PARTS: [&str; 5] =
    ["subnets", "virtualNetworkPeerings", "routes", "securityRules", "ipConfigurations"];

fn check(changed: &[Json]) {
    let (as_written, remarks) = estate(&resources(HUB));
    assert_eq!(remarks, []);
    let (network, remarks) = estate(changed);
    assert_eq!(remarks, []);
    assert_eq!(meaning(network), meaning(as_written));
}

#[test]
fn the_order_of_resources_never_shows() {
    let mut shuffled = resources(HUB);
    shuffled.reverse();
    check(&shuffled);
    shuffled.rotate_left(3);
    check(&shuffled);
}

#[test]
fn ids_types_and_names_of_members_may_have_any_case() {
    let mut upper = resources(HUB);
    for resource in &mut upper {
        resource["type"] = resource["type"].as_str().unwrap().to_uppercase().into();
        upper_ids(resource);
    }
    check(&upper);
}

fn upper_ids(json: &mut Json) {
    match json {
        Json::String(text) if text.starts_with("/subscriptions/") => *text = text.to_uppercase(),
        Json::Array(elements) => elements.iter_mut().for_each(upper_ids),
        Json::Object(members) => members.values_mut().for_each(upper_ids),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

#[test]
fn properties_may_stand_beside_the_name() {
    let mut flat = resources(HUB);
    flat.iter_mut().for_each(flatten);
    check(&flat);
}

fn flatten(json: &mut Json) {
    match json {
        Json::Array(elements) => elements.iter_mut().for_each(flatten),
        Json::Object(members) => {
            if let Some(Json::Object(properties)) = members.remove("properties") {
                members.extend(properties);
            }
            members.values_mut().for_each(flatten);
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

#[test]
fn parts_may_be_resources_of_their_own() {
    let separate: Vec<Json> = resources(HUB).into_iter().flat_map(|r| split(r, false)).collect();
    assert_eq!(separate.len(), 13);
    check(&separate);
}

#[test]
fn a_part_given_twice_is_one() {
    let both: Vec<Json> = resources(HUB).into_iter().flat_map(|r| split(r, true)).collect();
    check(&both);
}

/// The resource without its parts (or with them), and each part as a resource.
fn split(mut resource: Json, keeps: bool) -> Vec<Json> {
    let (id, kind) = (resource["id"].clone(), resource["type"].clone());
    let (id, kind) = (id.as_str().unwrap(), kind.as_str().unwrap());
    let properties = resource["properties"].as_object_mut().unwrap();
    let mut parts = Vec::new();
    for name in PARTS {
        let Some(list) = properties.get(name).cloned() else { continue };
        for mut part in list.as_array().unwrap().clone() {
            part["id"] = format!("{id}/{name}/{}", part["name"].as_str().unwrap()).into();
            part["type"] = format!("{kind}/{name}").into();
            parts.push(part);
        }
        if !keeps {
            properties.remove(name);
        }
    }
    parts.insert(0, resource);
    parts
}

#[test]
fn a_resource_of_its_own_overrides_what_stands_inline() {
    let mut both = resources(HUB);
    let id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub\
              /subnets/default";
    let mut newer = Map::new();
    newer.insert("id".into(), id.into());
    newer.insert("properties".into(), serde_json::json!({"addressPrefix": "10.1.0.0/25"}));
    both.push(Json::Object(newer));
    let (network, _) = estate(&both);
    let subnet = network.subnets.values().next().unwrap();
    assert_eq!(subnet.address_prefixes, super::support::prefixes(&["10.1.0.0/25"]));
    assert!(subnet.route_table.is_some(), "what the newer one does not say stays");
}
