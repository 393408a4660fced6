//! Observations that fail, grouped by the defect that makes them fail.
//!
//! If several observations show one defect, only the path of the first is kept.

use std::collections::BTreeSet;

use super::accesses::Tick;
use super::question::{Failure, Want};
use crate::findings::Code;
use crate::model::Location;
use crate::pair::Point;

/// The key by which failures are grouped into one defect: the finding's code, the location that
/// went wrong, and the tick at which it did.
pub(super) type Defect = (Code, Location, Tick);

/// An observation that fails.
pub(super) struct Failed {
    /// The position of the observation in the order of the input.
    pub(super) number: usize,
    pub(super) point: Point,
    pub(super) at: Location,
    pub(super) want: Want,
    pub(super) failure: Failure,
}

/// An observation: its tick, its action, the location that is observed, and the requirement on
/// that location.
pub(super) type Observation = (Tick, Point, Location, Want);

/// The observations that one defect makes fail.
#[derive(Default)]
pub(super) struct Shown {
    first: Option<Failed>,
    /// The numbers and points of the further observations.
    others: Vec<(usize, Point)>,
    pub(super) roots: BTreeSet<Location>,
}

impl Shown {
    /// Whether no observation has been added yet.
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Adds an observation. Observations may be added in any order.
    pub(super) fn add(&mut self, failed: Failed) {
        self.roots.insert(failed.at);
        let later = match self.first.take() {
            Some(first) if first.number < failed.number => {
                let later = (failed.number, failed.point);
                self.first = Some(first);
                Some(later)
            }
            first => {
                self.first = Some(failed);
                first.map(|first| (first.number, first.point))
            }
        };
        self.others.extend(later);
    }

    /// Returns the first observation and the points of the others, in the order of the input.
    pub(super) fn in_order(mut self) -> Option<(Failed, Vec<Point>)> {
        self.others.sort_unstable();
        Some((self.first?, self.others.into_iter().map(|(_, point)| point).collect()))
    }
}
