//! What differs between two configurations, property by property.
//!
//! Two resources are the same when their ids are. Elements of lists that have names (`name`, `id`) are
//! compared by them; other lists are equal when they hold the same in any order. What differs between forms and not in what
//! it means is no difference: the case of ids and types, numbers that are texts, versions of the API.

use crate::answer::{ConfigurationChange, ConfigurationChangeKind as Kind};
use crate::azure::tree::{Seen, View};
use crate::azure::{Patched, Resource, Snapshot};
use crate::diag::Place;
use crate::id::ResourceId;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Every difference, in the order of ids. O(n) in the size of what differs, plus a comparison of ids.
#[must_use]
pub fn configuration_changes(before: &Snapshot, after: &Snapshot) -> Vec<ConfigurationChange> {
    let mut changes = Changes::default();
    for patched in after.patched.get(before.patched.len()..).unwrap_or_default() {
        changes.patched.entry(&patched.resource).or_default().push(patched);
    }
    let (mut old, mut new) =
        (before.resources.iter().peekable(), after.resources.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return changes.found,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((a, _)), Some((b, _))) => a.cmp(b),
        };
        let old = if order.is_le() { old.next() } else { None };
        let new = if order.is_ge() { new.next() } else { None };
        changes.resource(old, new);
    }
}

/// A resource with its id.
type Named<'a> = (&'a ResourceId, &'a Resource);

/// What was found so far.
#[derive(Default)]
struct Changes<'a> {
    found: Vec<ConfigurationChange>,
    /// What patches said of each resource after, but not before.
    patched: BTreeMap<&'a ResourceId, Vec<&'a Patched>>,
}

/// The resource that is compared.
#[derive(Clone, Copy)]
struct Of<'a> {
    id: &'a ResourceId,
    before: &'a Place,
    after: &'a Place,
}

impl<'a> Changes<'a> {
    /// Where a patch from another document says what stands at `path` of a resource, or what that is in.
    fn patched_at(&self, id: &ResourceId, path: &str) -> Option<&'a Place> {
        let steps = path.split('/').filter(|step| !step.is_empty());
        let steps =
            steps.map(|step| step.replace("~1", "/").replace("~0", "~").to_ascii_lowercase());
        let steps: Vec<String> = steps.filter(|step| step != "properties").collect();
        let is_above = |patched: &&&Patched| {
            let mut pairs = patched.path.iter().zip(&steps);
            patched.path.len() <= steps.len() && pairs.all(|(own, step)| **own == **step)
        };
        // Of several patches the last one counts.
        let above = self.patched.get(id)?.iter().filter(is_above);
        above.max_by_key(|patched| patched.path.len()).map(|patched| &patched.place)
    }

    fn resource(&mut self, old: Option<Named<'_>>, new: Option<Named<'_>>) {
        let Some((id, any)) = new.or(old) else { return };
        let of = Of {
            id,
            before: old.map_or(&any.place, |(_, resource)| &resource.place),
            after: new.map_or(&any.place, |(_, resource)| &resource.place),
        };
        let bodies = (old.map(|(_, it)| it.body.view()), new.map(|(_, it)| it.body.view()));
        match bodies {
            // A resource as a whole is not printed: its id says it.
            (None, Some(_)) => self.push(of, "", Kind::Added, (None, None)),
            (Some(_), None) => self.push(of, "", Kind::Removed, (None, None)),
            (before, after) => self.values(of, "", before, after),
        }
    }

    fn values(&mut self, of: Of<'_>, path: &str, old: Option<View<'_>>, new: Option<View<'_>>) {
        // What is null is not there.
        let old = old.filter(|view| !view.is_null());
        let new = new.filter(|view| !view.is_null());
        match (old, new) {
            (None, None) => {}
            (Some(old), Some(new)) if old.is_object() && new.is_object() => {
                let mut both = [members(old), members(new)];
                forget_implied(path, &mut both);
                let [old, new] = both;
                self.parts(of, path, old, new);
            }
            (Some(old), Some(new)) => match named(old).zip(named(new)) {
                Some((old, new)) => self.parts(of, path, old, new),
                None if canonical(old) == canonical(new) => {}
                None if is_word(path) && is_same_word(old, new) => {}
                None => self.push(of, path, Kind::Changed, (Some(old), Some(new))),
            },
            (None, Some(_)) => self.push(of, path, Kind::Added, (old, new)),
            (Some(_), None) => self.push(of, path, Kind::Removed, (old, new)),
        }
    }

    fn parts(&mut self, of: Of<'_>, path: &str, old: Parts<'_>, mut new: Parts<'_>) {
        let deeper =
            |shown: &str| format!("{path}/{}", shown.replace('~', "~0").replace('/', "~1"));
        for (key, (shown, view)) in old {
            let counterpart = new.remove(&key).map(|(_, view)| view);
            self.values(of, &deeper(shown), Some(view), counterpart);
        }
        for (shown, view) in new.into_values() {
            self.values(of, &deeper(shown), None, Some(view));
        }
    }

    fn push(
        &mut self,
        of: Of<'_>,
        path: &str,
        kind: Kind,
        (old, new): (Option<View<'_>>, Option<View<'_>>),
    ) {
        let (place, view) = match kind {
            Kind::Removed => (of.before, old),
            Kind::Added | Kind::Changed => (of.after, new),
        };
        let own = view.and_then(View::span);
        // The line of the resource is not that of what is in it.
        let line = place.line.filter(|_| own.is_none_or(|own| Some(own) == place.span));
        let in_resource = Place { span: own.or(place.span), line, ..place.clone() };
        // A number that stands for a value says nothing but that it is another one.
        let is_told = !path.starts_with("/told/");
        let shown = |view: Option<View<'_>>| view.filter(|_| is_told).map(json);
        self.found.push(ConfigurationChange {
            resource: of.id.clone(),
            path: path.to_owned(),
            kind,
            before: shown(old),
            after: shown(new),
            place: Some(self.patched_at(of.id, path).cloned().unwrap_or(in_resource)),
        });
    }
}

