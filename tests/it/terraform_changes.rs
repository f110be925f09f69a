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
    let step = |node: &Node, step: &str| match node.as_list() {
        Some(nodes) => nodes.get(step.parse::<usize>().unwrap()).cloned(),
        None => node.get(step).cloned(),
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
        Tree::Number(number) => number.to_string(),
        Tree::Null | Tree::Object(_) => node.kind().to_owned(),
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

/// "We can't delete a network rule set so we'll just update it back to the default instead."
#[test]
fn rules_of_an_account_that_are_destroyed_leave_it_open() {
    let rules = |action: &str| json!({"default_action": action, "bypass": ["None"], "ip_rules": ["20.1.2.3"], "virtual_network_subnet_ids": []});
    let account = |action: &str| {
        named(
            "Microsoft.Storage/storageAccounts",
            "sax",
            &json!({"network_rules": [rules(action)]}),
        )
    };
    let own = id("Microsoft.Storage/storageAccounts/sax");
    let mut apart = rules("Deny");
    apart["storage_account_id"] = json!(own);
    let destroyed = ("azurerm_storage_account_network_rules.r", DELETE, apart, NOTHING);
    let document = plan(&[kept("azurerm_storage_account.a", &account("Deny")), destroyed.clone()]);
    assert_eq!(after(&document, &own, "networkAcls/defaultAction").unwrap(), "Allow");
    assert_eq!(after(&document, &own, "networkAcls/ipRules"), None);
    // Where the account changes its rules as well, either may be the last.
    let changed = ("azurerm_storage_account.a", UPDATE, account("Allow"), account("Deny"));
    let why = "?`azurerm_storage_account.a`, which changes before or after `azurerm_storage_account_network_rules.r` is destroyed";
    assert_eq!(after(&plan(&[changed, destroyed]), &own, "networkAcls").unwrap(), why);
}

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

/// "Doing so will cause a conflict of rule settings and will overwrite rules."
#[test]
fn blocks_that_change_overwrite_rules_that_the_plan_leaves_alone() {
    let apart = kept(RULE_ADDRESS, &rule_apart("Deny"));
    let change = |old: &[Value], new: &[Value]| (GROUP_ADDRESS, UPDATE, group(old), group(new));
    let gone = change(&[rule("Deny")], &[]);
    assert_eq!(access(&[gone.clone(), apart.clone()]), None);
    let other = change(&[rule("Deny")], &[rule("Allow")]);
    assert_eq!(access(&[other, apart.clone()]).unwrap(), "Allow");
    // Tags, say.
    let same = change(&[rule("Deny")], &[rule("Deny")]);
    assert_eq!(access(&[same, apart]).unwrap(), "Deny");
    // It is made after its group.
    let made = (RULE_ADDRESS, CREATE, NOTHING, rule_apart("Deny"));
    assert_eq!(access(&[gone, made]).unwrap(), "Deny");
}

#[test]
fn what_is_replaced_has_none_of_the_rules_that_the_plan_leaves_alone() {
    let replaced = (GROUP_ADDRESS, REPLACE, group(&[]), group(&[]));
    assert_eq!(access(&[replaced.clone(), kept(RULE_ADDRESS, &rule_apart("Deny"))]), None);
    let again = (RULE_ADDRESS, REPLACE, rule_apart("Deny"), rule_apart("Deny"));
    assert_eq!(access(&[replaced, again]).unwrap(), "Deny");
}

#[test]
fn what_is_replaced_has_none_of_the_associations_that_the_plan_leaves_alone() {
    let own = id("Microsoft.Network/networkInterfaces/n");
    let group = id(&format!("{GROUP}/g"));
    let interface = named("Microsoft.Network/networkInterfaces", "n", &json!({}));
    let said = json!({"network_interface_id": own, "network_security_group_id": group});
    let said = kept("azurerm_network_interface_security_group_association.x", &said);
    for (actions, is_there) in [(UPDATE, true), (REPLACE, false)] {
        let changed =
            ("azurerm_network_interface.n", actions, interface.clone(), interface.clone());
        let found = after(&plan(&[changed, said.clone()]), &own, "networkSecurityGroup/id");
        assert_eq!(found, is_there.then(|| group.clone()));
    }
}

/// Terraform does not know that both are one: either may come first.
#[test]
fn a_rule_that_is_made_anew_under_another_name_is_in_doubt() {
    let old = ("azurerm_network_security_rule.old", DELETE, rule_apart("Deny"), NOTHING);
    let new = ("azurerm_network_security_rule.new", CREATE, NOTHING, rule_apart("Deny"));
    let document = plan(&[kept(GROUP_ADDRESS, &group(&[])), old, new]);
    let rule = id(&format!("{GROUP}/g/securityRules/in"));
    let why = "?`azurerm_network_security_rule.new`, which is made before or after `azurerm_network_security_rule.old` is destroyed";
    assert_eq!(after(&document, &rule, "condition").unwrap(), why);
}

/// The same of the firewall of an account, which two resources tell.
#[test]
fn what_an_owner_changes_counts_for_more_than_what_the_plan_leaves_alone() {
    let own = id("Microsoft.Network/virtualNetworks/v");
    let network = |servers: &[&str]| {
        named(
            "Microsoft.Network/virtualNetworks",
            "v",
            &json!({"dns_servers": servers, "subnet": []}),
        )
    };
    let apart = json!({"virtual_network_id": own, "dns_servers": ["10.0.0.4"]});
    let apart = kept("azurerm_virtual_network_dns_servers.d", &apart);
    let change =
        ("azurerm_virtual_network.v", UPDATE, network(&["10.0.0.4"]), network(&["10.0.0.9"]));
    let servers = "dhcpOptions/dnsServers";
    assert_eq!(after(&plan(&[change, apart.clone()]), &own, servers).unwrap(), "10.0.0.9");
    // An old one that was read before, and is not sent.
    let still = kept("azurerm_virtual_network.v", &network(&["10.0.0.9"]));
    assert_eq!(after(&plan(&[still, apart]), &own, servers).unwrap(), "10.0.0.4");
}

/// The group lists ranges that others add to it, and keeps them by `ignore_changes`, as its documentation says.
#[test]
fn a_range_that_is_destroyed_is_not_in_what_the_group_found() {
    let own = id("Microsoft.Network/ipGroups/i");
    let group =
        named("Microsoft.Network/ipGroups", "i", &json!({"cidrs": ["10.1.0.0/24", "10.2.0.0/24"]}));
    let range = json!({"ip_group_id": own, "cidr": "10.2.0.0/24"});
    let destroyed = ("azurerm_ip_group_cidr.c", DELETE, range, NOTHING);
    let ranges =
        |whole: Change| after(&plan(&[whole, destroyed.clone()]), &own, "ipAddresses").unwrap();
    assert_eq!(ranges(kept("azurerm_ip_group.i", &group)), "10.1.0.0/24");
    let why = "?`azurerm_ip_group.i`, which changes before or after `azurerm_ip_group_cidr.c` is destroyed";
    let sent = ("azurerm_ip_group.i", UPDATE, group.clone(), group);
    assert_eq!(ranges(sent), format!("10.1.0.0/24,{why}"));
}

/// `backend_ip_configuration_id` is what was found last.
#[test]
fn a_port_forward_leads_to_what_its_association_says() {
    let own = id("Microsoft.Network/loadBalancers/l/inboundNatRules/r");
    let interface = |name: &str| id(&format!("Microsoft.Network/networkInterfaces/{name}"));
    let backend = format!("{}/ipConfigurations/i", interface("a"));
    let rule = json!({"id": own, "name": "r", "resource_group_name": "net", "backend_ip_configuration_id": backend});
    let to = |name: &str| json!({"network_interface_id": interface(name), "ip_configuration_name": "i", "nat_rule_id": own});
    let association = "azurerm_network_interface_nat_rule_association.x";
    let leads = |change: Change| {
        after(
            &plan(&[kept("azurerm_lb_nat_rule.r", &rule), change]),
            &own,
            "backendIPConfiguration/id",
        )
    };
    let moved = format!("{}/ipConfigurations/i", interface("b"));
    assert_eq!(leads((association, REPLACE, to("a"), to("b"))), Some(moved));
    assert_eq!(leads((association, DELETE, to("a"), NOTHING)), None);
    assert_eq!(leads(kept(association, &to("a"))), Some(backend.clone()));
}

/// What is taken out of a list of parts is what was said, and not the list.
#[test]
fn an_interface_loses_what_its_association_said_and_nothing_else() {
    let own = id("Microsoft.Network/networkInterfaces/n");
    let groups = |name: &str| id(&format!("Microsoft.Network/applicationSecurityGroups/{name}"));
    let configuration = json!({
        "name": "i", "private_ip_address": "10.0.1.4",
        "application_security_group_ids": [groups("a"), groups("b")],
    });
    let data = named(
        "Microsoft.Network/networkInterfaces",
        "n",
        &json!({"ip_configuration": [configuration]}),
    );
    let said = json!({"network_interface_id": own, "application_security_group_id": groups("a")});
    let address = "azurerm_network_interface_application_security_group_association.x";
    let data = kept("data.azurerm_network_interface.n", &data);
    let document = plan(&[data, (address, DELETE, said, NOTHING)]);
    let configuration = "ipConfigurations/0";
    assert_eq!(
        after(&document, &own, &format!("{configuration}/privateIPAddress")).unwrap(),
        "10.0.1.4"
    );
    let left = format!("{configuration}/applicationSecurityGroups");
    assert_eq!(after(&document, &own, &format!("{left}/0/id")), Some(groups("b")));
    assert_eq!(after(&document, &own, &format!("{left}/1")), None);
}

fn update(properties: &Value) -> Value {
    json!({
        "type": format!("{GROUP}@2023-11-01"), "resource_id": id(&format!("{GROUP}/g")),
        "body": {"properties": properties},
    })
}

/// azapi gets the resource, puts its own lists in place of those there, and sends it.
#[test]
fn a_list_of_an_update_leaves_out_what_is_not_in_it() {
    let sent =
        update(&json!({"securityRules": [{"name": "other", "properties": {"access": "Allow"}}]}));
    let new = ("azapi_update_resource.u", CREATE, NOTHING, sent.clone());
    assert_eq!(access(&[kept(GROUP_ADDRESS, &group(&[rule("Deny")])), new.clone()]), None);
    let apart = kept(RULE_ADDRESS, &rule_apart("Deny"));
    assert_eq!(access(&[kept(GROUP_ADDRESS, &group(&[])), apart.clone(), new.clone()]), None);
    // What it has in there is written over what the plan leaves alone.
    let named =
        update(&json!({"securityRules": [{"name": "in", "properties": {"access": "Allow"}}]}));
    let named = ("azapi_update_resource.u", CREATE, NOTHING, named);
    let document = plan(&[kept(GROUP_ADDRESS, &group(&[])), apart.clone(), named]);
    let first = "securityRules/0/properties/access";
    assert_eq!(after(&document, &id(&format!("{GROUP}/g")), first).unwrap(), "Allow");
    assert_eq!(after(&document, &id(&format!("{GROUP}/g/securityRules/in")), "access"), None);
    // Nothing tells which of two that are sent comes last.
    let changed = (RULE_ADDRESS, UPDATE, rule_apart("Allow"), rule_apart("Deny"));
    let document = plan(&[kept(GROUP_ADDRESS, &group(&[])), changed, new]);
    let why = "?`azapi_update_resource.u`, which is written before or after it";
    let rule = id(&format!("{GROUP}/g/securityRules/in"));
    assert_eq!(after(&document, &rule, "condition").unwrap(), why);
    // What was sent earlier is what was read.
    let old = kept("azapi_update_resource.u", &sent);
    assert_eq!(access(&[kept(GROUP_ADDRESS, &group(&[])), apart, old]).unwrap(), "Deny");
}

/// "When delete `azapi_update_resource`, no operation will be performed, and these properties will stay unchanged."
#[test]
fn what_an_update_set_stays_when_it_is_destroyed() {
    let own = id(&format!("{GROUP}/g"));
    let update = update(&json!({"flushConnection": true}));
    let flushes = |whole: Change| {
        let gone = ("azapi_update_resource.u", DELETE, update.clone(), NOTHING);
        after(&plan(&[whole, gone]), &own, "flushConnection")
    };
    assert_eq!(flushes(kept(GROUP_ADDRESS, &group(&[]))).unwrap(), "true");
    assert_eq!(flushes((GROUP_ADDRESS, REPLACE, group(&[]), group(&[]))), None);
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

/// A part stands in the list of its owner, as azapi reads it.
#[test]
fn a_rule_that_is_destroyed_is_not_in_what_a_data_source_found() {
    let own = id(&format!("{GROUP}/g"));
    let found = json!({"properties": {"securityRules": [{"name": "in"}, {"name": "other"}]}});
    let data = json!({
        "type": format!("{GROUP}@2023-11-01"), "resource_id": own, "name": "g",
        "response_export_values": ["*"], "output": found,
    });
    let gone = (RULE_ADDRESS, DELETE, rule_apart("Deny"), NOTHING);
    let document = plan(&[kept("data.azapi_resource.g", &data), gone]);
    assert_eq!(after(&document, &own, "securityRules/0/name").unwrap(), "other");
}

/// Subnets have one security group, whichever of two associations comes last.
#[test]
fn what_two_associations_do_not_agree_on_is_not_known() {
    let subnet = id("Microsoft.Network/virtualNetworks/v/subnets/s");
    let to = |name: &str| json!({"subnet_id": subnet, "network_security_group_id": id(&format!("{GROUP}/{name}"))});
    let (a, b) = (
        "azurerm_subnet_network_security_group_association.a",
        "azurerm_subnet_network_security_group_association.b",
    );
    let table =
        json!({"subnet_id": subnet, "route_table_id": id("Microsoft.Network/routeTables/r")});
    let table = kept("azurerm_subnet_route_table_association.t", &table);
    for (first, second) in [(a, b), (b, a)] {
        let document = plan(&[kept(first, &to("g")), kept(second, &to("h")), table.clone()]);
        let why = format!("?`{first}` and `{second}`, which do not agree");
        assert_eq!(after(&document, &subnet, "networkSecurityGroup").unwrap(), why);
        assert!(after(&document, &subnet, "routeTable/id").is_some());
        let remarks = remarked(&document).diagnostics;
        assert!(remarks.iter().any(|it| it.code == "conflicting-values"), "{remarks:?}");
    }
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
    // An address that changes is one that somebody gave.
    let mut new = interface("b", "Dynamic");
    new["ip_configuration"][0]["private_ip_address"] = json!("10.0.2.4");
    let change = ("azurerm_network_interface.n", UPDATE, interface("a", "Dynamic"), new);
    let found = after(&plan(&[change]), &own, "ipConfigurations/0/privateIPAddress");
    assert_eq!(found.unwrap(), "10.0.2.4");
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

/// A call that writes is named, unless it was made before.
#[test]
fn a_call_that_is_to_write_is_not_read_and_said_to_be_so() {
    let call = |method: &str| json!({"type": format!("{GROUP}@2023-11-01"), "resource_id": id(&format!("{GROUP}/g")), "method": method, "body": {}});
    let codes = |change: Change| -> Vec<&'static str> {
        let document = plan(&[kept(GROUP_ADDRESS, &group(&[])), change]);
        remarked(&document).diagnostics.into_iter().map(|it| it.code).collect()
    };
    let address = "azapi_resource_action.x";
    assert_eq!(codes((address, CREATE, NOTHING, call("PUT"))), ["resource-action"]);
    assert_eq!(codes((address, CREATE, NOTHING, call("POST"))), [""; 0]);
    assert_eq!(codes(kept(address, &call("PUT"))), [""; 0]);
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

/// "You cannot use a Virtual Network with in-line Subnets in conjunction with any Subnet resources. Doing so will cause a
/// conflict": the provider sends a block that changes with the group and the table that stand in it, or with none.
#[test]
fn a_block_that_is_sent_overwrites_what_associations_say_of_its_subnet() {
    let kind = "Microsoft.Network/virtualNetworks";
    let own = id(&format!("{kind}/v/subnets/s"));
    let network = |group: &str, more: &Value| {
        let mut block = json!({
            "id": own, "name": "s", "address_prefixes": ["10.0.1.0/24"], "security_group": group, "route_table_id": "",
        });
        block.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        named(kind, "v", &json!({"subnet": [block]}))
    };
    let none = json!({});
    let of = |name: &str| id(&format!("{GROUP}/{name}"));
    let association = "azurerm_subnet_network_security_group_association.s";
    let said = json!({"subnet_id": own, "network_security_group_id": of("g")});
    let gateway =
        json!({"subnet_id": own, "nat_gateway_id": id("Microsoft.Network/natGateways/n")});
    let gateway = kept("azurerm_subnet_nat_gateway_association.s", &gateway);
    let with = |before: Value, after: Value, said: Change| {
        let change = ("azurerm_virtual_network.v", UPDATE, before, after);
        plan(&[change, said, gateway.clone()])
    };
    let g = of("g");
    // The block takes away what the association said, or puts another in its place.
    let document = with(network(&g, &none), network("", &none), kept(association, &said));
    assert_eq!(after(&document, &own, "networkSecurityGroup"), None);
    assert!(after(&document, &own, "natGateway/id").is_some());
    let remarks = remarked(&document).diagnostics;
    let text = "`azurerm_virtual_network.v` sends its block of `s`, which overwrites what `azurerm_subnet_network_security_group_association.s` says of it";
    assert!(remarks.iter().any(|it| it.code == "conflicting-values" && &*it.message == text));
    let document = with(network(&g, &none), network(&of("h"), &none), kept(association, &said));
    assert_eq!(after(&document, &own, "networkSecurityGroup/id"), Some(of("h")));
    // One that is made in the same plan comes after the network, and one of which the block says the same stays.
    let made = (association, CREATE, NOTHING, said.clone());
    let document = with(network(&g, &none), network("", &none), made);
    assert_eq!(after(&document, &own, "networkSecurityGroup/id"), Some(of("g")));
    let more = json!({"service_endpoints": ["Microsoft.Storage"]});
    let document = with(network(&g, &none), network(&g, &more), kept(association, &said));
    assert_eq!(after(&document, &own, "networkSecurityGroup/id"), Some(of("g")));
    assert_eq!(remarked(&document).diagnostics, []);
}

/// Azure has one resource of an id: where one of two that tell of it is destroyed, it is gone.
#[test]
fn what_is_destroyed_is_gone_for_the_other_that_tells_of_it() {
    let rule_id = id(&format!("{GROUP}/g/securityRules/in"));
    let other = "azurerm_network_security_rule.other";
    let gone = (RULE_ADDRESS, DELETE, rule_apart("Deny"), NOTHING);
    let document = plan(&[gone.clone(), kept(other, &rule_apart("Deny"))]);
    assert_eq!(after(&document, &rule_id, "access"), None);
    let message = format!(
        "`{RULE_ADDRESS}`, which is destroyed, and `{other}` are one resource of Azure, `{rule_id}`: it is gone for both"
    );
    let remarks = remarked(&document).diagnostics;
    assert!(remarks.iter().any(|it| *it.message == *message), "{remarks:?}");
    // Where the plan changes the other one, nothing tells which comes last.
    let changed = (other, UPDATE, rule_apart("Deny"), rule_apart("Allow"));
    let why = format!("?`{other}`, which changes before or after `{RULE_ADDRESS}` is destroyed");
    let document = plan(&[gone, changed]);
    assert_eq!(after(&document, &rule_id, "condition").unwrap(), why);
    // The parts of a group go with it, also its blocks.
    let gone = (GROUP_ADDRESS, DELETE, group(&[]), NOTHING);
    let second = kept("azurerm_network_security_group.h", &group(&[rule("Deny")]));
    let document = plan(&[gone, second]);
    assert_eq!(after(&document, &rule_id, "access"), None);
    assert_eq!(after(&document, &id(&format!("{GROUP}/g")), ""), None);
    // An association as well. What Terraform only forgets stays.
    let subnet = id("Microsoft.Network/virtualNetworks/v/subnets/s");
    let said = json!({"subnet_id": subnet, "network_security_group_id": id(&format!("{GROUP}/g"))});
    let (a, b) = (
        "azurerm_subnet_network_security_group_association.a",
        "azurerm_subnet_network_security_group_association.b",
    );
    let of = |actions| {
        let document = plan(&[(a, actions, said.clone(), NOTHING), kept(b, &said)]);
        after(&document, &subnet, "networkSecurityGroup/id")
    };
    assert_eq!(of(DELETE), None);
    assert!(of(FORGET).is_some());
}

/// A private endpoint whose zone group changes its zone: its records go from the old one to the new one (R282), and with
/// them the numbers that the zones were found with.
#[test]
fn records_of_a_zone_group_go_to_its_new_zone() {
    let zone = |name: &str| id(&format!("Microsoft.Network/privateDnsZones/{name}"));
    let (old, new) = ("privatelink.blob.core.windows.net", "new.example");
    let found = json!([{"name": "z", "private_dns_zone_id": zone(old), "record_sets": [
        {"name": "st", "type": "A", "fqdn": format!("st.{old}"), "ip_addresses": ["10.0.1.7"], "ttl": 10},
    ]}]);
    let endpoint = |name: &str, zone: &str| {
        let more = json!({
            "private_dns_zone_group": [{"name": "default", "private_dns_zone_ids": [zone]}],
            "private_dns_zone_configs": found,
        });
        named("Microsoft.Network/privateEndpoints", name, &more)
    };
    let held = |name: &str, count: u32| {
        let more = json!({"number_of_record_sets": count});
        let mut values = named("Microsoft.Network/privateDnsZones", name, &more);
        values["id"] = zone(name).into();
        values
    };
    let counts = |changes: &[Change]| {
        let zones = [
            kept("azurerm_private_dns_zone.old", &held(old, 3)),
            kept("azurerm_private_dns_zone.new", &held(new, 1)),
        ];
        let document = plan(&[changes, &zones].concat());
        [old, new].map(|name| after(&document, &zone(name), "numberOfRecordSets").unwrap())
    };
    let moved = (
        "azurerm_private_endpoint.e",
        UPDATE,
        endpoint("e", &zone(old)),
        endpoint("e", &zone(new)),
    );
    let later = "?`azurerm_private_endpoint.e.private_dns_zone_group`, which writes records when it is applied";
    assert_eq!(counts(std::slice::from_ref(&moved)), ["2", later]);
    assert_eq!(counts(&[kept("azurerm_private_endpoint.e", &moved.2)]), ["3", "1"]);
    let destroyed = ("azurerm_private_endpoint.e", DELETE, moved.2.clone(), NOTHING);
    assert_eq!(counts(&[destroyed]), ["2", "1"]);
    // Another endpoint has written the same record (R285).
    let other = kept("azurerm_private_endpoint.f", &endpoint("f", &zone(old)));
    let why = "?`azurerm_private_endpoint.e.private_dns_zone_group`, which takes records away when it is applied";
    assert_eq!(counts(&[moved, other]), [why, later]);
}

/// A data source that is read during apply, as in a module with `depends_on`, knows no better than the plan that manages the
/// same subnet; what that does not tell is as it was found before.
#[test]
fn what_is_read_during_apply_is_told_by_what_the_plan_manages() {
    let own = id("Microsoft.Network/virtualNetworks/v/subnets/s");
    let group = id(&format!("{GROUP}/g"));
    let subnet = json!({
        "id": own, "name": "s", "virtual_network_name": "v", "resource_group_name": "net",
        "address_prefixes": ["10.0.0.0/24"],
    });
    let mut found = subnet.clone();
    found["address_prefix"] = json!("10.0.0.0/24");
    found["network_security_group_id"] = json!(group);
    let read = |before: &Value| {
        let planned =
            json!({"name": "s", "virtual_network_name": "v", "resource_group_name": "net"});
        let data = ("data.azurerm_subnet.d", &["read"][..], before.clone(), planned);
        let mut document = plan(&[kept("azurerm_subnet.s", &subnet), data]);
        document["resource_changes"][1]["change"]["after_unknown"] = json!({
            "id": true, "address_prefix": true, "address_prefixes": true, "network_security_group_id": true,
        });
        document
    };
    let document = read(&found);
    assert_eq!(after(&document, &own, "addressPrefixes").unwrap(), "10.0.0.0/24");
    assert_eq!(after(&document, &own, "networkSecurityGroup/id").unwrap(), group);
    let document = read(&NOTHING);
    assert_eq!(after(&document, &own, "addressPrefixes").unwrap(), "10.0.0.0/24");
    assert_eq!(after(&document, &own, "networkSecurityGroup"), None);
}
