//! The files of a crate and their modules.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use syn::Item;

use crate::items::{Items, is_test};

/// A path of modules from the root of a crate; that of the root is empty.
pub(crate) type ModulePath = Vec<String>;

/// The modules of a crate that are files of their own.
#[derive(Debug)]
pub struct Crate {
    pub(crate) modules: BTreeMap<ModulePath, Module>,
}

/// A module that is a file of its own.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) file: PathBuf,
    pub(crate) items: Items,
}

/// The reason why a crate could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// A file could not be read.
    Io(PathBuf, io::Error),
    /// A file is not Rust.
    Syntax(PathBuf, syn::Error),
}

impl Crate {
    /// Reads the crate with this root, such as `src/lib.rs`, without the parts that are
    /// compiled for tests only.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if a file is missing, or is not Rust.
    pub fn read(root: &Path) -> Result<Crate, ReadError> {
        let mut modules = BTreeMap::new();
        let mut work = vec![(ModulePath::new(), root.to_owned())];
        while let Some((path, file)) = work.pop() {
            let text = fs::read_to_string(&file).map_err(|e| ReadError::Io(file.clone(), e))?;
            let syntax = syn::parse_file(&text).map_err(|e| ReadError::Syntax(file.clone(), e))?;
            for child in children(&syntax.items) {
                let file = file_of(&file, path.is_empty(), &child);
                work.push(([path.as_slice(), &[child]].concat(), file));
            }
            modules.insert(path, Module { file, items: Items::of(&syntax) });
        }
        Ok(Crate { modules })
    }

    /// The files of the crate, in the order of their modules.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.modules.values().map(|module| module.file.as_path())
    }
}

/// The modules that `items` declare in files of their own.
fn children(items: &[Item]) -> impl Iterator<Item = String> {
    items.iter().filter_map(|item| {
        let Item::Mod(module) = item else { return None };
        let is_file = module.content.is_none() && !is_test(&module.attrs);
        is_file.then(|| module.ident.to_string())
    })
}

/// The file of the module `child` that `parent` declares.
fn file_of(parent: &Path, is_root: bool, child: &str) -> PathBuf {
    let folder = parent.parent().unwrap_or(Path::new(""));
    let folder = match parent.file_stem().and_then(|stem| stem.to_str()) {
        Some(stem) if !is_root && stem != "mod" => folder.join(stem),
        Some(_) | None => folder.to_owned(),
    };
    let file = folder.join(format!("{child}.rs"));
    if file.exists() { file } else { folder.join(child).join("mod.rs") }
}
