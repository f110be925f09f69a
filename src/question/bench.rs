//! Many networks that differ little from one, looked at one by one.

use crate::azure::{Change, Network, PlatformProfile, Resource, Snapshot};
use crate::dataplane::graph::Location;
use crate::dataplane::{self, Dataplane, Workbench};
use crate::id::{Id, ResourceId};
use crate::resolve::Frame;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// A network that was resolved without errors.
#[derive(Debug)]
pub struct Resolved {
    /// The network.
    pub network: Arc<Network>,
    /// What it takes to read parts of it again.
    pub frame: Frame,
    /// The platform's data.
    pub profile: &'static PlatformProfile,
}

impl Resolved {
    /// The network as packets see it.
    #[must_use]
    pub fn compile(&self) -> Dataplane {
        dataplane::compile(Arc::clone(&self.network), self.profile)
    }
}

/// Resolves what was read; none when that brings errors.
pub type Resolve<'a> = dyn Fn(Snapshot) -> Option<Resolved> + Sync + 'a;

/// What was read, and changed copies of it, compiled one at a time.
///
/// Where a copy differs in rules of security groups or routes of route tables only, these are read again and
/// compiled into the network (`dataplane::Workbench`), and taken back afterwards. Any other copy is resolved and
/// compiled as a whole: peerings, links, records and roles have no such short way.
pub(super) struct Bench<'a> {
    snapshot: Snapshot,
    resolve: &'a Resolve<'a>,
    /// The network of the snapshot, once it was needed.
    resolved: Option<Resolved>,
    /// The same, where it is changed.
    workbench: Option<Workbench>,
    /// So many changes were made there.
    changes: usize,
}

/// What changes leave behind in memory is dropped after so many of them.
const CHANGES_MAX: usize = 1_000;

impl fmt::Debug for Bench<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bench").field("changes", &self.changes).finish_non_exhaustive()
    }
}

impl<'a> Bench<'a> {
    /// For changed copies of `snapshot`, of which `resolved` is the network if that is known already.
    pub(super) const fn new(
        snapshot: Snapshot,
        resolved: Option<Resolved>,
        resolve: &'a Resolve<'a>,
    ) -> Self {
        Self { snapshot, resolve, resolved, workbench: None, changes: 0 }
    }

    /// What `look` sees in the network of `changed`; none when that cannot be resolved without errors.
    pub(super) fn with<T>(
        &mut self,
        changed: Snapshot,
        look: impl FnOnce(&Dataplane) -> T,
    ) -> Option<T> {
        self.with_places(changed, |plane, _| look(plane))
    }

    /// The same; `look` is also told the places that may treat packets otherwise than in the network of the
    /// snapshot, under the numbers that they have there, ascending: none where that may be anywhere.
    pub(super) fn with_places<T>(
        &mut self,
        changed: Snapshot,
        look: impl FnOnce(&Dataplane, Option<&BTreeSet<Id<Location>>>) -> T,
    ) -> Option<T> {
        let Some((changes, workbench)) = self.changes(&changed) else {
            return Some(look(&(self.resolve)(changed)?.compile(), None));
        };
        let places = changes.iter().filter_map(|change| workbench.places(change)).flatten();
        let places: BTreeSet<Id<Location>> = places.collect();
        let made = changes.into_iter().map(|change| workbench.change(change));
        let made: Vec<Change> = made.collect();
        let seen = look(workbench.plane(), Some(&places));
        for change in made.into_iter().rev() {
            workbench.change(change);
        }
        Some(seen)
    }

    /// What makes the network of `changed`, and where to make it; none when it takes more than changes of rules
    /// and routes.
    fn changes(&mut self, changed: &Snapshot) -> Option<(Vec<Change>, &mut Workbench)> {
        let owners = owners(&self.snapshot, changed)?;
        if self.resolved.is_none() {
            self.resolved = (self.resolve)(self.snapshot.clone());
        }
        let resolved = self.resolved.as_ref()?;
        if self.changes >= CHANGES_MAX {
            (self.workbench, self.changes) = (None, 0);
        }
        let fresh = || Workbench::new(Arc::clone(&resolved.network), resolved.profile);
        let workbench = self.workbench.get_or_insert_with(fresh);
        let changes = owners.iter().map(|id| {
            let change = resolved.frame.change(&resolved.network, id, &changed.resources)?;
            workbench.places(&change).is_some().then_some(change)
        });
        let changes: Vec<Change> = changes.collect::<Option<_>>()?;
        self.changes += changes.len();
        Some((changes, workbench))
    }
}

/// The groups and tables in which the two differ; none when they differ elsewhere too.
fn owners(before: &Snapshot, after: &Snapshot) -> Option<BTreeSet<ResourceId>> {
    let is_same = before.resources.len() == after.resources.len()
        && before.service_tags == after.service_tags;
    let mut owners = BTreeSet::new();
    for ((id, old), (other, new)) in before.resources.iter().zip(&after.resources) {
        if id != other {
            return None;
        }
        if old != new {
            let owner = Frame::owner(id).filter(|_| is_at_same_place(old, new));
            owners.insert(owner?);
        }
    }
    is_same.then_some(owners)
}

fn is_at_same_place(old: &Resource, new: &Resource) -> bool {
    old.place == new.place && old.resource_type == new.resource_type
}
