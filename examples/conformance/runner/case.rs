//! A recorded case: what was there, what was asked, what Azure answered.

use super::written::Written;
use hopwise::question::posted;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::path::Path;

/// A recorded case as the corpus writes it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Case {
    /// The name of the file, without its ending.
    #[serde(skip)]
    pub(crate) name: String,
    /// How its estate is put into documents.
    #[serde(skip)]
    pub(crate) written: Written,
    /// When the recording was committed, RFC 3339; the recording itself is a few days older.
    pub(crate) commit_date: String,
    /// Bodies that Azure returned.
    #[serde(default)]
    pub(crate) resources: Vec<Value>,
    /// When each body was returned.
    #[serde(default)]
    pub(crate) resources_meta: Vec<Meta>,
    /// What the client sent.
    #[serde(default)]
    pub(crate) request_resources: Vec<Request>,
    /// What was asked.
    pub(crate) query: Query,
    /// What Azure answered.
    #[serde(deserialize_with = "body")]
    pub(crate) azure_answer: Value,
    /// The HTTP status of the answer.
    #[serde(default = "ok")]
    pub(crate) azure_status: u16,
}

/// When a body was returned.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Meta {
    /// The id of the resource.
    pub(crate) id: String,
    /// The number of the exchange in the recording.
    pub(crate) seq: i64,
}

/// Something that the client sent.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Request {
    /// The number of the exchange in the recording.
    pub(crate) seq: i64,
    /// `PUT`, `PATCH`, `DELETE` or `deployment`.
    pub(crate) kind: String,
    /// The path of the resource, or of the deployment.
    pub(crate) path: String,
    /// The body.
    #[serde(default, deserialize_with = "body")]
    pub(crate) body: Value,
    /// The parameters of a deployment.
    #[serde(default)]
    pub(crate) parameters: Value,
    /// The template of a deployment.
    #[serde(default)]
    pub(crate) template: Value,
}

/// What was asked.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Query {
    /// The kind of question, such as `nextHop`.
    pub(crate) kind: String,
    /// The number of the exchange in the recording.
    pub(crate) seq: i64,
    /// How it was asked.
    pub(crate) params: Params,
}

/// How it was asked.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Params {
    /// The path, which ends in the name of the question.
    pub(crate) path: String,
    /// What stands behind the `?`.
    #[serde(rename = "queryString", default)]
    pub(crate) query_string: String,
    /// The body.
    #[serde(default, deserialize_with = "body")]
    pub(crate) body: Value,
}

/// A body; one that was recorded as text is read.
fn body<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let read = value.as_str().and_then(|text| serde_json::from_str(text).ok());
    Ok(read.unwrap_or(value))
}

const fn ok() -> u16 {
    200
}

/// The subscription that redaction leaves.
const REDACTED: &str = "00000000-0000-0000-0000-000000000000";

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// In words, when the file is not a case.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let place = |error: String| format!("{}: {error}", path.display());
        let text = std::fs::read_to_string(path).map_err(|error| place(error.to_string()))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Self::parse(&name, &text).map_err(place)
    }

    /// Takes the case called `name` from the `text` of its file.
    ///
    /// # Errors
    /// In words, when it is not a case.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, String> {
        let mut case: Self =
            serde_json::from_str(&same_subscription(text)).map_err(|error| error.to_string())?;
        name.clone_into(&mut case.name);
        Ok(case)
    }

    /// The date of the recording, such as `2019-11-12`.
    pub(crate) fn date(&self) -> &str {
        self.commit_date.get(..10).unwrap_or_default()
    }

    /// The version of the API that was asked, such as `2019-09-01`.
    pub(crate) fn api_version(&self) -> &str {
        self.query.params.argument("api-version").unwrap_or_default()
    }

    /// The id of the resource that the question's path names: the path without the question.
    pub(crate) fn asked_id(&self) -> &str {
        let path = self.query.params.path.as_str();
        path.rsplit_once('/').map_or(path, |(id, _)| id)
    }

    /// The member `name` of the question's body, as text.
    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        posted::text(&self.query.params.body, name)
    }
}

impl Params {
    /// The value of `name` behind the `?`.
    pub(crate) fn argument(&self, name: &str) -> Option<&str> {
        let pairs = self.query_string.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Redaction put zeros for the subscription in most places and forgot some: where it was at work,
/// every subscription is the redacted one.
pub(crate) fn same_subscription(text: &str) -> String {
    const BEFORE: &str = "/subscriptions/";
    if !text.contains(&format!("{BEFORE}{REDACTED}")) {
        return text.to_owned();
    }
    let mut parts = text.split(BEFORE);
    let mut same = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        same.push_str(BEFORE);
        match part.split_at_checked(REDACTED.len()) {
            Some((id, rest)) if is_guid(id) => {
                same.push_str(REDACTED);
                same.push_str(rest);
            }
            _ => same.push_str(part),
        }
    }
    same
}

pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == REDACTED.len()
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subscriptions_that_redaction_forgot_are_redacted_too() {
        let zeros = format!("/subscriptions/{REDACTED}/x");
        let other = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/x";
        assert_eq!(same_subscription(&format!("{zeros} {other}")), format!("{zeros} {zeros}"));
        assert_eq!(same_subscription(other), other);
        let none = format!("{zeros} /subscriptions//resourceGroups//");
        assert_eq!(same_subscription(&none), none);
    }
}
