//! The words of a location specifier.

use super::Mistake;

/// A word or operator with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// In bytes: first, and one past the last.
    pub(super) span: (usize, usize),
}

/// What a word is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Open,
    Close,
    Or,
    And,
    ButNot,
    Word(String),
    /// A word in quotes, without them.
    Quoted(String),
}

impl TokenKind {
    /// As it may have been written.
    pub(super) fn written(&self) -> &str {
        match self {
            Self::Open => "(",
            Self::Close => ")",
            Self::Or => "or",
            Self::And => "and",
            Self::ButNot => "but not",
            Self::Word(word) | Self::Quoted(word) => word,
        }
    }
}

/// The words of `text`. O(n).
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Mistake> {
    let mut found: Vec<Token> = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let start = text.len() - rest.len();
        let length = length(rest, first, start)?;
        let (word, after) = rest.split_at(length);
        let span = (start, start + length);
        rest = after.trim_start();
        match kind(word, found.last()) {
            Read::New(kind) => found.push(Token { kind, span }),
            Read::ButNot => {
                let but = found.pop().map_or(start, |but| but.span.0);
                found.push(Token { kind: TokenKind::ButNot, span: (but, span.1) });
            }
        }
    }
    match found.iter().find(|token| is_but(token)) {
        Some(but) => Err(Mistake {
            message: "expected `not` after `but`".to_owned(),
            hint: Some("as in `hub but not jumpbox`".to_owned()),
            span: but.span,
        }),
        None => Ok(found),
    }
}

enum Read {
    New(TokenKind),
    /// The word before is its first half.
    ButNot,
}

fn is_but(token: &Token) -> bool {
    matches!(&token.kind, TokenKind::Word(word) if word.eq_ignore_ascii_case("but"))
}

fn kind(word: &str, before: Option<&Token>) -> Read {
    let lower = word.to_ascii_lowercase();
    Read::New(match &*lower {
        "(" => TokenKind::Open,
        ")" => TokenKind::Close,
        "," | "or" => TokenKind::Or,
        "&" | "and" => TokenKind::And,
        "\\" => TokenKind::ButNot,
        "not" if before.is_some_and(is_but) => return Read::ButNot,
        _ if word.starts_with(['"', '\'']) => TokenKind::Quoted(unquoted(word).to_owned()),
        _ => TokenKind::Word(word.to_owned()),
    })
}

/// The text within quotes, or the text itself.
pub(super) fn unquoted(word: &str) -> &str {
    let inner = |quote| word.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(word)
}

/// How long the word is that starts `rest`, which stands at `start`, in bytes.
fn length(rest: &str, first: char, start: usize) -> Result<usize, Mistake> {
    if "(),&\\".contains(first) {
        return Ok(1);
    }
    let mut quote = None;
    for (at, letter) in rest.char_indices() {
        let is_end = letter.is_whitespace() || "(),&\\".contains(letter);
        match quote {
            Some((open, _)) if letter == open => quote = None,
            Some(_) => {}
            None if letter == '"' || letter == '\'' => quote = Some((letter, at)),
            None if is_end => return Ok(at),
            None => {}
        }
    }
    let Some((open, at)) = quote else { return Ok(rest.len()) };
    let message = format!("expected a second `{open}` after this one");
    Err(Mistake { message, hint: None, span: (start + at, start + at + 1) })
}