/// Parts of a value by what tells them apart, with what is shown of that.
type Parts<'a> = BTreeMap<String, (&'a str, View<'a>)>;

fn members(object: View<'_>) -> Parts<'_> {
    object.members().map(|(name, view)| (name.to_ascii_lowercase(), (name, view))).collect()
}

/// Takes out what says nothing about the network: the version of the API, and what follows from the id of a resource or the
/// name of an element where one form leaves it out.
fn forget_implied(path: &str, both: &mut [Parts<'_>; 2]) {
    let is_resource = path.is_empty();
    if is_resource {
        for parts in both.iter_mut() {
            parts.remove("apiversion");
        }
    }
    if !is_resource && !both.iter().all(|parts| parts.contains_key("name")) {
        return;
    }
    for key in ["id", "name", "type"] {
        if both.iter().any(|parts| !parts.contains_key(key)) {
            for parts in both.iter_mut() {
                parts.remove(key);
            }
        }
    }
}

/// Is it a word whose case and spaces mean nothing: a type or a region?
fn is_word(path: &str) -> bool {
    ["/type", "/location"].contains(&path)
}

fn is_same_word(old: View<'_>, new: View<'_>) -> bool {
    let letters =
        |view: View<'_>| view.as_text().map(|it| it.replace(' ', "").to_ascii_lowercase());
    letters(old) == letters(new)
}

/// Elements by their names; none of what is no list, or when one has no name or two have the same.
fn named(list: View<'_>) -> Option<Parts<'_>> {
    let mut parts = list.is_list().then(Parts::new)?;
    for element in list.elements() {
        let name = ["name", "id"].iter().find_map(|key| element.get(key)?.as_text())?;
        if parts.insert(name.to_ascii_lowercase(), (name, element)).is_some() {
            return None;
        }
    }
    Some(parts)
}

/// Equal for values that mean the same: names of members in small letters, elements in order.
fn canonical(view: View<'_>) -> String {
    match view.seen() {
        Seen::List(elements) => {
            let mut elements: Vec<String> = elements.map(canonical).collect();
            elements.sort_unstable();
            format!("[{}]", elements.join(","))
        }
        Seen::Object(_) => {
            let parts = members(view).into_iter().filter(|(_, (_, view))| !view.is_null());
            let parts = parts.map(|(key, (_, view))| format!("{key}:{}", canonical(view)));
            format!("{{{}}}", parts.collect::<Vec<_>>().join(","))
        }
        Seen::Text(text) if text.parse::<f64>().is_ok() => text.to_owned(),
        Seen::Text(text) if text.starts_with('/') => text.to_ascii_lowercase(),
        Seen::Null | Seen::Bool(_) | Seen::Number(_) | Seen::Text(_) | Seen::Unknown(_) => {
            json(view)
        }
    }
}

/// As JSON in one line; what is not known yet in words.
fn json(view: View<'_>) -> String {
    match view.seen() {
        Seen::Null => "null".to_owned(),
        Seen::Bool(flag) => flag.to_string(),
        Seen::Number(digits) => digits.to_owned(),
        Seen::Text(text) => serde_json::Value::from(text).to_string(),
        Seen::Unknown(on) => format!("not known: {on}"),
        Seen::List(elements) => format!("[{}]", elements.map(json).collect::<Vec<_>>().join(", ")),
        Seen::Object(members) => {
            let members = members
                .map(|(name, view)| format!("{}: {}", serde_json::Value::from(name), json(view)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{Document, read};

    fn snapshot(json: &str) -> Snapshot {
        read([Document { name: "a.json".into(), text: json.as_bytes() }])
    }

    /// A network with these properties.
    fn network(inside: &str) -> Snapshot {
        let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v";
        snapshot(&format!(
            r#"{{"id": "{id}", "type": "Microsoft.Network/virtualNetworks", "properties": {{{inside}}}}}"#
        ))
    }

    fn told(before: &Snapshot, after: &Snapshot) -> Vec<String> {
        let told = configuration_changes(before, after).into_iter().map(|it| {
            let (before, after) = (it.before.unwrap_or_default(), it.after.unwrap_or_default());
            format!("{:?} {}{} {before}>{after}", it.kind, it.resource.name(), it.path)
        });
        told.collect()
    }

    #[test]
    fn a_resource_comes_and_goes_as_a_whole() {
        let (none, some) = (Snapshot::default(), network(""));
        assert_eq!(told(&none, &some), ["Added v >"]);
        assert_eq!(told(&some, &none), ["Removed v >"]);
        assert_eq!(told(&some, &some), [""; 0]);
    }

    #[test]
    fn named_elements_are_compared_by_name_and_others_as_a_set() {
        let before = network(
            r#""addressSpace": {"addressPrefixes": ["10.0.0.0/16", "10.1.0.0/16"]},
               "subnets": [{"name": "a", "properties": {"addressPrefix": "10.0.0.0/24"}},
                           {"name": "b/c", "properties": {"addressPrefix": "10.0.1.0/24"}}]"#,
        );
        let turned = network(
            r#""subnets": [{"name": "B/c", "properties": {"addressPrefix": "10.0.1.0/24"}},
                           {"name": "a", "properties": {"addressPrefix": "10.0.0.0/24"}}],
               "addressSpace": {"addressPrefixes": ["10.1.0.0/16", "10.0.0.0/16"]}"#,
        );
        let changed = network(
            r#""subnets": [{"name": "b/c", "properties": {"addressPrefix": "10.0.2.0/24"}}],
               "addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}"#,
        );
        // Names keep their case as written: that alone is told, for it may matter to who reads it.
        assert_eq!(
            told(&before, &turned),
            [r#"Changed v/properties/subnets/b~1c/name "b/c">"B/c""#]
        );
        assert_eq!(
            told(&before, &changed),
            [
                r#"Changed v/properties/addressSpace/addressPrefixes ["10.0.0.0/16", "10.1.0.0/16"]>["10.1.0.0/16"]"#,
                r#"Removed v/properties/subnets/a {"name": "a", "properties": {"addressPrefix": "10.0.0.0/24"}}>"#,
                r#"Changed v/properties/subnets/b~1c/properties/addressPrefix "10.0.1.0/24">"10.0.2.0/24""#,
            ]
        );
    }

    #[test]
    fn what_only_forms_tell_apart_is_no_difference() {
        let of = |head: &str, inside: &str| {
            let group = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
            snapshot(&format!(
                r#"{{"id": "{group}/networkInterfaces/n", {head}, "properties": {{"ipConfigurations": [{inside}]}}}}"#
            ))
        };
        let export = of(
            r#""type": "microsoft.network/networkinterfaces", "location": "westeurope""#,
            r#"{"name": "a", "id": "/subscriptions/s/x", "properties": {"subnet": {"id": "/Subscriptions/S/y"}, "port": 8080}}"#,
        );
        let template = of(
            r#""type": "Microsoft.Network/networkInterfaces", "location": "West Europe", "apiVersion": "2024-05-01""#,
            r#"{"name": "a", "properties": {"subnet": {"id": "/subscriptions/s/y"}, "port": "8080"}}"#,
        );
        assert_eq!(told(&export, &template), [""; 0]);
        assert_eq!(told(&template, &export), [""; 0]);
    }

    #[test]
    fn what_is_null_is_not_there() {
        let (before, after) = (network(r#""dhcpOptions": null"#), network(""));
        assert_eq!(told(&before, &after), [""; 0]);
    }
}
