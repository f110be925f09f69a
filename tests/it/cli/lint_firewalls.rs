//! What `lint` finds among the rules of firewalls, by R396 to R400: rules that never decide, and rules that change nothing.

use super::lint::told;

/// The head of a collection and a rule in it, in a few words: type, collection, its priority, what it does, name, protocols or
/// requests, from, to (for DNAT with what it is translated to), ports.
fn rule(words: &str) -> [String; 2] {
    let words: Vec<&str> = words.split(' ').collect();
    let [kind, collection, priority, does, name, protocols, from, to, ports] = *words else {
        panic!("{words:?}")
    };
    let list = |name: &str, text: &str| format!("{name}: ['{}']", text.replace(',', "', '"));
    let (to, translated) = to.split_once('>').unwrap_or((to, ""));
    let [from, ports] = [list("sourceAddresses", from), list("destinationPorts", ports)];
    let plain = format!(
        "{from}, {}, {}, {ports}",
        list("ipProtocols", protocols),
        list("destinationAddresses", to)
    );
    let (what, text) = match kind {
        "nat" => {
            let (address, port) = translated.split_once('+').unwrap();
            ("NatRule", format!("{plain}, translatedAddress: {address}, translatedPort: '{port}'"))
        }
        "net" => ("NetworkRule", plain),
        _ => (
            "ApplicationRule",
            format!("{from}, {}, {}", list("protocols", protocols), list("targetFqdns", to)),
        ),
    };
    let sort = if kind == "nat" { "Nat" } else { "Filter" };
    let head = format!(
        "name: {collection}, priority: {priority}, ruleCollectionType: FirewallPolicy{sort}RuleCollection, action: {{type: {does}}}"
    );
    [head, format!("{{ruleType: {what}, name: {name}, {text}}}")]
}

/// A policy with one group of these rules.
fn policy((name, more): (&str, &str), rules: &[&str]) -> String {
    let mut collections: Vec<(String, Vec<String>)> = Vec::new();
    for words in rules {
        let [head, text] = rule(words);
        match collections.iter_mut().find(|(known, _)| *known == head) {
            Some((_, all)) => all.push(text),
            None => collections.push((head, vec![text])),
        }
    }
    let each = collections
        .iter()
        .map(|(head, rules)| format!("{{{head}, rules: [{}]}}", rules.join(", ")));
    let each = each.collect::<Vec<_>>().join(", ");
    format!(
        "    - {{name: {name}{more}, ruleCollectionGroups: [{{name: g, priority: 200, ruleCollections: [{each}]}}]}}\n"
    )
}

fn alone(rules: &[&str]) -> String {
    format!("network:\n  firewallPolicies:\n{}", policy(("p", ""), rules))
}

const SHADOWED: &str = "shadowed-firewall-rule";
const REDUNDANT: &str = "redundant-firewall-rule";

#[test]
fn a_lower_priority_comes_first_whatever_the_order_in_the_document() {
    // R397: 100 before 300. The later rule is for part of the earlier one.
    let text = alone(&[
        "net late 300 Allow narrow TCP 10.1.0.0/16 10.2.0.4 443",
        "net early 100 Deny wide TCP 10.0.0.0/8 10.0.0.0/8 1-1024",
    ]);
    assert_eq!(
        told(&text, SHADOWED),
        [
            "network rule narrow of late (300) never decides: wide of early (100) comes first and denies all its packets"
        ]
    );
    // The other way round, both decide.
    let text = alone(&[
        "net late 100 Allow narrow TCP 10.1.0.0/16 10.2.0.4 443",
        "net early 300 Deny wide TCP 10.0.0.0/8 10.0.0.0/8 1-1024",
    ]);
    assert_eq!(told(&text, SHADOWED), [""; 0]);
}

#[test]
fn two_rules_together_may_take_every_packet() {
    let text = alone(&[
        "net a 100 Allow low TCP 10.0.0.0/9 * 443",
        "net a 100 Allow high TCP 10.128.0.0/9 * 400-500",
        "net b 200 Allow all TCP 10.0.0.0/8 20.0.0.0/8 443",
    ]);
    assert_eq!(
        told(&text, SHADOWED),
        [
            "network rule all of b (200) never decides: low of a (100), high of a (100) come first and together allow all \
          its packets"
        ]
    );
}

#[test]
fn collections_of_the_parent_come_first() {
    // R397: the child's own priority of 100 does not help. What is said of the parent's rule is said once.
    let parent = policy(
        ("parent", ""),
        &[
            "net deny 500 Deny telnet TCP * * 23",
            "net more 600 Deny telnet-again TCP 10.0.0.0/8 * 23",
        ],
    );
    let child = policy(
        ("child", ", basePolicy: parent"),
        &["net own 100 Allow mine TCP 10.0.0.0/8 10.2.0.0/16 23"],
    );
    let text = format!("network:\n  firewallPolicies:\n{parent}{child}");
    assert_eq!(
        told(&text, SHADOWED),
        [
            "network rule mine of own (100) never decides: telnet of deny (500) comes first and denies all its packets",
            "network rule telnet-again of more (600) never decides: telnet of deny (500) comes first and denies all its packets",
        ]
    );
}

