//! Measures estates, generated or in files:
//! `cargo run --release --example measure -- NETWORKS|irregular:NETWORKS|FILE …`, each in a process of
//! its own. Prints the processor time of each stage, per verdict and per trace, and the peak of
//! resident memory. In an irregular estate every security group is different.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::disallowed_types,
    reason = "a program that measures"
)]

use hopwise::azure::{Access, Change, Network, PlatformProfile};
use hopwise::dataplane::{Dataplane, Workbench};
use hopwise::generate::{self, Shape};
use hopwise::import::{self, Document};
use hopwise::net::{Flow, Protocol};
use hopwise::packet_set::Sets;
use hopwise::question::Trial;
use hopwise::reach;
use hopwise::trace::{self, Ask, Fate};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &*arguments {
        [] => measure("1000"),
        [one] => measure(one),
        // The peak of memory is that of a process.
        several => several.iter().try_for_each(|one| {
            println!("{one}");
            Command::new(std::env::current_exe()?).arg(one).status()?;
            Ok(())
        }),
    }
}

fn measure(argument: &str) -> Result<(), Box<dyn std::error::Error>> {
    let network = match shape(argument) {
        Some(shape) => {
            let path = generated(&shape)?;
            let network = load(&path)?;
            std::fs::remove_file(&path)?;
            network
        }
        None => load(Path::new(argument))?,
    };
    let profile = PlatformProfile::by_name("2023").ok_or("no profile")?;
    let network = Arc::new(network);
    let started = Started::now();
    let mut bench = Workbench::new(network, profile);
    println!("compile  {}", started.told());
    relate(bench.plane());
    memory();
    ask(bench.plane());
    compared(&mut bench);
    change(&mut bench);
    Ok(())
}

fn shape(argument: &str) -> Option<Shape> {
    let (patterns, networks) = match argument.strip_prefix("irregular:") {
        Some(networks) => (0, networks),
        None => (Shape::default().patterns, argument),
    };
    networks.parse().ok().map(|networks| Shape { networks, patterns, ..Shape::default() })
}

/// A file with a generated estate.
fn generated(shape: &Shape) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let path = std::env::temp_dir().join(format!("hopwise-{}.json", std::process::id()));
    let mut file = BufWriter::new(File::create(&path)?);
    generate::write(shape, &mut file)?;
    file.flush()?;
    Ok(path)
}

fn load(path: &Path) -> Result<Network, Box<dyn std::error::Error>> {
    let bytes = std::fs::metadata(path)?.len();
    println!("{:.1} MB of JSON", megabytes(bytes));
    let started = Started::now();
    let text = File::open(path)?;
    let snapshot = import::read([Document { name: "generated".into(), text }]);
    println!("import   {}", started.told());
    let resolving = Started::now();
    let (network, remarks) = hopwise::resolve::resolve(snapshot);
    println!("resolve  {}, {} remarks", resolving.told(), remarks.len());
    let speed = megabytes(bytes) / started.clock.elapsed().as_secs_f64();
    println!("loaded   {speed:>9.0} MB/s by the clock");
    Ok(network)
}

/// When something started.
struct Started {
    cpu: f64,
    clock: Instant,
}

impl Started {
    fn now() -> Self {
        Self { cpu: cpu(), clock: Instant::now() }
    }

    /// What it took until now.
    fn told(&self) -> String {
        let (cpu, clock) = (cpu() - self.cpu, self.clock.elapsed().as_secs_f64() * 1e3);
        let (peak, now) = (status("VmHWM:"), status("VmRSS:"));
        format!("{cpu:>9.0} ms, {clock:>7.0} by the clock, peak {peak:.0} MiB, now {now:.0} MiB")
    }
}

/// Rows are written out one by one for this many groups at most: there are as many as pairs of groups.
const ROWS_MAX: usize = 200;

/// Who reaches whom: everybody, in groups.
fn relate(plane: &Dataplane) {
    let started = Started::now();
    let mut sets = Sets::new();
    let relation = reach::relation(plane, &mut sets);
    println!("relation {}", started.told());
    println!("         {} groups, {} nodes", relation.groups.len(), sets.len());
    if relation.groups.len() > ROWS_MAX {
        return;
    }
    let started = Started::now();
    let count = relation.rows(&mut sets).count();
    println!("rows     {}, {count} rows, {} nodes", started.told(), sets.len());
}

/// How long this machine waits for a line of memory now, as other guests of its host use the same cache: for as much
/// of it as ten thousand verdicts read, and for what fits into no cache.
fn memory() {
    let [near, far] = [16, 256].map(waits);
    println!("memory   {near:>9.0} ns for a line of 16 MiB, {far:.0} for one of 256");
}

