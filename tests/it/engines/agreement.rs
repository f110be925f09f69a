//! Both engines asked the same on thousands of networks: how many, of what sizes, and with what in them.
//! `docs/agreement.md` shows what was counted.

use super::headers::{self, Interest};
use super::{is_beside_the_point, is_part, reached, words};
use crate::generated::{self, FEATURES, Random, Scenario};
use hopwise::answer::{Hop, HopKind, Path, StepKind};
use hopwise::azure::Network;
use hopwise::dataplane::Dataplane;
use hopwise::net::Flow;
use hopwise::packet_set::Sets;
use hopwise::reach::Reach;
use hopwise::trace::{self, Ask, Fate, Traced};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// Networks that no other test asks about.
const SEEDS: Range<u64> = 10_000..12_000;
/// So many places of each network send packets.
const PLACES: usize = 2;
/// So many packets are sent from each.
const PACKETS: usize = 24;

/// What may happen to a packet, and to how many of ten thousand it has to.
type Happening = (&'static str, usize, fn(&Flow, &Traced) -> bool);

const HAPPENINGS: &[Happening] = &[
    ("gets there and back", 1_000, |_, it| it.fate == Fate::Arrives),
    ("is stopped", 1_000, |_, it| it.fate == Fate::Stops),
    ("of which it is not known", 500, |_, it| it.fate == Fate::Unsure),
    ("IPv6", 200, |flow, _| flow.source.is_ipv6()),
    ("another source on the way", 100, |flow, it| {
        request(it).any(|hop| hop.flow.source != flow.source)
    }),
    ("another destination on the way", 50, |flow, it| {
        request(it).any(|hop| hop.flow.destination != flow.destination)
    }),
    ("several ways that it may take", 30, |_, it| it.paths.len() > 1),
    ("a reply by other places", 100, |_, it| it.paths.iter().any(is_asymmetric)),
    ("let in by a flow record", 500, |_, it| steps(it, StepKind::Session)),
    ("over a peering", 500, |_, it| steps(it, StepKind::Crossing)),
    ("by a machine that forwards", 100, |_, it| steps(it, StepKind::Forward)),
    ("by a firewall", 100, |_, it| comes_by(it, HopKind::Firewall)),
    ("by a gateway", 100, |_, it| comes_by(it, HopKind::Gateway)),
    ("by a site", 100, |_, it| comes_by(it, HopKind::Site)),
    ("by the Internet", 500, |_, it| comes_by(it, HopKind::Internet)),
    ("by a load balancer", 50, |_, it| comes_by(it, HopKind::LoadBalancer)),
    ("out by a NAT gateway", 20, |_, it| {
        hops(it).any(|hop| hop.steps.iter().any(|step| step.text.contains("NAT gateway")))
    }),
    ("by a public address", 50, |_, it| comes_by(it, HopKind::PublicAddress)),
    ("by a private endpoint", 50, |_, it| comes_by(it, HopKind::PrivateEndpoint)),
];

fn request(traced: &Traced) -> impl Iterator<Item = &Hop> {
    traced.paths.iter().flat_map(|path| &path.request)
}

fn hops(traced: &Traced) -> impl Iterator<Item = &Hop> {
    traced.paths.iter().flat_map(|path| path.request.iter().chain(&path.reply))
}

fn steps(traced: &Traced, kind: StepKind) -> bool {
    hops(traced).any(|hop| hop.steps.iter().any(|step| step.kind == kind))
}

fn comes_by(traced: &Traced, kind: HopKind) -> bool {
    hops(traced).any(|hop| hop.kind == kind)
}

pub(super) fn is_asymmetric(path: &Path) -> bool {
    let back = path.reply.iter().rev().map(|hop| &hop.at);
    !path.reply.is_empty() && !path.request.iter().map(|hop| &hop.at).eq(back)
}

/// What is counted of a network to say how large it is.
type Size = (&'static str, fn(&Network) -> usize);

const SIZES: &[Size] = &[
    ("virtual networks", |it| it.virtual_networks.len()),
    ("subnets", |it| it.subnets.len()),
    ("network interfaces", |it| it.network_interfaces.len()),
    ("peerings, each half", |it| it.peerings.len()),
    ("rules of security groups", |it| {
        it.network_security_groups.values().map(|group| group.rules.len()).sum()
    }),
    ("routes", |it| it.route_tables.values().map(|table| table.routes.len()).sum()),
];

/// What was asked.
#[derive(Debug)]
struct Tally {
    networks: usize,
    packets: usize,
    features: [usize; FEATURES.len()],
    happenings: [usize; HAPPENINGS.len()],
    sizes: [Vec<usize>; SIZES.len()],
}

impl Tally {
    const NOTHING: Self = Self {
        networks: 0,
        packets: 0,
        features: [0; FEATURES.len()],
        happenings: [0; HAPPENINGS.len()],
        sizes: [const { Vec::new() }; SIZES.len()],
    };

    fn network(&mut self, network: &Network) {
        self.networks += 1;
        for (count, (_, _, has)) in self.features.iter_mut().zip(FEATURES) {
            *count += usize::from(has(network));
        }
        for (sizes, (_, size)) in self.sizes.iter_mut().zip(SIZES) {
            sizes.push(size(network));
        }
    }

    fn packet(&mut self, flow: &Flow, traced: &Traced) {
        self.packets += 1;
        for (count, (_, _, is)) in self.happenings.iter_mut().zip(HAPPENINGS) {
            *count += usize::from(is(flow, traced));
        }
    }

    fn add(&mut self, other: Self) {
        self.networks += other.networks;
        self.packets += other.packets;
        self.features.iter_mut().zip(other.features).for_each(|(all, it)| *all += it);
        self.happenings.iter_mut().zip(other.happenings).for_each(|(all, it)| *all += it);
        self.sizes.iter_mut().zip(other.sizes).for_each(|(all, it)| all.extend(it));
    }

    /// What there is too little of to say something.
    fn rare(&self) -> Vec<String> {
        let features = FEATURES.iter().zip(self.features);
        let features =
            features.filter(|((_, least, _), count)| count * 100 < least * self.networks);
        let features = features.map(|((name, ..), count)| format!("{name}: {count} networks"));
        let happenings = HAPPENINGS.iter().zip(self.happenings);
        let happenings =
            happenings.filter(|((_, least, _), count)| count * 10_000 < least * self.packets);
        let happenings = happenings.map(|((name, ..), count)| format!("{name}: {count} packets"));
        features.chain(happenings).collect()
    }

    /// The tables of the page.
    fn tables(&self) -> String {
        let mut text = format!(
            "{} networks, {} packets.\n\n| of a packet | packets | at least |\n|---|---|---|\n",
            self.networks, self.packets
        );
        for ((name, least, _), count) in HAPPENINGS.iter().zip(self.happenings) {
            let least = least * self.packets / 10_000;
            text += &format!("| {name} | {count} | {least} |\n");
        }
        text += "\n| of a network | least | median | most |\n|---|---|---|---|\n";
        for ((name, _), mut sizes) in SIZES.iter().zip(self.sizes.clone()) {
            sizes.sort_unstable();
            let [least, median, most] = [0, sizes.len() / 2, sizes.len() - 1].map(|at| sizes[at]);
            text += &format!("| {name} | {least} | {median} | {most} |\n");
        }
        text += "\n| networks with | networks | at least |\n|---|---|---|\n";
        for ((name, least, _), count) in FEATURES.iter().zip(self.features) {
            text += &format!("| {name} | {count} | {} |\n", least * self.networks / 100);
        }
        text
    }
}

/// Asks both engines about packets of some places of `plane`.
fn ask(plane: &Dataplane, interest: &Interest, random: &mut Random) -> Result<Tally, String> {
    let mut tally = Tally::NOTHING;
    tally.network(plane.network());
    let mut sets = Sets::new();
    let mut reach = Reach::new(plane, &mut sets);
    let senders = plane.locations.iter().filter(|(_, it)| !it.addresses.is_empty());
    let senders: Vec<_> = senders.map(|(id, _)| id).collect();
    for from in random.some(&senders, PLACES) {
        let Some(sources) = interest.sources(&plane.locations[from], random) else { continue };
        let asked = reach.sets.sources(&sources);
        let fates = reach.from(from, asked);
        is_part(reach.sets, fates, asked)?;
        let mut flows = interest.flows(&sources, random);
        flows.extend(headers::corners(reach.sets, fates, asked, random));
        flows.retain(|flow| !is_beside_the_point(flow));
        for flow in random.some(&flows, PACKETS) {
            let ask = Ask { from, flow, target: None, host: None, only: None };
            let (traced, found) = (trace::trace(plane, &ask), reached(reach.sets, fates, &flow));
            if traced.fate != found {
                return Err(words(plane, from, flow, found));
            }
            tally.packet(&flow, &traced);
        }
    }
    Ok(tally)
}

/// Asks about the networks of all seeds.
fn ask_all() -> Tally {
    let all = Mutex::new(Tally::NOTHING);
    generated::each_of(SEEDS, Scenario::doubted, |scenario| {
        let plane = scenario.plane();
        let interest = Interest::of(scenario, &plane);
        let tally = ask(&plane, &interest, &mut Random::new(4))?;
        all.lock().unwrap_or_else(PoisonError::into_inner).add(tally);
        Ok(())
    });
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Where the tables stand.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/agreement.md");
const BEGIN: &str = "<!-- counted: begin -->\n";
const END: &str = "<!-- counted: end -->\n";

/// The page, in parts: before the tables, they, and after them.
fn page() -> [String; 3] {
    let text = std::fs::read_to_string(PAGE).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (tables, after) = rest.split_once(END).unwrap();
    [before, tables, after].map(str::to_owned)
}

/// The rows of tables, and the numbers in them.
fn rows(tables: &str) -> Vec<(&str, Vec<usize>)> {
    let rows = tables.lines().filter_map(|line| line.strip_prefix("| "));
    rows.filter_map(|row| row.split_once(" | "))
        .map(|(name, cells)| {
            (name, cells.split(" |").filter_map(|it| it.trim().parse().ok()).collect())
        })
        .collect()
}

/// Two thousand networks, and packets of all sorts. `HOPWISE_GENERATED=10` asks about ten times as many.
#[test]
fn engines_agree_on_thousands_of_networks() {
    let tally = ask_all();
    println!("{}", tally.tables());
    assert!(tally.networks >= 2_000 && tally.packets >= 80_000, "asked too little");
    assert!(tally.rare().is_empty(), "too rare to say something: {:#?}", tally.rare());
    if std::env::var("HOPWISE_GENERATED").is_err() {
        is_about_what_the_page_says(&tally);
    }
}

/// Rows have the same names, and no number is more than a quarter and ten off.
fn is_about_what_the_page_says(tally: &Tally) {
    let [_, shown, _] = page();
    let counted = tally.tables();
    let (shown, counted) = (rows(&shown), rows(&counted));
    let names = |rows: &[(&str, Vec<usize>)]| -> Vec<String> {
        rows.iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    let hint = "`cargo test --test it refresh_the_agreement -- --ignored`";
    assert_eq!(names(&shown), names(&counted), "docs/agreement.md: {hint}");
    for ((name, shown), (_, counted)) in shown.iter().zip(&counted) {
        let is_near = |(&a, &b): (&usize, &usize)| a.abs_diff(b) <= a.max(b) / 4 + 10;
        let all_near = shown.len() == counted.len() && shown.iter().zip(counted).all(is_near);
        assert!(all_near, "docs/agreement.md says {shown:?} of `{name}`, not {counted:?}: {hint}");
    }
}

#[test]
#[ignore = "writes into docs"]
fn refresh_the_agreement() {
    let [before, _, after] = page();
    let text = [&*before, BEGIN, &ask_all().tables(), END, &after].concat();
    std::fs::write(PAGE, text).unwrap();
}
