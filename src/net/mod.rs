//! Words of the RFCs: addresses, prefixes, ports, protocols, flows. Never heard of Azure.

mod address_set;
mod dns_name;
mod dns_record;
mod flow;
mod forwarding_table;
mod overlap;
mod port;
mod prefix_index;
mod protocol;
mod timestamp;

pub use address_set::AddressSet;
pub use dns_name::DnsName;
pub use dns_record::{RecordData, RecordType};
pub use flow::Flow;
pub use forwarding_table::ForwardingTable;
pub use ipnet::{IpNet, Ipv4Net, Ipv6Net};
pub use overlap::overlaps;
pub use port::{NoPorts, PortRange, port_words, service_port};
pub use prefix_index::PrefixIndex;
pub use protocol::{Protocol, ProtocolSet};
pub use timestamp::{Timestamp, seconds_of};
