//! The functions of the expression language that need nothing but their arguments.

use serde_json::{Value, json};

/// What `name` gives for `arguments`; none when the function is not known.
pub(super) fn call(name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
    let value = match name.to_ascii_lowercase().as_str() {
        "concat" => concat(arguments),
        "format" => format(arguments),
        "tolower" => text(arguments).map(|text| text.to_lowercase().into()),
        "toupper" => text(arguments).map(|text| text.to_uppercase().into()),
        "string" => first(arguments).map(|value| as_text(value).into()),
        "length" => first(arguments).map(|value| length(value).into()),
        "empty" => first(arguments).map(|value| (length(value) == 0).into()),
        "equals" => pair(arguments).map(|(a, b)| (a == b).into()),
        "not" => first(arguments).map(|value| (value != &Value::Bool(true)).into()),
        "if" => choose(arguments),
        "add" => calculate(arguments, i64::checked_add),
        "sub" => calculate(arguments, i64::checked_sub),
        "createarray" => Ok(arguments.to_vec().into()),
        "true" => Ok(json!(true)),
        "false" => Ok(json!(false)),
        "null" => Ok(Value::Null),
        _ => return None,
    };
    Some(value.map_err(|()| format!("`{name}` cannot take these arguments")))
}

/// `resourceId([subscription], [group], type, names…)` within `group_id`, the id of the group that
/// is deployed to.
pub(super) fn resource_id(group_id: &str, arguments: &[Value]) -> Result<Value, String> {
    let words: Vec<String> = arguments.iter().map(as_text).collect();
    let odd = || "`resourceId` needs a type and as many names as the type has parts".to_owned();
    let at = words.iter().position(|word| word.contains('/')).ok_or_else(odd)?;
    let (scope, rest) = words.split_at(at);
    let (full_type, names) = rest.split_first().ok_or_else(odd)?;
    let scope = match scope {
        [] => group_id.to_owned(),
        [group] => {
            let subscription = group_id.split('/').nth(2).unwrap_or_default();
            format!("/subscriptions/{subscription}/resourceGroups/{group}")
        }
        [subscription, group, ..] => {
            format!("/subscriptions/{subscription}/resourceGroups/{group}")
        }
    };
    let names: Vec<&str> = names.iter().flat_map(|name| name.split('/')).collect();
    compose_id(&scope, full_type, &names).map(Value::from).ok_or_else(odd)
}

/// The id of the resource of `full_type` (`Microsoft.Network/virtualNetworks/subnets`) with `names`
/// (`hub`, `web`) in `scope`; none when the numbers of parts differ.
pub(super) fn compose_id(scope: &str, full_type: &str, names: &[&str]) -> Option<String> {
    let mut types = full_type.split('/');
    let namespace = types.next()?;
    let types: Vec<&str> = types.collect();
    if types.len() != names.len() {
        return None;
    }
    let mut id = format!("{scope}/providers/{namespace}");
    for (part, name) in types.iter().zip(names) {
        id.push_str(&format!("/{part}/{name}"));
    }
    Some(id)
}

/// A value as text: what string interpolation makes of it.
pub(super) fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Null => String::new(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn first(arguments: &[Value]) -> Result<&Value, ()> {
    arguments.first().ok_or(())
}

fn pair(arguments: &[Value]) -> Result<(&Value, &Value), ()> {
    match arguments {
        [a, b] => Ok((a, b)),
        _ => Err(()),
    }
}

fn text(arguments: &[Value]) -> Result<&str, ()> {
    first(arguments)?.as_str().ok_or(())
}

fn number(value: &Value) -> Result<i64, ()> {
    value.as_i64().ok_or(())
}

fn calculate(arguments: &[Value], by: fn(i64, i64) -> Option<i64>) -> Result<Value, ()> {
    let (a, b) = pair(arguments)?;
    by(number(a)?, number(b)?).map(Value::from).ok_or(())
}

fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => text.chars().count(),
        Value::Array(values) => values.len(),
        Value::Object(members) => members.len(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// Joins texts, or arrays.
fn concat(arguments: &[Value]) -> Result<Value, ()> {
    if arguments.iter().any(Value::is_array) {
        let lists: Option<Vec<_>> = arguments.iter().map(Value::as_array).collect();
        let joined: Vec<Value> = lists.ok_or(())?.into_iter().flatten().cloned().collect();
        return Ok(joined.into());
    }
    Ok(arguments.iter().map(as_text).collect::<String>().into())
}

/// `format('{0}-{1}', a, b)`.
fn format(arguments: &[Value]) -> Result<Value, ()> {
    let (pattern, values) = arguments.split_first().ok_or(())?;
    let mut text = pattern.as_str().ok_or(())?.to_owned();
    for (at, value) in values.iter().enumerate() {
        text = text.replace(&format!("{{{at}}}"), &as_text(value));
    }
    Ok(text.into())
}

fn choose(arguments: &[Value]) -> Result<Value, ()> {
    match arguments {
        [Value::Bool(true), yes, _] => Ok(yes.clone()),
        [Value::Bool(false), _, no] => Ok(no.clone()),
        _ => Err(()),
    }
}
