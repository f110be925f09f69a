//! From expressions to values: parameters, variables and where the template is deployed to.

use super::Scope;
use super::expression::{Expression, Written, read};
use super::functions;
use serde_json::{Map, Value, json};

/// A parameter or variable may refer to others this often: beyond it, they refer to each other.
const REFERENCES_MAX: usize = 32;

/// What expressions of one template may refer to.
pub(super) struct Evaluator<'a> {
    template: &'a Value,
    parameters: &'a Value,
    scope: &'a Scope,
    /// The number of the copy that is being made, from 0.
    copy_index: Option<i64>,
    depth: usize,
}

impl<'a> Evaluator<'a> {
    pub(super) const fn new(template: &'a Value, parameters: &'a Value, scope: &'a Scope) -> Self {
        Self { template, parameters, scope, copy_index: None, depth: 0 }
    }

    /// The same, inside copy number `index`.
    pub(super) const fn in_copy(&self, index: i64) -> Self {
        Self { copy_index: Some(index), ..*self }
    }

    /// `value` with every expression in it replaced. Where one cannot be evaluated its text stays,
    /// and `remarks` says why.
    pub(super) fn value(&self, value: &Value, remarks: &mut Vec<String>) -> Value {
        match value {
            Value::String(text) => self.text(text).unwrap_or_else(|why| {
                remarks.push(format!("`{text}`: {why}"));
                value.clone()
            }),
            Value::Array(values) => values.iter().map(|value| self.value(value, remarks)).collect(),
            Value::Object(members) => self.object(members, remarks),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    fn object(&self, members: &Map<String, Value>, remarks: &mut Vec<String>) -> Value {
        let mut object = Map::new();
        for (key, value) in members {
            let value = self.value(value, remarks);
            let key = self.text(key).map_or_else(|_| key.clone(), |key| functions::as_text(&key));
            object.insert(key, value);
        }
        object.into()
    }

    /// The value of a string of the template.
    ///
    /// # Errors
    /// In words, when it cannot be evaluated.
    pub(super) fn text(&self, text: &str) -> Result<Value, String> {
        match read(text)? {
            Written::Literal(text) => Ok(text.into()),
            Written::Expression(expression) => self.expression(&expression),
        }
    }

    fn expression(&self, expression: &Expression) -> Result<Value, String> {
        match expression {
            Expression::Text(text) => Ok(text.as_str().into()),
            Expression::Number(number) => Ok((*number).into()),
            Expression::Call(name, arguments) => self.call(name, arguments),
            Expression::Member(value, name) => {
                let value = self.expression(value)?;
                let found = member(&value, name).cloned();
                found.ok_or_else(|| format!("there is no `{name}`"))
            }
            Expression::Index(value, index) => {
                let (value, index) = (self.expression(value)?, self.expression(index)?);
                let found = index.as_str().map_or_else(
                    || value.get(usize::try_from(index.as_u64()?).ok()?),
                    |name| member(&value, name),
                );
                found.cloned().ok_or_else(|| format!("there is no element {index}"))
            }
        }
    }

    fn call(&self, name: &str, arguments: &[Expression]) -> Result<Value, String> {
        let values: Result<Vec<Value>, String> =
            arguments.iter().map(|argument| self.expression(argument)).collect();
        let values = values?;
        let named = || values.first().and_then(Value::as_str).unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "parameters" => self.parameter(named()),
            "variables" => self.variable(named()),
            "resourceid" => functions::resource_id(&self.scope.group_id(), &values),
            "resourcegroup" => Ok(json!({
                "id": self.scope.group_id(),
                "name": self.scope.resource_group,
                "location": self.scope.location,
            })),
            "subscription" => Ok(json!({
                "id": format!("/subscriptions/{}", self.scope.subscription),
                "subscriptionId": self.scope.subscription,
            })),
            "copyindex" => self.copy_number(&values),
            _ => functions::call(name, &values)
                .unwrap_or_else(|| Err(format!("the function `{name}` is not modelled"))),
        }
    }

    fn copy_number(&self, arguments: &[Value]) -> Result<Value, String> {
        let index = self.copy_index.ok_or("there is no copy here")?;
        let offset = arguments.iter().find_map(Value::as_i64).unwrap_or(0);
        Ok(index.saturating_add(offset).into())
    }

    fn parameter(&self, name: &str) -> Result<Value, String> {
        let given = member(self.parameters, name);
        if let Some(value) = given.map(|given| given.get("value").unwrap_or(given)) {
            return Ok(value.clone());
        }
        let declared = self.template.get("parameters").and_then(|all| member(all, name));
        let default = declared.and_then(|parameter| parameter.get("defaultValue"));
        self.deeper(default.ok_or_else(|| format!("parameter `{name}` has no value"))?)
    }

    fn variable(&self, name: &str) -> Result<Value, String> {
        let found = self.template.get("variables").and_then(|all| member(all, name));
        self.deeper(found.ok_or_else(|| format!("there is no variable `{name}`"))?)
    }

    fn deeper(&self, value: &Value) -> Result<Value, String> {
        if self.depth >= REFERENCES_MAX {
            return Err("parameters and variables refer to each other".into());
        }
        let inner = Self { depth: self.depth + 1, ..*self };
        let mut remarks = Vec::new();
        let value = inner.value(value, &mut remarks);
        remarks.pop().map_or(Ok(value), Err)
    }
}

/// The member `name` of an object, whatever its case, as ARM looks names up.
fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let mut members = value.as_object()?.iter();
    members.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
