//! `check --coverage` and `check --mutate`: what assertions exercise, and what they would notice.

use super::resources::GROUP;
use super::{folder_of, planned, run, run_in, scenario_of_two};
use serde_json::{Value, json};

/// Beside what is exercised, of each kind one thing that no assertion needs.
fn scenario() -> String {
    scenario_of_two(&[
        (
            "networkSecurityGroup: guard}",
            "networkSecurityGroup: guard, routeTable: ways}\n      virtualNetworkPeerings: [{name: to-spoke, \
             remoteVirtualNetwork: spoke}]\n    - name: spoke\n      addressPrefixes: [10.2.0.0/16]\n      \
             subnets: [{name: default, addressPrefix: 10.2.0.0/24}]\n      virtualNetworkPeerings: [{name: \
             to-hub, remoteVirtualNetwork: hub}]\n  routeTables:\n    - name: ways\n      routes:\n        - \
             {name: drop, addressPrefix: 203.0.113.0/24, nextHopType: None}\n        - {name: spare, \
             addressPrefix: 198.51.100.0/24, nextHopType: None}",
        ),
        (
            "destinationPortRange: '22'}",
            "destinationPortRange: '22'}\n        - {name: spare, priority: 200, direction: Inbound, access: \
             Allow, protocol: Tcp, sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: \
             '*', destinationPortRange: '8080'}",
        ),
        (
            "    - {name: server,",
            "    - {name: far, subnet: spoke/default, privateIPAddress: 10.2.0.4}\n    - {name: server,",
        ),
    ]) + "\
principals:
  - name: operator
    roles: [{role: Reader, scope: server}, {role: Reader, scope: client}]
dataflows:
  - name: looks
    principal: operator
    legs:
      - {title: The operator looks, gates: [{role: {action: Microsoft.Compute/virtualMachines/read, on: server}}]}
expect:
  - {name: web, from: client, to: 'server:443', verdict: reachable, cites: [R177]}
  - {name: far, from: client, to: 'far:443', verdict: reachable, cites: [R139]}
  - {name: drop, nextHop: {from: client, to: 203.0.113.9}, type: None, cites: [R76]}
  - {name: api, resolve: {from: client, name: api.corp.example}, addresses: [10.1.0.5], cites: [R247]}
  - {name: looks, dataflow: looks, verdict: reachable, cites: [R394]}
variants:
  - name: closed
    patch: {networkSecurityGroups: {guard: {securityRules: {spare: null}}}}
    expect:
      - {name: ssh, from: client, to: 'server:22', verdict: unreachable, reason: denied-by-rule, cites: [R175]}
"
}

fn answer(options: &[&str], input: &str) -> Value {
    let all = [&["check", "-", "--output", "json"], options].concat();
    let run = run(&all, input);
    assert_eq!((run.code, &*run.err), (0, ""), "{}", run.out);
    serde_json::from_str::<Value>(&run.out).unwrap()["answer"].take()
}

