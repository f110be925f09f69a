//! Private zones (R247-R264), G28 and G29.

use crate::names_support::{Wires, address, estate, estate_of};
use hopwise::answer::NameOutcome;
use hopwise::net::RecordType;

/// The defaults of the golden scenarios: A with machine a, peered with B with machine b.
const GOLDEN: &str = "
network:
  virtualNetworks:
    - name: A
      addressPrefixes: [10.0.0.0/16]
      subnets: [{name: s, addressPrefix: 10.0.0.0/24}]
      virtualNetworkPeerings: [{name: to-b, remoteVirtualNetwork: B}]
    - name: B
      addressPrefixes: [10.1.0.0/16]
      subnets: [{name: s, addressPrefix: 10.1.0.0/24}]
      virtualNetworkPeerings: [{name: to-a, remoteVirtualNetwork: A}]
  virtualMachines:
    - {name: a, subnet: A/s, privateIPAddress: 10.0.0.4}
    - {name: b, subnet: B/s, privateIPAddress: 10.1.0.4}
";

/// The golden scenario with these zones.
fn with_zones(zones: &str) -> crate::names_support::Estate {
    estate_of(&[GOLDEN, &format!("network:\n  privateDnsZones:\n{zones}")])
}

#[test]
fn r247_a_zone_answers_only_where_it_is_linked() {
    let estate = with_zones(
        "    - {name: corp.example, virtualNetworkLinks: [{virtualNetwork: A}], records: [{name: db, A: [10.0.0.9]}]}",
    );
    estate.check_citing("a", "db.corp.example", "10.0.0.9", &[247, 248]);
    // Peered, not linked: the public DNS is asked, of which the input tells nothing.
    estate.check("b", "db.corp.example", "unknown");
    estate.check("internet", "db.corp.example", "unknown");
    let answer = estate.answer("b", "db.corp.example");
    assert!(
        answer.steps.iter().any(|step| step.text.contains("is not linked to B")),
        "{answer:#?}"
    );
}

#[test]
fn r247_with_a_public_zone_the_name_is_missing_there() {
    let public =
        "network:\n  dnsZones: [{name: corp.example, records: [{name: www, A: [198.51.100.80]}]}]";
    let private = "network:\n  privateDnsZones: [{name: corp.example, virtualNetworkLinks: [{virtualNetwork: A}], records: [{name: db, A: [10.0.0.9]}]}]";
    let estate = estate_of(&[GOLDEN, public, private]);
    estate.check("a", "db.corp.example", "10.0.0.9");
    estate.check("b", "db.corp.example", "nxdomain");
    estate.check("b", "www.corp.example", "198.51.100.80");
    // R261: for A the whole public zone is hidden.
    estate.check_citing("a", "www.corp.example", "nxdomain", &[249, 261]);
}

#[test]
fn r261_a_private_zone_hides_the_public_zone_of_the_same_name() {
    let scenario = "
internet: {records: [{name: www.contoso.com, A: [198.51.100.80]}]}
network: {privateDnsZones: [{name: contoso.com, virtualNetworkLinks: [{virtualNetwork: A}], records: [{name: db, A: [10.0.0.9]}]}]}
";
    let estate = estate_of(&[GOLDEN, scenario]);
    estate.check_citing("a", "www.contoso.com", "nxdomain", &[249, 261]);
    estate.check("b", "www.contoso.com", "198.51.100.80");
}

#[test]
fn r247_a_link_that_is_not_completed_does_not_answer() {
    let estate = with_zones(
        "    - {name: corp.example, virtualNetworkLinks: [{virtualNetwork: A, virtualNetworkLinkState: InProgress}], records: [{name: db, A: [10.0.0.9]}]}",
    );
    estate.check("a", "db.corp.example", "unknown");
}

#[test]
fn r250_another_type_is_no_data_and_r249_a_missing_name_does_not_exist() {
    let estate = with_zones(
        "    - {name: corp.example, virtualNetworkLinks: [{virtualNetwork: A}], records: [{name: db, A: [10.0.0.9]}, {name: x.deep, TXT: [hello]}]}",
    );
    estate.check_type("a", "db.corp.example", RecordType::Aaaa, "nodata");
    estate.check_citing("a", "nothing.corp.example", "nxdomain", &[249]);
    // RFC 8020: what a name lies below exists; so does the zone itself.
    estate.check("a", "deep.corp.example", "nodata");
    estate.check("a", "corp.example", "nodata");
    estate.check_type("a", "x.deep.corp.example", RecordType::Txt, "\"hello\"");
}

