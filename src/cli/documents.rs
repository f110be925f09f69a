//! Which documents a command line means: files, whole folders, standard input.

use super::failure::Failure;
use crate::diag::{Diagnostic, similar};
use crate::import::Document;
use crate::report::sarif::Root;
use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The name of standard input.
pub(super) const STDIN: &str = "-";

/// Documents larger than this, in bytes, are not read again to quote them.
const QUOTED_MAX: u64 = 64 << 20;

/// Kinds of files in folders that may hold resources or scenarios.
const EXTENSIONS: [&str; 3] = ["json", "yaml", "yml"];

/// A document that is opened when it is read.
#[derive(Debug)]
pub(super) enum Input {
    File(PathBuf, Option<File>),
    Stdin(Cursor<Arc<[u8]>>),
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stdin(stdin) => stdin.read(buffer),
            Self::File(_, Some(file)) => file.read(buffer),
            Self::File(path, file @ None) => file.insert(File::open(path)?).read(buffer),
        }
    }
}

/// What is shown in place of what is not to be.
const HIDDEN: &str = "(sensitive value)";

/// The documents of a command line, and where to find them again.
#[derive(Debug)]
pub(super) struct Documents {
    paths: Vec<PathBuf>,
    /// What standard input held: it can be read only once, and remarks quote it.
    stdin: Arc<[u8]>,
    /// Texts of them that are not to be shown, the longest first.
    secrets: Vec<String>,
}

impl Documents {
    /// Keeps `secrets` from being shown, as they are and as JSON writes them.
    pub(super) fn keep(&mut self, secrets: &BTreeSet<String>) {
        let escaped = secrets.iter().filter_map(|it| {
            let json = serde_json::to_string(it).ok()?;
            Some(json.strip_prefix('"')?.strip_suffix('"')?.to_owned())
        });
        let all: BTreeSet<String> = secrets.iter().cloned().chain(escaped).collect();
        self.secrets = all.into_iter().collect();
        self.secrets.sort_by_key(|it| std::cmp::Reverse(it.len()));
    }

    /// Is there nothing that is not to be shown?
    pub(super) const fn are_open(&self) -> bool {
        self.secrets.is_empty()
    }

    /// `text` without what is not to be shown.
    pub(super) fn hide(&self, text: String) -> String {
        self.secrets.iter().fold(text, |text, secret| text.replace(&**secret, HIDDEN))
    }

    /// Every document that `files` mean, each once, folders in the order of paths.
    pub(super) fn find(files: &[PathBuf]) -> Result<Self, Failure> {
        let mut documents = Self { paths: Vec::new(), stdin: Arc::default(), secrets: Vec::new() };
        documents.add(files)?;
        if documents.paths.iter().any(|path| path == Path::new(STDIN)) {
            let mut text = Vec::new();
            io::stdin().lock().read_to_end(&mut text).map_err(|error| {
                Failure::new("unreadable", format!("standard input cannot be read: {error}"))
            })?;
            documents.stdin = text.into();
        }
        Ok(documents)
    }

    /// Each document by itself.
    pub(super) fn each(&self) -> impl Iterator<Item = Self> {
        let stdin = |path: &Path| if path == Path::new(STDIN) { &*self.stdin } else { &[] };
        self.paths.iter().map(move |path| Self {
            paths: vec![path.clone()],
            stdin: stdin(path).into(),
            secrets: self.secrets.clone(),
        })
    }

    /// Adds every document that `files` mean; says whether any is new.
    pub(super) fn add(&mut self, files: &[PathBuf]) -> Result<bool, Failure> {
        let mut failures = Vec::new();
        let count = self.paths.len();
        for file in files {
            match expand(file) {
                Ok(more) => self.paths.extend(more),
                Err(diagnostic) => failures.push(*diagnostic),
            }
        }
        if !failures.is_empty() {
            return Err(Failure::input(failures));
        }
        let mut seen = BTreeSet::new();
        self.paths
            .retain(|path| seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.clone())));
        Ok(self.paths.len() > count)
    }

    /// The names of the documents.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        self.paths.iter().map(|path| path.display().to_string())
    }

    /// How many bytes the documents have, as far as that is known.
    pub(super) fn size(&self) -> u64 {
        let files = self.paths.iter().filter_map(|path| fs::metadata(path).ok());
        let files: u64 = files.map(|file| file.len()).sum();
        u64::try_from(self.stdin.len()).map_or(files, |stdin| files + stdin)
    }

    /// The documents, to be read from the start.
    pub(super) fn open(&self) -> impl Iterator<Item = Document<Input>> {
        self.paths.iter().map(|path| {
            let name = path.to_string_lossy();
            Document { text: self.input(&name), name: name.as_ref().into() }
        })
    }

    /// The text of the document called `name`; none when it cannot be read, or is too large to be
    /// read again.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let mut bytes = Vec::new();
        self.input(name).take(QUOTED_MAX).read_to_end(&mut bytes).ok()?;
        String::from_utf8(bytes).ok()
    }

    /// The document called `name`, to be read from the start.
    fn input(&self, name: &str) -> Input {
        if name == STDIN {
            Input::Stdin(Cursor::new(Arc::clone(&self.stdin)))
        } else {
            Input::File(name.into(), None)
        }
    }
}

