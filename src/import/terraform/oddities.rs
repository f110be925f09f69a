//! What is wrong with a document of Terraform, so that nothing of it is lost without a word.

use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;
use std::collections::BTreeSet;

/// Remarks, with where they belong.
type Remarks = Vec<(String, Diagnostic)>;

/// What of `document` cannot be read, and whether it is all of a change.
pub(super) fn of(document: &Node) -> Remarks {
    let mut found = Remarks::new();
    found.extend(version(document).map(|remark| ("/format_version".to_owned(), remark)));
    if document.get("errored").is_some_and(|it| it.value == Value::Bool(true)) {
        let message =
            "this plan was not finished, as Terraform met an error: changes may be missing";
        found.push(("/errored".to_owned(), Diagnostic::warning("unfinished-plan", message)));
    } else if document.get("complete").is_some_and(|it| it.value == Value::Bool(false)) {
        let message = "this plan is about a part of the configuration only: other changes are still to be planned";
        found.push(("/complete".to_owned(), Diagnostic::warning("partial-plan", message)));
    }
    found.extend(deferred(document));
    found.extend(drift(document).map(|remark| ("/resource_drift".to_owned(), remark)));
    let changes = document.get("resource_changes").and_then(Node::as_list).unwrap_or_default();
    let forgotten: BTreeSet<&str> = changes.iter().filter_map(forgotten).collect();
    found.extend(changes.iter().enumerate().filter_map(stays));
    for (way, pointer) in [
        (&["values"][..], "/values"),
        (&["planned_values"], "/planned_values"),
        (&["prior_state", "values"], "/prior_state/values"),
    ] {
        let values = way.iter().try_fold(document, |node, name| node.get(name));
        let Some(values) = values.filter(|it| it.value != Value::Null) else { continue };
        let is_empty = matches!(&values.value, Value::Object(members) if members.is_empty());
        match values.get("root_module") {
            Some(root) => module(root, &format!("{pointer}/root_module"), &forgotten, &mut found),
            None if is_empty => {}
            None => {
                let remark = expected("an object with `root_module`", values);
                found.push((pointer.to_owned(), remark));
            }
        }
    }
    found
}

/// Changes that Terraform puts off until it knows more: this plan does not make them.
fn deferred(document: &Node) -> Remarks {
    let all = document.get("deferred_changes").and_then(Node::as_list).unwrap_or_default();
    let addresses =
        all.iter().filter_map(|it| it.get("resource_change")?.get("address")?.as_text());
    let said = |(at, address): (usize, &str)| {
        let message = format!(
            "the change of `{address}` is deferred: this plan does not make it, a later one will"
        );
        (format!("/deferred_changes/{at}"), Diagnostic::warning("deferred-change", message))
    };
    addresses.enumerate().map(said).collect()
}

/// How many of those that were changed outside are named.
const NAMED: usize = 5;

/// What Terraform found changed outside of it: the prior state has it already, so that both sides do.
fn drift(document: &Node) -> Option<Diagnostic> {
    let all = document.get("resource_drift").and_then(Node::as_list).unwrap_or_default();
    let names: Vec<String> = all.iter().filter_map(drifted).collect();
    let (first, rest) = names.split_at(names.len().min(NAMED));
    let what = match names.as_slice() {
        [] => return None,
        [_] => "1 resource was changed".to_owned(),
        _ => format!("{} resources were changed", names.len()),
    };
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    let message = format!(
        "{what} outside of Terraform, which the comparison has on both sides: {}{more}",
        first.join(", ")
    );
    Some(Diagnostic::note("resource-drift", message))
}

/// The address of a resource of Azure that is not as Terraform left it.
fn drifted(change: &Node) -> Option<String> {
    let is_azure = |kind: &str| ["azurerm_", "azapi_"].iter().any(|start| kind.starts_with(start));
    change.get("type")?.as_text().filter(|kind| is_azure(kind))?;
    let actions = change.get("change")?.get("actions")?.as_list()?;
    let does = |action: &str| actions.iter().any(|it| it.as_text() == Some(action));
    let address = change.get("address")?.as_text()?;
    match (does("delete"), does("no-op")) {
        (true, _) => Some(format!("`{address}` (deleted)")),
        (false, true) => None,
        (false, false) => Some(format!("`{address}`")),
    }
}

/// What a change makes Terraform forget, without destroying it.
fn forgotten(change: &Node) -> Option<&str> {
    let actions = change.get("change")?.get("actions")?.as_list()?;
    let is_it = actions.iter().any(|it| it.as_text() == Some("forget"));
    change.get("address")?.as_text().filter(|_| is_it)
}

