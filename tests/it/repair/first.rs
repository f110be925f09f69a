//! What `fix` has to offer first for what fails in the scenarios of `scenarios/aks`: written by hand from the
//! article's advice on troubleshooting, and from the rules.

use hopwise::answer::Fix;
use serde_json::Value;

/// A variant (none: the scenario as it is), what should work, the sorts of the edits in order, what the patch
/// changes (`list/name`, or the name of what is new), and what it has to say.
type Offered = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

const ZONE: &str = "privateDnsZones/0a1b2c3d.privatelink.westeurope.azmk8s.io";
const TO_HUB: &str = "virtualNetworks/hub\"";
const PEERED: &[&str] = &["virtualNetworks/hub", "virtualNetworks/spoke"];
const USER: &[&str] = &["principals/operator"];

/// The article: "Check the virtual network peering", "Check the virtual network link to the private DNS zone";
/// the rest by R13, R127, R133, R139, R249, R291, R175, R111, R116, R386, R388, R392, R394, R472, R473 and R474.
#[rustfmt::skip]
const BASTION: &[Offered] = {
    const FLOW: &str = "Bastion and a jump box";
    const NATIVE: &str = "Bastion with a native client";
    &[
        ("no peering", FLOW, &["peering"], PEERED, &["hub-to-spoke", "spoke-to-hub"]),
        ("only the hub's half of the peering", FLOW, &["peering-half"], PEERED, &["spoke-to-hub"]),
        ("only the spoke's half of the peering", FLOW, &["peering-half"], PEERED, &["hub-to-spoke"]),
        ("the hub's half does not allow access", FLOW, &["peering-flag"], &["virtualNetworks/hub"], &["hub-to-spoke", "\"allowVirtualNetworkAccess\":true"]),
        ("the spoke's half does not allow access", FLOW, &["peering-flag"], &["virtualNetworks/spoke"], &["spoke-to-hub", "\"allowVirtualNetworkAccess\":true"]),
        ("hub and spoke have a common range", FLOW, &["address-space"], &["virtualNetworks/hub"], &["[\"10.1.0.0/16\"]"]),
        ("the zone is not linked to the hub", FLOW, &["zone-link"], &[ZONE], &[TO_HUB]),
        ("the zone is linked to the wrong network", FLOW, &["zone-link"], &[ZONE], &[TO_HUB]),
        ("the record is missing", FLOW, &["record"], &["aks-1"], &["10.2.0.4"]),
        ("the private endpoint waits for approval", FLOW, &["approval"], &["privateEndpoints/kube-apiserver"], &["Approved"]),
        ("the private endpoint was rejected", FLOW, &["approval"], &["privateEndpoints/kube-apiserver"], &["Approved"]),
        // What lets exactly this flow pass, before the rule that denies it; nothing wider.
        ("the group at the jump box's interface denies it on the way out", FLOW, &["security-rule"], &["networkSecurityGroups/nic-nsg-out"], &["\"10.1.2.4/32\"", "\"10.2.0.4/32\"", "\"443\"", "Outbound"]),
        ("the group at the jump box's subnet denies it on the way out", FLOW, &["security-rule"], &["networkSecurityGroups/jump-nsg"], &["\"10.1.2.4/32\"", "\"10.2.0.4/32\"", "\"443\"", "Outbound"]),
        ("the group at the private endpoint's subnet denies it on the way in", FLOW, &["security-rule"], &["networkSecurityGroups/nodes-nsg"], &["\"10.1.2.4/32\"", "\"10.2.0.4/32\"", "\"443\"", "Inbound"]),
        // R387: from AzureBastionSubnet, as Bastion has no address of its own that is known.
        ("the group at the jump box's interface denies the session on the way in", FLOW, &["security-rule"], &["networkSecurityGroups/nic-nsg"], &["\"10.1.1.0/26\"", "\"10.1.2.4/32\"", "\"22\"", "Inbound"]),
        ("the group at the jump box's subnet has no rule for Bastion", FLOW, &["security-rule"], &["networkSecurityGroups/jump-nsg"], &["\"10.1.1.0/26\"", "\"10.1.2.4/32\"", "\"22\"", "Inbound"]),
        ("a route leads to an appliance that is not there", FLOW, &["route-removal"], &["routeTables/to-nobody"], &["\"api-by-nobody\":null"]),
        // With forwarding alone the reply would still pass by it (R116).
        ("a route leads to an appliance without IP forwarding", FLOW, &["route-removal"], &["routeTables/to-appliance"], &["\"api-by-appliance\":null"]),
        ("an appliance in the jump box's own network does not translate", FLOW, &["appliance"], &["appliances/appliance"], &["snat"]),
        ("the jump box answers by an appliance that did not see the question", FLOW, &["route-removal"], &["routeTables/bastion-by-appliance"], &["\"back-by-appliance\":null"]),
        // R386: the very rule that is missing, with all its ports.
        ("no rule for browsers", FLOW, &["security-rule"], &["networkSecurityGroups/bastion-nsg"], &["\"Internet\"", "[\"443\"]", "Inbound"]),
        ("no rule for the gateway manager", FLOW, &["security-rule"], &["networkSecurityGroups/bastion-nsg"], &["\"GatewayManager\"", "[\"443\"]", "Inbound"]),
        ("no rule for the load balancer's probes", FLOW, &["security-rule"], &["networkSecurityGroups/bastion-nsg"], &["\"AzureLoadBalancer\"", "[\"443\"]", "Inbound"]),
        ("no rule for what Bastion's instances say to each other, inbound", FLOW, &["security-rule"], &["networkSecurityGroups/bastion-nsg"], &["\"VirtualNetwork\"", "[\"8080\",\"5701\"]", "Inbound"]),
        ("no rule for sessions", FLOW, &["security-rule"], &["networkSecurityGroups/bastion-nsg"], &["\"VirtualNetwork\"", "[\"22\",\"3389\"]", "Outbound"]),
        ("no rule for Azure's own services", FLOW, &["security-rule"], &["networkSecurityGroups/bastion-nsg"], &["\"AzureCloud\"", "[\"443\"]", "Outbound"]),
        ("no rule for what Bastion's instances say to each other, outbound", FLOW, &["security-rule"], &["networkSecurityGroups/bastion-nsg"], &["\"VirtualNetwork\"", "[\"8080\",\"5701\"]", "Outbound"]),
        ("no rule for certificates", FLOW, &["security-rule"], &["networkSecurityGroups/bastion-nsg"], &["\"Internet\"", "[\"80\"]", "Outbound"]),
        ("the Basic SKU", NATIVE, &["setting", "setting"], &["bastionHosts/bastion"], &["Standard", "\"enableTunneling\":true"]),
        ("the Developer SKU", NATIVE, &["setting", "setting"], &["bastionHosts/bastion"], &["Standard", "\"enableTunneling\":true"]),
        ("native client support is off", NATIVE, &["setting"], &["bastionHosts/bastion"], &["\"enableTunneling\":true"]),
        // Bastion reaches directly peered networks only (R389), and so does the jump box (R127); then the name
        // (R247), and Reader on the peered network (R394).
        ("the jump box is in a network that is not peered", FLOW, &["peering", "zone-link", "peering", "role"], &["virtualNetworks/hub", "virtualNetworks/elsewhere", ZONE, "virtualNetworks/spoke", "principals/operator"], &["\"Reader\""]),
        ("AzureBastionSubnet has a route table", NATIVE, &["setting"], &["virtualNetworks/hub"], &["AzureBastionSubnet", "\"routeTable\":null"]),
        ("no role on the jump box's interface", FLOW, &["role"], USER, &["\"Reader\"", "networkInterfaces/jumpbox-nic"]),
        ("no role that gives the cluster's credential", FLOW, &["role"], USER, &["Azure Kubernetes Service Cluster User Role", "managedClusters/aks"]),
        ("no role inside the cluster", FLOW, &["role"], USER, &["Azure Kubernetes Service RBAC Reader", "managedClusters/aks"]),
        // The article: "Check the certificate location."
        ("the private key is not on the client", FLOW, &["ssh-key"], USER, &[r"C:\\Users\\User\\.ssh\\id_rsa"]),
        ("the public key is not on the jump box", FLOW, &["ssh-key"], &["virtualMachines/jumpbox"], &["authorized_keys", "AAAAC3NzaC1lZDI1NTE5AAAAIExample"]),
    ]
};

