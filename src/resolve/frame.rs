//! Reading one thing of a network again.

use super::draft::Draft;
use super::kinds::{Kind, Role, Row, Thing};
use super::path::PathId;
use super::plan::{Item, Layer};
use super::scope::{Known, Scope};
use super::{kinds, read};
use crate::azure::{Change, Network, Resource, RouteTable};
use crate::id::{Id, ResourceId};
use std::collections::BTreeMap;

/// What it takes to read security groups and route tables of a network again: which things there are.
#[derive(Debug)]
pub struct Frame {
    known: Known,
    /// Every resource, in the order in which they are numbered.
    ids: Vec<ResourceId>,
}

impl Frame {
    pub(super) const fn new(known: Known, ids: Vec<ResourceId>) -> Self {
        Self { known, ids }
    }

    /// The security group or route table that the resource `id` is, or whose rule or route it is.
    #[must_use]
    pub fn owner(id: &ResourceId) -> Option<ResourceId> {
        let row = kinds::row(&id.resource_type()?)?;
        match &row.role {
            Role::Thing(_) => kind(row).map(|_| id.clone()),
            Role::Part => id.parent().filter(|parent| Self::owner(parent).is_some()),
            Role::Remark(_) => None,
        }
    }

    /// The change that makes of `network` what resolving `resources` makes: they differ from what was
    /// resolved in the group or table `id` only, rules and routes of their own included.
    ///
    /// None where more may follow: where something referred to or some value is not known, or something
    /// other than rules and routes is another.
    #[must_use]
    pub fn change(
        &self,
        network: &Network,
        id: &ResourceId,
        resources: &BTreeMap<ResourceId, Resource>,
    ) -> Option<Change> {
        // What is missing is numbered in the order of reading; stand-ins look at all rules and routes.
        let mut missing = network.missing.values();
        if missing.any(|it| it.referred_by == *id) || !network.unknown_values.is_empty() {
            return None;
        }
        let item = self.item(id, resources)?;
        let (put, notes) = read::ahead(&item, &Scope::new(&self.known))?;
        let mut draft = Draft::default();
        put(&mut draft);
        let number = self.known.index.get(id)?.1.number;
        let change = change(network, number, &draft.network);
        change.filter(|_| notes.unknown_values.is_empty())
    }

    fn item(&self, id: &ResourceId, resources: &BTreeMap<ResourceId, Resource>) -> Option<Item> {
        let body = resources.get(id)?;
        let row = kinds::row(&body.resource_type)?;
        let start = id.child("", "");
        let parts = resources.range(start..).take_while(|(part, _)| is_below(part, id));
        let parts = parts.filter(|(part, _)| Self::owner(part).as_ref() == Some(id));
        let parts = parts.map(|(part, body)| Some((part.clone(), self.layer(part, body)?)));
        let (layers, parts) = (vec![self.layer(id, body)?], parts.collect::<Option<_>>()?);
        Some(Item { id: id.clone(), row, layers, parts, parent: 0 })
    }

    fn layer(&self, id: &ResourceId, resource: &Resource) -> Option<Layer> {
        let number = u32::try_from(self.ids.binary_search(id).ok()?).ok()?;
        let body = resource.body.clone();
        Some(Layer { root: Id::planned(number), path: PathId::default(), body })
    }
}

/// The kind of what rows say is read, if it can be read again.
fn kind(row: &Row) -> Option<Kind> {
    let Role::Thing(Thing { kind, .. }) = row.role else { return None };
    matches!(kind, Kind::NetworkSecurityGroup | Kind::RouteTable).then_some(kind)
}

fn is_below(part: &ResourceId, id: &ResourceId) -> bool {
    let split = part.as_str().split_at_checked(id.as_str().len());
    split.is_some_and(|(start, rest)| {
        start.eq_ignore_ascii_case(id.as_str()) && rest.starts_with('/')
    })
}

/// What makes of the group or table with this number in `before` the one that was `read`.
fn change(before: &Network, number: u32, read: &Network) -> Option<Change> {
    if let Some(group) = read.network_security_groups.values().next() {
        let id = Id::planned(number);
        let is_same = before.network_security_groups[id].meta == group.meta;
        return is_same.then(|| Change::Rules(id, group.rules.clone()));
    }
    let (id, table) = (Id::planned(number), read.route_tables.values().next()?);
    let old = &before.route_tables[id];
    let is_same = *old == RouteTable { routes: old.routes.clone(), ..table.clone() };
    is_same.then(|| Change::Routes(id, table.routes.clone()))
}
