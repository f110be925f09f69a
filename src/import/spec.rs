//! Location specifiers, as scenarios and the command line write them.
//!
//! ```text
//! spec  = term { ("or" | ",") term | ("but not" | "\") term }    from left to right
//! term  = one { ("and" | "&") one }
//! one   = "(" spec ")" | "internet" | "on-premises" | "anywhere"
//!       | ADDRESS | PREFIX | ADDRESS "-" ADDRESS | [ KIND ":" ] NAME
//! ```
//! The operators in characters are those of Batfish. A name may have `*` for any text, and stands in quotes
//! when it has a blank, a comma, `&`, `\` or a parenthesis, or is one of the words above.

mod words;

use crate::diag::{Diagnostic, Place, similar};
use crate::net::{AddressSet, IpNet};
use crate::scenario::{Spec, SpecKind, SpecSet, SpecTerm, SpecWord};
use std::net::IpAddr;
use words::{Token, TokenKind, tokens};

/// The most words and operators of one specifier, and parentheses within parentheses.
const TOKENS_MAX: usize = 2_000;
const DEPTH_MAX: usize = 50;

/// Reads a location specifier. The span of `place`, where there is one, starts with the first byte of
/// `text`.
///
/// # Errors
/// When it is none; the remark points at the word in question and says what was expected.
pub fn spec(text: &str, place: Place) -> Result<Spec, Box<Diagnostic>> {
    let read = || {
        let tokens = tokens(text)?;
        if let Some(token) = tokens.get(TOKENS_MAX) {
            let message = format!("more than {TOKENS_MAX} words; expected fewer");
            return Err(Mistake { message, hint: None, span: token.span });
        }
        let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, end: text.len() };
        let set = parser.union()?;
        match parser.peek() {
            None => Ok(set),
            Some(token) => Err(after_a_set(token)),
        }
    };
    read().map(|set| Spec { text: text.trim().to_owned(), set, place: place.clone() }).map_err(
        |Mistake { message, hint, span: (first, end) }| {
            let column = text.get(..first).map_or(0, |before| before.chars().count()) + 1;
            let at = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let span = place.span.map(|(start, _)| (start + at(first), start + at(end)));
            let message = format!("{message}, at column {column} of `{text}`");
            let remark = Diagnostic::error("bad-specifier", message).maybe_hint(hint);
            Box::new(remark.at(Place { span, ..place }))
        },
    )
}

/// What is wrong, and where in the text.
#[derive(Debug)]
struct Mistake {
    message: String,
    hint: Option<String>,
    span: (usize, usize),
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    /// The length of the text.
    end: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    /// Goes past the next word when it is of `kind`.
    fn takes(&mut self, kind: &TokenKind) -> bool {
        let is_it = self.peek().is_some_and(|token| token.kind == *kind);
        self.at += usize::from(is_it);
        is_it
    }

    fn union(&mut self) -> Result<SpecSet, Mistake> {
        let mut left = self.intersection()?;
        loop {
            if self.takes(&TokenKind::Or) {
                left = SpecSet::Union(Box::new(left), Box::new(self.intersection()?));
            } else if self.takes(&TokenKind::ButNot) {
                left = SpecSet::Difference(Box::new(left), Box::new(self.intersection()?));
            } else {
                return Ok(left);
            }
        }
    }

