//! Conditions and comparisons. What is not known decides nothing where it does not matter.

use super::{Arguments, Given, truth};
use crate::azure::Unknown;
use crate::azure::tree::{Node, Value};
use crate::import::template::evaluate::Evaluator;
use crate::import::template::expression::Expression;
use crate::import::template::value;
use std::cmp::Ordering;

/// Functions that do not look at all of their arguments; none when `name` is another.
pub(super) fn lazy(
    evaluator: &Evaluator<'_, '_>,
    name: &str,
    arguments: &[Expression],
) -> Option<Given> {
    Some(match name {
        "if" => choose(evaluator, arguments),
        "and" => connect(evaluator, arguments, false),
        "or" => connect(evaluator, arguments, true),
        _ => return None,
    })
}

fn choose(evaluator: &Evaluator<'_, '_>, arguments: &[Expression]) -> Given {
    let [condition, yes, no] = arguments else {
        return Err("`if` takes a condition and two values".into());
    };
    match truth(&evaluator.expression(condition)?)? {
        Ok(true) => evaluator.expression(yes),
        Ok(false) => evaluator.expression(no),
        Err(unknown) => {
            let (yes, no) = (evaluator.expression(yes), evaluator.expression(no));
            match (yes, no) {
                (Ok(yes), Ok(no)) if value::equal(&yes, &no) == Some(true) => Ok(yes),
                _ => Ok(value::unknown(unknown)),
            }
        }
    }
}

/// `and` and `or`: one argument that is `decisive` decides.
fn connect(evaluator: &Evaluator<'_, '_>, arguments: &[Expression], decisive: bool) -> Given {
    let mut doubt: Option<Unknown> = None;
    for argument in arguments {
        match truth(&evaluator.expression(argument)?)? {
            Ok(flag) if flag == decisive => return Ok(value::truth(decisive)),
            Ok(_) => {}
            Err(unknown) => doubt = doubt.or(Some(unknown)),
        }
    }
    Ok(doubt.map_or_else(|| value::truth(!decisive), value::unknown))
}

pub(super) fn not(arguments: Arguments<'_>) -> Given {
    Ok(match truth(arguments.get(0)?)? {
        Ok(flag) => value::truth(!flag),
        Err(unknown) => value::unknown(unknown),
    })
}

pub(super) fn equals(arguments: Arguments<'_>) -> Given {
    let (a, b) = arguments.pair()?;
    Ok(match value::equal(a, b) {
        Some(flag) => value::truth(flag),
        None => arguments.unknown_within().unwrap_or_else(|| value::truth(false)),
    })
}

pub(super) fn bool(arguments: Arguments<'_>) -> Given {
    let node = arguments.get(0)?;
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    match &node.value {
        Value::Bool(flag) => Ok(value::truth(*flag)),
        Value::Number(number) => Ok(value::truth(*number != 0.0)),
        Value::Text(text) if text.eq_ignore_ascii_case("true") => Ok(value::truth(true)),
        Value::Text(text) if text.eq_ignore_ascii_case("false") => Ok(value::truth(false)),
        Value::Null | Value::Text(_) | Value::List(_) | Value::Object(_) | Value::Unknown(_) => {
            Err(arguments.wrong())
        }
    }
}

/// The first argument that is not null.
pub(super) fn coalesce(arguments: Arguments<'_>) -> Given {
    let found = arguments.nodes.iter().find(|node| node.value != Value::Null);
    Ok(found.cloned().unwrap_or_else(|| Node::new(Value::Null)))
}

pub(super) fn yes(_: Arguments<'_>) -> Given {
    Ok(value::truth(true))
}

pub(super) fn no(_: Arguments<'_>) -> Given {
    Ok(value::truth(false))
}

pub(super) fn null(_: Arguments<'_>) -> Given {
    Ok(Node::new(Value::Null))
}

pub(super) fn less(arguments: Arguments<'_>) -> Given {
    compare(arguments, |order| order == Ordering::Less)
}

pub(super) fn less_or_equals(arguments: Arguments<'_>) -> Given {
    compare(arguments, |order| order != Ordering::Greater)
}

pub(super) fn greater(arguments: Arguments<'_>) -> Given {
    compare(arguments, |order| order == Ordering::Greater)
}

pub(super) fn greater_or_equals(arguments: Arguments<'_>) -> Given {
    compare(arguments, |order| order != Ordering::Less)
}

fn compare(arguments: Arguments<'_>, holds: impl Fn(Ordering) -> bool) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let (a, b) = arguments.pair()?;
    let order = order(a, b).ok_or_else(|| arguments.wrong())?;
    Ok(value::truth(holds(order)))
}

/// Numbers and texts have an order.
pub(super) fn order(a: &Node, b: &Node) -> Option<Ordering> {
    match (&a.value, &b.value) {
        (Value::Number(a), Value::Number(b)) => Some(a.total_cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        _ => None,
    }
}
