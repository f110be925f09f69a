//! From expressions to values.
//!
//! What cannot be evaluated becomes a value that is not known and says what it depends on; where that
//! is a fault of the template or of hopwise, a remark says so.

use super::deployment::Deployment;
use super::expression::{Expression, Written, read};
use super::functions;
use super::value::{self, OPEN};
use super::world::{Remark, World};
use crate::azure::Unknown;
use crate::azure::tree::{Member, Node, Value};
use crate::import::source::step;
use std::rc::Rc;
use std::sync::Arc;

/// Elements of one loop: ARM allows 800 resources or properties; the limit is generous.
pub(super) const COPIES_MAX: i64 = 5_000;

/// A name that holds only here: the counter of a loop, the variable of a lambda, an argument.
#[derive(Clone, Copy, Debug)]
pub(super) struct Local<'e> {
    pub(super) kind: LocalKind<'e>,
    pub(super) outer: Option<&'e Local<'e>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum LocalKind<'e> {
    /// A loop, and the number of this round from 0.
    Loop(&'e str, i64),
    /// Variables of a lambda.
    Lambda(&'e [(String, Node)]),
    /// Arguments of a user's function, which sees nothing else.
    Arguments(&'e [(String, Node)]),
}

/// Evaluates what stands in one deployment.
#[derive(Clone, Copy)]
pub(super) struct Evaluator<'e, 't> {
    pub(super) world: &'e World<'t>,
    /// Whose parameters and variables are meant.
    pub(super) frame: &'e Rc<Deployment<'t>>,
    /// The deployment that the expressions stand in.
    pub(super) home: Option<&'e Rc<Deployment<'t>>>,
    pub(super) locals: Option<&'e Local<'e>>,
    /// Where what is evaluated stands, for remarks.
    pub(super) pointer: &'e str,
}

impl<'e, 't> Evaluator<'e, 't> {
    pub(super) const fn new(
        world: &'e World<'t>,
        frame: &'e Rc<Deployment<'t>>,
        pointer: &'e str,
    ) -> Self {
        Self { world, frame, home: None, locals: None, pointer }
    }

    /// Evaluates what stands in `home`, which may mean the parameters of an outer deployment.
    pub(super) fn in_deployment(
        world: &'e World<'t>,
        home: &'e Rc<Deployment<'t>>,
        pointer: &'e str,
    ) -> Self {
        Self { home: Some(home), ..Self::new(world, home.frame(), pointer) }
    }

    /// The same, with one more local.
    pub(super) const fn with<'f>(&self, local: &'f Local<'f>) -> Evaluator<'f, 't>
    where
        'e: 'f,
    {
        Evaluator {
            world: self.world,
            frame: self.frame,
            home: self.home,
            locals: Some(local),
            pointer: self.pointer,
        }
    }

    /// `node` with every expression in it replaced by its value.
    pub(super) fn value(&self, node: &Node) -> Node {
        match &node.value {
            Value::Text(text) => self.text(text),
            Value::List(nodes) => value::list(nodes.iter().map(|node| self.value(node)).collect()),
            Value::Object(members) => self.object(members),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Unknown(_) => node.clone(),
        }
    }

    fn object(&self, members: &[Member]) -> Node {
        let mut object: Vec<Member> = Vec::with_capacity(members.len());
        for (name, node) in members {
            if name.eq_ignore_ascii_case("copy") && is_loop_list(node) {
                object.extend(self.copied_members(node));
                continue;
            }
            let name: Arc<str> = match name.starts_with('[') {
                true => value::as_text(&self.text(name)).into(),
                false => Arc::clone(name),
            };
            object.push((name, self.value(node)));
        }
        value::object(object)
    }

    /// The members that `copy: [{name, count, input}]` makes: a list each.
    pub(super) fn copied_members(&self, loops: &Node) -> Vec<Member> {
        let loops = loops.as_list().unwrap_or_default();
        let made = loops.iter().map(|of| {
            let name = of.get("name").map(|name| value::as_text(&self.value(name)));
            let name = name.unwrap_or_default();
            let list = self.repeated(&name, of.get("count"), of.get("input"));
            (Arc::from(name), list)
        });
        made.collect()
    }

    /// The list of `input` for every round of a loop called `name`.
    pub(super) fn repeated(&self, name: &str, count: Option<&Node>, input: Option<&Node>) -> Node {
        let rounds = match self.rounds(count) {
            Ok(rounds) => rounds,
            Err(unknown) => return value::unknown(unknown),
        };
        let Some(input) = input else { return value::list(Vec::new()) };
        let each = (0..rounds).map(|index| {
            let local = Local { kind: LocalKind::Loop(name, index), outer: self.locals };
            self.with(&local).value(input)
        });
        value::list(each.collect())
    }

    /// How often a loop goes round; an error is what that depends on.
    pub(super) fn rounds(&self, count: Option<&Node>) -> Result<i64, Unknown> {
        let Some(count) = count.map(|count| self.value(count)) else { return Ok(0) };
        if let Some(unknown) = value::unknown_of(&count) {
            return Err(unknown);
        }
        let rounds = value::whole(&count).filter(|rounds| (0..=COPIES_MAX).contains(rounds));
        rounds.ok_or_else(|| {
            let text = format!("a loop needs a count up to {COPIES_MAX}");
            self.fault(&value::as_json(&count), &text)
        })
    }

    /// The value of a text of the template.
    pub(super) fn text(&self, text: &str) -> Node {
        let evaluated = match read(text) {
            Ok(Written::Literal(literal)) => return value::text(literal),
            Ok(Written::Expression(expression)) => self.expression(&expression),
            Err(why) => Err(why),
        };
        evaluated.unwrap_or_else(|why| value::unknown(self.fault(text, &why)))
    }

    /// Notes that `text` cannot be evaluated, and gives what depends on it.
    pub(super) fn fault(&self, text: &str, why: &str) -> Unknown {
        let shown = brief(text);
        self.world.remark(Remark {
            file: Arc::clone(&self.home.unwrap_or(self.frame).file),
            pointer: self.pointer.to_owned(),
            code: "template-expression",
            text: format!("`{shown}` cannot be evaluated: {why}"),
        });
        Unknown::on(format!("`{shown}`, which cannot be evaluated"))
    }

    pub(super) fn expression(&self, expression: &Expression) -> Result<Node, String> {
        self.world.deeper(|| self.step(expression))?
    }

    fn step(&self, expression: &Expression) -> Result<Node, String> {
        let found = match expression {
            Expression::Text(text) => value::text(text),
            Expression::Number(number) => value::from_whole(*number),
            Expression::Call(name, arguments) => functions::call(self, name, arguments)?,
            Expression::Member(inner, name) => member(self.expression(inner)?, name)?,
            Expression::Index(inner, index) => {
                let (inner, index) = (self.expression(inner)?, self.expression(index)?);
                element(inner, &index)?
            }
        };
        self.world.spend(size(&found))?;
        Ok(found)
    }

    /// The value of a parameter, or of an argument of the function that this is in.
    pub(super) fn parameter(&self, name: &str) -> Result<Node, String> {
        if let Some(arguments) = self.arguments() {
            let found = arguments.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            let found = found.map(|(_, node)| node.clone());
            return found.ok_or_else(|| format!("the function has no parameter `{name}`"));
        }
        self.frame.parameter(self.world, name)
    }

    /// The deployments whose resources may be meant: that of the expressions and, where it is another,
    /// the one that they stand in.
    pub(super) fn homes(&self) -> Vec<Rc<Deployment<'t>>> {
        let inner = self.home.filter(|home| !Rc::ptr_eq(home, self.frame));
        inner.into_iter().chain([self.frame]).map(Rc::clone).collect()
    }

    pub(super) fn arguments(&self) -> Option<&'e [(String, Node)]> {
        self.each_local().find_map(|local| match local.kind {
            LocalKind::Arguments(arguments) => Some(arguments),
            LocalKind::Loop(..) | LocalKind::Lambda(_) => None,
        })
    }

    pub(super) fn each_local(&self) -> impl Iterator<Item = &'e Local<'e>> {
        std::iter::successors(self.locals, |local| local.outer)
    }
}

