//! Whether records that lead elsewhere are corrected: made by hand, they go stale (R282).

use super::commands;
use super::smallest::{answer, fixes};

/// A client, two accounts with an endpoint each, and a zone that has `records`.
fn network(records: &str) -> String {
    format!(
        "network:
  virtualNetworks: [{{name: v, location: westeurope, addressPrefixes: [10.0.0.0/16], subnets: [{{name: app, addressPrefix: 10.0.0.0/24}}, {{name: ends, addressPrefix: 10.0.3.0/24}}]}}]
  virtualMachines: [{{name: app, subnet: v/app, privateIPAddress: 10.0.0.4}}, {{name: web, subnet: v/app, privateIPAddress: 10.0.0.9}}]
  storageAccounts:
    - {{name: store, location: westeurope, publicNetworkAccess: Disabled, primaryEndpoints: {{blob: 'https://store.blob.core.windows.net/'}}}}
    - {{name: other, location: westeurope, publicNetworkAccess: Disabled, primaryEndpoints: {{blob: 'https://other.blob.core.windows.net/'}}}}
  privateEndpoints:
    - {{name: own, subnet: v/ends, privateIPAddress: 10.0.3.5, target: store, groupId: blob, state: Approved}}
    - {{name: files, subnet: v/ends, privateIPAddress: 10.0.3.7, target: store, groupId: file, state: Approved}}
    - {{name: strange, subnet: v/ends, privateIPAddress: 10.0.3.6, target: other, groupId: blob, state: Approved}}
  privateDnsZones: [{{name: privatelink.blob.core.windows.net, virtualNetworkLinks: [{{virtualNetwork: v}}], {records}}}]
expect: [{{from: app, to: 'store.blob.core.windows.net:443', verdict: unreachable}}]
"
    )
}

const ZONE: &str = "in zone privatelink.blob.core.windows.net";

/// Nobody's address, that of another account's endpoint (R296), of another sub-resource's (R294), and of a machine.
#[test]
fn a_record_that_leads_elsewhere_is_corrected() {
    for old in ["10.0.3.99", "10.9.3.99", "10.0.3.6", "10.0.3.7", "10.0.0.9"] {
        let text = network(&format!("records: [{{name: store, A: [{old}]}}]"));
        let expected = format!("record store A 10.0.3.5 {ZONE} in place of {old}");
        assert_eq!(fixes(&text), [[expected]], "{old}");
    }
}

/// R285: which of two addresses a client takes is not known, so the stale one goes.
#[test]
fn one_stale_address_of_two_goes() {
    let text =
        network("records: [{name: store, A: [10.0.3.4, 10.0.3.5]}, {name: other, A: [10.0.3.6]}]");
    assert_eq!(fixes(&text), [[format!("record store A 10.0.3.5 {ZONE} in place of 10.0.3.4")]]);
    let all: Vec<String> = answer(&text).fixes[0].edits[0].commands.clone();
    commands::check(&all);
    let words = commands::taken_apart(&all);
    assert_eq!(words.len(), 1, "{words:?}");
    assert!(
        words[0].contains(&"remove-record".to_owned()) && words[0].contains(&"10.0.3.4".to_owned())
    );
}

/// As resources of ARM have it, and by a wildcard (R254), which stays as it is.
#[test]
fn records_of_all_forms_are_corrected() {
    let expected = [[format!("record store A 10.0.3.5 {ZONE} in place of 10.0.3.99")]];
    for records in [
        "A: [{name: store, aRecords: [{ipv4Address: 10.0.3.99}]}]",
        "records: [{name: '*', A: [10.0.3.99]}]",
    ] {
        let text = network(records);
        assert_eq!(fixes(&text), expected, "{records}");
    }
    let by_wildcard = answer(&network("records: [{name: '*', A: [10.0.3.99]}]"));
    assert_eq!(by_wildcard.fixes[0].edits[0].commands.len(), 1);
}

/// A record that leads to the right endpoint is right, whatever else stops packets.
#[test]
fn a_good_record_stays() {
    let text = network("records: [{name: store, A: [10.0.3.5]}]")
        .replace("groupId: blob, state: Approved", "groupId: blob, state: Pending");
    assert_eq!(fixes(&text), [["let the owner of the service approve the connection of own"]]);
}
