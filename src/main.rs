//! The command line program.

/// Estates are millions of small values; this allocator takes half the time for them (decision 0008).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    hopwise::cli::main()
}
