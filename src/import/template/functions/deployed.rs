//! What belongs to the deployment: parameters, variables, where it goes, and its other resources.

use super::{Arguments, Given};
use crate::azure::tree::{Node, Value};
use crate::id::ResourceId;
use crate::import::template::body;
use crate::import::template::deployment::{Deployment, of_place};
use crate::import::template::evaluate::{Evaluator, LocalKind, opened};
use crate::import::template::instance::Instance;
use crate::import::template::value;
use crate::import::template::value::only_deployed;
use std::rc::Rc;

/// What `name` gives; none when it needs nothing of the deployment.
pub(super) fn call(
    evaluator: &Evaluator<'_, '_>,
    name: &str,
    arguments: Arguments<'_>,
) -> Option<Given> {
    Some(match name {
        "parameters" => arguments.text(0).and_then(|name| evaluator.parameter(name)),
        "variables" => {
            arguments.text(0).and_then(|name| evaluator.frame.variable(evaluator.world, name))
        }
        "copyindex" => copy_index(evaluator, arguments),
        "resourcegroup" => Ok(resource_group(evaluator)),
        "subscription" => Ok(subscription(evaluator)),
        "tenant" => Ok(value::object(vec![("tenantId".into(), of_place("tenant().tenantId"))])),
        "managementgroup" => Ok(value::unknown(only_deployed("managementGroup()"))),
        "deployment" => Ok(deployment(evaluator)),
        "deployer" => Ok(value::unknown(only_deployed("deployer()"))),
        "environment" => Ok(environment()),
        "reference" => reference(evaluator, arguments),
        "references" => references(evaluator, arguments),
        "resourceinfo" => resource_info(evaluator, arguments),
        "providers" | "pickzones" | "tologicalzone" | "tophysicalzone" => {
            Ok(value::unknown(only_deployed(&shown(arguments))))
        }
        "fail" => Err(format!("the template says: {}", arguments.text(0).unwrap_or_default())),
        list if list.starts_with("list") => Ok(value::unknown(only_deployed(&shown(arguments)))),
        _ => return None,
    })
}

/// `copyIndex([loop], [offset])`.
fn copy_index(evaluator: &Evaluator<'_, '_>, arguments: Arguments<'_>) -> Given {
    let named = arguments.nodes.iter().find_map(Node::as_text);
    let mut loops = evaluator.each_local().filter_map(|local| match local.kind {
        LocalKind::Loop(name, index) => Some((name, index)),
        LocalKind::Lambda(_) | LocalKind::Arguments(_) => None,
    });
    let found = match named {
        Some(name) => loops.find(|(known, _)| known.eq_ignore_ascii_case(name)),
        None => loops.next(),
    };
    let (_, index) = found.ok_or("there is no such loop here")?;
    let is_offset = |node: &&Node| matches!(node.value, Value::Number(_));
    let offset = arguments.nodes.iter().find(is_offset).and_then(value::whole).unwrap_or(0);
    Ok(value::from_whole(index.saturating_add(offset)))
}

fn resource_group(evaluator: &Evaluator<'_, '_>) -> Node {
    let scope = &evaluator.frame.scope;
    let location = match &scope.location {
        Some(location) => value::text(location),
        None => of_place("resourceGroup().location"),
    };
    let group = value::object(vec![
        ("id".into(), value::text(scope.group_id())),
        ("name".into(), value::text(&scope.resource_group)),
        ("type".into(), value::text("Microsoft.Resources/resourceGroups")),
        ("location".into(), location),
    ]);
    opened(group, "resourceGroup()")
}

fn subscription(evaluator: &Evaluator<'_, '_>) -> Node {
    let scope = &evaluator.frame.scope;
    let subscription = value::object(vec![
        ("id".into(), value::text(scope.subscription_id())),
        ("subscriptionId".into(), value::text(&scope.subscription)),
        ("tenantId".into(), of_place("subscription().tenantId")),
        ("displayName".into(), of_place("subscription().displayName")),
    ]);
    opened(subscription, "subscription()")
}

fn deployment(evaluator: &Evaluator<'_, '_>) -> Node {
    let name = &evaluator.frame.scope.deployment;
    let name = match name.is_empty() {
        true => of_place("deployment().name"),
        false => value::text(name),
    };
    let location = of_place("deployment().location");
    opened(
        value::object(vec![("name".into(), name), ("location".into(), location)]),
        "deployment()",
    )
}

