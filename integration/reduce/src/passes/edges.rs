//! Removes edges, and the blocks that nothing leads to then.
//!
//! A path that is left is a path of the original, so every value is still defined where it is read.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_clif::opcode::Class;
use stackmap_verifier::findings::{Finding, Label, Site};

use crate::case::{Block, Case};
use crate::scan::{block, words};
use crate::search::{Keep, Search};
use crate::sides::{Side, Sides};
use crate::statement::{Edge, Piece, Statement};

/// An edge: the row of the branch, and its position among the branch's edges.
type EdgeAt = (u32, usize);

/// Removes blocks: all that the finding does not mention, and then as many others as possible, those
/// of its path last.
pub(crate) fn blocks(search: &mut Search<'_>) {
    let Some(finding) = search.finding() else { return };
    let path: BTreeSet<u32> =
        finding.witness.iter().filter_map(|visited| block(&visited.site.block)).collect();
    let mentioned = mentioned(finding);
    let Some(entry) = search.case.entry().map(|entry| entry.number) else { return };
    let numbers = search.case.blocks.iter().map(|block| block.number);
    let removable: Vec<u32> = numbers.filter(|&number| number != entry).collect();
    let (kept, others): (Vec<u32>, Vec<u32>) =
        removable.into_iter().partition(|number| mentioned.contains(number));
    let (on_path, beside): (Vec<u32>, Vec<u32>) =
        kept.into_iter().partition(|number| path.contains(number));
    for parts in [others, beside, on_path] {
        search.remove(&parts, Keep::Code, &|case, parts| {
            let is_removed = |edge: &Edge| parts.contains(&edge.target);
            without_edges(case, &edges_where(case, is_removed))
        });
    }
}

/// Removes as many single edges as possible.
pub(crate) fn single_edges(search: &mut Search<'_>) {
    let all = edges_where(&search.case, |_| true);
    let by_row = all.iter().flat_map(|(&row, edges)| edges.iter().map(move |&edge| (row, edge)));
    let parts: Vec<EdgeAt> = by_row.collect();
    search.remove(&parts, Keep::Code, &|case, parts| {
        let mut dropped: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
        for &(row, edge) in parts {
            dropped.entry(row).or_default().insert(edge);
        }
        without_edges(case, &dropped)
    });
}

/// Returns the blocks that a finding mentions.
fn mentioned(finding: &Finding) -> BTreeSet<u32> {
    let labels = std::iter::once(&finding.primary).chain(&finding.secondary).chain(&finding.notes);
    let sites = labels.map(|label: &Label| &label.site).chain(&finding.safepoint);
    let visited = finding.witness.iter().map(|visited| &visited.site);
    sites.chain(visited).flat_map(|site: &Site| words(&site.block)).filter_map(block).collect()
}

/// Returns the edges of the program for which this is true, by row.
fn edges_where(case: &Case, is_wanted: impl Fn(&Edge) -> bool) -> BTreeMap<u32, BTreeSet<usize>> {
    let mut found: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    for row in case.rows() {
        for (index, edge) in row.main().into_iter().flat_map(Statement::edges).enumerate() {
            if is_wanted(edge) {
                found.entry(row.id).or_default().insert(index);
            }
        }
    }
    found
}

/// Returns the case without these edges; `None` if one of them cannot be removed.
fn without_edges(case: &Case, dropped: &BTreeMap<u32, BTreeSet<usize>>) -> Option<Case> {
    let mut case = case.clone();
    for block in &mut case.blocks {
        for row in &mut block.rows {
            let Some(edges) = dropped.get(&row.id) else { continue };
            for statement in row.sides.iter_mut() {
                *statement = without(statement, edges)?;
            }
        }
    }
    drop_unreachable(&mut case);
    Some(case)
}

/// Removes the blocks that cannot be reached.
pub(super) fn drop_unreachable(case: &mut Case) {
    let reachable = Side::BOTH.map(|side| reachable(case, side));
    case.blocks.retain_mut(|block| {
        for (side, reachable) in Side::BOTH.iter().zip(&reachable) {
            if !reachable.contains(&block.number) {
                block.heads = without_side(block.heads.clone(), *side);
                for row in &mut block.rows {
                    row.sides = without_side(row.sides.clone(), *side);
                }
            }
        }
        block.rows.retain(|row| row.sides.main().is_some());
        block.heads.main().is_some()
    });
}

