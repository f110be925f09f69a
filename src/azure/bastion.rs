//! `Microsoft.Network/bastionHosts`.

use super::{Link, Meta, PublicIpAddress, Subnet, VirtualNetwork};

/// An Azure Bastion (R384-R395).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BastionHost {
    /// Id, region, place.
    pub meta: Meta,
    /// `Developer`, `Basic`, `Standard` or `Premium` (R392); empty when not given.
    pub sku: Box<str>,
    /// `AzureBastionSubnet`; `None` for the Developer SKU (R27).
    pub subnet: Option<Link<Subnet>>,
    /// The network of a Developer Bastion.
    pub network: Option<Link<VirtualNetwork>>,
    /// Its public address; `None` for Developer and private-only (R393).
    pub public_ip_address: Option<Link<PublicIpAddress>>,
    /// `enableTunneling`: native client (R392).
    pub has_native_client: bool,
    /// `enableIpConnect` (R391).
    pub has_ip_connect: bool,
    /// `enablePrivateOnlyBastion` (R393).
    pub is_private_only: bool,
}
