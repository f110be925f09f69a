//! What patches do to small estates.

use super::*;
use crate::import::{Document, read_all};

const GROUP: &str =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers";

const SCENARIO: &str = "
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.0.0.0/16]
      dnsServers: [10.0.0.4]
      subnets:
        - {name: web, addressPrefix: 10.0.1.0/24, routeTable: to-nva}
        - {name: db, addressPrefix: 10.0.2.0/24}
  virtualMachines:
    - {name: jump, subnet: hub/web, privateIPAddress: 10.0.1.4, privateIPv6Address: 'fd00::4'}
  privateDnsZones:
    - name: example.com
      virtualNetworkLinks: [{virtualNetwork: hub}]
  resources:
    - {type: Microsoft.Network/virtualNetworks/subnets, name: hub/own, addressPrefix: 10.0.3.0/24}
onPremises:
  - {name: office, asn: 65001}
variants:
  - patch: ";

/// The estate after `patch`, and what was said about it.
fn patched(patch: &str) -> (Snapshot, Vec<String>) {
    let text = format!("{SCENARIO}{patch}\n");
    let mut imported = read_all([Document { name: "s".into(), text: text.as_bytes() }]);
    assert_eq!(imported.snapshot.diagnostics, [], "{patch}");
    let scenario = imported.scenarios.remove(0);
    let variants = scenario.variants().and_then(Node::as_list).unwrap();
    let patch = variants[0].get("patch").unwrap();
    let locate =
        |pointer: &str, node: &Node| scenario.place(&format!("/variants/0/patch{pointer}"), node);
    let remarks = merge_patch(&mut imported.snapshot, patch, &locate);
    let said = remarks.into_iter().map(|remark| {
        let hint = remark.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
        let place = remark.place.unwrap();
        format!("{}: {}: {}{hint}", place.pointer, remark.code, remark.message)
    });
    (imported.snapshot, said.collect())
}

/// `node` in a short form of JSON without quotes.
fn short(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::List(nodes) => {
            format!("[{}]", nodes.iter().map(short).collect::<Vec<_>>().join(", "))
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, node)| format!("{name}: {}", short(node)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Unknown(unknown) => unknown.to_string(),
    }
}

/// The value at `path` in the resource `id` after `patch`, which raises no remark.
fn check(patch: &str, id: &str, path: &str, expected: &str) {
    let (snapshot, said) = patched(patch);
    assert_eq!(said, [""; 0], "{patch}");
    let id = if id.starts_with('/') { id.to_owned() } else { format!("{GROUP}/Microsoft.{id}") };
    let resource = snapshot.resources.get(&ResourceId::new(&id)).expect(&id).body.node();
    let found = path.split('/').try_fold(&resource, |node, name| match &node.value {
        Value::List(nodes) => nodes.get(name.parse::<usize>().unwrap()),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::Object(_)
        | Value::Unknown(_) => node.get(name),
    });
    assert_eq!(found.map_or_else(|| "absent".to_owned(), short), expected, "{patch}");
}

const HUB: &str = "Network/virtualNetworks/hub";
const NIC: &str = "Network/networkInterfaces/jump-nic";

#[test]
fn objects_merge_and_null_deletes() {
    check("{virtualNetworks: {hub: {dnsServers: null}}}", HUB, "properties/dnsServers", "absent");
    check("{virtualNetworks: {HUB: {location: north}}}", HUB, "location", "north");
    check(
        "{virtualNetworks: {hub: {dhcpOptions: {x: {y: null, z: 1}}}}}",
        HUB,
        "properties/dhcpOptions",
        "{x: {z: 1}}",
    );
    let by_id = format!("{{{GROUP}/Microsoft.Network/virtualNetworks/hub: {{dnsServers: [a]}}}}");
    check(&by_id, HUB, "properties/dnsServers", "[a]");
}

