//! Claims about sets, compared with each other and with packets that are traced one by one.

use crate::generated::{self, Random, Scenario};
use hopwise::dataplane::Dataplane;
use hopwise::dataplane::graph::{Evidence, Location};
use hopwise::diag::Place;
use hopwise::id::Id;
use hopwise::import;
use hopwise::net::{AddressSet, Flow, IpNet, PortRange, Protocol, ProtocolSet};
use hopwise::question::locate::{Ends, Side, ends};
use hopwise::question::{Unreached, claim};
use hopwise::reach::stays_outside;
use hopwise::scenario::{Claim, ExpectedReach, Spec, Traffic};
use hopwise::trace::{self, Ask, Fate};
use std::net::IpAddr;

const NETWORKS: u64 = 40;
const QUESTIONS: usize = 6;

fn spec(text: &str) -> Spec {
    import::spec(text, Place::default()).unwrap()
}

/// Addresses of everything, ranges around them, parts of the Internet, and the words for the outside.
fn words(plane: &Dataplane) -> Vec<String> {
    let owned = plane.realms.values().flat_map(|realm| &realm.owners);
    let owned: Vec<IpAddr> = owned.map(|&(address, _)| address).collect();
    let ranges = owned.iter().filter_map(|&it| IpNet::new(it, 28).ok()).map(|it| it.trunc());
    let outside = ["internet", "anywhere", "on-premises", "8.8.8.8", "203.0.113.0/24"];
    let outside = outside.into_iter().chain(["13.97.0.1", "52.0.0.0/7", "192.168.0.0/16"]);
    let all = owned.iter().map(IpAddr::to_string).chain(ranges.map(|it| it.to_string()));
    all.chain(outside.map(str::to_owned)).collect()
}

/// One or two words.
fn some_spec(words: &[String], random: &mut Random) -> String {
    let mut text = random.pick(words).clone();
    if random.below(4) == 0 {
        let join = *random.pick(&["or", "and", "but not"]);
        text += &format!(" {join} {}", random.pick(words));
    }
    text
}

fn some_traffic(random: &mut Random) -> Traffic {
    let port = PortRange::single(*random.pick(&[22, 80, 443, 1688, 8443]));
    let (protocol, ports) = match random.below(4) {
        0 => (Protocol::Icmp, PortRange::ANY),
        1 => (Protocol::Udp, port),
        _ => (Protocol::Tcp, port),
    };
    Traffic { protocols: ProtocolSet::single(protocol), ports: vec![ports] }
}

/// Does a claim hold? None where it cannot be said; `Err` where it is a mistake to ask.
fn holds(plane: &Dataplane, asked: &ExpectedReach) -> Result<Result<Option<bool>, ()>, String> {
    match claim::judge(plane, asked) {
        Ok(judged) => Ok(Ok(judged.holds)),
        Err(Unreached::Mistake(_)) => Ok(Err(())),
        Err(Unreached::Bug(disagreement)) => Err(disagreement.to_string()),
    }
}

/// What the claims say of each other, and `always` of packets.
fn compare(plane: &Dataplane, asked: &ExpectedReach) -> Result<(), String> {
    let claims = [Claim::Never, Claim::Always, Claim::Only, Claim::Reachable];
    let found = claims.map(|claim| holds(plane, &ExpectedReach { claim, ..asked.clone() }));
    let [never, always, only, reachable] = found;
    let all = [never?, always?, only?, reachable?];
    let [Ok(never), Ok(always), Ok(only), Ok(reachable)] = all else {
        let are_all = all.iter().all(Result::is_err);
        return if are_all { Ok(()) } else { Err(format!("a mistake for some: {all:?}")) };
    };
    let is = |it: Option<bool>| it == Some(true);
    if is(never) && (is(always) || is(only) || is(reachable)) {
        return Err(format!("never, and {always:?} {only:?} {reachable:?}"));
    }
    if is(only) && !is(always) {
        return Err("only, and not always".to_owned());
    }
    if is(always) { packets(plane, asked) } else { Ok(()) }
}

/// Is every packet of which something is said traced to where it should go?
fn packets(plane: &Dataplane, asked: &ExpectedReach) -> Result<(), String> {
    let from = ends(plane, &asked.from, Side::Source).unwrap();
    let to = ends(plane, &asked.to, Side::Destination).unwrap();
    for (a, sources) in choices(plane, &from, false) {
        for (b, destinations) in choices(plane, &to, true) {
            if plane.device(a) == plane.device(b) || stays_outside(plane, a, b) {
                continue;
            }
            let gets_there = |pair: &(&Vec<IpAddr>, &Vec<IpAddr>)| {
                let each = pair.0.iter().flat_map(|&s| pair.1.iter().map(move |&d| (s, d)));
                let mut each = each.filter(|(s, d)| s.is_ipv4() == d.is_ipv4()).peekable();
                each.peek().is_some() && each.all(|ends| arrives(plane, (a, b), ends, asked))
            };
            let mut pairs = sources.iter().flat_map(|s| destinations.iter().map(move |d| (s, d)));
            if !pairs.any(|pair| gets_there(&pair)) {
                let [a, b] = [a, b].map(|at| &plane.locations[at].name);
                return Err(format!("always, but no packet from {a} to {b}"));
            }
        }
    }
    Ok(())
}

