//! What a plan destroys, what it sends, and what it leaves alone: where two resources of Terraform tell of one thing, what
//! the provider does decides.

use crate::terraform_plans::{OWN, one, references};
use hopwise::azure::Snapshot;
use hopwise::azure::tree::{Node, Value as Tree};
use hopwise::id::ResourceId;
use hopwise::import::{self, Document, Settings};
use serde_json::{Value, json};

/// An address, what is to be done, and the values before and after.
type Change = (&'static str, &'static [&'static str], Value, Value);

const NO_OP: &[&str] = &["no-op"];
const CREATE: &[&str] = &["create"];
const UPDATE: &[&str] = &["update"];
const DELETE: &[&str] = &["delete"];
const REPLACE: &[&str] = &["delete", "create"];
const FORGET: &[&str] = &["forget"];

fn kept(address: &'static str, values: &Value) -> Change {
    (address, NO_OP, values.clone(), values.clone())
}

fn plan(changes: &[Change]) -> Value {
    let side = |values: fn(&Change) -> &Value| {
        let there = changes.iter().filter(|it| !values(it).is_null());
        let resources: Vec<Value> = there.map(|it| one(it.0, values(it).clone())).collect();
        json!({"root_module": {"resources": resources}})
    };
    let listed = changes.iter().map(|(address, actions, before, after)| {
        let change =
            json!({"actions": actions, "before": before, "after": after, "after_unknown": {}});
        json!({"address": address, "change": change})
    });
    json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "prior_state": {"format_version": "1.0", "values": side(|it| &it.2)},
        "planned_values": side(|it| &it.3),
        "resource_changes": listed.collect::<Vec<_>>(), "configuration": {"root_module": {}},
    })
}

fn remarked(plan: &Value) -> Snapshot {
    let text = plan.to_string();
    let document = Document { name: "plan.json".into(), text: text.as_bytes() };
    import::read_with([document], &Settings::default()).snapshot
}

fn id(tail: &str) -> String {
    format!("{OWN}/providers/{tail}")
}

/// What stands at `path` of the properties of the resource `id` after the plan, in short; nothing where nothing does.
fn after(plan: &Value, id: &str, path: &str) -> Option<String> {
    let snapshot = remarked(plan);
    let body = snapshot.resources.get(&ResourceId::new(id))?.body.node();
    let step = |node: &Node, step: &str| match &node.value {
        Tree::List(nodes) => nodes.get(step.parse::<usize>().unwrap()).cloned(),
        _ => node.get(step).cloned(),
    };
    let start = body.get("properties").cloned();
    let path = path.split('/').filter(|it| !it.is_empty());
    path.fold(start, |node, name| step(&node?, name)).map(|node| short(&node))
}

fn short(node: &Node) -> String {
    match &node.value {
        Tree::Text(text) => text.to_string(),
        Tree::Bool(flag) => flag.to_string(),
        Tree::List(nodes) => nodes.iter().map(short).collect::<Vec<_>>().join(","),
        Tree::Unknown(unknown) => format!("?{}", unknown.as_str()),
        Tree::Null | Tree::Number(_) | Tree::Object(_) => node.kind().to_owned(),
    }
}

fn named(kind: &str, name: &str, more: &Value) -> Value {
    let mut values =
        json!({"id": id(&format!("{kind}/{name}")), "name": name, "resource_group_name": "net"});
    let more = more.as_object().unwrap().clone();
    values.as_object_mut().unwrap().extend(more);
    values
}

const NOTHING: Value = Value::Null;

fn rule(access: &str) -> Value {
    json!({
        "name": "in", "priority": 100, "direction": "Inbound", "access": access, "protocol": "Tcp",
        "source_address_prefix": "*", "destination_port_range": "22",
    })
}

const GROUP: &str = "Microsoft.Network/networkSecurityGroups";
const GROUP_ADDRESS: &str = "azurerm_network_security_group.g";
const RULE_ADDRESS: &str = "azurerm_network_security_rule.in";

fn group(rules: &[Value]) -> Value {
    named(GROUP, "g", &json!({"security_rule": rules}))
}

fn rule_apart(access: &str) -> Value {
    let mut values = rule(access);
    let own = json!({
        "id": id(&format!("{GROUP}/g/securityRules/in")), "resource_group_name": "net",
        "network_security_group_name": "g",
    });
    values.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    values
}

/// What becomes of the rule where the plan makes these changes.
fn access(changes: &[Change]) -> Option<String> {
    after(&plan(changes), &id(&format!("{GROUP}/g/securityRules/in")), "access")
}

fn update(properties: &Value) -> Value {
    json!({
        "type": format!("{GROUP}@2023-11-01"), "resource_id": id(&format!("{GROUP}/g")),
        "body": {"properties": properties},
    })
}

