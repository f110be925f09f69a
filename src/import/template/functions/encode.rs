//! Texts in other clothes: JSON, base 64, parts of URLs; and texts that follow from others.

use super::{Arguments, Given};
use crate::azure::tree::Node;
use crate::import::json;
use crate::import::template::unique;
use crate::import::template::value;

/// `json('{"a": 1}')`.
pub(super) fn json(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    parsed(arguments.text(0)?)
}

fn parsed(text: &str) -> Given {
    json::tree(text).map_err(|error| format!("this is not JSON: {error}"))
}

pub(super) fn unique_string(arguments: Arguments<'_>) -> Given {
    derived(arguments, unique::unique_string)
}

pub(super) fn guid(arguments: Arguments<'_>) -> Given {
    derived(arguments, unique::guid)
}

fn derived(arguments: Arguments<'_>, derive: fn(&[String]) -> String) -> Given {
    if let Some(unknown) = arguments.nodes.iter().find_map(Node::as_unknown) {
        return Ok(value::unknown(unknown.clone()));
    }
    if arguments.nodes.is_empty() {
        return Err(arguments.wrong());
    }
    let texts: Vec<String> = arguments.nodes.iter().map(value::as_text).collect();
    let derived = derive(&texts);
    // What follows from a text with a token is a token: the same for the same text.
    Ok(match arguments.unknown() {
        Some(node) => match node.as_unknown() {
            Some(unknown) => {
                let secrecy = value::Secrecy::NotGiven;
                value::node(value::token(&derived, unknown.as_str(), secrecy))
            }
            None => node,
        },
        None => value::text(derived),
    })
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn base64(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    Ok(value::text(encoded(arguments.text(0)?.as_bytes())))
}

fn encoded(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0u32, |word, at| {
            (word << 8) | u32::from(chunk.get(at).copied().unwrap_or_default())
        });
        for digit in 0..4usize {
            let sextet = usize::try_from((word >> (18 - 6 * digit)) & 63).unwrap_or_default();
            let letter = BASE64.get(sextet).copied().unwrap_or(b'=');
            text.push(if digit <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let (mut word, mut bits) = (0u32, 0u32);
    for letter in text.bytes().filter(|letter| !letter.is_ascii_whitespace() && *letter != b'=') {
        let sextet = BASE64.iter().position(|known| *known == letter)?;
        word = (word << 6) | u32::try_from(sextet).ok()?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((word >> bits) & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

pub(super) fn base64_to_string(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let text = decoded(arguments.text(0)?).ok_or_else(|| arguments.wrong())?;
    Ok(value::text(text))
}

pub(super) fn base64_to_json(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    parsed(&decoded(arguments.text(0)?).ok_or_else(|| arguments.wrong())?)
}

pub(super) fn data_uri(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let encoded = encoded(arguments.text(0)?.as_bytes());
    Ok(value::text(format!("data:text/plain;charset=utf8;base64,{encoded}")))
}

pub(super) fn data_uri_to_string(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let data = arguments.text(0)?.split_once("base64,").map(|(_, data)| data);
    let text = data.and_then(decoded).ok_or_else(|| arguments.wrong())?;
    Ok(value::text(text))
}

/// `uri(base, relative)`.
pub(super) fn uri(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.nodes.iter().find_map(Node::as_unknown) {
        return Ok(value::unknown(unknown.clone()));
    }
    let (base, relative) = (arguments.text(0)?, arguments.text(1)?);
    if relative.contains("://") {
        return Ok(value::text(relative));
    }
    let after_scheme = base.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = base.split_at(after_scheme);
    let folder = match rest.rsplit_once('/') {
        Some((folder, _)) => folder,
        None => rest,
    };
    Ok(value::text(format!("{scheme}{folder}/{}", relative.trim_start_matches('/'))))
}

pub(super) fn uri_component(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let mut text = String::new();
    for byte in arguments.text(0)?.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                text.push(char::from(byte));
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(value::text(text))
}

pub(super) fn uri_component_to_string(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let mut bytes = Vec::new();
    let mut rest = arguments.text(0)?.bytes();
    while let Some(byte) = rest.next() {
        let escaped = (byte == b'%').then(|| [rest.next(), rest.next()]);
        match escaped {
            Some([Some(high), Some(low)]) => {
                let digits = [high, low].map(char::from);
                let [high, low] = digits.map(|digit| digit.to_digit(16));
                let value = high.zip(low).map(|(high, low)| high * 16 + low);
                let value = value.and_then(|value| u8::try_from(value).ok());
                bytes.push(value.ok_or_else(|| arguments.wrong())?);
            }
            Some(_) => return Err(arguments.wrong()),
            None => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map(value::text).map_err(|_| arguments.wrong())
}

/// `parseUri(text)`: host, port, path, query, scheme.
pub(super) fn parse_uri(arguments: Arguments<'_>) -> Given {
    if let Some(unknown) = arguments.unknown() {
        return Ok(unknown);
    }
    let text = arguments.text(0)?;
    let (scheme, rest) = text.split_once("://").ok_or_else(|| arguments.wrong())?;
    let (rest, query) = rest
        .split_once('?')
        .map_or((rest, String::new()), |(rest, query)| (rest, format!("?{query}")));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let port = port.parse::<u16>().ok().or(match scheme {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    });
    Ok(value::object(vec![
        ("scheme".into(), value::text(scheme)),
        ("host".into(), value::text(host)),
        ("port".into(), port.map_or_else(|| value::text(""), value::number)),
        ("path".into(), value::text(format!("/{path}"))),
        ("query".into(), value::text(query)),
    ]))
}
