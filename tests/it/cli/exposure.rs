//! Public addresses that come, go or change: what the Internet gets to in one network and not in the other.
//!
//! An address that is of the estate on one side only leads to it on that side only (R126, R221). What a stranger with
//! that address does on the other side is no difference.

use super::{folder, run_in};
use crate::generated::{Random, Scenario};
use serde_json::{Value, json};

/// A machine `m` behind a group that lets TCP 22 in, and what is public.
fn network(of_machine: &str, more: &str) -> String {
    format!(
        "network:
  virtualNetworks: [{{name: v, addressPrefixes: [10.0.0.0/16], subnets: [{{name: a, addressPrefix: 10.0.0.0/24, networkSecurityGroup: n}}]}}]
  networkSecurityGroups:
    - name: n
      securityRules: [{{name: ssh, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}}]
  virtualMachines: [{{name: m, subnet: v/a, privateIPAddress: 10.0.0.4{of_machine}}}]
{more}"
    )
}

/// With a public address of its own.
fn with_address(address: &str) -> String {
    let public =
        format!("  publicIPAddresses: [{{name: p, sku: Standard, ipAddress: {address}}}]\n");
    network(", publicIPAddress: p", &public)
}

/// With a load balancer that passes port 22 on.
fn with_balancer() -> String {
    let balancer = "  publicIPAddresses: [{name: p, sku: Standard, ipAddress: 20.7.7.9}]
  loadBalancers:
    - name: b
      sku: {name: Standard}
      frontendIPConfigurations: [{name: f, publicIPAddress: {id: p}}]
      backendAddressPools: [{name: pool, backendIPConfigurations: [{id: m-nic/ipconfig1}]}]
      loadBalancingRules: [{name: r, frontendIPConfiguration: {id: b/f}, backendAddressPool: {id: b/pool}, frontendPort: 22, backendPort: 22, protocol: Tcp}]
";
    network("", balancer)
}

/// The groups, and the exit code of a build that refuses new exposures.
fn differing(test: &str, before: &str, after: &str) -> (Vec<Value>, i32) {
    let folder = folder(test, &[("before.yaml", before), ("after.yaml", after)]);
    let arguments = ["diff", "before.yaml", "after.yaml", "--output", "json", "--quiet"];
    let fail = ["--fail-on", "opened-from-internet"];
    let run = run_in(&folder, &[&arguments[..], &fail].concat(), "");
    assert_eq!(run.err, "");
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    (answer["answer"]["flows"].as_array().unwrap().clone(), run.code)
}

/// What surely differs for packets from the Internet.
fn from_internet(flows: &[Value]) -> Vec<String> {
    let is_outside = |flow: &&Value| {
        let mut from = flow["from"].as_array().unwrap().iter();
        from.any(|it| it == "a machine on the Internet")
    };
    // ESP and AH, which no rule speaks of, stay unknown where they arrive.
    let sure = flows.iter().filter(is_outside).filter(|flow| flow["kind"] != "doubtful");
    let told = sure.map(|flow| format!("{} {} {}", flow["kind"], flow["to"], flow["packets"]));
    let mut told: Vec<String> = told.map(|it| it.replace('"', "")).collect();
    told.sort();
    told
}

#[test]
fn a_public_address_that_a_group_lets_through_is_opened_from_the_internet() {
    let private = network("", "");
    let opened = "opened [public IP address p] [TCP 22]";
    let closed = "closed [public IP address p] [TCP 22]";
    for (name, public) in [("nic", with_address("20.7.7.7")), ("lb", with_balancer())] {
        let (flows, code) = differing(&format!("exposure-{name}"), &private, &public);
        assert_eq!((from_internet(&flows), code), (vec![opened.to_owned()], 1), "{flows:#?}");
        let exposed = flows.iter().find(|it| it["severity"] == "exposure").unwrap();
        assert_eq!(exposed["witness"]["before"]["reason"], "address-not-found");
        let (flows, code) = differing(&format!("exposure-no-{name}"), &public, &private);
        assert_eq!((from_internet(&flows), code), (vec![closed.to_owned()], 0), "{flows:#?}");
    }
}

/// Another address is a new way in, and the old one is none any more.
#[test]
fn a_changed_address_opens_one_and_closes_the_other() {
    let networks = [with_address("20.7.7.7"), with_address("20.7.7.8")];
    let (flows, code) = differing("exposure-changed", &networks[0], &networks[1]);
    let expected =
        ["closed [public IP address p] [TCP 22]", "opened [public IP address p] [TCP 22]"];
    assert_eq!((from_internet(&flows), code), (expected.map(str::to_owned).to_vec(), 1));
    let packet = |kind: &str| {
        let flow = flows.iter().find(|it| it["kind"] == kind).unwrap();
        flow["witness"]["packet"].as_str().unwrap().to_owned()
    };
    assert!(packet("opened").ends_with("-> 20.7.7.8:22"), "{flows:#?}");
    assert!(packet("closed").ends_with("-> 20.7.7.7:22"), "{flows:#?}");
}

