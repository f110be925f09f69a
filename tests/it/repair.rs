//! What `fix` says of every assertion of the shipped scenarios that something does not work.

pub(crate) mod commands;
mod first;
mod offered;
mod records;
mod sites;
mod smallest;

use crate::scenarios::{files, read, try_resolve};
use hopwise::answer::{Reason, RepairAnswer, Verdict};
use hopwise::azure::Snapshot;
use hopwise::import::{self, Document, read_patch};
use hopwise::question::repair::{Goal, Limits, TraceGoal, WhatIf, repair};
use hopwise::scenario::{Asks, Dataflow, Expectation};
use std::collections::BTreeSet;
use std::path::Path;

/// Reasons that are answered by no edit, because what is wrong cannot be made right by a setting.
const BEYOND: &[Reason] = &[
    Reason::BalancedToItself,
    Reason::BasicBalancerOverGlobalPeering,
    Reason::NothingListens,
    Reason::NoWayIn,
    Reason::ProtocolNotCarried,
    Reason::ProtocolNotTranslated,
    Reason::NotModelled,
    Reason::NotSupported,
    Reason::MissingResource,
];

/// What no edit mends, and why.
const HOPELESS: &[(&str, &str)] = &[
    ("g01", "nobody has the address that is asked for"),
    ("g02", "nobody has the address that is asked for"),
    ("as-written: w ->", "nobody has the address that is asked for"),
    ("as-written: a -> 10.200", "nobody has the address that is asked for"),
    ("bastion-private-only: laptop ->", "the Internet carries no private addresses"),
    ("just-in-time-behind-a-firewall", "who answers the request writes the rules of the firewall"),
    ("vpn-site-to-site, the office announces more", "what a site announces is its own"),
    ("same-address-twice", "nobody has the address that is asked for"),
    ("planned: c -> 10.0.0.7", "nobody has the address that is asked for"),
    (
        "denied-probes, a member is set down",
        "an administrator took it out, and no edit takes it back in",
    ),
    (
        "planned: d -> a-pip",
        "the firewall's address is not known, which the rule would have to name",
    ),
    (
        "addresses-of-private-links: cl -> ",
        "a rule would have to name all addresses of the service, and fix names one",
    ),
    (
        "several-addresses: ",
        "a rule would have to name all addresses that a way out may use, and fix names one",
    ),
    (
        "firewall-to-private-endpoint: client -> ",
        "no edit gives a port forward a source of its own",
    ),
    (
        "service-firewalls: plain -> vault",
        "default outbound access has no address that a rule could name (R119)",
    ),
    (
        "stopped-members, none runs",
        "which of the stopped machines is to run is for who stopped them",
    ),
    ("several-interfaces, it has no routes of its own", "what a guest has for routes is its own"),
    ("gates-and-routes: laptop -> 168.63", "the platform does not answer on the Internet"),
    ("hub-gateway, the office asks the platform", "the platform does not answer sites"),
    ("two-gateways", "what a site knows is its own"),
    ("hub-gateway, the office has a range around", "what a site knows is its own"),
    ("in-passing: lost -> ", "the appliance stands behind a circuit, where no route leads"),
    ("in-passing: in-pool -> ", "there is no NAT gateway that could be attached"),
    ("in-passing, everything goes to the branch", "fix takes no default site from a gateway"),
    ("in-passing: till -> ", "nobody has the address that is asked for"),
    ("fabric: a -> ", "nobody has the address that is asked for"),
    ("g32", "a managed Cloud Shell has no way into a network of the customer's"),
    ("managed-cloud-shell", "a managed Cloud Shell has no way into a network of the customer's"),
    ("hub-spoke-appliance: spoke1Vm -> fd00", "a VPN gateway carries no IPv6 (R24)"),
    ("hub-spoke-appliance: spoke1Vm -> 2001", "no edit gives an appliance a translation of IPv6"),
    ("hub-spoke-appliance: spoke1Vm -> [", "both again, by TCP"),
    ("hub-spoke-firewall: spoke1Vm -> fd00", "a VPN gateway carries no IPv6 (R24), nor a firewall"),
    ("hub-spoke-firewall: spoke1Vm -> 2001", "no edit is tried that gives IPv6 a way out"),
    ("hub-spoke-firewall: spoke1Vm -> [", "both again, by TCP"),
    ("private-cluster-names: the public name", "the Internet carries no private addresses"),
    (
        "private-cluster-names, the public name is disabled: the public name, from outside",
        "the Internet carries no private addresses",
    ),
    (
        "bastion-jump-box, the zone has the name",
        "the zone of a cluster can only be changed to none (R454)",
    ),
    ("bastion-jump-box, AzureBastionSubnet is too", "a subnet that is used keeps its range (R12)"),
    ("bastion-jump-box, the user cannot sign in", "an account is no matter of the estate"),
    ("just-in-time-access, an ordinary laptop", "a device is no matter of the estate"),
    ("public-cluster, a device", "a device is no matter of the estate"),
    ("cloud-shell-subnet, the office's DNS server", "what a DNS server elsewhere holds is its own"),
    ("cloud-shell-subnet, the relay is not", "the endpoint of a relay is to be made first"),
    ("command-invoke: laptop -> 10.2.0.4", "the Internet carries no private addresses"),
    ("command-invoke, no node has room", "what is free on nodes is no matter of the estate"),
    ("command-invoke, the node with room", "what is free on nodes is no matter of the estate"),
    ("command-invoke, the user", "accounts and devices are no matter of the estate"),
    ("virtual-desktop-jump-host: laptop ->", "the Internet carries no private addresses"),
    ("virtual-desktop-jump-host, the user works", "a device is no matter of the estate"),
    ("aks-point-to-site: laptop ->", "which server a client asks for names is its own"),
    ("concentrator-and-firewall: ", "no edit is tried that adds a route to what a guest has"),
    ("balancers-and-ways-out: inner ->", "no edit is tried that gives members of a pool a way out"),
    (
        "balancers-and-ways-out, no rule of the public frontend translates: web",
        "no edit is tried that gives members of a pool a way out",
    ),
    ("gates-and-routes: worker -> 100.64", "the Internet carries no private addresses"),
    ("mail-port: guarded", "what the subscription's offer allows is no matter of the estate"),
    ("mail-port, another offer: sender", "that offer is no matter of the estate"),
    (
        "what-appliances-pass-on, the frontend is public: member",
        "whether a member gets to itself by a public frontend nobody tells (R417)",
    ),
    ("vnet-integration: jumpbox -> 10.2.4.4:80", "an API server takes two ports and no more"),
];

