//! What plans and states tell twice, or of what is no longer so: deposed objects, two resources of one id, machines
//! that are replaced.

use crate::terraform_plans::{OWN, at, one, read, unknown};
use hopwise::azure::Snapshot;
use hopwise::import::{self, Document, Settings, Side};
use serde_json::{Value, json};

fn id(tail: &str) -> String {
    format!("{OWN}/providers/{tail}")
}

fn state(resources: &[Value]) -> Value {
    json!({
        "format_version": "1.0", "terraform_version": "1.11.4",
        "values": {"root_module": {"resources": resources}},
    })
}

/// A plan from `before` to `after`, with what is not known yet.
fn plan(before: &[Value], after: &[Value], changes: &[Value]) -> Value {
    json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "prior_state": state(before),
        "planned_values": {"root_module": {"resources": after}},
        "resource_changes": changes, "configuration": {"root_module": {}},
    })
}

/// The codes of what is wrong, and the snapshot.
fn remarked(document: &Value) -> (Vec<String>, Snapshot) {
    let text = document.to_string();
    let document = Document { name: "plan.json".into(), text: text.as_bytes() };
    let snapshot = import::read_with([document], &Settings::default()).snapshot;
    let remarks = snapshot.diagnostics.iter().map(|it| format!("{}: {}", it.code, it.message));
    (remarks.collect(), snapshot)
}

fn table(name: &str, propagates: bool) -> Value {
    json!({
        "id": id(&format!("Microsoft.Network/routeTables/{name}")), "name": name,
        "resource_group_name": "net", "bgp_route_propagation_enabled": propagates,
    })
}

/// "address and deposed together form a unique key": the one without is what the address will have.
#[test]
fn what_is_deposed_says_nothing_of_what_its_address_will_have() {
    let address = "azurerm_route_table.r";
    let after = one(address, json!({"name": "r", "resource_group_name": "net"}));
    let mut deposed = unknown(address, json!({}));
    deposed["deposed"] = json!("4c1f8a2e");
    let later = json!({"id": true, "bgp_route_propagation_enabled": true});
    for changes in [
        [unknown(address, later.clone()), deposed.clone()],
        [deposed.clone(), unknown(address, later.clone())],
    ] {
        let snapshot = read(&plan(&[], std::slice::from_ref(&after), &changes), Side::After);
        let id = snapshot.resources.keys().next().unwrap().as_str().to_owned();
        assert_eq!(
            at(&snapshot, &id, "properties/disableBgpRoutePropagation"),
            "?`azurerm_route_table.r.bgp_route_propagation_enabled`, known after apply"
        );
    }
}

/// A deposed object is there until it is destroyed, unless it is what its address has by now.
#[test]
fn a_deposed_object_is_a_resource_of_its_own() {
    let address = "azurerm_route_table.r";
    let old = |values: Value| {
        let mut old = one(address, values);
        old["deposed_key"] = json!("4c1f8a2e");
        old
    };
    let now = one(address, table("r", true));
    let mut destroyed = unknown(address, json!({}));
    destroyed["deposed"] = json!("4c1f8a2e");
    destroyed["change"]["actions"] = json!(["delete"]);
    for (older, ids) in [(table("r", false), 1), (table("older", false), 2)] {
        let changes = std::slice::from_ref(&destroyed);
        let before = [now.clone(), old(older)];
        let document = plan(&before, std::slice::from_ref(&now), changes);
        let before = read(&document, Side::Before);
        assert_eq!(before.resources.len(), ids);
        let table = id("Microsoft.Network/routeTables/r");
        assert_eq!(at(&before, &table, "properties/disableBgpRoutePropagation"), "false");
        assert_eq!(read(&document, Side::After).resources.len(), 1);
    }
}

