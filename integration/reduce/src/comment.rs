//! What goes wrong in a case, in words, as a comment.

use stackmap_verifier::findings::{Label, WitnessBlock};

use crate::reduce::Reduced;

impl Reduced {
    /// Returns the finding, the path on which it shows and what to do about it, line by line. Places
    /// are named by the instructions there.
    pub(crate) fn words(&self) -> Vec<String> {
        let Some(finding) = self.finding() else { return Vec::new() };
        let (code, name) = (finding.code, finding.code.name());
        let mut lines = vec![format!("{code} ({name}): {}", finding.message)];
        lines.push(format!(
            "In the function {}: {}",
            self.case.name(),
            self.placed(&finding.primary)
        ));
        if finding.witness.is_empty() {
            lines.extend(finding.secondary.iter().map(|label| self.placed(label)));
        } else {
            lines.push("It happens on this path:".to_owned());
            lines.extend(finding.witness.iter().flat_map(|visited| self.visited(visited)));
        }
        lines.extend(finding.notes.iter().map(|note| self.placed(note)));
        lines
    }

    fn visited(&self, visited: &WitnessBlock) -> Vec<String> {
        let back = if visited.by_back_edge { " (by the back edge)" } else { "" };
        let events = visited.events.iter().map(|event| format!("    {}", self.placed(event)));
        std::iter::once(format!("  {}{back}", visited.site.block)).chain(events).collect()
    }

    fn placed(&self, label: &Label) -> String {
        match self.answer.line(&label.site) {
            Some(line) => format!("at `{line}`, {}", label.text),
            None => label.text.clone(),
        }
    }
}

/// Returns lines as a comment, each behind a sign.
pub(crate) fn comment(sign: &str, lines: &[String]) -> String {
    lines.iter().map(|line| format!("{sign} {line}").trim_end().to_owned() + "\n").collect()
}
