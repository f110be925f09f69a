//! What ways are made from: the target, the client, and the machines that may be jump boxes.

use super::session::Session;
use super::{WaysQuestion, locate};
use crate::answer::Verdict;
use crate::azure::nodes::is_node;
use crate::azure::{Link, ManagedCluster, Network, Subnet, VirtualMachine, VirtualNetwork};
use crate::dataplane::Dataplane;
use crate::id::Id;
use crate::net::Protocol;
use crate::question::public_name::public_name;
use crate::question::{Endpoint, Target, TraceQuestion, location, trace};
use locate::Refusal;
use std::net::IpAddr;

/// So many jump boxes are looked at for each way in.
const JUMP_BOXES_MAX: usize = 50;
/// So many of them are shown.
const SHOWN_MAX: usize = 2;
const HTTPS: u16 = 443;

/// What ways are made from.
pub(super) struct Survey<'a> {
    pub(super) plane: &'a Dataplane,
    /// The target as legs name it, with a port.
    pub(super) target: String,
    /// The cluster that the target is, if it is one.
    pub(super) cluster: Option<Id<ManagedCluster>>,
    /// Where people are.
    pub(super) client: String,
    /// The same, found.
    pub(super) client_end: Endpoint,
    /// Who acts.
    pub(super) principal: Option<String>,
}

impl<'a> Survey<'a> {
    pub(super) fn new(plane: &'a Dataplane, question: &WaysQuestion) -> Result<Self, Refusal> {
        let network = plane.network();
        let to = locate::destination(network, &question.to)?;
        let client_end = locate::source(network, &question.client)?.endpoint;
        if let Some(name) = &question.principal {
            locate::principal(network, name)?;
        }
        let cluster = cluster(network, &question.to, &to.target);
        let target = match (to.port, cluster) {
            (Some(_), _) => question.to.clone(),
            (None, Some(_)) => format!("{}:{HTTPS}", question.to),
            (None, None) => return Err(locate::no_port(&question.to)),
        };
        let (client, principal) = (question.client.clone(), question.principal.clone());
        Ok(Self { plane, target, cluster, client, client_end, principal })
    }

