//! What a person wrote stays, whatever is changed beside it.

use super::*;
use crate::reference::Reference;

const WRITTEN: &str = r#"# my accounts

[connection.acme] # the big one
description = "Orders"   # ask Anna
target = 'filescom://acme.files.com/In'

# fewer calls
settings = { page_size = 500 }
[connection.acme.secrets]
# from the vault of the team
api_key = "env:ACME"

[connection.globex]
target = "mft://anna@mft.globex.com/"
"#;

#[test]
fn what_did_not_change_keeps_its_form() {
    let mut document = Document::read(WRITTEN).unwrap();
    assert_eq!(document.names(), ["acme", "globex"]);
    for name in ["acme", "globex"] {
        let connection = document.find(name).unwrap().unwrap();
        document.put(&connection);
    }
    assert_eq!(document.text(), WRITTEN);
}

#[test]
fn a_change_touches_its_line_alone() {
    let mut document = Document::read(WRITTEN).unwrap();
    let mut acme = document.find("acme").unwrap().unwrap();
    assert_eq!(acme.settings["page_size"], "500");
    acme.description = Some("Invoices".to_owned());
    acme.secrets.insert("api_key".to_owned(), Reference::Vault("acme/api_key".to_owned()));
    document.put(&acme);
    let want = WRITTEN
        .replace("\"Orders\"", "\"Invoices\"")
        .replace("\"env:ACME\"", "\"vault:acme/api_key\"");
    assert_eq!(document.text(), want);
    assert!(document.remove("acme") && !document.remove("acme"));
    assert!(document.text().contains("[connection.globex]\ntarget"), "{}", document.text());
}

#[test]
fn what_is_written_is_read_again() {
    let mut document = Document::begun();
    for name in ["acme", "b.c", "d-1"] {
        let mut connection = Connection::new(name, "filescom://acme.files.com/a b").unwrap();
        connection.description = Some("with \"quotes\"\nand lines".to_owned());
        connection.untested = true;
        connection.settings.insert("endpoint.root".to_owned(), "/x".to_owned());
        connection.secrets.insert("api_key".to_owned(), "file:/run/secrets/a".parse().unwrap());
        document.put(&connection);
        let again = Document::read(&document.text()).unwrap();
        assert_eq!(again.find(name).unwrap().unwrap(), connection, "{}", document.text());
    }
    let text = document.text();
    assert!(text.starts_with("# Connections of wharf."), "{text}");
    assert_eq!(text.matches("# Connections of wharf.").count(), 1, "{text}");
    assert!(text.contains("tested = false # saved with --no-test"), "{text}");
}

#[test]
fn what_a_test_found_is_kept() {
    let mut document = Document::begun();
    let mut connection = Connection::new("acme", "memory:").unwrap();
    let mut report = wharf_connector::ConnectionReport::new();
    report.account = Some("Anna".to_owned());
    report.clock_skew = Some(-3);
    report.expires = wharf_connector::chrono::DateTime::from_timestamp(1_800_000_000, 0);
    let at = wharf_connector::chrono::DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    connection.last_test = Some(crate::connection::LastTest::passed(at, &report));
    document.put(&connection);
    let again = Document::read(&document.text()).unwrap().find("acme").unwrap().unwrap();
    assert_eq!(again, connection, "{}", document.text());
    connection.last_test = None;
    document.put(&connection);
    assert!(!document.text().contains("last_test"), "{}", document.text());
}

#[test]
fn a_new_name_keeps_what_belongs_to_it() {
    let mut document = Document::read(WRITTEN).unwrap();
    document.rename("acme", "initech");
    let text = document.text();
    assert_eq!(document.names(), ["globex", "initech"]);
    assert!(text.contains("[connection.initech] # the big one"), "{text}");
    assert!(text.contains("# from the vault of the team"), "{text}");
    assert!(Document::read(&text).unwrap().find("initech").unwrap().is_some());
}

#[test]
fn what_cannot_be_understood_is_named_without_its_content() {
    for (text, part) in [
        ("[connection.acme", "line 1"),
        ("\n\nx = hunter2", "line 3"),
        ("[conection.acme]\ntarget = 'x'", "`conection`"),
        ("[connection.acme]\n", "`target` of acme"),
        ("[connection.acme]\ntarget = 7", "`target` of acme"),
        ("[connection.acme]\ntarget = 'mft://anna:hunter2@h/'", "`target` of acme"),
        ("[connection.acme]\ntarget='memory:'\nhunter2 = 1", "a key that is not known"),
        ("[connection.acme]\ntarget='memory:'\nsecrets.api_key='hunter2'", "`secrets.api_key`"),
        ("[connection.acme]\ntarget='memory:'\nsettings.x = [1]", "`settings.x`"),
        ("[connection.acme]\ntarget='memory:'\nlast_test.at = 'hunter2'", "`at` of acme"),
        ("[connection.c]\ntarget='memory:'", "a name in it"),
        ("connection = 1", "`connection` is no table"),
    ] {
        let found = Document::read(text).and_then(|document| {
            document.names().iter().try_for_each(|name| document.find(name).map(|_| ()))
        });
        let error = found.unwrap_err();
        assert!(error.to_string().contains(part), "{text}: {error}");
        assert!(!format!("{error:?} {:?}", error.remedy()).contains("hunter2"), "{error:?}");
    }
}
