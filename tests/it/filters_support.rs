//! Networks from scenario files, and what their filters say, in short.

use hopwise::answer::{FlowAccess, RuleCheckAnswer};
use hopwise::azure::{Direction, Network, NetworkInterface, PlatformProfile, Subnet};
use hopwise::dataplane::filter::Packet;
use hopwise::dataplane::routes::effective_table;
use hopwise::dataplane::security::{Guards, Passage, Place, Security};
use hopwise::dataplane::{EffectiveTable, Gateways};
use hopwise::id::Id;
use hopwise::import::{Document, read};
use hopwise::net::{Flow, PortRange, Protocol};
use hopwise::resolve::resolve;

pub(crate) use Direction::{Inbound, Outbound};

/// A network with what routes and filters need.
pub(crate) struct Estate {
    pub(crate) network: Network,
    pub(crate) profile: &'static PlatformProfile,
}

/// The network of a scenario file; nothing may be wrong with it.
pub(crate) fn estate(yaml: &str) -> Estate {
    let snapshot = read([Document { name: "test.yaml".into(), text: yaml.as_bytes() }]);
    assert_eq!(snapshot.diagnostics, [], "{yaml}");
    let (network, _) = resolve(snapshot);
    let name = network.platform_profile.as_deref().unwrap_or(PlatformProfile::DEFAULT);
    Estate { profile: PlatformProfile::by_name(name).unwrap(), network }
}

impl Estate {
    /// With the contents of a service tag.
    pub(crate) fn with_tag(mut self, name: &str, prefix: &str) -> Self {
        self.network.service_tags.insert(name, [prefix.parse().unwrap()]);
        self
    }

    pub(crate) fn subnet(&self, name: &str) -> Id<Subnet> {
        let mut each = self.network.subnets.iter();
        each.find(|(_, subnet)| subnet.meta.name() == name).unwrap().0
    }

    pub(crate) fn interface(&self, name: &str) -> Id<NetworkInterface> {
        let wanted = [name.to_owned(), format!("{name}-nic")];
        let mut each = self.network.network_interfaces.iter();
        each.find(|(_, nic)| wanted.iter().any(|name| name == nic.meta.name())).unwrap().0
    }

    pub(crate) fn table(&self, subnet: Id<Subnet>) -> EffectiveTable {
        effective_table(&self.network, self.profile, &Gateways::new(&self.network), subnet)
    }

    pub(crate) fn table_of(&self, place: Place) -> EffectiveTable {
        self.table(place.subnet.unwrap().known().unwrap())
    }

    pub(crate) fn security(&self) -> Security<'_> {
        Security::new(&self.network, self.profile)
    }

    /// The filters at a place, and what they do with a packet.
    pub(crate) fn passage(&self, place: Place, way: Direction, packet: &Packet<'_>) -> Passage {
        let mut security = self.security();
        let guards = security.guards(place, &self.table_of(place), way);
        guards.decide(security.filters(), packet, |_, _| {})
    }

    pub(crate) fn guards(&self, place: Place, way: Direction) -> Guards {
        self.security().guards(place, &self.table_of(place), way)
    }

    /// IP flow verify at the interface of a machine.
    pub(crate) fn verify(&self, machine: &str, way: Direction, flow: &str) -> RuleCheckAnswer {
        let nic = self.interface(machine);
        let table = self.table_of(Place::of_interface(&self.network, nic));
        self.security().verify_ip_flow((nic, &table), way, &self::flow(flow))
    }
}

/// `TCP 10.0.0.4 -> 10.1.0.4:443`; without a port, every port.
pub(crate) fn flow(text: &str) -> Flow {
    let (protocol, ends) = text.split_once(' ').unwrap();
    let (source, destination) = ends.split_once(" -> ").unwrap();
    let protocol = Protocol::ALL.into_iter().find(|p| p.to_string() == protocol).unwrap();
    let (address, port) = match destination.parse() {
        Ok(address) => (address, None),
        Err(_) => {
            let (address, port) = destination.rsplit_once(':').unwrap();
            let address = address.trim_matches(['[', ']']).parse().unwrap();
            (address, Some(port.parse().unwrap()))
        }
    };
    Flow {
        source: source.parse().unwrap(),
        destination: address,
        protocol,
        source_ports: PortRange::ANY,
        destination_ports: port.map_or(PortRange::ANY, PortRange::single),
    }
}

/// What IP flow verify says: `Allow web/http`, or `Unknown` and why.
pub(crate) fn check(estate: &Estate, machine: &str, way: Direction, flow: &str, expected: &str) {
    let answer = estate.verify(machine, way, flow);
    let found = match (answer.access, answer.decided_by) {
        (FlowAccess::Unknown, _) => format!("Unknown: {}", answer.unsure.join("; ")),
        (access, Some(rule)) => {
            format!("{} {}/{}", access.as_str(), rule.network_security_group.name(), rule.name)
        }
        (access, None) => access.as_str().to_owned(),
    };
    assert_eq!(found, expected, "{machine} {} {flow}", way.as_arm());
}
