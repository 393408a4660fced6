//! Timelines are right: on the witness paths of the recorded bugs, what is
//! known of all paths agrees with what the path itself does.

mod recorded;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use stackmap_clif::log::Recordings;
use stackmap_clif::lower::Lowered;
use stackmap_verifier::findings::Finding;
use stackmap_verifier::model::{Block, Location};
use stackmap_verifier::pair::Pair;
use stackmap_verifier::timeline::{State, Timeline};
use stackmap_verifier::{Collector, Options, Outcome};

use recorded::logs;

/// The violated pairs of the historical logs and the fixtures. Two functions that are not
/// the same program are none.
fn violated(mut with: impl FnMut(&Path, &Lowered, &[Finding])) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    for log in ["historical", "fixtures"].iter().flat_map(|folder| logs(&tests.join(folder))) {
        let reader = BufReader::new(File::open(&log).expect("a log"));
        for recording in Recordings::new(reader).flatten() {
            let Ok(pair) = recording.read() else { continue };
            let Ok(report) = pair.verify(&Options::default()) else { continue };
            if report.outcome == Outcome::Violated
                && let Some(pair) = pair.model()
            {
                with(&log, pair, &report.findings);
            }
        }
    }
}

fn assert_agrees(path: &State<'_>, known: &State<'_>, rows: &[Location], what: &str) {
    for &row in rows {
        let (path, known) = (path.content(row), known.content(row));
        let (path, known) = (path.expect("a row"), known.expect("a row"));
        for held in known.on_every_path() {
            assert!(path.is(*held), "{what}: {row:?} holds {held:?} on every path but this");
        }
        let some = known.on_some_path();
        for held in path.on_every_path() {
            assert!(some.is_empty() || some.contains(held), "{what}: {row:?} never holds {held:?}");
        }
    }
}

#[test]
fn what_is_known_of_all_paths_holds_on_each_witness() {
    let mut points = 0;
    violated(|log, pair, findings| {
        let what = log.display().to_string();
        let aligned =
            Pair::new(&pair.before, &pair.declared, &pair.after).expect("it was verified");
        let rows: Vec<Location> = pair.after.locations().collect();
        let mut timeline = Timeline::new(&aligned, Collector::Moving, &rows);
        assert!(timeline.solve(usize::MAX), "{what}");
        for finding in findings {
            let mut path = timeline.entry();
            let mut previous: Option<Block> = None;
            for hop in &finding.witness {
                if let (Some(from), Some(edge)) = (previous, hop.entered_by) {
                    path.edge(from, edge);
                }
                let mut known = timeline.at_start(hop.block).expect("it is reached");
                assert_agrees(&path, &known, &rows, &what);
                for (_, step) in aligned.steps(hop.block) {
                    path.step(step);
                    known.step(step);
                    assert_agrees(&path, &known, &rows, &what);
                    points += 1;
                }
                previous = Some(hop.block);
            }
        }
    });
    assert!(points > 1000, "{points}");
}

#[test]
fn each_finding_is_drawn() {
    violated(|log, pair, findings| {
        let drawn = stackmap_html::pictures(
            &pair.before,
            &pair.declared,
            &pair.after,
            &Options::default(),
            findings,
        );
        assert_eq!(drawn.len(), findings.len(), "{}", log.display());
    });
}

#[test]
fn programs_that_do_not_align_are_not_drawn() {
    let nothing = stackmap_html::pictures(
        &Default::default(),
        &[],
        &Default::default(),
        &Options::default(),
        &[],
    );
    assert!(nothing.is_empty());
}