/// What is not known of a new address fails builds that ask for it: that a rule lets the port in is known after
/// apply, say. That no rule speaks of ESP and AH does not.
#[test]
fn what_may_be_opened_from_the_internet_is_a_group_of_its_own() {
    let closed = with_address("20.7.7.7").replace("access: Allow", "access: Deny");
    let unknown = closed.replace("destinationPortRange: '22'", "destinationPortRange: '${port}'");
    let asks = ["doubtful-from-internet", "opened-from-internet"];
    let run = |test: &str, after: &str, fail_on: &str| {
        let before = network("", "");
        let folder = folder(test, &[("before.yaml", &before), ("after.yaml", after)]);
        let arguments =
            ["diff", "before.yaml", "after.yaml", "--output", "json", "--fail-on", fail_on];
        let run = run_in(&folder, &arguments, "");
        let answer: Value = serde_json::from_str(&run.out).unwrap();
        (answer["answer"]["flows"].as_array().unwrap().clone(), run.code)
    };
    let open = unknown.replace("access: Deny", "access: Allow");
    let [(flows, code), (_, sure)] =
        asks.map(|ask| run(&format!("exposure-doubt-{ask}"), &open, ask));
    assert_eq!((code, sure), (1, 0), "{flows:#?}");
    let may_open: Vec<_> =
        flows.iter().filter(|it| it["severity"] == "possible-exposure").collect();
    let [may_open] = *may_open else { panic!("{flows:#?}") };
    assert_eq!(may_open["from"], json!(["a machine on the Internet"]));
    assert!(may_open["witness"]["packet"].as_str().unwrap().starts_with("TCP 203.0.113.7:"));
    let [(flows, code), _] = asks.map(|ask| run(&format!("exposure-sure-{ask}"), &closed, ask));
    assert_eq!(code, 0, "{flows:#?}");
    assert!(flows.iter().any(|it| it["kind"] == "doubtful"), "{flows:#?}");
}

/// The network without one of its public addresses, which its machine no longer has.
fn without_address(network: &Value, random: &mut Random) -> Option<Value> {
    let machines = network["virtualMachines"].as_array()?.iter();
    let public: Vec<&Value> = machines.filter(|it| it["publicIPAddress"].is_string()).collect();
    let machine = *random.one(&public)?;
    let address = machine["publicIPAddress"].as_str()?;
    let name = machine["name"].as_str()?;
    let mut changed = network.clone();
    let machines = changed["virtualMachines"].as_array_mut()?;
    let machine = machines.iter_mut().find(|it| it["name"] == name)?;
    machine.as_object_mut()?.remove("publicIPAddress");
    changed["publicIPAddresses"].as_array_mut()?.retain(|it| it["name"] != address);
    Some(changed)
}

/// What is opened on the way there is closed on the way back, packet for packet.
#[test]
fn a_difference_and_its_inverse_mirror_each_other() {
    let lines = |flows: &[Value], [opened, closed]: [&str; 2]| {
        let line = |flow: &Value| {
            let kind = flow["kind"].as_str().unwrap();
            let kind = if kind == opened {
                "there"
            } else if kind == closed {
                "back"
            } else {
                kind
            };
            let [from, to] = ["from", "to"].map(|end| flow[end].as_array().unwrap().clone());
            let pairs =
                from.iter().flat_map(|from| to.iter().map(move |to| (from.clone(), to.clone())));
            let pairs: Vec<(Value, Value)> = pairs.collect();
            pairs
                .into_iter()
                .map(move |(from, to)| {
                    format!("{kind} {from} {to} {} {}", flow["packets"], flow["pairs"])
                })
                .collect::<Vec<_>>()
        };
        let mut lines: Vec<String> = flows.iter().flat_map(line).collect();
        lines.sort();
        lines
    };
    let mut differ = 0;
    for seed in 7_100..7_108 {
        let Scenario { document, .. } = Scenario::seeded(seed);
        let Some(network) = without_address(&document["network"], &mut Random::new(seed)) else {
            continue;
        };
        let mut changed = document.clone();
        changed["network"] = network;
        changed["expect"] = json!([]);
        let [before, after] = [&document, &changed].map(Value::to_string);
        let (there, _) = differing(&format!("mirror-{seed}"), &before, &after);
        let (back, code) = differing(&format!("mirror-back-{seed}"), &after, &before);
        let [there, back] = [(there, ["opened", "closed"]), (back, ["closed", "opened"])]
            .map(|it| lines(&it.0, it.1));
        assert_eq!(there, back, "{seed}");
        // Taking an address away exposes nothing.
        assert!(
            !there.iter().any(|it| it.starts_with("there \"a machine on the Internet\"")),
            "{seed} {code}"
        );
        differ += usize::from(!there.is_empty());
    }
    assert!(differ >= 3, "{differ}");
}