/// Nanoseconds for each of a chain of lines, all over so many mebibytes.
fn waits(mebibytes: usize) -> f64 {
    #[derive(Clone)]
    #[repr(align(64))]
    struct Line(usize);
    let count = mebibytes << 14;
    let mut lines = vec![Line(0); count];
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_cached_key(|&at| {
        at.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (at >> 3).wrapping_mul(0xBF58_476D_1CE4_E5B9)
    });
    for (&at, &next) in order.iter().zip(order.iter().cycle().skip(1)) {
        lines.get_mut(at).into_iter().for_each(|line| line.0 = next);
    }
    let mut at = 0;
    median(|| {
        let steps = 500_000;
        for _ in 0..steps {
            at = lines.get(at).map_or(0, |line| line.0);
        }
        std::hint::black_box(at);
        steps
    })
}

/// Verdicts and traces between interfaces far apart.
fn ask(plane: &Dataplane) {
    let interfaces: Vec<_> = plane.places.interfaces.values().copied().collect();
    let count = interfaces.len();
    let asks: Vec<Ask> = (0..10_000)
        .filter_map(|at| {
            let from = *interfaces.get(at * 7919 % count)?;
            let target = *interfaces.get(at * 104_729 % count)?;
            let address = |id| plane.locations[id].addresses.first().copied();
            let flow = Flow::new(address(from)?, address(target)?, Protocol::Tcp, 443);
            Some(Ask { from, flow, target: Some(target), host: None, only: None })
        })
        .collect();
    let mut nearby = asks.clone();
    nearby.sort_by_key(|ask| (ask.from, ask.target));
    let few = asks.get(..100).unwrap_or(&asks);
    println!("verdict  {}, asked in an order that defeats caches", verdicts(plane, &asks));
    println!("         {}, in the order of senders", verdicts(plane, &nearby));
    println!("         {}, the same hundred again and again", verdicts(plane, few));
    batches(plane, &asks);
    let traced = asks.get(..2_000).unwrap_or(&asks);
    let mut hops = 0;
    let each = median(|| {
        hops = 0;
        for ask in traced {
            let traced = trace::trace(plane, ask);
            let paths = traced.paths.iter();
            hops += paths.map(|path| path.request.len() + path.reply.len()).sum::<usize>();
        }
        traced.len()
    });
    println!("trace    {:>9.1} us each, {:.1} hops", each / 1e3, hops as f64 / traced.len() as f64);
}

