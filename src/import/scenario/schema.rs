//! The names that a scenario file has at its own levels; resources inside have ARM's.

use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use crate::import::names;
use crate::import::source::step;

/// The names at one level, each with the level below where that is the scenario's own too.
#[derive(Debug)]
pub(in crate::import) struct Level {
    /// What the level is, for messages.
    what: &'static str,
    names: &'static [(&'static str, Option<&'static Level>)],
}

/// The whole file.
pub(super) static SCENARIO: Level = Level {
    what: "a scenario",
    names: &[
        ("about", None),
        ("appliances", Some(&APPLIANCE)),
        ("assume", Some(&ASSUME)),
        ("clock", None),
        ("conditionalAccess", Some(&CONDITIONAL_ACCESS)),
        ("dataflows", None),
        ("documentation", None),
        ("expect", None),
        ("include", None),
        ("internet", Some(&INTERNET)),
        ("kubernetes", Some(&KUBERNETES)),
        ("network", None),
        ("onPremises", Some(&SITE)),
        ("platformProfile", None),
        ("principals", Some(&PRINCIPAL)),
        ("variants", None),
    ],
};

static PRINCIPAL: Level = Level {
    what: "a principal",
    names: &[
        ("canSignIn", None),
        ("device", Some(&DEVICE)),
        ("groups", None),
        ("name", None),
        ("objectId", None),
        ("roles", Some(&ROLE)),
        ("sshKeys", Some(&SSH_KEY)),
    ],
};

static DEVICE: Level = Level {
    what: "a device",
    names: &[("isCompliant", None), ("isPrivilegedAccessWorkstation", None)],
};

static ROLE: Level =
    Level { what: "a role", names: &[("condition", None), ("role", None), ("scope", None)] };

static SSH_KEY: Level = Level {
    what: "an SSH key",
    names: &[("name", None), ("privateKeyPath", None), ("publicKey", None)],
};

static CONDITIONAL_ACCESS: Level = Level {
    what: "a conditional access policy",
    names: &[("applications", None), ("name", None), ("principals", None), ("requires", None)],
};

static KUBERNETES: Level = Level {
    what: "the inside of a cluster",
    names: &[
        ("admissionPolicies", Some(&ADMISSION_POLICY)),
        ("cluster", None),
        ("name", None),
        ("nodes", Some(&NODE)),
        ("roleBindings", Some(&ROLE_BINDING)),
    ],
};

static ADMISSION_POLICY: Level =
    Level { what: "an admission policy", names: &[("name", None), ("namespaces", None)] };

static NODE: Level = Level {
    what: "a node",
    names: &[("freeMebibytes", None), ("freeMillicores", None), ("isReady", None), ("name", None)],
};

static ROLE_BINDING: Level = Level {
    what: "a role binding",
    names: &[("namespace", None), ("role", None), ("subject", None)],
};

static SITE: Level = Level {
    what: "a site",
    names: &[
        ("addressPrefixes", None),
        ("asn", None),
        ("connections", Some(&CONNECTION)),
        ("dnsServers", None),
        ("hosts", Some(&HOST)),
        ("name", None),
        ("publicIPAddress", None),
    ],
};

static CONNECTION: Level = Level {
    what: "a connection of a site",
    names: &[
        ("acceptedPrefixes", None),
        ("advertisedPrefixes", None),
        ("expressRouteCircuit", None),
        ("isBehindNat", None),
        ("isUp", None),
        ("knownPrefixes", None),
        ("localNetworkGateway", None),
        ("name", None),
        ("virtualNetworkGateway", None),
    ],
};

static HOST: Level = Level {
    what: "a host",
    names: &[("dns", Some(&DNS)), ("ipAddress", None), ("ipAddresses", None), ("name", None)],
};

static DNS: Level = Level {
    what: "a DNS server",
    names: &[
        ("forwarders", Some(&FORWARDER)),
        ("records", Some(&RECORDS)),
        ("resubmitsAliases", None),
        ("zones", None),
    ],
};

