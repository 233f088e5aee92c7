//! The calls that the contract has no word for.

use futures_util::TryStreamExt;
use wharf_mft::UpdateBody;
use wharf_mft::api::{
    Criteria, GroupUpdate, NewFolder, NewMessage, Priority, ReturnPages, Update, UploaderRequest,
    UserFilter, Wanted,
};
use wharf_model::mft::{FolderType, Recipient, Role};
use wharf_sandbox::UpdateBodies;

use crate::bench::Bench;

#[tokio::test]
async fn the_four_calls_on_root_and_home() {
    let bench = Bench::new().await;
    let client = bench.client();
    let root = client.root().info().await.unwrap();
    assert_eq!(root.folder_type, Some(FolderType::Root));
    assert_eq!(client.root().files().await.unwrap().files().len(), 1);
    assert_eq!(client.root().folders().await.unwrap().folders().len(), 2);
    let both = client.root().content().await.unwrap();
    assert_eq!((both.files().len(), both.folders().len()), (1, 2));
    let home = client.home().info().await.unwrap();
    assert_eq!(home.id, "0QN8H2VKTGIWE");
    assert_eq!(home.path.as_deref(), Some("FOLDERS/HOME/Admin"));
    assert!(client.home().files().await.unwrap().files().is_empty());
    assert_eq!(client.home().folders().await.unwrap().folders().len(), 2);
    assert_eq!(client.home().content().await.unwrap().folders().len(), 2);
}

#[tokio::test]
async fn folders_and_files_by_id() {
    let bench = Bench::new().await;
    let client = bench.client();
    let home = client.home().info().await.unwrap();
    let new = NewFolder::new(home.id.clone(), "typed").with_description("d").with_tags(["t"]);
    let folder = client.folders().create(&new).await.unwrap();
    assert_eq!(folder.description.as_deref(), Some("d"));
    assert_eq!(client.folders().info(&folder.id).await.unwrap(), folder);
    let to = wharf_mft::api::Destination::new(folder.id.clone(), "f.txt");
    let file = client.files().upload(&to, "hello".into()).await.unwrap().file;
    assert_eq!(client.files().info(&file.id).await.unwrap(), file);
    let listed = client.folders().files(&folder.id).await.unwrap();
    assert_eq!(listed.files(), std::slice::from_ref(&file));
    assert!(client.folders().folders(&folder.id).await.unwrap().folders().is_empty());
    let entries: Vec<_> = client.folders().entries(&folder.id).try_collect().await.unwrap();
    assert_eq!(entries.len(), 1);
    let update = Update::of_file(&file).with_name("g.txt").with_tags(["x", "y"]);
    let file = client.files().update(&file.id, &update).await.unwrap();
    assert_eq!((&*file.name, file.tags.as_deref().unwrap().len()), ("g.txt", 2));
    let update = Update::of_folder(&folder).with_name("retyped");
    assert_eq!(&*client.folders().update(&folder.id, &update).await.unwrap().name, "retyped");
    client.files().delete(&file.id).await.unwrap();
    client.folders().delete(&folder.id).await.unwrap();
    client.folders().info(&folder.id).await.unwrap_err();
}

#[tokio::test]
async fn changes_go_in_the_body_that_the_server_takes() {
    for bodies in [UpdateBodies::Any, UpdateBodies::Form, UpdateBodies::Document] {
        for body in [UpdateBody::Form, UpdateBody::Json] {
            let bench = Bench::with(|config| config.update_body = body).await;
            bench.sandbox.mft().configure(|options| options.update_bodies = bodies);
            let file = bench.client().files().info(&"2OMFYXLA6BP9D".into()).await.unwrap();
            let update = Update::of_file(&file).with_description("seen");
            let file = bench.client().files().update(&file.id, &update).await.unwrap();
            assert_eq!(file.description.as_deref(), Some("seen"), "{bodies:?} {body:?}");
            assert_eq!(file.tags.unwrap().len(), 2, "the tags stay");
            let none: [&str; 0] = [];
            let update = update.with_tags(none);
            let file = bench.client().files().update(&file.id, &update).await.unwrap();
            assert!(file.tags.unwrap_or_default().is_empty(), "{bodies:?} {body:?}");
        }
    }
}

#[tokio::test]
async fn favourites_and_search() {
    let bench = Bench::new().await;
    let client = bench.client();
    let (file, folder) = ("2OMFYXLA6BP9D".into(), "1UTXM50KW0ISP".into());
    client.favorites().mark_file(&file, true).await.unwrap();
    client.favorites().mark_folder(&folder, true).await.unwrap();
    let both = client.favorites().content().await.unwrap();
    assert_eq!((both.files().len(), both.folders().len()), (1, 1));
    assert_eq!(client.favorites().files().await.unwrap().files().len(), 1);
    assert_eq!(client.favorites().folders().await.unwrap().folders().len(), 1);
    assert_eq!(client.files().info(&file).await.unwrap().in_favorite, Some(true));
    client.favorites().mark_file(&file, false).await.unwrap();
    client.favorites().mark_folder(&folder, false).await.unwrap();
    assert!(client.favorites().content().await.unwrap().files().is_empty());

    let root = client.root().info().await.unwrap();
    let criteria = Criteria::below(root.id).with_name("*.csv").with_recursive(true);
    let page = client.search().page(Wanted::Files, &criteria, (1, 1)).await.unwrap();
    assert_eq!(page.files().len(), 1);
    let all: Vec<_> = client.search().entries(Wanted::Both, criteria).try_collect().await.unwrap();
    assert_eq!(all.len(), 3);
}

