//! What a plan says, and what doing it does.

use wharf_connector::{Capabilities, Connector, ConnectorExt, ErrorKind, Limits, NameCase};
use wharf_transfer::{Apply, Compare, Filter, MaxDelete, PlanFile, PlanHead, Step, SyncPlan};

use crate::odd::Odd;
use crate::world::{World, at, content, path};

fn deleting() -> SyncPlan {
    SyncPlan::new().with_delete(true).with_max_delete(MaxDelete::Percent(100))
}

fn without(pattern: &str) -> Compare {
    Compare::new().with_filter(Filter::new().excluding(pattern).unwrap())
}

async fn steps(world: &World, options: &SyncPlan) -> Vec<Step> {
    let plan = world.plan(options).await.unwrap();
    plan.into_steps().unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn one_tree_becomes_like_the_other() {
    let world = World::new()
        .with(
            &["a=1", "b=new@9", "c/d/e=1", "empty/", "same=x"],
            &["b=old", "same=x", "old=1", "gone/deep/f=1", "gone/g=1"],
        )
        .await;
    let applied = world.sync(&SyncPlan::new()).await.unwrap();
    assert_eq!((applied.copied, applied.folders, applied.deleted), (3, 3, 0));
    assert!(content(&world.to).await.contains(&"old=1".to_owned()));
    let applied = world.sync(&deleting()).await.unwrap();
    assert_eq!((applied.copied, applied.deleted, applied.failed), (0, 5, 0));
    assert_eq!(content(&world.to).await, content(&world.from).await);
    assert!(world.differences(&Compare::new()).await.is_empty());
}

#[tokio::test]
async fn folders_come_before_their_content_and_go_after_it() {
    let world = World::new().with(&["a/b/c=1"], &["x/y/z=1", "x/w=1"]).await;
    let steps = steps(&world, &deleting()).await;
    let place = |name: &str| {
        let found = steps.iter().position(|step| step.to().as_str() == name);
        found.unwrap_or_else(|| panic!("{name}"))
    };
    assert!(place("/a") < place("/a/b") && place("/a/b") < place("/a/b/c"));
    assert!(place("/a/b/c") < place("/x/y/z"), "deletions come last");
    assert!(place("/x/y/z") < place("/x/y") && place("/x/y") < place("/x"));
    assert!(place("/x/w") < place("/x"));
}

#[tokio::test]
async fn what_is_left_out_stays_and_keeps_its_folders() {
    let world = World::new().with(&["a=1"], &["a=1", "x/y/keep.tmp=1", "x/y/go=1", "x/z/go=1"]);
    let world = world.await;
    let options = deleting().with_compare(without("*.tmp"));
    world.sync(&options).await.unwrap();
    assert_eq!(content(&world.to).await, ["a=1", "x/", "x/y/", "x/y/keep.tmp=1"]);
}

#[tokio::test]
async fn too_much_is_not_deleted() {
    let world = World::new().with(&["a=1"], &["a=1", "b=1", "c=1"]).await;
    let options = SyncPlan::new().with_delete(true);
    let error = world.sync(&options).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert!(error.message().contains("2 of 3") && error.remedy().is_some(), "{error}");
    let empty = World::new().with(&["d/"], &["a=1"]).await;
    let error = empty.sync(&options).await.unwrap_err();
    assert!(error.message().contains("no file"), "{error}");
    assert_eq!(content(&empty.to).await, ["a=1"]);
}

#[tokio::test]
async fn replaced_and_deleted_files_are_kept() {
    for abilities in [Capabilities::empty(), Capabilities::RENAME_FILE] {
        let world = World::of(Odd::new(), Odd::new().without(abilities))
            .with(&["a=new@9", "deep/b=1"], &["a=old", "deep/gone=2", "deep/b=1"])
            .await;
        let options = deleting().with_backup(path("/kept"));
        let applied = world.sync(&options).await.unwrap();
        assert!(applied.is_whole(), "{applied:?}");
        assert_eq!(content(&world.to).await, ["a=new", "deep/", "deep/b=1"]);
        for (file, text) in [("/kept/a", "old"), ("/kept/deep/gone", "2")] {
            let kept = world.to.memory.read_bytes(&path(file), 9).await.unwrap();
            assert_eq!(kept, text.as_bytes(), "{file}");
        }
    }
}

#[tokio::test]
async fn what_was_moved_away_before_a_break_is_neither_missed_nor_lost() {
    for abilities in [Capabilities::empty(), Capabilities::RENAME_FILE] {
        let world = World::of(Odd::new(), Odd::new().without(abilities))
            .with(&["a=new@9", "b=new@9"], &["a=old", "b=old", "gone=2"])
            .await;
        let planned = steps(&world, &deleting().with_backup(path("/kept"))).await;
        let memory = &world.to.memory;
        for (name, text) in [("a", "old"), ("b", "old"), ("gone", "2")] {
            memory.delete(&path(&format!("/root/{name}")), Default::default()).await.unwrap();
            memory.write_bytes(&path(&format!("/kept/{name}")), text).await.unwrap();
        }
        // Of one, the copy was made too, and somebody has gone on with it.
        memory.write_bytes(&path("/root/b"), "newest").await.unwrap();

        let applied = world.apply(planned, &Apply::new()).await;
        assert_eq!((applied.copied, applied.changed, applied.failed), (1, 1, 0), "{applied:?}");
        assert_eq!(content(&world.to).await, ["a=new", "b=newest"]);
        for (file, text) in [("/kept/a", "old"), ("/kept/b", "old"), ("/kept/gone", "2")] {
            let kept = memory.read_bytes(&path(file), 9).await.unwrap();
            assert_eq!(kept, text.as_bytes(), "{file}");
        }
    }
}

#[tokio::test]
async fn a_backup_folder_in_the_tree_must_be_left_out() {
    let world = World::new().with(&["a=1"], &["a=2@5"]).await;
    let inside = deleting().with_backup(path("/root/.old"));
    for refused in
        [inside.clone(), deleting().with_backup(path("/")), deleting().with_backup(path("/root"))]
    {
        let error = world.plan(&refused).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    }
    world.sync(&inside.with_compare(without("/.old"))).await.unwrap();
    assert_eq!(content(&world.to).await, [".old/", ".old/a=2", "a=1"]);
}

#[tokio::test]
async fn names_that_collide_stop_the_plan_unless_they_are_left_out() {
    let limits = Limits::default().with_name_case(NameCase::Insensitive);
    let folding = Odd::new().info(|info| info.with_limits(limits));
    let source = ["Dir/x=1", "dir/y=1", "a=1", "A=1", "fine=1"];
    let world = World::of(Odd::new(), folding).with(&source, &["extra=1"]).await;
    let plan = world.plan(&deleting()).await.unwrap();
    assert_eq!(plan.check(false).unwrap_err().kind(), ErrorKind::Conflict);
    plan.check(true).unwrap();
    assert_eq!(plan.troubles().len(), 2);
    let steps: Vec<Step> = plan.into_steps().unwrap().map(Result::unwrap).collect();
    let names: Vec<&str> = steps.iter().map(|step| step.to().as_str()).collect();
    assert_eq!(names, ["/fine"], "neither name of a pair, and no deletion");
}

#[tokio::test]
async fn trees_that_lie_in_each_other_are_refused() {
    let world = World::new().with(&["in/a=1"], &[]).await;
    let (from, _) = world.places();
    for (below, good) in [("/root", false), ("/root/in", false), ("/", false), ("/other", true)] {
        let to = wharf_transfer::Place::new(from.connector.clone(), path(below));
        let drafts = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        let plan = wharf_transfer::Plan::make(&from, &to, &SyncPlan::new(), drafts).await;
        assert_eq!(plan.is_ok(), good, "{below}");
    }
}

#[tokio::test]
async fn trees_that_lie_in_each_other_are_refused_by_two_ways_to_one_account() {
    let end = |host: &str, user: &str, root: &str| {
        let (host, user, root) = (host.to_owned(), user.to_owned(), path(root));
        Odd::new().info(|info| info.with_host(host).with_user(user).with_root(root))
    };
    for (host, user, root, good) in [
        ("a", "anna", "/", false),
        ("a", "anna", "/root", false),
        ("a", "anna", "/elsewhere", true),
        ("a", "ben", "/", true),
        ("b", "anna", "/", true),
    ] {
        let world = World::of(end("a", "anna", "/"), end(host, user, root));
        let world = world.with(&["root/a=1"], &[]).await;
        let (from, mut to) = world.places();
        to.path = path(if root == "/root" { "/" } else { "/root/in" });
        let drafts = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        let plan = wharf_transfer::Plan::make(&from, &to, &SyncPlan::new(), drafts).await;
        assert_eq!(plan.is_ok(), good, "{user}@{host}{root}: {plan:?}");
    }
}

#[tokio::test]
async fn what_stands_there_is_kept_and_counted() {
    let options = SyncPlan::new().with_keep_existing(true);
    let world = World::new()
        .with(&["differs=1@9", "same=1", "time=1@9", "new=1"], &["differs=2", "same=1", "time=1"])
        .await;
    let plan = world.plan(&options).await.unwrap();
    assert_eq!((plan.totals().copies, plan.tally().kept, plan.tally().same), (1, 2, 1));
}

#[tokio::test]
async fn a_source_that_is_no_tree_is_an_error() {
    let world = World::new().with(&[], &[]).await;
    for (name, kind) in [("/root/none", ErrorKind::NotFound), ("/root/file", ErrorKind::NotAFolder)]
    {
        world.from.memory.write_bytes(&path("/root/file"), "x").await.unwrap();
        let (mut from, to) = world.places();
        from.path = path(name);
        let drafts = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        let made = wharf_transfer::Plan::make(&from, &to, &SyncPlan::new(), drafts).await;
        assert_eq!(made.unwrap_err().kind(), kind, "{name}");
    }
}

#[tokio::test]
async fn nothing_is_deleted_after_an_error_or_an_unread_folder() {
    let broken = Odd::new().broken("in", ErrorKind::Unavailable);
    let world = World::of(broken, Odd::new()).with(&["in/a=1", "b=1"], &["in/z=1", "gone=1"]).await;
    let applied = world.sync(&deleting()).await.unwrap();
    assert_eq!((applied.copied, applied.deleted), (2, 0));

    let world = World::new().with(&["a=1"], &["gone=1"]).await;
    let steps = steps(&world, &deleting()).await;
    world.from.memory.delete_if_exists(&path("/root/a"), Default::default()).await.unwrap();
    let applied = world.apply(steps, &Apply::new()).await;
    assert_eq!((applied.failed, applied.held_back, applied.deleted), (1, 1, 0));
    assert_eq!(content(&world.to).await, ["gone=1"]);
}

#[tokio::test]
async fn a_plan_is_done_only_where_all_is_as_planned() {
    let source = ["new=1", "changed=1", "both=2@9", "late=1"];
    let there = ["both=1", "gone=1", "other=1", "full/x=1"];
    for change in ["", "changed", "late", "both", "gone"] {
        let world = World::new().with(&source, &there).await;
        let planned = steps(&world, &deleting()).await;
        let (from, to) = (&world.from.memory, &world.to.memory);
        match change {
            "changed" => drop(from.write_bytes(&path("/root/changed"), "22").await.unwrap()),
            "late" => drop(to.write_bytes(&path("/root/late"), "mine").await.unwrap()),
            "both" => drop(to.write_bytes(&path("/root/both"), "mine").await.unwrap()),
            "gone" => drop(to.write_bytes(&path("/root/gone"), "mine").await.unwrap()),
            _ => {}
        }
        let applied = world.apply(planned, &Apply::new().with_check(true)).await;
        let now = content(&world.to).await;
        if change.is_empty() {
            assert!(applied.is_whole(), "{applied:?}");
            assert_eq!(now, content(&world.from).await);
            continue;
        }
        assert_eq!((applied.changed, applied.failed), (1, 0), "{change}: {applied:?}");
        let deletes = if change == "gone" { (3, 0) } else { (0, 4) };
        assert_eq!((applied.deleted, applied.held_back), deletes, "{change}: {applied:?}");
        assert!(
            now.iter().all(|line| change == "changed"
                || !line.starts_with(change)
                || line.ends_with("mine")),
            "{now:?}"
        );
    }
}

#[tokio::test]
async fn a_plan_comes_back_from_its_file() {
    let world = World::new().with(&["a=1", "b/c=2"], &["a=old", "x/y=1"]).await;
    let want = steps(&world, &deleting()).await;
    let plan = world.plan(&deleting()).await.unwrap();
    let totals = *plan.totals();
    let mut text = Vec::new();
    plan.write(&PlanHead::new("memory:/", "memory:/", at(0)), &mut text).unwrap();
    let got: Vec<Step> = PlanFile::open(&*text).unwrap().map(Result::unwrap).collect();
    assert_eq!(got, want);
    assert_eq!(PlanFile::open(&*text).unwrap().check().unwrap(), totals);
    assert_eq!((totals.copies, totals.replaced, totals.deletes), (2, 1, 1));
}

#[tokio::test]
async fn a_folder_that_is_in_use_again_stays() {
    let world = World::new().with(&["a=1"], &["a=1", "x/y=1"]).await;
    let planned = steps(&world, &deleting()).await;
    world.to.memory.write_bytes(&path("/root/x/new"), "1").await.unwrap();
    let applied = world.apply(planned, &Apply::new()).await;
    assert_eq!((applied.deleted, applied.changed), (1, 1));
    assert!(content(&world.to).await.contains(&"x/new=1".to_owned()));
}
