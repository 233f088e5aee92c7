//! What people see at terminals of several widths, kept under `docs/terminal` as it is expected.
//!
//! With WHARF_RECORD set the files are written anew, to be looked at before they are kept.

mod steady;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};
use std::{env, fs};

use serde_json::json;

use crate::harness::Services;
use crate::person::Person;
use crate::screen::Screen;
use steady::steady;

/// Somebody in a folder of their own, with two saved connections, at a terminal.
struct Desk {
    services: Services,
    person: Person,
    columns: u16,
    text: String,
}

impl Desk {
    fn new(columns: u16) -> Self {
        let (services, person) = (Services::start(), Person::in_tmp());
        person.add("acme", &services.filescom("/"), "api_key", services.key("full"));
        fs::create_dir(person.home().join("desk")).unwrap();
        Self { services, person, columns, text: String::new() }
    }

    fn folder(&self) -> PathBuf {
        self.person.home().join("desk")
    }

    fn write(&self, path: &str, content: &str) {
        let path = self.folder().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_601_800)).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.person.unattended();
        command.args(arguments).current_dir(self.folder()).env("USER", "anna");
        command
    }

    fn open(&mut self, arguments: &[&str]) -> Screen {
        let quoted = |word: &&str| match word.contains(' ') {
            true => format!("'{word}'"),
            false => (*word).to_owned(),
        };
        let words: Vec<String> = arguments.iter().map(quoted).collect();
        let gap = if self.text.is_empty() { "" } else { "\n" };
        self.text.push_str(&format!("{gap}$ wharf {}\n", words.join(" ")));
        Screen::open(&self.command(arguments), self.columns)
    }

    /// Runs a command to its end, which must have this code.
    #[track_caller]
    fn run(&mut self, arguments: &[&str], code: i32) {
        let (text, ended) = self.open(arguments).end();
        assert_eq!(ended, code, "{text}");
        self.note(&text);
    }

    /// The same with all lines but the last in order: which entry of a folder comes first is chance.
    #[track_caller]
    fn run_sorted(&mut self, arguments: &[&str], code: i32) {
        let (text, ended) = self.open(arguments).end();
        assert_eq!(ended, code, "{text}");
        let (lines, last) = text.rsplit_once('\n').unwrap();
        let mut lines: Vec<&str> = lines.lines().collect();
        lines.sort_unstable();
        self.note(&format!("{}\n{last}", lines.join("\n")));
    }

    fn note(&mut self, shown: &str) {
        self.text.push_str(shown);
        self.text.push('\n');
    }

    /// Compares all that was shown with what is kept, or keeps it.
    #[track_caller]
    fn keep(&self, name: &str) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("../../docs/terminal/{name}-{}.txt", self.columns));
        let home = self.person.home().file_name().unwrap().to_str().unwrap();
        let text = renamed(&self.text, home, &HOME[..home.len()]);
        let text: String = text.lines().map(|line| steady(line) + "\n").collect();
        if env::var_os("WHARF_RECORD").is_some() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, &text).unwrap();
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(text, kept, "{} is not what is shown: see WHARF_RECORD", file.display());
    }
}

#[test]
fn help_fits_and_slips_are_met() {
    for columns in [40, 80, 120] {
        let mut desk = Desk::new(columns);
        desk.run(&["--help"], 0);
        desk.keep("help");
    }
    for columns in [80, 120] {
        let mut desk = Desk::new(columns);
        desk.run(&["snyc", "reports", "acme:/in"], 2);
        desk.run(&["sync", "--dry-rnu", "reports", "acme:/in"], 2);
        desk.run(&["ls", "amce:/"], 2);
        desk.run(&["jobs", "resume", "--help"], 0);
        desk.keep("slips");
    }
}

#[test]
fn listings_line_up() {
    for columns in [80, 120] {
        let mut desk = Desk::new(columns);
        desk.run(&["ls", "acme:/"], 0);
        desk.run(&["ls", "--long", "acme:/vendor/acme/invoices"], 0);
        desk.run(&["tree", "acme:/vendor"], 0);
        desk.run(&["stat", "acme:/vendor/acme/orders/2026-11-01.csv"], 0);
        desk.run(&["user", "list", "--on", "acme:"], 0);
        desk.keep("listings");
    }
}

#[test]
fn errors_tell_the_answer_and_what_to_do() {
    for columns in [80, 120] {
        let mut desk = Desk::new(columns);
        desk.person.add(
            "part",
            &desk.services.filescom("/"),
            "api_key",
            desk.services.key("restricted"),
        );
        desk.write("a.csv", "a;b\n");
        desk.run(&["get", "acme:/vendor/none.csv", "."], 3);
        desk.run(&["put", "a.csv", "part:/inbound/"], 3);
        desk.run(&["get", "acme:/vendor", "."], 8);
        desk.run(&["put", "b.csv", "acme:/inbound/"], 3);
        desk.keep("errors");
    }
}

