//! The transcripts of the pages are what the program prints.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The pages that have some, between comments that say so.
const PAGES: &[&str] = &["README.md", "docs/output.md"];
const BEGIN: &str = "<!-- transcript: begin";
const END: &str = "<!-- transcript: end -->";
/// A diagram stands between the fences below its command.
const DIAGRAM: &str = "<!-- diagram: hopwise ";
const PROMPT: &str = "$ hopwise ";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Words of a command line, of which some stand in double quotes.
fn words(line: &str) -> Vec<String> {
    let pieces = line.split('"').enumerate().flat_map(|(at, piece)| match at % 2 {
        0 => piece.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
        _ => vec![piece.to_owned()],
    });
    pieces.collect()
}

fn printed(line: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hopwise"));
    let output =
        command.args(words(line)).current_dir(root()).env("NO_COLOR", "1").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{line}");
    String::from_utf8(output.stdout).unwrap()
}

/// `page` with what the program prints today.
fn anew(page: &str) -> String {
    drawn_anew(&written_anew(page))
}

/// `page` with the diagrams of today.
fn drawn_anew(page: &str) -> String {
    let (mut text, mut lines) = (String::new(), page.lines());
    while let Some(line) = lines.next() {
        text.push_str(&format!("{line}\n"));
        let command = line.strip_prefix(DIAGRAM).and_then(|rest| rest.strip_suffix(" -->"));
        if let Some(command) = command {
            let fence = lines.next().expect("a fence");
            text.push_str(&format!("{fence}\n{}```\n", printed(command)));
            lines.by_ref().find(|line| *line == "```").expect("the end of the fence");
        }
    }
    text
}

/// `page` with the transcripts of today.
fn written_anew(page: &str) -> String {
    let (mut text, mut is_inside, mut is_output) = (String::new(), false, false);
    for line in page.lines() {
        is_inside = (is_inside || line.starts_with(BEGIN)) && line != END;
        let command = line.strip_prefix(PROMPT).filter(|_| is_inside);
        if let Some(command) = command {
            // An empty line between the output of a command and the next one.
            text.push_str(if is_output { "\n" } else { "" });
            text.push_str(&format!("{line}\n{}", printed(command)));
            is_output = true;
            continue;
        }
        is_output &= is_inside && !line.starts_with("```");
        if !is_output {
            text.push_str(&format!("{line}\n"));
        }
    }
    text
}

#[test]
fn transcripts_are_what_the_program_prints() {
    for page in PAGES {
        let text = std::fs::read_to_string(root().join(page)).unwrap();
        assert!(text.contains(PROMPT) || text.contains(DIAGRAM), "{page} has no transcript");
        let now = anew(&text);
        assert!(now == text, "{page}: `cargo test --test it refresh_the_transcripts -- --ignored`");
    }
}

#[test]
fn what_stands_in_a_transcript_is_replaced_and_nothing_else() {
    let page = "a\n<!-- transcript: begin -->\n```text\n$ hopwise --version\nold\nolder\n\n$ hopwise --version\n```\n<!-- transcript: end -->\n$ hopwise b\n";
    let version = printed("--version");
    let expected = format!(
        "a\n<!-- transcript: begin -->\n```text\n$ hopwise --version\n{version}\n$ hopwise --version\n{version}```\n<!-- transcript: end -->\n$ hopwise b\n"
    );
    assert_eq!(anew(page), expected);
}

#[test]
#[ignore = "writes into pages"]
fn refresh_the_transcripts() {
    for page in PAGES {
        let path = root().join(page);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, anew(&text)).unwrap();
    }
}