#[test]
fn network_rules_come_before_application_rules() {
    // R396: whatever the priorities. A network rule for one destination leaves the others to the application rule.
    let text = alone(&[
        "app names 100 Allow api Https:443 10.1.0.0/16 api.example.com -",
        "app names 100 Allow web Http:80 10.1.0.0/16 www.example.com -",
        "net any 900 Allow all TCP 10.0.0.0/8 * 443",
        "net any 900 Allow one TCP 10.0.0.0/8 20.1.1.1 80",
    ]);
    assert_eq!(
        told(&text, SHADOWED),
        [
            "application rule api of names (100) never decides: all of any (900) comes first and allows all its packets"
        ]
    );
}

#[test]
fn wider_names_take_those_of_later_rules() {
    let text = alone(&[
        "app a 100 Deny wide Https:443 * *.example.com -",
        "app b 200 Allow www Https:443 10.0.0.0/8 www.example.com -",
        // Another protocol, a name without a label in front, and one more name: these decide.
        "app b 200 Allow plain Http:80 10.0.0.0/8 www.example.com -",
        "app b 200 Allow root Https:443 10.0.0.0/8 example.com -",
        "app b 200 Allow both Https:443 10.0.0.0/8 api.example.com,api.example.org -",
    ]);
    assert_eq!(
        told(&text, SHADOWED),
        [
            "application rule www of b (200) never decides: wide of a (100) comes first and denies all its packets"
        ]
    );
}

#[test]
fn the_first_translation_counts() {
    // R399: one translates what another would send elsewhere.
    let text = alone(&[
        "nat in 100 DNAT web TCP * 198.51.100.1>10.0.0.4+443 443",
        "nat in 100 DNAT office TCP 203.0.113.0/24 198.51.100.1>10.0.0.5+443 443",
        "nat in 100 DNAT other TCP * 198.51.100.2>10.0.0.5+443 443",
    ]);
    assert_eq!(
        told(&text, SHADOWED),
        [
            "DNAT rule office of in (100) never decides: web of in (100) comes first and translates all its packets"
        ]
    );
    // Turned around, the narrow one decides; it changes nothing where both send to the same.
    let same = alone(&[
        "nat in 100 DNAT office TCP 203.0.113.0/24 198.51.100.1>10.0.0.4+443 443",
        "nat in 100 DNAT web TCP * 198.51.100.1>10.0.0.4+443 443",
    ]);
    assert_eq!(told(&same, SHADOWED), [""; 0]);
    assert_eq!(
        told(&same, REDUNDANT),
        [
            "DNAT rule office of in (100) changes nothing: web of in (100) translates all that it decides about"
        ]
    );
}

#[test]
fn a_rule_changes_nothing_where_later_ones_do_the_same() {
    let rules = [
        "net a 100 Allow part UDP 10.9.0.0/16 20.0.0.0/8 53",
        "net b 200 Allow all UDP 10.0.0.0/8 * 53",
    ];
    assert_eq!(
        told(&alone(&rules), REDUNDANT),
        [
            "network rule part of a (100) changes nothing: all of b (200) allows all that it decides about"
        ]
    );
    // A rule between them that denies some of it makes it needed.
    let between = [rules[0], "net ab 150 Deny some UDP * 20.1.0.0/16 53", rules[1]];
    assert_eq!(told(&alone(&between), REDUNDANT), [""; 0]);
}

#[test]
fn what_is_denied_anyway_need_not_be_denied() {
    // R400. What is TCP may be allowed behind by the firewall's own rules (R396).
    let icmp = "net end 400 Deny ping ICMP * * *";
    let text = alone(&[icmp, "net end 400 Deny web TCP * * 8443"]);
    let said =
        ["network rule ping of end (400) changes nothing: what no rule is for is denied anyway"];
    assert_eq!(told(&text, REDUNDANT), said);
    // A DNAT rule lets through what it translates unless a network rule denies it (R399).
    let udp = "net end 400 Deny udp UDP * * 53";
    assert_eq!(told(&alone(&[udp]), REDUNDANT).len(), 1);
    let nat = "nat in 100 DNAT dns UDP * 198.51.100.1>10.0.0.4+53 53";
    assert_eq!(told(&alone(&[udp, nat]), REDUNDANT), [""; 0]);
    // A policy that has this one as its parent may allow it behind (R397).
    let child =
        policy(("child", ", basePolicy: p"), &["net own 100 Allow ping ICMP 10.0.0.0/8 * *"]);
    assert_eq!(told(&format!("{}{child}", alone(&[icmp])), REDUNDANT), [""; 0]);
}

