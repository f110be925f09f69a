//! Which changes a difference hangs on, told by hand: without it, or with it alone, the packet fares otherwise.

use super::{folder, run_in};
use serde_json::{Value, json};

const ESTATE: &str = "\
network:
  virtualNetworks:
    - name: v
      addressPrefixes: [10.0.0.0/16]
      subnets:
        - {name: a, addressPrefix: 10.0.0.0/24, networkSecurityGroup: n, routeTable: r}
        - {name: b, addressPrefix: 10.0.1.0/24}
  networkSecurityGroups:
    - name: n
      securityRules:
        - {name: web, priority: 200, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '443'}
  routeTables:
    - {name: r, routes: [{name: far, addressPrefix: 10.9.0.0/16, nextHopType: None}]}
  publicIPAddresses: [{name: p, sku: Standard, ipAddress: 20.7.7.7}]
  virtualMachines:
    - {name: m, subnet: v/a, privateIPAddress: 10.0.0.4, publicIPAddress: p}
    - {name: o, subnet: v/b, privateIPAddress: 10.0.1.4}
";

fn rule(name: &str, priority: u32, (direction, access): (&str, &str), port: &str) -> Value {
    json!({"name": name, "priority": priority, "direction": direction, "access": access, "protocol": "Tcp",
        "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": port})
}

fn rules(rules: &[Value]) -> Value {
    json!({"networkSecurityGroups": {"n": {"securityRules": rules}}})
}

/// The causes of each group, by its kind, ends and packets: the ends of the ways that changes are told by.
fn causes(test: &str, patch: &Value) -> Vec<(String, Vec<String>)> {
    causes_in(test, ESTATE, patch)
}

/// The same in another network.
fn causes_in(test: &str, estate: &str, patch: &Value) -> Vec<(String, Vec<String>)> {
    let patch = patch.to_string();
    causes_of(test, &[("estate.yaml", estate), ("patch.json", &patch)], &["--patch", "patch.json"])
}

/// The same of what `more` makes of the first of the documents.
fn causes_of(test: &str, documents: &[(&str, &str)], more: &[&str]) -> Vec<(String, Vec<String>)> {
    let folder = folder(test, documents);
    let arguments = [&["diff", documents[0].0], more, &["--output", "json", "--quiet"]].concat();
    let run = run_in(&folder, &arguments, "");
    assert_eq!((&*run.err, run.code), ("", 0));
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    let changes = answer["answer"]["configuration"].as_array().unwrap();
    let told = |number: &Value| {
        let change = &changes[usize::try_from(number.as_u64().unwrap()).unwrap()];
        let way =
            format!("{}{}", change["resource"].as_str().unwrap(), change["path"].as_str().unwrap());
        way.rsplit('/').next().unwrap().to_owned()
    };
    let flows = answer["answer"]["flows"].as_array().unwrap().iter();
    let each = flows.map(|flow| {
        let [from, to] = ["from", "to"].map(|end| flow[end].as_array().unwrap().len());
        let from = if from == 1 { flow["from"][0].as_str().unwrap() } else { "several" };
        let to = if to == 1 { flow["to"][0].as_str().unwrap() } else { "several" };
        let group =
            format!("{} {from} -> {to} {}", flow["kind"].as_str().unwrap(), flow["packets"][0]);
        (group, flow["causes"].as_array().unwrap().iter().map(told).collect())
    });
    each.collect()
}

/// The causes of the only group that is called so.
#[track_caller]
fn of(found: &[(String, Vec<String>)], group: &str) -> Vec<String> {
    let named: Vec<_> = found.iter().filter(|it| it.0.starts_with(group)).collect();
    let [(_, causes)] = *named else { panic!("{group}: {found:#?}") };
    causes.clone()
}

const INTERNET: &str = "opened a machine on the Internet -> public IP address p";

/// Of two rules of one group the one of the packet's direction and port.
#[test]
fn a_rule_for_other_packets_is_no_cause() {
    let patch = rules(&[
        rule("rdp", 300, ("Inbound", "Allow"), "3389"),
        rule("out", 300, ("Outbound", "Deny"), "9999"),
    ]);
    let found = causes("causes-rules", &patch);
    assert_eq!(of(&found, INTERNET), ["rdp"]);
    assert_eq!(of(&found, "closed m -> several \"TCP 9999"), ["out"]);
}

/// Either rule lets the packet in, so that both are causes; a third one is none.
#[test]
fn each_of_two_that_suffice_is_a_cause() {
    let patch = rules(&[
        rule("rdp", 300, ("Inbound", "Allow"), "3389"),
        rule("again", 310, ("Inbound", "Allow"), "3000-4000"),
        rule("late", 320, ("Inbound", "Deny"), "3389"),
    ]);
    let found = causes("causes-either", &patch);
    let group = "opened a machine on the Internet -> public IP address p \"TCP 3000-4000";
    assert_eq!(of(&found, group), ["again", "rdp"]);
}

