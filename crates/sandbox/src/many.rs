//! The names of files made by the thousand.

/// The folders that hold them: so many below `path`, or `path` itself.
pub(crate) fn folders(path: &str, count: u32) -> impl Iterator<Item = String> {
    let path = path.trim_matches('/').to_owned();
    let itself = (count == 0).then(|| path.clone());
    let below = (1..=count).map(move |number| format!("{path}/folder-{number:05}"));
    itself.into_iter().chain(below)
}

/// The files in each.
pub(crate) fn files(count: u32) -> impl Iterator<Item = String> {
    (1..=count).map(|number| format!("file-{number:05}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_counted() {
        assert_eq!(folders("/a/", 0).collect::<Vec<_>>(), ["a"]);
        assert_eq!(folders("a", 2).collect::<Vec<_>>(), ["a/folder-00001", "a/folder-00002"]);
        assert_eq!(files(1).collect::<Vec<_>>(), ["file-00001"]);
        assert_eq!(files(0).count(), 0);
    }
}