#[test]
fn application_rules_that_later_ones_repeat() {
    let rules = [
        "app a 100 Allow one Https:443 10.1.0.0/16 www.example.com -",
        "app c 300 Allow all Https:443 10.0.0.0/8 *.example.com -",
    ];
    assert_eq!(
        told(&alone(&rules), REDUNDANT),
        [
            "application rule one of a (100) changes nothing: all of c (300) allows all that it decides about"
        ]
    );
    let between = [rules[0], "app b 200 Deny none Https:443 * * -", rules[1]];
    assert_eq!(told(&alone(&between), REDUNDANT), [""; 0]);
}

#[test]
fn what_cannot_be_read_shadows_nothing_and_is_not_shadowed() {
    let text = alone(&[
        "net a 100 Deny odd TCP 10.0.0.0/8,no-address! * 1-1024",
        "net b 200 Allow web TCP 172.16.0.0/12 * 443",
        "net b 200 Allow ten TCP 10.0.0.0/8 * 443",
        "net c 300 Allow ten-again TCP 10.0.0.0/8 * 443",
    ]);
    let run = super::run(&["lint", "-", "--output", "json", "--fail-on", "never"], &text);
    assert!(run.err.contains("no-address!"), "{}", run.err);
    let texts: Vec<&str> = run.out.lines().filter(|line| line.contains("never decides")).collect();
    // What can be read of the first rule takes all of both others all the same.
    assert_eq!(texts.len(), 2, "{}", run.out);
    assert!(
        texts[0].contains("ten of b (200)") && texts[1].contains("ten-again of c (300)"),
        "{texts:?}"
    );
    assert!(!run.out.contains(REDUNDANT), "{}", run.out);
}

/// R406: a default route that a gateway learns takes the firewall's own way to the Internet, unless a user route gives it
/// back, or a management interface makes it one of forced tunnelling.
#[test]
fn a_firewall_needs_a_direct_way_to_the_internet() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/golden/rules-seldom-seen.yaml");
    let said = |more: &[&str]| {
        let asked = ["lint", path, "--output", "json", "--quiet", "--fail-on", "never"];
        let run = super::run(&[&asked, more].concat(), "");
        assert_eq!((run.code, &*run.err), (0, ""));
        let answer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let findings = answer["answer"]["findings"].as_array().unwrap().iter();
        let found = findings.filter(|it| it["code"] == "firewall-internet-route-missing");
        found.map(|it| it["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(said(&[]), none);
    assert_eq!(
        said(&["--variant", "the office announces a default route"]),
        [
            "firewall has no direct way to the Internet: at AzureFirewallSubnet gateway route 0.0.0.0/0 does not lead to the Internet"
        ]
    );
    assert_eq!(said(&["--variant", "and the firewall's subnet has a route of its own"]), none);
    // Whoever follows a packet to the firewall is told, too.
    let warned = |more: &[&str]| {
        let asked = ["trace", path, "--from", "behind", "--to", "site:443", "--output", "json"];
        let run = super::run(&[&asked, more].concat(), "");
        let answer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        answer["answer"]["warnings"]
            .to_string()
            .contains("firewall has no direct way to the Internet")
    };
    assert!(!warned(&[]));
    assert!(warned(&["--variant", "the office announces a default route"]));
    assert!(!warned(&["--variant", "and the firewall's subnet has a route of its own"]));
}

#[test]
fn a_user_route_may_take_it_away_too() {
    let text = |more: &str| {
        format!(
            "network:\n  virtualNetworks:\n    - name: hub\n      addressPrefixes: [10.0.0.0/16]\n      subnets: [{{name: \
             AzureFirewallSubnet, addressPrefix: 10.0.1.0/26, routeTable: own}}]\n  publicIPAddresses: [{{name: pip, ipAddress: \
             198.51.100.1, sku: Standard}}]\n  routeTables: [{{name: own, routes: [{{name: all, addressPrefix: 0.0.0.0/0, \
             nextHopType: None}}]}}]\n  azureFirewalls: [{{name: fw, virtualNetwork: hub, privateIPAddress: 10.0.1.4, \
             publicIPAddress: pip{more}}}]\n"
        )
    };
    let code = "firewall-internet-route-missing";
    assert_eq!(
        told(&text(""), code),
        [
            "fw has no direct way to the Internet: at AzureFirewallSubnet user route all does not lead to the Internet"
        ]
    );
    let managed =
        ", managementIpConfiguration: {name: m, properties: {publicIPAddress: {id: pip}}}";
    assert_eq!(told(&text(managed), code), [""; 0]);
}
