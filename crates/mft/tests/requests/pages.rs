//! Transfer pages.

use wharf_mft::api::{Destination, Unfinished, transfers};
use wharf_transport::{Body, Request};

use crate::{endpoints, file, folder};

#[test]
fn downloads() {
    let e = endpoints();
    let base = "?mode=applet&appletAction=download%20";
    for (request, path) in [
        (
            transfers::download(&e, &file(), 0, None),
            format!("/DownloadEx.aspx{base}file&top=1&offset=0&FileIDList=2OMFYXLA6BP9D"),
        ),
        (
            transfers::download(&e, &file(), 49_900, Some("L1")),
            format!(
                "/DownloadEx.aspx{base}file&top=1&offset=49900&FileIDList=2OMFYXLA6BP9D&logOpID=L1"
            ),
        ),
        (
            transfers::download_folder(&e, &folder()),
            format!("/DownloadEx.aspx{base}folder&top=1&offset=0&FolderIDList=0QN8H2VKTGIWE"),
        ),
        (transfers::download_basic(&e, &file()), "/download.aspx?fileid=2OMFYXLA6BP9D".to_owned()),
        (
            transfers::download_folder_basic(&e, &folder()),
            "/download.aspx?folderid=0QN8H2VKTGIWE".to_owned(),
        ),
    ] {
        assert_eq!((request.method().as_str(), request.path_and_query()), ("GET", path));
        assert!(request.is_data() && request.is_signed());
    }
}

/// Path, fields in order, and the file part of an upload.
fn check_upload(request: &Request, path: &str, fields: &[(&str, &str)], part: Option<&str>) {
    assert_eq!((request.method().as_str(), request.path_and_query()), ("POST", path.to_owned()));
    assert!(request.is_data() && request.is_signed());
    let form = request.body_ref().as_multipart().unwrap();
    for (name, value) in fields {
        assert_eq!(form.field(name), Some(*value), "{name}");
    }
    let names: Vec<_> = form.names().collect();
    let wanted: Vec<_> = fields.iter().map(|(name, _)| *name).chain(part).collect();
    assert_eq!(names, wanted);
}

#[test]
fn uploads_by_the_extended_page() {
    let (e, page) = (endpoints(), "/UploadMgrLandingEx.aspx");
    let to = Destination::new(folder(), "ü 1.txt");
    let begin = |action| {
        vec![
            ("Upload operation", "Internal upload"),
            ("Upload action", action),
            ("RootFolderID", "0QN8H2VKTGIWE"),
            ("ImmediateParentFolderID", "0QN8H2VKTGIWE"),
            ("NoRedirect", "1"),
        ]
    };
    let body = || Body::from("hello");
    let mut fields = begin("Upload file");
    fields.extend([("Overwrite", "0"), ("DeletePartiallyUploadedFile", "1")]);
    let request = transfers::upload(&e, &to, body());
    check_upload(&request, page, &fields, Some("File"));
    assert!(!request.is_idempotent(), "the second would be refused");
    let request = transfers::upload(&e, &to.clone().with_overwrite(true), body());
    assert!(request.is_idempotent(), "the second takes the place of the first");

    let mut fields = begin("Upload file first chunk");
    fields.extend([("Overwrite", "0"), ("DeletePartiallyUploadedFile", "0")]);
    check_upload(&transfers::first_chunk(&e, &to, body()), page, &fields, Some("File"));

    let upload = Unfinished::new(file()).with_operation(Some("L1"));
    for (action, is_last) in [("Upload file middle chunk", false), ("Upload file last chunk", true)]
    {
        let mut fields = begin(action);
        fields.extend([
            ("FileSystemLogOpID", "L1"),
            ("FileID", "2OMFYXLA6BP9D"),
            ("ExpectedSizeBeforeAppendChunk", "629145600"),
            ("DeletePartiallyUploadedFile", "0"),
        ]);
        let request = transfers::next_chunk(&e, &to, &upload, (629_145_600, is_last), body());
        check_upload(&request, page, &fields, Some("File"));
        assert!(!request.is_idempotent(), "chunks are appended");
    }

    let mut fields = begin("Delete file");
    fields.extend([("FileSystemLogOpID", "L1"), ("FileID", "2OMFYXLA6BP9D")]);
    check_upload(&transfers::discard(&e, &to, &upload), page, &fields, None);
    let mut fields = begin("Create folder");
    fields.push(("FolderName", "Sub"));
    let sub = Destination::new(folder(), "Sub");
    check_upload(&transfers::create_folder(&e, &sub), page, &fields, None);
}