static FORWARDER: Level =
    Level { what: "a forwarder", names: &[("domain", None), ("servers", None)] };

static RECORDS: Level = Level {
    what: "a record set",
    names: &[
        ("A", None),
        ("AAAA", None),
        ("CNAME", None),
        ("MX", None),
        ("name", None),
        ("NS", None),
        ("PTR", None),
        ("SOA", None),
        ("SRV", None),
        ("ttl", None),
        ("TXT", None),
    ],
};

static INTERNET: Level =
    Level { what: "the Internet", names: &[("hosts", Some(&HOST)), ("records", Some(&RECORDS))] };

static APPLIANCE: Level = Level {
    what: "an appliance",
    names: &[
        ("addresses", None),
        ("advertisedPrefixes", None),
        ("bgp", Some(&BGP)),
        ("dnat", Some(&DNAT)),
        ("dns", Some(&DNS)),
        ("kind", None),
        ("name", None),
        ("networkInterfaces", None),
        ("routes", Some(&ROUTE)),
        ("snatExemptPrefixes", None),
        ("tunnels", Some(&TUNNEL)),
    ],
};

static TUNNEL: Level = Level {
    what: "a tunnel of a guest",
    names: &[
        ("appliance", None),
        ("isUp", None),
        ("localNetworkGateway", None),
        ("name", None),
        ("remoteAddress", None),
    ],
};

static BGP: Level =
    Level { what: "a guest that speaks BGP", names: &[("asn", None), ("peers", Some(&PEER))] };

static PEER: Level = Level {
    what: "a BGP peer of a guest",
    names: &[
        ("asOverride", None),
        ("name", None),
        ("nextHopIpAddress", None),
        ("routeServer", None),
        ("tunnel", None),
    ],
};

static DNAT: Level = Level {
    what: "a port forward",
    names: &[
        ("destinationAddress", None),
        ("destinationPorts", None),
        ("name", None),
        ("protocol", None),
        ("translatedAddress", None),
        ("translatedPort", None),
    ],
};

static ROUTE: Level = Level {
    what: "a route of a guest",
    names: &[("addressPrefix", None), ("name", None), ("networkInterface", None), ("tunnel", None)],
};

static ASSUME: Level = Level {
    what: "the assumptions",
    names: &[
        ("connectionsUp", None),
        ("controlPlaneAnswers", None),
        ("dnsForwardsToAzure", None),
        ("forwardsAsRouter", None),
        ("learnsWhatIsDeclared", None),
        ("listens", None),
        ("probesHealthy", None),
        ("signsIn", None),
        ("unhealthy", None),
    ],
};

impl Level {
    /// Is `name` one of the names at this level?
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|(known, _)| *known == name)
    }

    /// Says which names in `node`, which stands at `pointer`, are none of this level; a list is a list
    /// of such objects.
    pub(super) fn check(
        &self,
        node: &Node,
        pointer: &str,
        note: &mut dyn FnMut(Diagnostic, &str, &Node),
    ) {
        match &node.value {
            Value::List(nodes) => {
                for (at, node) in nodes.iter().enumerate() {
                    self.check(node, &step(pointer, &at.to_string()), note);
                }
            }
            Value::Object(members) => {
                for (name, node) in members {
                    let pointer = step(pointer, name);
                    match self.names.iter().find(|(known, _)| *known == &**name) {
                        Some((_, Some(level))) => level.check(node, &pointer, note),
                        Some((_, None)) => {}
                        None => note(self.unknown(name), &pointer, node),
                    }
                }
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Unknown(_) => {}
        }
    }

    fn unknown(&self, name: &str) -> Diagnostic {
        let known = self.names.iter().map(|(known, _)| *known);
        let remark = Diagnostic::error("unknown-name", format!("{} has no `{name}`", self.what));
        match names::closest(name, known.clone()) {
            Some(near) => remark.hint(format!("did you mean `{near}`?")),
            None => remark.hint(format!("it may have {}", names::listed(known))),
        }
    }
}
