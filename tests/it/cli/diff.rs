//! What differs between two networks, told by hand from the rules.

use super::{folder, run_in};
use serde_json::{Value, json};

/// A machine with a public address and one without, and a group with one rule for SSH.
fn network(source: &str) -> String {
    format!(
        "network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.1.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.1.0.0/24, networkSecurityGroup: g}}]
    - {{name: w, addressPrefixes: [10.2.0.0/16], subnets: [{{name: s, addressPrefix: 10.2.0.0/24}}]}}
  networkSecurityGroups:
    - name: g
      securityRules:
        - {{name: ssh, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: '{source}', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}}
  publicIPAddresses: [{{name: p, sku: Standard, ipAddress: 198.51.100.20}}]
  virtualMachines:
    - {{name: a, subnet: v/s, privateIPAddress: 10.1.0.4, publicIPAddress: p}}
    - {{name: b, subnet: w/s, privateIPAddress: 10.2.0.5}}
"
    )
}

/// The flows that differ, as JSON, and the exit code.
fn differing(test: &str, (before, after): (&str, &str), more: &[&str]) -> (Vec<Value>, i32) {
    let folder = folder(test, &[("before.yaml", before), ("after.yaml", after)]);
    let mut arguments = vec!["diff", "before.yaml", "after.yaml", "--output", "json", "--quiet"];
    arguments.extend(more);
    let run = run_in(&folder, &arguments, "");
    assert_eq!(run.err, "");
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    (answer["answer"]["flows"].as_array().unwrap().clone(), run.code)
}

/// A rule for one range becomes a rule for everybody: the rest of the Internet gets in (R175, R218).
#[test]
fn what_opens_from_the_internet_is_named_with_its_cause_and_fails_the_build() {
    let networks = (network("203.0.113.0/24"), network("*"));
    // Shown or not.
    let hidden = ["--only", "closed", "--fail-on", "opened-from-internet"];
    let (flows, code) = differing("diff-hidden", (&networks.0, &networks.1), &hidden);
    assert_eq!((flows, code), (Vec::new(), 1));
    let fail = ["--fail-on", "opened-from-internet"];
    let (flows, code) = differing("diff-opened", (&networks.0, &networks.1), &fail);
    assert_eq!(code, 1);
    let exposed: Vec<&Value> = flows.iter().filter(|it| it["severity"] == "exposure").collect();
    let [exposed] = *exposed else { panic!("{flows:#?}") };
    assert_eq!(exposed["kind"], "opened");
    let [packets] = exposed["packets"].as_array().unwrap().as_slice() else { panic!("{exposed}") };
    // The range that was let in before is no change; nor are those that replies to are dropped (R40).
    let packets = packets.as_str().unwrap();
    let but =
        packets.strip_prefix("TCP 22 from any address but ").unwrap_or_else(|| panic!("{packets}"));
    assert!(but.split(", ").any(|prefix| prefix == "203.0.113.0/24"), "{packets}");
    let witness = &exposed["witness"];
    assert_eq!(witness["before"]["reason"], "denied-by-default-rule");
    assert_eq!(witness["before"]["decidedBy"]["name"], "g/DenyAllInBound");
    assert_eq!(witness["after"]["verdict"], "reachable");
    assert_eq!(exposed["causes"].as_array().unwrap().len(), 1);
}

/// What is opened on the way there is closed on the way back, packet for packet.
#[test]
fn the_way_back_closes_what_the_way_there_opens() {
    let networks = (network("203.0.113.0/24"), network("198.51.100.0/24"));
    let sorted = |flows: Vec<Value>, opened: &str| {
        let mut lines: Vec<String> = flows
            .iter()
            .map(|it| {
                let kind = if it["kind"] == opened { "there" } else { "back" };
                format!("{kind} {} {} {}", it["from"], it["to"], it["packets"])
            })
            .collect();
        lines.sort();
        lines
    };
    let (there, code) =
        differing("diff-there", (&networks.0, &networks.1), &["--only", "opened,closed"]);
    assert_eq!(code, 0);
    let (back, _) =
        differing("diff-back", (&networks.1, &networks.0), &["--only", "opened,closed"]);
    assert!(there.len() >= 2, "{there:#?}");
    assert_eq!(sorted(there, "opened"), sorted(back, "closed"));
}