/// R393, R386, R387, R507, R361.
#[rustfmt::skip]
const PRIVATE_BASTION: &[Offered] = {
    const SSH: &str = "A private Bastion and SSH";
    const RDP: &str = "A private Bastion and RDP";
    &[
        ("", "workstation -> jumpbox:22 (TCP)", &["security-rule"], &["networkSecurityGroups/jump-nsg"], &["\"192.168.10.5/32\"", "\"10.2.4.4/32\"", "\"22\""]),
        ("the SKU is Standard", SSH, &["setting"], &["bastionHosts/bastion"], &["Premium"]),
        ("no rule lets the network in", SSH, &["security-rule"], &["networkSecurityGroups/bastion-nsg"], &["\"VirtualNetwork\"", "[\"443\"]", "Inbound"]),
        ("no rule for sessions", RDP, &["security-rule"], &["networkSecurityGroups/bastion-nsg"], &["\"VirtualNetwork\"", "[\"22\",\"3389\"]", "Outbound"]),
        ("sessions by SSH only", RDP, &["security-rule"], &["networkSecurityGroups/jump-nsg"], &["\"10.2.5.0/26\"", "\"10.2.4.5/32\"", "\"3389\""]),
        ("the tunnel is down", SSH, &["connection"], &["connections/to-office"], &["Connected"]),
        ("the office's device does not know of the network", SSH, &["site-filter"], &["onPremises/office"], &["10.2.0.0/16"]),
    ]
};