fn stays((at, change): (usize, &Node)) -> Option<(String, Diagnostic)> {
    let message = format!("Terraform forgets `{}`, which stays in Azure", forgotten(change)?);
    Some((format!("/resource_changes/{at}"), Diagnostic::note("forgotten-resource", message)))
}

/// Within a major version nothing is taken away, says Terraform; another one may mean anything.
fn version(document: &Node) -> Option<Diagnostic> {
    let version = document.get("format_version")?;
    let known = version.as_text().and_then(|text| text.split_once('.'));
    if known.is_some_and(|(major, _)| ["0", "1"].contains(&major)) {
        return None;
    }
    let written = version.as_text().map(|text| format!("`{text}`"));
    let written = written.unwrap_or_else(|| version.kind().to_owned());
    let message = format!("expected `0.x` or `1.x` as the version of the format, found {written}");
    let hint = "what this version of Terraform writes is not known here";
    Some(Diagnostic::error("unknown-format", message).hint(hint))
}

/// Addresses of what is listed without values, as nothing is planned for it.
type Bare<'d> = BTreeSet<&'d str>;

fn module(module: &Node, pointer: &str, bare: &Bare<'_>, found: &mut Remarks) {
    if !matches!(module.value, Value::Object(_)) {
        found.push((pointer.to_owned(), expected("an object", module)));
    }
    let mut each = |name: &str, read: fn(&Node, &str, &Bare<'_>, &mut Remarks)| {
        let pointer = format!("{pointer}/{name}");
        match module.get(name) {
            None => {}
            Some(Node { value: Value::List(nodes), .. }) => {
                let nodes = nodes.iter().enumerate();
                nodes.for_each(|(at, node)| read(node, &format!("{pointer}/{at}"), bare, found));
            }
            Some(other) => found.push((pointer, expected("a list", other))),
        }
    };
    each("resources", resource);
    each("child_modules", self::module);
}

fn resource(resource: &Node, pointer: &str, bare: &Bare<'_>, found: &mut Remarks) {
    let texts = ["address", "type", "name"];
    let missing = texts.iter().find(|name| resource.get(name).and_then(Node::as_text).is_none());
    if let Some(missing) = missing {
        let message = format!("this resource has no `{missing}`, and is left out");
        found.push((pointer.to_owned(), Diagnostic::warning("not-read", message)));
    } else if !resource.get("values").is_some_and(|it| matches!(it.value, Value::Object(_))) {
        let address = resource.get("address").and_then(Node::as_text).unwrap_or_default();
        if bare.contains(address) {
            return;
        }
        let message = format!("`{address}` has no `values`: nothing but its type is known");
        found.push((pointer.to_owned(), Diagnostic::warning("not-read", message)));
    }
}

fn expected(what: &str, found: &Node) -> Diagnostic {
    Diagnostic::warning("wrong-value", format!("expected {what}, found {}", found.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::json;

    /// Where something is wrong with the document, and what.
    fn said(text: &str) -> Vec<String> {
        let found = of(&json::tree(text).unwrap());
        found.into_iter().map(|(pointer, it)| format!("{pointer}: {}", it.message)).collect()
    }

    #[test]
    fn what_is_not_read_is_said() {
        assert_eq!(said(r#"{"values": {}}"#), [""; 0]);
        assert_eq!(
            said(r#"{"prior_state": {"values": {"root_module": {}}}, "errored": false}"#),
            [""; 0]
        );
        assert_eq!(said(r#"{"format_version": "0.2"}"#), [""; 0]);
        for (text, expected) in [
            (
                r#"{"format_version": "2.0"}"#,
                "/format_version: expected `0.x` or `1.x` as the version of the format, found `2.0`",
            ),
            (
                r#"{"format_version": 1}"#,
                "/format_version: expected `0.x` or `1.x` as the version of the format, found a number",
            ),
            (
                r#"{"errored": true}"#,
                "/errored: this plan was not finished, as Terraform met an error: changes may be missing",
            ),
            (
                r#"{"planned_values": []}"#,
                "/planned_values: expected an object with `root_module`, found a list",
            ),
            (
                r#"{"values": {"root_module": {"resources": {}}}}"#,
                "/values/root_module/resources: expected a list, found an object",
            ),
            (
                r#"{"values": {"root_module": {"child_modules": [{"resources": [{"type": "t", "name": "n"}]}]}}}"#,
                "/values/root_module/child_modules/0/resources/0: this resource has no `address`, and is left out",
            ),
            (
                r#"{"values": {"root_module": {"resources": [{"address": "t.n", "type": "t", "name": "n"}]}}}"#,
                "/values/root_module/resources/0: `t.n` has no `values`: nothing but its type is known",
            ),
        ] {
            assert_eq!(said(text), [expected], "{text}");
        }
    }
}
