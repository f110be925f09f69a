//! Every shipped scenario and its variants.

use super::compare;
use super::headers::Interest;
use crate::generated::Random;
use crate::scenarios::{compile_with, estates, files, read};
use hopwise::azure::Snapshot;
use hopwise::question::{Compiled, check};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Every network that has expectations, as it is and varied, is compared when it is compiled; how many there are.
fn agree_on(files: &[PathBuf]) -> usize {
    let (faults, networks) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    files.par_iter().for_each(|path| {
        let imported = read(path);
        let compile = |snapshot: Snapshot| match compile_with(snapshot) {
            Ok(plane) => {
                networks.fetch_add(1, Ordering::Relaxed);
                let found = compare(&plane, &Interest::of_plane(&plane), &mut Random::new(4));
                if let Err(fault) = found.and_then(|_| super::bundles::compare_one(&plane, 0)) {
                    faults.lock().unwrap().push(format!("{}: {fault}", path.display()));
                }
                Compiled { plane: Some(plane), remarks: Vec::new() }
            }
            Err(remarks) => Compiled { plane: None, remarks },
        };
        check(&imported, &imported.scenarios[0], &compile);
    });
    let faults = faults.into_inner().unwrap();
    assert!(faults.is_empty(), "{} disagree, such as\n{}", faults.len(), faults[0]);
    networks.into_inner()
}

#[test]
fn engines_agree_on_shipped_scenarios() {
    let networks = agree_on(&files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")));
    assert!(networks > 100, "only {networks} networks");
}

#[test]
fn engines_agree_on_networks_that_were_once_answered_wrongly() {
    let networks = agree_on(&estates());
    assert!(networks > 10, "only {networks} networks");
}
