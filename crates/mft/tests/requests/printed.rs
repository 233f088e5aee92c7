//! Our forms beside those in print (`form_bodies.json` of `wharf-model`): the same fields.

use std::collections::{BTreeMap, BTreeSet};

use wharf_mft::api::{
    Criteria, GroupUpdate, NewFolder, ReturnPages, Wanted, folders, groups, search, tools, uploads,
};
use wharf_mft::{Client, Config, Login};
use wharf_transport::Request;
use wharf_transport::testing::{Reply, Script};

use crate::{endpoints, file, folder};

/// The fields of a form, in lower case, for print spells them in several ways.
fn fields(form: &str) -> BTreeSet<String> {
    let names = form.split('&').filter_map(|pair| pair.split('=').next());
    let plain = |name: &str| name.replace("%5B", "[").replace("%5D", "]").replace("[]", "");
    names.map(|name| plain(name).to_lowercase()).collect()
}

#[test]
fn forms_have_the_fields_that_are_printed() {
    let samples = include_str!("../../../model/fixtures/mft/form_bodies.json");
    let samples: BTreeMap<String, String> = serde_json::from_str(samples).unwrap();
    let e = endpoints();
    let pages = ReturnPages::new("https://s", "https://e");
    let new = NewFolder::new(folder(), "n").with_description("d").with_tags(["a", "b"]);
    let mut criteria = Criteria::below(folder());
    criteria.changed_by = vec!["U".into()];
    let metadata = uploads::store_metadata(&e, [("key1", "value1"), ("key2", "value2")]);
    let ours: [(&str, Request); 5] = [
        ("folder_create", folders::create(&e, &new)),
        ("user_group_update", groups::update(&e, &"G".into(), &GroupUpdate::new("n", "d"))),
        ("upload_store_metadata", metadata),
        ("servertool_viewer", tools::viewer(&e, &"s".into(), &file(), &pages)),
        ("search_older", search::find(&e, Wanted::Both, &criteria, (0, 1))),
    ];
    for (name, request) in ours {
        let form = String::from_utf8(request.body_ref().as_bytes().unwrap().to_vec()).unwrap();
        assert_eq!(fields(&form), fields(&samples[name]), "{name}");
    }
}

#[tokio::test]
async fn sign_ins_have_the_fields_that_are_printed() {
    let samples = include_str!("../../../model/fixtures/mft/form_bodies.json");
    let samples: BTreeMap<String, String> = serde_json::from_str(samples).unwrap();
    let script = Script::new()
        .answer(Reply::json(201, r#"{"SessionID": "s", "UserID": "U"}"#))
        .answer(Reply::json(200, r#"{"SessionId": "t", "UserId": "V"}"#))
        .answer(Reply::json(200, "{}"));
    let mut config = Config::new("mft.example", "anna", Login::password("p"));
    config.user_string = Some("User".to_owned());
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    client.impersonate(&"V".into()).unwrap().server().info().await.unwrap();
    for (at, name) in [(0, "session"), (1, "immutable_impersonate_session")] {
        let form = String::from_utf8(script.requests()[at].body().to_vec()).unwrap();
        assert_eq!(fields(&form), fields(&samples[name]), "{name}");
    }
}
