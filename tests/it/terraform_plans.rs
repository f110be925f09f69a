//! What becomes of plans of Terraform, as its documentation of `terraform show -json` describes them.

use hopwise::azure::Snapshot;
use hopwise::azure::tree::{Node, Value as Tree};
use hopwise::id::ResourceId;
use hopwise::import::{self, Document, Settings, Side};
use serde_json::{Value, json};

pub(crate) const OWN: &str =
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/net";
const HUB: &str = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/net";

pub(crate) fn read(plan: &Value, side: Side) -> Snapshot {
    let text = plan.to_string();
    let document = Document { name: "plan.json".into(), text: text.as_bytes() };
    let snapshot =
        import::read_with([document], &Settings { side, ..Settings::default() }).snapshot;
    assert_eq!(snapshot.diagnostics, []);
    snapshot
}

/// The ids of the resources, after the providers.
fn ids(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.resources.keys().map(ResourceId::as_str).collect()
}

/// What stands at `path` of the resource `id`, as JSON in short; `?` where it is not known.
pub(crate) fn at(snapshot: &Snapshot, id: &str, path: &str) -> String {
    let resource = &snapshot.resources[&ResourceId::new(id)];
    let whole = resource.body.node();
    let mut node = &whole;
    for step in path.split('/') {
        node = match &node.value {
            Tree::List(nodes) => &nodes[step.parse::<usize>().unwrap()],
            Tree::Null
            | Tree::Bool(_)
            | Tree::Number(_)
            | Tree::Text(_)
            | Tree::Object(_)
            | Tree::Unknown(_) => node.get(step).unwrap_or_else(|| panic!("{step} of {whole:?}")),
        };
    }
    short(node)
}

fn short(node: &Node) -> String {
    match &node.value {
        Tree::Text(text) => text.to_string(),
        Tree::Number(number) => number.to_string(),
        Tree::Bool(flag) => flag.to_string(),
        Tree::List(nodes) => nodes.iter().map(short).collect::<Vec<_>>().join(","),
        Tree::Unknown(unknown) => format!("?{}", unknown.as_str()),
        Tree::Null | Tree::Object(_) => node.kind().to_owned(),
    }
}

/// An instance with its values.
fn instance(address: &str, index: &Value, values: Value) -> Value {
    let own = address
        .rsplit_once("module.")
        .map_or(address, |(_, rest)| rest.split_once('.').map_or(rest, |(_, own)| own));
    let (mode, own) = own.strip_prefix("data.").map_or(("managed", own), |own| ("data", own));
    let (kind, name) = own.split_once('.').unwrap();
    let name = name.split('[').next().unwrap();
    let provider = if kind.starts_with("azapi") { "azure/azapi" } else { "hashicorp/azurerm" };
    let mut found = json!({
        "address": address, "mode": mode, "type": kind, "name": name,
        "provider_name": format!("registry.terraform.io/{provider}"),
    });
    found["values"] = values;
    if !index.is_null() {
        found["index"] = index.clone();
    }
    found
}

pub(crate) fn one(address: &str, values: Value) -> Value {
    instance(address, &Value::Null, values)
}

/// What a resource to be made does not know yet.
pub(crate) fn unknown(address: &str, unknown: Value) -> Value {
    let mut found = json!({"address": address, "change": {"actions": ["create"]}});
    found["change"]["after_unknown"] = unknown;
    found
}

pub(crate) fn references(to: &[&str]) -> Value {
    json!({"references": to})
}