#[test]
fn lists_of_named_objects_merge_and_others_are_replaced() {
    check(
        "{virtualNetworks: {hub: {subnets: [{name: WEB, routeTable: null}, {name: new}]}}}",
        HUB,
        "properties/subnets",
        "[{name: web, addressPrefix: 10.0.1.0/24}, {name: db, addressPrefix: 10.0.2.0/24}, {name: new}]"
            .replace("{name: web", "{name: WEB").as_str(),
    );
    check(
        "{virtualNetworks: {hub: {subnets: {db: null, web: {addressPrefix: 10.0.9.0/24}}}}}",
        HUB,
        "properties/subnets",
        "[{name: web, addressPrefix: 10.0.9.0/24, routeTable: to-nva}]",
    );
    check(
        "{virtualNetworks: {hub: {addressPrefixes: [10.9.0.0/16]}}}",
        HUB,
        "properties/addressPrefixes",
        "[10.9.0.0/16]",
    );
    check(
        "{privateDnsZones: {example.com: {virtualNetworkLinks: null}}}",
        "Network/privateDnsZones/example.com",
        "properties/virtualNetworkLinks",
        "absent",
    );
}

#[test]
fn parts_that_are_resources_are_changed_in_their_own_place() {
    let own = "Network/virtualNetworks/hub/subnets/own";
    let through_owner = "{virtualNetworks: {hub: {subnets: [{name: own, routeTable: x}]}}}";
    check(through_owner, own, "properties/routeTable", "x");
    check(through_owner, HUB, "properties/subnets/2", "absent");
    check("{subnets: {hub/own: {routeTable: x}}}", own, "properties/routeTable", "x");
    let (snapshot, said) = patched("{virtualNetworks: {hub: {subnets: {own: null}}}}");
    assert_eq!(said, [""; 0]);
    assert!(
        !snapshot.resources.contains_key(&ResourceId::new(&format!("{GROUP}/Microsoft.{own}")))
    );
}

#[test]
fn whole_resources_are_deleted_with_what_was_written_inside() {
    let names = |patch: &str| -> Vec<String> {
        let (snapshot, said) = patched(patch);
        assert_eq!(said, [""; 0]);
        snapshot.resources.keys().map(|id| id.name().to_owned()).collect()
    };
    assert_eq!(names("{}"), ["office", "jump", "jump-nic", "example.com", "hub", "own"]);
    assert_eq!(names("{virtualMachines: {jump: null}}"), ["office", "example.com", "hub", "own"]);
    assert_eq!(
        names("{virtualNetworks: {hub: null}}"),
        ["office", "jump", "jump-nic", "example.com"]
    );
    assert_eq!(names("{onPremises: {office: null}}").first().unwrap(), "jump");
}

#[test]
fn short_forms_of_a_machine_change_its_interface() {
    let first = "properties/ipConfigurations/0/properties";
    let second = "properties/ipConfigurations/1";
    let moved = "{virtualMachines: {jump: {subnet: hub/db, privateIPAddress: null}}}";
    check(moved, NIC, first, "{subnet: hub/db}");
    check(moved, NIC, &format!("{second}/properties/subnet"), "hub/db");
    check(moved, NIC, &format!("{second}/properties/privateIPAddress"), "fd00::4");
    check("{virtualMachines: {jump: {privateIPv6Address: null}}}", NIC, second, "absent");
    check(
        "{virtualMachines: {jump: {enableIPForwarding: true}}}",
        NIC,
        "properties/enableIPForwarding",
        "true",
    );
    check(moved, "Compute/virtualMachines/jump", "properties/subnet", "absent");
}

#[test]
fn a_list_of_resources_changes_those_of_its_names_and_adds_the_others() {
    let two = "{virtualMachines: [{name: JUMP, size: large}, {name: web, subnet: hub/web, privateIPAddress: 10.0.1.5}]}";
    check(two, "Compute/virtualMachines/jump", "properties/size", "large");
    check(two, NIC, "properties/ipConfigurations/0/properties/privateIPAddress", "10.0.1.4");
    let new = "Network/networkInterfaces/web-nic";
    let first = "properties/ipConfigurations/0/properties";
    check(two, new, first, "{privateIPAddress: 10.0.1.5, subnet: hub/web}");
    check(two, "Compute/virtualMachines/web", "properties/subnet", "absent");
    let reference = format!("{GROUP}/Microsoft.{new}");
    let of_machine = "properties/networkProfile/networkInterfaces/0/id";
    check(two, "Compute/virtualMachines/web", of_machine, &reference);
    // Parts, surroundings, and what has an id of its own.
    let part = "{subnets: [{name: hub/own, addressPrefix: 10.0.4.0/24}]}";
    let subnet = "Network/virtualNetworks/hub/subnets/own";
    check(part, subnet, "properties/addressPrefix", "10.0.4.0/24");
    let site = "{onPremises: [{name: branch, asn: 65002}]}";
    check(site, "/hopwise/onPremises/branch", "properties/asn", "65002");
    let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/routeTables/t";
    let table = format!("{{routeTables: [{{id: {id}, name: t, routes: [{{name: r}}]}}]}}");
    check(&table, id, "properties/routes", "[{name: r}]");
    // A whole id makes a machine with what is written inside, too.
    let machine = format!("{GROUP}/Microsoft.Compute/virtualMachines/other");
    let other = format!("{{{machine}: {{subnet: hub/db}}}}");
    check(&other, "Network/networkInterfaces/other-nic", first, "{subnet: hub/db}");
}

