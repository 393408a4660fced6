//! The identity of a run: its inputs, its options and the version of the program.

use serde::{Deserialize, Serialize};

#[cfg(feature = "formats")]
use crate::hash::hash;

/// The identity of a run before any partition: the same for all of its slices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
pub struct Run {
    /// The number of inputs.
    pub inputs: usize,
    /// A hash of the names of the inputs, in order.
    pub names: String,
    /// The options that results depend on.
    pub options: String,
    /// The version of this program.
    pub version: String,
}

#[cfg(feature = "formats")]
impl Run {
    /// Creates the identity of a run of this program over inputs with these names.
    pub fn new<'n>(names: impl ExactSizeIterator<Item = &'n str>, options: String) -> Run {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Run { inputs: names.len(), names: of_names(names), options, version }
    }

    /// Returns the same options and version over other inputs.
    pub fn over<'n>(&self, names: impl ExactSizeIterator<Item = &'n str>) -> Run {
        Run { inputs: names.len(), names: of_names(names), ..self.clone() }
    }

    /// Returns the same options and version over the inputs of another run.
    pub fn with_inputs_of(&self, other: &Run) -> Run {
        Run { inputs: other.inputs, names: other.names.clone(), ..self.clone() }
    }

    /// Returns the difference to another run, in words; `None` if it is the same run.
    pub fn difference(&self, other: &Run) -> Option<String> {
        if self.version != other.version {
            return Some(format!("versions {} and {}", self.version, other.version));
        }
        if self.options != other.options {
            return Some(format!("options `{}` and `{}`", self.options, other.options));
        }
        if self.inputs != other.inputs {
            return Some(format!("{} and {} inputs", self.inputs, other.inputs));
        }
        (self.names != other.names).then(|| "inputs with other names".to_owned())
    }
}

/// Returns a hash of names.
#[cfg(feature = "formats")]
fn of_names<'n>(names: impl Iterator<Item = &'n str>) -> String {
    hash(names, 32)
}

#[cfg(all(test, feature = "formats"))]
mod tests {
    use super::*;

    #[test]
    fn what_differs() {
        let run =
            |names: &[&str], options: &str| Run::new(names.iter().copied(), options.to_owned());
        let one = run(&["a", "b"], "");
        assert_eq!(one.difference(&run(&["a", "b"], "")), None);
        assert_eq!(one.difference(&run(&["ab"], "")).as_deref(), Some("2 and 1 inputs"));
        for names in [["b", "a"], ["", "ab"], ["ab", ""], ["a", "c"]] {
            let said = one.difference(&run(&names, ""));
            assert_eq!(said.as_deref(), Some("inputs with other names"));
        }
        assert_eq!(
            one.difference(&run(&["a", "b"], "--x")).as_deref(),
            Some("options `` and `--x`")
        );
        let newer = Run { version: "99.0.0".to_owned(), ..one.clone() };
        assert!(one.difference(&newer).is_some_and(|said| said.ends_with("and 99.0.0")));
    }
}
