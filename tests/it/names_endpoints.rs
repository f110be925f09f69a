//! Names of private endpoints (R277-R285, R294) and of the whole estate.

use crate::names_support::{Estate, estate_of, name};
use hopwise::net::RecordType;

const SQL: &str = "
internet: {records: [{name: srv.database.windows.net, A: [203.0.113.33]}]}
network:
  virtualNetworks:
    - name: A
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s, addressPrefix: 10.0.0.0/24}]
    - name: B
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: s, addressPrefix: 10.1.0.0/24}]
  virtualMachines:
    - {name: a, subnet: A/s, privateIPAddress: 10.0.0.4}
    - {name: b, subnet: B/s, privateIPAddress: 10.1.0.4}
";
const ENDPOINT: &str = "
network:
  privateEndpoints:
    - {name: sql, subnet: A/s, privateIPAddress: 10.0.0.9, groupId: sqlServer, target: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/srv}
";
const PUBLIC: &str = "srv.database.windows.net";
const PRIVATE: &str = "srv.privatelink.database.windows.net";

fn zone(linked: &str, records: &str) -> String {
    format!(
        "network: {{privateDnsZones: [{{name: privatelink.database.windows.net, virtualNetworkLinks: [{linked}], records: [{records}]}}]}}"
    )
}

fn chain(estate: &Estate, from: &str) -> Vec<(String, String)> {
    let records = estate.answer(from, PUBLIC).records;
    records.into_iter().map(|it| (it.name.to_string(), it.data)).collect()
}

#[test]
fn r278_the_chains_of_a_public_client_and_of_a_linked_network() {
    let zone = zone("{virtualNetwork: A}", "{name: srv, A: [10.0.0.9]}");
    let estate = estate_of(&[SQL, ENDPOINT, &zone]);
    let alias = (PUBLIC.to_owned(), format!("{PRIVATE}."));
    let with = |data: &str| vec![alias.clone(), (PRIVATE.to_owned(), data.to_owned())];
    assert_eq!(chain(&estate, "internet"), with("203.0.113.33"));
    assert_eq!(chain(&estate, "a"), with("10.0.0.9"));
    // R283: not linked, so the public address.
    assert_eq!(chain(&estate, "b"), with("203.0.113.33"));
    estate.check_type("b", PUBLIC, RecordType::Cname, &format!("{PRIVATE}."));
    estate.check_citing("b", PUBLIC, "203.0.113.33", &[277]);
}

#[test]
fn r284_without_an_endpoint_there_is_no_alias() {
    let zone = zone("{virtualNetwork: A}", "");
    let estate = estate_of(&[SQL, &zone]);
    estate.check("a", PUBLIC, "203.0.113.33");
    assert_eq!(chain(&estate, "a"), [(PUBLIC.to_owned(), "203.0.113.33".to_owned())]);
    // With one, and without the record, the zone hides the public address.
    estate_of(&[SQL, ENDPOINT, &zone]).check_citing("a", PUBLIC, "nxdomain", &[249]);
}

#[test]
fn a_public_address_that_nobody_tells_is_unknown() {
    let without = SQL
        .replace("internet: {records: [{name: srv.database.windows.net, A: [203.0.113.33]}]}", "");
    let zone = zone("{virtualNetwork: A}", "{name: srv, A: [10.0.0.9]}");
    let estate = estate_of(&[&without, ENDPOINT, &zone]);
    estate.check("a", PUBLIC, "10.0.0.9");
    estate.check("b", PUBLIC, "unknown");
    assert_eq!(chain(&estate, "b").len(), 1);
}

#[test]
fn r294_an_endpoint_for_blobs_does_not_stand_for_files() {
    let scenario = "
internet:
  records: [{name: acct.blob.core.windows.net, A: [203.0.113.1]}, {name: acct.file.core.windows.net, A: [203.0.113.2]}]
network:
  privateEndpoints:
    - {name: blob, subnet: A/s, privateIPAddress: 10.0.0.9, groupId: blob, target: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acct}
  privateDnsZones:
    - {name: privatelink.blob.core.windows.net, virtualNetworkLinks: [{virtualNetwork: A}], records: [{name: acct, A: [10.0.0.9]}]}
    - {name: privatelink.file.core.windows.net, virtualNetworkLinks: [{virtualNetwork: A}], records: []}
";
    let machines = SQL
        .replace("internet: {records: [{name: srv.database.windows.net, A: [203.0.113.33]}]}", "");
    let estate = estate_of(&[&machines, scenario]);
    // Whether the account itself is in the input makes no difference.
    let account = "
network:
  storageAccounts:
    - name: acct
      id: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acct
      primaryEndpoints: {blob: 'https://acct.blob.core.windows.net/', file: 'https://acct.file.core.windows.net/', queue: 'https://acct.queue.core.windows.net/'}
";
    for estate in [estate, estate_of(&[&machines, scenario, account])] {
        estate.check("a", "acct.blob.core.windows.net", "10.0.0.9");
        estate.check("a", "acct.file.core.windows.net", "203.0.113.2");
        estate.check("a", "acct.queue.core.windows.net", "unknown");
    }
}

