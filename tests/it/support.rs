//! Shared by the tests: where the corpus is, and what happens when it is not there.

use std::path::{Path, PathBuf};

/// The folder `corpus` of recorded answers of Azure, which is kept beside the project.
///
/// When it is not there the tests that need it are skipped with a loud remark. In CI
/// (`CI=true`) that is a failure, lest a skip goes unnoticed, unless `HOPWISE_NO_CORPUS=1` says that
/// this CI is known to be without it.
pub(crate) fn corpus(test: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["../shared/corpus", "../../shared/corpus"].iter().map(|p| here.join(p));
    let found = found.into_iter().find(|path| path.is_dir());
    if found.is_none() {
        let is = |name: &str, value: &str| std::env::var(name).as_deref() == Ok(value);
        let must_be_there = is("CI", "true") && !is("HOPWISE_NO_CORPUS", "1");
        assert!(!must_be_there, "{test}: CI has no ../shared/corpus");
        eprintln!("SKIPPED {test}: ../shared/corpus is not there");
    }
    found
}
