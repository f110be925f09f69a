//! ARM templates: from parameters, variables and expressions to the resources they would deploy.
//!
//! A small part of the language, enough for templates that are nearly literal. What is beyond it
//! stays as it is written, and a diagnostic says so. Nested deployments are not expanded.

mod evaluate;
mod expression;
mod functions;

use crate::diag::Diagnostic;
use evaluate::Evaluator;
use serde_json::{Map, Value};

/// A template with more copies of one resource than ARM allows is cut there.
const COPIES_MAX: i64 = 800;

/// Parts of parts of parts: deeper nesting of `resources` than ARM has is not followed.
const NESTING_MAX: usize = 5;

/// Where a template is deployed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The id of the subscription.
    pub subscription: String,
    /// The name of the resource group.
    pub resource_group: String,
    /// The region of the resource group, where known.
    pub location: Option<String>,
}

impl Scope {
    /// The id of the resource group.
    #[must_use]
    pub fn group_id(&self) -> String {
        format!("/subscriptions/{}/resourceGroups/{}", self.subscription, self.resource_group)
    }
}

/// What a template deploys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expanded {
    /// The resources in the order written, each with its `id`; parts follow what they belong to.
    pub resources: Vec<Value>,
    /// What could not be evaluated.
    pub diagnostics: Vec<Diagnostic>,
}

/// Expands `template` with `parameters` (`{"name": {"value": …}}`, or the values themselves) as it
/// would be deployed to `scope`.
#[must_use]
pub fn expand(template: &Value, parameters: &Value, scope: &Scope) -> Expanded {
    let mut expansion = Expansion { scope, expanded: Expanded::default() };
    let evaluator = Evaluator::new(template, parameters, scope);
    expansion.all(template.get("resources"), &evaluator, None);
    expansion.expanded
}

/// What a resource is a part of: its type and its names, both joined by slashes.
#[derive(Clone, Copy)]
struct Parent<'a> {
    full_type: &'a str,
    name: &'a str,
    depth: usize,
}

struct Expansion<'a> {
    scope: &'a Scope,
    expanded: Expanded,
}

