//! Whom the firewalls of services let in (R582 to R584).

use super::Said;
use hopwise::azure::{Link, OthersAre, PublicNetworkAccess, ServiceTarget, Subnet, Switch};
use hopwise::id::Id;
use std::net::IpAddr;

/// How a packet comes to a service.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Comes {
    /// Over the Internet, from a machine outside Azure with this address.
    FromOutside(IpAddr),
    /// From a machine in a subnet, over the service endpoint of that.
    OverEndpoint(Id<Subnet>),
}

/// Does `service` take a packet that comes to its public address so?
pub(crate) fn admits(service: &ServiceTarget, comes: Comes) -> Said<bool> {
    match service.public_access {
        // R582: whatever the rules say, over service endpoints too.
        PublicNetworkAccess::Disabled => return Said::Known(false),
        // R582: rules decide that no input has.
        PublicNetworkAccess::SecuredByPerimeter => return Said::Unknown,
        PublicNetworkAccess::Enabled => {}
    }
    match service.others {
        OthersAre::Allowed => Said::Known(true),
        OthersAre::NotGiven | OthersAre::NotModelled => Said::Unknown,
        OthersAre::Denied => by_rules(service, comes),
    }
}

/// Does `service` listen on a port of TCP (R585, R586)? Most of its switches are in no input.
pub(crate) fn listens(service: &ServiceTarget, port: u16) -> Said<bool> {
    let resource_type = service.resource_type.to_ascii_lowercase();
    let (always, switched): (&[u16], &[u16]) = match resource_type.as_str() {
        "microsoft.keyvault/vaults" => (&[443], &[]),
        // By the name of its blobs.
        "microsoft.storage/storageaccounts" if port == 80 => {
            return switched(service.takes_http);
        }
        "microsoft.storage/storageaccounts" if port == 22 => {
            return switched(service.takes_sftp);
        }
        "microsoft.storage/storageaccounts" => (&[443], &[111, 2048, 2049]),
        "microsoft.sql/servers" if port > 1433 => return Said::Unknown,
        "microsoft.sql/servers" => (&[1433], &[]),
        other => panic!("{other} is not among what is generated"),
    };
    match (always.contains(&port), switched.contains(&port)) {
        (true, _) => Said::Known(true),
        (false, true) => Said::Unknown,
        (false, false) => Said::Known(false),
    }
}

const fn switched(switch: Switch) -> Said<bool> {
    match switch {
        Switch::On => Said::Known(true),
        Switch::Off => Said::Known(false),
        Switch::NotTold => Said::Unknown,
    }
}

/// Who is named is let in, and the rest refused (R582, R583).
fn by_rules(service: &ServiceTarget, comes: Comes) -> Said<bool> {
    let is_named = match comes {
        // R584: what comes from outside Azure is in no region, so that IP rules hold for it.
        Comes::FromOutside(address) => {
            service.allowed_prefixes.iter().any(|prefix| prefix.contains(&address))
        }
        // R430: the packet has its private source, which IP rules do not name.
        Comes::OverEndpoint(subnet) => service.allowed_subnets.contains(&Link::To(subnet)),
    };
    match (is_named, comes) {
        (false, Comes::OverEndpoint(_)) if service.allows_azure => {
            Said::Open("does the switch for all of Azure hold over service endpoints (R583)?")
        }
        (false, Comes::FromOutside(_)) if service.allows_azure => {
            Said::Open("is the machine on the Internet one of Azure's (R583)?")
        }
        _ => Said::Known(is_named),
    }
}