/// R395, R392, R394, R127, R175.
#[rustfmt::skip]
const BASTION_TUNNEL: &[Offered] = {
    const FLOW: &str = "a tunnel of Bastion";
    &[
        ("the Basic SKU", FLOW, &["setting"], &["bastionHosts/bastion"], &["Standard"]),
        ("native client support is off", FLOW, &["setting"], &["bastionHosts/bastion"], &["\"enableTunneling\":true"]),
        ("no Reader on the Bastion's network", FLOW, &["role"], USER, &["\"Reader\"", "virtualNetworks/hub\""]),
        ("no peering", FLOW, &["peering"], PEERED, &["hub-to-spoke", "spoke-to-hub"]),
        ("a strict security group on AzureBastionSubnet", FLOW, &["security-rule"], &["networkSecurityGroups/strict-bastion-nsg"], &["\"10.1.1.0/26\"", "\"10.2.0.4/32\"", "\"443\"", "Outbound"]),
        ("the nodes' group denies what comes from Bastion", FLOW, &["security-rule"], &["networkSecurityGroups/nodes-nsg"], &["\"10.1.1.0/26\"", "\"10.2.0.4/32\"", "\"443\"", "Inbound"]),
    ]
};

/// R488, R490, R291, R183, R249, R247, R127, R111, R472.
#[rustfmt::skip]
const CLOUD_SHELL: &[Offered] = {
    const FLOW: &str = "Cloud Shell in a subnet";
    &[
        ("the subnet is not delegated", FLOW, &["delegation"], &["virtualNetworks/shell"], &["containers", "Microsoft.ContainerInstance/containerGroups"]),
        ("the relay's private endpoint waits for approval", FLOW, &["approval"], &["privateEndpoints/relay-endpoint"], &["Approved"]),
        ("container instances have no rights on the relay", FLOW, &["role"], &["principals/container-instances"], &["\"Contributor\"", "namespaces/shell-relay"]),
        ("a rule keeps the container from the relay", FLOW, &["security-rule"], &["networkSecurityGroups/shell-nsg"], &["\"10.3.1.0/24\"", "\"10.3.2.4/32\"", "\"443\""]),
        ("a rule keeps the container from the files", FLOW, &["security-rule"], &["networkSecurityGroups/shell-nsg"], &["\"10.3.1.0/24\"", "\"10.3.3.4/32\"", "\"445\""]),
        ("the zone of the files lacks their record", FLOW, &["record"], &["shellfiles"], &["10.3.3.4"]),
        ("a rule keeps the container from the cluster's network", FLOW, &["security-rule"], &["networkSecurityGroups/shell-nsg"], &["\"10.3.1.0/24\"", "\"10.2.0.4/32\"", "\"443\""]),
        ("this network is not linked to the cluster's zone", FLOW, &["zone-link"], &[ZONE], &["virtualNetworks/shell\""]),
        ("no peering", FLOW, &["peering"], &["virtualNetworks/shell", "virtualNetworks/spoke"], &["shell-to-spoke", "spoke-to-shell"]),
        ("the subnet's default route leads to an appliance that is gone", FLOW, &["route-removal"], &["routeTables/shell-routes"], &["\"everything\":null"]),
        ("the user may not have the cluster's credential", FLOW, &["role"], USER, &["Azure Kubernetes Service Cluster User Role", "managedClusters/aks"]),
    ]
};

/// R469, R470, R471, R473, R111, R175, R411, R236.
#[rustfmt::skip]
const COMMAND_INVOKE: &[Offered] = {
    const FLOW: &str = "az aks command invoke";
    &[
        ("run command is switched off", FLOW, &["setting"], &["managedClusters/aks"], &["\"disableRunCommand\":false"]),
        ("run command is switched off", "Run command in the portal", &["setting"], &["managedClusters/aks"], &["\"disableRunCommand\":false"]),
        // No built-in role has just both operations.
        ("no role lets the user run commands", FLOW, &["role", "role"], USER, &["Azure Kubernetes Service Cluster Admin Role", "\"Reader\"", "managedClusters/aks"]),
        ("the user may start commands, and not read what comes of them", FLOW, &["role"], USER, &["\"Reader\"", "managedClusters/aks"]),
        ("the cluster does not let the user list pods", FLOW, &["role"], USER, &["Azure Kubernetes Service RBAC Reader", "managedClusters/aks"]),
        ("role bindings of the cluster decide, and hold for another namespace", FLOW, &["role-binding"], &["kubernetes/aks"], &["\"view\"", "\"operator\""]),
        ("a policy of the cluster refuses the pod", FLOW, &["policy-exception"], &["kubernetes/aks"], &["\"no-strange-images\":null"]),
        ("the nodes' default route leads to an appliance that is gone", FLOW, &["route-removal"], &["routeTables/node-routes"], &["\"everything\":null"]),
        ("a rule keeps the nodes from the Internet", FLOW, &["security-rule"], &["networkSecurityGroups/nodes-nsg"], &["\"10.2.0.11/32\"", "\"Internet\"", "\"443\"", "Outbound"]),
        ("the nodes' subnet is private and has no way out", FLOW, &["nat-gateway"], &["virtualNetworks/spoke"], &["natGateways/egress"]),
        ("the nodes ask a DNS server that nobody is", FLOW, &["dns-servers"], &["virtualNetworks/spoke"], &["null"]),
    ]
};

