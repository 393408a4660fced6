//! Compact tables of names and origins. The common case (numbered names, unknown origins) is
//! stored compactly; other cases cost more.

use super::{Name, Origin};

/// The names of entities. Most of them consist of a common prefix and a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// The prefix of the first numbered name.
    prefix: &'static str,
    numbers: Vec<u32>,
    /// The names that do not have the common prefix, each with its index.
    others: Vec<(usize, Name)>,
}

impl Names {
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    pub(crate) fn reserve(&mut self, names: usize) {
        self.numbers.reserve(names);
    }

    pub(crate) fn push(&mut self, name: Name) {
        if let Name::Numbered(prefix, number) = name
            && same_prefix(&mut self.prefix, prefix)
        {
            return self.numbers.push(number);
        }
        self.others.push((self.numbers.len(), name));
        self.numbers.push(0);
    }

    pub(crate) fn get(&self, index: usize) -> Name {
        match self.others.binary_search_by_key(&index, |&(other, _)| other) {
            Ok(place) => self.others[place].1.clone(),
            Err(_) => Name::Numbered(self.prefix, self.numbers[index]),
        }
    }
}

/// Whether a prefix is the common one, which the first prefix becomes.
pub(crate) fn same_prefix(common: &mut &'static str, prefix: &'static str) -> bool {
    if common.is_empty() {
        *common = prefix;
    }
    // Mostly the same literal.
    std::ptr::eq(*common, prefix) || *common == prefix
}

/// The positions of entities in the input, if the input has lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origins {
    /// Empty as long as no entity has a line.
    origins: Vec<Origin>,
}

impl Origins {
    /// Records the origin of the next entity, which has number `index`.
    pub(crate) fn push(&mut self, index: usize, origin: Origin) {
        if origin != Origin::default() {
            self.origins.resize(index, Origin::default());
            self.origins.push(origin);
        }
    }

    pub(crate) fn get(&self, index: usize) -> Origin {
        self.origins.get(index).copied().unwrap_or_default()
    }
}

/// The names of blocks, and the positions of their headers in the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Headers {
    pub(crate) names: Names,
    pub(crate) origins: Origins,
}

impl Headers {
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn push(&mut self, name: Name, origin: Origin) {
        self.origins.push(self.names.len(), origin);
        self.names.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_as_they_were_given() {
        let text = |text: &str| Name::Text(text.into());
        let given = [
            text("ret0 of block3"),
            Name::Numbered("v", 7),
            Name::Numbered("x", 7),
            text(""),
            Name::Numbered("v", u32::MAX),
        ];
        let mut names = Names::default();
        given.iter().for_each(|name| names.push(name.clone()));
        assert_eq!(names.len(), given.len());
        for (i, name) in given.iter().enumerate() {
            assert_eq!(names.get(i), *name);
        }
    }

    #[test]
    fn origins_come_back_though_the_first_are_unknown() {
        let line = |line| Origin { line, ..Origin::default() };
        let mut origins = Origins::default();
        for (i, origin) in [line(0), line(0), line(3), line(0), line(5)].into_iter().enumerate() {
            origins.push(i, origin);
        }
        let lines: Vec<u32> = (0..6).map(|i| origins.get(i).line).collect();
        assert_eq!(lines, [0, 0, 3, 0, 5, 0]);
    }
}
