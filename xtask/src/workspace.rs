//! The checkout: where it is, and the text files in it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::outcome::Failure;

/// A checkout of this project, or a copy of it that a test made.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The one this program belongs to.
    pub(crate) fn find() -> Self {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().unwrap_or(&manifest).to_path_buf();
        Self { root }
    }

    #[cfg(test)]
    pub(crate) fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> PathBuf {
        let elsewhere = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        elsewhere.unwrap_or_else(|| self.root.join("target"))
    }

    /// Everything below `folder`, sorted, as paths relative to the root with `/` between names.
    /// Hidden names and build output are left out. A folder that is not there holds nothing.
    pub(crate) fn paths_below(&self, folder: &str) -> Result<Vec<String>, Failure> {
        let mut found = Vec::new();
        self.walk(folder, &mut found)?;
        found.sort();
        Ok(found)
    }

    fn walk(&self, folder: &str, found: &mut Vec<String>) -> Result<(), Failure> {
        let absolute = self.root.join(folder);
        if !absolute.is_dir() {
            return Ok(());
        }
        let unreadable =
            |error| Failure::new(format!("cannot read {}: {error}", absolute.display()));
        for entry in fs::read_dir(&absolute).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name == "target" {
                continue;
            }
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if entry.file_type().map_err(unreadable)?.is_dir() {
                self.walk(&path, found)?;
            } else {
                found.push(path);
            }
        }
        Ok(())
    }

    /// Every file whose name ends in one of `endings`, read.
    pub(crate) fn texts(&self, endings: &[&str]) -> Result<Vec<Text>, Failure> {
        self.paths_below("")?
            .into_iter()
            .filter(|path| endings.iter().any(|ending| path.ends_with(ending)))
            .map(|path| {
                let text = self.read(&path)?;
                Ok(Text { path, text })
            })
            .collect()
    }

    pub(crate) fn read(&self, path: &str) -> Result<String, Failure> {
        fs::read_to_string(self.root.join(path))
            .map_err(|error| Failure::new(format!("cannot read {path}: {error}")))
    }

    pub(crate) fn read_bytes(&self, path: &str) -> Result<Vec<u8>, Failure> {
        fs::read(self.root.join(path))
            .map_err(|error| Failure::new(format!("cannot read {path}: {error}")))
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }
}

/// A text file, by its path from the root.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Text {
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The name without its folders.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Lines with their numbers, from one.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.split('\n').enumerate().map(|(n, line)| (n + 1, line))
    }

    /// The lines that ship: no tests, no comments. By convention `mod tests` closes a file, so
    /// all from there on is left out; files of tests and examples have no such lines at all.
    pub(crate) fn shipped_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let whole = !self.is_for_tests();
        self.lines()
            .take_while(move |(_, line)| whole && !line.starts_with("mod tests"))
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    pub(crate) fn is_for_tests(&self) -> bool {
        self.name() == "tests.rs"
            || ["/tests/", "/examples/", "/benches/"]
                .iter()
                .any(|folder| self.path.contains(folder))
    }
}
