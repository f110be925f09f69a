//! `hopwise ip-flow`.

use super::Context;
use super::nic::{Interface, Subject, print_azure, shape, wants_azure};
use super::protocol::Protocol;
use crate::answer::FlowAccess;
use crate::azure::Direction;
use crate::cli::Exit;
use crate::cli::failure::Failure;
use crate::net::{self, PortRange};
use crate::question::{self, LocalFlow, locate};
use crate::report::{azure, text};
use clap::{Args, ValueEnum};
use std::net::IpAddr;

/// Whether security rules let a flow of a network interface pass, and which rule decides.
///
/// What Network Watcher calls IP flow verify. Routes are not looked at.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise ip-flow export.json --nic vm1VMNic --direction Inbound --protocol TCP \\
      --local 10.0.0.9:22 --remote 100.1.2.3:4000
  hopwise ip-flow export.json --nic vm1VMNic --direction Outbound --protocol UDP \\
      --local '10.0.0.9:*' --remote 8.8.8.8:dns --output azure")]
pub(in crate::cli) struct IpFlow {
    #[command(flatten)]
    subject: Subject,
    /// Which way the packets go.
    #[arg(long, value_enum, ignore_case = true)]
    direction: Way,
    /// The protocol.
    #[arg(long, value_enum, ignore_case = true, default_value_t)]
    protocol: Protocol,
    /// Address and port on the interface's side; the port may be `*`.
    #[arg(long, value_name = "ADDRESS:PORT")]
    local: String,
    /// Address or name, and port, on the other side; the port may be `*`.
    #[arg(long, value_name = "ADDRESS:PORT")]
    remote: String,
}

/// Which way packets go, seen from the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Way {
    #[value(name = "Inbound", alias = "in")]
    Inbound,
    #[value(name = "Outbound", alias = "out")]
    Outbound,
}

impl From<Way> for Direction {
    fn from(way: Way) -> Self {
        match way {
            Way::Inbound => Self::Inbound,
            Way::Outbound => Self::Outbound,
        }
    }
}

impl IpFlow {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        let interface = self.subject.load(context)?;
        let flow = self.flow(&interface)?;
        let table = interface.table()?;
        let (estate, nic) = (&interface.estate, interface.id);
        let subject = (nic, &table);
        let answer = question::ip_flow_verify(&estate.network, estate.profile, subject, &flow);
        let exit = match answer.access {
            FlowAccess::Allow => Exit::Yes,
            FlowAccess::Deny => Exit::No,
            FlowAccess::Unknown => Exit::Unknown,
        };
        if !wants_azure(context) {
            context.answer("ip-flow", answer, &estate.documents, text::ip_flow)?;
            return Ok(exit);
        }
        context.need_certainty(&answer.unsure)?;
        print_azure(context, &estate.documents, &azure::ip_flow(&answer, &shape(context.global)))?;
        Ok(exit)
    }

    fn flow(&self, interface: &Interface) -> Result<LocalFlow, Failure> {
        let protocol = net::Protocol::from(self.protocol);
        let local = end(("--local", &self.local), protocol, None)?;
        let remote = end(("--remote", &self.remote), protocol, Some(interface))?;
        if local.0.is_ipv4() != remote.0.is_ipv4() {
            return Err(Failure::usage(
                format!("`{}` and `{}` are of different families", self.local, self.remote),
                "give two IPv4 or two IPv6 addresses",
            ));
        }
        Ok(LocalFlow { direction: self.direction.into(), protocol, local, remote })
    }
}

/// Address and ports that the option `name` says; names are those that `asker` asks for.
fn end(
    (name, text): (&str, &str),
    protocol: net::Protocol,
    asker: Option<&Interface>,
) -> Result<(IpAddr, PortRange), Failure> {
    if let Ok(address) = text.parse::<IpAddr>() {
        if !protocol.has_ports() {
            return Ok((address, PortRange::ANY));
        }
        return Err(Failure::usage(
            format!("{protocol} needs a port, and `{name} {text}` has none"),
            format!("add it, `*` for any: `{}`", with_any_port(address)),
        ));
    }
    let (address, port) = text.rsplit_once(':').unwrap_or((text, "*"));
    let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = match (bare.unwrap_or(address).parse::<IpAddr>(), asker) {
        (Ok(address), _) => address,
        (Err(_), Some(asker)) if text.contains(':') && bare.is_none() => asker.address(address)?,
        (Err(_), _) => {
            return Err(Failure::usage(
                format!("`{name} {text}` is no address and port"),
                "as in `10.0.0.9:22`, `[2001:db8::1]:22`, or with `*` for any port",
            ));
        }
    };
    if port == "*" {
        return Ok((address, PortRange::ANY));
    }
    let port = locate::port(port).ok_or_else(|| locate::bad_port(port))?;
    if !protocol.has_ports() {
        return Err(Failure::usage(format!("{protocol} has no ports"), "give the address alone"));
    }
    Ok((address, PortRange::single(port)))
}

fn with_any_port(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("{address}:*"),
        IpAddr::V6(address) => format!("[{address}]:*"),
    }
}