    fn intersection(&mut self) -> Result<SpecSet, Mistake> {
        let mut left = self.one()?;
        while self.takes(&TokenKind::And) {
            left = SpecSet::Intersection(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<SpecSet, Mistake> {
        let token = self.peek().ok_or_else(|| a_place("nothing", (self.end, self.end)))?;
        match &token.kind {
            TokenKind::Open => self.parenthesis(token.span),
            TokenKind::Word(word) => {
                self.at += 1;
                term(word, token.span, false)
            }
            TokenKind::Quoted(word) => {
                self.at += 1;
                term(word, token.span, true)
            }
            TokenKind::Close | TokenKind::Or | TokenKind::And | TokenKind::ButNot => {
                Err(a_place(&format!("`{}`", token.kind.written()), token.span))
            }
        }
    }

    fn parenthesis(&mut self, span: (usize, usize)) -> Result<SpecSet, Mistake> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let message = format!("more than {DEPTH_MAX} parentheses within each other");
            return Err(Mistake { message, hint: None, span });
        }
        let set = self.union()?;
        if !self.takes(&TokenKind::Close) {
            return Err(match self.peek() {
                Some(token) => after_a_set(token),
                None => Mistake {
                    message: "this parenthesis is not closed".to_owned(),
                    hint: Some("expected a `)` after it".to_owned()),
                    span,
                },
            });
        }
        self.depth -= 1;
        Ok(set)
    }
}

/// A place was expected.
fn a_place(found: &str, span: (usize, usize)) -> Mistake {
    let message = format!("expected a place, found {found}");
    let hint = "a place is a name, `KIND:NAME`, an id, an address, a prefix, `internet`, `on-premises` or \
                `anywhere`";
    Mistake { message, hint: Some(hint.to_owned()), span }
}

/// An operator was expected.
fn after_a_set(token: &Token) -> Mistake {
    let written = token.kind.written();
    let message = format!("expected `or`, `and` or `but not`, found `{written}`");
    let hint = match &*written.to_ascii_lowercase() {
        "not" | "except" | "minus" | "without" | "-" | "!" => "say `but not`",
        "+" | "|" | "||" | "plus" => "say `or`",
        "&&" => "say `and`",
        ")" => "nothing was opened before it",
        _ => "a name with blanks stands in quotes",
    };
    Mistake { message, hint: Some(hint.to_owned()), span: token.span }
}

fn term(word: &str, span: (usize, usize), is_quoted: bool) -> Result<SpecSet, Mistake> {
    let found = if is_quoted {
        SpecWord::Named(None, word.to_owned())
    } else {
        meaning(word).map_err(|(message, hint)| Mistake { message, hint, span })?
    };
    let at = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Ok(SpecSet::Term(SpecTerm { word: found, span: (at(span.0), at(span.1)) }))
}

type Wrong = (String, Option<String>);

fn meaning(word: &str) -> Result<SpecWord, Wrong> {
    match &*word.to_ascii_lowercase() {
        "anywhere" => return Ok(SpecWord::Anywhere),
        "internet" => return Ok(SpecWord::Internet),
        "on-premises" => return Ok(SpecWord::OnPremises),
        _ => {}
    }
    if let Some(addresses) = addresses(word)? {
        return Ok(SpecWord::Addresses(addresses));
    }
    let Some((kind, name)) = word.split_once(':').filter(|_| !word.starts_with('/')) else {
        return Ok(SpecWord::Named(None, word.to_owned()));
    };
    let known = SpecKind::ALL.iter().find(|known| known.word().eq_ignore_ascii_case(kind));
    let Some(&known) = known else { return Err(no_kind(kind, name)) };
    if name.is_empty() {
        return Err((format!("expected a name after `{kind}:`"), None));
    }
    Ok(SpecWord::Named(Some(known), words::unquoted(name).to_owned()))
}

/// An address, a prefix, or a range of addresses.
fn addresses(word: &str) -> Result<Option<AddressSet>, Wrong> {
    if let Ok(address) = word.parse::<IpAddr>() {
        return Ok(Some([IpNet::from(address)].into_iter().collect()));
    }
    if let Some((first, last)) = word.split_once('-')
        && let (Ok(first), Ok(last)) = (first.parse::<IpAddr>(), last.parse::<IpAddr>())
    {
        let range = AddressSet::range(first, last);
        let wrong = || (format!("`{word}` ends before it starts, or mixes families"), None);
        return range.map(Some).ok_or_else(wrong);
    }
    let Some((address, length)) = word.split_once('/') else { return Ok(None) };
    let Ok(address) = address.parse::<IpAddr>() else { return Ok(None) };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let prefix = length.parse().ok().and_then(|length| IpNet::new(address, length).ok());
    let wrong = || {
        let message = format!("`{word}` is no prefix");
        (message, Some(format!("expected a length from 0 to {longest} after the slash")))
    };
    let prefix = prefix.ok_or_else(wrong)?;
    if prefix.addr() != prefix.network() {
        let message = format!("`{word}` has bits set beyond its length");
        return Err((message, Some(format!("did you mean `{}`?", prefix.trunc()))));
    }
    Ok(Some([prefix].into_iter().collect()))
}

fn no_kind(kind: &str, name: &str) -> Wrong {
    let message = format!("`{kind}` is no sort of place");
    let words = SpecKind::ALL.iter().map(|kind| kind.word());
    let near = similar(kind, words.clone());
    let is_port = name.parse::<u16>().is_ok();
    let hint = match near.first() {
        Some(meant) => format!("did you mean `{meant}:{name}`?"),
        None if is_port => format!("say `{kind}` alone: the port is a key or an option of its own"),
        None => format!("one of {}", words.collect::<Vec<_>>().join(", ")),
    };
    (message, Some(hint))
}

#[cfg(test)]
mod tests;
