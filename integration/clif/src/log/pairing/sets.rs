//! Assigns sets of declared values to functions.
//!
//! Sets and functions come in the order of the log. Where as many functions have come as sets, a
//! *component* ends: its sets are those of its functions.
//!
//! At the end there may be more sets than functions, so that some sets have no function. These are
//! determined as follows:
//!
//! * A set has no function if it has a value that none of the next [`NEAR`] functions mentions.
//! * If nothing in the log was ever interleaved, one thread may have written it. Then the surplus
//!   set was left at a place since which the number of waiting sets has never been smaller: no
//!   later function needs a set from before such a place. The sequence is cut there into *blocks*,
//!   which are examined one by one. In a block with more sets than functions, it is certain which
//!   set belongs to a function only if the log states that there was one thread; it is then the
//!   latest set.
//! * Otherwise every set that comes before a function may be the function's.

use std::sync::Arc;

use crate::declared::Declared;
use crate::version::AtLeast;

/// The maximum distance, in functions, between records that belong together.
pub(super) const NEAR: usize = 64;

/// The maximum number of possible sets that are kept for a function.
const MOST: usize = 8;

/// A record of declared values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::log) struct Set {
    pub(in crate::log) declared: Declared,
    pub(in crate::log) version: AtLeast,
    pub(in crate::log) line: u32,
}

/// An event that takes the place of a function's declared values in a log.
#[derive(Clone, Debug)]
pub(super) enum Given {
    Set(Arc<Set>),
    /// A record that could not be read; this has been reported.
    Lost,
}

impl Given {
    fn same(&self, other: &Given) -> bool {
        match (self, other) {
            (Given::Set(a), Given::Set(b)) => a.declared == b.declared && a.version == b.version,
            (Given::Lost, Given::Lost) => true,
            (Given::Set(_), Given::Lost) | (Given::Lost, Given::Set(_)) => false,
        }
    }
}

/// The number of a function.
pub(super) type Id = u64;

/// An event that matters to the assignment of sets.
#[derive(Clone, Debug)]
pub(super) enum Arrival {
    Set(Given),
    Function(Id),
}

/// The declared set of a function, as far as it is known.
#[derive(Clone, Debug)]
pub(super) enum Sets {
    /// The set is one of those that wait.
    Open,
    /// The set is one of these, the most likely first.
    Known(Vec<Arc<Set>>),
    /// The set is one of too many, or one that cannot be read.
    Ambiguous,
    /// An error in the set has been reported.
    Reported,
}

/// The sets assigned to a function, and how certain they are.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    pub(super) id: Id,
    pub(super) sets: Sets,
    /// Whether the sets are known only if one thread wrote all records.
    pub(super) if_one_thread: bool,
}

impl Assignment {
    fn certain(id: Id, sets: Sets) -> Assignment {
        Assignment { id, sets, if_one_thread: false }
    }
}

/// The result of assigning the sets of a sequence of events.
#[derive(Clone, Debug, Default)]
pub(super) struct Assigned {
    pub(super) functions: Vec<Assignment>,
    /// The sets without a function.
    pub(super) left: Vec<Given>,
    /// The number of events.
    pub(super) events: usize,
}

/// The rule for determining which sets have no function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// Whether the records are known to be of one thread.
    pub(super) one_thread: bool,
    /// The number of functions that must come after a place for a block to end there; `None` if no
    /// blocks are formed.
    pub(super) behind: Option<usize>,
}

/// Assigns the sets of a component, which has as many sets as functions.
pub(super) fn balanced(events: &[Arrival]) -> Assigned {
    let mut functions = Vec::new();
    let (mut waiting, mut possible) = (0_usize, Possible::default());
    for event in events {
        match event {
            Arrival::Set(given) => {
                waiting += 1;
                possible.add(given);
            }
            Arrival::Function(id) => {
                functions.push(Assignment::certain(*id, possible.sets()));
                waiting = waiting.saturating_sub(1);
                if waiting == 0 {
                    possible = Possible::default();
                }
            }
        }
    }
    Assigned { functions, left: Vec::new(), events: events.len() }
}

/// Assigns the sets of events with more sets than functions. `fits` returns whether a function's
/// text mentions all values of a set. If `all` is true, the last block ends with the events;
/// otherwise the events after the last end of a block are left alone.
pub(super) fn surplus(
    events: &[Arrival],
    rule: Rule,
    all: bool,
    fits: &mut dyn FnMut(&Set, Id) -> bool,
) -> Assigned {
    let mut ends = rule.behind.map_or(Vec::new(), |behind| ends(events, behind));
    if all && ends.last() != Some(&events.len()) {
        ends.push(events.len());
    }
    let (mut assigned, mut start) = (Assigned::default(), 0);
    let mut in_doubt = 0;
    for end in ends {
        let (block, more) = block(&events[start..end], rule, fits);
        in_doubt = rule.in_doubt(more, block.left.len()).max(in_doubt);
        for assignment in block.functions {
            let if_one_thread = in_doubt > 0;
            assigned.functions.push(Assignment { if_one_thread, ..assignment });
            in_doubt = in_doubt.saturating_sub(1);
        }
        assigned.left.extend(block.left);
        start = end;
    }
    Assigned { events: start, ..assigned }
}

