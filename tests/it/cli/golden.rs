//! What the table of golden scenarios says beyond verdicts: how sure, by which rule, over what back.

use super::{folder, run_in};
use serde_json::Value;
use std::path::Path;

/// The answer of a command about a golden scenario, after `patch` if it is not empty.
fn ask(scenario: &str, patch: &str, arguments: &[&str]) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = format!("scenarios/golden/{scenario}.yaml");
    let (command, rest) = arguments.split_first().unwrap();
    let mut all = [&[*command, &file][..], rest, &["--output", "json"]].concat();
    let patches = folder(&format!("golden-{scenario}"), &[("patch.yaml", patch)]);
    let patches = patches.join("patch.yaml");
    if !patch.is_empty() {
        all.extend(["--patch", patches.to_str().unwrap()]);
    }
    let run = run_in(root, &all, "");
    let document: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.err));
    document["answer"].clone()
}

fn trace(scenario: &str, from: &str, to: &str) -> Value {
    ask(scenario, "", &["trace", "--from", from, "--to", to])
}

/// Where the packets of `way` come by on the only path.
fn places<'a>(answer: &'a Value, way: &str) -> Vec<&'a str> {
    assert_eq!(answer["paths"].as_array().unwrap().len(), 1);
    let hops = answer["paths"][0][way].as_array().unwrap();
    hops.iter().map(|hop| hop["at"].as_str().unwrap()).collect()
}

/// Rows with `(inf)` are no surer than the rules that they rest on (R516): that Azure drops what it does not
/// support (R74, R517), and what is not allowed to be forwarded (R147); whose zones a proxy sees (R289).
#[test]
fn what_is_inferred_says_so() {
    let check = |answer: Value| assert_eq!(answer["confidence"], "inferred", "{answer:#}");
    check(trace("g08", "a", "8.8.8.8:443"));
    check(trace("g13", "a", "c:443"));
    let name = ask("g41", "", &["dns", "--from", "a", "--name", "app.corp.example"]);
    assert!(name["rules"].as_array().unwrap().contains(&"R289".into()), "{name:#}");
}

/// G10: the request arrives, and the reply is dropped in C.
#[test]
fn g10_only_the_reply_is_lost() {
    let answer = trace("g10", "a", "c:443");
    let obstacles = answer["obstacles"].as_array().unwrap();
    assert_eq!(obstacles.len(), 1, "{answer:#}");
    assert_eq!((&obstacles[0]["onReply"], &obstacles[0]["at"]), (&true.into(), &"c".into()));
    assert_eq!(places(&answer, "request"), ["a", "nva", "c"]);
}

/// G17, R116: the reply retraces the request, though nothing routes it so.
#[test]
fn g17_the_reply_of_an_endpoint_retraces_the_request() {
    let answer = trace("g17", "c", "pe:443");
    assert_eq!(places(&answer, "request"), ["c", "fw", "pe"]);
    assert_eq!(places(&answer, "reply"), ["fw", "c"]);
}

/// G25, R196: the source is of the Internet, and the default rule for the network lets it in.
#[test]
fn g25_the_default_rule_for_the_network_allows_the_internet() {
    let answer = trace("g25", "laptop", "198.51.100.4:8443");
    let hops = answer["paths"][0]["request"].as_array().unwrap();
    let last = hops.last().unwrap();
    assert_eq!(last["flow"]["source"], "203.0.113.10");
    assert_eq!(last["steps"][0]["decidedBy"]["name"], "plain/AllowVnetInBound");
}

/// G35, R334: with a route back the firewall sees both directions.
#[test]
fn g35_both_directions_pass_the_firewall() {
    let patch = "
routeTables:
  rt-gateway: {routes: [{name: wide, addressPrefix: 10.0.0.0/16}]}
  rt-a: {routes: [{name: office, addressPrefix: 192.168.10.0/24, nextHopType: VirtualAppliance, nextHopIpAddress: 10.1.1.4}]}
";
    let answer = ask("g35", patch, &["trace", "--from", "pc", "--to", "a:443"]);
    assert_eq!(answer["verdict"], "reachable");
    assert!(places(&answer, "request").contains(&"fw"));
    assert!(places(&answer, "reply").contains(&"fw"));
}
