//! What is not certain about the service, as data: every path, page and field name, each with
//! how sure we are, where it comes from, and the setting that overrides it.
//!
//! The public reference of version 1.16 prints operations, fields and samples, but neither paths
//! nor methods. Paths come from the older manuals of the same product, or are inferred. A
//! correction is one setting.

mod certainty;

use std::borrow::Cow;
use std::fmt;

use wharf_transport::{Method, Request};

pub use certainty::Certainty;

/// One row of [`Endpoints::table`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row<'a> {
    /// The name, such as `folder_files`.
    pub name: &'static str,
    /// What holds, as a template with `{version}`, `{id}`, `{user}`, `{skip}` and `{take}`; a
    /// query may follow a path.
    pub value: &'a str,
    /// How sure the built-in value is.
    pub certainty: Certainty,
    /// Where the built-in value comes from.
    pub source: &'static str,
    /// Whether a setting replaced the built-in value.
    pub overridden: bool,
    /// The setting that overrides it, such as `endpoint.folder_files`.
    pub setting: &'static str,
}

macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident = $value:literal, $certainty:ident, $source:literal;)+) => {
        /// Every path template, page name and field name that this client uses.
        ///
        /// ```
        /// use wharf_mft::{Certainty, Endpoints};
        ///
        /// let mut endpoints = Endpoints::default();
        /// endpoints.set("folder_files", "/REST/{version}/Folders/{id}/Files").unwrap();
        /// let row = endpoints.table().find(|row| row.name == "folder_files").unwrap();
        /// assert!(row.overridden);
        /// assert_eq!(row.certainty, Certainty::Unknown);
        /// assert_eq!(row.setting, "endpoint.folder_files");
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Endpoints {
            $($(#[$doc])* pub $name: Cow<'static, str>,)+
        }

        /// The name of one of the [`Endpoints`].
        #[allow(non_camel_case_types)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Place { $($name,)+ }

        impl Default for Endpoints {
            fn default() -> Self {
                Self { $($name: Cow::Borrowed($value),)+ }
            }
        }

        impl Endpoints {
            /// Replaces one by its name.
            ///
            /// # Errors
            ///
            /// The name is not one of [`table`](Self::table); it comes back.
            pub fn set(&mut self, name: &str, value: impl Into<String>) -> Result<(), UnknownEndpoint> {
                match name {
                    $(stringify!($name) => self.$name = Cow::Owned(value.into()),)+
                    _ => return Err(UnknownEndpoint(name.into())),
                }
                Ok(())
            }

            /// All of them, for people: what is used, how sure it is, and what overrides it.
            pub fn table(&self) -> impl Iterator<Item = Row<'_>> {
                [$(self.row(Place::$name),)+].into_iter()
            }

            pub(crate) fn row(&self, place: Place) -> Row<'_> {
                match place {
                    $(Place::$name => Row {
                        name: stringify!($name),
                        value: &self.$name,
                        certainty: Certainty::$certainty,
                        source: $source,
                        overridden: self.$name != $value,
                        setting: concat!("endpoint.", stringify!($name)),
                    },)+
                }
            }
        }

        /// The settings that override one each: `endpoint.` and the name.
        pub(crate) const NAMES: &[(&str, &str)] =
            &[$((concat!("endpoint.", stringify!($name)), $value),)+];
    };
}

