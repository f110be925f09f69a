//! Counts the bytes that reading an estate takes: `cargo run --release --example memory -- FILE…`.
//!
//! An allocator that counts tells what is held after each stage and the most at any time, without what
//! the system's allocator keeps for itself. Times are not measured here, as counting costs some.

#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "a program that measures")]

use hopwise::import::{self, Document};
use peak_alloc::PeakAlloc;
use std::fs::File;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let mut documents = Vec::new();
    for name in &names {
        documents.push(Document { name: name.as_str().into(), text: File::open(name)? });
    }
    let before = ALLOCATOR.current_usage();
    let snapshot = import::read(documents);
    let (imported, peak_of_import) = (ALLOCATOR.current_usage() - before, peak(before));
    println!("import   peak {peak_of_import:>8.1} MiB, then {:>8.1} MiB", mebibytes(imported));
    ALLOCATOR.reset_peak_usage();
    let (network, remarks) = hopwise::resolve::resolve(snapshot);
    let of_remarks = ALLOCATOR.current_usage();
    drop(remarks);
    let of_remarks = of_remarks - ALLOCATOR.current_usage();
    let finished = ALLOCATOR.current_usage() - before;
    let peak_of_resolve = peak(before);
    println!("resolve  peak {peak_of_resolve:>8.1} MiB, then {:>8.1} MiB", mebibytes(finished));
    println!("remarks       {:>8.1} MiB", mebibytes(of_remarks));
    let most = peak_of_import.max(peak_of_resolve);
    println!("the peak is {:.2} times the network", most / mebibytes(finished));
    drop(network);
    Ok(())
}

fn mebibytes(bytes: usize) -> f64 {
    bytes as f64 / (1 << 20) as f64
}

/// The most that was held since the last reset, in mebibytes, beyond `before`.
fn peak(before: usize) -> f64 {
    mebibytes(ALLOCATOR.peak_usage() - before)
}
