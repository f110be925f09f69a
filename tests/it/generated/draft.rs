//! A scenario on its way: what is there so far, and what others may refer to.

use super::{
    Random, Scenario, filtering, guarded, hybrid, machines, names, networks, peerings, resolvers,
    routing, services,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What service tags stand for, where anything does. `Storage` and its regions share a prefix, and
/// one is the same as that of a wider tag (R80).
pub(super) fn service_tags() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("Storage", vec!["20.60.0.0/24", "20.60.4.0/23"]),
        ("Storage.WestEurope", vec!["20.60.0.0/24"]),
        ("AzureCloud", vec!["20.60.0.0/16", "13.70.0.0/24"]),
        ("AzureCloud.westeurope", vec!["20.60.0.0/16"]),
        ("Sql", vec!["13.70.0.0/25"]),
    ]
}

/// A range of a network's space, which subnets are cut from.
#[derive(Clone, Debug)]
pub(super) struct Range {
    pub(super) prefix: &'static str,
    pub(super) first: u32,
}

/// A subnet, with the properties that it has beside name and range.
#[derive(Clone, Debug)]
pub(super) struct Subnet {
    pub(super) name: String,
    /// Which of its network's ranges it is cut from.
    pub(super) range: usize,
    /// Which /24 of it.
    pub(super) number: u32,
    pub(super) properties: Map<String, Value>,
}

/// A virtual network.
#[derive(Clone, Debug)]
pub(super) struct Net {
    pub(super) name: String,
    /// 0 to 3: which address space it has.
    pub(super) slot: u16,
    pub(super) location: &'static str,
    pub(super) ranges: Vec<Range>,
    pub(super) has_ipv6: bool,
    pub(super) subnets: Vec<Subnet>,
    pub(super) peerings: Vec<Value>,
    pub(super) dns_servers: Vec<String>,
}

/// A network interface of a machine.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    pub(super) name: String,
    /// `network/subnet`.
    pub(super) subnet: String,
    pub(super) network: usize,
    pub(super) address: String,
    pub(super) forwards: bool,
}

/// What is there so far.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) random: Random,
    pub(super) networks: Vec<Net>,
    pub(super) machines: Vec<Machine>,
    /// Addresses of balancers, firewalls, endpoints and gateways.
    pub(super) services: Vec<String>,
    /// Prefixes that sites, circuits and appliances may announce.
    pub(super) announced: Vec<String>,
    /// The lists of `network`.
    pub(super) lists: BTreeMap<&'static str, Vec<Value>>,
    /// The other parts of the file.
    pub(super) parts: BTreeMap<&'static str, Value>,
    /// The next public address to give away.
    pub(super) public: u8,
}

impl Net {
    /// The range of `subnet`.
    pub(super) fn subnet_range(&self, subnet: &Subnet) -> String {
        format!("{}/24", self.host(subnet, 0))
    }

    /// Host `number` of `subnet`.
    pub(super) fn host(&self, subnet: &Subnet, number: u32) -> Ipv4Addr {
        Ipv4Addr::from(self.ranges[subnet.range].first + (subnet.number << 8) + number)
    }

    /// The IPv6 address of host `number` of `subnet`.
    pub(super) fn host_v6(&self, subnet: &Subnet, number: u16) -> Ipv6Addr {
        let part = u16::try_from(subnet.range * 1_000 + subnet.number as usize).unwrap();
        Ipv6Addr::new(0xfd00, self.slot, 0, part, 0, 0, 0, number)
    }

    /// Its IPv6 range.
    pub(super) fn range_v6(&self) -> String {
        format!("fd00:{:x}::/48", self.slot)
    }

    /// `network/subnet`.
    pub(super) fn path(&self, subnet: &Subnet) -> String {
        format!("{}/{}", self.name, subnet.name)
    }

    /// The subnets that machines stand in.
    pub(super) fn plain(&self) -> impl Iterator<Item = &Subnet> {
        self.subnets.iter().filter(|subnet| subnet.number < networks::SPECIAL)
    }