/// A module that is called for each region, with as many subnets as `count` says; its security group and
/// its peering's other end come from the caller, which has another provider for the hub.
fn modules() -> Value {
    let net =
        |name: &str| json!({"name": name, "resource_group_name": "net", "location": "westeurope"});
    let mut hub = net("hub");
    hub["address_space"] = json!(["10.0.0.0/16"]);
    let mut spoke = net("eu");
    spoke["address_space"] = json!(["10.1.0.0/16"]);
    let subnet = |number: usize| {
        let address = format!("module.spoke[\"eu\"].azurerm_subnet.s[{number}]");
        let values = json!({
            "name": format!("s-{number}"), "resource_group_name": "net",
            "virtual_network_name": "eu", "address_prefixes": [format!("10.1.{number}.0/24")],
        });
        instance(&address, &json!(number), values)
    };
    let inner = "module.spoke[\"eu\"]";
    let guard = |number: usize| {
        let kind = "azurerm_subnet_network_security_group_association";
        instance(&format!("{inner}.{kind}.s[{number}]"), &json!(number), json!({}))
    };
    json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "planned_values": {"root_module": {
            "resources": [
                one("azurerm_virtual_network.hub", hub),
                one("azurerm_network_security_group.g", net("g")),
            ],
            "child_modules": [{
                "address": inner,
                "resources": [
                    one(&format!("{inner}.azurerm_virtual_network.this"), spoke),
                    subnet(0), subnet(1), guard(0), guard(1),
                    one(&format!("{inner}.azurerm_virtual_network_peering.hub"), json!({
                        "name": "to-hub", "resource_group_name": "net",
                        "virtual_network_name": "eu", "allow_virtual_network_access": true,
                    })),
                ],
            }],
        }},
        "resource_changes": [
            unknown("azurerm_virtual_network.hub", json!({"id": true})),
            unknown("azurerm_network_security_group.g", json!({"id": true, "security_rule": true})),
            unknown(&format!("{inner}.azurerm_subnet_network_security_group_association.s[0]"),
                json!({"subnet_id": true, "network_security_group_id": true})),
            unknown(&format!("{inner}.azurerm_subnet_network_security_group_association.s[1]"),
                json!({"subnet_id": true, "network_security_group_id": true})),
            unknown(&format!("{inner}.azurerm_virtual_network_peering.hub"),
                json!({"id": true, "remote_virtual_network_id": true})),
        ],
        "configuration": configuration(),
        "variables": {"own": {"value": "11111111-1111-1111-1111-111111111111"}},
    })
}

/// What the modules are made of.
fn configuration() -> Value {
    let configured = |address: &str, provider: &str, expressions: Value| {
        json!({
            "address": address, "provider_config_key": provider, "expressions": expressions,
        })
    };
    json!({
        "provider_config": {
            "azurerm": {"name": "azurerm", "expressions": {"subscription_id": {"references": ["var.own"]}}},
            "azurerm.hub": {"name": "azurerm", "alias": "hub", "expressions": {
                "subscription_id": {"constant_value": "22222222-2222-2222-2222-222222222222"},
            }},
        },
        "root_module": {
            "resources": [
                configured("azurerm_virtual_network.hub", "azurerm.hub", json!({})),
                configured("azurerm_network_security_group.g", "azurerm", json!({})),
            ],
            "module_calls": {"spoke": {
                "source": "./spoke",
                "for_each_expression": {"references": ["var.regions"]},
                "expressions": {
                    "group": references(&["azurerm_network_security_group.g.id", "azurerm_network_security_group.g"]),
                    "hub": references(&["azurerm_virtual_network.hub.id", "azurerm_virtual_network.hub"]),
                },
                "module": {"resources": [
                    configured("azurerm_virtual_network.this", "azurerm", json!({})),
                    configured("azurerm_subnet.s", "azurerm", json!({})),
                    configured("azurerm_subnet_network_security_group_association.s", "azurerm", json!({
                        "subnet_id": references(&["azurerm_subnet.s", "count.index"]),
                        "network_security_group_id": references(&["var.group"]),
                    })),
                    configured("azurerm_virtual_network_peering.hub", "azurerm", json!({
                        "remote_virtual_network_id": references(&["var.hub"]),
                    })),
                ]},
            }},
        },
    })
}

#[test]
fn modules_counts_and_aliases_are_followed() {
    let snapshot = read(&modules(), Side::After);
    let network = |tail: &str| format!("{OWN}/providers/Microsoft.Network/{tail}");
    let hub = format!("{HUB}/providers/Microsoft.Network/virtualNetworks/hub");
    let group = network("networkSecurityGroups/g");
    let expected = [
        group.clone(),
        network("virtualNetworks/eu"),
        network("virtualNetworks/eu/subnets/s-0"),
        network("virtualNetworks/eu/subnets/s-1"),
        network("virtualNetworks/eu/virtualNetworkPeerings/to-hub"),
        hub.clone(),
    ];
    assert_eq!(ids(&snapshot), expected);
    for number in ["0", "1"] {
        let subnet = network(&format!("virtualNetworks/eu/subnets/s-{number}"));
        assert_eq!(at(&snapshot, &subnet, "properties/networkSecurityGroup/id"), group);
        let prefix = format!("10.1.{number}.0/24");
        assert_eq!(at(&snapshot, &subnet, "properties/addressPrefixes"), prefix);
    }
    let peering = network("virtualNetworks/eu/virtualNetworkPeerings/to-hub");
    assert_eq!(at(&snapshot, &peering, "properties/remoteVirtualNetwork/id"), hub);
    assert!(read(&modules(), Side::Before).resources.is_empty());
}

