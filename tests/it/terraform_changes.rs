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
