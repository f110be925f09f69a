//! Mistakes in a small scenario, one at a time, as a new user makes them: what is said, and what is
//! underlined.

use super::{folder, run_in};

const SCENARIO: &str = "\
network:
  virtualNetworks:
    - name: hub
      addressPrefixes: [10.1.0.0/16]
      subnets:
        - {name: jump, addressPrefix: 10.1.2.0/24, networkSecurityGroup: guard}
  networkSecurityGroups: [{name: guard, securityRules: []}]
  virtualMachines:
    - {name: vm, subnet: hub/jump, privateIPAddress: 10.1.2.4}
expect:
  - {from: vm, to: '10.1.2.4:22', verdict: reachable, cites: [R512]}
";

/// With `wrong` in place of `right`, `check` says `message`, and `count` things in all, with this code.
fn says((right, wrong): (&str, &str), message: &str, (count, code): (usize, i32)) {
    assert_eq!(SCENARIO.matches(right).count(), 1, "{right}");
    let text = SCENARIO.replace(right, wrong);
    let name: String = wrong.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let folder = folder(&format!("mistake-{name}"), &[("my.yaml", &text)]);
    let run = run_in(&folder, &["check", "my.yaml"], "");
    assert!(run.err.contains(message), "{}\ndoes not say\n{message}", run.err);
    let said = run.err.matches("error[").count() + run.err.matches("warning[").count();
    assert_eq!((said, run.code), (count, code), "{}", run.err);
}

/// One error and nothing else.
fn refuses(change: (&str, &str), message: &str) {
    says(change, message, (1, 2));
}

#[test]
fn the_scenario_without_mistakes_holds() {
    let folder = folder("mistake-none", &[("my.yaml", SCENARIO)]);
    let run = run_in(&folder, &["check", "my.yaml"], "");
    assert_eq!((run.code, &*run.err), (0, ""));
}

#[test]
fn a_misspelt_list_of_resources() {
    refuses(
        ("virtualNetworks:", "virtualNetwroks:"),
        "\
error[unknown-name]: `network` has no list `virtualNetwroks`
 --> my.yaml:2:3
  |
2 |   virtualNetwroks:
  |   ^^^^^^^^^^^^^^^
  |
  = help: did you mean `virtualNetworks`?
",
    );
}

#[test]
fn a_misspelt_part_of_the_file() {
    refuses(
        ("expect:", "assumee: {listens: true}\nexpect:"),
        "\
error[unknown-name]: a scenario has no `assumee`
  --> my.yaml:10:1
   |
10 | assumee: {listens: true}
   | ^^^^^^^
   |
   = help: did you mean `assume`?
",
    );
}

#[test]
fn a_misspelt_key_of_a_site() {
    refuses(
        ("expect:", "onPremises:\n  - {name: office, adressPrefixes: [192.168.0.0/16]}\nexpect:"),
        "\
error[unknown-name]: a site has no `adressPrefixes`
  --> my.yaml:11:20
   |
11 |   - {name: office, adressPrefixes: [192.168.0.0/16]}
   |                    ^^^^^^^^^^^^^^
   |
   = help: did you mean `addressPrefixes`?
",
    );
}

#[test]
fn a_misspelt_key_of_an_assertion() {
    says(
        ("{from: vm,", "{form: vm,"),
        "\
error[unknown-key]: `form` is no key of an assertion
  --> my.yaml:11:6
   |
11 |   - {form: vm, to: '10.1.2.4:22', verdict: reachable, cites: [R512]}
   |      ^^^^
   |
   = help: did you mean `from`?
",
        (2, 2),
    );
}

#[test]
fn a_verdict_that_is_none() {
    refuses(
        ("verdict: reachable", "verdict: reachabel"),
        "\
error[wrong-value]: `reachabel` is no `verdict`
  --> my.yaml:11:44
   |
11 |   - {from: vm, to: '10.1.2.4:22', verdict: reachabel, cites: [R512]}
   |                                            ^^^^^^^^^
   |
   = help: did you mean `reachable`?
",
    );
}

#[test]
fn a_reason_that_is_none() {
    refuses(
        ("verdict: reachable", "verdict: unreachable, reason: denied-by-rul"),
        "\
error[wrong-value]: `denied-by-rul` is no `reason`
",
    );
}

#[test]
fn every_mistake_of_an_assertion_is_said_at_once() {
    says(
        ("verdict: reachable, cites: [R512]", "verdict: yes, reason: firewall, cites: [R9999]"),
        "error[unknown-rule]: `R9999` is no rule of docs/semantics\n",
        (3, 2),
    );
}

#[test]
fn a_reference_to_a_name_that_is_not_there() {
    says(
        ("networkSecurityGroup: guard", "networkSecurityGroup: gaurd"),
        "\
warning[missing-reference]: there is no `gaurd` that is a network security group
 --> my.yaml:6:74
  |
6 |         - {name: jump, addressPrefix: 10.1.2.0/24, networkSecurityGroup: gaurd}
  |                                                                          ^^^^^
  |
  = help: did you mean `guard`?
",
        (1, 0),
    );
}

#[test]
fn a_prefix_that_is_none() {
    says(
        ("[10.1.0.0/16]", "[10.1.0.0/33]"),
        "\
warning[wrong-value]: expected an address prefix, found `10.1.0.0/33`
 --> my.yaml:4:25
  |
4 |       addressPrefixes: [10.1.0.0/33]
  |                         ^^^^^^^^^^^
",
        // Which subnets are in it is not known then.
        (1, 0),
    );
}

