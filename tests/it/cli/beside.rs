//! Plans beside an export: what the provider leaves to resources of their own, and what something is of which the plan has
//! an association only, the export tells. Source: the schemas of azurerm 4, in which neither subnets nor interfaces have a
//! security group, nor networks peerings.

use super::planned::{self, Planned, between, changed, kept, made, plan};
use super::redeployed;
use super::resources::{GROUP, id, machine, within};
use super::{folder_of, run_in};
use serde_json::{Value, json};

const SUBNET: &str = "virtualNetworks/v/subnets/s";

/// The group, which denies port 22 before, and after if `stays`.
fn group(stays: bool) -> Planned {
    let mut denies = within("g");
    denies["id"] = id("networkSecurityGroups/g").into();
    denies["security_rule"] = json!([{
        "name": "r22", "priority": 100, "direction": "Inbound", "access": "Deny", "protocol": "Tcp",
        "source_address_prefix": "*", "source_port_range": "*", "destination_address_prefix": "*",
        "destination_port_range": "22",
    }]);
    let mut change = kept("azurerm_network_security_group.g", denies);
    if !stays {
        change.after["security_rule"] = json!([]);
        change.actions = &["update"];
    }
    change
}

fn gone(mut planned: Planned) -> Planned {
    (planned.after, planned.actions) = (Value::Null, &["delete"]);
    planned
}

fn new(mut planned: Planned) -> Planned {
    planned.after = made(planned.after);
    (planned.before, planned.actions) = (Value::Null, &["create"]);
    planned
}

/// The group on the subnet.
fn on_subnet() -> Planned {
    let subnet = id(SUBNET);
    let group = id("networkSecurityGroups/g");
    let values = json!({"id": subnet, "subnet_id": subnet, "network_security_group_id": group});
    kept("azurerm_subnet_network_security_group_association.s", values)
}

fn subnet() -> Planned {
    let values = json!({
        "id": id(SUBNET), "name": "s", "resource_group_name": "net",
        "virtual_network_name": "v", "address_prefixes": ["10.1.0.0/24"],
    });
    kept("azurerm_subnet.s", values)
}

fn differing(test: &str, export: &[Value], planned: &[Planned]) -> Vec<String> {
    let files = [("a.json", json!(export).to_string()), ("z.json", plan(planned))];
    let folder = folder_of(test, &files);
    let ask = ["diff", "a.json", "--terraform-plan", "z.json", "--output", "json"];
    let run = run_in(&folder, &ask, "");
    assert_eq!(run.err, "", "{test}");
    let mut found = between(&serde_json::from_str::<Value>(&run.out).unwrap()["answer"]);
    // R179: what rules for any protocol mean for these is not known, with a group.
    found.retain(|line| line != "doubtful ESP/AH");
    found
}

/// Two machines in a subnet behind a group that denies ports 22 and 23.
fn export() -> Vec<Value> {
    let mut export = redeployed::export();
    export.retain(|it| it["type"] != "Microsoft.Network/networkSecurityGroups/securityRules");
    export
}

/// The export without the group on the subnet.
fn unguarded() -> Vec<Value> {
    let mut export = export();
    let subnet = &mut export[1]["properties"]["subnets"][0]["properties"];
    subnet.as_object_mut().unwrap().remove("networkSecurityGroup");
    export
}

/// R175, R183: the group decides on the subnet, whoever put it there.
#[test]
fn a_group_that_only_the_export_puts_on_a_subnet_stays() {
    let opened = ["opened TCP 22"];
    assert_eq!(differing("beside-subnet", &export(), &[subnet(), group(false)]), opened);
    let both = [subnet(), on_subnet(), group(false)];
    assert_eq!(differing("beside-both", &unguarded(), &both), opened);
    // What the plan puts there counts, and so does what it takes away.
    let planned = [subnet(), group(true), gone(on_subnet())];
    assert_eq!(differing("beside-gone", &export(), &planned), opened);
    let planned = [subnet(), group(true), new(on_subnet())];
    assert_eq!(differing("beside-new", &unguarded(), &planned), ["closed TCP 22"]);
}

/// The subnet is what the export says, with the group that the plan puts on it or takes away.
#[test]
fn an_association_leaves_the_rest_of_a_subnet_to_the_export() {
    let opened = ["opened TCP 22"];
    assert_eq!(differing("beside-kept", &export(), &[on_subnet(), group(false)]), opened);
    let planned = [gone(on_subnet()), group(true)];
    assert_eq!(differing("beside-removed", &export(), &planned), opened);
    let planned = [new(on_subnet()), group(true)];
    assert_eq!(differing("beside-made", &unguarded(), &planned), ["closed TCP 22"]);
}

