//! What nobody configures is what Azure makes of it, and what may be configured stays unknown.

use crate::terraform_plans::{OWN, at, one, read, references, unknown};
use hopwise::azure::PlatformProfile;
use hopwise::dataplane;
use hopwise::import::{self, Document, Settings, Side};
use hopwise::question;
use hopwise::resolve::resolve;
use serde_json::{Value, json};
use std::sync::Arc;

/// What is not known before an apply of these resources, by address.
type Later = Vec<(&'static str, Value)>;

fn plan(resources: &[Value], later: Later, configuration: &Value) -> Value {
    let later = later.into_iter().map(|(address, attributes)| unknown(address, attributes));
    json!({
        "format_version": "1.2", "terraform_version": "1.9.8",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": later.collect::<Vec<_>>(),
        "configuration": configuration,
    })
}

/// A configuration of these resources with their expressions.
fn configured(resources: &[(&str, Value)]) -> Value {
    let resources = resources.iter().map(|(address, expressions)| {
        json!({"address": address, "provider_config_key": "azurerm", "expressions": expressions})
    });
    let provider = json!({"azurerm": {"name": "azurerm", "expressions": {"subscription_id": is(OWN_SUBSCRIPTION)}}});
    json!({
        "provider_config": provider,
        "root_module": {"resources": resources.collect::<Vec<_>>()},
    })
}

const OWN_SUBSCRIPTION: &str = "11111111-1111-1111-1111-111111111111";

fn named(name: &str) -> Value {
    json!({"name": name, "resource_group_name": "net", "location": "westeurope"})
}

/// `base` with the members of `more`.
fn with(mut base: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        base[name] = value.clone();
    }
    base
}

fn is(value: &str) -> Value {
    json!({"constant_value": value})
}

fn id(tail: &str) -> String {
    format!("{OWN}/providers/Microsoft.Network/{tail}")
}

/// A network with one subnet that is there, a new interface in it, and a new network and subnet.
fn estate() -> Vec<Value> {
    let subnet = id("virtualNetworks/v/subnets/s");
    let own = |values: Value, tail: &str| with(values, &json!({"id": id(tail)}));
    let network = with(named("v"), &json!({"address_space": ["10.0.0.0/16"], "dns_servers": []}));
    let inner = json!({
        "name": "s", "resource_group_name": "net", "virtual_network_name": "v",
        "address_prefixes": ["10.0.1.0/24"],
    });
    let old = json!([{"name": "i", "private_ip_address": "10.0.1.4", "subnet_id": subnet, "primary": true}]);
    let new = json!([{"name": "i", "private_ip_address": "10.0.1.9", "subnet_id": subnet}]);
    vec![
        one("azurerm_virtual_network.v", own(network, "virtualNetworks/v")),
        one("azurerm_subnet.s", own(inner.clone(), "virtualNetworks/v/subnets/s")),
        one(
            "azurerm_network_interface.old",
            own(with(named("old"), &json!({"ip_configuration": old})), "networkInterfaces/old"),
        ),
        one("azurerm_network_interface.new", with(named("new"), &json!({"ip_configuration": new}))),
        one(
            "azurerm_virtual_network.w",
            with(named("w"), &json!({"address_space": ["10.9.0.0/16"]})),
        ),
        one(
            "azurerm_subnet.t",
            with(
                inner,
                &json!({
                    "name": "t", "virtual_network_name": "w", "address_prefixes": ["10.9.1.0/24"],
                }),
            ),
        ),
    ]
}

fn later() -> Later {
    vec![
        (
            "azurerm_network_interface.new",
            json!({
                "id": true, "dns_servers": true, "virtual_machine_id": true, "internal_domain_name_suffix": true,
                "ip_configuration": [{
                    "primary": true, "gateway_load_balancer_frontend_ip_configuration_id": true,
                }],
            }),
        ),
        ("azurerm_virtual_network.w", json!({"id": true, "dns_servers": true, "subnet": true})),
        (
            "azurerm_subnet.t",
            json!({
                "id": true, "private_endpoint_network_policies": true,
                "private_endpoint_network_policies_enabled": true,
                "enforce_private_link_endpoint_network_policies": true,
                "private_link_service_network_policies_enabled": true,
                "enforce_private_link_service_network_policies": true,
            }),
        ),
    ]
}

