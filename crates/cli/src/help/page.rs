//! Pages on what concerns every command.

use super::screen::examples;
use crate::exit;

/// What a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    Places,
    Secrets,
    ExitCodes,
}

impl Page {
    pub(crate) const ALL: [Self; 3] = [Self::Places, Self::Secrets, Self::ExitCodes];

    /// As it is asked for.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Places => "places",
            Self::Secrets => "secrets",
            Self::ExitCodes => "exit-codes",
        }
    }

    /// The page of this name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|page| page.name() == name)
    }

    /// What it says.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Places => PLACES.to_owned(),
            Self::Secrets => SECRETS.to_owned(),
            Self::ExitCodes => exit::table(),
        }
    }
}

/// All pages, one after another, and where to begin.
pub(crate) fn all() -> String {
    format!("{}\n\nExamples:\n{}", Page::ALL.map(Page::text).join("\n\n"), examples())
}

const PLACES: &str = "\
Places:
  NAME:PATH                   a saved connection (wharf connection); NAME has at
                              least two letters, no slash, and is no service's
  filescom://HOST/PATH        Files.com
  mft://USER@HOST/PATH        Boomi MFT
  filescom+http://HOST/PATH   the same over plain HTTP, to this machine only;
  mft+http://USER@HOST/PATH   meant for the sandbox
  PATH, file:/PATH            a file of this machine; with a colon in its name
                              ./PATH
  memory:/PATH                nothing but memory, empty at the start
  -                           standard input or output, for put and get

The path is taken letter by letter: blanks and percent signs stand for themselves.";

const SECRETS: &str = "\
Secrets are never given in arguments, where others can read them. They come from
  a saved connection          wharf connection add NAME TARGET
  the environment             FILES_API_KEY, WHARF_MFT_PASSWORD
  a file only you can read    --set api_key=@PATH
  another variable            --set api_key=@env:NAME
  a question                  at a terminal, without echo";