/// Data sources are read before a plan is made, and stand in its prior state only.
#[test]
fn a_data_source_is_there_on_both_sides() {
    let id = format!("{HUB}/providers/Microsoft.Network/virtualNetworks/hub");
    let data = one(
        "data.azurerm_virtual_network.hub",
        json!({
            "id": id, "name": "hub", "resource_group_name": "net", "address_space": ["10.0.0.0/16"],
        }),
    );
    let plan = json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "prior_state": {
            "format_version": "1.0", "terraform_version": "1.11.4",
            "values": {"root_module": {"resources": [data]}},
        },
        "resource_changes": [], "configuration": {"root_module": {}},
    });
    for side in [Side::Before, Side::After] {
        let snapshot = read(&plan, side);
        assert_eq!(at(&snapshot, &id, "properties/addressSpace/addressPrefixes"), "10.0.0.0/16");
    }
}

/// Version 2 of azapi has the body as an object, version 1 as a text of JSON.
#[test]
fn the_body_of_azapi_is_an_object_or_a_text() {
    let body = json!({"properties": {
        "disableBgpRoutePropagation": true,
        "routes": [{"name": "all", "properties": {
            "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance",
            "nextHopIpAddress": "10.0.1.4",
        }}],
    }});
    let id = format!("{OWN}/providers/Microsoft.Network/routeTables/r");
    for body in [body.clone(), json!(body.to_string())] {
        let values = json!({
            "type": "Microsoft.Network/routeTables@2023-11-01", "name": "r", "parent_id": OWN,
            "location": "westeurope", "body": body,
        });
        let plan = json!({
            "format_version": "1.2", "terraform_version": "1.11.4",
            "planned_values": {"root_module": {"resources": [one("azapi_resource.r", values)]}},
            "resource_changes": [unknown("azapi_resource.r", json!({"id": true, "output": true}))],
            "configuration": {"root_module": {}},
        });
        let snapshot = read(&plan, Side::After);
        assert_eq!(ids(&snapshot), [&*id]);
        assert_eq!(at(&snapshot, &id, "properties/disableBgpRoutePropagation"), "true");
        let hop = at(&snapshot, &id, "properties/routes/0/properties/nextHopIpAddress");
        assert_eq!(hop, "10.0.1.4");
    }
}

/// What `azapi_resource` and its kin of these addresses and values become.
fn azapi(resources: &[(&str, Value)]) -> Snapshot {
    let own = "/subscriptions/11111111-1111-1111-1111-111111111111";
    let with_parent = |(address, values): &(&str, Value)| {
        let mut values = values.clone();
        if values["parent_id"] == "own" {
            values["parent_id"] = own.into();
        }
        one(address, values)
    };
    let plan = json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": resources.iter().map(with_parent).collect::<Vec<_>>()}},
        "resource_changes": [], "configuration": {"root_module": {}},
    });
    read(&plan, Side::After)
}

/// An update is made after what it updates, and calls make nothing.
#[test]
fn an_update_of_azapi_counts_for_more_and_an_action_for_nothing() {
    let table = format!("{OWN}/providers/Microsoft.Network/routeTables/r");
    let body =
        |propagates: bool| json!({"properties": {"disableBgpRoutePropagation": !propagates}});
    let arm_type = "Microsoft.Network/routeTables@2023-11-01";
    let snapshot = azapi(&[
        (
            "azurerm_route_table.r",
            json!({
                "id": table, "name": "r", "resource_group_name": "net", "location": "westeurope",
                "bgp_route_propagation_enabled": true,
            }),
        ),
        (
            "azapi_update_resource.r",
            json!({"type": arm_type, "resource_id": table, "body": body(false)}),
        ),
        (
            "azapi_resource_action.r",
            json!({"type": arm_type, "resource_id": table, "action": "start", "body": body(true)}),
        ),
    ]);
    assert_eq!(ids(&snapshot), [&*table]);
    assert_eq!(at(&snapshot, &table, "properties/disableBgpRoutePropagation"), "true");
}

