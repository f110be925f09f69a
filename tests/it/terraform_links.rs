//! What references of a configuration lead to, as plans have them: `references` lists what an expression names, and nothing of
//! what is done with it. Source: plans of Terraform 1.11.4.

use super::terraform_plans::{at, one, read, references, unknown};
use hopwise::azure::Snapshot;
use hopwise::id::ResourceId;
use hopwise::import::{self, Document, Settings, Side};
use serde_json::{Value, json};

/// One of several instances, with its key.
fn keyed(address: &str, key: &Value, values: Value) -> Value {
    let mut found = one(&format!("{address}[{key}]"), values);
    found["index"] = key.clone();
    found
}

/// Subnets `one` and `two` with these keys, in `module`.
fn subnets(module: &str, keys: [&str; 2]) -> [Value; 2] {
    let subnet = |key: &str, name: &str| {
        let values = json!({
            "name": name, "resource_group_name": "net", "virtual_network_name": "v",
            "address_prefixes": [format!("10.1.{}.0/24", name.len())],
        });
        keyed(&format!("{module}azurerm_subnet.s"), &json!(key), values)
    };
    [subnet(keys[0], "one"), subnet(keys[1], "three")]
}

fn interface() -> Value {
    let mut values = json!({"name": "n", "resource_group_name": "net", "location": "westeurope"});
    values["ip_configuration"] = json!([{"name": "c"}]);
    one("azurerm_network_interface.n", values)
}

/// A plan whose interface has its subnet by `subnet`, which is known after apply, as all ids are.
fn plan(resources: &[Value], child: &[Value], root: Value, subnet: &Value) -> Value {
    let mut changes: Vec<Value> = resources
        .iter()
        .chain(child)
        .map(|it| unknown(it["address"].as_str().unwrap(), json!({"id": true})))
        .collect();
    let mut own = json!({"id": true});
    own["ip_configuration"] = json!([{"subnet_id": true}]);
    changes.push(unknown("azurerm_network_interface.n", own));
    let mut all = resources.to_vec();
    all.push(interface());
    let mut root = root;
    let configured = json!({
        "address": "azurerm_network_interface.n",
        "expressions": {"ip_configuration": [{"subnet_id": subnet}]},
    });
    match root["resources"].as_array_mut() {
        Some(all) => all.push(configured),
        None => root["resources"] = json!([configured]),
    }
    json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "planned_values": {"root_module": {
            "resources": all, "child_modules": [{"address": "module.net", "resources": child}],
        }},
        "resource_changes": changes,
        "configuration": {
            "root_module": root,
        },
    })
}

/// The id that ends so.
fn id_of(snapshot: &Snapshot, tail: &str) -> String {
    let mut all = snapshot.resources.keys().map(ResourceId::as_str);
    all.find(|it| it.ends_with(tail)).unwrap().to_owned()
}

/// The subnet of the interface: its name, or `?` and what it depends on.
fn subnet_of(plan: &Value) -> String {
    let snapshot = read(plan, Side::After);
    let id = id_of(&snapshot, "/networkInterfaces/n");
    let whole = at(&snapshot, &id, "properties/ipConfigurations/0/subnet");
    match whole.starts_with('?') {
        true => whole,
        false => {
            let id = at(&snapshot, &id, "properties/ipConfigurations/0/subnet/id");
            id.rsplit('/').next().unwrap().to_owned()
        }
    }
}

const UNKNOWN: &str =
    "?`azurerm_network_interface.n.ip_configuration[0].subnet_id`, known after apply";

/// What the module `net` gives under `output`, by these references.
fn module(output: &[&str]) -> Value {
    json!({"module_calls": {"net": {"source": "./net", "module": {
        "outputs": {"it": {"expression": references(output)}},
        "resources": [{"address": "azurerm_subnet.s", "expressions": {}}],
    }}}})
}

/// `module.net.it["a"].id` of `it = azurerm_subnet.s`, and `module.net.it["a"]` of `{ for k, s in azurerm_subnet.s : k => s.id }`:
/// there is one resource with a key of that name. Without such a key, with names that are other keys, and with other references
/// nothing tells which it is.
#[test]
fn a_constant_key_chooses_from_the_output_of_a_module() {
    let all = references(&[
        "module.net.it[\"a\"].id",
        "module.net.it[\"a\"]",
        "module.net.it",
        "module.net",
    ]);
    let ids = references(&["module.net.it[\"a\"]", "module.net.it", "module.net"]);
    let missing = references(&["module.net.it[\"c\"]", "module.net.it", "module.net"]);
    let only = ["azurerm_subnet.s"];
    let more = ["azurerm_subnet.s", "azurerm_subnet.other.id", "azurerm_subnet.other"];
    for (output, keys, subnet, expected) in [
        (&only[..], ["a", "b"], &all, "one"),
        (&only, ["b", "a"], &all, "three"),
        (&only, ["a", "b"], &ids, "one"),
        (&only, ["b", "a"], &ids, "three"),
        (&only, ["a", "b"], &missing, UNKNOWN),
        (&more, ["a", "b"], &ids, UNKNOWN),
    ] {
        let child = subnets("module.net.", keys);
        let plan = plan(&[], &child, module(output), subnet);
        assert_eq!(subnet_of(&plan), expected, "{output:?} {keys:?} {subnet}");
    }
    // By names: `{ for k, s in azurerm_subnet.s : s.name => s.id }["one"]`, where `one` is the key of another.
    let by_name = references(&["module.net.it[\"one\"]", "module.net.it", "module.net"]);
    let child = subnets("module.net.", ["a", "one"]);
    assert_eq!(subnet_of(&plan(&[], &child, module(&only), &by_name)), UNKNOWN);
}

