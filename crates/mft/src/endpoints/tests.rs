//! Tests of the table.

use super::*;

#[test]
fn templates_are_filled_and_encoded() {
    let endpoints = Endpoints::default();
    let request = endpoints.request(Method::GET, Place::folder_files, &[("id", "0Q/N +%")]);
    assert_eq!(request.path_and_query(), "/REST/1.16/FileSystem/Folder/0Q%2FN%20%2B%25/Files");
    let values = [("skip", "100"), ("take", "50")];
    let request = endpoints.request(Method::POST, Place::search, &values);
    assert_eq!(request.path_and_query(), "/REST/1.16/Search/100/50");
    let mut other = Endpoints::default();
    other.set("search", "/find?from={skip}&v={version}&all").unwrap();
    let request = other.request(Method::POST, Place::search, &values);
    assert_eq!(request.path_and_query(), "/find?from=100&v=1.16&all=");
}

#[test]
fn every_row_can_be_overridden_by_its_name() {
    let mut endpoints = Endpoints::default();
    let names: Vec<_> = endpoints.table().map(|row| row.name).collect();
    assert_eq!(names.len(), NAMES.len());
    for name in names {
        endpoints.set(name, "other").unwrap();
        let row = endpoints.table().find(|row| row.name == name).unwrap();
        assert!(row.overridden && row.value == "other", "{row:?}");
    }
    assert!(endpoints.set("nothing", "x").is_err());
}
