//! What a person may name on the command line: a target, a path of this machine, or a stream.

use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use wharf::connections::{Connection, check_name, looks_like_a_key};
use wharf::connector::{Error, Target, nearest};
use wharf::{ErrorKind, Registry, RemotePath};

use crate::failure::{invalid, on_this_machine};

/// A place on some account.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// With the path within the connection, if there is one.
    target: Target,
    written: String,
    connection: Option<Arc<Connection>>,
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
    /// Before the first colon stands the scheme of a service or the name of a saved connection;
    /// none can be both. Anything else is a path of this machine. A file with such a name is
    /// written with `./` before it.
    pub(crate) fn read(
        text: &str,
        registry: &Registry,
        find: impl FnOnce(&str) -> Result<Connection, Error>,
    ) -> Result<Self, Error> {
        match text.split_once(':') {
            Some((scheme, _)) if is_known(scheme, registry) => Self::at(text.parse()?, text),
            Some((name, rest)) if check_name(name).is_ok() && !rest.starts_with("//") => {
                let connection = find(name).map_err(|error| advised(error, text, registry))?;
                let path = RemotePath::new(rest)?;
                let target = connection.target.clone().with_path(path);
                let connection = Some(Arc::new(connection));
                Ok(Self { target, written: rest.to_owned(), connection })
            }
            Some((name, _)) if Target::looks_like(text) => {
                let error = registry.factory(&name.to_ascii_lowercase()).err();
                let known = find(name).is_ok();
                Err(error.map_or_else(|| not_a_place(text), |error| slashes(error, name, known)))
            }
            Some((name, _)) if is_name(name) => Err(not_a_place(text)),
            _ => Self::at(on_this_machines_disk(text)?, text),
        }
    }

    fn at(target: Target, text: &str) -> Result<Self, Error> {
        Ok(Self { target, written: text.to_owned(), connection: None })
    }

    /// The root of a saved connection.
    pub(crate) fn on(connection: Connection) -> Self {
        let target = connection.target.clone().with_path(RemotePath::root());
        Self { target, written: String::new(), connection: Some(Arc::new(connection)) }
    }

    /// The saved connection that it is on.
    pub(crate) fn connection(&self) -> Option<&Connection> {
        self.connection.as_deref()
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
        Self { written: target.path().to_string(), target, connection: self.connection.clone() }
    }
}

impl fmt::Display for Place {
    /// As a person would write it: files of this machine by their path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.connection {
            Some(connection) => write!(f, "{}:{}", connection.name, self.path()),
            None => f.write_str(&shown(&self.target)),
        }
    }
}

impl End {
    /// Reads what a person wrote; `-` is a stream.
    pub(crate) fn read(
        text: &str,
        read: impl FnOnce(&str) -> Result<Place, Error>,
    ) -> Result<Self, Error> {
        Ok(match text {
            "-" => Self::Stream,
            text => Self::Place(read(text)?),
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

fn not_a_place(text: &str) -> Error {
    // What was meant may hold a password, so it is not repeated.
    let name = text.split(':').next();
    let name = name.filter(|name| !text.contains('@') && !looks_like_a_key(name));
    let name = name.unwrap_or("the text before the colon");
    invalid(format!("{name} is neither a service nor a saved connection"), FORMS)
}

/// An unknown name may be a scheme with a slip in it, or a file of this machine.
fn advised(error: Error, text: &str, registry: &Registry) -> Error {
    let Some((name, _)) = text.split_once(':') else {
        return error;
    };
    let is_file = Path::new(text).symlink_metadata().is_ok();
    let scheme = nearest(name, registry.schemes());
    let said = error.remedy().unwrap_or_default().to_owned();
    match scheme {
        _ if error.kind() != ErrorKind::Invalid => error,
        _ if text.contains('@') => not_a_place(text),
        _ if is_file => {
            error.with_remedy(format!("The file of that name here is ./{text}. {said}"))
        }
        Some(scheme) if !said.starts_with("Did you mean") => {
            error.with_remedy(format!("Did you mean `{scheme}`? {said}"))
        }
        _ => error,
    }
}

/// After a name two slashes have no place.
fn slashes(error: Error, name: &str, known: bool) -> Error {
    if known {
        return error.with_remedy(format!(
            "`{name}` is a saved connection: what follows its colon is a path, as in {name}:/path."
        ));
    }
    error
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

const FORMS: &str = "Places look like acme:path for a saved connection (`wharf connection list` \
    tells them), or filescom://acme.files.com/path for a service (`wharf schemes`). A file of \
    this machine with a colon in its name is written ./name:rest.";

/// The scheme of files of this machine.
pub(crate) const LOCAL: &str = "file";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Place, Error> {
        Place::read(text, &wharf::registry(), |name| match name {
            "acme" => Connection::new("acme", "memory:/inbox"),
            _ => Err(invalid(format!("there is no connection `{name}`"), "Make it.")),
        })
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
            ("acme:", "acme:/".to_owned()),
            ("acme:x/y", "acme:/x/y".to_owned()),
            ("acme:/x", "acme:/x".to_owned()),
            ("./acme:x", format!("{}/acme:x", here.display())),
        ] {
            assert_eq!(read(text).unwrap().to_string(), want, "{text}");
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        for (text, part) in [
            ("globex:/x", "there is no connection `globex`"),
            ("acme://x", "there is no service `acme`"),
            ("a b:/x", "neither a service nor a saved connection"),
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
            ("acme:", true),
            ("acme:a/", true),
            ("acme:a", false),
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