#[test]
fn the_same_network_differs_in_nothing() {
    let same = network("*");
    let (flows, code) = differing("diff-same", (&same, &same), &["--fail-on", "any"]);
    assert_eq!((flows, code), (Vec::new(), 0));
}

/// Bastion sends of its own accord (R384): what lets its sessions in is missed when it goes (R175).
#[test]
fn a_session_of_bastion_that_is_denied_is_a_difference() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let patch = r#"{"networkSecurityGroups": {"jump-nsg": {"securityRules":
        [{"name": "ssh-from-bastion", "access": "Deny"}]}}}"#;
    let folder = folder("diff-bastion", &[("deny.json", patch)]);
    let patch = folder.join("deny.json").display().to_string();
    let scenario = "scenarios/aks/bastion-jump-box.yaml";
    let arguments = ["diff", scenario, "--patch", &patch, "--output", "json", "--quiet"];
    let run = run_in(root, &arguments, "");
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    let [flow] = answer["answer"]["flows"].as_array().unwrap().as_slice() else {
        panic!("{}", run.out)
    };
    assert_eq!(flow["kind"], "closed");
    assert_eq!((&flow["from"][0], &flow["to"][0]), (&"bastion".into(), &"jumpbox".into()));
    // R385: sessions come from an address of AzureBastionSubnet.
    assert_eq!(flow["packets"][0], "TCP 22 from 10.1.1.4");
    assert_eq!(flow["witness"]["after"]["decidedBy"]["name"], "jump-nsg/ssh-from-bastion");
}

/// What is odd about an estate is said once, where both sides are made of it.
#[test]
fn remarks_of_what_both_sides_share_are_said_once() {
    let odd = network("*").replace("sourcePortRange", "sourcePrtRange");
    let patch = r#"{"networkSecurityGroups": {"g": {"tags": {"owner": "ops"}}}}"#;
    let folder = folder("diff-remarks", &[("estate.yaml", &odd), ("patch.json", patch)]);
    let run = run_in(&folder, &["diff", "estate.yaml", "--patch", "patch.json"], "");
    let said = "`sourcePrtRange` is no property that is read";
    assert_eq!(run.err.matches(said).count(), 1, "{}", run.err);
}

/// Two networks that nothing joins have nothing to do with each other, whatever they are called (R11); the platform
/// answers in each as before (R213).
#[test]
fn a_network_that_is_joined_to_nothing_changes_nothing() {
    let one = "network:
  virtualNetworks:
    - {name: m, addressPrefixes: [10.2.0.0/16], subnets: [{name: s, addressPrefix: 10.2.0.0/24}]}
  virtualMachines: [{name: vm, subnet: m/s, privateIPAddress: 10.2.0.4}]
";
    for name in ["a", "z"] {
        let more = format!("    - {{name: {name}, addressPrefixes: [10.3.0.0/16], subnets: []}}\n");
        let two = one.replacen("    - ", &format!("{more}    - "), 1);
        for (before, after) in [(one, &*two), (&*two, one)] {
            let (flows, _) = differing("diff-lonely", (before, after), &[]);
            assert_eq!(flows, Vec::<Value>::new(), "{name}");
        }
    }
}

