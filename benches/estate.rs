//! Compiling an estate, and asking it: see `docs/performance.md`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot run may stop"
)]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use hopwise::azure::{Network, PlatformProfile};
use hopwise::dataplane::{self, Dataplane};
use hopwise::generate::{self, Shape};
use hopwise::import::{self, Document};
use hopwise::net::{Flow, Protocol};
use hopwise::trace::{self, Ask};
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Networks per estate: `HOPWISE_BENCH_NETWORKS` names others, separated by commas.
fn sizes() -> Vec<u32> {
    let text = std::env::var("HOPWISE_BENCH_NETWORKS").unwrap_or_else(|_| "100,1000".into());
    text.split(',').filter_map(|size| size.trim().parse().ok()).collect()
}

fn network(networks: u32) -> Arc<Network> {
    let mut text = Vec::new();
    generate::write(&Shape { networks, ..Shape::default() }, &mut text).unwrap();
    let snapshot = import::read([Document { name: "generated".into(), text: text.as_slice() }]);
    Arc::new(hopwise::resolve::resolve(snapshot).0)
}

fn profile() -> &'static PlatformProfile {
    PlatformProfile::by_name("2023").unwrap()
}

/// Asks between interfaces far apart: through the firewall of the hub, there and back.
fn asks(plane: &Dataplane) -> Vec<Ask<'_>> {
    let interfaces: Vec<_> = plane.places.interfaces.values().copied().collect();
    let count = interfaces.len();
    (0..1_000.min(count))
        .map(|at| {
            let from = interfaces[at * 7 % count];
            let target = interfaces[at * 13 % count];
            let address = |id| plane.locations[id].addresses[0];
            let flow = Flow::new(address(from), address(target), Protocol::Tcp, 443);
            Ask { from, flow, target: Some(target), host: None, only: None }
        })
        .collect()
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("estate");
    group.sample_size(10);
    for size in sizes() {
        let network = network(size);
        group.bench_with_input(BenchmarkId::new("compile", size), &network, |bencher, network| {
            bencher.iter(|| dataplane::compile(Arc::clone(network), profile()));
        });
        let plane = dataplane::compile(network, profile());
        let asks = asks(&plane);
        let mut next = asks.iter().cycle();
        group.bench_function(BenchmarkId::new("verdict", size), |bencher| {
            bencher.iter(|| trace::verdict(&plane, next.next().unwrap()));
        });
        group.bench_function(BenchmarkId::new("trace", size), |bencher| {
            bencher.iter(|| trace::trace(&plane, next.next().unwrap()));
        });
    }
    group.finish();
}

criterion_group!(estate, benches);
criterion_main!(estate);
