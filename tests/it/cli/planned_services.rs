//! Services that a plan makes: what is known after apply of them, their names and their addresses, decides about what it
//! has to, and about nothing else. What is expected is told by hand from the rules.

use super::planned::{Planned, between, differing_in, kept, network, plan, plan_of};
use super::resources::{id, within};
use super::{folder, run_in};
use serde_json::{Value, json};

/// A resource of the group that a plan makes.
fn new(address: &str, values: Value, unknown: Value) -> Planned {
    let name = address.rsplit('.').next().unwrap();
    let (Value::Object(values), Value::Object(unknown)) = (values, unknown) else {
        panic!("no objects")
    };
    let mut after = within(name);
    after.as_object_mut().unwrap().extend(values);
    let mut later = json!({"id": true});
    later.as_object_mut().unwrap().extend(unknown);
    Planned {
        address: address.to_owned(),
        before: Value::Null,
        after,
        unknown: later,
        actions: &["create"],
    }
}

/// What changes, each group as one line, such as `opened a machine on the Internet -> kv: TCP 443`.
fn lines(answer: &Value) -> Vec<String> {
    let joined = |it: &Value, with: &str| {
        let all = it.as_array().unwrap().iter().map(|it| it.as_str().unwrap());
        all.collect::<Vec<_>>().join(with)
    };
    let flows = answer["flows"].as_array().unwrap().iter();
    let line = |it: &Value| {
        let [from, to] = ["from", "to"].map(|end| joined(&it[end], ", "));
        let packets = joined(&it["packets"], "; ");
        format!("{} {from} -> {to}: {packets}", it["kind"].as_str().unwrap())
    };
    flows.map(line).collect()
}

/// What changes for senders on the Internet, with the exit codes of the gates that Terraform's page recommends.
fn from_internet(test: &str, plan: &str) -> (Vec<String>, [i32; 2]) {
    let ask = |gate: &str| differing_in(test, plan, &["--fail-on", gate]);
    let (answer, opened) = ask("opened-from-internet");
    let (_, doubtful) = ask("doubtful-from-internet");
    let mut lines = lines(&answer);
    lines.retain(|it| it.contains("a machine on the Internet ->"));
    let lines = lines.into_iter().map(|it| it.replace("a machine on the Internet -> ", ""));
    (lines.collect(), [opened, doubtful])
}

/// R438, R439, R449: a cluster that is not private has a public API server, which its name does not change.
#[test]
fn a_new_public_api_server_is_there_before_it_has_a_name() {
    let later = json!({"fqdn": true, "private_fqdn": true, "node_resource_group": true});
    let cluster = |values: Value| new("azurerm_kubernetes_cluster.c", values, later.clone());
    let ranges = json!([{"authorized_ip_ranges": ["198.51.100.0/24"]}]);
    for (values, expected) in [
        (json!({"private_cluster_enabled": false}), vec!["opened API server of c: TCP 443"]),
        (
            json!({"private_cluster_enabled": false, "api_server_access_profile": ranges}),
            vec!["opened API server of c: TCP 443 from 198.51.100.0/24"],
        ),
        (json!({"private_cluster_enabled": true}), vec![]),
    ] {
        let plan = plan(&[network(), vec![cluster(values.clone())]].concat());
        let (found, [opened, doubtful]) = from_internet("plan-api-server", &plan);
        assert_eq!(found, expected, "{values}");
        assert_eq!((opened, doubtful), (i32::from(!expected.is_empty()), 0), "{values}");
    }
}

/// R438: an export or a scenario that lacks the name of a public cluster has its API server all the same.
#[test]
fn an_api_server_without_a_name_is_there() {
    let empty = "network: {virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16]}]}";
    let more = format!("{}, managedClusters: [{{name: c}}]}}", empty.trim_end_matches('}'));
    let more = more.replace("/16], managed", "/16]}], managed");
    let folder = folder("api-server-without-name", &[("a.yaml", empty), ("b.yaml", &*more)]);
    let run = run_in(&folder, &["diff", "a.yaml", "b.yaml", "--output", "json"], "");
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    let expected = ["opened a machine on the Internet -> API server of c: TCP 443"];
    assert_eq!(lines(&answer["answer"]), expected, "{}", run.err);
}

