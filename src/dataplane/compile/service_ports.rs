//! Which ports services of the platform listen on: data, from the vendor's pages (R585, R586, R589).

use super::builder::Builder;
use crate::answer::Reason;
use crate::azure::{ServiceTarget, Switch};
use crate::dataplane::graph::{Cause, Evidence, Listener, Listening, Own};
use crate::dataplane::names::{group_of, sub_resource};
use crate::net::{DnsName, PortRange, Protocol, ProtocolSet};
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

const TCP: ProtocolSet = ProtocolSet::single(Protocol::Tcp);

/// Ports of TCP, from the first to the last.
type Ports = (u16, u16);

const fn tcp(port: u16) -> Ports {
    (port, port)
}

/// What a kind of service listens on.
struct Row {
    /// The ARM type.
    resource_type: &'static str,
    /// The sub-resource (R294).
    group: &'static str,
    /// Whatever its settings are.
    sure: &'static [Ports],
    /// Where its settings say so, of which few are read.
    perhaps: &'static [Ports],
    /// The rules.
    rules: &'static [u16],
}

const STORAGE: &str = "Microsoft.Storage/storageAccounts";
const COSMOS: &str = "Microsoft.DocumentDB/databaseAccounts";
const SERVICE: &[u16] = &[585, 586];
const OTHERS: &[u16] = &[586, 589];
/// In direct mode clients go past the gateway, to ports that it tells them.
const DIRECT: &[Ports] = &[(1, 442), (444, u16::MAX)];
/// AMQP, and HTTPS with AMQP over it.
const AMQP: &[Ports] = &[tcp(443), (5671, 5672)];
/// Of the front ends of App Service: FTP, management, debugging, deployment.
const SITE: &[Ports] = &[
    tcp(21),
    (454, 455),
    tcp(990),
    tcp(1221),
    tcp(4020),
    tcp(4022),
    tcp(4024),
    tcp(7654),
    tcp(8172),
    (10_001, 10_300),
];
/// With switches for HTTP, SFTP and NFS.
const FILES: &[Ports] = &[tcp(22), tcp(80), tcp(111), (2048, 2049)];

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { resource_type: "Microsoft.KeyVault/vaults", group: "vault", sure: &[tcp(443)], perhaps: &[], rules: SERVICE },
    Row { resource_type: STORAGE, group: "blob", sure: &[tcp(443)], perhaps: FILES, rules: SERVICE },
    Row { resource_type: STORAGE, group: "dfs", sure: &[tcp(443)], perhaps: FILES, rules: SERVICE },
    Row { resource_type: STORAGE, group: "file", sure: &[tcp(443), tcp(445)], perhaps: &[tcp(80), (2048, 2049)], rules: SERVICE },
    Row { resource_type: STORAGE, group: "queue", sure: &[tcp(443)], perhaps: &[tcp(80)], rules: SERVICE },
    Row { resource_type: STORAGE, group: "table", sure: &[tcp(443)], perhaps: &[tcp(80)], rules: SERVICE },
    Row { resource_type: STORAGE, group: "web", sure: &[tcp(443)], perhaps: &[tcp(80)], rules: SERVICE },
    Row { resource_type: "Microsoft.Sql/servers", group: "sqlServer", sure: &[tcp(1433)], perhaps: &[(1434, u16::MAX)], rules: SERVICE },
    Row { resource_type: "Microsoft.KeyVault/managedHSMs", group: "managedhsm", sure: &[tcp(443)], perhaps: &[], rules: OTHERS },
    Row { resource_type: "Microsoft.ContainerRegistry/registries", group: "registry", sure: &[tcp(443)], perhaps: &[], rules: OTHERS },
    Row { resource_type: COSMOS, group: "Sql", sure: &[tcp(443)], perhaps: DIRECT, rules: OTHERS },
    Row { resource_type: COSMOS, group: "Table", sure: &[tcp(443)], perhaps: DIRECT, rules: OTHERS },
    Row { resource_type: COSMOS, group: "Gremlin", sure: &[tcp(443)], perhaps: &[], rules: OTHERS },
    Row { resource_type: COSMOS, group: "MongoDB", sure: &[tcp(10_255)], perhaps: &[tcp(443), tcp(10_250), tcp(10_256)], rules: OTHERS },
    Row { resource_type: COSMOS, group: "Cassandra", sure: &[tcp(10_350)], perhaps: &[tcp(443)], rules: OTHERS },
    Row { resource_type: "Microsoft.ServiceBus/namespaces", group: "namespace", sure: AMQP, perhaps: &[(9350, 9354), (10_400, 10_499)], rules: OTHERS },
    Row { resource_type: "Microsoft.EventHub/namespaces", group: "namespace", sure: AMQP, perhaps: &[tcp(9093), (10_400, 10_499)], rules: OTHERS },
    Row { resource_type: "Microsoft.Web/sites", group: "sites", sure: &[tcp(80), tcp(443)], perhaps: SITE, rules: OTHERS },
    Row { resource_type: "Microsoft.Cache/Redis", group: "redisCache", sure: &[tcp(6380)], perhaps: &[tcp(6379), (13_000, 13_999), (15_000, 15_999)], rules: OTHERS },
    Row { resource_type: "Microsoft.Search/searchServices", group: "searchService", sure: &[tcp(443)], perhaps: &[], rules: OTHERS },
    Row { resource_type: "Microsoft.EventGrid/topics", group: "topic", sure: &[tcp(443)], perhaps: &[], rules: OTHERS },
    Row { resource_type: "Microsoft.EventGrid/domains", group: "domain", sure: &[tcp(443)], perhaps: &[], rules: OTHERS },
    Row { resource_type: "Microsoft.CognitiveServices/accounts", group: "account", sure: &[tcp(443)], perhaps: &[], rules: OTHERS },
    Row { resource_type: "Microsoft.Devices/IotHubs", group: "iotHub", sure: &[tcp(443), tcp(5671), tcp(8883)], perhaps: &[], rules: OTHERS },
    Row { resource_type: "Microsoft.DBforPostgreSQL/flexibleServers", group: "postgresqlServer", sure: &[tcp(5432)], perhaps: &[tcp(6432)], rules: OTHERS },
    Row { resource_type: "Microsoft.DBforMySQL/flexibleServers", group: "mysqlServer", sure: &[tcp(3306)], perhaps: &[], rules: OTHERS },
    Row { resource_type: "Microsoft.ContainerService/managedClusters", group: "management", sure: &[tcp(443)], perhaps: &[], rules: &[464, 586] },
];