/// Azure has one resource of an id, and nothing tells which of two will be it.
#[test]
fn what_two_resources_of_one_id_do_not_agree_on_is_not_known() {
    let rule = |name: &str, port: &str| {
        let values = json!({
            "name": "in", "resource_group_name": "net", "network_security_group_name": "g",
            "id": id("Microsoft.Network/networkSecurityGroups/g/securityRules/in"),
            "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
            "destination_port_range": port,
        });
        one(&format!("azurerm_network_security_rule.{name}"), values)
    };
    let (remarks, snapshot) = remarked(&state(&[rule("a", "22"), rule("b", "80")]));
    let both = "`azurerm_network_security_rule.a` and `azurerm_network_security_rule.b`";
    let id = id("Microsoft.Network/networkSecurityGroups/g/securityRules/in");
    assert_eq!(remarks, [format!("conflicting-values: {both} have the same id, `{id}`")]);
    assert_eq!(at(&snapshot, &id, "properties/access"), "Allow");
    assert_eq!(
        at(&snapshot, &id, "properties/destinationPortRange"),
        format!("?which of {both} counts, which are one resource of Azure")
    );
}

fn machine(name: &str) -> String {
    id(&format!("Microsoft.Compute/virtualMachines/{name}"))
}

fn interface(owner: &str) -> Value {
    let own = id("Microsoft.Network/networkInterfaces/n");
    one(
        "azurerm_network_interface.n",
        json!({
            "id": own, "name": "n", "resource_group_name": "net", "virtual_machine_id": machine(owner),
            "ip_configuration": [{"name": "i", "private_ip_address": "10.0.1.4"}],
        }),
    )
}

/// Does anything stand at `path` of the properties of the only resource called `name`?
fn tells(document: &Value, name: &str, path: &str) -> bool {
    let snapshot = read(document, Side::After);
    let known = snapshot.resources.iter().find(|(id, _)| id.name() == name).unwrap();
    let body = known.1.body.node();
    let properties = body.get("properties").unwrap();
    path.split('/').try_fold(properties, |node, step| node.get(step)).is_some()
}

/// Does the interface still say whose it is?
fn tells_owner(document: &Value) -> bool {
    tells(document, "n", "virtualMachine")
}

/// The provider keeps in an interface the machine that it found last, and a machine is told which interfaces are its own.
#[test]
fn the_machine_counts_and_not_what_its_interface_holds() {
    let new = |tail: &Value| {
        let mut values = json!({
            "name": "new", "resource_group_name": "net",
            "network_interface_ids": [id("Microsoft.Network/networkInterfaces/n")],
        });
        if let Some(own) = tail.as_str() {
            values["id"] = json!(own);
        }
        one("azurerm_linux_virtual_machine.m", values)
    };
    let old = one(
        "azurerm_linux_virtual_machine.m",
        json!({
            "id": machine("old"), "name": "old", "resource_group_name": "net",
            "network_interface_ids": [id("Microsoft.Network/networkInterfaces/n")],
        }),
    );
    // A state that was not refreshed.
    assert!(!tells_owner(&state(&[interface("old"), new(&json!(machine("new")))])));
    // A plan that puts another machine in its place.
    let changes = [unknown("azurerm_linux_virtual_machine.m", json!({"id": true}))];
    let before = [interface("old"), old];
    assert!(!tells_owner(&plan(&before, &[interface("old"), new(&Value::Null)], &changes)));
    // One that takes it away.
    assert!(!tells_owner(&plan(&before, &[interface("old")], &[])));
    // Nothing else tells of a machine that is managed elsewhere.
    assert!(tells_owner(&state(&[interface("old")])));
}

/// A rule for port 22 from `prefix`, else from `prefixes`, as blocks and resources of their own have it.
fn rule_from(name: &str, prefix: &Value, prefixes: &[&str]) -> Value {
    json!({
        "name": name, "priority": 100, "direction": "Inbound", "access": "Deny", "protocol": "Tcp",
        "source_address_prefix": prefix, "source_address_prefixes": prefixes,
        "destination_port_range": "22", "destination_port_ranges": [],
    })
}

fn network(dns_servers: &[&str], subnet: &Value) -> Value {
    let values = json!({
        "id": id("Microsoft.Network/virtualNetworks/v"), "name": "v", "resource_group_name": "net",
        "dns_servers": dns_servers, "subnet": [subnet],
    });
    one("azurerm_virtual_network.v", values)
}