/// A public address that is given back is somebody else's: what goes there no longer reaches anybody here, and nothing
/// opens. The other way round what is let in opens.
#[test]
fn an_address_that_is_given_back_is_somebody_elses() {
    let with = network("203.0.113.0/24");
    let without: String = with
        .lines()
        .filter(|line| !line.contains("publicIPAddresses"))
        .map(|line| line.replace(", publicIPAddress: p", "") + "\n")
        .collect();
    let fail = ["--fail-on", "opened-from-internet"];
    let of_address = |flows: &[Value]| -> Vec<String> {
        let about = flows.iter().filter(|flow| flow.to_string().contains("198.51.100.20"));
        let told =
            about.map(|flow| format!("{} {} {}", flow["kind"], flow["from"], flow["packets"]));
        told.collect()
    };
    let (flows, code) = differing("diff-given-back", (&with, &without), &fail);
    let told = of_address(&flows);
    assert_eq!(code, 0, "{told:#?}");
    let is_one =
        |words: [&str; 2]| told.iter().all(|it| words.iter().any(|word| it.contains(word)));
    assert!(is_one(["closed", "doubtful"]), "{told:#?}");
    assert!(told.iter().any(|it| it.contains("TCP 22 from 203.0.113.0/24")), "{told:#?}");
    let (flows, code) = differing("diff-taken", (&without, &with), &fail);
    let told = of_address(&flows);
    assert_eq!(code, 1, "{told:#?}");
    let is_one =
        |words: [&str; 2]| told.iter().all(|it| words.iter().any(|word| it.contains(word)));
    assert!(is_one(["opened", "doubtful"]), "{told:#?}");
}

/// What is not asked for is counted all the same: nobody may take its absence for good news.
#[test]
fn what_is_not_shown_is_counted() {
    let (before, after) = (network("203.0.113.0/24"), network("*"));
    let folder = folder("diff-only", &[("before.yaml", &before), ("after.yaml", &after)]);
    let asked = ["diff", "before.yaml", "after.yaml", "--only", "closed,rerouted"];
    let run = run_in(&folder, &[&asked[..], &["--markdown", "c.md"]].concat(), "");
    let told = "no group closed or rerouted; 2 groups opened";
    assert!(run.out.starts_with(told), "{}", run.out);
    assert!(!run.out.contains("no flow differs"), "{}", run.out);
    let markdown = std::fs::read_to_string(folder.join("c.md")).unwrap();
    assert!(markdown.contains("No group closed or rerouted; 2 groups opened"), "{markdown}");
    let run = run_in(&folder, &[&asked[..], &["--output", "json", "--quiet"]].concat(), "");
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(answer["answer"]["hidden"]["opened"], 2);
}

/// Machines `a` and `b` in two subnets, and an appliance; the table of the second subnet has these routes.
fn with_appliance(routes: &str) -> String {
    format!(
        "network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.1.0.0/16]
      subnets:
        - {{name: first, addressPrefix: 10.1.0.0/24}}
        - {{name: second, addressPrefix: 10.1.1.0/24, routeTable: t}}
        - {{name: between, addressPrefix: 10.1.2.0/24}}
  routeTables: [{{name: t, routes: [{routes}]}}]
  virtualMachines:
    - {{name: a, subnet: v/first, privateIPAddress: 10.1.0.4}}
    - {{name: b, subnet: v/second, privateIPAddress: 10.1.1.4}}
    - {{name: nva, subnet: v/between, privateIPAddress: 10.1.2.4, enableIPForwarding: true}}
"
    )
}

/// The route holds for what `b` sends: its requests, and its replies to `a` (R87, R106).
#[test]
fn a_reply_that_comes_by_another_place_is_rerouted() {
    let route = "{name: r, addressPrefix: 10.1.0.0/24, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.2.4}";
    let (before, after) = (with_appliance(""), with_appliance(route));
    let (mut flows, _) = differing("diff-reply", (&before, &after), &[]);
    flows.sort_by_key(|it| it["from"].to_string());
    let told: Vec<(&str, &str)> = flows
        .iter()
        .map(|it| (it["from"][0].as_str().unwrap(), it["to"][0].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("a", "b"), ("b", "a")]);
    assert!(flows.iter().all(|it| it["kind"] == "rerouted"), "{flows:#?}");
    let [first, second] = &*flows else { panic!("{flows:#?}") };
    let ways = |flow: &Value, side: &str| {
        let fate = &flow["witness"][side];
        (fate["hops"].clone(), fate["replyHops"].clone())
    };
    let (direct, back) = (json!(["a", "b"]), json!(["b", "a"]));
    let around = json!(["b", "nva", "a"]);
    assert_eq!(ways(first, "before"), (direct.clone(), back.clone()));
    assert_eq!(ways(first, "after"), (direct.clone(), around.clone()));
    assert_eq!(ways(second, "before"), (back, direct.clone()));
    assert_eq!(ways(second, "after"), (around, direct));
    // Both hang on the route.
    assert!(flows.iter().all(|it| it["causes"].as_array().unwrap().len() == 1), "{flows:#?}");
    let folder = folder("diff-reply-text", &[("before.yaml", &*before), ("after.yaml", &*after)]);
    let run = run_in(&folder, &["diff", "before.yaml", "after.yaml", "--quiet"], "");
    let line = |text: &str| run.out.lines().any(|line| line.contains(text));
    assert!(line("reachable by a, b; the reply by b, nva, a"), "{}", run.out);
    assert!(line("reachable by b, nva, a"), "{}", run.out);
}

