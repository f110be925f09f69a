//! The members of a thing, wherever they stand: in `properties` or beside it, in a resource of its
//! own or inline in its parent.

use super::asked::Asked;
use super::kinds::Target;
use super::path::Step;
use super::plan::{Item, Layer};
use super::scope::{Reference, Scope};
use super::spot::Spot;
use super::text;
use crate::azure::tree::View;
use crate::azure::{Link, Meta, Origin};
use crate::diag::Diagnostic;
use crate::id::{Id, ResourceId};
use crate::net::{DnsName, ProtocolSet};
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The members of a thing or of one of its parts.
///
/// Names are looked up without regard to case, first in `properties`, then beside it; a name with
/// slashes, such as `dnsSettings/fqdn`, goes down step by step. `null` and `""` are as good as absent.
#[derive(Debug)]
pub(in crate::resolve) struct Fields<'a> {
    /// The strongest tree.
    itself: Spot<'a>,
    /// The others, each weaker than the one before.
    weaker: Vec<Spot<'a>>,
    /// The members of all trees, the strongest first. PERF: one thing is asked for many members.
    members: Vec<Member<'a>>,
    scope: &'a Scope<'a>,
    id: &'a ResourceId,
    parts: &'a [(ResourceId, Layer)],
    parent: u32,
    asked: Asked<'a>,
}

/// A member of a tree, in `properties` or beside it.
#[derive(Clone, Copy, Debug)]
struct Member<'a> {
    name: &'a str,
    /// `properties`, as written, where it stands there.
    outer: Option<&'a str>,
    node: View<'a>,
    /// How many trees are stronger than the one it stands in.
    rank: usize,
}

impl<'a> Fields<'a> {
    /// The members of a whole item; `None` when there is no tree that describes it.
    pub(in crate::resolve) fn of(item: &'a Item, scope: &'a Scope<'a>) -> Option<Self> {
        let mut layers = item.layers.iter().map(|layer| spot(scope, &item.id, layer));
        let fields = Self::in_all(layers.next()?, layers.collect());
        fields.doubt_existence();
        Some(Self { parts: &item.parts, parent: item.parent, ..fields })
    }

    /// The members of an object somewhere inside.
    pub(in crate::resolve) fn at(spot: Spot<'a>) -> Self {
        Self::in_all(spot, Vec::new())
    }

    fn in_all(itself: Spot<'a>, weaker: Vec<Spot<'a>>) -> Self {
        let mut members = Vec::new();
        for (rank, spot) in std::iter::once(&itself).chain(&weaker).enumerate() {
            let own = given(spot.node);
            let inside = |(name, _): &(&str, View<'_>)| name.eq_ignore_ascii_case("properties");
            if let Some((outer, properties)) = own.clone().find(inside) {
                let outer = Some(outer);
                let nested = given(properties);
                members.extend(nested.map(|(name, node)| Member { name, outer, node, rank }));
            }
            members.extend(own.map(|(name, node)| Member { name, outer: None, node, rank }));
        }
        let Spot { scope, from: id, .. } = itself;
        let asked = Asked::of(itself);
        Self { itself, weaker, members, scope, id, parts: &[], parent: 0, asked }
    }

    /// The id of the thing that is being read.
    pub(in crate::resolve) const fn id(&self) -> &'a ResourceId {
        self.id
    }

    /// The scope that readers share.
    pub(in crate::resolve) const fn scope(&self) -> &'a Scope<'a> {
        self.scope
    }

