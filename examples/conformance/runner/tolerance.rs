//! What cannot be judged, and why. Everything else must be equal.

use hopwise::dataplane::is_private;
use serde_json::Value;
use std::fmt;
use std::net::IpAddr;

/// Something that is taken out of both answers before they are compared.
pub(crate) struct Tolerance {
    /// The kinds of questions that it is for; empty for all.
    kinds: &'static [&'static str],
    /// Where: the parts of a JSON pointer, `*` for any one of them, `**` for any number.
    place: &'static str,
    /// What is done there.
    what: What,
    /// The day from which on it is judged after all; none when it never is.
    until: Option<&'static str>,
    /// Why.
    reason: &'static str,
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = match self.kinds {
            [] => "every kind".to_owned(),
            kinds => kinds.join(", "),
        };
        let until = self.until.map(|date| format!(" before {date}")).unwrap_or_default();
        write!(f, "{kinds}{until}: {}: {}", self.place, self.reason)
    }
}

/// What is done to a value that cannot be judged.
enum What {
    /// It is taken out.
    Drop,
    /// An id may be in any case.
    AnyCase,
    /// Its elements may stand in any order.
    AnyOrder,
    /// Neighbours outside Azure count as one, without an address.
    OneInternet,
}

/// Everything that is not judged.
pub(crate) const TOLERANCES: &[Tolerance] = &[
    Tolerance {
        kinds: &[],
        place: "**",
        what: What::AnyCase,
        until: None,
        reason: "ARM compares ids without regard to case, and answers with any",
    },
    Tolerance {
        kinds: &[],
        place: "**/etag",
        what: What::Drop,
        until: None,
        reason: "a number that the platform gives to every change",
    },
    Tolerance {
        kinds: &[],
        place: "error/message",
        what: What::Drop,
        until: None,
        reason: "a sentence for people; the code is judged",
    },
    Tolerance {
        kinds: &["peeringState"],
        place: "properties/resourceGuid",
        what: What::Drop,
        until: None,
        reason: "an id that the platform draws",
    },
    Tolerance {
        kinds: &["topology"],
        place: "id",
        what: What::Drop,
        until: None,
        reason: "an id that the platform draws for every answer",
    },
    Tolerance {
        kinds: &["topology"],
        place: "createdDateTime",
        what: What::Drop,
        until: None,
        reason: "the time of the question",
    },
    Tolerance {
        kinds: &["topology"],
        place: "lastModified",
        what: What::Drop,
        until: None,
        reason: "the time of the last change",
    },
    Tolerance {
        kinds: &["topology"],
        place: "resources/*/associations",
        what: What::AnyOrder,
        until: None,
        reason: "a set: the order is that in which the platform found them",
    },
    Tolerance {
        kinds: &["topology"],
        place: "resources",
        what: What::AnyOrder,
        until: None,
        reason: "a set: the recordings of one day differ in their order",
    },
    Tolerance {
        kinds: &[],
        place: "**/expandedDestinationAddressPrefix",
        what: What::AnyOrder,
        until: Some("2017-05-25"),
        reason: "a set: in May 2017 the same prefixes stood in another order",
    },
    Tolerance {
        kinds: &["getLearnedRoutes"],
        place: "value/*/nextHop",
        what: What::Drop,
        until: None,
        reason: "a public address that the platform drew and the recordings do not hold",
    },
    Tolerance {
        kinds: &["connectivityCheck"],
        place: "hops/*/id",
        what: What::Drop,
        until: None,
        reason: "an id that the platform draws for every answer",
    },
    Tolerance {
        kinds: &["connectivityCheck"],
        place: "hops/*/nextHopIds",
        what: What::Drop,
        until: None,
        reason: "ids of other hops",
    },
    Tolerance {
        kinds: &["connectivityCheck"],
        place: "hops/*/previousHopIds",
        what: What::Drop,
        until: None,
        reason: "ids of other hops",
    },
    Tolerance {
        kinds: &["connectivityCheck"],
        place: "hops/*/links",
        what: What::Drop,
        until: None,
        reason: "measured times to the next hop",
    },
    Tolerance {
        kinds: &["connectivityCheck"],
        place: "hops/*/previousLinks",
        what: What::Drop,
        until: None,
        reason: "measured times from the hop before",
    },
    Tolerance {
        kinds: &["connectivityCheck"],
        place: "hops",
        what: What::OneInternet,
        until: None,
        reason: "which routers of the Internet answered on that day, and with which address",
    },
    Tolerance {
        kinds: &["connectivityCheck"],
        place: "**/avgLatencyInMs",
        what: What::Drop,
        until: None,
        reason: "a time that was measured",
    },
    Tolerance {
        kinds: &["connectivityCheck"],
        place: "**/minLatencyInMs",
        what: What::Drop,
        until: None,
        reason: "a time that was measured",
    },
    Tolerance {
        kinds: &["connectivityCheck"],
        place: "**/maxLatencyInMs",
        what: What::Drop,
        until: None,
        reason: "a time that was measured",
    },
    Tolerance {
        kinds: &["connectivityCheck"],
        place: "**/probesSent",
        what: What::Drop,
        until: None,
        reason: "how often the probe was sent",
    },
    Tolerance {
        kinds: &["connectivityCheck"],
        place: "**/probesFailed",
        what: What::Drop,
        until: None,
        reason: "packets lost on that day",
    },
];

