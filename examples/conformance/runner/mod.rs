//! Plays recorded questions to hopwise and compares its answers with Azure's.

pub(crate) mod case;
mod difference;
mod estate;
mod kinds;
mod session;
pub(crate) mod summary;
pub(crate) mod tolerance;
pub(crate) mod written;

use case::Case;
use difference::Difference;
use hopwise::question::Unanswered;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What became of a case.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Our answer is Azure's.
    Agrees,
    /// It differs.
    Disagrees(Vec<Difference>),
    /// We have none, and why.
    NotModelled(String),
}

/// A case that was played.
#[derive(Debug)]
pub(crate) struct Played {
    /// The name of the case.
    pub(crate) name: String,
    /// The kind of question.
    pub(crate) kind: String,
    /// What became of it.
    pub(crate) outcome: Outcome,
}

/// Plays every case of `folder`, in the order of their names.
///
/// # Errors
/// In words, when the folder or a file in it cannot be read.
pub(crate) fn play_all(folder: &Path) -> Result<Vec<Played>, String> {
    files(folder)?.iter().map(|path| Case::read(path).map(|case| play(&case))).collect()
}

/// The files of cases in `folder`, in the order of their names.
///
/// # Errors
/// In words, when the folder cannot be read.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|it| it.map(|it| it.path())).collect();
    let mut paths = paths.map_err(|e| format!("{}: {e}", folder.display()))?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    Ok(paths)
}

/// Plays one case.
pub(crate) fn play(case: &Case) -> Played {
    let kind = case.query.kind.clone();
    Played { name: case.name.clone(), outcome: outcome(case, &kind), kind }
}

fn outcome(case: &Case, kind: &str) -> Outcome {
    let Some(ask) = kinds::find(kind) else {
        return Outcome::NotModelled(format!("no question of the kind {kind}"));
    };
    match ask(case) {
        Err(Unanswered { text, .. }) => Outcome::NotModelled(text),
        // Most refusals are about what no configuration tells: a machine that is off, no agent, haste.
        Ok(ours) if is_refusal(case) && ours.get("error").is_none() => {
            let code = case.azure_answer.pointer("/error/code").unwrap_or(&Value::Null);
            Outcome::NotModelled(format!("Azure refused, status {}: {code}", case.azure_status))
        }
        Ok(ours) => {
            let azure = tolerance::judged(kind, case.date(), &case.azure_answer);
            let found =
                difference::differences(&azure, &tolerance::judged(kind, case.date(), &ours));
            if found.is_empty() { Outcome::Agrees } else { Outcome::Disagrees(found) }
        }
    }
}

/// Did Azure answer with an error?
fn is_refusal(case: &Case) -> bool {
    !(200..300).contains(&case.azure_status)
}