fn interface() -> Value {
    json!({"name": is("new"), "ip_configuration": [{
        "name": is("i"), "private_ip_address": is("10.0.1.9"),
        "subnet_id": references(&["azurerm_subnet.s.id", "azurerm_subnet.s"]),
    }]})
}

/// The properties of which the network does not know what they are, and what that is laid upon.
fn loose(plan: &Value) -> Vec<String> {
    let network = resolve(read(plan, Side::After)).0;
    let values = network.unknown_values.iter().filter(|value| !value.is_in_model);
    values.map(|value| format!("{} of {}", value.property, value.of.name())).collect()
}

const OF_NEW: &[&str] = &["dnsSettings/dnsServers of new", "ipConfigurations/0/primary of i"];

#[test]
fn what_nobody_configures_is_the_default() {
    let configuration = configured(&[
        ("azurerm_network_interface.new", interface()),
        ("azurerm_virtual_network.w", json!({"name": is("w")})),
        ("azurerm_subnet.t", json!({"name": is("t")})),
    ]);
    let plan = plan(&estate(), later(), &configuration);
    assert_eq!(loose(&plan), [""; 0]);
    let snapshot = read(&plan, Side::After);
    let primary = "properties/ipConfigurations/0/primary";
    assert_eq!(at(&snapshot, &id("networkInterfaces/new"), primary), "true");
    let subnet = id("virtualNetworks/w/subnets/t");
    for property in ["privateEndpointNetworkPolicies", "privateLinkServiceNetworkPolicies"] {
        assert_eq!(at(&snapshot, &subnet, &format!("properties/{property}")), "Enabled");
    }
}

/// A policy that is configured and not known yet is not the default of another name for it.
#[test]
fn a_default_gives_way_to_what_is_configured_under_another_name() {
    let configuration = configured(&[
        ("azurerm_network_interface.new", interface()),
        ("azurerm_virtual_network.w", json!({})),
        (
            "azurerm_subnet.t",
            json!({
                "private_endpoint_network_policies_enabled": references(&["terraform_data.x.output", "terraform_data.x"]),
            }),
        ),
    ]);
    assert_eq!(
        loose(&plan(&estate(), later(), &configuration)),
        ["privateEndpointNetworkPolicies of t"]
    );
}

/// Only the lack of an expression is evidence.
#[test]
fn what_may_be_configured_stays_unknown() {
    let rest = [("azurerm_virtual_network.w", json!({})), ("azurerm_subnet.t", json!({}))];
    let of_new = |expressions: Value| {
        let mut all = rest.to_vec();
        all.push(("azurerm_network_interface.new", expressions));
        loose(&plan(&estate(), later(), &configured(&all)))
    };
    // Without the configuration of the resource.
    assert_eq!(loose(&plan(&estate(), later(), &configured(&rest))), OF_NEW);
    // A dynamic block does not stand in it.
    assert_eq!(of_new(json!({"name": is("new")})), OF_NEW[1..]);
    // Another resource gives the servers.
    let servers = references(&["azurerm_firewall.f.ip_configuration", "azurerm_firewall.f"]);
    assert_eq!(of_new(with(interface(), &json!({"dns_servers": servers}))), OF_NEW[..1]);
    // Local values are not told.
    let servers = references(&["local.servers"]);
    assert_eq!(of_new(with(interface(), &json!({"dns_servers": servers}))), OF_NEW[..1]);
    // A variable of the root is known, so that it was null.
    let servers = references(&["var.servers"]);
    assert_eq!(of_new(with(interface(), &json!({"dns_servers": servers}))), [""; 0]);
    let null = json!({"dns_servers": {"constant_value": null}});
    assert_eq!(of_new(with(interface(), &null)), [""; 0]);
}

