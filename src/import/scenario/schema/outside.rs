//! What surrounds a network: who acts, sites, the Internet, guests, and what is taken for granted.

use super::{Kind, Level, Needs, level, may, must, words};

pub(super) static PRINCIPAL: Level = level(
    "a principal",
    &[
        may("canSignIn", Kind::Flag, "Can it sign in to Microsoft Entra ID?"),
        may("device", Kind::Object(&DEVICE), "The device that it works at."),
        may("groups", Kind::Texts, "The groups that it is in."),
        must("name", Kind::Word, "What it is called."),
        may("objectId", Kind::Text, "The id by which exported role assignments know it."),
        may(
            "roles",
            Kind::List(&ROLE),
            "Its roles. `[]` says that there are none; left out says nothing.",
        ),
        may("sshKeys", Kind::List(&SSH_KEY), "Its SSH keys."),
    ],
);

static DEVICE: Level = level(
    "a device",
    &[
        may("isCompliant", Kind::Flag, "Does it comply with the organisation's policies?"),
        may("isPrivilegedAccessWorkstation", Kind::Flag, "Is it a privileged access workstation?"),
    ],
);

static ROLE: Level = level(
    "a role",
    &[
        may("condition", Kind::Anything, "A condition of the assignment, which is not evaluated."),
        must(
            "role",
            Kind::Text,
            "The name or the GUID of a built-in role, or a role definition of the input.",
        ),
        must("scope", Kind::Text, "An ARM id, or a name that only one resource has."),
    ],
);

static SSH_KEY: Level = level(
    "an SSH key",
    &[
        may("name", Kind::Text, "What it is called."),
        may("privateKeyPath", Kind::Text, "Left out when the private half is not on the client."),
        may("publicKey", Kind::Text, "The public half, as machines list it."),
    ],
);

pub(super) static CONDITIONAL_ACCESS: Level = level(
    "a conditional access policy",
    &[
        may("applications", Kind::Texts, "The applications that it is about; left out: all."),
        must("name", Kind::Word, "What it is called."),
        may("principals", Kind::Texts, "The principals that it is about; left out: all."),
        may("requires", Kind::OneOf(words::requirements), "What a sign-in needs."),
    ],
);

pub(super) static KUBERNETES: Level = level(
    "the inside of a cluster",
    &[
        may("admissionPolicies", Kind::List(&ADMISSION_POLICY), "Policies that refuse pods."),
        may("cluster", Kind::Text, "The AKS cluster; left out: called like this entry."),
        must("name", Kind::Word, "What it is called."),
        may("nodes", Kind::List(&NODE), "Its nodes."),
        may("roleBindings", Kind::List(&ROLE_BINDING), "Its role bindings."),
    ],
);

static ADMISSION_POLICY: Level = level(
    "an admission policy",
    &[
        may("name", Kind::Text, "What it is called."),
        may("namespaces", Kind::Texts, "The namespaces in which it refuses pods."),
    ],
);

static NODE: Level = level(
    "a node",
    &[
        may("freeMebibytes", Kind::Number(u32::MAX), "Free memory, in MiB."),
        may(
            "freeMillicores",
            Kind::Number(u32::MAX),
            "Free processor time, in thousandths of a core.",
        ),
        may("isReady", Kind::Flag, "Is it ready?"),
        may("name", Kind::Text, "What it is called."),
    ],
);

static ROLE_BINDING: Level = level(
    "a role binding",
    &[
        may("namespace", Kind::Text, "The namespace; left out: of the whole cluster."),
        must("role", Kind::Text, "The role, such as `view`."),
        must("subject", Kind::Text, "The principal or group."),
    ],
);

pub(super) static SITE: Level = level(
    "a site",
    &[
        may("addressPrefixes", Kind::Texts, "The prefixes that it uses."),
        may("asn", Kind::Number(u32::MAX), "The number of its autonomous system."),
        may("connections", Kind::List(&CONNECTION), "Its connections to Azure."),
        may("dnsServers", Kind::Texts, "The addresses of the DNS servers that its machines ask."),
        may("hosts", Kind::List(&HOST), "Its machines."),
        must("name", Kind::Word, "What it is called."),
        may("publicIPAddress", Kind::Address, "How its machines appear on the Internet."),
    ],
);

