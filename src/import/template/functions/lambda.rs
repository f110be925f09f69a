//! Functions that take functions: `map(list, lambda('it', …))`.

use super::{Given, truth};
use crate::azure::tree::{Member, Node, Value};
use crate::import::template::evaluate::{Evaluator, Local, LocalKind};
use crate::import::template::expression::Expression;
use crate::import::template::value;

/// What `name` gives; none when it takes no function.
pub(super) fn call(
    evaluator: &Evaluator<'_, '_>,
    name: &str,
    arguments: &[Expression],
) -> Option<Given> {
    let run: fn(&Evaluator<'_, '_>, &[Expression]) -> Given = match name {
        "filter" => filter,
        "groupby" => group_by,
        "lambdavariables" => variable,
        "map" => map,
        "mapvalues" => map_values,
        "reduce" => reduce,
        "sort" => sort,
        "toobject" => to_object,
        _ => return None,
    };
    Some(run(evaluator, arguments))
}

/// A function that stands in the template.
struct Lambda<'a> {
    names: Vec<&'a str>,
    body: &'a Expression,
}

impl<'a> Lambda<'a> {
    fn of(expression: Option<&'a Expression>) -> Result<Self, String> {
        let wrong = || "a `lambda` was expected".to_owned();
        let Some(Expression::Call(name, arguments)) = expression else { return Err(wrong()) };
        if !name.eq_ignore_ascii_case("lambda") {
            return Err(wrong());
        }
        let (body, names) = arguments.split_last().ok_or_else(wrong)?;
        let names = names.iter().map(|name| match name {
            Expression::Text(name) => Ok(name.as_str()),
            Expression::Number(_)
            | Expression::Call(..)
            | Expression::Member(..)
            | Expression::Index(..) => Err(wrong()),
        });
        Ok(Self { names: names.collect::<Result<_, _>>()?, body })
    }

    fn apply(&self, evaluator: &Evaluator<'_, '_>, values: &[Node]) -> Given {
        let names = self.names.iter().map(|name| (*name).to_owned());
        let bound: Vec<(String, Node)> = names.zip(values.iter().cloned()).collect();
        let local = Local { kind: LocalKind::Lambda(&bound), outer: evaluator.locals };
        evaluator.with(&local).expression(self.body)
    }
}

/// The list that a function goes through; what is not known as a whole comes out as it is.
enum Source {
    Nodes(Vec<Node>),
    Unknown(Node),
}

fn source(evaluator: &Evaluator<'_, '_>, arguments: &[Expression]) -> Result<Source, String> {
    let first = arguments.first().ok_or("a list was expected")?;
    let node = evaluator.expression(first)?;
    match node.value {
        Value::List(nodes) => Ok(Source::Nodes(nodes)),
        Value::Unknown(unknown) => Ok(Source::Unknown(value::unknown(unknown))),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_) => {
            Err("a list was expected".into())
        }
    }
}

fn map(evaluator: &Evaluator<'_, '_>, arguments: &[Expression]) -> Given {
    let lambda = Lambda::of(arguments.get(1))?;
    let nodes = match source(evaluator, arguments)? {
        Source::Nodes(nodes) => nodes,
        Source::Unknown(unknown) => return Ok(unknown),
    };
    let mapped = nodes.into_iter().enumerate();
    let mapped = mapped.map(|(at, node)| lambda.apply(evaluator, &[node, value::count(at)]));
    mapped.collect::<Result<Vec<Node>, String>>().map(value::list)
}

/// An element of which it is not known whether it stays makes the whole unknown.
fn filter(evaluator: &Evaluator<'_, '_>, arguments: &[Expression]) -> Given {
    let lambda = Lambda::of(arguments.get(1))?;
    let nodes = match source(evaluator, arguments)? {
        Source::Nodes(nodes) => nodes,
        Source::Unknown(unknown) => return Ok(unknown),
    };
    let mut kept = Vec::new();
    for (at, node) in nodes.into_iter().enumerate() {
        match truth(&lambda.apply(evaluator, &[node.clone(), value::count(at)])?)? {
            Ok(true) => kept.push(node),
            Ok(false) => {}
            Err(unknown) => return Ok(value::unknown(unknown)),
        }
    }
    Ok(value::list(kept))
}

