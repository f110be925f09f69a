//! Which files there are, and whether any is forgotten.

use super::source::Source;
use super::{TEXT_ENDINGS, WALKED};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The root of the project.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below the folders and among the files of `WALKED`, sorted, from the root, with `/`.
pub(crate) fn all() -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    WALKED.iter().for_each(|start| walk(&root, &root.join(start), &mut found));
    found.sort();
    found
}

fn walk(root: &Path, path: &Path, found: &mut Vec<String>) {
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        entries.for_each(|entry| walk(root, &entry, found));
    } else if path.is_file() {
        let parts = path.strip_prefix(root).unwrap().iter().map(|part| part.to_str().unwrap());
        found.push(parts.collect::<Vec<_>>().join("/"));
    }
}

/// The text of a file of `all`.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files whose text people write.
pub(crate) fn texts() -> Vec<(String, String)> {
    let is_text = |path: &String| TEXT_ENDINGS.iter().any(|ending| path.ends_with(ending));
    all().into_iter().filter(is_text).map(|path| (path.clone(), read(&path))).collect()
}

/// Every file of Rust.
pub(crate) fn sources() -> Vec<Source> {
    let rust = all().into_iter().filter(|path| path.ends_with(".rs"));
    let mut sources: Vec<_> = rust.map(|path| Source::new(&path, &read(&path))).collect();
    mark_tests(&mut sources);
    sources
}

/// Marks the files whose `mod` is compiled for tests only, and what they declare in turn.
fn mark_tests(sources: &mut [Source]) {
    loop {
        let declared = |source: &Source| children(source, |at| source.is_test(at));
        let tests: BTreeSet<String> = sources.iter().flat_map(declared).collect();
        let is_new = |source: &&mut Source| tests.contains(&source.path) && !source.is_whole_test();
        let marked = sources.iter_mut().filter(is_new).map(Source::mark_as_test).count();
        if marked == 0 {
            break;
        }
    }
}

/// Where compilation starts: what the manifest names, for nothing is found automatically.
pub(crate) fn crate_roots(manifest: &str) -> Vec<&str> {
    let paths = manifest.lines().filter_map(|line| line.trim().strip_prefix("path = \""));
    paths.filter_map(|path| path.strip_suffix('"')).filter(|path| path.ends_with(".rs")).collect()
}

/// The files that no `mod` leads to, among `sources`, starting from `starts`.
pub(crate) fn forgotten(sources: &[Source], starts: &[&str]) -> Vec<String> {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<String> = starts.iter().map(|start| (*start).to_owned()).collect();
    while let Some(path) = open.pop() {
        let Some(source) = sources.iter().find(|source| source.path == path) else { continue };
        if reached.insert(path) {
            open.extend(children(source, |_| true));
        }
    }
    let paths = sources.iter().map(|source| source.path.clone());
    paths.filter(|path| !reached.contains(path)).collect()
}

/// Where the modules may be that `source` declares at positions that `counts`.
fn children(source: &Source, counts: impl Fn(usize) -> bool) -> Vec<String> {
    let (folder, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
    let is_root = matches!(file, "mod.rs" | "lib.rs" | "main.rs");
    let stem = file.trim_end_matches(".rs");
    let folder = if is_root { folder.to_owned() } else { format!("{folder}/{stem}") };
    let windows = source.tokens.windows(3).enumerate();
    let declared = windows.filter(|(at, w)| w[0].text == "mod" && w[2].text == ";" && counts(*at));
    let names = declared.map(|(_, w)| &w[1].text);
    names
        .flat_map(|name| [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_only_tests_declare_are_tests() {
        let mut sources = [
            Source::new("src/lib.rs", "mod a;"),
            Source::new("src/a/mod.rs", "mod c;\n#[cfg(test)]\nmod properties;"),
            Source::new("src/a/c.rs", "fn f() {}"),
            Source::new("src/a/properties.rs", "mod inner; fn f() {}"),
            Source::new("src/a/properties/inner.rs", "fn f() {}"),
        ];
        mark_tests(&mut sources);
        assert_eq!(sources.map(|source| source.is_whole_test()), [false, false, false, true, true]);
    }

    #[test]
    fn a_file_without_mod_is_forgotten() {
        let sources = [
            Source::new("src/lib.rs", "pub mod a;\n#[cfg(feature = \"x\")]\nmod b;"),
            Source::new("src/a/mod.rs", "mod c; mod e { }"),
            Source::new("src/a/c.rs", "// mod d;"),
            Source::new("src/a/d.rs", ""),
            Source::new("src/b.rs", "mod f;"),
            Source::new("src/b/f.rs", ""),
        ];
        let roots = crate_roots("[lib]\npath = \"src/lib.rs\"\n[dependencies]\npath = \"x\"");
        assert_eq!(roots, ["src/lib.rs"]);
        assert_eq!(forgotten(&sources, &roots), ["src/a/d.rs"]);
    }
}
