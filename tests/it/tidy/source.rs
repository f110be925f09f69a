//! A Rust file as the scans see it: words and punctuation with their lines, without comments and
//! literals. Not a parser: it is right on code that `rustfmt` has formatted and that compiles.

use std::ops::Range;

/// A word, a `::`, an arrow, or one character of punctuation. Literals are the token `"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// Counted from 1.
    pub(crate) line: usize,
}

/// A file below `src`, `tests`, `benches` or `examples`.
#[derive(Debug)]
pub(crate) struct Source {
    /// From the root of the project, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) tokens: Vec<Token>,
    /// Positions in `tokens` of what is compiled for tests only.
    tests: Vec<Range<usize>>,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let tokens = tokens(text);
        let tests = test_items(&tokens);
        let mut source = Self { path: path.to_owned(), text: text.to_owned(), tokens, tests };
        if path.starts_with("tests/") || path.starts_with("benches/") {
            source.mark_as_test();
        }
        source
    }

    /// All of it is compiled for tests only.
    pub(crate) fn mark_as_test(&mut self) {
        self.tests.clear();
        self.tests.push(0..usize::MAX);
    }

    /// Is all of it compiled for tests only?
    pub(crate) fn is_whole_test(&self) -> bool {
        self.tests.first().is_some_and(|range| range.end == usize::MAX)
    }

    /// Is the token at `position` compiled for tests only?
    pub(crate) fn is_test(&self, position: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&position))
    }

    /// Is the line compiled for tests only?
    pub(crate) fn is_test_line(&self, line: usize) -> bool {
        let line_of = |at: usize| self.tokens.get(at).map_or(usize::MAX, |token| token.line);
        let is_inside = |range: &Range<usize>| {
            line_of(range.start) <= line && line <= line_of(range.end.saturating_sub(1))
        };
        self.is_whole_test() || self.tests.iter().any(is_inside)
    }

    /// Where the tokens of `pattern` stand next to one another.
    pub(crate) fn find(&self, pattern: &str) -> Vec<usize> {
        let pattern: Vec<String> = tokens(pattern).into_iter().map(|token| token.text).collect();
        let windows = self.tokens.windows(pattern.len()).enumerate();
        let equal =
            |window: &[Token]| window.iter().zip(&pattern).all(|(have, want)| have.text == *want);
        windows.filter(|(_, window)| equal(window)).map(|(at, _)| at).collect()
    }

    /// The path of the module that the file is: `["azure", "link"]` for `src/azure/link.rs`.
    pub(crate) fn module(&self) -> Vec<String> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let path = path.strip_suffix("/mod").unwrap_or(path);
        let path = if matches!(path, "lib" | "main") { "" } else { path };
        path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }
}

/// The items under `#[test]`, `#[cfg(test)]` and `#[cfg(all(test, …))]`.
fn test_items(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match attribute_end(tokens, at) {
            Some(end) if is_test_attribute(&tokens[at..end]) => {
                let item = item_end(tokens, end);
                found.push(at..item);
                at = item;
            }
            Some(end) => at = end,
            None => at += 1,
        }
    }
    found
}

fn is_test_attribute(attribute: &[Token]) -> bool {
    let words: String = attribute.iter().map(|token| token.text.as_str()).collect();
    words == "#[test]" || words.starts_with("#[cfg(test") || words.starts_with("#[cfg(all(test")
}

/// One past the attribute that starts at `at`.
fn attribute_end(tokens: &[Token], at: usize) -> Option<usize> {
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
    (is(at, "#") && is(at + 1, "[")).then(|| close(tokens, at + 1))
}

/// One past the item that starts at `at`: further attributes, then up to `;` or a closed block.
fn item_end(tokens: &[Token], mut at: usize) -> usize {
    while let Some(end) = attribute_end(tokens, at) {
        at = end;
    }
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            ";" => return at + 1,
            "{" => return close(tokens, at),
            "(" | "[" => at = close(tokens, at),
            _ => at += 1,
        }
    }
    at
}

