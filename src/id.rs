//! Names of things: ARM resource ids, and typed indexes into arenas.

use serde::{Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::ops::{Index, IndexMut};
use std::sync::Arc;

/// An index into the [`Arena`] of `T`s that it came from.
// PERF: held as its complement, which is never 0, so that no id takes no more than an id.
pub struct Id<T>(NonZeroU32, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// The id that the value pushed after `index` others gets: for stages that refer to values before
    /// they push them.
    #[must_use]
    pub(crate) const fn planned(index: u32) -> Self {
        // INVARIANT: below 2^32 - 1, as `push` sees to.
        let complement = NonZeroU32::new(!index);
        Self(if let Some(it) = complement { it } else { NonZeroU32::MIN }, PhantomData)
    }

    /// The position in the arena, counted from 0.
    #[must_use]
    pub const fn index(self) -> usize {
        self.number() as usize
    }

    /// The same, as it is kept in lists of numbers.
    pub(crate) const fn number(self) -> u32 {
        !self.0.get()
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number().cmp(&other.number())
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number().hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.number())
    }
}

/// Values of one type, each known by its [`Id`] from then on. Nothing is ever removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arena<T>(Vec<T>);

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Arena<T> {
    /// Adds `value` and names it.
    ///
    /// # Panics
    /// Never in practice: only beyond 2^32 - 1 values, which no input within the stated limits has.
    #[expect(clippy::expect_used, reason = "2^32 resources do not fit into memory")]
    pub fn push(&mut self, value: T) -> Id<T> {
        let number = u32::try_from(self.0.len()).ok().filter(|&number| number != u32::MAX);
        let id = Id::planned(number.expect("fewer than 2^32 - 1 values"));
        self.0.push(value);
        id
    }

    /// Every value with its id, in the order of adding.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Id<T>, &T)> + ExactSizeIterator {
        #[expect(clippy::cast_possible_truncation, reason = "push holds the length below 2^32")]
        self.0.iter().enumerate().map(|(at, value)| (Id::planned(at as u32), value))
    }

    /// Every id, in the order of adding.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = Id<T>> + ExactSizeIterator {
        self.iter().map(|(id, _)| id)
    }

    /// Every value, in the order of adding.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// The values, to change them.
    pub fn values_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.0.iter_mut()
    }

    /// The number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Has nothing been added?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Index<Id<T>> for Arena<T> {
    type Output = T;
    #[expect(clippy::indexing_slicing, reason = "ids come from `push` of the same arena")]
    fn index(&self, id: Id<T>) -> &T {
        &self.0[id.index()]
    }
}

impl<T> IndexMut<Id<T>> for Arena<T> {
    #[expect(clippy::indexing_slicing, reason = "ids come from `push` of the same arena")]
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        &mut self.0[id.index()]
    }
}

/// The path by which ARM knows a resource, such as
/// `/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/hub`.
///
/// Compared without regard to case, as ARM does; shown as it was first read.
#[derive(Clone)]
pub struct ResourceId(Arc<str>);

impl ResourceId {
    /// Takes `path` as it is, without a slash at its end.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self(path.trim_end_matches('/').into())
    }

    /// The path as it was read.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment: the resource's own name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The value of the segment that follows `key`, such as the group after `resourceGroups`.
    #[must_use]
    pub fn segment(&self, key: &str) -> Option<&str> {
        let mut segments = self.0.split('/');
        segments.find(|segment| segment.eq_ignore_ascii_case(key))?;
        segments.next()
    }

    /// The resource group's name.
    #[must_use]
    pub fn resource_group(&self) -> Option<&str> {
        self.segment("resourceGroups")
    }

    /// The id of the subscription.
    #[must_use]
    pub fn subscription(&self) -> Option<&str> {
        self.segment("subscriptions")
    }

    /// The ARM type, such as `Microsoft.Network/virtualNetworks/subnets`, from the last provider on.
    #[must_use]
    pub fn resource_type(&self) -> Option<String> {
        let (namespace, rest) = provided(&self.0)?;
        let types: Vec<&str> = rest.split('/').step_by(2).collect();
        Some(format!("{namespace}/{}", types.join("/")))
    }

    /// The id of the resource that this one is a part of: the subnet's virtual network.
    ///
    /// `None` for a resource that stands on its own.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (parent, _name) = self.0.rsplit_once('/')?;
        let (parent, _type) = parent.rsplit_once('/')?;
        provided(parent).map(|_| Self(parent.into()))
    }

    /// The id of the part `name` of collection `collection`, such as a subnet of this network.
    #[must_use]
    pub fn child(&self, collection: &str, name: &str) -> Self {
        Self(format!("{}/{collection}/{name}", self.0).into())
    }
}

