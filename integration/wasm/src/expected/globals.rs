//! What is loaded from a global of the module.

use stackmap_clif::types::Type;

use super::code::Code;
use super::found::Found;
use crate::types::Class;

/// Finds what is loaded from the module's globals, of these classes.
pub(super) fn find(code: &Code<'_, '_>, globals: &[Class], found: &mut Found) {
    let function = code.function;
    let regions = code.declared(|declaration| global(declaration).is_some());
    if regions.is_empty() {
        return;
    }
    for load in &function.instructions {
        let region = load.loads_from().filter(|region| regions.contains(region));
        let index = region.and_then(|region| code.declaration(region)).and_then(global);
        let Some(index) = index else { continue };
        for &value in load.results.of(&function.value_pool) {
            let is_whole = function.value(value).r#type == Some(Type::I32);
            match globals.get(index) {
                Some(Class::Reference | Class::Null) if !is_whole => {}
                Some(Class::Reference) => {
                    found.reference(value, format!("loaded from defined global {index}"));
                }
                Some(&class) => found.of_class(class, Some(value), String::new),
                None => {}
            }
        }
    }
}

/// Returns the index of the global that an alias region is, among those that the module defines.
fn global(declaration: &str) -> Option<usize> {
    let (_, region) = declaration.split_once("\"DefinedGlobal(StaticModuleIndex(0), ")?;
    let index = region.strip_prefix("DefinedGlobalIndex(")?.split(')').next()?;
    index.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_of_a_global() {
        let region = |index: &str| {
            format!(
                "469762048 \"DefinedGlobal(StaticModuleIndex({index}), DefinedGlobalIndex(7))\""
            )
        };
        assert_eq!(global(&region("0")), Some(7));
        assert_eq!(global(&region("1")), None);
        assert_eq!(global("536870912 \"GcHeap\""), None);
    }
}
