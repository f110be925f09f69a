//! Where a flow goes: a name or an address with a port, or a URL.

use super::entry::End;
use super::{Refusal, catalogue, ports};
use crate::azure::Network;
use crate::net::{DnsName, service_port};
use crate::question::Target;
use std::net::{IpAddr, Ipv6Addr};

/// Where a flow goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// What it is.
    pub target: Target,
    /// The port, where one was said.
    pub port: Option<u16>,
    /// How answers call it: as it was asked for.
    pub name: String,
}

/// Where a flow goes: anything that [`super::source`] takes, an address, or a DNS name; each with a
/// port perhaps (`web:ssh`, `[2001:db8::1]:443`), or a URL, whose scheme says the port.
///
/// # Errors
/// When nothing or several things are meant, or the port is none.
pub fn destination(network: &Network, text: &str) -> Result<Destination, Refusal> {
    let text = text.trim();
    let (host, port) = split(text)?;
    Ok(Destination { target: target(network, &host)?, port, name: text.to_owned() })
}

/// Host and port of `text`.
fn split(text: &str) -> Result<(String, Option<u16>), Refusal> {
    if let Some((scheme, rest)) = text.split_once("://") {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host_port = authority.rsplit_once('@').map_or(authority, |(_user, host)| host);
        let (host, port) = split_host(host_port)?;
        let port = match port {
            Some(port) => port,
            None => service_port(scheme).ok_or_else(|| bad_scheme(text, scheme))?,
        };
        return Ok((host, Some(port)));
    }
    split_host(text)
}

fn split_host(text: &str) -> Result<(String, Option<u16>), Refusal> {
    if let Some(rest) = text.strip_prefix('[') {
        let Some((host, after)) = rest.split_once(']') else {
            return Err(unreadable(
                text,
                "lacks the `]` after the address",
                "as in `[2001:db8::1]:443`",
            ));
        };
        let port = match after.strip_prefix(':') {
            Some(word) => Some(read_port(word)?),
            None if after.is_empty() => None,
            None => {
                return Err(unreadable(text, "goes on after the `]`", "as in `[2001:db8::1]:443`"));
            }
        };
        return Ok((host.to_owned(), port));
    }
    if text.parse::<Ipv6Addr>().is_ok() {
        return Ok((text.to_owned(), None));
    }
    match text.rsplit_once(':') {
        Some((host, word)) => Ok((host.to_owned(), Some(read_port(word)?))),
        None => Ok((text.to_owned(), None)),
    }
}

fn read_port(word: &str) -> Result<u16, Refusal> {
    service_port(word).ok_or_else(|| ports::bad_port(word))
}

fn target(network: &Network, host: &str) -> Result<Target, Refusal> {
    if host.is_empty() {
        return Err(unreadable(host, "is empty", "expected a name or an address, as in `web:443`"));
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(Target::Address(address));
    }
    if host.parse::<ipnet::IpNet>().is_ok() {
        let hint = "give one address of it, as in `10.0.0.4:443`";
        return Err(unreadable(host, "is a prefix and not an address", hint));
    }
    match catalogue::find(network, host) {
        Ok(End::Endpoint(_, Some(address))) => Ok(Target::Address(address)),
        Ok(End::Endpoint(endpoint, None)) => Ok(Target::Endpoint(endpoint)),
        Ok(End::Name(name)) => Ok(Target::Name(name)),
        Err(Refusal::NotFound { text, similar }) => {
            name(host).map(Target::Name).ok_or(Refusal::NotFound { text, similar })
        }
        Err(other) => Err(other),
    }
}

/// The DNS name `text`: one with a dot, as a plain word is rather a slip in a resource's name.
fn name(text: &str) -> Option<DnsName> {
    let is_address_like = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (text.contains('.') && !is_address_like).then(|| DnsName::parse(text)).flatten()
}

fn bad_scheme(text: &str, scheme: &str) -> Refusal {
    let why = format!("has no port, and `{scheme}` implies none");
    Refusal::Unreadable { text: text.to_owned(), why, hint: "add one, as in `web:8080`".to_owned() }
}

fn unreadable(text: &str, why: &str, hint: &str) -> Refusal {
    Refusal::Unreadable { text: text.to_owned(), why: why.to_owned(), hint: hint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, host: &str, port: Option<u16>) {
        assert_eq!(split(text).unwrap(), (host.to_owned(), port), "{text}");
    }

    #[test]
    fn host_and_port_are_told_apart() {
        check("web:22", "web", Some(22));
        check("web:ssh", "web", Some(22));
        check("web", "web", None);
        check("10.0.0.4:443", "10.0.0.4", Some(443));
        check("[2001:db8::1]:443", "2001:db8::1", Some(443));
        check("[2001:db8::1]", "2001:db8::1", None);
        check("2001:db8::1", "2001:db8::1", None);
        check("/subscriptions/s/x/y:443", "/subscriptions/s/x/y", Some(443));
    }

    #[test]
    fn the_scheme_of_a_url_says_the_port() {
        check("https://api.example.com/path?q=a:b", "api.example.com", Some(443));
        check("http://10.0.0.4:8080/", "10.0.0.4", Some(8080));
        check("ssh://user@jumpbox", "jumpbox", Some(22));
        check("https://[2001:db8::1]/", "2001:db8::1", Some(443));
        assert!(split("gopher://old").is_err());
    }

    #[test]
    fn names_have_a_dot_and_a_letter() {
        assert!(name("api.example").is_some());
        assert!(name("jumpbox.").is_some());
        assert_eq!(name("jumpbx"), None);
        assert_eq!(name("10.0.0.300"), None);
        assert_eq!(name("bad name.example"), None);
    }
}
