//! Finding the ends of JSON values without looking at what they say.

/// A reader that never recurses, so that no depth is too much.
#[derive(Clone, Debug)]
pub(super) struct Scan<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    /// The most levels that any value was deep.
    pub(super) depth: usize,
}

impl<'a> Scan<'a> {
    /// At the start of `bytes`.
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, depth: 0 }
    }

    /// The byte that is next.
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Goes past white space.
    pub(super) fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Goes past `byte` and the space after it.
    pub(super) fn pass(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| {
            self.at += 1;
            self.space();
        })
    }

    /// Goes to the end of the value that starts here; `None` when the text ends before it.
    pub(super) fn skip(&mut self) -> Option<()> {
        let mut depth = 0usize;
        loop {
            match self.peek()? {
                b'{' | b'[' => {
                    depth += 1;
                    self.depth = self.depth.max(depth);
                }
                b'}' | b']' => depth = depth.checked_sub(1)?,
                b'"' => self.skip_text()?,
                _ if depth == 0 => {
                    self.skip_word();
                    return Some(());
                }
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }

    /// Goes to the quote at the end of the text that starts here.
    fn skip_text(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..)?;
            let next = memchr::memchr2(b'"', b'\\', rest)?;
            self.at += next;
            if rest.get(next) == Some(&b'"') {
                return Some(());
            }
            self.at += 2;
        }
    }

    /// Goes to the end of a number, `true`, `false` or `null`.
    fn skip_word(&mut self) {
        while self.peek().is_some_and(|byte| !byte.is_ascii_whitespace() && !b",]}".contains(&byte))
        {
            self.at += 1;
        }
    }
}
