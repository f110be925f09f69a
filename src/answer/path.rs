//! A traced packet: hops with steps, there and back.

use super::{Confidence, Item, NameAnswer, Reason, Rule, RunnerUp, Verdict};
use crate::id::ResourceId;
use crate::net::Flow;
use serde::Serialize;

/// The answer to `trace`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TraceAnswer {
    /// Where the question starts, as asked.
    pub from: String,
    /// Where it ends, as asked.
    pub to: String,
    /// Does it get there and back?
    pub verdict: Verdict,
    /// The weakest among the rules that decided (R516).
    pub confidence: Confidence,
    /// Why not, or why unknown: that of the first obstacle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// How the name was resolved, when a name was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<NameAnswer>,
    /// Every path that the network may take, in a stable order.
    pub paths: Vec<Path>,
    /// Everything that stops it, in the order met, over all paths, each once.
    pub obstacles: Vec<Obstacle>,
    /// Assumptions that were used, in words.
    pub assumptions: Vec<String>,
    /// What the answer does not take into account.
    pub not_modelled: Vec<String>,
    /// What arrives in spite of something odd, and other remarks.
    pub warnings: Vec<String>,
    /// The rules of `docs/semantics` that it rests on, ascending.
    pub rules: Vec<Rule>,
}

/// One path: the request and the reply.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Path {
    /// The verdict of this path alone.
    pub verdict: Verdict,
    /// Which way was taken where the network had a choice, such as `backend nva-2 of 2`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// The hops of the request.
    pub request: Vec<Hop>,
    /// The hops of the reply; empty when the request does not get there, even in the shadow.
    pub reply: Vec<Hop>,
    /// What stops this path.
    pub obstacles: Vec<Obstacle>,
}

/// One place that a packet comes by.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hop {
    /// The name of the place.
    pub at: String,
    /// What it is.
    pub kind: HopKind,
    /// Its resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceId>,
    /// The packet as it comes in.
    pub flow: Flow,
    /// What happens to it, in order.
    pub steps: Vec<Step>,
}

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are ARM's")]
pub enum HopKind {
    NetworkInterface,
    ContainerGroup,
    PrivateEndpoint,
    LoadBalancer,
    Firewall,
    Gateway,
    Circuit,
    PrivateLinkService,
    PublicAddress,
    NatGateway,
    Bastion,
    Tunnel,
    Site,
    Internet,
    Service,
    Platform,
    Other,
}

impl HopKind {
    /// The code, as JSON has it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NetworkInterface => "network-interface",
            Self::ContainerGroup => "container-group",
            Self::PrivateEndpoint => "private-endpoint",
            Self::LoadBalancer => "load-balancer",
            Self::Firewall => "firewall",
            Self::Gateway => "gateway",
            Self::Circuit => "circuit",
            Self::PrivateLinkService => "private-link-service",
            Self::PublicAddress => "public-address",
            Self::NatGateway => "nat-gateway",
            Self::Bastion => "bastion",
            Self::Tunnel => "tunnel",
            Self::Site => "site",
            Self::Internet => "internet",
            Self::Service => "service",
            Self::Platform => "platform",
            Self::Other => "other",
        }
    }
}

/// One thing that happens to a packet at a place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What sort of thing.
    pub kind: StepKind,
    /// How it ended.
    pub outcome: Outcome,
    /// In words: `10.1.0.0/16 -> VNetPeering`, `allowed by AllowVnetOutBound of web (subnet)`.
    pub text: String,
    /// What decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Item>,
    /// What almost decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<RunnerUp>,
    /// The packet afterwards, where it was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_after: Option<Flow>,
    /// The header around the packet while it goes through a tunnel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_outer: Option<Flow>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

/// What sort of thing happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// A filter was asked.
    Filter,
    /// A flow record let it pass.
    Session,
    /// A table was looked up.
    Route,
    /// A peering was crossed.
    Crossing,
    /// One of several next stops was chosen.
    Balance,
    /// The header was rewritten.
    Translate,
    /// An appliance passes it on.
    Forward,
    /// It arrived.
    Deliver,
    /// It left for another place.
    Hand,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The packet goes on.
    Passed,
    /// It is stopped here; what follows is the shadow.
    Stopped,
    /// It cannot be said; what follows assumes that it goes on.
    Unsure,
}

/// Something that stops the packet, or that leaves it unknown whether it is stopped.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Obstacle {
    /// Why.
    pub reason: Reason,
    /// Does it surely stop the packet, or is it unknown?
    pub outcome: Outcome,
    /// Does it leave open whether the packet goes another way altogether?
    pub may_reroute: bool,
    /// On the way back?
    pub on_reply: bool,
    /// The place.
    pub at: String,
    /// In words.
    pub text: String,
    /// What decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Item>,
    /// The packet that is stopped.
    pub flow: Flow,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}