/// R518
#[test]
fn r251_the_longest_zone_wins_and_is_authoritative() {
    let estate = with_zones(
        "
    - {name: example.com, virtualNetworkLinks: [{virtualNetwork: A}], records: [{name: x.db, A: [10.0.0.1]}, {name: y, A: [10.0.0.2]}]}
    - {name: db.example.com, virtualNetworkLinks: [{virtualNetwork: A}], records: [{name: z, A: [10.0.0.3]}]}
",
    );
    estate.check_citing("a", "x.db.example.com", "nxdomain", &[249, 251]);
    estate.check("a", "z.db.example.com", "10.0.0.3");
    estate.check("a", "y.example.com", "10.0.0.2");
}

#[test]
fn r254_a_wildcard_stands_for_names_that_are_not_there() {
    let estate = with_zones(
        "    - {name: apps.example, virtualNetworkLinks: [{virtualNetwork: A}], records: [{name: '*', A: [10.0.0.7]}, {name: api, TXT: [x]}, {name: v1.eu, A: [10.0.0.8]}]}",
    );
    estate.check_citing("a", "shop.apps.example", "10.0.0.7", &[254]);
    estate.check("a", "deep.shop.apps.example", "10.0.0.7");
    estate.check("a", "api.apps.example", "nodata");
    // RFC 4592: `eu` exists, so that its missing children do not.
    estate.check("a", "v2.eu.apps.example", "nxdomain");
}

#[test]
fn r255_two_zones_of_one_name_on_one_network_contradict_each_other() {
    let other = "/subscriptions/s/resourceGroups/team/providers/Microsoft.Network/privateDnsZones/corp.example";
    let scenario = format!(
        "
    - {{name: corp.example, virtualNetworkLinks: [{{virtualNetwork: A}}], records: [{{name: db, A: [10.0.0.9]}}]}}
    - {{name: corp.example, id: {other}, virtualNetworkLinks: [{{virtualNetwork: A}}], records: []}}
"
    );
    let estate = with_zones(&scenario);
    estate.check_citing("a", "db.corp.example", "unknown", &[255]);
}

#[test]
fn r255_a_copy_of_the_zone_without_the_record_hides_it() {
    let other = "/subscriptions/s/resourceGroups/team/providers/Microsoft.Network/privateDnsZones/corp.example";
    let scenario = format!(
        "
    - {{name: corp.example, virtualNetworkLinks: [{{virtualNetwork: A}}], records: [{{name: db, A: [10.0.0.9]}}]}}
    - {{name: corp.example, id: {other}, virtualNetworkLinks: [{{virtualNetwork: B}}], records: []}}
"
    );
    let estate = with_zones(&scenario);
    estate.check("a", "db.corp.example", "10.0.0.9");
    estate.check("b", "db.corp.example", "nxdomain");
}

#[test]
fn record_sets_that_were_not_exported_are_unknown() {
    let estate =
        with_zones("    - {name: corp.example, virtualNetworkLinks: [{virtualNetwork: A}]}");
    let NameOutcome::Unknown(why) = estate.answer("a", "db.corp.example").outcome else {
        panic!("known");
    };
    assert!(why.contains("record sets of zone corp.example"), "{why}");
}

#[test]
fn aliases_start_again_in_the_same_view() {
    // R509: from one zone to another, to the public DNS, and in a circle.
    let scenario = "
internet: {records: [{name: www.example.net, A: [198.51.100.80]}]}
network:
  privateDnsZones:
    - name: one.example
      virtualNetworkLinks: [{virtualNetwork: A}]
      records:
        - {name: a, CNAME: b.two.example}
        - {name: out, CNAME: www.example.net}
        - {name: x, CNAME: y.one.example}
        - {name: y, CNAME: x.one.example}
        - {name: lost, CNAME: nothing.two.example}
    - name: two.example
      virtualNetworkLinks: [{virtualNetwork: A}]
      records: [{name: b, A: [10.0.0.5, 10.0.0.4]}]
";
    let estate = estate_of(&[GOLDEN, scenario]);
    estate.check_citing("a", "a.one.example", "10.0.0.4 10.0.0.5", &[509]);
    estate.check("a", "out.one.example", "198.51.100.80");
    estate.check("a", "x.one.example", "timeout");
    estate.check("a", "lost.one.example", "nxdomain");
    estate.check_type("a", "a.one.example", RecordType::Cname, "b.two.example.");
    let answer = estate.answer("a", "a.one.example");
    let chain: Vec<_> = answer.records.iter().map(|it| (it.name.as_str(), &*it.data)).collect();
    assert_eq!(
        chain,
        [
            ("a.one.example", "b.two.example."),
            ("b.two.example", "10.0.0.5"),
            ("b.two.example", "10.0.0.4")
        ]
    );
}

