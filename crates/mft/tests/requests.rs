//! Every call, as the request that it makes: method, path, query, headers, body.
#![allow(clippy::unwrap_used)]

use wharf_mft::api::{
    Criteria, Destination, GroupUpdate, NewFolder, NewMessage, Priority, ReturnPages, Settings,
    Unfinished, Update, UploaderRequest, UserFilter, Wanted, favorites, files, folders, groups,
    messages, roots, search, server, tools, transfers, uploads, users,
};
use wharf_mft::{Client, Config, Endpoints, Login, SessionKind, UpdateBody};
use wharf_model::mft::{FileId, FileInfo, FolderId, Role, UserId};
use wharf_transport::testing::{Reply, Script};
use wharf_transport::{Body, Request};

const REST: &str = "/REST/1.16";
const FILES: &str = "/REST/1.16/FileSystem";

fn endpoints() -> Endpoints {
    Endpoints::default()
}

fn file() -> FileId {
    "2OMFYXLA6BP9D".into()
}

fn folder() -> FolderId {
    "0QN8H2VKTGIWE".into()
}

/// Method, path and form of a REST call.
fn check(request: &Request, method: &str, path: &str, form: &str) {
    request.check().unwrap();
    assert_eq!(request.method().as_str(), method, "{path}");
    assert_eq!(request.path_and_query(), path);
    assert_eq!(request.headers().get("accept").unwrap(), "application/json", "{path}");
    let body = request.body_ref().as_bytes().map(|bytes| String::from_utf8_lossy(bytes));
    assert_eq!(body.unwrap_or_default(), form, "{path}");
    let kind = request.headers().get("content-type").map(|kind| kind.to_str().unwrap());
    let wanted = (!form.is_empty()).then_some("application/x-www-form-urlencoded");
    assert_eq!(kind, wanted, "{path}");
}

#[test]
fn folders_and_their_listings() {
    let e = endpoints();
    let new = NewFolder::new(folder(), "New Folder & more");
    let path = format!("{FILES}/Folder");
    let form = "Name=New%20Folder%20%26%20more&ParentFolderID=0QN8H2VKTGIWE";
    check(&folders::create(&e, &new), "POST", &path, form);
    let new = new.with_description("Ä").with_tags(["567", "897"]);
    let form = format!("{form}&Description=%C3%84&Tags%5B%5D=567&Tags%5B%5D=897");
    check(&folders::create(&e, &new), "POST", &path, &form);
    assert!(!folders::create(&e, &new).is_idempotent());

    let path = format!("{FILES}/Folder/0QN8H2VKTGIWE");
    check(&folders::info(&e, &folder()), "GET", &path, "");
    check(&folders::delete(&e, &folder()), "DELETE", &path, "");
    check(&folders::content(&e, &folder()), "GET", &format!("{path}/Content"), "");
    check(&folders::files(&e, &folder()), "GET", &format!("{path}/Files"), "");
    check(&folders::folders(&e, &folder()), "GET", &format!("{path}/Folders"), "");
    let odd = folders::info(&e, &"a/b +%".into());
    check(&odd, "GET", &format!("{FILES}/Folder/a%2Fb%20%2B%25"), "");
}

#[test]
fn changes_say_everything_that_can_change() {
    let e = endpoints();
    let mut info = FileInfo::new(file(), "2.html");
    info.parent_folder_id = Some(folder());
    let to = Update::of_file(&info);
    let path = format!("{FILES}/File/2OMFYXLA6BP9D");
    let form = "Name=2.html&ParentFolderID=0QN8H2VKTGIWE&Description=&Tags%5B%5D=";
    check(&files::update(&e, &file(), &to, UpdateBody::Form), "PUT", &path, form);
    let to = to.with_name("é.html").with_description("d").with_tags(["a b", "c"]);
    let form =
        "Name=%C3%A9.html&ParentFolderID=0QN8H2VKTGIWE&Description=d&Tags%5B%5D=a%20b&Tags%5B%5D=c";
    check(&files::update(&e, &file(), &to, UpdateBody::Form), "PUT", &path, form);
    let path = format!("{FILES}/Folder/0QN8H2VKTGIWE");
    check(&folders::update(&e, &folder(), &to, UpdateBody::Form), "PUT", &path, form);

    let json = folders::update(&e, &folder(), &to, UpdateBody::Json);
    assert_eq!(json.headers().get("content-type").unwrap(), "application/json");
    assert_eq!(
        json.body_ref().as_bytes().unwrap(),
        r#"{"Name":"é.html","ParentFolderID":"0QN8H2VKTGIWE","Description":"d","Tags":["a b","c"]}"#
    );
}

