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
    rust.map(|path| Source::new(&path, &read(&path))).collect()
}

/// The files that no `mod` leads to, among `sources`, starting from `starts`.
pub(crate) fn forgotten(sources: &[Source], starts: &[&str]) -> Vec<String> {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<String> = starts.iter().map(|start| (*start).to_owned()).collect();
    while let Some(path) = open.pop() {
        let Some(source) = sources.iter().find(|source| source.path == path) else { continue };
        if reached.insert(path) {
            open.extend(children(source));
        }
    }
    let paths = sources.iter().map(|source| source.path.clone());
    paths.filter(|path| !reached.contains(path)).collect()
}

/// Where the modules may be that `source` declares.
fn children(source: &Source) -> Vec<String> {
    let (folder, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
    let is_root = matches!(file, "mod.rs" | "lib.rs" | "main.rs");
    let stem = file.trim_end_matches(".rs");
    let folder = if is_root { folder.to_owned() } else { format!("{folder}/{stem}") };
    let declared = source.tokens.windows(3).filter(|w| w[0].text == "mod" && w[2].text == ";");
    let names = declared.map(|w| &w[1].text);
    names
        .flat_map(|name| [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(forgotten(&sources, &["src/lib.rs"]), ["src/a/d.rs"]);
    }
}
