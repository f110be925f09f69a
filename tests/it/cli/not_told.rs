//! What documents say that they do not tell: answers say that it is not modelled, or that it is not known.

use super::resources::{GROUP, id, machine, within};
use super::{folder, run_in};
use serde_json::{Value, json};

const SCENARIO: &str = "\
include: [z.json]
network:
  virtualNetworks: [{name: v, addressPrefixes: [10.1.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24}]}]
  virtualMachines: [{name: a, subnet: v/s, privateIPAddress: 10.1.0.4}, {name: b, subnet: v/s, privateIPAddress: 10.1.0.5}]
expect:
  - {name: open, from: a, to: \"b:443\", verdict: reachable}
  - {name: not closed, always: {from: a, to: b, ports: \"443\"}}
";

/// The answers that name what may bring or change anything.
const ALL: [&str; 12] = [
    "trace", "reach", "check", "diff", "routes", "rules", "next-hop", "ip-flow", "dns", "lint",
    "fix", "ways",
];

/// The answers that name `said` as not modelled, of those that a document beside [`SCENARIO`] may change.
fn naming(test: &str, document: &Value, said: &str) -> Vec<&'static str> {
    let text = document.to_string();
    let folder = folder(test, &[("a.yaml", SCENARIO), ("z.json", &text)]);
    let (nic, to) = (["--nic", "a-nic"], "10.1.0.5");
    let flow = ["--direction", "Outbound", "--protocol", "tcp", "--local", "10.1.0.4:50000"];
    let questions = [
        ("trace", vec!["--from", "a", "--to", "b:443"]),
        ("reach", vec!["--from", "vm:a", "--to", "vm:b"]),
        ("check", vec![]),
        ("diff", vec!["a.yaml"]),
        ("routes", nic.to_vec()),
        ("rules", nic.to_vec()),
        ("next-hop", [&nic[..], &["--destination", to]].concat()),
        ("ip-flow", [&nic[..], &flow, &["--remote", "10.1.0.5:443"]].concat()),
        ("dns", vec!["--name", "example.com", "--from", "a"]),
        ("lint", vec![]),
        ("fix", vec!["--from", "a", "--to", "b:443"]),
        ("ways", vec!["--to", "b:22"]),
    ];
    let mut found = Vec::new();
    for (name, question) in questions {
        let ask = [&[name, "a.yaml"], &question[..], &["--output", "json"]].concat();
        let run = run_in(&folder, &ask, "");
        assert!(run.code != 2, "{name}: {} {}", run.code, run.err);
        let answer: Value = serde_json::from_str(&run.out).unwrap();
        let told = answer["answer"].to_string();
        found.extend(told.contains(said).then_some(name));
    }
    found
}

fn template(resource: &Value) -> Value {
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0", "resources": [resource],
    })
}

/// Linked templates, template specs and deployment stacks may bring a rule of any group.
#[test]
fn what_a_deployment_brings_that_is_not_there_is_not_modelled() {
    let linked = |link: Value| {
        json!({"type": "Microsoft.Resources/deployments", "apiVersion": "2024-03-01", "name": "inner",
               "properties": {"mode": "Incremental", "templateLink": link}})
    };
    let spec = format!("{GROUP}/providers/Microsoft.Resources/templateSpecs/t/versions/1");
    let stack = json!({"type": "Microsoft.Resources/deploymentStacks", "apiVersion": "2024-03-01",
        "name": "inner", "properties": {"templateLink": {"uri": "https://example.com/x.json"}}});
    let script = json!({"type": "Microsoft.Resources/deploymentScripts", "apiVersion": "2023-08-01",
        "name": "inner", "kind": "AzureCLI", "properties": {"scriptContent": "az network nsg rule create"}});
    for (test, resource) in [
        ("not-told-uri", linked(json!({"uri": "https://example.com/x.json"}))),
        ("not-told-path", linked(json!({"relativePath": "x.json"}))),
        ("not-told-spec", linked(json!({"id": spec}))),
        ("not-told-stack", stack),
        ("not-told-script", script),
    ] {
        let kind = resource["type"].as_str().unwrap();
        let said = format!("inner ({kind}, which may bring or change anything)");
        let named = naming(test, &template(&resource), &said);
        assert_eq!(named, ALL, "{test}");
        let text = template(&resource).to_string();
        let folder = folder(test, &[("a.yaml", SCENARIO), ("z.json", &text)]);
        let run = run_in(&folder, &["trace", "a.yaml", "--from", "a", "--to", "b:443"], "");
        let is_said = ["warning[linked-template]", "warning[deployment-script]"];
        assert!(is_said.iter().any(|it| run.err.contains(it)), "{test}: {}", run.err);
    }
}

