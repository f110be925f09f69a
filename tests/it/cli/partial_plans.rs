//! Plans that leave something out: what they do not plan stays as it is, and what they do not tell is said.

use super::planned::{Planned, between, changed, made, network, plan, plan_of, rule};
use super::{folder, run_in};
use serde_json::{Value, json};

/// The answer, the exit code and what is said beside it.
fn differing(test: &str, plan: &str, more: &[&str]) -> (Value, i32, String) {
    let folder = folder(test, &[("plan.json", plan)]);
    let mut arguments = vec!["diff", "--terraform-plan", "plan.json", "--output", "json"];
    arguments.extend(more);
    let run = run_in(&folder, &arguments, "");
    let answer: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.err));
    (answer["answer"].clone(), run.code, run.err)
}

/// The network with a rule that denies SSH, which is changed so.
fn with(after: Value, actions: &'static [&'static str]) -> Value {
    let change = changed(rule("r", "Deny", "22"), after, actions);
    let resources: Vec<Planned> = network().into_iter().chain([change]).collect();
    serde_json::from_str(&plan(&resources)).unwrap()
}

fn forget(list: &mut Value, address: &str) {
    list.as_array_mut().unwrap().retain(|it| it["address"] != address);
}

/// `-target`, `-refresh-only` and plans that met an error leave out of the planned values what they do not plan.
/// Source: Terraform 1.11.4; `complete` and `errored` of the JSON output format.
#[test]
fn what_a_plan_is_not_about_stays() {
    let rule = "azurerm_network_security_rule.r";
    let mut target = with(super::planned::rule("r", "Deny", "22"), &["no-op"]);
    forget(&mut target["planned_values"]["root_module"]["resources"], rule);
    forget(&mut target["resource_changes"], rule);
    target["complete"] = false.into();
    let mut errored = target.clone();
    errored["errored"] = true.into();
    let mut refresh = target.clone();
    refresh["planned_values"] = json!({"root_module": {}});
    refresh.as_object_mut().unwrap().remove("resource_changes");
    for (name, plan, said, fails) in [
        ("plan-target", target, "a part of the configuration only", 0),
        ("plan-errored", errored, "Terraform met an error", 1),
        ("plan-refresh", refresh, "a part of the configuration only", 0),
    ] {
        let (answer, code, err) = differing(name, &plan.to_string(), &["--fail-on", "any"]);
        assert_eq!(between(&answer), [""; 0], "{name}");
        assert_eq!(answer["configuration"], json!([]), "{name}");
        assert_eq!(code, fails, "{name}");
        assert!(err.contains(said) && answer["notes"].to_string().contains(said), "{err}");
    }
}

/// `removed` with `destroy = false` makes Terraform forget a resource, which stays in Azure. Terraform 1.11 lists it
/// among the planned values without values, later versions do not.
#[test]
fn what_terraform_forgets_stays_in_azure() {
    let later = with(Value::Null, &["forget"]);
    let mut older = later.clone();
    let listed = json!({
        "address": "azurerm_network_security_rule.r", "mode": "managed",
        "type": "azurerm_network_security_rule", "name": "r",
        "provider_name": "registry.terraform.io/hashicorp/azurerm", "sensitive_values": false,
    });
    let resources = &mut older["planned_values"]["root_module"]["resources"];
    resources.as_array_mut().unwrap().push(listed);
    for (name, plan) in [("plan-forget", later), ("plan-forget-listed", older)] {
        let (answer, code, err) = differing(name, &plan.to_string(), &["--fail-on", "any"]);
        assert_eq!(between(&answer), [""; 0], "{name}");
        assert_eq!((answer["configuration"].clone(), code), (json!([]), 0), "{name}");
        assert!(!err.contains("has no `values`"), "{err}");
    }
    // R175: the one that is forgotten denies first, also where another comes into its address.
    let made = made(rule("new", "Allow", "22"));
    let mut made = made;
    made["priority"] = 200.into();
    let plan = with(made, &["create", "forget"]).to_string();
    let (answer, ..) = differing("plan-forget-create", &plan, &[]);
    assert_eq!(between(&answer), [""; 0]);
}

