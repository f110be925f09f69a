//! `compare`: what Azure says of a network, beside what hopwise says.

use super::{TWO, folder, run_in};
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