/// An argument of a module is as known as what its caller gives.
#[test]
fn an_argument_of_a_module_is_followed() {
    let address = "module.m.azurerm_network_interface.new";
    let mut resources = estate();
    resources.truncate(3);
    let new = json!([{
        "name": "i", "private_ip_address": "10.0.1.9", "primary": true,
        "subnet_id": id("virtualNetworks/v/subnets/s"),
    }]);
    let new = one(address, with(named("new"), &json!({"ip_configuration": new})));
    let later = vec![(address, json!({"id": true, "dns_servers": true}))];
    let mut plan = plan(&resources, later, &json!({}));
    plan["planned_values"]["root_module"]["child_modules"] =
        json!([{"address": "module.m", "resources": [new]}]);
    let mut of = |arguments: Value| {
        let inner = configured(&[(
            "azurerm_network_interface.new",
            with(interface(), &json!({"dns_servers": references(&["var.servers"])})),
        )]);
        plan["configuration"] = json!({"root_module": {"module_calls": {"m": {
            "expressions": arguments, "module": inner["root_module"],
        }}}});
        loose(&plan)
    };
    assert_eq!(of(json!({})), [""; 0]);
    assert_eq!(of(json!({"servers": references(&["var.all"])})), [""; 0]);
    let of_resource = references(&["azurerm_subnet.s.address_prefixes", "azurerm_subnet.s"]);
    assert_eq!(of(json!({"servers": of_resource})), OF_NEW[..1]);
}

/// What a data source gives does not stand in its configuration.
#[test]
fn a_data_source_that_is_read_later_has_no_defaults() {
    let address = "data.azurerm_virtual_network.d";
    let mut resources = estate();
    resources.truncate(3);
    resources.push(one(address, with(named("d"), &json!({"address_space": ["10.8.0.0/16"]}))));
    let configuration = configured(&[(address, json!({"name": is("d")}))]);
    let plan =
        plan(&resources, vec![(address, json!({"id": true, "dns_servers": true}))], &configuration);
    assert_eq!(loose(&plan), ["dhcpOptions/dnsServers of d"]);
}

/// Frontends of a balancer are public or in a subnet.
#[test]
fn the_frontend_of_a_balancer_is_what_it_is_configured_to_be() {
    let front = |name: &str, more: &Value| with(json!({"name": name}), more);
    let all = json!({
        "subnet_id": true, "private_ip_address": true, "private_ip_address_version": true,
        "public_ip_address_id": true, "public_ip_prefix_id": true,
        "gateway_load_balancer_frontend_ip_configuration_id": true,
    });
    let public = id("publicIPAddresses/p");
    let mut resources = estate();
    resources.truncate(3);
    resources.push(one(
        "azurerm_public_ip.p",
        with(
            named("p"),
            &json!({
                "id": public, "ip_address": "20.1.2.3", "sku": "Standard",
            }),
        ),
    ));
    resources.push(one(
        "azurerm_lb.l",
        with(
            named("l"),
            &json!({"sku": "Standard", "frontend_ip_configuration": [
                front("out", &json!({"public_ip_address_id": public})),
                front("in", &json!({"subnet_id": id("virtualNetworks/v/subnets/s")})),
            ]}),
        ),
    ));
    let without = |name: &str| {
        let mut rest = all.clone();
        rest.as_object_mut().unwrap().remove(name);
        rest
    };
    let later = vec![(
        "azurerm_lb.l",
        json!({
            "id": true, "frontend_ip_configuration": [without("public_ip_address_id"), without("subnet_id")],
        }),
    )];
    let configuration = configured(&[(
        "azurerm_lb.l",
        json!({"frontend_ip_configuration": [
            {"name": is("out"), "public_ip_address_id": references(&["azurerm_public_ip.p.id", "azurerm_public_ip.p"])},
            {"name": is("in"), "subnet_id": references(&["azurerm_subnet.s.id", "azurerm_subnet.s"])},
        ]}),
    )]);
    let found = loose(&plan(&resources, later, &configuration));
    // The address that Azure will choose in the subnet.
    assert_eq!(found, ["frontendIPConfigurations/1/privateIPAddress of in"]);
}

