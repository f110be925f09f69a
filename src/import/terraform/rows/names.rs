//! Zones, record sets and resolvers.

use crate::import::terraform::row::{Becomes, Field, How, Row, each, field, id, ids, row, same};
use crate::import::terraform::zone_groups::record_sets;

const RESOLVER: &str = "private_dns_resolver_id";

const A: Field = field("records", "aRecords", How::Wrapped("ipv4Address"));
const AAAA: Field = field("records", "aaaaRecords", How::Wrapped("ipv6Address"));
const CNAME: Field = same("record", "cnameRecord/cname");
const TTL: Field = same("ttl", "ttl");
const PTR: &[Field] = &[TTL, field("records", "ptrRecords", How::Wrapped("ptrdname"))];
const NS: &[Field] = &[TTL, field("records", "nsRecords", How::Wrapped("nsdname"))];
const TXT: &[Field] = &[TTL, each("record", "txtRecords", &[field("value", "value", How::Single)])];
const MX: &[Field] = &[
    TTL,
    each("record", "mxRecords", &[same("preference", "preference"), same("exchange", "exchange")]),
];
const SRV: &[Field] = &[
    TTL,
    each(
        "record",
        "srvRecords",
        &[
            same("priority", "priority"),
            same("weight", "weight"),
            same("port", "port"),
            same("target", "target"),
        ],
    ),
];

/// Of public zones only.
const TARGET: Field = id("target_resource_id", "targetResource");

const fn record(name: &'static str, arm_type: &'static str, fields: &'static [Field]) -> Row {
    row(name, Becomes::Below(arm_type, "zone_name"), fields)
}

pub(super) const ROWS: &[Row] = &[
    row(
        "azurerm_private_dns_zone",
        Becomes::InGroup("Microsoft.Network/privateDnsZones"),
        &[field("number_of_record_sets", "numberOfRecordSets", How::By(record_sets))],
    ),
    row(
        "azurerm_private_dns_zone_virtual_network_link",
        Becomes::Below(
            "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
            "private_dns_zone_name",
        ),
        &[
            id("virtual_network_id", "virtualNetwork"),
            same("registration_enabled", "registrationEnabled"),
            same("resolution_policy", "resolutionPolicy"),
        ],
    ),
    record("azurerm_private_dns_a_record", "Microsoft.Network/privateDnsZones/A", &[TTL, A]),
    record(
        "azurerm_private_dns_aaaa_record",
        "Microsoft.Network/privateDnsZones/AAAA",
        &[TTL, AAAA],
    ),
    record(
        "azurerm_private_dns_cname_record",
        "Microsoft.Network/privateDnsZones/CNAME",
        &[TTL, CNAME],
    ),
    record("azurerm_private_dns_ptr_record", "Microsoft.Network/privateDnsZones/PTR", PTR),
    record("azurerm_private_dns_txt_record", "Microsoft.Network/privateDnsZones/TXT", TXT),
    record("azurerm_private_dns_mx_record", "Microsoft.Network/privateDnsZones/MX", MX),
    record("azurerm_private_dns_srv_record", "Microsoft.Network/privateDnsZones/SRV", SRV),
    row(
        "azurerm_dns_zone",
        Becomes::InGroup("Microsoft.Network/dnsZones"),
        &[field("number_of_record_sets", "numberOfRecordSets", How::By(record_sets))],
    ),
    record("azurerm_dns_a_record", "Microsoft.Network/dnsZones/A", &[TTL, A, TARGET]),
    record("azurerm_dns_aaaa_record", "Microsoft.Network/dnsZones/AAAA", &[TTL, AAAA, TARGET]),
    record("azurerm_dns_cname_record", "Microsoft.Network/dnsZones/CNAME", &[TTL, CNAME, TARGET]),
    record("azurerm_dns_ptr_record", "Microsoft.Network/dnsZones/PTR", PTR),
    record("azurerm_dns_ns_record", "Microsoft.Network/dnsZones/NS", NS),
    record("azurerm_dns_txt_record", "Microsoft.Network/dnsZones/TXT", TXT),
    record("azurerm_dns_mx_record", "Microsoft.Network/dnsZones/MX", MX),
    record("azurerm_dns_srv_record", "Microsoft.Network/dnsZones/SRV", SRV),
    row(
        "azurerm_private_dns_resolver",
        Becomes::InGroup("Microsoft.Network/dnsResolvers"),
        &[id("virtual_network_id", "virtualNetwork")],
    ),
    row(
        "azurerm_private_dns_resolver_inbound_endpoint",
        Becomes::Of("Microsoft.Network/dnsResolvers/inboundEndpoints", RESOLVER),
        &[each(
            "ip_configurations",
            "ipConfigurations",
            &[id("subnet_id", "subnet"), same("private_ip_address", "privateIpAddress")],
        )],
    ),
    row(
        "azurerm_private_dns_resolver_outbound_endpoint",
        Becomes::Of("Microsoft.Network/dnsResolvers/outboundEndpoints", RESOLVER),
        &[id("subnet_id", "subnet")],
    ),
    row(
        "azurerm_private_dns_resolver_dns_forwarding_ruleset",
        Becomes::InGroup("Microsoft.Network/dnsForwardingRulesets"),
        &[ids("private_dns_resolver_outbound_endpoint_ids", "dnsResolverOutboundEndpoints")],
    ),
    row(
        "azurerm_private_dns_resolver_forwarding_rule",
        Becomes::Of(
            "Microsoft.Network/dnsForwardingRulesets/forwardingRules",
            "dns_forwarding_ruleset_id",
        ),
        &[
            same("domain_name", "domainName"),
            field("enabled", "forwardingRuleState", How::Flag("Enabled", "Disabled")),
            each(
                "target_dns_servers",
                "targetDnsServers",
                &[same("ip_address", "ipAddress"), same("port", "port")],
            ),
        ],
    ),
    row(
        "azurerm_private_dns_resolver_virtual_network_link",
        Becomes::Of(
            "Microsoft.Network/dnsForwardingRulesets/virtualNetworkLinks",
            "dns_forwarding_ruleset_id",
        ),
        &[id("virtual_network_id", "virtualNetwork")],
    ),
];
