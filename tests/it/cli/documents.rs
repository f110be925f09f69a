//! Documents that are missing, broken or of another kind: what is said, and that it is exit code 2.

use super::{TWO, folder, refuses, run, run_in};

fn refuses_files(test: &str, files: &[(&str, &str)], arguments: &[&str], message: &str) {
    let folder = folder(test, files);
    let run = run_in(&folder, arguments, "");
    assert_eq!(run.err, message);
    assert_eq!((run.code, &*run.out), (2, ""));
}

#[test]
fn a_file_that_is_not_there() {
    refuses_files(
        "missing",
        &[("export.json", "[]")],
        &["inventory", "exprt.json"],
        "error[no-such-file]: there is no file `exprt.json`\n  help: did you mean `export.json`?\n",
    );
}

#[test]
fn an_empty_folder() {
    refuses_files(
        "empty-folder",
        &[("notes.txt", "")],
        &["inventory", "."],
        "error[empty-folder]: the folder `.` holds no .json, .yaml or .yml file\n  \
         help: README.md says how to export an estate from Azure into such files\n",
    );
}

#[test]
fn a_folder_of_terraform() {
    refuses_files(
        "terraform",
        &[("main.tf", "")],
        &["inventory", "."],
        "error[empty-folder]: the folder `.` holds no .json, .yaml or .yml file\n  \
         help: Terraform is read as `terraform show -json` prints a plan or a state\n",
    );
}

#[test]
fn a_file_of_another_kind() {
    refuses_files(
        "bicep",
        &[("main.bicep", "")],
        &["inventory", "main.bicep"],
        "error[foreign-file]: `main.bicep` is of a kind that is not read\n  \
         help: Bicep is read after `az bicep build --file FILE`, which writes a template\n",
    );
}

#[test]
fn every_bad_argument_is_named() {
    refuses_files(
        "two-missing",
        &[],
        &["inventory", "a.json", "b.json"],
        "error[no-such-file]: there is no file `a.json`\n\
         error[no-such-file]: there is no file `b.json`\n",
    );
}

#[test]
fn an_empty_document() {
    refuses(
        &["inventory", "-"],
        "",
        "error[empty-document]: the document is empty; expected resources as JSON or a scenario as \
         YAML\n--> -\n",
    );
}

#[test]
fn json_that_is_cut_off() {
    refuses(
        &["inventory", "-"],
        "{\"value\": [\n",
        "error[broken-json]: the document ends too early, in column 1; was it cut off?\n--> -:2\n",
    );
}

#[test]
fn json_without_resources() {
    refuses(
        &["inventory", "-"],
        "[]",
        "error[no-resources]: no Azure resource and no scenario in `-`\n  \
         help: README.md says how to export an estate, docs/scenarios.md how to write one\n",
    );
}

#[test]
fn json_that_is_something_else() {
    refuses(
        &["inventory", "-"],
        "{\"name\": \"package\", \"version\": \"1.0.0\"}",
        "error[missing-id]: `package` has no `id`\n--> -\n  \
         help: a resource has its full ARM path as `id`: `/subscriptions/…/providers/…`\n",
    );
}

#[test]
fn text_that_is_something_else() {
    refuses(
        &["inventory", "-"],
        "just text\n",
        "\
error[missing-id]: expected a resource or a list of resources, found a text
 --> -:1:1
  |
1 | just text
  | ^^^^^^^^^
  |
  = help: a resource has its full ARM path as `id`: `/subscriptions/…/providers/…`
",
    );
}

#[test]
fn text_in_utf_16() {
    let folder = folder("utf-16", &[]);
    std::fs::write(folder.join("export.json"), b"\xff\xfe[\0]\0").unwrap();
    let run = run_in(&folder, &["inventory", "export.json"], "");
    let expected = "error[not-utf-8]: the document is in UTF-16; expected UTF-8\n--> export.json\n  \
                    help: in Windows PowerShell write it with `| Out-File -Encoding utf8 FILE` \
                    instead of `>`\n";
    assert_eq!((run.code, &*run.out, &*run.err), (2, "", expected));
}

