//! Private DNS zones with links and records, and who asks which server.

use super::draft::{Draft, missing};
use serde_json::{Value, json};

const ZONES: [&str; 4] =
    ["example.com", "db.example.com", "privatelink.blob.core.windows.net", "corp.test"];
const LABELS: [&str; 6] = ["a", "db", "x.db", "@", "*", "*.x"];
/// Targets of aliases: within zones, in another, nowhere, in a ring.
const ALIASES: [&str; 5] =
    ["a.example.com", "a.db.example.com", "x.corp.test", "gone.example.com", "b.corp.test"];

/// Up to three zones, and perhaps networks with servers of their own.
pub(super) fn make(draft: &mut Draft) {
    let count = draft.random.below(4);
    for zone in draft.random.some(&ZONES, count) {
        let zone = json!({
            "name": zone,
            "virtualNetworkLinks": links(draft, zone.starts_with("privatelink")),
            "records": records(draft),
        });
        draft.add("privateDnsZones", zone);
    }
    for network in 0..draft.networks.len() {
        if draft.random.percent(15) {
            let machines: Vec<String> =
                draft.machines.iter().map(|it| it.address.clone()).collect();
            let count = draft.random.between(1, 2);
            draft.networks[network].dns_servers = draft.random.some(&machines, count);
        }
    }
}

fn links(draft: &mut Draft, may_redirect: bool) -> Vec<Value> {
    let mut links = Vec::new();
    let networks: Vec<String> = draft.networks.iter().map(|net| net.name.clone()).collect();
    for name in networks {
        if !draft.random.percent(50) {
            continue;
        }
        let mut link =
            json!({"virtualNetwork": name, "registrationEnabled": draft.random.percent(8)});
        if may_redirect && draft.random.percent(30) {
            link["resolutionPolicy"] = json!("NxDomainRedirect");
        }
        links.push(link);
    }
    if draft.random.percent(3) {
        links.push(json!({"virtualNetwork": missing("Microsoft.Network", "virtualNetworks")}));
    }
    links
}

fn records(draft: &mut Draft) -> Vec<Value> {
    let count = draft.random.below(4);
    let mut records = Vec::new();
    for (at, label) in draft.random.some(&LABELS, count).into_iter().enumerate() {
        let record = match draft.random.below(6) {
            0 if label != "@" => json!({"name": label, "CNAME": *draft.random.pick(&ALIASES)}),
            1 => json!({"name": label, "TXT": ["words"]}),
            2 => json!({"name": label, "AAAA": [format!("fd00:9::{at}")]}),
            _ => json!({"name": label, "A": [format!("10.0.0.{}", 4 + at)]}),
        };
        records.push(record);
    }
    records
}
