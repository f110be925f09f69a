//! `hopwise dns`.

use super::Context;
use super::told;
use crate::answer::NameOutcome;
use crate::cli::Exit;
use crate::cli::args::Files;
use crate::cli::failure::Failure;
use crate::diag::similar;
use crate::net::{DnsName, RecordType};
use crate::question::{self, locate};
use crate::report::text;
use clap::Args;

/// What a name resolves to, asked from where somebody stands.
///
/// Which resolver is asked, which private zones its network sees, what custom DNS servers and
/// forwarding rulesets do with the question, and the chain of aliases to the answer.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  hopwise dns net.yaml --from jumpbox --name api.example.privatelink.westeurope.azmk8s.io
  hopwise dns exports/ --from office/pc --name sa.blob.core.windows.net
  hopwise dns exports/ --from 10.1.0.4 --name _ldap._tcp.corp.example --type SRV")]
pub(in crate::cli) struct Dns {
    #[command(flatten)]
    files: Files,
    /// Who asks: as for `trace`.
    #[arg(long, value_name = "WHO")]
    from: String,
    /// The name.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The type of record: A, AAAA, CNAME, MX, NS, PTR, SOA, SRV or TXT.
    #[arg(long = "type", value_name = "TYPE", default_value = "A")]
    record_type: String,
}

impl Dns {
    pub(super) fn run(&self, context: &Context<'_>) -> Result<Exit, Failure> {
        context.refuse_azure("dns")?;
        let name = self.name()?;
        let record_type = self.record_type()?;
        let estate = told::load(&self.files, context)?;
        let from = locate::source(&estate.network, &self.from)?;
        let (plane, documents) = estate.compile();
        let answer = question::resolve_name(&plane, from.endpoint, &name, record_type);
        let exit = match answer.outcome {
            NameOutcome::Addresses(_) | NameOutcome::Records => Exit::Yes,
            NameOutcome::Nxdomain | NameOutcome::Nodata | NameOutcome::Timeout => Exit::No,
            NameOutcome::Unknown(_) => Exit::Unknown,
        };
        context.answer("dns", answer, &documents, text::name)?;
        Ok(exit)
    }

    fn name(&self) -> Result<DnsName, Failure> {
        DnsName::parse(&self.name).ok_or_else(|| {
            Failure::usage(
                format!("`{}` is no DNS name", self.name),
                "expected labels of letters, digits, `-` and `_` with dots between them",
            )
        })
    }

    fn record_type(&self) -> Result<RecordType, Failure> {
        RecordType::parse(&self.record_type).ok_or_else(|| {
            let names = RecordType::ALL.map(RecordType::name);
            let close = similar(&self.record_type, names);
            let meant =
                close.first().map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
            Failure::usage(
                format!("`{}` is no type of record that hopwise knows", self.record_type),
                format!("{meant}there are {}", names.join(", ")),
            )
        })
    }
}
