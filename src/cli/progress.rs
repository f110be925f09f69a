//! A sign of life on the terminal for work that takes more than a second.

use indicatif::{ProgressBar, ProgressBarIter, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Read};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(100);

/// Shows what is being done, once it has taken more than a second; taken away when dropped.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    /// Wakes the thread that waits for the second to pass.
    _done: Sender<()>,
}

impl Progress {
    /// Starts with `message`; shows nothing unless standard error is a terminal.
    pub(super) fn start(message: &'static str) -> Self {
        Self::of(message, None, "{spinner} {msg} ({elapsed})")
    }

    /// Starts with `message` and a bar that is full after `count` calls of [`Self::advance`].
    pub(super) fn count(message: &'static str, count: usize) -> Self {
        let count = u64::try_from(count).ok();
        Self::of(message, count, "{spinner} {msg} {wide_bar} {pos}/{len} ({elapsed})")
    }

    /// Starts with `message` and a bar that is full when everything is read that [`Self::expect`] tells of.
    pub(super) fn bytes(message: &'static str) -> Self {
        Self::of(message, Some(0), "{spinner} {msg} {wide_bar} {bytes}/{total_bytes} ({elapsed})")
    }

    /// Shows nothing.
    pub(super) fn none() -> Self {
        Self { bar: ProgressBar::hidden(), _done: mpsc::channel().0 }
    }

    /// So many bytes are to be read, from the start.
    pub(super) fn expect(&self, size: u64) {
        self.bar.set_length(size);
        self.bar.set_position(0);
    }

    /// The same to be read, counting.
    pub(super) fn read<R: Read>(&self, text: R) -> ProgressBarIter<R> {
        self.bar.wrap_read(text)
    }

    /// One more is done.
    pub(super) fn advance(&self) {
        self.bar.inc(1);
    }

    fn of(message: &'static str, count: Option<u64>, template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(count, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(message);
        let (done, wait) = mpsc::channel();
        if std::io::stderr().is_terminal() {
            let bar = bar.clone();
            thread::spawn(move || {
                if wait.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    bar.enable_steady_tick(TICK);
                }
            });
        }
        Self { bar, _done: done }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