/// R183, R236, R247, R127, R111, R507, R97.
#[rustfmt::skip]
const CONTAINERS: &[Offered] = {
    const FLOW: &str = "A container group as jump host";
    &[
        ("no rule lets the office in", FLOW, &["security-rule"], &["networkSecurityGroups/jump-nsg"], &["\"192.168.10.5/32\"", "\"10.1.4.4/32\"", "\"22\""]),
        ("the container group is stopped", FLOW, &["start"], &["containerGroups/ssh-jump"], &["Running"]),
        ("the container group has a DNS server of its own that nobody is", FLOW, &["dns-servers"], &["containerGroups/ssh-jump"], &["null"]),
        ("the hub is not linked to the zone", FLOW, &["zone-link"], &[ZONE], &[TO_HUB]),
        ("no peering", FLOW, &["peering"], PEERED, &["hub-to-spoke", "spoke-to-hub"]),
        ("a route for the private endpoint leads to an appliance that is gone", FLOW, &["route-removal"], &["routeTables/jump-routes"], &["\"api-server\":null"]),
        ("the office does not get through, as the tunnel is down", FLOW, &["connection"], &["connections/to-office"], &["Connected"]),
        ("the subnet takes no routes of gateways", FLOW, &["propagation"], &["routeTables/jump-routes"], &["\"disableBgpRoutePropagation\":false"]),
    ]
};

/// R351, R507, R53, R361, R151, R97, R61, R175, R240.
#[rustfmt::skip]
const EXPRESSROUTE: &[Offered] = {
    const FLOW: &str = "ExpressRoute and a jump box";
    const DIRECT: &str = "ExpressRoute without a jump box";
    &[
        ("the data centre announces more than private peering takes, and there is no tunnel", FLOW, &["connection"], &["onPremises/data-centre"], &["\"isUp\":true"]),
        ("the circuit is down, and by the VPN come other prefixes", FLOW, &["local-prefix"], &["localNetworkGateways/data-centre"], &["192.168.10.0/24"]),
        ("the circuit and the tunnel are down", FLOW, &["connection"], &["onPremises/data-centre"], &["\"isUp\":true"]),
        ("the data centre announces another prefix", FLOW, &["site-announcement"], &["onPremises/data-centre"], &["192.168.10.0/24"]),
        ("a filter of the data centre takes nothing but another network", FLOW, &["site-filter"], &["onPremises/data-centre"], &["10.1.0.0/16"]),
        ("a filter of the data centre takes the hub only", DIRECT, &["site-filter"], &["onPremises/data-centre"], &["10.2.0.0/16"]),
        ("the spoke does not use the hub's gateways", DIRECT, &["gateway-transit"], PEERED, &["\"useRemoteGateways\":true"]),
        ("the jump box's subnet takes no routes of gateways", FLOW, &["propagation"], &["routeTables/jump-routes"], &["\"disableBgpRoutePropagation\":false"]),
        ("a default route of the jump box's subnet leads to a gateway that cannot be routed to", FLOW, &["route-removal"], &["routeTables/jump-routes"], &["\"on-premises\":null"]),
        ("no rule lets the data centre in", FLOW, &["security-rule"], &["networkSecurityGroups/jump-nsg"], &["\"192.168.10.5/32\"", "\"10.1.2.4/32\"", "\"22\""]),
        ("the data centre's DNS server does not forward the cluster's domain", DIRECT, &["forwarder"], &["onPremises/data-centre"], &["0a1b2c3d.privatelink.westeurope.azmk8s.io", "10.1.3.4"]),
    ]
};

/// R389, R394, R247, R385, R463.
#[rustfmt::skip]
const BESIDE_NODES: &[Offered] = {
    const FLOW: &str = "a jump box beside the nodes";
    &[
        ("", "by a Bastion in the hub", &["peering-half", "role"], &["virtualNetworks/cluster-network", "virtualNetworks/hub", "principals/operator"], &["\"Reader\"", "virtualNetworks/cluster-network\""]),
        ("somebody took the zone's link out", FLOW, &["zone-link"], &[ZONE], &["virtualNetworks/cluster-network\""]),
        ("the jump box's group denies what comes from the network", FLOW, &["security-rule"], &["networkSecurityGroups/jump-nsg"], &["\"10.2.5.0/26\"", "\"10.2.4.4/32\"", "\"22\""]),
        ("the nodes' group denies what comes from the network", FLOW, &["security-rule"], &["networkSecurityGroups/nodes-nsg"], &["\"10.2.4.4/32\"", "\"10.2.0.4/32\"", "\"443\""]),
    ]
};

