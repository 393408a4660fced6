//! What the code of each instruction reads, and which contents are references.

use std::collections::{BTreeMap, BTreeSet};

use cranelift_codegen::ir::{Function, Inst, Value};

use super::matched::Matched;
use super::names::{Name, Passed, computes, is_constant};
use super::observed::Observer;
use super::slots::Slots;
use crate::access::SlotAccess;
use crate::machine::{Content, Copies, Direction, Instruction, Operand, Origin, Place};
use crate::replay::Owner;

/// A read of a register or a frame cell whose content is used.
#[derive(Clone, Copy)]
pub(super) struct Read {
    /// The offset of the machine instruction in the code.
    pub(super) at: u32,
    /// The instruction in whose code it is.
    pub(super) reader: Inst,
    pub(super) place: Place,
    pub(super) content: Content,
}

/// A machine instruction that loads from a slot with references.
#[derive(Clone, Copy)]
pub(super) struct Loaded {
    /// Its offset in the code.
    pub(super) at: u32,
    pub(super) origin: Origin,
    /// The load in the CLIF.
    pub(super) access: SlotAccess,
}

/// What the code of an instruction reads.
#[derive(Default)]
pub(super) struct Reader {
    /// Whether it uses any content.
    pub(super) uses: bool,
    /// Whether it may read more than is known.
    pub(super) is_partial: bool,
    /// What it reads, if only to copy it.
    pub(super) origins: BTreeSet<Origin>,
}

/// What is read, and the references among it.
#[derive(Default)]
pub(super) struct Reads {
    /// By address.
    pub(super) list: Vec<Read>,
    pub(super) readers: BTreeMap<Inst, Reader>,
    /// The machine instructions that load each value that is loaded from a slot with references.
    pub(super) loaded: BTreeMap<Value, Vec<Loaded>>,
    /// What may be a reference, and the names that each may have.
    names: BTreeMap<Origin, BTreeSet<Name>>,
    /// For joined contents, those among them.
    joined: BTreeMap<Origin, BTreeSet<Origin>>,
}

impl Reads {
    /// Collects what is read. A reference is what is loaded from a slot with references, or stored to
    /// one, and is no constant.
    ///
    /// Cost: linear in the code; and for each reference, in the joined contents that it may be in.
    pub(super) fn new(
        observer: &Observer<'_>,
        copies: &Copies<'_>,
        slots: &Slots,
        matched: &Matched,
        passed: &Passed<'_>,
    ) -> Reads {
        let mut reads = Reads::default();
        let places = matched.places.iter();
        let places: BTreeMap<(u32, Direction), SlotAccess> = places
            .map(|&(at, number, _)| {
                let access = slots.accesses[number];
                ((at, access.direction), access)
            })
            .collect();
        let mut stored: Vec<(Origin, Inst)> = Vec::new();
        let sources = copies.walk(|instruction, contents| {
            let at = instruction.start;
            let access = |direction| places.get(&(at, direction)).copied();
            match instruction.copied {
                Some((Operand::Memory, Operand::Register(register))) => {
                    if let Some(access) = access(Direction::Read) {
                        let value = observer.function.dfg.first_result(access.instruction);
                        let origin = Origin::Made { at, register };
                        let loaded = Loaded { at, origin, access };
                        reads.loaded.entry(value).or_default().push(loaded);
                        reads.names.insert(origin, BTreeSet::from([Name::Value(value)]));
                    }
                }
                Some((Operand::Register(register), Operand::Memory)) => {
                    let content = contents.get(Place::Register(register));
                    let store = access(Direction::Write).map(|access| access.instruction);
                    stored.extend(content.map(|content| content.origin).zip(store));
                }
                Some(_) | None => {}
            }
            if let Owner::Instruction(reader) = observer.facts.owner(at) {
                let content = |place| contents.get(place);
                reads.add(observer, copies, instruction, reader, content);
            }
        });
        for (origin, store) in stored {
            reads.name(observer, passed, &sources, origin, store);
        }
        reads.joined = joined(&reads.names, &sources);
        reads
    }