/// Asks for a fix of what `expected` says not to work.
fn ask(snapshot: &Snapshot, flows: &[Dataflow], expected: &Expectation) -> Option<RepairAnswer> {
    let resolved = try_resolve(snapshot.clone())?;
    let plane = resolved.compile();
    let estate = WhatIf::new(snapshot, (resolved, &plane), &try_resolve);
    match &expected.asks {
        Asks::Trace(trace) if trace.verdict == Verdict::Unreachable => {
            let goal = TraceGoal {
                from: trace.from.clone(),
                to: trace.to.clone(),
                protocol: trace.protocol,
                source_port: trace.source_port,
            };
            repair(&estate, &Goal::Trace(&goal), Limits::default()).unwrap()
        }
        Asks::Dataflow(flow) if flow.verdict == Verdict::Unreachable => {
            let flow = flows.iter().find(|it| it.name == flow.dataflow)?;
            repair(&estate, &Goal::Dataflow(flow), Limits::default()).unwrap()
        }
        Asks::Trace(_)
        | Asks::Dataflow(_)
        | Asks::Reach(_)
        | Asks::NextHop { .. }
        | Asks::Route { .. }
        | Asks::RouterRoute(_)
        | Asks::Resolve { .. } => None,
    }
}

/// An assertion that something does not work: scenario and variant, the estate that it is about.
type Failing = (String, String, Snapshot, Vec<Dataflow>, Expectation);

fn failing(path: &Path) -> Vec<Failing> {
    let imported = read(path);
    let mut found = Vec::new();
    for scenario in &imported.scenarios {
        let flows = scenario.dataflows().0;
        let name = path.file_stem().unwrap().to_string_lossy();
        for expected in scenario.expectations().0 {
            let snapshot = imported.snapshot.clone();
            found.push((name.to_string(), String::new(), snapshot, flows.clone(), expected));
        }
        for variant in scenario.variant_list().0 {
            let mut snapshot = imported.snapshot.clone();
            scenario.apply(&variant, &mut snapshot);
            for expected in variant.expect.clone() {
                let (name, variant) = (name.to_string(), variant.name.clone());
                found.push((name, variant, snapshot.clone(), flows.clone(), expected));
            }
        }
    }
    found
}