    pub(super) fn network(&self) -> &'a Network {
        self.plane.network()
    }

    /// The cluster, when the target is one.
    pub(super) fn target_cluster(&self) -> Option<&'a ManagedCluster> {
        self.cluster.map(|id| &self.network().managed_clusters[id])
    }

    /// How legs name a resource: by its name where that says which, else by its id.
    pub(super) fn called(&self, meta: &crate::azure::Meta) -> String {
        let network = self.network();
        match locate::resource(network, meta.name()) {
            Ok(id) if id == meta.id => meta.name().to_owned(),
            Ok(_) | Err(_) => meta.id.to_string(),
        }
    }

    /// Does a machine stand in one of these networks?
    pub(super) fn is_in(&self, machine: &VirtualMachine, networks: &[Id<VirtualNetwork>]) -> bool {
        let home = self.subnet(machine).map(|subnet| self.network().subnets[subnet].network);
        home.is_some_and(|home| networks.contains(&home))
    }

    fn subnet(&self, machine: &VirtualMachine) -> Option<Id<Subnet>> {
        let network = self.network();
        let nic = machine.interfaces.first()?.known()?;
        let first = network.network_interfaces[nic].ip_configurations.first()?;
        network.ip_configurations[*first].subnet.and_then(Link::known)
    }

    /// Machines for which `fits` holds that may be jump boxes, those that reach the target first. The target itself is
    /// left out, and so are nodes of clusters: what is managed had better not be the tool, as the article says.
    pub(super) fn jump_boxes(
        &self,
        fits: impl Fn(&VirtualMachine) -> bool,
    ) -> Vec<&'a VirtualMachine> {
        let network = self.network();
        let near = network.virtual_machines.iter().filter(|(id, machine)| {
            fits(machine) && !is_node(network, *id) && self.called(&machine.meta) != self.host()
        });
        let near = near.map(|(_, machine)| machine).take(JUMP_BOXES_MAX);
        let mut near: Vec<&VirtualMachine> = near.collect();
        near.sort_by_key(|machine| !self.reaches(machine));
        near.truncate(SHOWN_MAX);
        near
    }

    /// The target first, if it is a machine whose SSH or RDP is asked for; then jump boxes to it.
    pub(super) fn machines(
        &self,
        fits: impl Fn(&VirtualMachine) -> bool,
    ) -> Vec<&'a VirtualMachine> {
        let mut machines = self.network().virtual_machines.values();
        let target = machines.find(|machine| fits(machine) && self.is_target(machine));
        target.into_iter().chain(self.jump_boxes(fits)).collect()
    }

    /// Is the machine itself what is to be reached, by the port that people work on it by?
    pub(super) fn is_target(&self, machine: &VirtualMachine) -> bool {
        let port = format!(":{}", Session::on(machine).port);
        let host = self.target.strip_suffix(&port);
        host.is_some_and(|host| {
            let by_address = host.parse().ok().and_then(|address| self.machine_at(address));
            self.called(&machine.meta) == host
                || by_address.is_some_and(|it| it.meta.id == machine.meta.id)
        })
    }

    /// The target without its port.
    fn host(&self) -> &str {
        self.target.rsplit_once(':').map_or(&*self.target, |(host, _)| host)
    }

    /// The target by the public name that a private cluster has as well (R451), where the private one is meant.
    pub(super) fn by_public_name(&self) -> Option<String> {
        let cluster = self.target_cluster()?;
        let public = public_name(cluster)?;
        let to = locate::destination(self.network(), &self.target).ok()?;
        let is_other = !matches!(&to.target, Target::Name(name) if name == public);
        is_other.then(|| format!("{public}:{}", to.port.unwrap_or(HTTPS)))
    }

    /// Does a machine reach the target, by either name?
    fn reaches(&self, machine: &VirtualMachine) -> bool {
        let by_public_name = self.by_public_name();
        let mut targets = std::iter::once(&self.target).chain(&by_public_name);
        targets.any(|target| self.gets_to(machine, target))
    }

    fn gets_to(&self, machine: &VirtualMachine, target: &str) -> bool {
        let network = self.network();
        let (Ok(from), Ok(to)) = (
            locate::source(network, &self.called(&machine.meta)),
            locate::destination(network, target),
        ) else {
            return false;
        };
        if location(self.plane, from.endpoint).is_none() {
            return false;
        }
        let question = TraceQuestion {
            from: (from.endpoint, from.name),
            from_address: None,
            to: (to.target, to.name),
            protocol: Protocol::Tcp,
            port: to.port.unwrap_or(HTTPS),
            source_port: None,
        };
        trace(self.plane, &question).verdict == Verdict::Reachable
    }

    /// Has a machine an interface of its own, with a public address?
    pub(super) fn public_address(&self, machine: &VirtualMachine) -> Option<String> {
        let network = self.network();
        let nics = machine.interfaces.iter().filter_map(|link| link.known());
        let parts = nics.flat_map(|nic| &network.network_interfaces[nic].ip_configurations);
        let mut pips =
            parts.filter_map(|&ip| network.ip_configurations[ip].public_ip_address?.known());
        pips.next().map(|pip| self.called(&network.public_ip_addresses[pip].meta))
    }

    /// The machine that has a private address.
    pub(super) fn machine_at(&self, address: IpAddr) -> Option<&'a VirtualMachine> {
        let network = self.network();
        let mut machines = network.virtual_machines.values();
        machines.find(|machine| {
            let nics = machine.interfaces.iter().filter_map(|link| link.known());
            let mut parts = nics.flat_map(|nic| &network.network_interfaces[nic].ip_configurations);
            parts.any(|&ip| network.ip_configurations[ip].private_ip_address == Some(address))
        })
    }

    /// Networks that peer with `of`, directly.
    pub(super) fn with_peers(&self, of: Id<VirtualNetwork>) -> Vec<Id<VirtualNetwork>> {
        let network = self.network();
        let halves = network.virtual_networks[of].peerings.iter();
        let peers = halves.filter_map(|&half| network.peerings[half].remote.known());
        std::iter::once(of).chain(peers).collect()
    }
}

/// The cluster that is asked for, by its name or by the name of its API server.
fn cluster(network: &Network, text: &str, target: &Target) -> Option<Id<ManagedCluster>> {
    let host = text.trim_start_matches("https://");
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    if let Ok(id) = locate::cluster(network, host) {
        return Some(id);
    }
    let Target::Name(name) = target else { return None };
    let clusters = network.managed_clusters.iter();
    let is_it = |cluster: &ManagedCluster| {
        [&cluster.fqdn, &cluster.private_fqdn].into_iter().flatten().any(|own| own == name)
    };
    { clusters }.find(|(_, cluster)| is_it(cluster)).map(|(id, _)| id)
}