#[test]
fn an_object_where_a_list_belongs() {
    refuses(
        ("    - {name: vm, subnet", "    {name: vm, subnet"),
        "\
error[wrong-value]: expected a list, found an object
 --> my.yaml:9:5
  |
9 |     {name: vm, subnet: hub/jump, privateIPAddress: 10.1.2.4}
",
    );
}

#[test]
fn a_line_that_is_not_indented_enough() {
    refuses(
        ("      addressPrefixes: [10.1.0.0/16]", "     addressPrefixes: [10.1.0.0/16]"),
        " --> my.yaml:4:6\n",
    );
}

#[test]
fn a_tab() {
    refuses(
        ("      addressPrefixes: [10.1.0.0/16]", "\taddressPrefixes: [10.1.0.0/16]"),
        "error[broken-yaml]: this is not YAML: while scanning a plain scalar, found a tab\n",
    );
}

#[test]
fn a_key_given_twice() {
    refuses(
        ("    - name: hub\n", "    - name: hub\n      name: spoke\n"),
        "\
error[duplicate-key]: `name` is given twice; expected each name once
 --> my.yaml:4:7
  |
4 |       name: spoke
  |       ^^^^
",
    );
}

#[test]
fn a_name_given_twice() {
    says(
        ("expect:", "    - {name: VM, subnet: hub/jump, privateIPAddress: 10.1.2.5}\nexpect:"),
        "\
error[duplicate-name]: `VM` is given twice in `virtualMachines`; expected each name once
  --> my.yaml:10:14
   |
10 |     - {name: VM, subnet: hub/jump, privateIPAddress: 10.1.2.5}
   |              ^^
",
        // And which of the two addresses counts.
        (2, 2),
    );
}

#[test]
fn an_assertion_about_somebody_who_is_not_there() {
    says(
        ("{from: vm,", "{from: vmm,"),
        "error[not-found]: nothing in the input is called `vmm`",
        (1, 2),
    );
}

#[test]
fn a_dataflow_that_is_not_there() {
    refuses(
        (
            "from: vm, to: '10.1.2.4:22', verdict: reachable",
            "dataflow: by Bastion, verdict: reachable",
        ),
        "error[unknown-name]: there is no dataflow `by Bastion`\n",
    );
}

#[test]
fn a_variant_that_changes_what_is_not_there() {
    refuses(
        (
            "cites: [R512]}\n",
            "cites: [R512]}\n\
             variants:\n  - name: no machine\n    patch: {virtualMachines: {vmm: null}}\n    expect:\n      \
             - {from: vm, to: '10.1.2.4:22', verdict: reachable, cites: [R512]}\n",
        ),
        "\
error[unknown-target]: there is no `vmm` among `virtualMachines` to change
  --> my.yaml:14:31
   |
14 |     patch: {virtualMachines: {vmm: null}}
   |                               ^^^
   |
   = help: did you mean `vm`?
",
    );
}

#[test]
fn a_word_that_is_none_in_a_resource() {
    says(
        ("securityRules: []", "securityRules: [{name: a, priority: 100, direction: Inbund}]"),
        "warning[wrong-value]: expected one of `Inbound`, `Outbound`, found `Inbund`\n",
        // And each of the six properties that the rule lacks.
        (7, 0),
    );
}

/// Without the group everything is let in: nothing else tells that the name was mistyped.
#[test]
fn a_misspelt_property_of_a_resource() {
    says(
        ("networkSecurityGroup: guard", "networkSecurityGroop: guard"),
        "\
warning[unknown-property]: `networkSecurityGroop` is no property that is read
 --> my.yaml:6:74
  |
6 |         - {name: jump, addressPrefix: 10.1.2.0/24, networkSecurityGroop: guard}
  |                                                                          ^^^^^
  |
  = help: did you mean `networkSecurityGroup`?
",
        (1, 0),
    );
}

/// In place of its interface a machine has members of its own, a resource its properties, a list its singular.
#[test]
fn misspelt_properties_of_machines_and_resources() {
    for (right, wrong, meant) in [
        ("privateIPAddress: 10", "privateIPAdress: 10", "privateIPAddress"),
        ("[{name: guard, securityRules", "[{name: guard, securityRule", "securityRules"),
        ("subnet: hub", "subnt: hub", "subnet"),
    ] {
        let text = SCENARIO.replace(right, wrong);
        let name: String = wrong.chars().filter(char::is_ascii_alphanumeric).collect();
        let folder = folder(&format!("misspelt-{name}"), &[("my.yaml", &text)]);
        let run = run_in(&folder, &["inventory", "my.yaml"], "");
        assert_eq!(run.err.matches("warning[unknown-property]").count(), 1, "{}", run.err);
        assert!(run.err.contains(&format!("did you mean `{meant}`?")), "{}", run.err);
    }
}

/// R207: only the warning tells that the rule is for nobody knows what.
#[test]
fn a_misspelt_service_tag() {
    let rule = "securityRules: [{name: a, priority: 100, direction: Inbound, access: Deny, protocol: Tcp, \
                sourceAddressPrefix: VirtualNetwrk, sourcePortRange: '*', destinationAddressPrefix: '*', \
                destinationPortRange: '443'}]";
    says(
        ("securityRules: []", rule),
        "warning[unknown-service-tag]: `VirtualNetwrk`, which rule `a` of `guard` names, is no service tag that is known\n",
        (1, 0),
    );
}