/// The estate with a patch as `--patch` reads it.
fn patched(snapshot: &Snapshot, text: &str) -> Snapshot {
    let patch = read_patch(Document { name: "fix".into(), text: text.as_bytes() });
    let mut changed = snapshot.clone();
    assert_eq!(patch.unwrap().apply(&mut changed), [], "{text}");
    changed
}

/// Whatever things are called, a shell takes the words as they are, and the patch is read again.
#[test]
fn odd_names_come_through_a_shell_and_a_patch() {
    let odd = [
        "two words",
        "a'quote",
        "$(touch taken-for-a-command)",
        "`touch taken-too`",
        "star * and ?",
        "semicolon; touch me",
        "\"double\" \\ back",
        "ünïcode",
    ];
    for name in odd {
        let text = serde_json::json!({
            "network": {
                "virtualNetworks": [{"name": "v", "addressPrefixes": ["10.0.0.0/16"], "subnets": [
                    {"name": "s", "addressPrefix": "10.0.0.0/24", "networkSecurityGroup": name}]}],
                "networkSecurityGroups": [{"name": name, "securityRules": [{
                    "name": name, "priority": 100, "direction": "Inbound", "access": "Deny", "protocol": "*",
                    "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*",
                    "destinationPortRange": "*"}]}],
                "virtualMachines": [{"name": "a", "subnet": "v/s", "privateIPAddress": "10.0.0.4"},
                    {"name": "b", "subnet": "v/s", "privateIPAddress": "10.0.0.5"}],
            },
            "expect": [{"from": "a", "to": "b:22", "verdict": "unreachable"}],
        });
        let text = text.to_string();
        let imported = import::read_all([Document { name: "odd".into(), text: text.as_bytes() }]);
        let expected = imported.scenarios[0].expectations().0.remove(0);
        let answer = ask(&imported.snapshot, &[], &expected).unwrap();
        let fix = &answer.fixes[0];
        let commands: Vec<String> =
            fix.edits.iter().flat_map(|edit| edit.commands.clone()).collect();
        commands::check(&commands);
        // The rule that denies is moved, and one that allows comes before it (R175).
        for words in commands::taken_apart(&commands) {
            let group = words.iter().position(|word| word == "--nsg-name").unwrap();
            assert_eq!(words[group + 1], name);
        }
        let changed = patched(&imported.snapshot, &fix.patch.to_string());
        assert_eq!(ask(&changed, &[], &expected).unwrap().verdict, Verdict::Reachable);
    }
}

/// R127, R149, R151, R153: the network is peered first, and the new halves then take the flags.
#[test]
fn what_one_edit_makes_and_another_changes_is_in_the_patch_once() {
    let text = "network:
  virtualNetworks:
    - {name: hub, location: westeurope, addressPrefixes: [10.0.0.0/16], subnets: [{name: GatewaySubnet, addressPrefix: 10.0.255.0/27}]}
    - {name: far, location: westeurope, addressPrefixes: [10.2.0.0/16], subnets: [{name: a, addressPrefix: 10.2.0.0/24}]}
  virtualMachines: [{name: m, subnet: far/a, privateIPAddress: 10.2.0.4}]
  virtualNetworkGateways: [{name: vpn, gatewayType: Vpn, virtualNetwork: hub}]
  localNetworkGateways: [{name: office, addressPrefixes: [192.168.10.0/24], gatewayIpAddress: 203.0.113.7}]
  connections: [{name: c, connectionType: IPsec, virtualNetworkGateway1: vpn, localNetworkGateway2: office, connectionStatus: Connected}]
onPremises:
  - {name: office, addressPrefixes: [192.168.10.0/24], hosts: [{name: pc, ipAddress: 192.168.10.5}], connections: [{localNetworkGateway: office, knownPrefixes: [10.0.0.0/16]}]}
expect: [{from: pc, to: 'm:443', verdict: unreachable}]
";
    let imported = import::read_all([Document { name: "it".into(), text: text.as_bytes() }]);
    let expected = imported.scenarios[0].expectations().0.remove(0);
    let answer = ask(&imported.snapshot, &[], &expected).unwrap();
    let kinds: Vec<&str> = answer.fixes[0].edits.iter().map(|edit| edit.kind).collect();
    assert_eq!(kinds, ["site-route", "peering", "gateway-transit"]);
    let changed = patched(&imported.snapshot, &answer.fixes[0].patch.to_string());
    assert_eq!(ask(&changed, &[], &expected).unwrap().verdict, Verdict::Reachable);
}

