//! What-if results of deployments, as `az deployment group what-if --no-pretty-print` prints them.

use super::planned::between;
use super::resources::{GROUP, id};
use super::{Run, folder, folder_of, run_in};
use serde_json::{Value, json};

fn change(kind: &str, before: Value, after: Value) -> Value {
    let id = if before.is_null() { &after["id"] } else { &before["id"] };
    let mut change = json!({
        "resourceId": id, "changeType": kind, "delta": null, "unsupportedReason": null,
    });
    change["before"] = before;
    change["after"] = after;
    change
}

fn ignored(resource: Value) -> Value {
    change("Ignore", resource.clone(), resource)
}

fn what_if(changes: &[Value]) -> Value {
    json!({
        "changes": changes, "diagnostics": [], "error": null, "potentialChanges": null,
        "status": "Succeeded",
    })
}

/// A group with one rule for one port of TCP.
fn group(access: &str, port: &str) -> Value {
    json!({
        "id": id("networkSecurityGroups/g"), "name": "g", "location": "westeurope",
        "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2023-11-01",
        "properties": {"securityRules": [{"name": "r", "properties": {
            "priority": 100, "direction": "Inbound", "access": access, "protocol": "Tcp",
            "sourceAddressPrefix": "*", "sourcePortRange": "*",
            "destinationAddressPrefix": "*", "destinationPortRange": port,
        }}]},
    })
}

/// The same rule as a resource of its own.
fn rule(port: &str) -> Value {
    let mut rule = group("Deny", port)["properties"]["securityRules"][0].clone();
    rule["id"] = id("networkSecurityGroups/g/securityRules/r").into();
    rule["type"] = "Microsoft.Network/networkSecurityGroups/securityRules".into();
    rule
}

/// The group without rules, which is not touched.
fn without_rules() -> Value {
    let mut group = group("Deny", "22");
    group["properties"]["securityRules"] = json!([]);
    ignored(group)
}

fn interface(name: &str, address: &str) -> Value {
    json!({
        "id": id(&format!("networkInterfaces/{name}")), "name": name, "location": "westeurope",
        "type": "Microsoft.Network/networkInterfaces",
        "properties": {"ipConfigurations": [{"name": "main", "properties": {
            "subnet": {"id": id("virtualNetworks/v/subnets/s")}, "primary": true,
            "privateIPAddress": address, "privateIPAllocationMethod": "Dynamic",
        }}]},
    })
}

fn machine(name: &str) -> Value {
    json!({
        "id": format!("{GROUP}/providers/Microsoft.Compute/virtualMachines/{name}"), "name": name,
        "type": "Microsoft.Compute/virtualMachines", "location": "westeurope",
        "properties": {"networkProfile": {"networkInterfaces": [
            {"id": id(&format!("networkInterfaces/{name}"))},
        ]}},
    })
}

/// What is there beside the group: a network and two machines, `a` and `b`.
fn others() -> Vec<Value> {
    let network = json!({
        "id": id("virtualNetworks/v"), "name": "v", "location": "westeurope",
        "type": "Microsoft.Network/virtualNetworks",
        "properties": {
            "addressSpace": {"addressPrefixes": ["10.1.0.0/16"]},
            "subnets": [{"name": "s", "id": id("virtualNetworks/v/subnets/s"), "properties": {
                "addressPrefix": "10.1.0.0/24",
                "networkSecurityGroup": {"id": id("networkSecurityGroups/g")},
            }}],
        },
    });
    let machines = [("a", "10.1.0.4"), ("b", "10.1.0.5")];
    let machines = machines.iter().flat_map(|(name, at)| [interface(name, at), machine(name)]);
    std::iter::once(network).chain(machines).collect()
}

/// The result with `changes` and everything else ignored.
fn with(changes: &[Value]) -> Value {
    let told = |other: &Value| changes.iter().any(|change| change["resourceId"] == other["id"]);
    let others = others().into_iter().filter(|other| !told(other)).map(ignored);
    what_if(&others.chain(changes.iter().cloned()).collect::<Vec<_>>())
}

