//! `docs/faults.md`: written by the run, and read again by the short form.

use std::collections::{BTreeMap, BTreeSet};

use super::catalog::rows;
use super::judge::Verdict;
use super::matrix::Done;
use super::stage::Service;
use super::verb::VERBS;

/// Where it stands.
pub(super) const PATH: &str = "docs/faults.md";

/// The cells of a table, by service, row and verb: what became of the runs behind each.
type Cells = BTreeMap<(&'static str, String, String), BTreeSet<String>>;

/// The whole document.
pub(super) fn written(done: &[Done]) -> String {
    let cells = gathered(done);
    let mut text = HEAD.replace("{counts}", &counts(done));
    for service in [Service::FilesCom, Service::Mft] {
        text.push_str(&format!("\n## {}\n\n", name(service)));
        table(&mut text, service, &cells);
    }
    text.push_str("\n## The verbs\n\n| column | what is run |\n| --- | --- |\n");
    for verb in VERBS {
        text.push_str(&format!("| {} | {} |\n", verb.name, verb.about));
    }
    text
}

/// Whether the document tells the same of a run; if not, what it tells.
pub(super) fn agrees(document: &str, done: &Done) -> Result<(), String> {
    let cells = read(document);
    let key = key(done);
    let told = cells.get(&key).cloned().unwrap_or_default();
    match told.contains(&label(done)) {
        true => Ok(()),
        false => Err(told.into_iter().collect::<Vec<_>>().join(" ")),
    }
}

/// How a verdict is written.
pub(super) fn label(done: &Done) -> String {
    let row = done.job.row;
    match &done.verdict {
        Verdict::Recovered => "ok".to_owned(),
        Verdict::Told => "told".to_owned(),
        Verdict::Unproved => "unproved".to_owned(),
        Verdict::Refused(code) => row.code(*code),
        Verdict::Left(code) => row.code(*code) + "+",
        Verdict::Removed(code) => row.code(*code) + "-",
        Verdict::Unsure(code) => row.code(*code) + "?",
        Verdict::Wrong(_) => "WRONG".to_owned(),
    }
}

fn gathered(done: &[Done]) -> Cells {
    let mut cells = Cells::new();
    for done in done {
        cells.entry(key(done)).or_default().insert(label(done));
    }
    cells
}

fn key(done: &Done) -> (&'static str, String, String) {
    let job = &done.job;
    (name(job.aim.service), job.row.name.to_owned(), job.verb.name.to_owned())
}

fn table(text: &mut String, service: Service, cells: &Cells) {
    let verbs = VERBS.iter().filter(|verb| verb.on(service).is_some());
    let verbs: Vec<&str> = verbs.map(|verb| verb.name).collect();
    text.push_str(&format!("| fault | {} |\n", verbs.join(" | ")));
    text.push_str(&format!("| --- |{}\n", " --- |".repeat(verbs.len())));
    for row in rows() {
        let of_row = |verb: &str| {
            let key = (name(service), row.name.to_owned(), verb.to_owned());
            cells.get(&key).map_or_else(|| "-".to_owned(), shown)
        };
        let line: Vec<String> = verbs.iter().map(|verb| of_row(verb)).collect();
        if line.iter().any(|cell| cell != "-") {
            text.push_str(&format!("| {} | {} |\n", row.name, line.join(" | ")));
        }
    }
}

fn shown(labels: &BTreeSet<String>) -> String {
    let ok = labels.iter().filter(|label| *label == "ok");
    let others = labels.iter().filter(|label| *label != "ok");
    ok.chain(others).map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn counts(done: &[Done]) -> String {
    let count =
        |wanted: fn(&Verdict) -> bool| done.iter().filter(|done| wanted(&done.verdict)).count();
    let of_service = |service| {
        let mut names: BTreeSet<&str> = BTreeSet::new();
        let of = done.iter().filter(|done| done.job.aim.service == service);
        names.extend(of.map(|done| done.job.row.name));
        names.len()
    };
    let lines = [
        ("faults on Files.com", of_service(Service::FilesCom)),
        ("faults on Boomi MFT", of_service(Service::Mft)),
        ("runs", done.len()),
        ("recovered", count(|verdict| *verdict == Verdict::Recovered)),
        ("refused, everything as it was", count(|verdict| matches!(verdict, Verdict::Refused(_)))),
        ("refused, something left and named", count(|verdict| matches!(verdict, Verdict::Left(_)))),
        (
            "refused, the wrong file removed",
            count(|verdict| matches!(verdict, Verdict::Removed(_))),
        ),
        ("refused, done all the same and said so", count(|v| matches!(v, Verdict::Unsure(_)))),
        ("a false statement of the service passed on", count(|v| *v == Verdict::Told)),
        (
            "wrong bytes that nobody can notice, not claimed to be those of the source",
            count(|v| *v == Verdict::Unproved),
        ),
        ("wrong", count(|verdict| matches!(verdict, Verdict::Wrong(_)))),
    ];
    let lines = lines.map(|(what, count)| format!("| {what} | {count} |"));
    format!("| | |\n| --- | ---: |\n{}", lines.join("\n"))
}

/// The cells of a document that was written before.
fn read(document: &str) -> Cells {
    let mut cells = Cells::new();
    let mut service = None;
    let mut verbs: Vec<&str> = Vec::new();
    for line in document.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            service = [Service::FilesCom, Service::Mft].map(name).into_iter().find(|n| *n == title);
        }
        let (Some(service), Some(line)) = (service, line.strip_prefix("| ")) else {
            continue;
        };
        let mut columns = line.trim_end_matches(" |").split(" | ");
        let Some(first) = columns.next() else {
            continue;
        };
        if first == "fault" {
            verbs = columns.collect();
            continue;
        }
        for (verb, cell) in verbs.iter().zip(columns) {
            let labels = cell.split(' ').map(str::to_owned).collect();
            cells.insert((service, first.to_owned(), (*verb).to_owned()), labels);
        }
    }
    cells
}

