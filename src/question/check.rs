//! Do the assertions of a scenario hold, and those of its variants?

use super::assertion::judge;
use crate::answer::{AssertionCheck, ScenarioCheck};
use crate::azure::Snapshot;
use crate::dataplane::Dataplane;
use crate::diag::{Diagnostic, Severity};
use crate::import::Imported;
use crate::import::scenario::Scenario;
use crate::scenario::{Dataflow, Expectation, Variant};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// A network as packets see it, and remarks on what it was made of.
#[derive(Debug)]
pub struct Compiled {
    /// None when there is an error among the remarks.
    pub plane: Option<Dataplane>,
    /// Everything there is to say about the input.
    pub remarks: Vec<Diagnostic>,
}

/// The assertions of a scenario, and remarks that kept none from being judged.
#[derive(Debug)]
pub struct Checked {
    /// What was found.
    pub answer: ScenarioCheck,
    /// What is odd about the input; about a variant, which is odd by purpose, as notes.
    pub remarks: Vec<Diagnostic>,
}

/// Checks the assertions of `scenario`, which was read together with everything in `imported`.
///
/// `compile` makes a network of what was read, or of a variant of it. Variants are judged in parallel;
/// the answer is in the order of the file all the same. What keeps an assertion from being judged, such
/// as a name that nothing has, is among the mistakes of the answer, and the rest is judged.
pub fn check(
    imported: &Imported,
    scenario: &Scenario,
    compile: &(dyn Fn(Snapshot) -> Compiled + Sync),
) -> Checked {
    let mut found = Part::default();
    found.remark(imported.snapshot.diagnostics.clone(), Severity::Error);
    let is_broken = !found.mistakes.is_empty();
    let (dataflows, wrong) = scenario.dataflows();
    found.mistakes.extend(wrong);
    let (expectations, wrong) = scenario.expectations();
    found.mistakes.extend(wrong);
    let (variants, wrong) = scenario.variant_list();
    found.mistakes.extend(wrong);
    let judging = Judging { imported, scenario, dataflows: &dataflows, compile };
    let base = std::iter::once((None, &*expectations));
    let of_variants = variants.iter().map(|variant| (Some(variant), &*variant.expect));
    let runs: Vec<_> = base.chain(of_variants).filter(|_| !is_broken).collect();
    let parts = runs.into_par_iter().map(|(variant, expect)| judging.part(variant, expect));
    let parts: Vec<Part> = parts.collect();
    let Part { assertions, mistakes, remarks } = parts.into_iter().fold(found, Part::and);
    let file = scenario.file().to_string();
    let (mistakes, remarks) = (each_once(mistakes), each_once(remarks));
    Checked {
        answer: ScenarioCheck { file, assertions, mistakes, coverage: None, mutation: None },
        remarks,
    }
}

/// What the parts of a scenario are judged by.
struct Judging<'a> {
    imported: &'a Imported,
    scenario: &'a Scenario,
    dataflows: &'a [Dataflow],
    compile: &'a (dyn Fn(Snapshot) -> Compiled + Sync),
}

impl Judging<'_> {
    /// Judges what is expected of the scenario as it is, or of a variant.
    fn part(&self, variant: Option<&Variant>, expect: &[Expectation]) -> Part {
        let mut part = Part::default();
        if variant.is_some() && expect.is_empty() {
            return part;
        }
        let mut snapshot = self.imported.snapshot.clone();
        if let Some(variant) = variant {
            part.mistakes = self.scenario.apply(variant, &mut snapshot);
            if !part.mistakes.is_empty() {
                return part;
            }
        }
        let compiled = (self.compile)(snapshot);
        let oddness_max = if variant.is_some() { Severity::Note } else { Severity::Error };
        part.remark(compiled.remarks, oddness_max);
        let Some(plane) = compiled.plane else { return part };
        for expected in expect {
            match judge(&plane, self.dataflows, expected) {
                Ok(assertion) => {
                    let variant = variant.map(|variant| variant.name.clone());
                    part.assertions.push(AssertionCheck { variant, ..assertion });
                }
                Err(mistakes) => part.mistakes.extend(mistakes),
            }
        }
        part
    }
}

/// A part of what is found.
#[derive(Default)]
struct Part {
    assertions: Vec<AssertionCheck>,
    mistakes: Vec<Diagnostic>,
    remarks: Vec<Diagnostic>,
}

impl Part {
    /// Adds remarks: errors are mistakes, the rest is no worse than `worst`.
    fn remark(&mut self, remarks: Vec<Diagnostic>, worst: Severity) {
        for mut remark in remarks {
            if remark.severity == Severity::Error {
                self.mistakes.push(remark);
            } else {
                remark.severity = remark.severity.min(worst);
                self.remarks.push(remark);
            }
        }
    }

    /// This, then the other.
    fn and(mut self, other: Self) -> Self {
        self.assertions.extend(other.assertions);
        self.mistakes.extend(other.mistakes);
        self.remarks.extend(other.remarks);
        self
    }
}

/// Leaves out what was said before, were it more severely.
fn each_once(remarks: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut said = BTreeSet::new();
    let is_new = |remark: &Diagnostic| {
        said.insert(Diagnostic { severity: Severity::Note, ..remark.clone() })
    };
    remarks.into_iter().filter(is_new).collect()
}