fn run(test: &str, result: &Value) -> Run {
    let folder = folder(test, &[("what-if.json", &result.to_string())]);
    run_in(&folder, &["diff", "--what-if", "what-if.json", "--output", "json"], "")
}

fn answer(test: &str, result: &Value) -> Value {
    let run = run(test, result);
    assert_eq!(run.err, "", "{test}");
    serde_json::from_str::<Value>(&run.out).unwrap()["answer"].clone()
}

fn expect(test: &str, changes: &[Value], expected: &[&str]) {
    assert_eq!(between(&answer(test, &with(changes))), expected, "{test}");
}

/// The first rule that matches decides (R175); without one of its own the group lets the network in (R183).
#[test]
fn what_is_ignored_and_what_changes_is_on_its_sides() {
    let deny = |port| group("Deny", port);
    expect(
        "what-if-modify",
        &[change("Modify", deny("22"), deny("23"))],
        &["opened TCP 22", "closed TCP 23"],
    );
    expect("what-if-same", &[change("NoChange", deny("22"), deny("22"))], &[]);
    let create = change("Create", Value::Null, rule("22"));
    expect("what-if-create", &[without_rules(), create], &["closed TCP 22"]);
    let delete = change("Delete", rule("22"), Value::Null);
    expect("what-if-delete", &[without_rules(), delete], &["opened TCP 22"]);
    // The API has the same within `properties`.
    let result = with(&[change("Modify", deny("22"), deny("23"))]);
    let api = json!({"status": "Succeeded", "properties": {"changes": result["changes"]}});
    assert_eq!(between(&answer("what-if-api", &api)), ["opened TCP 22", "closed TCP 23"]);
}

/// Whatever the deployment makes of it: packets that some rule may deny are in doubt.
#[test]
fn what_the_service_does_not_tell_is_in_doubt() {
    let deploy = change("Deploy", group("Deny", "22"), Value::Null);
    let answer_of = answer("what-if-deploy", &with(&[deploy]));
    assert!(!between(&answer_of).is_empty());
    assert!(between(&answer_of).iter().all(|line| line.starts_with("doubtful")), "{answer_of:#}");
    assert!(answer_of["flows"].to_string().contains("what-if does not tell what becomes of it"));
    let call = "[reference(resourceId('Microsoft.Network/publicIPAddresses', 'p')).ipAddress]";
    let mut after = rule("22");
    after["properties"]["sourceAddressPrefix"] = call.into();
    let create = change("Create", Value::Null, after);
    let answer = answer("what-if-expression", &with(&[without_rules(), create]));
    assert_eq!(between(&answer), ["doubtful TCP 22"]);
    assert!(answer["flows"].to_string().contains(call), "{answer:#}");
}

/// Templates seldom have the address that Azure has chosen, and results leave it out.
#[test]
fn an_address_that_azure_has_chosen_stays() {
    let mut after = interface("b", "10.1.0.5");
    let inner = &mut after["properties"]["ipConfigurations"][0]["properties"];
    inner.as_object_mut().unwrap().remove("privateIPAddress");
    let same = group("Deny", "22");
    let changes = [change("Modify", interface("b", "10.1.0.5"), after), ignored(same)];
    expect("what-if-address", &changes, &[]);
}

#[test]
fn a_result_with_ids_only_says_what_to_ask_for() {
    let bare = |kind: &str, name: &str| json!({"changeType": kind, "resourceId": id(name)});
    let result =
        what_if(&[bare("Deploy", "networkSecurityGroups/g"), bare("Create", "routeTables/r")]);
    let run = run("what-if-ids", &result);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("has the ids of resources only"), "{}", run.err);
    assert!(run.err.contains("--result-format FullResourcePayloads"), "{}", run.err);
}

