//! `check`: what holds, what does not, and what cannot be judged.

use super::{TWO, folder, run, run_in, sarif};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// Assertions about [`TWO`]: the group denies port 22 (R175) and lets 443 of the network in (R177).
const EXPECT: &str = "
expect:
  - {name: web, from: client, to: 'server:443', verdict: reachable, cites: [R177]}
  - {name: ssh, from: client, to: 'server:22', verdict: unreachable, reason: denied-by-rule, cites: [R175]}
variants:
  - name: no rule
    patch: {networkSecurityGroups: {guard: {securityRules: null}}}
    expect:
      - {name: ssh, from: client, to: 'server:22', verdict: reachable, cites: [R177]}
";

/// [`TWO`] with assertions, after `edits`.
fn scenario(edits: &[(&str, &str)]) -> String {
    let mut text = format!("{TWO}{EXPECT}");
    for (old, new) in edits {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    text
}

#[test]
fn all_assertions_hold() {
    let run = run(&["check", "-"], &scenario(&[]));
    let expected = "\
Hold  Fail  Unknown  Mistakes  Scenario
   3     -        -         -  -

1 scenario, 3 assertions: 3 hold, 0 fail
";
    assert_eq!((run.code, &*run.err, &*run.out), (0, "", expected));
}

/// Expects what R175 and R177 say is not so.
fn wrong() -> String {
    scenario(&[
        ("'server:443', verdict: reachable", "'server:443', verdict: unreachable"),
        (
            "to: 'server:22', verdict: reachable",
            "to: 'server:25', verdict: unknown, passes: [nowhere]",
        ),
        (
            "verdict: unreachable, reason: denied-by-rule",
            "verdict: reachable, decidedBy: guard/other",
        ),
    ])
}

#[test]
fn what_does_not_hold_is_told_with_its_place_and_the_first_obstacle() {
    let run = run(&["check", "-"], &wrong());
    assert_eq!((run.code, &*run.err), (1, ""));
    insta::assert_snapshot!(run.out, @r"
    Hold  Fail  Unknown  Mistakes  Scenario
       -     3        -         -  -

    FAILS web (-:23) [R177]
      verdict: expected unreachable, found reachable

    FAILS ssh (-:24) [R175]
      verdict: expected reachable, found unreachable (denied-by-rule)
      decidedBy: expected `guard/other`, found `guard/no-ssh`
      first obstacle denied-by-rule at server: guard/no-ssh (subnet default) denies it [R175 R183]
                     decided by security rule guard/no-ssh (-:10)

    FAILS no rule: ssh (-:29) [R177]
      verdict: expected unknown, found reachable
      passes: expected `nowhere`, found client, server

    1 scenario, 3 assertions: 0 hold, 3 fail
    ");
}

#[test]
fn unknown_is_expected_or_fails_and_is_no_exit_code_of_its_own() {
    let ask = |verdict: &str| {
        let expect = format!(
            "expect: [{{from: client, to: 'https://www.example.com', verdict: {verdict}, cites: [R1]}}]\n"
        );
        run(&["check", "-"], &format!("{TWO}{expect}")).code
    };
    assert_eq!(ask("unknown"), 0);
    assert_eq!(ask("reachable"), 1);
}

#[test]
fn a_scenario_with_mistakes_does_not_stop_the_others() {
    let folder = folder(
        "check-mistakes",
        &[
            ("a.yaml", &scenario(&[("'server:443'", "'sever:443'")])),
            ("b.yaml", &scenario(&[])),
            ("export.json", "[]"),
        ],
    );
    let run = run_in(&folder, &["check", ".", "--junit", "j.xml", "--sarif", "s.json"], "");
    assert_eq!(run.code, 2);
    assert!(
        run.out.contains(
            "   2     -        -         1  ./a.yaml\n   3     -        -         -  ./b.yaml\n"
        ),
        "{}",
        run.out
    );
    assert!(run.err.contains("nothing in the input is called `sever`"), "{}", run.err);
    assert!(run.err.contains("did you mean `server`?"), "{}", run.err);
    let junit = std::fs::read_to_string(folder.join("j.xml")).unwrap();
    assert!(junit.contains("tests=\"6\" failures=\"0\" errors=\"1\""), "{junit}");
    let sarif = std::fs::read_to_string(folder.join("s.json")).unwrap();
    assert!(sarif.contains("\"ruleId\": \"not-found\""), "{sarif}");
}

#[test]
fn nothing_to_check_is_a_usage_error() {
    let folder = folder("check-nothing", &[("export.json", "[]")]);
    let run = run_in(&folder, &["check", "."], "");
    let expected = "error[usage]: there is no scenario in the input\n  \
                    help: docs/scenarios.md says how to write one\n";
    assert_eq!((run.code, &*run.out, &*run.err), (2, "", expected));
}

#[test]
fn results_as_junit() {
    let folder = folder("check-junit", &[("net.yaml", &wrong())]);
    assert_eq!(run_in(&folder, &["check", "net.yaml", "--junit", "j.xml"], "").code, 1);
    insta::assert_snapshot!(std::fs::read_to_string(folder.join("j.xml")).unwrap(), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="hopwise" tests="3" failures="3" errors="0">
        <testsuite name="net.yaml" tests="3" skipped="0" errors="0" failures="3">
            <testcase name="web" classname="net.yaml">
                <failure message="verdict: expected unreachable, found reachable" type="assertion-failed">net.yaml:23
    verdict: expected unreachable, found reachable</failure>
            </testcase>
            <testcase name="ssh" classname="net.yaml">
                <failure message="verdict: expected reachable, found unreachable (denied-by-rule); decidedBy: expected `guard/other`, found `guard/no-ssh`" type="assertion-failed">net.yaml:24
    verdict: expected reachable, found unreachable (denied-by-rule)
    decidedBy: expected `guard/other`, found `guard/no-ssh`
    stopped by denied-by-rule: at server: guard/no-ssh (subnet default) denies it [R175 R183], decided by security rule guard/no-ssh (net.yaml:10)</failure>
            </testcase>
            <testcase name="no rule: ssh" classname="net.yaml">
                <failure message="verdict: expected unknown, found reachable; passes: expected `nowhere`, found client, server" type="assertion-failed">net.yaml:29
    verdict: expected unknown, found reachable
    passes: expected `nowhere`, found client, server</failure>
            </testcase>
        </testsuite>
    </testsuites>
    "#);
}

#[test]
fn results_as_sarif_are_valid() {
    let folder = folder(
        "check-sarif",
        &[("a b.yaml", &wrong()), ("c.yaml", &scenario(&[("'server:443'", "'sever:443'")]))],
    );
    let sarif = sarif::written(&folder, &["check", "."], 2);
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 4);
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.yaml");
    let line = usize::try_from(place["region"]["startLine"].as_u64().unwrap()).unwrap();
    assert!(wrong().lines().nth(line - 1).unwrap().contains("name: web"));
}

/// The same bytes whoever runs it how often, on however many threads.
#[test]
fn check_gives_the_same_bytes_on_one_thread_and_on_two() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let folder = folder("check-bytes", &[("net.yaml", &wrong())]);
    let check = |threads: &str, output: &str| {
        let run = Command::new(env!("CARGO_BIN_EXE_hopwise"))
            .args([
                "check", "--output", output, "--junit", "j.xml", "--sarif", "s.json", "net.yaml",
            ])
            .arg(&scenarios)
            .current_dir(&folder)
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        let file = |name: &str| std::fs::read(folder.join(name)).unwrap();
        (run.stdout, run.stderr, file("j.xml"), file("s.json"))
    };
    for output in ["text", "json"] {
        let first = check("1", output);
        assert!(first.0.len() > 1_000);
        assert!(first == check("2", output), "{output}: on two threads");
    }
}

/// A resource that nobody knows refers to the interface of a machine: it could change what every answer about that
/// rests on, whether the assertion holds or not.
#[test]
fn assertions_name_what_is_not_modelled() {
    let scenario = "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.1.0.0/16], subnets: [{name: s, addressPrefix: 10.1.0.0/24}]}]
  virtualMachines:
    - {name: a, subnet: v/s, privateIPAddress: 10.1.0.4}
    - {name: b, subnet: v/s, privateIPAddress: 10.1.0.5}
    - {name: c, subnet: v/s, privateIPAddress: 10.1.0.6}
  resources: [{type: Microsoft.Network/oddThings, name: odd, properties: {about: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers/Microsoft.Network/networkInterfaces/b-nic}}]
expect:
  - {name: holds, from: a, to: 'b:443', verdict: reachable, cites: [R38]}
  - {name: fails, from: a, to: 'b:443', verdict: unreachable, cites: [R38]}
  - {name: always, always: {from: a, to: b}, cites: [R38]}
  - {name: never, never: {from: a, to: b}, cites: [R38]}
  - {name: elsewhere, from: a, to: 'c:443', verdict: reachable, cites: [R38]}
";
    let folder = folder("check-not-modelled", &[("s.yaml", scenario)]);
    let run = run_in(&folder, &["check", "s.yaml", "--output", "json", "--quiet"], "");
    assert_eq!(run.code, 1, "{}", run.err);
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    let assertions = answer["answer"]["scenarios"][0]["assertions"].as_array().unwrap();
    let odd = json!(["odd (Microsoft.Network/oddThings)"]);
    for (assertion, expected) in assertions.iter().zip([&odd, &odd, &odd, &odd, &Value::Null]) {
        assert_eq!(assertion["notModelled"], *expected, "{assertion:#}");
    }
    let run = run_in(&folder, &["check", "s.yaml", "--quiet"], "");
    assert!(run.out.contains("odd (Microsoft.Network/oddThings)"), "{}", run.out);
}
