//! Templates that are deployed onto what is there, as an export tells. What becomes of it follows from Microsoft's page
//! on deployment modes: all properties of what is declared are applied anew, lists as a whole, and nothing else is
//! touched; in mode `Complete` what is not declared goes.

use super::planned::between;
use super::resources::{GROUP, id, texts};
use super::{folder_of, run_in};
use serde_json::{Value, json};

/// A rule that denies a port of TCP.
pub(super) fn rule(name: &str, priority: u16, port: &str) -> Value {
    json!({"name": name, "properties": {
        "priority": priority, "direction": "Inbound", "access": "Deny", "protocol": "Tcp",
        "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*",
        "destinationPortRange": port,
    }})
}

/// A group that denies ports 22 and 23, and 24 by a rule that is listed apart; two machines behind it, whose addresses
/// Azure chose.
pub(super) fn export() -> Vec<Value> {
    let mut apart = rule("r24", 120, "24");
    apart["id"] = id("networkSecurityGroups/g/securityRules/r24").into();
    apart["type"] = "Microsoft.Network/networkSecurityGroups/securityRules".into();
    let machine = |name: &str, address: &str| {
        let interface = json!({
            "id": id(&format!("networkInterfaces/{name}")), "name": name,
            "type": "Microsoft.Network/networkInterfaces", "location": "westeurope",
            "properties": {"ipConfigurations": [{"name": "main", "properties": {
                "subnet": {"id": id("virtualNetworks/v/subnets/s")}, "primary": true,
                "privateIPAddress": address, "privateIPAllocationMethod": "Dynamic"}}]},
        });
        let machine = json!({
            "id": format!("{GROUP}/providers/Microsoft.Compute/virtualMachines/{name}"), "name": name,
            "type": "Microsoft.Compute/virtualMachines", "location": "westeurope",
            "properties": {"networkProfile": {"networkInterfaces": [
                {"id": id(&format!("networkInterfaces/{name}"))}]}},
        });
        [interface, machine]
    };
    let group = json!({
        "id": id("networkSecurityGroups/g"), "name": "g", "location": "westeurope",
        "type": "Microsoft.Network/networkSecurityGroups",
        "properties": {"securityRules": [rule("r22", 100, "22"), rule("r23", 110, "23")]},
    });
    let network = json!({
        "id": id("virtualNetworks/v"), "name": "v", "location": "westeurope",
        "type": "Microsoft.Network/virtualNetworks",
        "properties": {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}, "subnets": [
            {"name": "s", "properties": {"addressPrefix": "10.1.0.0/24",
             "networkSecurityGroup": {"id": id("networkSecurityGroups/g")}}},
            {"name": "t", "properties": {"addressPrefix": "10.1.1.0/24"}}]},
    });
    let machines = [machine("a", "10.1.0.4"), machine("b", "10.1.0.9")];
    [group, network, apart].into_iter().chain(machines.into_iter().flatten()).collect()
}

fn template(resources: &[Value]) -> Value {
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0", "parameters": {"x": {"type": "bool"}}, "resources": resources,
    })
}

fn declared(kind: &str, name: &str, version: &str, properties: &Value) -> Value {
    json!({
        "type": format!("Microsoft.Network/{kind}"), "apiVersion": version, "name": name,
        "location": "westeurope", "properties": properties,
    })
}

/// The group with the first of its rules only.
fn group() -> Value {
    let properties = json!({"securityRules": [rule("r22", 100, "22")]});
    declared("networkSecurityGroups", "g", "2024-05-01", &properties)
}

/// The exit code of a trace from `a` to each port of `b`, with the export and the template as documents.
fn traced(test: &str, resources: &[Value], ports: &[u16]) -> Vec<(u16, i32)> {
    let files =
        [("a.json", json!(export()).to_string()), ("z.json", template(resources).to_string())];
    let folder = folder_of(test, &files);
    let ask = |port: u16| {
        let to = format!("b:{port}");
        let ask = ["trace", "a.json", "z.json", "--from", "a", "--to", &to, "--scope", GROUP];
        (port, run_in(&folder, &ask, "").code)
    };
    ports.iter().map(|&port| ask(port)).collect()
}

