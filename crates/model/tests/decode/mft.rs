//! The samples of MFT.

use secrecy::ExposeSecret;
use wharf_model::mft;

use crate::{Row, read, round, table};

/// The listing that three pages print.
fn content(json: &str) {
    let listing: mft::Listing = round(json);
    let ([file], [folder]) = (listing.files(), listing.folders()) else { panic!("{listing:?}") };
    assert_eq!((&*file.name, file.size), ("2.html", Some(198)));
    assert_eq!(file.path.as_deref(), Some("FOLDERS/HOME/Admin/My Documents/2.html"));
    assert_eq!(file.is_quarantined, Some(false));
    assert_eq!(folder.id, "0QN8H2VKTGIWE");
    let streamed = mft::ListingParser::read_all(json.as_bytes()).unwrap();
    assert_eq!(streamed, [mft::Entry::File(file.clone()), mft::Entry::Folder(folder.clone())]);
}

fn mft_error(body: &str, code: i64, message: &str) {
    let error = mft::ErrorInfo::from_body(body.as_bytes()).unwrap();
    assert_eq!((error.code, error.message.as_deref()), (Some(code.into()), Some(message)));
    assert!(error.remedy().is_some());
}

pub(crate) const ROWS: &[Row] = &[
    ("derived_error_invalid_file_id.json", |json| mft_error(json, 7001, "Invalid File ID: 12345")),
    ("derived_error_session_gone.json", |json| mft_error(json, 101, "Session no longer exists.")),
    ("error_session_gone.xml", |xml| mft_error(xml, 101, "Session no longer exists.")),
    ("favorites_all.json", content),
    ("form_bodies.json", table),
    ("impersonated_session.json", |json| {
        let session: mft::Session = read(json);
        assert_eq!(session.session_id.expose_secret(), "string");
        assert_eq!(session.user_id, Some("string".into()));
    }),
    ("root_files.json", content),
    ("root_folder.json", |json| {
        let folder: mft::FolderInfo = round(json);
        assert_eq!((&*folder.name, folder.size), ("Admin", Some(2_450_294_218)));
        assert_eq!(folder.parent_folder_id, Some("11ETULS0966VI".into()));
        assert_eq!(folder.tags.as_deref(), Some(&["string".into()][..]));
        let rights = folder.effective_permission.unwrap();
        assert_eq!(rights.to_string(), "read create download distribute manage modify delete");
        assert_eq!(folder.folder_type, Some(mft::FolderType::Regular));
        assert_eq!(folder.date_created.unwrap().to_rfc3339(), "2012-05-16T13:27:48.623+00:00");
    }),
    ("root_folders.json", content),
    ("server_info.json", |json| {
        let server: mft::ServerInfo = round(json);
        assert_eq!((server.site_id, server.enabled), (Some("14RD6GNEUV4ZV".into()), Some(true)));
    }),
    ("server_sync_policy.json", |json| {
        let policy: mft::SyncPolicy = round(json);
        assert_eq!(policy.full_sync_interval, Some(mft::SyncInterval::Flag(true)));
    }),
    ("servertool_short_url.json", |json| {
        let key: mft::ShortUrl = read(json);
        assert_eq!(key.short_url.expose_secret(), "4E2CH827YO6OUUQVMSM3");
    }),
    ("session_created.json", |json| {
        let session: mft::Session = read(json);
        assert!(session.session_id.expose_secret().starts_with("TOjoy3c1LyReUsXqXX/7u3+0qv FYXG"));
        assert_eq!(session.user_id, Some("315KQM487N2EV".into()));
        assert!(!format!("{session:?}").contains("TOjoy"));
    }),
    ("upload_mark_guid.json", |json| {
        let mark: mft::Mark = round(json);
        assert_eq!(&*mark.mark_for_retrieval, "898fa874-1fca-4381-a7c7-edeec48036db");
    }),
    ("user_info.json", |json| {
        let user: mft::UserInfo = round(json);
        assert_eq!(
            (user.role, user.password_never_expires),
            (Some(mft::Role::Administrator), Some(true))
        );
    }),
    ("users_list.json", |json| {
        let users: mft::UserList = round(json);
        assert_eq!((users.count, users.items.unwrap().len()), (Some(4), 1));
    }),
];