#[test]
fn what_the_result_says_of_itself_is_handed_on() {
    let mut result = with(&[ignored(group("Deny", "22"))]);
    result["diagnostics"] = json!([{
        "code": "NestedDeploymentShortCircuited", "level": "Warning",
        "message": "A nested deployment got short-circuited.", "target": id("deployments/inner"),
    }]);
    let unsupported = json!({
        "changeType": "Unsupported", "resourceId": "[guid(parameters('x'))]", "before": null,
        "after": null, "unsupportedReason": "Changes to the resource cannot be calculated.",
    });
    result["changes"].as_array_mut().unwrap().push(unsupported);
    let folder = folder("what-if-diagnostics", &[("what-if.json", &result.to_string())]);
    let more = |more: &[&str]| {
        run_in(&folder, &[&["diff", "--what-if", "what-if.json"], more].concat(), "")
    };
    let warned = more(&["--output", "json", "--markdown", "comment.md"]);
    assert_eq!(warned.code, 0);
    let answer = serde_json::from_str::<Value>(&warned.out).unwrap();
    let comment = std::fs::read_to_string(folder.join("comment.md")).unwrap();
    let text = more(&[]).out.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "A nested deployment got short-circuited.",
        "Changes to the resource cannot be calculated.",
    ] {
        assert!(warned.err.contains(said), "{}", warned.err);
        assert!(answer["answer"]["notes"].to_string().contains(said), "{answer:#}");
        assert!(comment.contains(said), "{comment}");
        assert!(text.contains(said), "{text}");
    }
    let failed = json!({
        "changes": [], "status": "Failed",
        "error": {"code": "InvalidTemplate", "message": "The template is not valid."},
    });
    let failed = run("what-if-failed", &failed);
    assert_eq!(failed.code, 2);
    assert!(
        failed.err.contains("the what-if failed: InvalidTemplate: The template is not valid."),
        "{}",
        failed.err
    );
}

#[test]
fn what_may_happen_is_in_doubt() {
    let mut result = with(&[without_rules()]);
    result["potentialChanges"] = json!([change("Create", Value::Null, rule("22"))]);
    assert_eq!(between(&answer("what-if-potential", &result)), ["doubtful TCP 22"]);
}

#[test]
fn a_document_of_another_kind_is_refused() {
    let folder = folder("what-if-none", &[("list.json", "[]")]);
    let run = run_in(&folder, &["diff", "--what-if", "list.json"], "");
    assert_eq!(run.code, 2);
    assert!(
        run.err.starts_with("error[usage]: `list.json` is no result of a what-if\n"),
        "{}",
        run.err
    );
}

/// An export that has what is there as well: of what the result tells, the result counts, on both sides.
#[test]
fn an_export_beside_the_result_has_what_is_elsewhere() {
    let export: Vec<Value> =
        others().into_iter().chain([group("Deny", "22"), rule("22")]).collect();
    let delete = change("Delete", rule("22"), Value::Null);
    let modify = change("Modify", group("Deny", "22"), group("Deny", "23"));
    let result = what_if(&[delete, modify]).to_string();
    let export = json!(export).to_string();
    let folder = folder("what-if-export", &[("z.json", &result), ("a.json", &export)]);
    let arguments = ["diff", "a.json", "--what-if", "z.json", "--output", "json"];
    let run = run_in(&folder, &arguments, "");
    assert_eq!(run.err, "");
    let answer = &serde_json::from_str::<Value>(&run.out).unwrap()["answer"];
    assert_eq!(between(answer), ["opened TCP 22", "closed TCP 23"]);
}

/// The resource as results have those that a deployment leaves alone: by its envelope.
fn named(resource: &Value) -> Value {
    let mut named = resource.clone();
    named.as_object_mut().unwrap().remove("properties");
    ignored(named)
}

