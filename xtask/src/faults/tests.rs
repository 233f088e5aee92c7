//! The matrix without a program: the catalogue, the choice of the short form, the document.

use std::collections::BTreeSet;

use super::catalog::{Aim, rows};
use super::document;
use super::judge::Verdict;
use super::matrix::{Done, Job};
use super::stage::Service;
use super::verb::VERBS;
use super::{Wish, finding};

fn done(row: &str, verdict: Verdict) -> Done {
    let aim = Aim {
        service: Service::FilesCom,
        face: "filescom".to_owned(),
        route: "list".to_owned(),
        skip: 0,
        trap: "127.0.0.1:1".parse().unwrap(),
        host: "127.0.0.1:2".parse().unwrap(),
    };
    let row = rows().find(|each| each.name == row).unwrap();
    Done { job: Job { row, verb: &VERBS[1], aim }, verdict, said: String::new() }
}

#[test]
fn every_fault_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = rows().map(|row| row.name).collect();
    assert_eq!(names.len(), rows().count());
    assert!(names.len() >= 40, "{}", names.len());
    assert!(names.iter().all(|name| !name.contains('|')), "a table has columns");
}

#[test]
fn what_must_not_be_is_found() {
    let wrong = done("503, once", Verdict::Wrong("it hung".to_owned()));
    assert!(finding(&wrong, None).unwrap().contains("it hung"));
    assert!(finding(&done("503, once", Verdict::Refused(21)), None).is_some(), "it can be healed");
    assert!(finding(&done("503, once", Verdict::Recovered), None).is_none());
    assert!(finding(&done("503, always", Verdict::Refused(21)), None).is_none());
}

#[test]
fn the_document_tells_again_what_was_written() {
    let runs = [
        done("503, once", Verdict::Recovered),
        done("503, always", Verdict::Refused(21)),
        done("503, always", Verdict::Unsure(21)),
    ];
    let text = document::written(&runs);
    assert!(text.contains("| 503, always | - | 21 21? |"), "{text}");
    for run in &runs {
        assert_eq!(document::agrees(&text, run), Ok(()));
    }
    let other = done("503, always", Verdict::Refused(31));
    assert_eq!(document::agrees(&text, &other), Err("21 21?".to_owned()));
    assert!(finding(&other, Some(&text)).unwrap().contains("cargo xtask faults"));
}

#[test]
fn codes_that_depend_on_the_moment_count_as_one() {
    let reset = |verdict| done("connection reset when made, always", verdict);
    let text = document::written(&[reset(Verdict::Refused(23)), reset(Verdict::Unsure(23))]);
    assert!(text.contains("| connection reset when made, always | - | 21/23 21/23? |"), "{text}");
    for same in [21, 23] {
        assert!(finding(&reset(Verdict::Refused(same)), Some(&text)).is_none(), "{same}");
    }
    assert!(finding(&reset(Verdict::Refused(22)), Some(&text)).is_some());
    assert!(finding(&done("503, always", Verdict::Refused(23)), Some(&text)).is_some());
}

#[test]
fn wishes_are_read() {
    let read = |words: &[&str]| {
        Wish::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    };
    assert!(read(&[]).unwrap().is_whole());
    for words in [&["--short"][..], &["503"], &["--verb", "ls"], &["--service", "mft"]] {
        assert!(!read(words).unwrap().is_whole(), "{words:?}");
    }
    assert!(read(&["--verb"]).is_err());
    assert!(read(&["--service", "other"]).is_err());
    assert!(read(&["--loud"]).is_err());
    assert_eq!(read(&["--workers", "9"]).unwrap().workers, Some(9));
    assert!(read(&["--workers", "none"]).is_err());
}
