//! The declared entities that an instruction names: its callee, signature or alias region.

use std::collections::BTreeSet;

use super::cursor::Cursor;
use super::lexer::{Kind, Lexer, entity};
use super::signature::numbered;
use crate::ast::{Function, Instruction};
use crate::opcode::{ATOMICS, Class};

impl<'t> Instruction<'t> {
    /// Returns the name of the declared function that a direct call calls, `fn0`.
    pub fn callee(&self) -> Option<&'t str> {
        if self.opcode.class.is_call() { self.first_of("fn") } else { None }
    }

    /// Returns the name of the signature that an indirect call names, `sig0`.
    pub fn signature(&self) -> Option<&'t str> {
        if self.opcode.class.is_call() && self.callee().is_none() {
            self.first_of("sig")
        } else {
            None
        }
    }

    /// Returns the name of the alias region, `region0`, of an instruction whose result is read from
    /// memory as it is: of a load that extends nothing, or of an atomic access.
    pub fn loads_from(&self) -> Option<&'t str> {
        let is_whole = self.opcode.class == Class::Load(None) || ATOMICS.contains(&self.name);
        if is_whole { self.first_of("region") } else { None }
    }

    /// Returns the number of the source location, `@0050`, if there is one.
    pub fn location(&self) -> Option<u32> {
        let hex = self.annotation.trim_start().strip_prefix('@')?;
        let end = hex.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(hex.len());
        u32::from_str_radix(&hex[..end], 16).ok()
    }

    /// Returns the first name of an entity of this kind among the operands.
    fn first_of(&self, sort: &str) -> Option<&'t str> {
        let mut lexer = Lexer::new(self.operand_text, 0, 1);
        loop {
            let token = lexer.next().ok()??;
            if token.kind == Kind::Word && entity(token.text).is_some_and(|(of, _)| of == sort) {
                return Some(token.text);
            }
        }
    }
}

impl<'t> Function<'t> {
    /// Returns the declaration of an entity, as written: of `fn0`, for example `u0:3 sig1`.
    pub fn declaration(&self, name: &str) -> Option<&'t str> {
        let mut declarations = self.declarations.iter();
        declarations.find(|&&(declared, _)| declared == name).map(|&(_, text)| text)
    }

    /// Returns the name of the signature of a declared function, unless the declaration itself
    /// contains the signature.
    pub fn signature_of(&self, callee: &str) -> Option<&'t str> {
        self.declaration(callee).and_then(named_signature)
    }

    /// Returns the names of the declared functions that have the signature of this name.
    pub fn callees_of(&self, signature: &str) -> BTreeSet<&'t str> {
        let functions = self.declarations.iter().filter(|(name, text)| {
            numbered(name).is_some_and(|(sort, _)| sort == "fn")
                && named_signature(text) == Some(signature)
        });
        functions.map(|&(name, _)| name).collect()
    }

    /// Returns the number of results of a declared function or signature.
    pub fn result_count(&self, name: &str) -> Option<usize> {
        let declaration = self.declaration(self.signature_of(name).unwrap_or(name))?;
        let mut cursor = Cursor::new(declaration, 1);
        if numbered(name)?.0 == "fn" && self.signature_of(name).is_none() {
            cursor.eat_word("colocated").ok()?;
            cursor.eat_word("patchable").ok()?;
            cursor.external_name().ok()?;
        }
        cursor.signature().ok().map(|returns| returns.len())
    }
}

/// Returns the name of the signature at the end of the declaration of a function, if it has one.
fn named_signature(declaration: &str) -> Option<&str> {
    let signature = declaration.split_whitespace().next_back()?;
    Some(signature).filter(|name| numbered(name).is_some_and(|(sort, _)| sort == "sig"))
}

#[cfg(test)]
mod tests {
    use crate::names::Names;
    use crate::text::read_function;

    const TEXT: &str = "function %f(i64) system_v {
    region0 = 1 \"x\"
    sig0 = () -> i32, i64 system_v
    fn0 = u0:3 sig0
    fn1 = colocated %g(i64) -> i32 system_v

block0(v0: i64):
@0050   v1 = load.i32 notrap aligned region0 v0+8
@beef   v2, v3 = call fn0()
        v4 = call fn1(v0)
        v5, v6 = call_indirect sig0, v0()
        try_call_indirect v0(), sig0, block1(ret0), [ default: block2 ]

block1(v7: i32):
    return

block2:
    return
}
";

    #[test]
    fn what_an_instruction_names() {
        let mut names = Names::default();
        let function = read_function(TEXT, 1, &mut names).unwrap();
        let instructions = &function.instructions;
        let locations: Vec<_> = instructions.iter().map(|i| i.location()).collect();
        assert_eq!(locations[..3], [Some(0x50), Some(0xbeef), None]);
        assert_eq!(instructions[0].loads_from(), Some("region0"));
        let named: Vec<_> = instructions.iter().map(|i| (i.callee(), i.signature())).collect();
        assert_eq!(
            named[..5],
            [
                (None, None),
                (Some("fn0"), None),
                (Some("fn1"), None),
                (None, Some("sig0")),
                (None, Some("sig0"))
            ]
        );
    }

    #[test]
    fn what_is_declared() {
        let mut names = Names::default();
        let function = read_function(TEXT, 1, &mut names).unwrap();
        assert_eq!(function.signature_of("fn0"), Some("sig0"));
        assert_eq!(function.signature_of("fn1"), None);
        assert_eq!(function.callees_of("sig0").into_iter().collect::<Vec<_>>(), ["fn0"]);
        assert!(function.callees_of("sig1").is_empty());
        let counts = ["fn0", "fn1", "sig0", "fn2"].map(|name| function.result_count(name));
        assert_eq!(counts, [Some(2), Some(1), Some(2), None]);
    }
}
