//! The state of an execution at a point.

use std::collections::BTreeMap;

use stackmap_verifier::Collector;
use stackmap_verifier::model::{After, Location, Value};

/// The result of one execution of one definition; or a value that is not a reference, from the
/// point where a declared parameter makes it one.
type Instance = u16;

/// The null instance, which exists from the start: every null value is this instance.
const NULL: Instance = 0;

/// The locations of an instance, and whether it is stale there.
type Places = [(usize, bool)];

/// The contents of a location.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Content {
    /// Nothing was written to it.
    Uninitialized,
    /// Copies of these instances, each with whether the object has moved since. Usually one;
    /// none if the contents are not an instance.
    Copies(Vec<(Instance, bool)>),
}

impl Content {
    /// Contents that are not an instance.
    pub(super) const UNKNOWN: Content = Content::Copies(Vec::new());

    fn copies(&self) -> &[(Instance, bool)] {
        match self {
            Content::Uninitialized => &[],
            Content::Copies(copies) => copies,
        }
    }

    fn copies_mut(&mut self) -> &mut [(Instance, bool)] {
        match self {
            Content::Uninitialized => &mut [],
            Content::Copies(copies) => copies,
        }
    }
}

/// The failure of an observation or a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wrong {
    /// An observation sees no instance, or another one than it should.
    OtherInstance,
    /// An observation sees a copy that went stale.
    StaleCopy,
    /// A root was not written.
    UninitializedRoot,
    /// A root is no reference.
    NoReference,
    /// A root is a copy that went stale.
    StaleRoot,
    /// A root is not a valid place for a reference.
    Malformed,
}

impl Wrong {
    /// Whether the failing read is the collector's, and not the program's.
    pub fn is_of_a_root(self) -> bool {
        match self {
            Wrong::UninitializedRoot | Wrong::NoReference | Wrong::StaleRoot => true,
            Wrong::OtherInstance | Wrong::StaleCopy | Wrong::Malformed => false,
        }
    }
}

/// Both programs' memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct State {
    /// For each value, the instance that it means.
    names: Vec<Option<Instance>>,
    /// For each location, its contents.
    contents: Vec<Content>,
    /// For each instance, whether it is a reference.
    references: Vec<bool>,
}

impl State {
    pub(super) fn new(values: usize, locations: usize) -> Self {
        State {
            names: vec![None; values],
            contents: vec![Content::Uninitialized; locations],
            // Null is not a reference: it does not move.
            references: vec![false],
        }
    }

    fn instance(&mut self, reference: bool) -> Instance {
        self.references.push(reference);
        Instance::try_from(self.references.len() - 1).unwrap_or(Instance::MAX)
    }

    fn is_reference(&self, instance: Instance) -> bool {
        self.references[usize::from(instance)]
    }

    /// A definition makes a new instance.
    pub(super) fn define(&mut self, value: Value, at: Location, reference: bool, after: &After) {
        let instance = self.instance(reference);
        self.names[value.index()] = Some(instance);
        self.write(at, Content::Copies(vec![(instance, false)]), after);
    }

    /// A value is null from here on.
    pub(super) fn make_null(&mut self, value: Value) {
        self.names[value.index()] = Some(NULL);
    }

    pub(super) fn write_null(&mut self, at: Location, after: &After) {
        self.write(at, Content::Copies(vec![(NULL, false)]), after);
    }

    /// A value becomes another name of the instance that another value means.
    pub(super) fn name(&mut self, value: Value, other: Value) {
        self.names[value.index()] = self.names[other.index()];
    }

    /// A write to a cell invalidates all other cells that share a byte with it.
    pub(super) fn write(&mut self, at: Location, content: Content, after: &After) {
        if let Some(cell) = after.cell(at) {
            for other in after.locations() {
                if after.cell(other).is_some_and(|other| other.overlaps(cell)) {
                    self.contents[other.index()] = Content::UNKNOWN;
                }
            }
        }
        self.contents[at.index()] = content;
    }

    pub(super) fn content(&self, at: Location) -> Content {
        self.contents[at.index()].clone()
    }

    /// Checks an observation: it must see the instance that the value means, and a fresh copy
    /// if the instance is a reference. (Copies of other instances never become stale.)
    pub(super) fn observe(&self, value: Value, at: Location) -> Option<Wrong> {
        let meant = self.names[value.index()];
        let copies = self.contents[at.index()].copies();
        match copies.iter().find(|&&(instance, _)| Some(instance) == meant) {
            Some((_, false)) => None,
            Some((_, true)) => Some(Wrong::StaleCopy),
            None => Some(Wrong::OtherInstance),
        }
    }

    /// Whether a location holds a fresh copy of the instance that a value means here.
    pub(super) fn holds(&self, at: Location, value: Value) -> bool {
        let copies = self.contents[at.index()].copies();
        self.names[value.index()].is_some_and(|meant| copies.contains(&(meant, false)))
    }

    /// Whether the instance that a value means here is a reference or null; `None` if the value
    /// means none.
    pub(super) fn is_a_reference(&self, value: Value) -> Option<bool> {
        self.names[value.index()].map(|meant| meant == NULL || self.is_reference(meant))
    }

    /// Whether a value means null here.
    pub(super) fn is_null(&self, value: Value) -> bool {
        self.names[value.index()] == Some(NULL)
    }

    /// Whether a location holds null.
    pub(super) fn holds_null(&self, at: Location) -> bool {
        self.contents[at.index()].copies().contains(&(NULL, false))
    }