/// The three requests of the example (Boomi: Uploading multiple files).
#[test]
fn several_files_and_folders_in_one_operation() {
    let (e, page) = (endpoints(), "/UploadMgrLandingEx.aspx");
    let begin = |action, to, operation| {
        let mut fields = vec![
            ("Upload operation", "Internal upload"),
            ("Upload action", action),
            ("RootFolderID", "0QN8H2VKTGIWE"),
            ("ImmediateParentFolderID", to),
            ("NoRedirect", "1"),
        ];
        fields.extend(operation);
        fields
    };
    let (whole, log) = (
        [("Overwrite", "0"), ("DeletePartiallyUploadedFile", "1")],
        Some(("FileSystemLogOpID", "L1")),
    );
    let to = |folder: &str, operation: Option<&str>| {
        Destination::new(folder.into(), "Sub").within(self::folder(), operation.map(Into::into))
    };
    let names = ["a.txt", "ü.txt", "c"];
    let files = || names.map(|name| (name, Body::from(name)));
    let mut fields = begin("Upload file", "0QN8H2VKTGIWE", None);
    fields.extend(whole);
    fields.extend([("File1", ""), ("File2", ""), ("File3", "")]);
    let request = transfers::upload_several(&e, &to("0QN8H2VKTGIWE", None), files());
    let form = request.body_ref().as_multipart().unwrap();
    let sent: Vec<_> = form.names().collect();
    assert_eq!(sent, fields.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    assert_eq!(form.field("ImmediateParentFolderID"), Some("0QN8H2VKTGIWE"));

    let mut fields = begin("Create folder", "0QN8H2VKTGIWE", log);
    fields.push(("FolderName", "Sub"));
    let request = transfers::create_folder(&e, &to("0QN8H2VKTGIWE", Some("L1")));
    check_upload(&request, page, &fields, None);

    let mut fields = begin("Upload file", "1UTXM50KW0ISP", log);
    fields.extend(whole);
    let request = transfers::upload(&e, &to("1UTXM50KW0ISP", Some("L1")), Body::from("x"));
    check_upload(&request, page, &fields, Some("File"));
    let request = transfers::first_chunk(&e, &to("1UTXM50KW0ISP", Some("L1")), Body::from("x"));
    assert_eq!(request.body_ref().as_multipart().unwrap().field("FileSystemLogOpID"), Some("L1"));
}

#[test]
fn the_names_of_the_transfer_pages_are_settings() {
    let mut e = endpoints();
    for (name, value) in [
        ("upload_folder_field", "Folder ID"),
        ("upload_file_field", "File Id"),
        ("download_file_parameter", "files"),
        ("basic_download_file_parameter", "f"),
        ("basic_upload_name_field", "name"),
    ] {
        e.set(name, value).unwrap();
    }
    let to = Destination::new(folder(), "a");
    let request = transfers::next_chunk(&e, &to, &Unfinished::new(file()), (1, true), "x".into());
    let form = request.body_ref().as_multipart().unwrap();
    assert_eq!(form.field("Folder ID"), Some("0QN8H2VKTGIWE"));
    assert_eq!(form.field("File Id"), Some("2OMFYXLA6BP9D"));
    let path = transfers::download(&e, &file(), 0, None).path_and_query();
    assert!(path.ends_with("&files=2OMFYXLA6BP9D"), "{path}");
    let path = transfers::download_basic(&e, &file()).path_and_query();
    assert_eq!(path, "/download.aspx?f=2OMFYXLA6BP9D");
    let request = transfers::upload_basic(&e, &to, "x".into());
    assert_eq!(request.body_ref().as_multipart().unwrap().field("name"), Some("a"));
}

#[test]
fn uploads_by_the_basic_page() {
    let to = Destination::new(folder(), "ü 1.txt").with_overwrite(true);
    let fields = [
        ("folderID", "0QN8H2VKTGIWE"),
        ("filename0", "ü 1.txt"),
        ("Description0", ""),
        ("EntityCount", "1"),
        ("overwrite", "1"),
        ("NoRedirect", "1"),
    ];
    let request = transfers::upload_basic(&endpoints(), &to, Body::from("hello"));
    check_upload(&request, "/upload.aspx", &fields, Some("file"));
}