/// The provider keeps in blocks of parents what it found last: what a resource of its own leaves empty is empty.
#[test]
fn what_a_resource_of_its_own_clears_does_not_come_back() {
    let group = "Microsoft.Network/networkSecurityGroups/g";
    let blocks = [rule_from("in", &json!("*"), &[]), rule_from("other", &json!("*"), &[])];
    let mut narrowed = rule_from("in", &Value::Null, &["203.0.113.0/24"]);
    narrowed["id"] = id(&format!("{group}/securityRules/in")).into();
    let security_group = json!({"id": id(group), "name": "g", "resource_group_name": "net", "security_rule": blocks});
    let rules = state(&[
        one("azurerm_network_security_group.g", security_group.clone()),
        one("azurerm_network_security_rule.in", narrowed.clone()),
    ]);
    assert!(!tells(&rules, "in", "sourceAddressPrefix"));
    assert!(tells(&rules, "in", "sourceAddressPrefixes"));
    // A data source found them, too.
    let rules = state(&[
        one("data.azurerm_network_security_group.g", security_group),
        one("azurerm_network_security_rule.in", narrowed),
    ]);
    assert!(!tells(&rules, "in", "sourceAddressPrefix"));
    // Nothing else tells of the other one.
    assert!(tells(&rules, "other", "sourceAddressPrefix"));

    let own = id("Microsoft.Network/virtualNetworks/v/subnets/s");
    let delegation = json!([{"name": "d", "service_delegation": [{"name": "Microsoft.Web/serverFarms", "actions": []}]}]);
    let block = json!({
        "id": own, "name": "s", "address_prefixes": ["10.0.1.0/24"], "delegation": delegation,
        "service_endpoints": ["Microsoft.Storage"], "security_group": id(group),
    });
    let subnet = json!({
        "id": own, "name": "s", "resource_group_name": "net", "virtual_network_name": "v",
        "address_prefixes": ["10.0.1.0/24"], "delegation": [], "service_endpoints": [],
    });
    let subnets = state(&[network(&[], &block), one("azurerm_subnet.s", subnet)]);
    assert!(!tells(&subnets, "s", "serviceEndpoints"));
    assert!(!tells(&subnets, "s", "delegations"));
    // The resource does not tell the group: an association may that stands in another state.
    assert!(tells(&subnets, "s", "networkSecurityGroup"));
}

#[test]
fn a_block_stands_where_it_is_written() {
    let group = "Microsoft.Network/networkSecurityGroups/g";
    let blocks = [rule_from("in", &json!("*"), &[]), rule_from("other", &json!("*"), &[])];
    let security_group = json!({"id": id(group), "name": "g", "resource_group_name": "net", "security_rule": blocks});
    let document = state(&[one("azurerm_network_security_group.g", security_group)]);
    let snapshot = read(&document, Side::After);
    let other = snapshot.resources.iter().find(|(id, _)| id.name() == "other").unwrap().1;
    let expected = "/values/root_module/resources/0/values/security_rule/1";
    assert_eq!(&*other.place.pointer, expected);
}

/// Resources that tell a part of another count for more than what that holds, also where they empty it.
#[test]
fn what_is_told_in_place_of_a_block_counts_also_where_it_is_empty() {
    let servers = one(
        "azurerm_virtual_network_dns_servers.d",
        json!({"virtual_network_id": id("Microsoft.Network/virtualNetworks/v"), "dns_servers": []}),
    );
    let subnet = json!({"name": "s", "address_prefixes": ["10.0.1.0/24"]});
    let named = |more: &[Value]| {
        let network = network(&["10.0.1.9"], &subnet);
        tells(&state(&[&[network], more].concat()), "v", "dhcpOptions/dnsServers")
    };
    assert!(named(&[]));
    assert!(!named(&[servers]));

    let account = id("Microsoft.Storage/storageAccounts/sax");
    let rules = |ips: &[&str]| json!({"default_action": "Deny", "bypass": ["None"], "ip_rules": ips, "virtual_network_subnet_ids": []});
    let mut own = rules(&[]);
    own["storage_account_id"] = account.clone().into();
    let document = state(&[
        one(
            "azurerm_storage_account.a",
            json!({"id": account, "name": "sax", "resource_group_name": "net", "network_rules": [rules(&["20.1.2.3"])]}),
        ),
        one("azurerm_storage_account_network_rules.r", own),
    ]);
    assert!(!tells(&document, "sax", "networkAcls/ipRules"));
    assert!(tells(&document, "sax", "networkAcls/defaultAction"));
}