/// With the list goes what it has no more, also where the export lists it apart; without the group all stays.
#[test]
fn a_list_that_is_declared_replaces_the_one_that_is_there() {
    let all = [22, 23, 24, 80];
    let found = traced("redeployed-group", &[group()], &all);
    assert_eq!(found, [(22, 1), (23, 0), (24, 0), (80, 0)]);
    let found = traced("redeployed-nothing", &[], &all);
    assert_eq!(found, [(22, 1), (23, 1), (24, 1), (80, 0)]);
    // A rule that is deployed apart takes the place of the one in the list.
    let properties = rule("r22", 100, "80")["properties"].clone();
    let apart = declared("networkSecurityGroups/securityRules", "g/r22", "2024-05-01", &properties);
    let found = traced("redeployed-rule", &[apart], &all);
    assert_eq!(found, [(22, 0), (23, 1), (24, 1), (80, 1)]);
}

/// A part is deployed with the list of its owner, and again by itself: "properties that aren't included in the template are
/// reset to the default values".
#[test]
fn a_part_that_is_deployed_again_by_itself_counts_as_a_whole() {
    let guarded = json!({"name": "s", "properties": {"addressPrefix": "10.1.0.0/24",
        "networkSecurityGroup": {"id": id("networkSecurityGroups/g")}}});
    let spaces = json!({"addressPrefixes": ["10.1.0.0/16"]});
    let properties = json!({"addressSpace": spaces, "subnets": [guarded]});
    let network = declared("virtualNetworks", "v", "2023-11-01", &properties);
    let bare = json!({"addressPrefix": "10.1.0.0/24"});
    let subnet = declared("virtualNetworks/subnets", "v/s", "2023-11-01", &bare);
    // A part needs its owner, wherever it is written.
    let found = traced("redeployed-subnet", &[subnet, network.clone()], &[22, 80]);
    assert_eq!(found, [(22, 0), (80, 0)]);
    let found = traced("redeployed-guarded", &[network], &[22, 80]);
    assert_eq!(found, [(22, 1), (80, 0)]);

    let mut properties = rule("r22", 100, "80")["properties"].clone();
    properties.as_object_mut().unwrap().remove("destinationPortRange");
    properties["destinationPortRanges"] = json!(["80"]);
    let apart = declared("networkSecurityGroups/securityRules", "g/r22", "2024-05-01", &properties);
    let found = traced("redeployed-part", &[group(), apart.clone()], &[22, 80]);
    assert_eq!(found, [(22, 0), (80, 1)]);
    // Whether that is deployed is not known.
    let mut perhaps = apart;
    perhaps["condition"] = "[parameters('x')]".into();
    let found = traced("redeployed-part-perhaps", &[group(), perhaps], &[22]);
    assert_eq!(found, [(22, 3)]);
}

