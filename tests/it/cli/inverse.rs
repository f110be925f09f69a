//! A patch and its inverse leave nothing that differs.

use super::{folder, folder_of, run_in};
use crate::generated::{Random, Scenario};
use serde_json::{Value, json};

/// Parts that have names: the list of their owners, the list in these.
const PARTS: [(&str, &str); 3] = [
    ("networkSecurityGroups", "securityRules"),
    ("routeTables", "routes"),
    ("virtualNetworks", "virtualNetworkPeerings"),
];

/// A patch that takes a part out of the network, and one that puts it back; none when it has no such part.
fn patches(
    network: &Value,
    (owners, list): (&str, &str),
    random: &mut Random,
) -> Option<[Value; 2]> {
    let owners_with = network[owners].as_array()?.iter();
    let owners_with = owners_with.filter(|it| it[list].as_array().is_some_and(|it| !it.is_empty()));
    let owner = *random.one(&owners_with.collect::<Vec<_>>())?;
    let part = random.one(owner[list].as_array()?)?;
    let (owner, name) = (owner["name"].as_str()?, part["name"].as_str()?);
    let patch = |parts: Value| json!({owners: {owner: {list: parts}}});
    Some([patch(json!({name: null})), patch(json!([part]))])
}

/// How many groups of packets differ, with these patches.
fn differing(folder: &std::path::Path, patches: &[&str]) -> usize {
    let estate = if folder.join("estate.json").exists() { "estate.json" } else { "estate.yaml" };
    let mut arguments = vec!["diff", estate, "--output", "json", "--quiet"];
    arguments.extend(patches.iter().flat_map(|patch| ["--patch", *patch]));
    let run = run_in(folder, &arguments, "");
    assert_eq!((&*run.err, run.code), ("", 0), "{folder:?}");
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    answer["answer"]["flows"].as_array().unwrap().len()
}

#[test]
fn a_patch_and_its_inverse_change_nothing() {
    let [mut asked, mut told] = [[0; PARTS.len()]; 2];
    for seed in 4_400..4_412 {
        let scenario = Scenario::seeded(seed);
        for (number, part) in PARTS.into_iter().enumerate() {
            let mut random = Random::new(seed);
            let network = &scenario.document["network"];
            let Some([patch, inverse]) = patches(network, part, &mut random) else { continue };
            let files = [
                ("estate.json", scenario.document.to_string()),
                ("patch.json", patch.to_string()),
                ("inverse.json", inverse.to_string()),
            ];
            let folder = folder_of(&format!("inverse-{seed}-{number}"), &files);
            asked[number] += 1;
            told[number] += usize::from(differing(&folder, &["patch.json"]) > 0);
            assert_eq!(differing(&folder, &["patch.json", "inverse.json"]), 0, "{folder:?}");
        }
    }
    // That there is nothing to tell may be because the patch did nothing either.
    println!("{asked:?} asked, {told:?} differ after the patch");
    assert!(
        asked.iter().all(|&it| it >= 4) && told.iter().sum::<usize>() >= 5,
        "{asked:?} {told:?}"
    );
}

/// What `fix` writes for this packet, and what takes it back: the lists as they were.
const FIXES: [(&str, &str, &str); 4] = [
    (
        "app",
        "images.azurecr.io:443",
        "registries: {images: {networkRuleSet: {ipRules: [{value: 203.0.113.0/28, action: Allow}]}}}",
    ),
    (
        "app",
        "documents.documents.azure.com:443",
        // R119: the address of the NAT gateway opens nothing to default outbound access.
        "databaseAccounts: {documents: {ipRules: [{ipAddressOrRange: 203.0.113.10}]}}",
    ),
    (
        "data",
        "older.documents.azure.com:443",
        "databaseAccounts: {older: {isVirtualNetworkFilterEnabled: null, virtualNetworkRules: null}}",
    ),
    (
        "app",
        "vault.vault.azure.net:443",
        "networkSecurityGroups: {out: {securityRules: {deny: {priority: 100}, allow-outbound-100: null}}}",
    ),
];

/// The scenario of firewalls of services; in `app` a group denies questions to Azure's resolver where `is_mute`.
fn firewalls(is_mute: bool) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/rules/service-firewalls.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    if !is_mute {
        return text;
    }
    let (plain, mute) =
        ("addressPrefix: 10.0.0.0/24", "addressPrefix: 10.0.0.0/24, networkSecurityGroup: out");
    let rule = "{name: deny, priority: 100, direction: Outbound, access: Deny, protocol: '*', sourceAddressPrefix: '*', \
                sourcePortRange: '*', destinationAddressPrefix: AzurePlatformDNS, destinationPortRange: '*'}";
    let group = format!(
        "  networkSecurityGroups: [{{name: out, securityRules: [{rule}]}}]\n  virtualMachines:\n"
    );
    assert!(text.contains(plain) && text.contains("  virtualMachines:\n"));
    text.replace(plain, mute).replace("  virtualMachines:\n", &group)
}

#[test]
fn what_fix_writes_is_taken_back_without_a_trace() {
    for (number, (from, to, inverse)) in FIXES.into_iter().enumerate() {
        let is_mute = to == "vault.vault.azure.net:443";
        let folder = folder(
            &format!("inverse-of-fix-{number}"),
            &[("estate.yaml", &firewalls(is_mute)), ("inverse.yaml", inverse)],
        );
        let asked = ["fix", "estate.yaml", "--from", from, "--to", to, "--write", "patch.json"];
        let run = run_in(&folder, &asked, "");
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        assert!(differing(&folder, &["patch.json"]) > 0, "{folder:?}");
        assert_eq!(differing(&folder, &["patch.json", "inverse.yaml"]), 0, "{folder:?}");
    }
}
