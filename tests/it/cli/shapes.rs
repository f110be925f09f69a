//! Documents of another shape than their tools write: each message points at the very value, and says what was
//! expected. Lines and columns are counted by hand.

use super::{folder, run_in};

/// What `hopwise` with `arguments` says of the document `in.json`, which it refuses.
fn refused(test: &str, text: &str, arguments: &[&str]) -> String {
    let folder = folder(&format!("shapes-{test}"), &[("in.json", text)]);
    let run = run_in(&folder, arguments, "");
    assert_eq!((run.code, &*run.out), (2, ""), "{test}");
    run.err
}

fn says(test: &str, text: &str, arguments: &[&str], message: &[&str]) {
    let said = refused(test, text, arguments);
    for part in message {
        assert!(said.contains(part), "{test}: no `{part}` in\n{said}");
    }
}

const WHAT_IF: [&str; 3] = ["diff", "--what-if", "in.json"];

#[test]
fn a_what_if_that_failed_says_why() {
    let text = r#"{
  "status": "Failed",
  "changes": null,
  "error": {"code": "InvalidTemplate", "message": "The template is not valid."}
}"#;
    let why =
        "error[failed-what-if]: the what-if failed: InvalidTemplate: The template is not valid.";
    says("failed", text, &WHAT_IF, &[why, "in.json:4:12"]);
    let text = "{\n  \"status\": \"Failed\",\n  \"changes\": null\n}";
    says(
        "failed-silently",
        text,
        &WHAT_IF,
        &["the what-if failed: nothing is said about it", "in.json:2:13"],
    );
}

#[test]
fn changes_of_another_shape_are_pointed_at() {
    let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/routeTables/t";
    let change = |more: &str| {
        format!(
            "{{\n  \"status\": \"Succeeded\",\n  \"changes\": [\n    {{\"resourceId\": \"{id}\", \"changeType\": \"Modify\",\n     {more}}}]\n}}"
        )
    };
    for (test, text, message, at) in [
        (
            "null",
            "{\n  \"status\": \"Succeeded\",\n  \"changes\": null\n}".to_owned(),
            "expected a list of changes, found null",
            "in.json:3:14",
        ),
        (
            "object",
            "{\n  \"changes\": {},\n  \"status\": \"Succeeded\"\n}".to_owned(),
            "expected a list of changes, found an object",
            "in.json:2:14",
        ),
        (
            "element",
            "{\n  \"status\": \"Succeeded\",\n  \"changes\": [\n    7]\n}".to_owned(),
            "expected an object with `resourceId` and `changeType`, found a number",
            "in.json:4:5",
        ),
        (
            "delta",
            change("\"before\": {}, \"after\": {}, \"delta\": {}"),
            "expected a list of changes of properties, found an object",
            "in.json:5:42",
        ),
        (
            "tree",
            change("\"before\": {}, \"after\": {}, \"delta\": [\n7]"),
            "expected an object with `path` and `propertyChangeType`, found a number",
            "in.json:6:1",
        ),
        (
            "potential",
            "{\n  \"status\": \"Succeeded\",\n  \"changes\": [],\n  \"potentialChanges\": 3\n}"
                .to_owned(),
            "expected a list of changes, found a number",
            "in.json:4:23",
        ),
    ] {
        says(test, &text, &WHAT_IF, &["error[wrong-value]", message, at]);
    }
}

#[test]
fn a_format_of_terraform_that_is_not_known_is_refused() {
    let text = r#"{
  "format_version": "2.1",
  "terraform_version": "9.0.0",
  "values": {"root_module": {"resources": []}}
}"#;
    let message =
        "error[unknown-format]: expected `0.x` or `1.x` as the version of the format, found `2.1`";
    says("terraform", text, &["inventory", "in.json"], &[message, "in.json:2:21"]);
}

#[test]
fn parameters_that_are_a_list_are_refused() {
    const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [{"type": "Microsoft.Network/routeTables", "apiVersion": "2024-05-01", "name": "t", "properties": {}}]
}"#;
    let text = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
  "parameters": []
}"#;
    let folder = folder("shapes-parameters", &[("main.json", TEMPLATE), ("given.json", text)]);
    for arguments in [
        &["inventory", "main.json", "given.json"][..],
        &["inventory", "main.json", "--parameters", "given.json"],
    ] {
        let run = run_in(&folder, arguments, "");
        assert_eq!((run.code, &*run.out), (2, ""), "{}", run.err);
        let message = "error[wrong-value]: expected an object of parameters by name, found a list";
        assert!(run.err.contains(message) && run.err.contains("given.json:3:17"), "{}", run.err);
    }
}

#[test]
fn lines_before_json_are_said_to_be_too_many() {
    let text = "WARNING: A new release is available: v1.\n{\n  \"changes\": [],\n  \"status\": \"Succeeded\"\n}\n";
    let said = ["in.json:1:", "JSON begins in line 2", "--only-show-errors"];
    says("warning", text, &WHAT_IF, &said);
    says("warning-inventory", text, &["inventory", "in.json"], &said);
}

#[test]
fn results_about_stacks_are_refused_as_such() {
    let text = r#"{
  "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Resources/deploymentStacksWhatIfResults/w",
  "name": "w",
  "type": "Microsoft.Resources/deploymentStacksWhatIfResults",
  "properties": {"changes": {"resourceChanges": []}}
}"#;
    says("stack", text, &WHAT_IF, &["is no result of a what-if", "deployment stacks are not read"]);
}

#[test]
fn a_state_of_an_old_format_is_said_to_be_one() {
    let text = r#"{
  "version": 3,
  "terraform_version": "0.11.14",
  "modules": [{"path": ["root"], "resources": {"azurerm_virtual_network.v": {}}}]
}"#;
    let said = "error[not-read]: this is a state of Terraform 0.11.14 in a format that is not read";
    says("old-state", text, &["inventory", "in.json"], &[said, "terraform show -json"]);
}