#[test]
fn yaml_with_an_open_bracket() {
    refuses(
        &["inventory", "-"],
        "network:\n  virtualNetworks:\n    - {name: a, addressPrefixes: [10.0.0.0/16]\n",
        "\
error[broken-yaml]: this is not YAML: unclosed bracket '{'
 --> -:3:7
  |
3 |     - {name: a, addressPrefixes: [10.0.0.0/16]
  |       ^
",
    );
}

#[test]
fn a_part_of_the_scenario_that_is_misspelt() {
    let run = run(&["inventory", "-"], "netwrk:\n  virtualNetworks: []\n");
    assert!(
        run.err.starts_with("error[unknown-name]: a scenario has no `netwrk`\n"),
        "{}",
        run.err
    );
    assert!(run.err.ends_with("  = help: did you mean `network`?\n"), "{}", run.err);
    assert_eq!((run.code, &*run.out), (2, ""));
}

#[test]
fn a_warning_does_not_stop_the_answer() {
    let text = "network:\n  virtualNetworks:\n    - {name: a, addressPrefixes: [10.0.0.0/33]}\n";
    let warned = run(&["inventory", "-"], text);
    let expected = "\
warning[wrong-value]: expected an address prefix, found `10.0.0.0/33`
 --> -:3:35
  |
3 |     - {name: a, addressPrefixes: [10.0.0.0/33]}
  |                                   ^^^^^^^^^^^
";
    assert_eq!((warned.code, &*warned.err), (0, expected));
    let quiet = run(&["inventory", "-", "--quiet"], text);
    assert_eq!((quiet.code, &*quiet.err), (0, ""));
    assert_eq!(quiet.out, warned.out);
}

#[test]
fn a_remark_on_json_shows_the_line() {
    let text = "[{\"id\": \"/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/a\",
  \"type\": \"Microsoft.Network/virtualNetworks\",
  \"properties\": {\"addressSpace\": {\"addressPrefixes\": [\"10.0.0.0/33\"]}}}]";
    let run = run(&["inventory", "-"], text);
    let expected = "\
warning[wrong-value]: expected an address prefix, found `10.0.0.0/33`
 --> -:3:55
  |
3 |   \"properties\": {\"addressSpace\": {\"addressPrefixes\": [\"10.0.0.0/33\"]}}}]
  |                                                       ^^^^^^^^^^^^^
";
    assert_eq!((run.code, &*run.err), (0, expected));
}

#[test]
fn a_flood_of_remarks_is_limited() {
    use std::fmt::Write;
    let mut text = "network:\n  virtualNetworks:\n".to_owned();
    for number in 0..30 {
        writeln!(text, "    - {{name: n{number}, addressPrefixes: [10.0.{number}.0/99]}}").unwrap();
    }
    let limited = run(&["inventory", "-"], &text);
    assert_eq!(limited.err.matches("warning[wrong-value]").count(), 20);
    assert!(limited.err.ends_with("and 10 more [wrong-value]; --verbose shows all of them\n"));
    let all = run(&["inventory", "-", "--verbose"], &text);
    assert_eq!(all.err.matches("warning[wrong-value]").count(), 30);
}

#[test]
fn folders_are_read_whole_and_each_file_once() {
    let files = [("b/net.yaml", TWO), (".hidden/net.yaml", "{"), ("notes.txt", "")];
    let folder = folder("whole", &files);
    let whole = run_in(&folder, &["inventory", ".", "./b/net.yaml", "b"], "");
    assert_eq!((whole.code, &*whole.err), (0, ""));
    assert!(whole.out.contains("Documents\n  ./b/net.yaml ("), "{}", whole.out);
}

#[test]
fn a_scenario_may_include_other_files() {
    let scenario = "include: exports/net.yaml\nonPremises: []\n";
    let folder = folder("include", &[("s.yaml", scenario), ("exports/net.yaml", TWO)]);
    let run = run_in(&folder, &["trace", "s.yaml", "--from", "client", "--to", "server:443"], "");
    assert_eq!((run.code, &*run.err), (0, ""));
}

#[test]
fn service_tags_that_are_none() {
    let folder = folder("tags", &[("tags.json", "{}"), ("net.yaml", TWO)]);
    let arguments = ["inventory", "net.yaml", "--service-tags", "tags.json"];
    let run = run_in(&folder, &arguments, "");
    assert_eq!((run.code, &*run.out), (2, ""));
    let start = "error[broken-service-tags]: this is not a file of service tags: ";
    assert!(run.err.starts_with(start), "{}", run.err);
}
