//! Findings as SARIF, held against the schema of OASIS.

use super::{folder, run_in};
use serde_json::Value;
use std::path::Path;

const SCHEMA: &str = include_str!("../schemas/sarif-2.1.0.json");

/// Every rule of the schema that `sarif` breaks, formats of values included.
fn mistakes(sarif: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let options = jsonschema::options().should_validate_formats(true);
    let validator = options.build(&schema).unwrap();
    validator.iter_errors(sarif).map(|it| format!("{}: {it}", it.instance_path())).collect()
}

/// What `arguments` write to the file `s.json`: it follows the schema, and every result leads to its rule.
pub(super) fn written(folder: &Path, arguments: &[&str], code: i32) -> Value {
    let all = [arguments, &["--sarif", "s.json"]].concat();
    let run = run_in(folder, &all, "");
    assert_eq!(run.code, code, "{}", run.err);
    let text = std::fs::read_to_string(folder.join("s.json")).unwrap();
    let sarif: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(mistakes(&sarif), [] as [String; 0]);
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        // What GitHub's documentation of SARIF calls required of a rule.
        for text in ["shortDescription", "fullDescription", "help"] {
            let text = rule[text]["text"].as_str().unwrap();
            assert!(text.contains(' ') && text.chars().count() <= 1024, "{rule:#}");
        }
        // Code hosts show nothing of a result without a place.
        assert!(!result["locations"].as_array().unwrap().is_empty(), "{result}");
    }
    sarif
}

/// A group `g` in line 6 with one rule in line 7.
fn network(rule: &str) -> String {
    format!(
        "network:
  virtualNetworks: [{{name: a, addressPrefixes: [10.1.0.0/16], subnets: [{{name: s, addressPrefix: 10.1.0.0/24, networkSecurityGroup: g}}]}}]
  virtualMachines: [{{name: m, subnet: a/s, privateIPAddress: 10.1.0.4, publicIPAddress: p}}]
  publicIPAddresses: [{{name: p, sku: Standard, ipAddress: 198.51.100.20}}, {{name: spare, sku: Standard, ipAddress: 198.51.100.21}}]
  networkSecurityGroups:
    - name: g
      securityRules: [{rule}]
"
    )
}

const HTTPS: &str = "{name: cloud, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, \
     sourceAddressPrefix: AzureCloud, sourcePortRange: '*', destinationAddressPrefix: '*', \
     destinationPortRange: '443'}";

#[test]
fn the_schema_is_no_rubber_stamp() {
    let folder = folder("sarif-broken", &[("net.yaml", &network(HTTPS))]);
    let sarif = written(&folder, &["lint", "net.yaml"], 1);
    let breaks: [fn(&mut Value); 4] = [
        |sarif| sarif["version"] = "2.0.0".into(),
        |sarif| sarif["runs"][0]["results"][0]["level"] = "bad".into(),
        |sarif| sarif["runs"][0]["results"][0]["colour"] = "red".into(),
        |sarif| sarif["$schema"] = "no address".into(),
    ];
    for (number, edit) in breaks.into_iter().enumerate() {
        let mut broken = sarif.clone();
        edit(&mut broken);
        assert_eq!(mistakes(&broken).len(), 1, "{number}");
    }
}

#[test]
fn findings_of_lint_stand_at_their_lines() {
    let folder = folder("sarif-lint", &[("net.yaml", &network(HTTPS))]);
    let sarif = written(&folder, &["lint", "net.yaml"], 1);
    let results = sarif["runs"][0]["results"].as_array().unwrap().iter();
    let told: Vec<(&str, &str, u64)> = results
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uri"], "net.yaml");
            let line = place["region"]["startLine"].as_u64().unwrap();
            (result["ruleId"].as_str().unwrap(), result["level"].as_str().unwrap(), line)
        })
        .collect();
    assert_eq!(told, [("unused-public-ip-address", "note", 4), ("wide-service-tag", "warning", 7)]);
}

