//! The after program: the function, over allocations.

use regalloc2::{Allocation, Block, Edit, Function, ProgPoint};
use stackmap_verifier::model::{Action, After, AfterBuilder, Location, Origin};

use crate::blocks::{self, Blocks, Body};
use crate::classes::Classes;
use crate::error::{AllocationProblem, Error};
use crate::input::{Input, Root, Safepoint};
use crate::instruction::Instructions;
use crate::locations::Locations;
use crate::output::{self, Frame, Kind, REGISTERS, Spot};
use crate::place::Place;
use crate::safepoints::Safepoints;

/// Reads the output. Also says what each of the program's instructions is.
pub(crate) fn lower<F: Function>(
    input: &Input<'_, F>,
    safepoints: &Safepoints<'_>,
) -> Result<(After, Vec<Place>), Error> {
    check_order(input)?;
    let mut lowering = Lowering {
        input,
        safepoints,
        frame: Frame::new(input.function, input.output, input.env),
        locations: Locations::new(),
        builder: AfterBuilder::new(),
        instructions: Instructions::default(),
        places: Vec::new(),
        roots: Vec::new(),
        scratch: Vec::new(),
        classes: None,
    };
    let blocks = Blocks::new(input.function);
    for block in blocks.iter() {
        let counterpart = Some(blocks.id(block));
        lowering.builder.block(blocks::name(block), Origin::default(), counterpart, &[]);
        lowering.block(block)?;
        let targets = input.function.block_succs(block).iter();
        lowering.builder.leave(targets.map(|&target| (blocks.id(target), &[][..])));
    }
    let mut builder = lowering.builder;
    lowering.locations.finish(input.env, lowering.frame.slots(), &mut builder);
    Ok((builder.finish(), lowering.places))
}

/// Edits must be sorted, and at instructions that exist.
fn check_order<F: Function>(input: &Input<'_, F>) -> Result<(), Error> {
    let mut last = None;
    for (edit, &(point, _)) in input.output.edits.iter().enumerate() {
        let inst = point.inst();
        if inst.index() >= input.function.num_insts() {
            return Err(Error::EditNowhere { edit, inst });
        }
        if last.replace(point).is_some_and(|last| last > point) {
            return Err(Error::EditOrder { edit });
        }
    }
    Ok(())
}

struct Lowering<'a, F: Function> {
    input: &'a Input<'a, F>,
    safepoints: &'a Safepoints<'a>,
    frame: Frame<'a, F>,
    locations: Locations,
    builder: AfterBuilder,
    instructions: Instructions,
    places: Vec<Place>,
    roots: Vec<Location>,
    /// The scratch registers that edits have written since the last instruction.
    scratch: Vec<Location>,
    /// Made when a move between spill slots asks for it.
    classes: Option<Classes>,
}

impl<F: Function> Lowering<'_, F> {
    /// A block's instructions and edits, merged by program point as
    /// [`Output::block_insts_and_edits`](regalloc2::Output::block_insts_and_edits)
    /// does. Like there, an edit behind the last instruction never runs: control
    /// has left by then.
    fn block(&mut self, block: Block) -> Result<(), Error> {
        let function = self.input.function;
        let edits = &self.input.output.edits;
        let body = Body::new(function, block)?;
        let mut next = edits.partition_point(|&(p, _)| p < ProgPoint::before(body.first));
        for inst in body.iter() {
            while let Some((point, edit)) = edits.get(next)
                && *point <= ProgPoint::before(inst)
            {
                self.edit(next, edit)?;
                next += 1;
            }
            self.builder.instruction(true, Origin::default());
            self.places.push(Place::Instruction(inst));
            for at in self.scratch.drain(..) {
                self.builder.action(Action::Clobber { at });
            }
            let safepoint = self.safepoints.at(inst);
            if let Some(safepoint) = safepoint {
                self.read_roots(safepoint)?;
            }
            let allocations = output::allocations(function, self.input.output, inst)?;
            let is_split = self.instructions.emit(
                &self.frame,
                &mut self.locations,
                &mut self.builder,
                (function, inst),
                allocations,
                safepoint.map(|_| self.roots.as_slice()),
            )?;
            if is_split {
                self.places.push(Place::Instruction(inst));
            }
        }
        Ok(())
    }

    fn edit(&mut self, edit: usize, Edit::Move { from, to }: &Edit) -> Result<(), Error> {
        let (from, to) = self.ends(edit, *from, *to)?;
        self.builder.instruction(false, Origin::default());
        self.places.push(Place::Edit(edit));
        let is_scratch = self.frame.is_scratch(to);
        let (from, to) = (self.locations.of(from), self.locations.of(to));
        self.builder.action(Action::Move { from, to });
        if is_scratch && !self.scratch.contains(&to) {
            self.scratch.push(to);
        }
        Ok(())
    }

    /// The places a move is between. A register says what class of value it moves.
    fn ends(
        &mut self,
        edit: usize,
        from: Allocation,
        to: Allocation,
    ) -> Result<(Spot, Spot), Error> {
        let wrong = |problem: AllocationProblem| Error::Edit { edit, problem };
        let (from, to) = (output::kind(from).map_err(wrong)?, output::kind(to).map_err(wrong)?);
        let class = match (from, to) {
            (Kind::Register(from), Kind::Register(to)) if from.class() != to.class() => {
                return Err(Error::TwoClasses { edit });
            }
            (Kind::Register(register), Kind::Register(_) | Kind::Stack(_))
            | (Kind::Stack(_), Kind::Register(register)) => register.class(),
            (Kind::Stack(from), Kind::Stack(to)) => {
                let Input { function, output, .. } = self.input;
                let classes = self.classes.get_or_insert_with(|| Classes::new(*function, output));
                classes.between(from, to).ok_or(Error::UnknownClass { edit })?
            }
        };
        let end = |kind| self.frame.end(kind, class).map_err(wrong);
        Ok((end(from)?, end(to)?))
    }

    fn read_roots(&mut self, safepoint: &Safepoint) -> Result<(), Error> {
        self.roots.clear();
        for (index, &root) in safepoint.roots.iter().enumerate() {
            let spot = match root {
                Root::Register(register) if register.index() < REGISTERS => {
                    Some(Spot::Register(register.index()))
                }
                Root::Register(_) => None,
                Root::Stack(slot, class) => self.frame.place(slot.index(), class).ok().flatten(),
            };
            let spot = spot.ok_or(Error::Root { inst: safepoint.inst, index })?;
            self.roots.push(self.locations.of(spot));
        }
        Ok(())
    }
}