/// R582, R583, R585, R589: rules decide whom a service lets in, and its type at which ports; its names, which are known
/// after apply, do not.
#[test]
fn the_names_of_a_new_service_decide_about_no_packet() {
    let endpoints = json!({"primary_blob_endpoint": true, "primary_file_endpoint": true});
    let account = |rules: Value| {
        let values = json!({"network_rules": rules, "https_traffic_only_enabled": true, "sftp_enabled": false});
        new("azurerm_storage_account.st", values, endpoints.clone())
    };
    let deny =
        json!([{"default_action": "Deny", "ip_rules": [], "virtual_network_subnet_ids": []}]);
    let vault = |rules: &Value| {
        let values = json!({"network_acls": rules, "public_network_access_enabled": true});
        new("azurerm_key_vault.kv", values, json!({"vault_uri": true}))
    };
    let app = new(
        "azurerm_linux_web_app.app",
        json!({"site_config": [{"ip_restriction": []}], "public_network_access_enabled": true}),
        json!({"default_hostname": true}),
    );
    let account_open = account(json!([]));
    for (service, opened) in [
        (account_open, Some("opened st: TCP 443")),
        (account(deny.clone()), None),
        (vault(&json!([])), Some("opened kv: TCP 443")),
        (vault(&deny), None),
        (app, Some("opened app: TCP 80,443")),
    ] {
        let address = service.address.clone();
        let plan = plan(&[network(), vec![service]].concat());
        let (found, [fails, doubtful]) = from_internet("plan-service", &plan);
        let first = found.iter().find(|it| it.starts_with("opened"));
        assert_eq!(first.map(String::as_str), opened, "{address} {found:?}");
        assert_eq!(fails, i32::from(opened.is_some()), "{address}");
        // Other ports depend on settings that are not modelled, where anybody is let in at all.
        let is_closed = opened.is_none();
        assert!(!is_closed || (found.is_empty() && doubtful == 0), "{address} {found:?}");
    }
}

/// R583: a database that the plan makes has the rules that the plan makes, and refuses what none of them names.
#[test]
fn a_new_database_has_the_rules_of_the_plan_and_no_others() {
    let server = new(
        "azurerm_mssql_server.db",
        json!({"public_network_access_enabled": true}),
        json!({"fully_qualified_domain_name": true}),
    );
    let rule = new(
        "azurerm_mssql_firewall_rule.r",
        json!({"start_ip_address": "198.51.100.0", "end_ip_address": "198.51.100.255"}),
        json!({"server_id": true}),
    );
    let closed = plan(&[network(), vec![server.clone()]].concat());
    assert_eq!(from_internet("plan-database", &closed), (vec![], [0, 0]));
    let to = json!({"references": ["azurerm_mssql_server.db.id", "azurerm_mssql_server.db"]});
    let configured = [
        ("azurerm_mssql_server.db", json!({})),
        ("azurerm_mssql_firewall_rule.r", json!({"server_id": to})),
    ];
    let resources = [network(), vec![server, rule]].concat();
    let (found, _) = from_internet("plan-database-rule", &plan_of(&resources, &configured));
    assert_eq!(found[0], "opened db: TCP 1433 from 198.51.100.0/24");
    // A rule of which nothing tells the server may be one of its rules.
    let folder = folder("plan-database-lost", &[("plan.json", &*plan(&resources))]);
    for (gate, code) in [("opened-from-internet", 0), ("doubtful-from-internet", 1)] {
        let ask = ["diff", "--terraform-plan", "plan.json", "--fail-on", gate];
        let run = run_in(&folder, &ask, "");
        assert_eq!((run.code, run.err.contains("unknown-parent")), (code, true), "{}", run.out);
    }
}

