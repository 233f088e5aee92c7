//! What a comparison tells.

use std::sync::atomic::Ordering;
use std::time::Duration;

use wharf_connector::{Capabilities, ConnectorExt, EntryState, ErrorKind, Limits, NameCase};
use wharf_transfer::{By, Compare, Filter};

use crate::odd::Odd;
use crate::world::World;

#[track_caller]
fn check(found: Vec<String>, want: &[&str]) {
    assert_eq!(found, want);
}

#[tokio::test]
async fn every_kind_of_difference_is_told() {
    let world = World::new()
        .with(
            &["same=x", "size=x", "time=x@1", "new=x", "deep/er/new=x", "empty/", "both/a=1"],
            &["same=x", "size=xx", "time=x@2", "old=x", "gone/old=x", "both/a=1"],
        )
        .await;
    check(
        world.differences(&Compare::new()).await,
        &[
            "differs /size the sizes differ",
            "differs /time the times differ",
            "extra /gone",
            "extra /gone/old",
            "extra /old",
            "missing /deep/",
            "missing /deep/er/",
            "missing /deep/er/new",
            "missing /empty/",
            "missing /new",
        ],
    );
    let one_way = world.differences(&Compare::new().with_extras(false)).await;
    assert!(!one_way.iter().any(|line| line.contains("extra")), "{one_way:?}");
}

#[tokio::test]
async fn equal_sizes_alone_are_no_agreement() {
    let files = (&["a=x@1"][..], &["a=y@2"][..]);
    let world = World::new().with(files.0, files.1).await;
    let by = |by| Compare::new().with_by(by);
    check(world.differences(&by(By::Time)).await, &["differs /a the times differ"]);
    check(world.differences(&by(By::Checksum)).await, &["differs /a no checksum in common"]);
    check(world.differences(&by(By::Nothing)).await, &["differs /a all are to be copied"]);
    check(world.differences(&by(By::SizeOnly)).await, &[]);
    let read = by(By::Checksum).with_read(true);
    check(world.differences(&read).await, &["differs /a the bytes differ"]);
    assert_eq!(world.to.reads.load(Ordering::Relaxed), 1);

    // A destination that keeps times of its own.
    let keeping = Capabilities::WRITE_MODIFIED | Capabilities::UPDATE_MODIFIED;
    let forgetful = World::of(Odd::new(), Odd::new().without(keeping));
    let world = forgetful.with(files.0, files.1).await;
    check(world.differences(&by(By::Time)).await, &["differs /a times cannot be compared"]);
}

#[tokio::test]
async fn times_are_compared_as_finely_as_the_coarser_service_keeps_them() {
    let step = Limits::default().with_time_resolution(Duration::from_secs(2));
    let coarse = Odd::new().info(|info| info.with_limits(step));
    let world = World::of(Odd::new(), coarse).with(&["a=x@1", "b=x@1"], &["a=x@3", "b=x@4"]).await;
    check(world.differences(&Compare::new()).await, &["differs /b the times differ"]);
    let wide = Compare::new().with_tolerance(Duration::from_secs(3));
    check(world.differences(&wide).await, &[]);
}

