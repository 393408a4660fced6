//! Faults that an allocator, or a compiler that makes stack maps, could make.
//!
//! Some faults are harmless where they are made: a dropped edit whose copy nothing reads, a
//! root that is dead. The oracle decides which.

use regalloc2::{Allocation, Edit, Function, Inst, PReg, RegClass, SpillSlot};
use stackmap_regalloc2::Root;

use crate::case::Case;
use crate::machine::{CLASSES, REGISTERS};
use crate::random::Random;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// An edit is missing.
    DropEdit,
    /// Two edits at one point are exchanged.
    SwapEdits,
    /// An edit moves from another place.
    EditFrom,
    /// An edit moves to another place.
    EditTo,
    /// An operand is in another place.
    MoveOperand,
    /// The places of two operands of an instruction are exchanged.
    SwapOperands,
    /// Two spill slots become one.
    MergeSlots,
    /// An entry is missing from a stack map.
    DropRoot,
    /// An entry names another place.
    MoveRoot,
    /// A stack map has an additional entry.
    AddRoot,
    /// The stack maps of two safepoints are exchanged.
    SwapMaps,
    /// A block parameter that receives references is not declared.
    Undeclare,
}

impl Fault {
    /// The faults in allocations.
    pub const ALLOCATION: [Fault; 7] = [
        Fault::DropEdit,
        Fault::SwapEdits,
        Fault::EditFrom,
        Fault::EditTo,
        Fault::MoveOperand,
        Fault::SwapOperands,
        Fault::MergeSlots,
    ];

    /// The faults in stack maps and declarations.
    pub const MAPS: [Fault; 5] =
        [Fault::DropRoot, Fault::MoveRoot, Fault::AddRoot, Fault::SwapMaps, Fault::Undeclare];

    /// Makes this fault somewhere in a case. `None` if there is no site for it.
    pub fn strike<'f, F: Function>(
        self,
        case: &Case<'f, F>,
        random: &mut Random,
    ) -> Option<Case<'f, F>> {
        let mut broken = case.clone();
        match self {
            Fault::DropEdit => {
                let edit = random.below(case.output.edits.len());
                case.output.edits.get(edit)?;
                broken.output.edits.remove(edit);
            }
            Fault::SwapEdits => {
                let pairs = case.output.edits.windows(2).enumerate();
                let pairs = pairs.filter(|(_, pair)| pair[0].0 == pair[1].0);
                let pairs: Vec<usize> = pairs.map(|(i, _)| i).collect();
                let first = random.pick(&pairs)?;
                broken.output.edits.swap(first, first + 1);
            }
            Fault::EditFrom | Fault::EditTo => {
                let edit = random.below(case.output.edits.len());
                let (_, Edit::Move { from, to }) = broken.output.edits.get_mut(edit)?;
                let (end, other) = if self == Fault::EditFrom { (from, to) } else { (to, from) };
                *end = elsewhere(case, *end, *other, random)?;
            }
            Fault::MoveOperand => {
                let (at, class) = operand(case, random)?;
                let place = broken.output.allocs.get_mut(at)?;
                *place = somewhere(case, class, random);
            }
            Fault::SwapOperands => {
                let inst = Inst::new(random.below(case.function.num_insts()));
                let start = *case.output.inst_alloc_offsets.get(inst.index())? as usize;
                let operands = case.function.inst_operands(inst);
                let a = random.below(operands.len());
                let untracked = |i: usize| operands[i].as_fixed_nonallocatable().is_some();
                let same: Vec<usize> = (0..operands.len())
                    .filter(|&b| b != a && operands[b].class() == operands[a].class())
                    .filter(|&b| !untracked(a) && !untracked(b))
                    .collect();
                let b = random.pick(&same)?;
                broken.output.allocs.swap(start + a, start + b);
            }
            Fault::MergeSlots => merge(&mut broken, random)?,
            Fault::DropRoot => {
                let (safepoint, root) = root(case, random)?;
                broken.safepoints[safepoint].roots.remove(root);
            }
            Fault::MoveRoot => {
                let (safepoint, root) = root(case, random)?;
                let place = &mut broken.safepoints[safepoint].roots[root];
                let class = match *place {
                    Root::Register(register) => register.class(),
                    Root::Stack(_, class) => class,
                };
                *place = Root::new(somewhere(case, class, random), class)?;
            }
            Fault::AddRoot => {
                let class = random.pick(&CLASSES)?;
                let added = Root::new(somewhere(case, class, random), class)?;
                let safepoint = random.below(case.safepoints.len());
                broken.safepoints.get_mut(safepoint)?.roots.push(added);
            }
            Fault::SwapMaps => {
                let a = random.below(case.safepoints.len());
                let b = random.below(case.safepoints.len());
                let (first, second) = (a.min(b), a.max(b));
                let (left, right) = broken.safepoints.split_at_mut(second);
                std::mem::swap(&mut left.get_mut(first)?.roots, &mut right.first_mut()?.roots);
            }
            Fault::Undeclare => {
                let reference = random.below(case.references.len());
                case.references.get(reference)?;
                broken.references.remove(reference);
            }
        }
        Some(broken)
    }
}