endpoints! {
    /// The version segment of all REST paths.
    version = "1.16", Inferred, "the reference calls itself 1.16; 'from version' notes of the Thru REST manual are of the same series";
    /// Sign in; ends the account's other regular sessions.
    session = "/REST/{version}/Session", OlderManual, "Thru REST API manual, 6.1.1";
    /// Sign in beside other sessions.
    immutable_session = "/REST/{version}/ImmutableSession", OlderManual, "Thru REST API manual, 6.1.3";
    /// Sign in by a ticket.
    session_by_ticket = "/REST/{version}/SessionByTicket", OlderManual, "Thru REST API manual, 6.1.2";
    /// Sign in by a ticket beside other sessions.
    immutable_session_by_ticket = "/REST/{version}/ImmutableSessionByTicket", Inferred, "page name of the File Sharing API reference 1.16";
    /// Sign in as another user, as an administrator.
    impersonated_session = "/REST/{version}/ImmutableImpersonateSession", Inferred, "page name of the File Sharing API reference 1.16";
    /// What is told about the root.
    root = "/REST/{version}/FileSystem/Root", Unknown, "prefix: guide 'Web service REST design'";
    /// Files of the root.
    root_files = "/REST/{version}/FileSystem/Root/Files", Unknown, "operation: File Sharing API reference 1.16, Root";
    /// Folders of the root.
    root_folders = "/REST/{version}/FileSystem/Root/Folders", Unknown, "operation: File Sharing API reference 1.16, Root";
    /// Files and folders of the root.
    root_content = "/REST/{version}/FileSystem/Root/Content", Unknown, "introduction of File Sharing API reference 1.16, Root";
    /// What is told about the home folder.
    home = "/REST/{version}/FileSystem/Home", Unknown, "operation: File Sharing API reference 1.16, Home";
    /// Files of the home folder.
    home_files = "/REST/{version}/FileSystem/Home/Files", Unknown, "operation: File Sharing API reference 1.16, Home";
    /// Folders of the home folder.
    home_folders = "/REST/{version}/FileSystem/Home/Folders", Unknown, "operation: File Sharing API reference 1.16, Home";
    /// Files and folders of the home folder.
    home_content = "/REST/{version}/FileSystem/Home/Content", Unknown, "operation: File Sharing API reference 1.16, Home";
    /// Create a folder.
    folders = "/REST/{version}/FileSystem/Folder", OlderManual, "Thru REST API manual, 6.2.1";
    /// One folder: get, update, delete.
    folder = "/REST/{version}/FileSystem/Folder/{id}", OlderManual, "Thru REST API manual, 6.2.2 and 6.2.3; deleting is inferred";
    /// Files and folders of a folder. With `{skip}` and `{take}` it is asked for page by page.
    folder_content = "/REST/{version}/FileSystem/Folder/{id}/Content", Unknown, "operation: File Sharing API reference 1.16, Folder";
    /// Files of a folder.
    folder_files = "/REST/{version}/FileSystem/Folder/{id}/Files", Unknown, "operation: File Sharing API reference 1.16, Folder";
    /// Folders of a folder.
    folder_folders = "/REST/{version}/FileSystem/Folder/{id}/Folders", Unknown, "operation: File Sharing API reference 1.16, Folder";
    /// One file: get, update, delete.
    file = "/REST/{version}/FileSystem/File/{id}", Inferred, "base: Thru REST API manual, 2.2; id as for folders";
    /// Search files and folders.
    search = "/REST/{version}/Search/{skip}/{take}", OlderManual, "Thru REST API manual, 6.4.1";
    /// Search files.
    search_files = "/REST/{version}/Search/Files/{skip}/{take}", OlderManual, "Thru REST API manual, 6.4.3";
    /// Search folders.
    search_folders = "/REST/{version}/Search/Folders/{skip}/{take}", OlderManual, "Thru REST API manual, 6.4.2";
    /// Favourites, both kinds.
    favorites = "/REST/{version}/FileSystem/Favorites", Unknown, "operation: File Sharing API reference 1.16, Favorites";
    /// Files among the favourites.
    favorites_files = "/REST/{version}/FileSystem/Favorites/Files", Unknown, "operation: File Sharing API reference 1.16, Favorites";
    /// Folders among the favourites.
    favorites_folders = "/REST/{version}/FileSystem/Favorites/Folders", Unknown, "introduction of File Sharing API reference 1.16, Favorites";
    /// One file as a favourite: put, delete.
    favorite_file = "/REST/{version}/FileSystem/Favorites/File/{id}", Unknown, "introduction of File Sharing API reference 1.16, Favorites";
    /// One folder as a favourite: put, delete.
    favorite_folder = "/REST/{version}/FileSystem/Favorites/Folder/{id}", Unknown, "introduction of File Sharing API reference 1.16, Favorites";
    /// What is told about the server.
    server_info = "/REST/{version}/Server/Info", OlderManual, "Thru REST API manual, 6.5";
    /// The server's rules for synchronising.
    server_sync_policy = "/REST/{version}/Server/SyncPolicy", OlderManual, "Thru REST API manual, 6.5; from version 1.1";
    /// How much bandwidth is allowed.
    server_bandwidth = "/REST/{version}/Server/AllowedBandwidth", OlderManual, "Thru REST API manual, 6.5; from version 1.1";
    /// When how much bandwidth is allowed.
    server_bandwidth_interval = "/REST/{version}/Server/AllowedBandwidth/Interval", OlderManual, "Thru REST API manual, 6.5; from version 1.1";
    /// The server's settings for messages.
    server_message_settings = "/REST/{version}/Server/MessageSettings", OlderManual, "Thru REST API manual, 6.5";
    /// The server's rules for passwords.
    server_password_settings = "/REST/{version}/Server/PasswordSettings", OlderManual, "Thru REST API manual, 6.5";
    /// The server's settings for uploads.
    server_upload_settings = "/REST/{version}/Server/UploadSettings", Inferred, "operation: File Sharing API reference 1.16, Server; path as for its neighbours";
    /// The server's settings for mobile devices.
    server_mobile_settings = "/REST/{version}/Server/MobileSettings", Inferred, "operation: File Sharing API reference 1.16, Server; path as for its neighbours";
    /// Short key for the browser viewer.
    tool_viewer = "/REST/{version}/ServerTool/ViewerRequest", OlderManual, "Thru REST API manual, 6.12";
    /// Short key for the browser uploader.
    tool_uploader = "/REST/{version}/ServerTool/UploaderRequest", OlderManual, "Thru REST API manual, 6.12";
    /// Short key for the browser downloader.
    tool_downloader = "/REST/{version}/ServerTool/DownloaderRequest", OlderManual, "Thru REST API manual, 6.12";
    /// Mark whatever this session uploads from now on.
    upload_mark = "/REST/{version}/Upload/MarkGuid", Unknown, "operation: File Sharing API reference 1.16, Upload; name of the SOAP method";
    /// Put metadata on whatever this session uploads from now on.
    upload_metadata = "/REST/{version}/Upload/MetadataStore", Unknown, "operation: File Sharing API reference 1.16, Upload; name of the SOAP method";
    /// Put no metadata on uploads any more.
    upload_metadata_clear = "/REST/{version}/Upload/MetadataClear", Unknown, "named in File Sharing API reference 1.16, Upload";
    /// What bears a mark; takes the mark off.
    upload_marked = "/REST/{version}/Upload/RetrieveUploadInfoCleanUp/{id}", Unknown, "named in File Sharing API reference 1.16, Upload";
    /// Create a message.
    messages = "/REST/{version}/Message", OlderManual, "Thru REST API manual, 6.3";
    /// One message: get, update.
    message = "/REST/{version}/Message/{id}", OlderManual, "Thru REST API manual, 6.3; updating is inferred";
    /// Say that a message was sent.
    message_complete = "/REST/{version}/Message/{id}/Complete", Unknown, "operation: File Sharing API reference 1.16, Message";
    /// Drop a message that was not sent.
    message_discard = "/REST/{version}/Message/{id}/Discard", Unknown, "operation: File Sharing API reference 1.16, Message";
    /// The signed-in user.
    user = "/REST/{version}/User", Unknown, "operation: File Sharing API reference 1.16, User";
    /// The users of the site.
    users = "/REST/{version}/Users", Unknown, "operation and query: File Sharing API reference 1.16, Users";
    /// The user groups of the site.
    user_groups = "/REST/{version}/UserGroups", Unknown, "operation: File Sharing API reference 1.16, UserGroups";
    /// One user group: update.
    user_group = "/REST/{version}/UserGroups/{id}", Unknown, "operation: File Sharing API reference 1.16, UserGroups";
    /// The users of a group.
    user_group_users = "/REST/{version}/UserGroups/{id}/Users", Unknown, "operation: File Sharing API reference 1.16, UserGroups";
    /// One user of a group: put, delete.
    user_group_user = "/REST/{version}/UserGroups/{id}/Users/{user}", Unknown, "operation: File Sharing API reference 1.16, UserGroups";
    /// The versions that the server speaks.
    service_versions = "/REST/ServiceVersions", OlderManual, "Thru REST API manual, 2.2";
    /// Basic download page.
    download_page = "/download.aspx", Documented, "guide 'Programmatic file and folder transfers'";
    /// Extended download page, which resumes.
    extended_download_page = "/DownloadEx.aspx", OlderManual, "Thru extended protocols 1.8, 3.1; parameters: Boomi page 'Internal download, Example'";
    /// Basic upload page, deprecated.
    upload_page = "/upload.aspx", OlderManual, "Thru REST API manual, 7.2";
    /// Extended upload page.
    extended_upload_page = "/UploadMgrLandingEx.aspx", Documented, "Boomi page 'Extended upload, Transport'";
    /// Field that names the kind of upload.
    upload_operation_field = "Upload operation", Unknown, "label in Boomi page 'Uploading multiple files'; the wire name is not printed";
    /// Field that names the step of an upload.
    upload_action_field = "Upload action", Unknown, "label in Boomi page 'Upload action'; the wire name is not printed";
    /// Field that carries the session on the upload page.
    upload_session_field = "InternalUpload_SessionID", Documented, "Boomi page 'Uploading multiple files'";
    /// Field that says whether a file is replaced.
    upload_overwrite_field = "Overwrite", Inferred, "name: Thru extended protocols 1.8; its values 1 and 0: basic upload";
    /// Field that guards a chunk against being stored twice.
    upload_expected_size_field = "ExpectedSizeBeforeAppendChunk", Inferred, "name: Thru extended protocols 1.8; the meaning is inferred";
    /// Field that names the folder of a whole operation.
    upload_root_field = "RootFolderID", Documented, "Boomi page 'Uploading multiple files'";
    /// Field that names the folder of one request's files.
    upload_folder_field = "ImmediateParentFolderID", Documented, "Boomi page 'Uploading multiple files'";
    /// Field that ties requests to one operation.
    upload_log_field = "FileSystemLogOpID", Documented, "Boomi page 'Uploading multiple files'";
    /// Field that says whether a file is removed whose request breaks off.
    upload_cleanup_field = "DeletePartiallyUploadedFile", Documented, "Boomi page 'Uploading multiple files'; its meaning: Thru extended protocols 1.8, 2.1";
    /// Field that names the file of a further chunk, or one to be deleted.
    upload_file_field = "FileID", OlderManual, "Thru extended protocols 1.8; its use: Boomi page 'Upload action'";
    /// Field that names a folder to be made.
    upload_folder_name_field = "FolderName", OlderManual, "Thru extended protocols 1.8; its use is inferred";
    /// Field that asks for an answer instead of a redirect.
    upload_no_redirect_field = "NoRedirect", OlderManual, "Thru REST API manual, 7.2; extended protocols 1.8";
    /// Session field of the basic upload page.
    basic_upload_session_field = "SessionID", OlderManual, "Thru REST API manual, 7.2";
    /// Folder field of the basic upload page.
    basic_upload_folder_field = "folderID", OlderManual, "Thru REST API manual, 7.2";
    /// Name field of the basic upload page.
    basic_upload_name_field = "filename0", OlderManual, "Thru REST API manual, 7.2";
    /// Field of the basic upload page that says whether a file is replaced.
    basic_upload_overwrite_field = "overwrite", OlderManual, "Thru REST API manual, 7.2";
    /// Content field of the basic upload page.
    basic_upload_file_field = "file", OlderManual, "Thru REST API manual, 7.2";
    /// File parameter of the extended download page.
    download_file_parameter = "FileIDList", Documented, "Boomi page 'Internal download, Example'";
    /// Folder parameter of the extended download page.
    download_folder_parameter = "FolderIDList", OlderManual, "Thru extended protocols 1.8";
    /// What the extended download page is told to do for a folder.
    download_folder_action = "download folder", Inferred, "as 'download file' in Boomi page 'Internal download, Example'";
    /// Header that tells the length of the footer of a download; 200 without it.
    download_footer_header = "X-File-Footer-Length", OlderManual, "Thru extended protocols 1.8, 3.3.4";
    /// File parameter of the basic download page.
    basic_download_file_parameter = "fileid", OlderManual, "Thru REST API manual, 7.1";
    /// Folder parameter of the basic download page.
    basic_download_folder_parameter = "folderid", OlderManual, "Thru REST API manual, 7.1";
    /// Session parameter of the basic download page.
    basic_download_session_parameter = "sessionid", OlderManual, "Thru REST API manual, 7.1";
    /// Session parameter of the extended download page.
    download_session_parameter = "InternalUpload_AppletUID", Inferred, "name: Boomi page 'Internal download, Example'; that it is the session is inferred";
}

