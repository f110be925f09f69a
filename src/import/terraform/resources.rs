//! The resources of one side: what instances say of them, put together.

use super::convert::{self, list, object, text};
use super::loose::{self, Candidate, Loose};
use super::place::Spot;
use super::plan::Plan;
use super::row::{Becomes, Row};
use super::rows::{self, ALL};
use super::{
    Found, Read, Side, assumed, azapi, doubles, gone, identity, oddities, sent, told, unset,
    unsynced, untold,
};
use crate::azure::Unknown;
use crate::azure::tree::{Member, Node, Value};
use crate::diag::Diagnostic;
use crate::id::ResourceId;
use crate::import::beside::Beside;
use crate::import::source::step;
use crate::import::{arm, merge};
use std::collections::{BTreeMap, BTreeSet};

/// How strongly something is said, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// By an update of azapi, which comes after what the resource itself says.
    Update,
    /// By a resource about another, in place of what that holds.
    Instead,
    /// By the resource itself.
    Own,
    /// By a resource about another.
    Said,
    /// By a block in its parent, which may be out of date.
    Inline,
    /// By a data source.
    Data,
}

/// What an instance says of one resource.
#[derive(Clone, Debug)]
pub(super) struct Saying {
    pub(super) id: ResourceId,
    /// With everything but the envelope in `properties`.
    pub(super) body: Node,
    pub(super) strength: Strength,
    pub(super) pointer: String,
    /// The instance that says it.
    pub(super) address: String,
}

pub(super) fn read(document: &Node, side: Side, subscription: &str) -> Read {
    let plan = Plan::new(document, side, subscription);
    let mut read = Read { remarks: oddities::of(document), ..Read::default() };
    let mut sayings = Vec::new();
    let mut lost = Vec::new();
    for at in 0..plan.instances.len() {
        match say(&plan, at) {
            Ok(more) => sayings.extend(more),
            Err(remark) => lost.push((at, *remark)),
        }
    }
    let candidates = candidates(&plan, &sayings);
    let loose: Vec<Loose> =
        lost.iter().filter_map(|&(at, _)| loose::of(&plan, at, &candidates)).collect();
    sayings.extend(lost.iter().flat_map(|&(at, _)| perhaps(&plan, at, &candidates)));
    read.remarks.extend(lost.into_iter().map(|(_, remark)| remark));
    if side == Side::After {
        read.remarks.extend(assumed::of(&plan));
        let before = Plan::new(document, Side::Before, subscription);
        let before =
            (0..before.instances.len()).flat_map(|at| say(&before, at).unwrap_or_default());
        let before: Vec<Saying> = before.collect();
        told::forget_unread(&before, &mut sayings);
        read.remarks.extend(gone::forget(&before, &plan, &mut sayings));
        read.remarks.extend(sent::settle(&before, &plan, &mut sayings));
        read.remarks.extend(unsynced::keep(&before, &plan, &mut sayings));
    }
    gone::forget_told_owners(&mut sayings);
    read.remarks.extend(doubles::doubt(&plan, &mut sayings));
    let mut beside = untold::of(&plan, &sayings);
    let gaps = told::gaps(&plan, &sayings);
    read.resources = together(sayings);
    for found in &mut read.resources {
        found.beside = beside.remove(&found.id).unwrap_or_default();
    }
    read.remarks.extend(read.resources.iter().filter_map(untold));
    for found in &mut read.resources {
        loose.iter().for_each(|loose| loose.doubt(found));
        gaps.doubt(found);
    }
    read
}

/// What something may be said of without saying which it is.
fn candidates(plan: &Plan<'_>, sayings: &[Saying]) -> Vec<Candidate> {
    let known: BTreeSet<&str> = plan
        .instances
        .iter()
        .filter(|it| it.values.get("id").and_then(Node::as_text).is_some())
        .map(|it| it.address.as_str())
        .collect();
    let all = sayings.iter().filter_map(|saying| {
        let arm_type = saying.body.get("type")?.as_text()?.to_owned();
        let is_new = !known.contains(&*saying.address);
        Some(Candidate { id: saying.id.clone(), arm_type, is_new })
    });
    all.collect()
}

/// The parts that the instance `at` may be, of which it is not known of what it is one.
fn perhaps(plan: &Plan<'_>, at: usize, candidates: &[Candidate]) -> Vec<Saying> {
    let Some(instance) = plan.instances.get(at) else { return Vec::new() };
    let parts = loose::of(plan, at, candidates).map(|loose| loose.parts()).unwrap_or_default();
    let said = parts.into_iter().map(|(id, mut body)| {
        arm::nest(&mut body);
        let (pointer, address) = (instance.pointer.clone(), instance.address.clone());
        Saying { id, body, strength: Strength::Own, pointer, address }
    });
    said.collect()
}

