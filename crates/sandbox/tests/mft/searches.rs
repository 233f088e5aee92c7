//! Searching and paging.

use crate::client::{ADMIN_DOCUMENTS, Api};

#[tokio::test]
async fn search_stands_in_for_a_listing() {
    let api = Api::start().await;
    let id = api.id(ADMIN_DOCUMENTS);
    let body = format!("FolderID={id}&NameCriteria=*&Recursive=false");
    let found = api.post("/REST/1.0/Search/0/1000", &body).await.good();
    let listed = api.get(&format!("/REST/1.0/FileSystem/Folder/{id}/Content")).await.good();
    assert_eq!(found, listed);
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap() {
    let api = Api::start().await;
    let body = "folderId=1UTXM50KW0ISP&NameCriteria=*&Recursive=true";
    let whole = api.post("/REST/1.0/Search/Files", body).await.names("Files");
    let mut paged = Vec::new();
    for skip in (0..).step_by(3) {
        let page = api.post(&format!("/REST/1.0/Search/Files/{skip}/3"), body).await.names("Files");
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 3);
        paged.extend(page);
    }
    assert_eq!(paged, whole);
    api.sandbox.mft().configure(|options| options.search_limit = Some(2));
    assert_eq!(api.post("/REST/1.0/Search/Files/0/50", body).await.names("Files").len(), 2);
}

#[tokio::test]
async fn criteria_narrow_what_is_found() {
    let api = Api::start().await;
    let admin = "1Q1OBQWVHTROE";
    let printed = "folderId=1UTXM50KW0ISP&NameCriteria=*&NameCriteriaMatchAll=true\
                   &DescriptionCriteria=*&DescriptionCriteriaMatchAll=true&KeywordCriteria=sam*\
                   &KeywordCriteriaMatchAll=true&LastModifiedByUsers=&DateLastModifiedStart=\
                   &DateLastModifiedEnd=&Recursive=true";
    let html = vec!["2.html".to_owned()];
    for (body, expected) in [
        (printed.to_owned(), html.clone()),
        ("NameCriteria=html&Recursive=true".to_owned(), html.clone()),
        ("NameCriteria=2.*&Recursive=true".to_owned(), html.clone()),
        ("NameCriteria=html".to_owned(), vec![]),
        ("DescriptionCriteria=sample+page&Recursive=1".to_owned(), html.clone()),
        ("KeywordCriteria=html,none&Recursive=true".to_owned(), html.clone()),
        (
            "KeywordCriteria=html,none&KeywordCriteriaMatchAll=true&Recursive=true".to_owned(),
            vec![],
        ),
        (
            format!("NameCriteria=Welcome&LastModifiedByUsers[]={admin}"),
            vec!["Welcome.txt".to_owned()],
        ),
        ("NameCriteria=Welcome&LastModifiedByUsers[]=X".to_owned(), vec![]),
        ("Recursive=true&DateLastModifiedStart=2012-08-01T00:00:00Z".to_owned(), html),
        ("Recursive=true&DateLastModifiedEnd=/Date(0)/".to_owned(), vec![]),
    ] {
        let found = api.post("/REST/1.16/Search/Files/0/50", &body).await;
        assert_eq!(found.names("Files"), expected, "{body}");
    }
    let folders =
        api.post("/REST/1.16/Search/Folders/0/50", "NameCriteria=my+doc&Recursive=true").await;
    assert_eq!(folders.names("Folders").len(), 3);
    assert_eq!(folders.names("Files"), [""; 0]);
    for body in ["Recursive=maybe", "DateLastModifiedStart=soon"] {
        assert_eq!(api.post("/REST/1.16/Search", body).await.code(), 990_004, "{body}");
    }
}
