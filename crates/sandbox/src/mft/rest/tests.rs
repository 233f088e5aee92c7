//! Paths are read as the manuals and the proposals have them, whatever their case.

use super::*;

fn read(path: &str) -> Option<Target> {
    let segments: Vec<&str> = path.split('/').collect();
    Target::read(&segments)
}

#[test]
fn every_printed_path_is_known_in_any_version() {
    for path in [
        "ServiceVersions",
        "1.0/Session",
        "1.16/ImmutableSession",
        "1.2/SessionByTicket",
        "1.16/ImmutableSessionByTicket",
        "1.16/ImmutableImpersonateSession",
        "1.0/FileSystem/Folder",
        "1.0/FileSystem/Folder/0QN8H2VKTGIWE",
        "1.0/FileSystem/File/2OMFYXLA6BP9D",
        "1.0/Search/0/50",
        "1.0/Search/Folders/0/50",
        "1.0/Search/Files/0/50",
        "1.16/Search",
        "1.0/Server/Info",
        "1.1/Server/AllowedBandwidth/Interval",
        "1.0/ServerTool/ViewerRequest",
        "1.0/Message",
        "1.0/Message/1HPHF1D8FF8S0",
        "1.16/FileSystem/Root/Files",
        "1.16/FileSystem/Home/Content/10/5",
        "1.16/UserGroups/X/Users/Y",
        "1.16/Upload/MarkGuid",
    ] {
        assert!(read(path).is_some(), "{path}");
        assert!(read(&path.to_lowercase()).is_some(), "{path}");
    }
}

#[test]
fn other_paths_are_not() {
    for path in [
        "",
        "1.0",
        "1.0/Sessions",
        "1.0/FileSystem",
        "1.0/FileSystem/Root/Everything",
        "1.0/FileSystem/Root/Files/1",
        "1.0/FileSystem/Root/Files/-1/2",
        "1.0/FileSystem/File",
        "1.0/Search/0/many",
        "1.0/Message/X/Send",
    ] {
        assert_eq!(read(path), None, "{path}");
    }
}

#[test]
fn ids_keep_their_case() {
    assert_eq!(read("1.0/filesystem/FILE/aBc"), Some(Target::File("aBc".to_owned())));
}

#[test]
fn routes_tell_what_is_done() {
    for (method, path, route) in [
        (Method::POST, "1.0/Session", Route::MftSignIn),
        (Method::GET, "1.0/FileSystem/Folder/X", Route::MftFolderInfo),
        (Method::PUT, "1.0/FileSystem/File/X", Route::MftUpdate),
        (Method::DELETE, "1.0/FileSystem/Folder/X", Route::MftDelete),
        (Method::GET, "1.0/FileSystem/Root/Content", Route::MftList),
        (Method::POST, "1.0/Search", Route::MftList),
        (Method::POST, "1.0/FileSystem/Folder", Route::MftCreateFolder),
        (Method::GET, "1.0/Server/Info", Route::MftServer),
    ] {
        assert_eq!(read(path).unwrap().route(&method), route, "{path}");
    }
}
