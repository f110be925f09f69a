//! Whether the smallest change is found, and one at all, where it stands in another network than the sender's.

use super::{ask, patched};
use hopwise::answer::{RepairAnswer, Verdict};
use hopwise::import::{self, Document};

/// The answer about the first expectation of a scenario; what it offers first is tried once more.
fn answer(text: &str) -> RepairAnswer {
    let imported = import::read_all([Document { name: "it".into(), text: text.as_bytes() }]);
    let scenario = &imported.scenarios[0];
    let expected = scenario.expectations().0.remove(0);
    let flows = scenario.dataflows().0;
    let answer = ask(&imported.snapshot, &flows, &expected).unwrap();
    if let Some(fix) = answer.fixes.first() {
        let changed = patched(&imported.snapshot, &fix.patch.to_string());
        assert_eq!(ask(&changed, &flows, &expected).unwrap().verdict, Verdict::Reachable);
    }
    answer
}

/// The sentences of each fix.
fn fixes(text: &str) -> Vec<Vec<String>> {
    let sentences = |fix: &hopwise::answer::Fix| {
        fix.edits.iter().map(|edit| edit.sentence.clone()).collect::<Vec<_>>()
    };
    answer(text).fixes.iter().map(sentences).collect()
}

/// R58, R72, R87: the peering brings the route to the endpoint as well as the next hop of the route that leads nowhere.
#[test]
fn a_peering_alone_leads_to_an_endpoint_or_an_appliance() {
    let network = |to: &str| {
        format!(
            "network:
  virtualNetworks:
    - {{name: hub, addressPrefixes: [10.0.0.0/16], subnets: [{{name: nva, addressPrefix: 10.0.6.0/24}}, {{name: app, addressPrefix: 10.0.0.0/24}}]}}
    - {{name: spoke, addressPrefixes: [10.1.0.0/16], subnets: [{{name: app, addressPrefix: 10.1.0.0/24, routeTable: by-nva}}]}}
  routeTables: [{{name: by-nva, routes: [{{name: all, addressPrefix: 0.0.0.0/0, nextHopType: VirtualAppliance, nextHopIpAddress: 10.0.6.4}}]}}]
  virtualMachines: [{{name: nva, subnet: hub/nva, privateIPAddress: 10.0.6.4, enableIPForwarding: true}}, {{name: client, subnet: spoke/app, privateIPAddress: 10.1.0.4}}, {{name: web, subnet: hub/app, privateIPAddress: 10.0.0.4}}]
  privateEndpoints: [{{name: pe, subnet: hub/app, privateIPAddress: 10.0.0.5, groupId: blob, state: Approved, target: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acct}}]
expect: [{{from: client, to: '{to}', verdict: unreachable}}]
"
        )
    };
    for to in ["10.0.0.5:443", "10.0.0.4:443"] {
        let fixes = fixes(&network(to));
        assert_eq!(fixes.len(), 1, "{to}: {fixes:?}");
        assert_eq!(fixes[0], ["peer spoke with hub, both halves"], "{to}");
    }
}