/// `answer` without what cannot be judged for questions of `kind` that were asked on `date`.
pub(crate) fn judged(kind: &str, date: &str, answer: &Value) -> Value {
    let mut answer = answer.clone();
    let hold = TOLERANCES.iter().filter(|it| it.kinds.is_empty() || it.kinds.contains(&kind));
    let hold = hold.filter(|it| it.until.is_none_or(|until| date < until));
    for tolerance in hold {
        let place: Vec<&str> = tolerance.place.split('/').collect();
        apply(&mut answer, &place, &tolerance.what);
    }
    answer
}

fn apply(value: &mut Value, place: &[&str], what: &What) {
    match place {
        [] => change(value, what),
        ["**", rest @ ..] => {
            apply(value, rest, what);
            for inner in inside(value) {
                apply(inner, place, what);
            }
        }
        ["*", rest @ ..] => inside(value).for_each(|inner| apply(inner, rest, what)),
        [name] if matches!(what, What::Drop) => {
            if let Some(members) = value.as_object_mut() {
                members.remove(*name);
            }
        }
        [name, rest @ ..] => {
            if let Some(inner) = value.get_mut(*name) {
                apply(inner, rest, what);
            }
        }
    }
}

/// The values right below `value`.
fn inside(value: &mut Value) -> Box<dyn Iterator<Item = &mut Value> + '_> {
    match value {
        Value::Array(values) => Box::new(values.iter_mut()),
        Value::Object(members) => Box::new(members.iter_mut().map(|(_, value)| value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Box::new(std::iter::empty())
        }
    }
}

fn change(value: &mut Value, what: &What) {
    match (what, value) {
        (What::AnyCase, Value::String(text)) if text.starts_with("/subscriptions/") => {
            text.make_ascii_lowercase();
        }
        (What::AnyOrder, Value::Array(values)) => values.sort_by_cached_key(order),
        (What::OneInternet, Value::Array(values)) => {
            values.dedup_by(|next, before| is_outside(next) && is_outside(before));
            for hop in values.iter_mut().filter(|hop| is_outside(hop)) {
                hop.as_object_mut().and_then(|members| members.remove("address"));
            }
        }
        (What::Drop | What::AnyCase | What::AnyOrder | What::OneInternet, _) => {}
    }
}

/// What a set is sorted by: the id of each element, so that equal ones stand side by side.
fn order(value: &Value) -> String {
    let id = ["id", "resourceId"].iter().find_map(|name| value.get(name)?.as_str());
    id.map_or_else(|| value.to_string(), str::to_owned)
}

/// Is a hop on the Internet?
fn is_outside(hop: &Value) -> bool {
    let text = |name: &str| hop.get(name).and_then(Value::as_str);
    let address: Option<IpAddr> = text("address").and_then(|it| it.parse().ok());
    let is_public = address.is_some_and(|address| !is_private(address));
    text("type") == Some("Internet") || text("type") == Some("Destination") && is_public
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const DATE: &str = "2020-01-01";

    #[test]
    fn places_are_found_at_any_depth() {
        let answer = json!({"etag": 1, "a": [{"etag": 2, "b": 3}], "c": {"d": {"etag": 4}}});
        assert_eq!(judged("nextHop", DATE, &answer), json!({"a": [{"b": 3}], "c": {"d": {}}}));
    }

    #[test]
    fn ids_may_be_in_any_case() {
        let answer = json!({"id": "/subscriptions/S/resourceGroups/RG", "name": "RG"});
        let expected = json!({"id": "/subscriptions/s/resourcegroups/rg", "name": "RG"});
        assert_eq!(judged("nextHop", DATE, &answer), expected);
    }

    #[test]
    fn what_is_tolerated_for_one_kind_is_judged_for_others() {
        let answer = json!({"id": "x", "resources": [2, 1]});
        assert_eq!(judged("nextHop", DATE, &answer), answer);
        assert_eq!(judged("topology", DATE, &answer), json!({"resources": [1, 2]}));
    }

    #[test]
    fn routers_of_the_internet_count_as_one() {
        let hops =
            json!({"hops": [{"type": "Source"}, {"type": "Internet"}, {"type": "Internet"}]});
        let one = json!({"hops": [{"type": "Source"}, {"type": "Internet"}]});
        assert_eq!(judged("connectivityCheck", DATE, &hops), one);
    }
}
