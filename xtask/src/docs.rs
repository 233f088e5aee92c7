//! `docs`: links resolve, and Rust in the documents is Rust that is compiled.
//!
//! Where the Rust of a document is compiled: either the whole document is a doc test of some
//! crate (`#[doc = include_str!("...")]`, run by `cargo test`), or the block stands word for
//! word, indentation aside, in some `.rs` file of the workspace, most often a test or an
//! example. The guide to a backend is compiled by the task `backend`. A sketch that is nothing of
//! all this is fenced as `text` or `rust,ignore`.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::backend::GUIDE;
use crate::outcome::{Failure, Outcome, no_arguments, settle};
use crate::workspace::{Text, Workspace};

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    no_arguments("docs", arguments)?;
    check(workspace)
}

pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let documents = workspace.texts(&[".md"])?;
    let sources = workspace.texts(&[".rs"])?;
    let mut findings = Vec::new();
    for document in &documents {
        findings.extend(broken_links(workspace, document)?);
        findings.extend(uncompiled(document, &sources));
    }
    settle("docs", &findings, format!("{} documents", documents.len()))
}

fn broken_links(workspace: &Workspace, document: &Text) -> Result<Vec<String>, Failure> {
    let mut findings = Vec::new();
    for (number, target) in links(document) {
        let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
        let file =
            if path.is_empty() { document.path.clone() } else { beside(&document.path, path) };
        if !workspace.exists(&file) {
            findings.push(format!("{}:{number}: nothing is at `{target}`", document.path));
        } else if !anchor.is_empty()
            && file.ends_with(".md")
            && !anchors(&workspace.read(&file)?).contains(anchor)
        {
            findings.push(format!("{}:{number}: {file} has no heading `#{anchor}`", document.path));
        }
    }
    Ok(findings)
}

/// Targets of `[text](target)` and `[name]: target` that lead to a place in this checkout.
fn links(document: &Text) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(document) {
        let line = without_code(line);
        let inline = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
        let named = line
            .trim_start()
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("]: "))
            .map(|(_, target)| target.trim());
        for target in inline.chain(named) {
            let target = target.trim_matches(['<', '>']);
            if !target.contains("://") && !target.starts_with("mailto:") && !target.is_empty() {
                found.push((number, target.to_owned()));
            }
        }
    }
    found
}

/// The lines outside fenced blocks.
fn prose(document: &Text) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    document.lines().filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

/// A relative path, seen from the folder of `document`, without `.` and `..`.
fn beside(document: &str, path: &str) -> String {
    let folder = Path::new(document).parent().unwrap_or(Path::new(""));
    let mut clean = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::ParentDir => {
                // Above the root there is nothing of ours: leave a path that cannot exist.
                if !clean.pop() {
                    clean.push("(outside of the checkout)");
                }
            }
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean.to_string_lossy().replace('\\', "/")
}

/// The anchors that headings get: small letters, blanks to hyphens, other signs dropped.
fn anchors(markdown: &str) -> BTreeSet<String> {
    let document = Text { path: String::new(), text: markdown.to_owned() };
    let mut anchors = BTreeSet::new();
    for (_, line) in prose(&document).filter(|(_, line)| line.starts_with('#')) {
        let heading = line.trim_start_matches('#').trim().to_lowercase();
        let slug: String = heading
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let mut anchor = slug.clone();
        let mut twin = 0;
        while !anchors.insert(anchor.clone()) {
            twin += 1;
            anchor = format!("{slug}-{twin}");
        }
    }
    anchors
}

fn uncompiled(document: &Text, sources: &[Text]) -> Vec<String> {
    let blocks = rust_blocks(document);
    if blocks.is_empty() || document.path == GUIDE || is_doc_test(document, sources) {
        return Vec::new();
    }
    blocks
        .into_iter()
        .filter(|(_, lines)| !sources.iter().any(|source| holds(source, lines)))
        .map(|(number, _)| {
            format!(
                "{}:{number}: this Rust is compiled nowhere: quote a test or an example word for \
                 word, make the document a doc test, or fence a sketch as `text`",
                document.path
            )
        })
        .collect()
}