/// What is made of another server may have the rules of that one.
#[test]
fn the_rules_of_a_replica_are_not_known() {
    for (mode, doubtful) in [(Value::Null, 0), ("Default".into(), 0), ("Replica".into(), 1)] {
        let values = json!({"public_network_access_enabled": true, "create_mode": mode});
        let server = new("azurerm_postgresql_flexible_server.pg", values, json!({"fqdn": true}));
        let text = plan(&[network(), vec![server]].concat());
        let (found, gates) = from_internet("plan-replica", &text);
        assert_eq!(gates, [0, doubtful], "{mode}: {found:?}");
    }
}

/// An API server that has no name in the input is no name to ask for, and is there.
#[test]
fn a_cluster_without_a_name_says_how_to_ask_for_it() {
    let values = json!({"private_cluster_enabled": false});
    let cluster = new("azurerm_kubernetes_cluster.c", values, json!({"fqdn": true}));
    let text = plan(&[network(), vec![cluster]].concat());
    let folder = folder("plan-nameless", &[("plan.json", &text)]);
    let run = run_in(&folder, &["trace", "plan.json", "--from", "internet", "--to", "c:443"], "");
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(
        run.err.contains("`c` is a cluster whose API server has no name in the input\n"),
        "{}",
        run.err
    );
    assert!(run.err.contains("hopwise reach --to c"), "{}", run.err);
    let run = run_in(&folder, &["reach", "plan.json", "--from", "internet", "--to", "c"], "");
    assert!(run.out.contains("TCP 443"), "{} {}", run.out, run.err);
}

/// What a name leads to: those that follow from type and name are known, others are not (R294).
#[test]
fn a_name_that_is_known_after_apply_is_not_made_up() {
    let vault = new(
        "azurerm_key_vault.kv",
        json!({"public_network_access_enabled": true}),
        json!({"vault_uri": true}),
    );
    let plan = plan(&[network(), vec![vault]].concat());
    let folder = folder("plan-names", &[("plan.json", &*plan)]);
    let ask =
        |to: &str| run_in(&folder, &["trace", "plan.json", "--from", "internet", "--to", to], "");
    let own = ask("kv.vault.azure.net:443");
    assert!(own.out.starts_with("REACHABLE"), "{}{}", own.out, own.err);
    let other = ask("kv2.vault.azure.net:443");
    assert!(other.out.starts_with("UNKNOWN"), "{}{}", other.out, other.err);
}

/// R396: without a policy the firewall's own mode counts, `Alert` where nobody sets one: it denies nothing.
#[test]
fn a_new_firewall_alerts_unless_somebody_configures_it() {
    let subnet = id("virtualNetworks/v/subnets/AzureFirewallSubnet");
    let inner = kept(
        "azurerm_subnet.f",
        json!({
            "id": subnet, "name": "AzureFirewallSubnet", "resource_group_name": "net",
            "virtual_network_name": "v", "address_prefixes": ["10.1.9.0/26"],
        }),
    );
    let own = json!([{"name": "i", "subnet_id": subnet, "private_ip_address": "10.1.9.4"}]);
    let values = json!({"sku_name": "AZFW_VNet", "sku_tier": "Standard", "ip_configuration": own});
    let firewall = new("azurerm_firewall.f", values, json!({"threat_intel_mode": true}));
    let resources = [network(), vec![inner, firewall]].concat();
    let set = json!({"threat_intel_mode": {"references": ["local.mode"]}});
    for (configured, is_doubtful) in [(json!({}), false), (set, true)] {
        let plan = plan_of(&resources, &[("azurerm_firewall.f", configured)]);
        let (answer, _) = differing_in("plan-threats", &plan, &[]);
        assert_eq!(between(&answer).is_empty(), !is_doubtful, "{answer:#}");
    }
}

/// A subnet of the network `v` for services.
fn subnet_for_services() -> (String, Planned) {
    let own = id("virtualNetworks/v/subnets/t");
    let values = json!({
        "id": own, "name": "t", "resource_group_name": "net", "virtual_network_name": "v",
        "address_prefixes": ["10.1.8.0/24"],
    });
    (own, kept("azurerm_subnet.t", values))
}

