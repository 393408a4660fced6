//! The entities that a function has declared so far.

use rustc_hash::{FxHashMap, FxHashSet};

use super::error::{SyntaxError, SyntaxProblem};
use super::lexer::Token;
use super::signature::{Returns, numbered};
use crate::types::Type;

/// An entity by its kind and number: `("sig", 12)`.
pub(super) type Key<'t> = (&'t str, u32);

/// The entities that are declared in front of the blocks, except stack slots.
#[derive(Clone, Debug, Default)]
pub(super) struct Entities<'t> {
    declared: FxHashSet<Key<'t>>,
    returns: FxHashMap<Key<'t>, Returns>,
    dynamic_types: FxHashMap<u32, Type>,
    /// The number of the signature implied by the next function that is declared with its own
    /// signature.
    next_signature: u32,
    /// The number of the next alias region.
    next_region: u32,
}

impl<'t> Entities<'t> {
    /// Records a declaration.
    pub(super) fn declare(&mut self, name: &Token<'t>, key: Key<'t>) -> Result<(), SyntaxError> {
        if key.0 == "region" {
            if key.1 != self.next_region {
                let (wanted, found) = (self.next_region, name.text.to_owned());
                return Err(name.error(SyntaxProblem::RegionOrder { wanted, found }));
            }
            self.next_region += 1;
        }
        if key.0 == "sig" {
            self.next_signature = self.next_signature.max(key.1 + 1);
        }
        match self.declared.insert(key) {
            true => Ok(()),
            false => Err(name.error(SyntaxProblem::DefinedTwice(name.text.to_owned()))),
        }
    }

    /// Returns the key of an entity, or an error if it is not declared. It must have a number.
    pub(super) fn check(&self, name: &Token<'_>) -> Result<Key<'t>, SyntaxError> {
        let key = numbered(name.text).filter(|key| self.declared.contains(key));
        key.ok_or_else(|| name.error(SyntaxProblem::Undeclared(name.text.to_owned())))
    }

    /// Records the return types of a function or signature.
    pub(super) fn returning(&mut self, key: Key<'t>, returns: Returns) {
        self.returns.insert(key, returns);
    }

    /// Records the signature that is implied by a function declared with its own signature.
    pub(super) fn imply_signature(&mut self, returns: Returns) {
        let key = ("sig", self.next_signature);
        self.next_signature = self.next_signature.saturating_add(1);
        self.declared.insert(key);
        self.returns.insert(key, returns);
    }

    /// Returns the return types of a function or signature.
    pub(super) fn returns(&self, key: Key<'t>) -> Option<&Returns> {
        self.returns.get(&key)
    }

    /// Records a dynamic type.
    pub(super) fn dynamic(&mut self, number: u32, r#type: Type) {
        self.dynamic_types.insert(number, r#type);
    }

    /// Returns the dynamic type of this name, for example `dt3`.
    pub(super) fn dynamic_type(&self, name: &Token<'_>) -> Result<Type, SyntaxError> {
        let number = numbered(name.text).map(|(_, number)| number);
        let known = number.and_then(|number| self.dynamic_types.get(&number).copied());
        known.ok_or_else(|| name.error(SyntaxProblem::Undeclared(name.text.to_owned())))
    }
}
