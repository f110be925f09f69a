//! ARM templates: from parameters, variables and expressions to the resources they would deploy.
//!
//! A template is read as Azure Resource Manager reads it: loops, conditions, parts in their parents,
//! deployments within deployments, symbolic names, user's types and functions. What only a deployment
//! or whoever deploys can tell stays [unknown](crate::azure::Unknown) and says what it depends on.
//!
//! [`world`] is what all deployments share, a [`deployment`] is one template with its parameters, an
//! [`instance`] one resource of it, [`evaluate`] and [`functions`] are the expression language.

mod body;
mod deployment;
mod evaluate;
mod expression;
mod functions;
mod instance;
mod order;
mod parameters;
mod scope;
mod unique;
mod value;
mod world;

pub use scope::{Level, Scope};

use super::arm;
use crate::azure::tree::Node;
use crate::diag::{Diagnostic, Place};
use crate::id::ResourceId;
use deployment::Deployment;
use instance::Instance;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use world::{Library, Remark, There, World};

/// A template, and where it was read.
#[derive(Clone, Debug)]
pub struct Template {
    /// The document.
    pub file: Arc<str>,
    /// The JSON pointer to it there.
    pub pointer: String,
    /// The template.
    pub node: Node,
}

impl Template {
    /// Reads the JSON `text` of the document `file`.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn parse(file: &str, text: &str) -> Result<Self, serde_json::Error> {
        let node = super::json::tree(text)?;
        Ok(Self { file: file.into(), pointer: String::new(), node })
    }
}

/// A resource that a template deploys.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployed {
    /// Its id.
    pub id: ResourceId,
    /// The whole resource, with `id`, `type` and `name`.
    pub body: Node,
    /// Where it stands in the template.
    pub place: Place,
}

/// What a template deploys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expanded {
    /// The resources in the order of deployment; parts follow what they belong to.
    pub resources: Vec<Deployed>,
    /// What could not be evaluated, and which parameters have no value.
    pub diagnostics: Vec<Diagnostic>,
    /// The documents whose templates it links to.
    pub linked: BTreeSet<Arc<str>>,
}

/// Expands `template` with `parameters` (`{"name": {"value": …}}`, or the values themselves) as it
/// would be deployed to `scope`. Templates that it links to are looked for among `others`, by the end
/// of their paths.
///
/// Work is bounded: what a template asks for beyond 20 million values, or deeper than a hundred calls
/// within each other, is unknown.
#[must_use]
pub fn expand(
    template: &Template,
    parameters: Option<&Node>,
    scope: &Scope,
    others: &[Template],
) -> Expanded {
    expand_onto(template, parameters, scope, others, &|_| None)
}

/// As [`expand`], where resources that it refers to and does not deploy are `there`.
pub(super) fn expand_onto(
    template: &Template,
    parameters: Option<&Node>,
    scope: &Scope,
    others: &[Template],
    there: &There<'_>,
) -> Expanded {
    let library: Library<'_> =
        others.iter().map(|other| (Arc::clone(&other.file), &other.node)).collect();
    let (mut expanded, has_missed) =
        pass(template, parameters, scope, World::new(&library, there, BTreeMap::new()));
    if has_missed {
        // Something is referred to that a later deployment has: now it is known.
        let known = expanded.resources.iter().map(|it| (it.id.clone(), it.body.clone())).collect();
        (expanded, _) = pass(template, parameters, scope, World::new(&library, there, known));
    }
    expanded
}

fn pass<'t>(
    template: &'t Template,
    parameters: Option<&Node>,
    scope: &Scope,
    world: World<'t>,
) -> (Expanded, bool) {
    let mut scope = scope.clone();
    let schema = template.node.get("$schema").and_then(Node::as_text).unwrap_or_default();
    scope.level = Level::of_schema(schema);
    let file = Arc::clone(&template.file);
    let mut root = Deployment::new(&template.node, file, template.pointer.clone(), scope);
    root.given = parameters.map(|it| parameters::given(it, Node::clone)).unwrap_or_default();
    let root = Rc::new(root);
    world.add(&root);
    root.enumerate(&world);
    let mut resources = Vec::new();
    collect(&world, &root, &mut resources);
    let resources = last_of_each(resources);
    let has_missed = world.has_missed.get();
    let linked = world.linked.take();
    let diagnostics = world.into_remarks().into_iter().map(diagnostic).collect();
    (Expanded { resources, diagnostics, linked }, has_missed)
}

fn collect<'t>(world: &World<'t>, deployment: &Rc<Deployment<'t>>, found: &mut Vec<Deployed>) {
    for instance in order::ordered(world, deployment).into_iter().filter(|it| !it.is_existing) {
        if let Some(inner) = body::nested(world, deployment, instance) {
            collect(world, &inner, found);
            continue;
        }
        let mut body = value::finish("", body::body(world, deployment, instance));
        if arm::is_bringing(&instance.full_type) {
            if !body::is_deployment(instance) {
                remark_on_bringing(world, deployment, instance);
            }
            body = arm::bringing(instance.id.as_str(), &instance.full_type, Some(body));
        }
        let place = Place {
            file: Arc::clone(&deployment.file),
            pointer: instance.pointer.as_str().into(),
            ..Place::default()
        };
        found.push(Deployed { id: instance.id.clone(), body, place });
    }
}

/// Says that nothing tells what a deployment stack brings, or what a script does.
fn remark_on_bringing(world: &World<'_>, deployment: &Deployment<'_>, instance: &Instance<'_>) {
    let (code, text) = match arm::is_script(&instance.full_type) {
        true => ("deployment-script", "what this deployment script does is not read"),
        false => ("linked-template", "what this deployment stack brings is not read"),
    };
    world.remark(Remark {
        file: Arc::clone(&deployment.file),
        pointer: instance.pointer.clone(),
        code,
        text: text.to_owned(),
    });
}

/// A resource that is deployed again is replaced.
fn last_of_each(resources: Vec<Deployed>) -> Vec<Deployed> {
    let mut seen = BTreeSet::new();
    let last = resources.into_iter().rev().filter(|it| seen.insert(it.id.clone()));
    let mut kept: Vec<Deployed> = last.collect();
    kept.reverse();
    kept
}

fn diagnostic(remark: Remark) -> Diagnostic {
    let place = Place { file: remark.file, pointer: remark.pointer.into(), ..Place::default() };
    let diagnostic = Diagnostic::warning(remark.code, remark.text).at(place);
    match remark.code {
        "missing-parameter" => diagnostic.hint("give it with `--parameters FILE`"),
        "linked-template" => diagnostic.hint("give the linked template as a document as well"),
        "deployment-script" => diagnostic.hint("give an export from after its run as a document"),
        _ => diagnostic,
    }
}

/// Is a template with this schema deployed to a resource group?
pub(super) fn is_for_group(schema: &str) -> bool {
    Level::of_schema(schema) == Level::ResourceGroup
}

const LOSSES: [&str; 5] = [
    "template-expression",
    "template-name",
    "template-resource",
    "linked-template",
    "deployment-script",
];

/// Is a remark of this code about something that is lost?
#[must_use]
pub fn is_loss(code: &str) -> bool {
    LOSSES.contains(&code)
}

#[cfg(test)]
mod tests;
