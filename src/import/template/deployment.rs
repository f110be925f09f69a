//! One deployment: a template with its parameters and where it is deployed to.

use super::Scope;
use super::evaluate::Evaluator;
use super::instance::{self, Instance, Round};
use super::value::{self, Secrecy};
use super::world::{Remark, World};
use crate::azure::Unknown;
use crate::azure::tree::{Node, Value};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// One deployment.
#[derive(Debug)]
pub(super) struct Deployment<'t> {
    /// The template.
    pub(super) template: &'t Node,
    /// The document that it stands in, and where.
    pub(super) file: Arc<str>,
    pub(super) pointer: String,
    /// Where it is deployed to.
    pub(super) scope: Scope,
    /// The values that it is given, by name.
    pub(super) given: BTreeMap<String, Given>,
    /// The deployment whose parameters and variables its expressions mean, where these are not its own
    /// (`expressionEvaluationOptions`), with the loops that it is in there.
    pub(super) outer: Option<(Rc<Self>, Vec<Round>)>,
    /// Why it is not known whether it takes place.
    pub(super) condition: Option<Unknown>,
    /// How many deployments it is in.
    pub(super) level: usize,
    values: RefCell<BTreeMap<(Kind, String), Memo>>,
    instances: OnceCell<Vec<Instance<'t>>>,
}

/// A value that is given to a deployment.
#[derive(Clone, Debug)]
pub(super) enum Given {
    /// The value itself.
    Value(Node),
    /// Something that stands for it, such as a secret of a key vault.
    Elsewhere(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Parameter,
    Variable,
}

#[derive(Clone, Debug)]
enum Memo {
    /// Being evaluated.
    Open,
    Known(Result<Node, String>),
}

impl<'t> Deployment<'t> {
    pub(super) fn new(template: &'t Node, file: Arc<str>, pointer: String, scope: Scope) -> Self {
        Self {
            template,
            file,
            pointer,
            scope,
            given: BTreeMap::new(),
            outer: None,
            condition: None,
            level: 0,
            values: RefCell::default(),
            instances: OnceCell::new(),
        }
    }

    /// Finds out which resources there are. Must be done before anything else.
    pub(super) fn enumerate(self: &Rc<Self>, world: &World<'t>) {
        let found = instance::enumerate(world, self);
        for (at, instance) in found.iter().enumerate() {
            world.put(&instance.id, self, at);
        }
        // A deployment is enumerated once.
        let _ = self.instances.set(found);
    }

    /// The resource with this symbolic name, as it is written.
    pub(super) fn written(&self, symbol: &str) -> Option<&'t Node> {
        let Value::Object(members) = &self.template.get("resources")?.value else { return None };
        members.iter().find(|(name, _)| **name == *symbol).map(|(_, node)| node)
    }

    /// Its resources, in the order written.
    pub(super) fn instances(&self) -> &[Instance<'t>] {
        self.instances.get().map(Vec::as_slice).unwrap_or_default()
    }

    /// The deployment whose parameters and variables are meant here.
    pub(super) fn frame(self: &Rc<Self>) -> &Rc<Self> {
        self.outer.as_ref().map_or(self, |(outer, _)| outer)
    }

    /// The value of the parameter `name`.
    pub(super) fn parameter(
        self: &Rc<Self>,
        world: &World<'t>,
        name: &str,
    ) -> Result<Node, String> {
        self.remembered(Kind::Parameter, name, || self.read_parameter(world, name))
    }

    /// The value of the variable `name`.
    pub(super) fn variable(self: &Rc<Self>, world: &World<'t>, name: &str) -> Result<Node, String> {
        self.remembered(Kind::Variable, name, || self.read_variable(world, name))
    }

    fn remembered(
        &self,
        kind: Kind,
        name: &str,
        read: impl FnOnce() -> Result<Node, String>,
    ) -> Result<Node, String> {
        let key = (kind, name.to_ascii_lowercase());
        if let Some(memo) = self.values.borrow().get(&key) {
            return match memo {
                Memo::Open => Err(format!("`{name}` refers to itself")),
                Memo::Known(value) => value.clone(),
            };
        }
        self.values.borrow_mut().insert(key.clone(), Memo::Open);
        let value = read();
        self.values.borrow_mut().insert(key, Memo::Known(value.clone()));
        value
    }