impl Rule {
    /// Returns how many functions, from the first of a block, have known sets only if one thread
    /// wrote the log: in the block, `left` sets have no function, and for `more` of them it is not
    /// known which ones they are.
    ///
    /// A set that cannot be identified may belong to any later function, whose own set may then
    /// belong to another one.
    fn in_doubt(&self, more: usize, left: usize) -> usize {
        match (self.one_thread, more, left) {
            (true, _, _) | (false, 0, 0) => 0,
            (false, 0, _) => NEAR,
            // All sets that may be a function's are known.
            (false, _, _) if self.behind.is_none() && left == more => 0,
            (false, _, _) => usize::MAX,
        }
    }
}

/// Returns the places where blocks end: after functions behind which the number of waiting sets
/// never falls below its value there.
fn ends(events: &[Arrival], behind: usize) -> Vec<usize> {
    let mut waiting: Vec<usize> = Vec::with_capacity(events.len());
    let mut count = 0_usize;
    for event in events {
        count = match event {
            Arrival::Set(_) => count + 1,
            Arrival::Function(_) => count.saturating_sub(1),
        };
        waiting.push(count);
    }
    let (mut least, mut functions, mut ends) = (usize::MAX, 0, Vec::new());
    for (index, event) in events.iter().enumerate().rev() {
        let is_least = waiting[index] <= least;
        least = least.min(waiting[index]);
        if let Arrival::Function(_) = event {
            if is_least && functions >= behind {
                ends.push(index + 1);
            }
            functions += 1;
        }
    }
    ends.reverse();
    ends
}

/// Assigns the sets of a block. Also returns how many of the sets that are left may be other sets.
fn block(
    events: &[Arrival],
    rule: Rule,
    fits: &mut dyn FnMut(&Set, Id) -> bool,
) -> (Assigned, usize) {
    let functions = events.iter().filter(|event| matches!(event, Arrival::Function(_))).count();
    let mut more = (events.len() - functions).saturating_sub(functions);
    let mut left = Vec::new();
    let mut kept = Vec::new();
    for (index, event) in events.iter().enumerate() {
        match event {
            Arrival::Set(Given::Set(set)) if more > 0 && functions > 0 => {
                let later = events[index..].iter().filter_map(|event| match event {
                    Arrival::Function(id) => Some(*id),
                    Arrival::Set(_) => None,
                });
                if later.take(NEAR).any(|id| fits(set, id)) {
                    kept.push(event.clone());
                } else {
                    left.push(Given::Set(set.clone()));
                    more -= 1;
                }
            }
            Arrival::Set(_) | Arrival::Function(_) => kept.push(event.clone()),
        }
    }
    let mut assigned = match (more, rule.one_thread) {
        (0, _) => balanced(&kept),
        (_, true) => latest(&kept),
        (_, false) => any(&kept, more),
    };
    assigned.left.splice(0..0, left);
    (assigned, more)
}

/// Assigns to each function the latest set that no other function has.
fn latest(events: &[Arrival]) -> Assigned {
    let (mut waiting, mut functions) = (Vec::new(), Vec::new());
    for event in events {
        match event {
            Arrival::Set(given) => waiting.push(given.clone()),
            Arrival::Function(id) => {
                let sets = match waiting.pop() {
                    Some(Given::Set(set)) => Sets::Known(vec![set]),
                    Some(Given::Lost) | None => Sets::Reported,
                };
                functions.push(Assignment::certain(*id, sets));
            }
        }
    }
    Assigned { functions, left: waiting, events: events.len() }
}

/// Assigns to each function all sets before it. `more` sets are left without a function, and it is
/// not known which ones: the first sets stand for them.
fn any(events: &[Arrival], more: usize) -> Assigned {
    let (mut possible, mut functions, mut left) = (Possible::default(), Vec::new(), Vec::new());
    for event in events {
        match event {
            Arrival::Set(given) => {
                possible.add(given);
                if left.len() < more {
                    left.push(given.clone());
                }
            }
            Arrival::Function(id) => {
                functions.push(Assignment::certain(*id, possible.sets()));
            }
        }
    }
    Assigned { functions, left, events: events.len() }
}

/// The sets that have come so far, without duplicates.
#[derive(Clone, Debug, Default)]
struct Possible {
    /// The sets, the latest last; at most [`MOST`] plus one, which stands for too many.
    sets: Vec<Given>,
}

impl Possible {
    fn add(&mut self, given: &Given) {
        self.sets.retain(|other| !other.same(given));
        self.sets.push(given.clone());
        if self.sets.len() > MOST + 1 {
            self.sets.remove(0);
        }
    }

    fn sets(&self) -> Sets {
        let read = self.sets.iter().rev().map(|given| match given {
            Given::Set(set) => Some(set.clone()),
            Given::Lost => None,
        });
        match (self.sets.as_slice(), read.collect()) {
            ([Given::Lost] | [], _) => Sets::Reported,
            (sets, Some(read)) if sets.len() <= MOST => Sets::Known(read),
            (_, Some(_) | None) => Sets::Ambiguous,
        }
    }
}