/// An operand's index among all allocations, and its class.
fn operand<F: Function>(case: &Case<'_, F>, random: &mut Random) -> Option<(usize, RegClass)> {
    let inst = Inst::new(random.below(case.function.num_insts()));
    let operands = case.function.inst_operands(inst);
    let operand = random.below(operands.len());
    let chosen = operands.get(operand).filter(|o| o.as_fixed_nonallocatable().is_none())?;
    let class = chosen.class();
    let start = *case.output.inst_alloc_offsets.get(inst.index())? as usize;
    Some((start + operand, class))
}

/// A safepoint and one of its roots.
fn root<F>(case: &Case<'_, F>, random: &mut Random) -> Option<(usize, usize)> {
    let with_roots: Vec<usize> =
        (0..case.safepoints.len()).filter(|&i| !case.safepoints[i].roots.is_empty()).collect();
    let safepoint = random.pick(&with_roots)?;
    Some((safepoint, random.below(case.safepoints[safepoint].roots.len())))
}

/// A place for a value of this class: mostly one that the allocation uses.
fn somewhere<F: Function>(case: &Case<'_, F>, class: RegClass, random: &mut Random) -> Allocation {
    let width = case.function.spillslot_size(class);
    let slots = (case.output.num_spillslots + 1).saturating_sub(width);
    match slots > 0 && random.chance(50) {
        true => Allocation::stack(SpillSlot::new(random.below(slots))),
        false => Allocation::reg(PReg::new(random.below(REGISTERS), class)),
    }
}

/// Another place for one end of an edit, of the class the move is about.
fn elsewhere<F: Function>(
    case: &Case<'_, F>,
    end: Allocation,
    other: Allocation,
    random: &mut Random,
) -> Option<Allocation> {
    let class = end.as_reg().or(other.as_reg())?.class();
    match end.as_reg() {
        Some(_) => Some(Allocation::reg(PReg::new(random.below(REGISTERS), class))),
        None => {
            let width = case.function.spillslot_size(class);
            let slots = (case.output.num_spillslots + 1).checked_sub(width)?;
            Some(Allocation::stack(SpillSlot::new(random.below(slots))))
        }
    }
}

/// Puts one spill slot in the place of another, everywhere.
fn merge<F: Function>(broken: &mut Case<'_, F>, random: &mut Random) -> Option<()> {
    let slots = broken.output.num_spillslots;
    let (gone, kept) = (random.below(slots), random.below(slots));
    if slots == 0 || gone == kept {
        return None;
    }
    let (gone, kept) = (SpillSlot::new(gone), SpillSlot::new(kept));
    let (from, to) = (Allocation::stack(gone), Allocation::stack(kept));
    // A wide value must still fit into the frame.
    if kept.index() + 2 > slots {
        return None;
    }
    let rename = |place: &mut Allocation| {
        if *place == from {
            *place = to;
        }
    };
    broken.output.allocs.iter_mut().for_each(rename);
    for (_, Edit::Move { from, to }) in &mut broken.output.edits {
        rename(from);
        rename(to);
    }
    for safepoint in &mut broken.safepoints {
        for root in &mut safepoint.roots {
            if let Root::Stack(slot, _) = root
                && *slot == gone
            {
                *slot = kept;
            }
        }
        safepoint.roots.dedup();
    }
    Some(())
}
