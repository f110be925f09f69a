//! What documents become: small ones, by hand.

use super::*;
use crate::azure::Resource;
use crate::azure::tree::{Node, Tree, Value};
use crate::id::ResourceId;

const NETWORKS: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks";
const SCENARIO: &str =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers";

fn import(text: &str) -> Snapshot {
    read([Document { name: "net".into(), text: text.as_bytes() }])
}

/// The ids that `text` holds, when it is without any remark.
fn ids(text: &str) -> Vec<String> {
    let snapshot = import(text);
    assert_eq!(snapshot.diagnostics, []);
    snapshot.resources.keys().map(|id| id.as_str().to_owned()).collect()
}

fn resource(snapshot: &Snapshot, id: &str) -> Resource {
    let found = snapshot.resources.get(&ResourceId::new(id));
    found.unwrap_or_else(|| panic!("no {id} in {:?}", snapshot.resources.keys())).clone()
}

/// The value at the steps of `path`, as text.
fn at(tree: &Tree, path: &str) -> String {
    let whole = tree.node();
    let mut node = &whole;
    for name in path.split('/') {
        node = match (&node.value, name.parse::<usize>()) {
            (Value::List(nodes), Ok(at)) => &nodes[at],
            _ => node.get(name).unwrap_or_else(|| panic!("no {name} of {path} in {node:?}")),
        };
    }
    match &node.value {
        Value::Text(text) => text.to_string(),
        Value::Number(number) => number.to_string(),
        value @ (Value::Null
        | Value::Bool(_)
        | Value::List(_)
        | Value::Object(_)
        | Value::Unknown(_)) => {
            format!("{value:?}")
        }
    }
}

