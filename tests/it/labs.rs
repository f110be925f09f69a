//! The scenarios of `scenarios/labs` against what the people who deployed those labs saw. The
//! scenarios were written from the facts of the labs; every observation is an assertion there.

use super::scenarios::read;
use super::support::corpus;
use hopwise::answer::Verdict;
use hopwise::net::Protocol;
use hopwise::scenario::{Asks, Expectation, ExpectedName, ExpectedRouterRoute, ExpectedTrace};
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::Path;

/// The scenario, and the lab that it is.
const LABS: [(&str, &str); 3] = [
    ("hub-spoke-firewall", "1-hub-spoke-azfw-single-region"),
    ("hub-spoke-appliance", "3-hub-spoke-nva-single-region"),
    ("two-regions-route-server", "5-hub-spoke-nva-ars-dual-region"),
];

/// The word in the name of an assertion that says otherwise than what was observed.
const DIFFERS: &str = "differs";

/// What was observed, and the assertions about it.
struct Observed<'a> {
    observation: &'a Value,
    assertions: Vec<&'a Expectation>,
}

impl Observed<'_> {
    fn id(&self) -> &str {
        self.observation["id"].as_str().unwrap()
    }

    fn what(&self) -> &Value {
        &self.observation["observed"]
    }

    fn target(&self) -> &str {
        self.observation["target"].as_str().unwrap()
    }

    /// The name or address in the target.
    fn host(&self) -> &str {
        let target = self.target();
        let rest = target.split_once("://").map_or(target, |(_, rest)| rest);
        rest.split('/').next().unwrap()
    }

    fn is_ipv6(&self) -> bool {
        self.what()["ipVersion"] == 6
    }

    /// The machine that it was made from, as the scenario calls it.
    fn is_from(&self, from: &str) -> bool {
        let written = self.observation["from"].as_str().unwrap();
        match written.split_once("Vm").is_some() || written.contains("branch1Nva") {
            true => written.ends_with(from),
            false => from == "outside",
        }
    }

    fn differs(&self) -> bool {
        self.assertions.iter().any(|it| it.name.ends_with(DIFFERS))
    }

    fn traces(&self) -> impl Iterator<Item = &ExpectedTrace> {
        self.assertions.iter().filter_map(|it| {
            let Asks::Trace(trace) = &it.asks else { return None };
            Some(&**trace)
        })
    }

    /// Is there an assertion that packets fare so?
    fn has_trace(&self, protocol: Protocol, is_reachable: bool) -> bool {
        let wanted = if is_reachable { Verdict::Reachable } else { Verdict::Unreachable };
        self.traces().any(|it| {
            self.is_from(&it.from)
                && it.protocol == protocol
                && it.verdict == wanted
                && self.is_to(&it.to)
        })
    }

    /// IPv6 is asked by address: the one that the name was said to have.
    fn is_to(&self, to: &str) -> bool {
        let to = to.trim_start_matches('[');
        match self.is_ipv6() {
            false => to == self.host() || to.starts_with(&format!("{}:", self.host())),
            true => to.matches(':').count() > 1,
        }
    }

    /// Is there an assertion that the name has these addresses, or none?
    fn has_name(&self, name: &str, addresses: &[IpAddr]) -> bool {
        self.assertions.iter().any(|it| {
            let Asks::Resolve { from, name: asked, record_type, outcome } = &it.asks else {
                return false;
            };
            let is_type = record_type == if self.is_ipv6() { "AAAA" } else { "A" };
            let is_outcome = match outcome {
                ExpectedName::Addresses(found) => found == addresses,
                ExpectedName::Answer(word) => addresses.is_empty() && word == "nodata",
            };
            self.is_from(from) && asked == name && is_type && is_outcome
        })
    }

    fn routes(&self) -> impl Iterator<Item = &ExpectedRouterRoute> {
        self.assertions.iter().filter_map(|it| {
            let Asks::RouterRoute(route) = &it.asks else { return None };
            Some(&**route)
        })
    }

    /// What the assertions leave out, if anything.
    fn missing(&self) -> Option<String> {
        if self.differs() {
            return None;
        }
        let said = match self.observation["kind"].as_str().unwrap() {
            "ping" => self.ping(),
            "curl" => self.request(),
            "dns" => self.look_up(),
            "tracepath" => self.path(),
            "firewall-log" => self.log_line(),
            "route-table" => self.route_table(),
            "bgp" => self.bgp_table(),
            // Said in words: any assertion will do, as none can be made of it.
            _ => !self.assertions.is_empty(),
        };
        (!said).then(|| format!("{}: {} of {}", self.id(), self.what(), self.target()))
    }

    fn ping(&self) -> bool {
        let is_reachable = self.what()["result"] == "reachable";
        let resolved = self.what()["resolved"].as_str().filter(|_| !is_public(self.host()));
        let name = resolved.is_none_or(|it| self.has_name(self.target(), &[it.parse().unwrap()]));
        name && self.has_trace(Protocol::Icmp, is_reachable)
    }

    fn request(&self) -> bool {
        let what = self.what();
        let result = what["result"].as_str().unwrap_or_default();
        let works = what["httpStatus"] == 200
            || ["ok", "reachable"].contains(&result)
            || !what["body"].is_null();
        let address = what["remoteIp"].as_str().filter(|_| !is_public(self.host()));
        let name = address.is_none_or(|it| self.has_name(self.host(), &[it.parse().unwrap()]));
        // A request over IPv6 that failed at once had no address to go to.
        let has_none = !works && self.is_ipv6() && self.has_name(self.host(), &[]);
        let server = what["body"]["hostname"].as_str();
        let is_answered = server.is_none_or(|server| {
            self.traces().any(|it| it.passes.last().is_some_and(|last| last == server))
        });
        name && is_answered && (has_none || self.has_trace(Protocol::Tcp, works))
    }

    /// Public addresses are other ones in every run: none of the network's own will do.
    fn look_up(&self) -> bool {
        let address: IpAddr = self.what()["resolved"].as_str().unwrap().parse().unwrap();
        if hopwise::dataplane::is_private(address) {
            return self.has_name(self.host(), &[address]);
        }
        let is_public = |it: &&Expectation| {
            matches!(&it.asks,
            Asks::Resolve { from, name, outcome: ExpectedName::Addresses(found), .. }
                if self.is_from(from) && name == self.host()
                    && found.iter().all(|&it| !hopwise::dataplane::is_private(it)))
        };
        self.assertions.iter().any(is_public)
    }

    fn path(&self) -> bool {
        let hops = self.what()["hops"].as_array().unwrap();
        let seen: BTreeSet<&str> = hops.iter().filter_map(|hop| hop["ip"].as_str()).collect();
        let named = [("10.10.1.9", "branch1Nva"), ("10.11.1.4", "hub1-nva-0")];
        let passed = named.iter().filter(|(address, _)| seen.contains(address));
        let passed: Vec<&str> = passed.map(|&(_, name)| name).collect();
        self.has_trace(Protocol::Udp, self.what()["result"] == "reached")
            && self.traces().any(|it| it.passes == passed)
    }

    /// The firewall let it through; whether it got there the log does not say.
    fn log_line(&self) -> bool {
        let what = self.what();
        let port = what["destinationPort"].as_u64().unwrap();
        let to = what["destinationIp"].as_str().unwrap();
        let to = if port == 0 { to.to_owned() } else { format!("{to}:{port}") };
        let source = what["sourcePort"].as_u64().filter(|&port| port != 0);
        self.traces().any(|it| {
            it.to == to && it.source_port.map(u64::from) == source && it.passes == ["hub1-azfw"]
        })
    }

    fn route_table(&self) -> bool {
        let rows = self.what()["routes"].as_array().unwrap();
        let learned: Vec<(&str, Vec<IpAddr>)> = rows
            .iter()
            .filter(|row| row["code"] == "B")
            .map(|row| (row["prefix"].as_str().unwrap(), addresses(&row["nextHops"])))
            .collect();
        self.routes_are(&learned, None)
    }

    fn bgp_table(&self) -> bool {
        let mut learned: Vec<(&str, Vec<IpAddr>)> = Vec::new();
        let mut paths = Vec::new();
        for (prefix, path) in bgp_rows(self.what()) {
            let hop: IpAddr = text(path, &["nextHop", "nextHopIp"]).parse().unwrap();
            if hop.is_unspecified() {
                continue;
            }
            match learned.iter_mut().find(|(known, _)| *known == prefix) {
                Some((_, hops)) => hops.push(hop),
                None => {
                    learned.push((prefix, vec![hop]));
                    let numbers = path["asPath"].as_array().unwrap().iter();
                    let number = |it: &Value| u32::try_from(it.as_u64().unwrap()).unwrap();
                    paths.push(numbers.map(number).collect());
                }
            }
        }
        self.routes_are(&learned, Some(&paths))
    }

    /// Each route that was learned is asserted with its next hops and path, and that another is not.
    fn routes_are(&self, learned: &[(&str, Vec<IpAddr>)], paths: Option<&[Vec<u32>]>) -> bool {
        let has = |at: usize, (prefix, hops): &(&str, Vec<IpAddr>)| {
            let mut hops = hops.clone();
            hops.sort_unstable();
            self.routes().any(|it| {
                it.is_there
                    && it.prefix.to_string() == **prefix
                    && it.addresses.as_ref() == Some(&hops)
                    && it.as_path.as_ref() == paths.map(|paths| &paths[at])
            })
        };
        let absent = self.routes().filter(|it| !it.is_there);
        let mut absent = absent.map(|it| it.prefix.to_string()).peekable();
        absent.peek().is_some()
            && absent.all(|it| !learned.iter().any(|(prefix, _)| **prefix == it))
            && learned.iter().enumerate().all(|(at, row)| has(at, row))
    }
}