#[rustfmt::skip]
const JUMP_BOX: &[Offered] = {
    const API: &str = "jumpbox -> api.example.privatelink.westeurope.azmk8s.io:443 (TCP)";
    &[
        ("", "node -> jumpbox:22 (TCP)", &["security-rule"], &["networkSecurityGroups/jump"], &["\"10.2.0.5/32\"", "\"10.1.2.4/32\"", "\"22\""]),
        ("without the hub's half of the peering", API, &["peering-half"], PEERED, &["hub-to-spoke"]),
        ("without the zone link", API, &["zone-link"], &["privateDnsZones/example.privatelink.westeurope.azmk8s.io"], &[TO_HUB]),
        ("the connection of the private endpoint waits for approval", API, &["approval"], &["privateEndpoints/kube-apiserver"], &["Approved"]),
    ]
};

/// R436: the request, which closes by itself; not a rule, which stays.
#[rustfmt::skip]
const JUST_IN_TIME: &[Offered] = {
    const FLOW: &str = "just-in-time access to a jump box";
    const POLICY: &[&str] = &["jitNetworkAccessPolicies/ssh-on-request"];
    &[
        ("nobody has asked", FLOW, &["just-in-time"], POLICY, &["\"203.0.113.10\"", "\"number\":22", "2026-11-25T11:00:00Z"]),
        ("the window is not open yet", FLOW, &["just-in-time"], POLICY, &["\"203.0.113.10\"", "\"number\":22", "2026-11-25T10:00:00Z"]),
        ("the window is over", FLOW, &["just-in-time"], POLICY, &["\"203.0.113.10\"", "\"number\":22", "2026-11-25T14:00:00Z"]),
        ("the request is for another address", FLOW, &["just-in-time"], POLICY, &["\"203.0.113.99\"", "\"number\":22"]),
        ("a role that only reads", FLOW, &["role"], USER, &["Security Admin", "jitNetworkAccessPolicies/ssh-on-request"]),
    ]
};

/// R404: a firewall sends from some address of its subnet, so the rule has to name all of it.
#[rustfmt::skip]
const JUST_IN_TIME_FIREWALL: &[Offered] = &[
    ("the security group was opened for the user, who is not whom it sees", "Just-in-time access through a firewall", &["security-rule"], &["networkSecurityGroups/jump-nsg"], &["\"10.2.5.0/26\"", "\"10.2.4.4/32\"", "\"22\""]),
];

/// R439, R443, R447.
#[rustfmt::skip]
const MANAGED_SHELL: &[Offered] = &[
    ("the public cluster has authorised ranges", "to a public cluster", &["authorized-range"], &["managedClusters/open"], &["203.0.113.10/32", "198.51.100.200/32"]),
];

/// R455: linked to the network of the DNS servers; R451; R238 as a packet.
#[rustfmt::skip]
const NAMES: &[Offered] = {
    const TRAP: &str = "the classic trap, zones linked to the cluster's network only";
    &[
        (TRAP, "the zone that AKS made, from the hub", &["zone-link"], &[ZONE], &[TO_HUB]),
        (TRAP, "the zone that AKS made, from the spoke", &["zone-link"], &[ZONE], &[TO_HUB]),
        (TRAP, "a zone of one's own, from the spoke", &["zone-link"], &["privateDnsZones/privatelink.westeurope.azmk8s.io"], &[TO_HUB]),
        ("the trap, without a DNS server of one's own", "the zone that AKS made, from the hub", &["zone-link"], &[ZONE], &[TO_HUB]),
        ("the public name is disabled", "the public name, from the hub", &["public-name"], &["managedClusters/by-system"], &["\"enablePrivateClusterPublicFQDN\":true"]),
        ("neither a zone nor a public name, which Azure refuses", "no zone, from the hub", &["public-name"], &["managedClusters/by-none"], &["\"enablePrivateClusterPublicFQDN\":true"]),
        // Not other servers for the whole network.
        ("the DNS server does not answer for anybody else", "the zone that AKS made, from the spoke", &["security-rule"], &["networkSecurityGroups/dns-nsg"], &["\"10.2.0.9/32\"", "\"10.1.3.53/32\"", "\"53\"", "Udp"]),
    ]
};

