//! The things of a network that assertions may exercise.

use crate::answer::{Item, ItemKind};
use crate::azure::{
    AdminRule, FirewallRule, Meta, Network, Origin, Role, RoleAssignment, RuleCollection,
};
use crate::diag::Place;
use crate::id::{Id, ResourceId};

/// One thing: a rule, a route, a peering, a link, a record set or a role assignment.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// As answers name it.
    pub(super) item: Item,
    /// The resource that it was written in, by the number of its place, and the way from there.
    pub(super) root: Id<Place>,
    pub(super) path: String,
}

impl Subject {
    /// What it is called from one variant to the next: its place moves when others go.
    pub(super) fn key(&self) -> Key {
        (self.item.kind, self.item.resource.clone(), self.item.name.clone())
    }

    /// Where it stands, without what is known of the place by chance.
    pub(super) fn spot(&self) -> Spot {
        let place = self.item.place.clone().unwrap_or_default();
        (place.file.to_string(), place.pointer.to_string())
    }
}

/// What a thing is called: kind, owner, name.
pub(super) type Key = (ItemKind, Option<ResourceId>, String);
/// A document and a JSON pointer.
pub(super) type Spot = (String, String);

/// Every thing of `network`, by kind.
pub(super) fn subjects(network: &Network) -> Vec<Subject> {
    let listing = Listing { network };
    let mut found = Vec::new();
    listing.rules(&mut found);
    listing.admin_rules(&mut found);
    listing.firewall_rules(&mut found);
    listing.routes(&mut found);
    let peerings = network.peerings.values().map(|peering| (ItemKind::Peering, &peering.meta));
    let zones = network.private_dns_zones.values();
    let links = zones.flat_map(|zone| &zone.links).map(|link| (ItemKind::ZoneLink, &link.meta));
    let whole = peerings.chain(links);
    found.extend(
        whole.map(|(kind, meta)| listing.subject(kind, meta.name(), &meta.id, &meta.origin)),
    );
    listing.records(&mut found);
    let roles = network.role_assignments.values();
    found.extend(roles.map(|role| listing.role(role)));
    found
}

struct Listing<'n> {
    network: &'n Network,
}

impl Listing<'_> {
    fn subject(&self, kind: ItemKind, name: &str, owner: &ResourceId, origin: &Origin) -> Subject {
        let place = Some(self.network.place(origin));
        let item = Item { kind, name: name.to_owned(), resource: Some(owner.clone()), place };
        Subject { item, root: origin.root, path: origin.path.to_string() }
    }

    fn rules(&self, found: &mut Vec<Subject>) {
        for group in self.network.network_security_groups.values() {
            for rule in &group.rules {
                let name = format!("{}/{}", group.meta.name(), rule.name);
                found.push(self.subject(
                    ItemKind::SecurityRule,
                    &name,
                    &group.meta.id,
                    &rule.origin,
                ));
            }
        }
    }

    fn admin_rules(&self, found: &mut Vec<Subject>) {
        for collection in self.network.admin_rule_collections.values() {
            let (name, id) = (collection.meta.name(), &collection.meta.id);
            let subject = |rule: &AdminRule| {
                let name = format!("{name}/{}", rule.name);
                self.subject(ItemKind::AdminRule, &name, id, &rule.origin)
            };
            found.extend(collection.rules.iter().map(subject));
        }
    }

    fn firewall_rules(&self, found: &mut Vec<Subject>) {
        for policy in self.network.firewall_policies.values() {
            let collections = policy.groups.iter().flat_map(|group| &group.collections);
            self.collections(&policy.meta, collections, found);
        }
        for firewall in self.network.firewalls.values() {
            self.collections(&firewall.meta, firewall.collections.iter(), found);
        }
    }

    fn collections<'c>(
        &self,
        owner: &Meta,
        collections: impl Iterator<Item = &'c RuleCollection>,
        found: &mut Vec<Subject>,
    ) {
        for collection in collections {
            let subject = |rule: &FirewallRule| {
                let name = format!("{}/{}/{}", owner.name(), collection.name, rule.name);
                self.subject(ItemKind::FirewallRule, &name, &owner.id, &rule.origin)
            };
            found.extend(collection.rules.iter().map(subject));
        }
    }

    fn routes(&self, found: &mut Vec<Subject>) {
        for table in self.network.route_tables.values() {
            for route in &table.routes {
                let name = format!("{}/{}", table.meta.name(), route.name);
                found.push(self.subject(ItemKind::UserRoute, &name, &table.meta.id, &route.origin));
            }
        }
    }

    fn records(&self, found: &mut Vec<Subject>) {
        for zone in self.network.private_dns_zones.values() {
            for set in &zone.record_sets {
                let name = format!("{} {}", set.name, set.data.type_name());
                found.push(self.subject(ItemKind::Record, &name, &zone.meta.id, &set.origin));
            }
        }
    }

    fn role(&self, assignment: &RoleAssignment) -> Subject {
        let role = match &assignment.role {
            Role::BuiltIn(role) => role.name.to_owned(),
            Role::Defined(link) => match link.known() {
                Some(id) => self.network.role_definitions[id].name.to_string(),
                None => "a role".to_owned(),
            },
            Role::Unknown(text) => text.to_string(),
        };
        let scope = &assignment.scope;
        let within = if scope.resource_type().is_some() { scope.name() } else { scope.as_str() };
        let (meta, name) = (&assignment.meta, format!("{role} on {within}"));
        self.subject(ItemKind::RoleAssignment, &name, &meta.id, &meta.origin)
    }
}
