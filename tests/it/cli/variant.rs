//! `--variant NAME`: every question about an estate may be asked about a variant of a scenario.

use super::{TWO, folder, refuses, run_in};

/// A machine whose group denies SSH, whose table sends nothing to the Internet, and whose zone knows a name;
/// two variants of it.
const VARIED: &str = "\
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.1.0.0/16]
      subnets:
        - {name: default, addressPrefix: 10.1.0.0/24, networkSecurityGroup: guard, routeTable: table}
  networkSecurityGroups:
    - name: guard
      securityRules:
        - {name: no-ssh, priority: 100, direction: Inbound, access: Deny, protocol: Tcp, sourceAddressPrefix: '*',
           sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22'}
  routeTables:
    - {name: table, routes: [{name: out, addressPrefix: 0.0.0.0/0, nextHopType: None}]}
  virtualMachines:
    - {name: client, subnet: hub/default, privateIPAddress: 10.1.0.4}
    - {name: server, subnet: hub/default, privateIPAddress: 10.1.0.5}
  privateDnsZones:
    - name: corp.example
      virtualNetworkLinks: [{virtualNetwork: hub}]
      records: [{name: api, A: [10.1.0.5]}]
dataflows:
  - {name: by SSH, about: a shell, legs: [{title: a shell, from: client, to: 'server:22'}]}
variants:
  - name: wide open
    patch:
      networkSecurityGroups: {guard: {securityRules: [{name: no-ssh, access: Allow}]}}
      routeTables: {table: {routes: [{name: out, nextHopType: Internet}]}}
    expect: [{from: client, to: 'server:22', verdict: reachable, cites: [R175, R183]}]
  - name: one more machine
    patch: {virtualMachines: [{name: more, subnet: hub/default, privateIPAddress: 10.1.0.6}]}
    expect: [{from: client, to: 'more:443', verdict: reachable, cites: [R175, R183]}]
  - name: without a zone
    patch: {privateDnsZones: {corp.example: null}}
    expect: [{resolve: {from: client, name: api.corp.example}, answer: unknown, cites: [R247]}]
";

/// A question about the scenario is answered by `before`, about the variant by `after`: the exit code, and a
/// part of the text.
fn changes(question: &[&str], variant: &str, before: (i32, &str), after: (i32, &str)) {
    let folder = folder(&format!("variant-{}", question[0]), &[("net.yaml", VARIED)]);
    let (command, options) = question.split_first().unwrap();
    for (more, (code, text)) in [(&[][..], before), (&["--variant", variant][..], after)] {
        let asked = [&[*command, "net.yaml"][..], options, more].concat();
        let run = run_in(&folder, &asked, "");
        assert_eq!((run.code, &*run.err), (code, ""), "{asked:?}: {}", run.out);
        assert!(run.out.contains(text), "{asked:?}: {}", run.out);
    }
}

#[test]
fn packets_go_through_the_variant() {
    let trace = ["trace", "--from", "client", "--to", "server:22"];
    changes(&trace, "wide open", (1, "UNREACHABLE (denied-by-rule)"), (0, "REACHABLE "));
    let reach = ["reach", "--from", "client", "--to", "server", "--port", "22"];
    changes(&reach, "wide open", (1, "UNREACHABLE"), (0, "REACHABLE "));
    let ways = ["ways", "--to", "server:22", "--from", "client", "--edits", "0"];
    changes(&ways, "wide open", (1, "0 of 3 ways"), (0, "2 of 3 ways"));
    // What works needs no fix; without a variant there is one.
    changes(&["fix"], "wide open", (0, "one fix, tried"), (0, "nothing to fix"));
}

#[test]
fn names_are_those_of_the_variant() {
    let dns = ["dns", "--from", "client", "--name", "api.corp.example"];
    changes(&dns, "without", (0, "A: 10.1.0.5"), (3, "unknown: "));
    let inventory = ["inventory"];
    let zone = "1  Microsoft.Network/privateDnsZones";
    changes(&inventory, "wide open", (0, zone), (0, zone));
    changes(&inventory, "without a zone", (0, "9 resources"), (0, "8 resources"));
}

#[test]
fn routes_and_rules_are_those_of_the_variant() {
    let hop = ["next-hop", "--nic", "client", "--destination", "8.8.8.8"];
    changes(&hop, "wide open", (0, "8.8.8.8: None"), (0, "8.8.8.8: Internet"));
    let routes = ["routes", "--nic", "client"];
    let none = "User     Active   0.0.0.0/0       None ";
    let internet = "User     Active   0.0.0.0/0    Internet ";
    changes(&routes, "wide open", (0, none), (0, internet));
    let rules = ["rules", "--nic", "server"];
    changes(&rules, "wide open", (0, "100       Deny "), (0, "100       Allow "));
    let sides = ["--local", "10.1.0.5:22", "--remote", "10.1.0.4:4000"];
    let flow = [&["ip-flow", "--nic", "server", "--direction", "Inbound"][..], &sides].concat();
    changes(&flow, "wide open", (1, "DENIED"), (0, "ALLOWED"));
}

#[test]
fn a_variant_that_is_not_there_is_refused_with_what_was_meant() {
    let asked = |name| ["routes", "-", "--nic", "client", "--variant", name];
    refuses(
        &asked("wide opne"),
        VARIED,
        "error[usage]: the scenario has no variant `wide opne`\n  \
         help: did you mean `wide open`?\n",
    );
    refuses(
        &asked("nothing like it"),
        VARIED,
        "error[usage]: the scenario has no variant `nothing like it`\n  \
         help: there are `wide open`, `one more machine`, `without a zone`\n",
    );
    refuses(
        &asked("w"),
        VARIED,
        "error[usage]: `w` may be any of `wide open`, `without a zone`\n  help: say more of it\n",
    );
}

#[test]
fn what_is_no_scenario_has_no_variants() {
    let message = "error[usage]: there is no variant in `-`\n  \
                   help: only scenarios have variants, docs/scenarios.md says how to write one\n";
    let asked = ["inventory", "-", "--variant", "wide open"];
    refuses(&asked, TWO, message);
    let network = "{\"type\": \"Microsoft.Network/virtualNetworks\", \"name\": \"hub\", \
                   \"id\": \"/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/hub\"}";
    refuses(&asked, network, message);
}

/// Documents that are read together are one estate, and a variant of any of them is one of it.
#[test]
fn a_variant_of_the_second_scenario_is_found() {
    let second = "network: {routeTables: [{name: other, routes: []}]}\n\
                  variants: [{name: none, patch: {routeTables: {other: null}}, expect: []}]\n";
    let folder = folder("variant-second", &[("a.yaml", VARIED), ("b.yaml", second)]);
    let run = run_in(&folder, &["inventory", "a.yaml", "b.yaml", "--variant", "none"], "");
    assert!(run.out.starts_with("9 resources"), "{}{}", run.out, run.err);
}

#[test]
fn a_variant_may_add_a_machine() {
    let folder = folder("variant-more", &[("net.yaml", VARIED)]);
    let asked = ["trace", "net.yaml", "--from", "client", "--to", "more:443"];
    let before = run_in(&folder, &asked, "");
    assert_eq!((before.code, before.err.contains("`more`")), (2, true), "{}", before.err);
    let after = run_in(&folder, &[&asked[..], &["--variant", "one more"]].concat(), "");
    assert_eq!((after.code, &*after.err), (0, ""), "{}", after.out);
    let check = run_in(&folder, &["check", "net.yaml"], "");
    assert_eq!((check.code, &*check.err), (0, ""), "{}", check.out);
}

/// What mends a variant is tried on it: the variant is applied first.
#[test]
fn patches_are_of_the_variant() {
    let patch = "{\"virtualMachines\": {\"more\": {\"tags\": {\"a\": \"b\"}}}, \"networkSecurityGroups\": {\"guard\": {\"securityRules\": [{\"name\": \"no-ssh\", \"access\": \"Deny\"}]}}}";
    let folder = folder("variant-patch", &[("net.yaml", VARIED), ("more.json", patch)]);
    let ends = ["--from", "client", "--to", "server:22", "--patch", "more.json"];
    let trace = |variant: &str| {
        let asked = [&["trace", "net.yaml", "--variant", variant][..], &ends].concat();
        run_in(&folder, &asked, "").code
    };
    // The machine is the variant's own.
    assert_eq!(trace("one more"), 1);
    let close = "{\"networkSecurityGroups\": {\"guard\": {\"securityRules\": [{\"name\": \"no-ssh\", \"access\": \"Deny\"}]}}}";
    std::fs::write(folder.join("more.json"), close).unwrap();
    assert_eq!(trace("wide open"), 1);
    let flow = ["run", "net.yaml", "--variant", "wide open", "--patch", "more.json"];
    assert_eq!(run_in(&folder, &flow, "").code, 1);
    let diff = ["diff", "net.yaml", "--variant", "wide open", "--patch", "more.json"];
    let run = run_in(&folder, &diff, "");
    assert!(run.out.contains("routes/out") && !run.out.contains("no-ssh"), "{}", run.out);
}