/// Such a map may hold anything of what it is made of: it is an id where the attribute is one for that type.
#[test]
fn what_is_made_of_instances_is_their_id_where_that_fits() {
    let groups = ["a", "b"].map(|key| {
        let values = json!({"name": key, "resource_group_name": "net", "location": "westeurope"});
        keyed("module.net.azurerm_route_table.s", &json!(key), values)
    });
    let ids = references(&["module.net.it[\"a\"]", "module.net.it", "module.net"]);
    let plan = plan(&[], &groups, module(&["azurerm_route_table.s"]), &ids);
    assert_eq!(subnet_of(&plan), UNKNOWN);
}

/// `{ id = x.id, name = x.name }` as the argument of a module, whose `var.it.id` is the only id in it.
#[test]
fn the_only_id_of_an_object_is_followed() {
    let id = ["azurerm_subnet.x.id", "azurerm_subnet.x"];
    let name = ["azurerm_subnet.x.name", "azurerm_subnet.x"];
    let other = ["azurerm_subnet.y.id", "azurerm_subnet.y"];
    let later = ["azurerm_subnet.y.later", "azurerm_subnet.y"];
    for (more, expected) in [(name, "x"), (other, UNKNOWN), (later, UNKNOWN)] {
        let subnet = |name: &str| {
            one(
                &format!("azurerm_subnet.{name}"),
                json!({
                    "name": name, "resource_group_name": "net", "virtual_network_name": "v", "address_prefixes": ["10.1.0.0/24"],
                }),
            )
        };
        let all: Vec<&str> = id.into_iter().chain(more).collect();
        let root = json!({"module_calls": {"net": {
            "source": "./net", "expressions": {"it": references(&all)},
            "module": {
                "outputs": {"id": {"expression": references(&["var.it.id", "var.it"])}},
                "variables": {"it": {}},
            },
        }}});
        let through = references(&["module.net.id", "module.net"]);
        let mut plan = plan(&[subnet("x"), subnet("y")], &[], root, &through);
        let changes = plan["resource_changes"].as_array_mut().unwrap();
        let y = changes.iter_mut().find(|it| it["address"] == "azurerm_subnet.y").unwrap();
        y["change"]["after_unknown"]["later"] = true.into();
        assert_eq!(subnet_of(&plan), expected, "{more:?}");
    }
}

/// An association with a loop, and the groups of two subnets with keys.
fn associated(keys: &[Value; 2], group: &[&str], loop_over: &Value, to: &Value) -> Value {
    let name = |key: &Value| format!("g-{}", key.as_str().map_or(key.to_string(), str::to_owned));
    let group_of = |key: &Value, access: &str| {
        let mut values =
            json!({"name": name(key), "resource_group_name": "net", "location": "westeurope"});
        values["security_rule"] = json!([{"name": "r", "access": access}]);
        keyed("azurerm_network_security_group.m", key, values)
    };
    let subnet = one(
        "azurerm_subnet.x",
        json!({
            "name": "x", "resource_group_name": "net", "virtual_network_name": "v", "address_prefixes": ["10.1.0.0/24"],
        }),
    );
    let kind = "azurerm_subnet_network_security_group_association.m";
    let own = keyed(kind, &keys[0], json!({}));
    let resources = [subnet, group_of(&keys[0], "Allow"), group_of(&keys[1], "Deny"), own];
    let mut configured = json!({"address": kind, "expressions": {
        "network_security_group_id": references(group), "subnet_id": to,
    }});
    for (name, expression) in loop_over.as_object().unwrap() {
        configured[name] = expression.clone();
    }
    let known = references(&["azurerm_subnet.x.id", "azurerm_subnet.x"]);
    let mut plan = plan(&resources, &[], json!({"resources": [configured]}), &known);
    let changes = plan["resource_changes"].as_array_mut().unwrap();
    let own =
        changes.iter_mut().find(|it| it["address"].as_str().unwrap().starts_with(kind)).unwrap();
    own["change"]["after_unknown"] =
        json!({"subnet_id": true, "network_security_group_id": true, "id": true});
    plan
}