/// Changes that are deferred are not made by the plan: that is said, and counts as doubt.
#[test]
fn what_is_deferred_is_said() {
    let mut plan = with(rule("r", "Deny", "22"), &["no-op"]);
    let change = json!({"actions": ["create"], "before": null, "after": {}, "after_unknown": {}});
    plan["deferred_changes"] = json!([{
        "reason": "deferred_prereq",
        "resource_change": {"address": "azurerm_network_security_rule.open", "change": change},
    }]);
    let fail = ["--fail-on", "doubtful"];
    let (answer, code, _) = differing("plan-deferred", &plan.to_string(), &fail);
    assert_eq!((between(&answer), code), (vec![], 1));
    let notes = answer["notes"].to_string();
    assert!(notes.contains("azurerm_network_security_rule.open` is deferred"), "{notes}");
}

/// An association whose subnet is known after apply, through a local value, may be about any subnet that the plan
/// makes: there the group that denies everything is in force, or not (R183).
#[test]
fn an_association_with_something_of_the_plan_is_in_doubt_there() {
    let mut resources = network();
    resources.retain(|it| !it.address.contains("association"));
    let subnet = resources.iter_mut().find(|it| it.address == "azurerm_subnet.s").unwrap();
    subnet.before = Value::Null;
    subnet.after = made(subnet.after.clone());
    (subnet.unknown, subnet.actions) = (json!({"id": true}), &["create"]);
    resources.push(changed(Value::Null, made(rule("r", "Deny", "22")), &["create"]));
    let group = resources.iter().find(|it| it.address.ends_with("_group.g")).unwrap();
    let association = json!({"network_security_group_id": group.after["id"]});
    resources.push(Planned {
        address: "azurerm_subnet_network_security_group_association.s".to_owned(),
        before: Value::Null,
        after: association,
        unknown: json!({"id": true, "subnet_id": true}),
        actions: &["create"],
    });
    let local = json!({"subnet_id": {"references": ["local.subnet_ids"]}});
    let plan =
        plan_of(&resources, &[("azurerm_subnet_network_security_group_association.s", local)]);
    let folder = folder("plan-loose", &[("plan.json", &plan)]);
    let run = run_in(&folder, &["trace", "plan.json", "--from", "a", "--to", "b:22"], "");
    assert_eq!(run.code, 3, "{}", run.out);
    let attribute = "azurerm_subnet_network_security_group_association.s.subnet_id";
    assert!(
        run.out.contains("UNKNOWN (value-unknown)") && run.out.contains(attribute),
        "{}",
        run.out
    );
}

/// What was changed outside of Terraform is in the prior state already: it is no change of the plan, and told in one line.
/// Source: `resource_drift` of the JSON output format.
#[test]
fn what_was_changed_outside_is_said_and_is_no_change_of_the_plan() {
    let drift = |address: &str, actions: &[&str]| {
        let kind = address.split('.').next().unwrap();
        json!({
            "address": address, "mode": "managed", "type": kind,
            "change": {"actions": actions, "before": {}, "after": {}, "after_unknown": {}},
        })
    };
    let mut plan = with(rule("r", "Deny", "22"), &["no-op"]);
    let all = [
        drift("azurerm_network_security_rule.r", &["update"]),
        drift("azurerm_route.out", &["delete"]),
        // What has only moved to another address, and what is not of Azure.
        drift("azurerm_virtual_network.v", &["no-op"]),
        drift("random_id.x", &["update"]),
    ];
    plan["resource_drift"] = json!(all);
    let (answer, code, err) = differing("plan-drift", &plan.to_string(), &["--fail-on", "any"]);
    assert_eq!((between(&answer), code, &*err), (vec![], 0, ""));
    let expected = "found by the plan: 2 resources were changed outside of Terraform, which the comparison has on both sides: \
                    `azurerm_network_security_rule.r`, `azurerm_route.out` (deleted)";
    let notes = answer["notes"].as_array().unwrap();
    assert_eq!(
        notes
            .iter()
            .filter(|it| it.to_string().contains("outside of Terraform"))
            .collect::<Vec<_>>(),
        [expected]
    );
    // Of many the first are named.
    let many: Vec<Value> =
        (0..9).map(|at| drift(&format!("azurerm_route.r{at}"), &["update"])).collect();
    plan["resource_drift"] = json!(many);
    let (answer, ..) = differing("plan-drift-many", &plan.to_string(), &[]);
    let notes = answer["notes"].to_string();
    assert!(
        notes.contains("9 resources") && notes.contains("`azurerm_route.r4` and 4 more"),
        "{notes}"
    );
}