#[test]
fn files_roots_homes_and_favourites() {
    let e = endpoints();
    let path = format!("{FILES}/File/2OMFYXLA6BP9D");
    check(&files::info(&e, &file()), "GET", &path, "");
    check(&files::delete(&e, &file()), "DELETE", &path, "");
    for (request, path) in [
        (roots::root(&e), "/Root"),
        (roots::root_files(&e), "/Root/Files"),
        (roots::root_folders(&e), "/Root/Folders"),
        (roots::root_content(&e), "/Root/Content"),
        (roots::home(&e), "/Home"),
        (roots::home_files(&e), "/Home/Files"),
        (roots::home_folders(&e), "/Home/Folders"),
        (roots::home_content(&e), "/Home/Content"),
        (favorites::content(&e), "/Favorites"),
        (favorites::files(&e), "/Favorites/Files"),
        (favorites::folders(&e), "/Favorites/Folders"),
    ] {
        check(&request, "GET", &format!("{FILES}{path}"), "");
    }
    for (favorite, method) in [(true, "PUT"), (false, "DELETE")] {
        let path = format!("{FILES}/Favorites/File/2OMFYXLA6BP9D");
        check(&favorites::mark_file(&e, &file(), favorite), method, &path, "");
        let path = format!("{FILES}/Favorites/Folder/0QN8H2VKTGIWE");
        check(&favorites::mark_folder(&e, &folder(), favorite), method, &path, "");
    }
}

#[test]
fn searches() {
    let e = endpoints();
    let everything = Criteria::below(folder());
    let form = "FolderID=0QN8H2VKTGIWE&NameCriteria=%2A&NameCriteriaMatchAll=false\
                &DescriptionCriteria=%2A&DescriptionCriteriaMatchAll=false\
                &KeywordCriteria=%2A&KeywordCriteriaMatchAll=false\
                &DateLastModifiedStart=&DateLastModifiedEnd=&Recursive=false";
    let request = search::find(&e, Wanted::Both, &everything, (0, 100));
    assert!(request.is_idempotent(), "a search changes nothing");
    check(&request, "POST", &format!("{REST}/Search/0/100"), form);
    let request = search::find(&e, Wanted::Files, &everything, (200, 50));
    check(&request, "POST", &format!("{REST}/Search/Files/200/50"), form);
    let request = search::find(&e, Wanted::Folders, &everything, (5, 1));
    check(&request, "POST", &format!("{REST}/Search/Folders/5/1"), form);

    let mut some = Criteria::below(folder())
        .with_name("*.html")
        .with_description("d*")
        .with_tags("12*")
        .with_recursive(true)
        .with_changed_from("2026-01-01T00:00:00Z".parse().unwrap())
        .with_changed_to("2026-01-02T00:00:00Z".parse().unwrap());
    some.changed_by = vec!["1Q1OBQWVHTROE".into()];
    some.all_of_name = true;
    let form = "FolderID=0QN8H2VKTGIWE&NameCriteria=%2A.html&NameCriteriaMatchAll=true\
                &DescriptionCriteria=d%2A&DescriptionCriteriaMatchAll=false\
                &KeywordCriteria=12%2A&KeywordCriteriaMatchAll=false\
                &LastModifiedByUsers%5B%5D=1Q1OBQWVHTROE\
                &DateLastModifiedStart=%2FDate%281767225600000%29%2F\
                &DateLastModifiedEnd=%2FDate%281767312000000%29%2F&Recursive=true";
    let request = search::find(&e, Wanted::Both, &some, (0, 1));
    check(&request, "POST", &format!("{REST}/Search/0/1"), form);
}

