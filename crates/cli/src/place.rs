//! What a person may name on the command line: a target, a path of this machine, or a stream.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use wharf::connector::{Error, Target};
use wharf::{Registry, RemotePath};

use crate::failure::{invalid, on_this_machine};

/// A place on some account.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    target: Target,
    written: String,
}

/// A place, or a standard stream where `-` is written.
#[derive(Debug, Clone)]
pub(crate) enum End {
    Stream,
    Place(Place),
}

impl Place {
    /// Reads what a person wrote.
    ///
    /// Before the first colon stands a scheme, or in days to come the name of a saved
    /// connection; anything else is a path of this machine. A file with such a name is written
    /// with `./` before it.
    pub(crate) fn read(text: &str, registry: &Registry) -> Result<Self, Error> {
        let target = match text.split_once(':') {
            Some((scheme, _)) if is_known(scheme, registry) || Target::looks_like(text) => {
                let target: Target = text.parse()?;
                registry.factory(target.scheme())?;
                target
            }
            Some((name, _)) if is_name(name) => return Err(not_a_place(name, text)),
            _ => on_this_machines_disk(text)?,
        };
        Ok(Self { target, written: text.to_owned() })
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    pub(crate) fn path(&self) -> &RemotePath {
        self.target.path()
    }

    /// Whether a folder is meant for certain: the text ends in a slash, or names none.
    pub(crate) fn is_surely_a_folder(&self) -> bool {
        self.path().is_root() || self.written.ends_with('/') || ends_in_dots(&self.written)
    }

    /// The same account, another path.
    pub(crate) fn with_path(&self, path: RemotePath) -> Self {
        let target = self.target.clone().with_path(path);
        Self { written: shown(&target), target }
    }
}

impl fmt::Display for Place {
    /// As a person would write it: files of this machine by their path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.target))
    }
}

impl End {
    /// Reads what a person wrote; `-` is a stream.
    pub(crate) fn read(text: &str, registry: &Registry) -> Result<Self, Error> {
        Ok(match text {
            "-" => Self::Stream,
            text => Self::Place(Place::read(text, registry)?),
        })
    }
}

fn shown(target: &Target) -> String {
    if target.scheme() == LOCAL {
        return target.path().to_string();
    }
    if target.authority().is_empty() && target.user().is_none() {
        return format!("{}:{}", target.scheme(), target.path());
    }
    target.to_string()
}

fn is_known(scheme: &str, registry: &Registry) -> bool {
    registry.schemes().any(|known| known.eq_ignore_ascii_case(scheme))
}

/// Two letters or more, so that a drive of Windows is none.
fn is_name(text: &str) -> bool {
    text.chars().count() >= 2 && !text.contains(['/', '\\'])
}

fn not_a_place(name: &str, text: &str) -> Error {
    // What was meant may hold a password, so it is not repeated.
    let name = if text.contains('@') { "the text before the colon" } else { name };
    invalid(
        format!("{name} is no service, and saved connections do not exist yet"),
        "Targets look like filescom://acme.files.com/path; `wharf schemes` lists the services. \
         A file of this machine with a colon in its name is written ./name:rest.",
    )
}

fn ends_in_dots(text: &str) -> bool {
    matches!(text.rsplit('/').next(), Some("." | ".."))
}

fn on_this_machines_disk(text: &str) -> Result<Target, Error> {
    if text.is_empty() {
        return Err(invalid("the path is empty", "Write . for the current folder."));
    }
    let absolute = resolved(Path::new(text))?;
    let text = absolute.to_str().ok_or_else(|| {
        let message = format!("the path {} is not UTF-8", absolute.display());
        invalid(message, "Go to its folder, and give a relative path.")
    })?;
    format!("{LOCAL}://{text}").parse()
}

/// The absolute path without `..`. What lies before the last `..` is looked up, for beyond a
/// symbolic link `..` leads elsewhere than the text says.
fn resolved(path: &Path) -> Result<PathBuf, Error> {
    let failed = |error| on_this_machine(format!("the path {}", path.display()), error);
    let absolute = std::path::absolute(path).map_err(failed)?;
    let parts: Vec<Component<'_>> = absolute.components().collect();
    let Some(last) = parts.iter().rposition(|part| *part == Component::ParentDir) else {
        return Ok(absolute);
    };
    let (climbing, rest) = parts.split_at(last + 1);
    let base: PathBuf = climbing.iter().collect();
    let base = base.canonicalize().map_err(failed)?;
    Ok(rest.iter().fold(base, |path, part| path.join(part)))
}

/// The scheme of files of this machine.
pub(crate) const LOCAL: &str = "file";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Place, Error> {
        Place::read(text, &wharf::registry())
    }

    #[test]
    fn targets_and_paths_are_told_apart() {
        let here = std::env::current_dir().unwrap();
        for (text, want) in [
            ("memory:", "memory:/".to_owned()),
            ("memory:/a b/100%.csv", "memory:/a b/100%.csv".to_owned()),
            ("MEMORY:/a", "memory:/a".to_owned()),
            ("a.txt", format!("{}/a.txt", here.display())),
            ("./memory:", format!("{}/memory:", here.display())),
            ("/a//b/./c", "/a/b/c".to_owned()),
            ("a@b/c", format!("{}/a@b/c", here.display())),
            ("c:x", format!("{}/c:x", here.display())),
        ] {
            assert_eq!(read(text).unwrap().to_string(), want, "{text}");
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        for (text, part) in [
            ("acme:/x", "saved connections"),
            ("memry://x", "there is no service `memry`"),
            ("", "empty"),
            ("nothing-of-that-name/../x", "nothing-of-that-name"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
        let error = read("anna:hunter2@host").unwrap_err();
        assert!(!error.to_string().contains("anna"), "{error}");
    }

    #[test]
    fn a_slash_at_the_end_means_a_folder() {
        for (text, want) in [
            ("memory:", true),
            ("memory:/a/", true),
            ("memory:/a", false),
            (".", true),
            ("..", true),
            ("a/.", true),
            ("a", false),
        ] {
            assert_eq!(read(text).unwrap().is_surely_a_folder(), want, "{text}");
        }
    }

    #[test]
    fn climbing_follows_links_as_the_system_does() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("deep/er")).unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(root.join("deep/er"), root.join("link")).unwrap();
            let through = resolved(&root.join("link/../file")).unwrap();
            assert_eq!(through, root.join("deep/file"));
        }
        let plain = resolved(&root.join("deep/../file")).unwrap();
        assert_eq!(plain, root.join("file"));
    }
}
