//! Where a template is deployed to, and ids there.

/// Where a template is deployed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// What holds the resources that say nothing else.
    pub level: Level,
    /// The id of the subscription.
    pub subscription: String,
    /// The name of the resource group.
    pub resource_group: String,
    /// The region of the resource group, where known.
    pub location: Option<String>,
    /// The name of the deployment, for templates that ask for it.
    pub deployment: String,
}

/// What holds resources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// A resource group.
    #[default]
    ResourceGroup,
    /// A subscription.
    Subscription,
    /// A management group.
    ManagementGroup,
    /// The whole tenant.
    Tenant,
}

impl Level {
    /// The level that the schema of a template is for.
    pub(super) fn of_schema(schema: &str) -> Self {
        let is_for = |word: &str| schema.to_ascii_lowercase().contains(word);
        if is_for("subscriptiondeploymenttemplate") {
            Self::Subscription
        } else if is_for("managementgroupdeploymenttemplate") {
            Self::ManagementGroup
        } else if is_for("tenantdeploymenttemplate") {
            Self::Tenant
        } else {
            Self::ResourceGroup
        }
    }
}

/// The subscription of what nothing tells the subscription of.
const MADE_UP: &str = "00000000-0000-0000-0000-000000000000";

/// A made-up resource group.
impl Default for Scope {
    fn default() -> Self {
        Self {
            level: Level::default(),
            subscription: MADE_UP.to_owned(),
            resource_group: "template".to_owned(),
            location: None,
            deployment: String::new(),
        }
    }
}

impl Scope {
    /// The resource group with the id `id`, a made-up one for none; `None` for what is no such id.
    #[must_use]
    pub fn parse(id: Option<&str>) -> Option<Self> {
        let Some(id) = id else { return Some(Self::default()) };
        let steps: Vec<&str> = id.trim_matches('/').split('/').collect();
        let [subscriptions, subscription, groups, group] = steps.as_slice() else { return None };
        let is_group = subscriptions.eq_ignore_ascii_case("subscriptions")
            && groups.eq_ignore_ascii_case("resourceGroups");
        is_group.then(|| Self {
            subscription: (*subscription).to_owned(),
            resource_group: (*group).to_owned(),
            ..Self::default()
        })
    }

    /// Does nothing tell which resource group it is?
    pub(in crate::import) fn is_made_up(&self) -> bool {
        let own = Self::default();
        (&self.subscription, &self.resource_group) == (&own.subscription, &own.resource_group)
    }

    /// Is `subscription` one that somebody has?
    pub(in crate::import) fn is_told(subscription: &str) -> bool {
        subscription != MADE_UP
    }

    /// The id of the subscription.
    #[must_use]
    pub fn subscription_id(&self) -> String {
        format!("/subscriptions/{}", self.subscription)
    }

    /// The id of the resource group.
    #[must_use]
    pub fn group_id(&self) -> String {
        format!("{}/resourceGroups/{}", self.subscription_id(), self.resource_group)
    }

    /// The id of what holds the resources; empty for the tenant.
    pub(super) fn base(&self) -> String {
        match self.level {
            Level::ResourceGroup => self.group_id(),
            Level::Subscription => self.subscription_id(),
            Level::ManagementGroup | Level::Tenant => String::new(),
        }
    }

    /// The scope with another subscription or resource group.
    pub(super) fn elsewhere(&self, subscription: Option<&str>, group: Option<&str>) -> Self {
        let mut scope = self.clone();
        if let Some(subscription) = subscription {
            scope.subscription = subscription.to_owned();
            scope.level = Level::Subscription;
            scope.location = None;
        }
        if let Some(group) = group {
            if scope.resource_group != group {
                scope.location = None;
            }
            scope.resource_group = group.to_owned();
            scope.level = Level::ResourceGroup;
        }
        scope
    }

    /// The id of the resource that an extension is attached to: written in full, or as a type with a
    /// name.
    pub(super) fn extended(&self, within: &str) -> String {
        if within.starts_with('/') {
            return within.trim_end_matches('/').to_owned();
        }
        format!("{}/providers/{within}", self.base())
    }
}

/// The id of the resource of `full_type` (`Microsoft.Network/virtualNetworks/subnets`) called
/// `full_name` (`hub/web`) in `base`; none when the numbers of parts differ.
pub(super) fn compose(base: &str, full_type: &str, full_name: &str) -> Option<String> {
    let names: Vec<&str> = full_name.split('/').collect();
    compose_id(base, full_type.trim_end_matches('/'), &names)
}

/// The same, of names one by one.
pub(super) fn compose_id(base: &str, full_type: &str, names: &[&str]) -> Option<String> {
    if full_type.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") {
        let subscription = base.split("/resourceGroups/").next().unwrap_or_default();
        let [name] = names else { return None };
        return Some(format!("{subscription}/resourceGroups/{name}"));
    }
    let mut types = full_type.split('/');
    let namespace = types.next()?;
    let types: Vec<&str> = types.collect();
    if types.len() != names.len() || types.is_empty() {
        return None;
    }
    let mut id = format!("{base}/providers/{namespace}");
    for (part, name) in types.iter().zip(names) {
        id.push_str(&format!("/{part}/{name}"));
    }
    Some(id)
}