/// Two deployments of one group, the later one first in the document.
#[test]
fn the_last_one_counts_by_what_depends_on_what() {
    let deployment = |name: &str, port: &str, more: &Value| {
        let properties = json!({"securityRules": [rule("r", 100, port)]});
        let group = declared("networkSecurityGroups", "g", "2024-05-01", &properties);
        let mut inner = template(&[group]);
        inner["outputs"] = json!({"x": {"type": "bool", "value": true}});
        let mut whole = declared(
            "deployments",
            name,
            "2022-09-01",
            &json!({"mode": "Incremental", "template": inner}),
        );
        whole["type"] = "Microsoft.Resources/deployments".into();
        if more.is_array() {
            whole["dependsOn"] = more.clone();
        } else {
            whole["properties"]["expressionEvaluationOptions"] = json!({"scope": "inner"});
            whole["properties"]["parameters"] = more.clone();
        }
        whole
    };
    let first = deployment("a", "80", &json!([]));
    let after = |test: &str, more: &Value| {
        traced(test, &[deployment("b", "22", more), first.clone()], &[22, 80])
    };
    let last = [(22, 1), (80, 0)];
    assert_eq!(after("depends-name", &json!(["a"])), last);
    assert_eq!(after("depends-type", &json!(["Microsoft.Resources/deployments/a"])), last);
    let told = json!(["[resourceId('Microsoft.Resources/deployments', 'a')]"]);
    assert_eq!(after("depends-id", &told), last);
    let referred = json!({"x": {"value": "[reference('a').outputs.x.value]"}});
    assert_eq!(after("depends-reference", &referred), last);
    // Also of a part by itself and in the list of its owner.
    let part = declared(
        "networkSecurityGroups/securityRules",
        "g/r",
        "2024-05-01",
        &rule("r", 100, "80")["properties"],
    );
    let told =
        json!(["[resourceId('Microsoft.Network/networkSecurityGroups/securityRules', 'g', 'r')]"]);
    let found = traced("depends-part", &[deployment("b", "22", &told), part], &[22, 80]);
    assert_eq!(found, last);
    // Nothing says which is the later one: as written.
    assert_eq!(after("depends-nothing", &json!([])), [(22, 0), (80, 1)]);
}

/// What only Azure writes of a peering stays when a template declares it, as templates do, without.
#[test]
fn what_azure_knows_of_the_other_network_stays() {
    let remote = id("virtualNetworks/w").replace("11111111", "99999999");
    let declares =
        json!({"remoteVirtualNetwork": {"id": remote}, "allowVirtualNetworkAccess": true});
    let ranges = json!({"addressPrefixes": ["10.9.0.0/16"]});
    let mut known = declares.clone();
    known["peeringState"] = "Connected".into();
    known["peeringSyncLevel"] = "FullyInSync".into();
    known["remoteAddressSpace"] = ranges.clone();
    known["remoteVirtualNetworkAddressSpace"] = ranges;
    let kind = "virtualNetworks/virtualNetworkPeerings";
    let mut there = export();
    there.push(json!({
        "id": id("virtualNetworks/v/virtualNetworkPeerings/to-w"), "name": "to-w",
        "type": format!("Microsoft.Network/{kind}"), "properties": known,
    }));
    let peering = declared(kind, "v/to-w", "2024-05-01", &declares);
    let files =
        [("a.json", json!(there).to_string()), ("z.json", template(&[peering]).to_string())];
    let folder = folder_of("redeployed-peering", &files);
    let ask = ["diff", "a.json", "z.json", "--scope", GROUP, "--fail-on", "any"];
    let run = run_in(&folder, &ask, "");
    assert_eq!(run.code, 0, "{}", run.out);
}

/// Whether the group is deployed is not known: what is the same either way is.
#[test]
fn a_condition_that_is_not_known_leaves_what_it_changes_in_doubt() {
    let mut group = group();
    group["condition"] = "[parameters('x')]".into();
    let found = traced("redeployed-condition", &[group], &[22, 23, 80]);
    assert_eq!(found, [(22, 1), (23, 3), (80, 0)]);
}

/// What is called so may be any group, or one whose name has what is known of it: its list may be replaced or not.
#[test]
fn a_name_that_is_not_known_leaves_in_doubt_what_it_may_be() {
    let named = |name: &str| {
        let mut group = group();
        group["name"] = name.into();
        traced("redeployed-name", &[group], &[22, 23, 24, 80])
    };
    let doubtful = [(22, 1), (23, 3), (24, 3), (80, 0)];
    assert_eq!(named("[format('{0}', parameters('x'))]"), doubtful);
    assert_eq!(named("[concat('g', parameters('x'))]"), doubtful);
    assert_eq!(named("[concat('h', parameters('x'))]"), [(22, 1), (23, 1), (24, 1), (80, 0)]);
}

