//! Ids of resources.

use super::{Arguments, Given};
use crate::azure::tree::Node;
use crate::import::template::evaluate::Evaluator;
use crate::import::template::scope;
use crate::import::template::value;

/// What `name` gives; none when it makes no id.
pub(super) fn call(
    evaluator: &Evaluator<'_, '_>,
    name: &str,
    arguments: Arguments<'_>,
) -> Option<Given> {
    let scope = &evaluator.frame.scope;
    Some(match name {
        "resourceid" => in_group(arguments, scope),
        "subscriptionresourceid" => in_subscription(arguments, scope),
        "tenantresourceid" => composed(arguments, "", 0),
        "managementgroupresourceid" => composed(arguments, "", 0),
        "extensionresourceid" => {
            arguments.get(0).map(value::as_text).and_then(|base| composed(arguments, &base, 1))
        }
        _ => return None,
    })
}

/// `resourceId([subscription], [group], type, names…)`.
fn in_group(arguments: Arguments<'_>, scope: &scope::Scope) -> Given {
    let at = type_position(arguments)?;
    let text = |at: usize| arguments.nodes.get(at).map(value::as_text).unwrap_or_default();
    let base = match at {
        0 => scope.base(),
        1 => format!("{}/resourceGroups/{}", scope.subscription_id(), text(0)),
        _ => format!("/subscriptions/{}/resourceGroups/{}", text(0), text(1)),
    };
    composed(arguments, &base, at)
}

fn in_subscription(arguments: Arguments<'_>, scope: &scope::Scope) -> Given {
    let at = type_position(arguments)?;
    let base = match arguments.nodes.first().filter(|_| at > 0) {
        Some(subscription) => format!("/subscriptions/{}", value::as_text(subscription)),
        None => scope.subscription_id(),
    };
    composed(arguments, &base, at)
}

/// The position of the argument that is a type: the first with a slash.
fn type_position(arguments: Arguments<'_>) -> Result<usize, String> {
    let is_type = |node: &Node| node.as_text().is_some_and(|text| text.contains('/'));
    let at = arguments.nodes.iter().position(is_type);
    at.filter(|at| *at <= 2).ok_or_else(|| arguments.wrong())
}

fn composed(arguments: Arguments<'_>, base: &str, at: usize) -> Given {
    let rest = arguments.nodes.get(at..).unwrap_or_default();
    if let Some(unknown) = rest.iter().find_map(Node::as_unknown) {
        return Ok(value::unknown(unknown.clone()));
    }
    let (full_type, names) = rest.split_first().ok_or_else(|| arguments.wrong())?;
    let names: Vec<String> = names.iter().map(value::as_text).collect();
    let full_name = names.join("/");
    let id = scope::compose(base, &value::as_text(full_type), &full_name);
    id.map(value::text).ok_or_else(|| {
        format!("`{}` needs a type and as many names as the type has parts", arguments.name)
    })
}
