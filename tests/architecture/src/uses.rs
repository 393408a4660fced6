//! The relation between files of a crate and the files that they use.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

use crate::items::WrittenPath;
use crate::modules::{Crate, Module, ModulePath};

/// A file, and one that it uses.
pub type Arrow<'c> = (&'c Path, &'c Path);

/// The maximum number of re-exports that are followed from a name to its definition.
const MAX_REEXPORTS: usize = 16;

/// Returns the pairs of files of a crate one of which uses the other, in order.
pub fn arrows(sources: &Crate) -> BTreeSet<Arrow<'_>> {
    let mut arrows = BTreeSet::new();
    for (path, module) in &sources.modules {
        for named in &module.items.named {
            match sources.resolve(path, named, MAX_REEXPORTS) {
                Some(used) if used.file != module.file => {
                    arrows.insert((module.file.as_path(), used.file.as_path()));
                }
                Some(_) | None => {}
            }
        }
    }
    arrows
}

/// Returns the sets of two or more files of a crate in which each file uses, directly or
/// indirectly, all others of its set; in order.
pub fn circles(sources: &Crate) -> Vec<Vec<&Path>> {
    let mut graph: DiGraph<&Path, ()> = DiGraph::new();
    let nodes: BTreeMap<&Path, _> =
        sources.files().map(|file| (file, graph.add_node(file))).collect();
    for (from, to) in arrows(sources) {
        graph.add_edge(nodes[from], nodes[to], ());
    }
    let components = tarjan_scc(&graph).into_iter().filter(|files| files.len() > 1);
    let mut circles: Vec<Vec<&Path>> =
        components.map(|files| files.into_iter().map(|file| graph[file]).collect()).collect();
    circles.iter_mut().for_each(|circle| circle.sort_unstable());
    circles.sort_unstable();
    circles
}

impl Crate {
    /// Returns the file that defines the item named by `written` in the module `from`, or
    /// `None` if this crate does not define it.
    fn resolve(&self, from: &ModulePath, written: &WrittenPath, left: usize) -> Option<&Module> {
        let left = left.checked_sub(1)?;
        let mut module = from.clone();
        let mut names = written.as_slice();
        let mut is_first = true;
        while let Some((name, rest)) = names.split_first() {
            let items = &self.modules.get(&module)?.items;
            let child = [module.as_slice(), std::slice::from_ref(name)].concat();
            match name.as_str() {
                "crate" if is_first => module = ModulePath::new(),
                "self" if is_first => {}
                "super" => {
                    module.pop()?;
                }
                // A single name is not a module: it may be a variable.
                _ if written.len() > 1 && self.modules.contains_key(&child) => module = child,
                name if items.defined.contains(name) => return self.modules.get(&module),
                name => {
                    let imported = items.imported.get(name);
                    // `use x::y` in a file without a module `x` is of another crate.
                    let imported = imported.filter(|path| **path != *written);
                    let by_name = imported.map(|path| [path.as_slice(), rest].concat());
                    let globs = items.globs.iter();
                    let by_glob = globs.map(|glob| [glob.as_slice(), names].concat());
                    let mut paths = by_name.into_iter().chain(by_glob);
                    return paths.find_map(|path| self.resolve(&module, &path, left));
                }
            }
            names = rest;
            is_first = false;
        }
        self.modules.get(&module)
    }
}
