//! Bodies of resources, deployments within deployments, and what these give back.

use super::deployment::{Deployment, Given};
use super::evaluate::{Evaluator, below};
use super::instance::{Instance, within};
use super::parameters;
use super::scope::Level;
use super::value;
use super::world::{Remark, World};
use crate::azure::tree::{Member, Node, Value};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

/// Deployments within deployments, at most: more refer to themselves.
const LEVELS_MAX: usize = 12;

/// Members of resources that say how they are deployed and not what they are.
const OF_DEPLOYING: [&str; 7] =
    ["asserts", "comments", "condition", "copy", "dependsOn", "existing", "resources"];

/// The resource `at` of `deployment` as it would be deployed, with its `id`.
pub(super) fn body<'t>(
    world: &World<'t>,
    deployment: &Rc<Deployment<'t>>,
    instance: &Instance<'t>,
) -> Node {
    if let Some(body) = instance.body.get() {
        return body.clone();
    }
    let mut members = Vec::new();
    if let Value::Object(written) = &instance.node.value {
        let kept = written.iter().filter(|(name, _)| !is_of_deploying(name));
        let evaluator = Evaluator::in_deployment(world, deployment, &instance.pointer);
        within(&evaluator, &instance.loops, |evaluator| {
            for (name, node) in kept {
                let pointer = below(&instance.pointer, name);
                let at = Evaluator { pointer: &pointer, ..*evaluator };
                members.push((Arc::clone(name), at.value(node)));
            }
        });
    }
    let named = ["id", "type", "name"];
    members.retain(|(name, _)| !named.iter().any(|known| name.eq_ignore_ascii_case(known)));
    // The id has a placeholder; the name itself says that it is not known.
    let own_name = value::text(instance.full_name.rsplit('/').next().unwrap_or_default());
    let own_name = value::unknown_of(&own_name).map_or(own_name, value::unknown);
    let mut told: Vec<Member> = vec![
        ("id".into(), value::text(instance.id.as_str())),
        ("type".into(), value::text(&instance.full_type)),
        ("name".into(), own_name),
    ];
    if let Some(unknown) = &instance.condition {
        told.push(("condition".into(), value::unknown(unknown.clone())));
    }
    told.extend(members);
    let body = value::object(told);
    // Evaluating it may have asked for it, and found what it is.
    let _ = instance.body.set(body.clone());
    body
}

fn is_of_deploying(name: &str) -> bool {
    OF_DEPLOYING.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// What `reference` gives: the properties as the template has them, to which Azure adds more.
pub(super) fn properties<'t>(
    world: &World<'t>,
    deployment: &Rc<Deployment<'t>>,
    instance: &Instance<'t>,
    shown: &str,
) -> Node {
    let open = || value::unknown(value::only_deployed(shown));
    if instance.is_open.replace(true) {
        return open();
    }
    let _closing = Closing(&instance.is_open);
    match nested(world, deployment, instance) {
        Some(inner) => {
            let outputs = outputs(world, &inner);
            super::evaluate::opened(value::object(vec![("outputs".into(), outputs)]), shown)
        }
        None if is_deployment(instance) => open(),
        None => {
            let body = body(world, deployment, instance);
            let properties = body.get("properties").cloned();
            let mut properties = properties.unwrap_or_else(|| value::object(Vec::new()));
            name_parts(&mut properties, instance);
            super::evaluate::opened(properties, shown)
        }
    }
}

/// Azure gives ids to the parts of a resource of the network that stand in its lists.
fn name_parts(properties: &mut Node, instance: &Instance<'_>) {
    let is_of_network = instance.full_type.to_ascii_lowercase().starts_with("microsoft.network/");
    let Value::Object(members) = &mut properties.value else { return };
    for (collection, list) in members.iter_mut().filter(|_| is_of_network) {
        let Value::List(parts) = &mut list.value else { continue };
        for part in parts.iter_mut().filter(|part| part.get("id").is_none()) {
            let id = part.get("name").and_then(Node::as_text).map(|name| {
                ("id".into(), value::text(instance.id.child(collection, name).as_str()))
            });
            if let (Value::Object(members), Some(id)) = (&mut part.value, id) {
                members.push(id);
            }
        }
    }
}

/// Marks an instance as no longer being evaluated, whatever happens.
struct Closing<'c>(&'c Cell<bool>);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

pub(super) fn is_deployment(instance: &Instance<'_>) -> bool {
    instance.full_type.eq_ignore_ascii_case("Microsoft.Resources/deployments")
}

/// The outputs of a deployment.
fn outputs<'t>(world: &World<'t>, deployment: &Rc<Deployment<'t>>) -> Node {
    let Some(Value::Object(members)) = deployment.template.get("outputs").map(|it| &it.value)
    else {
        return value::object(Vec::new());
    };
    let loops = deployment.outer.as_ref().map(|(_, loops)| &**loops).unwrap_or_default();
    let outputs = members.iter().map(|(name, output)| {
        let pointer = format!("{}/outputs/{name}", deployment.pointer);
        let evaluator = Evaluator::in_deployment(world, deployment, &pointer);
        let value = within(&evaluator, loops, |evaluator| {
            let copy = output.get("copy");
            match (copy.and_then(|it| it.get("count")), output.get("value")) {
                (Some(count), _) => {
                    evaluator.repeated("", Some(count), copy.and_then(|it| it.get("input")))
                }
                (None, Some(value)) => evaluator.value(value),
                (None, None) => Node::new(Value::Null),
            }
        });
        (Arc::clone(name), value::object(vec![("value".into(), value)]))
    });
    value::object(outputs.collect())
}