impl Expansion<'_> {
    fn all(&mut self, list: Option<&Value>, evaluator: &Evaluator<'_>, parent: Option<Parent<'_>>) {
        // Language version 2 names the resources by keys instead of listing them.
        let resources: Vec<&Value> = match list {
            Some(Value::Array(values)) => values.iter().collect(),
            Some(Value::Object(members)) => members.values().collect(),
            _ => return,
        };
        for resource in resources.into_iter().filter_map(Value::as_object) {
            match resource.get("copy").map(|copy| self.copies(copy, evaluator)) {
                None => self.one(resource, evaluator, parent),
                Some(count) => {
                    for index in 0..count {
                        self.one(resource, &evaluator.in_copy(index), parent);
                    }
                }
            }
        }
    }

    /// How many copies of a resource are asked for.
    fn copies(&mut self, copy: &Value, evaluator: &Evaluator<'_>) -> i64 {
        let mut remarks = Vec::new();
        let count = copy.get("count").map(|count| evaluator.value(count, &mut remarks));
        self.remark("copy", &remarks);
        count.and_then(|count| count.as_i64()).unwrap_or(0).clamp(0, COPIES_MAX)
    }

    fn one(
        &mut self,
        resource: &Map<String, Value>,
        evaluator: &Evaluator<'_>,
        parent: Option<Parent<'_>>,
    ) {
        let mut remarks = Vec::new();
        let mut body = Map::new();
        for (key, value) in resource {
            if !["resources", "copy", "dependsOn", "condition"].contains(&key.as_str()) {
                body.insert(key.clone(), evaluator.value(value, &mut remarks));
            }
        }
        let condition = resource.get("condition").map(|it| evaluator.value(it, &mut remarks));
        let word = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (full_type, name) = match parent {
            Some(parent) if !word("type").contains('.') => (
                format!("{}/{}", parent.full_type, word("type")),
                format!("{}/{}", parent.name, word("name")),
            ),
            _ => (word("type"), word("name")),
        };
        self.remark(&format!("{full_type} {name}"), &remarks);
        if condition == Some(Value::Bool(false)) {
            return;
        }
        self.push(body, &full_type, &name);
        let depth = parent.map_or(0, |parent| parent.depth) + 1;
        if depth < NESTING_MAX {
            let inner = Parent { full_type: &full_type, name: &name, depth };
            self.all(resource.get("resources"), evaluator, Some(inner));
        }
    }

    /// Notes a resource under its id.
    fn push(&mut self, mut body: Map<String, Value>, full_type: &str, name: &str) {
        let names: Vec<&str> = name.split('/').collect();
        match functions::compose_id(&self.scope.group_id(), full_type, &names) {
            Some(id) => {
                body.insert("id".into(), id.into());
                body.insert("type".into(), full_type.into());
                body.insert("name".into(), names.last().copied().unwrap_or_default().into());
                self.expanded.resources.push(body.into());
            }
            None => self.remark(full_type, &[format!("`{name}` does not fit the type")]),
        }
    }

    fn remark(&mut self, place: &str, remarks: &[String]) {
        for remark in remarks {
            let message = format!("{place}: {remark}");
            self.expanded.diagnostics.push(Diagnostic::note("template-expression", message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn expand_here(template: &Value, parameters: &Value) -> Expanded {
        let scope = Scope {
            subscription: "s".into(),
            resource_group: "rg".into(),
            location: Some("westus".into()),
        };
        expand(template, parameters, &scope)
    }

    const GROUP: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network";

    #[test]
    fn parameters_variables_and_ids_are_filled_in() {
        let template = json!({
            "parameters": {"prefix": {"defaultValue": "web"}, "location": {"type": "string"}},
            "variables": {"nic": "[concat(parameters('prefix'), '-nic')]"},
            "resources": [{
                "type": "Microsoft.Network/networkInterfaces",
                "name": "[variables('nic')]",
                "location": "[parameters('location')]",
                "dependsOn": ["[reference('x')]"],
                "properties": {"subnet": {
                    "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub', 'web')]"
                }},
            }],
        });
        let expanded = expand_here(&template, &json!({"location": {"value": "eastus"}}));
        let expected = json!({
            "type": "Microsoft.Network/networkInterfaces",
            "name": "web-nic",
            "id": format!("{GROUP}/networkInterfaces/web-nic"),
            "location": "eastus",
            "properties": {"subnet": {"id": format!("{GROUP}/virtualNetworks/hub/subnets/web")}},
        });
        assert_eq!(expanded, Expanded { resources: vec![expected], diagnostics: vec![] });
    }

    #[test]
    fn parts_copies_and_conditions_are_followed() {
        let template = json!({"resources": [{
            "type": "Microsoft.Network/networkSecurityGroups",
            "name": "[format('nsg{0}', copyIndex(1))]",
            "copy": {"name": "groups", "count": 2},
            "resources": [{"type": "securityRules", "name": "ssh", "properties": {}}],
        }, {
            "type": "Microsoft.Network/natGateways", "name": "nat", "condition": "[equals(1, 2)]",
        }]});
        let expanded = expand_here(&template, &json!({}));
        let ids: Vec<&str> =
            expanded.resources.iter().filter_map(|resource| resource["id"].as_str()).collect();
        let expected = [
            format!("{GROUP}/networkSecurityGroups/nsg1"),
            format!("{GROUP}/networkSecurityGroups/nsg1/securityRules/ssh"),
            format!("{GROUP}/networkSecurityGroups/nsg2"),
            format!("{GROUP}/networkSecurityGroups/nsg2/securityRules/ssh"),
        ];
        assert_eq!(ids, expected);
    }

    #[test]
    fn what_is_not_modelled_stays_as_written_and_is_said() {
        let template = json!({
            "variables": {"a": "[variables('b')]", "b": "[variables('a')]"},
            "resources": [{
                "type": "Microsoft.Network/routeTables", "name": "rt",
                "properties": {"x": "[uniqueString('y')]", "loop": "[variables('a')]"},
            }],
        });
        let expanded = expand_here(&template, &Value::Null);
        assert_eq!(expanded.resources[0]["properties"]["x"], "[uniqueString('y')]");
        let said: Vec<&str> =
            expanded.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
        assert_eq!(said.len(), 2);
        assert!(said.iter().any(|said| said.contains("`uniqueString` is not modelled")));
        assert!(said.iter().any(|said| said.contains("refer to each other")));
    }
}