fn arrives(
    plane: &Dataplane,
    (from, to): (Id<Location>, Id<Location>),
    (source, destination): (IpAddr, IpAddr),
    asked: &ExpectedReach,
) -> bool {
    let protocols = Protocol::ALL.into_iter().filter(|&it| asked.traffic.protocols.contains(it));
    let ports = &asked.traffic.ports;
    let mut flows = protocols.flat_map(|it| {
        ports.iter().map(move |port| Flow::new(source, destination, it, port.first()))
    });
    flows.all(|flow| {
        let ask = Ask { from, flow, target: Some(to), host: None, only: None };
        trace::verdict(plane, &ask) == Fate::Arrives
    })
}

/// For each place of machines: addresses of which all have to work, for each way to choose them.
fn choices(
    plane: &Dataplane,
    ends: &Ends,
    is_destination: bool,
) -> Vec<(Id<Location>, Vec<Vec<IpAddr>>)> {
    let places = &plane.places;
    let machines = places.interfaces.values().chain(places.internet_hosts.values());
    let outside = places.internet.iter().chain(places.site_machines.values());
    let facing = plane.realms[plane.internet].owners.iter().map(|&(address, _)| address);
    let facing: Vec<IpAddr> = facing.collect();
    let choice = |&at: &Id<Location>| {
        let mut own = plane.addresses_at(at).intersection(ends.at(at));
        if plane.stands_for_others(at) && ends.at(at) == ends.elsewhere() {
            own = own.difference(&spaces(plane, at));
        }
        let mut found: Vec<Vec<IpAddr>> = match plane.stands_for_others(at) {
            true => samples(&meant(plane, at, own)).to_vec(),
            false => samples(&own).concat().into_iter().map(|it| vec![it]).collect(),
        };
        found.retain(|addresses| !addresses.is_empty());
        let is_there = !found.is_empty();
        if is_destination && ends.at(at) != ends.elsewhere() {
            let other = facing.iter().filter(|&&it| ends.at(at).contains(it));
            found.extend(other.map(|&it| vec![it]));
        }
        is_there.then_some((at, found))
    };
    machines.chain(outside).filter_map(choice).collect()
}

/// `docs/scenarios.md`: machines without a name have no addresses of networks of the input.
fn spaces(plane: &Dataplane, at: Id<Location>) -> AddressSet {
    let is_internet = plane.places.internet == Some(at);
    let others = plane.realms.values().filter(|realm| match realm.evidence {
        Some(Evidence::VirtualNetwork(_)) => true,
        Some(Evidence::Site(_)) => is_internet,
        _ => false,
    });
    others.fold(AddressSet::EMPTY, |all, realm| all.union(&realm.space))
}

/// `docs/scenarios.md`: where all of the Internet is meant, not what nobody has nor what Azure's system routes drop
/// everywhere.
fn meant(plane: &Dataplane, at: Id<Location>, own: AddressSet) -> AddressSet {
    let dropped: AddressSet = plane.profile().none_prefixes().iter().copied().collect();
    let nobodys = ["240.0.0.0/4", "100::/64"].map(|it| it.parse::<IpNet>().unwrap());
    let dropped = dropped.union(&nobodys.into_iter().collect());
    let dropped = dropped.intersection(&plane.addresses_at(at));
    let is_all = plane.places.internet == Some(at) && own.covers(&dropped);
    if is_all { own.difference(&dropped) } else { own }
}

/// The first and the last address of each range, and of a part of the Internet that Azure's tag leaves out: IPv4, IPv6.
fn samples(set: &AddressSet) -> [Vec<IpAddr>; 2] {
    let v4 = set.intervals_v4().iter().flat_map(|&(first, last)| [first, last]);
    let v6 = set.intervals_v6().iter().flat_map(|&(first, last)| [first, last]);
    let left_out: IpAddr = "13.97.0.1".parse().unwrap();
    let left_out = Some(left_out).filter(|&it| set.contains(it));
    let mut families = [
        v4.map(|it| std::net::Ipv4Addr::from(it).into()).chain(left_out).collect(),
        v6.map(|it| std::net::Ipv6Addr::from(it).into()).collect::<Vec<IpAddr>>(),
    ];
    families.iter_mut().for_each(Vec::dedup);
    families
}

/// `never`, `always` and `only` of the same ends never hold together; what always holds does so for each packet.
#[test]
fn claims_agree_with_each_other_and_with_packets() {
    generated::each_of(3_000..3_000 + NETWORKS, Scenario::doubted, |scenario| {
        let plane = scenario.plane();
        let words = words(&plane);
        let mut random = Random::new(11);
        for _ in 0..QUESTIONS {
            let (from, to) = (some_spec(&words, &mut random), some_spec(&words, &mut random));
            let traffic = some_traffic(&mut random);
            let (from, to) = (spec(&from), spec(&to));
            let asked = ExpectedReach { claim: Claim::Always, from, to, traffic };
            compare(&plane, &asked).map_err(|why| format!("{asked}: {why}"))?;
        }
        Ok(())
    });
}