fn reduce(evaluator: &Evaluator<'_, '_>, arguments: &[Expression]) -> Given {
    let lambda = Lambda::of(arguments.get(2))?;
    let nodes = match source(evaluator, arguments)? {
        Source::Nodes(nodes) => nodes,
        Source::Unknown(unknown) => return Ok(unknown),
    };
    let first = arguments.get(1).ok_or("`reduce` needs a first value")?;
    let mut so_far = evaluator.expression(first)?;
    for (at, node) in nodes.into_iter().enumerate() {
        so_far = lambda.apply(evaluator, &[so_far, node, value::count(at)])?;
    }
    Ok(so_far)
}

fn sort(evaluator: &Evaluator<'_, '_>, arguments: &[Expression]) -> Given {
    let lambda = Lambda::of(arguments.get(1))?;
    let nodes = match source(evaluator, arguments)? {
        Source::Nodes(nodes) => nodes,
        Source::Unknown(unknown) => return Ok(unknown),
    };
    // Insertion: the lambda may fail, and the order that it says need not be one.
    let mut sorted: Vec<Node> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let mut at = sorted.len();
        while let Some(before) = at.checked_sub(1).and_then(|before| sorted.get(before)) {
            match truth(&lambda.apply(evaluator, &[node.clone(), before.clone()])?)? {
                Ok(true) => at -= 1,
                Ok(false) => break,
                Err(unknown) => return Ok(value::unknown(unknown)),
            }
        }
        sorted.insert(at, node);
    }
    Ok(value::list(sorted))
}

/// `toObject(list, key, [value])`.
fn to_object(evaluator: &Evaluator<'_, '_>, arguments: &[Expression]) -> Given {
    let key = Lambda::of(arguments.get(1))?;
    let of = arguments.get(2).map(|it| Lambda::of(Some(it))).transpose()?;
    let nodes = match source(evaluator, arguments)? {
        Source::Nodes(nodes) => nodes,
        Source::Unknown(unknown) => return Ok(unknown),
    };
    let mut members: Vec<Member> = Vec::new();
    for node in nodes {
        let name = key.apply(evaluator, std::slice::from_ref(&node))?;
        if let Value::Unknown(unknown) = name.value {
            return Ok(value::unknown(unknown));
        }
        let node = match &of {
            Some(of) => of.apply(evaluator, &[node])?,
            None => node,
        };
        members.push((value::as_text(&name).into(), node));
    }
    Ok(value::object(members))
}

fn map_values(evaluator: &Evaluator<'_, '_>, arguments: &[Expression]) -> Given {
    let lambda = Lambda::of(arguments.get(1))?;
    let first = arguments.first().ok_or("an object was expected")?;
    let node = evaluator.expression(first)?;
    match node.value {
        Value::Object(members) => {
            let mapped = members
                .into_iter()
                .map(|(name, node)| lambda.apply(evaluator, &[node]).map(|node| (name, node)));
            mapped.collect::<Result<Vec<Member>, String>>().map(value::object)
        }
        Value::Unknown(unknown) => Ok(value::unknown(unknown)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
            Err("an object was expected".into())
        }
    }
}

fn group_by(evaluator: &Evaluator<'_, '_>, arguments: &[Expression]) -> Given {
    let lambda = Lambda::of(arguments.get(1))?;
    let nodes = match source(evaluator, arguments)? {
        Source::Nodes(nodes) => nodes,
        Source::Unknown(unknown) => return Ok(unknown),
    };
    let mut groups: Vec<(String, Vec<Node>)> = Vec::new();
    for node in nodes {
        let name = lambda.apply(evaluator, std::slice::from_ref(&node))?;
        if let Value::Unknown(unknown) = name.value {
            return Ok(value::unknown(unknown));
        }
        let name = value::as_text(&name);
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, nodes)) => nodes.push(node),
            None => groups.push((name, vec![node])),
        }
    }
    let members = groups.into_iter().map(|(name, nodes)| (name.into(), value::list(nodes)));
    Ok(value::object(members.collect()))
}

fn variable(evaluator: &Evaluator<'_, '_>, arguments: &[Expression]) -> Given {
    let first = arguments.first().ok_or("`lambdaVariables` needs a name")?;
    let name = value::as_text(&evaluator.expression(first)?);
    let found = evaluator.each_local().find_map(|local| match local.kind {
        LocalKind::Lambda(bound) => {
            bound.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name))
        }
        LocalKind::Loop(..) | LocalKind::Arguments(_) => None,
    });
    found.map(|(_, node)| node.clone()).ok_or_else(|| format!("there is no `{name}` here"))
}
