//! What all deployments of one expansion share: who is deployed where, limits, and remarks.

use super::deployment::Deployment;
use crate::azure::tree::Node;
use crate::id::ResourceId;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// Calls and references within each other beyond this refer to themselves.
const DEPTH_MAX: u32 = 96;

/// Values that may be made while a template is expanded, so that a short template cannot ask for a
/// long time.
const WORK_MAX: u64 = 20_000_000;

/// Something to say about the template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Remark {
    /// The document.
    pub(super) file: Arc<str>,
    /// Where it stands there.
    pub(super) pointer: String,
    /// The stable name.
    pub(super) code: &'static str,
    /// In words.
    pub(super) text: String,
}

/// Templates of other documents, by file.
pub(super) type Library<'t> = BTreeMap<Arc<str>, &'t Node>;

/// Ids by document and pointer.
type References = BTreeMap<(Arc<str>, String), Vec<String>>;

/// The resource with an id, as it is there already.
pub(in crate::import) type There<'t> = dyn Fn(&ResourceId) -> Option<Node> + 't;

/// What all deployments of one expansion share.
pub(super) struct World<'t> {
    /// Templates that others may link to.
    pub(super) library: &'t Library<'t>,
    /// What the resources of an earlier pass have, by id.
    pub(super) known: BTreeMap<ResourceId, Node>,
    /// What is there already, by id.
    pub(super) there: &'t There<'t>,
    instances: RefCell<BTreeMap<ResourceId, (Rc<Deployment<'t>>, usize)>>,
    deployments: RefCell<Vec<Rc<Deployment<'t>>>>,
    /// The ids that expressions refer to by `reference()`, by document and pointer.
    references: RefCell<References>,
    remarks: RefCell<BTreeSet<Remark>>,
    depth: Cell<u32>,
    work: Cell<u64>,
    /// Was something looked for that no deployment had yet?
    pub(super) has_missed: Cell<bool>,
    /// Documents whose templates others link to.
    pub(super) linked: RefCell<BTreeSet<Arc<str>>>,
}

impl<'t> World<'t> {
    pub(super) fn new(
        library: &'t Library<'t>,
        there: &'t There<'t>,
        known: BTreeMap<ResourceId, Node>,
    ) -> Self {
        Self {
            library,
            known,
            there,
            instances: RefCell::default(),
            deployments: RefCell::default(),
            references: RefCell::default(),
            remarks: RefCell::default(),
            depth: Cell::new(0),
            work: Cell::new(0),
            has_missed: Cell::new(false),
            linked: RefCell::default(),
        }
    }

    /// Numbers a deployment.
    pub(super) fn add(&self, deployment: &Rc<Deployment<'t>>) -> usize {
        let mut deployments = self.deployments.borrow_mut();
        deployments.push(Rc::clone(deployment));
        deployments.len() - 1
    }

    /// The deployment with this number.
    pub(super) fn deployment(&self, number: usize) -> Option<Rc<Deployment<'t>>> {
        self.deployments.borrow().get(number).cloned()
    }

    /// Notes where a resource is deployed.
    pub(super) fn put(&self, id: &ResourceId, deployment: &Rc<Deployment<'t>>, at: usize) {
        let place = (Rc::clone(deployment), at);
        self.instances.borrow_mut().entry(id.clone()).or_insert(place);
    }

    /// The deployment that deploys `id`, and the position there.
    pub(super) fn find(&self, id: &ResourceId) -> Option<(Rc<Deployment<'t>>, usize)> {
        self.instances.borrow().get(id).cloned()
    }

    /// Notes that what stands at `pointer` of `file` refers to `id`.
    pub(super) fn refer(&self, file: &Arc<str>, pointer: &str, id: &ResourceId) {
        let place = (Arc::clone(file), pointer.to_owned());
        self.references.borrow_mut().entry(place).or_default().push(id.as_str().to_owned());
    }

    /// What was referred to by what stands at `pointer` of `file`, or below.
    pub(super) fn referred(&self, file: &Arc<str>, pointer: &str) -> Vec<String> {
        let references = self.references.borrow();
        let below = format!("{pointer}/");
        let from = references.range((Arc::clone(file), below.clone())..);
        let own = from.take_while(|((other, at), _)| other == file && at.starts_with(&below));
        own.flat_map(|(_, ids)| ids.iter().cloned()).collect()
    }

    pub(super) fn remark(&self, remark: Remark) {
        self.remarks.borrow_mut().insert(remark);
    }

    pub(super) fn into_remarks(self) -> BTreeSet<Remark> {
        self.remarks.into_inner()
    }

    /// Does `step` one level down, unless that is too deep.
    pub(super) fn deeper<T>(&self, step: impl FnOnce() -> T) -> Result<T, String> {
        if self.depth.get() >= DEPTH_MAX {
            return Err("it refers to itself, or is nested too deeply".into());
        }
        self.depth.set(self.depth.get() + 1);
        let result = step();
        self.depth.set(self.depth.get().saturating_sub(1));
        Ok(result)
    }

    /// Counts work.
    pub(super) fn spend(&self, amount: usize) -> Result<(), String> {
        let work = self.work.get().saturating_add(amount as u64 + 1);
        self.work.set(work);
        if work > WORK_MAX { Err("the template asks for too much work".into()) } else { Ok(()) }
    }
}