/// A data source tells what is exported; what is not is not known.
#[test]
fn a_data_source_of_azapi_tells_what_it_exports() {
    let table = format!("{OWN}/providers/Microsoft.Network/routeTables/r");
    let values = |paths: Value| {
        json!({
            "type": "Microsoft.Network/routeTables@2023-11-01", "resource_id": table, "name": "r",
            "response_export_values": paths,
            "output": {"properties": {"disableBgpRoutePropagation": true}},
        })
    };
    let told = azapi(&[("data.azapi_resource.r", values(json!(["*"])))]);
    assert_eq!(at(&told, &table, "properties/disableBgpRoutePropagation"), "true");
    let untold = azapi(&[("data.azapi_resource.r", values(json!([])))]);
    let why = "?`data.azapi_resource.r`, which does not export everything";
    assert_eq!(at(&untold, &table, "properties"), why);
}

/// What azurerm puts into a group of azapi is in that group.
#[test]
fn a_resource_group_of_azapi_has_the_id_of_one() {
    let snapshot = azapi(&[(
        "azapi_resource.g",
        json!({"type": "Microsoft.Resources/resourceGroups@2024-03-01", "name": "net", "parent_id": "own"}),
    )]);
    assert_eq!(ids(&snapshot), [OWN]);
}

/// A name that follows from the configuration identifies a frontend of a rule for outbound connections.
#[test]
fn what_is_in_a_list_that_is_not_known_is_not_known() {
    let plan = json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": [
            one("azurerm_firewall.f", json!({
                "name": "f", "resource_group_name": "net", "location": "westeurope",
                "sku_name": "AZFW_Hub", "sku_tier": "Standard",
            })),
            one("azurerm_lb.l", json!({
                "name": "l", "resource_group_name": "net", "location": "westeurope", "sku": "Standard",
                "sku_tier": "Global",
            })),
            one("azurerm_lb_outbound_rule.o", json!({
                "name": "o", "protocol": "All", "frontend_ip_configuration": [{"name": "front"}],
            })),
        ]}},
        "resource_changes": [
            unknown("azurerm_firewall.f", json!({"id": true, "virtual_hub": true})),
            unknown("azurerm_lb.l", json!({"id": true})),
            unknown("azurerm_lb_outbound_rule.o", json!({
                "id": true, "loadbalancer_id": true, "frontend_ip_configuration": [{"id": true}],
            })),
        ],
        "configuration": {"root_module": {"resources": [
            {"address": "azurerm_lb_outbound_rule.o", "expressions": {
                "loadbalancer_id": references(&["azurerm_lb.l.id", "azurerm_lb.l"]),
            }},
        ]}},
    });
    let snapshot = read(&plan, Side::After);
    let id = |tail: &str| {
        let found = snapshot.resources.keys().find(|id| id.as_str().ends_with(tail)).unwrap();
        found.as_str().to_owned()
    };
    let hub = at(&snapshot, &id("azureFirewalls/f"), "properties/virtualHub");
    assert_eq!(hub, "?`azurerm_firewall.f.virtual_hub`, known after apply");
    let rule = id("loadBalancers/l/outboundRules/o");
    let front = at(&snapshot, &rule, "properties/frontendIPConfigurations/0/id");
    assert_eq!(front, format!("{}/frontendIPConfigurations/front", id("loadBalancers/l")));
    assert_eq!(at(&snapshot, &id("loadBalancers/l"), "sku/tier"), "Global");
}

/// A state with these instances and nothing else.
fn state(resources: &[Value]) -> Value {
    json!({
        "format_version": "1.0", "terraform_version": "1.11.4",
        "values": {"root_module": {"resources": resources}},
    })
}

