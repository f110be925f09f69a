//! What of a result has another shape than the service gives it.

use crate::azure::tree::{Node, Value};
use crate::diag::Diagnostic;

/// Remarks, with where they belong.
type Remarks = Vec<(String, Diagnostic)>;

/// The words for what happens to a resource.
const CHANGES: [&str; 7] =
    ["Create", "Delete", "Deploy", "Ignore", "Modify", "NoChange", "Unsupported"];
/// The words for what happens to a property.
const OF_PROPERTIES: [&str; 5] = ["Array", "Create", "Delete", "Modify", "NoEffect"];

/// Everything in `result`, which stands at `pointer`, that cannot be read. A result that `failed` has no changes.
pub(super) fn wrong(result: &Node, pointer: &str, failed: bool) -> Remarks {
    let mut found = Remarks::new();
    for (list, is_needed) in [("changes", !failed), ("potentialChanges", false)] {
        let pointer = format!("{pointer}/{list}");
        match result.get(list) {
            None => {}
            Some(Node { value: Value::Null, .. }) if !is_needed => {}
            Some(Node { value: Value::List(nodes), .. }) => {
                let nodes = nodes.iter().enumerate();
                nodes.for_each(|(at, node)| change(node, &format!("{pointer}/{at}"), &mut found));
            }
            Some(other) => found.push((pointer, expected("a list of changes", other))),
        }
    }
    found
}

/// Is it an object that says what happens?
pub(super) fn is_change(node: &Node) -> bool {
    super::text(node, "changeType").is_some()
}

fn change(node: &Node, pointer: &str, found: &mut Remarks) {
    if !is_change(node) {
        let what = "an object with `resourceId` and `changeType`";
        return found.push((pointer.to_owned(), expected(what, node)));
    }
    word(node, "changeType", &CHANGES, pointer, found);
    for side in ["before", "after"] {
        let wrong = node.get(side).filter(|it| !matches!(it.value, Value::Object(_) | Value::Null));
        let wrong =
            wrong.map(|it| (format!("{pointer}/{side}"), expected("a resource or null", it)));
        found.extend(wrong);
    }
    properties(node, "delta", pointer, found);
}

/// A tree of changes of properties.
fn properties(owner: &Node, name: &str, pointer: &str, found: &mut Remarks) {
    let pointer = format!("{pointer}/{name}");
    match owner.get(name) {
        None | Some(Node { value: Value::Null, .. }) => {}
        Some(Node { value: Value::List(nodes), .. }) => {
            for (at, node) in nodes.iter().enumerate() {
                property(node, &format!("{pointer}/{at}"), found);
            }
        }
        Some(other) => found.push((pointer, expected("a list of changes of properties", other))),
    }
}

fn property(node: &Node, pointer: &str, found: &mut Remarks) {
    let is_one =
        super::text(node, "path").is_some() && super::text(node, "propertyChangeType").is_some();
    if !is_one {
        let what = "an object with `path` and `propertyChangeType`";
        return found.push((pointer.to_owned(), expected(what, node)));
    }
    word(node, "propertyChangeType", &OF_PROPERTIES, pointer, found);
    properties(node, "children", pointer, found);
}

/// Whatever the service may come to say is a change that cannot be told.
fn word(node: &Node, name: &str, words: &[&str], pointer: &str, found: &mut Remarks) {
    let text = super::text(node, name).unwrap_or_default();
    if !words.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        let message = format!("expected one of `{}`, found `{text}`", words.join("`, `"));
        let remark = Diagnostic::warning("wrong-value", message);
        found.push((format!("{pointer}/{name}"), remark));
    }
}

fn expected(what: &str, found: &Node) -> Diagnostic {
    let kind = match (&found.value, what.starts_with("an object with")) {
        (Value::Object(_), true) => "an object without these",
        _ => found.kind(),
    };
    Diagnostic::error("wrong-value", format!("expected {what}, found {kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::json;

    #[test]
    fn what_has_another_shape_is_pointed_at() {
        let all = "`Create`, `Delete`, `Deploy`, `Ignore`, `Modify`, `NoChange`, `Unsupported`";
        let of_properties = "`Array`, `Create`, `Delete`, `Modify`, `NoEffect`";
        for (text, pointer, message) in [
            (r#"{"changes": null}"#, "/changes", "expected a list of changes, found null".to_owned()),
            (r#"{"changes": {}}"#, "/changes", "expected a list of changes, found an object".into()),
            (
                r#"{"changes": [], "potentialChanges": "none"}"#,
                "/potentialChanges",
                "expected a list of changes, found a text".into(),
            ),
            (
                r#"{"changes": [{"changeType": "Ignore"}, "x"]}"#,
                "/changes/1",
                "expected an object with `resourceId` and `changeType`, found a text".into(),
            ),
            (
                r#"{"changes": [{"resourceId": "/x"}]}"#,
                "/changes/0",
                "expected an object with `resourceId` and `changeType`, found an object without these".into(),
            ),
            (
                r#"{"changes": [{"changeType": "Replace"}]}"#,
                "/changes/0/changeType",
                format!("expected one of {all}, found `Replace`"),
            ),
            (
                r#"{"potentialChanges": [{"changeType": "Create", "after": []}]}"#,
                "/potentialChanges/0/after",
                "expected a resource or null, found a list".into(),
            ),
            (
                r#"{"changes": [{"changeType": "Modify", "delta": {"path": "x"}}]}"#,
                "/changes/0/delta",
                "expected a list of changes of properties, found an object".into(),
            ),
            (
                r#"{"changes": [{"changeType": "Modify", "delta": [{"path": "a",
                    "propertyChangeType": "Array", "children": [{"path": "0"}]}]}]}"#,
                "/changes/0/delta/0/children/0",
                "expected an object with `path` and `propertyChangeType`, found an object without these".into(),
            ),
            (
                r#"{"changes": [{"changeType": "Modify", "delta": [
                    {"path": "a", "propertyChangeType": "Gone"}]}]}"#,
                "/changes/0/delta/0/propertyChangeType",
                format!("expected one of {of_properties}, found `Gone`"),
            ),
        ] {
            let said = wrong(&json::tree(text).unwrap(), "", false);
            let said: Vec<_> = said.iter().map(|(at, it)| (&**at, &*it.message)).collect();
            assert_eq!(said, [(pointer, &*message)], "{text}");
        }
    }

    #[test]
    fn what_the_service_gives_is_as_it_should_be() {
        for (text, failed) in [
            (r#"{"changes": null, "potentialChanges": null}"#, true),
            (
                r#"{"changes": [{"changeType": "Modify", "before": {}, "after": null, "delta": [
                    {"path": "properties.x", "propertyChangeType": "Array", "children": [
                        {"path": "0", "propertyChangeType": "Modify", "children": null}]}]}]}"#,
                false,
            ),
        ] {
            assert_eq!(wrong(&json::tree(text).unwrap(), "", failed), [], "{text}");
        }
    }
}
