//! `hopwise reach`.

use super::Context;
use super::specifier;
use super::told;
use crate::cli::Exit;
use crate::cli::args::Files;
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::diag::Diagnostic;
use crate::net::{PortRange, Protocol, ProtocolSet};
use crate::question::{MatrixBy, ReachQuestion, Unreached, claim, reachability};
use crate::report::text;
use crate::scenario::{Spec, Traffic};
use clap::{Args, ValueEnum};

/// Who can reach what: all packets at once, exactly.
///
/// From each place of one specifier to each place of another, the packets that get there and back, in groups
/// of places with the same packets. From the Internet, place by place, the most exposed first. One packet of
/// each group is followed hop by hop before it is shown. Specifiers are as for `hopwise places`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise reach exports/ --from internet
  hopwise reach exports/ --from vnet:spoke-1 --to database --port 1433
  hopwise reach exports/ --from \"anywhere but not subnet:jump\" --to asg:db --port ssh --port 3389
  hopwise reach exports/ --matrix network

Exit codes:
  0  some packet gets there and back
  1  none does
  3  none does for sure, and of some it cannot be said")]
pub(in crate::cli) struct Reach {
    #[command(flatten)]
    files: Files,
    /// Where packets start.
    #[arg(long, value_name = "SPEC", default_value = "anywhere")]
    from: String,
    /// Where they go.
    #[arg(long, value_name = "SPEC", default_value = "anywhere")]
    to: String,
    /// Destination ports: a number, a word such as ssh, a range such as 8000-8999; any, when not given.
    #[arg(long, value_name = "PORT", value_delimiter = ',')]
    port: Vec<PortRange>,
    /// The protocols: TCP, when a port is given, else TCP, UDP and ICMP.
    #[arg(long, value_enum, ignore_case = true, value_delimiter = ',')]
    protocol: Vec<AnyProtocol>,
    /// Sum it up by subnet or by network.
    #[arg(long, value_enum, value_name = "subnet|network", num_args = 0..=1, default_missing_value = "subnet", require_equals = false)]
    matrix: Option<Matrix>,
}

/// A protocol, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AnyProtocol {
    Tcp,
    Udp,
    Icmp,
    Esp,
    Ah,
    Any,
}

impl From<AnyProtocol> for ProtocolSet {
    fn from(protocol: AnyProtocol) -> Self {
        match protocol {
            AnyProtocol::Tcp => Self::single(Protocol::Tcp),
            AnyProtocol::Udp => Self::single(Protocol::Udp),
            AnyProtocol::Icmp => Self::single(Protocol::Icmp),
            AnyProtocol::Esp => Self::single(Protocol::Esp),
            AnyProtocol::Ah => Self::single(Protocol::Ah),
            AnyProtocol::Any => Self::ALL,
        }
    }
}

/// What rows and columns are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Matrix {
    Subnet,
    Network,
}

impl Reach {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("reach")?;
        let question = self.question(context)?;
        let (opened, snapshot) = told::open(&self.files, context)?;
        let plane = opened.resolve(snapshot, context.global, context.console)?.compile();
        let progress = Progress::start("following sets of packets");
        let answer = reachability(&plane, &question);
        drop(progress);
        let answer = answer.map_err(|why| refused(context, &question, why))?;
        let exit = Exit::from(answer.verdict);
        context.answer("reach", answer, &opened.documents, text::reachability)?;
        Ok(exit)
    }

    fn question(&self, context: &Context<'_>) -> Result<ReachQuestion, Failure> {
        let protocols = self.protocol.iter().map(|&it| ProtocolSet::from(it));
        let protocols = match (&*self.protocol, &*self.port) {
            ([], []) => Traffic::usual().protocols,
            ([], _) => ProtocolSet::single(Protocol::Tcp),
            _ => protocols.fold(ProtocolSet::NONE, ProtocolSet::union),
        };
        let ports = if self.port.is_empty() { vec![PortRange::ANY] } else { self.port.clone() };
        let traffic = Traffic { protocols, ports };
        if let Some(protocol) = traffic.without_ports() {
            let remark = Diagnostic::error("no-ports", format!("{protocol} has no ports"));
            let hint = "leave `--port` out, or ask about it by itself";
            return Err(Failure::input(vec![remark.hint(hint)]));
        }
        Ok(ReachQuestion {
            from: specifier::read(context, "--from", &self.from)?,
            to: specifier::read(context, "--to", &self.to)?,
            traffic,
            matrix: self.matrix.map(|by| match by {
                Matrix::Subnet => MatrixBy::Subnet,
                Matrix::Network => MatrixBy::Network,
            }),
        })
    }
}

fn refused(context: &Context<'_>, question: &ReachQuestion, why: Unreached) -> Failure {
    match why {
        Unreached::Mistake(mistake) => {
            let is_at = |spec: &&Spec| {
                mistake.place.as_ref().is_some_and(|place| place.file == spec.place.file)
            };
            let spec = [&question.from, &question.to].into_iter().find(is_at);
            let text = spec.map_or("", |spec| &spec.text);
            specifier::wrong(context, text, &mistake)
        }
        Unreached::Bug(disagreement) => {
            Failure { diagnostics: vec![claim::bug(&disagreement)], exit: Exit::OurBug }
        }
    }
}
