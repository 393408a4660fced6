//! The lines of findings on functions in memory: those of what Cranelift prints.

use std::collections::BTreeMap;

use stackmap_clif::lower::Comparison;
use stackmap_verifier::findings::{Code, Finding, Site};
use stackmap_verifier::model::{After, Block, Origin};
use stackmap_verifier::{Options, Report};

/// Returns the findings with places in the printed functions, whose comparison is `printed`.
/// `None` if these are not the functions that the findings are about.
///
/// Cost: linear in the findings and the printed functions. Nothing is proved again.
pub(crate) fn with_lines(
    findings: &[Finding],
    printed: &Comparison,
    options: &Options,
) -> Option<Vec<Finding>> {
    // Such a finding has places in the function before, which have no ids; where there is
    // one, there is nothing to prove.
    let is_changed = findings.iter().any(|finding| finding.code == Code::ChangedProgram);
    match printed {
        Comparison::Pair(pair) if !is_changed => {
            let places = Places::of(&pair.after);
            findings.iter().cloned().map(|finding| places.find(finding)).collect()
        }
        Comparison::Pair(_) | Comparison::Changed(_) => {
            let Report { findings: found, .. } = printed.verify(options);
            let codes = |findings: &[Finding]| -> Vec<Code> {
                findings.iter().map(|finding| finding.code).collect()
            };
            (codes(&found) == codes(findings)).then_some(found)
        }
    }
}

/// The places of a printed function after.
struct Places<'p> {
    printed: &'p After,
    /// The headers of blocks.
    blocks: BTreeMap<String, Origin>,
}

impl<'p> Places<'p> {
    fn of(printed: &'p After) -> Self {
        let blocks = (0..printed.block_count())
            .map(Block::new)
            .map(|block| (printed.block_name(block).to_string(), printed.block_origin(block)));
        Places { printed, blocks: blocks.collect() }
    }

    /// The finding with places in the printed function; `None` if it lacks one of them.
    fn find(&self, mut finding: Finding) -> Option<Finding> {
        let Finding { safepoint, primary, secondary, witness, notes, .. } = &mut finding;
        for block in witness.iter_mut() {
            self.place(&mut block.site)?;
        }
        let events = witness.iter_mut().flat_map(|block| &mut block.events);
        let labels = std::iter::once(primary).chain(secondary).chain(notes).chain(events);
        for site in labels.map(|label| &mut label.site).chain(safepoint) {
            self.place(site)?;
        }
        Some(finding)
    }

    fn place(&self, site: &mut Site) -> Option<()> {
        let header = *self.blocks.get(&site.block)?;
        site.origin = match site.instruction {
            Some(id) if id.index() < self.printed.instruction_count() => {
                self.printed.instruction_origin(id)
            }
            Some(_) => return None,
            None => header,
        };
        Some(())
    }
}