/// What deployments brought that an export lists stands in the export.
#[test]
fn deployments_of_an_export_are_done() {
    let done = json!([{"id": format!("{GROUP}/providers/Microsoft.Resources/deployments/inner"),
        "type": "Microsoft.Resources/deployments", "name": "inner", "properties": {"mode": "Incremental"}}]);
    assert_eq!(naming("not-told-export", &done, "inner ("), [""; 0]);
}

#[test]
fn what_a_what_if_result_skips_is_not_modelled() {
    let result = |changes: Value, diagnostics: Value| json!({"status": "Succeeded", "changes": changes, "diagnostics": diagnostics});
    let other = json!({"changeType": "NoChange", "resourceId": format!("{GROUP}/providers/Microsoft.Network/ipGroups/i"),
        "before": {"id": format!("{GROUP}/providers/Microsoft.Network/ipGroups/i"), "properties": {"ipAddresses": []}}});
    let unsupported = json!({"changeType": "Unsupported", "resourceId": "[guid(parameters('x'))]",
        "unsupportedReason": "Changes to the resource cannot be calculated."});
    let named = naming(
        "not-told-unsupported",
        &result(json!([other, unsupported]), json!([])),
        "change 1 (of a type that the what-if result does not tell, which may bring or change anything)",
    );
    assert_eq!(named, ALL);
    let target = format!("{GROUP}/providers/Microsoft.Resources/deployments/inner");
    for code in ["NestedDeploymentShortCircuited", "NestedDeploymentSkippedFromInternalExpansion"] {
        let said = json!([{"code": code, "level": "Warning", "message": "It was skipped.", "target": target}]);
        let named = naming(
            "not-told-skipped",
            &result(json!([other]), said),
            "inner (Microsoft.Resources/deployments, which may bring or change anything)",
        );
        assert_eq!(named, ALL, "{code}");
    }
    // What is said of something else says nothing of this.
    let said =
        json!([{"code": "Other", "level": "Info", "message": "Deprecated.", "target": target}]);
    assert_eq!(naming("not-told-else", &result(json!([other]), said), "inner ("), [""; 0]);
}

fn resource(address: &str, values: Value) -> Value {
    let (mode, own) = match address.strip_prefix("data.") {
        Some(own) => ("data", own),
        None => ("managed", address),
    };
    let (kind, name) = own.split_once('.').unwrap();
    let mut resource = json!({"address": address, "mode": mode, "type": kind, "name": name,
        "provider_name": "registry.terraform.io/hashicorp/azurerm"});
    resource["values"] = values;
    resource
}

fn state(resources: &[Value]) -> Value {
    json!({"format_version": "1.0", "terraform_version": "1.11.4",
        "values": {"root_module": {"resources": resources}}})
}

#[test]
fn what_a_template_deployment_of_terraform_brings_is_not_modelled() {
    let deployment = resource(
        "azurerm_resource_group_template_deployment.t",
        json!({
            "id": format!("{GROUP}/providers/Microsoft.Resources/deployments/inner"), "name": "inner",
            "resource_group_name": "net", "deployment_mode": "Incremental", "template_content": "{}",
        }),
    );
    let said = "inner (Terraform/azurerm_resource_group_template_deployment, which may bring or change anything)";
    let named = naming("not-told-terraform", &state(&[deployment]), said);
    assert_eq!(named, ALL);
}

/// A spoke with machine `a` and its half of a peering to `hub`, in which `b` is; and what a data source tells of that.
fn peered(hub: Value, more: &[Value]) -> Value {
    let mut spoke = within("spoke");
    spoke["id"] = id("virtualNetworks/spoke").into();
    spoke["address_space"] = json!(["10.1.0.0/16"]);
    let mut told = within("hub");
    told["id"] = id("virtualNetworks/hub").into();
    told["address_space"] = json!(["10.2.0.0/16"]);
    let Value::Object(hub) = hub else { panic!("no attributes") };
    told.as_object_mut().unwrap().extend(hub);
    let mut all = vec![
        resource("azurerm_virtual_network.spoke", spoke),
        resource("data.azurerm_virtual_network.hub", told),
        resource(
            "azurerm_virtual_network_peering.p",
            json!({
                "id": id("virtualNetworks/spoke/virtualNetworkPeerings/to-hub"), "name": "to-hub",
                "resource_group_name": "net", "virtual_network_name": "spoke",
                "remote_virtual_network_id": id("virtualNetworks/hub"), "allow_virtual_network_access": true,
                "allow_forwarded_traffic": false, "allow_gateway_transit": false, "use_remote_gateways": false,
            }),
        ),
    ];
    for (name, network, range, address) in
        [("a", "spoke", "10.1.0.0/24", "10.1.0.4"), ("b", "hub", "10.2.0.0/24", "10.2.0.4")]
    {
        let subnet = id(&format!("virtualNetworks/{network}/subnets/s"));
        let mode = if name == "a" { "" } else { "data." };
        all.push(resource(&format!("{mode}azurerm_subnet.{name}"), json!({
            "id": subnet, "name": "s", "resource_group_name": "net", "virtual_network_name": network,
            "address_prefixes": [range],
        })));
        all.extend(machine(name, &subnet, address).map(|(of, values)| resource(&of, values)));
    }
    all.extend_from_slice(more);
    state(&all)
}

