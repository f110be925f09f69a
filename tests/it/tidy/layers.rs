//! Who may use whom.

use super::source::{Source, Token, close};
use super::{DOORS, LAYERS, ORACLES};

/// A path that a file names, such as `["azure", "Subnet"]` for `crate::azure::Subnet`, `super`
/// and groups resolved; paths from outside start with the name of their crate.
#[derive(Debug)]
struct Use {
    line: usize,
    /// Is it compiled for tests only?
    is_test: bool,
    root: Root,
    path: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Root {
    /// From the root of hopwise.
    Crate,
    /// From the standard library.
    Std,
}

/// Every path that starts with `crate`, `super`, `self`, `hopwise` or `std`.
fn uses(source: &Source) -> Vec<Use> {
    let tokens = &source.tokens;
    let mut found = Vec::new();
    let mut inside: Vec<(String, usize)> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        inside.retain(|(_, end)| at < *end);
        if let Some(name) = inline_module(tokens, at) {
            inside.push((name, close(tokens, at + 2)));
        }
        if !starts_path(tokens, at) {
            at += 1;
            continue;
        }
        let mut module = source.module();
        module.extend(inside.iter().map(|(name, _)| name.clone()));
        let mut paths = Vec::new();
        let (line, is_test) = (tokens[at].line, source.is_test(at));
        at = tree(tokens, at, &[], &mut paths);
        found.extend(paths.into_iter().map(|path| {
            let (root, path) = resolved(&path, &module);
            Use { line, is_test, root, path }
        }));
    }
    found
}

fn inline_module(tokens: &[Token], at: usize) -> Option<String> {
    let text = |at: usize| tokens.get(at).map(|token| token.text.as_str());
    (text(at) == Some("mod") && text(at + 2) == Some("{")).then(|| tokens[at + 1].text.clone())
}

fn starts_path(tokens: &[Token], at: usize) -> bool {
    let text = |at: usize| tokens.get(at).map(|token| token.text.as_str());
    let root = matches!(text(at), Some("crate" | "hopwise" | "super" | "self" | "std" | "core"));
    let continues = at > 0 && text(at - 1) == Some("::");
    root && text(at + 1) == Some("::") && !continues
}

/// Reads the path at `at`, with its groups, and returns the position after it.
fn tree(tokens: &[Token], mut at: usize, prefix: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = prefix.to_vec();
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    loop {
        if text(at) == "{" {
            let end = close(tokens, at);
            at += 1;
            while at + 1 < end {
                at = if text(at) == "," { at + 1 } else { tree(tokens, at, &path, found) };
            }
            return end;
        }
        path.push(text(at).to_owned());
        at += 1;
        let ends_here = text(at) != "::" || text(at + 1) == "<";
        if ends_here {
            break;
        }
        at += 1;
    }
    found.push(path);
    if text(at) == "as" { at + 2 } else { at }
}

fn resolved(path: &[String], module: &[String]) -> (Root, Vec<String>) {
    let mut base = module.to_vec();
    let mut rest = path;
    let mut root = Root::Crate;
    while let [first, others @ ..] = rest {
        match first.as_str() {
            "crate" | "hopwise" if rest.len() == path.len() => base.clear(),
            "super" => drop(base.pop()),
            "self" => {}
            "std" | "core" if rest.len() == path.len() => {
                base.clear();
                root = Root::Std;
            }
            _ => break,
        }
        rest = others;
    }
    base.extend(rest.iter().cloned());
    (root, base)
}

/// What `source` uses although its layer must not.
pub(crate) fn wrong_uses(source: &Source) -> Vec<String> {
    let module = source.module();
    let Some(own) = module.first() else { return Vec::new() };
    let Some(layer) = LAYERS.iter().find(|layer| layer.module == own) else {
        return vec![format!("{}: `{own}` is not in the table of layers", source.path)];
    };
    let mut wrong = Vec::new();
    for used in uses(source).into_iter().filter(|used| !used.is_test) {
        let top = used.path.first().map_or("", String::as_str);
        let place = format!("{}:{}", source.path, used.line);
        match used.root {
            Root::Crate if top == own || layer.may_use.contains(&top) => {}
            Root::Crate => wrong.push(format!("{place}: `{own}` must not use `{top}`")),
            Root::Std if layer.opens_doors => {}
            Root::Std => wrong.extend(door(&used).map(|why| format!("{place}: {why}"))),
        }
    }
    wrong
}

/// What an oracle uses of that which it is there to judge.
pub(crate) fn unfair_uses(source: &Source) -> Vec<String> {
    let judged = ORACLES.iter().filter(|(folder, _)| source.path.starts_with(folder));
    let judged: Vec<&str> = judged.flat_map(|(_, modules)| *modules).copied().collect();
    let is_unfair = |used: &Use| {
        used.root == Root::Crate
            && used.path.first().is_some_and(|top| judged.contains(&top.as_str()))
    };
    let unfair = uses(source).into_iter().filter(is_unfair);
    unfair.map(|used| format!("{}:{}: {}", source.path, used.line, used.path.join("::"))).collect()
}

