//! A page of text: lines that wrap at words, with colours that can be taken off again.

use anstyle::{AnsiColor, Style};
use std::fmt::Write;

/// What a piece of text is, which decides its colour. Without colour nothing is lost: the words say
/// the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    /// Ordinary text.
    #[default]
    Plain,
    /// A heading or a name that matters.
    Strong,
    /// Something that works.
    Good,
    /// Something that stops the packet.
    Bad,
    /// Something that is not known.
    Unsure,
    /// A detail.
    Faint,
}

impl Role {
    const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Unsure => AnsiColor::Yellow.on_default().bold(),
            Self::Faint => Style::new().dimmed(),
        }
    }
}

/// A page under construction.
#[derive(Debug)]
pub(super) struct Page {
    width: usize,
    /// Every line is indented by so much.
    margin: usize,
    text: String,
}

/// A piece of a line.
pub(super) type Piece<'a> = (Role, &'a str);

impl Page {
    /// An empty page, `width` characters wide.
    pub(super) const fn new(width: usize) -> Self {
        Self { width, margin: 0, text: String::new() }
    }

    /// The text, with ANSI escapes.
    pub(super) fn finish(self) -> String {
        self.text
    }

    /// The width, in characters.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// Indents every line from here on by `margin` spaces.
    pub(super) const fn set_margin(&mut self, margin: usize) {
        self.margin = margin;
    }

    /// An empty line, unless the page is empty.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// A heading after an empty line.
    pub(super) fn heading(&mut self, title: &str) {
        self.gap();
        self.line(0, "", &[(Role::Strong, title)]);
    }

    /// A line that is laid out already.
    pub(super) fn styled(&mut self, role: Role, line: &str) {
        let style = role.style();
        let line = line.trim_end();
        let _ = writeln!(self.text, "{style}{line}{style:#}");
    }

    /// A line: `indent` spaces, `lead` as it is, then `pieces`, wrapped under their own beginning.
    pub(super) fn line(&mut self, indent: usize, lead: &str, pieces: &[Piece<'_>]) {
        let indent = indent + self.margin;
        let hang = indent + lead.chars().count();
        let mut column = hang;
        let _ = write!(self.text, "{:indent$}{lead}", "");
        let mut is_first = true;
        for (role, word) in words(pieces) {
            let length = word.chars().count();
            if !is_first && column + 1 + length > self.width {
                let _ = write!(self.text, "\n{:hang$}", "");
                column = hang;
            } else if !is_first {
                self.text.push(' ');
                column += 1;
            }
            let style = role.style();
            let _ = write!(self.text, "{style}{word}{style:#}");
            column += length;
            is_first = false;
        }
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }
}

fn words<'a>(pieces: &'a [Piece<'a>]) -> impl Iterator<Item = Piece<'a>> {
    let split = |&(role, text): &Piece<'a>| text.split_whitespace().map(move |word| (role, word));
    pieces.iter().flat_map(split)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_wrap_under_their_own_beginning() {
        let mut page = Page::new(20);
        page.line(2, "- ", &[(Role::Plain, "one two three"), (Role::Plain, "four five")]);
        assert_eq!(page.finish(), "  - one two three\n    four five\n");
    }

    #[test]
    fn a_word_that_is_too_long_stands_alone() {
        let mut page = Page::new(10);
        page.line(0, "", &[(Role::Plain, "a /subscriptions/s/x b")]);
        assert_eq!(page.finish(), "a\n/subscriptions/s/x\nb\n");
    }

    #[test]
    fn colours_do_not_count_for_the_width() {
        let mut page = Page::new(9);
        page.line(0, "", &[(Role::Bad, "stop"), (Role::Plain, "here")]);
        assert_eq!(anstream::adapter::strip_str(&page.finish()).to_string(), "stop here\n");
    }
}