/// What the instance `at` says.
fn say(plan: &Plan<'_>, at: usize) -> Result<Vec<Saying>, Box<(String, Diagnostic)>> {
    let Some(instance) = plan.instances.get(at) else { return Ok(Vec::new()) };
    let is_azure = ["azurerm_", "azapi_"].iter().any(|start| instance.kind.starts_with(start));
    if !is_azure || instance.kind == "azurerm_resource_group" {
        return Ok(Vec::new());
    }
    let spot = Spot::of(plan, at, 0);
    let found = match rows::of(&instance.kind) {
        Some(row) => by_row(row, &spot),
        None if ["azapi_resource", "azapi_update_resource"].contains(&&*instance.kind) => {
            as_arm(&spot)
        }
        None if instance.kind == azapi::ACTION && azapi::writes(&spot) => written(&spot),
        // Calls, questions and what is in the data plane: they make no resource of Azure.
        None if instance.kind.starts_with("azapi_") => Some(Vec::new()),
        // What a data source tells of is there; not everything that has one is a resource.
        None if instance.is_data && !spot.get("id").text().is_some_and(is_of_provider) => {
            Some(Vec::new())
        }
        None => unmodelled(&spot),
    };
    let strength = if instance.is_data { Some(Strength::Data) } else { None };
    let found = found.ok_or_else(|| {
        let message =
            format!("which resource `{}` belongs to is known after apply", instance.address);
        let hint = "answers that it may change are unknown; name its parent by a reference, not through local values";
        Box::new((
            instance.pointer.clone(),
            Diagnostic::warning("unknown-parent", message).hint(hint),
        ))
    })?;
    Ok(found
        .into_iter()
        .map(|Told { id, mut body, strength: own, way }| {
            arm::nest(&mut body);
            Saying {
                id: ResourceId::new(&id),
                body,
                strength: strength.unwrap_or(own),
                pointer: format!("{}{way}", instance.pointer),
                address: instance.address.clone(),
            }
        })
        .collect())
}

/// What is said of the resource `id`, and where it stands in the values.
#[derive(Debug)]
struct Told {
    id: String,
    body: Node,
    strength: Strength,
    way: String,
}

impl Told {
    /// By the values as a whole.
    const fn by_all(id: String, body: Node, strength: Strength) -> Self {
        Self { id, body, strength, way: String::new() }
    }
}

type Said = Vec<Told>;

fn by_row(row: &'static Row, spot: &Spot<'_, '_>) -> Option<Said> {
    let members = convert::members(row.fields, spot);
    match row.becomes {
        Becomes::Said(of) => {
            let id = spot.get(of).id()?;
            // Ids of associations in older versions name both ends.
            let id = id.split('|').next().unwrap_or_default().to_owned();
            Some(vec![Told::by_all(id, Node::new(Value::Object(members)), Strength::Said)])
        }
        Becomes::Instead(of, name) => {
            let named = || {
                let (attribute, arm_type) = name?;
                spot.plan.named(spot.at, attribute, arm_type, 0)
            };
            let id = spot.get(of).id().or_else(named)?;
            Some(vec![Told::by_all(id, Node::new(Value::Object(members)), Strength::Instead)])
        }
        Becomes::Listed(arm_type, attribute, name) => {
            let id = spot.plan.named(spot.at, attribute, arm_type, 0)?;
            let mut element = members;
            element.extend(own_name(spot));
            let body = object(name, list(std::iter::once(Node::new(Value::Object(element)))));
            Some(vec![Told::by_all(id, body, Strength::Said)])
        }
        Becomes::InGroup(arm_type)
        | Becomes::Below(arm_type, _)
        | Becomes::Of(arm_type, _)
        | Becomes::At(arm_type, _) => {
            let id = spot.plan.id(spot.at, 0)?;
            let mut members = not_itself(members, &id, spot);
            members.extend(told::by_data(spot));
            members.extend(told::by_making(arm_type, spot));
            let mut said = parts(row, &id, spot);
            let body = whole(arm_type, &id, members, spot);
            said.insert(0, Told::by_all(id, body, Strength::Own));
            Some(said)
        }
    }
}

/// No network is peered with itself: where the configuration seems to say so, it chooses the other one in a way that
/// plans do not tell, such as `1 - count.index`.
fn not_itself(mut members: Vec<Member>, id: &str, spot: &Spot<'_, '_>) -> Vec<Member> {
    let attribute = spot.get("remote_virtual_network_id");
    let own = ResourceId::new(id).parent();
    let is_remote = |(name, node): &&mut Member| {
        let remote = node.get("id").and_then(Node::as_text).map(ResourceId::new);
        &**name == "remoteVirtualNetwork" && remote.is_some() && remote == own
    };
    if attribute.is_unknown()
        && let Some((_, remote)) = members.iter_mut().find(is_remote)
        && let Some(instance) = spot.plan.instances.get(spot.at)
    {
        let on = format!("`{}.remote_virtual_network_id`, known after apply", instance.address);
        *remote = Node::new(Value::Unknown(Unknown::on(on)));
    }
    members
}

