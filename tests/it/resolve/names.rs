//! Zones, record sets, links, resolvers and rulesets.

use super::support::{address, codes, estate, named, quiet, resources, scenario};
use hopwise::azure::*;
use hopwise::net::DnsName;

fn dns(name: &str) -> DnsName {
    DnsName::parse(name).unwrap()
}

#[test]
fn a_zone_in_short_has_record_sets_and_links() {
    // R247, R253, R256, R259, R262
    let network = quiet(
        "network:
  virtualNetworks: [{name: hub, addressPrefixes: [10.0.0.0/16]}, {name: spoke, addressPrefixes: [10.1.0.0/16]}]
  privateDnsZones:
    - name: example.internal
      virtualNetworkLinks:
        - {virtualNetwork: hub, registrationEnabled: true}
        - {name: second, virtualNetwork: spoke, resolutionPolicy: NxDomainRedirect, virtualNetworkLinkState: InProgress}
      records:
        - {name: api, A: [10.0.0.4, 10.0.0.5], AAAA: ['fd00::4'], ttl: 60}
        - {name: www, CNAME: api.example.internal}
        - {name: '*', A: [10.0.0.9]}
        - {name: '@', TXT: [hello], MX: [{preference: 10, exchange: mail.example.internal}]}
        - {name: _sip._tcp, SRV: [{priority: 1, weight: 2, port: 5060, target: sip.example.internal}]}
        - {name: '4', PTR: [host.example.internal]}",
    );
    let zone = network.private_dns_zones.values().next().unwrap();
    assert_eq!(zone.name, dns("example.internal"));
    assert!(zone.has_record_sets);
    let set = |name: &str, kind: &str| {
        let found = zone.record_sets.iter();
        let mut found = found.filter(|set| set.name == dns(name) && set.data.type_name() == kind);
        found.next().unwrap()
    };
    let api = set("api.example.internal", "A");
    assert_eq!(api.ttl_seconds, 60);
    assert_eq!(
        api.data,
        RecordData::A(vec!["10.0.0.4".parse().unwrap(), "10.0.0.5".parse().unwrap()])
    );
    assert_eq!(
        set("www.example.internal", "CNAME").data,
        RecordData::Cname(dns("api.example.internal"))
    );
    set("*.example.internal", "A");
    set("api.example.internal", "AAAA");
    assert_eq!(set("example.internal", "TXT").data, RecordData::Txt(vec!["hello".into()]));
    assert_eq!(
        set("_sip._tcp.example.internal", "SRV").data,
        RecordData::Srv(vec![(1, 2, 5060, dns("sip.example.internal"))])
    );
    let [first, second] = &zone.links[..] else { panic!("two links") };
    let (hub, redirecting) = if first.registers { (first, second) } else { (second, first) };
    assert_eq!(hub.meta.name(), "hub");
    assert!(hub.registers && !hub.redirects_nxdomain && hub.is_completed);
    assert_eq!(redirecting.meta.name(), "second");
    assert!(redirecting.redirects_nxdomain && !redirecting.is_completed);
}

const EXPORTED: &str = r#"[
  {"type": "Microsoft.Network/virtualNetworks", "name": "hub", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}},
  {"type": "Microsoft.Network/privateDnsZones", "name": "example.internal", "properties": {"numberOfRecordSets": COUNT}},
  {"id": "~/Microsoft.Network/privateDnsZones/example.internal/virtualNetworkLinks/l",
   "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
   "properties": {"virtualNetwork": {"id": "~/Microsoft.Network/virtualNetworks/hub"}, "virtualNetworkLinkState": "Completed"}}
  RECORDS]"#;

const RECORDS: &str = r#",
  {"id": "~/Microsoft.Network/privateDnsZones/example.internal/A/api", "type": "Microsoft.Network/privateDnsZones/A",
   "name": "api", "properties": {"ttl": 300, "aRecords": [{"ipv4Address": "10.0.0.4"}]}},
  {"id": "~/Microsoft.Network/privateDnsZones/example.internal/SOA/@", "type": "Microsoft.Network/privateDnsZones/SOA",
   "name": "@", "properties": {"ttl": 3600, "soaRecord": {"host": "azureprivatedns.net"}}}"#;

#[test]
fn exported_record_sets_and_links_join_their_zone() {
    let text = EXPORTED.replace("COUNT", "2").replace("RECORDS", RECORDS);
    let (network, diagnostics) = estate(&resources(&text));
    assert_eq!(diagnostics, []);
    let zone = network.private_dns_zones.values().next().unwrap();
    assert!(zone.has_record_sets);
    let names: Vec<_> =
        zone.record_sets.iter().map(|set| (set.name.as_str(), set.data.type_name())).collect();
    assert_eq!(names, [("api.example.internal", "A"), ("example.internal", "SOA")]);
    assert_eq!(zone.links[0].meta.name(), "l");
}

