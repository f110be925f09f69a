//! The two sides of planned changes. Plans follow the documented output of `terraform show -json`; what is
//! expected is told by hand from the rules.

use super::{folder, run_in};
use serde_json::{Value, json};

const GROUP: &str = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/net";

/// A resource of a plan: its address, what it is before and after, and what is known after apply.
#[derive(Clone)]
struct Planned {
    address: String,
    before: Value,
    after: Value,
    unknown: Value,
    actions: &'static [&'static str],
}

/// A resource that stays as it is.
fn kept(address: &str, values: Value) -> Planned {
    Planned {
        address: address.to_owned(),
        before: values.clone(),
        after: values,
        unknown: json!({}),
        actions: &["no-op"],
    }
}

impl Planned {
    fn instance(&self, values: &Value) -> Value {
        let address = self.address.rsplit_once("].").map_or(&*self.address, |(_, rest)| rest);
        let (kind, name) = address.split_once('.').unwrap();
        json!({
            "address": self.address, "mode": "managed", "type": kind, "name": name,
            "provider_name": "registry.terraform.io/hashicorp/azurerm", "values": values,
        })
    }
}

fn plan(resources: &[Planned]) -> String {
    let side = |of: fn(&Planned) -> &Value| -> Vec<Value> {
        let there = resources.iter().filter(|it| !of(it).is_null());
        there.map(|it| it.instance(of(it))).collect()
    };
    let changes: Vec<Value> = resources
        .iter()
        .map(|it| {
            let mut change = it.instance(&Value::Null);
            change.as_object_mut().unwrap().remove("values");
            change["change"] = json!({
                "actions": it.actions, "before": it.before, "after": it.after,
                "after_unknown": it.unknown,
            });
            change
        })
        .collect();
    let (before, after) = (side(|it| &it.before), side(|it| &it.after));
    json!({
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": after}},
        "resource_changes": changes,
        "prior_state": {
            "format_version": "1.0", "terraform_version": "1.11.4",
            "values": {"root_module": {"resources": before}},
        },
        "configuration": {"root_module": {}},
    })
    .to_string()
}

/// Two machines in a subnet whose security group has no rule of its own: all may speak to all (R183).
fn network() -> Vec<Planned> {
    let id = |tail: &str| format!("{GROUP}/providers/Microsoft.Network/{tail}");
    let within =
        |name: &str| json!({"name": name, "resource_group_name": "net", "location": "westeurope"});
    let subnet = id("virtualNetworks/v/subnets/s");
    let mut network = within("v");
    network["id"] = id("virtualNetworks/v").into();
    network["address_space"] = json!(["10.1.0.0/16"]);
    let mut group = within("g");
    group["id"] = id("networkSecurityGroups/g").into();
    group["security_rule"] = json!([]);
    let mut resources = vec![
        kept("azurerm_virtual_network.v", network),
        kept(
            "azurerm_subnet.s",
            json!({
                "id": subnet, "name": "s", "resource_group_name": "net",
                "virtual_network_name": "v", "address_prefixes": ["10.1.0.0/24"],
            }),
        ),
        kept("azurerm_network_security_group.g", group),
        kept(
            "azurerm_subnet_network_security_group_association.s",
            json!({
                "id": subnet, "subnet_id": subnet,
                "network_security_group_id": id("networkSecurityGroups/g"),
            }),
        ),
    ];
    for (name, address) in [("a", "10.1.0.4"), ("b", "10.1.0.5")] {
        let mut interface = within(name);
        interface["id"] = id(&format!("networkInterfaces/{name}")).into();
        interface["ip_configuration"] = json!([{
            "name": "main", "subnet_id": subnet, "primary": true, "private_ip_address": address,
            "private_ip_address_allocation": "Static", "private_ip_address_version": "IPv4",
        }]);
        let mut machine = within(name);
        machine["id"] =
            format!("{GROUP}/providers/Microsoft.Compute/virtualMachines/{name}").into();
        machine["network_interface_ids"] = json!([interface["id"]]);
        resources.push(kept(&format!("azurerm_network_interface.{name}"), interface));
        resources.push(kept(&format!("azurerm_linux_virtual_machine.{name}"), machine));
    }
    resources
}

/// A rule of the group for one port of TCP, from everywhere to everywhere.
fn rule(name: &str, access: &str, port: &str) -> Value {
    json!({
        "id": format!("{GROUP}/providers/Microsoft.Network/networkSecurityGroups/g/securityRules/{name}"),
        "name": name, "resource_group_name": "net", "network_security_group_name": "g",
        "priority": 100, "direction": "Inbound", "access": access, "protocol": "Tcp",
        "source_address_prefix": "*", "source_port_range": "*",
        "destination_address_prefix": "*", "destination_port_range": port,
    })
}

/// A change of the rule `azurerm_network_security_rule.r`.
fn changed(before: Value, after: Value, actions: &'static [&'static str]) -> Planned {
    let address = "azurerm_network_security_rule.r".to_owned();
    Planned { address, before, after, unknown: json!({}), actions }
}

/// A resource that is still to be made does not have an id yet.
fn made(mut values: Value) -> Value {
    values.as_object_mut().unwrap().remove("id");
    values
}

fn differing(test: &str, change: Planned, more: &[&str]) -> (Value, i32) {
    let resources: Vec<Planned> = network().into_iter().chain([change]).collect();
    differing_in(test, &plan(&resources), more)
}

