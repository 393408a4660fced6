//! What the tables of emitted code mean to the runtime, apart from how they are written.

use std::collections::{BTreeMap, BTreeSet};

use cranelift_codegen::CompiledCode;
use cranelift_codegen::ir::Inst;
use stackmap_code::{Emitted, Handler};

use crate::owner::owner;

/// What the runtime does at one return address: the frames that it may find there, the places that
/// the collector reads, and the handlers that are tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Effect {
    frames: BTreeSet<u32>,
    places: BTreeSet<(u32, Option<String>)>,
    handlers: Vec<Handler>,
}

/// Returns whether the runtime does the same by two tables of the same code. Where one of them
/// does not record the types of entries, they are not compared.
pub fn means_the_same(a: &Emitted<'_>, b: &Emitted<'_>) -> bool {
    let typed = |emitted: &Emitted<'_>| {
        emitted.maps.iter().flat_map(|map| &map.entries).all(|entry| entry.r#type.is_some())
    };
    let typed = typed(a) && typed(b);
    effects(a, typed) == effects(b, typed)
}

/// Returns the calls of which the tables of some code do not say what Cranelift's do.
pub fn changed_calls(code: &CompiledCode, tables: &Emitted<'_>) -> BTreeSet<Inst> {
    let original = effects(&Emitted::of(code), true);
    let changed = effects(tables, true);
    let sites = code.buffer.call_sites().map(|site| site.ret_addr);
    let sites = sites.filter(|at| original.get(at) != changed.get(at));
    sites.filter_map(|at| owner(code, at.checked_sub(1)?)).collect()
}

fn effects(emitted: &Emitted<'_>, typed: bool) -> BTreeMap<u32, Effect> {
    let mut effects: BTreeMap<u32, Effect> = BTreeMap::new();
    for map in emitted.maps.iter().filter(|map| !map.entries.is_empty()) {
        let effect = effects.entry(map.return_address).or_default();
        effect.frames.extend(map.frame_size);
        for entry in &map.entries {
            let r#type = entry.r#type.filter(|_| typed).map(|r#type| r#type.to_string());
            effect.places.insert((entry.offset, r#type));
        }
    }
    for table in emitted.handlers.iter().flatten().filter(|table| !table.handlers.is_empty()) {
        let effect = effects.entry(table.return_address).or_default();
        effect.frames.extend(table.frame_size);
        effect.handlers.extend(&table.handlers);
    }
    effects
}
