//! One value of the input, with the place where it stands and who is reading it.

use super::fields::Fields;
use super::kinds::{Kind, Target};
use super::scope::{Reference, Scope};
use super::text;
use crate::azure::tree::{Node, Value};
use crate::azure::{Link, Origin, Subnet, Unknown, UnknownValue, Unread};
use crate::diag::{Diagnostic, Place};
use crate::id::{Id, ResourceId};
use crate::net::{AddressSet, DnsName, PortRange, ProtocolSet};
use ipnet::IpNet;
use std::net::IpAddr;

/// A value and its place. Each conversion notes a diagnostic when the value is of the wrong kind.
#[derive(Clone, Debug)]
pub(in crate::resolve) struct Spot<'a> {
    pub(in crate::resolve) scope: &'a Scope,
    /// The thing that is being read.
    pub(in crate::resolve) from: &'a ResourceId,
    pub(in crate::resolve) root: Id<Place>,
    pub(in crate::resolve) path: String,
    pub(in crate::resolve) node: &'a Node,
}

impl<'a> Spot<'a> {
    /// Where it stands.
    pub(in crate::resolve) fn origin(&self) -> Origin {
        Origin { root: self.root, path: self.path.as_str().into(), span: self.node.span }
    }

    /// The member `name`, whatever its case; `null` is as good as absent.
    pub(in crate::resolve) fn member(&self, name: &str) -> Option<Self> {
        let (key, node) = given(self.node, name)?;
        Some(self.step(&[key], node))
    }

    /// The member `name` in `properties`, else beside it.
    pub(in crate::resolve) fn property(&self, name: &str) -> Option<Self> {
        let nested = given(self.node, "properties").and_then(|(outer, properties)| {
            given(properties, name).map(|(key, node)| self.step(&[outer, key], node))
        });
        nested.or_else(|| self.member(name))
    }

    /// The elements of a list; anything else is a list of itself.
    pub(in crate::resolve) fn elements(&self) -> Vec<Self> {
        let Value::List(nodes) = &self.node.value else { return vec![self.clone()] };
        let numbered = nodes.iter().enumerate();
        numbered.map(|(at, node)| self.step(&[&at.to_string()], node)).collect()
    }

    /// The members of an object with their names as written.
    pub(in crate::resolve) fn members(&self) -> Vec<(&'a str, Self)> {
        if let Some(unknown) = self.node.as_unknown() {
            self.unknown(unknown);
        }
        let Value::Object(members) = &self.node.value else { return Vec::new() };
        members.iter().map(|(key, node)| (&**key, self.step(&[key], node))).collect()
    }

    /// What stands `steps` further down (RFC 6901).
    fn step(&self, steps: &[&str], node: &'a Node) -> Self {
        let length = steps.iter().map(|step| step.len() + 1).sum::<usize>();
        let mut path = String::with_capacity(self.path.len() + length);
        path.push_str(&self.path);
        // Nothing stands further down in something unknown.
        for step in steps.iter().filter(|step| !step.is_empty()) {
            path.push('/');
            match step.contains(['~', '/']) {
                true => path.push_str(&step.replace('~', "~0").replace('/', "~1")),
                false => path.push_str(step),
            }
        }
        Self { scope: self.scope, from: self.from, root: self.root, path, node }
    }