/// The public cloud: others are not modelled.
fn environment() -> Node {
    let suffixes = [
        ("acrLoginServer", ".azurecr.io"),
        ("azureDatalakeAnalyticsCatalogAndJob", "azuredatalakeanalytics.net"),
        ("azureDatalakeStoreFileSystem", "azuredatalakestore.net"),
        ("azureFrontDoorEndpointSuffix", "azurefd.net"),
        ("keyvaultDns", ".vault.azure.net"),
        ("sqlServerHostname", ".database.windows.net"),
        ("storage", "core.windows.net"),
    ];
    let suffixes = suffixes.map(|(name, suffix)| (name.into(), value::text(suffix)));
    let environment = value::object(vec![
        ("name".into(), value::text("AzureCloud")),
        ("portal".into(), value::text("https://portal.azure.com")),
        ("resourceManager".into(), value::text("https://management.azure.com/")),
        ("suffixes".into(), opened(value::object(suffixes.into()), "environment().suffixes")),
    ]);
    opened(environment, "environment()")
}

/// A call in words: `reference('pip')`.
fn shown(arguments: Arguments<'_>) -> String {
    let texts = arguments.nodes.iter().filter_map(Node::as_text).take(1);
    let texts = texts.map(|text| {
        let text = value::with_placeholders(text);
        // An id is known by its last names.
        let short: Vec<&str> = text.rsplit('/').take(1).collect();
        format!("'{}'", short.concat())
    });
    format!("{}({})", arguments.name, texts.collect::<String>())
}

/// `reference(symbol, name or id, [version], ['Full'])`: the properties of a resource.
fn reference(evaluator: &Evaluator<'_, '_>, arguments: Arguments<'_>) -> Given {
    let shown = shown(arguments);
    let wanted = arguments.get(0)?;
    if let Some(unknown) = wanted.as_unknown() {
        return Ok(value::unknown(unknown.clone()));
    }
    let wanted = arguments.text(0)?;
    let is_full = arguments
        .nodes
        .iter()
        .skip(1)
        .any(|node| node.as_text().is_some_and(|text| text.eq_ignore_ascii_case("full")));
    match found(evaluator, wanted) {
        Some((deployment, at)) => {
            let instance = deployment.instances().get(at).ok_or_else(|| arguments.wrong())?;
            let file = &evaluator.home.unwrap_or(evaluator.frame).file;
            evaluator.world.refer(file, evaluator.pointer, &instance.id);
            Ok(told(evaluator, &deployment, instance, (&shown, is_full)))
        }
        None => Ok(part(evaluator, wanted, &shown)
            .unwrap_or_else(|| known_before(evaluator, wanted, (&shown, is_full)))),
    }
}

/// The properties of a part that stands in a list of what it is a part of, such as a subnet.
fn part(evaluator: &Evaluator<'_, '_>, wanted: &str, shown: &str) -> Option<Node> {
    let id = ResourceId::new(&value::with_placeholders(wanted));
    let collection = id.as_str().rsplit('/').nth(1)?;
    let (deployment, at) = evaluator.world.find(&id.parent()?)?;
    let owner = deployment.instances().get(at).filter(|owner| !owner.is_existing)?;
    let properties = body::properties(evaluator.world, &deployment, owner, shown);
    let is_it = |part: &&Node| {
        let name = part.get("name").map(|name| value::with_placeholders(&value::as_text(name)));
        name.is_some_and(|name| name.eq_ignore_ascii_case(id.name()))
    };
    let part = properties.get(collection)?.as_list()?.iter().find(is_it)?;
    let own = part.get("properties").cloned().unwrap_or_else(|| value::object(Vec::new()));
    Some(opened(own, shown))
}

/// What the whole resource has beside its properties.
const BESIDE: [&str; 5] = ["apiVersion", "kind", "location", "sku", "zones"];

fn told<'t>(
    evaluator: &Evaluator<'_, 't>,
    deployment: &Rc<Deployment<'t>>,
    instance: &Instance<'t>,
    (shown, is_full): (&str, bool),
) -> Node {
    if instance.is_existing {
        let elsewhere = evaluator.world.find(&instance.id).and_then(|(deployment, at)| {
            let other = deployment.instances().get(at)?;
            (!other.is_existing).then(|| told(evaluator, &deployment, other, (shown, is_full)))
        });
        let id = instance.id.as_str();
        return elsewhere.unwrap_or_else(|| known_before(evaluator, id, (shown, is_full)));
    }
    let properties = body::properties(evaluator.world, deployment, instance, shown);
    match is_full {
        false => properties,
        true => {
            let body = match body::is_deployment(instance) {
                true => value::object(Vec::new()),
                false => body::body(evaluator.world, deployment, instance),
            };
            opened(whole(&instance.id, properties, &body), shown)
        }
    }
}

/// What an earlier pass found of a resource of a deployment that comes later, or what is there already; else only
/// Azure knows.
fn known_before(
    evaluator: &Evaluator<'_, '_>,
    wanted: &str,
    (shown, is_full): (&str, bool),
) -> Node {
    let world = evaluator.world;
    world.has_missed.set(true);
    let id = ResourceId::new(&value::with_placeholders(wanted));
    let body = world.known.get(&id).cloned().or_else(|| (world.there)(&id));
    let properties = body.as_ref().and_then(|body| body.get("properties"));
    match (properties, &body) {
        (Some(properties), Some(body)) if is_full => {
            opened(whole(&id, properties.clone(), body), shown)
        }
        (Some(properties), _) => opened(properties.clone(), shown),
        (None, _) => value::unknown(only_deployed(shown)),
    }
}