/// The provider keeps in a network, and in an account, what it found there last.
#[test]
fn what_is_set_by_a_resource_of_its_own_counts_and_not_what_its_owner_holds() {
    let network = format!("{OWN}/providers/Microsoft.Network/virtualNetworks/v");
    let account = format!("{OWN}/providers/Microsoft.Storage/storageAccounts/a");
    let snapshot = read(
        &state(&[
            one(
                "azurerm_virtual_network.v",
                json!({
                    "id": network, "name": "v", "resource_group_name": "net", "dns_servers": ["10.0.0.9"],
                }),
            ),
            one(
                "azurerm_virtual_network_dns_servers.v",
                json!({
                    "virtual_network_id": network, "dns_servers": ["10.0.0.4"],
                }),
            ),
            one(
                "azurerm_storage_account.a",
                json!({
                    "id": account, "name": "a", "resource_group_name": "net",
                    "network_rules": [{"default_action": "Allow", "ip_rules": []}],
                }),
            ),
            one(
                "azurerm_storage_account_network_rules.a",
                json!({
                    "storage_account_id": account, "default_action": "Deny", "ip_rules": ["203.0.113.0/24"],
                }),
            ),
        ]),
        Side::After,
    );
    assert_eq!(at(&snapshot, &network, "properties/dhcpOptions/dnsServers"), "10.0.0.4");
    assert_eq!(at(&snapshot, &account, "properties/networkAcls/defaultAction"), "Deny");
    assert_eq!(at(&snapshot, &account, "properties/networkAcls/ipRules/0/value"), "203.0.113.0/24");
}

#[test]
fn ranges_of_their_own_are_added_to_those_of_the_group() {
    let group = format!("{OWN}/providers/Microsoft.Network/ipGroups/i");
    let range = |name: &str, cidr: &str| {
        one(&format!("azurerm_ip_group_cidr.{name}"), json!({"ip_group_id": group, "cidr": cidr}))
    };
    let whole = one(
        "azurerm_ip_group.i",
        json!({"id": group, "name": "i", "resource_group_name": "net", "cidrs": ["10.0.0.0/24"]}),
    );
    let resources = [whole, range("a", "10.1.0.0/24"), range("b", "10.2.0.0/24")];
    let snapshot = read(&state(&resources), Side::After);
    let ranges = at(&snapshot, &group, "properties/ipAddresses");
    assert_eq!(ranges, "10.0.0.0/24,10.1.0.0/24,10.2.0.0/24");
}

/// Joining two circuits is said of a peering, which is an element of a list of the first one.
#[test]
fn a_connection_of_circuits_is_found_at_its_peering() {
    let circuit = format!("{OWN}/providers/Microsoft.Network/expressRouteCircuits/c");
    let peering = json!({
        "express_route_circuit_name": "c", "resource_group_name": "net",
        "peering_type": "AzurePrivatePeering", "peer_asn": 65100,
    });
    let plan = json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": [
            one("azurerm_express_route_circuit_peering.p", peering),
            one("azurerm_express_route_circuit_connection.x", json!({
                "name": "x", "address_prefix_ipv4": "192.169.8.0/29",
                "peer_peering_id": format!("{HUB}/providers/Microsoft.Network/expressRouteCircuits/d/peerings/AzurePrivatePeering"),
            })),
        ]}},
        "resource_changes": [
            unknown("azurerm_express_route_circuit_peering.p", json!({"id": true})),
            unknown("azurerm_express_route_circuit_connection.x", json!({"id": true, "peering_id": true})),
        ],
        "variables": {"own": {"value": "11111111-1111-1111-1111-111111111111"}},
        "configuration": {
            "provider_config": {"azurerm": {"name": "azurerm", "expressions": {"subscription_id": {"references": ["var.own"]}}}},
            "root_module": {"resources": [
                {"address": "azurerm_express_route_circuit_peering.p", "provider_config_key": "azurerm", "expressions": {}},
                {"address": "azurerm_express_route_circuit_connection.x", "provider_config_key": "azurerm", "expressions": {
                    "peering_id": references(&["azurerm_express_route_circuit_peering.p.id", "azurerm_express_route_circuit_peering.p"]),
                }},
            ]},
        },
    });
    let snapshot = read(&plan, Side::After);
    let peering = format!("{circuit}/peerings/AzurePrivatePeering");
    assert_eq!(ids(&snapshot), [&*circuit, &peering]);
    assert_eq!(at(&snapshot, &peering, "properties/connections/0/name"), "x");
    let network = hopwise::resolve::resolve(snapshot).0;
    assert!(network.express_route_circuits.values().all(|it| it.has_global_reach));
    assert_eq!(network.express_route_circuits.values().count(), 1);
}
