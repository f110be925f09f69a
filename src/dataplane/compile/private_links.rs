//! Private endpoints and what they lead to.

use super::builder::{Builder, Draft};
use super::exits::pool_of;
use super::service_ports::Served;
use crate::answer::{HopKind, Reason};
use crate::azure::{
    ConnectionState, Link, PrivateEndpoint, PrivateEndpointTarget, PrivateLinkService,
};
use crate::dataplane::graph::{Cause, Evidence, Own, Reply, Retrace, Tunnel};
use crate::id::Id;
use std::sync::Arc;

impl Builder {
    /// A private endpoint is a read-only interface (R290); its replies retrace the request (R515).
    pub(super) fn add_private_links(&mut self) {
        let network = Arc::clone(&self.network);
        for (id, endpoint) in network.private_endpoints.iter() {
            let draft = Draft {
                name: endpoint.meta.name(),
                kind: HopKind::PrivateEndpoint,
                evidence: Some(Evidence::PrivateEndpoint(id)),
                addresses: endpoint.addresses.clone(),
            };
            let at = self.location_in(draft, endpoint.subnet);
            let Some(at) = at else { continue };
            let own = self.private_link(id, endpoint);
            let location = &mut self.plane.locations[at];
            location.reply = Reply::Retraced(Retrace::PrivateLink);
            location.own = own;
            self.plane.places.private_endpoints.insert(id, at);
        }
    }

    /// Only an approved connection carries traffic (R291).
    fn private_link(&mut self, id: Id<PrivateEndpoint>, endpoint: &PrivateEndpoint) -> Own {
        let name = endpoint.meta.name();
        let state = match endpoint.state {
            ConnectionState::Approved => {
                let service = self.provider(&endpoint.target);
                return match service {
                    Some(service) => self.tunnel(service),
                    None => self.service(id, endpoint),
                };
            }
            ConnectionState::Pending => "Pending",
            ConnectionState::Rejected => "Rejected",
            ConnectionState::Disconnected => "Disconnected",
        };
        let text = format!("the connection of {name} is {state}, not Approved");
        let cause = Cause::new(Reason::PrivateEndpointNotApproved, text, &[291])
            .by(Evidence::PrivateEndpoint(id));
        Own::Stop(self.cause(cause))
    }

    /// A service of the platform behind an endpoint listens on its own ports (R464, R585, R586).
    fn service(&mut self, id: Id<PrivateEndpoint>, endpoint: &PrivateEndpoint) -> Own {
        let PrivateEndpointTarget::Resource(target) = &endpoint.target else {
            return Own::Deliver;
        };
        let proxies = self.network.application_gateways.iter();
        let proxy = proxies.filter(|(_, it)| it.meta.id == *target).map(|(id, _)| id).next();
        if let Some(gateway) = proxy {
            // The sub-resource is the name of the frontend.
            return self.behind_listeners(gateway, endpoint.group_ids.first().map(|it| &**it));
        }
        let network = Arc::clone(&self.network);
        let mut clusters = network.managed_clusters.iter();
        let cluster = clusters.find(|(_, it)| it.meta.id == *target).map(|(id, _)| id);
        if let Some(cause) = cluster.and_then(|id| self.why_cluster_stopped(id)) {
            return Own::Stop(cause);
        }
        let resource_type = target.resource_type().unwrap_or_default();
        let served = Served::by_groups(&resource_type, &endpoint.group_ids);
        // They are in the order of their ids.
        let services = self.network.service_targets.values().as_slice();
        let service = services.binary_search_by(|it| it.meta.id.cmp(target)).ok();
        let served = match service.and_then(|at| services.get(at)) {
            Some(service) => served.map(|served| served.switched(service)),
            None => served,
        };
        let behind = format!("{} behind {}", target.name(), endpoint.meta.name());
        let named = (&*behind, Evidence::PrivateEndpoint(id));
        self.behind_ports(named, &[(None, served)].into(), Own::Deliver)
    }

    /// The private link service behind an endpoint, when it is in the input.
    fn provider(&self, target: &PrivateEndpointTarget) -> Option<Id<PrivateLinkService>> {
        let services = &self.network.private_link_services;
        let is_target = |service: &PrivateLinkService| match target {
            PrivateEndpointTarget::Resource(id) => service.meta.id == *id,
            PrivateEndpointTarget::Alias(alias) => service.alias.as_ref() == Some(alias),
            PrivateEndpointTarget::NotGiven => false,
        };
        services.iter().find(|(_, service)| is_target(service)).map(|(id, _)| id)
    }

    /// The provider's backends see an address of the service as source (R306).
    fn tunnel(&mut self, id: Id<PrivateLinkService>) -> Own {
        let service = &self.network.private_link_services[id];
        let frontend = service.frontends.iter().copied().find_map(Link::known);
        let owner = frontend.map(|at| self.network.frontends[at].load_balancer);
        if let Some(doubt) = owner.and_then(|id| self.doubt_about_balancer(id)) {
            return Own::Unsure(self.cause(doubt));
        }
        let sources = pool_of(service.nat_addresses.iter().map(|&(_, address)| address));
        let evidence = Evidence::PrivateLinkService(id);
        if let Some(&to) = frontend.and_then(|at| self.plane.places.frontends.get(&at)) {
            return Own::Tunnel(Box::new(Tunnel { to, sources, evidence }));
        }
        let text = format!("what stands behind {} is not in the input", service.meta.name());
        let cause = Cause::new(Reason::NotModelled, text, &[305]).by(evidence);
        Own::Unsure(self.cause(cause))
    }
}
