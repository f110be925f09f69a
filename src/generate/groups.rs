//! Security groups after patterns of 20 to 200 rules.

use super::random::Random;
use super::resource;
use serde_json::{Value, json};

const PORTS: &[&str] = &["22", "80", "443", "1433", "3389", "5432", "8080", "8000-8999", "*"];
const PROTOCOLS: &[&str] = &["Tcp", "Tcp", "Udp", "*"];

/// The group `name`, with the rules of pattern `pattern`.
pub(super) fn group(name: &str, seed: u64, pattern: u32) -> Value {
    let mut random = Random::new(seed.wrapping_add(u64::from(pattern) << 40));
    let count = 20 + random.below(181);
    let rules: Vec<Value> = (0..count).map(|at| rule(&mut random, at)).collect();
    resource("networkSecurityGroups", name, json!({ "securityRules": rules }))
}

/// Specific rules, most of which allow; what none of them names is left to the default rules.
fn rule(random: &mut Random, at: u32) -> Value {
    let direction = if random.below(3) == 0 { "Outbound" } else { "Inbound" };
    let access = if random.below(4) == 0 { "Deny" } else { "Allow" };
    let source = address(random);
    json!({
        "name": format!("rule{at:03}"),
        "properties": {
            "priority": 100 + at * 10,
            "direction": direction,
            "access": access,
            "protocol": random.pick(PROTOCOLS),
            "sourceAddressPrefix": source,
            "sourcePortRange": "*",
            "destinationAddressPrefix": address(random),
            "destinationPortRange": random.pick(PORTS),
        },
    })
}

fn address(random: &mut Random) -> String {
    match random.below(8) {
        0 => "*".into(),
        1 => "VirtualNetwork".into(),
        2 => "Internet".into(),
        3 => format!("10.0.{}.0/24", random.below(256)),
        4 => format!("192.168.{}.0/24", random.below(256)),
        _ => format!("10.{}.{}.0/24", 1 + random.below(39), random.below(256)),
    }
}
