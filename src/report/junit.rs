//! The answer to `check` as JUnit XML: a suite for each scenario, a test for each assertion.

use super::failure;
use crate::answer::{AssertionCheck, CheckAnswer, ScenarioCheck};
use crate::diag::Diagnostic;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::fmt;

/// The report cannot be written as XML.
#[derive(Debug)]
pub struct Unwritable(String);

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unwritable {}

/// The results, without times: the same answer gives the same bytes.
///
/// An assertion that does not hold is a failure; a mistake in a scenario is a test with an error.
///
/// # Errors
/// When XML cannot be made of it, which no text of an answer causes.
pub fn junit(answer: &CheckAnswer) -> Result<String, Unwritable> {
    let mut report = Report::new("hopwise");
    report.add_test_suites(answer.scenarios.iter().map(suite));
    let text = report.to_string().map_err(|error| Unwritable(error.to_string()))?;
    // The schema by which Jenkins' xUnit plugin validates takes this of suites only, not of all together.
    Ok(text.replacen(" skipped=\"0\"", "", 1))
}

fn suite(scenario: &ScenarioCheck) -> TestSuite {
    let mut suite = TestSuite::new(scenario.file.as_str());
    let assertions = scenario.assertions.iter().map(assertion);
    let tests = assertions.chain(scenario.mistakes.iter().map(mistake));
    suite.add_test_cases(tests.map(|mut test| {
        test.set_classname(scenario.file.as_str());
        test
    }));
    suite
}

fn assertion(assertion: &AssertionCheck) -> TestCase {
    if assertion.holds {
        return TestCase::new(assertion.full_name(), TestCaseStatus::success());
    }
    let differences: Vec<String> = assertion.differences.iter().map(ToString::to_string).collect();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let kind = if assertion.is_unknown { "assertion-unknown" } else { "assertion-failed" };
    status.set_type(kind).set_message(differences.join("; "));
    let at = assertion.place.to_string();
    let lines: Vec<String> = [at].into_iter().chain(failure::lines(assertion)).collect();
    status.set_description(lines.join("\n"));
    TestCase::new(assertion.full_name(), status)
}

fn mistake(mistake: &Diagnostic) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type(mistake.code).set_message(mistake.message.as_str());
    let place = mistake.place.as_ref().map(ToString::to_string);
    let lines: Vec<String> = place.into_iter().chain(mistake.hint.clone()).collect();
    status.set_description(lines.join("\n"));
    TestCase::new(mistake.message.as_str(), status)
}