/// Both were read from one object, in two spellings.
#[test]
fn what_one_resource_hands_over_to_another_is_told_by_that() {
    let own = id(&format!("{GROUP}/g"));
    let body = json!({"properties": {"flushConnection": true}});
    let azapi = json!({"id": own, "type": format!("{GROUP}@2023-11-01"), "name": "g", "parent_id": OWN, "body": body});
    let forgotten = (GROUP_ADDRESS, FORGET, group(&[rule("Deny")]), NOTHING);
    let document = plan(&[forgotten, kept("azapi_resource.g", &azapi)]);
    assert_eq!(after(&document, &own, "flushConnection").unwrap(), "true");
    let codes: Vec<_> = remarked(&document).diagnostics.into_iter().map(|it| it.code).collect();
    assert!(!codes.contains(&"conflicting-values"), "{codes:?}");
}

/// A private endpoint keeps in `private_dns_zone_configs` what it found last, and an interface its address.
#[test]
fn what_follows_from_what_changes_is_not_what_was_found_last() {
    let own = id("Microsoft.Network/privateEndpoints/e");
    let zone = id("Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net");
    let endpoint = |groups: &Value| {
        named(
            "Microsoft.Network/privateEndpoints",
            "e",
            &json!({
                "private_dns_zone_group": groups,
                "private_dns_zone_configs": [{"name": "z", "private_dns_zone_id": zone, "record_sets": []}],
            }),
        )
    };
    let groups = json!([{"name": "default", "private_dns_zone_ids": [zone]}]);
    let of = |before: &Value, now: &Value| {
        let change = ("azurerm_private_endpoint.e", UPDATE, endpoint(before), endpoint(now));
        after(&plan(&[change]), &own, "privateDnsZoneGroups")
    };
    assert!(of(&groups, &groups).is_some());
    assert_eq!(of(&groups, &json!([])), None);

    let own = id("Microsoft.Network/networkInterfaces/n");
    let interface = |subnet: &str, allocation: &str| {
        let subnet = id(&format!("Microsoft.Network/virtualNetworks/v/subnets/{subnet}"));
        named(
            "Microsoft.Network/networkInterfaces",
            "n",
            &json!({"ip_configuration": [{
                "name": "i", "subnet_id": subnet, "private_ip_address": "10.0.1.4",
                "private_ip_address_allocation": allocation,
            }]}),
        )
    };
    let address = |subnet: &str, allocation: &str| {
        let (old, new) = (interface("a", allocation), interface(subnet, allocation));
        let change = ("azurerm_network_interface.n", UPDATE, old, new);
        after(&plan(&[change]), &own, "ipConfigurations/0/privateIPAddress").unwrap()
    };
    let later =
        "?`azurerm_network_interface.n.ip_configuration[0].private_ip_address`, known after apply";
    assert_eq!(address("b", "Dynamic"), later);
    assert_eq!(address("a", "Dynamic"), "10.0.1.4");
    assert_eq!(address("b", "Static"), "10.0.1.4");
}

/// Version 3.116 has both names of the ranges, and version 4 a computed one of the access to a server.
#[test]
fn of_two_names_of_a_setting_the_stale_one_does_not_count() {
    let own = id("Microsoft.ContainerService/managedClusters/k");
    let cluster = |ranges: &[&str]| {
        named(
            "Microsoft.ContainerService/managedClusters",
            "k",
            &json!({
                "api_server_access_profile": [{"authorized_ip_ranges": ranges}],
                "api_server_authorized_ip_ranges": ["20.5.0.0/16"],
            }),
        )
    };
    let ranges = |new: &[&str]| {
        let change =
            ("azurerm_kubernetes_cluster.k", UPDATE, cluster(&["20.5.0.0/16"]), cluster(new));
        after(&plan(&[change]), &own, "apiServerAccessProfile/authorizedIPRanges")
    };
    assert_eq!(ranges(&["20.5.0.0/16"]).unwrap(), "20.5.0.0/16");
    assert_eq!(ranges(&["20.6.0.0/16"]).unwrap(), "20.6.0.0/16");
    assert_eq!(ranges(&[]), None);

    let own = id("Microsoft.DBforMySQL/flexibleServers/m");
    let server = |access: &str| {
        let more = json!({"public_network_access": access, "public_network_access_enabled": false});
        named("Microsoft.DBforMySQL/flexibleServers", "m", &more)
    };
    let change = ("azurerm_mysql_flexible_server.m", UPDATE, server("Disabled"), server("Enabled"));
    assert_eq!(after(&plan(&[change]), &own, "publicNetworkAccess").unwrap(), "Enabled");
}