#[test]
fn a_zone_whose_record_sets_were_not_exported_has_none() {
    let check = |count: &str, records: &str, expected: bool, remarks: &[&str]| {
        let text = EXPORTED.replace("COUNT", count).replace("RECORDS", records);
        let (network, diagnostics) = estate(&resources(&text));
        let zone = network.private_dns_zones.values().next().unwrap();
        assert_eq!(zone.has_record_sets, expected, "{count}");
        assert_eq!(codes(&diagnostics), remarks, "{count}");
    };
    check("7", "", false, &[]);
    check("null", "", false, &[]);
    // Only the start of authority.
    check("1", "", true, &[]);
    // Two of seven: nobody knows the others.
    check("7", RECORDS, false, &["incomplete-zone"]);
}

#[test]
fn an_alias_record_has_the_address_of_its_target() {
    let (network, diagnostics) = estate(&resources(
        r#"[{"type": "Microsoft.Network/publicIPAddresses", "name": "pip", "properties": {"ipAddress": "198.51.100.7"}},
            {"type": "Microsoft.Network/dnsZones", "name": "example.com", "properties": {"numberOfRecordSets": 3}},
            {"id": "~/Microsoft.Network/dnsZones/example.com/A/www", "type": "Microsoft.Network/dnsZones/A",
             "properties": {"TTL": 60, "ARecords": [], "targetResource": {"id": "~/Microsoft.Network/publicIPAddresses/pip"}}}]"#,
    ));
    assert_eq!(diagnostics, []);
    let zone = network.public_dns_zones.values().next().unwrap();
    assert!(zone.has_record_sets);
    let set = &zone.record_sets[0];
    assert_eq!((set.name.as_str(), set.ttl_seconds), ("www.example.com", 60));
    assert_eq!(set.data, RecordData::A(vec!["198.51.100.7".parse().unwrap()]));
}

#[test]
fn resolvers_have_endpoints_and_rulesets_have_rules_and_links() {
    // R265, R266, R268, R271
    let network = quiet(
        "network:
  virtualNetworks:
    - {name: hub, addressPrefixes: [10.0.0.0/16], subnets: [{name: in, addressPrefix: 10.0.0.0/28}, {name: out, addressPrefix: 10.0.1.0/28}]}
    - {name: spoke, addressPrefixes: [10.1.0.0/16]}
  dnsResolvers:
    - name: r
      virtualNetwork: hub
      inboundEndpoints: [{name: i, ipConfigurations: [{subnet: hub/in, privateIpAddress: 10.0.0.4}]}]
      outboundEndpoints: [{name: o, subnet: hub/out}]
  dnsForwardingRulesets:
    - name: rs
      dnsResolverOutboundEndpoints: [r/o]
      virtualNetworkLinks: [spoke, {virtualNetwork: hub}]
      forwardingRules:
        - {name: corp, domainName: corp.example., targetDnsServers: [{ipAddress: 192.168.0.53, port: 5353}, 192.168.0.54]}
        - {name: all, domainName: ., targetDnsServers: [192.168.0.55], forwardingRuleState: Disabled}",
    );
    let resolver = network.dns_resolvers.values().next().unwrap();
    let inbound = &network.inbound_endpoints[resolver.inbound_endpoints[0]];
    assert_eq!(inbound.addresses[0].1, Some(address("10.0.0.4")));
    let outbound = &network.outbound_endpoints[resolver.outbound_endpoints[0]];
    assert!(outbound.subnet.unwrap().known().is_some());
    let ruleset = network.forwarding_rulesets.values().next().unwrap();
    assert_eq!(ruleset.outbound_endpoints, [Link::To(resolver.outbound_endpoints[0])]);
    assert_eq!(ruleset.networks.len(), 2);
    let [all, corp] = &ruleset.rules[..] else { panic!("two rules") };
    assert_eq!((all.domain.labels(), all.is_enabled), (0, false));
    assert_eq!(corp.domain, dns("corp.example"));
    assert_eq!(corp.targets, [(address("192.168.0.53"), 5353), (address("192.168.0.54"), 53)]);
}

#[test]
fn a_zone_that_is_no_domain_name_answers_nothing() {
    let (network, diagnostics) =
        scenario("network: {privateDnsZones: [{name: 'bad name', records: []}]}");
    let zone = named(&network.private_dns_zones, "bad name", |zone| zone.meta.name());
    assert!(zone.name.is_within(&dns("invalid")));
    assert_eq!(codes(&diagnostics), ["wrong-value"]);
}
