//! What is said of resources of which only an apply tells which they are: any that is to be made may be meant.
//!
//! Terraform knows the ids of what is there, so that an id that it does not know is that of something new. Where the
//! plan makes nothing of the type, something that is there may be meant all the same, which a data source finds later.

use super::place::Spot;
use super::plan::Plan;
use super::row::{Becomes, Row};
use super::rows::ALL;
use super::{convert, rows};
use crate::azure::Unknown;
use crate::azure::tree::{Member, Node, Value};
use crate::id::ResourceId;
use crate::import::arm;
use crate::import::changes::Found;

/// A resource that may be meant.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) id: ResourceId,
    pub(super) arm_type: String,
    /// Is its id known after apply?
    pub(super) is_new: bool,
}

/// What an instance says of one of several resources.
#[derive(Debug)]
pub(super) struct Loose {
    /// Those that may be meant.
    pub(super) of: Vec<ResourceId>,
    says: Says,
    why: Unknown,
}

#[derive(Debug)]
enum Says {
    /// That they have these members.
    Members(Vec<Member>),
    /// That they have this part, of this type and name.
    Part(&'static str, String, Vec<Member>),
}

/// What the types are that these attributes have the ids of.
const OWNERS: [(&str, &str); 11] = [
    ("backend_address_pool_id", "Microsoft.Network/loadBalancers/backendAddressPools"),
    ("ip_group_id", "Microsoft.Network/ipGroups"),
    ("namespace_id", "Microsoft.ServiceBus/namespaces"),
    ("nat_gateway_id", "Microsoft.Network/natGateways"),
    ("nat_rule_id", "Microsoft.Network/loadBalancers/inboundNatRules"),
    ("network_interface_id", "Microsoft.Network/networkInterfaces"),
    ("peering_id", "Microsoft.Network/expressRouteCircuits/peerings"),
    ("private_endpoint_id", "Microsoft.Network/privateEndpoints"),
    ("storage_account_id", "Microsoft.Storage/storageAccounts"),
    ("subnet_id", "Microsoft.Network/virtualNetworks/subnets"),
    ("virtual_network_id", "Microsoft.Network/virtualNetworks"),
];

/// What the types are that attributes have the ids of whose names end so: `remote_virtual_network_id`, `pod_subnet_id`.
const KINDS: [(&str, &str); 9] = [
    ("application_security_group_id", "Microsoft.Network/applicationSecurityGroups"),
    ("nat_gateway_id", "Microsoft.Network/natGateways"),
    ("network_interface_id", "Microsoft.Network/networkInterfaces"),
    ("network_security_group_id", "Microsoft.Network/networkSecurityGroups"),
    ("private_dns_zone_id", "Microsoft.Network/privateDnsZones"),
    ("public_ip_address_id", "Microsoft.Network/publicIPAddresses"),
    ("route_table_id", "Microsoft.Network/routeTables"),
    ("subnet_id", "Microsoft.Network/virtualNetworks/subnets"),
    ("virtual_network_id", "Microsoft.Network/virtualNetworks"),
];

/// What the type is that `attribute` has the id, or the ids, of.
pub(super) fn kind_of(attribute: &str) -> Option<&'static str> {
    let one = attribute.strip_suffix("_ids").map(|stem| format!("{stem}_id"));
    let one = one.as_deref().unwrap_or(attribute);
    KINDS.into_iter().find(|(end, _)| one.ends_with(end)).map(|(_, kind)| kind)
}