/// Whatever has an address of a subnet that is known after apply may have any that is free there (R7), and no other: it
/// decides about no packet on the Internet, and none between others.
#[test]
fn an_address_that_is_known_after_apply_is_one_of_its_subnet() {
    let (subnet, inner) = subnet_for_services();
    let resolver = kept("azurerm_private_dns_resolver.r", {
        let mut values = within("r");
        values["id"] = id("dnsResolvers/r").into();
        values["virtual_network_id"] = id("virtualNetworks/v").into();
        values
    });
    let inbound = new(
        "azurerm_private_dns_resolver_inbound_endpoint.i",
        json!({
            "private_dns_resolver_id": id("dnsResolvers/r"),
            "ip_configurations": [{"subnet_id": subnet, "private_ip_allocation_method": "Dynamic"}],
        }),
        json!({"ip_configurations": [{"private_ip_address": true}]}),
    );
    let router = new(
        "azurerm_route_server.rs",
        json!({"subnet_id": subnet, "branch_to_branch_traffic_enabled": false}),
        json!({"virtual_router_ips": true}),
    );
    let containers = new(
        "azurerm_container_group.cg",
        json!({"ip_address_type": "Private", "subnet_ids": [subnet]}),
        json!({"ip_address": true}),
    );
    let balancer = new(
        "azurerm_lb.lb",
        json!({"sku": "Standard", "frontend_ip_configuration": [{"name": "f", "subnet_id": subnet}]}),
        json!({"frontend_ip_configuration": [{"private_ip_address": true}]}),
    );
    for (name, made) in [
        ("inbound", vec![resolver, inbound]),
        ("router", vec![router]),
        ("containers", vec![containers]),
        ("balancer", vec![balancer]),
    ] {
        let plan = plan(&[network(), vec![inner.clone()], made].concat());
        let (answer, _) = differing_in(&format!("plan-later-{name}"), &plan, &[]);
        assert_eq!(between(&answer), [""; 0], "{name}");
        let found = lines(&answer);
        assert!(!found.is_empty(), "{name}");
        let is_open = found.iter().any(|it| it.starts_with("opened a, b -> cg: "));
        assert_eq!(is_open, name == "containers", "{found:?}");
        for line in found {
            // An address stands for that of the group of containers, which takes and sends by it.
            if line.contains("cg") {
                continue;
            }
            let is_there = line.contains(" 10.1.8.") && !line.contains("Internet ->");
            assert!(line.starts_with("doubtful") && is_there, "{name}: {line}");
        }
    }
}

/// R290: an endpoint that moves has an address of its new subnet, so that its old one leads nowhere.
#[test]
fn an_endpoint_that_moves_leaves_its_address() {
    let (subnet, inner) = subnet_for_services();
    let account =
        format!("{}/providers/Microsoft.Storage/storageAccounts/st", super::resources::GROUP);
    let endpoint = |address: Value, subnet: &str| {
        let mut values = within("pe");
        values["subnet_id"] = subnet.into();
        values["private_service_connection"] = json!([{
            "name": "c", "private_connection_resource_id": account, "is_manual_connection": false,
            "subresource_names": ["blob"], "private_ip_address": address,
        }]);
        values
    };
    let mut before = endpoint(json!("10.1.0.9"), &id("virtualNetworks/v/subnets/s"));
    before["id"] = id("privateEndpoints/pe").into();
    let moved = Planned {
        address: "azurerm_private_endpoint.pe".to_owned(),
        before,
        after: endpoint(Value::Null, &subnet),
        unknown: json!({"id": true, "private_service_connection": [{"private_ip_address": true}]}),
        actions: &["delete", "create"],
    };
    let plan = plan(&[network(), vec![inner, moved]].concat());
    let (answer, code) = differing_in("plan-endpoint-moves", &plan, &["--fail-on", "closed"]);
    assert_eq!(code, 1);
    assert!(lines(&answer).contains(&"closed a, b -> pe: TCP 443".to_owned()), "{answer:#}");
}