impl Endpoints {
    /// A request to a REST resource.
    pub(crate) fn rest(&self, method: Method, place: Place, values: &[(&str, &str)]) -> Request {
        self.request(method, place, values).header("accept", "application/json")
    }

    /// A request to one of the places, with `{version}` and the given values filled in.
    pub(crate) fn request(&self, method: Method, place: Place, values: &[(&str, &str)]) -> Request {
        let template = self.row(place).value;
        let (path, query) = template.split_once('?').unwrap_or((template, ""));
        let parts = path.split('/').filter(|part| !part.is_empty());
        let request = parts.fold(Request::new(method, String::new()), |request, part| {
            request.segment(&self.fill(part, values))
        });
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        pairs.fold(request, |request, pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            request.query(key, self.fill(value, values))
        })
    }

    /// Where a place lies below the server's address, as it goes on the wire.
    pub(crate) fn path(&self, place: Place, values: &[(&str, &str)]) -> String {
        self.request(Method::GET, place, values).path_and_query()
    }

    fn fill(&self, part: &str, values: &[(&str, &str)]) -> String {
        let all = values.iter().copied().chain([("version", &*self.version)]);
        all.fold(part.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }
}

/// A name that is not one of the [`Endpoints`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEndpoint(Box<str>);

impl fmt::Display for UnknownEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no endpoint {:?}", self.0)
    }
}

impl std::error::Error for UnknownEndpoint {}

#[cfg(test)]
mod tests;
