//! The two sides of planned changes. Plans follow the documented output of `terraform show -json`; what is
//! expected is told by hand from the rules.

use super::resources::{GROUP, id, machine, within};
use super::{folder, run_in};
use serde_json::{Value, json};

/// A resource of a plan: its address, what it is before and after, and what is known after apply.
#[derive(Clone)]
pub(super) struct Planned {
    pub(super) address: String,
    pub(super) before: Value,
    pub(super) after: Value,
    pub(super) unknown: Value,
    pub(super) actions: &'static [&'static str],
}

/// A resource that stays as it is.
pub(super) fn kept(address: &str, values: Value) -> Planned {
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

pub(super) fn plan(resources: &[Planned]) -> String {
    plan_of(resources, &[])
}

/// A plan with what the configuration of some resources has.
pub(super) fn plan_of(resources: &[Planned], configured: &[(&str, Value)]) -> String {
    let configured: Vec<Value> = configured
        .iter()
        .map(|(address, expressions)| json!({"address": address, "expressions": expressions}))
        .collect();
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
        "configuration": {"root_module": {"resources": configured}},
    })
    .to_string()
}

/// Two machines in a subnet whose security group has no rule of its own: all may speak to all (R183).
pub(super) fn network() -> Vec<Planned> {
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
        resources.extend(machine(name, &subnet, address).map(|(of, values)| kept(&of, values)));
    }
    resources
}

/// A rule of the group for one port of TCP, from everywhere to everywhere.
pub(super) fn rule(name: &str, access: &str, port: &str) -> Value {
    json!({
        "id": format!("{GROUP}/providers/Microsoft.Network/networkSecurityGroups/g/securityRules/{name}"),
        "name": name, "resource_group_name": "net", "network_security_group_name": "g",
        "priority": 100, "direction": "Inbound", "access": access, "protocol": "Tcp",
        "source_address_prefix": "*", "source_port_range": "*",
        "destination_address_prefix": "*", "destination_port_range": port,
    })
}

/// A change of the rule `azurerm_network_security_rule.r`.
pub(super) fn changed(before: Value, after: Value, actions: &'static [&'static str]) -> Planned {
    let address = "azurerm_network_security_rule.r".to_owned();
    Planned { address, before, after, unknown: json!({}), actions }
}

/// A resource that is still to be made does not have an id yet.
pub(super) fn made(mut values: Value) -> Value {
    values.as_object_mut().unwrap().remove("id");
    values
}

fn differing(test: &str, change: Planned, more: &[&str]) -> (Value, i32) {
    let resources: Vec<Planned> = network().into_iter().chain([change]).collect();
    differing_in(test, &plan(&resources), more)
}

