//! What happens when hopwise itself is wrong.

use super::exit::Exit;
use std::backtrace::Backtrace;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

/// Runs `work`; when it panics, asks for a report and says [`Exit::OurBug`].
pub(super) fn guard(work: impl FnOnce() -> Exit) -> Exit {
    let before = panic::take_hook();
    panic::set_hook(Box::new(ask_for_report));
    let exit = panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or(Exit::OurBug);
    panic::set_hook(before);
    exit
}

fn ask_for_report(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map(|location| format!(" at {location}")).unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(
        stderr,
        "hopwise {version} has a bug: {message}{place}\n\
         This is our fault and not that of your input. Please report it with these lines, the command\n\
         line, and the smallest input that shows it, without what is confidential."
    );
    if matches!(std::env::var("RUST_BACKTRACE").as_deref(), Ok("1" | "full")) {
        let _ = writeln!(stderr, "{}", Backtrace::force_capture());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_our_bug() {
        assert_eq!(guard(|| panic!("a test of the report of bugs")), Exit::OurBug);
        assert_eq!(guard(|| Exit::No), Exit::No);
    }
}
