//! Several readers at the same time.

use std::sync::Mutex;
use std::thread::{self, Builder};

/// Bytes of stack for each reader: the deepest documents need more than threads have by default.
const STACK: usize = 8 << 20;

/// Does `work` on each of `items`, several at a time where there are several, and gives the results in
/// the order of the items. Items are asked for one after another, when they are needed.
pub(super) fn each<T: Send, U: Send>(
    mut items: impl Iterator<Item = T> + Send,
    work: impl Fn(T) -> U + Sync,
) -> Vec<U> {
    let (first, second) = (items.next(), items.next());
    let is_single = second.is_none();
    let queue = Mutex::new(first.into_iter().chain(second).chain(items).enumerate().fuse());
    let next = || queue.lock().ok().and_then(|mut queue| queue.next());
    let read = || std::iter::from_fn(next).map(|(at, item)| (at, work(item))).collect::<Vec<_>>();
    if is_single {
        return in_order(read());
    }
    thread::scope(|scope| {
        let count = thread::available_parallelism().map_or(1, usize::from);
        let spawn = |_| Builder::new().stack_size(STACK).spawn_scoped(scope, read).ok();
        let readers: Vec<_> = (0..count).map_while(spawn).collect();
        // Where there can be no threads, this one does it all.
        let mut done = if readers.is_empty() { read() } else { Vec::new() };
        for reader in readers {
            done.extend(reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        in_order(done)
    })
}

fn in_order<U>(mut done: Vec<(usize, U)>) -> Vec<U> {
    done.sort_unstable_by_key(|&(at, _)| at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_items() {
        for count in [0, 1, 2, 1_000] {
            let expected: Vec<usize> = (0..count).map(|number| number * number).collect();
            assert_eq!(each(0..count, |number| number * number), expected);
        }
    }
}