#[tokio::test]
async fn what_the_server_says_of_itself() {
    let bench = Bench::new().await;
    let server = bench.client().server();
    assert_eq!(server.info().await.unwrap().enabled, Some(true));
    server.sync_policy().await.unwrap().full_sync_interval.unwrap();
    let bandwidth = server.bandwidth().await.unwrap();
    assert_eq!(bandwidth.members().get("uploadkbps").unwrap(), 0);
    let interval = server.bandwidth_interval().await.unwrap();
    assert_eq!(interval.members().get("Start").unwrap(), "00:00");
    let messages = server.message_settings().await.unwrap();
    assert_eq!(
        (
            messages.separate_emails_limit,
            messages.smtp_recipient_limit,
            messages.request_login_type
        ),
        (Some(1000), Some(0), Some(3))
    );
    let passwords = server.password_settings().await.unwrap();
    assert_eq!(passwords.members().get("MinimumLength").unwrap(), 8);
    let uploads = server.upload_settings().await.unwrap();
    assert!(uploads.members().get("MaxRequestSize").unwrap().is_u64());
    assert!(!server.mobile_settings().await.unwrap().members().is_empty());
    let versions = server.versions().await.unwrap();
    assert!(versions.has("1.16"), "{versions:?}");
}

#[tokio::test]
async fn users_and_groups() {
    let bench = Bench::new().await;
    let client = bench.client();
    let me = client.users().current().await.unwrap();
    assert_eq!((&*me.name, me.role), ("Admin", Some(Role::Administrator)));
    let all = client.users().list(&UserFilter::new()).await.unwrap().items.unwrap();
    assert_eq!(all.len(), 4);
    let filter = UserFilter::new().with_roles([Role::Member]);
    let members = client.users().list(&filter).await.unwrap().items.unwrap();
    assert_eq!(&*members[0].name, "clerk");

    let groups = client.groups().list().await.unwrap();
    let crew = groups.groups().nth(1).unwrap();
    client.groups().set_member(&crew.id, &members[0].id, false).await.unwrap();
    assert_eq!(client.groups().users(&crew.id).await.unwrap().items.unwrap().len(), 3);
    client.groups().set_member(&crew.id, &members[0].id, true).await.unwrap();
    let update = GroupUpdate::of(crew).with_name("Hands").with_modify_role(Role::Administrator);
    let renamed = client.groups().update(&crew.id, &update).await.unwrap();
    assert_eq!((&*renamed.name, renamed.modify_role), ("Hands", Some(Role::Administrator)));
    assert_eq!((renamed.id, renamed.group_type), (crew.id.clone(), crew.group_type));
}

#[tokio::test]
async fn messages_are_written_changed_and_ended() {
    let bench = Bench::new().await;
    let messages = bench.client().messages();
    let mut new = NewMessage::new("a@b.example", "Hello");
    new.files = vec!["2OMFYXLA6BP9D".into()];
    new.folders = vec!["1UTXM50KW0ISP".into()];
    new.cc = vec!["c@d.example".into()];
    (new.send_by_client, new.request_login, new.notify) = (true, Some(true), Some(true));
    new.expires = Some("2030-01-01T00:00:00Z".parse().unwrap());
    new.user_password = Some("planted".into());
    assert!(!format!("{new:?}").contains("planted"));
    let made = messages.create(&new).await.unwrap();
    assert_eq!((made.subject.as_deref(), made.priority), (Some("Hello"), Some(Priority::Normal)));
    assert_eq!((made.date_expired, made.date_sent), (new.expires, None));
    assert_eq!((made.request_login, made.notify), (Some(true), Some(true)));
    assert_eq!(made.files.as_ref().unwrap()[0].name, "2.html".into());
    assert_eq!(made.folders.as_ref().unwrap().len(), 1);
    let [Recipient::Info(to)] = made.to.as_deref().unwrap() else { panic!("{made:?}") };
    assert!(to.id.is_some());
    assert_eq!(messages.info(&made.id).await.unwrap().tracking_no, made.tracking_no);
    (new.subject, new.priority) = ("Ahoy".to_owned(), Some(Priority::High));
    new.to.push("e@f.example".to_owned());
    let changed = messages.update(&made.id, &new).await.unwrap();
    assert_eq!(
        (changed.subject.as_deref(), changed.priority),
        (Some("Ahoy"), Some(Priority::High))
    );
    assert_eq!(changed.to.unwrap().len(), 2);
    messages.complete(&made.id).await.unwrap();
    assert!(messages.info(&made.id).await.unwrap().date_sent.is_some());
    messages.discard(&made.id).await.unwrap();
    messages.info(&made.id).await.unwrap_err();
}

#[tokio::test]
async fn keys_for_the_browser_tools() {
    let bench = Bench::new().await;
    let client = bench.client();
    let pages = ReturnPages::new("https://ok.example/", "https://no.example/");
    let key = client.tools().viewer(&"2OMFYXLA6BP9D".into(), &pages).await.unwrap();
    assert!(!format!("{key:?}").contains("4E2CH"), "a key is a secret");
    let upload = UploaderRequest::new("1UTXM50KW0ISP".into());
    client.tools().uploader(&upload, &pages).await.unwrap();
    client.tools().downloader([("ThruFiles", "x")]).await.unwrap();

    // A session that dies under the request leaves no key that is bound to the dead one.
    bench.sandbox.mft().kill_sessions();
    client.tools().viewer(&"2OMFYXLA6BP9D".into(), &pages).await.unwrap();
    let seen = bench.sandbox.seen();
    let asked = seen.requests().into_iter().rfind(|it| it.path().ends_with("ViewerRequest"));
    let asked = asked.unwrap();
    let session = asked.header("authorization").unwrap().replace('+', "%2B").replace('/', "%2F");
    let form = String::from_utf8_lossy(asked.body()).into_owned();
    assert!(form.contains(&format!("SessionId={}", session.replace('=', "%3D"))), "{form}");
}
