//! Texts. Joining and formatting carry what is not known along; looking into it does not.

use super::{Arguments, Given};
use crate::azure::tree::Node;
use crate::import::template::value;

/// Joins texts, or lists.
pub(super) fn concat(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = whole_unknown(arguments.nodes) {
        return Ok(unknown);
    }
    if arguments.nodes.iter().any(|node| node.as_list().is_some()) {
        let lists: Option<Vec<&[Node]>> = arguments.nodes.iter().map(Node::as_list).collect();
        let joined = lists.ok_or_else(|| arguments.wrong())?.concat();
        return Ok(value::list(joined));
    }
    Ok(value::text(arguments.nodes.iter().map(value::as_text).collect::<String>()))
}

/// What is not known as a whole, so that not even a text with a token can be made of it.
fn whole_unknown(nodes: &[Node]) -> Option<Node> {
    nodes.iter().find_map(Node::as_unknown).cloned().map(value::unknown)
}

/// `format('{0}-{1:D2}', a, b)`.
pub(super) fn format(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = whole_unknown(arguments.nodes) {
        return Ok(unknown);
    }
    let (pattern, values) = arguments.nodes.split_first().ok_or_else(|| arguments.wrong())?;
    let pattern = pattern.as_text().ok_or_else(|| arguments.wrong())?;
    let mut text = String::new();
    let mut rest = pattern.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '{' if rest.next_if_eq(&'{').is_some() => text.push('{'),
            '}' => {
                rest.next_if_eq(&'}');
                text.push('}');
            }
            '{' => {
                let hole: String = rest.by_ref().take_while(|&letter| letter != '}').collect();
                text.push_str(&fill(&hole, values)?);
            }
            letter => text.push(letter),
        }
    }
    Ok(value::text(text))
}

/// What stands in the place of `{0}`, `{0,5}` or `{0:D3}`.
fn fill(hole: &str, values: &[Node]) -> Result<String, String> {
    let (head, shape) = hole.split_once(':').unwrap_or((hole, ""));
    let (index, width) = head.split_once(',').unwrap_or((head, "0"));
    let index: usize =
        index.trim().parse().map_err(|_| format!("`{{{hole}}}` names no argument"))?;
    let node = values.get(index).ok_or_else(|| format!("there is no argument {index}"))?;
    let width: i32 = width.trim().parse().map_err(|_| format!("`{width}` is no width"))?;
    let text = shaped(node, shape)?;
    let size = usize::try_from(width.unsigned_abs().min(1_000)).unwrap_or_default();
    Ok(if width < 0 { format!("{text:<size$}") } else { format!("{text:>size$}") })
}

fn shaped(node: &Node, shape: &str) -> Result<String, String> {
    let Some(number) = value::whole(node).filter(|_| !shape.is_empty()) else {
        return Ok(value::as_text(node));
    };
    let digits = |from: &str| from.parse::<usize>().ok().filter(|count| *count <= 100).unwrap_or(0);
    if shape.chars().all(|letter| letter == '0') {
        return Ok(format!("{number:0width$}", width = shape.len()));
    }
    let (letter, count) = shape.split_at(shape.chars().next().map_or(0, char::len_utf8));
    let width = digits(count);
    match letter {
        "D" | "d" => Ok(format!("{number:0width$}")),
        "X" => Ok(format!("{number:0width$X}")),
        "x" => Ok(format!("{number:0width$x}")),
        "G" | "g" => Ok(number.to_string()),
        "N" | "n" if count == "0" => Ok(grouped(number)),
        _ => Err(format!("the format `{shape}` is not modelled")),
    }
}

/// With commas between thousands.
fn grouped(number: i64) -> String {
    let digits: Vec<char> = number.unsigned_abs().to_string().chars().collect();
    let groups: Vec<String> = digits.rchunks(3).rev().map(|group| group.iter().collect()).collect();
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", groups.join(","))
}

/// A value as text: lists and objects as JSON.
pub(super) fn string(arguments: Arguments<'_>) -> Given {
    let node = arguments.get(0)?;
    if node.as_text().is_some() {
        return Ok(node.clone());
    }
    Ok(arguments.unknown_within().unwrap_or_else(|| value::text(value::as_text(node))))
}

