//! ARM ids of instances: those that are known, and those that follow from names.

use super::place::Spot;
use super::plan::Plan;
use super::row::Becomes;
use super::rows;
use crate::azure::tree::Node;
use crate::import::arm;

/// Ids within each other that are followed.
const DEPTH: usize = 40;

impl Plan<'_> {
    /// The id of the instance `at`: its own, else made from its names.
    pub(super) fn id(&self, at: usize, depth: usize) -> Option<String> {
        if depth > DEPTH {
            return None;
        }
        let instance = self.instances.get(at)?;
        if let Some(known) = self.known_id(at) {
            return Some(known.to_owned());
        }
        let group = || self.group(at, depth + 1);
        let spot = |name| Spot::of(self, at, depth + 1).get(name);
        let name = || self.name(at, "name", depth);
        match rows::of(&instance.kind).map(|row| row.becomes) {
            Some(Becomes::InGroup(arm_type)) => {
                Some(format!("{}/providers/{arm_type}/{}", group(), name()))
            }
            Some(Becomes::Below(arm_type, parent)) => Some(below(
                &self.named(at, parent, parent_type(arm_type)?, depth)?,
                arm_type,
                &name(),
            )),
            Some(Becomes::Of(arm_type, parent)) => {
                Some(below(&spot(parent).id()?, arm_type, &name()))
            }
            Some(Becomes::At(arm_type, scope)) => {
                Some(format!("{}/providers/{arm_type}/{}", spot(scope).id()?, name()))
            }
            Some(Becomes::Listed(arm_type, parent, list)) => {
                let parent = self.named(at, parent, arm_type, depth)?;
                Some(format!("{parent}/{list}/{}", spot(own_name(&instance.kind)).text()?))
            }
            Some(Becomes::Said(_) | Becomes::Instead(..)) => None,
            None if instance.kind == "azurerm_resource_group" => Some(group()),
            None if instance.kind.starts_with("azapi_") => {
                super::azapi::id(&Spot::of(self, at, depth + 1))
            }
            None => Some(format!(
                "{}/providers/{}/{}",
                group(),
                unmodelled(&instance.kind),
                plain(&instance.address)
            )),
        }
    }

    /// The id of the resource of type `arm_type` that the attribute `attribute` names.
    pub(super) fn named(
        &self,
        at: usize,
        attribute: &str,
        arm_type: &str,
        depth: usize,
    ) -> Option<String> {
        let spot = Spot::of(self, at, depth + 1);
        let spot = spot.get(attribute);
        if spot.is_unknown() {
            return self.id(spot.instance()?, depth + 1);
        }
        let group = self.group(at, depth + 1);
        Some(format!("{group}/providers/{arm_type}/{}", spot.text()?))
    }

    /// The id that the instance says itself.
    fn known_id(&self, at: usize) -> Option<&str> {
        let id = self.instances.get(at)?.values.get("id")?.as_text()?;
        arm::is_id(id).then_some(id)
    }

    /// The id of the resource group of an instance.
    fn group(&self, at: usize, depth: usize) -> String {
        let is_group = self.instances.get(at).is_some_and(|it| it.kind == "azurerm_resource_group");
        let attribute = if is_group { "name" } else { "resource_group_name" };
        let name = self.name(at, attribute, depth);
        format!("{}/resourceGroups/{name}", self.subscription_of(at))
    }

    /// A name; when it is not known, what it depends on in braces.
    fn name(&self, at: usize, attribute: &str, depth: usize) -> String {
        let Some(instance) = self.instances.get(at) else { return String::new() };
        let spot = Spot::of(self, at, depth);
        let spot = spot.get(attribute);
        if let Some(text) = spot.text() {
            return text.to_owned();
        }
        let own = || format!("{{{}}}", plain(&instance.address));
        if attribute == "name" || depth > DEPTH {
            return own();
        }
        match spot.instance() {
            Some(of) if of != at => self.name(of, "name", depth + 1),
            _ => format!("{{{}.{attribute}}}", plain(&instance.address)),
        }
    }

    /// The start of the ids of the provider that an instance belongs to.
    fn subscription_of(&self, at: usize) -> String {
        let key = self.provider(at);
        let start = |id: &str| {
            let rest = id.get("/subscriptions/".len()..)?;
            Some(rest.split('/').next().unwrap_or_default().to_owned())
        };
        let configured = key.and_then(|key| self.configured_subscription(key));
        let known = || {
            let same = (0..self.instances.len()).filter(|&other| self.provider(other) == key);
            let mut known = same.filter_map(|other| start(self.known_id(other)?));
            known.next()
        };
        // Data sources tell who asks, and where.
        let told = || {
            let same = (0..self.instances.len()).filter(|&other| self.provider(other) == key);
            same.filter_map(|other| self.current_subscription(other)).next()
        };
        let is_alias = |key: &&str| key.contains('.') && !key.contains('/');
        let alias = || key.filter(is_alias).map(|key| format!("{{{}}}", plain(key)));
        let subscription = configured.or_else(known).or_else(told).or_else(alias);
        format!("/subscriptions/{}", subscription.unwrap_or_else(|| self.subscription.clone()))
    }

    /// The subscription of its provider that a data source tells, if it is one that asks for no other.
    fn current_subscription(&self, at: usize) -> Option<String> {
        let instance = self.instances.get(at).filter(|it| it.is_data)?;
        let tells = match &*instance.kind {
            "azurerm_client_config" => true,
            "azurerm_subscription" => self.configuration(instance).is_some_and(|it| {
                it.get("expressions").and_then(|it| it.get("subscription_id")).is_none()
            }),
            _ => false,
        };
        let told = instance.values.get("subscription_id").filter(|_| tells)?;
        told.as_text().filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The name of the provider's configuration.
    fn provider(&self, at: usize) -> Option<&str> {
        let instance = self.instances.get(at)?;
        let configuration = self.configuration(instance);
        let key =
            configuration.and_then(|it| it.get("provider_config_key")).and_then(Node::as_text);
        key.or(Some(&instance.provider))
    }

    fn configured_subscription(&self, key: &str) -> Option<String> {
        let provider = self.document.get("configuration")?.get("provider_config")?.get(key)?;
        let expression = provider.get("expressions")?.get("subscription_id")?;
        let module = provider.get("module_address").and_then(Node::as_text).unwrap_or_default();
        self.text_of(expression, module, 0).map(str::to_owned)
    }

    /// The text that `expression` gives in `module`: a constant, or a variable that callers give one.
    fn text_of<'n>(&'n self, expression: &'n Node, module: &str, depth: usize) -> Option<&'n str> {
        if let Some(constant) = expression.get("constant_value") {
            return constant.as_text();
        }
        let references = super::plan::references(expression);
        let [reference] = references.as_slice() else { return None };
        let name = reference.strip_prefix("var.").filter(|_| depth < DEPTH)?;
        let Some((caller, ..)) = super::plan::parted(module) else {
            return self.variable(name)?.as_text();
        };
        let given = self.call(module)?.get("expressions")?.get(name)?;
        self.text_of(given, caller, depth + 1)
    }
}

/// The attribute that names a resource of the type `kind`.
fn own_name(kind: &str) -> &'static str {
    if kind == "azurerm_express_route_circuit_peering" { "peering_type" } else { "name" }
}

/// The id of the part `name` of `parent`.
fn below(parent: &str, arm_type: &str, name: &str) -> String {
    format!("{parent}/{}/{name}", arm_type.rsplit('/').next().unwrap_or_default())
}

fn parent_type(arm_type: &str) -> Option<&str> {
    arm_type.rsplit_once('/').map(|(parent, _)| parent)
}

/// The type of what has no row.
pub(super) fn unmodelled(kind: &str) -> String {
    format!("Terraform/{kind}")
}

/// An address as a name in an id.
pub(super) fn plain(address: &str) -> String {
    address.replace('/', "_")
}