/// Parts that a scenario gives no names are changed each by itself: a peering (R139), a route (R62) and a rule (R175).
#[test]
fn parts_without_names_are_mended() {
    let text = "network:
  networkSecurityGroups:
    - {name: g, securityRules: [{priority: 100, direction: Inbound, access: Deny, protocol: '*', sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}]}
  routeTables: [{name: t, routes: [{addressPrefix: 10.2.0.0/16, nextHopType: VnetLocal}, {addressPrefix: 10.1.0.0/16, nextHopType: None}]}]
  virtualNetworks:
    - {name: a, addressPrefixes: [10.0.0.0/16], subnets: [{name: s, addressPrefix: 10.0.0.0/24, routeTable: t}], virtualNetworkPeerings: [{remoteVirtualNetwork: b, allowVirtualNetworkAccess: false}]}
    - {name: b, addressPrefixes: [10.1.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24, networkSecurityGroup: g}], virtualNetworkPeerings: [{remoteVirtualNetwork: a, allowVirtualNetworkAccess: true}]}
  virtualMachines: [{name: m, subnet: a/s, privateIPAddress: 10.0.0.4}, {name: n, subnet: b/s, privateIPAddress: 10.1.0.4}]
expect: [{from: m, to: 'n:22', verdict: unreachable}]
";
    let imported = import::read_all([Document { name: "it".into(), text: text.as_bytes() }]);
    let expected = imported.scenarios[0].expectations().0.remove(0);
    let answer = ask(&imported.snapshot, &[], &expected).unwrap();
    let fix = &answer.fixes[0];
    let peering = &fix.patch["virtualNetworks"]["a"]["virtualNetworkPeerings"];
    assert_eq!(peering, &serde_json::json!({"b": {"allowVirtualNetworkAccess": true}}));
    let route = &fix.patch["routeTables"]["t"]["routes"];
    assert_eq!(route, &serde_json::json!({"1": null}));
    let changed = patched(&imported.snapshot, &fix.patch.to_string());
    assert_eq!(ask(&changed, &[], &expected).unwrap().verdict, Verdict::Reachable);
}

#[test]
fn what_does_not_work_is_mended_or_beyond_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let (mut unmended, mut faults, mut commands) = (Vec::new(), Vec::new(), Vec::new());
    let (mut mended, mut reasons, mut first) = (0, BTreeSet::new(), 0);
    for path in files(&root) {
        let of_aks = path.parent().unwrap().ends_with("aks");
        for (name, variant, snapshot, flows, expected) in failing(&path) {
            let place =
                if variant.is_empty() { name.clone() } else { format!("{name}, {variant}") };
            let Some(answer) = ask(&snapshot, &flows, &expected) else { continue };
            let Some(fix) = answer.fixes.first() else {
                let reason = answer.reason.unwrap();
                let line = format!("{place}: {}", answer.wish);
                let is_hopeless = HOPELESS.iter().any(|(hopeless, _)| line.starts_with(hopeless));
                if !BEYOND.contains(&reason) && !is_hopeless {
                    unmended.push(format!(
                        "{place}: {}: {reason}, {:?}",
                        answer.wish, answer.without_remedy
                    ));
                }
                continue;
            };
            mended += 1;
            if of_aks {
                first += 1;
                let fault = first::fault(&name, &variant, &answer.wish, fix);
                faults.extend(fault.map(|it| format!("{place}: {}: {it}", answer.wish)));
            }
            reasons.extend(answer.reason);
            let sentences: Vec<&str> = fix.edits.iter().map(|edit| &*edit.sentence).collect();
            println!("{place}: {}: {}", answer.wish, sentences.join("; "));
            for fix in &answer.fixes {
                commands.extend(fix.edits.iter().flat_map(|edit| edit.commands.clone()));
                // The printed patch alone makes it work, too.
                let text = fix.patch.to_string();
                let changed = patched(&snapshot, &text);
                let again = ask(&changed, &flows, &expected).unwrap();
                assert_eq!(again.verdict, Verdict::Reachable, "{place}: {text}");
            }
        }
    }
    println!("{mended} mended, of the reasons {reasons:?}");
    println!("{:#?}", commands::check(&commands));
    assert!(unmended.is_empty(), "no fix for\n{}", unmended.join("\n"));
    assert!(faults.is_empty(), "other first fixes than written down\n{}", faults.join("\n"));
    assert_eq!(first, first::count(), "every row is for something that fails");
}
