//! The search against the definition, on random programs.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::Cells;
use super::naive::{Kind, Naive};
use super::random;
use super::references::References;
use super::report::Reporter;
use super::search::{Search, Want, Wrong};
use super::spills::ambiguous;
use super::timeline::{Event, Timeline};
use crate::explain::prefix;
use crate::model::{Action, Location};
use crate::options::Collector;
use crate::pair::Point;

const PROGRAMS: u64 = 30_000;

fn kind(wrong: Wrong, want: Want) -> Kind {
    match wrong {
        Wrong::Stale { .. } if want == Want::Derived => Kind::StaleAddress,
        Wrong::Stale { .. } => Kind::Stale,
        Wrong::Uninitialized => Kind::Uninitialized,
        Wrong::Mixed => Kind::Mixed,
        Wrong::NoObject => Kind::NoObject,
        Wrong::Undefined => panic!("the programs are in SSA form"),
    }
}

/// A fault is found if and only if some run shows it, and on the path it is
/// reported with.
#[test]
fn what_fails_is_what_some_run_shows() {
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    for seed in 0..PROGRAMS {
        let (program, declared) = random::program(seed);
        let timeline = Timeline::new(&program).expect("a sound program");
        let references = References::new(&timeline, &declared);
        let mut naive = Naive::new(&program, &declared);
        for at in program.after().locations() {
            let spilled = references.spill(at).is_some();
            assert_eq!(spilled, naive.spilled.contains(&at), "seed {seed}: {at:?}");
        }
        let shown = naive.failures.clone();
        let mut search = Search::new(&timeline, &references, None);
        let reporter =
            Reporter { timeline: &timeline, references: &references, collector: Collector::Moving };
        let mut found: BTreeSet<(Point, Location)> = BTreeSet::new();
        for (tick, point, at, want) in reporter.observations() {
            let derived = (want == Want::Address).then_some(Want::Derived);
            let mut wants = [want].into_iter().chain(derived);
            let failure = wants.find_map(|want| Some((want, search.failure(tick, at, want)?)));
            let Some((want, failure)) = failure else { continue };
            let kind = kind(failure.wrong, want);
            let kinds_shown = shown.get(&(point, at));
            let is_shadowed = kinds_shown.is_some_and(|k| k.contains(&Kind::Stale));
            assert!(kind != Kind::StaleAddress || !is_shadowed, "seed {seed}: {point:?} {at:?}");
            assert!(
                kinds_shown.is_some_and(|k| k.contains(&kind)),
                "seed {seed}: {point:?} {at:?}"
            );
            let mut hops = prefix(&timeline.cfg, timeline.block(failure.since)).unwrap();
            hops.extend(&failure.hops);
            assert!(
                naive.fails_on(&hops, point.block, (point, at), kind),
                "seed {seed}: {point:?}"
            );
            found.insert((point, at));
            *kinds.entry(kind).or_default() += 1;
        }
        let shown: BTreeSet<(Point, Location)> = shown.into_keys().collect();
        assert_eq!(found, shown, "seed {seed}");
    }
    assert_eq!(kinds.len(), 5, "all kinds of faults came up: {kinds:?}");
}

/// A reload is ambiguous if and only if some runs bring it different spills.
#[test]
fn ambiguous_reloads_are_those_that_two_spills_reach() {
    let mut count = 0;
    for seed in 0..PROGRAMS {
        let (program, declared) = random::program(seed);
        let timeline = Timeline::new(&program).expect("a sound program");
        let naive = Naive::new(&program, &declared);
        let listed =
            |at: Location| timeline.events(at).iter().any(|&(_, event)| event == Event::Listed);
        let mut shown: BTreeMap<Location, (Point, usize)> = BTreeMap::new();
        for (&(point, at), values) in &naive.reaching {
            if listed(at) && values.len() > 1 {
                shown.entry(at).or_insert((point, 0)).1 += 1;
            }
        }
        let found: BTreeMap<Location, (Point, usize)> = ambiguous(&timeline)
            .into_iter()
            .map(|found| {
                let point = timeline.point(found.reload).unwrap();
                (found.root, (point, found.more + 1))
            })
            .collect();
        assert_eq!(found, shown, "seed {seed}");
        count += found.len();
    }
    assert!(count > 100, "{count} ambiguous reloads came up");
}

/// A root is live behind a safepoint if and only if some path reads it before it
/// is written.
#[test]
fn live_cells_are_those_that_a_path_reads() {
    for seed in 0..PROGRAMS / 10 {
        let (program, _) = random::program(seed);
        let timeline = Timeline::new(&program).expect("a sound program");
        let mut cells = Cells::new(&timeline);
        for at in program.after().locations() {
            let live = cells.live(at, Event::Read);
            for &(tick, event) in timeline.events(at) {
                if event == Event::Listed {
                    assert_eq!(live.behind(tick), is_read(&timeline, at, tick), "seed {seed}");
                }
            }
        }
    }
}

/// Every path, step by step.
fn is_read(timeline: &Timeline<'_>, at: Location, tick: u32) -> bool {
    let overlaps = |other: Location| other == at || timeline.overlaps.of(at).contains(&other);
    let mut seen = BTreeSet::new();
    let mut work = vec![(timeline.block(tick), timeline.point(tick))];
    while let Some((block, from)) = work.pop() {
        let mut decided = false;
        for instruction in timeline.after().instructions(block) {
            let actions = timeline.after().instruction(instruction).actions;
            for (action, &what) in (0..).zip(actions) {
                let point = Point { block, instruction, action };
                if decided || from.is_some_and(|from| point <= from) {
                    continue;
                }
                decided = match what {
                    Action::Use { at: used, .. } if overlaps(used) => return true,
                    Action::Move { from, .. } if overlaps(from) => return true,
                    Action::Move { to, .. } => overlaps(to),
                    Action::Clobber { at: to } | Action::Define { at: to, .. } => overlaps(to),
                    Action::Use { .. } | Action::Safepoint { .. } => false,
                };
            }
        }
        if !decided {
            let next = timeline.cfg.successors(block).iter().filter(|&&next| seen.insert(next));
            work.extend(next.map(|&next| (next, None)));
        }
    }
    false
}
