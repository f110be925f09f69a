//! Whole numbers.

use super::{Arguments, Given};
use crate::azure::tree::{Node, Value};
use crate::import::template::value;

fn calculate(arguments: Arguments<'_>, by: fn(i64, i64) -> Option<i64>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let result = by(arguments.whole(0)?, arguments.whole(1)?);
    result.map(value::from_whole).ok_or_else(|| arguments.wrong())
}

pub(super) fn add(arguments: Arguments<'_>) -> Given {
    calculate(arguments, i64::checked_add)
}

pub(super) fn sub(arguments: Arguments<'_>) -> Given {
    calculate(arguments, i64::checked_sub)
}

pub(super) fn mul(arguments: Arguments<'_>) -> Given {
    calculate(arguments, i64::checked_mul)
}

pub(super) fn div(arguments: Arguments<'_>) -> Given {
    calculate(arguments, i64::checked_div)
}

pub(super) fn modulo(arguments: Arguments<'_>) -> Given {
    calculate(arguments, i64::checked_rem)
}

pub(super) fn int(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    Ok(value::from_whole(arguments.whole(0)?))
}

pub(super) fn float(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let node = arguments.get(0)?;
    match &node.value {
        Value::Number(_) => Ok(node.clone()),
        Value::Text(text) => {
            let number: Option<f64> = text.trim().parse().ok();
            number.map(value::number).ok_or_else(|| arguments.wrong())
        }
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Object(_) | Value::Unknown(_) => {
            Err(arguments.wrong())
        }
    }
}

pub(super) fn max(arguments: Arguments<'_>) -> Given {
    extreme(arguments, |numbers| numbers.iter().copied().max())
}

pub(super) fn min(arguments: Arguments<'_>) -> Given {
    extreme(arguments, |numbers| numbers.iter().copied().min())
}

/// Of a list of numbers, or of the arguments.
fn extreme(arguments: Arguments<'_>, choose: fn(&[i64]) -> Option<i64>) -> Given {
    if let Some(unknown) = arguments.unknown_within() {
        return Ok(unknown);
    }
    let nodes: &[Node] = match arguments.nodes {
        [only] => only.as_list().unwrap_or(arguments.nodes),
        nodes => nodes,
    };
    let numbers: Option<Vec<i64>> = nodes.iter().map(value::whole).collect();
    let chosen = numbers.and_then(|numbers| choose(&numbers));
    chosen.map(value::from_whole).ok_or_else(|| arguments.wrong())
}