/// Verdicts one by one and in batches, in turn: what else the machine does changes from second to
/// second. Batches on all cores are by the clock.
fn batches(plane: &Dataplane, asks: &[Ask<'_>]) {
    let pool = rayon::ThreadPoolBuilder::new().build();
    let mut runs = [const { Vec::new() }; 3];
    for _ in 0..15 {
        let alone = timed(|| asks.iter().filter(|ask| arrives(trace::verdict(plane, ask))).count());
        let batches =
            timed(|| asks.chunks(64).map(|asks| trace::verdicts(plane, asks).len()).sum());
        let started = Instant::now();
        if let Ok(pool) = &pool {
            pool.install(|| std::hint::black_box(trace::verdicts(plane, asks)));
        }
        let shared = started.elapsed().as_secs_f64() * 1e9;
        let each = [alone, batches, shared];
        runs.iter_mut().zip(each).for_each(|(runs, time)| runs.push(time / asks.len() as f64));
    }
    let [alone, batches, shared] = runs.map(|mut runs| {
        runs.sort_by(f64::total_cmp);
        [0, 7].map(|at| runs.get(at).copied().unwrap_or_default())
    });
    for (name, [least, median]) in [
        ("one by one", alone),
        ("in batches of 64", batches),
        ("in batches on all cores, by the clock", shared),
    ] {
        println!("in turn  {median:>9.0} ns each, the least {least:.0}, {name}");
    }
}

fn arrives(fate: Fate) -> bool {
    fate == Fate::Arrives
}

/// Nanoseconds of this thread's processor time for each of four runs: the kernel counts in steps of
/// some milliseconds.
fn timed(run: impl Fn() -> usize) -> f64 {
    let started = own_nanoseconds();
    for _ in 0..4 {
        std::hint::black_box(run());
    }
    (own_nanoseconds() - started) / 4.0
}

/// Changes a rule, then a route, of one spoke after the other.
fn change(bench: &mut Workbench) {
    let groups: Vec<_> = bench.plane().network().network_security_groups.ids().collect();
    let tables: Vec<_> = bench.plane().network().route_tables.ids().collect();
    let count = groups.len().min(tables.len());
    let mut numbers = (0..count).cycle().map(|at| at * 7919 % count);
    let of_rules = median(|| {
        for at in numbers.by_ref().take(20) {
            let Some(&group) = groups.get(at) else { continue };
            let mut rules = bench.plane().network().network_security_groups[group].rules.clone();
            rules.pop();
            bench.change(Change::Rules(group, rules));
        }
        20
    });
    let of_routes = median(|| {
        for at in numbers.by_ref().take(20) {
            let Some(&table) = tables.get(at) else { continue };
            let mut routes = bench.plane().network().route_tables[table].routes.clone();
            routes.pop();
            bench.change(Change::Routes(table, routes));
        }
        20
    });
    println!("change   {:>9.2} ms for a rule, {:.2} for a route", of_rules / 1e6, of_routes / 1e6);
}

/// Changes a rule, then a route, of one spoke after the other, and says exactly what that does to packets.
fn compared(bench: &mut Workbench) {
    let network = Arc::new(bench.plane().network().clone());
    let before = hopwise::dataplane::compile(Arc::clone(&network), bench.plane().profile());
    let started = Started::now();
    let mut trial = Trial::prepared(&before);
    println!("prepare  {}", started.told());
    let groups: Vec<_> = network.network_security_groups.ids().collect();
    let tables: Vec<_> = network.route_tables.ids().collect();
    let count = groups.len().min(tables.len());
    let spokes = || (0..count).cycle().map(|at| at * 7919 % count).take(20);
    let rules = spokes().filter_map(|at| {
        let group = *groups.get(at)?;
        let old = network.network_security_groups[group].rules.clone();
        let mut new = old.clone();
        let first = new.first_mut()?;
        first.access = if first.access == Access::Allow { Access::Deny } else { Access::Allow };
        Some([Change::Rules(group, new), Change::Rules(group, old)])
    });
    let rules: Vec<_> = rules.collect();
    let routes = spokes().filter_map(|at| {
        let table = *tables.get(at)?;
        let old = network.route_tables[table].routes.clone();
        let mut new = old.clone();
        new.pop();
        Some([Change::Routes(table, new), Change::Routes(table, old)])
    });
    for (name, changes) in [("a rule", rules), ("a route", routes.collect())] {
        let (mut runs, mut processor, mut flows) = (Vec::new(), Vec::new(), 0);
        let near = trial.near();
        for [new, old] in changes {
            let (started, own) = (Instant::now(), own_nanoseconds());
            let places = bench.places(&new).unwrap_or_default();
            bench.change(new);
            let effects = trial.effects([&before, bench.plane()], &places, &[]);
            runs.push(started.elapsed().as_secs_f64() * 1e3);
            processor.push((own_nanoseconds() - own) / 1e6);
            flows += effects.map_or(0, |it| it.flows.len());
            bench.change(old);
        }
        for (of, runs) in [("by the clock", &mut runs), ("of this thread", &mut processor)] {
            runs.sort_by(f64::total_cmp);
            let at = |at: usize| runs.get(at).copied().unwrap_or_default();
            let (least, middle, most) = (at(0), at(runs.len() / 2), at(runs.len().max(1) - 1));
            println!("compared {middle:>9.2} ms {of} for {name}, {least:.2} to {most:.2}");
        }
        let (near, all) = (trial.near() - near, runs.len());
        println!("         {flows} groups of packets; {near} of {all} from what was known");
    }
}

/// The time of each verdict about `asks`.
fn verdicts(plane: &Dataplane, asks: &[Ask<'_>]) -> String {
    let mut arrived = 0;
    let each = median(|| {
        let rounds = (100_000 / asks.len()).max(1);
        arrived = 0;
        for ask in asks.iter().cycle().take(asks.len() * rounds) {
            arrived += usize::from(arrives(trace::verdict(plane, ask)));
        }
        arrived /= rounds;
        asks.len() * rounds
    });
    format!("{each:>9.0} ns each, {:.0}% arrive", 100.0 * arrived as f64 / asks.len() as f64)
}

/// Nanoseconds of this thread's processor time for each thing that `run` does, the median of seven
/// runs; it tells how many it did.
fn median(mut run: impl FnMut() -> usize) -> f64 {
    let mut runs: Vec<f64> = (0..7)
        .map(|_| {
            let started = own_nanoseconds();
            let count = run();
            (own_nanoseconds() - started) / count as f64
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    runs.get(3).copied().unwrap_or_default()
}

/// Processor time of this thread so far, in nanoseconds.
fn own_nanoseconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|time| time.parse().ok()).unwrap_or_default()
}

/// Milliseconds of processor time so far, in steps of 10: the machine may be busy with other things.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() * 10.0
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Mebibytes from a line of `/proc/self/status`; 0 where there is none.
fn status(line: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = text.lines().find_map(|each| each.strip_prefix(line));
    let kibibytes = found.and_then(|rest| rest.split_whitespace().next());
    kibibytes.and_then(|number| number.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}
