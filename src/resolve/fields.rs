//! The members of a thing, wherever they stand: in `properties` or beside it, in a resource of its
//! own or inline in its parent.

use super::kinds::Target;
use super::plan::{Item, Layer};
use super::scope::{Reference, Scope};
use super::spot::Spot;
use super::text;
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
    /// The trees, the strongest first; at least one.
    layers: Vec<Spot<'a>>,
    scope: &'a Scope,
    id: &'a ResourceId,
    parts: &'a [(ResourceId, Layer)],
    parent: u32,
}

impl<'a> Fields<'a> {
    /// The members of a whole item.
    pub(in crate::resolve) fn of(item: &'a Item, scope: &'a Scope) -> Self {
        let layers = item.layers.iter().map(|layer| spot(scope, &item.id, layer)).collect();
        let fields = Self { layers, scope, id: &item.id, parts: &item.parts, parent: item.parent };
        fields.doubt_existence();
        fields
    }

    /// The members of an object somewhere inside.
    pub(in crate::resolve) fn at(spot: Spot<'a>) -> Self {
        Self { scope: spot.scope, id: spot.from, parts: &[], parent: 0, layers: vec![spot] }
    }

    /// The id of the thing that is being read.
    pub(in crate::resolve) const fn id(&self) -> &'a ResourceId {
        self.id
    }

    /// The scope that readers share.
    pub(in crate::resolve) const fn scope(&self) -> &'a Scope {
        self.scope
    }

    /// The strongest tree itself.
    pub(in crate::resolve) fn itself(&self) -> Option<&Spot<'a>> {
        self.layers.first()
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
        let nowhere = Origin { root: Id::planned(0), path: "".into(), span: None };
        self.layers.first().map_or(nowhere, Spot::origin)
    }

    /// Its name: `name`, else the end of its `id`.
    pub(in crate::resolve) fn name(&self) -> Box<str> {
        // The id says it too.
        let own = self.scope.in_model(|| self.text("name").or_else(|| self.text("id")));
        own.and_then(|name| name.rsplit('/').next()).unwrap_or_else(|| self.id.name()).into()
    }

    /// The member `name`, if it is there.
    pub(in crate::resolve) fn find(&self, name: &str) -> Option<Spot<'a>> {
        let found = self.layers.iter().find_map(|layer| down(layer, name))?;
        (found.node.as_text() != Some("")).then_some(found)
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
        self.find(name).map(|spot| spot.elements()).unwrap_or_default()
    }

    /// The elements of several members one after the other, such as the singular and the plural.
    pub(in crate::resolve) fn lists(&self, names: &[&str]) -> Vec<Spot<'a>> {
        let elements = names.iter().flat_map(|name| self.list(name));
        elements.filter(|element| element.node.as_text() != Some("")).collect()
    }

    /// The elements of the list `name` and the resources of their own that belong to it, joined by
    /// name; sorted by name in lower case.
    pub(in crate::resolve) fn parts(&self, name: &str) -> Vec<(Box<str>, Fields<'a>)> {
        let mut found: Vec<(Box<str>, Fields<'a>)> = Vec::new();
        for element in self.list(name) {
            let part = element.fields();
            found.push((part.name(), part));
        }
        found.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        let inline: BTreeMap<String, usize> =
            found.iter().enumerate().map(|(at, (n, _))| (n.to_ascii_lowercase(), at)).collect();
        for (id, layer) in self.parts.iter().filter(|(id, _)| is_in(id, name)) {
            let spot = spot(self.scope, id, layer);
            let at = inline.get(&id.name().to_ascii_lowercase());
            match at.and_then(|&at| found.get_mut(at)) {
                Some((_, part)) => part.layers.insert(0, spot),
                None => found.push((id.name().into(), Fields::at(spot))),
            }
        }
        found.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        found.iter().for_each(|(_, part)| part.doubt_existence());
        found
    }

    /// Why it is not known whether the thing is there at all, if it is not.
    pub(in crate::resolve) fn condition(&self) -> Option<Spot<'a>> {
        let found = self.layers.first()?.property("condition")?;
        found.node.as_unknown().is_some().then_some(found)
    }

    /// Why its name is not known, if it is not: that in its id is made up.
    pub(in crate::resolve) fn unknown_name(&self) -> Option<Spot<'a>> {
        let found = self.layers.first()?.member("name")?;
        found.node.as_unknown().is_some().then_some(found)
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
        if self.find(name).is_some_and(|spot| spot.node.as_unknown().is_some()) {
            return;
        }
        let text = format!("`{}` has no `{name}`", self.name());
        self.note(Diagnostic::warning("missing-property", text));
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

    /// The texts of the list `name`.
    pub(in crate::resolve) fn texts(&self, name: &str) -> Vec<Box<str>> {
        self.list(name).iter().filter_map(Spot::text).map(Into::into).collect()
    }
}

fn spot<'a>(scope: &'a Scope, from: &'a ResourceId, layer: &'a Layer) -> Spot<'a> {
    Spot { scope, from, root: layer.root, path: layer.path.to_string(), node: &layer.body }
}

/// Is `id` an element of the collection `name`?
fn is_in(id: &ResourceId, name: &str) -> bool {
    id.as_str().rsplit('/').nth(1).is_some_and(|collection| collection.eq_ignore_ascii_case(name))
}

/// Goes down `name` step by step, each in `properties` or beside it.
fn down<'a>(from: &Spot<'a>, name: &str) -> Option<Spot<'a>> {
    let mut steps = name.split('/');
    let first = from.property(steps.next()?)?;
    steps.try_fold(first, |at, step| at.property(step))
}
