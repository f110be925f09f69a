//! The scenarios that the program carries, to start from.

/// A shipped scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// The path below `scenarios/`, without its ending: `aks/jump-box`.
    path: &'static str,
    /// The file.
    pub text: &'static str,
}

impl Shipped {
    /// What it is called: `aks-jump-box`.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.replace('/', "-")
    }
}

macro_rules! carried {
    ($($path:literal),+ $(,)?) => {
        &[$(Shipped {
            path: $path,
            text: include_str!(concat!("../../scenarios/", $path, ".yaml")),
        }),+]
    };
}

/// Every scenario to start from, in the order of names.
pub const SHIPPED: &[Shipped] = carried![
    "aks/bastion-jump-box",
    "aks/bastion-private-only",
    "aks/bastion-tunnel",
    "aks/cloud-shell-subnet",
    "aks/command-invoke",
    "aks/container-jump-host",
    "aks/expressroute",
    "aks/jump-box",
    "aks/jump-box-beside-nodes",
    "aks/just-in-time-access",
    "aks/just-in-time-behind-a-firewall",
    "aks/managed-cloud-shell",
    "aks/private-cluster-names",
    "aks/public-cluster",
    "aks/ssh-to-a-public-address",
    "aks/virtual-desktop-jump-host",
    "aks/vnet-integration",
    "aks/vpn-point-to-site",
    "aks/vpn-site-to-site",
    "rules/addresses-of-private-links",
    "rules/always-allowed",
    "rules/balanced-appliances",
    "rules/balancers-and-ways-out",
    "rules/bastion-by-address",
    "rules/behind-links",
    "rules/default-access-is-nobodys",
    "rules/denied-probes",
    "rules/firewall-egress",
    "rules/firewall-to-private-endpoint",
    "rules/forwarding-appliance",
    "rules/gates-and-routes",
    "rules/groups-bgp-firewall",
    "rules/guest-tunnels",
    "rules/hub-gateway",
    "rules/in-passing",
    "rules/instances-of-firewalls",
    "rules/instances-of-proxies",
    "rules/internet",
    "rules/mail-port",
    "rules/over-peerings",
    "rules/peering",
    "rules/planned",
    "rules/private-endpoint-behind-appliance",
    "rules/protocols-of-ways-out",
    "rules/same-address-twice",
    "rules/service-firewalls",
    "rules/several-addresses",
    "rules/several-interfaces",
    "rules/stopped-members",
    "rules/traffic-selectors",
    "rules/vpn-clients",
    "rules/what-appliances-pass-on",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_scenario_to_learn_from_is_carried() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut files = Vec::new();
        for folder in ["aks", "rules"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                let name = entry.unwrap().path();
                files.push(format!("{folder}/{}", name.file_stem().unwrap().to_string_lossy()));
            }
        }
        files.sort();
        let carried: Vec<&str> = SHIPPED.iter().map(|shipped| shipped.path).collect();
        assert_eq!(carried, files);
    }
}