/// The packets of a group by protocols, ports and addresses (R175): the same as the lines.
#[test]
fn packets_are_told_by_their_parts_as_well() {
    let (flows, _) = differing("diff-parts", (&network("203.0.113.0/24"), &network("*")), &[]);
    let exposed: Vec<&Value> = flows.iter().filter(|it| it["severity"] == "exposure").collect();
    let [exposed] = *exposed else { panic!("{flows:#?}") };
    let [opening] = exposed["openings"].as_array().unwrap().as_slice() else { panic!("{exposed}") };
    assert_eq!(opening["protocols"], json!(["tcp"]));
    assert_eq!(opening["ports"], json!([{"first": 22, "last": 22}]));
    assert_eq!(opening["sourcePorts"], Value::Null);
    assert_eq!(opening["destinations"], json!("own"));
    let (which, others) = opening["sources"].as_object().unwrap().iter().next().unwrap();
    assert!(which == "ownBut" || which == "internetTagBut", "{opening}");
    assert!(others.as_array().unwrap().contains(&json!("203.0.113.0/24")), "{opening}");
}

/// R18: DHCP does not pass, and port 65330 is the host's; what is left of UDP is one line, and parts in JSON.
#[test]
fn all_of_udp_but_what_the_platform_keeps_is_one_line() {
    let open = network("*").replace("networkSecurityGroup: g", "");
    let shut = open.replace(
        "privateIPAddress: 10.1.0.4",
        "privateIPAddress: 10.1.0.4, networkSecurityGroup: shut",
    );
    let shut = format!(
        "{shut}    - {{name: a2, subnet: v/s, privateIPAddress: 10.1.0.5}}
"
    );
    let open = format!(
        "{open}    - {{name: a2, subnet: v/s, privateIPAddress: 10.1.0.5}}
"
    );
    let group = "  networkSecurityGroups:
    - name: shut
      securityRules:
        - {name: none, priority: 100, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}
";
    let shut = shut.replace("  networkSecurityGroups:\n", group);
    let open = open.replace("  networkSecurityGroups:\n", group);
    let (flows, _) = differing("diff-udp", (&shut, &open), &["--only", "opened"]);
    let flow =
        flows.iter().find(|it| it["from"] == json!(["a2"]) && it["to"] == json!(["a"])).unwrap();
    let lines: Vec<&str> =
        flow["packets"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    let udp = "UDP but to port 65330, from port 65330, from port 68 to 67, from port 67 to 68";
    assert!(lines.contains(&udp), "{lines:?}");
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(flow["openings"].as_array().unwrap().len(), 4, "{flow:#}");
}

/// What a variant or a patch changes stands where that is written, not where the resource is.
#[test]
fn changes_stand_at_the_lines_of_patches() {
    let scenario = format!(
        "{}variants:
  - name: open
    patch:
      networkSecurityGroups:
        g:
          securityRules:
            ssh:
              access: Deny
",
        network("203.0.113.0/24")
    );
    let line = scenario.lines().position(|line| line.contains("access: Deny")).unwrap() + 1;
    let patch = "# A comment.
networkSecurityGroups:
  g:
    securityRules:
      ssh:
        access: Deny
";
    let json = r#"{"networkSecurityGroups":
  {"g": {"securityRules":
    {"ssh":
      {"access": "Deny"}}}}}"#;
    let files = [("s.yaml", &*scenario), ("p.yaml", patch), ("p.json", json)];
    let folder = folder("diff-places", &files);
    let cases = [
        (["--variant", "open"], ("s.yaml", line)),
        (["--patch", "p.yaml"], ("p.yaml", 6)),
        (["--patch", "p.json"], ("p.json", 4)),
    ];
    for (arguments, (file, line)) in cases {
        let all = [&["diff", "s.yaml", "--output", "json", "--quiet"], &arguments[..]].concat();
        let run = run_in(&folder, &all, "");
        let answer: Value = serde_json::from_str(&run.out).unwrap();
        let [change] = answer["answer"]["configuration"].as_array().unwrap().as_slice() else {
            panic!("{answer:#}")
        };
        let place = (change["place"]["file"].as_str().unwrap(), change["place"]["line"].as_u64());
        assert_eq!(place, (file, Some(line as u64)), "{change:#}");
    }
}