static CONNECTION: Level = Level {
    what: "a connection of a site",
    keys: &[
        may(
            "acceptedPrefixes",
            Kind::Texts,
            "What its filters let through of what Azure announces; left out: everything.",
        ),
        may(
            "advertisedPrefixCount",
            Kind::Number(u32::MAX),
            "How many prefixes it announces, where they are not all listed.",
        ),
        may("advertisedPrefixes", Kind::Texts, "What it announces by BGP."),
        may("expressRouteCircuit", Kind::Text, "The ExpressRoute circuit."),
        may(
            "isBehindNat",
            Kind::Flag,
            "Does a translation stand between the device and the Internet?",
        ),
        may("isUp", Kind::Flag, "Is it up? Left out: yes."),
        may(
            "knownPrefixes",
            Kind::Texts,
            "What a device without BGP sends into the tunnel, or an old profile of clients holds.",
        ),
        may("localNetworkGateway", Kind::Text, "The local network gateway of a site-to-site VPN."),
        may("name", Kind::Label, "What it is called."),
        may("virtualNetworkGateway", Kind::Text, "The gateway of a point-to-site VPN."),
    ],
    needs: Needs::Any(&[
        &["localNetworkGateway"],
        &["expressRouteCircuit"],
        &["virtualNetworkGateway"],
    ]),
};

static HOST: Level = Level {
    what: "a host",
    keys: &[
        may("dns", Kind::Object(&DNS), "What it answers as a DNS server."),
        may("ipAddress", Kind::Address, "Its address."),
        may("ipAddresses", Kind::Texts, "Its addresses."),
        must("name", Kind::Text, "What it is called."),
    ],
    needs: Needs::Any(&[&["ipAddress"], &["ipAddresses"]]),
};

static DNS: Level = level(
    "a DNS server",
    &[
        may("forwarders", Kind::List(&FORWARDER), "Whom it asks, by domain."),
        may("records", Kind::List(&RECORDS), "What it knows itself."),
        may(
            "resubmitsAliases",
            Kind::Flag,
            "Does it look up the target of an alias in its own forwarders again? (R281)",
        ),
        may("zones", Kind::Texts, "The zones that it answers for alone."),
    ],
);

static FORWARDER: Level = level(
    "a forwarder",
    &[
        may("domain", Kind::Text, "The domain; left out: everything else."),
        may("servers", Kind::Texts, "The addresses of the servers."),
    ],
);

static RECORDS: Level = level(
    "a record set",
    &[
        may("A", Kind::Texts, "IPv4 addresses."),
        may("AAAA", Kind::Texts, "IPv6 addresses."),
        may("CNAME", Kind::Text, "The name that it is an alias of."),
        may("MX", Kind::Anything, "Mail servers."),
        may("name", Kind::Text, "The name; left out: `@`."),
        may("NS", Kind::Texts, "Name servers."),
        may("PTR", Kind::Texts, "Names."),
        may("SOA", Kind::Anything, "The start of authority."),
        may("SRV", Kind::Anything, "Services."),
        may("ttl", Kind::Number(u32::MAX), "How long it may be kept, in seconds."),
        may("TXT", Kind::Texts, "Texts."),
    ],
);

pub(super) static INTERNET: Level = level(
    "the Internet",
    &[
        may("hosts", Kind::List(&HOST), "Machines."),
        may("records", Kind::List(&RECORDS), "The public DNS."),
    ],
);

pub(super) static SERVICE_TAG: Level = level(
    "a service tag",
    &[
        must("addressPrefixes", Kind::Texts, "The prefixes that it stands for."),
        must("name", Kind::Word, "The tag, such as `Storage` or `Storage.WestEurope`."),
    ],
);

pub(super) static APPLIANCE: Level = level(
    "an appliance",
    &[
        may(
            "addresses",
            Kind::Texts,
            "Addresses of its own beside those of its interfaces, of a loopback, say.",
        ),
        may(
            "advertisedPrefixes",
            Kind::Texts,
            "What it announces to Route Server and to the peers of `bgp`.",
        ),
        may("bgp", Kind::Object(&BGP), "With whom it speaks BGP."),
        may("dnat", Kind::List(&DNAT), "Its port forwards."),
        may("dns", Kind::Object(&DNS), "What it answers as a DNS server."),
        may("kind", Kind::OneOf(words::appliance_kinds), "How it forwards; left out: `router`."),
        must("name", Kind::Word, "What it is called."),
        may(
            "networkInterfaces",
            Kind::Texts,
            "Its network interfaces, or the load balancers in front of it.",
        ),
        may("routes", Kind::List(&ROUTE), "The static routes of the guest."),
        may("snatExemptPrefixes", Kind::Texts, "Destinations to which it keeps the source."),
        may("tunnels", Kind::List(&TUNNEL), "Tunnels that end in the guest."),
    ],
);