/// One past the bracket that closes the one at `open`.
pub(crate) fn close(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// Splits `text` into tokens.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut rest = text;
    let mut line = 1;
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (length, kept) = token_at(rest, first);
        let (eaten, after) = rest.split_at(length);
        if let Some(text) = kept {
            found.push(Token { text: text.to_owned(), line });
        }
        line += eaten.matches('\n').count();
        rest = after;
    }
    found
}

/// How many bytes the next token takes, and what is kept of it.
fn token_at(rest: &str, first: char) -> (usize, Option<&str>) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), None);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), None);
    }
    if let Some(length) = literal(rest) {
        return (length, Some("\""));
    }
    if is_word(first) {
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        return (length, Some(&rest[..length]));
    }
    if let Some(pair) = ["::", "->", "=>"].into_iter().find(|pair| rest.starts_with(pair)) {
        return (pair.len(), Some(pair));
    }
    let length = first.len_utf8();
    (length, (!first.is_whitespace()).then(|| &rest[..length]))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// The length of the string or character literal that `rest` starts with.
fn literal(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|prefix| {
        let quoted = rest.strip_prefix(prefix).map(|rest| rest.trim_start_matches('#'));
        quoted.is_some_and(|rest| rest.starts_with('"'))
            && (prefix.contains('r') || !rest.starts_with(&format!("{prefix}#")))
    });
    if let Some(prefix) = prefix {
        let body = &rest[prefix.len()..];
        let length = if prefix.contains('r') { raw_string(body) } else { quoted(body, '"') };
        return Some(prefix.len() + length);
    }
    let prefix = usize::from(rest.starts_with("b'"));
    let body = &rest[prefix..];
    let is_character =
        body.starts_with("'\\") || (body.starts_with('\'') && body.chars().nth(2) == Some('\''));
    is_character.then(|| prefix + quoted(body, '\''))
}

/// The length of a raw string from its hashes on.
fn raw_string(body: &str) -> usize {
    let hashes = body.len() - body.trim_start_matches('#').len();
    let end = format!("\"{}", "#".repeat(hashes));
    let start = hashes + 1;
    body[start..].find(&end).map_or(body.len(), |at| start + at + end.len())
}

/// The length of a literal with escapes, quotes included.
fn quoted(body: &str, quote: char) -> usize {
    let mut escaped = true;
    for (at, c) in body.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        tokens(text).into_iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_and_literals_are_no_words() {
        assert_eq!(words("a // b\nc /* d /* e */ f */ g"), "a c g");
        assert_eq!(
            words(r##"f("crate::x \" {", r#"}"{"#, b"}", '{', '\'', b'}')"##),
            "f ( \" , \" , \" , \" , \" , \" )"
        );
        assert_eq!(
            words("fn f<'a>(x: &'a str) -> r#type"),
            "fn f < ' a > ( x : & ' a str ) -> r # type"
        );
        assert_eq!(words("\"ä\" + 'ä'"), "\" + \"");
    }

    #[test]
    fn lines_are_counted_through_literals() {
        let lines: Vec<usize> = tokens("a\n\"x\ny\"\n/*\n*/ b").iter().map(|t| t.line).collect();
        assert_eq!(lines, [1, 2, 5]);
    }

    #[test]
    fn test_items_are_told_apart() {
        let text = "fn a() {}\n#[cfg(test)]\n#[expect(x)]\nmod tests {\n fn b() {}\n}\nfn c() {}";
        let source = Source::new("src/net/port.rs", text);
        let is_test = |name: &str| source.is_test(source.find(name)[0]);
        assert_eq!([is_test("a"), is_test("b"), is_test("c")], [false, true, false]);
        let lines: Vec<_> = (1..=7).filter(|line| source.is_test_line(*line)).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6]);
        assert!(Source::new("tests/it/main.rs", "x").is_test(0));
        assert!(!Source::new("src/a.rs", "#[cfg(feature = \"cli\")] mod cli;").is_test(0));
    }

    #[test]
    fn a_file_knows_its_module() {
        let module = |path: &str| Source::new(path, "").module().join("::");
        assert_eq!(module("src/azure/link.rs"), "azure::link");
        assert_eq!(module("src/azure/mod.rs"), "azure");
        assert_eq!(module("src/id.rs"), "id");
        assert_eq!(module("src/lib.rs"), "");
    }
}
