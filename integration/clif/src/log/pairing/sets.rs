//! Which sets may be those of which functions.
//!
//! Sets and functions come in the order of the log. Where as many functions have
//! come as sets, a *component* ends: its sets are those of its functions.
//!
//! At the end there may be more sets than functions: some have no function. Which,
//! then?
//!
//! * A set that has a value which none of the next [`NEAR`] functions mentions.
//! * If nothing in the log was ever interleaved, it may have been one thread that wrote
//!   it. Then the set was left where the number of sets that wait was last as small as
//!   it has been ever since: no later function needs a set from before such a place.
//!   The sequence is cut there into *blocks*, which are looked at one by one. In a block
//!   with more sets than functions, it is certain which set is a function's only if the
//!   log says that there was one thread; it is the latest then.
//! * Otherwise every set that comes before a function may be the function's.

use std::sync::Arc;

use crate::declared::Declared;
use crate::version::AtLeast;

/// What belongs together is never further apart than so many functions.
pub(super) const NEAR: usize = 64;

/// So many sets may be a function's.
const MOST: usize = 8;

/// A record of declared values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::log) struct Set {
    pub(in crate::log) declared: Declared,
    pub(in crate::log) version: AtLeast,
    pub(in crate::log) line: u32,
}

/// What takes the place of a function's declared values in a log.
#[derive(Clone, Debug)]
pub(super) enum Given {
    Set(Arc<Set>),
    /// A record that could not be read, which has been reported.
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

/// A function, by its number.
pub(super) type Id = u64;

/// Something that counts when sets are assigned.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Set(Given),
    Function(Id),
}

/// What is known of a function's declared set.
#[derive(Clone, Debug)]
pub(super) enum Sets {
    /// It is among the sets that wait.
    Open,
    /// It is one of these, the likeliest first.
    Known(Vec<Arc<Set>>),
    /// It is one of too many, or one that cannot be read.
    Ambiguous,
    /// What is wrong with it has been reported.
    Reported,
}

/// What is known of a function's declared set, and how surely.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    pub(super) id: Id,
    pub(super) sets: Sets,
    /// Whether it is known only if one thread wrote all records.
    pub(super) if_one_thread: bool,
}

impl Assignment {
    fn certain(id: Id, sets: Sets) -> Assignment {
        Assignment { id, sets, if_one_thread: false }
    }
}

/// What came of events.
#[derive(Clone, Debug, Default)]
pub(super) struct Assigned {
    pub(super) functions: Vec<Assignment>,
    /// Sets without a function.
    pub(super) left: Vec<Given>,
    /// How many events there were.
    pub(super) events: usize,
}

/// How to tell which sets have no function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// Whether the records are of one thread.
    pub(super) one_thread: bool,
    /// How many functions must come after a place for it to be one where a block ends;
    /// `None` if there are no such places.
    pub(super) behind: Option<usize>,
}

/// Assigns the sets of a component, in which there are as many as functions.
pub(super) fn balanced(events: &[Event]) -> Assigned {
    let mut functions = Vec::new();
    let (mut waiting, mut possible) = (0_usize, Possible::default());
    for event in events {
        match event {
            Event::Set(given) => {
                waiting += 1;
                possible.add(given);
            }
            Event::Function(id) => {
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

/// Assigns the sets of events in which there are more than functions. `fits` is
/// whether a function's text mentions all values of a set. If `all` are asked for,
/// the last block ends with the events; otherwise those after the last place where
/// one ends are left alone.
pub(super) fn surplus(
    events: &[Event],
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
    /// How many functions, from the first of a block, have their sets only if one thread
    /// wrote the log: in the block, `left` sets have no function, and which ones is not
    /// known of `more`.
    ///
    /// One that nobody knows of may be that of any function that comes later, whose own
    /// set may be that of another one.
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

/// The places where blocks end: behind functions after which no fewer sets wait, ever.
fn ends(events: &[Event], behind: usize) -> Vec<usize> {
    let mut waiting: Vec<usize> = Vec::with_capacity(events.len());
    let mut count = 0_usize;
    for event in events {
        count = match event {
            Event::Set(_) => count + 1,
            Event::Function(_) => count.saturating_sub(1),
        };
        waiting.push(count);
    }
    let (mut least, mut functions, mut ends) = (usize::MAX, 0, Vec::new());
    for (index, event) in events.iter().enumerate().rev() {
        let is_least = waiting[index] <= least;
        least = least.min(waiting[index]);
        if let Event::Function(_) = event {
            if is_least && functions >= behind {
                ends.push(index + 1);
            }
            functions += 1;
        }
    }
    ends.reverse();
    ends
}

/// Assigns the sets of a block. How many of those that are left may be others is
/// returned with that.
fn block(
    events: &[Event],
    rule: Rule,
    fits: &mut dyn FnMut(&Set, Id) -> bool,
) -> (Assigned, usize) {
    let functions = events.iter().filter(|event| matches!(event, Event::Function(_))).count();
    let mut more = (events.len() - functions).saturating_sub(functions);
    let mut left = Vec::new();
    let mut kept = Vec::new();
    for (index, event) in events.iter().enumerate() {
        match event {
            Event::Set(Given::Set(set)) if more > 0 && functions > 0 => {
                let later = events[index..].iter().filter_map(|event| match event {
                    Event::Function(id) => Some(*id),
                    Event::Set(_) => None,
                });
                if later.take(NEAR).any(|id| fits(set, id)) {
                    kept.push(event.clone());
                } else {
                    left.push(Given::Set(set.clone()));
                    more -= 1;
                }
            }
            Event::Set(_) | Event::Function(_) => kept.push(event.clone()),
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

/// Assigns to each function the latest set that no other has.
fn latest(events: &[Event]) -> Assigned {
    let (mut waiting, mut functions) = (Vec::new(), Vec::new());
    for event in events {
        match event {
            Event::Set(given) => waiting.push(given.clone()),
            Event::Function(id) => {
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

/// Assigns to each function all sets before it. So many are left, and it is not known
/// which: the first stand for them.
fn any(events: &[Event], more: usize) -> Assigned {
    let (mut possible, mut functions, mut left) = (Possible::default(), Vec::new(), Vec::new());
    for event in events {
        match event {
            Event::Set(given) => {
                possible.add(given);
                if left.len() < more {
                    left.push(given.clone());
                }
            }
            Event::Function(id) => {
                functions.push(Assignment::certain(*id, possible.sets()));
            }
        }
    }
    Assigned { functions, left, events: events.len() }
}

/// The sets that have come, each once.
#[derive(Clone, Debug, Default)]
struct Possible {
    /// The latest last; too many are one more than [`MOST`].
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