/// Blocks fenced as `rust`, or as `rust` with anything but `ignore`: their line, and their lines.
fn rust_blocks(document: &Text) -> Vec<(usize, Vec<&str>)> {
    let mut blocks: Vec<(usize, Vec<&str>)> = Vec::new();
    let mut inside = false;
    let mut wanted = false;
    for (number, line) in document.lines() {
        if let Some(tag) = line.trim_start().strip_prefix("```") {
            inside = !inside;
            let mut words = tag.split(',').map(str::trim);
            wanted = inside && words.next() == Some("rust") && words.all(|word| word != "ignore");
            if wanted {
                blocks.push((number, Vec::new()));
            }
        } else if wanted && let Some((_, lines)) = blocks.last_mut() {
            lines.push(line.trim());
        }
    }
    blocks
}

/// Whether some crate takes the whole document in as documentation, and so tests it.
fn is_doc_test(document: &Text, sources: &[Text]) -> bool {
    sources.iter().any(|source| {
        source.text.split("include_str!(\"").skip(1).any(|rest| {
            let target = rest.split('"').next().unwrap_or("");
            beside(&source.path, target) == document.path
        })
    })
}

/// Whether the lines stand in the source one after another; empty lines at the ends aside.
fn holds(source: &Text, lines: &[&str]) -> bool {
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
    let last = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |at| at + 1);
    let wanted = lines.get(first..last).unwrap_or_default();
    let have: Vec<&str> = source.text.lines().map(str::trim).collect();
    wanted.is_empty() || have.windows(wanted.len()).any(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::{anchors, beside, check};
    use crate::scratch::Scratch;
    use crate::workspace::Workspace;

    #[test]
    fn the_documents_of_this_workspace_hold() {
        if let Err(failure) = check(&Workspace::find()) {
            panic!("{failure}");
        }
    }

    #[track_caller]
    fn check_document(text: &str, expected: Option<&str>) {
        let scratch = Scratch::new();
        scratch
            .write("docs/guide.md", text)
            .write("docs/whole.md", "# Whole\n\n```rust\nlet whole = 1;\n```\n")
            .write("README.md", "# First words\n\n## First words\n")
            .write(
                "crates/a/src/lib.rs",
                "//! A.\n#![doc = include_str!(\"../../../docs/whole.md\")]\nfn a() {\n    let b = 1;\n\n    b\n}\n",
            );
        match (check(&scratch.workspace()), expected) {
            (Ok(line), None) => assert_eq!(line, "docs: 3 documents"),
            (Err(failure), Some(part)) => {
                let failure = failure.to_string();
                assert!(failure.contains(part), "`{part}` is not in: {failure}");
                assert!(failure.ends_with("docs: one finding"), "{failure}");
            }
            (outcome, _) => panic!("{outcome:?}"),
        }
    }

    #[test]
    fn links_lead_somewhere() {
        check_document("[a](../README.md), [b](whole.md#whole), [c](#top)\n# Top\n", None);
        check_document("[a](https://example.invalid/none.md)\n", None);
        check_document("`[a](none.md)`\n```text\n[a](none.md)\n```\n", None);
        check_document("\n[a](none.md)\n", Some("docs/guide.md:2: nothing is at `none.md`"));
        check_document("[a]: ../none.md\n", Some("docs/guide.md:1: nothing is at `../none.md`"));
        check_document("[a](../../README.md)\n", Some("nothing is at"));
        check_document("[a](whole.md#part)\n", Some("docs/whole.md has no heading `#part`"));
        check_document("[a](#none)\n", Some("docs/guide.md has no heading `#none`"));
    }

    #[test]
    fn rust_is_compiled_somewhere() {
        check_document("```rust\nlet b = 1;\n\nb\n```\n", None);
        check_document("```rust,ignore\nlet c = 1;\n```\n", None);
        check_document("```text\nlet c = 1;\n```\n", None);
        check_document(
            "```rust\nlet c = 1;\n```\n",
            Some("docs/guide.md:1: this Rust is compiled nowhere"),
        );
        check_document("\n```rust,no_run\nb\nlet b = 1;\n```\n", Some("docs/guide.md:2:"));
    }

    #[test]
    fn headings_get_the_anchors_that_forges_give_them() {
        let found = anchors("# What we *don't* do\n## A `b_c`, d\n## A\n## A\n");
        let expected = ["a", "a-1", "a-b_c-d", "what-we-dont-do"];
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn paths_are_seen_from_the_document() {
        assert_eq!(beside("docs/a.md", "../README.md"), "README.md");
        assert_eq!(beside("README.md", "./docs/a.md"), "docs/a.md");
        assert_eq!(beside("docs/a.md", "../../b.md"), "(outside of the checkout)/b.md");
    }
}