/// The public API server of a cluster: what clients and nodes use (R476).
const API_SERVER: Row =
    Row { resource_type: "", group: "", sure: &[tcp(443)], perhaps: &[], rules: &[476, 586] };

/// With API Server VNet Integration nodes use another port as well, within their network (R466).
const INTEGRATED: Row = Row { perhaps: &[tcp(4443)], rules: &[466, 476, 586], ..API_SERVER };

/// What listens at one address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Served {
    sure: Vec<Ports>,
    perhaps: Vec<Ports>,
    rules: Vec<u16>,
}

impl Served {
    /// What a service of `resource_type` listens on at an endpoint for `groups`; none when that is not known.
    pub(super) fn by_groups(resource_type: &str, groups: &[Box<str>]) -> Option<Self> {
        let is_one_of = |row: &&Row| {
            groups.iter().any(|group| sub_resource(group).0.eq_ignore_ascii_case(row.group))
        };
        let of_groups = Self::any_of(of_type(resource_type).filter(is_one_of));
        if groups.is_empty() { Self::one_of(of_type(resource_type)) } else { of_groups }
    }

    /// What a service of `resource_type` listens on where `name` leads; none when that is not known.
    pub(super) fn by_name(resource_type: &str, name: &DnsName) -> Option<Self> {
        let group = group_of(resource_type, name);
        let named = of_type(resource_type).filter(|row| group == Some(row.group));
        Self::any_of(named).or_else(|| Self::one_of(of_type(resource_type)))
    }

    /// What it listens on where all of `names` lead; it may have any name where none is given.
    pub(super) fn by_names(resource_type: &str, names: &[DnsName]) -> Option<Self> {
        let named = names.iter().filter_map(|name| Self::by_name(resource_type, name));
        named.reduce(Self::and).or_else(|| Self::one_of(of_type(resource_type)))
    }

    /// The public API server of a cluster.
    pub(super) fn api_server(is_integrated: bool) -> Self {
        Self::of(if is_integrated { &INTEGRATED } else { &API_SERVER })
    }

    fn of(row: &Row) -> Self {
        let (sure, perhaps) = (row.sure.to_vec(), row.perhaps.to_vec());
        Self { sure, perhaps, rules: row.rules.to_vec() }
    }