fn network(name: &str) -> String {
    format!(r#"{{"id": "{NETWORKS}/{name}", "name": "{name}", "location": "westeurope"}}"#)
}

#[test]
fn resources_are_found_in_every_wrapping() {
    let (a, b) = (network("a"), network("b"));
    let both = [format!("{NETWORKS}/a"), format!("{NETWORKS}/b")];
    for text in [
        format!("[{a}, {b}]"),
        format!(r#"{{"value": [{a}, {b}]}}"#),
        format!(r#"{{"count": 2, "data": [{a}, {b}], "skip_token": null}}"#),
        format!(r#"[{{"value": [{a}]}}, {{"value": [{b}]}}]"#),
        format!("{a}\n{b}\n"),
        format!("{a}{b}"),
        format!("\u{feff}[{a}, {b}]"),
    ] {
        assert_eq!(ids(&text), both, "{text}");
    }
    assert_eq!(ids(&a), both[..1]);
    assert_eq!(ids("[]"), [""; 0]);
}

#[test]
fn places_are_pointers_from_the_documents_root() {
    let (a, b) = (network("a"), network("b"));
    let pointer = |text: &str, name: &str| {
        resource(&import(text), &format!("{NETWORKS}/{name}")).place.to_string()
    };
    assert_eq!(pointer(&a, "a"), "net");
    assert_eq!(pointer(&format!(r#"{{"value": [{a}, {b}]}}"#), "b"), "net#/value/1");
    assert_eq!(pointer(&format!(r#"[{{"value": [{a}]}}, {b}]"#), "a"), "net#/0/value/0");
    assert_eq!(pointer(&format!("{a}\n{b}"), "a"), "net#/0");
    assert_eq!(pointer(&format!("{a}\n[{b}]"), "b"), "net#/1/0");
}

#[test]
fn a_flattened_resource_gets_properties_and_a_type() {
    let text = format!(
        r#"{{"id": "{NETWORKS}/a", "etag": "x", "zones": ["1"], "addressSpace": {{"addressPrefixes": ["10.0.0.0/8"]}}, "dhcpOptions": null}}"#
    );
    let read = resource(&import(&text), &format!("{NETWORKS}/a"));
    assert_eq!(&*read.resource_type, "Microsoft.Network/virtualNetworks");
    assert_eq!(at(&read.body, "properties/addressSpace/addressPrefixes/0"), "10.0.0.0/8");
    assert_eq!(at(&read.body, "zones/0"), "1");
    assert_eq!(read.body.view().get("etag"), None);
    assert_eq!(read.body.view().get("properties").unwrap().get("dhcpOptions"), None);
}

#[test]
fn of_a_resource_without_a_model_its_references_stay() {
    let text = format!(
        r#"{{"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Foo/bars/x",
            "properties": {{"vnet": {{"id": "{NETWORKS}/a"}}, "size": 3, "self": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Foo/bars/x"}}}}"#
    );
    let read = resource(
        &import(&text),
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Foo/bars/x",
    );
    assert_eq!(&*read.resource_type, "Microsoft.Foo/bars");
    let refers_to = vec![Node::new(Value::Text(format!("{NETWORKS}/a").into()))];
    let expected = Value::Object(vec![("refersTo".into(), Node::new(Value::List(refers_to)))]);
    assert_eq!(read.body.node().value, expected);
}

#[test]
fn a_scenario_becomes_resources() {
    let text = "
network:
  virtualNetworks:
    - name: hub
      location: westeurope
      addressPrefixes: [10.1.0.0/16]
  resources:
    - {type: Microsoft.Network/virtualNetworks/subnets, name: hub/web, addressPrefix: 10.1.1.0/24}
onPremises:
  - {name: office, asn: 65001}
internet:
  hosts: [{name: laptop, ipAddress: 203.0.113.10}]
appliances:
  - {name: nva, kind: router}
assume: {listens: true}
platformProfile: 2023
expect: []
";
    let snapshot = import(text);
    assert_eq!(snapshot.diagnostics, []);
    let hub = resource(&snapshot, &format!("{SCENARIO}/Microsoft.Network/virtualNetworks/hub"));
    assert_eq!(&*hub.resource_type, "Microsoft.Network/virtualNetworks");
    assert_eq!(at(&hub.body, "properties/addressPrefixes/0"), "10.1.0.0/16");
    assert_eq!(at(&hub.body, "location"), "westeurope");
    assert_eq!(hub.place.to_string(), "net:4");
    assert_eq!(&*hub.place.pointer, "/network/virtualNetworks/0");
    let web = format!("{SCENARIO}/Microsoft.Network/virtualNetworks/hub/subnets/web");
    assert_eq!(at(&resource(&snapshot, &web).body, "properties/addressPrefix"), "10.1.1.0/24");
    let read = |id| resource(&snapshot, id).body;
    assert_eq!(at(&read("/hopwise/onPremises/office"), "properties/asn"), "65001");
    assert_eq!(at(&read("/hopwise/internet"), "properties/hosts/0/name"), "laptop");
    assert_eq!(at(&read("/hopwise/appliances/nva"), "properties/kind"), "router");
    assert_eq!(at(&read("/hopwise/assume"), "properties/listens"), "Bool(true)");
    assert_eq!(at(&read("/hopwise/platformProfile"), "properties/name"), "2023");
}

#[test]
fn a_machine_with_an_address_gets_an_interface() {
    let text = r"
network:
  virtualMachines:
    - {name: nva, location: westeurope, subnet: hub/default, privateIPAddress: 10.1.0.4,
       privateIPv6Address: 'fd00::4', enableIPForwarding: true, dnsServers: [10.1.0.53],
       size: big, applicationSecurityGroups: [web]}
    - {name: plain, networkInterfaces: [a]}
";
    let snapshot = import(text);
    assert_eq!(snapshot.diagnostics, []);
    assert_eq!(snapshot.resources.len(), 3);
    let nic = format!("{SCENARIO}/Microsoft.Network/networkInterfaces/nva-nic");
    let machine = |name| format!("{SCENARIO}/Microsoft.Compute/virtualMachines/{name}");
    let nva = resource(&snapshot, &machine("nva"));
    assert_eq!(at(&nva.body, "properties/networkProfile/networkInterfaces/0/id"), nic);
    assert_eq!(at(&nva.body, "properties/size"), "big");
    assert_eq!(nva.body.view().get("properties").unwrap().get("subnet"), None);
    let nic = resource(&snapshot, &nic);
    assert_eq!(nic.place, nva.place);
    assert_eq!(at(&nic.body, "location"), "westeurope");
    assert_eq!(at(&nic.body, "properties/enableIPForwarding"), "Bool(true)");
    assert_eq!(at(&nic.body, "properties/dnsSettings/dnsServers/0"), "10.1.0.53");
    let first = "properties/ipConfigurations/0";
    assert_eq!(at(&nic.body, &format!("{first}/name")), "ipconfig1");
    assert_eq!(at(&nic.body, &format!("{first}/properties/subnet")), "hub/default");
    assert_eq!(at(&nic.body, &format!("{first}/properties/privateIPAddress")), "10.1.0.4");
    assert_eq!(at(&nic.body, &format!("{first}/properties/applicationSecurityGroups/0")), "web");
    let second = "properties/ipConfigurations/1";
    assert_eq!(at(&nic.body, &format!("{second}/name")), "ipconfig-v6");
    assert_eq!(at(&nic.body, &format!("{second}/properties/privateIPAddress")), "fd00::4");
    assert_eq!(at(&nic.body, &format!("{second}/properties/privateIPAddressVersion")), "IPv6");
    let plain = resource(&snapshot, &machine("plain"));
    assert_eq!(at(&plain.body, "properties/networkInterfaces/0"), "a");
}

/// The codes and messages of what is said about `documents`, which have names.
fn said(documents: &[(&str, &str)]) -> Vec<String> {
    let documents = documents
        .iter()
        .map(|(name, text)| Document { name: (*name).into(), text: text.as_bytes() });
    let remarks = read(documents).diagnostics.into_iter();
    remarks
        .map(|remark| {
            let place = remark.place.map(|place| place.to_string()).unwrap_or_default();
            let hint = remark.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
            format!("{place}: {}: {}{hint}", remark.code, remark.message)
        })
        .collect()
}

#[test]
fn the_same_resource_in_two_documents_is_joined() {
    let nested = format!(
        r#"{{"id": "{NETWORKS}/a", "location": "westeurope", "properties": {{
            "subnets": [{{"name": "x", "properties": {{"addressPrefix": "10.0.0.0/24"}}}}],
            "addressSpace": {{"addressPrefixes": ["10.0.0.0/16"]}}}}}}"#
    );
    let flat = format!(
        r#"{{"id": "{}/A", "location": "West Europe",
            "subnets": [{{"name": "y", "addressPrefix": "10.0.1.0/24"}},
                        {{"name": "X", "addressPrefix": "10.0.0.0/24", "delegations": []}}],
            "addressSpace": {{"addressPrefixes": ["10.1.0.0/16"]}}}}"#,
        NETWORKS.to_uppercase()
    );
    let document = |name: &str, text: &str| Document {
        name: name.into(),
        text: std::io::Cursor::new(text.to_owned()),
    };
    let forwards = read([document("1", &nested), document("2", &flat)]);
    let backwards = read([document("2", &flat), document("1", &nested)]);
    assert_eq!(forwards, backwards);
    let joined = resource(&forwards, &format!("{NETWORKS}/a"));
    assert_eq!(joined.place.to_string(), "1");
    assert_eq!(at(&joined.body, "properties/subnets/0/properties/delegations"), "List([])");
    assert_eq!(at(&joined.body, "properties/subnets/1/name"), "y");
    assert_eq!(at(&joined.body, "properties/addressSpace/addressPrefixes/0"), "10.0.0.0/16");
    assert_eq!(
        said(&[("2", &flat), ("1", &nested)]),
        ["1#/properties/addressSpace/addressPrefixes: conflicting-values: `a` has two values of \
          `addressSpace/addressPrefixes`: a list of 1 is used, not a list of 1 of 2"]
    );
}

#[test]
fn of_two_members_of_one_name_the_first_is_read() {
    let text = format!(
        r#"[{{"id": "{NETWORKS}/a", "properties": {{"subnets": [{{}}, {{"x": 1, "y": 2, "X": 3, "y": 2}}]}},
             "kind": "a", "Kind": "b"}}]"#
    );
    assert_eq!(
        said(&[("net", &text)]),
        [
            "net#/0/Kind: duplicate-key: `Kind` is given twice, and only the first is read",
            "net#/0/properties/subnets/1/X: duplicate-key: `X` is given twice, and only the first is read",
        ]
    );
    let read = resource(&import(&text), &format!("{NETWORKS}/a"));
    assert_eq!(at(&read.body, "properties/subnets/1/x"), "1");
    assert_eq!(at(&read.body, "kind"), "a");
}

#[test]
fn broken_documents_do_not_stop_the_others() {
    let (a, b) = (network("a"), network("b"));
    let cut = format!("[{a}, {{\"id\": \"");
    let documents =
        [("1", &*cut), ("2", &*b), ("3", "network: ["), ("4", ""), ("5", "\u{feff} \n")];
    let snapshot =
        read(documents.map(|(name, text)| Document { name: name.into(), text: text.as_bytes() }));
    let ids: Vec<&str> = snapshot.resources.keys().map(ResourceId::name).collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(
        said(&documents),
        [
            &*format!(
                "1:1: broken-json: the document ends too early, in column {}; was it cut off? (the resource before it was read)",
                cut.len()
            ),
            "3:1: broken-yaml: this is not YAML: unclosed bracket '['",
            "4: empty-document: the document is empty; expected resources as JSON or a scenario as YAML",
            "5: empty-document: the document is empty; expected resources as JSON or a scenario as YAML",
        ]
    );
}

#[test]
fn what_is_broken_is_said_with_its_place() {
    let check =
        |text: &str, expected: &str| assert_eq!(said(&[("net", text)]), [expected], "{text}");
    check(
        "{\"a\": 1,\n \"b\" 2}",
        "net:2: broken-json: this is not JSON: expected `:` in column 6",
    );
    check(
        "{\"a\": tru}",
        "net:1: broken-json: this is not JSON: expected `true`, `false` or `null` in column 10",
    );
    check(
        "# nothing",
        "net: empty-document: the document is empty; expected resources as JSON or a scenario as YAML",
    );
    check("a: 1\na: 2", "net:2: duplicate-key: `a` is given twice; expected each name once");
    check(
        "about: x\n---\nabout: y",
        "net:3: broken-yaml: a second document starts here; expected one",
    );
    check(
        "about:\n\tx: 1",
        "net:2: broken-yaml: this is not YAML: tabs disallowed within this context (block indentation)",
    );
    check(
        "3",
        "net:1: missing-id: expected a resource or a list of resources, found a number (a resource has its full ARM path as `id`: `/subscriptions/…/providers/…`)",
    );
    check(
        "[[1]]",
        "net#/0/0: missing-id: expected a resource or a list of resources, found a number (a resource has its full ARM path as `id`: `/subscriptions/…/providers/…`)",
    );
    check(
        "PK\u{3}\u{4}\u{14}",
        "net: not-read: this is an archive, such as a plan that Terraform saved; expected JSON or YAML (give what `terraform show -json FILE` prints)",
    );
    check(
        "{\"error\": {\"code\": \"AuthorizationFailed\", \"message\": \"no\"}}",
        "net: not-read: this is an error of Azure instead of what was asked for (its `message` says why; give what the command prints when it works)",
    );
    check(
        "network:\n  virtualNetworks: []\nresources: []\n",
        "net:1: misplaced-resources: this looks like a scenario, and lists resources at the top: the rest of it is not read (in a scenario `resources` stands in `network`)",
    );
    check(
        "{\"name\": \"x\", \"type\": \"y\"}",
        "net: missing-id: `x` of type `y` has no `id` (a resource has its full ARM path as `id`: `/subscriptions/…/providers/…`)",
    );
}

#[test]
fn text_that_is_not_utf8_is_told() {
    let remark = |bytes: &[u8]| {
        let snapshot = read([Document { name: "net".into(), text: bytes }]);
        let remark = snapshot.diagnostics.first().expect("a remark").clone();
        (remark.code, remark.message)
    };
    let utf16: Vec<u8> = "\u{feff}[]".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [&utf16[..], &utf16[2..]] {
        assert_eq!(
            remark(bytes),
            ("not-utf-8", "the document is in UTF-16; expected UTF-8".to_owned())
        );
    }
    assert_eq!(
        remark(b"about: x\nname: \xff"),
        ("not-utf-8", "line 2 has bytes that are not UTF-8".to_owned())
    );
    assert_eq!(remark(b"[\"\xff\"]").0, "not-utf-8");
}

/// Runs `test` with the stack that a program's main thread has: without optimisation a level takes
/// more than a test's own 2 MiB hold for the deepest documents.
fn with_main_stack(test: fn()) {
    std::thread::Builder::new().stack_size(8 << 20).spawn(test).unwrap().join().unwrap();
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn json_may_be_nested_127_levels_deep() {
    with_main_stack(|| {
        assert_eq!(said(&[("net", &nested(127))]), [""; 0]);
        for depth in [128, 1_000_000] {
            let said = said(&[("net", &nested(depth))]);
            assert!(said[0].contains("too-deep: nested more than 127 levels deep"), "{said:?}");
        }
    });
}

#[test]
fn yaml_may_be_nested_64_levels_deep() {
    with_main_stack(|| {
        let yaml = |depth: usize| format!("expect: {}", nested(depth));
        assert_eq!(said(&[("net", &yaml(63))]), [""; 0]);
        for depth in [64, 1_000_000] {
            let said = said(&[("net", &yaml(depth))]);
            assert!(said[0].contains("too-deep: nested more than 64 levels deep"), "{said:?}");
        }
    });
}

#[test]
fn yaml_in_blocks_has_the_same_limit() {
    with_main_stack(|| {
        let block: String =
            (0..1_000).map(|depth| format!("{}expect:\n", " ".repeat(depth))).collect();
        assert!(said(&[("net", &block)])[0].contains("too-deep"));
    });
}
