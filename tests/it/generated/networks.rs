//! Virtual networks with their subnets.

use super::draft::{Draft, Net, Range, Subnet};
use serde_json::{Map, Value, json};

/// From this number on subnets belong to one thing each.
pub(super) const SPECIAL: u32 = 100;

/// Address spaces that never overlap: the first is a usual one, others are equal to a reserved range
/// (R41), contain one (R42), or are public (R4).
const SPACES: [&[&str]; 4] = [
    &["10.0.0.0/16"],
    &["10.1.0.0/16"],
    &["172.20.0.0/16", "172.16.0.0/12", "172.0.0.0/11", "192.168.0.0/16"],
    &["10.3.0.0/16", "100.64.0.0/10", "20.35.0.0/16"],
];

/// A second range of the network in the same place (R2).
const SECOND: [&str; 4] = ["10.100.0.0/20", "10.101.0.0/20", "10.102.0.0/20", "10.103.0.0/20"];

/// One to four networks.
pub(super) fn make(draft: &mut Draft) {
    let count = *draft.random.pick(&[1, 2, 2, 3, 3, 3, 4]);
    let mut slots = draft.random.some(&[0, 1, 2, 3], count);
    slots.sort_unstable();
    for slot in slots {
        let net = network(draft, slot);
        draft.networks.push(net);
    }
}

fn network(draft: &mut Draft, slot: usize) -> Net {
    let mut ranges = vec![range(draft.random.pick::<&str>(SPACES[slot]))];
    if draft.random.percent(20) {
        ranges.push(range(SECOND[slot]));
    }
    let mut net = Net {
        name: format!("v{slot}"),
        slot: u16::try_from(slot).unwrap(),
        location: if draft.random.percent(75) { "westeurope" } else { "northeurope" },
        has_ipv6: draft.random.percent(35),
        subnets: Vec::new(),
        peerings: Vec::new(),
        dns_servers: Vec::new(),
        ranges,
    };
    for number in 0..draft.random.between(1, 2) {
        net.subnets.push(subnet(draft, number, 0));
    }
    if net.ranges.len() > 1 {
        net.subnets.push(subnet(draft, 2, 1));
    }
    net
}

fn range(prefix: &'static str) -> Range {
    let (address, _) = prefix.split_once('/').unwrap();
    Range { prefix, first: address.parse::<std::net::Ipv4Addr>().unwrap().into() }
}

fn subnet(draft: &mut Draft, number: usize, range: usize) -> Subnet {
    let mut properties = Map::new();
    let random = &mut draft.random;
    if random.percent(15) {
        let regions: &[&str] = random.pick::<&[&str]>(&[&["*"][..], &["westeurope"][..], &[][..]]);
        let service = *random.pick(&["Microsoft.Storage", "Microsoft.Storage", "Microsoft.Sql"]);
        let endpoint = json!({"service": service, "locations": regions});
        properties.insert("serviceEndpoints".into(), json!([endpoint]));
    }
    if random.percent(40) {
        let policies = ["Disabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled", "Enabled"];
        let policies = *random.pick(&policies);
        properties.insert("privateEndpointNetworkPolicies".into(), json!(policies));
    }
    if random.percent(15) {
        properties.insert("defaultOutboundAccess".into(), Value::from(random.percent(30)));
    }
    let number = u32::try_from(number).unwrap();
    Subnet { name: format!("s{number}"), range, number, properties }
}
