//! What is said about words that are no ports.

use super::Refusal;
use crate::diag::similar;
use crate::net;

/// What to say about `text`, which is no port.
#[must_use]
pub fn bad_port(text: &str) -> Refusal {
    let is_word = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let words = net::port_words().filter(|_| is_word);
    let similar = similar(text, words).into_iter().map(str::to_owned).collect();
    Refusal::BadPort { text: text.to_owned(), similar }
}