fn names(items: &Value) -> Vec<&str> {
    items.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

/// The variant takes away a rule before the one that decides it: what is named moves, and is found.
#[test]
fn what_no_assertion_exercises_is_listed() {
    let answer = answer(&["--coverage"], &scenario());
    let coverage = &answer["scenarios"][0]["coverage"];
    let never = names(&coverage["never"]);
    let expected = ["guard/spare", "ways/spare", "www.corp.example CNAME", "Reader on client"];
    assert_eq!(never, expected);
    let kind = |kind: &str, total: u64, decided: u64| json!({"kind": kind, "total": total, "decided": decided, "consulted": 0});
    let kinds = json!([
        kind("security-rule", 2, 1),
        kind("user-route", 2, 1),
        kind("peering", 2, 2),
        kind("zone-link", 1, 1),
        kind("record", 2, 1),
        kind("role-assignment", 2, 1),
    ]);
    assert_eq!(coverage["kinds"], kinds);
    assert_eq!(answer["coverage"]["kinds"], kinds);
    assert_eq!(answer["mutation"], Value::Null);
}

/// What is not exercised can go; everything else is missed. A rule can also be turned around.
#[test]
fn changes_that_no_assertion_notices_are_listed() {
    let answer = answer(&["--mutate"], &scenario());
    let mutation = &answer["scenarios"][0]["mutation"];
    let unnoticed = mutation["unnoticed"].as_array().unwrap().iter();
    let unnoticed: Vec<(&str, &str)> = unnoticed
        .map(|it| (it["change"].as_str().unwrap(), it["item"]["name"].as_str().unwrap()))
        .collect();
    let expected = [
        ("removed", "guard/spare"),
        ("flipped", "guard/spare"),
        ("removed", "ways/spare"),
        ("removed", "www.corp.example CNAME"),
        ("removed", "Reader on client"),
    ];
    assert_eq!(unnoticed, expected);
    assert_eq!((&mutation["tried"], &mutation["noticed"]), (&json!(13), &json!(8)));
    assert_eq!(answer["mutation"], json!({"tried": 13, "noticed": 8}));
}

/// An assertion that fails anyway notices nothing, and the exit code is that of the assertions.
#[test]
fn assertions_that_fail_notice_nothing() {
    let wrong = scenario()
        .replace("to: 'far:443', verdict: reachable", "to: 'far:443', verdict: unreachable");
    let run = run(&["check", "-", "--mutate", "--coverage"], &wrong);
    assert_eq!((run.code, &*run.err), (1, ""));
    let has = |line: &str| assert!(run.out.contains(line), "{line}: {}", run.out);
    has("One thing changed at a time: 6 of 13 noticed\n");
    has("  without peering to-hub (-:");
    has("  without peering to-spoke (-:");
    has("  flipped security rule guard/spare (-:");
    has("Exercised by assertions\n");
    has("  never user route ways/spare (-:");
}

/// Assertions about sets alone, of the same network.
fn of_sets(claims: &str) -> String {
    let all = scenario();
    let (network, _) = all.split_once("principals:").unwrap();
    format!("{network}expect:\n{claims}")
}

#[test]
fn assertions_over_sets_exercise_what_decides_about_their_packets() {
    // R175, R177: no-ssh stops port 22 and a default rule lets 8081 pass; `spare` comes first for 8080. R139: the
    // way to the other network is a peering's.
    let claims = "  - {never: {from: client, to: server, ports: 22}, cites: [R175]}
  - {always: {from: client, to: far, ports: 8081}, cites: [R139]}
";
    let answer = answer(&["--coverage"], &of_sets(claims));
    let never = names(&answer["scenarios"][0]["coverage"]["never"]);
    assert!(never.contains(&"guard/spare"), "{never:?}");
    assert!(!never.iter().any(|name| name.contains("no-ssh")), "{never:?}");
    assert!(!never.iter().any(|name| name.contains("to-spoke")), "{never:?}");
    assert!(never.iter().any(|name| name.contains("drop")), "{never:?}");
}

#[test]
fn mutants_are_noticed_by_assertions_over_sets() {
    // R175: without no-ssh, AllowVnetInBound lets SSH in, and a packet shows it.
    let claims = "  - {never: {from: client, to: server, ports: 22}, cites: [R175]}\n";
    let answer = answer(&["--mutate"], &of_sets(claims));
    let unnoticed = answer["scenarios"][0]["mutation"]["unnoticed"].as_array().unwrap().iter();
    let unnoticed: Vec<(&str, &str)> = unnoticed
        .map(|it| (it["change"].as_str().unwrap(), it["item"]["name"].as_str().unwrap()))
        .collect();
    assert!(!unnoticed.iter().any(|(_, name)| *name == "guard/no-ssh"), "{unnoticed:?}");
    assert!(unnoticed.contains(&("removed", "guard/spare")), "{unnoticed:?}");
}

/// Sixteen boxes of each outcome are followed: of the twenty pairs of ports that get there four are left, and of those that
/// do not (each of the twenty source ports with the other destination ports, and all other source ports) five.
#[test]
fn what_is_not_followed_is_counted() {
    let rule = |at: u16| {
        format!(
            "        - {{name: r{at}, priority: {}, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: '*', \
             sourcePortRange: '{}', destinationAddressPrefix: '*', destinationPortRange: '{}'}}\n",
            200 + at,
            1000 + 10 * at,
            100 + 10 * at
        )
    };
    let scenario = |count: u16| {
        let rules: String = (0..count).map(rule).collect();
        let deny = "        - {name: rest, priority: 4000, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: \
                    '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*'}\n";
        let text = scenario_of_two(&[(
            "      securityRules:\n",
            &format!("      securityRules:\n{rules}{deny}"),
        )]);
        text + "expect:\n  - {name: some, reachable: {from: client, to: server, protocol: tcp}, cites: [R175]}\n"
    };
    let few = answer(&["--coverage"], &scenario(15));
    assert_eq!(few["coverage"]["notFollowed"], Value::Null);
    let many = answer(&["--coverage"], &scenario(20));
    assert_eq!(many["coverage"]["notFollowed"], json!(9));
    assert_eq!(many["scenarios"][0]["coverage"]["notFollowed"], json!(9));
    let text = run(&["check", "-", "--coverage"], &scenario(20));
    assert!(
        text.out.contains("  9 boxes of packets of assertions over sets were not followed"),
        "{}",
        text.out
    );
}

#[test]
fn rules_of_admins_are_exercised_and_changed() {
    let rule = |name: &str, access: &str, port: u16| {
        format!(
            "{{name: {name}, priority: {port}, direction: Inbound, access: {access}, protocol: Tcp, sourcePortRange: '*', destinationPortRange: '{port}', sourceAddressPrefix: '*', destinationAddressPrefix: '*'}}"
        )
    };
    let (denies, passes, spare) = (
        rule("no-telnet", "Deny", 23),
        rule("web", "AlwaysAllow", 443),
        rule("spare", "Allow", 24),
    );
    let text = scenario_of_two(&[(
        "  networkSecurityGroups:",
        &format!(
            "  adminRuleCollections: [{{name: admin, virtualNetworks: [hub], rules: [{denies}, {passes}, {spare}]}}]\n  networkSecurityGroups:"
        ),
    )]) + "expect:
  - {name: telnet, from: client, to: 'server:23', verdict: unreachable, reason: denied-by-admin-rule, cites: [R227]}
  - {name: web, from: client, to: 'server:443', verdict: reachable, cites: [R227]}
";
    let coverage = answer(&["--coverage"], &text);
    let never = names(&coverage["scenarios"][0]["coverage"]["never"]);
    assert!(never.contains(&"admin/spare"), "{never:?}");
    assert!(!never.contains(&"admin/no-telnet") && !never.contains(&"admin/web"), "{never:?}");
    let mutation = answer(&["--mutate"], &text);
    let unnoticed = mutation["scenarios"][0]["mutation"]["unnoticed"].as_array().unwrap().clone();
    let of_admin = |it: &&Value| it["item"]["kind"] == "admin-rule";
    let unnoticed: Vec<_> = unnoticed
        .iter()
        .filter(of_admin)
        .map(|it| (it["change"].as_str().unwrap(), it["item"]["name"].as_str().unwrap()))
        .collect();
    // Without the rule that always allows it, the group of the server lets it pass all the same.
    let expected =
        [("removed", "admin/spare"), ("flipped", "admin/spare"), ("removed", "admin/web")];
    assert_eq!(unnoticed, expected);
}

/// Blocks of Terraform and the rounds of a loop, which stand at one place, are things of their own.
#[test]
fn blocks_and_rounds_are_told_apart() {
    let rule = |name: &str, priority: u16, port: &str| {
        let mut rule = planned::rule(name, "Deny", port);
        rule["priority"] = priority.into();
        rule
    };
    let mut resources = planned::network();
    let group = resources.iter_mut().find(|it| it.address.ends_with("group.g")).unwrap();
    group.after["security_rule"] = json!([rule("ssh", 100, "22"), rule("spare", 200, "23")]);
    let same = |name: &str, port: &str| {
        let [name, port] = [name, port].map(|text| format!("[{text}]"));
        json!({
            "type": "Microsoft.Network/networkSecurityGroups/securityRules", "apiVersion": "2024-05-01", "name": name,
            "copy": {"name": "each", "count": 2},
            "properties": {"priority": "[add(100, copyIndex())]", "direction": "Inbound", "access": "Deny", "protocol": "Tcp",
                "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": port},
        })
    };
    let rounds = same(
        "format('g/{0}', createArray('ssh', 'spare')[copyIndex()])",
        "string(add(22, copyIndex()))",
    );
    let group = json!({"type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2024-05-01", "name": "g", "properties": {}});
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    let template =
        json!({"$schema": schema, "contentVersion": "1.0.0.0", "resources": [group, rounds]});
    // R175: the rule denies port 22; a default rule lets the network in at others.
    let expect = "expect:
  - {name: ssh, from: a, to: 'b:22', verdict: unreachable, reason: denied-by-rule, cites: [R175]}
  - {name: web, from: a, to: 'b:80', verdict: reachable, cites: [R175]}
";
    let mut others = planned::network();
    others.retain(|it| !it.address.ends_with("group.g"));
    let blocks = [("n.json", planned::plan(&resources))];
    let rounds = [("n.json", planned::plan(&others)), ("m.json", template.to_string())];
    for (test, files) in [("coverage-blocks", &blocks[..]), ("coverage-rounds", &rounds[..])] {
        let folder = folder_of(test, files);
        let names_of: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        let text = format!("include: [{}]\n{expect}", names_of.join(", "));
        std::fs::write(folder.join("s.yaml"), text).unwrap();
        let ask =
            ["check", "s.yaml", "--coverage", "--mutate", "--output", "json", "--scope", GROUP];
        let run = run_in(&folder, &ask, "");
        let answer = serde_json::from_str::<Value>(&run.out).unwrap()["answer"].take();
        let scenario = &answer["scenarios"][0];
        assert_eq!(names(&scenario["coverage"]["never"]), ["g/spare"], "{test}: {scenario:#}");
        let unnoticed = scenario["mutation"]["unnoticed"].as_array().unwrap().iter();
        let unnoticed: Vec<&str> =
            unnoticed.map(|it| it["item"]["name"].as_str().unwrap()).collect();
        assert_eq!(unnoticed, ["g/spare", "g/spare"], "{test}: {scenario:#}");
        assert_eq!(scenario["mutation"]["noticed"], json!(2), "{test}");
    }
}

/// What is sent to the public address of somebody else is no packet to `y`.
#[test]
fn one_way_to_address_a_place_is_enough() {
    let text = "\
network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.8.0.0/16]
      subnets: [{name: a, addressPrefix: 10.8.1.0/24, networkSecurityGroup: n}, {name: b, addressPrefix: 10.8.2.0/24}]
  publicIPAddresses: [{name: p, sku: Standard, ipAddress: 20.1.1.1}]
  networkSecurityGroups:
    - name: n
      securityRules:
        - {name: ssh, priority: 200, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: 1.2.3.4,
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}
  virtualMachines:
    - {name: web, subnet: v/a, privateIPAddress: 10.8.1.4, publicIPAddress: p}
    - {name: x, subnet: v/b, privateIPAddress: 10.8.2.4}
    - {name: y, subnet: v/b, privateIPAddress: 10.8.2.5}
expect:
  - {always: {from: x, to: y, ports: 22}, cites: [R177]}
";
    let answer = answer(&["--coverage"], text);
    assert_eq!(names(&answer["scenarios"][0]["coverage"]["never"]), ["n/ssh"]);
}