pub(super) fn differing_in(test: &str, plan: &str, more: &[&str]) -> (Value, i32) {
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
pub(super) fn between(answer: &Value) -> Vec<String> {
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

/// A rule of its own is narrowed while its group still lists it as the provider found it last: what it no longer denies
/// opens (R175, R183).
#[test]
fn what_a_rule_clears_does_not_come_back_from_its_group() {
    let before = rule("r", "Deny", "22");
    let mut after = before.clone();
    after["source_address_prefix"] = Value::Null;
    after["source_address_prefixes"] = json!(["203.0.113.0/24"]);
    let mut resources = network();
    let group = resources.iter_mut().find(|it| it.address.ends_with("group.g")).unwrap();
    group.before["security_rule"] = json!([before]);
    group.after["security_rule"] = json!([before]);
    resources.push(changed(before, after, &["update"]));
    let fail = ["--fail-on", "opened"];
    let (answer, code) = differing_in("plan-cleared", &plan(&resources), &fail);
    assert_eq!((between(&answer), code), (vec!["opened TCP 22".to_owned()], 1), "{answer:#}");
}

/// What of a network manager denies port 22 in the network, if it is in force.
fn manager() -> Vec<Planned> {
    let own = id("networkManagers/m");
    let part = |kind: &str, tail: &str, mut values: Value| {
        values["id"] = format!("{own}/{tail}").into();
        values["name"] = tail.rsplit('/').next().unwrap().into();
        kept(&format!("azurerm_network_manager_{kind}.x"), values)
    };
    let (group, rules) =
        (format!("{own}/networkGroups/g"), format!("{own}/securityAdminConfigurations/c"));
    let collection = format!("{rules}/ruleCollections/k");
    let any = json!([{"address_prefix_type": "IPPrefix", "address_prefix": "*"}]);
    vec![
        part("network_group", "networkGroups/g", json!({"network_manager_id": own})),
        part(
            "static_member",
            "networkGroups/g/staticMembers/v",
            json!({"network_group_id": group, "target_virtual_network_id": id("virtualNetworks/v")}),
        ),
        part(
            "security_admin_configuration",
            "securityAdminConfigurations/c",
            json!({"network_manager_id": own}),
        ),
        part(
            "admin_rule_collection",
            "securityAdminConfigurations/c/ruleCollections/k",
            json!({"security_admin_configuration_id": rules, "network_group_ids": [group]}),
        ),
        part(
            "admin_rule",
            "securityAdminConfigurations/c/ruleCollections/k/rules/r",
            json!({
                "admin_rule_collection_id": collection, "action": "Deny", "direction": "Inbound",
                "priority": 1, "protocol": "Tcp", "source_port_ranges": ["0-65535"],
                "destination_port_ranges": ["22"], "source": any, "destination": any,
            }),
        ),
    ]
}

/// Admin rules come before groups (R227), where they are deployed (R230). Destroying the deployment takes them out of force;
/// before one is made, nobody knows whether they are.
#[test]
fn a_deployment_of_a_network_manager_decides_whether_its_rules_hold() {
    let own = id("networkManagers/m");
    let deployment = json!({
        "id": format!("{own}/commit|westeurope|SecurityAdmin"), "network_manager_id": own, "location": "westeurope",
        "scope_access": "SecurityAdmin", "configuration_ids": [format!("{own}/securityAdminConfigurations/c")],
    });
    let with = |before: Value, after: Value, unknown: Value, actions: &'static [&'static str]| {
        let address = "azurerm_network_manager_deployment.d".to_owned();
        let change = Planned { address, before, after, unknown, actions };
        plan(&[network(), manager(), vec![change]].concat())
    };
    let destroyed = with(deployment.clone(), Value::Null, json!({}), &["delete"]);
    let (answer, code) = differing_in("plan-withdrawn", &destroyed, &["--fail-on", "opened"]);
    assert_eq!((between(&answer), code), (vec!["opened TCP 22".to_owned()], 1), "{answer:#}");
    let deployed = with(Value::Null, made(deployment.clone()), json!({"id": true}), &["create"]);
    let folder = folder("plan-deployed", &[("plan.json", &*deployed)]);
    let ask = ["diff", "--terraform-plan", "plan.json", "--fail-on", "doubtful"];
    let run = run_in(&folder, &ask, "");
    assert_eq!((run.code, run.err.contains("unknown-deployment")), (1, true), "{}", run.out);
    // A rule that is new, and the configuration in force is not deployed again, or is.
    // Blocks that are left out stand for any address (R229).
    let any = json!([{"address_prefix_type": "IPPrefix", "address_prefix": "*"}]);
    for (actions, addresses, expected) in [
        (&["no-op"], any.clone(), "doubtful TCP 22"),
        (&["update"], any, "closed TCP 22"),
        (&["update"], json!([]), "closed TCP 22"),
    ] {
        let mut rules = manager();
        let rule = rules.last_mut().unwrap();
        (rule.after["source"], rule.after["destination"]) = (addresses.clone(), addresses);
        (rule.before, rule.after) = (Value::Null, made(rule.after.clone()));
        rule.actions = &["create"];
        let address = "azurerm_network_manager_deployment.d".to_owned();
        let (before, after) = (deployment.clone(), deployment.clone());
        let commit = Planned { address, before, after, unknown: json!({}), actions };
        let plan = plan(&[network(), rules, vec![commit]].concat());
        let (answer, _) = differing_in("plan-not-deployed", &plan, &[]);
        assert_eq!(between(&answer), [expected], "{answer:#}");
    }
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

/// What a real Terraform 1.11 makes of a `dynamic` block of an attribute whose `for_each` is not known: one block
/// without arguments, and nothing in the configuration. It may be any number of rules.
#[test]
fn a_dynamic_block_over_something_unknown_is_any_number_of_blocks() {
    let mut resources = network();
    let group = resources.iter_mut().find(|it| it.address.ends_with("_group.g")).unwrap();
    group.after["security_rule"] = json!([{"description": "", "source_port_ranges": []}]);
    group.unknown = json!({"security_rule": [{
        "name": true, "priority": true, "direction": true, "access": true, "protocol": true,
    }]});
    group.actions = &["update"];
    let (answer, _) = differing_in("plan-dynamic", &plan(&resources), &[]);
    assert!(!between(&answer).is_empty());
    assert!(between(&answer).iter().all(|line| line.starts_with("doubtful")), "{answer:#}");
    let attribute = "azurerm_network_security_group.g.security_rule`, known after apply";
    assert!(answer["flows"].to_string().contains(attribute), "{answer:#}");
}

/// A machine that gets a public address which Azure has still to choose, and lets HTTPS in.
fn published() -> String {
    published_at(json!({}))
}

/// The same, and more that is not known of the interface's configuration.
fn published_at(more: Value) -> String {
    published_beside(more, Vec::new())
}

/// The same, and other resources.
fn published_beside(more: Value, others: Vec<Planned>) -> String {
    let mut resources = network();
    resources.extend(others);
    let interface = resources.iter_mut().find(|it| it.address.ends_with("interface.a")).unwrap();
    let mut unknown = more;
    for name in unknown.as_object().unwrap().keys() {
        interface.after["ip_configuration"][0].as_object_mut().unwrap().remove(name);
    }
    unknown["public_ip_address_id"] = true.into();
    interface.unknown = json!({"ip_configuration": [unknown]});
    interface.actions = &["update"];
    resources.push(Planned {
        address: "azurerm_public_ip.p".to_owned(),
        before: Value::Null,
        after: json!({
            "name": "p", "resource_group_name": "net", "location": "westeurope",
            "sku": "Standard", "allocation_method": "Static",
        }),
        unknown: json!({"id": true, "ip_address": true}),
        actions: &["create"],
    });
    let allow = rule("r", "Allow", "443");
    resources.push(changed(allow.clone(), allow, &["no-op"]));
    let reference = json!({"references": ["azurerm_public_ip.p.id", "azurerm_public_ip.p"]});
    let configured = json!({"ip_configuration": [{"public_ip_address_id": reference}]});
    plan_of(&resources, &[("azurerm_network_interface.a", configured)])
}

/// The Internet reaches a Standard address behind a group that allows it (R218, R221), whichever it will be.
#[test]
fn a_public_address_that_is_still_to_be_assigned_is_reached() {
    let fail = ["--fail-on", "opened-from-internet"];
    let (answer, code) = differing_in("plan-public", &published(), &fail);
    assert_eq!(code, 1);
    let flows = answer["flows"].as_array().unwrap();
    let exposed: Vec<&Value> = flows.iter().filter(|it| it["severity"] == "exposure").collect();
    let [exposed] = *exposed else { panic!("{answer:#}") };
    assert_eq!(exposed["kind"], "opened");
    assert!(exposed["packets"][0].as_str().unwrap().starts_with("TCP 443"), "{exposed}");
    let folder = folder("plan-public-trace", &[("plan.json", &published())]);
    let run = run_in(&folder, &["trace", "plan.json", "--from", "internet", "--to", "p:443"], "");
    assert_eq!(run.code, 0, "{}", run.out);
    let told = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let attribute = "stands for the address of p, which depends on `azurerm_public_ip.p.ip_address`, known after apply";
    assert!(told.contains(attribute), "{}", run.out);
    assert!(told.contains("delivered to a"), "{}", run.out);
    let run = run_in(&folder, &["trace", "plan.json", "--from", "internet", "--to", "p:22"], "");
    assert_eq!(run.code, 1, "{}", run.out);
}

/// Which address of its subnet a machine gets does not matter where no rule tells them apart (R7).
#[test]
fn a_private_address_that_is_still_to_be_assigned_is_compared_where_it_does_not_matter() {
    let dynamic = published_at(json!({"private_ip_address": true}));
    let fail = ["--fail-on", "opened-from-internet"];
    let (answer, code) = differing_in("plan-dynamic-address", &dynamic, &fail);
    assert_eq!(code, 1, "{answer:#}");
    let attribute =
        "azurerm_network_interface.a.ip_configuration[0].private_ip_address`, known after apply";
    let told = |answer: &Value, start: &str| {
        let notes = answer["notes"].as_array().unwrap().iter().map(|it| it.as_str().unwrap());
        notes.filter(|it| it.starts_with(start) && it.ends_with(attribute)).count()
    };
    assert_eq!(told(&answer, "10.1.0.4 stands for the address of a/main"), 1, "{answer:#}");
    // A rule for one address of the subnet: it may be that of the machine.
    let one = dynamic.replace(
        r#""destination_address_prefix":"*""#,
        r#""destination_address_prefix":"10.1.0.9""#,
    );
    assert_ne!(one, dynamic);
    let (answer, code) = differing_in("plan-dynamic-one", &one, &["--fail-on", "doubtful"]);
    assert_eq!(code, 1, "{answer:#}");
    assert_eq!(told(&answer, "not compared: packets of and to a, whose address"), 1, "{answer:#}");
}

/// A firewall in a network of its own, with a network rule for these destinations.
fn firewall(destinations: &str) -> Vec<Planned> {
    let subnet = id("virtualNetworks/h/subnets/AzureFirewallSubnet");
    let mut hub = within("h");
    hub["id"] = id("virtualNetworks/h").into();
    hub["address_space"] = json!(["10.2.0.0/16"]);
    let mut firewall = within("f");
    firewall["id"] = id("azureFirewalls/f").into();
    firewall["sku_name"] = "AZFW_VNet".into();
    firewall["sku_tier"] = "Standard".into();
    firewall["threat_intel_mode"] = "Alert".into();
    firewall["ip_configuration"] =
        json!([{"name": "c", "subnet_id": subnet, "private_ip_address": "10.2.0.4"}]);
    let rules = json!({
        "id": format!("{}/networkRuleCollections/rules", id("azureFirewalls/f")),
        "name": "rules", "resource_group_name": "net", "azure_firewall_name": "f", "priority": 100, "action": "Allow",
        "rule": [{"name": "r", "protocols": ["TCP"], "source_addresses": ["*"],
            "destination_addresses": [destinations], "destination_ports": ["443"]}],
    });
    vec![
        kept("azurerm_virtual_network.h", hub),
        kept(
            "azurerm_subnet.h",
            json!({
                "id": subnet, "name": "AzureFirewallSubnet", "resource_group_name": "net",
                "virtual_network_name": "h", "address_prefixes": ["10.2.0.0/26"],
            }),
        ),
        kept("azurerm_firewall.f", firewall),
        kept("azurerm_firewall_network_rule_collection.f", rules),
    ]
}

/// A firewall matters where its rules tell the addresses of the subnet apart (R396), and nowhere else.
#[test]
fn a_firewall_matters_to_an_address_that_is_still_to_be_assigned_where_its_rules_tell_it_apart() {
    for (destinations, expected) in [("10.1.0.0/16", 1), ("10.1.0.9", 0)] {
        let dynamic = json!({"private_ip_address": true});
        let text = published_beside(dynamic, firewall(destinations));
        let fail = ["--fail-on", "opened-from-internet"];
        let (answer, code) = differing_in("plan-dynamic-firewall", &text, &fail);
        assert_eq!(code, expected, "{destinations}: {answer:#}");
    }
}

/// A route that cannot be read, in a table of which another route is added: the plan has it on both sides.
#[test]
fn what_is_wrong_with_both_sides_of_a_plan_is_said_once() {
    let route = |name: &str, prefix: &str| json!({"name": name, "address_prefix": prefix, "next_hop_type": "None"});
    let table = |routes: &[Value]| {
        let id = format!("{GROUP}/providers/Microsoft.Network/routeTables/r");
        json!({"id": id, "name": "r", "resource_group_name": "net", "location": "westeurope", "route": routes})
    };
    let (odd, more) = (route("odd", "10.0.0.0/99"), route("more", "10.0.0.0/8"));
    let planned = Planned {
        address: "azurerm_route_table.r".to_owned(),
        before: table(std::slice::from_ref(&odd)),
        after: table(&[odd, more]),
        unknown: json!({}),
        actions: &["update"],
    };
    let folder = folder("planned-said-once", &[("plan.json", &*plan(&[planned]))]);
    let run = run_in(&folder, &["diff", "--terraform-plan", "plan.json"], "");
    assert_eq!(run.err.matches("found `10.0.0.0/99`").count(), 1, "{}", run.err);
}

/// Until a sync a peering keeps the space that the other network had (R157), and only a change of the peering is one.
#[test]
fn a_peering_that_the_plan_leaves_alone_keeps_the_old_space() {
    let far = id("virtualNetworks/w");
    let space = |prefixes: &[&str]| {
        let mut network = within("w");
        network["id"] = far.clone().into();
        network["address_space"] = json!(prefixes);
        network
    };
    let subnet = id("virtualNetworks/w/subnets/new");
    let added = |address: &str, values: Value| Planned {
        address: address.to_owned(),
        before: Value::Null,
        after: values,
        unknown: json!({}),
        actions: &["create"],
    };
    let lines_of = |triggers: Value, actions: &'static [&'static str]| {
        let mut resources = network();
        resources.push(Planned {
            address: "azurerm_virtual_network.w".to_owned(),
            before: space(&["10.2.0.0/16"]),
            after: space(&["10.2.0.0/16", "10.3.0.0/16"]),
            unknown: json!({}),
            actions: &["update"],
        });
        for (here, there) in [("v", "w"), ("w", "v")] {
            let peering = |triggers: &Value| {
                json!({
                    "id": id(&format!("virtualNetworks/{here}/virtualNetworkPeerings/{here}-{there}")),
                    "name": format!("{here}-{there}"), "resource_group_name": "net",
                    "virtual_network_name": here, "triggers": triggers,
                    "remote_virtual_network_id": id(&format!("virtualNetworks/{there}")),
                })
            };
            resources.push(Planned {
                address: format!("azurerm_virtual_network_peering.{here}"),
                before: peering(&Value::Null),
                after: peering(&triggers),
                unknown: json!({}),
                actions,
            });
        }
        let new = json!({
            "id": subnet, "name": "new", "resource_group_name": "net",
            "virtual_network_name": "w", "address_prefixes": ["10.3.0.0/24"],
        });
        resources.push(added("azurerm_subnet.new", new));
        let new = machine("n", &subnet, "10.3.0.4");
        resources.extend(new.map(|(of, values)| added(&of, values)));
        let folder = folder("plan-unsynced", &[("plan.json", &*plan(&resources))]);
        let run =
            run_in(&folder, &["diff", "--terraform-plan", "plan.json", "--output", "json"], "");
        let answer: Value = serde_json::from_str(&run.out).unwrap();
        (lines(&answer["answer"], "n", "a").len(), run.err.matches("peering-not-in-sync").count())
    };
    assert_eq!(lines_of(Value::Null, &["no-op"]), (0, 1));
    let (opened, warned) = lines_of(json!({"space": "10.2.0.0/16,10.3.0.0/16"}), &["update"]);
    assert!(opened > 0 && warned == 0, "{opened} {warned}");
}

/// What has an address of a known subnet has none of another one (R7), whatever it is.
#[test]
fn an_address_that_is_not_known_is_one_of_its_subnet() {
    let subnet = id("virtualNetworks/v/subnets/s");
    let connection = json!({"private_ip_address": true});
    let added = |address: &str, after: Value, unknown: Value| Planned {
        address: address.to_owned(),
        before: Value::Null,
        after,
        unknown,
        actions: &["create"],
    };
    let mut endpoint = within("pe");
    endpoint["subnet_id"] = subnet.clone().into();
    endpoint["private_service_connection"] = json!([{
        "name": "c", "subresource_names": ["blob"], "is_manual_connection": false,
        "private_connection_resource_id": id("x").replace("Microsoft.Network/x", "Microsoft.Storage/storageAccounts/st"),
    }]);
    let mut balancer = within("lb");
    balancer["sku"] = "Standard".into();
    balancer["frontend_ip_configuration"] = json!([{
        "name": "f", "subnet_id": subnet, "private_ip_address_allocation": "Dynamic",
    }]);
    let frontend = json!({"id": true, "private_ip_address": true});
    for new in [
        added(
            "azurerm_private_endpoint.pe",
            endpoint,
            json!({"id": true, "private_service_connection": [connection]}),
        ),
        added(
            "azurerm_lb.lb",
            balancer,
            json!({"id": true, "frontend_ip_configuration": [frontend]}),
        ),
    ] {
        let (answer, _) = differing("plan-address-of-subnet", new, &[]);
        let flows = answer["flows"].as_array().unwrap();
        assert!(!flows.is_empty() && flows.iter().all(|it| it["kind"] == "doubtful"), "{answer:#}");
        let openings = flows.iter().flat_map(|it| it["openings"].as_array().unwrap());
        for prefix in openings.flat_map(|it| it["destinations"]["these"].as_array().unwrap()) {
            assert!(prefix.as_str().unwrap().starts_with("10.1.0."), "{answer:#}");
        }
    }
}

/// What is not known of networks changes no way of those on the Internet, who send everything there (R126).
#[test]
fn strangers_send_everything_to_the_internet_whatever_is_known_of_networks() {
    let mut peering = within("p");
    peering["virtual_network_name"] = "v".into();
    let new = Planned {
        address: "azurerm_virtual_network_peering.p".to_owned(),
        before: Value::Null,
        after: peering,
        unknown: json!({"id": true, "remote_virtual_network_id": true}),
        actions: &["create"],
    };
    let (answer, _) = differing("plan-unknown-peer", new, &[]);
    let flows = answer["flows"].as_array().unwrap();
    assert!(flows.iter().any(|it| it["kind"] == "doubtful"), "{answer:#}");
    let is_strangers = |it: &&Value| it["from"].to_string().contains("on the Internet");
    assert_eq!(flows.iter().filter(is_strangers).count(), 0, "{answer:#}");
}