    fn add(
        &mut self,
        observer: &Observer<'_>,
        copies: &Copies<'_>,
        instruction: &Instruction,
        reader: Inst,
        content: impl Fn(Place) -> Option<Content>,
    ) {
        let at = instruction.start;
        let observed = observer.observed(copies, instruction, reader);
        let entry = self.readers.entry(reader).or_default();
        entry.uses |= !observed.used.is_empty();
        entry.is_partial |= observed.is_partial;
        for place in observed.used.iter().chain(&observed.copied).copied() {
            match content(place) {
                Some(content) => drop(entry.origins.insert(content.origin)),
                None => entry.is_partial = true,
            }
        }
        let origin = |register| Some(content(Place::Register(register))?.origin);
        if let Some([a, b]) = instruction.difference
            && origin(a).is_some()
            && origin(a) == origin(b)
        {
            return;
        }
        let used = observed.used.into_iter().filter_map(|place| Some((place, content(place)?)));
        self.list.extend(used.map(|(place, content)| Read { at, reader, place, content }));
    }

    /// Names what a store to a slot with references stores.
    fn name(
        &mut self,
        observer: &Observer<'_>,
        passed: &Passed<'_>,
        sources: &BTreeMap<Origin, BTreeSet<Origin>>,
        stored: Origin,
        store: Inst,
    ) {
        let function = observer.function;
        let value = function.dfg.inst_args(store).first().copied();
        let names = passed.behind(value.into_iter(), |of| computes(function, of));
        let mut todo = vec![stored];
        let mut seen = BTreeSet::new();
        while let Some(origin) = todo.pop() {
            if !seen.insert(origin) {
                continue;
            }
            todo.extend(sources.get(&origin).into_iter().flatten());
            let owner = observer.facts.maker(origin);
            let is_joined = matches!(origin, Origin::Joined { .. });
            if is_joined || owner.is_some_and(|owner| is_constant(function, owner)) {
                continue;
            }
            // If it is made in the code of an instruction whose result is among them, it is that.
            let own = names.iter().filter(|name| owner.is_some_and(|o| is_of(function, o, **name)));
            let own: BTreeSet<Name> = own.copied().collect();
            let names = if own.is_empty() { &names } else { &own };
            self.names.entry(origin).or_default().extend(names);
        }
    }

    /// Returns the references that some content may be, with their names.
    pub(super) fn references(
        &self,
        content: Origin,
    ) -> impl Iterator<Item = (Origin, &BTreeSet<Name>)> {
        let joined = self.joined.get(&content).into_iter().flatten();
        let references = [content].into_iter().chain(joined.copied());
        references.filter_map(|origin| Some((origin, self.names.get(&origin)?)))
    }
}

/// Returns whether a name is that of what an instruction makes.
fn is_of(function: &Function, instruction: Inst, name: Name) -> bool {
    match name {
        Name::Value(value) => function.dfg.inst_results(instruction).contains(&value),
        Name::Returned(call, _) | Name::Thrown(call, _) => call == instruction,
    }
}

/// Returns, for joined contents, which of those with names they may be.
fn joined(
    names: &BTreeMap<Origin, BTreeSet<Name>>,
    sources: &BTreeMap<Origin, BTreeSet<Origin>>,
) -> BTreeMap<Origin, BTreeSet<Origin>> {
    let mut into: BTreeMap<Origin, Vec<Origin>> = BTreeMap::new();
    for (&origin, sources) in sources {
        for &source in sources {
            into.entry(source).or_default().push(origin);
        }
    }
    let mut joined: BTreeMap<Origin, BTreeSet<Origin>> = BTreeMap::new();
    for &origin in names.keys() {
        let mut todo = vec![origin];
        while let Some(from) = todo.pop() {
            for &next in into.get(&from).into_iter().flatten() {
                if joined.entry(next).or_default().insert(origin) {
                    todo.push(next);
                }
            }
        }
    }
    joined
}