/// The address that the client appears from (R439, R442, R443, R447), roles (R472, R473), the firewall (R398).
#[rustfmt::skip]
const PUBLIC: &[Offered] = {
    const LAPTOP: &str = "from a laptop";
    const NAT: &str = "from a machine behind a NAT gateway";
    const FIREWALL: &str = "from a machine behind a firewall";
    const CLUSTER: &[&str] = &["managedClusters/aks"];
    &[
        ("the laptop has moved", LAPTOP, &["authorized-range"], CLUSTER, &["203.0.113.77/32"]),
        ("the input tells what is in the tag", FIREWALL, &["authorized-range"], CLUSTER, &["AzureCloud", "198.51.100.30/32", "203.0.113.10/32"]),
        ("ranges with private addresses", NAT, &["authorized-range"], CLUSTER, &["198.51.100.7/32", "203.0.113.10/32"]),
        ("ranges with private addresses", FIREWALL, &["authorized-range"], CLUSTER, &["198.51.100.30/32", "203.0.113.10/32"]),
        // R414: the NAT gateway's address, not the machine's own.
        ("a machine with a public address of its own behind the NAT gateway", NAT, &["authorized-range"], CLUSTER, &["198.51.100.7/32", "198.51.100.50/32"]),
        ("only the firewall's address is authorised", "by VPN with a split tunnel", &["authorized-range"], CLUSTER, &["203.0.113.64/32", "198.51.100.30/32"]),
        ("only the load balancer of the cluster is authorised", LAPTOP, &["authorized-range"], CLUSTER, &["203.0.113.10/32", "0.0.0.0/32"]),
        ("the firewall has no rule for HTTPS", FIREWALL, &["firewall-rule"], &["azureFirewalls/firewall"], &["10.9.2.4", "198.51.100.80", "\"443\"", "Allow"]),
        ("no role that gives the credential", LAPTOP, &["role"], USER, &["Azure Kubernetes Service Cluster User Role", "managedClusters/aks"]),
        ("no role inside the cluster", LAPTOP, &["role"], USER, &["Azure Kubernetes Service RBAC Reader", "managedClusters/aks"]),
        ("Owner of the cluster, and nothing inside it", LAPTOP, &["role"], USER, &["Azure Kubernetes Service RBAC Reader", "managedClusters/aks"]),
        ("Kubernetes RBAC with a binding for others", LAPTOP, &["role-binding"], &["kubernetes/aks"], &["\"view\"", "\"operator\""]),
    ]
};

/// The article: "create a new inbound network security group rule … from the public IP address of your local
/// machine", and "check the certificate location". R177, R182, R218, R220, R103, R473, R474.
#[rustfmt::skip]
const SSH: &[Offered] = {
    const FLOW: &str = "Visual Studio Code by SSH";
    const GROUP: &[&str] = &["networkSecurityGroups/jump-nsg"];
    const DEVELOPER: &[&str] = &["principals/developer"];
    &[
        ("only the default rules", FLOW, &["security-rule"], GROUP, &["\"203.0.113.10/32\"", "\"10.2.4.4/32\"", "\"22\"", "Inbound"]),
        ("the client has another public address today", FLOW, &["security-rule"], GROUP, &["\"203.0.113.99/32\"", "\"10.2.4.4/32\"", "\"22\"", "Inbound"]),
        ("no security group at all", FLOW, &["security-group"], &["networkInterfaces/jumpbox-nic", "jumpbox-nic-nsg"], &["\"203.0.113.10/32\"", "\"10.2.4.4/32\"", "\"22\"", "Inbound"]),
        ("the rule names the jump box by its public address", FLOW, &["security-rule"], GROUP, &["\"203.0.113.10/32\"", "\"10.2.4.4/32\"", "\"22\"", "Inbound"]),
        ("a group at the interface that has no such rule", FLOW, &["security-rule"], &["networkSecurityGroups/nic-nsg"], &["\"203.0.113.10/32\"", "\"10.2.4.4/32\"", "\"22\"", "Inbound"]),
        // A route for the client's address alone would make that address one of VirtualNetwork (R202), and so
        // open every port to it.
        ("a default route to a firewall", FLOW, &["route-removal"], &["routeTables/by-firewall"], &["\"everything\":null"]),
        ("the private key is not on the client", FLOW, &["ssh-key"], DEVELOPER, &[r"C:\\Users\\User\\.ssh\\id_rsa"]),
        ("the public key is not on the jump box", FLOW, &["ssh-key"], &["virtualMachines/jumpbox"], &["authorized_keys", "AAAAB3NzaC1yc2EAAAADAQABAAABExample", "AAAAB3NzaC1yc2EAAAADAQABAAABAnother"]),
        // Writing, and no more: not the role that gives roles.
        ("a role that only reads", FLOW, &["role"], DEVELOPER, &["Azure Kubernetes Service RBAC Writer", "managedClusters/aks/namespaces/default"]),
    ]
};

/// R118, R121, R111, R411, R247, R127, R473.
#[rustfmt::skip]
const DESKTOP: &[Offered] = {
    const FLOW: &str = "A virtual desktop as jump host";
    const GROUP: &[&str] = &["networkSecurityGroups/desktops-nsg"];
    &[
        ("a rule keeps the session host from the Internet", FLOW, &["security-rule"], GROUP, &["\"10.1.5.4/32\"", "\"Internet\"", "\"443\"", "Outbound"]),
        ("the default route leads to an appliance that is gone", FLOW, &["route-removal"], &["routeTables/desktop-routes"], &["\"everything\":null"]),
        ("the subnet is private and has no way out", FLOW, &["nat-gateway"], &["virtualNetworks/hub"], &["natGateways/egress"]),
        ("the user is not allowed onto the desktop", FLOW, &["role"], USER, &["Desktop Virtualization User"]),
        ("the session host is stopped", FLOW, &["start"], &["virtualMachines/session-host"], &["PowerState/running"]),
        ("the hub is not linked to the zone", FLOW, &["zone-link"], &[ZONE], &[TO_HUB]),
        ("a rule keeps the session host from the spoke", FLOW, &["security-rule"], GROUP, &["\"10.1.5.4/32\"", "\"10.2.0.4/32\"", "\"443\"", "Outbound"]),
        ("half a peering", FLOW, &["peering-half"], PEERED, &["spoke-to-hub"]),
        ("the user may not list pods", FLOW, &["role"], USER, &["Azure Kubernetes Service RBAC Reader", "managedClusters/aks"]),
    ]
};

