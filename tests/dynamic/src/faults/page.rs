//! The part of the documentation with the counts.

use std::fmt::Write;

use super::kind::kinds;
use super::parent::Faults;
use super::score::{Same, Score};

/// Returns the part of the page.
pub fn page(faults: &Faults) -> String {
    let mut page = HEAD.to_owned();
    let mut sum = [0; 8];
    for (kind, score) in kinds().iter().zip(&faults.scores) {
        let Score { found_wrong, crashed, silent_same, silent_wrong, unchecked, .. } = score;
        let same = Same::ALL.map(|same| score.found_same.get(&same).copied().unwrap_or(0));
        let [no_effect, not_run, same_there] = same;
        let cells = [
            *found_wrong,
            *crashed,
            no_effect,
            not_run,
            same_there,
            *silent_same,
            *silent_wrong,
            *unchecked,
        ];
        sum.iter_mut().zip(cells).for_each(|(sum, cell)| *sum += cell);
        row(&mut page, kind.name(), &cells);
    }
    row(&mut page, "all", &sum);
    // Writing to a string cannot fail.
    let _ = writeln!(page, "\nThe codes are {}, of functions that are verified.", faults.functions);
    page
}

fn row(page: &mut String, name: &str, cells: &[usize]) {
    let cells: Vec<String> = cells.iter().map(usize::to_string).collect();
    let _ = writeln!(page, "| {name} | {} |", cells.join(" | "));
}

const HEAD: &str = "
## Faults in machine code

Into machine code that is verified, as its pair is, faults are put: those of [faults in machine
code](machine-code-faults.md), apart from those in what this collector does not read, such as the
types of entries. The level `code` looks at the code with the fault; then the code is run, in a
process of its own, with the decisions and the collector of above. It *goes wrong* if something else
is visible than before spilling, or if it *crashes*: the process ends by a signal, or does not end in
5 seconds. What is found and does the same has one of these reasons:

* *no effect*: a program shows that nothing that has an effect depends on it, or that the tables
  mean the same;
* *not run*: what was changed is in blocks that are entered with none of the decisions, or a table is
  of an address to which no call returns;
* *same there*: it is run, and what it reads or writes is null there, or the same object, or nobody
  finds out.

What is not found must not go wrong. The command fails if one does, and a test on fewer functions.

| fault | found, goes wrong | of these, crashes | found: no effect | found: not run | found: same there \
| silent, the same | silent, goes wrong | not checked |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
";