/// The answer about packets from `a` to a port of `b`, with these documents.
fn traced(test: &str, documents: &[(&str, &Value)], port: &str) -> Value {
    let texts: Vec<(&str, String)> =
        documents.iter().map(|(name, document)| (*name, document.to_string())).collect();
    let folder = folder_of(test, &texts);
    let to = format!("10.1.0.5:{port}");
    let run = run_in(&folder, &["trace", ".", "--from", "a", "--to", &to, "--output", "json"], "");
    serde_json::from_str::<Value>(&run.out).unwrap()["answer"].clone()
}

/// A result names every resource of its scope; of those that the deployment is not about it has neither rules nor
/// routes nor subnets. An export tells them.
#[test]
fn a_group_that_is_only_named_is_not_empty() {
    let mut result = with(&[named(&group("Deny", "22"))]);
    let answer = traced("what-if-named", &[("what-if.json", &result)], "22");
    assert_eq!(
        (&answer["verdict"], &answer["reason"]),
        (&"unknown".into(), &"value-unknown".into())
    );
    assert!(answer.to_string().contains("what-if does not tell what it is"), "{answer:#}");
    let export = json!([group("Deny", "22")]);
    for (port, verdict) in [("22", "unreachable"), ("23", "reachable")] {
        let documents = [("a.json", &export), ("what-if.json", &result)];
        let answer = traced("what-if-named-told", &documents, port);
        assert_eq!(answer["verdict"], verdict, "{port}: {answer:#}");
    }
    // Nor does it become known before when it is deployed again, or removed.
    for kind in ["Deploy", "Delete"] {
        let mut change = named(&group("Deny", "22"));
        change["changeType"] = kind.into();
        change["after"] = Value::Null;
        result = with(&[change]);
        let texts = [("what-if.json", result.to_string()), ("a.json", export.to_string())];
        let folder = folder_of(&format!("what-if-named-{kind}"), &texts);
        let diff = |arguments: &[&str]| {
            let run = run_in(&folder, &[&["diff", "--output", "json"], arguments].concat(), "");
            between(&serde_json::from_str::<Value>(&run.out).unwrap()["answer"])
        };
        let told = diff(&["a.json", "--what-if", "what-if.json"]);
        // What it is before is known: port 22 is denied and others are not.
        assert!(told.iter().all(|line| line.starts_with("doubtful")), "{kind}: {told:?}");
        assert!(told.iter().any(|line| line.starts_with("doubtful TCP 22")), "{kind}: {told:?}");
    }
}

/// What-if leaves out the state of a peering. The hub is elsewhere (R127).
#[test]
fn a_peering_to_elsewhere_is_not_taken_for_dead() {
    let mut network = others().remove(0);
    network["properties"]["virtualNetworkPeerings"] = json!([{"name": "to-hub", "properties": {
        "remoteVirtualNetwork": {"id": id("virtualNetworks/hub").replace("/net/", "/hub/")},
        "remoteAddressSpace": {"addressPrefixes": ["10.9.0.0/16"]}, "useRemoteGateways": true,
        "peeringSyncLevel": "FullyInSync",
    }}]);
    let result = with(&[ignored(group("Deny", "22")), ignored(network)]);
    let answer = traced("what-if-hub", &[("what-if.json", &result)], "443");
    assert_eq!(answer["verdict"], "reachable");
    let folder = folder("what-if-hub-to", &[("what-if.json", &result.to_string())]);
    for (to, cause) in [
        ("10.9.0.4:443", "network hub behind peering to-hub is not in the input"),
        ("198.51.100.1:443", "the gateways behind peering to-hub are not in the input"),
    ] {
        let arguments = ["trace", "what-if.json", "--from", "a", "--to", to, "--output", "json"];
        let answer: Value = serde_json::from_str(&run_in(&folder, &arguments, "").out).unwrap();
        let answer = &answer["answer"];
        assert_eq!(answer["verdict"], "unknown", "{answer:#}");
        assert!(answer.to_string().contains(cause), "{answer:#}");
    }
    let inventory = run_in(&folder, &["inventory", "what-if.json"], "");
    assert!(!inventory.out.contains("half-peering"), "{}", inventory.out);
}