/// The namespace of the last provider in `path`, and what follows.
fn provided(path: &str) -> Option<(&str, &str)> {
    let (mut rest, mut provided) = (path, None);
    while let Some((segment, after)) = rest.split_once('/') {
        if segment.eq_ignore_ascii_case("providers") {
            provided = Some(after);
        }
        rest = after;
    }
    provided?.split_once('/')
}

impl PartialEq for ResourceId {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.eq_ignore_ascii_case(&other.0)
    }
}
impl Eq for ResourceId {}
impl PartialOrd for ResourceId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for ResourceId {
    fn cmp(&self, other: &Self) -> Ordering {
        // PERF: ids share long beginnings, mostly in the same case: those are compared in blocks.
        let (mut a, mut b) = (self.0.as_bytes(), other.0.as_bytes());
        while let (Some((x, rest_a)), Some((y, rest_b))) =
            (a.split_first_chunk::<16>(), b.split_first_chunk::<16>())
        {
            if x != y && !x.eq_ignore_ascii_case(y) {
                break;
            }
            (a, b) = (rest_a, rest_b);
        }
        // They differ within the next block, or one of them ends there.
        fn folded(rest: &[u8]) -> impl Iterator<Item = u8> {
            rest.iter().take(16).map(u8::to_ascii_lowercase)
        }
        folded(a).cmp(folded(b))
    }
}
impl Hash for ResourceId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // PERF: in blocks, as ids are long.
        let (blocks, rest) = self.0.as_bytes().as_chunks::<16>();
        blocks.iter().for_each(|block| state.write(&block.map(|byte| byte.to_ascii_lowercase())));
        rest.iter().for_each(|byte| state.write_u8(byte.to_ascii_lowercase()));
        state.write_u8(0);
    }
}
impl fmt::Debug for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl Serialize for ResourceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBNET: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub/subnets/web";

    #[test]
    fn ids_are_equal_whatever_their_case() {
        assert_eq!(ResourceId::new(SUBNET), ResourceId::new(&SUBNET.to_uppercase()));
        assert_eq!(
            ResourceId::new(SUBNET).cmp(&ResourceId::new(&SUBNET.to_lowercase())),
            Ordering::Equal
        );
    }

    #[test]
    fn ids_are_in_the_order_of_their_lower_case() {
        let beginning = "/subscriptions/s/resourceGroups/rg/providers/x";
        let names =
            ["", "/a", "/A-b", "/a/b", "/b", "/aaaaaaaaaaaaaaaaaaaaaaaaaaa", "/AAAAAAAAAAAAAAAA"];
        for (one, other) in names.iter().flat_map(|one| names.iter().map(move |two| (one, two))) {
            let (one, other) = (format!("{beginning}{one}"), format!("{beginning}{other}"));
            assert_eq!(
                ResourceId::new(&one).cmp(&ResourceId::new(&other)),
                one.to_lowercase().cmp(&other.to_lowercase()),
                "{one} and {other}"
            );
        }
    }

    #[test]
    fn an_id_knows_its_parts() {
        let id = ResourceId::new(SUBNET);
        assert_eq!(id.name(), "web");
        assert_eq!(id.resource_group(), Some("rg"));
        assert_eq!(
            id.resource_type().as_deref(),
            Some("Microsoft.Network/virtualNetworks/subnets")
        );
        let network = id.parent().unwrap();
        assert_eq!(network.name(), "hub");
        assert_eq!(network.parent(), None);
        assert_eq!(network.child("subnets", "web"), id);
    }
}
