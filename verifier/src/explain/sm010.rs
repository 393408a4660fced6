//! SM010: something differs that is not the spiller's to change.

use super::Scene;
use crate::explain::faults::Change;
use crate::findings::{Finding, changed_program};
use crate::model::Block;
use crate::prove::pair::Difference;

impl Change {
    /// The finding of this change in an after block.
    pub(crate) fn finding(self, scene: &Scene<'_>, block: Block) -> Finding {
        let name = scene.name(block);
        let (message, primary, secondary) = match self {
            Change::Entry => (
                "the function begins in another block than before spilling".to_owned(),
                scene.header(block, "the function begins here"),
                vec![scene.entry_before("before spilling, it begins here")],
            ),
            Change::EntryParameters => {
                let (now, then) = scene.parameters(block);
                let message =
                    format!("the function has {now} parameters, and {then} before spilling");
                let primary = scene.header(block, format!("{now} parameters"));
                (message, primary, vec![scene.entry_before(format!("{then} parameters"))])
            }
            Change::Added(id) => (
                format!("{name} does something that it does not do before spilling"),
                scene.instruction(block, id, "the program does not do this here"),
                scene.counterpart(block, "the block before spilling").into_iter().collect(),
            ),
            Change::Missing(operation) => (
                format!("{name} does not do all that it does before spilling"),
                scene.header(block, "this block lacks an instruction"),
                vec![scene.operation(block, operation, "this is missing after spilling")],
            ),
            Change::Differs(id, operation, how) => (
                "an instruction does not do what it does before spilling".to_owned(),
                scene.instruction(block, id, how.text()),
                vec![scene.operation(block, operation, "the instruction before spilling")],
            ),
            Change::Computes(id) => (
                "an inserted instruction does more than move and clobber".to_owned(),
                scene.instruction(block, id, "the program does not have this instruction"),
                Vec::new(),
            ),
            Change::EdgeCount => {
                let (now, then) = scene.edges(block);
                (
                    format!("{name} is left in another way than before spilling"),
                    scene.end(block, format!("{now} edges leave the block here")),
                    scene
                        .counterpart_end(block, format!("{then} edges leave it before spilling"))
                        .into_iter()
                        .collect(),
                )
            }
            Change::Elsewhere(end, wanted) => (
                format!("an edge of {name} leads elsewhere than before spilling"),
                scene.end(block, format!("this leads to {}", scene.name(end))),
                vec![scene.edge_before(wanted, "before spilling, the edge leads to")],
            ),
            Change::Astray => (
                format!(
                    "{name} is neither a block of the program nor a way along one of its edges"
                ),
                scene.end(block, format!("{} edges leave the block here", scene.edges(block).0)),
                Vec::new(),
            ),
            Change::Circle(split_edge, wanted) => (
                format!("an edge of {name} leads in a circle and not where the program goes"),
                scene.end(block, format!("this leads to {} and never on", scene.name(split_edge))),
                vec![scene.edge_before(wanted, "before spilling, the edge leads to")],
            ),
        };
        changed_program(message, primary, secondary)
    }
}

impl Difference {
    fn text(self) -> String {
        match self {
            Difference::NoOperand(operand) => {
                format!("this reads operand {operand}, which it does not have before spilling")
            }
            Difference::NoResult(result) => {
                format!("this writes result {result}, which it does not have before spilling")
            }
            Difference::Unread(operand) => format!("operand {operand} is not read here"),
            Difference::Written(result, times) => {
                format!("result {result} is written {times} times here")
            }
            Difference::Moves => "a value is moved here behind the safepoint".to_owned(),
            Difference::Early(result) => {
                format!("result {result} is written here in front of the safepoint")
            }
            Difference::Safepoints(times) => format!("the collector runs {times} times here"),
        }
    }
}