/// What is to stand in a network that is only named may reach whom it likes.
#[test]
fn machines_of_a_network_that_is_only_named_are_in_doubt() {
    let all = others();
    let created = all[1..].iter().map(|it| change("Create", Value::Null, it.clone()));
    let result = what_if(&std::iter::once(named(&all[0])).chain(created).collect::<Vec<_>>());
    let folder = folder("what-if-named-network", &[("what-if.json", &result.to_string())]);
    let arguments = ["diff", "--what-if", "what-if.json", "--fail-on", "doubtful", "--quiet"];
    let run = run_in(&folder, &arguments, "");
    assert_eq!(run.code, 1, "{}", run.out);
    let note = "packets of and to a, whose subnet s is not in the input";
    assert!(run.out.contains(note), "{}", run.out);
}

/// Packets of a machine that is only named cannot be compared.
#[test]
fn machines_that_are_only_named_are_said() {
    let all = others();
    let changes: Vec<Value> = all[..3]
        .iter()
        .map(|it| if *it == all[0] { ignored(it.clone()) } else { named(it) })
        .chain(all[3..].iter().map(|it| change("Create", Value::Null, it.clone())))
        .collect();
    let run = run("what-if-named-machine", &what_if(&changes));
    let answer = &serde_json::from_str::<Value>(&run.out).unwrap()["answer"];
    let note = "packets of and to a, as what a is depends on the deployment";
    assert!(answer["notes"].to_string().contains(note), "{answer:#}");
}

/// `Get-AzResourceGroupDeploymentWhatIfResult | ConvertTo-Json -Depth 100` has other names.
#[test]
fn what_power_shell_writes_is_read() {
    let capital = |name: &str| {
        let (first, rest) = name.split_at(1);
        first.to_uppercase() + rest
    };
    let changes = [change("Modify", group("Deny", "22"), group("Deny", "23"))];
    let mut result = with(&changes);
    for change in result["changes"].as_array_mut().unwrap() {
        let members = std::mem::take(change.as_object_mut().unwrap());
        let members = members.into_iter().map(|(name, value)| match &*name {
            "resourceId" => ("FullyQualifiedResourceId".to_owned(), value),
            _ => (capital(&name), value),
        });
        *change = Value::Object(members.collect());
    }
    let result = json!({"Status": "Succeeded", "Changes": result["changes"], "Error": null});
    let answer = answer("what-if-power-shell", &result);
    assert_eq!(between(&answer), ["opened TCP 22", "closed TCP 23"]);
}

#[test]
fn a_result_of_which_nothing_can_be_read_is_refused() {
    let nameless = json!({"changeType": "Create", "before": null, "after": {"id": "x"}});
    let run = run("what-if-nameless", &what_if(&[nameless]));
    assert_eq!(run.code, 2);
    let said = "no change of this what-if result says which resource of Azure it is about";
    assert!(run.err.contains(said), "{}", run.err);
}

/// What has an id that only the deployment tells may be anything of its type.
#[test]
fn what_may_be_any_resource_of_its_type_is_in_doubt() {
    let unsupported = |call: &str| {
        json!({
            "changeType": "Unsupported", "before": null, "after": null,
            "resourceId": format!("[resourceId({call}, guid(reference('x').id))]"),
            "unsupportedReason": "The id cannot be calculated.",
        })
    };
    let rule = "'Microsoft.Network/networkSecurityGroups/securityRules', 'g'";
    for (call, expected) in [(rule, true), ("'Microsoft.Authorization/roleAssignments'", false)] {
        let mut result = with(&[without_rules()]);
        result["changes"].as_array_mut().unwrap().push(unsupported(call));
        let folder = folder("what-if-any", &[("what-if.json", &result.to_string())]);
        let to =
            ["trace", "what-if.json", "--from", "a", "--to", "10.1.0.5:443", "--output", "json"];
        let run = run_in(&folder, &to, "");
        let answer = serde_json::from_str::<Value>(&run.out).unwrap();
        let verdict = if expected { "unknown" } else { "reachable" };
        assert_eq!(answer["answer"]["verdict"], verdict, "{call}: {answer:#}");
        assert!(run.err.contains("The id cannot be calculated."), "{}", run.err);
        assert!(!expected || run.out.contains("The id cannot be calculated."), "{}", run.out);
    }
}