fn without_side<T>(sides: Sides<T>, side: Side) -> Sides<T> {
    match side {
        Side::Before => Sides { before: None, ..sides },
        Side::After => Sides { after: None, ..sides },
    }
}

/// Returns the blocks of a function that can be reached.
fn reachable(case: &Case, side: Side) -> BTreeSet<u32> {
    let blocks = case.blocks.iter().filter(|block| block.heads.of(side).is_some());
    let by_number: BTreeMap<u32, &Block> =
        blocks.clone().map(|block| (block.number, block)).collect();
    let mut reached = BTreeSet::new();
    let mut open: Vec<u32> = blocks.take(1).map(|block| block.number).collect();
    while let Some(number) = open.pop() {
        if !reached.insert(number) {
            continue;
        }
        let rows = by_number.get(&number).into_iter().flat_map(|block| &block.rows);
        let statements = rows.filter_map(|row| row.sides.of(side));
        open.extend(statements.flat_map(Statement::edges).map(|edge| edge.target));
    }
    reached
}

/// Returns what a branch becomes without some of its edges: a smaller branch, a jump or a trap;
/// `None` if it cannot do without them.
fn without(statement: &Statement, dropped: &BTreeSet<usize>) -> Option<Statement> {
    let edges = statement.edges().enumerate().filter(|(index, _)| !dropped.contains(index));
    let left: Vec<&Edge> = edges.map(|(_, edge)| edge).collect();
    if matches!(statement.class, Class::TryCall | Class::TryCallIndirect) {
        return (!dropped.contains(&0)).then(|| without_handlers(statement, dropped));
    }
    Some(match (&left[..], statement.class) {
        ([], _) => Statement::trap(),
        ([only], _) => Statement::jump((*only).clone()),
        ([first, rest @ ..], Class::BranchTable) if rest.iter().all(|edge| edge == first) => {
            Statement::jump((*first).clone())
        }
        ([first, rest @ ..], Class::BranchTable) => table(statement, first, rest)?,
        ([_, _, ..], _) => statement.clone(),
    })
}

/// Returns a `br_table` with this default and these entries.
fn table(statement: &Statement, default: &Edge, entries: &[&Edge]) -> Option<Statement> {
    let text = |text: &str| Piece::Text(text.to_owned());
    let mut pieces =
        vec![statement.pieces.first()?.clone(), text(", "), Piece::Edge(default.clone())];
    for (i, &edge) in entries.iter().enumerate() {
        pieces.extend([text(if i == 0 { ", [" } else { ", " }), Piece::Edge(edge.clone())]);
    }
    pieces.push(text("]"));
    Some(Statement { pieces, ..statement.clone() })
}

/// Returns a `try_call` without some of its handlers.
fn without_handlers(statement: &Statement, dropped: &BTreeSet<usize>) -> Statement {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut edge = 0;
    // Whether a comma in front of the next text has nothing in front of it.
    let mut is_first = false;
    for piece in &statement.pieces {
        let is_dropped = matches!(piece, Piece::Edge(_)) && {
            edge += 1;
            dropped.contains(&(edge - 1))
        };
        match (piece, pieces.last_mut()) {
            (Piece::Edge(_), Some(Piece::Text(label))) if is_dropped => {
                let start = label.rfind(['[', ',']).unwrap_or(0);
                is_first = label[start..].starts_with('[');
                label.truncate(start + usize::from(is_first));
            }
            (Piece::Text(text), Some(Piece::Text(label))) => {
                let text = if is_first { text.trim_start_matches(',') } else { text };
                label.push_str(text);
                is_first = false;
            }
            (piece, _) => pieces.push(piece.clone()),
        }
    }
    for text in pieces.iter_mut().filter_map(Piece::text_mut) {
        *text = text.replace("[ ]", "[]");
    }
    Statement { pieces, ..statement.clone() }
}