/// G28: somebody else's account has a private endpoint, the zone is linked, the record is missing.
fn g28(policy: &str) -> crate::names_support::Estate {
    let scenario = format!(
        "
internet:
  records:
    - {{name: other.blob.core.windows.net, CNAME: other.privatelink.blob.core.windows.net}}
    - {{name: other.privatelink.blob.core.windows.net, CNAME: blob.ams.store.core.windows.net}}
    - {{name: blob.ams.store.core.windows.net, A: [203.0.113.20]}}
    - {{name: plain.blob.core.windows.net, A: [203.0.113.21]}}
network:
  privateDnsZones:
    - name: privatelink.blob.core.windows.net
      virtualNetworkLinks: [{{virtualNetwork: A{policy}}}]
      records: [{{name: mine, A: [10.0.0.9]}}, {{name: text, TXT: [x]}}]
"
    );
    estate_of(&[GOLDEN, &scenario])
}

#[test]
fn g28_a_missing_record_hides_the_public_name_unless_the_link_redirects() {
    g28("").check_citing("a", "other.blob.core.windows.net", "nxdomain", &[249]);
    let redirecting = g28(", resolutionPolicy: NxDomainRedirect");
    redirecting.check_citing("a", "other.blob.core.windows.net", "203.0.113.20", &[262, 263]);
}

#[test]
fn r284_accounts_without_an_endpoint_resolve_publicly() {
    g28("").check("a", "plain.blob.core.windows.net", "203.0.113.21");
}

#[test]
fn r264_only_names_that_do_not_exist_are_redirected() {
    let redirecting = g28(", resolutionPolicy: NxDomainRedirect");
    redirecting.check("a", "text.privatelink.blob.core.windows.net", "nodata");
    // R262: only A, AAAA and CNAME.
    let txt = RecordType::Txt;
    redirecting.check_type("a", "other.privatelink.blob.core.windows.net", txt, "nxdomain");
}

#[test]
fn r262_only_zones_of_private_link_redirect() {
    let scenario = "
internet: {records: [{name: www.contoso.com, A: [198.51.100.80]}]}
network: {privateDnsZones: [{name: contoso.com, virtualNetworkLinks: [{virtualNetwork: A, resolutionPolicy: NxDomainRedirect}], records: []}]}
";
    estate_of(&[GOLDEN, scenario]).check("a", "www.contoso.com", "nxdomain");
}

/// A zone, linked to `linked`, where A's machines ask the DNS machine in B.
fn with_forwarder(linked: &str) -> crate::names_support::Estate {
    estate(&format!(
        "
internet: {{records: [{{name: db.corp.example, A: [198.51.100.80]}}]}}
network:
  virtualNetworks:
    - name: A
      addressPrefixes: [10.0.0.0/16]
      dnsServers: [10.1.0.4]
      subnets: [{{name: s, addressPrefix: 10.0.0.0/24}}]
    - name: B
      addressPrefixes: [10.1.0.0/16]
      subnets: [{{name: s, addressPrefix: 10.1.0.0/24}}]
  virtualMachines:
    - {{name: a, subnet: A/s, privateIPAddress: 10.0.0.4}}
    - {{name: own, subnet: A/s, privateIPAddress: 10.0.0.5, dnsServers: [168.63.129.16]}}
    - {{name: dns, subnet: B/s, privateIPAddress: 10.1.0.4}}
  privateDnsZones:
    - {{name: corp.example, virtualNetworkLinks: [{{virtualNetwork: {linked}}}], records: [{{name: db, A: [10.0.0.9]}}]}}
"
    ))
}

#[test]
fn g29_the_view_is_that_of_the_last_forwarder() {
    // R239, and R248: the zone that is linked to A itself is not consulted.
    let linked_to_client = with_forwarder("A");
    linked_to_client.check_citing("a", "db.corp.example", "198.51.100.80", &[235, 239]);
    with_forwarder("B").check("a", "db.corp.example", "10.0.0.9");
    // R235: the interface's own setting replaces that of the network.
    linked_to_client.check("own", "db.corp.example", "10.0.0.9");
    let answer = linked_to_client.answer("a", "db.corp.example");
    assert_eq!(answer.assumptions.len(), 1, "{answer:#?}");
    assert!(linked_to_client.answer("own", "db.corp.example").assumptions.is_empty());
}

#[test]
fn r238_a_server_that_cannot_be_reached_is_a_time_out() {
    let cut = || Wires { cut: vec![address("10.1.0.4")], ..Wires::default() };
    with_forwarder("B").check_over(cut(), "a", "db.corp.example", "timeout");
    with_forwarder("B").check_over(cut(), "a", "nothing.corp.example", "timeout");
    let unsure = Wires { unsure: vec![address("10.1.0.4")], ..Wires::default() };
    with_forwarder("B").check_over(unsure, "a", "db.corp.example", "unknown");
}

#[test]
fn r242_the_platform_is_reached_unless_a_rule_names_it() {
    let estate = with_zones(
        "    - {name: corp.example, virtualNetworkLinks: [{virtualNetwork: A}], records: [{name: db, A: [10.0.0.9]}]}",
    );
    let denied = Wires { platform_cut: true, ..Wires::default() };
    estate.check_over(denied, "a", "db.corp.example", "timeout");
}
