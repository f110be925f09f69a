//! Why something could not be found, and what may help.

use crate::diag::Diagnostic;

/// So many candidates are listed.
const LISTED: usize = 10;

/// Why a text does not say which end of a flow is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is called so.
    NotFound {
        /// What was asked for.
        text: String,
        /// Names that are close to it.
        similar: Vec<String>,
    },
    /// Several things are called so, or have the address.
    Ambiguous {
        /// What was asked for.
        text: String,
        /// Each with its kind and its id.
        candidates: Vec<String>,
    },
    /// It is there and is no end of a flow, such as a subnet.
    NoEnd {
        /// What was asked for.
        text: String,
        /// What it is, such as `a subnet`.
        what: &'static str,
        /// Ends that belong to it.
        candidates: Vec<String>,
    },
    /// It takes packets, and is asked for by a name of its own, of which it has none or several.
    NoOneName {
        /// What was asked for.
        text: String,
        /// What it is, such as `a service with several names`.
        what: &'static str,
    },
    /// Nothing is called so, of what a location specifier may name.
    NoSuchPlace {
        /// What was asked for.
        text: String,
        /// The sort of thing, where it was said.
        kind: Option<&'static str>,
        /// Names that are close to it.
        similar: Vec<String>,
    },
    /// It is there, or may be, and has nothing in it that sends or takes packets.
    NobodyThere {
        /// What was asked for.
        text: String,
        /// Why nothing is there.
        why: String,
    },
    /// It is there and may be asked, but does not ask.
    NoSender {
        /// What was asked for.
        text: String,
        /// What it is, such as `a service`.
        what: &'static str,
    },
    /// It is there and is no network interface.
    NoInterface {
        /// What was asked for.
        text: String,
        /// What it is, such as `a private endpoint`.
        what: &'static str,
    },
    /// It is there and routes nothing that the input tells.
    NoRouter {
        /// What was asked for.
        text: String,
        /// What it is, such as `a private endpoint`.
        what: &'static str,
    },
    /// Nobody has the address.
    NobodyHas {
        /// The address.
        text: String,
        /// The subnet that it is from, if any.
        subnet: Option<String>,
    },
    /// It cannot be read as an address, a name or an URL.
    Unreadable {
        /// What was asked for.
        text: String,
        /// What is wrong with it.
        why: String,
        /// What may help.
        hint: String,
    },
    /// The port is no port.
    BadPort {
        /// What stands where a port is expected.
        text: String,
        /// Words that are close to it.
        similar: Vec<String>,
    },
}

/// A destination that needs a port and has none.
#[must_use]
pub fn no_port(text: &str) -> Refusal {
    Refusal::Unreadable {
        text: text.to_owned(),
        why: "has no port".to_owned(),
        hint: format!("add it: `{text}:443`"),
    }
}

impl Refusal {
    /// Several things are called `text`, or have the address.
    pub(super) fn ambiguous(text: &str, candidates: impl Iterator<Item = String>) -> Self {
        let mut candidates: Vec<String> = candidates.collect();
        candidates.sort_unstable();
        Self::Ambiguous { text: text.to_owned(), candidates }
    }
}

impl From<Refusal> for Diagnostic {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound { text, similar } => not_found(&text, &similar),
            Refusal::Ambiguous { text, candidates } => Self::error(
                "ambiguous-name",
                format!("`{text}` may be any of {}", candidates.len()),
            )
            .hint(format!("say which, by owner/name or by id:{}", listed(&candidates))),
            Refusal::NoEnd { text, what, candidates } => no_end(&text, what, &candidates),
            Refusal::NoOneName { text, what } => {
                Self::error("not-an-end", format!("`{text}` is {what}")).hint(format!(
                    "say its DNS name, or ask who reaches it: `hopwise reach --to {text}`"
                ))
            }
            Refusal::NoSuchPlace { text, kind, similar } => no_place(&text, kind, &similar),
            Refusal::NobodyThere { text, why } => {
                let message = format!("`{text}` is no place of packets: {why}");
                Self::error("nobody-there", message)
                    .hint("a question about nobody has no answer worth having; add what is meant to the input")
            }
            Refusal::NoSender { text, what } => {
                let message = format!("`{text}` is {what}, and no packet starts there");
                Self::error("not-a-sender", message).hint("it may be where a packet goes")
            }
            Refusal::NoInterface { text, what } => {
                Self::error("not-an-interface", format!("`{text}` is {what}"))
                    .hint("expected a network interface, or the virtual machine that it belongs to")
            }
            Refusal::NoRouter { text, what } => {
                Self::error("not-a-router", format!("`{text}` is {what}"))
                    .hint("expected an appliance or a site on premises of a scenario")
            }
            Refusal::NobodyHas { text, subnet } => nobody_has(&text, subnet.as_deref()),
            Refusal::Unreadable { text, why, hint } => {
                Self::error("unreadable-end", format!("`{text}` {why}")).hint(hint)
            }
            Refusal::BadPort { text, similar } => Self::error(
                "bad-port",
                format!("`{text}` is no port: expected 1 to 65535, or a word such as `ssh`"),
            )
            .maybe_hint(did_you_mean(&similar)),
        }
    }
}

fn not_found(text: &str, similar: &[String]) -> Diagnostic {
    let hint = did_you_mean(similar).unwrap_or_else(|| {
        "expected the name or id of a machine, interface, endpoint, host or site, an address, or \
         `internet`"
            .to_owned()
    });
    Diagnostic::error("not-found", format!("nothing in the input is called `{text}`")).hint(hint)
}

fn no_place(text: &str, kind: Option<&str>, similar: &[String]) -> Diagnostic {
    let what = kind.map_or_else(|| "nothing".to_owned(), |kind| format!("no `{kind}`"));
    let with_kind = |near: &String| match kind {
        Some(kind) => format!("{kind}:{near}"),
        None => near.clone(),
    };
    let similar: Vec<String> = similar.iter().map(with_kind).collect();
    let hint = did_you_mean(&similar).unwrap_or_else(|| {
        "expected the name or id of a resource, host or site, also with its sort, such as `subnet:app`, \
         `tag:Storage`, `resource-group:prod`; an address, a prefix, `internet`, `on-premises` or `anywhere`"
            .to_owned()
    });
    Diagnostic::error("not-found", format!("{what} in the input is called `{text}`")).hint(hint)
}

fn no_end(text: &str, what: &str, candidates: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "not-an-end",
        format!("`{text}` is {what}, and no packet starts or ends there"),
    );
    match candidates {
        [] => diagnostic.hint("nothing in the input is attached to it"),
        _ => diagnostic.hint(format!("attached to it:{}", listed(candidates))),
    }
}

fn nobody_has(text: &str, subnet: Option<&str>) -> Diagnostic {
    let place = subnet.map(|subnet| format!(", though it is from subnet {subnet}"));
    let place = place.unwrap_or_default();
    Diagnostic::error(
        "nobody-has-address",
        format!("nothing in the input has the address `{text}`{place}"),
    )
    .hint("to start from there, add a machine with it to the input")
}

fn did_you_mean(similar: &[String]) -> Option<String> {
    let quoted: Vec<String> = similar.iter().map(|name| format!("`{name}`")).collect();
    (!quoted.is_empty()).then(|| format!("did you mean {}?", quoted.join(" or ")))
}

fn listed(candidates: &[String]) -> String {
    let mut text = String::new();
    for candidate in candidates.iter().take(LISTED) {
        text.push_str("\n  ");
        text.push_str(candidate);
    }
    if candidates.len() > LISTED {
        text.push_str(&format!("\n  and {} more", candidates.len() - LISTED));
    }
    text
}