#[test]
fn a_tree_is_planned_carried_and_checked() {
    for columns in [80, 120] {
        let mut desk = Desk::new(columns);
        for (path, content) in [
            ("reports/2026/01.csv", "a;b\n1;2\n"),
            ("reports/2026/02.csv", "a;b\n"),
            ("reports/read me.txt", "Hello.\n"),
        ] {
            desk.write(path, content);
        }
        desk.run_sorted(&["sync", "--dry-run", "reports", "acme:/inbound/reports"], 0);
        desk.run(&["sync", "reports", "acme:/inbound/reports"], 0);
        desk.write("reports/2026/02.csv", "a;b\n3;4\n5;6\n");
        desk.write("reports/2026/03.csv", "a;b\n");
        fs::remove_file(desk.folder().join("reports/read me.txt")).unwrap();
        desk.run_sorted(&["check", "reports", "acme:/inbound/reports"], 40);
        desk.run(&["sync", "--delete", "reports", "acme:/inbound/reports"], 0);
        desk.run(&["check", "reports", "acme:/inbound/reports"], 0);
        desk.keep("trees");
    }
}

#[test]
fn connections_are_listed_and_tested() {
    for columns in [80, 120] {
        let mut desk = Desk::new(columns);
        desk.run(&["connection", "list"], 0);
        desk.run(&["connection", "show", "acme"], 0);
        desk.run(&["connection", "test", "acme"], 0);
        desk.keep("connections");
    }
}

#[test]
fn progress_fits_every_terminal_and_leaves_nothing_behind() {
    for columns in [40, 80, 120] {
        let mut desk = Desk::new(columns);
        // The content stops coming after two of three mebibytes, and the connection stays open.
        desk.services
            .fault(&json!({"route": "storage_get", "fault": {"stall_after": 2 * 1024 * 1024}}));
        let mut screen = desk.open(&["get", "-r", "acme:/archive", "."]);
        let shown = screen.wait_for(&["[", "66 %"]);
        desk.note(&shown);
        screen.type_in(CONTROL_C);
        let (shown, code) = screen.end();
        assert_eq!(code, 130, "{shown}");
        assert!(!shown.contains('['), "the bar is left over: {shown}");
        let job = shown.replace('\n', "").rsplit(' ').next().unwrap().to_owned();
        desk.note(&shown);
        desk.run(&["jobs", "list"], 0);
        desk.run(&["jobs", "resume", &job], 0);
        desk.text = renamed(&desk.text, &job, JOB);
        desk.keep("progress");
    }
}

#[test]
fn a_window_that_changes_its_size_keeps_the_bar_on_one_line() {
    let mut desk = Desk::new(120);
    desk.services.fault(&json!({"route": "storage_get", "fault": {"stall_after": 2_000_000}}));
    let mut screen = desk.open(&["get", "acme:/archive/2025/scans-2025-12.bin"]);
    let wide = screen.wait_for(&["[", "MiB/s"]);
    assert_eq!(wide.lines().count(), 1, "{wide}");
    screen.resize(40);
    // The window cuts off what does not fit, until the line is drawn anew.
    let narrow = screen.wait_until(|text| text.contains(" left") || text.contains(" for "));
    assert_eq!(narrow.lines().count(), 1, "{narrow}");
    screen.type_in(CONTROL_C);
    let (shown, code) = screen.end();
    assert_eq!((shown.contains('['), code), (false, 130), "{shown}");
}

#[test]
fn a_first_session() {
    let mut desk = Desk::new(80);
    let (filescom, mft) = (desk.services.filescom("/"), desk.services.mft("/"));
    let password = desk.services.document["users"][0]["password"].as_str().unwrap().to_owned();
    desk.person.add("globex", &mft, "password", &password);
    desk.write("reports/2026-11.csv", "a;b\n1;2\n");
    desk.write("reports/2026-12.csv", "a;b\n");
    let key = desk.services.key("full").to_owned();
    let mut screen = desk.open(&["connection", "add", "orders", &filescom, "--store", "vault"]);
    screen.wait_for_question("(not shown):");
    screen.type_in(&format!("{key}\n"));
    let (shown, code) = screen.end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.replace('\n', "").contains(&key), "{shown}");
    desk.note(&shown);
    desk.run(&["ls", "orders:/vendor/acme/orders"], 0);
    desk.run(&["sync", "--receipts", "sent.jsonl", "reports", "orders:/inbound/reports"], 0);
    desk.run(&["cp", "globex:/HOME/Admin/My Documents/2.html", "orders:/inbound/"], 0);
    desk.run(&["verify", "sent.jsonl"], 0);
    desk.run(&["get", "orders:/vendor/none.csv"], 3);
    desk.keep("session");
}

/// Another name of the same length, which may go on in the next line.
fn renamed(text: &str, old: &str, new: &str) -> String {
    let wrapped = |name: &str, at| format!("{}\n{}", &name[..at], &name[at..]);
    let text = text.replace(old, new);
    (1..old.len()).fold(text, |text, at| text.replace(&wrapped(old, at), &wrapped(new, at)))
}

const HOME: &str = "home-of-anna";
const JOB: &str = "k3f9x2ab";

const CONTROL_C: &str = "\u{3}";
