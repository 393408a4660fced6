//! A random function.

use std::collections::BTreeSet;

use arbitrary::{Arbitrary, Unstructured};
use stackmap_oracle::dice::Dice;

use crate::declare::declare;
use crate::write::write;

/// A function and the values in it that are declared to be references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// CLIF, with a `;! declare` line in front.
    pub text: String,
    /// The declared values, by number.
    pub declared: Vec<u32>,
    /// Whether nothing that may be a reference is undeclared, so that whatever
    /// goes wrong is the spiller's fault.
    pub is_well_declared: bool,
    /// The names of the function's features.
    pub features: BTreeSet<&'static str>,
}

impl Function {
    /// The function that these dice make. Dice that always fall low make the
    /// smallest.
    pub fn roll(dice: &mut Dice<'_>) -> Function {
        let draft = write(dice);
        let mut features = draft.features.clone();
        let declaration = declare(dice, &draft, &mut features);
        let list: Vec<String> = declaration.values.iter().map(|v| format!(" v{v}")).collect();
        Function {
            text: format!(";! declare{}\n{}", list.concat(), draft.text),
            declared: declaration.values,
            is_well_declared: declaration.is_complete,
            features,
        }
    }
}

impl<'a> Arbitrary<'a> for Function {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let bytes = u.bytes(u.len())?;
        Ok(Function::roll(&mut Dice::new(bytes)))
    }
}