#[test]
fn surroundings_can_be_changed_and_assumptions_come_to_be() {
    check(
        "{onPremises: {office: {asn: 65002}}}",
        "/hopwise/onPremises/office",
        "properties/asn",
        "65002",
    );
    check("{assume: {listens: false}}", "/hopwise/assume", "properties/listens", "false");
    check("{platformProfile: 2023}", "/hopwise/platformProfile", "properties/name", "2023");
}

#[test]
fn what_is_not_there_cannot_be_changed() {
    let check = |patch: &str, expected: &str| assert_eq!(patched(patch).1, [expected], "{patch}");
    check(
        "{virtualNetwork: {hub: null}}",
        "/variants/0/patch/virtualNetwork: unknown-name: there are no resources called `virtualNetwork` to change (did you mean `virtualNetworks`?)",
    );
    check(
        "{virtualNetworks: {hubb: null}}",
        "/variants/0/patch/virtualNetworks/hubb: unknown-target: there is no `hubb` among `virtualNetworks` to change (did you mean `hub`?)",
    );
    check(
        "{virtualNetworks: {hub: {subnets: {wep: null}}}}",
        "/variants/0/patch/virtualNetworks/hub/subnets/wep: unknown-target: there is no element `wep` to change (did you mean `web`?)",
    );
    check(
        "{virtualNetworks: {hub: {tags: null}}}",
        "/variants/0/patch/virtualNetworks/hub/tags: patch-without-effect: there is no `tags` to delete",
    );
    check(
        "{virtualNetworks: {hub: 3}}",
        "/variants/0/patch/virtualNetworks/hub: wrong-value: expected an object of changes, or `null` to delete, found a number",
    );
    check(
        "{virtualNetworks: [hub]}",
        "/variants/0/patch/virtualNetworks/0: wrong-value: expected an object with a `name`, found a text",
    );
    check(
        "{virtualNetworks: hub}",
        "/variants/0/patch/virtualNetworks: wrong-value: expected an object of changes by name, or a list of resources with names, found a text",
    );
    check(
        "{virtualMachines: [{subnet: hub/db}]}",
        "/variants/0/patch/virtualMachines/0: missing-name: expected a `name`, found none",
    );
    check(
        "{virtualMachines: [{name: a, subnet: hub/db}, {name: a, subnet: hub/web}]}",
        "/variants/0/patch/virtualMachines/1: duplicate-name: `a` is given twice in `virtualMachines`; expected each name once",
    );
    check(
        "{subnets: [{name: hub/more, addressPrefix: 10.0.4.0/24}]}",
        "/variants/0/patch/subnets/0: unknown-target: `hub/more` is not there, and a new one of `subnets` needs an `id` (or add it to the list of what it is a part of)",
    );
    check(
        "{virtualMachine: [{name: a, subnet: hub/db}]}",
        "/variants/0/patch/virtualMachine: unknown-name: there are no resources called `virtualMachine` to change (did you mean `virtualMachines`?)",
    );
    check(
        "[]",
        "/variants/0/patch: wrong-value: expected an object of changes by list of resources, found a list",
    );
    check(
        "{/subscriptions/s/x: null}",
        "/variants/0/patch/~1subscriptions~1s~1x: unknown-target: there is no resource `/subscriptions/s/x` to change",
    );
}