/// What a deployment brings may change anything: a gate says so.
#[test]
fn what_a_template_links_to_is_in_doubt() {
    let linked = json!({"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "d",
        "properties": {"mode": "Incremental", "templateLink": {"uri": "https://example.com/a.json"}}});
    let files =
        [("a.json", json!(export()).to_string()), ("z.json", template(&[linked]).to_string())];
    let folder = folder_of("redeployed-linked", &files);
    let diff = |fail: &str| {
        let ask = ["diff", "a.json", "z.json", "--scope", GROUP, "--fail-on", fail];
        run_in(&folder, &ask, "").code
    };
    assert_eq!((diff("opened"), diff("doubtful")), (0, 1));
}

/// Networks keep subnets that a template does not declare at all from API version 2023-11-01 on.
#[test]
fn undeclared_subnets_stay_as_what_if_knows() {
    let network = |version: &str, subnets: Option<Value>| {
        let mut properties = json!({"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}});
        if let Some(subnets) = subnets {
            properties["subnets"] = subnets;
        }
        declared("virtualNetworks", "v", version, &properties)
    };
    let found = traced("redeployed-network", &[network("2023-11-01", None)], &[22, 80]);
    assert_eq!(found, [(22, 1), (80, 0)]);
    // The machines are in a subnet that is no more: nothing can be said of them.
    let found = traced("redeployed-older", &[network("2022-01-01", None)], &[80]);
    assert_eq!(found, [(80, 3)]);
    // The group is not declared, and so no longer there.
    let subnets = json!([{"name": "s", "properties": {"addressPrefix": "10.1.0.0/24"}}]);
    let found = traced("redeployed-subnets", &[network("2023-11-01", Some(subnets))], &[22, 80]);
    assert_eq!(found, [(22, 0), (80, 0)]);
}

/// An interface that a template declares keeps the address that Azure chose for it in that subnet.
#[test]
fn what_azure_chose_stays() {
    let properties = json!({"ipConfigurations": [{"name": "main", "properties": {
        "subnet": {"id": id("virtualNetworks/v/subnets/s")}, "primary": true}}]});
    let interface = declared("networkInterfaces", "b", "2024-05-01", &properties);
    let files =
        [("a.json", json!(export()).to_string()), ("z.json", template(&[interface]).to_string())];
    let folder = folder_of("redeployed-address", &files);
    let ask = ["trace", "a.json", "z.json", "--from", "a", "--to", "b:80", "--scope", GROUP];
    let run = run_in(&folder, &ask, "");
    assert_eq!((run.code, run.out.contains("-> 10.1.0.9:80")), (0, true), "{}", run.out);
}

/// Storage accounts are known to keep what a request leaves out: nobody tells.
#[test]
fn what_other_services_keep_is_not_known() {
    let account = |more: &Value| {
        let mut account = json!({
            "id": format!("{GROUP}/providers/Microsoft.Storage/storageAccounts/store"),
            "name": "store", "type": "Microsoft.Storage/storageAccounts", "location": "westeurope",
            "properties": {"publicNetworkAccess": "Disabled",
                "primaryEndpoints": {"blob": "https://store.blob.core.windows.net/"}},
        });
        if !more.is_null() {
            account["properties"] = more.clone();
        }
        account
    };
    let mut declared = account(&json!({"minimumTlsVersion": "TLS1_2"}));
    declared.as_object_mut().unwrap().remove("id");
    declared["apiVersion"] = "2024-01-01".into();
    let mut there = export();
    there.push(account(&Value::Null));
    let files =
        [("a.json", json!(there).to_string()), ("z.json", template(&[declared]).to_string())];
    let folder = folder_of("redeployed-account", &files);
    let to = "store.blob.core.windows.net:443";
    let ask = ["trace", "a.json", "z.json", "--from", "a", "--to", to, "--scope", GROUP];
    let run = run_in(&folder, &ask, "");
    assert_eq!(run.code, 3, "{}", run.out);
    let ask = ["trace", "a.json", "--from", "a", "--to", to];
    assert_eq!(run_in(&folder, &ask, "").code, 1);
}

#[test]
fn diff_compares_what_is_there_with_what_the_template_makes_of_it() {
    let files =
        [("a.json", json!(export()).to_string()), ("z.json", template(&[group()]).to_string())];
    let folder = folder_of("redeployed-diff", &files);
    let diff = |more: &[&str]| {
        let ask = [&["diff", "a.json", "z.json", "--output", "json"], more].concat();
        let run = run_in(&folder, &ask, "");
        serde_json::from_str::<Value>(&run.out).unwrap()["answer"].clone()
    };
    let answer = diff(&["--scope", GROUP]);
    assert_eq!(between(&answer), ["opened TCP 23-24"], "{answer:#}");
    assert!(answer["notes"].to_string().contains("what is there stays"), "{answer:#}");
    let run = run_in(&folder, &["diff", "a.json", "z.json"], "");
    assert_eq!((run.code, run.err.contains("`--scope")), (2, true), "{}", run.err);
    // In mode `Complete` the machines go.
    let answer = diff(&["--scope", GROUP, "--mode", "complete"]);
    let has = |kind: &str| between(&answer).iter().any(|line| line.starts_with(kind));
    assert_eq!((has("closed"), has("opened")), (true, false), "{answer:#}");
}

/// Without the resource group nothing of the export is what the template declares.
#[test]
fn a_template_that_goes_nowhere_is_said_to() {
    let files =
        [("a.json", json!(export()).to_string()), ("z.json", template(&[group()]).to_string())];
    let folder = folder_of("redeployed-nowhere", &files);
    let run = run_in(&folder, &["inventory", "a.json", "z.json"], "");
    assert!(run.err.contains("warning[made-up-scope]"), "{}", run.err);
    let run = run_in(&folder, &["inventory", "a.json", "z.json", "--scope", GROUP], "");
    assert!(!run.err.contains("made-up-scope"), "{}", run.err);
}

/// What mode `Complete` deletes: resources of the group, with their parts; neither roles nor what is elsewhere.
#[test]
fn complete_deployments_take_away_what_is_not_declared() {
    let mut there = export();
    let elsewhere = GROUP.replace("/net", "/other");
    there.push(json!({"id": format!("{elsewhere}/providers/Microsoft.Network/routeTables/r"),
        "type": "Microsoft.Network/routeTables", "name": "r", "properties": {"routes": []}}));
    let files =
        [("a.json", json!(there).to_string()), ("z.json", template(&[group()]).to_string())];
    let folder = folder_of("redeployed-complete", &files);
    let ask = [
        "inventory",
        "a.json",
        "z.json",
        "--scope",
        GROUP,
        "--mode",
        "complete",
        "--output",
        "json",
    ];
    let run = run_in(&folder, &ask, "");
    let answer = &serde_json::from_str::<Value>(&run.out).unwrap()["answer"];
    assert_eq!(
        texts(answer, "resources", "resourceType"),
        ["Microsoft.Network/networkSecurityGroups", "Microsoft.Network/routeTables"],
        "{answer:#}"
    );
}

/// What a template only adds is added to what is there: its rule is no resource of the export.
#[test]
fn diff_adds_what_a_template_only_adds() {
    let rule = json!({"type": "Microsoft.Network/networkSecurityGroups/securityRules", "apiVersion": "2024-05-01",
        "name": "g/r25", "properties": rule("r25", 130, "25")["properties"]});
    let files =
        [("a.json", json!(export()).to_string()), ("z.json", template(&[rule]).to_string())];
    let folder = folder_of("redeployed-adds", &files);
    let run =
        run_in(&folder, &["diff", "a.json", "z.json", "--output", "json", "--scope", GROUP], "");
    let answer = &serde_json::from_str::<Value>(&run.out).unwrap()["answer"];
    assert_eq!(between(answer), ["closed TCP 25"], "{answer:#}");
}
