//! Sequence diagrams of dataflows: by a grammar of the part of Mermaid that they use.
//!
//! The grammar is that of Mermaid's own documentation of sequence diagrams: one statement a line; in a
//! text, `;` and `#` end it unless they are an entity such as `#59;`.

#![expect(clippy::string_slice, reason = "cut where a search has found something")]

use super::scenarios::{compile_with, files, read};
use hopwise::answer::{DataflowAnswer, Outcome};
use hopwise::question;
use hopwise::report::mermaid::mermaid;
use std::collections::BTreeSet;
use std::path::Path;

const ARROWS: [&str; 6] = ["-->>", "->>", "--)", "-x", "-)", "->"];

/// What is wrong with a diagram.
fn faults(diagram: &str) -> Vec<String> {
    let mut lines = diagram.lines();
    let mut faults = Vec::new();
    if lines.next() != Some("sequenceDiagram") {
        faults.push("no `sequenceDiagram` at the start".to_owned());
    }
    let (mut known, mut open) = (BTreeSet::new(), 0);
    for line in lines {
        if let Err(fault) = statement(line.trim(), &mut known, &mut open) {
            faults.push(format!("{fault}: {line}"));
        }
    }
    if open != 0 {
        faults.push(format!("{open} boxes stay open"));
    }
    faults
}

fn statement<'a>(
    line: &'a str,
    known: &mut BTreeSet<&'a str>,
    open: &mut i32,
) -> Result<(), &'static str> {
    if let Some(rest) = line.strip_prefix("participant ") {
        let (id, alias) = rest.split_once(" as ").ok_or("no alias")?;
        if !known.insert(identifier(id)?) {
            return Err("declared twice");
        }
        return text(alias);
    }
    if let Some(title) = line.strip_prefix("title ") {
        return text(title);
    }
    if let Some(rest) = line.strip_prefix("Note over ") {
        let (over, note) = rest.split_once(": ").ok_or("no text")?;
        let mut ends = over.split(',');
        if over.split(',').count() > 2 || !ends.all(|end| known.contains(end)) {
            return Err("not over one or two participants");
        }
        return text(note);
    }
    if let Some(colour) = line.strip_prefix("rect ") {
        *open += 1;
        let numbers = colour.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')'));
        let numbers = numbers.ok_or("no colour")?.split(", ").map(str::parse::<u8>);
        let numbers: Result<Vec<u8>, _> = numbers.collect();
        return if numbers.is_ok_and(|it| it.len() == 3) { Ok(()) } else { Err("no colour") };
    }
    if line == "end" {
        *open -= 1;
        return if *open < 0 { Err("nothing to end") } else { Ok(()) };
    }
    let (ends, message) = line.split_once(": ").ok_or("no statement")?;
    let arrow = ARROWS.iter().find(|arrow| ends.contains(**arrow)).ok_or("no arrow")?;
    let (from, to) = ends.split_once(arrow).ok_or("no arrow")?;
    if !known.contains(from) || !known.contains(to) {
        return Err("between unknown participants");
    }
    text(message)
}

fn identifier(id: &str) -> Result<&str, &'static str> {
    let is_plain = !id.is_empty() && id.chars().all(|letter| letter.is_ascii_alphanumeric());
    if is_plain { Ok(id) } else { Err("no identifier") }
}

/// A text is not empty, and holds neither `;` nor `#` but in entities, and no tag but line breaks.
fn text(text: &str) -> Result<(), &'static str> {
    if text.trim().is_empty() {
        return Err("no text");
    }
    let mut rest = text.replace("<br/>", " ");
    while let Some(start) = rest.find('#') {
        let end = rest[start..].find(';').ok_or("an entity without an end")? + start;
        let is_number = rest[start + 1..end].parse::<u32>().is_ok();
        if !is_number {
            return Err("a `#` that is no entity");
        }
        rest.replace_range(start..=end, "");
    }
    if rest.contains([';', '<', '>']) { Err("not escaped") } else { Ok(()) }
}

/// Every step is there by its number, and everything that stops it.
fn misses(answer: &DataflowAnswer, diagram: &str) -> Vec<String> {
    let steps = answer.legs.iter().flat_map(|leg| &leg.steps);
    let steps = steps.map(|step| format!(": {}. ", step.number));
    let reasons = answer.hindrances.iter().map(|it| match it.outcome {
        Outcome::Unsure => format!("UNKNOWN ({})", it.reason),
        Outcome::Passed | Outcome::Stopped => format!("FAILS ({})", it.reason),
    });
    let words = |text: &str| text.replace("<br/>", " ");
    let flat = words(diagram);
    steps.chain(reasons).filter(|wanted| !flat.contains(wanted)).collect()
}

#[test]
fn every_dataflow_of_every_variant_is_drawn() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let (mut drawn, mut failing) = (0, 0);
    for path in files(&root) {
        let imported = read(&path);
        let scenario = &imported.scenarios[0];
        let dataflows = scenario.dataflows().0;
        if dataflows.is_empty() {
            continue;
        }
        let variants = scenario.variant_list().0;
        for variant in std::iter::once(None).chain(variants.iter().map(Some)) {
            let mut snapshot = imported.snapshot.clone();
            if let Some(variant) = variant {
                assert_eq!(scenario.apply(variant, &mut snapshot), []);
            }
            let plane = compile_with(snapshot).unwrap();
            for dataflow in &dataflows {
                let mut answer = question::dataflow(&plane, dataflow).unwrap();
                answer.variant = variant.map(|variant| variant.name.clone());
                for details in [true, false] {
                    let diagram = mermaid(&answer, details);
                    let what =
                        format!("{path:?} {:?} {}\n{diagram}", answer.variant, answer.dataflow);
                    assert_eq!(faults(&diagram), <[String; 0]>::default(), "{what}");
                    assert_eq!(misses(&answer, &diagram), <[String; 0]>::default(), "{what}");
                }
                drawn += 1;
                failing += usize::from(!answer.hindrances.is_empty());
            }
        }
    }
    assert!(drawn > 300 && failing > 200, "{drawn} drawn, {failing} of them failing");
}

#[test]
fn the_grammar_sees_faults() {
    let of = |line: &str| faults(&format!("sequenceDiagram\nparticipant p1 as a\n{line}\n"));
    assert_eq!(of("p1->>p1: a#59; b<br/>c"), <[String; 0]>::default());
    for wrong in [
        "p1->>p2: a",
        "p1->>p1: a; b",
        "p1->>p1: a #1",
        "p1->>p1: a <b>",
        "p1->>p1:",
        "p1=p1: a",
        "participant p1 as b",
        "Note over p1,p3: a",
        "rect red",
        "end",
    ] {
        assert!(!of(wrong).is_empty(), "{wrong}");
    }
    assert!(!faults("sequenceDiagram\nrect rgb(1, 2, 3)\n").is_empty());
    assert!(!faults("flowchart\n").is_empty());
}
