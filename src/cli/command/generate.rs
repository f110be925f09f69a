//! `hopwise generate`.

use super::Context;
use crate::cli::Exit;
use crate::cli::failure::Failure;
use crate::generate::{self, Shape};
use clap::Args;

/// Make up an estate for experiments and measurements, as JSON.
///
/// A hub with a firewall, a VPN gateway and private endpoints, and spokes that send everything
/// through the firewall. The same options give the same bytes.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise generate --networks 100 > estate.json
  hopwise generate --networks 1000 --seed 7 | hopwise inventory -")]
pub(in crate::cli) struct Generate {
    /// Spoke networks.
    #[arg(long, value_name = "N", default_value_t = Shape::default().networks,
          value_parser = clap::value_parser!(u32).range(1..=60_000))]
    networks: u32,
    /// Network interfaces per spoke.
    #[arg(long, value_name = "N", default_value_t = Shape::default().interfaces,
          value_parser = clap::value_parser!(u32).range(1..=200))]
    interfaces: u32,
    /// Different patterns of security groups; 0: every group has its own.
    #[arg(long, value_name = "N", default_value_t = Shape::default().patterns)]
    patterns: u32,
    /// Private endpoints in the hub.
    #[arg(long, value_name = "N", default_value_t = Shape::default().private_endpoints,
          value_parser = clap::value_parser!(u32).range(0..=200))]
    private_endpoints: u32,
    /// The seed.
    #[arg(long, value_name = "N", default_value_t = Shape::default().seed)]
    seed: u64,
}

impl Generate {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        let shape = Shape {
            networks: self.networks,
            interfaces: self.interfaces,
            patterns: self.patterns,
            private_endpoints: self.private_endpoints,
            seed: self.seed,
        };
        context.console.write(|out| generate::write(&shape, out))?;
        Ok(Exit::Yes)
    }
}
