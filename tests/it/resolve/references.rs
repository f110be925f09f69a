//! References: by id, by name, and to what is not there.

use super::support::{codes, estate, resources, scenario};
use hopwise::azure::*;

const TABLES: &str = "network:
  routeTables: [{name: to-nva}, {name: to-internet}]
  virtualNetworks:
    - name: v
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: a, addressPrefix: 10.0.0.0/24, routeTable: REF}, {name: b, addressPrefix: 10.0.1.0/24, routeTable: REF}]
";

#[test]
fn a_name_that_nothing_has_is_missing_once_with_a_proposal() {
    let (network, diagnostics) = scenario(&TABLES.replace("REF", "to-nav"));
    let tables: Vec<_> = network.subnets.values().map(|subnet| subnet.route_table).collect();
    assert!(matches!(tables[0], Some(Link::Missing(_))));
    assert_eq!(tables[0], tables[1]);
    assert_eq!(codes(&diagnostics), ["missing-reference"]);
    let [missing] = &diagnostics[..] else { panic!("one remark") };
    assert_eq!(missing.message, "there is no `to-nav` that is a route table");
    assert_eq!(missing.hint.as_deref(), Some("did you mean `to-nva`?"));
    let referred_by = &network.missing.values().next().unwrap().referred_by;
    assert_eq!(referred_by.name(), "a");
}

#[test]
fn an_id_that_nothing_has_is_missing_once() {
    let id =
        "{id: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/routeTables/gone}";
    let (network, diagnostics) = scenario(&TABLES.replace("REF", id));
    assert_eq!(codes(&diagnostics), ["missing-reference"]);
    assert_eq!(network.missing.values().next().unwrap().id.name(), "gone");
}

#[test]
fn an_id_of_something_else_is_said() {
    let group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario";
    let id = format!("{{id: {group}/providers/Microsoft.Network/virtualNetworks/v}}");
    let (_, diagnostics) = scenario(&TABLES.replace("REF", &id));
    assert_eq!(codes(&diagnostics), ["wrong-reference"]);
    assert!(diagnostics[0].message.ends_with("is a virtual network"), "{}", diagnostics[0].message);
}

#[test]
fn a_name_that_two_have_is_ambiguous() {
    let (network, diagnostics) = scenario(
        "network:
  resources:
    - {id: /subscriptions/s/resourceGroups/one/providers/Microsoft.Network/routeTables/t, type: Microsoft.Network/routeTables}
    - {id: /subscriptions/s/resourceGroups/two/providers/Microsoft.Network/routeTables/t, type: Microsoft.Network/routeTables}
  virtualNetworks:
    - {name: v, addressPrefixes: [10.0.0.0/16], subnets: [{name: a, addressPrefix: 10.0.0.0/24, routeTable: t}]}",
    );
    assert_eq!(codes(&diagnostics), ["ambiguous-reference"]);
    let hint = diagnostics[0].hint.as_deref().unwrap();
    assert!(hint.contains("/one/") && hint.contains("/two/"), "{hint}");
    assert!(network.subnets.values().next().unwrap().route_table.unwrap().known().is_none());
}

#[test]
fn a_part_without_its_owner_is_not_modelled() {
    let (network, diagnostics) = estate(&resources(
        r#"[{"id": "~/Microsoft.Network/virtualNetworks/gone/subnets/s", "type": "Microsoft.Network/virtualNetworks/subnets",
             "properties": {"addressPrefix": "10.0.0.0/24"}},
            {"id": "~/Microsoft.Network/routeTables/gone/routes/r", "type": "Microsoft.Network/routeTables/routes",
             "properties": {"addressPrefix": "10.0.0.0/24", "nextHopType": "None"}},
            {"type": "Microsoft.Network/networkInterfaces", "name": "nic", "properties": {"ipConfigurations": [
              {"name": "c", "properties": {"subnet": {"id": "~/Microsoft.Network/virtualNetworks/gone/subnets/s"}}}]}}]"#,
    ));
    let mut said = codes(&diagnostics);
    said.sort_unstable();
    assert_eq!(said, ["missing-parent", "missing-parent"]);
    assert_eq!((network.subnets.len(), network.not_modelled.len()), (0, 2));
}

#[test]
fn a_reference_that_must_be_there_is_missed() {
    let (network, diagnostics) = scenario(
        "network:
  virtualNetworks: [{name: v, addressPrefixes: [10.0.0.0/16], virtualNetworkPeerings: [{name: p}]}]",
    );
    assert_eq!(codes(&diagnostics), ["missing-property"]);
    assert!(network.peerings.values().next().unwrap().remote.known().is_none());
}