/// What a wider rule opens at instances that nothing tells cannot be seen: a gate about doubt does not pass.
#[test]
fn nodes_that_nothing_tells_are_not_compared() {
    let estate = |port: &str| {
        format!(
            "network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: s, addressPrefix: 10.0.0.0/24, networkSecurityGroup: n}}]}}]
  networkSecurityGroups: [{{name: n, securityRules: [{{name: a, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: Internet, sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '{port}'}}]}}]
  managedClusters: [{{name: aks, agentPoolProfiles: [{{name: np, count: 3, vnetSubnetID: v/s}}]}}]
"
        )
    };
    let [before, after] = ["22", "22-80"].map(estate);
    let folder = folder("diff-nodes", &[("a.yaml", &before), ("b.yaml", &after)]);
    let run = |to: &str| run_in(&folder, &["diff", "a.yaml", to, "--fail-on", "doubtful"], "");
    let changed = run("b.yaml");
    assert_eq!(changed.code, 1, "{}", changed.out);
    assert!(changed.out.contains("a node or a pod of aks"), "{}", changed.out);
    assert_eq!(run("a.yaml").code, 0);
}

/// A machine with a public address in a subnet that refers to a group and a table which are not in the input; its own
/// group takes a tag of which the input does not tell the addresses.
fn doubtful([group, table, tag]: [&str; 3]) -> String {
    let missing = |list: &str, name: &str| {
        format!(
            "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/r/providers/Microsoft.Network/{list}/{name}"
        )
    };
    let (group, table) = (missing("networkSecurityGroups", group), missing("routeTables", table));
    format!(
        "network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.1.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.1.0.0/24, networkSecurityGroup: {{id: {group}}}, routeTable: {{id: {table}}}}}]
  networkSecurityGroups:
    - name: g
      securityRules:
        - {{name: tagged, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: {tag}, sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}}
  publicIPAddresses: [{{name: p, sku: Standard, ipAddress: 198.51.100.20}}]
  networkInterfaces:
    - {{name: n, networkSecurityGroup: g, ipConfigurations: [{{name: c, subnet: v/s, privateIPAddress: 10.1.0.4, publicIPAddress: p}}]}}
  virtualMachines: [{{name: a, networkInterfaces: [n]}}]
"
    )
}