/// A whole resource, as `reference` gives it with `'full'`.
fn whole(id: &ResourceId, properties: Node, body: &Node) -> Node {
    let mut members =
        vec![("resourceId".into(), value::text(id.as_str())), ("properties".into(), properties)];
    let beside = BESIDE.iter().filter_map(|&name| Some((name, body.get(name)?)));
    members.extend(beside.map(|(name, node)| (name.into(), node.clone())));
    value::object(members)
}

/// The resource that `wanted` means: the deployment, and the position there.
fn found<'t>(evaluator: &Evaluator<'_, 't>, wanted: &str) -> Option<(Rc<Deployment<'t>>, usize)> {
    if wanted.starts_with('/') {
        let id = ResourceId::new(&value::with_placeholders(wanted));
        return evaluator.world.find(&id);
    }
    // `name[2]` is what the third round of a loop makes.
    let (symbol, round) = rounded(wanted);
    let by_symbol = |instance: &Instance<'_>| {
        let is_it = instance.symbol.as_ref().is_some_and(|own| **own == *symbol);
        is_it && round.is_none_or(|round| instance.round() == Some(round))
    };
    let by_name = |instance: &Instance<'_>| {
        let own = instance.full_name.rsplit('/').next().unwrap_or_default();
        instance.full_name.eq_ignore_ascii_case(wanted) || own.eq_ignore_ascii_case(wanted)
    };
    let homes = evaluator.homes();
    homes.iter().find_map(|home| {
        let only = |is_it: &dyn Fn(&Instance<'_>) -> bool| {
            let mut fitting = home.instances().iter().enumerate().filter(|(_, it)| is_it(it));
            let (at, _) = fitting.next()?;
            fitting.next().is_none().then_some((Rc::clone(home), at))
        };
        let exact = |it: &Instance<'_>| it.full_name.eq_ignore_ascii_case(wanted);
        only(&by_symbol).or_else(|| only(&exact)).or_else(|| only(&by_name))
    })
}

/// A symbolic name, and the number of the round where one stands behind it in brackets.
fn rounded(wanted: &str) -> (&str, Option<i64>) {
    let told = wanted.strip_suffix(']').and_then(|it| it.rsplit_once('['));
    let told = told.and_then(|(symbol, round)| Some((symbol, round.parse().ok()?)));
    told.map_or((wanted, None), |(symbol, round)| (symbol, Some(round)))
}

/// `references(symbol, ['Full'])`: the properties of every round of a loop.
fn references(evaluator: &Evaluator<'_, '_>, arguments: Arguments<'_>) -> Given {
    let wanted = arguments.text(0)?;
    let is_full = arguments.nodes.len() > 1;
    let shown = shown(arguments);
    let open = || value::unknown(only_deployed(&shown));
    let homes = evaluator.homes();
    let written = homes.iter().find_map(|home| Some((home, home.written(wanted)?)));
    let Some((home, written)) = written else { return Ok(open()) };
    let Some(copy) = written.get("copy") else { return Ok(open()) };
    let rounds = Evaluator::in_deployment(evaluator.world, home, evaluator.pointer)
        .rounds(copy.get("count"));
    let rounds = match rounds {
        Ok(rounds) => rounds,
        Err(unknown) => return Ok(value::unknown(unknown)),
    };
    let of_loop = home.instances().iter().filter(|it| it.symbol.as_deref() == Some(wanted));
    let nodes: Vec<Node> = of_loop
        .enumerate()
        .map(|(at, instance)| told(evaluator, home, instance, (&format!("{shown}[{at}]"), is_full)))
        .collect();
    // What a condition leaves out has no properties, and what is given instead is not documented.
    let is_whole = i64::try_from(nodes.len()).is_ok_and(|count| count == rounds);
    Ok(if is_whole { value::list(nodes) } else { open() })
}

/// `resourceInfo(symbol)`: id, name and type.
fn resource_info(evaluator: &Evaluator<'_, '_>, arguments: Arguments<'_>) -> Given {
    let wanted = arguments.text(0)?;
    let place = found(evaluator, wanted).ok_or_else(|| format!("there is no `{wanted}`"))?;
    let (deployment, at) = place;
    let instance = deployment.instances().get(at).ok_or_else(|| arguments.wrong())?;
    Ok(value::object(vec![
        ("id".into(), value::text(instance.id.as_str())),
        ("name".into(), value::text(&instance.full_name)),
        ("type".into(), value::text(&instance.full_type)),
    ]))
}
