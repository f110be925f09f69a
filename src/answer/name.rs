//! How a name was resolved.

use super::{Item, Rule};
use crate::net::{DnsName, Flow};
use serde::Serialize;
use std::net::IpAddr;

/// The answer to `dns`, and a part of the answer to `trace` with a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NameAnswer {
    /// The name that was asked for.
    pub name: DnsName,
    /// The record type that was asked for, `A` or `AAAA`, …
    pub record_type: String,
    /// What the client gets.
    pub outcome: NameOutcome,
    /// Who was asked and what was found, in order.
    pub steps: Vec<NameStep>,
    /// The records of the answer, the chain of aliases first.
    pub records: Vec<RecordAnswer>,
    /// The rules that it rests on, ascending.
    pub rules: Vec<Rule>,
    /// Assumptions that were used, in words.
    pub assumptions: Vec<String>,
    /// What is not modelled and may have a part in it, in words.
    pub not_modelled: Vec<String>,
}

/// What a client gets from its resolver (R509).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameOutcome {
    /// Addresses, in ascending order.
    Addresses(Vec<IpAddr>),
    /// Records of another type, see `records`.
    Records,
    /// The name does not exist (RFC 8020).
    Nxdomain,
    /// The name exists, without a record of this type (RFC 2308).
    Nodata,
    /// No server answers.
    Timeout,
    /// It cannot be said, and why.
    Unknown(String),
}

/// One step of a resolution.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NameStep {
    /// Who is asked: `Azure DNS as seen from hub`, `dns-vm (10.1.0.53)`, …
    pub at: String,
    /// In words: `zone privatelink… (linked to hub) has A 10.1.5.4`.
    pub text: String,
    /// What decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Item>,
    /// The link by which a zone answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked_by: Option<Item>,
    /// The query that got no answer, where it is known from which address it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<Flow>,
    /// The rules that it rests on.
    pub rules: Vec<Rule>,
}

impl NameStep {
    /// Who is asked, where it is the resolver of Azure in a network.
    #[must_use]
    pub fn azure_dns(network: &str) -> String {
        format!("Azure DNS as seen from {network}")
    }
}

/// A record of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordAnswer {
    /// The owner.
    pub name: DnsName,
    /// The type, such as `CNAME`.
    pub record_type: String,
    /// The data, as zone files write it.
    pub data: String,
}