    /// What all of them listen on.
    fn any_of<'a>(rows: impl Iterator<Item = &'a Row>) -> Option<Self> {
        rows.map(Self::of).reduce(Self::and)
    }

    /// What each of them listens on, and what one may listen on.
    fn one_of<'a>(rows: impl Iterator<Item = &'a Row>) -> Option<Self> {
        rows.map(Self::of).reduce(|one, other| {
            let both = |ports: &Ports| one.sure.contains(ports) && other.sure.contains(ports);
            let all = one.clone().and(other.clone());
            let (sure, open): (Vec<_>, Vec<_>) = all.sure.into_iter().partition(both);
            Self { sure, perhaps: joined(all.perhaps, open), rules: all.rules }
        })
    }

    /// The same, of a storage account with these switches (R585).
    pub(super) fn switched(self, service: &ServiceTarget) -> Self {
        if !service.resource_type.eq_ignore_ascii_case(STORAGE) {
            return self;
        }
        self.with(tcp(80), service.takes_http).with(tcp(22), service.takes_sftp)
    }

    /// What perhaps listens on `port` does as the switch says.
    fn with(mut self, port: Ports, switch: Switch) -> Self {
        let count = self.perhaps.len();
        self.perhaps.retain(|it| *it != port || switch == Switch::NotTold);
        if switch == Switch::On && self.perhaps.len() < count {
            self.sure = joined(self.sure, vec![port]);
        }
        self
    }

    /// What listens where both stand.
    pub(super) fn and(self, other: Self) -> Self {
        let mut perhaps = joined(self.perhaps, other.perhaps);
        let sure = joined(self.sure, other.sure);
        perhaps.retain(|ports| !sure.contains(ports));
        Self { sure, perhaps, rules: joined(self.rules, other.rules) }
    }
}

fn of_type(resource_type: &str) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(move |row| row.resource_type.eq_ignore_ascii_case(resource_type))
}

fn joined<T: Ord>(mut one: Vec<T>, other: Vec<T>) -> Vec<T> {
    one.extend(other);
    one.sort_unstable();
    one.dedup();
    one
}

/// `TCP 22, 80 and 2048-2049`.
struct Words<'a>(&'a [Ports]);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TCP ")?;
        for (at, &(first, last)) in self.0.iter().enumerate() {
            let joint = if at + 1 == self.0.len() { " and " } else { ", " };
            f.write_str(if at == 0 { "" } else { joint })?;
            write!(f, "{first}")?;
            if last != first {
                write!(f, "-{last}")?;
            }
        }
        Ok(())
    }
}

impl Builder {
    /// What happens to packets for a service called `name` that listens on the ports of `served` at its
    /// addresses, and for those does as `then` says. Where nothing is known of an address, every port is as good.
    pub(super) fn behind_ports(
        &mut self,
        (name, evidence): (&str, Evidence),
        served: &BTreeMap<Option<IpAddr>, Option<Served>>,
        then: Own,
    ) -> Own {
        let Some(all) = served.values().flatten().cloned().reduce(Served::and) else {
            return then;
        };
        let text = match all.perhaps.is_empty() {
            true => format!("{name} takes {} only", Words(&all.sure)),
            false => {
                let (sure, perhaps) = (Words(&all.sure), Words(&all.perhaps));
                format!("{name} takes {sure}, perhaps {perhaps}, and nothing else")
            }
        };
        let refusal = Cause::new(Reason::NothingListens, text, &all.rules).by(evidence);
        let text = format!(
            "whether {name} takes {} depends on settings that are not modelled",
            Words(&all.perhaps)
        );
        let doubt = Cause::new(Reason::NotModelled, text, &all.rules).by(evidence);
        let (mut ports, mut perhaps) = (Vec::new(), Vec::new());
        for (&address, served) in served {
            match served {
                Some(served) => {
                    ports.extend(served.sure.iter().filter_map(|it| listener(address, *it)));
                    perhaps.extend(served.perhaps.iter().filter_map(|it| listener(address, *it)));
                }
                None => ports.push(Listener { address, ..Listener::ANY }),
            }
        }
        let (refusal, doubt) = (self.cause(refusal), self.cause(doubt));
        Own::Listens(Box::new(Listening { ports, perhaps, refusal, doubt, then }))
    }
}

fn listener(address: Option<IpAddr>, (first, last): Ports) -> Option<Listener> {
    Some(Listener { address, protocols: TCP, ports: PortRange::new(first, last)? })
}
