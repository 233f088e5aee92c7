//! Random trees and filters: what must hold for all of them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wharf_connector::{Entry, RemotePath};
use wharf_transfer::{By, Choice, Compare, Filter, MaxDelete, SyncPlan};

use crate::world::{World, content};

/// Files by path. Few names, so that they meet; never a file where another has a folder.
fn tree() -> impl Strategy<Value = BTreeMap<String, String>> {
    let folder = prop::collection::vec("[dD][1-2]", 0..3);
    let file = (folder, "[ab]\\.(csv|tmp)").prop_map(|(folders, name)| {
        folders.into_iter().chain([name]).collect::<Vec<_>>().join("/")
    });
    prop::collection::btree_map(file, "[xyz]{0,3}@[1-3]", 0..12)
}

fn rules() -> impl Strategy<Value = Vec<(bool, String)>> {
    let pattern = prop::sample::select(vec![
        "*.tmp",
        "*.csv",
        "/d1",
        "d2/",
        "D?",
        "/d1/**/a.*",
        "a.*",
        "**/d2/b.csv",
    ]);
    prop::collection::vec((any::<bool>(), pattern.prop_map(str::to_owned)), 0..4)
}

fn filter(rules: &[(bool, String)]) -> Filter {
    rules.iter().fold(Filter::new(), |filter, (takes, pattern)| {
        if *takes { filter.including(pattern) } else { filter.excluding(pattern) }.unwrap()
    })
}

fn lines(tree: &BTreeMap<String, String>) -> Vec<String> {
    tree.iter().map(|(path, text)| format!("{path}={text}")).collect()
}

/// The files that the filter leaves out.
fn left_out(content: &[String], filter: &Filter) -> Vec<String> {
    let out = |line: &&String| {
        line.split_once('=').is_some_and(|(name, _)| {
            let path = RemotePath::new(name).unwrap();
            filter.choose(&Entry::file(path)) == Choice::Out
        })
    };
    content.iter().filter(out).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn after_a_sync_the_trees_agree_and_the_rest_is_untouched(
        from in tree(), to in tree(), rules in rules(), read in any::<bool>(), wide in 1usize..4,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let filter = filter(&rules);
            let (from, to) = (lines(&from), lines(&to));
            let from: Vec<&str> = from.iter().map(String::as_str).collect();
            let to: Vec<&str> = to.iter().map(String::as_str).collect();
            let world = World::new().with(&from, &to).await;
            let (source, before) = (content(&world.from).await, content(&world.to).await);

            let mut compare = Compare::new().with_filter(filter.clone()).with_concurrency(wide);
            if read {
                compare = compare.with_by(By::Checksum).with_read(true);
            }
            let options = SyncPlan::new()
                .with_compare(compare.clone())
                .with_delete(true)
                .with_max_delete(MaxDelete::Percent(100));
            let applied = world.sync(&options).await.unwrap();

            assert_eq!(applied.failed + applied.changed + applied.held_back, 0, "{applied:?}");
            let left: Vec<String> = world.differences(&compare).await;
            let after = content(&world.to).await;
            // A folder stays while something in it is left out.
            let stays = |line: &String| {
                let folder = line.strip_prefix("extra /").map(|folder| format!("{folder}/"));
                folder.is_some_and(|folder| after.contains(&folder)) || line.starts_with("spared")
            };
            let left: Vec<&String> = left.iter().filter(|line| !stays(line)).collect();
            assert!(left.is_empty(), "{left:?}");
            assert_eq!(left_out(&after, &filter), left_out(&before, &filter));
            assert_eq!(content(&world.from).await, source, "the source is never touched");

            // And once more: nothing is left to do.
            let again = world.plan(&options).await.unwrap();
            assert_eq!(again.totals().steps(), 0);
        });
    }
}