    /// Reads the members of an object.
    pub(in crate::resolve) fn fields(self) -> Fields<'a> {
        Fields::at(self)
    }

    /// Notes `diagnostic` here.
    pub(in crate::resolve) fn note(&self, diagnostic: Diagnostic) {
        self.scope.note(diagnostic, &self.origin());
    }

    /// Notes that the value here is not known.
    pub(in crate::resolve) fn unknown(&self, on: &Unknown) {
        self.scope.unknown(UnknownValue {
            of: self.from.clone(),
            property: property_of(&self.path).into(),
            on: on.clone(),
            origin: self.origin(),
            is_in_model: false,
        });
    }

    /// Notes that something else was expected here.
    pub(in crate::resolve) fn complain(&self, expected: &str) {
        if let Some(unknown) = self.node.as_unknown() {
            return self.unknown(unknown);
        }
        let found = match self.written() {
            Some(text) => format!("`{text}`"),
            None => self.node.kind().to_owned(),
        };
        self.note(Diagnostic::warning(
            "wrong-value",
            format!("expected {expected}, found {found}"),
        ));
    }

    fn or_complain<T>(&self, value: Option<T>, expected: &str) -> Option<T> {
        if value.is_none() {
            self.complain(expected);
        }
        value
    }

    /// What was written, for messages and for values that are kept as written.
    pub(in crate::resolve) fn written(&self) -> Option<String> {
        match &self.node.value {
            Value::Text(text) => Some(text.to_string()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Null | Value::List(_) | Value::Object(_) | Value::Unknown(_) => None,
        }
    }

    /// What stands here, which could not be read.
    pub(in crate::resolve) fn unread(&self) -> Unread {
        match self.node.as_unknown() {
            Some(unknown) => Unread::Unknown(unknown.clone()),
            None => Unread::Written(self.written().unwrap_or_default().into()),
        }
    }

    /// A text.
    pub(in crate::resolve) fn text(&self) -> Option<&'a str> {
        self.or_complain(self.node.as_text(), "a text")
    }

    /// True or false, also as a text.
    pub(in crate::resolve) fn flag(&self) -> Option<bool> {
        let flag = match &self.node.value {
            Value::Bool(flag) => Some(*flag),
            Value::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            Value::Null
            | Value::Number(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Object(_)
            | Value::Unknown(_) => None,
        };
        self.or_complain(flag, "true or false")
    }

    /// A whole number within the limits of `T`, also as a text.
    pub(in crate::resolve) fn number<T: std::str::FromStr>(&self) -> Option<T> {
        let number = self.written().and_then(|text| text.trim().parse().ok());
        self.or_complain(number, "a whole number in range")
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
        let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        self.or_complain(found.map(|&(_, value)| value), &format!("one of {}", known.join(", ")))
    }

    /// A reference: an id, a name, or an object with an `id`.
    pub(in crate::resolve) fn link<T: Target>(&self) -> Option<Link<T>> {
        let spot = self.reference()?;
        if let Some(unknown) = spot.node.as_unknown() {
            spot.unknown(unknown);
            let reference = Reference { text: "", from: self.from, origin: spot.origin() };
            return Some(self.scope.unknown_link(unknown, &reference));
        }
        let text = spot.or_complain(spot.node.as_text(), "a reference")?;
        let reference = Reference { text, from: self.from, origin: spot.origin() };
        Some(self.scope.link(&reference))
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
        if let Some(unknown) = spot.node.as_unknown() {
            spot.unknown(unknown);
            let reference = Reference { text: "", from: self.from, origin: spot.origin() };
            return Some(self.scope.unknown_link(unknown, &reference));
        }
        let text = spot.or_complain(spot.node.as_text(), "a reference")?;
        let reference = Reference { text, from: self.from, origin: spot.origin() };
        Some(match self.scope.find(Kind::VirtualNetwork, &reference) {
            Err(missing) => Link::Missing(missing),
            Ok((network, _)) => {
                let id = network.child("subnets", name);
                self.scope.link(&Reference { text: id.as_str(), ..reference.clone() })
            }
        })
    }

    /// The id of the one thing of one of these `kinds` with the plain name that stands here.
    pub(in crate::resolve) fn named(&self, kinds: &[Kind]) -> Option<ResourceId> {
        self.scope.named(kinds, self.node.as_text()?)
    }

    /// The text of a reference, with its place; `None` where there is none, as in `{}` and `""`.
    pub(in crate::resolve) fn reference(&self) -> Option<Self> {
        let id = match &self.node.value {
            Value::Object(_) => self.member("id")?,
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Unknown(_) => self.clone(),
        };
        (id.node.as_text() != Some("")).then_some(id)
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
fn given<'a>(node: &'a Node, name: &str) -> Option<(&'a str, &'a Node)> {
    if node.as_unknown().is_some() {
        return Some(("", node));
    }
    let Value::Object(members) = &node.value else { return None };
    let (key, node) = members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    (node.value != Value::Null).then_some((key, node))
}