/// Is it `copy` of properties, and not that of a resource?
fn is_loop_list(node: &Node) -> bool {
    let is_loop = |node: &Node| node.get("name").is_some() && node.get("count").is_some();
    node.as_list().is_some_and(|loops| !loops.is_empty() && loops.iter().all(is_loop))
}

/// Expressions may be long: so much of one is quoted.
fn brief(text: &str) -> String {
    const SHOWN: usize = 100;
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    value::with_placeholders(&shown)
}

/// How much of a value there is on its first level.
fn size(node: &Node) -> usize {
    match &node.value {
        Value::Text(text) => text.len() / 32,
        Value::List(nodes) => nodes.len(),
        Value::Object(members) => members.len(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Unknown(_) => 0,
    }
}

/// The member `name` of an object, whatever its case.
pub(super) fn member(node: Node, name: &str) -> Result<Node, String> {
    if let Some(unknown) = value::unknown_below(&node, &format!(".{name}")) {
        return Ok(unknown);
    }
    let open = node.get(OPEN).and_then(Node::as_text).map(str::to_owned);
    let Value::Object(members) = node.value else {
        return Err(format!("`{name}` is looked for in {}", node.kind()));
    };
    let mut members = members.into_iter();
    match (members.find(|(key, _)| key.eq_ignore_ascii_case(name)), open) {
        (Some((_, node)), None) => Ok(node),
        (Some((_, node)), Some(open)) => Ok(opened(node, &format!("{open}.{name}"))),
        (None, Some(open)) => Ok(value::unknown(value::only_deployed(&format!("{open}.{name}")))),
        (None, None) => Err(format!("there is no `{name}`")),
    }
}

/// What is in an object that Azure adds to may be added to as well.
pub(super) fn opened(node: Node, name: &str) -> Node {
    match node.value {
        Value::Object(mut members) => {
            members.push((OPEN.into(), value::text(name)));
            value::object(members)
        }
        Value::List(nodes) => {
            let numbered = nodes.into_iter().enumerate();
            value::list(numbered.map(|(at, node)| opened(node, &format!("{name}[{at}]"))).collect())
        }
        value @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::Unknown(_)) => Node::new(value),
    }
}

fn element(node: Node, index: &Node) -> Result<Node, String> {
    if let Some(unknown) = value::unknown_of(index) {
        return Ok(value::unknown(unknown));
    }
    if let Some(unknown) = value::unknown_below(&node, &format!("[{}]", value::as_text(index))) {
        return Ok(unknown);
    }
    if let Some(name) = index.as_text() {
        return member(node, name);
    }
    let at = value::whole(index).and_then(|at| usize::try_from(at).ok());
    let at = at.ok_or_else(|| format!("`{}` is no index", value::as_json(index)))?;
    let kind = node.kind();
    let Value::List(nodes) = node.value else {
        return Err(format!("element {at} is looked for in {kind}"));
    };
    let count = nodes.len();
    let found = nodes.into_iter().nth(at);
    found.ok_or_else(|| format!("there is no element {at} in a list of {count}"))
}

/// The pointer one level below `pointer`.
pub(super) fn below(pointer: &str, name: &str) -> String {
    step(pointer, name)
}
