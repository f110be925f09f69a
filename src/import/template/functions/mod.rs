//! The functions of the expression language, by family.

mod array;
mod cidr;
mod deployed;
mod encode;
mod lambda;
mod logic;
mod number;
mod object;
mod resource;
mod text;
mod time;

use super::evaluate::{Evaluator, Local, LocalKind};
use super::expression::Expression;
use super::value;
use crate::azure::Unknown;
use crate::azure::tree::{Node, Value};

/// What a function gives, or why it gives nothing.
pub(super) type Given = Result<Node, String>;

/// The arguments of a function, evaluated.
#[derive(Clone, Copy, Debug)]
struct Arguments<'a> {
    name: &'a str,
    nodes: &'a [Node],
}

/// A function that needs nothing but its arguments.
type Plain = fn(Arguments<'_>) -> Given;

/// What the function `name` gives for `arguments`.
pub(super) fn call(evaluator: &Evaluator<'_, '_>, name: &str, arguments: &[Expression]) -> Given {
    let lower = name.to_ascii_lowercase();
    if let Some(found) = logic::lazy(evaluator, &lower, arguments) {
        return found;
    }
    if let Some(found) = lambda::call(evaluator, &lower, arguments) {
        return found;
    }
    let nodes: Result<Vec<Node>, String> =
        arguments.iter().map(|argument| evaluator.expression(argument)).collect();
    let nodes = nodes?;
    let arguments = Arguments { name, nodes: &nodes };
    if let Some(found) = deployed::call(evaluator, &lower, arguments) {
        return found;
    }
    if let Some(found) = resource::call(evaluator, &lower, arguments) {
        return found;
    }
    if name.contains('.') {
        return by_user(evaluator, arguments);
    }
    let plain = PLAIN.iter().find(|(known, _)| *known == lower);
    let (_, plain) = plain.ok_or_else(|| format!("the function `{name}` is not modelled"))?;
    plain(arguments)
}

const PLAIN: &[(&str, Plain)] = &[
    ("add", number::add),
    ("array", array::array),
    ("base64", encode::base64),
    ("base64tojson", encode::base64_to_json),
    ("base64tostring", encode::base64_to_string),
    ("bool", logic::bool),
    ("cidrhost", cidr::host),
    ("cidrsubnet", cidr::subnet),
    ("coalesce", logic::coalesce),
    ("concat", text::concat),
    ("contains", array::contains),
    ("createarray", array::create_array),
    ("createobject", object::create_object),
    ("datauri", encode::data_uri),
    ("datauritostring", encode::data_uri_to_string),
    ("datetimeadd", time::not_known),
    ("datetimefromepoch", time::from_epoch),
    ("datetimetoepoch", time::to_epoch),
    ("div", number::div),
    ("empty", array::empty),
    ("endswith", text::ends_with),
    ("equals", logic::equals),
    ("false", logic::no),
    ("first", array::first),
    ("flatten", array::flatten),
    ("float", number::float),
    ("format", text::format),
    ("greater", logic::greater),
    ("greaterorequals", logic::greater_or_equals),
    ("guid", encode::guid),
    ("indexfromend", array::index_from_end),
    ("indexof", array::index_of),
    ("int", number::int),
    ("intersection", object::intersection),
    ("items", object::items),
    ("join", text::join),
    ("json", encode::json),
    ("last", array::last),
    ("lastindexof", array::last_index_of),
    ("length", array::length),
    ("less", logic::less),
    ("lessorequals", logic::less_or_equals),
    ("max", number::max),
    ("min", number::min),
    ("mod", number::modulo),
    ("mul", number::mul),
    ("newguid", time::not_known),
    ("not", logic::not),
    ("null", logic::null),
    ("objectkeys", object::keys),
    ("padleft", text::pad_left),
    ("parsecidr", cidr::parse),
    ("parseuri", encode::parse_uri),
    ("range", array::range),
    ("replace", text::replace),
    ("shallowmerge", object::shallow_merge),
    ("skip", array::skip),
    ("split", text::split),
    ("startswith", text::starts_with),
    ("string", text::string),
    ("sub", number::sub),
    ("substring", text::substring),
    ("take", array::take),
    ("tolower", text::to_lower),
    ("toupper", text::to_upper),
    ("trim", text::trim),
    ("true", logic::yes),
    ("tryget", object::try_get),
    ("tryindexfromend", array::try_index_from_end),
    ("union", object::union),
    ("uniquestring", encode::unique_string),
    ("uri", encode::uri),
    ("uricomponent", encode::uri_component),
    ("uricomponenttostring", encode::uri_component_to_string),
    ("utcnow", time::not_known),
];

/// What `concat` and `format` make of known values; none of other functions.
pub(super) fn joined(name: &str, nodes: &[Node]) -> Option<Node> {
    let arguments = Arguments { name, nodes };
    match &*name.to_ascii_lowercase() {
        "concat" => text::concat(arguments).ok(),
        "format" => text::format(arguments).ok(),
        _ => None,
    }
}

/// A user's function: `namespace.name(…)`.
fn by_user(evaluator: &Evaluator<'_, '_>, arguments: Arguments<'_>) -> Given {
    let name = arguments.name;
    let (namespace, own) = name.rsplit_once('.').unwrap_or(("", name));
    let functions = evaluator.frame.template.get("functions").and_then(Node::as_list);
    let in_namespace = functions.into_iter().flatten().filter(|functions| {
        let known = functions.get("namespace").and_then(Node::as_text);
        known.is_some_and(|known| known.eq_ignore_ascii_case(namespace))
    });
    let mut members = in_namespace.filter_map(|functions| functions.get("members")?.get(own));
    let function = members.next().ok_or_else(|| format!("there is no function `{name}`"))?;
    let declared = function.get("parameters").and_then(Node::as_list).unwrap_or_default();
    let names = declared.iter().map(|parameter| {
        parameter.get("name").and_then(Node::as_text).unwrap_or_default().to_owned()
    });
    let bound: Vec<(String, Node)> = names.zip(arguments.nodes.iter().cloned()).collect();
    if bound.len() < declared.len() {
        return Err(format!("`{name}` takes {} arguments", declared.len()));
    }
    let output = function.get("output").and_then(|output| output.get("value"));
    let output = output.ok_or_else(|| format!("`{name}` has no output"))?;
    let local = Local { kind: LocalKind::Arguments(&bound), outer: None };
    Ok(Evaluator { locals: Some(&local), ..*evaluator }.value(output))
}

impl<'a> Arguments<'a> {
    fn wrong(&self) -> String {
        format!("`{}` cannot take these arguments", self.name)
    }

    fn get(&self, at: usize) -> Result<&'a Node, String> {
        self.nodes.get(at).ok_or_else(|| format!("`{}` needs more arguments", self.name))
    }

    fn pair(&self) -> Result<(&'a Node, &'a Node), String> {
        Ok((self.get(0)?, self.get(1)?))
    }

    /// The first argument of which something is not known, the insides of lists not counted.
    fn unknown(&self) -> Option<Node> {
        self.nodes.iter().find_map(value::unknown_of).map(value::unknown)
    }

    /// The first argument of which anything is not known.
    fn unknown_within(&self) -> Option<Node> {
        self.nodes.iter().find_map(value::unknown_within).map(value::unknown)
    }

    /// A text in which everything is known.
    fn text(&self, at: usize) -> Result<&'a str, String> {
        self.get(at)?.as_text().ok_or_else(|| self.wrong())
    }

    fn whole(&self, at: usize) -> Result<i64, String> {
        value::whole(self.get(at)?).ok_or_else(|| self.wrong())
    }

    /// A whole number as a count; what is below zero counts as none.
    fn count(&self, at: usize) -> Result<usize, String> {
        Ok(usize::try_from(self.whole(at)?).unwrap_or(0))
    }

    fn list(&self, at: usize) -> Result<&'a [Node], String> {
        self.get(at)?.as_list().ok_or_else(|| self.wrong())
    }
}

/// True or false, or what that depends on.
fn truth(node: &Node) -> Result<Result<bool, Unknown>, String> {
    match (&node.value, value::unknown_of(node)) {
        (_, Some(unknown)) => Ok(Err(unknown)),
        (Value::Bool(flag), None) => Ok(Ok(*flag)),
        (_, None) => Err(format!("true or false was expected, not {}", node.kind())),
    }
}