#[test]
fn what_the_server_tells() {
    let e = endpoints();
    for (request, path) in [
        (server::info(&e), "/Server/Info"),
        (server::sync_policy(&e), "/Server/SyncPolicy"),
        (server::settings(&e, Settings::Bandwidth), "/Server/AllowedBandwidth"),
        (server::settings(&e, Settings::BandwidthInterval), "/Server/AllowedBandwidth/Interval"),
        (server::settings(&e, Settings::Message), "/Server/MessageSettings"),
        (server::settings(&e, Settings::Password), "/Server/PasswordSettings"),
        (server::settings(&e, Settings::Upload), "/Server/UploadSettings"),
        (server::settings(&e, Settings::Mobile), "/Server/MobileSettings"),
        (users::current(&e), "/User"),
    ] {
        assert!(request.is_signed());
        check(&request, "GET", &format!("{REST}{path}"), "");
    }
    let versions = server::versions(&e);
    assert!(!versions.is_signed());
    check(&versions, "GET", "/REST/ServiceVersions", "");
}

#[test]
fn users_and_groups() {
    let e = endpoints();
    let path = format!("{REST}/Users");
    check(&users::list(&e, &UserFilter::new()), "GET", &path, "");
    let filter = UserFilter::new()
        .with_name("a b")
        .with_email("@acme")
        .with_company("Acme")
        .with_roles([Role::Manager, Role::Administrator])
        .with_active(true);
    let path = format!("{path}?name=a%20b&email=%40acme&company=Acme&roles=4%2C5&active=true");
    check(&users::list(&e, &filter), "GET", &path, "");

    let path = format!("{REST}/UserGroups");
    check(&groups::list(&e), "GET", &path, "");
    let to = GroupUpdate::new("Crew", "all");
    let form = "Name=Crew&Description=all&ModifyRole=4&UserGroupType=0";
    check(&groups::update(&e, "G1", &to), "PUT", &format!("{path}/G1"), form);
    check(&groups::users(&e, "G1"), "GET", &format!("{path}/G1/Users"), "");
    let user: UserId = "U1".into();
    let member = format!("{path}/G1/Users/U1");
    check(&groups::set_member(&e, "G1", &user, true), "PUT", &member, "");
    check(&groups::set_member(&e, "G1", &user, false), "DELETE", &member, "");
}

