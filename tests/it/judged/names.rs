//! Names: every client asks for names that the scenario has, nearly has, or does not have.

use crate::generated::{self, Scenario};
use crate::oracle::{Asking, Ending, Gets, Said, Spot};
use hopwise::answer::{ItemKind, NameAnswer, NameOutcome};
use hopwise::azure::{Link, Network, NicOwner};
use hopwise::dataplane::Dataplane;
use hopwise::dataplane::names::{Asker, At, Names, Position, Realm, compile};
use hopwise::id::{Id, ResourceId};
use hopwise::net::{DnsName, RecordType};
use hopwise::trace::Carrier;
use hopwise::trace::names::{Carried, Query, Transport, resolve};
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Names beside those of the zones: of services, of machines, backwards, of nobody.
const MORE: [&str; 18] = [
    "m0-0-4",
    "a",
    "nobody",
    "m1-0-4.reddog.microsoft.com",
    "a.example.com",
    "db.example.com",
    "y.x.db.example.com",
    "www.example.com",
    "b.corp.test",
    "z.y.corp.test",
    "q.x.corp.test",
    "other.blob.core.windows.net",
    "account0.blob.core.windows.net",
    "account1.blob.core.windows.net",
    "account2.privatelink.blob.core.windows.net",
    "4.0.0.10.in-addr.arpa",
    "9.0.0.10.in-addr.arpa",
    "4.0.1.10.in-addr.arpa",
];

/// Which queries get through.
trait Wires {
    fn carries(&self, from: At, to: IpAddr) -> Option<bool>;
}

/// All of them.
struct Whole;

impl Wires for Whole {
    fn carries(&self, _from: At, _to: IpAddr) -> Option<bool> {
        Some(true)
    }
}

/// Some, always the same ones of a scenario: three of ten are lost, two of ten perhaps.
struct Torn;

impl Wires for Torn {
    fn carries(&self, from: At, to: IpAddr) -> Option<bool> {
        let text = format!("{from:?} to {to}");
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        match (hash >> 32) % 10 {
            0..3 => Some(false),
            3..5 => None,
            _ => Some(true),
        }
    }
}

/// Those that get through the simulated network.
struct Simulated<'a>(&'a Dataplane);

impl Wires for Simulated<'_> {
    fn carries(&self, from: At, to: IpAddr) -> Option<bool> {
        let (plane, names) = (self.0, &self.0.names);
        let network = plane.network();
        let home = |id| match network.outbound_endpoints[id].subnet.and_then(Link::known) {
            Some(subnet) => Realm::Network(network.subnets[subnet].network),
            None => Realm::Internet,
        };
        let from = if let At::OutboundEndpoint(id) = from {
            Position { at: from, realm: home(id), address: None }
        } else {
            names.askers[names.asker(from).unwrap()].position.clone()
        };
        let carrier = &mut Carrier::new(plane);
        let carried = match to == PLATFORM {
            true => carrier.carries_to_platform(&from),
            false => {
                let owner = names.servers_at(to, from.realm).first().copied();
                let owner = owner.map(|id| &names.servers[id].position);
                carrier.carries(&Query { from: &from, address: to, port: 53, to: owner })
            }
        };
        match carried {
            Carried::Yes => Some(true),
            Carried::No(_) => Some(false),
            Carried::Unknown(_) => None,
        }
    }
}

impl Transport for &dyn Wires {
    fn carries(&mut self, query: &Query<'_>) -> Carried {
        carried(Wires::carries(*self, query.from.at, query.address))
    }

    fn carries_to_platform(&mut self, from: &Position) -> Carried {
        carried(Wires::carries(*self, from.at, PLATFORM))
    }
}

const PLATFORM: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(168, 63, 129, 16));

fn carried(known: Option<bool>) -> Carried {
    match known {
        Some(true) => Carried::Yes,
        Some(false) => Carried::No("the wire is torn".to_owned()),
        None => Carried::Unknown("nobody has looked at the wire".to_owned()),
    }
}

/// What hopwise says, in the oracle's words.
fn said(answer: &NameAnswer) -> Said<Gets> {
    let is_alias = |kind: &str| kind == "CNAME" && answer.record_type != "CNAME";
    let aliases = answer.records.iter().filter(|record| is_alias(&record.record_type));
    let aliases: Vec<(DnsName, DnsName)> =
        aliases.map(|it| (it.name.clone(), DnsName::parse(&it.data).unwrap())).collect();
    let data = answer.records.iter().filter(|record| !is_alias(&record.record_type));
    let ending = match &answer.outcome {
        NameOutcome::Addresses(_) | NameOutcome::Records => {
            Ending::Records(data.map(|record| record.data.clone()).collect())
        }
        NameOutcome::Nxdomain => Ending::Nxdomain,
        NameOutcome::Nodata => Ending::Nodata,
        NameOutcome::Timeout => Ending::Timeout,
        NameOutcome::Unknown(_) => return Said::Unknown,
    };
    Said::Known(Gets { ending, aliases: Some(aliases) })
}

/// The links of the zones that hopwise says it asked.
fn links(answer: &NameAnswer) -> BTreeSet<ResourceId> {
    let decided = answer.steps.iter().filter_map(|step| step.decided_by.as_ref());
    let decided = decided.filter(|item| item.kind == ItemKind::ZoneLink);
    let linked = answer.steps.iter().filter_map(|step| step.linked_by.as_ref());
    linked.chain(decided).filter_map(|item| item.resource.clone()).collect()
}

