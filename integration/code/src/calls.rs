//! The calls of a function, and the addresses to which they return.

use std::collections::BTreeMap;

use cranelift_codegen::ir::{Block, Function, Inst};

use crate::replay::{Owner, Replay};
use crate::unsupported::Unsupported;

/// A call of the CLIF.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) instruction: Inst,
    pub(crate) block: Block,
    /// The offsets in the code to which it returns: one, unless something went wrong.
    pub(crate) returns: Vec<u32>,
}

/// The calls of a function, linked with those of its code.
#[derive(Clone, Debug)]
pub(crate) struct Calls {
    /// Those that may run, in the order of the layout: not in an unreachable block, and not a tail
    /// call, to which nothing returns.
    pub(crate) list: Vec<Call>,
    /// A return address of the code that is in no instruction's range.
    unknown: Option<u32>,
}

impl Calls {
    /// Links the calls of the CLIF with those of the replay.
    ///
    /// Cost: linear in the instructions, and of the order of n log n in the calls.
    pub(crate) fn link(function: &Function, replay: &Replay) -> Calls {
        let mut returns: BTreeMap<Inst, Vec<u32>> = BTreeMap::new();
        let mut unknown = None;
        for site in replay.code.buffer.call_sites() {
            match replay.owner(site.ret_addr) {
                Owner::Instruction(instruction) => {
                    returns.entry(instruction).or_default().push(site.ret_addr);
                }
                Owner::Generator => {}
                Owner::Unknown => unknown = Some(site.ret_addr),
            }
        }
        let mut list = Vec::new();
        let reachable = |block: &Block| replay.reachable.contains(*block);
        for block in function.layout.blocks().filter(reachable) {
            for instruction in function.layout.block_insts(block) {
                let is_call = function.dfg.insts[instruction].opcode().is_safepoint();
                // What has entries is taken for a call, whatever it is.
                if is_call || function.dfg.user_stack_map_entries(instruction).is_some() {
                    let returns = returns.remove(&instruction).unwrap_or_default();
                    list.push(Call { instruction, block, returns });
                }
            }
        }
        Calls { list, unknown }
    }

    /// Returns the first reason why the calls of the code are not just those of the CLIF, if there
    /// is one.
    pub(crate) fn problem(&self, function: &Function) -> Option<Unsupported> {
        if let Some(address) = self.unknown {
            return Some(Unsupported::UnknownCall(address));
        }
        self.list.iter().find_map(|call| {
            let (text, block) = (call.text(function), call.block.to_string());
            match call.returns.len() {
                0 => Some(Unsupported::Unlinked { call: text, block }),
                1 => None,
                count => Some(Unsupported::Ambiguous { count, call: text, block }),
            }
        })
    }
}

impl Call {
    /// Returns the call as it is printed.
    pub(crate) fn text(&self, function: &Function) -> String {
        function.dfg.display_inst(self.instruction).to_string()
    }
}

#[cfg(test)]
mod tests {
    use cranelift_codegen::isa;
    use cranelift_codegen::settings::{self, Configurable};

    use super::*;

    const TEXT: &str = "
        function %f(i64) tail {
            fn0 = %g() tail
        block0(v0: i64):
            brif v0, block1, block2
        block1:
            call fn0()
            return
        block2:
            return_call fn0()
        block3:
            call fn0()
            return
        }";

    /// The function, and its calls, linked.
    fn linked() -> (Function, Calls) {
        let function = cranelift_reader::parse_functions(TEXT).expect("CLIF").remove(0);
        let mut flags = settings::builder();
        flags.enable("preserve_frame_pointers").expect("a flag");
        let isa = isa::lookup_by_name("x86_64-unknown-linux-gnu").expect("built in");
        let isa = isa.finish(settings::Flags::new(flags)).expect("settings");
        let replay = Replay::new(&function, &*isa).expect("valid CLIF");
        let calls = Calls::link(&function, &replay);
        (function, calls)
    }

    #[test]
    fn calls_that_may_run_and_return_are_linked() {
        let (function, calls) = linked();
        assert_eq!(calls.problem(&function), None);
        let [call] = &calls.list[..] else { panic!("{calls:?}") };
        assert_eq!((call.block.to_string().as_str(), call.returns.len()), ("block1", 1));
    }

    #[test]
    fn what_is_not_linked_one_to_one_is_told() {
        let (function, calls) = linked();
        let (call, block) = ("call fn0()".to_owned(), "block1".to_owned());
        let mut unlinked = calls.clone();
        unlinked.list[0].returns.clear();
        let expected = Unsupported::Unlinked { call: call.clone(), block: block.clone() };
        assert_eq!(unlinked.problem(&function), Some(expected));
        let mut twice = calls.clone();
        twice.list[0].returns.push(4);
        let expected = Unsupported::Ambiguous { count: 2, call, block };
        assert_eq!(twice.problem(&function), Some(expected));
        let unknown = Calls { unknown: Some(4), ..calls };
        assert_eq!(unknown.problem(&function), Some(Unsupported::UnknownCall(4)));
    }
}
