//! From the documents of a command line to a network.

use super::args::Global;
use super::console::Console;
use super::documents::{Documents, missing};
use super::failure::Failure;
use super::progress::Progress;
use super::remarks;
use crate::azure::tree::Node;
use crate::azure::{Assumption, Holds, Network, PlatformProfile, Snapshot};
use crate::dataplane::{self, Dataplane};
use crate::diag::{Diagnostic, Severity, similar};
use crate::import::template::Scope;
use crate::import::{self, Document, Imported, Settings, Side};
use crate::question::{Compiled, Resolved};
use crate::resolve;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const READING: &str = "reading";

/// A network, and the documents that it was read from.
#[derive(Debug)]
pub(super) struct Estate {
    pub(super) network: Arc<Network>,
    pub(super) documents: Documents,
    /// The platform's data: of the command line, else of the scenario, else the default.
    pub(super) profile: &'static PlatformProfile,
}

impl Estate {
    /// The network as packets see it.
    pub(super) fn compile(self) -> (Dataplane, Documents) {
        let _progress = Progress::start("compiling");
        (dataplane::compile(self.network, self.profile), self.documents)
    }
}

/// What documents hold, with the patches of the command line applied, before it is resolved.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) imported: Imported,
    pub(super) documents: Documents,
}

/// Reads the documents that `files` mean.
pub(super) fn open(files: &[PathBuf], global: &Global) -> Result<Opened, Failure> {
    open_side(files, global, Side::default())
}

/// Reads the documents that `files` mean: of planned changes this side.
pub(super) fn open_side(files: &[PathBuf], global: &Global, side: Side) -> Result<Opened, Failure> {
    read_side(Documents::find(files)?, global, side, &Progress::bytes(READING))
}

/// The same before the patches of the command line, which [`patch_all`] applies once a variant is.
pub(super) fn open_unpatched(files: &[PathBuf], global: &Global) -> Result<Opened, Failure> {
    read_unpatched(Documents::find(files)?, global, Side::default(), &Progress::bytes(READING))
}

/// Reads `documents` and what scenarios among them include, and applies the patches of the command line.
pub(super) fn collect(documents: Documents, global: &Global) -> Result<Opened, Failure> {
    read_side(documents, global, Side::default(), &Progress::none())
}

fn read_side(
    documents: Documents,
    global: &Global,
    side: Side,
    progress: &Progress,
) -> Result<Opened, Failure> {
    let mut opened = read_unpatched(documents, global, side, progress)?;
    patch_all(&mut opened.imported.snapshot, global)?;
    Ok(opened)
}

fn read_unpatched(
    mut documents: Documents,
    global: &Global,
    side: Side,
    progress: &Progress,
) -> Result<Opened, Failure> {
    let settings = Settings { side, ..settings(global)? };
    let mut imported = read(&mut documents, &settings, progress)?;
    if let Some(path) = &global.service_tags {
        add_service_tags(&mut imported.snapshot, path)?;
    }
    documents.keep(&imported.secrets);
    Ok(Opened { imported, documents })
}

/// Applies the patches of the command line, in order: after a variant, so that they may mend it.
pub(super) fn patch_all(snapshot: &mut Snapshot, global: &Global) -> Result<(), Failure> {
    global.patch.iter().try_for_each(|path| patch(snapshot, path))
}

impl Opened {
    /// Resolves `snapshot`, which is what was read or a variant of it. Remarks are said; an error among
    /// them ends it.
    pub(super) fn resolve(
        &self,
        snapshot: Snapshot,
        global: &Global,
        console: &Console,
    ) -> Result<Resolved, Failure> {
        self.resolve_beside(snapshot, (global, console), &mut Vec::new())
    }

    /// The same; what was `said` of another network before is not said again, and what is said is added.
    pub(super) fn resolve_beside(
        &self,
        snapshot: Snapshot,
        (global, console): (&Global, &Console),
        said: &mut Vec<Diagnostic>,
    ) -> Result<Resolved, Failure> {
        let progress = Progress::start("resolving");
        let mut diagnostics = snapshot.diagnostics.clone();
        let is_empty = self.is_nothing(&snapshot);
        let (mut network, of_resolving, frame) = resolve::resolve_with_frame(snapshot);
        diagnostics.extend(of_resolving);
        drop(progress);
        let is_broken = diagnostics.iter().any(|remark| remark.severity == Severity::Error);
        if is_empty && !is_broken {
            diagnostics.push(nothing(&self.documents));
        }
        leave_out(&mut diagnostics, said);
        remarks::say(console, &diagnostics, Some(&self.documents));
        said.extend(diagnostics);
        if is_empty || is_broken {
            return Err(Failure::input(Vec::new()));
        }
        let profile = apply(global, &mut network)?;
        Ok(Resolved { network: Arc::new(network), frame, profile })
    }
}

