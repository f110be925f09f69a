//! What must not stand anywhere, and what must not stand in code.

use super::source::Source;
use super::{CODE_BANNED, TEXT_BANNED};

/// Where a banned word stands in `text`, whatever sort of file it is.
pub(crate) fn banned_words(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let hits = TEXT_BANNED.iter().filter(|(parts, _)| has_word(line, &parts.concat()));
        found.extend(
            hits.map(|(parts, why)| format!("{path}:{}: `{}`: {why}", at + 1, parts.concat())),
        );
    }
    found
}

/// Does `line` have `word`, not as a part of a longer word? A word in capitals is looked for in
/// capitals, any other in any case.
fn has_word(line: &str, word: &str) -> bool {
    let is_capital = !word.contains(char::is_lowercase);
    let (line, word) = if is_capital {
        (line.into(), word.into())
    } else {
        (line.to_lowercase(), word.to_lowercase())
    };
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(&word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        let starts = !is_letter(word.chars().next()) || !is_letter(before.chars().next_back());
        let ends = !is_letter(word.chars().next_back()) || !is_letter(after.chars().next());
        starts && ends
    })
}

/// Where banned code stands in `source`.
pub(crate) fn banned_code(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for banned in CODE_BANNED {
        let hits = source.find(banned.code).into_iter();
        let hits = hits.filter(|at| !(banned.tests_may && source.is_test(*at)));
        found.extend(hits.map(|at| {
            format!("{}:{}: `{}`: {}", source.path, source.tokens[at].line, banned.code, banned.why)
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_file() {
        let check = |line: &str, hits: usize| {
            assert_eq!(banned_words("a.md", line).len(), hits, "{line}");
        };
        check(concat!("a TO", "DO here"), 1);
        check(concat!("// FIX", "ME: and XX", "X"), 2);
        check(concat!("see /wo", "rk/main/src"), 1);
        check(concat!("thanks to ChatG", "PT"), 1);
        check(concat!("thanks to chatg", "pt"), 1);
        check("to do, todo, todos, mastodon, network/main", 0);
    }

    #[test]
    fn code_is_found_outside_comments_and_tests() {
        let check = |text: &str, hits: usize| {
            assert_eq!(banned_code(&Source::new("src/net/x.rs", text)).len(), hits, "{text}");
        };
        check("fn f() { todo!() }", 1);
        check("fn f() { x\n    .unwrap()\n    .y() }", 1);
        check("let x = a as usize as u8;", 1);
        check("// x.unwrap()\nlet x = \"dbg!(1)\"; y.unwrap_or(1);", 0);
        check("#[cfg(test)]\nmod tests { fn f() { x.unwrap() } }", 0);
        check("#[cfg(test)]\nmod tests { fn f() { dbg!(1) } }", 1);
    }
}