    /// The strongest tree itself.
    pub(in crate::resolve) const fn itself(&self) -> &Spot<'a> {
        &self.itself
    }

    /// The id of the parent, for things that the plan knows to have one.
    pub(in crate::resolve) const fn parent<T: Target>(&self) -> Id<T> {
        Id::planned(self.parent)
    }

    /// Id, region, place.
    pub(in crate::resolve) fn meta(&self) -> Meta {
        // A region that is not known is as good as none.
        let location = self.scope.in_model(|| self.text("location"));
        self.meta_in(location.map(text::location).unwrap_or_default())
    }

    /// Id and place of a part in a region that its parent tells.
    pub(in crate::resolve) fn meta_in(&self, location: Box<str>) -> Meta {
        Meta { id: self.id.clone(), location, origin: self.origin() }
    }

    /// Where it was read.
    pub(in crate::resolve) fn origin(&self) -> Origin {
        self.itself.origin()
    }

    /// Its name: `name`, else the end of its `id`.
    pub(in crate::resolve) fn name(&self) -> Box<str> {
        // The id says it too.
        let own = self.scope.in_model(|| self.text("name").or_else(|| self.text("id")));
        own.and_then(|name| name.rsplit('/').next()).unwrap_or_else(|| self.id.name()).into()
    }

    /// The member `name`, if it is there.
    pub(in crate::resolve) fn find(&self, name: &str) -> Option<Spot<'a>> {
        let (first, rest) = match memchr::memchr(b'/', name.as_bytes()) {
            Some(slash) => (name.get(..slash)?, name.get(slash + 1..)),
            None => (name, None),
        };
        self.asked.note(first);
        let mut called = self.called(first).map(|member| self.spot(member));
        let found = match rest {
            None => called.next()?,
            Some(rest) => called.find_map(|spot| down(spot, rest))?,
        };
        (!found.node.is_empty()).then_some(found)
    }

    /// The members of this name, the strongest first.
    fn called(&self, name: &str) -> impl Iterator<Item = &Member<'a>> {
        // What stands in something unknown has every name.
        self.members.iter().filter(move |member| {
            let own = member.name;
            own == name || own.is_empty() || own.eq_ignore_ascii_case(name)
        })
    }

    fn spot(&self, member: &Member<'a>) -> Spot<'a> {
        let weaker = member.rank.checked_sub(1).and_then(|at| self.weaker.get(at));
        let tree = weaker.unwrap_or(&self.itself);
        let outer = member.outer.map_or(*tree, |outer| tree.step(Step::Member(outer), member.node));
        outer.step(Step::Member(member.name), member.node)
    }

    /// Is the member `name` there?
    pub(in crate::resolve) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The members of the object `name`.
    pub(in crate::resolve) fn object(&self, name: &str) -> Option<Self> {
        self.find(name).map(Spot::fields)
    }

    /// The elements of the list `name`; none when it is absent, itself when it is no list.
    pub(in crate::resolve) fn list(&self, name: &str) -> Vec<Spot<'a>> {
        self.find(name).into_iter().flat_map(Spot::elements).collect()
    }

    /// The elements of several members one after the other, such as the singular and the plural.
    pub(in crate::resolve) fn lists(&self, names: &[&str]) -> Vec<Spot<'a>> {
        self.each(names).collect()
    }

    /// As [`Self::lists`], one element at a time.
    pub(in crate::resolve) fn each<'n>(
        &'n self,
        names: &'n [&str],
    ) -> impl Iterator<Item = Spot<'a>> + 'n {
        let elements = names.iter().filter_map(|name| self.find(name)).flat_map(Spot::elements);
        elements.filter(|element| !element.node.is_empty())
    }

    /// The elements of the list `name` and the resources of their own that belong to it, joined by
    /// name; sorted by name in lower case.
    pub(in crate::resolve) fn parts(&self, name: &str) -> Vec<(Box<str>, Fields<'a>)> {
        let inline = self.list(name).into_iter().map(Spot::fields);
        let mut found: Vec<_> = inline.map(|part| (part.name(), part)).collect();
        let own: Vec<_> = self.parts.iter().filter(|(id, _)| is_in(id, name)).collect();
        if !own.is_empty() {
            let lower = |(at, (name, _)): (usize, &(Box<str>, _))| (name.to_ascii_lowercase(), at);
            let inline: BTreeMap<String, usize> = found.iter().enumerate().map(lower).collect();
            for (id, layer) in own {
                let spot = spot(self.scope, id, layer);
                let at = inline.get(&id.name().to_ascii_lowercase());
                match at.and_then(|&at| found.get_mut(at)) {
                    Some((_, part)) => part.strengthen(spot),
                    None => found.push((id.name().into(), Fields::at(spot))),
                }
            }
        }
        found.sort_by_cached_key(|(name, _)| name.to_ascii_lowercase());
        found.iter().for_each(|(_, part)| part.doubt_existence());
        found
    }

    /// Lets what stands at `stronger` come before everything else.
    fn strengthen(&mut self, stronger: Spot<'a>) {
        let mut weaker = std::mem::take(&mut self.weaker);
        weaker.insert(0, self.itself);
        *self = Self { id: self.id, ..Self::in_all(stronger, weaker) };
    }

    /// Why it is not known whether the thing is there at all, if it is not.
    pub(in crate::resolve) fn condition(&self) -> Option<Spot<'a>> {
        // Of a resource with properties of which nothing is known it is known that it is there.
        let is_own = |member: &&Member<'a>| {
            member.rank == 0 && (member.outer.is_none() || !member.name.is_empty())
        };
        let strongest = self.called("condition").find(is_own)?;
        let found = self.spot(strongest);
        found.node.is_unknown().then_some(found)
    }

    /// Why its name is not known, if it is not: that in its id is made up.
    pub(in crate::resolve) fn unknown_name(&self) -> Option<Spot<'a>> {
        let is_own = |member: &&Member<'a>| {
            member.rank == 0 && member.outer.is_none() && !member.name.is_empty()
        };
        let found = self.called("name").find(is_own).map(|member| self.spot(member))?;
        found.node.is_unknown().then_some(found)
    }

    fn doubt_existence(&self) {
        if let Some(condition) = self.condition() {
            condition.complain("a resource");
        }
    }

    /// Notes `diagnostic` where the thing stands.
    pub(in crate::resolve) fn note(&self, diagnostic: Diagnostic) {
        self.scope.note(diagnostic, &self.origin());
    }

    /// Notes that `name` must be there and is not.
    pub(in crate::resolve) fn absent(&self, name: &str) {
        self.absent_and(name, None);
    }

    /// The same, with what follows from it.
    pub(in crate::resolve) fn absent_and(&self, name: &str, then: Option<&str>) {
        if self.find(name).is_some_and(|spot| spot.node.is_unknown()) {
            return;
        }
        let text = format!("`{}` has no `{name}`", self.name());
        let remark = Diagnostic::warning("missing-property", text);
        self.note(remark.maybe_hint(then.map(str::to_owned)));
        self.itself.lacks(name);
    }
}

