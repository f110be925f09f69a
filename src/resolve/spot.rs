//! One value of the input, with the place where it stands and who is reading it.

use super::fields::Fields;
use super::kinds::{Kind, Target};
use super::path::{Path, Step};
use super::scope::{Reference, Scope};
use super::text;
use crate::azure::tree::{Seen, View};
use crate::azure::{Link, Origin, Subnet, Unknown, UnknownValue, Unread};
use crate::diag::{Diagnostic, Place};
use crate::id::{Id, ResourceId};
use crate::net::{AddressSet, DnsName, PortRange, ProtocolSet};
use ipnet::IpNet;
use std::borrow::Cow;
use std::net::IpAddr;

/// A value and its place. Each conversion notes a diagnostic when the value is of the wrong kind.
#[derive(Clone, Copy, Debug)]
pub(in crate::resolve) struct Spot<'a> {
    pub(in crate::resolve) scope: &'a Scope<'a>,
    /// The thing that is being read.
    pub(in crate::resolve) from: &'a ResourceId,
    pub(in crate::resolve) root: Id<Place>,
    pub(in crate::resolve) path: Path<'a>,
    pub(in crate::resolve) node: View<'a>,
}

impl<'a> Spot<'a> {
    /// Where it stands.
    pub(in crate::resolve) fn origin(&self) -> Origin {
        Origin { root: self.root, path: self.scope.pointer(&self.path), span: self.node.span() }
    }

    /// The member `name`, whatever its case; `null` is as good as absent.
    pub(in crate::resolve) fn member(&self, name: &str) -> Option<Self> {
        let (key, node) = given(self.node, name)?;
        Some(self.step(Step::Member(key), node))
    }

    /// The member `name` in `properties`, else beside it.
    pub(in crate::resolve) fn property(&self, name: &str) -> Option<Self> {
        let nested = given(self.node, "properties").and_then(|(outer, properties)| {
            let (key, node) = given(properties, name)?;
            Some(self.step(Step::Member(outer), properties).step(Step::Member(key), node))
        });
        nested.or_else(|| self.member(name))
    }

    /// The elements of a list; anything else is a list of itself.
    pub(in crate::resolve) fn elements(self) -> impl Iterator<Item = Self> {
        let list = self.node.is_list().then(|| self.written_out());
        let elements = list.into_iter().flat_map(|list| {
            let numbered = list.node.elements().enumerate();
            numbered.map(move |(at, node)| list.step(Step::Element(at), node))
        });
        list.is_none().then_some(self).into_iter().chain(elements)
    }

    /// The members of an object with their names as written.
    pub(in crate::resolve) fn members(&self) -> Vec<(&'a str, Self)> {
        if let Some(unknown) = self.node.as_unknown() {
            self.unknown(unknown);
        }
        let members = self.node.members();
        members.map(|(key, node)| (key, self.step(Step::Member(key), node))).collect()
    }

    /// What stands one step further down.
    pub(in crate::resolve) fn step(&self, step: Step<'a>, node: View<'a>) -> Self {
        let path = self.path.step(step, |path| self.scope.path(path));
        Self { path, node, ..*self }
    }

    /// The same, to start many ways from.
    fn written_out(&self) -> Self {
        Self { path: self.scope.path(&self.path).into(), ..*self }
    }

