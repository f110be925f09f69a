//! The command line program.

fn main() -> std::process::ExitCode {
    hopwise::cli::main()
}