/// The paths of a BGP table with their prefixes; the two ways in which they were noted.
fn bgp_rows(table: &Value) -> Vec<(&str, &Value)> {
    let flat = table["paths"].as_array().into_iter().flatten();
    let flat = flat.map(|path| (path["network"].as_str().unwrap(), path));
    let nested = table["routes"].as_array().into_iter().flatten().flat_map(|route| {
        let prefix = route["prefix"].as_str().unwrap();
        route["paths"].as_array().unwrap().iter().map(move |path| (prefix, path))
    });
    flat.chain(nested).collect()
}

fn text<'v>(value: &'v Value, names: &[&str]) -> &'v str {
    names.iter().find_map(|name| value[*name].as_str()).unwrap()
}

fn addresses(hops: &Value) -> Vec<IpAddr> {
    let hops = hops.as_array().unwrap().iter();
    hops.map(|hop| text(hop, &["ip", "nextHopIp"]).parse().unwrap()).collect()
}

/// What the name stood for on the day nobody knows.
fn is_public(host: &str) -> bool {
    host == "icanhazip.com"
}

/// What docs/conformance.md says of the observation `id` of a lab.
fn is_explained(scenario: &str, id: &str) -> bool {
    let page = include_str!("../../docs/conformance.md");
    let mut rows = page.lines().filter(|row| row.starts_with(&format!("| `{scenario}`")));
    rows.any(|row| row.contains(id))
}