/// A route that is removed or added, or the table of another subnet.
#[test]
fn routes_and_associations_are_causes() {
    let routes = |routes: Value| json!({"routeTables": {"r": {"routes": routes}}});
    let route = |name: &str, prefix: &str| json!({"name": name, "addressPrefix": prefix, "nextHopType": "None"});
    let patch = routes(json!([route("to-b", "10.0.1.0/24"), route("unrelated", "10.8.0.0/16")]));
    let found = causes("causes-route", &patch);
    assert_eq!(of(&found, "closed o -> m"), ["to-b"]);
    assert_eq!(of(&found, "closed m -> o"), ["to-b"]);
    let id = |name: &str| {
        format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/routeTables/{name}")
    };
    let table = |routes: Value| json!({"type": "Microsoft.Network/routeTables", "properties": {"routes": routes}});
    let to_a = json!([{"name": "to-a", "properties": {"addressPrefix": "10.0.0.0/24", "nextHopType": "None"}}]);
    let patch = json!({
        id("t"): table(to_a.clone()), id("idle"): table(to_a),
        "virtualNetworks": {"v": {"subnets": [{"name": "b", "routeTable": {"id": id("t")}}]}},
    });
    let found = causes("causes-table", &patch);
    assert_eq!(of(&found, "closed o -> m"), ["routeTable", "t"]);
}

/// A public address and that something has it.
#[test]
fn an_attached_public_address_is_a_cause() {
    let patch = json!({
        "publicIPAddresses": [{"name": "q", "sku": "Standard", "ipAddress": "20.7.7.8"}, {"name": "spare", "sku": "Standard", "ipAddress": "20.7.7.9"}],
        "networkSecurityGroups": {"n": {"tags": {"owner": "ops"}}},
        "networkInterfaces": {"m-nic": {"ipConfigurations": {"ipconfig1": {"publicIPAddress": "q"}}}},
    });
    let found = causes("causes-address", &patch);
    let group = "opened a machine on the Internet -> public IP address q";
    assert_eq!(of(&found, group), ["publicIPAddress", "q"]);
    assert_eq!(of(&found, "closed several -> public IP address p"), ["publicIPAddress"]);
}

/// Packets that are told together may hang on changes of their own: by their ports, receivers and destinations.
#[test]
fn each_sort_of_packets_of_a_group_has_its_cause() {
    let patch = rules(&[
        rule("ssh", 300, ("Inbound", "Allow"), "22"),
        rule("rdp", 310, ("Inbound", "Allow"), "3389"),
        rule("other", 320, ("Outbound", "Allow"), "22"),
    ]);
    let found = causes("causes-sorts", &patch);
    assert_eq!(of(&found, &format!("{INTERNET} \"TCP 22,3389")), ["rdp", "ssh"]);
    let route = |name: &str, prefix: &str| json!({"name": name, "addressPrefix": prefix, "nextHopType": "None"});
    let patch = json!({"routeTables": {"r": {"routes": [
        route("far", "10.9.0.0/16"), route("one", "20.8.0.0/16"), route("two", "20.12.0.0/16"),
    ]}}});
    let found = causes("causes-destinations", &patch);
    assert_eq!(of(&found, "closed m -> other addresses"), ["one", "two"]);
    let deny = |name: &str, priority: u32, port: &str, sender: &str| {
        let mut rule = rule(name, priority, ("Inbound", "Deny"), port);
        rule["sourceAddressPrefix"] = json!(sender);
        rule
    };
    let web = rule("web", 200, ("Inbound", "Allow"), "443");
    let patch =
        rules(&[web, deny("no-o", 210, "80", "10.0.1.4"), deny("no-s", 220, "80", "10.0.1.5")]);
    let estate = format!("{ESTATE}    - {{name: s, subnet: v/b, privateIPAddress: 10.0.1.5}}\n");
    let found = causes_in("causes-senders", &estate, &patch);
    assert_eq!(of(&found, "closed several -> m \"TCP 80"), ["no-o", "no-s"]);
}

/// A machine stays itself where its network gets another name; that its old network goes is no cause of what a rule stops.
#[test]
fn a_sender_in_a_renamed_network_has_its_cause() {
    let renamed = ESTATE.replace("name: v\n", "name: w\n").replace("subnet: v/", "subnet: w/");
    let out = "        - {name: out, priority: 300, direction: Outbound, access: Deny, protocol: Tcp, sourceAddressPrefix: '*', \
               sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '9999'}\n";
    let after = renamed.replace("  routeTables:", &format!("{out}  routeTables:"));
    let found = causes_of(
        "causes-renamed",
        &[("before.yaml", ESTATE), ("after.yaml", &after)],
        &["after.yaml"],
    );
    let causes = of(&found, "closed m -> several \"TCP 9999");
    assert!(causes.iter().any(|it| it == "out"), "{causes:?}");
    // Without its network nobody sends the packet: that is not what stops it.
    assert!(!causes.iter().any(|it| it == "v"), "{causes:?}");
}
