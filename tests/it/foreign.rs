//! The scenarios of `scenarios/foreign`: labs of other people, written from their facts. Each observation
//! is an assertion, called by its number; `docs/conformance.md` says how many agree.

use super::scenarios::{files, read};
use hopwise::import::Imported;
use std::collections::BTreeMap;
use std::path::Path;

/// How an observation fares: the last word of the names of assertions about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fares {
    Agrees,
    Unknown,
    Differs,
}

/// The names of all assertions, those of variants too.
fn names(imported: &Imported) -> Vec<String> {
    let scenario = &imported.scenarios[0];
    let own = scenario.expectations().0;
    let variants = scenario.variant_list().0;
    let theirs = variants.into_iter().flat_map(|variant| variant.expect);
    own.into_iter().chain(theirs).map(|it| it.name).collect()
}

/// How each observation fares; one with several assertions as the worst of them.
fn observations(names: &[String]) -> BTreeMap<u32, Fares> {
    let mut all = BTreeMap::new();
    for name in names {
        let number = name.split(' ').next().and_then(|word| word.strip_prefix('o')?.parse().ok());
        let Some(number) = number else { continue };
        let fares = match name.rsplit(' ').next() {
            Some("differs") => Fares::Differs,
            Some("unknown") => Fares::Unknown,
            _ => Fares::Agrees,
        };
        let worst = all.entry(number).or_insert(fares);
        *worst = fares.max(*worst);
    }
    all
}

#[test]
fn the_page_says_how_the_foreign_labs_fare() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = include_str!("../../docs/conformance.md");
    let (mut all, mut agreeing) = (0, 0);
    for path in files(&root.join("scenarios/foreign")) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let imported = read(&path);
        let observed = observations(&names(&imported));
        let numbers: Vec<u32> = observed.keys().copied().collect();
        let first_to_last: Vec<u32> = (1..).take(observed.len()).collect();
        assert_eq!(numbers, first_to_last, "{name}: observations are numbered from 1 on");
        let count = |wanted| observed.values().filter(|&&fares| fares == wanted).count();
        let [agree, unknown, differ] = [Fares::Agrees, Fares::Unknown, Fares::Differs].map(count);
        let row = format!("| `{name}` | {} | {agree} | {unknown} | {differ} |", observed.len());
        assert!(page.contains(&row), "docs/conformance.md lacks: {row}");
        for (number, _) in observed.iter().filter(|&(_, &fares)| fares != Fares::Agrees) {
            let row = format!("| `{name}` | o{number} |");
            assert!(page.contains(&row), "docs/conformance.md does not explain: {row}");
        }
        let source = imported.scenarios[0].documentation().and_then(|it| it.as_text());
        assert!(page.contains(source.unwrap()), "docs/conformance.md does not name the source");
        (all, agreeing) = (all + observed.len(), agreeing + agree);
    }
    println!("{agreeing} of {all} observations agree");
    assert!(agreeing * 20 >= all * 17, "{agreeing} of {all} observations agree");
}