/// Every label of every zone, and more.
fn names(scenario: &Scenario) -> BTreeSet<DnsName> {
    let mut names: BTreeSet<DnsName> = MORE.iter().map(|it| DnsName::parse(it).unwrap()).collect();
    let zones = scenario.document.pointer("/network/privateDnsZones").and_then(Value::as_array);
    for zone in zones.into_iter().flatten() {
        let Some(zone) = zone["name"].as_str().and_then(DnsName::parse) else { continue };
        let labels = ["@", "a", "db", "x", "x.db", "y.x", "m0-0-4", "m1-0-4", "none"];
        names.extend(labels.iter().filter_map(|label| zone.child(label)));
    }
    names
}

/// Machines, hosts of sites, and one of the Internet.
fn clients(network: &Network, names: &Names) -> Vec<(Spot, Id<Asker>)> {
    let nics = network.network_interfaces.iter();
    let machines = nics.filter(|(_, nic)| matches!(nic.owner, NicOwner::VirtualMachine(_)));
    let machines = machines.map(|(id, _)| Spot::Interface(id));
    let sites = network
        .sites
        .iter()
        .flat_map(|(id, site)| (0..site.hosts.len()).map(move |number| Spot::SiteHost(id, number)));
    let hosts = (0..network.internet.hosts.len().min(1)).map(Spot::InternetHost);
    let all = machines.chain(sites).chain(hosts);
    all.filter_map(|spot| Some((spot, names.asker(at(spot))?))).collect()
}

/// The same place in hopwise's words.
fn at(spot: Spot) -> At {
    match spot {
        Spot::Interface(id) => At::Interface(id),
        Spot::OutboundEndpoint(id) => At::OutboundEndpoint(id),
        Spot::Firewall(id) => At::Firewall(id),
        Spot::SiteHost(id, number) => At::SiteHost(id, number),
        Spot::InternetHost(number) => At::InternetHost(number),
    }
}

/// How many answers were compared, by what they are.
type Counts = std::collections::BTreeMap<&'static str, usize>;

fn compare(scenario: &Scenario, wires: &dyn Wires) -> Result<Counts, String> {
    let network = scenario.network();
    let compiled = compile(&network);
    let mut counts = Counts::new();
    let to_server = |spot: Spot, to: IpAddr| wires.carries(at(spot), to);
    let to_platform = |spot: Spot| wires.carries(at(spot), PLATFORM);
    for (spot, asker) in clients(&network, &compiled) {
        for name in names(scenario) {
            for kind in kinds(&name) {
                let mut oracle = Asking::new(&network, *kind, (&to_server, &to_platform));
                let expected = oracle.ask(spot, &name);
                let answer = resolve(&compiled, asker, &name, *kind, &mut { wires });
                let found = said(&answer);
                let from = &compiled.askers[asker].label;
                let fault = |what: &str| {
                    let steps = answer.steps.iter().map(|it| format!("\n  {}: {}", it.at, it.text));
                    let steps: String = steps.collect();
                    format!(
                        "{from} asks for {name} {kind}: {what}\nexpected {expected:?}, found {found:?}{steps}"
                    )
                };
                *counts.entry(word(&expected)).or_default() += 1;
                match (&expected, &found) {
                    (Said::Open(_), _) => continue,
                    (Said::Known(one), Said::Known(other)) if agree(one, other) => {}
                    (Said::Unknown, Said::Unknown) => {}
                    _ => return Err(fault("another answer")),
                }
                if oracle.asked_by != links(&answer) {
                    return Err(fault(&format!("other zones: expected {:?}", oracle.asked_by)));
                }
            }
        }
    }
    Ok(counts)
}

fn kinds(name: &DnsName) -> &'static [RecordType] {
    match name.reverse_address() {
        Some(_) => &[RecordType::Ptr],
        None => &[RecordType::A, RecordType::Aaaa, RecordType::Cname, RecordType::Txt],
    }
}

/// The same end, and the same aliases where there is one way.
fn agree(expected: &Gets, found: &Gets) -> bool {
    let same_way = expected.aliases.is_none() || expected.aliases == found.aliases;
    expected.ending == found.ending && (same_way || expected.ending == Ending::Timeout)
}

fn word(said: &Said<Gets>) -> &'static str {
    match said {
        Said::Known(Gets { ending, .. }) => match ending {
            Ending::Records(_) => "records",
            Ending::Nxdomain => "nxdomain",
            Ending::Nodata => "nodata",
            Ending::Timeout => "timeout",
            Ending::Unknown => "nothing",
        },
        Said::Unknown => "unknown",
        Said::Open(_) => "open",
    }
}

#[test]
fn names_are_those_of_the_rules() {
    generated::each(0..120, |scenario| compare(scenario, &Whole).map(drop));
}

#[test]
fn names_are_those_of_the_rules_where_queries_are_lost() {
    generated::each(0..120, |scenario| compare(scenario, &Torn).map(drop));
}

#[test]
fn names_are_those_of_the_rules_through_the_simulated_network() {
    generated::each(0..60, |scenario| {
        let plane = scenario.plane();
        compare(scenario, &Simulated(&plane)).map(drop)
    });
}

/// Every answer comes often enough to tell something, and few are left open.
#[test]
fn names_fare_differently() {
    let mut all = Counts::new();
    for seed in 0..60 {
        let Ok(counts) = compare(&Scenario::seeded(seed), &Torn) else { continue };
        counts.into_iter().for_each(|(word, count)| *all.entry(word).or_default() += count);
    }
    println!("{all:?}");
    let sum: usize = all.values().sum();
    let share = |word: &str| all.get(word).copied().unwrap_or_default() * 100 / sum;
    for word in ["records", "nxdomain", "nodata", "timeout", "unknown"] {
        assert!(share(word) >= 3, "{word} is rare: {all:?}");
    }
    assert!(share("open") <= 25, "much is left open: {all:?}");
}
