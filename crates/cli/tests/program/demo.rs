//! The main job, as anyone can run it; and the same with the data damaged on the way.

use crate::harness::wharf;

#[test]
fn the_main_job_is_done_and_proved() {
    let demo = wharf(["demo"]).good();
    assert!(demo.err.is_empty(), "{demo:#?}");
    for part in [
        "\"http-code\": 401",
        "\"type\": \"not-authenticated/invalid-credentials\"",
        "\"http-code\": 404",
        "What to do:",
        "byte for byte what Boomi MFT holds",
    ] {
        assert!(demo.out.contains(part), "{part} is not in\n{}", demo.out);
    }
    assert!(!demo.out.contains("FAILED"), "{}", demo.out);
}

#[test]
fn the_document_has_a_step_for_each_part_of_it() {
    let document = wharf(["demo", "--json"]).good().json();
    assert_eq!(document["passed"], true);
    let steps = document["steps"].as_array().unwrap();
    let verified = steps.iter().filter(|step| step["verdict"] == "verified");
    assert!(verified.clone().all(|step| step["checksum"]["crc32"].as_str().unwrap().len() == 8));
    assert_eq!(verified.count(), 3, "{document:#}");
    let refused = steps.iter().filter_map(|step| step["refusal"]["document"]["http-code"].as_u64());
    assert_eq!(refused.collect::<Vec<_>>(), [401, 404]);
    assert!(steps.iter().all(|step| step["seconds"].is_number()));
}

#[test]
fn damage_on_the_way_is_found_out_and_leaves_nothing() {
    for (which, played) in [("download", 5), ("upload", 6), ("transfer", 7)] {
        let demo = wharf(["demo", "--json", "--damage", which]);
        let error = demo.error();
        assert_eq!((demo.code, &error["kind"]), (30, &"corrupted".into()), "{which}: {error:#}");
        assert!(error["remedy"].as_str().unwrap().contains("nothing was left"), "{error:#}");
        let document = demo.json();
        assert_eq!(document["passed"], false);
        assert_eq!(document["steps"].as_array().map(Vec::len), Some(played), "{which}");
    }
}