/// Leaves out remarks that were said, each as often as it was: the two sides of a planned change stand at different
/// places of one document, which says the same of both.
fn leave_out(remarks: &mut Vec<Diagnostic>, said: &[Diagnostic]) {
    let mut left: BTreeMap<_, usize> = BTreeMap::new();
    for remark in said {
        *left.entry(said_of(remark)).or_default() += 1;
    }
    remarks.retain(|remark| match left.get_mut(&said_of(remark)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
}

/// What a remark says, of which document.
fn said_of(remark: &Diagnostic) -> (&'static str, String, Option<Arc<str>>) {
    let file = remark.place.as_ref().map(|place| Arc::clone(&place.file));
    (remark.code, remark.message.clone(), file)
}

impl Opened {
    /// Is there nothing to ask? Of a planned change one side may have nothing.
    fn is_nothing(&self, snapshot: &Snapshot) -> bool {
        snapshot.resources.is_empty() && self.imported.changes.is_empty()
    }

    /// Resolves a changed estate without remarks: what is wrong with the input was said before. None
    /// when the change brings errors.
    pub(super) fn resolve_silently(&self, snapshot: Snapshot, global: &Global) -> Option<Resolved> {
        self.resolve_quietly(snapshot, global).0
    }

    /// Compiles what was read, or a variant of it; remarks are handed on.
    pub(super) fn compile(&self, snapshot: Snapshot, global: &Global) -> Compiled {
        let (resolved, remarks) = self.resolve_quietly(snapshot, global);
        Compiled { plane: resolved.as_ref().map(Resolved::compile), remarks }
    }

    fn resolve_quietly(
        &self,
        snapshot: Snapshot,
        global: &Global,
    ) -> (Option<Resolved>, Vec<Diagnostic>) {
        let is_empty = self.is_nothing(&snapshot);
        let (mut network, mut remarks, frame) = resolve::resolve_with_frame(snapshot);
        if is_empty {
            remarks.push(nothing(&self.documents));
        }
        let profile = match apply(global, &mut network) {
            Ok(profile) => Some(profile),
            Err(failure) => {
                remarks.extend(failure.diagnostics);
                None
            }
        };
        let is_broken = remarks.iter().any(|remark| remark.severity == Severity::Error);
        let profile = profile.filter(|_| !is_broken);
        let network = Arc::new(network);
        (profile.map(|profile| Resolved { network, frame, profile }), remarks)
    }
}

/// Applies a patch of the command line.
fn patch(snapshot: &mut Snapshot, path: &Path) -> Result<(), Failure> {
    let shown = path.display().to_string();
    let file = File::open(path).map_err(|error| missing(path, &error))?;
    let patch = import::read_patch(Document { name: shown.into(), text: file })
        .map_err(|remark| Failure::from(*remark))?;
    let remarks = patch.apply(snapshot);
    if remarks.is_empty() { Ok(()) } else { Err(Failure::input(remarks)) }
}

/// What the command line says about templates.
fn settings(global: &Global) -> Result<Settings, Failure> {
    let mut parameters = Vec::new();
    for path in &global.parameters {
        let text = fs::read_to_string(path).map_err(|error| missing(path, &error))?;
        parameters.push((path.to_string_lossy().as_ref().into(), text));
    }
    let scope = Scope::parse(global.scope.as_deref()).ok_or_else(|| {
        let given = global.scope.as_deref().unwrap_or_default();
        let message = format!("`{given}` is not the id of a resource group");
        Failure::usage(message, "expected `/subscriptions/ID/resourceGroups/NAME`")
    })?;
    let scope = Scope { location: global.location.clone(), ..scope };
    Ok(Settings { parameters, scope, mode: global.mode.into(), ..Settings::default() })
}

/// Reads the documents, what scenarios among them include, and the parameters beside templates.
fn read(
    documents: &mut Documents,
    settings: &Settings,
    progress: &Progress,
) -> Result<Imported, Failure> {
    loop {
        progress.expect(documents.size());
        let open = documents.open();
        let counted = open.map(|it| Document { name: it.name, text: progress.read(it.text) });
        let imported = import::read_with(counted, settings);
        let mut included = Vec::new();
        for scenario in &imported.scenarios {
            let folder = Path::new(&**scenario.file()).parent().unwrap_or(Path::new(""));
            let names = scenario.part("include").map(texts).unwrap_or_default();
            included.extend(names.into_iter().map(|name| folder.join(name)));
        }
        let alone = imported.templates.iter().filter(|template| !template.has_parameters);
        let beside = alone.filter_map(|template| import::beside(&template.file));
        included.extend(beside.map(PathBuf::from).filter(|path| path.is_file()));
        if !documents.add(&included)? {
            return Ok(imported);
        }
    }
}

fn add_service_tags(snapshot: &mut Snapshot, path: &Path) -> Result<(), Failure> {
    let shown = path.display().to_string();
    let file = File::open(path).map_err(|error| missing(path, &error))?;
    import::add_service_tags(snapshot, &shown, file);
    Ok(())
}

/// The texts of a list, or the one text.
fn texts(node: &Node) -> Vec<PathBuf> {
    let nodes = node.as_list().unwrap_or(std::slice::from_ref(node));
    nodes.iter().filter_map(Node::as_text).map(PathBuf::from).collect()
}

fn nothing(documents: &Documents) -> Diagnostic {
    let names: Vec<String> = documents.names().map(|name| format!("`{name}`")).collect();
    let message = format!("no Azure resource and no scenario in {}", names.join(", "));
    Diagnostic::error("no-resources", message)
        .hint("README.md says how to export an estate, docs/scenarios.md how to write one")
}

/// Applies what the command line says about the network.
fn apply(global: &Global, network: &mut Network) -> Result<&'static PlatformProfile, Failure> {
    if let Some(name) = &global.profile {
        network.platform_profile = Some(name.as_str().into());
    }
    if global.strict {
        for assumption in Assumption::ALL {
            let holds = network.assumptions.entry(assumption).or_default();
            if *holds == Holds::Assumed {
                *holds = Holds::Unknown;
            }
        }
    }
    let name = network.platform_profile.as_deref().unwrap_or(PlatformProfile::DEFAULT);
    PlatformProfile::by_name(name).ok_or_else(|| unknown_profile(name))
}

fn unknown_profile(name: &str) -> Failure {
    let names: Vec<&str> = PlatformProfile::all().iter().map(PlatformProfile::name).collect();
    let close = similar(name, names.iter().copied());
    let meant = close.first().map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
    let hint = format!("{meant}there are {}", names.join(", "));
    Failure::usage(format!("there is no platform profile `{name}`"), hint)
}