fn name(service: Service) -> &'static str {
    match service {
        Service::FilesCom => "Files.com",
        Service::Mft => "Boomi MFT",
    }
}

const HEAD: &str = "\
# Faults injected, faults survived

Written by `cargo xtask faults`; do not edit it. Every fault below was ordered from
[the sandbox](architecture.md#code-map) against every verb it can strike, through the real program
and real sockets: each request that the verb makes was struck in a run of its own, the first of its
kind and, where there are several, the last. What became of it was judged by what stands in the
sandbox and on the disk afterwards, never by the program's word; a run that hangs, crashes, uses
more memory than it may, prints a secret or sends one to another origin is wrong whatever else it
did.

{counts}

How to read a cell, which gathers all the runs of one fault and one verb:

| cell | means |
| --- | --- |
| `ok` | recovered: everything is as it should be, and the program said so |
| `31` | refused: a clear error with this [exit code](errors.md#exit-codes), and everything is as it was: nothing under the final name, or the old content |
| `21/23` | refused with one of these: which of them depends on the moment, and they count as one |
| `31+` | refused, and what had to be left under a name of its own is named in the error |
| `30-` | refused: the service says that it stored other bytes than were sent; they were removed, and what they replaced is gone |
| `31?` | refused, and the error says that it may have been done all the same, as it was |
| `told` | the service says something false about a file that nothing contradicts, and the program passes it on; no file is touched |
| `unproved` | wrong bytes of the right number, from a service that tells no checksums: nobody can notice. The program claims `size_only`, or that what it sent is what is stored and that the source told no checksum; `--verify required` refuses where the destination tells none either |
| `-` | the fault cannot strike this verb |

Several marks in a cell: the requests of the verb fare differently. `cargo xtask faults --verb VERB
-v 'FAULT'` shows each.
";
