//! Search (Boomi: File Sharing API reference 1.16, Search).

use wharf_model::mft::{FolderId, Listing, SlashDate, UserId};
use wharf_transport::{Method, Request};

use chrono::{DateTime, Utc};

use crate::client::Client;
use crate::endpoints::{Endpoints, Place};
use crate::error::Result;
use crate::listing::{self, EntryStream};

/// `POST /Search/{skip}/{take}` and its siblings for files or folders alone: one page of what fits.
pub fn find(
    endpoints: &Endpoints,
    wanted: Wanted,
    criteria: &Criteria,
    (skip, take): (u64, u32),
) -> Request {
    let (skip, take) = (skip.to_string(), take.to_string());
    let request = endpoints.rest(Method::POST, wanted.place(), &[("skip", &skip), ("take", &take)]);
    request.form(criteria.form()).idempotent()
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Search {
    client: Client,
}

impl Search {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// One page of what fits: `take` entries after the first `skip`. The service may give fewer.
    ///
    /// # Errors
    ///
    /// What the service refuses.
    pub async fn page(
        &self,
        wanted: Wanted,
        criteria: &Criteria,
        (skip, take): (u64, u32),
    ) -> Result<Listing> {
        let request = find(self.client.endpoints(), wanted, criteria, (skip, take));
        listing::whole(&self.client, wanted.place(), request).await
    }

    /// Everything that fits, page by page as it is asked for.
    ///
    /// It ends at the first empty page: a short one may be short because the server gives no
    /// more at once. An entry that moves from one page to the next meanwhile comes once.
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    /// use wharf_mft::api::{Criteria, Wanted};
    /// # use wharf_mft::{Client, Config, Login};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = wharf_sandbox::Sandbox::start().await?;
    /// # let (server, user) = (sandbox.mft_url(), sandbox.mft().users().remove(0));
    /// # let client = Client::new(Config::new(server, user.name, Login::password(user.password)))?;
    /// let home = client.home().info().await?;
    /// let pages = Criteria::below(home.id).with_name("*.html").with_recursive(true);
    /// let found: Vec<_> = client.search().entries(Wanted::Files, pages).try_collect().await?;
    /// assert_eq!(found[0].name(), "2.html");
    /// # Ok(()) }
    /// ```
    pub fn entries(&self, wanted: Wanted, criteria: Criteria) -> EntryStream {
        listing::found(&self.client, wanted, criteria, None)
    }
}

/// Which kind of entry is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Wanted {
    /// Files and folders.
    #[default]
    Both,
    /// Files.
    Files,
    /// Folders.
    Folders,
}

impl Wanted {
    pub(crate) fn place(self) -> Place {
        match self {
            Self::Both => Place::search,
            Self::Files => Place::search_files,
            Self::Folders => Place::search_folders,
        }
    }
}

/// What to search for (`ThruPublicSearchCriteria`).
///
/// `*` in a text stands for anything. A text without one may stand anywhere in what is searched,
/// by the words of the reference; its example disagrees, so write the stars that you mean.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Criteria {
    /// In which folder.
    pub folder: FolderId,
    /// What the name is like.
    pub name: Box<str>,
    /// Whether all words of the name must fit.
    pub all_of_name: bool,
    /// What the description is like.
    pub description: Box<str>,
    /// Whether all words of the description must fit.
    pub all_of_description: bool,
    /// What the tags are like.
    pub tags: Box<str>,
    /// Whether all tags must fit.
    pub all_tags: bool,
    /// By whom it was last changed: by any of these, or by anyone if there are none.
    pub changed_by: Vec<UserId>,
    /// Changed at this time or later.
    pub changed_from: Option<DateTime<Utc>>,
    /// Changed at this time or earlier.
    pub changed_to: Option<DateTime<Utc>>,
    /// Whether folders within the folder are searched, too.
    pub recursive: bool,
}

impl Criteria {
    /// Everything directly in a folder.
    pub fn below(folder: FolderId) -> Self {
        Self {
            folder,
            name: ANYTHING.into(),
            all_of_name: false,
            description: ANYTHING.into(),
            all_of_description: false,
            tags: ANYTHING.into(),
            all_tags: false,
            changed_by: Vec::new(),
            changed_from: None,
            changed_to: None,
            recursive: false,
        }
    }

    /// Sets what the name is like.
    #[must_use]
    pub fn with_name(mut self, pattern: impl Into<Box<str>>) -> Self {
        self.name = pattern.into();
        self
    }

    /// Sets what the description is like.
    #[must_use]
    pub fn with_description(mut self, pattern: impl Into<Box<str>>) -> Self {
        self.description = pattern.into();
        self
    }

    /// Sets what the tags are like.
    #[must_use]
    pub fn with_tags(mut self, pattern: impl Into<Box<str>>) -> Self {
        self.tags = pattern.into();
        self
    }

    /// Sets whether folders within the folder are searched.
    #[must_use]
    pub fn with_recursive(mut self, recursive: bool) -> Self {
        self.recursive = recursive;
        self
    }

    /// Sets from when on it was changed.
    #[must_use]
    pub fn with_changed_from(mut self, time: DateTime<Utc>) -> Self {
        self.changed_from = Some(time);
        self
    }

    /// Sets until when it was changed.
    #[must_use]
    pub fn with_changed_to(mut self, time: DateTime<Utc>) -> Self {
        self.changed_to = Some(time);
        self
    }

    /// In what form dates are wanted is not documented: the one in which they are answered.
    fn form(&self) -> Vec<(&'static str, String)> {
        let date = |time: Option<DateTime<Utc>>| time.map(SlashDate::format).unwrap_or_default();
        let mut form = vec![
            ("FolderID", self.folder.to_string()),
            ("NameCriteria", self.name.to_string()),
            ("NameCriteriaMatchAll", self.all_of_name.to_string()),
            ("DescriptionCriteria", self.description.to_string()),
            ("DescriptionCriteriaMatchAll", self.all_of_description.to_string()),
            ("KeywordCriteria", self.tags.to_string()),
            ("KeywordCriteriaMatchAll", self.all_tags.to_string()),
        ];
        form.extend(self.changed_by.iter().map(|id| ("LastModifiedByUsers[]", id.to_string())));
        form.push(("DateLastModifiedStart", date(self.changed_from)));
        form.push(("DateLastModifiedEnd", date(self.changed_to)));
        form.push(("Recursive", self.recursive.to_string()));
        form
    }
}

/// What unused criteria are set to (Thru REST API manual, 5.6).
const ANYTHING: &str = "*";