/// The resource, with its type and name.
fn whole(arm_type: &str, id: &str, members: Vec<Member>, spot: &Spot<'_, '_>) -> Node {
    let mut all = vec![("id".into(), text(id)), ("type".into(), text(arm_type))];
    all.extend(own_name(spot));
    let location = spot.get("location");
    all.extend(
        location
            .node
            .filter(|it| it.value != Value::Null)
            .map(|it| ("location".into(), it.clone())),
    );
    all.extend(members);
    Node::new(Value::Object(all))
}

fn own_name(spot: &Spot<'_, '_>) -> Option<Member> {
    let node = spot.get("name").node.filter(|node| node.value != Value::Null)?;
    Some(("name".into(), node.clone()))
}

/// Blocks that are resources of their own.
fn parts(row: &'static Row, id: &str, spot: &Spot<'_, '_>) -> Said {
    let mut said = Vec::new();
    for (name, part) in row.parts {
        let Becomes::Below(arm_type, _) = part.becomes else { continue };
        let list = arm_type.rsplit('/').next().unwrap_or_default();
        let block = spot.get(name);
        if unset::of(&block, spot).is_some() {
            continue;
        }
        if let Some(unknown) = unknown_blocks(&block, name) {
            said.push(Told::by_all(id.to_owned(), object(list, unknown), Strength::Inline));
            continue;
        }
        for (at, element) in block.each().into_iter().enumerate() {
            let Some(own) = element.get("name").text().map(str::to_owned) else { continue };
            let way = step(&step("", name), &at.to_string());
            let id = format!("{id}/{list}/{own}");
            let members = convert::members(part.fields, &element);
            let body = whole(arm_type, &id, members, &element);
            said.push(Told { id, body, strength: Strength::Inline, way });
        }
    }
    said
}

/// The blocks called `name` as a whole, when it is not known which there are. A `dynamic` block whose `for_each` is
/// not known is one block in a plan, of which no argument is known.
fn unknown_blocks(block: &Spot<'_, '_>, name: &str) -> Option<Node> {
    if block.is_unknown() {
        return block.node.cloned();
    }
    block.each().iter().find(|element| element.get("name").is_unknown())?;
    let address = &block.plan.instances.get(block.at)?.address;
    let on = format!("`{address}.{name}`, known after apply");
    Some(Node::new(Value::Unknown(Unknown::on(on))))
}

fn as_arm(spot: &Spot<'_, '_>) -> Option<Said> {
    let id = spot.plan.id(spot.at, 0)?;
    let mut members: Vec<Member> = vec![("id".into(), text(&id))];
    members.extend(azapi::arm_type(spot).map(|it| ("type".into(), text(it))));
    members.extend(azapi::members(spot));
    let is_update =
        spot.plan.instances.get(spot.at).is_some_and(|it| it.kind == "azapi_update_resource");
    let strength = if is_update { Strength::Update } else { Strength::Own };
    let arm_type = azapi::arm_type(spot).unwrap_or_default();
    if arm::is_bringing(arm_type) {
        let all = Node::new(Value::Object(members));
        let body = arm::bringing(&id, arm_type, Some(all));
        return Some(vec![Told::by_all(id, body, strength)]);
    }
    Some(vec![Told::by_all(id, Node::new(Value::Object(members)), strength)])
}

/// What a call that the plan is to make may do to the resource that it is about.
fn written(spot: &Spot<'_, '_>) -> Option<Said> {
    let instance = spot.plan.instances.get(spot.at)?;
    let target = spot.plan.id(spot.at, 0)?;
    let arm_type = identity::unmodelled(&instance.kind);
    let id = format!("{target}/providers/{arm_type}/{}", identity::plain(&instance.address));
    let body = arm::bringing(&id, &arm_type, Some(object("id", text(&target))));
    Some(vec![Told::by_all(id, body, Strength::Own)])
}