/// Port 22 of the application security group `x` is denied by a group that only the export tells.
fn grouped() -> Vec<Value> {
    let mut export = export();
    let group = json!({"id": id("applicationSecurityGroups/x")});
    let rule = &mut export[0]["properties"]["securityRules"][0]["properties"];
    rule["destinationApplicationSecurityGroups"] = json!([group]);
    rule.as_object_mut().unwrap().remove("destinationAddressPrefix");
    for at in [2, 4] {
        let configuration = &mut export[at]["properties"]["ipConfigurations"][0]["properties"];
        configuration["applicationSecurityGroups"] = json!([group]);
    }
    export.push(json!({"id": group["id"], "name": "x", "location": "westeurope",
        "type": "Microsoft.Network/applicationSecurityGroups", "properties": {}}));
    export
}

fn in_group(name: &str) -> Planned {
    let interface = id(&format!("networkInterfaces/{name}"));
    let address =
        format!("azurerm_network_interface_application_security_group_association.{name}");
    let group = id("applicationSecurityGroups/x");
    let values = json!({"id": format!("{interface}|{group}"), "network_interface_id": interface,
        "application_security_group_id": group});
    kept(&address, values)
}

/// R189: an interface is in the application security groups of its IP configurations.
#[test]
fn an_association_leaves_the_rest_of_an_interface_to_the_export() {
    let none: [&str; 0] = [];
    let both = [in_group("a"), in_group("b")];
    assert_eq!(differing("beside-asg", &grouped(), &both), none);
    let gone = both.map(gone);
    assert_eq!(differing("beside-asg-gone", &grouped(), &gone), ["opened TCP 22"]);
    let mut export = grouped();
    for at in [2, 4] {
        let configuration = &mut export[at]["properties"]["ipConfigurations"][0]["properties"];
        configuration.as_object_mut().unwrap().remove("applicationSecurityGroups");
    }
    let made = [in_group("a"), in_group("b")].map(new);
    assert_eq!(differing("beside-asg-made", &export, &made), ["closed TCP 22"]);
    // The interfaces are in the plan, and who is in the group is in another state.
    let interfaces = [("a", "10.1.0.4"), ("b", "10.1.0.9")];
    let planned = interfaces.map(|(name, at)| {
        let [(address, values), _] = machine(name, &id(SUBNET), at);
        kept(&address, values)
    });
    let mut moved = planned.clone();
    for interface in &mut moved {
        interface.after["ip_forwarding_enabled"] = true.into();
        interface.actions = &["update"];
    }
    assert_eq!(differing("beside-asg-other", &grouped(), &moved), none);
    let planned = planned.into_iter().chain(gone).collect::<Vec<_>>();
    assert_eq!(differing("beside-asg-both", &grouped(), &planned), ["opened TCP 22"]);
}

/// The other machine is in a network that is peered with this one.
fn peered() -> Vec<Value> {
    let mut export = export();
    let mut other = export[1].clone();
    other["id"] = id("virtualNetworks/w").into();
    other["name"] = "w".into();
    other["properties"]["addressSpace"]["addressPrefixes"] = json!(["10.2.0.0/16"]);
    other["properties"]["subnets"] = json!([{"name": "s", "properties": {
        "addressPrefix": "10.2.0.0/24",
        "networkSecurityGroup": {"id": id("networkSecurityGroups/g")}}}]);
    let half = |to: &str| {
        json!([{"name": "p", "properties": {
            "remoteVirtualNetwork": {"id": id(&format!("virtualNetworks/{to}"))},
            "allowVirtualNetworkAccess": true, "peeringState": "Connected"}}])
    };
    other["properties"]["virtualNetworkPeerings"] = half("v");
    export[1]["properties"]["virtualNetworkPeerings"] = half("w");
    let configuration = &mut export[4]["properties"]["ipConfigurations"][0]["properties"];
    configuration["subnet"]["id"] = id("virtualNetworks/w/subnets/s").into();
    configuration["privateIPAddress"] = "10.2.0.9".into();
    export.push(other);
    export
}

/// R127: packets cross a peering that only the export tells.
#[test]
fn peerings_that_only_the_export_tells_stay() {
    let mut network = within("v");
    network["id"] = id("virtualNetworks/v").into();
    network["address_space"] = json!(["10.1.0.0/16"]);
    network["subnet"] = json!([{"name": "s", "id": id(SUBNET), "address_prefixes": ["10.1.0.0/24"],
        "security_group": id("networkSecurityGroups/g"), "route_table_id": ""}]);
    let network = kept("azurerm_virtual_network.v", network);
    let half = kept(
        "azurerm_virtual_network_peering.p",
        json!({"id": id("virtualNetworks/v/virtualNetworkPeerings/p"), "name": "p",
            "resource_group_name": "net", "virtual_network_name": "v",
            "remote_virtual_network_id": id("virtualNetworks/w"),
            "allow_virtual_network_access": true}),
    );
    let opened = ["opened TCP 22"];
    let planned = [network.clone(), group(false)];
    assert_eq!(differing("beside-peering", &peered(), &planned), opened);
    let planned = [network, gone(half), group(true)];
    let closed = differing("beside-peering-gone", &peered(), &planned);
    assert!(closed.iter().any(|line| line.starts_with("closed TCP")), "{closed:?}");
}