    fn document(&self) -> Value {
        let mut prefixes: Vec<String> = self.ranges.iter().map(|r| r.prefix.to_owned()).collect();
        prefixes.extend(self.has_ipv6.then(|| self.range_v6()));
        let subnets = self.subnets.iter().map(|subnet| {
            let mut ranges = vec![self.subnet_range(subnet)];
            ranges.extend(self.has_ipv6.then(|| format!("{}/64", self.host_v6(subnet, 0))));
            let mut all = subnet.properties.clone();
            all.insert("name".into(), json!(subnet.name));
            all.insert("addressPrefixes".into(), json!(ranges));
            Value::from(all)
        });
        json!({
            "name": self.name,
            "location": self.location,
            "addressPrefixes": prefixes,
            "dnsServers": self.dns_servers,
            "subnets": subnets.collect::<Vec<_>>(),
            "virtualNetworkPeerings": self.peerings,
        })
    }
}

impl Draft {
    /// Adds a resource to the list `list`.
    pub(super) fn add(&mut self, list: &'static str, resource: Value) {
        self.lists.entry(list).or_default().push(resource);
    }

    /// The names of the resources of the list `list`.
    pub(super) fn names(&self, list: &str) -> Vec<String> {
        let resources = self.lists.get(list).into_iter().flatten();
        resources.filter_map(|it| Some(it["name"].as_str()?.to_owned())).collect()
    }

    /// One of the names of the list `list`, now and then one that nobody has, or nothing.
    pub(super) fn maybe(&mut self, share: usize, list: &str) -> Option<String> {
        if !self.random.percent(share) {
            return None;
        }
        if self.random.percent(4) {
            return Some(missing("Microsoft.Network", list));
        }
        let names = self.names(list);
        self.random.one(&names).cloned()
    }

    /// A new public address, with its name.
    pub(super) fn public_address(&mut self, sku: &str) -> String {
        self.public += 1;
        let name = format!("pip{}", self.public);
        let address = format!("198.51.100.{}", self.public);
        let mut resource = json!({"name": name, "sku": sku, "ipAddress": address});
        // Some in one region, some in none that is told (R584).
        if !self.public.is_multiple_of(3) {
            resource["location"] = json!("westeurope");
        }
        if self.random.percent(5) {
            resource.as_object_mut().unwrap().remove("ipAddress");
        }
        self.add("publicIPAddresses", resource);
        name
    }

    /// The subnet `name` of a network, which only one thing may use, made when it is not there.
    pub(super) fn special(&mut self, network: usize, name: &str, number: u32) -> Subnet {
        let net = &mut self.networks[network];
        if let Some(there) = net.subnets.iter().find(|subnet| subnet.name == name) {
            return there.clone();
        }
        let subnet = Subnet { name: name.into(), range: 0, number, properties: Map::new() };
        net.subnets.push(subnet.clone());
        subnet
    }
}

/// The id of something of the list `list` that is not in the input.
pub(super) fn missing(provider: &str, list: &str) -> String {
    format!(
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/elsewhere/providers/{provider}/{list}/missing"
    )
}

/// Makes the scenario of `seed`: first who is there, then what refers to it.
pub(super) fn scenario(seed: u64) -> Scenario {
    let mut draft = Draft {
        random: Random::new(seed),
        networks: Vec::new(),
        machines: Vec::new(),
        services: Vec::new(),
        announced: Vec::new(),
        lists: BTreeMap::new(),
        parts: BTreeMap::new(),
        public: 0,
    };
    networks::make(&mut draft);
    machines::make(&mut draft);
    services::make(&mut draft);
    hybrid::make(&mut draft);
    peerings::make(&mut draft);
    routing::make(&mut draft);
    filtering::make(&mut draft);
    names::make(&mut draft);
    let others = std::mem::replace(&mut draft.random, Random::new(!seed));
    resolvers::make(&mut draft);
    draft.random = others;
    guarded::make(&mut draft);
    draft.finish()
}

impl Draft {
    fn finish(mut self) -> Scenario {
        let networks = self.networks.iter().map(Net::document).collect();
        self.lists.insert("virtualNetworks", networks);
        let has_tags = self.random.percent(60);
        let mut document = json!({ "network": self.lists });
        if self.random.percent(30) {
            let profile = *self.random.pick(&["2016", "2018", "2019", "2021", "2025"]);
            document["platformProfile"] = json!(profile);
        }
        for (part, value) in self.parts {
            document[part] = value;
        }
        Scenario { document, service_tags: if has_tags { service_tags() } else { Vec::new() } }
    }
}
