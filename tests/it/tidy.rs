//! What holds for the project as a whole: layers, sizes, words, files, citations and links.
//!
//! The tables come first; the scans that they feed are in `tidy/`, each with its own tests.
#![expect(clippy::string_slice, reason = "cut where a search has found something")]

mod docs;
mod files;
mod layers;
mod reasons;
mod semantics;
mod sizes;
mod source;
mod words;

use hopwise::answer::{Confidence, Reason, Rule};
use std::collections::BTreeSet;
use std::path::Path;

/// A module of the crate and the modules that it may use.
struct Layer {
    module: &'static str,
    may_use: &'static [&'static str],
    /// May it touch files, environment, clock, terminal, network?
    opens_doors: bool,
}

const fn layer(module: &'static str, may_use: &'static [&'static str]) -> Layer {
    Layer { module, may_use, opens_doors: false }
}

/// The layers, the lowest first. Nobody may use what stands below itself in this table, so there
/// are no cycles.
const LAYERS: &[Layer] = &[
    // L0: words of the RFCs, names, remarks, and answers as plain data.
    layer("net", &[]),
    layer("id", &[]),
    layer("diag", &[]),
    layer("answer", &["net", "id", "diag"]),
    // L1: what there is; and estates made up for benchmarks, which are documents like any other.
    layer("generate", &[]),
    layer("azure", &["net", "id", "diag", "answer"]),
    layer("scenario", &["net", "id", "diag", "answer", "azure"]),
    layer("packet_set", &["net", "id", "diag", "answer"]),
    // L2: from documents to a network. They do not know each other.
    layer("import", &["net", "id", "diag", "answer", "azure", "scenario"]),
    layer("resolve", &["net", "id", "diag", "answer", "azure", "scenario"]),
    // L3: from a network to what it does with packets. All Azure meaning ends here.
    layer("dataplane", &["net", "id", "diag", "answer", "azure"]),
    // L4: two engines. They know neither each other nor Azure.
    layer("trace", &["net", "id", "diag", "answer", "dataplane"]),
    layer("reach", &["net", "id", "diag", "answer", "dataplane", "packet_set"]),
    // L5: what can be asked.
    layer(
        "question",
        &[
            "net",
            "id",
            "diag",
            "answer",
            "azure",
            "scenario",
            "packet_set",
            "import",
            "resolve",
            "dataplane",
            "trace",
            "reach",
        ],
    ),
    // L6: views of answers. They never ask.
    layer("explain", &["net", "id", "diag", "answer"]),
    layer("report", &["net", "id", "diag", "answer", "explain"]),
    // L7: the only door to the outside world.
    Layer { module: "cli", may_use: BELOW_CLI, opens_doors: true },
    Layer { module: "web", may_use: BELOW_CLI, opens_doors: true },
];

const BELOW_CLI: &[&str] = &[
    "net",
    "id",
    "diag",
    "answer",
    "azure",
    "scenario",
    "packet_set",
    "generate",
    "import",
    "resolve",
    "dataplane",
    "trace",
    "reach",
    "question",
    "explain",
    "report",
];

/// What of the standard library leads to files, environment, clock, terminal or network.
const DOORS: &[&str] = &[
    "fs",
    "env",
    "process",
    "time::Instant",
    "time::SystemTime",
    "io::stdin",
    "io::stdout",
    "io::stderr",
    "net::TcpListener",
    "net::TcpStream",
    "net::UdpSocket",
    "net::ToSocketAddrs",
];

const FUNCTION_LINES_MAX: usize = 70;
const FUNCTION_LINES_GOOD: usize = 30;
/// So many functions of a hundred may be longer than is good. A ratchet: lower it when it can be.
const LONG_FUNCTIONS_PER_HUNDRED_MAX: usize = 3;
const PARAMETERS_MAX: usize = 5;
const FILE_LINES_GOOD: usize = 600;
const FILE_LINES_MAX: usize = 1_000;

/// A sequence of tokens that must not stand in code.
struct Banned {
    code: &'static str,
    why: &'static str,
    tests_may: bool,
}

const CODE_BANNED: &[Banned] = &[
    Banned { code: "todo!", why: "no stub is called done", tests_may: false },
    Banned { code: "unimplemented!", why: "no stub is called done", tests_may: false },
    Banned { code: "dbg!", why: "left over from a search", tests_may: false },
    Banned {
        code: "as usize as",
        why: "a cast through `usize` depends on the machine",
        tests_may: false,
    },
    Banned { code: ".unwrap()", why: "say what is wrong with the input", tests_may: true },
];

/// Words that must not stand in any file, in pieces, so that this file may be scanned too. A word in
/// capitals is looked for in capitals, any other in any case.
const TEXT_BANNED: &[(&[&str], &str)] = &[
    (&["TO", "DO"], "do it, or write it where users look"),
    (&["FIX", "ME"], "mend it"),
    (&["XX", "X"], "mend it"),
    (&["/wo", "rk/"], "a path of one machine"),
    (&["/ho", "me/"], "a path of one machine"),
    (&["/ro", "ot/"], "a path of one machine"),
    (&["Clau", "de"], "tools have no place here"),
    (&["Anthro", "pic"], "tools have no place here"),
    (&["ChatG", "PT"], "tools have no place here"),
    (&["Copi", "lot"], "tools have no place here"),
    (&["Gemi", "ni"], "tools have no place here"),
    (&["language mo", "del"], "tools have no place here"),
    (&["AI assis", "tant"], "tools have no place here"),
];

/// Where the files are that belong to the project.
const WALKED: &[&str] = &[
    "src",
    "tests",
    "benches",
    "examples",
    "scenarios",
    "docs",
    ".ci",
    ".github",
    "Cargo.toml",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    ".clippy.toml",
    ".rustfmt.toml",
    ".gitignore",
];

/// The files whose words are looked at. Snapshots of answers are the program's words, not ours.
const TEXT_ENDINGS: &[&str] =
    &[".rs", ".md", ".toml", ".yaml", ".yml", ".json", ".ci/run", ".gitignore", "LICENSE-MIT"];

/// What is written from the rules to judge a part of hopwise, and which modules it must not use
/// lest it repeats their faults.
const ORACLES: &[(&str, &[&str])] =
    &[("tests/it/oracle", &["dataplane", "trace", "reach", "question"])];

/// These tests run every scenario that they find in a folder.
const SCENARIO_RUNNERS: &[(&str, &str)] = &[("tests/it/scenarios.rs", "scenarios/")];

/// The page of reasons.
const REASONS: &str = "docs/reasons.md";

/// The pages of rules.
const SEMANTICS: &str = "docs/semantics/";

/// The longest line of a page, tables left out.
const PAGE_COLUMNS_MAX: usize = 200;

/// These files name rules without being their code or showing them: the table of tags, the scans' own
/// examples, what scenarios may say, and what makes networks up without saying what they do.
const NO_CITATIONS: &[&str] = &[
    "src/answer/citation.rs",
    "src/import/scenario/schema",
    "tests/it/tidy",
    "tests/it/generated",
];

/// How the generated parts of pages are made anew.
const REFRESH: &str = "cargo test --test it refresh_the_pages -- --ignored";

/// How the lines start that are made from the code, and may be long.
const GENERATED: &[&str] = &[semantics::GENERATED, reasons::GENERATED];

/// Fails with `found`, when there is any, under what it means.
fn check(rule: &str, found: &[String]) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

fn source_files() -> Vec<source::Source> {
    files::sources().into_iter().filter(|source| source.path.starts_with("src/")).collect()
}

#[test]
fn the_table_of_layers_has_no_cycles() {
    for (at, layer) in LAYERS.iter().enumerate() {
        let above = |module: &&str| LAYERS.iter().take(at).any(|other| other.module == *module);
        assert!(layer.may_use.iter().all(above), "{} uses what is not above it", layer.module);
    }
}

#[test]
fn layers_hold() {
    let wrong: Vec<String> = source_files().iter().flat_map(layers::wrong_uses).collect();
    check("a layer uses what it must not know (docs/architecture.md)", &wrong);
}

#[test]
fn oracles_judge_for_themselves() {
    let unfair: Vec<String> = files::sources().iter().flat_map(layers::unfair_uses).collect();
    check("an oracle uses what it judges", &unfair);
}

#[test]
fn functions_are_short_and_take_little() {
    let sources = source_files();
    let functions: Vec<_> = sources.iter().flat_map(sizes::functions).collect();
    let mut wrong = Vec::new();
    for f in &functions {
        if f.lines > FUNCTION_LINES_MAX {
            wrong.push(format!("{}: {} has {} lines", f.place, f.name, f.lines));
        }
        if f.parameters > PARAMETERS_MAX {
            wrong.push(format!("{}: {} has {} parameters", f.place, f.name, f.parameters));
        }
    }
    check("too long, or too many parameters", &wrong);
    let long: Vec<_> = functions.iter().filter(|f| f.lines > FUNCTION_LINES_GOOD).collect();
    let names = long.iter().map(|f| format!("{}: {} ({} lines)", f.place, f.name, f.lines));
    let share = long.len() * 100 / functions.len();
    println!("{} of {} functions are long ({share}%)", long.len(), functions.len());
    if share > LONG_FUNCTIONS_PER_HUNDRED_MAX {
        check("too many functions are longer than 30 lines", &names.collect::<Vec<_>>());
    }
}

#[test]
fn files_are_short() {
    let mut wrong = Vec::new();
    for source in files::sources() {
        let lines = source.text.lines().count();
        match lines {
            _ if lines > FILE_LINES_MAX => wrong.push(format!("{}: {lines} lines", source.path)),
            _ if lines > FILE_LINES_GOOD => {
                println!("look twice at {}: {lines} lines", source.path)
            }
            _ => {}
        }
    }
    check("one idea per file", &wrong);
}

#[test]
fn banned_words_are_nowhere() {
    let texts = files::texts();
    let in_text = texts.iter().flat_map(|(path, text)| words::banned_words(path, text));
    let sources = files::sources();
    let in_code = sources.iter().flat_map(words::banned_code);
    check("banned words", &in_text.chain(in_code).collect::<Vec<_>>());
}

#[test]
fn no_file_of_rust_is_forgotten() {
    let sources = files::sources();
    let forgotten = files::forgotten(&sources, &files::crate_roots(&files::read("Cargo.toml")));
    check("neither `mod` nor Cargo.toml leads to", &forgotten);
}

#[test]
fn no_scenario_is_forgotten() {
    let sources = files::sources();
    let runs = |path: &str| {
        let found = SCENARIO_RUNNERS.iter().filter(|(_, folder)| path.starts_with(folder));
        found.into_iter().any(|(runner, _)| sources.iter().any(|source| source.path == *runner))
    };
    let named = |path: &str| {
        let tests = sources.iter().filter(|source| source.path.starts_with("tests/"));
        tests.into_iter().any(|source| source.text.contains(path))
    };
    let scenarios = files::all().into_iter().filter(|path| path.starts_with("scenarios/"));
    let scenarios = scenarios.filter(|path| path.ends_with(".yaml"));
    let forgotten = scenarios.filter(|path| !runs(path) && !named(path));
    check("no test runs", &forgotten.collect::<Vec<_>>());
}

/// The pages of rules, by path.
fn pages() -> Vec<(String, String)> {
    files::texts().into_iter().filter(|(path, _)| path.starts_with(SEMANTICS)).collect()
}

/// Where rules and golden scenarios are cited.
fn places() -> semantics::Places {
    let mut places = semantics::Places::default();
    let sources = files::sources().into_iter();
    let is_left_out = |path: &str| NO_CITATIONS.iter().any(|left_out| path.starts_with(left_out));
    let sources = sources.filter(|source| !is_left_out(&source.path));
    sources.for_each(|source| places.add_source(&source));
    let scenarios = files::texts().into_iter().filter(|(path, _)| path.starts_with("scenarios/"));
    scenarios.for_each(|(path, text)| places.add_text(&path, &text));
    places
}

#[test]
fn every_rule_has_its_place_and_its_tag() {
    let pages = pages();
    let rules: Vec<_> = pages.iter().flat_map(|(_, page)| semantics::defined(page)).collect();
    let mut wrong = Vec::new();
    for number in 1..=Rule::LAST.0 {
        let found: Vec<_> =
            rules.iter().filter(|(name, _)| *name == format!("R{number}")).collect();
        let expected = match Rule(number).confidence() {
            Confidence::Documented => "doc",
            Confidence::Inferred => "inf",
            Confidence::Observed | Confidence::ThirdParty => "rec",
        };
        match found.as_slice() {
            [(_, tag)] if tag == expected => {}
            [(_, tag)] => wrong.push(format!("R{number} is [{tag}] and in the code {expected}")),
            _ => wrong.push(format!("R{number} occurs {} times", found.len())),
        }
    }
    check("docs/semantics and src/answer/citation.rs differ", &wrong);
}

#[test]
fn cited_rules_exist() {
    let pages = pages();
    let defined: BTreeSet<String> =
        pages.iter().flat_map(|(_, page)| semantics::defined(page)).map(|(name, _)| name).collect();
    let mut cited = places();
    let docs = files::texts().into_iter().filter(|(path, _)| path.ends_with(".md"));
    docs.for_each(|(path, text)| cited.add_text(&path, &text));
    let cited = cited.coded.iter().chain(&cited.shown);
    let wrong = cited.filter(|(name, _)| name.starts_with('R') && !defined.contains(*name));
    let wrong = wrong.map(|(name, files)| format!("{name} in {files:?}"));
    check("not in docs/semantics", &wrong.collect::<Vec<_>>());
}

#[test]
fn every_rule_is_shown_or_marked() {
    let places = places();
    let wrong: Vec<String> =
        pages().iter().flat_map(|(_, page)| semantics::wrongly_marked(page, &places)).collect();
    check("shown by no test and not marked, or marked and shown", &wrong);
}

/// The pages that have generated parts, by path: as they are, and as they should be.
fn generated_pages() -> Vec<(String, String, String)> {
    let places = places();
    let rules = pages().into_iter().map(|(path, page)| {
        let fresh = semantics::regenerated(&page, &places);
        (path, page, fresh)
    });
    let page = files::read(REASONS);
    let says = source_files().into_iter().filter(|source| !source.path.starts_with("src/answer/"));
    let fresh = reasons::regenerated(&page, &says.collect::<Vec<_>>());
    rules.chain([(REASONS.to_owned(), page, fresh)]).collect()
}

#[test]
fn pages_say_where_rules_and_reasons_are_coded() {
    let stale = generated_pages().into_iter().filter(|(_, page, fresh)| page != fresh);
    check(&format!("run `{REFRESH}`"), &stale.map(|(path, ..)| path).collect::<Vec<_>>());
}

#[test]
#[ignore = "writes into docs"]
fn refresh_the_pages() {
    for (path, _, fresh) in generated_pages() {
        std::fs::write(files::root().join(path), fresh).unwrap();
    }
}

#[test]
fn every_reason_has_a_section() {
    let page = files::read(REASONS);
    let sections: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let codes: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(
        sections, codes,
        "docs/reasons.md has one section per code, in the order of the code"
    );
    let sentences = Reason::ALL.iter().map(|reason| reason.sentence());
    let missing = sentences.filter(|sentence| !page.contains(sentence)).map(str::to_owned);
    check("docs/reasons.md says it in other words", &missing.collect::<Vec<_>>());
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    for (page, text) in files::texts().into_iter().filter(|(path, _)| path.ends_with(".md")) {
        for (line, target) in docs::links(&text) {
            let (path, anchor) = docs::resolve(&page, target);
            let exists = Path::new(&files::root()).join(&path).exists();
            let has = |anchor: String| docs::anchors(&files::read(&path)).contains(&anchor);
            if !exists || !anchor.is_none_or(has) {
                wrong.push(format!("{page}:{line}: {target}"));
            }
        }
    }
    check("links that lead nowhere", &wrong);
}

#[test]
fn pages_have_clean_lines() {
    let mut wrong = Vec::new();
    for (page, text) in files::texts().into_iter().filter(|(path, _)| path.ends_with(".md")) {
        for (line, words) in docs::prose(&text) {
            let is_table =
                words.starts_with('|') || GENERATED.iter().any(|start| words.starts_with(start));
            let is_long = !is_table && words.chars().count() > PAGE_COLUMNS_MAX;
            if is_long || words.ends_with(char::is_whitespace) || words.contains('\t') {
                wrong.push(format!("{page}:{line}"));
            }
        }
    }
    check("too long, or white space at the end", &wrong);
}

#[test]
fn documentation_comments_are_sentences() {
    // The comments of the command line are its help, where lines end without a full stop.
    let sources = source_files().into_iter().filter(|source| !source.path.starts_with("src/cli/"));
    let wrong: Vec<String> =
        sources.flat_map(|source| docs::unfinished_sentences(&source)).collect();
    check("the first paragraph is a sentence", &wrong);
}