fn expand(path: &Path) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    if path == Path::new(STDIN) {
        return Ok(vec![path.to_owned()]);
    }
    if path.is_dir() {
        return folder(path);
    }
    if let Err(error) = fs::metadata(path) {
        return Err(Box::new(missing(path, &error)));
    }
    match foreign(path) {
        Some(diagnostic) => Err(Box::new(diagnostic)),
        None => Ok(vec![path.to_owned()]),
    }
}

fn folder(path: &Path) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    let mut found = Vec::new();
    let mut others = BTreeSet::new();
    let shown = path.display();
    walk(path, &mut found, &mut others).map_err(|error| {
        let message = format!("the folder `{shown}` cannot be read: {error}");
        Box::new(Diagnostic::error("unreadable", message))
    })?;
    if !found.is_empty() {
        found.sort();
        return Ok(found);
    }
    let message = format!("the folder `{shown}` holds no .json, .yaml or .yml file");
    let hint = others.iter().find_map(|extension| instead(extension)).unwrap_or_else(|| {
        "README.md says how to export an estate from Azure into such files".to_owned()
    });
    Err(Box::new(Diagnostic::error("empty-folder", message).hint(hint)))
}

/// Collects what may hold resources below `folder`; hidden folders and links to folders are left out.
fn walk(folder: &Path, found: &mut Vec<PathBuf>, others: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let extension = extension(&path);
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type()?.is_dir() {
            if !is_hidden {
                walk(&path, found, others)?;
            }
        } else if EXTENSIONS.contains(&&*extension) && !is_hidden {
            found.push(path);
        } else {
            others.insert(extension);
        }
    }
    Ok(())
}

fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

/// What to do with files of a kind that holds a network in a form that is not read.
fn instead(extension: &str) -> Option<String> {
    let how = match extension {
        "bicep" => "Bicep is read after `az bicep build --file FILE`, which writes a template",
        "bicepparam" => "give the template that the parameters are for",
        "tf" => "Terraform is read as `terraform show -json` prints a plan or a state",
        "tfplan" => "a plan is read as `terraform show -json FILE` prints it",
        "csv" | "xlsx" => "export as JSON: `az graph query -q … -o json`",
        "zip" | "gz" | "tgz" | "7z" => "unpack it and give the folder",
        "xml" | "html" | "pdf" | "md" => "README.md says how to export an estate as JSON",
        _ => return None,
    };
    Some(how.to_owned())
}

fn foreign(path: &Path) -> Option<Diagnostic> {
    let hint = instead(&extension(path))?;
    let message = format!("`{}` is of a kind that is not read", path.display());
    Some(Diagnostic::error("foreign-file", message).hint(hint))
}

/// Writes `text` to a new file, or in place of what is there.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if path == Path::new(STDIN) {
        let hint = "give the path of a file; the answer itself goes to standard output";
        return Err(Failure::usage("`-` is no file to write", hint));
    }
    fs::write(path, text).map_err(|error| {
        Failure::new("cannot-write", format!("`{}` cannot be written: {error}", path.display()))
    })
}

/// Writes a log for readers in the folder where hopwise was started, of what was found in `documents`.
pub(super) fn write_sarif(
    path: &Path,
    documents: &Documents,
    log: impl FnOnce(Root<'_>) -> Result<String, serde_json::Error>,
) -> Result<(), Failure> {
    let folder = env::current_dir().unwrap_or_default().to_string_lossy().replace('\\', "/");
    let document = documents.names().next().unwrap_or_default();
    let text = log(Root { folder: &folder, document: &document })
        .map_err(|error| Failure::new("cannot-write", error.to_string()))?;
    write(path, &documents.hide(text))
}

/// What to say about a file that cannot be opened.
pub(super) fn missing(path: &Path, error: &io::Error) -> Diagnostic {
    let shown = path.display();
    if error.kind() != io::ErrorKind::NotFound {
        return Diagnostic::error("unreadable", format!("`{shown}` cannot be read: {error}"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let close = similar(&name, names.iter().map(String::as_str));
    let hint = close.first().map(|name| format!("did you mean `{}`?", sibling(path, name)));
    Diagnostic::error("no-such-file", format!("there is no file `{shown}`")).maybe_hint(hint)
}

fn sibling(path: &Path, name: &str) -> String {
    path.with_file_name(name).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_in_json_too() {
        let mut documents =
            Documents { paths: Vec::new(), stdin: Arc::default(), secrets: Vec::new() };
        documents.keep(&BTreeSet::from([r#"say "hi""#.to_owned()]));
        assert_eq!(documents.hide(r#"it is say "hi"."#.to_owned()), "it is (sensitive value).");
        let json = r#"{"it": "say \"hi\""}"#.to_owned();
        assert_eq!(documents.hide(json), r#"{"it": "(sensitive value)"}"#);
    }
}