/// What there is no model of: kept with what it refers to, so that answers can name it.
fn unmodelled(spot: &Spot<'_, '_>) -> Option<Said> {
    let instance = spot.plan.instances.get(spot.at)?;
    let id = spot.plan.id(spot.at, 0)?;
    let known = spot.node.cloned().unwrap_or(Node::new(Value::Null));
    let ids = spot.all_references().into_iter().map(|id| text(&id));
    let arm_type = identity::unmodelled(&instance.kind);
    let mut members = vec![
        ("id".into(), text(&id)),
        ("type".into(), text(&arm_type)),
        ("values".into(), known),
        ("references".into(), list(ids)),
    ];
    let is_run = instance.kind.ends_with("template_deployment") || arm::is_script(&arm_type);
    if is_run && !instance.is_data {
        let all = Node::new(Value::Object(std::mem::take(&mut members)));
        let body = arm::bringing(&id, &arm_type, Some(all));
        return Some(vec![Told::by_all(id, body, Strength::Own)]);
    }
    Some(vec![Told::by_all(id, Node::new(Value::Object(members)), Strength::Own)])
}

/// Is it the id of a resource of Azure, and not of a secret, a subscription or a group?
fn is_of_provider(id: &str) -> bool {
    arm::is_id(id) && ResourceId::new(id).resource_type().is_some()
}

/// That nothing tells what a deployment brings.
fn untold(found: &Found) -> Option<(String, Diagnostic)> {
    if !arm::brings(&found.body) {
        return None;
    }
    let name = found.id.name();
    let arm_type = found.body.get("type").and_then(Node::as_text).unwrap_or_default();
    let template = "answers say that it is not modelled; give the template, or an export, as a document as well";
    let (code, message, hint) = if arm::is_script(arm_type) {
        let message = format!("what the deployment script `{name}` does is not read");
        ("deployment-script", message, template)
    } else if arm_type == identity::unmodelled(azapi::ACTION) {
        let message = format!("what `{name}` writes is not read");
        ("resource-action", message, "answers say that it is not modelled")
    } else {
        ("linked-template", format!("what the deployment `{name}` brings is not read"), template)
    };
    Some((found.pointer.clone(), Diagnostic::warning(code, message).hint(hint)))
}

/// Puts together what is said of each resource: the strongest first, and of what follows only what nothing before it tells.
fn together(mut sayings: Vec<Saying>) -> Vec<Found> {
    sayings.sort_by_key(|saying| saying.strength);
    let mut all = Together::default();
    while let Some(strength) = sayings.first().map(|saying| saying.strength) {
        let count = sayings.partition_point(|saying| saying.strength == strength);
        let mut later = sayings.split_off(count);
        sayings.into_iter().for_each(|saying| all.put(saying));
        // Associations add to what others say.
        let others = later.iter_mut().filter(|saying| saying.strength != Strength::Said);
        others.for_each(|saying| all.forget_told(saying, strength < Strength::Said));
        sayings = later;
    }
    all.found.iter_mut().for_each(|found| finish(&mut found.body, &found.id));
    all.found
}

/// What has been put together so far.
#[derive(Debug, Default)]
struct Together {
    found: Vec<Found>,
    places: BTreeMap<ResourceId, usize>,
}

impl Together {
    fn put(&mut self, saying: Saying) {
        let Saying { id, mut body, strength, pointer, .. } = saying;
        let at = self.places.get(&id).copied();
        let Some(known) = at.and_then(|at| self.found.get_mut(at)) else {
            self.places.insert(id.clone(), self.found.len());
            self.found.push(Found {
                id,
                body,
                pointer,
                is_data: strength == Strength::Data,
                beside: Beside::Nothing,
            });
            return;
        };
        if strength == Strength::Said {
            merge::append_texts(&mut known.body, &mut body);
        }
        if strength == Strength::Data {
            told::forget(&mut body);
        }
        merge::add(&mut known.body, body);
    }

    /// Takes out of `saying` what is told already; of lists the elements, too, that a resource of its own does not have.
    fn forget_told(&self, saying: &mut Saying, is_whole: bool) {
        let at = self.places.get(&saying.id).copied();
        if let Some(known) = at.and_then(|at| self.found.get(at)) {
            merge::forget_told(&mut saying.body, &known.body, is_whole);
        }
    }
}

/// Gives a resource its id, and drops what says that nothing is set.
fn finish(body: &mut Node, id: &ResourceId) {
    spread(body);
    merge::forget_nulls(body);
    let has_id = body.get("id").is_some();
    if let (false, Value::Object(members)) = (has_id, &mut body.value) {
        members.insert(0, ("id".into(), text(id.as_str())));
    }
}

/// Gives every IP configuration what is said of all of them.
pub(in crate::import) fn spread(body: &mut Node) {
    let Some(properties) = arm::properties(body) else { return };
    let Some((_, node)) = properties.iter_mut().find(|(name, _)| &**name == "ipConfigurations")
    else {
        return;
    };
    let Value::List(nodes) = &mut node.value else { return };
    let is_all = |node: &Node| node.get("name").and_then(Node::as_text) == Some(ALL);
    let Some(at) = nodes.iter().position(is_all) else { return };
    let all = nodes.remove(at);
    nodes.iter_mut().for_each(|node| merge::add(node, all.clone()));
}