/// A network is deployed again by a template that declares neither its subnets nor its peerings: peerings stay, and
/// subnets since a version of the API.
#[test]
fn what_a_template_does_not_declare_of_a_network_stays() {
    let before = others().remove(0);
    let without = |subnets: Option<Value>, version: &str| {
        let mut after = before.clone();
        after["apiVersion"] = version.into();
        let properties = after["properties"].as_object_mut().unwrap();
        properties.remove("subnets");
        properties.extend(subnets.map(|it| ("subnets".to_owned(), it)));
        with(&[ignored(group("Deny", "22")), change("Modify", before.clone(), after)])
    };
    for (subnets, version, expected) in [
        (None, "2023-11-01", None),
        (None, "2024-05-01", None),
        (Some(Value::Null), "2024-05-01", None),
        (Some(json!([])), "2024-05-01", Some("closed")),
        (None, "2023-09-01", Some("doubtful")),
        (None, "2023-04-01", Some("closed")),
    ] {
        let told = between(&answer_quietly("what-if-subnets", &without(subnets, version)));
        assert_eq!(told.is_empty(), expected.is_none(), "{version}: {told:?}");
        // Of ESP and AH it is not known before (R178, R179).
        let mut told = told.iter().filter(|line| *line != "doubtful ESP/AH");
        assert!(told.all(|line| line.starts_with(expected.unwrap())), "{version}");
    }
}

fn answer_quietly(test: &str, result: &Value) -> Value {
    serde_json::from_str::<Value>(&run(test, result).out).unwrap()["answer"].clone()
}

#[test]
fn peerings_that_a_template_does_not_declare_stay() {
    let network = |name: &str, range: u8, to: &str| {
        json!({
            "id": id(&format!("virtualNetworks/{name}")), "name": name, "location": "westeurope",
            "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2019-09-01",
            "properties": {
                "addressSpace": {"addressPrefixes": [format!("10.{range}.0.0/16")]},
                "subnets": [{"name": "s", "properties": {"addressPrefix": format!("10.{range}.0.0/24")}}],
                "virtualNetworkPeerings": [{"name": format!("to-{to}"), "properties": {
                    "peeringState": "Connected",
                    "remoteVirtualNetwork": {"id": id(&format!("virtualNetworks/{to}"))},
                }}],
            },
        })
    };
    let (v, w) = (network("v", 1, "w"), network("w", 2, "v"));
    let mut b = interface("b", "10.2.0.5");
    b["properties"]["ipConfigurations"][0]["properties"]["subnet"]["id"] =
        id("virtualNetworks/w/subnets/s").into();
    let more = [interface("a", "10.1.0.4"), machine("a"), b, machine("b"), w];
    let result = |peerings: Option<Value>| {
        let mut after = v.clone();
        let properties = after["properties"].as_object_mut().unwrap();
        properties.remove("virtualNetworkPeerings");
        properties.extend(peerings.map(|it| ("virtualNetworkPeerings".to_owned(), it)));
        let others = more.iter().cloned().map(ignored);
        let all = others.chain([change("Modify", v.clone(), after)]);
        what_if(&all.collect::<Vec<_>>())
    };
    assert!(between(&answer("what-if-peerings", &result(None))).is_empty());
    // Of a list that leaves one out nobody says whether that one goes.
    let told = between(&answer("what-if-peerings-list", &result(Some(json!([])))));
    assert!(!told.is_empty() && told.iter().all(|line| line.starts_with("doubtful")), "{told:?}");
}

