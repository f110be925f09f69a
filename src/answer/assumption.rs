//! The closed list of what is assumed where the input is silent (design, 4).

/// One assumption. Each holds by default but [`Self::SendsMail`], can be set in the scenario, and turns into
/// `unknown` with `--strict`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assumption {
    /// The machine runs and listens on the port.
    Listens,
    /// An appliance with IP forwarding forwards as a stateless router.
    ForwardsAsRouter,
    /// A guest with several interfaces answers by the one that it was asked at (R86).
    AnswersByInterface,
    /// Probes of load balancers are healthy.
    ProbesHealthy,
    /// Connections of gateways are up.
    ConnectionsUp,
    /// Gateways learn exactly what is declared.
    LearnsWhatIsDeclared,
    /// A custom DNS server inside the estate forwards to Azure's resolver of its own network.
    DnsForwardsToAzure,
    /// A principal can sign in to Microsoft Entra ID.
    SignsIn,
    /// Azure's own public services answer.
    ControlPlaneAnswers,
    /// What the platform chooses a private address for has the lowest one that is free.
    LowestAddress,
    /// The subscription's offer lets machines send to TCP port 25 of the Internet: most do not (R216).
    SendsMail,
}

impl Assumption {
    /// Every assumption.
    pub const ALL: [Self; 11] = [
        Self::Listens,
        Self::ForwardsAsRouter,
        Self::AnswersByInterface,
        Self::ProbesHealthy,
        Self::ConnectionsUp,
        Self::LearnsWhatIsDeclared,
        Self::DnsForwardsToAzure,
        Self::SignsIn,
        Self::ControlPlaneAnswers,
        Self::LowestAddress,
        Self::SendsMail,
    ];

    /// What counts where nothing was said. Source: R216.
    #[must_use]
    pub const fn unsaid(self) -> Holds {
        match self {
            Self::SendsMail => Holds::Unknown,
            Self::Listens
            | Self::ForwardsAsRouter
            | Self::AnswersByInterface
            | Self::ProbesHealthy
            | Self::ConnectionsUp
            | Self::LearnsWhatIsDeclared
            | Self::DnsForwardsToAzure
            | Self::SignsIn
            | Self::ControlPlaneAnswers
            | Self::LowestAddress => Holds::Assumed,
        }
    }

    /// The name in scenario files, in camelCase.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Listens => "listens",
            Self::ForwardsAsRouter => "forwardsAsRouter",
            Self::AnswersByInterface => "answersByInterface",
            Self::ProbesHealthy => "probesHealthy",
            Self::ConnectionsUp => "connectionsUp",
            Self::LearnsWhatIsDeclared => "learnsWhatIsDeclared",
            Self::DnsForwardsToAzure => "dnsForwardsToAzure",
            Self::SignsIn => "signsIn",
            Self::ControlPlaneAnswers => "controlPlaneAnswers",
            Self::LowestAddress => "lowestAddress",
            Self::SendsMail => "sendsMail",
        }
    }

    /// The assumption in a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Listens => "the machine runs and listens on the port",
            Self::ForwardsAsRouter => {
                "an appliance with IP forwarding forwards as a stateless router"
            }
            Self::AnswersByInterface => {
                "a machine with several network interfaces answers by the one that it was asked at"
            }
            Self::ProbesHealthy => "the probes of load balancers succeed",
            Self::ConnectionsUp => "the connections of gateways are up",
            Self::LearnsWhatIsDeclared => "gateways learn exactly what is declared",
            Self::DnsForwardsToAzure => {
                "a custom DNS server inside the estate forwards to Azure's resolver of its own network"
            }
            Self::SignsIn => "the principal can sign in to Microsoft Entra ID",
            Self::ControlPlaneAnswers => {
                "Azure's own public services have public addresses, and answer"
            }
            Self::LowestAddress => {
                "what has no private address yet gets the lowest one that is free in its subnet"
            }
            Self::SendsMail => "the subscription lets machines send to TCP port 25 of the Internet",
        }
    }
}

/// What the scenario said about one assumption.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holds {
    /// Nothing was said: it holds, and answers that used it say so.
    #[default]
    Assumed,
    /// The scenario says that it holds.
    Yes,
    /// The scenario says that it does not.
    No,
    /// `--strict`: an answer that needs it is `unknown`.
    Unknown,
}