fn differing_in(test: &str, plan: &str, more: &[&str]) -> (Value, i32) {
    let folder = folder(test, &[("plan.json", plan)]);
    let mut arguments = vec!["diff", "--terraform-plan", "plan.json", "--output", "json"];
    arguments.extend(more);
    let run = run_in(&folder, &arguments, "");
    assert_eq!(run.err, "");
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    (answer["answer"].clone(), run.code)
}

/// What changes from `a` to `b`, each group as one line, such as `opened TCP 22`. The way from `b` to `a` has to
/// change in the same way.
fn between(answer: &Value) -> Vec<String> {
    let there = lines(answer, "a", "b");
    assert_eq!(there, lines(answer, "b", "a"));
    there
}

fn lines(answer: &Value, from: &str, to: &str) -> Vec<String> {
    let has = |ends: &Value, end: &str| ends.as_array().unwrap().iter().any(|it| it == end);
    let flows = answer["flows"].as_array().unwrap();
    let inside = flows.iter().filter(|it| has(&it["from"], from) && has(&it["to"], to));
    let lines = inside.map(|it| {
        let packets: Vec<&str> =
            it["packets"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        format!("{} {}", it["kind"].as_str().unwrap(), packets.join("; "))
    });
    lines.collect()
}

/// The first rule that matches decides (R175); without one of its own the group lets the network in (R183).
#[test]
fn what_is_made_changed_and_removed_is_told_apart() {
    let deny = rule("r", "Deny", "22");
    let unknown_id = json!({"id": true});
    let create = Planned {
        unknown: unknown_id.clone(),
        ..changed(Value::Null, made(deny.clone()), &["create"])
    };
    let delete = changed(deny.clone(), Value::Null, &["delete"]);
    let update = changed(deny.clone(), rule("r", "Deny", "23"), &["update"]);
    let allow = changed(deny.clone(), rule("r", "Allow", "22"), &["update"]);
    let same = changed(deny.clone(), deny.clone(), &["no-op"]);
    for (name, change, expected) in [
        ("plan-create", create, vec!["closed TCP 22"]),
        ("plan-delete", delete, vec!["opened TCP 22"]),
        ("plan-update", update, vec!["opened TCP 22", "closed TCP 23"]),
        ("plan-allow", allow, vec!["opened TCP 22"]),
        ("plan-no-op", same, vec![]),
    ] {
        let (answer, code) = differing(name, change, &["--fail-on", "any"]);
        assert_eq!(between(&answer), expected, "{name}");
        assert_eq!(code, i32::from(!expected.is_empty()), "{name}");
    }
}

/// A name is the identity of a rule: another name is another rule, and the old one goes, in whichever order.
#[test]
fn a_replaced_resource_is_there_once_on_each_side() {
    for (name, actions) in [
        ("plan-replace", ["delete", "create"].as_slice()),
        ("plan-replace-first", ["create", "delete"].as_slice()),
    ] {
        let change = Planned {
            unknown: json!({"id": true}),
            ..changed(rule("old", "Deny", "22"), made(rule("new", "Deny", "23")), actions)
        };
        let (answer, _) = differing(name, change, &[]);
        assert_eq!(between(&answer), ["opened TCP 22", "closed TCP 23"], "{name}");
    }
}

/// Whether the rule will match is not known, and the answer says what it depends on.
#[test]
fn what_is_known_after_apply_is_doubtful_and_named() {
    let mut after = made(rule("r", "Deny", "22"));
    after.as_object_mut().unwrap().remove("source_address_prefix");
    let change = Planned {
        unknown: json!({"id": true, "source_address_prefix": true}),
        ..changed(Value::Null, after, &["create"])
    };
    let fail = ["--only", "doubtful", "--fail-on", "doubtful"];
    let (answer, code) = differing("plan-unknown", change, &fail);
    assert_eq!(code, 1);
    assert_eq!(between(&answer), ["doubtful TCP 22"]);
    let flows = answer["flows"].to_string();
    let attribute = "azurerm_network_security_rule.r.source_address_prefix";
    assert!(flows.contains(attribute), "{flows}");
}

#[test]
fn both_sides_of_something_new_or_gone_are_compared() {
    let all = network();
    let gone =
        all.iter().cloned().map(|it| Planned { after: Value::Null, actions: &["delete"], ..it });
    let (answer, _) = differing_in("plan-gone", &plan(&gone.collect::<Vec<_>>()), &[]);
    let is_all = |lines: &[String], kind: &str| {
        lines.iter().any(|line| line.starts_with(&format!("{kind} TCP/ICMP")))
            && lines
                .iter()
                .all(|line| line.starts_with(kind) || line.starts_with("doubtful ESP/AH"))
    };
    assert!(is_all(&between(&answer), "closed"), "{answer:#}");
    let made =
        all.into_iter().map(|it| Planned { before: Value::Null, actions: &["create"], ..it });
    let (answer, _) = differing_in("plan-new", &plan(&made.collect::<Vec<_>>()), &[]);
    assert!(is_all(&between(&answer), "opened"), "{answer:#}");
}

#[test]
fn what_has_no_two_sides_is_refused() {
    let state = r#"{"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {}}}"#;
    let folder = folder("plan-none", &[("state.json", state)]);
    let run = run_in(&folder, &["diff", "--terraform-plan", "state.json"], "");
    assert_eq!(run.code, 2);
    assert!(
        run.err.starts_with("error[usage]: `state.json` is no plan of Terraform\n"),
        "{}",
        run.err
    );
    let run = run_in(&folder, &["diff", "state.json"], "");
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error[usage]: there is nothing to compare with\n"), "{}", run.err);
}