/// In an update in place what nobody configures keeps its value: rules that are not known are configured, in a `dynamic` block.
#[test]
fn a_list_that_an_update_makes_unknown_is_not_known() {
    let mut change = (GROUP_ADDRESS, UPDATE, group(&[rule("Deny")]), group(&[]));
    change.3.as_object_mut().unwrap().remove("security_rule");
    let mut document = plan(&[change]);
    document["resource_changes"][0]["change"]["after_unknown"] = json!({"security_rule": true});
    document["configuration"] =
        json!({"root_module": {"resources": [{"address": GROUP_ADDRESS, "expressions": {}}]}});
    let why = format!("?`{GROUP_ADDRESS}.security_rule`, known after apply");
    assert_eq!(after(&document, &id(&format!("{GROUP}/g")), "securityRules").unwrap(), why);
}

/// A provider in a module has the variables of the module.
#[test]
fn a_provider_of_a_module_has_its_variables() {
    let address = "module.m.azurerm_route_table.r";
    let other = "22222222-2222-2222-2222-222222222222";
    let table = json!({"name": "r", "resource_group_name": "net"});
    let document = |given: Value| {
        let mut document = plan(&[]);
        document["planned_values"] = json!({"root_module": {"child_modules": [
            {"address": "module.m", "resources": [one(address, table.clone())]},
        ]}});
        document["variables"] = json!({
            "own": {"value": "11111111-1111-1111-1111-111111111111"}, "other": {"value": other},
        });
        let inner = json!({"resources": [
            {"address": "azurerm_route_table.r", "provider_config_key": "module.m:azurerm"},
        ]});
        document["configuration"] = json!({
            "provider_config": {"module.m:azurerm": {
                "name": "azurerm", "module_address": "module.m",
                "expressions": {"subscription_id": references(&["var.own"])},
            }},
            "root_module": {"module_calls": {"m": {"expressions": {"own": given}, "module": inner}}},
        });
        document
    };
    for given in [references(&["var.other"]), json!({"constant_value": other})] {
        let snapshot = remarked(&document(given));
        let id = snapshot.resources.keys().next().unwrap();
        assert_eq!(id.subscription(), Some(other));
    }
}

/// `ARM_SUBSCRIPTION_ID` stands in no plan.
#[test]
fn a_subscription_that_a_plan_does_not_tell_is_the_only_one_of_the_others() {
    let mut apart = rule_apart("Allow");
    apart.as_object_mut().unwrap().remove("id");
    let plan = plan(&[(RULE_ADDRESS, CREATE, NOTHING, apart)]).to_string();
    let group = |own: &str| json!({"id": own, "type": GROUP, "name": "g", "properties": {}});
    let own = id(&format!("{GROUP}/g"));
    let other = own.replace("11111111-1111", "22222222-2222");
    let rule = ResourceId::new(&format!("{own}/securityRules/in"));
    let has_rule = |groups: &[Value]| {
        let export = json!(groups).to_string();
        let documents = [("export.json", &export), ("plan.json", &plan)];
        let documents =
            documents.map(|(name, text)| Document { name: name.into(), text: text.as_bytes() });
        let snapshot = import::read_with(documents, &Settings::default()).snapshot;
        snapshot.resources.contains_key(&rule)
    };
    assert!(has_rule(&[group(&own)]));
    assert!(!has_rule(&[group(&own), group(&other)]));
}

/// `azurerm_subnet.s[var.map[each.key]]` is not the subnet of the own key.
#[test]
fn a_key_that_a_variable_gives_is_not_the_own_key() {
    let subnet = |key: &str| {
        let mut found = one(
            &format!("module.m.azurerm_subnet.s[\"{key}\"]"),
            json!({
                "id": id(&format!("Microsoft.Network/virtualNetworks/v/subnets/{key}")), "name": key,
                "resource_group_name": "net", "virtual_network_name": "v",
            }),
        );
        found["index"] = json!(key);
        found["name"] = json!("s");
        found
    };
    let association = "module.m.azurerm_subnet_route_table_association.x[\"a\"]";
    let mut own =
        one(association, json!({"route_table_id": id("Microsoft.Network/routeTables/r")}));
    own["index"] = json!("a");
    let mut document = plan(&[]);
    document["planned_values"] = json!({"root_module": {"child_modules": [
        {"address": "module.m", "resources": [subnet("a"), subnet("b"), own]},
    ]}});
    document["resource_changes"] =
        json!([crate::terraform_plans::unknown(association, json!({"subnet_id": true}))]);
    let mut told = |to: &[&str]| {
        let inner = json!({"resources": [
            {"address": "azurerm_subnet.s", "expressions": {}},
            {"address": "azurerm_subnet_route_table_association.x", "expressions": {"subnet_id": references(to)}},
        ]});
        document["configuration"] = json!({"root_module": {"module_calls": {"m": {
            "expressions": {"map": {"constant_value": {"a": "b", "b": "a"}}}, "module": inner,
        }}}});
        let subnet = id("Microsoft.Network/virtualNetworks/v/subnets/a");
        after(&document, &subnet, "routeTable/id")
    };
    assert!(told(&["azurerm_subnet.s", "each.key"]).is_some());
    assert_eq!(told(&["azurerm_subnet.s", "var.map", "each.key"]), None);
}
