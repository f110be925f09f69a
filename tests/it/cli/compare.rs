//! `compare`: what Azure says of a network, beside what hopwise says.

use super::resources::texts;
use super::{TWO, folder, folder_of, run_in};
use serde_json::{Value, json};
use std::path::Path;

/// An entry of Azure's effective routes.
fn route(prefix: &str, hop: &str, address: &[&str], source: &str) -> Value {
    json!({"addressPrefix": [prefix], "nextHopType": hop, "nextHopIpAddress": address, "source": source,
           "state": "Active", "name": null, "disableBgpRoutePropagation": false})
}

fn compared(folder: &Path, code: i32) -> Value {
    let run = run_in(folder, &["compare", "net.yaml", "answers", "--output", "json"], "");
    assert_eq!((run.code, &*run.err), (code, ""), "{}", run.out);
    serde_json::from_str::<Value>(&run.out).unwrap()["answer"].take()
}

/// A route table that the export lacks: the default route differs, the network's own does not.
#[test]
fn what_differs_is_told_by_prefix() {
    let own = route("10.1.0.0/16", "VnetLocal", &[], "Default");
    let all = route("0.0.0.0/0", "VirtualAppliance", &["10.1.0.9"], "User");
    let said = json!({"value": [all, own]}).to_string();
    let folder = folder("compare", &[("net.yaml", TWO), ("answers/client-nic.routes.json", &said)]);
    let answer = compared(&folder, 1);
    assert_eq!((&answer["agreeing"], &answer["disagreeing"]), (&json!(0), &json!(1)));
    let one = &answer["answers"][0];
    assert_eq!(
        (&one["question"], &one["about"]),
        (&json!("effective-routes"), &json!("client-nic"))
    );
    let found = one["disagreements"].as_array().unwrap();
    let default = json!({"at": "0.0.0.0/0", "azure": "VirtualAppliance, 10.1.0.9, User, Active",
                         "ours": "Internet, Default, Active"});
    assert_eq!(found[0], default);
    // What else is left out of Azure's answer is there by default, and dropped.
    let rest = found[1..].iter().map(|it| (it["azure"].is_null(), it["ours"].as_str().unwrap()));
    assert!(rest.clone().all(|it| it == (true, "None, Default, Active")), "{found:?}");
    assert!(rest.count() > 2);

    let run = run_in(&folder, &["compare", "net.yaml", "answers"], "");
    let lines = [
        "DIFFERS effective routes of client-nic (answers/client-nic.routes.json, 2 entries)\n",
        "  0.0.0.0/0\n    - Azure   VirtualAppliance, 10.1.0.9, User, Active\n",
        "    + hopwise Internet, Default, Active\n",
        "\n1 answer of Azure: 0 the same, 1 not, 0 unknown\n",
    ];
    for line in lines {
        assert!(run.out.contains(line), "{line}: {}", run.out);
    }
}

/// In any order, with what is empty written or not, and ids in any case.
#[test]
fn the_same_in_another_order_agrees() {
    let folder = folder("compare-same", &[("net.yaml", TWO)]);
    std::fs::create_dir(folder.join("answers")).unwrap();
    for (command, ending) in [("routes", "routes"), ("rules", "rules")] {
        let ours =
            run_in(&folder, &[command, "net.yaml", "--nic", "client-nic", "--output", "azure"], "");
        let mut said: Value = serde_json::from_str(&ours.out).unwrap();
        said["nextLink"] = Value::Null;
        said["value"].as_array_mut().unwrap().reverse();
        std::fs::write(folder.join(format!("answers/client-nic.{ending}.json")), said.to_string())
            .unwrap();
    }
    let answer = compared(&folder, 0);
    assert_eq!((&answer["agreeing"], &answer["disagreeing"]), (&json!(2), &json!(0)));
    let said = std::fs::read_to_string(folder.join("answers/client-nic.rules.json")).unwrap();
    assert!(said.contains("\"Deny\""));
    std::fs::write(
        folder.join("answers/client-nic.rules.json"),
        said.replacen("\"Deny\"", "\"Allow\"", 1),
    )
    .unwrap();
    let answer = compared(&folder, 1);
    let found = answer["answers"][1]["disagreements"].as_array().unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0]["azure"].as_str().unwrap().starts_with("access Allow, "), "{found:?}");
    assert!(found[0]["ours"].as_str().unwrap().starts_with("access Deny, "), "{found:?}");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let routes = json!({"value": [route("10.1.0.0/16", "VnetLocal", &[], "Default")]}).to_string();
    for (name, said, message) in [
        ("clent-nic.json", &*routes, "did you mean `client-nic.json`?"),
        (
            "client-nic.json",
            "{\"value\": [",
            "client-nic.json:1:11: expected an answer of Azure as JSON",
        ),
        ("client-nic.json", "{\"value\": []}", "is no answer of Azure that can be compared"),
    ] {
        let folder = folder("compare-refused", &[("net.yaml", TWO), (name, said)]);
        let run = run_in(&folder, &["compare", "net.yaml", name], "");
        assert_eq!((run.code, &*run.out), (2, ""));
        assert!(run.err.contains(message), "{}", run.err);
    }
}