    /// Reads the members of an object.
    pub(in crate::resolve) fn fields(self) -> Fields<'a> {
        Fields::at(self.written_out())
    }

    /// Notes `diagnostic` here.
    pub(in crate::resolve) fn note(&self, diagnostic: Diagnostic) {
        self.scope.note(diagnostic, &self.origin());
    }

    /// Notes that the value here is not known.
    pub(in crate::resolve) fn unknown(&self, unknown: Unknown) {
        self.not_known(&self.scope.pointer(&self.path), Unread::Unknown(unknown));
    }

    /// Notes that the member `name` is not known, as it must be there and is not.
    pub(in crate::resolve) fn lacks(&self, name: &str) {
        let path = format!("{}/{name}", self.scope.pointer(&self.path));
        self.not_known(&path, Unread::Absent);
    }

    fn not_known(&self, path: &str, why: Unread) {
        self.scope.unknown(UnknownValue {
            of: self.from.clone(),
            property: property_of(path).into(),
            why,
            origin: self.origin(),
            is_in_model: false,
        });
    }

    /// Notes that something else was expected here: the value is as good as not known.
    pub(in crate::resolve) fn complain(&self, expected: &str) {
        self.complain_and(expected, None);
    }

    /// The same, with what follows from it.
    fn complain_and(&self, expected: &str, then: Option<&str>) {
        if let Some(unknown) = self.node.as_unknown() {
            return self.unknown(unknown);
        }
        let found = match self.written() {
            Some(text) => format!("`{text}`"),
            None => self.node.kind().to_owned(),
        };
        let text = format!("expected {expected}, found {found}");
        let remark = Diagnostic::warning("wrong-value", text);
        self.note(remark.maybe_hint(then.map(str::to_owned)));
        self.not_known(&self.scope.pointer(&self.path), self.unread());
    }

    fn or_complain<T>(&self, value: Option<T>, expected: &str) -> Option<T> {
        if value.is_none() {
            self.complain(expected);
        }
        value
    }

    /// What was written, for messages and for values that are kept as written.
    pub(in crate::resolve) fn written(&self) -> Option<Cow<'a, str>> {
        match self.node.seen() {
            Seen::Text(text) | Seen::Number(text) => Some(text.into()),
            Seen::Bool(flag) => Some(flag.to_string().into()),
            Seen::Null | Seen::List(_) | Seen::Object(_) | Seen::Unknown(_) => None,
        }
    }

    /// What stands here, which could not be read.
    pub(in crate::resolve) fn unread(&self) -> Unread {
        match self.node.as_unknown() {
            Some(unknown) => Unread::Unknown(unknown),
            None => Unread::Written(self.written().unwrap_or_default().into()),
        }
    }

    /// A text.
    pub(in crate::resolve) fn text(&self) -> Option<&'a str> {
        self.or_complain(self.node.as_text(), "a text")
    }

    /// True or false, also as a text.
    pub(in crate::resolve) fn flag(&self) -> Option<bool> {
        let flag = match self.node.seen() {
            Seen::Bool(flag) => Some(flag),
            Seen::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Seen::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            Seen::Null
            | Seen::Number(_)
            | Seen::Text(_)
            | Seen::List(_)
            | Seen::Object(_)
            | Seen::Unknown(_) => None,
        };
        self.or_complain(flag, "true or false")
    }

    /// A whole number within the limits of `T`, also as a text.
    pub(in crate::resolve) fn number<T: std::str::FromStr>(&self) -> Option<T> {
        let number = self.written().and_then(|text| text.trim().parse().ok());
        self.or_complain(number, "a whole number in range")
    }

    /// As [`Self::number`], with what follows where it cannot be read.
    pub(in crate::resolve) fn number_else<T: std::str::FromStr>(&self, then: &str) -> Option<T> {
        let number = self.written().and_then(|text| text.trim().parse().ok());
        if number.is_none() {
            self.complain_and("a whole number in range", Some(then));
        }
        number
    }

    /// An address.
    pub(in crate::resolve) fn address(&self) -> Option<IpAddr> {
        let address = self.node.as_text().and_then(|text| text.trim().parse().ok());
        self.or_complain(address, "an IP address")
    }

    /// A prefix; host bits are dropped with a note.
    pub(in crate::resolve) fn prefix(&self) -> Option<IpNet> {
        let prefix = self.node.as_text().and_then(text::prefix);
        self.or_complain(prefix.map(|found| self.truncated(found)), "an address prefix")
    }

    /// An address, a prefix or a range of addresses.
    pub(in crate::resolve) fn address_set(&self) -> Option<AddressSet> {
        let set = self.node.as_text().and_then(text::address_set);
        self.or_complain(set, "an address, a prefix or a range of addresses")
    }

    /// The prefix, with a note when host bits were dropped.
    pub(in crate::resolve) fn truncated(&self, (prefix, had_host_bits): (IpNet, bool)) -> IpNet {
        if had_host_bits {
            let text = format!(
                "host bits are set in `{}`, which is read as `{prefix}`",
                self.written().unwrap_or_default()
            );
            self.note(Diagnostic::note("host-bits", text));
        }
        prefix
    }

    /// Ports.
    pub(in crate::resolve) fn ports(&self) -> Option<PortRange> {
        let ports = self.written().and_then(|text| text::ports(&text));
        self.or_complain(ports, "a port, a range such as `8000-8999`, or `*`")
    }

    /// Protocols.
    pub(in crate::resolve) fn protocols(&self) -> Option<ProtocolSet> {
        let protocols = self.written().and_then(|text| text::protocols(&text));
        self.or_complain(protocols, "a protocol: `Tcp`, `Udp`, `Icmp`, `Esp`, `Ah` or `*`")
    }

    /// A domain name.
    pub(in crate::resolve) fn dns_name(&self) -> Option<DnsName> {
        self.or_complain(self.node.as_text().and_then(DnsName::parse), "a domain name")
    }

    /// One of some words, whatever the case.
    pub(in crate::resolve) fn one_of<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let written = self.written().unwrap_or_default();
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(written.trim()));
        if found.is_none() {
            let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            self.complain(&format!("one of {}", known.join(", ")));
        }
        found.map(|&(_, value)| value)
    }

    /// A reference: an id, a name, or an object with an `id`.
    pub(in crate::resolve) fn link<T: Target>(&self) -> Option<Link<T>> {
        let spot = self.reference()?;
        let Some(text) = spot.node.as_text() else { return Some(spot.unread_link()) };
        let reference = Reference { text, from: self.from, origin: spot.origin() };
        Some(self.scope.link(&reference))
    }

    /// What a reference means that is no text.
    fn unread_link<T: Target>(&self) -> Link<T> {
        self.complain("a reference");
        let reference = Reference { text: "", from: self.from, origin: self.origin() };
        self.scope.unread_link(&self.unread(), &reference)
    }

    /// The thing that a reference names, without a remark when it is not there.
    pub(in crate::resolve) fn known<T: Target>(&self) -> Option<Id<T>> {
        let id = ResourceId::new(self.reference()?.node.as_text()?);
        let entry = self.scope.entry(&id).filter(|entry| entry.kind == T::KIND)?;
        Some(Id::planned(entry.number))
    }

    /// The subnet called `name` in the network that is referred to here.
    pub(in crate::resolve) fn subnet_of_network(&self, name: &str) -> Option<Link<Subnet>> {
        let spot = self.reference()?;
        let Some(text) = spot.node.as_text() else { return Some(spot.unread_link()) };
        let reference = Reference { text, from: self.from, origin: spot.origin() };
        Some(match self.scope.find(Kind::VirtualNetwork, &reference) {
            Err(missing) => Link::Missing(missing),
            Ok((network, _)) => {
                let id = network.child("subnets", name);
                self.scope.link(&Reference { text: id.as_str(), ..reference.clone() })
            }
        })
    }

    /// The ids of the things of one of these `kinds` with the name that stands here.
    pub(in crate::resolve) fn named(&self, kinds: &[Kind]) -> Vec<ResourceId> {
        self.node.as_text().map(|name| self.scope.named(kinds, name)).unwrap_or_default()
    }

    /// The text of a reference, with its place; `None` where there is none, as in `{}` and `""`.
    pub(in crate::resolve) fn reference(&self) -> Option<Self> {
        let is_object = matches!(self.node.seen(), Seen::Object(_));
        let id = if is_object { self.member("id")? } else { *self };
        (!id.node.is_empty()).then_some(id)
    }
}

/// The way of a value in words: `/properties/ipConfigurations/0/properties/subnet` is
/// `ipConfigurations/0/subnet`.
fn property_of(path: &str) -> String {
    let steps: Vec<&str> =
        path.split('/').filter(|step| !step.is_empty() && *step != "properties").collect();
    steps.join("/")
}

/// The member `name` of an object with its name as written, unless it is `null`. What is in
/// something unknown is unknown.
fn given<'a>(node: View<'a>, name: &str) -> Option<(&'a str, View<'a>)> {
    if node.is_unknown() {
        return Some(("", node));
    }
    node.member(name).filter(|(_, node)| !node.is_null())
}
