//! `hopwise trace`.

use super::Context;
use super::protocol::Protocol;
use super::told;
use crate::cli::Exit;
use crate::cli::args::Files;
use crate::cli::failure::Failure;
use crate::net;
use crate::question::locate::{self, Destination, Refusal};
use crate::question::{self, TraceQuestion};
use crate::report::text;
use clap::Args;

/// Does a packet get there and back, hop by hop, and if not, what stops it.
///
/// The name is resolved as the sender would, the request is followed through security groups, routes,
/// peerings, appliances and gateways, then the reply. When something stops it, tracing goes on as if
/// it did not, so that every obstacle is listed.
///
/// WHO and WHERE are a machine, interface, endpoint, host, site or `internet`, by name (`jumpbox`), by
/// owner and name (`office/pc`), by address, or by ARM id. WHERE may also be a DNS name or a URL, and
/// says the port: `web:443`, `[2001:db8::1]:22`, `https://api.example.com`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise trace net.yaml --from jumpbox --to web:443
  hopwise trace exports/ --from internet --to 20.1.2.3:ssh
  hopwise trace exports/ --from office/pc --to https://api.example.privatelink.westeurope.azmk8s.io
  hopwise trace exports/ --from 10.1.0.4 --to 10.2.0.5 --protocol icmp --output json")]
pub(in crate::cli) struct Trace {
    #[command(flatten)]
    files: Files,
    /// Who sends.
    #[arg(long, value_name = "WHO")]
    from: String,
    /// Where to.
    #[arg(long, value_name = "WHERE")]
    to: String,
    /// The protocol.
    #[arg(long, value_enum, ignore_case = true, default_value_t)]
    protocol: Protocol,
    /// The port, by number or by a word such as ssh, where WHERE does not say it.
    #[arg(long)]
    port: Option<String>,
    /// The source port; any, when not given.
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    source_port: Option<u16>,
}

impl Trace {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("trace")?;
        let estate = told::load(&self.files, context)?;
        let question = self.question(&estate.network)?;
        let (plane, documents) = estate.compile();
        let answer = question::trace(&plane, &question);
        let exit = Exit::from(answer.verdict);
        context.answer("trace", answer, &documents, text::trace)?;
        Ok(exit)
    }

    fn question(&self, network: &crate::azure::Network) -> Result<TraceQuestion, Failure> {
        let from = locate::source(network, &self.from)?;
        let to = locate::destination(network, &self.to)?;
        let port = self.destination_port(&to)?;
        Ok(TraceQuestion {
            from: (from.endpoint, from.name),
            from_address: from.address,
            to: (to.target, to.name),
            protocol: self.protocol.into(),
            port: port.unwrap_or_default(),
            source_port: self.source_port,
        })
    }

    /// The port that WHERE or `--port` says; none for protocols without ports.
    fn destination_port(&self, to: &Destination) -> Result<Option<u16>, Failure> {
        let given = self.port.as_deref().map(read_port).transpose()?;
        let protocol = net::Protocol::from(self.protocol);
        if !protocol.has_ports() {
            return match given.or(to.port).or(self.source_port) {
                None => Ok(None),
                Some(_) => Err(Failure::usage(
                    format!("{protocol} has no ports"),
                    "leave the port out, or choose `--protocol tcp` or `udp`",
                )),
            };
        }
        match (given, to.port) {
            (Some(a), Some(b)) if a != b => Err(Failure::usage(
                format!("`--to {}` says port {b}, and `--port` says {a}", self.to),
                "say the port once",
            )),
            (None, None) => Err(Failure::usage(
                format!("{protocol} needs a port, and `--to {}` has none", self.to),
                format!("add it: `--to {}`, or `--port 443`", with_port(&self.to)),
            )),
            (given, own) => Ok(given.or(own)),
        }
    }
}

fn read_port(text: &str) -> Result<u16, Refusal> {
    locate::port(text).ok_or_else(|| locate::bad_port(text))
}

/// `to` with an example of a port.
fn with_port(to: &str) -> String {
    match to.parse::<std::net::Ipv6Addr>() {
        Ok(address) => format!("[{address}]:443"),
        Err(_) => format!("{to}:443"),
    }
}
