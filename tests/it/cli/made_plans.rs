//! Plans that Terraform made (`tests/plans`): what was written down of each before hopwise was asked.

use super::run_in;
use serde_json::Value;
use std::path::Path;

const INTERNET: &str = "a machine on the Internet";

/// A plan, and what opens and closes by it: the kind, the senders, one receiver, and how the packets start.
type Expected =
    (&'static str, &'static [(&'static str, &'static [&'static str], &'static str, &'static str)]);

/// What a machine sends to a public address comes in like that of the Internet (R118, R221). A machine that is new gets out by
/// default (R119), but for mail, about which its subscription's offer decides (R216).
const PLANS: &[Expected] = &[
    ("acr-set-removed", &[]),
    (
        "address-space-grows",
        &[
            ("opened", &["vm-nb"], "vm-nd", "TCP/ICMP"),
            ("opened", &["vm-nd"], "vm-nb", "TCP/ICMP"),
            ("opened", &["vm-nd"], "other addresses", "TCP 0-24,26-65535"),
        ],
    ),
    ("agw-backend-changed", &[]),
    ("aks-new-public", &[("opened", &[INTERNET], "API server of aks", "TCP 443")]),
    (
        "aks-ranges-world",
        &[("opened", &[INTERNET], "API server of aks", "TCP 443 from 203.0.113.0/24")],
    ),
    ("asg-association", &[("opened", &[INTERNET, "vm-n"], "public IP address p", "TCP 443")]),
    ("check-block", &[("opened", &[INTERNET, "vm-n1"], "public IP address p_n1", "TCP 443")]),
    (
        "data-firewall",
        &[
            ("doubtful", &["vm-n1"], "fw", "TCP/ICMP/ESP/AH"),
            ("doubtful", &["vm-n1"], "other addresses", "TCP/ICMP/ESP/AH"),
            ("doubtful", &["vm-n1"], "public IP address fp", "TCP/ICMP/ESP/AH"),
        ],
    ),
    (
        "data-lb-pool-member",
        &[
            ("doubtful", &[INTERNET], "other addresses", "any protocol to 20.145.185.9"),
            ("doubtful", &["vm-n1"], "other addresses", "TCP 0-24,26-65535"),
        ],
    ),
    (
        "destroy-all",
        &[
            ("closed", &[INTERNET], "public IP address p_n1", "TCP 443"),
            ("closed", &["vm-n1"], "other addresses", "TCP 0-24,26-65535"),
            ("closed", &["vm-n1"], "vm-n2", "TCP/ICMP"),
            ("closed", &["vm-n1", "vm-n2"], "public IP address p_n1", "TCP 443"),
            ("closed", &["vm-n2"], "other addresses", "TCP 0-24,26-65535"),
            ("closed", &["vm-n2"], "vm-n1", "TCP/ICMP"),
        ],
    ),
    ("dnat-added", &[("opened", &[INTERNET, "vm-n"], "public IP address pf", "TCP 2222")]),
    ("er-connected", &[]),
    ("import-changed", &[("opened", &[INTERNET, "vm-n"], "public IP address p", "TCP 3389")]),
    ("import-rule", &[("closed", &[INTERNET, "vm-n"], "public IP address p", "TCP 3389")]),
    ("inline-block-removed", &[]),
    (
        "lb-module-pools",
        &[
            ("opened", &[INTERNET], "public IP address p", "TCP 443,8443"),
            ("closed", &["vm-n1", "vm-n2"], "other addresses", "TCP 0-24,26-65535"),
        ],
    ),
    ("lb-nic-renamed", &[]),
    ("network-replaced-inside-modules", &[]),
    ("nm-member-added", &[("closed", &[INTERNET, "vm-n1"], "public IP address p_n1", "TCP 22")]),
    ("nm-mesh-config-only", &[]),
    ("nsg-renamed-cbd", &[("opened", &[INTERNET, "vm-n"], "public IP address p", "TCP 443")]),
    (
        "nsg-rule-opened",
        &[("opened", &[INTERNET, "vm-web"], "public IP address pip-web", "TCP 22")],
    ),
    (
        "peering-one-side",
        &[("closed", &["vm-na"], "vm-nb", "TCP/ICMP"), ("closed", &["vm-nb"], "vm-na", "TCP/ICMP")],
    ),
    (
        "ref-swapped-nsgs",
        &[
            ("doubtful", &["vm-n1"], "vm-za", "TCP/ICMP/ESP/AH"),
            ("doubtful", &["vm-n1"], "vm-zb", "TCP/ICMP/ESP/AH"),
            ("doubtful", &["vm-za"], "vm-n1", "TCP/ICMP/ESP/AH"),
            ("doubtful", &["vm-za"], "vm-zb", "TCP/ICMP/ESP/AH"),
            ("doubtful", &["vm-zb"], "vm-n1", "TCP/ICMP/ESP/AH"),
            ("doubtful", &["vm-zb"], "vm-za", "TCP/ICMP/ESP/AH"),
            ("doubtful", &["vm-za", "vm-zb"], "other addresses", "TCP;"),
            ("opened", &["vm-za", "vm-zb"], "other addresses", "TCP 53,80,32526 to 168.63.129.16"),
        ],
    ),
    ("removed-block", &[]),
    (
        "sensitive-prefix",
        &[("opened", &[INTERNET], "public IP address p_n1", "TCP 22 from (sensitive value)")],
    ),
    ("subnet-output-resource", TWO_NEW),
    ("two-subscriptions-new", TWO_NEW),
    (
        "vm-nic-swapped",
        &[
            ("closed", &["vm-a"], "other addresses", "TCP 0-24,26-65535"),
            ("closed", &["vm-a"], "vm-n0", "TCP/ICMP"),
            ("closed", &["vm-n0"], "vm-a", "TCP/ICMP"),
            ("opened", &["n2"], "other addresses", "TCP 0-24,26-65535"),
            ("opened", &["n2"], "vm-n0", "TCP/ICMP"),
            ("opened", &["vm-n0"], "n2", "TCP/ICMP"),
        ],
    ),
    ("vpn-lng-renamed", &[]),
    ("vpn-p2s", &[]),
    ("vwan-isolation-lifted", &[]),
    ("vwan-vpn-site-grows", &[]),
    ("web-integration-added", &[]),
];

/// Plans that change what is not modelled, and some of that.
const NOT_MODELLED: &[(&str, &str)] = &[
    ("agw-backend-changed", "changed ag/backendAddressPools/b/backendAddresses"),
    ("er-connected", "added ec"),
    ("vpn-p2s", "added gw/vpnClientConfiguration"),
    ("vwan-isolation-lifted", "changed c2/routingConfiguration/associatedRouteTable/id"),
    ("vwan-vpn-site-grows", "changed vs/told/address_cidrs"),
    ("web-integration-added", "added webapp1/virtualNetworkSubnetId"),
];

/// Two new machines that reach each other and the Internet.
const TWO_NEW: &[(&str, &[&str], &str, &str)] = &[
    ("opened", &["vm-na"], "vm-nb", "TCP/ICMP"),
    ("opened", &["vm-nb"], "vm-na", "TCP/ICMP"),
    ("opened", &["vm-na", "vm-nb"], "other addresses", "TCP 0-24,26-65535"),
];

/// What opens and closes: each sender with each receiver, and the packets.
fn told(plan: &str) -> Vec<[String; 4]> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    let file = format!("{plan}.json");
    let run = run_in(&folder, &["diff", "--terraform-plan", &file, "--output", "json"], "");
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    let texts = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    };
    let mut told = Vec::new();
    for flow in answer["answer"]["flows"].as_array().unwrap() {
        let kind = flow["kind"].as_str().unwrap();
        if kind == "doubtful" {
            // A subscription's offer decides about mail (R216), and no rule speaks of ESP.
            let packets = flow["packets"][0].as_str().unwrap();
            if packets == "TCP 25" || packets.starts_with("ESP") || packets.starts_with("ICMP/ESP")
            {
                continue;
            }
        }
        for from in texts(&flow["from"]) {
            for to in texts(&flow["to"]) {
                told.push([kind.to_owned(), from.clone(), to, texts(&flow["packets"]).join("; ")]);
            }
        }
    }
    told
}

#[test]
fn plans_of_terraform_change_what_was_written_down() {
    for (plan, expected) in PLANS {
        let mut found = told(plan);
        for &(kind, senders, to, packets) in *expected {
            for from in senders {
                let is_it = |it: &[String; 4]| {
                    [kind, from, to] == [&*it[0], &*it[1], &*it[2]] && it[3].starts_with(packets)
                };
                let at = found.iter().position(is_it);
                let at =
                    at.unwrap_or_else(|| panic!("{plan}: no {kind} {from} -> {to} in {found:#?}"));
                found.remove(at);
            }
        }
        assert!(found.is_empty(), "{plan}: {found:#?}");
    }
}

#[test]
fn what_changes_and_is_not_modelled_is_said_and_fails_gates_about_doubt() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    let ask = |plan: &str, more: &[&str]| {
        let file = format!("{plan}.json");
        let arguments = [&["diff", "--terraform-plan", &file], more].concat();
        run_in(&folder, &arguments, "")
    };
    for (plan, _) in PLANS {
        let run = ask(plan, &["--output", "json"]);
        let answer: Value = serde_json::from_str(&run.out).unwrap();
        let answer = &answer["answer"];
        let numbers = answer["notModelled"].as_array().cloned().unwrap_or_default();
        let told: Vec<String> = { numbers.iter() }
            .map(|number| {
                let number = usize::try_from(number.as_u64().unwrap()).unwrap();
                let text =
                    |name: &str| answer["configuration"][number][name].as_str().unwrap().to_owned();
                let resource = text("resource");
                let path = text("path").replace("/properties", "");
                format!("{} {}{path}", text("kind"), resource.rsplit('/').next().unwrap())
            })
            .collect();
        let expected = NOT_MODELLED.iter().find(|it| it.0 == *plan);
        assert_eq!(told.is_empty(), expected.is_none(), "{plan}: {told:?}");
        let Some((_, expected)) = expected else { continue };
        assert!(told.iter().any(|it| it == expected), "{plan}: {told:?}");
        let gates = [("any", 1), ("doubtful", 1), ("doubtful-from-internet", 1), ("opened", 0)];
        for (gate, code) in gates {
            let run = ask(plan, &["--fail-on", gate]);
            assert_eq!(run.code, code, "{plan} {gate}: {}", run.out);
            assert!(run.out.contains("Changed, and not modelled: "), "{}", run.out);
            assert!(!run.out.contains("for the same reasons"), "{}", run.out);
        }
    }
}

/// Machines that are destroyed send nothing because they are, not because rules go with them.
#[test]
fn what_is_destroyed_is_the_cause_by_itself() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    let ask = ["diff", "--terraform-plan", "destroy-all.json", "--output", "json"];
    let answer: Value = serde_json::from_str(&run_in(&folder, &ask, "").out).unwrap();
    let answer = &answer["answer"];
    let flows = answer["flows"].as_array().unwrap().iter();
    let own: Vec<&Value> =
        flows.filter(|it| it["kind"] == "closed" && it["from"][0] == "vm-n2").collect();
    assert_eq!(own.len(), 2);
    for flow in own {
        let causes = flow["causes"].as_array().unwrap().iter().map(|number| {
            let number = usize::try_from(number.as_u64().unwrap()).unwrap();
            let resource = answer["configuration"][number]["resource"].as_str().unwrap();
            resource.rsplit('/').next().unwrap()
        });
        let causes: Vec<&str> = causes.collect();
        assert!(causes.contains(&"vm-n2") && !causes.contains(&"g"), "{causes:?}");
    }
}

