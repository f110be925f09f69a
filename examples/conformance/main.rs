//! Compares hopwise with recorded answers of Azure:
//! `cargo run --example conformance -- ../shared/corpus/recorded`.
//!
//! Prints how many cases of each kind agree and every difference of those that do not. Exits with 1
//! when a case disagrees that `docs/conformance.md` does not name, with 2 when a case cannot be read.

mod runner;

use runner::summary::{Summary, named, unexplained};
use runner::tolerance::TOLERANCES;
use runner::{Outcome, Played, play_all};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        return fail("usage: conformance DIR, a folder of recorded cases");
    };
    match play_all(&folder) {
        Err(why) => fail(&why),
        Ok(played) => report(&played).unwrap_or_else(|error| fail(&error.to_string())),
    }
}

fn fail(why: &str) -> ExitCode {
    // Nobody is left to be told when standard error is closed.
    let _ = writeln!(io::stderr(), "{why}");
    ExitCode::from(2)
}

fn report(played: &[Played]) -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/conformance.md");
    let page = std::fs::read_to_string(page)?;
    let named = named(&page);
    for case in played {
        match &case.outcome {
            Outcome::Agrees => {}
            Outcome::NotModelled(why) => writeln!(out, "{}: not modelled: {why}", case.name)?,
            Outcome::Disagrees(differences) => {
                let mark = if named.contains(case.name.as_str()) { " (explained)" } else { "" };
                writeln!(out, "{}: disagrees{mark}", case.name)?;
                for difference in differences {
                    writeln!(out, "{difference}")?;
                }
            }
        }
    }
    writeln!(out, "\nNot judged:")?;
    for tolerance in TOLERANCES {
        writeln!(out, "  {tolerance}")?;
    }
    writeln!(out, "\n{}", Summary::of(played))?;
    let unexplained = unexplained(played, &named);
    if unexplained.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "\n{} disagree and are not in docs/conformance.md", unexplained.len())?;
    Ok(ExitCode::from(1))
}