/// DNS servers decide about names, and about no packet to an address (R235).
#[test]
fn a_dns_server_that_is_not_known_decides_no_packet_to_an_address() {
    let servers = references(&["azurerm_firewall.f.ip_configuration", "azurerm_firewall.f"]);
    let configuration = configured(&[
        ("azurerm_network_interface.new", with(interface(), &json!({"dns_servers": servers}))),
        ("azurerm_virtual_network.w", json!({})),
        ("azurerm_subnet.t", json!({})),
    ]);
    let mut resources = estate();
    resources.extend(["old", "new"].map(|name| {
        let address = format!("azurerm_linux_virtual_machine.{name}");
        let interfaces =
            json!({"network_interface_ids": [id(&format!("networkInterfaces/{name}"))]});
        one(&address, with(named(name), &interfaces))
    }));
    let document = plan(&resources, later(), &configuration).to_string();
    let document = Document { name: "plan.json".into(), text: document.as_bytes() };
    let asked = "internet: {records: [{name: www.example.com, A: [203.0.113.80]}]}\n\
        expect:\n\
        - {from: old, to: \"10.0.1.9:443\", verdict: reachable, cites: [R38]}\n\
        - {resolve: {from: new, name: www.example.com}, answer: unknown, cites: [R235]}\n\
        - {resolve: {from: old, name: www.example.com}, addresses: [203.0.113.80], cites: [R235]}\n";
    let asked = Document { name: "asked.yaml".into(), text: asked.as_bytes() };
    let imported = import::read_with([document, asked], &Settings::default());
    let expectations = imported.scenarios[0].expectations().0;
    assert_eq!(expectations.len(), 3);
    let network = Arc::new(resolve(imported.snapshot).0);
    let plane = dataplane::compile(network, PlatformProfile::by_name("2023").unwrap());
    for expected in &expectations {
        let found = question::judge(&plane, &[], expected).unwrap();
        assert_eq!(found.differences, [], "{}", found.name);
    }
}

/// The interface of a private endpoint is made by Azure (R290), and no resource of Terraform: the provider tells its id, and
/// the endpoint its address.
#[test]
fn the_interface_that_an_endpoint_makes_is_not_missing() {
    let id = |tail: &str| format!("{OWN}/providers/Microsoft.Network/{tail}");
    let subnet = id("virtualNetworks/v/subnets/s");
    let endpoint = |address: &str| {
        let connection = json!([{
            "name": "c", "private_connection_resource_alias": "a.b.westeurope.azure.privatelinkservice",
            "is_manual_connection": false, "private_ip_address": address,
        }]);
        json!({
            "id": id("privateEndpoints/e"), "name": "e", "resource_group_name": "net", "subnet_id": subnet,
            "network_interface": [{"id": id("networkInterfaces/e.nic.1"), "name": "e.nic.1"}],
            "private_service_connection": connection,
        })
    };
    let network = json!({
        "id": id("virtualNetworks/v"), "name": "v", "resource_group_name": "net", "address_space": ["10.1.0.0/16"],
        "subnet": [{"name": "s", "address_prefixes": ["10.1.0.0/24"]}],
    });
    for (address, expected) in [("10.1.0.5", &[][..]), ("", &["missing-reference"])] {
        let resources = [
            one("azurerm_virtual_network.v", network.clone()),
            one("azurerm_private_endpoint.e", endpoint(address)),
        ];
        let state = json!({
            "format_version": "1.0", "terraform_version": "1.11.4",
            "values": {"root_module": {"resources": resources}},
        });
        let (network, remarks) = hopwise::resolve::resolve(read(&state, Side::After));
        let codes: Vec<&str> = remarks.iter().map(|it| it.code).collect();
        assert_eq!(codes, expected, "{remarks:?}");
        assert_eq!(network.missing.values().count(), expected.len());
    }
}