#[test]
fn what_a_change_opens_stands_at_the_change() {
    // R175: without the rule nobody from outside gets in, with it everybody in Azure's datacentres does.
    let wide = HTTPS.replace("AzureCloud", "'*'");
    let files = [("before.yaml", &*network("")), ("after.yaml", &*network(&wide))];
    let folder = folder("sarif-diff", &files);
    let fail = ["diff", "before.yaml", "after.yaml", "--fail-on", "opened-from-internet"];
    let sarif = written(&folder, &fail, 1);
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let opened = results.iter().find(|it| it["ruleId"] == "opened-from-internet").unwrap();
    assert_eq!(opened["level"], "error");
    let place = &opened["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "after.yaml");
    // The rule that was added, in the group of the line before.
    assert_eq!(place["region"]["startLine"], 7);
}

/// What a change takes away stands where it was.
#[test]
fn what_a_change_closes_stands_where_it_was() {
    let files = [("before.yaml", &*network(HTTPS)), ("after.yaml", &*network(""))];
    let folder = folder("sarif-diff-closed", &files);
    let sarif = written(&folder, &["diff", "before.yaml", "after.yaml"], 0);
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let [gone] = results.as_slice() else { panic!("{sarif:#}") };
    let place = &gone["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "before.yaml");
}

/// An opened way without a change by itself, an address that is not known, the same place twice: all have a place, and none twice.
#[test]
fn every_group_has_a_place() {
    let exposed = network(&HTTPS.replace("AzureCloud", "'*'"));
    let hidden = exposed.replace(", publicIPAddress: p", "");
    let unknown = exposed.replace(", ipAddress: 198.51.100.20", "");
    for (name, after) in [("known", exposed), ("unknown", unknown)] {
        let files = [("before.yaml", &*hidden), ("after.yaml", &*after)];
        let folder = folder(&format!("sarif-diff-{name}"), &files);
        let given = folder.join("../").join(folder.file_name().unwrap()).join("after.yaml");
        let given = given.display().to_string();
        let sarif = written(&folder, &["diff", "before.yaml", &given], 0);
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        let opened = results.iter().find(|it| it["ruleId"] == "opened-from-internet").unwrap();
        let place = &opened["locations"][0]["physicalLocation"];
        // However the file was named.
        assert_eq!(place["artifactLocation"]["uri"], "after.yaml", "{opened:#}");
    }
}

/// What decides twice is a related place once.
#[test]
fn related_places_are_told_once() {
    let scenario = format!(
        "{}expect:\n  - {{name: closed, unreachable: {{from: internet, to: m, ports: 443, protocol: tcp}}}}\n  \
         - {{name: never, never: {{from: internet, to: m}}}}\n",
        network(&HTTPS.replace("AzureCloud", "'*'"))
    );
    let folder = folder("sarif-related", &[("net.yaml", &scenario)]);
    written(&folder, &["check", "net.yaml"], 1);
}

/// The fingerprints of all results, in order.
fn fingerprints(sarif: &Value) -> Vec<String> {
    let results = sarif["runs"][0]["results"].as_array().unwrap().iter();
    let each = results.map(|it| {
        let prints = &it["partialFingerprints"];
        assert_eq!(prints["primaryLocationLineHash"], prints["hopwise/v1"]);
        prints["hopwise/v1"].as_str().unwrap().to_owned()
    });
    each.collect()
}

#[test]
fn results_are_recognised_where_lines_move() {
    let moved = format!("# A comment.\n\n{}", network(HTTPS));
    let files = [("a.yaml", &*network(HTTPS)), ("b.yaml", &*moved)];
    let folder = folder("sarif-fingerprints", &files);
    let prints = |file| fingerprints(&written(&folder, &["lint", file, "--fail-on", "never"], 0));
    let first = prints("a.yaml");
    assert_eq!(first, prints("b.yaml"));
    let different: std::collections::BTreeSet<&String> = first.iter().collect();
    assert_eq!(different.len(), first.len(), "{first:?}");
    assert!(first.len() > 1, "{first:?}");
    // The same of differences.
    let open = HTTPS.replace("AzureCloud", "'*'");
    let shut = open.replace("Allow", "Deny");
    let moved = format!("# A comment.\n{}", network(&shut));
    let files = [("c.yaml", &*network(&shut)), ("d.yaml", &*moved), ("e.yaml", &*network(&open))];
    let folder = super::folder("sarif-fingerprints-diff", &files);
    let prints = |before| fingerprints(&written(&folder, &["diff", before, "e.yaml"], 0));
    let first = prints("c.yaml");
    assert!(!first.is_empty());
    assert_eq!(first, prints("d.yaml"));
}