/// The deployment that `instance` is, when its template is there.
pub(super) fn nested<'t>(
    world: &World<'t>,
    deployment: &Rc<Deployment<'t>>,
    instance: &Instance<'t>,
) -> Option<Rc<Deployment<'t>>> {
    if !is_deployment(instance) || instance.is_existing {
        return None;
    }
    if let Some(known) = instance.nested.get() {
        return known.and_then(|number| world.deployment(number));
    }
    let inner = deploy(world, deployment, instance).map(Rc::new);
    let number = inner.as_ref().map(|inner| world.add(inner));
    let _ = instance.nested.set(number);
    if let Some(inner) = &inner {
        inner.enumerate(world);
    }
    inner
}

fn deploy<'t>(
    world: &World<'t>,
    deployment: &Rc<Deployment<'t>>,
    instance: &Instance<'t>,
) -> Option<Deployment<'t>> {
    let properties = instance.node.get("properties")?;
    let pointer = below(&instance.pointer, "properties");
    let note = |text: String| {
        world.remark(Remark {
            file: Arc::clone(&deployment.file),
            pointer: pointer.clone(),
            code: "linked-template",
            text,
        });
    };
    if deployment.level >= LEVELS_MAX {
        note("deployments are nested too deeply, or deploy themselves".to_owned());
        return None;
    }
    let evaluator = Evaluator::in_deployment(world, deployment, &pointer);
    within(&evaluator, &instance.loops, |evaluator| {
        let (template, file, at) = match properties.get("template") {
            Some(template) => (template, Arc::clone(&deployment.file), below(&pointer, "template")),
            None => match linked(world, deployment, properties, evaluator) {
                Ok((template, file)) => (template, file, String::new()),
                Err(why) => {
                    note(why);
                    return None;
                }
            },
        };
        let scope = inner_scope(deployment, instance, template, evaluator);
        let mut inner = Deployment::new(template, file, at, scope);
        inner.level = deployment.level + 1;
        inner.condition.clone_from(&instance.condition);
        let is_inner = is_inner(properties) || properties.get("template").is_none();
        if is_inner {
            inner.given = given(properties, evaluator);
        } else {
            let frame = Rc::clone(deployment.frame());
            inner.outer = Some((frame, instance.loops.clone()));
        }
        Some(inner)
    })
}

fn is_inner(properties: &Node) -> bool {
    let options = properties.get("expressionEvaluationOptions");
    let scope = options.and_then(|options| options.get("scope")).and_then(Node::as_text);
    scope.is_some_and(|scope| scope.eq_ignore_ascii_case("inner"))
}

fn given(
    properties: &Node,
    evaluator: &Evaluator<'_, '_>,
) -> std::collections::BTreeMap<String, Given> {
    let Some(written) = properties.get("parameters") else { return Default::default() };
    match &written.value {
        // All of them may be what one expression makes.
        Value::Text(_) => parameters::given(&evaluator.value(written), Node::clone),
        Value::Object(_)
        | Value::List(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Unknown(_) => parameters::given(written, |node| evaluator.value(node)),
    }
}

fn inner_scope<'t>(
    deployment: &Rc<Deployment<'t>>,
    instance: &Instance<'t>,
    template: &Node,
    evaluator: &Evaluator<'_, 't>,
) -> super::Scope {
    let text = |name: &str| {
        let node = instance.node.get(name).map(|node| evaluator.value(node))?;
        Some(super::instance::name_of(&node))
    };
    let (subscription, group) = (text("subscriptionId"), text("resourceGroup"));
    let mut scope = deployment.scope.elsewhere(subscription.as_deref(), group.as_deref());
    let schema = template.get("$schema").and_then(Node::as_text).unwrap_or_default();
    if Level::of_schema(schema) != Level::ResourceGroup {
        scope.level = Level::of_schema(schema);
    }
    scope.deployment = instance.full_name.rsplit('/').next().unwrap_or_default().to_owned();
    scope
}

/// The template that a deployment links to, among the documents that were read.
fn linked<'t>(
    world: &World<'t>,
    deployment: &Deployment<'t>,
    properties: &Node,
    evaluator: &Evaluator<'_, 't>,
) -> Result<(&'t Node, Arc<str>), String> {
    let link = properties.get("templateLink");
    let text = |name: &str| {
        let node = link.and_then(|link| link.get(name)).map(|node| evaluator.value(node))?;
        node.as_text().map(str::to_owned).or_else(|| node.as_unknown().map(ToString::to_string))
    };
    let path = text("relativePath").or_else(|| text("uri")).or_else(|| text("id"));
    let path = path.ok_or("the deployment has neither a template nor a link to one")?;
    let plain = path.split('?').next().unwrap_or_default();
    let wanted: Vec<&str> =
        plain.split('/').filter(|step| !matches!(*step, "" | "." | "..")).collect();
    let fits = |file: &str| {
        let steps: Vec<&str> = file.split(['/', '\\']).collect();
        let common =
            steps.iter().rev().zip(wanted.iter().rev()).take_while(|(a, b)| a == b).count();
        (common > 0 && steps.last() == wanted.last()).then_some(common)
    };
    let others = world.library.iter().filter(|(file, _)| **file != deployment.file);
    let best = others.filter_map(|(file, node)| Some((fits(file)?, file, *node)));
    let best = best.max_by_key(|(common, ..)| *common);
    if let Some((_, file, _)) = best {
        world.linked.borrow_mut().insert(Arc::clone(file));
    }
    best.map(|(_, file, node)| (node, Arc::clone(file))).ok_or_else(|| {
        let shown = value::with_placeholders(&path);
        format!("the template that it links to is not among the documents: {shown}")
    })
}