/// The group of the subnet, and what is said of keys.
fn group_of(plan: &Value) -> (String, Vec<String>) {
    let text = plan.to_string();
    let document = Document { name: "plan.json".into(), text: text.as_bytes() };
    let settings = Settings { side: Side::After, ..Settings::default() };
    let snapshot = import::read_with([document], &settings).snapshot;
    let id = id_of(&snapshot, "/virtualNetworks/v/subnets/x");
    let whole = at(&snapshot, &id, "properties/networkSecurityGroup");
    let group = match whole.starts_with('?') {
        true => "?".to_owned(),
        false => at(&snapshot, &id, "properties/networkSecurityGroup/id"),
    };
    let said = snapshot.diagnostics.iter().filter(|it| it.code == "assumed-key");
    (group.rsplit('/').next().unwrap().to_owned(), said.map(|it| it.message.clone()).collect())
}

/// `m[each.key == "b" ? "a" : each.key]` names the key twice, and `m[count.index % 2]` is of as many as there are: no plain keys.
/// Those that look plain are taken for it, which is said where the groups are not alike.
#[test]
fn a_key_with_something_done_to_it_is_not_followed() {
    let to = references(&["azurerm_subnet.x.id", "azurerm_subnet.x"]);
    let of = "azurerm_network_security_group.m";
    let each = json!({"for_each_expression": {"references": ["var.all"]}});
    let count = json!({"count_expression": {"constant_value": 1}});
    let texts = [json!("a"), json!("b")];
    let numbers = [json!(0), json!(1)];
    let said = format!(
        "`azurerm_subnet_network_security_group_association.m.network_security_group_id` means `{of}[each.key]`: \
         the plan does not tell whether anything is done to `each.key`"
    );
    for (keys, group, over, expected) in [
        (&texts, vec![of, "each.key"], &each, ("g-a".to_owned(), vec![said])),
        (&texts, vec![of, "each.key", "each.key"], &each, ("?".to_owned(), vec![])),
        // One association, and two groups.
        (&numbers, vec![of, "count.index"], &count, ("?".to_owned(), vec![])),
    ] {
        let plan = associated(keys, &group, over, &to);
        assert_eq!(group_of(&plan), expected, "{group:?}");
    }
}

/// `for_each = { a = azurerm_subnet.x.id }` has one thing that its `each.value` can be.
#[test]
fn the_only_thing_that_a_loop_refers_to_is_its_value() {
    let own = ["azurerm_subnet.x.id", "azurerm_subnet.x"];
    let group =
        ["azurerm_network_security_group.m[\"b\"].id", "azurerm_network_security_group.m[\"b\"]"];
    let over = json!({"for_each_expression": references(&own)});
    let plan = associated(&[json!("a"), json!("b")], &group, &over, &references(&["each.value"]));
    assert_eq!(group_of(&plan), ("g-b".to_owned(), vec![]));
}

/// `"${azurerm_virtual_network.v.id}/subnets/s"`: the text around a reference does not stand in a plan, so that the id of a
/// network is no subnet, but a part of one that nothing tells.
#[test]
fn what_is_made_of_an_id_is_not_that_id() {
    let made = |address: &str| {
        let values = json!({"name": "v", "resource_group_name": "net", "location": "westeurope"});
        one(address, values)
    };
    let network = made("azurerm_virtual_network.v");
    let of = references(&["azurerm_virtual_network.v.id", "azurerm_virtual_network.v"]);
    let document = plan(std::slice::from_ref(&network), &[], json!({}), &of);
    assert_eq!(subnet_of(&document), UNKNOWN);
    let (_, remarks) = hopwise::resolve::resolve(read(&document, Side::After));
    assert!(remarks.iter().all(|it| it.code != "wrong-reference"), "{remarks:?}");
    // What an association says of such a subnet is not said of the network.
    let mut document = plan(&[network], &[], json!({}), &of);
    let association = "azurerm_subnet_route_table_association.a";
    let table = "/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/routeTables/r";
    let all = &mut document["planned_values"]["root_module"]["resources"];
    all.as_array_mut().unwrap().push(one(association, json!({"route_table_id": table})));
    let changes = document["resource_changes"].as_array_mut().unwrap();
    changes.push(unknown(association, json!({"subnet_id": true})));
    let configured = json!({"address": association, "expressions": {"subnet_id": of}});
    let all = &mut document["configuration"]["root_module"]["resources"];
    all.as_array_mut().unwrap().push(configured);
    let text = document.to_string();
    let document = Document { name: "plan.json".into(), text: text.as_bytes() };
    let snapshot = import::read_with([document], &Settings::default()).snapshot;
    let codes: Vec<&str> = snapshot.diagnostics.iter().map(|it| it.code).collect();
    assert_eq!(codes, ["unknown-parent"]);
}
