//! A virtual machine that is written with its network interface inside.

use super::{object, text};
use crate::azure::tree::{Member, Node, Value};
use crate::id::ResourceId;
use crate::import::arm;

/// Members that belong to the interface itself.
const OF_INTERFACE: &[&str] = &["networkSecurityGroup", "enableIPForwarding", "dnsServers"];
/// Members that belong to its IP configurations.
const OF_CONFIGURATION: &[&str] = &["subnet", "applicationSecurityGroups"];
/// Members that belong to the IPv4 configuration.
const OF_IPV4: &[&str] = &["privateIPAddress", "publicIPAddress"];
/// The address of the IPv6 configuration.
const IPV6: &str = "privateIPv6Address";

const CONFIGURATION_V4: &str = "ipconfig1";
const CONFIGURATION_V6: &str = "ipconfig-v6";

type Members = Vec<Member>;

/// The members that a machine has in place of its interface.
pub(super) fn short_forms() -> impl Iterator<Item = &'static str> {
    let all = [OF_CONFIGURATION, OF_IPV4, &[IPV6], OF_INTERFACE];
    all.into_iter().flatten().copied()
}

/// Is a resource of this type a machine?
pub(super) fn is_one(arm_type: &str) -> bool {
    arm_type.eq_ignore_ascii_case("Microsoft.Compute/virtualMachines")
}

/// Takes the short forms of an interface out of `body`, when it is a machine, and makes the interface
/// `<machine>-nic` of them.
pub(in crate::import) fn take_interface(
    body: &mut Node,
    machine: &ResourceId,
    arm_type: &str,
) -> Option<(ResourceId, Node)> {
    if !is_one(arm_type) {
        return None;
    }
    let span = body.span;
    let location = body.get("location").cloned();
    let properties = arm::properties(body)?;
    let interface = interface(properties, span, false)?;
    let id = interface_id(machine);
    let reference = object(vec![("id".into(), text(&id))], span);
    let list = Node::new(Value::List(vec![reference]));
    properties
        .push(("networkProfile".into(), object(vec![("networkInterfaces".into(), list)], span)));
    let mut members: Members = vec![
        ("id".into(), text(&id)),
        ("type".into(), text("Microsoft.Network/networkInterfaces")),
        ("name".into(), text(&format!("{}-nic", machine.name()))),
    ];
    members.extend(location.map(|location| ("location".into(), location)));
    members.push(("properties".into(), interface));
    Some((ResourceId::new(&id), object(members, span)))
}

/// The id of the interface `<machine>-nic`, in the machine's resource group.
pub(in crate::import) fn interface_id(machine: &ResourceId) -> String {
    let group = machine.as_str().split("/providers/").next().unwrap_or_default();
    format!("{group}/providers/Microsoft.Network/networkInterfaces/{}-nic", machine.name())
}

/// Has the interface `body` an IPv6 configuration of the short form?
pub(in crate::import) fn is_dual(body: &Node) -> bool {
    let configurations = body.get("properties").and_then(|it| it.get("ipConfigurations"));
    let configurations = configurations.and_then(Node::as_list).unwrap_or_default();
    configurations.iter().any(|it| it.get("name").and_then(Node::as_text) == Some(CONFIGURATION_V6))
}

/// The changes to an interface that a change to the machine's `properties` asks for by short forms.
pub(in crate::import) fn changes(
    properties: &mut Members,
    span: Option<(u32, u32)>,
    is_dual: bool,
) -> Vec<Node> {
    let is_null =
        |(name, node): &Member| name.eq_ignore_ascii_case(IPV6) && node.value == Value::Null;
    let loses_v6 = is_dual && properties.iter().any(is_null);
    let mut changes = Vec::new();
    if loses_v6 {
        let gone = object(vec![(CONFIGURATION_V6.into(), Node::new(Value::Null))], span);
        changes.push(object(vec![("ipConfigurations".into(), gone)], span));
    }
    changes.extend(interface(properties, span, is_dual && !loses_v6));
    changes
}

/// The interface that the short forms among the machine's `properties` make, `None` without any; one
/// that `is_dual` has an IPv6 configuration even if no address is given.
fn interface(properties: &mut Members, span: Option<(u32, u32)>, is_dual: bool) -> Option<Node> {
    let mut own = take(properties, OF_INTERFACE);
    let shared = take(properties, OF_CONFIGURATION);
    let ipv4 = take(properties, OF_IPV4);
    let mut ipv6 = take(properties, &[IPV6]);
    ipv6.retain(|(_, address)| address.value != Value::Null);
    if own.is_empty() && shared.is_empty() && ipv4.is_empty() && ipv6.is_empty() {
        return None;
    }
    let second = (is_dual || !ipv6.is_empty()).then(|| ipv6_configuration(ipv6, &shared, span));
    let first = configuration(CONFIGURATION_V4, [ipv4, shared].concat(), span);
    if let Some((name, servers)) = take(&mut own, &["dnsServers"]).pop() {
        let span = servers.span;
        own.push(("dnsSettings".into(), object(vec![(name, servers)], span)));
    }
    let configurations = std::iter::once(first).chain(second).collect();
    own.push(("ipConfigurations".into(), Node { value: Value::List(configurations), span }));
    Some(object(own, span))
}

fn ipv6_configuration(ipv6: Members, shared: &Members, span: Option<(u32, u32)>) -> Node {
    let mut members: Members =
        ipv6.into_iter().map(|(_, address)| ("privateIPAddress".into(), address)).collect();
    members.push(("privateIPAddressVersion".into(), text("IPv6")));
    members.extend(shared.iter().cloned());
    configuration(CONFIGURATION_V6, members, span)
}

fn configuration(name: &str, properties: Members, span: Option<(u32, u32)>) -> Node {
    let properties = object(properties, span);
    object(vec![("name".into(), text(name)), ("properties".into(), properties)], span)
}

/// Takes the members of these `names` out of `members`.
fn take(members: &mut Members, names: &[&str]) -> Members {
    let is_wanted =
        |(name, _): &mut Member| names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name));
    members.extract_if(.., is_wanted).collect()
}