/// The service writes stars in place of what a secure parameter gives.
#[test]
fn what_is_masked_is_unknown() {
    let mut masked = group("Deny", "22");
    masked["properties"]["securityRules"] = "*******".into();
    let result = with(&[change("Modify", group("Deny", "22"), masked)]);
    let answer = answer("what-if-masked", &result);
    let told = between(&answer);
    assert!(!told.is_empty() && told.iter().all(|line| line.starts_with("doubtful")), "{told:?}");
    assert!(answer["flows"].to_string().contains("a value that the what-if result masks"));
}

/// What a resource loses does not come back by what its owner has inline: the service shows there what it found.
#[test]
fn of_what_has_a_change_of_its_own_only_that_counts() {
    let owner = ignored(group("Deny", "22"));
    let modify = change("Modify", rule("22"), rule("23"));
    expect("what-if-inline", &[owner, modify], &["opened TCP 22", "closed TCP 23"]);
    let network = others().remove(0);
    let mut subnet = network["properties"]["subnets"][0].clone();
    subnet["type"] = "Microsoft.Network/virtualNetworks/subnets".into();
    let mut bare = subnet.clone();
    bare["properties"].as_object_mut().unwrap().remove("networkSecurityGroup");
    let changes = [ignored(group("Deny", "22")), change("Modify", subnet, bare)];
    // R179: what rules for any protocol mean for ESP and AH is not known, with the group.
    expect("what-if-inline-subnet", &changes, &["opened TCP 22", "doubtful ESP/AH"]);
}

/// The request for the group replaces its list (Microsoft's page on deployment modes), whoever lists the rule apart.
#[test]
fn a_part_that_the_template_does_not_have_goes_with_the_list_of_its_owner() {
    let mut bare = group("Deny", "22");
    bare["properties"]["securityRules"] = json!([]);
    let modify = change("Modify", group("Deny", "22"), bare);
    expect("what-if-replaced", &[ignored(rule("22")), modify.clone()], &["opened TCP 22"]);
    let (result, export) = (with(&[modify]).to_string(), json!([rule("22")]).to_string());
    let folder = folder("what-if-apart", &[("a.json", &*export), ("z.json", &*result)]);
    // By an option, or as what comes after.
    for ask in [&["a.json", "--what-if", "z.json"] as &[&str], &["a.json", "z.json"]] {
        let run = run_in(&folder, &[&["diff", "--output", "json"], ask].concat(), "");
        let answer = &serde_json::from_str::<Value>(&run.out).unwrap()["answer"];
        assert_eq!(between(answer), ["opened TCP 22"], "{ask:?}");
    }
}

/// "The property will not be set or updated."
#[test]
fn a_change_without_effect_changes_nothing() {
    for path in ["properties.securityRules", "properties"] {
        let none = json!([{"path": path, "propertyChangeType": "NoEffect", "children": null}]);
        let mut modify = change("Modify", group("Deny", "22"), group("Deny", "23"));
        modify["delta"] = none;
        expect("what-if-no-effect", &[modify], &[]);
    }
    let inner = json!([{"path": "securityRules", "propertyChangeType": "NoEffect"}]);
    let mut modify = change("Modify", group("Deny", "22"), group("Deny", "23"));
    modify["delta"] =
        json!([{"path": "properties", "propertyChangeType": "Modify", "children": inner}]);
    expect("what-if-no-effect", &[modify], &[]);
}

