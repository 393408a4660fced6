//! A reduced case as a file: a log, or CLIF.

use stackmap_clif::declared::Declared;
use stackmap_clif::version::AtLeast;

use crate::case::Case;
use crate::comment::comment;
use crate::reduce::Reduced;

/// What is said of where a case comes from.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// What is known of the version of Cranelift.
    pub version: AtLeast,
    /// Lines `;! references fn0` that hold for the function, without what is in front of `fn0`.
    pub references: Vec<String>,
    /// The spiller that was run, if one was.
    pub spiller: Option<String>,
}

/// What the records of a log begin with.
const TARGET: &str = "[TRACE cranelift_frontend::frontend::safepoints]";

impl Reduced {
    /// Returns the case as a file that `check` reads: both functions as a log; a function that a
    /// spiller was run on as CLIF, with the values to declare; a function after alone as CLIF.
    pub fn document(&self, provenance: &Provenance) -> String {
        if provenance.spiller.is_some() {
            return self.input(provenance);
        }
        match self.case.has_before() {
            true => self.log(provenance),
            false => comment(";", &self.title(provenance)) + &self.case.after(),
        }
    }

    fn log(&self, provenance: &Provenance) -> String {
        let declared = self.case.names(", ");
        let set = format!("{{{declared}}}");
        // This form lists what is declared in every version, the other one only in some.
        let is_exact = |set: &Declared| set.is_exact(provenance.version);
        let set = match Declared::parse(&set).is_some_and(|set| is_exact(&set)) {
            true => set,
            false => {
                let numbers = declared.replace('v', "");
                let unused = "unused: PhantomData<cranelift_codegen::ir::entities::Value>";
                format!("EntitySet {{ bitset: CompoundBitSet {{{numbers}}}, {unused} }}")
            }
        };
        let references = references(&provenance.references);
        format!(
            "{}{references};! declare {}\n\
             {TARGET} values needing inclusion in stack maps: {set}\n\
             {TARGET} before inserting safepoint spills and reloads:\n{}\n\
             {TARGET} after inserting safepoint spills and reloads:\n{}\n",
            comment("#", &self.title(provenance)),
            self.case.names(" "),
            self.case.before(),
            self.case.after(),
        )
    }

    /// Returns the input of a spiller.
    fn input(&self, provenance: &Provenance) -> String {
        let mut lines = self.title(provenance);
        lines.extend(["".to_owned(), "What the spiller makes of it:".to_owned()]);
        lines.extend(self.answer.after.lines().map(|line| format!("  {line}")));
        let function = self.case.input(&provenance.references);
        format!("{}\n{function}", comment(";", &lines))
    }

    /// Returns where the case comes from, and what goes wrong in it.
    pub(crate) fn title(&self, provenance: &Provenance) -> Vec<String> {
        let from = match (&provenance.spiller, provenance.version == AtLeast::UNKNOWN) {
            (Some(spiller), _) => format!(", with the spiller `{spiller}`"),
            (None, false) => {
                format!(" from a log of cranelift-frontend {} or later", provenance.version)
            }
            (None, true) => String::new(),
        };
        let mut lines = vec![format!("Reduced by stackmap-verify{from}.")];
        lines.extend(self.words());
        lines
    }
}

impl Case {
    /// Returns the function before as a spiller reads it: behind lines that say what to declare, and
    /// what else is a reference.
    pub fn input(&self, stated: &[String]) -> String {
        let references = references(stated);
        format!("{references};! declare {}\n{}", self.names(" "), self.before())
    }

    /// Returns the declared values.
    fn names(&self, between: &str) -> String {
        let names = self.declared().iter().map(|value| format!("v{value}"));
        names.collect::<Vec<_>>().join(between)
    }
}

fn references(stated: &[String]) -> String {
    stated.iter().map(|stated| format!(";! references {stated}\n")).collect()
}