/// What is there by `there` beside a plan, as an option and as what comes after.
fn both_ways(test: &str, [there, planned]: [(&str, String); 2]) -> Vec<String> {
    let names = [there.0.to_owned(), planned.0.to_owned()];
    let folder = folder_of(test, &[there, planned]);
    let [before, plan] = names.each_ref().map(String::as_str);
    let run = |ask: &[&str]| {
        let run = run_in(&folder, &[&["diff", "--output", "json"], ask].concat(), "");
        between(&serde_json::from_str::<Value>(&run.out).unwrap()["answer"])
    };
    let found = run(&[before, "--terraform-plan", plan]);
    assert_eq!(run(&[before, plan]), found, "{test}");
    found
}

/// A state tells what there is, as an export does, whatever its file is called (R175).
#[test]
fn a_state_beside_a_plan_is_what_there_is() {
    let rule = planned::rule("r", "Deny", "22");
    let mut there = planned::network();
    let group = there.iter_mut().find(|it| it.address.ends_with("group.g")).unwrap();
    group.before["security_rule"] = json!([rule]);
    let all: Value = serde_json::from_str(&plan(&there)).unwrap();
    let state = json!({"format_version": "1.0", "terraform_version": "1.11.4",
        "values": all["prior_state"]["values"]});
    let gone = plan(&[changed(rule, Value::Null, &["delete"])]);
    for name in ["a.json", "zz.json"] {
        let files = [(name, state.to_string()), ("p.json", gone.clone())];
        assert_eq!(both_ways("beside-state", files), ["opened TCP 22"], "{name}");
    }
    // A template is deployed onto it.
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0", "resources": [{
            "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2024-05-01",
            "name": "g", "location": "westeurope", "properties": {"securityRules": []}}]});
    let files = [("a.json", state.to_string()), ("z.json", template.to_string())];
    let folder = folder_of("beside-template", &files);
    let ask = ["diff", "a.json", "z.json", "--scope", GROUP, "--output", "json"];
    let run = run_in(&folder, &ask, "");
    let answer = &serde_json::from_str::<Value>(&run.out).unwrap()["answer"];
    assert_eq!(between(answer), ["opened TCP 22"]);
}

/// A first plan has no id to tell the subscription: there is one only.
#[test]
fn a_part_whose_subscription_nothing_tells_is_in_the_only_one() {
    let rule = changed(Value::Null, made(planned::rule("r", "Deny", "80")), &["create"]);
    let mut rule = rule;
    rule.after["priority"] = 90.into();
    let files = [("a.json", json!(export()).to_string()), ("z.json", plan(&[rule]))];
    assert_eq!(both_ways("beside-subscription", files), ["closed TCP 80"]);
}

/// What a plan does not change it only tells as it is: the plan of another root module that changes it counts.
#[test]
fn of_two_plans_the_one_that_changes_something_counts() {
    let rule = planned::rule("r", "Deny", "22");
    let mut there = planned::network();
    let group = there.iter_mut().find(|it| it.address.ends_with("group.g")).unwrap();
    group.before["security_rule"] = json!([rule]);
    group.after["security_rule"] = json!([rule]);
    let mut open = rule.clone();
    open["access"] = "Allow".into();
    for change in
        [changed(rule.clone(), Value::Null, &["delete"]), changed(rule.clone(), open, &["update"])]
    {
        for names in [["a.json", "b.json"], ["b.json", "a.json"]] {
            let files = [(names[0], plan(&there)), (names[1], plan(std::slice::from_ref(&change)))];
            let folder = folder_of("beside-plans", &files);
            let run = run_in(&folder, &["diff", ".", "--output", "json"], "");
            let answer = &serde_json::from_str::<Value>(&run.out).unwrap()["answer"];
            assert_eq!(between(answer), ["opened TCP 22"], "{}", run.err);
        }
    }
}

/// A body of azapi has the list of rules: what the export lists apart goes with it (Microsoft's page on deployment modes).
#[test]
fn a_list_that_azapi_tells_counts_for_parts_that_the_export_lists_apart() {
    let mut apart = redeployed::rule("r22", 100, "22");
    apart["id"] = id("networkSecurityGroups/g/securityRules/r22").into();
    apart["type"] = "Microsoft.Network/networkSecurityGroups/securityRules".into();
    let mut export = export();
    export.push(apart);
    let values = json!({"id": id("networkSecurityGroups/g"), "name": "g", "parent_id": GROUP,
        "type": "Microsoft.Network/networkSecurityGroups@2024-05-01", "location": "westeurope",
        "body": {"properties": {"securityRules": [redeployed::rule("r22", 100, "22")]}}});
    let mut group = kept("azapi_resource.g", values);
    group.after["body"]["properties"]["securityRules"] = json!([]);
    group.actions = &["update"];
    assert_eq!(differing("beside-azapi", &export, &[group]), ["opened TCP 22"]);
}