/// R282: an endpoint whose zone group changes its zone writes its record there, and takes it away from the old one. Both zones
/// were found with the numbers of their record sets, which no change of a plan is about.
#[test]
fn a_zone_group_that_changes_its_zone_takes_its_record_along() {
    let name = "privatelink.blob.core.windows.net";
    let zones = ["net", "other"].map(|group| {
        let own = id(&format!("privateDnsZones/{name}"));
        own.replace("resourceGroups/net", &format!("resourceGroups/{group}"))
    });
    let zone = |at: usize, count: u32| {
        let mut values = within(name);
        values["id"] = zones[at].clone().into();
        values["number_of_record_sets"] = count.into();
        kept(&format!("azurerm_private_dns_zone.z{at}"), values)
    };
    let link = |at: usize| {
        let mut values = within("l");
        values["id"] = format!("{}/virtualNetworkLinks/l", zones[at]).into();
        values["virtual_network_id"] = id("virtualNetworks/v").into();
        values["private_dns_zone_name"] = name.into();
        kept("azurerm_private_dns_zone_virtual_network_link.l", values)
    };
    let mut account = within("st");
    account["id"] =
        format!("{}/providers/Microsoft.Storage/storageAccounts/st", super::resources::GROUP)
            .into();
    let endpoint = |to: usize| {
        let mut values = within("pe");
        values["id"] = id("privateEndpoints/pe").into();
        values["subnet_id"] = id("virtualNetworks/v/subnets/s").into();
        values["private_service_connection"] = json!([{
            "name": "c", "private_connection_resource_id": account["id"], "is_manual_connection": false,
            "subresource_names": ["blob"], "private_ip_address": "10.1.0.9",
        }]);
        values["private_dns_zone_group"] =
            json!([{"name": "default", "private_dns_zone_ids": [zones[to]]}]);
        values["private_dns_zone_configs"] = json!([{"name": "z", "private_dns_zone_id": zones[0], "record_sets": [{
            "name": "st", "type": "A", "ttl": 10, "fqdn": format!("st.{name}"), "ip_addresses": ["10.1.0.9"],
        }]}]);
        values
    };
    let moved = Planned {
        address: "azurerm_private_endpoint.pe".to_owned(),
        before: endpoint(0),
        after: endpoint(1),
        unknown: json!({}),
        actions: &["update"],
    };
    // The network sees one of the two.
    for (linked, expected) in [(0, "NXDOMAIN"), (1, "10.1.0.9")] {
        let more = vec![
            zone(0, 2),
            zone(1, 1),
            link(linked),
            kept("azurerm_storage_account.st", account.clone()),
            moved.clone(),
        ];
        let plan = plan(&[network(), more].concat());
        let folder = folder("plan-zone-changes", &[("plan.json", &*plan)]);
        let host = "st.blob.core.windows.net";
        let run = run_in(&folder, &["dns", "plan.json", "--from", "a", "--name", host], "");
        assert!(run.out.contains(expected), "{linked}: {}{}", run.out, run.err);
    }
}

/// What a group of containers takes at a public address is not modelled, so that it is in doubt, also where there is
/// nothing else.
#[test]
fn a_new_public_group_of_containers_is_in_doubt() {
    let group = new(
        "azurerm_container_group.cg",
        json!({"ip_address_type": "Public"}),
        json!({"ip_address": true, "exposed_port": true, "fqdn": true}),
    );
    let (found, codes) = from_internet("plan-containers", &plan(&[group]));
    assert_eq!(codes, [0, 1], "{found:?}");
    assert!(found[0].starts_with("doubtful other addresses: any protocol to "), "{found:?}");
}

/// No state tells the address of a server in a subnet: packets to it are not compared.
#[test]
fn a_server_in_a_subnet_is_not_compared() {
    let (subnet, inner) = subnet_for_services();
    let server = new(
        "azurerm_postgresql_flexible_server.pg",
        json!({"delegated_subnet_id": subnet, "public_network_access_enabled": false}),
        json!({"fqdn": true}),
    );
    let plan = plan(&[network(), vec![inner, server]].concat());
    let folder = folder("plan-injected", &[("plan.json", &*plan)]);
    let ask = ["diff", "--terraform-plan", "plan.json", "--fail-on", "doubtful"];
    let run = run_in(&folder, &ask, "");
    let said = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = "not compared: packets of and to server pg, which the input does not tell";
    assert!(run.code == 1 && said.contains(expected), "{}", run.out);
}