/// Typed members. Absent gives `None` or nothing; a value of the wrong kind does too, with a remark.
impl<'a> Fields<'a> {
    pub(in crate::resolve) fn text(&self, name: &str) -> Option<&'a str> {
        self.find(name)?.text()
    }

    /// The text, in a box, where it is given.
    pub(in crate::resolve) fn boxed(&self, name: &str) -> Option<Box<str>> {
        self.text(name).map(Into::into)
    }

    /// Is the flag `name` given and true?
    pub(in crate::resolve) fn is(&self, name: &str) -> bool {
        self.flag(name).unwrap_or(false)
    }

    pub(in crate::resolve) fn flag(&self, name: &str) -> Option<bool> {
        self.find(name)?.flag()
    }

    pub(in crate::resolve) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.find(name)?.number()
    }

    pub(in crate::resolve) fn address(&self, name: &str) -> Option<IpAddr> {
        self.find(name)?.address()
    }

    /// Does the property say that an address is of IPv6?
    pub(in crate::resolve) fn is_of_version_6(&self, name: &str) -> bool {
        self.one_of(name, &[("IPv4", false), ("IPv6", true)]) == Some(true)
    }

    pub(in crate::resolve) fn prefix(&self, name: &str) -> Option<IpNet> {
        self.find(name)?.prefix()
    }

    pub(in crate::resolve) fn protocols(&self, name: &str) -> Option<ProtocolSet> {
        self.find(name)?.protocols()
    }

    pub(in crate::resolve) fn dns_name(&self, name: &str) -> Option<DnsName> {
        self.find(name)?.dns_name()
    }

    pub(in crate::resolve) fn one_of<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Option<T> {
        self.find(name)?.one_of(words)
    }

    pub(in crate::resolve) fn link<T: Target>(&self, name: &str) -> Option<Link<T>> {
        self.find(name)?.link()
    }

    /// A reference to something that makes answers unknown by itself where it is missing.
    pub(in crate::resolve) fn link_or_doubt<T: Target>(&self, name: &str) -> Option<Link<T>> {
        self.scope.in_model(|| self.link(name))
    }

    /// A reference that must be there: missing when it is not.
    pub(in crate::resolve) fn required_link<T: Target>(&self, name: &str) -> Link<T> {
        self.link(name).unwrap_or_else(|| {
            let text = format!("{name} of {}", self.id);
            let reference = Reference { text: &text, from: self.id, origin: self.origin() };
            let said = format!("`{}` has no `{name}`", self.name());
            let said = Diagnostic::warning("missing-property", said);
            Link::Missing(self.scope.missing(ResourceId::new(&text), &reference, said))
        })
    }

    pub(in crate::resolve) fn addresses(&self, name: &str) -> Vec<IpAddr> {
        self.list(name).iter().filter_map(Spot::address).collect()
    }

    /// The prefixes of several members, such as the singular and the plural, each once.
    pub(in crate::resolve) fn prefixes(&self, names: &[&str]) -> Vec<IpNet> {
        let mut prefixes = Vec::new();
        for prefix in self.lists(names).iter().filter_map(Spot::prefix) {
            if !prefixes.contains(&prefix) {
                prefixes.push(prefix);
            }
        }
        prefixes
    }

    /// The prefixes of an address space: an object with `addressPrefixes`, or the list itself.
    pub(in crate::resolve) fn address_space(&self, name: &str) -> Vec<IpNet> {
        let long = format!("{name}/addressPrefixes");
        self.prefixes(&[if self.has(&long) { &long } else { name }])
    }

    pub(in crate::resolve) fn links<T: Target>(&self, name: &str) -> Vec<Link<T>> {
        self.list(name).iter().filter_map(Spot::link).collect()
    }

    /// References that make answers unknown by themselves where they are missing.
    pub(in crate::resolve) fn links_or_doubt<T: Target>(&self, name: &str) -> Vec<Link<T>> {
        self.scope.in_model(|| self.links(name))
    }

    /// The texts of the list `name`.
    pub(in crate::resolve) fn texts(&self, name: &str) -> Vec<Box<str>> {
        self.list(name).iter().filter_map(Spot::text).map(Into::into).collect()
    }
}

/// The members of an object that are not `null`. What is in something unknown is unknown, and has no
/// name of its own.
fn given<'a>(node: View<'a>) -> impl Iterator<Item = (&'a str, View<'a>)> + Clone {
    let unknown = node.is_unknown().then_some(("", node));
    let known = node.members().filter(|(name, node)| !name.is_empty() && !node.is_null());
    unknown.into_iter().chain(known)
}

fn spot<'a>(scope: &'a Scope<'a>, from: &'a ResourceId, layer: &'a Layer) -> Spot<'a> {
    Spot { scope, from, root: layer.root, path: layer.path.into(), node: layer.body.view() }
}

/// Is `id` an element of the collection `name`?
fn is_in(id: &ResourceId, name: &str) -> bool {
    id.as_str().rsplit('/').nth(1).is_some_and(|collection| collection.eq_ignore_ascii_case(name))
}

/// Goes down `name` step by step, each in `properties` or beside it.
fn down<'a>(from: Spot<'a>, name: &str) -> Option<Spot<'a>> {
    name.split('/').try_fold(from, |at, step| at.property(step))
}