    /// Checks a root: it must be a fresh reference, or null, which a collector skips.
    pub(super) fn root(&self, at: Location) -> Option<Wrong> {
        let content = &self.contents[at.index()];
        let good = |&(instance, stale): &(Instance, bool)| {
            instance == NULL || (self.is_reference(instance) && !stale)
        };
        match content {
            Content::Uninitialized => Some(Wrong::UninitializedRoot),
            Content::Copies(copies) if copies.iter().any(good) => None,
            Content::Copies(copies) if copies.iter().any(|copy| copy.1) => Some(Wrong::StaleRoot),
            Content::Copies(_) => Some(Wrong::NoReference),
        }
    }

    /// Performs a safepoint: every object moves, and the collector updates the roots and nothing
    /// else. A root that holds a reference is a copy of that alone once it is updated: if the same
    /// bits were a number as well, they no longer are. A collector that does not move objects keeps
    /// the instances that its roots hold.
    pub(super) fn safepoint(&mut self, roots: &[Location], collector: Collector) {
        let held = roots.iter().flat_map(|root| self.contents[root.index()].copies());
        let kept: Vec<Instance> = match collector {
            Collector::Moving => Vec::new(),
            Collector::NonMoving => held.filter(|(_, stale)| !stale).map(|copy| copy.0).collect(),
        };
        for (i, content) in self.contents.iter_mut().enumerate() {
            let moves = |instance: Instance| self.references[usize::from(instance)];
            let is_root = roots.iter().any(|root| root.index() == i);
            match (is_root, content, collector) {
                (true, Content::Copies(copies), Collector::Moving)
                    if copies.iter().any(|&(instance, stale)| moves(instance) && !stale) =>
                {
                    copies.retain(|&(instance, _)| moves(instance));
                }
                (true, _, _) => {}
                (false, content, _) => {
                    for (instance, stale) in content.copies_mut() {
                        *stale |= moves(*instance) && !kept.contains(instance);
                    }
                }
            }
        }
    }

    /// Assigns the locations of an edge in parallel.
    pub(super) fn assign(&mut self, params: &[Location], args: &[Location], after: &After) {
        let passed: Vec<Content> = args.iter().map(|&at| self.content(at)).collect();
        for (&param, content) in params.iter().zip(passed) {
            self.write(param, content, after);
        }
    }

    /// Binds the values of an edge in parallel. A parameter means the same instance as its
    /// argument. The instance of a declared parameter is a reference in any case, unless it is
    /// null. If the argument is not a reference, then every copy is a reference under the
    /// parameter's name from here on; under its own name it does not change.
    pub(super) fn bind(
        &mut self,
        params: &[Value],
        args: &[Value],
        is_declared: impl Fn(Value) -> bool,
    ) {
        let passed: Vec<Option<Instance>> =
            args.iter().map(|arg| self.names[arg.index()]).collect();
        for (&param, meant) in params.iter().zip(passed) {
            self.names[param.index()] = match meant {
                Some(plain) if is_declared(param) && plain != NULL && !self.is_reference(plain) => {
                    let reference = self.instance(true);
                    for content in &mut self.contents {
                        if let Content::Copies(copies) = content
                            && copies.contains(&(plain, false))
                        {
                            copies.push((reference, false));
                        }
                    }
                    Some(reference)
                }
                Some(_) | None => meant,
            };
        }
    }

    /// Forgets the values and contents that are never read again.
    pub(super) fn forget(
        &mut self,
        name: impl Fn(Value) -> bool,
        location: impl Fn(Location) -> bool,
    ) {
        for (i, meant) in self.names.iter_mut().enumerate() {
            if name(Value::new(i)) {
                *meant = None;
            }
        }
        for (i, content) in self.contents.iter_mut().enumerate() {
            if location(Location::new(i)) {
                *content = Content::Uninitialized;
            }
        }
    }

    /// Returns a canonical form of the state, which is the same for all states that differ only
    /// in the instances' numbers. Instances that no name means and that are in the same places
    /// can no longer be distinguished, so one of them stands for all; an instance that is
    /// nowhere is removed. So there are finitely many states.
    pub(super) fn canonical(mut self) -> State {
        // For each instance, its locations, and whether it is stale there.
        let mut places: Vec<Vec<(usize, bool)>> = vec![Vec::new(); self.references.len()];
        for (i, content) in self.contents.iter().enumerate() {
            for &(instance, stale) in content.copies() {
                places[usize::from(instance)].push((i, stale));
            }
        }
        let mut number: Vec<Option<Instance>> = vec![None; self.references.len()];
        let mut references = Vec::new();
        // Null keeps its number.
        number[usize::from(NULL)] = Some(push(&mut references, false));
        for name in self.names.iter_mut().flatten() {
            let old = usize::from(*name);
            let number =
                number[old].get_or_insert_with(|| push(&mut references, self.references[old]));
            *name = *number;
        }
        let mut nameless: Vec<usize> = (0..number.len()).filter(|&i| number[i].is_none()).collect();
        nameless.sort_by_key(|&i| (&places[i], self.references[i]));
        let mut numbered: BTreeMap<(&Places, bool), Instance> = BTreeMap::new();
        for i in nameless {
            let reference = self.references[i];
            if !places[i].is_empty() {
                let entry = numbered.entry((&places[i], reference));
                number[i] = Some(*entry.or_insert_with(|| push(&mut references, reference)));
            }
        }
        for content in &mut self.contents {
            if let Content::Copies(copies) = content {
                for (instance, _) in copies.iter_mut() {
                    *instance = number[usize::from(*instance)].unwrap_or(*instance);
                }
                copies.sort_unstable();
                copies.dedup();
            }
        }
        self.references = references;
        self
    }
}

fn push(references: &mut Vec<bool>, reference: bool) -> Instance {
    references.push(reference);
    Instance::try_from(references.len() - 1).unwrap_or(Instance::MAX)
}