/// Where it is not known what an association will say, it is not what the network held before.
#[test]
fn what_is_known_after_apply_is_not_what_a_block_holds() {
    let own = id("Microsoft.Network/virtualNetworks/v/subnets/s");
    let block = json!({"name": "s", "address_prefixes": ["10.0.1.0/24"], "security_group": id("Microsoft.Network/networkSecurityGroups/old")});
    let address = "azurerm_subnet_network_security_group_association.s";
    let after = [network(&[], &block), one(address, json!({"subnet_id": own}))];
    let changes = [unknown(address, json!({"network_security_group_id": true}))];
    let snapshot = read(&plan(&[], &after, &changes), Side::After);
    assert_eq!(
        at(&snapshot, &own, "properties/networkSecurityGroup"),
        format!("?`{address}.network_security_group_id`, known after apply")
    );
}

/// Who is signed in tells the subscription where the provider is not told it.
#[test]
fn a_data_source_tells_the_subscription() {
    let own = "33333333-3333-3333-3333-333333333333";
    let table = one("azurerm_route_table.r", json!({"name": "r", "resource_group_name": "net"}));
    let mut document = plan(
        &[one("data.azurerm_client_config.me", json!({"subscription_id": own, "tenant_id": "t"}))],
        &[table],
        &[unknown("azurerm_route_table.r", json!({"id": true}))],
    );
    let id = |document: &Value| {
        let snapshot = read(document, Side::After);
        snapshot.resources.keys().next().unwrap().as_str().to_owned()
    };
    assert!(id(&document).starts_with(&format!("/subscriptions/{own}/")));
    // Of `azurerm_subscription` only one that asks for no other.
    let data = "data.azurerm_subscription.me";
    document["prior_state"] = state(&[one(data, json!({"subscription_id": own}))]);
    let configured = |expressions: Value| {
        json!({"root_module": {"resources": [
            {"address": data, "provider_config_key": "azurerm", "expressions": expressions},
            {"address": "azurerm_route_table.r", "provider_config_key": "azurerm"},
        ]}})
    };
    document["configuration"] = configured(json!({}));
    assert!(id(&document).starts_with(&format!("/subscriptions/{own}/")));
    document["configuration"] = configured(json!({"subscription_id": {"constant_value": own}}));
    assert!(id(&document).starts_with("/subscriptions/00000000-"));
}

/// The zone of a cluster that is not private, and that nobody configures, is none.
#[test]
fn a_cluster_that_nobody_gives_a_zone_refers_to_none() {
    let address = "azurerm_kubernetes_cluster.k";
    let mut document = plan(
        &[],
        &[one(
            address,
            json!({"name": "k", "resource_group_name": "net", "private_cluster_enabled": false}),
        )],
        &[unknown(address, json!({"id": true, "private_dns_zone_id": true, "fqdn": true}))],
    );
    document["configuration"] = json!({"root_module": {"resources": [{
        "address": address, "expressions": {"name": {"constant_value": "k"}},
    }]}});
    let network = hopwise::resolve::resolve(read(&document, Side::After)).0;
    assert_eq!(network.missing.values().count(), 0);
}

/// Late versions 3 know a setting by two names, and the provider sends the one that changes (`HasChange`): the other keeps
/// what was found last.
#[test]
fn of_two_names_of_a_setting_the_one_that_changes_counts() {
    let address = "azurerm_route_table.r";
    let with = |propagates: bool, old: bool| {
        let mut table = table("r", propagates);
        table["disable_bgp_route_propagation"] = json!(old);
        table
    };
    let id = id("Microsoft.Network/routeTables/r");
    for (after, expected) in
        [(with(false, false), "false"), (with(true, true), "false"), (with(false, true), "true")]
    {
        let before = with(false, true);
        let mut change = unknown(address, json!({}));
        change["change"] =
            json!({"actions": ["update"], "before": before, "after": after, "after_unknown": {}});
        let plan = plan(&[one(address, before)], &[one(address, after)], &[change]);
        let found = at(&read(&plan, Side::After), &id, "properties/disableBgpRoutePropagation");
        assert_eq!(found, expected);
        let found = at(&read(&plan, Side::Before), &id, "properties/disableBgpRoutePropagation");
        assert_eq!(found, "true");
    }
}