/// The file `name` with a question of Network Watcher and Azure's answer.
fn asked(name: &'static str, question: &Value, answer: &Value) -> (&'static str, String) {
    (name, json!({"question": question, "answer": answer}).to_string())
}

/// R493, R495, R503: what the client is told of the server, whose group denies SSH.
#[test]
fn questions_of_network_watcher_say_what_was_asked() {
    let issue = json!({"origin": "Inbound", "severity": "Error", "type": "NetworkSecurityRule",
                       "context": [{"key": "RuleName", "value": "UserRule_no-ssh"}]});
    let hops = json!([
        {"type": "Source", "id": "a", "address": "10.1.0.4", "issues": [], "nextHopIds": ["b"]},
        {"type": "VnetLocal", "id": "b", "address": "10.1.0.5", "issues": [issue]},
    ]);
    let flow = json!({"targetResourceId": "server", "direction": "Inbound", "protocol": "TCP",
        "localIpAddress": "10.1.0.5", "localPort": "22", "remoteIpAddress": "10.1.0.4", "remotePort": "*"});
    let files = [
        asked(
            "answers/hop.json",
            &json!({"targetResourceId": "client", "destinationIpAddress": "8.8.8.8"}),
            &json!({"nextHopType": "Internet", "routeTableId": "System Route"}),
        ),
        asked(
            "answers/flow.json",
            &flow,
            &json!({"access": "Deny", "ruleName": "securityRules/no-ssh", "ruleId": "x"}),
        ),
        asked(
            "answers/probe.json",
            &json!({"source": {"resourceId": "client"},
                    "destination": {"resourceId": "server", "port": 22}}),
            &json!({"connectionStatus": "Unreachable", "hops": hops, "avgLatencyInMs": 7}),
        ),
        asked(
            "answers/wrong.json",
            &flow,
            &json!({"access": "Allow", "ruleName": "securityRules/x"}),
        ),
    ];
    let mut all = vec![("net.yaml", TWO)];
    all.extend(files.iter().map(|(name, text)| (*name, &**text)));
    let answer = compared(&folder("compare-asked", &all), 1);
    assert_eq!((&answer["agreeing"], &answer["disagreeing"]), (&json!(3), &json!(1)), "{answer:#}");
    let about = ["server-nic", "client-nic", "client-nic", "server-nic"];
    assert_eq!(texts(&answer, "answers", "about"), about);
    let wrong = &answer["answers"][3]["disagreements"];
    let expected = json!([{"at": "access", "azure": "Allow, securityRules/x", "ours": "Deny, securityRules/no-ssh"}]);
    assert_eq!(*wrong, expected);
}

/// The rules of each interface of a machine, called after the machine; and an answer without its question.
#[test]
fn a_view_is_compared_and_a_lone_answer_is_refused() {
    let rule = |name: &str,
                access: &str,
                port: &str,
                priority: u32,
                direction: &str,
                from_to: [&str; 2]| {
        json!({"name": name, "protocol": if priority == 100 { "Tcp" } else { "All" }, "access": access, "direction": direction,
               "sourcePortRange": "0-65535", "destinationPortRange": port, "priority": priority,
               "sourceAddressPrefix": from_to[0], "destinationAddressPrefix": from_to[1]})
    };
    let rules = json!([rule(
        "UserRule_no-ssh",
        "Deny",
        "22-22",
        100,
        "Inbound",
        ["0.0.0.0/0", "0.0.0.0/0"]
    )]);
    let view = json!({"networkInterfaces": [{"id": "/x/networkInterfaces/Server-NIC",
        "securityRuleAssociations": {"effectiveSecurityRules": rules}}]});
    let files = [("net.yaml", TWO.to_owned()), ("answers/server.view.json", view.to_string())];
    let folder = folder_of("compare-view", &files);
    let answer = compared(&folder, 1);
    let one = &answer["answers"][0];
    assert_eq!(
        (&one["question"], &one["about"]),
        (&json!("security-group-view"), &json!("server"))
    );
    // The default rules are missing on Azure's side; the user's rule is the same.
    let at: Vec<&str> = one["disagreements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["at"].as_str().unwrap())
        .collect();
    assert!(at.iter().all(|at| at.starts_with("server-nic: Default")), "{one:#}");
    // Six of the group, and the two of the platform that every recorded view has.
    assert_eq!(at.len(), 8);

    let lone = folder.join("lone.json");
    std::fs::write(&lone, json!({"nextHopType": "Internet"}).to_string()).unwrap();
    let run = run_in(&folder, &["compare", "net.yaml", "lone.json"], "");
    assert_eq!((run.code, &*run.out), (2, ""));
    assert!(run.err.contains("does not say what was asked"), "{}", run.err);
}