#[test]
fn r294_the_copy_in_the_paired_region_has_an_endpoint_of_its_own() {
    let scenario = |group: &str| {
        format!(
            "
internet:
  records: [{{name: acct.blob.core.windows.net, A: [203.0.113.1]}}, {{name: acct-secondary.blob.core.windows.net, A: [203.0.113.2]}}]
network:
  storageAccounts:
    - name: acct
      id: /subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acct
      primaryEndpoints: {{blob: 'https://acct.blob.core.windows.net/'}}
      secondaryEndpoints: {{blob: 'https://acct-secondary.blob.core.windows.net/'}}
  privateEndpoints:
    - {{name: blob, subnet: A/s, privateIPAddress: 10.0.0.9, groupId: {group}, target: acct}}
  privateDnsZones:
    - {{name: privatelink.blob.core.windows.net, virtualNetworkLinks: [{{virtualNetwork: A}}], records: [{{name: acct, A: [10.0.0.9]}}, {{name: acct-secondary, A: [10.0.0.9]}}]}}
"
        )
    };
    let machines = SQL
        .replace("internet: {records: [{name: srv.database.windows.net, A: [203.0.113.33]}]}", "");
    let (primary, copy) = ("acct.blob.core.windows.net", "acct-secondary.blob.core.windows.net");
    // R277: the public name of the one that has an endpoint is an alias, and no other.
    let estate = estate_of(&[&machines, &scenario("blob_secondary")]);
    estate.check("a", copy, "10.0.0.9");
    estate.check("a", primary, "203.0.113.1");
    let estate = estate_of(&[&machines, &scenario("blob")]);
    estate.check("a", primary, "10.0.0.9");
    estate.check("a", copy, "203.0.113.2");
}

#[test]
fn r279_a_registry_has_a_name_for_its_data_in_a_region() {
    let scenario = "
network:
  privateEndpoints:
    - {name: pe, subnet: A/s, privateIPAddress: 10.0.0.9, groupId: registry, target: /subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/cr}
  privateDnsZones:
    - {name: privatelink.azurecr.io, virtualNetworkLinks: [{virtualNetwork: A}], records: [{name: cr, A: [10.0.0.9]}, {name: cr.westeurope.data, A: [10.0.0.10]}]}
";
    let estate = estate_of(&[SQL, scenario]);
    estate.check("a", "cr.azurecr.io", "10.0.0.9");
    estate.check_citing("a", "cr.westeurope.data.azurecr.io", "10.0.0.10", &[277]);
    estate.check("b", "cr.westeurope.data.azurecr.io", "unknown");
    estate.check("a", "cr.northeurope.data.azurecr.io", "unknown");
}

#[test]
fn unlinked_zones_and_endpoints_without_a_name_are_listed() {
    let check = |zone: &str, unlinked: &[&str], why: Option<&str>| {
        let estate = estate_of(&[SQL, ENDPOINT, zone]);
        let zones: Vec<_> = estate.names.unlinked_zones().map(|it| it.name.to_string()).collect();
        assert_eq!(zones, unlinked, "{zone}");
        let found: Vec<_> = estate.names.unresolved_endpoints();
        assert_eq!(found.first().map(|it| it.endpoint.name.as_str()), why.map(|_| "sql"));
        let text = found.first().map(|it| it.why.clone()).unwrap_or_default();
        assert!(text.contains(why.unwrap_or_default()), "{text}");
    };
    let private = "privatelink.database.windows.net";
    let good = "{name: srv, A: [10.0.0.9]}";
    check(&zone("{virtualNetwork: A}", good), &[], None);
    check(&zone("", good), &[private], Some("linked to no network"));
    check(&zone("{virtualNetwork: A}", "{name: srv, A: [10.0.0.8]}"), &[], Some("no linked zone"));
    check("network: {}", &[], Some("no private zone"));
}

#[test]
fn the_intended_record_is_found_in_zones_that_are_not_linked() {
    let zone = zone("{virtualNetwork: A}", "{name: srv, A: [10.0.0.9]}");
    let estate = estate_of(&[SQL, ENDPOINT, &zone]);
    let intended = estate.names.intended(&name(PUBLIC), RecordType::A);
    let found: Vec<_> = intended.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(found, [PRIVATE]);
    assert_eq!(intended[0].records.data.texts(), ["10.0.0.9"]);
}

/// The endpoint with a zone group that says this of its zone, beside the id.
fn with_group(said: &str) -> String {
    let zones = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/scenario/providers/Microsoft.Network/privateDnsZones";
    let zone = format!("{{privateDnsZoneId: {zones}/privatelink.database.windows.net{said}}}");
    let group =
        format!("privateDnsZoneGroups: [{{name: default, privateDnsZoneConfigs: [{zone}]}}]");
    ENDPOINT.replace("groupId: sqlServer", &format!("groupId: sqlServer, {group}"))
}

