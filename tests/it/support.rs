//! Shared by the tests: where the corpus is, and what happens when it is not there.

use std::path::{Path, PathBuf};

/// The folder `corpus` of the material shared among the founders.
///
/// `None` in the outside world, with a loud remark; a failure in CI, which has it.
pub fn corpus(test: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["../shared/corpus", "../../shared/corpus"].iter().map(|p| here.join(p));
    let found = found.into_iter().find(|path| path.is_dir());
    if found.is_none() {
        assert_ne!(
            std::env::var("CI").as_deref(),
            Ok("true"),
            "{test}: CI has no ../shared/corpus"
        );
        eprintln!("SKIPPED {test}: ../shared/corpus is not there");
    }
    found
}
