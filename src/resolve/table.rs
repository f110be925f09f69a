//! Which ARM type is read how: the one place to add a type.

use super::kinds::{Kind, Role, Row, Thing};
use super::*;

const SUBNET: &str = "microsoft.network/virtualnetworks/subnets";
const PEERING: &str = "microsoft.network/virtualnetworks/virtualnetworkpeerings";
const NIC_CONFIGURATION: &str = "microsoft.network/networkinterfaces/ipconfigurations";

/// Reads one thing of a type whose reader needs nothing but its members.
macro_rules! thing {
    ($type:literal, $kind:ident, $arena:ident, $read:path) => {
        thing!($type, $kind, $arena, $read, [])
    };
    ($type:literal, $kind:ident, $arena:ident, $read:path, $lists:expr) => {
        Row {
            arm_type: $type,
            role: Role::Thing(Thing {
                kind: Kind::$kind,
                parent: None,
                lists: &$lists,
                read: |fields, draft| {
                    let value = $read(fields);
                    draft.network.$arena.push(value);
                },
            }),
        }
    };
}

/// Reads one thing of a type whose reader needs what was read before it.
macro_rules! part {
    ($type:literal, $kind:ident of $parent:ident, $read:path) => {
        Row {
            arm_type: $type,
            role: Role::Thing(Thing {
                kind: Kind::$kind,
                parent: Some(Kind::$parent),
                lists: &[],
                read: $read,
            }),
        }
    };
}

/// Read together with its parent.
const fn inline(arm_type: &'static str) -> Row {
    Row { arm_type, role: Role::Part }
}

/// Every type, in the order of names.
pub(super) static ROWS: &[Row] = &[
    thing!(
        "microsoft.compute/virtualmachines",
        VirtualMachine,
        virtual_machines,
        virtual_machine::read
    ),
    thing!(
        "microsoft.network/networkinterfaces",
        NetworkInterface,
        network_interfaces,
        network_interface::read,
        [("ipConfigurations", NIC_CONFIGURATION)]
    ),
    part!(
        "microsoft.network/networkinterfaces/ipconfigurations",
        IpConfiguration of NetworkInterface,
        ip_configuration::read
    ),
    thing!(
        "microsoft.network/networksecuritygroups",
        NetworkSecurityGroup,
        network_security_groups,
        network_security_group::read
    ),
    inline("microsoft.network/networksecuritygroups/securityrules"),
    thing!(
        "microsoft.network/publicipaddresses",
        PublicIpAddress,
        public_ip_addresses,
        public_ip_address::read
    ),
    thing!(
        "microsoft.network/publicipprefixes",
        PublicIpPrefix,
        public_ip_prefixes,
        public_ip_address::read_prefix
    ),
    thing!("microsoft.network/routetables", RouteTable, route_tables, route_table::read),
    inline("microsoft.network/routetables/routes"),
    thing!(
        "microsoft.network/virtualnetworks",
        VirtualNetwork,
        virtual_networks,
        virtual_network::read,
        [("subnets", SUBNET), ("virtualNetworkPeerings", PEERING)]
    ),
    part!("microsoft.network/virtualnetworks/subnets", Subnet of VirtualNetwork, subnet::read),
    part!(
        "microsoft.network/virtualnetworks/virtualnetworkpeerings",
        Peering of VirtualNetwork,
        peering::read
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_in_lower_case_and_in_order() {
        assert!(ROWS.is_sorted_by(|a, b| a.arm_type < b.arm_type));
        for Row { arm_type, .. } in ROWS {
            assert_eq!(*arm_type, arm_type.to_ascii_lowercase());
        }
    }

    #[test]
    fn every_list_has_a_row_with_a_parent() {
        let things = ROWS.iter().filter_map(|row| match &row.role {
            Role::Thing(thing) => Some(thing),
            Role::Part | Role::Remark(_) => None,
        });
        for thing in things {
            for (_, arm_type) in thing.lists {
                let Role::Thing(part) = &kinds::row(arm_type).unwrap().role else { panic!() };
                assert_eq!(part.parent, Some(thing.kind));
            }
        }
    }
}