/// Whether the hub has the other half, only the data source tells: a peering with one half carries nothing (R127).
#[test]
fn whether_a_network_of_a_data_source_has_the_other_half_is_not_known() {
    let attribute = "`data.azurerm_virtual_network.hub.vnet_peerings`";
    let back = resource(
        "data.azurerm_virtual_network_peering.q",
        json!({
            "id": id("virtualNetworks/hub/virtualNetworkPeerings/back"), "name": "back",
            "virtual_network_id": id("virtualNetworks/hub"),
            "remote_virtual_network_id": id("virtualNetworks/spoke"), "allow_virtual_network_access": true,
            "allow_forwarded_traffic": false, "allow_gateway_transit": false, "use_remote_gateways": false,
        }),
    );
    let told = json!({"vnet_peerings": {"back": id("virtualNetworks/spoke")}});
    let other = json!({"vnet_peerings": {"x": id("virtualNetworks/other")}});
    for (test, document, code, said) in [
        ("half-untold", peered(json!({}), &[]), 3, Some("whether there is another half")),
        ("half-told", peered(told.clone(), &[]), 3, Some("what the other half allows")),
        ("half-none", peered(json!({"vnet_peerings": {}}), &[]), 1, None),
        ("half-other", peered(other, &[]), 1, None),
        ("half-whole", peered(told, &[back]), 0, None),
    ] {
        let folder = folder(test, &[("state.json", &document.to_string())]);
        for (from, to) in [("a", "b:443"), ("b", "a:443")] {
            let run = run_in(&folder, &["trace", "state.json", "--from", from, "--to", to], "");
            assert_eq!(run.code, code, "{test} {from}: {} {}", run.out, run.err);
            let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                said.is_none_or(|said| text.contains(said) && text.contains(attribute)),
                "{text}"
            );
        }
        let run = run_in(&folder, &["reach", "state.json", "--from", "vm:a", "--to", "vm:b"], "");
        assert_eq!(run.code, code, "{test}: {}", run.out);
    }
}

/// A data source of something without a model tells of something that is there.
#[test]
fn data_sources_without_a_model_are_not_modelled() {
    let gateway = resource(
        "data.azurerm_vpn_gateway.g",
        json!({
            "id": id("vpnGateways/g"), "name": "g", "resource_group_name": "net", "virtual_hub_id": id("virtualHubs/h"),
        }),
    );
    let secret = resource(
        "data.azurerm_key_vault_secret.s",
        json!({"id": "https://v.vault.azure.net/secrets/s/1"}),
    );
    let folder = folder(
        "not-told-data",
        &[("state.json", &peered(json!({}), &[gateway, secret]).to_string())],
    );
    let run = run_in(&folder, &["inventory", "state.json", "--output", "json"], "");
    let answer = serde_json::from_str::<Value>(&run.out).unwrap();
    let types: Vec<&str> = answer["answer"]["notModelled"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["resourceType"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["Terraform/azurerm_vpn_gateway"], "{}", run.out);
}

/// The data source of a subnet has no NAT gateway among its attributes: how machines there get out is not known.
#[test]
fn which_nat_gateway_a_subnet_of_a_data_source_has_is_not_known() {
    let text = peered(json!({}), &[]).to_string();
    let folder = folder("not-told-gateway", &[("state.json", &text)]);
    for (from, code) in [("a", 0), ("b", 3)] {
        let run =
            run_in(&folder, &["trace", "state.json", "--from", from, "--to", "20.1.1.1:443"], "");
        assert_eq!(run.code, code, "{from}: {} {}", run.out, run.err);
        let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = "`data.azurerm_subnet.b`, which does not tell NAT gateways";
        assert_eq!(text.contains(said), from == "b", "{text}");
    }
}