static TUNNEL: Level = level(
    "a tunnel of a guest",
    &[
        may("appliance", Kind::Text, "The appliance at the other end."),
        may("isUp", Kind::Flag, "Is it up? Left out: yes."),
        may(
            "localNetworkGateway",
            Kind::Text,
            "To the VPN gateways connected to this local network gateway.",
        ),
        must("name", Kind::Text, "What it is called."),
        may("remoteAddress", Kind::Address, "The far end's address inside the tunnel."),
    ],
);

static BGP: Level = level(
    "a guest that speaks BGP",
    &[
        must("asn", Kind::Number(u32::MAX), "The number of its autonomous system."),
        may("peers", Kind::List(&PEER), "With whom it speaks."),
    ],
);

static PEER: Level = Level {
    what: "a BGP peer of a guest",
    keys: &[
        may("asOverride", Kind::Flag, "Does it put its own number in place of the peer's?"),
        may(
            "asOverrideWholePathOnly",
            Kind::Flag,
            "Only in paths that hold no other number, as FRR does before 8.5 (R579)?",
        ),
        may("name", Kind::Label, "What it is called."),
        may(
            "nextHopIpAddress",
            Kind::Address,
            "What a Route Server is told instead of the guest's own address.",
        ),
        may("routeServer", Kind::Text, "The Route Server."),
        may("tunnel", Kind::Text, "The tunnel."),
    ],
    needs: Needs::Any(&[&["tunnel"], &["routeServer"]]),
};

static DNAT: Level = level(
    "a port forward",
    &[
        may(
            "destinationAddress",
            Kind::Address,
            "The address that packets are sent to; left out: any of its own.",
        ),
        may("destinationPorts", Kind::Ports, "The ports; left out: all."),
        may("name", Kind::Label, "What it is called."),
        may("protocol", Kind::Text, "`Tcp`, `Udp`, …; left out: TCP and UDP."),
        must("translatedAddress", Kind::Address, "Where to."),
        may("translatedPort", Kind::Number(u16::MAX as u32), "The port there; left out: the same."),
    ],
);

static ROUTE: Level = Level {
    what: "a route of a guest",
    keys: &[
        must("addressPrefix", Kind::Prefix, "The destinations."),
        may("name", Kind::Label, "What it is called."),
        may("networkInterface", Kind::Text, "The network interface that they leave by."),
        may("tunnel", Kind::Text, "The tunnel that they leave by."),
    ],
    needs: Needs::Any(&[&["networkInterface"], &["tunnel"]]),
};

pub(super) static ASSUME: Level = level(
    "the assumptions",
    &[
        may(
            "answersByInterface",
            Kind::Flag,
            "Guests with several interfaces answer by the one that they were asked at.",
        ),
        may("connectionsUp", Kind::Flag, "Connections are up."),
        may("controlPlaneAnswers", Kind::Flag, "Azure's own services answer."),
        may(
            "dnsForwardsToAzure",
            Kind::Flag,
            "DNS servers that are not described forward to Azure.",
        ),
        may(
            "forwardsAsRouter",
            Kind::Flag,
            "Guests with IP forwarding that are not described forward.",
        ),
        may("learnsWhatIsDeclared", Kind::Flag, "Gateways learn exactly what is declared."),
        may("listens", Kind::Flag, "Something listens where packets arrive."),
        may(
            "lowestAddress",
            Kind::Flag,
            "What has no private address yet gets the lowest free one of its subnet.",
        ),
        may("probesHealthy", Kind::Flag, "Health probes succeed."),
        may("sendsMail", Kind::Flag, "Machines may send to TCP port 25 of the Internet."),
        may("signsIn", Kind::Flag, "Principals can sign in."),
        may("unhealthy", Kind::Texts, "Members of load balancers whose probe fails."),
    ],
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Assumption;

    #[test]
    fn every_assumption_has_a_name() {
        let mut known = Assumption::ALL.map(Assumption::name);
        known.sort_unstable();
        let flags = ASSUME.keys.iter().filter(|key| matches!(key.kind, Kind::Flag));
        let named: Vec<&str> = flags.map(|key| key.name).collect();
        assert_eq!(named, known);
    }
}