#[test]
fn marks_messages_and_tools() {
    let e = endpoints();
    check(&uploads::mark(&e), "POST", &format!("{REST}/Upload/MarkGuid"), "");
    let path = format!("{REST}/Upload/RetrieveUploadInfoCleanUp/g-1");
    check(&uploads::marked(&e, "g-1"), "GET", &path, "");
    assert!(!uploads::marked(&e, "g-1").is_idempotent(), "it takes the mark off");
    let form = "metadataobjects%5B0%5D.Key=k1&metadataobjects%5B0%5D.Value=v%201\
                &metadataobjects%5B1%5D.Key=k2&metadataobjects%5B1%5D.Value=";
    let request = uploads::store_metadata(&e, [("k1", "v 1"), ("k2", "")]);
    check(&request, "POST", &format!("{REST}/Upload/MetadataStore"), form);
    check(&uploads::clear_metadata(&e), "POST", &format!("{REST}/Upload/MetadataClear"), "");

    let mut message = NewMessage::new("a@b.example", "Hello");
    message.files = vec![file()];
    message.folders = vec![folder()];
    message.cc = vec!["c@d.example".into()];
    message.priority = Some(Priority::Normal);
    let form = "Subject=Hello&PublicMessage=&PrivateMessage=&SendByClient=false&Priority=3\
                &ToRecipients%5B%5D=a%40b.example&CcRecipients%5B%5D=c%40d.example\
                &FilesAttached%5B%5D=2OMFYXLA6BP9D&FoldersAttached%5B%5D=0QN8H2VKTGIWE";
    let path = format!("{REST}/Message");
    check(&messages::create(&e, &message), "POST", &path, form);
    check(&messages::info(&e, "M1"), "GET", &format!("{path}/M1"), "");
    check(&messages::complete(&e, "M1"), "PUT", &format!("{path}/M1/Complete"), "");
    check(&messages::discard(&e, "M1"), "PUT", &format!("{path}/M1/Discard"), "");

    let (pages, session) = (ReturnPages::new("https://s", "https://e"), "s+1".into());
    let form = "FilePublicId=2OMFYXLA6BP9D&SessionId=s%2B1&SuccessUrl=https%3A%2F%2Fs\
                &ErrorReportingUrl=https%3A%2F%2Fe";
    let path = format!("{REST}/ServerTool");
    let request = tools::viewer(&e, &session, &file(), &pages);
    check(&request, "POST", &format!("{path}/ViewerRequest"), form);
    let form = "FolderPublicId=0QN8H2VKTGIWE&SessionId=s%2B1&SuccessUrl=https%3A%2F%2Fs\
                &ErrorReportingUrl=https%3A%2F%2Fe&FileFilter=&FileFilterExceptions=";
    let request = tools::uploader(&e, &session, &UploaderRequest::new(folder()), &pages);
    check(&request, "POST", &format!("{path}/UploaderRequest"), form);
    let request = tools::downloader(&e, [("x", "1")]);
    check(&request, "POST", &format!("{path}/DownloaderRequest"), "x=1");
}

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
    check_upload(&transfers::create_folder(&e, &folder(), "Sub"), page, &fields, None);
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