/// A load balancer with a public frontend is not internal (R418).
#[test]
fn a_pool_without_a_way_out_is_not_taken_for_internal() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    let run = run_in(&folder, &["diff", "--terraform-plan", "lb-module-pools.json"], "");
    let said = "no rule of the Standard load balancer lb is";
    assert!(run.out.contains(said) && !run.out.contains("internal"), "{}", run.out);
}

/// The prefix decides, and is in no output.
#[test]
fn what_terraform_marks_as_sensitive_is_not_shown() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    let file = |name: &str| std::env::temp_dir().join(format!("hopwise-sensitive.{name}"));
    let (comment, log) = (file("md"), file("sarif"));
    let plan = ["--terraform-plan", "sensitive-prefix.json"];
    let written =
        ["--markdown", comment.to_str().unwrap(), "--sarif", log.to_str().unwrap(), "--verbose"];
    let text = run_in(&folder, &[&["diff"], &plan[..], &written].concat(), "");
    let json = run_in(&folder, &[&["diff"], &plan[..], &["--output", "json"]].concat(), "");
    let rules = ["rules", "sensitive-prefix.json", "--nic", "n1"];
    let rules = run_in(&folder, &rules, "");
    let [comment, log] = [comment, log].map(|it| std::fs::read_to_string(it).unwrap());
    for shown in
        [&text.out, &text.err, &json.out, &json.err, &rules.out, &rules.err, &comment, &log]
    {
        assert!(!shown.contains("203.0.113.0/24"), "{shown}");
    }
    for shown in [&text.out, &json.out, &comment, &log] {
        assert!(shown.contains("(sensitive value)"), "{shown}");
    }
}

/// Deployments that a plan has are there, also where no network is in the group (R230), and what it makes is deployed by none.
#[test]
fn nothing_is_said_of_deployments_that_are_told() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    for plan in ["nm-member-added.json", "nm-mesh-config-only.json"] {
        let run = run_in(&folder, &["diff", "--terraform-plan", plan], "");
        assert!(!run.err.contains("unknown-deployment"), "{plan}: {}", run.err);
    }
}

/// No plan is there that nothing is expected of.
#[test]
fn every_plan_is_asked() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let plans = names.filter(|path| path.extension().is_some_and(|it| it == "json"));
    let mut found: Vec<String> =
        plans.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    found.sort();
    assert_eq!(found, PLANS.iter().map(|it| it.0).collect::<Vec<_>>());
}
