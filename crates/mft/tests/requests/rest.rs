//! REST resources.

use wharf_mft::UpdateBody;
use wharf_mft::api::{
    Criteria, Destination, GroupUpdate, NewFolder, NewMessage, Priority, ReturnPages, Settings,
    Update, UploaderRequest, UserFilter, Wanted, favorites, files, folders, groups, messages,
    roots, search, server, tools, transfers, uploads, users,
};
use wharf_model::mft::{FileInfo, Role, UserId};
use wharf_transport::Body;

use crate::{FILES, REST, check, endpoints, file, folder};

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
    let form = "Id=G1&Name=Crew&Description=all&ModifyRole=4&UserGroupType=0";
    let group = "G1".into();
    check(&groups::update(&e, &group, &to), "PUT", &format!("{path}/G1"), form);
    check(&groups::users(&e, &group), "GET", &format!("{path}/G1/Users"), "");
    let user: UserId = "U1".into();
    let member = format!("{path}/G1/Users/U1");
    check(&groups::set_member(&e, &group, &user, true), "PUT", &member, "");
    check(&groups::set_member(&e, &group, &user, false), "DELETE", &member, "");
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
    let id = "M1".into();
    check(&messages::info(&e, &id), "GET", &format!("{path}/M1"), "");
    check(&messages::update(&e, &id, &message), "PUT", &format!("{path}/M1"), form);
    check(&messages::complete(&e, &id), "PUT", &format!("{path}/M1/Complete"), "");
    check(&messages::discard(&e, &id), "PUT", &format!("{path}/M1/Discard"), "");

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