/// R466: 443 and 4443 from the nodes; R468: routing; the VIP's whole subnet, as its address is the platform's.
#[rustfmt::skip]
const INTEGRATION: &[Offered] = {
    const FLOW: &str = "Jump box and an API server in a subnet";
    const OPEN: &[&str] = &["managedClusters/aks-open"];
    &[
        ("", "stranger -> https://aks-open-4e5f6a7b.hcp.westeurope.azmk8s.io (TCP)", &["authorized-range"], OPEN, &["203.0.113.99/32"]),
        ("the security group does not let the jump box in", FLOW, &["security-rule"], &["networkSecurityGroups/api-nsg"], &["\"10.1.2.4/32\"", "\"10.2.4.0/28\"", "\"443\""]),
        ("the security group lets nodes in by one port only", "Nodes and an API server in a subnet", &["security-rule"], &["networkSecurityGroups/api-nsg"], &["\"10.2.0.10/32\"", "\"10.2.4.0/28\"", "\"4443\""]),
        ("the hub is not linked to the zone", FLOW, &["zone-link"], &["privateDnsZones/0a1b2c3d.private.westeurope.azmk8s.io"], &[TO_HUB]),
        ("no peering", FLOW, &["peering"], PEERED, &["hub-to-spoke", "spoke-to-hub"]),
        ("a user route for the spoke leads to an appliance that is gone", FLOW, &["route-removal"], &["routeTables/jump-routes"], &["\"spoke\":null"]),
        ("the delegated subnet drops what goes to the hub", FLOW, &["route-removal"], &["routeTables/api-routes"], &["\"hub\":null"]),
        ("the public endpoint is for another range", "laptop -> https://aks-open-4e5f6a7b.hcp.westeurope.azmk8s.io (TCP)", &["authorized-range"], OPEN, &["203.0.113.10/32", "203.0.113.128/28"]),
        ("the user may not list pods", FLOW, &["role"], USER, &["Azure Kubernetes Service RBAC Reader", "managedClusters/aks"]),
    ]
};

/// R149, R151, R154, R343, R265, R175, R97, R344, R340.
#[rustfmt::skip]
const POINT_TO_SITE: &[Offered] = {
    const FLOW: &str = "VPN client and a jump box";
    const DIRECT: &str = "VPN client without a jump box";
    &[
        ("", "laptop -> far-machine:22 (TCP)", &["peering"], &["virtualNetworks/hub", "virtualNetworks/far"], &["\"allowGatewayTransit\":true", "\"useRemoteGateways\":true"]),
        ("the profile is from before the peering", DIRECT, &["site-route"], &["onPremises/clients"], &["profile"]),
        ("the spoke does not use the hub's gateway", DIRECT, &["gateway-transit"], PEERED, &["\"useRemoteGateways\":true"]),
        ("the hub has no DNS servers of its own", DIRECT, &["client-dns"], &["virtualNetworks/hub"], &["10.1.3.4"]),
        ("clients are given 168.63.129.16", DIRECT, &["client-dns"], &["virtualNetworks/hub"], &["10.1.3.4"]),
        ("the rule of the jump box knows another pool", FLOW, &["security-rule"], &["networkSecurityGroups/jump-nsg"], &["\"172.16.201.2/32\"", "\"10.1.2.4/32\"", "\"22\""]),
        ("the jump box's subnet takes no routes of gateways", FLOW, &["propagation"], &["routeTables/jump-routes"], &["\"disableBgpRoutePropagation\":false"]),
        ("the gateway is policy-based", FLOW, &["gateway-again"], &["virtualNetworkGateways/vpngw"], &["RouteBased"]),
        ("a custom route brings a public service into the tunnel", "laptop -> registry:443 (TCP)", &["custom-route"], &["virtualNetworkGateways/vpngw"], &["\"addressPrefixes\":[]"]),
    ]
};

