//! Settings are read, checked, and never shown where they are secret.

use wharf_connector::Settings;

use super::*;

fn read(settings: Settings) -> Result<Config> {
    Config::from_settings("h.example", Some("anna"), &settings)
}

fn with_password() -> Settings {
    Settings::new().with_secret("password", "planted")
}

#[test]
fn settings_reach_the_configuration() {
    let settings = with_password()
        .with("session_kind", "regular")
        .with("root", "id:0QN8H2VKTGIWE")
        .with("listing", "folder")
        .with("name_case", "insensitive")
        .with("check_permissions", "false")
        .with("upload", "basic")
        .with("download", "basic")
        .with("update_body", "json")
        .with("chunk_size", "1MiB")
        .with("version", "1.17")
        .with("endpoint.root", "/REST/{version}/Top");
    let config = read(settings).unwrap();
    assert_eq!(config.session_kind, SessionKind::Regular);
    assert_eq!(config.root, Root::Folder("0QN8H2VKTGIWE".into()));
    assert_eq!(config.listing, ListingWay::Folder);
    assert_eq!(config.name_case, NameCase::Insensitive);
    assert!(!config.check_permissions);
    assert_eq!((config.upload, config.download), (Pages::Basic, Pages::Basic));
    assert_eq!(config.update_body, UpdateBody::Json);
    assert_eq!(config.chunk_size, MIB);
    assert_eq!(
        (&*config.endpoints.version, &*config.endpoints.root),
        ("1.17", "/REST/{version}/Top")
    );
    assert_eq!(config.sign_in(), Place::session);
}

#[test]
fn every_setting_is_known_once_and_says_what_it_does() {
    let mut names: Vec<_> = SETTINGS.iter().map(|spec| spec.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), SETTINGS.len());
    assert!(SETTINGS.iter().all(|spec| !spec.name.is_empty() && !spec.help.is_empty()));
    let secret = SETTINGS.iter().filter(|spec| spec.secret).map(|spec| spec.name);
    assert_eq!(secret.collect::<Vec<_>>(), ["password", "ticket"]);
    assert!(names.contains(&"endpoint.folder_files"));
}

#[test]
fn what_cannot_be_right_is_refused_by_name() {
    for (name, value) in [
        ("device_uuid", "eighteen letters!!"),
        ("device_uuid", ""),
        ("page_size", "0"),
        ("page_size", "many"),
        ("chunk_size", "1K"),
        ("chunk_size", "3GiB"),
        ("session_kind", "eternal"),
        ("root", "id:"),
        ("root", "elsewhere"),
        ("listing", "ls"),
        ("check_permissions", "maybe"),
    ] {
        let error = read(with_password().with(name, value)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{name}={value}");
        assert!(error.to_string().contains(name), "{error}");
        assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
    }
    let long = "x".repeat(257);
    let error = read(with_password().with("user_string", long)).unwrap_err();
    assert!(error.to_string().contains("user_string"), "{error}");
}

#[test]
fn somebody_must_ask() {
    for settings in [Settings::new(), Settings::new().with_secret("password", "")] {
        assert_eq!(read(settings).unwrap_err().kind(), ErrorKind::Unauthenticated);
    }
    let nobody = Config::from_settings("h", None, &with_password()).unwrap_err();
    assert!(nobody.remedy().unwrap().contains("user"), "{nobody}");
    let ticket = Settings::new().with_secret("ticket", "planted");
    let config = Config::from_settings("h", None, &ticket).unwrap();
    assert_eq!(config.sign_in(), Place::immutable_session_by_ticket);
    assert!(!format!("{config:?}").contains("planted"));
}