#[test]
fn r282_a_zone_group_writes_the_record_that_a_template_does_not_have() {
    for others in ["", "{name: other, A: [10.0.0.8]}"] {
        let zone = zone("{virtualNetwork: A}", others);
        let estate = estate_of(&[SQL, &with_group(""), &zone]);
        estate.check_citing("a", PUBLIC, "10.0.0.9", &[282]);
        // What else the group writes nothing tells, and B is not linked (R283).
        estate.check("a", "third.privatelink.database.windows.net", "unknown");
        estate.check("b", PUBLIC, "203.0.113.33");
    }
    let zone = zone("{virtualNetwork: A}", "{name: other, A: [10.0.0.8]}");
    let estate = estate_of(&[SQL, &with_group(""), &zone]);
    estate.check("a", "other.privatelink.database.windows.net", "10.0.0.8");
}

#[test]
fn r282_a_zone_whose_record_sets_are_all_there_gets_no_other() {
    let zone = zone("{virtualNetwork: A}", "").replace("records: []", "numberOfRecordSets: 1");
    let estate = estate_of(&[SQL, &with_group(""), &zone]);
    estate.check("a", PUBLIC, "nxdomain");
    // One that has the record of the endpoint knows its other names as before.
    let zone = self::zone("{virtualNetwork: A}", "{name: srv, A: [10.0.0.9]}");
    let estate = estate_of(&[SQL, &with_group(""), &zone]);
    estate.check("a", "third.privatelink.database.windows.net", "nxdomain");
}

#[test]
fn r282_a_zone_group_tells_what_it_wrote() {
    let said = ", recordSets: [{recordType: A, recordSetName: x, fqdn: x.privatelink.database.windows.net, ipAddresses: [10.0.0.9]}]";
    let zone = zone("{virtualNetwork: A}", "").replace("records: []", "numberOfRecordSets: 2");
    let estate = estate_of(&[SQL, &with_group(said), &zone]);
    estate.check("a", "x.privatelink.database.windows.net", "10.0.0.9");
    estate.check("a", "third.privatelink.database.windows.net", "unknown");
}

/// Which name a service gets that is not known by its own nothing tells.
#[test]
fn r282_the_names_of_a_zone_are_unknown_where_those_of_the_service_are() {
    let zone = zone("{virtualNetwork: A}", "{name: other, A: [10.0.0.8]}");
    let endpoint = with_group("").replace("Microsoft.Sql/servers", "Microsoft.Other/servers");
    let estate = estate_of(&[SQL, &endpoint, &zone]);
    estate.check("a", PRIVATE, "unknown");
    estate.check("a", "other.privatelink.database.windows.net", "10.0.0.8");
}

/// A vault with an endpoint, as templates have it: the group is a part of the endpoint and gives the zone by id.
#[test]
fn r282_a_template_with_a_zone_group_gives_the_name_the_address_of_the_endpoint() {
    let network = "[resourceId('Microsoft.Network/virtualNetworks', 'v')]";
    let subnet = "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'v', 's')]";
    let zone = "privatelink.vaultcore.azure.net";
    let zone_id = format!("[resourceId('Microsoft.Network/privateDnsZones', '{zone}')]");
    let resource = |kind: &str, name: &str, properties: serde_json::Value| {
        serde_json::json!({
            "type": format!("Microsoft.{kind}"), "apiVersion": "2023-11-01", "name": name,
            "location": "westeurope", "properties": properties,
        })
    };
    let template = serde_json::json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [
            resource("Network/virtualNetworks", "v", serde_json::json!({
                "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
                "subnets": [{"name": "s", "properties": {"addressPrefix": "10.0.0.0/24"}}],
            })),
            resource("Network/networkInterfaces", "n", serde_json::json!({"ipConfigurations": [{
                "name": "c", "properties": {"subnet": {"id": subnet}, "privateIPAddress": "10.0.0.10"},
            }]})),
            resource("Compute/virtualMachines", "a", serde_json::json!({"networkProfile": {
                "networkInterfaces": [{"id": "[resourceId('Microsoft.Network/networkInterfaces', 'n')]"}],
            }})),
            resource("KeyVault/vaults", "kv", serde_json::json!({})),
            resource("Network/privateEndpoints", "pe", serde_json::json!({
                "subnet": {"id": subnet},
                "privateLinkServiceConnections": [{"name": "kv", "properties": {
                    "privateLinkServiceId": "[resourceId('Microsoft.KeyVault/vaults', 'kv')]",
                    "groupIds": ["vault"],
                }}],
            })),
            resource("Network/privateDnsZones", zone, serde_json::json!({})),
            resource("Network/privateDnsZones/virtualNetworkLinks", &format!("{zone}/l"), serde_json::json!({
                "virtualNetwork": {"id": network}, "registrationEnabled": false,
            })),
            resource("Network/privateEndpoints/privateDnsZoneGroups", "pe/default", serde_json::json!({
                "privateDnsZoneConfigs": [{"name": "c", "properties": {"privateDnsZoneId": zone_id}}],
            })),
        ],
    });
    let estate = estate_of(&[&template.to_string()]);
    // R7: the lowest address of the subnet that is free.
    estate.check("a", "kv.vault.azure.net", "10.0.0.4");
}