/// What is unknown before and after by the same reasons is no difference, and is said; by other reasons it is doubtful:
/// the one missing group may deny what the other allows (R175), and so with tables (R36) and tags (R207).
#[test]
fn what_is_unknown_on_both_sides_is_said_and_is_doubtful_where_the_reason_is_another() {
    let before = ["x", "x", "AzureDevOps"];
    let is_doubtful = |after: [&str; 3], test: &str| {
        let networks = [before, after].map(doubtful);
        let folder = folder(test, &[("before.yaml", &networks[0]), ("after.yaml", &networks[1])]);
        let asked = ["diff", "before.yaml", "after.yaml", "--fail-on", "doubtful", "--quiet"];
        let files = ["--markdown", "c.md", "--sarif", "d.sarif"];
        let run = run_in(&folder, &[&asked[..], &files, &["--output", "json"]].concat(), "");
        let answer: Value = serde_json::from_str(&run.out).unwrap();
        let answer = answer["answer"].clone();
        let text = run_in(&folder, &asked, "").out;
        let [markdown, sarif] =
            ["c.md", "d.sarif"].map(|it| std::fs::read_to_string(folder.join(it)).unwrap());
        (run.code, answer, [text, markdown, sarif])
    };
    let (code, answer, views) = is_doubtful(before, "diff-equally-unknown");
    assert_eq!((code, &answer["flows"]), (0, &json!([])));
    assert!(answer["unknown"]["protocols"].as_array().unwrap().contains(&json!("tcp")), "{answer}");
    assert!(views[0].starts_with("no flow is known to differ"), "{}", views[0]);
    for view in &views {
        assert!(
            view.to_ascii_lowercase().contains("unknown before and after, for the same reasons:"),
            "{view}"
        );
    }
    for (at, other) in [(0, "y"), (1, "y"), (2, "AzureCloud.westus")] {
        let mut after = before;
        after[at] = other;
        let (code, answer, _) = is_doubtful(after, &format!("diff-otherwise-unknown-{at}"));
        assert_eq!(code, 1, "{other}: {answer:#}");
        let flows = answer["flows"].as_array().unwrap();
        assert!(flows.iter().all(|flow| flow["kind"] == "doubtful"), "{flows:#?}");
        let witness = &flows[0]["witness"];
        let verdicts = ["before", "after"].map(|side| witness[side]["verdict"].clone());
        assert_eq!(verdicts, ["unknown", "unknown"]);
        // What a missing table decides has no evidence but its name.
        assert!(at == 1 || flows[0]["causes"] == json!([0]), "{flows:#?}");
    }
}

/// Were the missing group and table known, the rule alone would decide (R175): it lets the Internet in on one side only.
#[test]
fn what_a_rule_would_stop_behind_something_unknown_is_doubtful() {
    let networks = ["Internet", "10.9.9.9/32"].map(|tag| doubtful(["x", "x", tag]));
    let folder =
        folder("diff-unknown-and-stopped", &[("a.yaml", &networks[0]), ("b.yaml", &networks[1])]);
    for [before, after] in [["a.yaml", "b.yaml"], ["b.yaml", "a.yaml"]] {
        let run =
            run_in(&folder, &["diff", before, after, "--fail-on", "doubtful-from-internet"], "");
        assert_eq!(run.code, 1, "{}", run.out);
    }
    let same = run_in(&folder, &["diff", "a.yaml", "a.yaml", "--fail-on", "any"], "");
    assert_eq!(same.code, 0, "{}", same.out);
}

/// R175: the order of rules counts, and a number by itself is no reason.
#[test]
fn a_rule_that_keeps_its_place_under_another_number_is_no_other_reason() {
    let network = |numbers: [u16; 2]| {
        let rule = |name: &str, number: u16, tag: &str| {
            format!(
                "{{name: {name}, priority: {number}, direction: Inbound, access: Allow, protocol: Tcp, \
                 sourceAddressPrefix: {tag}, sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}}"
            )
        };
        let [first, second] = numbers;
        let rules = [rule("a", first, "AzureDevOps"), rule("b", second, "AzureCloud")].join(", ");
        format!(
            "network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.1.0.0/16], subnets: [{{name: s, addressPrefix: 10.1.0.0/24, networkSecurityGroup: g}}]}}]
  networkSecurityGroups: [{{name: g, securityRules: [{rules}]}}]
  publicIPAddresses: [{{name: p, sku: Standard, ipAddress: 198.51.100.20}}]
  virtualMachines: [{{name: m, subnet: v/s, privateIPAddress: 10.1.0.4, publicIPAddress: p}}]
"
        )
    };
    for (numbers, code) in [([110, 120], 0), ([130, 120], 1)] {
        let [before, after] = [[100, 120], numbers].map(network);
        let files = [("before.yaml", &*before), ("after.yaml", &*after)];
        let folder = folder(&format!("diff-order-{code}"), &files);
        let asked = ["diff", "before.yaml", "after.yaml", "--fail-on", "doubtful"];
        let run = run_in(&folder, &asked, "");
        assert_eq!(run.code, code, "{}", run.out);
    }
}