#[test]
fn the_labs_expect_what_was_observed() {
    let Some(corpus) = corpus("the_labs_expect_what_was_observed") else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/labs");
    let (mut judged, mut differing) = (0, 0);
    for (scenario, lab) in LABS {
        let imported = read(&root.join(format!("{scenario}.yaml")));
        let expectations = imported.scenarios[0].expectations().0;
        let text = corpus.join(format!("labs/{lab}.observations.json"));
        let observations: Value = serde_json::from_slice(&std::fs::read(text).unwrap()).unwrap();
        for observation in observations.as_array().unwrap() {
            let id = observation["id"].as_str().unwrap();
            let about = expectations.iter().filter(|it| it.name.split(' ').next() == Some(id));
            let observed = Observed { observation, assertions: about.collect() };
            if observed.assertions.is_empty() {
                assert_eq!(observation["kind"], "other", "{scenario} says nothing of {id}");
                assert!(is_explained(scenario, id), "{scenario}: {id} is not explained");
                continue;
            }
            judged += 1;
            differing += usize::from(observed.differs());
            assert!(!observed.differs() || is_explained(scenario, id), "{scenario}: {id}");
            assert_eq!(observed.missing(), None, "{scenario}");
        }
    }
    println!("{judged} observations judged, {differing} differ");
    assert!(judged >= 150 && differing * 20 <= judged, "{differing} of {judged} differ");
}
