//! The names that a file defines, re-exports and uses.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Attribute, File, Item, ItemMod, ItemUse, UseTree, VisRestricted, Visibility};

/// A path as it is written, without generic arguments.
pub(crate) type WrittenPath = Vec<String>;

/// The names that a file defines, re-exports and uses.
#[derive(Debug, Default)]
pub(crate) struct Items {
    /// The names that are defined at the top level of the file.
    pub(crate) defined: BTreeSet<String>,
    /// The paths that the file imports, by their names in its scope.
    pub(crate) imported: BTreeMap<String, WrittenPath>,
    /// The paths whose names the file brings into its scope all at once (`use a::*`).
    pub(crate) globs: Vec<WrittenPath>,
    /// All paths that the file names, except for re-exports.
    pub(crate) named: BTreeSet<WrittenPath>,
}

impl Items {
    pub(crate) fn of(file: &File) -> Self {
        let mut items = Items::default();
        for item in &file.items {
            items.defined.extend(defined(item));
        }
        items.visit_file(file);
        items
    }
}

/// The name that an item defines.
fn defined(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Mod(item) => item.content.as_ref().map(|_| &item.ident)?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        // These define no name; there may be others.
        Item::ExternCrate(_)
        | Item::ForeignMod(_)
        | Item::Impl(_)
        | Item::Use(_)
        | Item::Verbatim(_)
        | _ => return None,
    };
    Some(name.to_string())
}

impl<'ast> Visit<'ast> for Items {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut imports = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut imports);
        let is_reexport = !matches!(item.vis, Visibility::Inherited);
        for (name, path) in imports {
            if !is_reexport {
                self.named.insert(path.clone());
            }
            match name {
                Some(name) => {
                    self.imported.insert(name, path);
                }
                None => self.globs.push(path),
            }
        }
    }

    /// The path in `pub(in path)` does not count as a use.
    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.named.insert(path.segments.iter().map(|s| s.ident.to_string()).collect());
        visit::visit_path(self, path);
    }
}

/// Adds the paths of a tree to `imports`, each with the name that it brings into scope;
/// `None` stands for all names.
fn flatten(
    tree: &UseTree,
    prefix: &mut WrittenPath,
    imports: &mut Vec<(Option<String>, WrittenPath)>,
) {
    let with = |prefix: &WrittenPath, name: String| match name.as_str() {
        "self" if !prefix.is_empty() => prefix.clone(),
        _ => [prefix.as_slice(), &[name]].concat(),
    };
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            flatten(&path.tree, prefix, imports);
            prefix.pop();
        }
        UseTree::Name(name) => {
            let path = with(prefix, name.ident.to_string());
            imports.push((path.last().cloned(), path));
        }
        UseTree::Rename(rename) => {
            let path = with(prefix, rename.ident.to_string());
            imports.push((Some(rename.rename.to_string()), path));
        }
        UseTree::Glob(_) => imports.push((None, prefix.clone())),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, prefix, imports);
            }
        }
    }
}

/// Whether something is compiled for tests only: its `cfg` is `test`.
pub(crate) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let cfg = attribute.path().is_ident("cfg").then(|| attribute.parse_args::<syn::Ident>());
        matches!(cfg, Some(Ok(condition)) if condition == "test")
    })
}