/// The same inside of lists, whose changes are those of their elements by number.
#[test]
fn a_change_without_effect_inside_of_a_list_changes_nothing() {
    let delta = |children: Value| {
        json!([{"path": "properties.securityRules", "propertyChangeType": "Array", "before": null, "after": null,
            "children": children}])
    };
    let none = |path: &str, before: Value, after: Value| {
        let kind = "NoEffect";
        json!({"path": path, "propertyChangeType": kind, "before": before, "after": after, "children": null})
    };
    let within = |at: &str, children: Value| json!([{"path": at, "propertyChangeType": "Modify", "before": null, "after": null, "children": children}]);
    let port = none("properties.destinationPortRange", json!("22"), json!("23"));
    let mut modify = change("Modify", group("Deny", "22"), group("Deny", "23"));
    modify["delta"] = delta(within("0", json!([port])));
    expect("what-if-no-effect-in-list", &[modify.clone()], &[]);
    // An element of which all is without effect.
    let rules = |group: &Value| group["properties"]["securityRules"][0].clone();
    let (old, new) = (rules(&modify["before"]), rules(&modify["after"]));
    modify["delta"] = delta(json!([none("0", old.clone(), new.clone())]));
    expect("what-if-no-effect-of-element", &[modify.clone()], &[]);
    // One that is not taken away, and one that is not added.
    modify["after"]["properties"]["securityRules"] = json!([]);
    modify["delta"] = delta(json!([none("0", old.clone(), Value::Null)]));
    expect("what-if-no-effect-of-less", &[modify.clone()], &[]);
    modify["before"]["properties"]["securityRules"] = json!([]);
    modify["after"]["properties"]["securityRules"] = json!([new.clone()]);
    modify["delta"] = delta(json!([none("0", Value::Null, new.clone())]));
    expect("what-if-no-effect-of-more", &[modify.clone()], &[]);
    // Elements that have changed places are told by their names; others are in doubt.
    let mut other = new.clone();
    (other["name"], other["properties"]["priority"]) = ("other".into(), 200.into());
    other["properties"]["destinationPortRange"] = "80".into();
    modify["before"]["properties"]["securityRules"] = json!([old, other]);
    modify["after"]["properties"]["securityRules"] = json!([other, new]);
    modify["delta"] = delta(within("0", json!([port])));
    expect("what-if-no-effect-moved", &[modify.clone()], &[]);
    modify["delta"] = delta(within("1", json!([port])));
    expect("what-if-no-effect-moved", &[modify], &[]);
}

/// What a deployment leaves alone may be told by its name alone: it leaves everything open, and a rule that changes is doubtful
/// all the same (R175).
#[test]
fn a_rule_that_changes_is_doubtful_beside_something_of_which_nothing_is_told() {
    let mut own = interface("a", "10.1.0.4");
    let public = json!({"id": id("publicIPAddresses/p")});
    own["properties"]["ipConfigurations"][0]["properties"]["publicIPAddress"] = public;
    let address = json!({
        "id": id("publicIPAddresses/p"), "name": "p", "location": "westeurope",
        "type": "Microsoft.Network/publicIPAddresses", "sku": {"name": "Standard"},
        "properties": {"ipAddress": "20.1.2.3", "publicIPAllocationMethod": "Static"},
    });
    let untold = json!({
        "id": id("networkInterfaces/mx"), "name": "mx", "location": "westeurope",
        "type": "Microsoft.Network/networkInterfaces",
    });
    let left_alone = [own, address, untold].map(ignored);
    for (before, after) in [("Deny", "Allow"), ("Allow", "Deny"), ("Deny", "Deny")] {
        let changed = change("Modify", group(before, "22"), group(after, "22"));
        let result = with(&[&[changed][..], &left_alone].concat());
        let folder = folder("what-if-untold", &[("what-if.json", &result.to_string())]);
        let ask = ["diff", "--what-if", "what-if.json", "--fail-on", "doubtful-from-internet"];
        let run = run_in(&folder, &ask, "");
        assert_eq!(run.code, i32::from(before != after), "{before} {after}: {}", run.out);
    }
}