    fn read_parameter(self: &Rc<Self>, world: &World<'t>, name: &str) -> Result<Node, String> {
        let declared = self.template.get("parameters").and_then(|all| all.get(name));
        let declared = declared.ok_or_else(|| format!("there is no parameter `{name}`"))?;
        let is_secret = self.type_of(declared).starts_with("secure");
        // `null` is as good as no value, says Bicep: modules are built on that.
        let is_null =
            |given: &&Given| matches!(given, Given::Value(node) if node.value == Value::Null);
        let has_default = declared.get("defaultValue").is_some();
        let given = self.given.get(&name.to_ascii_lowercase());
        let node = match given.filter(|given| !(has_default && is_null(given))) {
            Some(Given::Value(node)) => {
                self.check_type(world, name, &self.type_of(declared), node);
                node.clone()
            }
            Some(Given::Elsewhere(what)) => return Ok(untold(name, what)),
            None => match declared.get("defaultValue") {
                Some(default) => {
                    let pointer = format!("{}/parameters/{name}/defaultValue", self.pointer);
                    Evaluator::new(world, self, &pointer).value(default)
                }
                None if self.is_nullable(declared) => Node::new(Value::Null),
                None => {
                    self.note_missing(world, name);
                    return Ok(untold(name, "which has no value"));
                }
            },
        };
        Ok(if is_secret { hidden(name, node) } else { node })
    }

    /// A declaration and the user's types that it refers to, one after the other.
    fn declarations<'d>(&'d self, declared: &'d Node) -> impl Iterator<Item = &'d Node> {
        let next = |at: &&'d Node| {
            let name = at.get("$ref")?.as_text()?.strip_prefix("#/definitions/")?;
            self.template.get("definitions")?.get(name)
        };
        // A longer chain refers to itself.
        std::iter::successors(Some(declared), next).take(16)
    }

    /// The type that a parameter is declared with, in lower case.
    fn type_of(&self, declared: &Node) -> String {
        let mut types = self.declarations(declared).filter_map(|it| it.get("type")?.as_text());
        types.next().unwrap_or_default().to_ascii_lowercase()
    }

    fn is_nullable(&self, declared: &Node) -> bool {
        let mut told = self.declarations(declared).filter_map(|it| it.get("nullable"));
        told.any(|nullable| nullable.value == Value::Bool(true))
    }

    fn note_missing(&self, world: &World<'t>, name: &str) {
        world.remark(Remark {
            file: Arc::clone(&self.file),
            pointer: format!("{}/parameters/{name}", self.pointer),
            code: "missing-parameter",
            text: format!("parameter `{name}` has no value; what depends on it is unknown"),
        });
    }

    /// Says that a value is not of the type that is declared: it is used all the same.
    fn check_type(&self, world: &World<'t>, name: &str, declared: &str, node: &Node) {
        let is_it = match (declared, &node.value) {
            (_, Value::Unknown(_) | Value::Null) => true,
            ("string" | "securestring", value) => matches!(value, Value::Text(_)),
            ("int", value) => matches!(value, Value::Number(_) | Value::Text(_)),
            ("bool", value) => matches!(value, Value::Bool(_) | Value::Text(_)),
            ("array", value) => matches!(value, Value::List(_) | Value::Text(_)),
            ("object" | "secureobject", value) => {
                matches!(value, Value::Object(_) | Value::Text(_))
            }
            _ => true,
        };
        if !is_it {
            let text = format!(
                "parameter `{name}` is declared as {declared}, and is given {}",
                node.kind()
            );
            let pointer = format!("{}/parameters/{name}", self.pointer);
            let file = Arc::clone(&self.file);
            world.remark(Remark { file, pointer, code: "parameter-type", text });
        }
    }

    fn read_variable(self: &Rc<Self>, world: &World<'t>, name: &str) -> Result<Node, String> {
        let pointer = format!("{}/variables/{name}", self.pointer);
        let evaluator = Evaluator::new(world, self, &pointer);
        let variables = self.template.get("variables");
        if let Some(found) = variables.and_then(|all| all.get(name)) {
            return Ok(evaluator.value(found));
        }
        let loops = variables.and_then(|all| all.get("copy")).and_then(Node::as_list);
        let of = loops.into_iter().flatten().find(|of| {
            let known = of.get("name").and_then(Node::as_text);
            known.is_some_and(|known| known.eq_ignore_ascii_case(name))
        });
        let of = of.ok_or_else(|| format!("there is no variable `{name}`"))?;
        Ok(evaluator.repeated(name, of.get("count"), of.get("input")))
    }
}

/// A value that is not known: whatever it is, names may be made of it.
fn untold(name: &str, why: &str) -> Node {
    let on = format!("parameter `{name}`, {why}");
    value::node(value::token(name, &on, Secrecy::NotGiven))
}

/// A secret: nobody sees it; whether it is empty may be asked.
fn hidden(name: &str, node: Node) -> Node {
    let on = format!("parameter `{name}`, which is secret");
    match &node.value {
        Value::Text(text) if text.is_empty() => node,
        Value::Text(text) if value::unknown_in(text).is_none() => {
            value::node(value::token(name, &on, Secrecy::Secret))
        }
        Value::Text(_) | Value::Null | Value::Unknown(_) => node,
        Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Object(_) => {
            value::unknown(Unknown::on(on))
        }
    }
}

/// What only Azure knows of the place that is deployed to.
pub(super) fn of_place(name: &str) -> Node {
    let unknown = value::only_deployed(name);
    value::node(value::token(name, unknown.as_str(), Secrecy::NotGiven))
}