pub(super) fn to_lower(arguments: Arguments<'_>) -> Given {
    mapped(arguments, |text| text.to_lowercase())
}

pub(super) fn to_upper(arguments: Arguments<'_>) -> Given {
    mapped(arguments, |text| text.to_uppercase())
}

pub(super) fn trim(arguments: Arguments<'_>) -> Given {
    mapped(arguments, |text| text.trim().to_owned())
}

/// Changes that keep two equal texts equal leave what is not known as it is.
fn mapped(arguments: Arguments<'_>, change: fn(&str) -> String) -> Given {
    if let Some(unknown) = whole_unknown(arguments.nodes) {
        return Ok(unknown);
    }
    let text = arguments.text(0)?;
    Ok(value::text(value::outside_tokens(text, change)))
}

pub(super) fn starts_with(arguments: Arguments<'_>) -> Given {
    ends(arguments, |text, part| text.starts_with(part))
}

pub(super) fn ends_with(arguments: Arguments<'_>) -> Given {
    ends(arguments, |text, part| text.ends_with(part))
}

/// Ends are compared whatever their case.
fn ends(arguments: Arguments<'_>, holds: fn(&str, &str) -> bool) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let (text, part) = (arguments.text(0)?.to_lowercase(), arguments.text(1)?.to_lowercase());
    Ok(value::truth(holds(&text, &part)))
}

pub(super) fn replace(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let (text, old, new) = (arguments.text(0)?, arguments.text(1)?, arguments.text(2)?);
    if old.is_empty() {
        return Err(arguments.wrong());
    }
    Ok(value::text(text.replace(old, new)))
}

/// `substring(text, start, [length])`.
pub(super) fn substring(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let letters: Vec<char> = arguments.text(0)?.chars().collect();
    let start = usize::try_from(arguments.whole(1)?).map_err(|_| arguments.wrong())?;
    let rest = letters.get(start..).ok_or_else(|| arguments.wrong())?;
    let taken = match arguments.nodes.get(2) {
        Some(_) => rest.get(..arguments.count(2)?).ok_or_else(|| arguments.wrong())?,
        None => rest,
    };
    Ok(value::text(taken.iter().collect::<String>()))
}

/// `split(text, separator or separators)`.
pub(super) fn split(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown_within() {
        return Ok(unknown);
    }
    let separators: Vec<String> = match arguments.get(1)?.as_list() {
        Some(nodes) => nodes.iter().map(value::as_text).collect(),
        None => vec![arguments.text(1)?.to_owned()],
    };
    let mut pieces = vec![arguments.text(0)?.to_owned()];
    for separator in separators.iter().filter(|separator| !separator.is_empty()) {
        let split = pieces.iter().flat_map(|piece| piece.split(separator.as_str()));
        pieces = split.map(str::to_owned).collect();
    }
    Ok(value::list(pieces.iter().map(value::text).collect()))
}

/// `join(list, separator)`.
pub(super) fn join(arguments: Arguments<'_>) -> Given {
    let nodes = match arguments.get(0)?.as_list() {
        Some(nodes) => nodes,
        None => return arguments.unknown().ok_or_else(|| arguments.wrong()),
    };
    if let Some(unknown) = whole_unknown(nodes).or_else(|| whole_unknown(arguments.nodes)) {
        return Ok(unknown);
    }
    let texts: Vec<String> = nodes.iter().map(value::as_text).collect();
    Ok(value::text(texts.join(arguments.text(1)?)))
}

/// `padLeft(value, length, [letter])`.
pub(super) fn pad_left(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let text = value::as_text(arguments.get(0)?);
    let width = arguments.count(1)?.min(10_000);
    let letter = match arguments.nodes.get(2) {
        Some(_) => arguments.text(2)?.chars().next().unwrap_or(' '),
        None => ' ',
    };
    let missing = width.saturating_sub(text.chars().count());
    let padding: String = std::iter::repeat_n(letter, missing).collect();
    Ok(value::text(padding + &text))
}