/// What is sent on the wire, sign-in first.
async fn sent(config: Config, request: Request) -> (String, String) {
    let script = Script::new()
        .answer(Reply::json(201, r#"{"SessionID": "s+1/=", "UserID": "U"}"#))
        // What a download must have to be taken for one.
        .answer(
            Reply::json(200, "{}")
                .header("x-filesystemlogopid", "L1")
                .header("content-disposition", "attachment"),
        );
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    client.raw().fetch(request).await.unwrap();
    let requests = script.requests();
    let shown = |index: usize| {
        let request = &requests[index];
        let header =
            |name| request.header(name).map_or(String::new(), |v| format!("\n{name}: {v}"));
        let body = String::from_utf8_lossy(request.body()).into_owned();
        format!(
            "{} {}{}{}{}\n{body}",
            request.method(),
            request.path_and_query(),
            header("authorization"),
            header("x-thru-sessionid"),
            header("device_uuid")
        )
    };
    (shown(0), shown(1))
}

fn config() -> Config {
    Config::new("mft.example", "anna", Login::password("p w"))
}

#[tokio::test]
async fn the_session_travels_as_each_page_wants_it() {
    let e = endpoints();
    let (_, request) = sent(config(), server::info(&e)).await;
    assert_eq!(request, "GET /REST/1.16/Server/Info\nauthorization: s+1/=\n");
    let (_, request) = sent(config(), transfers::download_basic(&e, &file())).await;
    assert_eq!(request, "GET /download.aspx?fileid=2OMFYXLA6BP9D&sessionid=s%2B1%2F%3D\n");
    let (_, request) = sent(config(), transfers::download(&e, &file(), 0, None)).await;
    assert!(request.ends_with("&InternalUpload_AppletUID=s%2B1%2F%3D\n"), "{request}");
    assert!(!request.contains("authorization"), "{request}");

    let to = Destination::new(folder(), "ü\".txt");
    let (_, request) = sent(config(), transfers::upload(&e, &to, Body::from("hello"))).await;
    let first = request.find("name=\"InternalUpload_SessionID\"\r\n\r\ns+1/=").unwrap();
    assert!(first < request.find("Upload operation").unwrap(), "the session comes first");
    assert!(request.contains("name=\"File\"; filename=\"%C3%BC%22.txt\""), "{request}");
    assert!(request.ends_with("hello\r\n") || request.contains("\r\n\r\nhello\r\n--"), "{request}");
    let (_, request) = sent(config(), transfers::upload_basic(&e, &to, Body::from("hello"))).await;
    assert!(request.contains("name=\"SessionID\"\r\n\r\ns+1/="), "{request}");
}

#[tokio::test]
async fn signing_in() {
    let version = env!("CARGO_PKG_VERSION");
    let tail = format!("ClientVersion={version}&ApplicationId=1000&Device_UUID=wharf");
    let ticket = || Login::ticket("t/1");
    for (login, kind, path, form, header) in [
        (None, SessionKind::Immutable, "ImmutableSession", "UserName=anna&Password=p%20w", ""),
        (None, SessionKind::Regular, "Session", "UserName=anna&Password=p%20w", ""),
        (
            Some(ticket()),
            SessionKind::Immutable,
            "ImmutableSessionByTicket",
            "Ticket=t%2F1",
            "\ndevice_uuid: wharf",
        ),
        (
            Some(ticket()),
            SessionKind::Regular,
            "SessionByTicket",
            "Ticket=t%2F1",
            "\ndevice_uuid: wharf",
        ),
    ] {
        let mut config = config();
        config.session_kind = kind;
        config.login = login.unwrap_or(config.login);
        let (sign_in, _) = sent(config, server::info(&endpoints())).await;
        assert_eq!(sign_in, format!("POST {REST}/{path}{header}\n{form}&{tail}"));
    }
    let mut named = config();
    named.application_id = "25674".into();
    named.device_uuid = "00:11:22:33:44:55".into();
    named.user_string = Some("job 7".into());
    let (sign_in, _) = sent(named, server::info(&endpoints())).await;
    let tail = "ApplicationId=25674&Device_UUID=00%3A11%3A22%3A33%3A44%3A55&UserString=job%207";
    assert!(sign_in.ends_with(tail), "{sign_in}");
}

#[tokio::test]
async fn acting_as_somebody_else() {
    let script = Script::new()
        .answer(Reply::json(201, r#"{"SessionID": "admin", "UserID": "A"}"#))
        .answer(Reply::json(200, r#"{"SessionId": "other", "UserId": "U2"}"#))
        .answer(Reply::json(200, r#"{"Name": "site"}"#));
    let client = Client::builder(config()).exchange(script.exchange()).build().unwrap();
    let other = client.impersonate(&"U2".into()).unwrap();
    other.server().info().await.unwrap();
    let requests = script.requests();
    let (path, form) = ("/REST/1.16/ImmutableImpersonateSession", "UserID=U2&ApplicationID=1000");
    assert_eq!((requests[1].path(), requests[1].body().as_ref()), (path, form.as_bytes()));
    assert_eq!(requests[1].header("authorization"), Some("admin"));
    assert_eq!(requests[1].header("x-thru-sessionid"), Some("admin"));
    assert_eq!(requests[2].header("authorization"), Some("other"));
}

#[test]
fn another_version_or_path_is_one_setting() {
    let mut e = endpoints();
    e.version = "1.17".into();
    e.set("folder_files", "/REST/{version}/Folders/{id}/List").unwrap();
    check(&server::info(&e), "GET", "/REST/1.17/Server/Info", "");
    let path = "/REST/1.17/Folders/0QN8H2VKTGIWE/List";
    check(&folders::files(&e, &folder()), "GET", path, "");
    e.set("upload_action_field", "UploadAction").unwrap();
    let request = transfers::upload(&e, &Destination::new(folder(), "a"), Body::from("x"));
    let form = request.body_ref().as_multipart().unwrap();
    assert_eq!(form.field("UploadAction"), Some("Upload file"));
}
