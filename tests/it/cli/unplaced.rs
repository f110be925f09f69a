//! What is there and stands nobody knows where: it is neither gone nor new, and a machine in a network that has another name is
//! the same machine.

use super::planned::{Planned, kept, network, plan};
use super::resources::{id, machine, within};
use super::{folder, run_in};
use serde_json::{Value, json};

/// The answer and the exit code.
fn differing(test: &str, resources: &[Planned], fail_on: &str) -> (Value, i32) {
    let folder = folder(test, &[("plan.json", &*plan(resources))]);
    let arguments = [
        "diff",
        "--terraform-plan",
        "plan.json",
        "--output",
        "json",
        "--quiet",
        "--fail-on",
        fail_on,
    ];
    let run = run_in(&folder, &arguments, "");
    let answer: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.err));
    (answer["answer"].clone(), run.code)
}

/// The groups that these machines send, each as its kind and whom it reaches.
fn sent(answer: &Value, by: &str) -> Vec<String> {
    let flows = answer["flows"].as_array().unwrap().iter();
    let own = flows.filter(|it| it["from"].as_array().unwrap().iter().any(|from| from == by));
    own.map(|it| format!("{} {}", it["kind"], it["to"])).collect()
}

/// The interfaces called `names` get a subnet that is known after apply.
fn moved(names: &[&str]) -> Vec<Planned> {
    let mut all = network();
    for one in &mut all {
        if names.iter().any(|name| one.address == format!("azurerm_network_interface.{name}")) {
            one.actions = &["update"];
            one.after["ip_configuration"][0].as_object_mut().unwrap().remove("subnet_id");
            one.unknown = json!({"ip_configuration": [{"subnet_id": true}]});
        }
    }
    all
}

/// What it sends cannot be compared, alone or together with others: it is not cut off. What is sent to it is in doubt.
#[test]
fn a_machine_whose_subnet_is_not_known_is_not_gone() {
    for (name, moving) in [("unplaced-one", &["a"][..]), ("unplaced-both", &["a", "b"])] {
        let (answer, code) = differing(name, &moved(moving), "closed");
        assert_eq!(code, 0, "{answer:#}");
        assert_eq!(sent(&answer, "a"), [""; 0], "{answer:#}");
        assert_eq!(answer["onlyBefore"], json!([]));
        for one in moving {
            let note = format!(
                "not compared: packets of and to {one}, whose subnet depends on \
                 `azurerm_network_interface.{one}.ip_configuration[0].subnet_id`, known after apply"
            );
            assert!(answer["notes"].as_array().unwrap().contains(&note.into()), "{answer:#}");
        }
        let (_, code) = differing(name, &moved(moving), "doubtful");
        assert_eq!(code, 1);
    }
}

/// Where something is not compared nobody knows that nothing differs.
#[test]
fn no_flow_is_known_to_differ_where_something_is_not_compared() {
    let mut all: Vec<Planned> = network();
    all.retain(|it| !it.address.contains("interface") && !it.address.starts_with("azurerm_linux"));
    let same = all.clone();
    let [(address, mut values), _] = machine("c", "", "10.1.0.6");
    values.as_object_mut().unwrap().remove("id");
    values["ip_configuration"][0].as_object_mut().unwrap().remove("subnet_id");
    let unknown = json!({"id": true, "ip_configuration": [{"subnet_id": true}]});
    all.push(Planned {
        address,
        before: Value::Null,
        after: values,
        unknown,
        actions: &["create"],
    });
    for (name, resources, expected) in [
        ("unplaced-new", all, "no flow is known to differ"),
        ("unplaced-none", same, "no flow differs"),
    ] {
        let folder = folder(name, &[("plan.json", &*plan(&resources))]);
        let run = run_in(&folder, &["diff", "--terraform-plan", "plan.json", "--quiet"], "");
        assert!(run.out.starts_with(expected), "{}", run.out);
    }
}

/// A network is replaced by one of another name, and the machines stay what they are: between them all is as before.
#[test]
fn a_machine_in_a_network_of_another_name_is_itself() {
    let (old, new) = (id("virtualNetworks/v"), id("virtualNetworks/w"));
    let renamed = |values: &Value| -> Value {
        let text = values.to_string().replace(&old, &new);
        let text = text.replace("\"virtual_network_name\":\"v\"", "\"virtual_network_name\":\"w\"");
        serde_json::from_str(&text).unwrap()
    };
    let all = network().into_iter().map(|it| {
        let mut after = renamed(&it.before);
        if it.address == "azurerm_virtual_network.v" {
            after["name"] = "w".into();
        }
        let actions = if after == it.before { &["no-op"] } else { &["update"] };
        Planned { after, actions, ..it }
    });
    let all: Vec<Planned> = all.collect();
    let (answer, code) = differing("renamed-network", &all, "any");
    assert_eq!((&answer["flows"], code), (&json!([]), 0), "{answer:#}");
    assert_eq!((&answer["onlyBefore"], &answer["onlyAfter"]), (&json!([]), &json!([])));
}

/// A public address that nothing has leads nowhere (R126), whatever private address an interface gets that is known to have no
/// public one; where that is not known either, it is in doubt.
#[test]
fn a_private_address_does_not_say_who_has_a_public_one() {
    let mut public = within("p");
    public["id"] = id("publicIPAddresses/p").into();
    public["ip_address"] = "20.50.1.1".into();
    public["sku"] = "Standard".into();
    public["allocation_method"] = "Static".into();
    let subnet = id("virtualNetworks/v/subnets/s");
    for (name, unknown, expected) in [
        ("private-unknown", json!({"private_ip_address": true}), false),
        ("public-unknown", json!({"private_ip_address": true, "public_ip_address_id": true}), true),
    ] {
        let [(address, mut values), _] = machine("c", &subnet, "");
        values.as_object_mut().unwrap().remove("id");
        let own = values["ip_configuration"][0].as_object_mut().unwrap();
        own.remove("private_ip_address");
        own.insert("private_ip_address_allocation".into(), "Dynamic".into());
        let unknown = json!({"id": true, "ip_configuration": [unknown]});
        let new =
            Planned { address, before: Value::Null, after: values, unknown, actions: &["create"] };
        let mut all = network();
        all.extend([kept("azurerm_public_ip.p", public.clone()), new]);
        let (answer, _) = differing(name, &all, "any");
        let flows = answer["flows"].as_array().unwrap().iter();
        let is_doubted = flows.clone().any(|it| {
            it["severity"] == "possible-exposure"
                && it["to"].to_string().contains("public IP address p")
        });
        assert_eq!(is_doubted, expected, "{name} {answer:#}");
    }
}
