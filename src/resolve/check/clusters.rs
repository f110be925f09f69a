//! AKS clusters that Azure refuses.

use super::Remarks;
use crate::azure::{ClusterDnsZone, ManagedCluster};
use crate::net::DnsName;

/// So many authorised ranges a cluster may have, and so many with API Server VNet Integration (R440).
const RANGES_MAX: usize = 200;
const RANGES_MAX_INTEGRATED: usize = 2_000;

pub(super) fn check(remarks: &mut Remarks<'_>) {
    let network = remarks.network;
    for cluster in network.managed_clusters.values() {
        let own = match cluster.private_dns_zone {
            ClusterDnsZone::Own(link) => link.known(),
            ClusterDnsZone::System | ClusterDnsZone::None => None,
        };
        let zone = own.map(|id| &network.private_dns_zones[id].name);
        for text in contradictions(cluster, zone) {
            remarks.warn("cluster-refused", text, &cluster.meta.origin);
        }
    }
}

fn contradictions(cluster: &ManagedCluster, zone: Option<&DnsName>) -> Vec<String> {
    let name = cluster.meta.name();
    let mut found = Vec::new();
    let has_no_zone = cluster.private_dns_zone == ClusterDnsZone::None;
    if cluster.is_private && has_no_zone && !cluster.has_public_fqdn {
        found.push(format!(
            "`{name}` has neither a private DNS zone nor a public name, which Azure refuses (R452)"
        ));
    }
    if let Some(zone) = zone.filter(|zone| !fits(cluster, zone)) {
        found.push(format!(
            "zone `{zone}` of `{name}` is not called `privatelink.REGION.azmk8s.io`, perhaps with one \
             label before it, as Azure wants it (R453)"
        ));
    }
    let ranges = cluster.authorized_ip_ranges.as_ref().map_or(0, Vec::len);
    let most = match cluster.has_network_integration {
        true => RANGES_MAX_INTEGRATED,
        false => RANGES_MAX,
    };
    if ranges > most {
        found.push(format!(
            "`{name}` has {ranges} authorised ranges, and Azure takes no more than {most} (R440)"
        ));
    }
    if ranges > 0 && cluster.is_private && !cluster.has_network_integration {
        found.push(format!("`{name}` is private, and cannot have authorised ranges (R441)"));
    }
    found
}

/// The names that a zone of one's own may have (R453); with API Server VNet Integration `private`
/// stands for `privatelink` (R468).
fn fits(cluster: &ManagedCluster, zone: &DnsName) -> bool {
    let text = zone.to_string().to_ascii_lowercase();
    let labels: Vec<&str> = text.trim_end_matches('.').split('.').collect();
    let [.., first, region, "azmk8s", "io"] = &*labels else { return false };
    let word = if cluster.has_network_integration { "private" } else { "privatelink" };
    let own = cluster.meta.location.replace(' ', "");
    let here = own.is_empty() || own.eq_ignore_ascii_case(region);
    *first == word && here && labels.len() <= 5
}