/// R507, R111, R149, R151, R153, R313, R53, R97, R175, R240, R265, R238, R247, R225.
#[rustfmt::skip]
const SITE_TO_SITE: &[Offered] = {
    const FLOW: &str = "VPN and a jump box";
    const DIRECT: &str = "VPN without a jump box";
    const FORWARD: &[&str] = &["0a1b2c3d.privatelink.westeurope.azmk8s.io", "10.1.3.4"];
    &[
        ("the tunnel is down", FLOW, &["connection"], &["connections/to-office"], &["Connected"]),
        ("the tunnel is down", DIRECT, &["connection"], &["connections/to-office"], &["Connected"]),
        ("a default route on GatewaySubnet leads to an appliance", "The tunnel itself", &["route-removal"], &["routeTables/gateway-routes"], &["\"everything\":null"]),
        ("no gateway transit", DIRECT, &["gateway-transit"], PEERED, &["\"allowGatewayTransit\":true", "\"useRemoteGateways\":true"]),
        ("the hub does not offer its gateway", DIRECT, &["gateway-transit"], PEERED, &["\"allowGatewayTransit\":true"]),
        ("without BGP, and the device does not list the spoke", DIRECT, &["site-route"], &["onPremises/office"], &["10.2.0.0/16"]),
        ("without BGP, and the local network gateway lists another prefix", FLOW, &["local-prefix"], &["localNetworkGateways/office"], &["192.168.10.0/24", "192.168.20.0/24"]),
        ("the office announces nothing, and the local network gateway lists nothing", FLOW, &["local-prefix"], &["localNetworkGateways/office"], &["192.168.10.0/24"]),
        ("the jump box's subnet takes no routes of gateways", FLOW, &["propagation"], &["routeTables/jump-routes"], &["\"disableBgpRoutePropagation\":false"]),
        ("no rule lets the office in", FLOW, &["security-rule"], &["networkSecurityGroups/jump-nsg"], &["\"192.168.10.5/32\"", "\"10.1.2.4/32\"", "\"22\""]),
        ("the office's DNS server does not forward the cluster's domain", DIRECT, &["forwarder"], &["onPremises/office"], FORWARD),
        ("the office's DNS server forwards to 168.63.129.16", DIRECT, &["forwarder"], &["onPremises/office"], FORWARD),
        ("a security group keeps DNS from the inbound endpoint", DIRECT, &["security-rule"], &["networkSecurityGroups/dns-nsg"], &["\"192.168.10.53/32\"", "\"10.1.3.4/32\"", "\"53\"", "Udp"]),
        ("the hub is not linked to the zone", FLOW, &["zone-link"], &[ZONE], &[TO_HUB]),
        ("the hub is not linked to the zone", DIRECT, &["zone-link"], &[ZONE], &[TO_HUB]),
        ("a rule at the private endpoint denies the office", DIRECT, &["security-rule"], &["networkSecurityGroups/nodes-nsg"], &["\"192.168.10.5/32\"", "\"10.2.0.4/32\"", "\"443\""]),
    ]
};

/// Every scenario of `scenarios/aks`.
const SCENARIOS: [(&str, &[Offered]); 19] = [
    ("bastion-jump-box", BASTION),
    ("bastion-private-only", PRIVATE_BASTION),
    ("bastion-tunnel", BASTION_TUNNEL),
    ("cloud-shell-subnet", CLOUD_SHELL),
    ("command-invoke", COMMAND_INVOKE),
    ("container-jump-host", CONTAINERS),
    ("expressroute", EXPRESSROUTE),
    ("jump-box-beside-nodes", BESIDE_NODES),
    ("jump-box", JUMP_BOX),
    ("just-in-time-access", JUST_IN_TIME),
    ("just-in-time-behind-a-firewall", JUST_IN_TIME_FIREWALL),
    ("managed-cloud-shell", MANAGED_SHELL),
    ("private-cluster-names", NAMES),
    ("public-cluster", PUBLIC),
    ("ssh-to-a-public-address", SSH),
    ("virtual-desktop-jump-host", DESKTOP),
    ("vnet-integration", INTEGRATION),
    ("vpn-point-to-site", POINT_TO_SITE),
    ("vpn-site-to-site", SITE_TO_SITE),
];

/// How many first fixes are written down.
pub(super) fn count() -> usize {
    SCENARIOS.iter().map(|(_, offered)| offered.len()).sum()
}

/// What is wrong with `fix` as the first that is offered for `wish`; none when it is as written down, or when
/// `scenario` is not one of `scenarios/aks`.
pub(super) fn fault(scenario: &str, variant: &str, wish: &str, fix: &Fix) -> Option<String> {
    let (_, rows) = SCENARIOS.iter().find(|(name, _)| *name == scenario)?;
    let Some((.., kinds, touched, says)) =
        rows.iter().find(|(of, flow, ..)| *of == variant && *flow == wish)
    else {
        return Some("no first fix is written down".to_owned());
    };
    let found: Vec<&str> = fix.edits.iter().map(|edit| edit.kind).collect();
    if found != *kinds {
        return Some(format!("{found:?}, and not {kinds:?}"));
    }
    let mut expected: Vec<&str> = touched.to_vec();
    expected.sort_unstable();
    let changed = changed(&fix.patch);
    if changed != expected {
        return Some(format!("changes {changed:?}, and not {expected:?}"));
    }
    let text = fix.patch.to_string();
    let missing = says.iter().find(|word| !text.contains(**word));
    missing.map(|word| format!("does not say {word}: {text}"))
}

/// What a patch changes: `list/name`, or the name of a resource that is new.
fn changed(patch: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (list, members) in patch.as_object().unwrap() {
        match list.strip_prefix('/') {
            Some(id) => found.push(id.rsplit('/').next().unwrap().to_owned()),
            None => found
                .extend(members.as_object().unwrap().keys().map(|name| format!("{list}/{name}"))),
        }
    }
    found.sort_unstable();
    found
}