#[tokio::test]
async fn checksums_that_are_told_decide_without_reading() {
    let told = |entry: &mut wharf_connector::Entry| {
        let sum = u32::from(entry.name().starts_with("other") && entry.size == Some(2));
        entry.checksums.crc32 = Some(sum);
    };
    let world = World::of(
        Odd::new().on_entry(told),
        Odd::new().on_entry(|entry| {
            entry.checksums.crc32 = Some(0);
        }),
    );
    let world = world.with(&["a=xx@1", "other=xx@1"], &["a=xx@2", "other=yy@1"]).await;
    for by in [By::Time, By::Checksum] {
        let found = world.differences(&Compare::new().with_by(by)).await;
        check(found, &["differs /other the checksums differ", "time /a"]);
    }
    assert_eq!(world.from.reads.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn one_side_is_read_where_the_other_tells_its_checksum() {
    let there = Odd::new().on_entry(|entry| {
        // That of "xx".
        entry.checksums.crc32 = Some(crc32fast::hash(b"xx"));
    });
    let world = World::of(Odd::new(), there).with(&["a=xx@1", "b=yy@1"], &["a=xx@1", "b=xx@1"]);
    let world = world.await;
    let options = Compare::new().with_by(By::Checksum).with_read(true);
    check(world.differences(&options).await, &["differs /b the checksums differ"]);
    assert_eq!(world.from.reads.load(Ordering::Relaxed), 2);
    assert_eq!(world.to.reads.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn names_are_one_where_the_destination_says_so() {
    let limits = Limits::default().with_name_case(NameCase::Insensitive);
    let folding = || Odd::new().info(|info| info.with_limits(limits.clone()));
    let world = World::of(Odd::new(), folding());
    let world = world.with(&["Docs/A.txt=1"], &["docs/a.TXT=1"]).await;
    check(world.differences(&Compare::new()).await, &[]);

    let source = ["a=1", "A=2", "Dir/x=1", "dir/y=1", "ü=1", "u\u{308}=1", "fine=1"];
    let world = World::of(Odd::new(), folding()).with(&source, &[]).await;
    let found = world.differences(&Compare::new()).await;
    let collisions = found.iter().filter(|line| line.starts_with("collision")).count();
    assert_eq!(collisions, 3, "{found:?}");

    let exact = World::new().with(&source, &[]).await;
    let found = exact.differences(&Compare::new()).await;
    assert!(found.iter().all(|line| line.starts_with("missing")), "{found:?}");
}

/// Paired with `A`, the `a` of the source would replace it, and that of the destination would look
/// like too much.
#[tokio::test]
async fn two_names_of_a_destination_that_may_fold_are_told_and_left_alone() {
    let both = ["A=22", "a=1"];
    for (source, there, wanted) in [
        (&["a=1"][..], &both[..], &["collision /A /a"][..]),
        (&["A=22"], &both, &["collision /A /a"]),
        (&[], &both, &["collision /A /a", "extra /A"]),
        (&both, &both, &["collision /A /a", "collision /A /a"]),
        (&["a=1"], &["A=22"], &["differs /A the sizes differ"]),
        (&["a=1", "b=1"], &["A=1", "B=1", "c=1"], &["extra /c"]),
    ] {
        let limits = Limits::default().with_name_case(NameCase::Unknown);
        let unsure = Odd::new().info(|info| info.with_limits(limits));
        let world = World::of(Odd::new(), unsure).with(source, there).await;
        check(world.differences(&Compare::new()).await, wanted);
    }
    // What a listing that broke off did not tell may be the very name.
    let limits = Limits::default().with_name_case(NameCase::Unknown);
    let unsure = Odd::new().info(|info| info.with_limits(limits));
    let broken = unsure.broken("in", ErrorKind::Unavailable);
    let world = World::of(Odd::new(), broken).with(&["in/a=1"], &["in/A=22"]).await;
    let found = world.differences(&Compare::new()).await;
    assert!(found.iter().all(|line| line.starts_with("unreadable")), "{found:?}");
}

#[tokio::test]
async fn what_has_no_place_is_told() {
    let limits = Limits::default().with_max_path(12).with_max_file(3);
    let strict = Odd::new().info(|info| info.with_limits(limits)).forbidding('?');
    let world = World::of(Odd::new(), strict)
        .with(
            &["what?=1", "large=1234", "deeper/path=1", "x=1", "y/z=1", "ok=1"],
            &["x/inside=1", "y=1"],
        )
        .await;
    let found = world.differences(&Compare::new().with_extras(false)).await;
    check(
        found,
        &[
            "kinds /x",
            "kinds /y",
            "missing /deeper/",
            "missing /ok",
            "refused /deeper/path",
            "refused /large",
            "refused /what?",
        ],
    );
}

#[tokio::test]
async fn what_is_not_whole_is_not_carried() {
    let partial = || {
        Odd::new().on_entry(|entry| {
            if entry.name().starts_with("half") {
                entry.state = EntryState::Partial;
            }
        })
    };
    let world =
        World::of(partial(), Odd::new()).with(&["half=1", "half.d/b=1", "a=1"], &["a=1"]).await;
    let found = world.differences(&Compare::new()).await;
    check(found, &["held_back /half", "held_back /half.d"]);
    let world = World::of(Odd::new(), partial())
        .with(&["half1=1"], &["half1=1", "half2=1", "half.d/b=1"])
        .await;
    let found = world.differences(&Compare::new()).await;
    let wanted = ["differs /half1 not whole at the destination", "spared /half.d", "spared /half2"];
    check(found, &wanted);
}

#[tokio::test]
async fn a_listing_that_breaks_off_decides_nothing() {
    for kind in [ErrorKind::Unavailable, ErrorKind::PermissionDenied] {
        let from = ["in/a=1", "in/b=1", "in/c=1", "x=1"];
        let world = World::of(Odd::new().broken("in", kind), Odd::new());
        let world = world.with(&from, &["in/a=1", "in/b=1", "in/z=1", "x=1"]).await;
        check(world.differences(&Compare::new()).await, &["unreadable /in"]);
        let world = World::of(Odd::new(), Odd::new().broken("in", kind));
        let world = world.with(&from, &["in/a=1", "x=1"]).await;
        check(world.differences(&Compare::new()).await, &["unreadable /in"]);
    }
    // A link, say: the rest of the folder is told, and nothing that seems to be extra.
    let world = World::of(Odd::new().broken("in", ErrorKind::Unsupported), Odd::new());
    let world = world.with(&["in/a=1"], &["in/a=2@7", "in/link=1"]).await;
    let found = world.differences(&Compare::new()).await;
    check(found, &["differs /in/a the times differ", "special /in"]);
}

#[tokio::test]
async fn a_filter_leaves_alone_what_it_leaves_out() {
    let filter = Filter::new().excluding("*.tmp").unwrap().excluding("/skip").unwrap();
    let world = World::new()
        .with(
            &["a=1", "a.tmp=1", "skip/x=1", "b.tmp=1"],
            &["a.tmp=22", "gone.tmp=1", "skip/y=1", "gone/a=1", "gone/b.tmp=1"],
        )
        .await;
    let found = world.differences(&Compare::new().with_filter(filter)).await;
    check(
        found,
        &["extra /gone", "extra /gone/a", "missing /a", "spared /gone.tmp", "spared /gone/b.tmp"],
    );
}

#[tokio::test]
async fn a_name_that_is_left_out_takes_nothing_from_one_that_is_taken() {
    // All orders in which two listings can tell their entries: that of a folder is by name.
    for (out, taken) in [("A", "a"), ("a", "A")] {
        for there in [&[][..], &["a=old"][..], &["A=old"][..]] {
            let limits = Limits::default().with_name_case(NameCase::Insensitive);
            let folding = Odd::new().info(|info| info.with_limits(limits));
            let source = [format!("{out}=1"), format!("{taken}=new@9"), "more=1".to_owned()];
            let source: Vec<&str> = source.iter().map(String::as_str).collect();
            let world = World::of(Odd::new(), folding).with(&source, there).await;
            let filter = Filter::new().excluding(&format!("/{out}")).unwrap();
            let found = world.differences(&Compare::new().with_filter(filter)).await;
            let place = there.first().map_or(taken, |line| &line[..1]);
            let word = if there.is_empty() { "missing" } else { "differs" };
            let want = format!("{word} /{place}");
            assert!(found.iter().any(|line| line.starts_with(&want)), "{out} {there:?}: {found:?}");
            assert_eq!(found.len(), 2, "{out} {there:?}: {found:?}");
        }
    }
}

#[tokio::test]
async fn what_is_left_out_keeps_what_stands_under_another_spelling() {
    let limits = Limits::default().with_name_case(NameCase::Insensitive);
    let folding = Odd::new().info(|info| info.with_limits(limits));
    let world = World::of(Odd::new(), folding).with(&["Kept=1"], &["kept=1", "gone=1"]).await;
    let filter = Filter::new().excluding("/Kept").unwrap();
    let found = world.differences(&Compare::new().with_filter(filter)).await;
    assert!(!found.iter().any(|line| line.contains("extra /kept")), "{found:?}");
    assert!(found.iter().any(|line| line == "extra /gone"), "{found:?}");
}

#[tokio::test]
async fn a_destination_that_does_not_exist_is_empty() {
    let world = World::new();
    world.from.memory.create_folders(&crate::world::path("/root/a")).await.unwrap();
    check(world.differences(&Compare::new()).await, &["missing /a/"]);
}
