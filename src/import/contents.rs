//! What is kept of a resource without a model: what it refers to, and whether it says the same as another time.

use super::arm::{BRINGS, is_id, is_left_out, list_of};
use super::types;
use crate::azure::tree::{Member, Node, Value};
use crate::id::ResourceId;

/// Members of what providers say of a resource that packets never depend on.
const OF_PROVIDERS: &[&str] = &["id", "location", "name", "resource_group_name", "timeouts"];

/// The other resources that it refers to, as `refersTo`. Of what packets may come by `told` has a number for each
/// property, which is another one where the property says something else: values may be secrets.
pub(super) fn reduced((id, arm_type): (&ResourceId, &str), body: &Node) -> Node {
    let mut found = Vec::new();
    ids(body, &mut found);
    found.sort_by_key(|text| ResourceId::new(text));
    found.dedup_by_key(|text| ResourceId::new(text));
    let others = found.into_iter().filter(|text| ResourceId::new(text) != *id);
    let list = others.map(|text| Node::new(Value::Text(text.into()))).collect();
    let mut members = vec![("refersTo".into(), Node::new(Value::List(list)))];
    members.extend(list_of(body, BRINGS).map(|it| (BRINGS.into(), it.clone())));
    if types::may_be_on_the_way(arm_type) {
        members.push(("told".into(), Node::new(Value::Object(told(body)))));
    }
    Node { value: Value::Object(members), span: body.span }
}

/// Each property with the number of what it says.
fn told(body: &Node) -> Vec<Member> {
    let properties = list_of(body, "values").or_else(|| body.get("properties"));
    let Some(Node { value: Value::Object(members), .. }) = properties else { return Vec::new() };
    let is_told = |(name, node): &&Member| {
        let is_of_provider = OF_PROVIDERS.iter().any(|it| it.eq_ignore_ascii_case(name));
        !is_of_provider && !is_left_out(name, node.value == Value::Null)
    };
    let numbered = |(name, node): &Member| {
        let number = format!("{:016x}", number(node));
        (name.clone(), Node::new(Value::Text(number.into())))
    };
    members.iter().filter(is_told).map(numbered).collect()
}

/// A number that is the same for values that mean the same: in whatever order members and elements stand.
fn number(node: &Node) -> u64 {
    match &node.value {
        Value::Null => hash("null"),
        Value::Bool(flag) => hash(&flag.to_string()),
        Value::Number(number) => hash(&number.to_string()),
        Value::Text(text) if is_id(text) => hash(&text.to_ascii_lowercase()),
        Value::Text(text) => hash(text),
        Value::Unknown(on) => hash(&format!("not known: {on}")),
        Value::List(nodes) => all("[", nodes.iter().map(number).collect()),
        Value::Object(members) => {
            let told =
                members.iter().filter(|(name, it)| !is_left_out(name, it.value == Value::Null));
            let each = told.map(|(name, node)| {
                hash(&format!("{} {:x}", name.to_ascii_lowercase(), number(node)))
            });
            all("{", each.collect())
        }
    }
}

fn all(kind: &str, mut numbers: Vec<u64>) -> u64 {
    numbers.sort_unstable();
    hash(&format!("{kind}{numbers:x?}"))
}

/// FNV-1a of 64 bits: the same on every machine.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Every text in `node` that is an ARM id.
fn ids<'a>(node: &'a Node, found: &mut Vec<&'a str>) {
    match &node.value {
        Value::Text(text) if is_id(text) => found.push(text),
        Value::List(nodes) => nodes.iter().for_each(|node| ids(node, found)),
        Value::Object(members) => members.iter().for_each(|(_, node)| ids(node, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Unknown(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::import::{Document, read};

    /// What `told` says of a site of a Virtual WAN with these properties.
    fn told(arm_type: &str, properties: &str) -> String {
        let id = format!("/subscriptions/s/resourceGroups/g/providers/{arm_type}/v");
        let text = format!(
            r#"{{"id": "{id}", "type": "{arm_type}", "tags": {{"a": "b"}}, "properties": {{{properties}}}}}"#
        );
        let read = read([Document { name: "a.json".into(), text: text.as_bytes() }]);
        let told = read.resources.values().filter_map(|it| it.body.node().get("told").cloned());
        told.map(|it| serde_json::to_string(&it).unwrap()).collect()
    }

    #[test]
    fn another_value_has_another_number() {
        let of = |properties| told("Microsoft.Network/vpnSites", properties);
        let one =
            of(r#""addresses": ["a", "b"], "provisioningState": "Succeeded", "key": "secret""#);
        assert_eq!(
            one,
            of(r#""addresses": ["b", "a"], "provisioningState": "Failed", "key": "secret""#)
        );
        assert_ne!(one, of(r#""addresses": ["b", "c"], "key": "secret""#));
        assert!(one.contains("addresses") && !one.contains("secret"), "{one}");
    }

    #[test]
    fn of_what_no_packet_comes_by_nothing_is_kept() {
        assert_eq!(told("Microsoft.Insights/diagnosticSettings", r#""logs": []"#), "");
        assert_eq!(told("Microsoft.Network/networkWatchers", r#""logs": []"#), "");
    }
}
