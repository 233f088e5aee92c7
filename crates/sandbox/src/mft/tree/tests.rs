//! The tree keeps names, parents and sizes consistent.

use bytes::Bytes;

use super::*;
use crate::mft::id::Mint;

struct Grove {
    tree: Tree,
    mint: Mint,
    stamp: Stamp,
}

impl Grove {
    fn new() -> Self {
        let mut mint = Mint::new(7);
        let stamp = Stamp { by: mint.id(), at: DateTime::UNIX_EPOCH };
        Self { tree: Tree::new(mint.id(), stamp), mint, stamp }
    }

    fn folder(&mut self, parent: &str, name: &str) -> Result<Id, Refusal> {
        let parent = self.tree.find(parent).unwrap();
        let id = self.mint.id();
        self.tree.add_folder(id, parent, name, FolderType::Regular, self.stamp)
    }

    fn file(&mut self, parent: &str, name: &str, size: usize) -> Result<Id, Refusal> {
        let parent = self.tree.find(parent).unwrap();
        let (id, content) = (self.mint.id(), Blob::from(Bytes::from(vec![1; size])));
        self.tree.add_file(id, parent, name, content, self.stamp)
    }

    fn size(&self, path: &str) -> u64 {
        self.tree.node(self.tree.find(path).unwrap()).unwrap().size()
    }
}

#[test]
fn sizes_follow_every_change() {
    let mut grove = Grove::new();
    grove.folder("FOLDERS", "a").unwrap();
    let b = grove.folder("FOLDERS", "b").unwrap();
    let inner = grove.folder("FOLDERS/a", "inner").unwrap();
    let file = grove.file("FOLDERS/a/inner", "f", 10).unwrap();
    assert_eq!(grove.size("FOLDERS"), 10);
    assert_eq!(grove.size("FOLDERS/a"), 10);
    grove.tree.replace(file, Blob::from(Bytes::from_static(b"123")), grove.stamp);
    assert_eq!(grove.size("FOLDERS/a"), 3);
    grove.tree.relocate(inner, b, "moved").unwrap();
    assert_eq!((grove.size("FOLDERS/a"), grove.size("FOLDERS/b")), (0, 3));
    assert_eq!(grove.tree.path(file), "FOLDERS/b/moved/f");
    let gone = grove.tree.remove(inner);
    assert_eq!(gone.len(), 2);
    assert_eq!(grove.size("FOLDERS"), 0);
    assert!(grove.tree.node(file).is_none());
    assert_eq!(grove.tree.len(), 3);
}

#[test]
fn names_are_unique_whatever_their_case_unless_told() {
    let mut grove = Grove::new();
    grove.folder("FOLDERS", "Straße").unwrap();
    assert_eq!(grove.file("FOLDERS", "STRAßE", 1).unwrap_err().code, refusal::NAME_TAKEN);
    grove.tree.set_by_case(true);
    let upper = grove.file("FOLDERS", "STRAßE", 1).unwrap();
    grove.tree.set_by_case(false);
    let root = grove.tree.root();
    assert_eq!(grove.tree.children(root).count(), 2);
    grove.tree.remove(upper);
    assert_eq!(grove.tree.children(root).count(), 1);
}

#[test]
fn a_name_can_change_its_case_in_place() {
    let mut grove = Grove::new();
    let id = grove.folder("FOLDERS", "lower").unwrap();
    let root = grove.tree.root();
    grove.tree.relocate(id, root, "LOWER").unwrap();
    assert_eq!(grove.tree.path(id), "FOLDERS/LOWER");
    assert_eq!(grove.tree.find("folders/lower"), Some(id));
}

#[test]
fn impossible_moves_and_names_are_refused() {
    let mut grove = Grove::new();
    let outer = grove.folder("FOLDERS", "outer").unwrap();
    let inner = grove.folder("FOLDERS/outer", "inner").unwrap();
    let root = grove.tree.root();
    for (result, code) in [
        (grove.tree.relocate(outer, inner, "x"), refusal::INTO_ITSELF),
        (grove.tree.relocate(outer, outer, "x"), refusal::INTO_ITSELF),
        (grove.tree.relocate(root, outer, "x"), refusal::FIXED),
        (grove.tree.relocate(inner, root, "outer"), refusal::NAME_TAKEN),
        (grove.tree.relocate(inner, root, "a/b"), refusal::NAME_INVALID),
    ] {
        assert_eq!(result.unwrap_err().code, code);
    }
    for name in ["", " ", ".", "..", "a\\b", "a\nb", &"x".repeat(256)] {
        assert_eq!(check_name(name).unwrap_err().code, refusal::NAME_INVALID, "{name:?}");
    }
}

#[test]
fn what_lies_below_comes_parents_first_in_order() {
    let mut grove = Grove::new();
    grove.folder("FOLDERS", "b").unwrap();
    grove.folder("FOLDERS", "a").unwrap();
    grove.file("FOLDERS/b", "z", 0).unwrap();
    grove.file("FOLDERS/a", "y", 0).unwrap();
    let names: Vec<_> =
        grove.tree.below(grove.tree.root()).iter().map(|node| node.name.clone()).collect();
    assert_eq!(names, ["a", "y", "b", "z"]);
}
