//! How long, and how many.

use super::source::{Source, Token, close};

/// A function with a body, outside tests.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) place: String,
    /// From the line with `fn` to the closing brace, both included.
    pub(crate) lines: usize,
    /// The receiver included.
    pub(crate) parameters: usize,
}

pub(crate) fn functions(source: &Source) -> Vec<Function> {
    let starts = (0..source.tokens.len()).filter(|at| !source.is_test(*at));
    starts.filter_map(|at| function(source, at)).collect()
}

fn function(source: &Source, at: usize) -> Option<Function> {
    let tokens = &source.tokens;
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let is_item =
        text(at) == "fn" && text(at + 1).starts_with(|c: char| c.is_alphabetic() || c == '_');
    if !is_item {
        return None;
    }
    let open = if text(at + 2) == "<" { close_angle(tokens, at + 2) } else { at + 2 };
    let body = body(tokens, close(tokens, open))?;
    let (first, last) = (tokens.get(at)?.line, tokens.get(close(tokens, body) - 1)?.line);
    Some(Function {
        name: text(at + 1).to_owned(),
        place: format!("{}:{first}", source.path),
        lines: last - first + 1,
        parameters: parameters(&tokens[open..close(tokens, open)]),
    })
}

/// One past the `>` that closes the `<` at `open`.
fn close_angle(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "<" => depth += 1,
            ">" => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// The brace that opens the body; none for a declaration without one.
fn body(tokens: &[Token], mut at: usize) -> Option<usize> {
    loop {
        match tokens.get(at)?.text.as_str() {
            "{" => return Some(at),
            ";" => return None,
            "(" | "[" => at = close(tokens, at),
            _ => at += 1,
        }
    }
}

/// Counts what stands between the commas of a parameter list, its parentheses included.
fn parameters(list: &[Token]) -> usize {
    let mut depth = 0usize;
    let mut commas = 0;
    for token in list {
        match token.text.as_str() {
            "(" | "[" | "{" | "<" => depth += 1,
            ")" | "]" | "}" | ">" => depth -= 1,
            "," if depth == 1 => commas += 1,
            _ => {}
        }
    }
    let last = list.len().checked_sub(2).and_then(|at| list.get(at));
    commas + usize::from(last.is_some_and(|token| !matches!(token.text.as_str(), "(" | ",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, usize, usize)]) {
        let found = functions(&Source::new("src/net/x.rs", text));
        let found: Vec<_> =
            found.iter().map(|f| (f.name.as_str(), f.lines, f.parameters)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn lines_and_parameters_are_counted() {
        check("fn a() {}", &[("a", 1, 0)]);
        check("pub fn b(\n    &self,\n    x: u8,\n) -> [u8; 4] {\n    x\n}", &[("b", 6, 2)]);
        check(
            "fn c<T: Into<Vec<u8>>>(x: BTreeMap<u8, T>, f: impl Fn(u8, u8) -> u8) {\n}",
            &[("c", 2, 2)],
        );
        check("fn d((a, b): (u8, u8)) where u8: Sized {\n let s = \"}\"; // }\n}", &[("d", 3, 1)]);
        check("trait T { fn e(&self); fn f(&self) { fn g() {} } }", &[("f", 1, 1), ("g", 1, 0)]);
        check("const F: fn(u8) -> u8 = x;", &[]);
        check("#[cfg(test)]\nmod tests {\n fn h() {}\n}", &[]);
    }
}