fn door(used: &Use) -> Option<String> {
    let path = used.path.join("::");
    let is_below = |door: &str| path == door || path.starts_with(&format!("{door}::"));
    let door = DOORS.iter().find(|door| is_below(door))?;
    Some(format!("`std::{door}` is a door to the outside world"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, wrong: &[&str]) {
        let found = wrong_uses(&Source::new(path, text));
        assert_eq!(found.len(), wrong.len(), "{path}: {text}\n{found:?}");
        for (have, want) in found.iter().zip(wrong) {
            assert!(have.contains(want), "{have} should say {want}");
        }
    }

    #[test]
    fn what_is_allowed_passes() {
        check("src/azure/mod.rs", "use crate::{net::Port, id::{Id, ResourceId}};", &[]);
        check("src/azure/link.rs", "use super::Subnet; use super::super::net::Port;", &[]);
        check(
            "src/trace/mod.rs",
            "// crate::azure::Subnet\nconst X: &str = \"crate::azure\";",
            &[],
        );
        check("src/trace/a.rs", "#[cfg(test)]\nmod tests { use crate::azure::Subnet; }", &[]);
        check(
            "src/net/port.rs",
            "use std::{fmt, net::IpAddr}; use std::collections::BTreeMap;",
            &[],
        );
        check("src/cli/mod.rs", "use crate::trace; use std::fs;", &[]);
    }

    #[test]
    fn every_way_to_name_a_module_is_caught() {
        let wrong = "`trace` must not use `azure`";
        check("src/trace/mod.rs", "use crate::azure::Subnet;", &[wrong]);
        check(
            "src/trace/mod.rs",
            "use crate::{\n  net::Port,\n  azure::{Subnet, Link},\n};",
            &[wrong, wrong],
        );
        check(
            "src/trace/mod.rs",
            "use crate::{self as hopwise, azure};",
            &["must not use ``", wrong],
        );
        check("src/trace/walk.rs", "fn f() { let x = crate::azure::Subnet::new(1); }", &[wrong]);
        check("src/trace/walk.rs", "use super::super::azure::Subnet;", &[wrong]);
        check("src/trace/walk.rs", "use super::{super::azure, Hop};", &[wrong]);
        check("src/trace/a/b.rs", "type X = super::super::super::azure::Subnet;", &[wrong]);
        check("src/trace/mod.rs", "mod inner { use super::super::azure; }", &[wrong]);
        check("src/trace/mod.rs", "macro_rules! m { () => { $crate::azure::X } }", &[wrong]);
        check("src/trace/mod.rs", "use crate::*;", &["must not use `*`"]);
        check("src/trace.rs", "use super::azure;", &[wrong]);
        check("src/trace/mod.rs", "use crate::azure as cloud; fn f() { cloud::x() }", &[wrong]);
        check("src/trace/mod.rs", "use self::super::azure;", &[wrong]);
    }

    #[test]
    fn oracles_do_not_look_at_what_they_judge() {
        let check = |path: &str, text: &str, hits: usize| {
            assert_eq!(unfair_uses(&Source::new(path, text)).len(), hits, "{path}: {text}");
        };
        check(
            "tests/it/oracle/routes.rs",
            "use hopwise::{azure::Network, dataplane::{self, Plane}};",
            2,
        );
        check("tests/it/oracle/routes.rs", "fn f() { hopwise::trace::walk() }", 1);
        check(
            "tests/it/oracle/routes.rs",
            "use hopwise::azure::Network; use super::super::support;",
            0,
        );
        check("tests/it/compare.rs", "use hopwise::dataplane::Plane;", 0);
    }

    #[test]
    fn siblings_and_doors_are_caught() {
        check("src/trace/mod.rs", "use crate::reach::Set;", &["`trace` must not use `reach`"]);
        check("src/reach/mod.rs", "use crate::trace::Hop;", &["`reach` must not use `trace`"]);
        check("src/import/mod.rs", "use crate::resolve;", &["`import` must not use `resolve`"]);
        check("src/report/a.rs", "use crate::question;", &["`report` must not use `question`"]);
        check("src/news/mod.rs", "use crate::net;", &["not in the table"]);
        check("src/import/a.rs", "use std::{fs::File, fmt};", &["`std::fs` is a door"]);
        check("src/import/a.rs", "let x = std::env::var(\"X\");", &["`std::env` is a door"]);
        check("src/net/a.rs", "use std::net::{IpAddr, TcpStream};", &["`std::net::TcpStream`"]);
    }
}