/// What the instance `at` says, of which it is not known what it belongs to.
pub(super) fn of(plan: &Plan<'_>, at: usize, candidates: &[Candidate]) -> Option<Loose> {
    let instance = plan.instances.get(at).filter(|it| !it.is_data)?;
    let row = rows::of(&instance.kind)?;
    let (attribute, owner) = owner(row)?;
    let all = candidates.iter().filter(|it| it.arm_type.eq_ignore_ascii_case(owner));
    let new = all.clone().filter(|it| it.is_new);
    let of: Vec<ResourceId> = match new.clone().next() {
        Some(_) => new.map(|it| it.id.clone()).collect(),
        None => all.map(|it| it.id.clone()).collect(),
    };
    let spot = Spot::of(plan, at, 0);
    let members = convert::members(row.fields, &spot);
    let says = match row.becomes {
        Becomes::Below(arm_type, _) | Becomes::Of(arm_type, _) => {
            let name = spot.get("name").text().map(str::to_owned);
            let name = name.unwrap_or_else(|| instance.address.replace('/', "_"));
            Says::Part(arm_type, name, members)
        }
        Becomes::Said(_)
        | Becomes::Instead(..)
        | Becomes::InGroup(_)
        | Becomes::At(..)
        | Becomes::Listed(..) => Says::Members(members),
    };
    let why = Unknown::on(format!("`{}.{attribute}`, known after apply", instance.address));
    (!of.is_empty()).then_some(Loose { of, says, why })
}

/// The attribute that tells what a resource belongs to, and the type of that.
pub(super) fn owner(row: &'static Row) -> Option<(&'static str, &'static str)> {
    match row.becomes {
        Becomes::Below(arm_type, attribute) | Becomes::Of(arm_type, attribute) => {
            Some((attribute, arm_type.rsplit_once('/')?.0))
        }
        Becomes::Said(attribute) | Becomes::Instead(attribute, _) => {
            OWNERS.into_iter().find(|&(of, _)| of == attribute)
        }
        Becomes::InGroup(_) | Becomes::At(..) | Becomes::Listed(..) => None,
    }
}

impl Loose {
    /// The parts that may be there.
    pub(super) fn parts(&self) -> Vec<(ResourceId, Node)> {
        let Says::Part(arm_type, name, members) = &self.says else { return Vec::new() };
        let list = arm_type.rsplit('/').next().unwrap_or_default();
        let part = |owner: &ResourceId| {
            let id = owner.child(list, name);
            let mut all = vec![
                ("id".into(), convert::text(id.as_str())),
                ("type".into(), convert::text(arm_type)),
                ("name".into(), convert::text(name)),
                ("condition".into(), self.unknown()),
            ];
            all.extend(members.iter().cloned());
            (id, Node::new(Value::Object(all)))
        };
        self.of.iter().map(part).collect()
    }

    /// Makes unknown what it may say of `found`, unless another says it.
    pub(super) fn doubt(&self, found: &mut Found) {
        let Says::Members(members) = &self.says else { return };
        let Some(mine) = arm::properties(&mut found.body).filter(|_| self.of.contains(&found.id))
        else {
            return;
        };
        self.doubt_members(mine, members);
    }

    fn doubt_members(&self, mine: &mut Vec<Member>, others: &[Member]) {
        for (name, other) in others {
            let known = mine.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name));
            match (known, &other.value) {
                // One that has one has no other.
                (Some((_, node)), Value::Object(_)) if node.get("id").is_some() => {}
                (Some((_, node)), _) if is_parts(other) => self.doubt_elements(node, other),
                (Some((_, node)), _) => *node = self.unknown(),
                (None, _) => mine.push((name.clone(), self.unknown())),
            }
        }
    }

    /// The same of the elements of a list that are meant.
    fn doubt_elements(&self, list: &mut Node, others: &Node) {
        let Value::List(nodes) = &mut list.value else { return };
        for other in others.as_list().unwrap_or_default() {
            let Value::Object(members) = &other.value else { continue };
            let name = other.get("name").and_then(Node::as_text).filter(|name| *name != ALL);
            let rest: Vec<Member> =
                members.iter().filter(|(name, _)| &**name != "name").cloned().collect();
            for node in nodes.iter_mut() {
                let own = node.get("name").and_then(Node::as_text);
                if name.is_some() && own.is_some() && own != name {
                    continue;
                }
                if let Some(mine) = arm::properties(node) {
                    self.doubt_members(mine, &rest);
                } else if let Value::Object(mine) = &mut node.value {
                    self.doubt_members(mine, &rest);
                }
            }
        }
    }

    fn unknown(&self) -> Node {
        Node::new(Value::Unknown(self.why.clone()))
    }
}

/// Is it a list of parts with names, of each of which something is said?
fn is_parts(node: &Node) -> bool {
    let list = node.as_list().unwrap_or_default();
    list.iter().any(|it| it.get("name").is_some())
}
