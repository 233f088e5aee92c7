//! Who works on a job: this process, told from all others that may have the journal open.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::OnceLock;
use std::{fs, process};

/// The name of this process. No other has it: neither in another container, nor one that gets
/// the same number later.
pub(crate) fn owner() -> String {
    static OWNER: OnceLock<String> = OnceLock::new();
    let name = || {
        let process = process::id();
        let start = start_of(process).unwrap_or_default();
        let random = RandomState::new().build_hasher().finish();
        format!("process {process} {} {start} {random:016x}", machine().unwrap_or_default())
    };
    OWNER.get_or_init(name).clone()
}

/// Whether it is certain that the owner of that name lives no more. It never is elsewhere: what
/// it has been lent is its own until that runs out.
pub(super) fn is_dead(owner: &str) -> bool {
    let words: Vec<&str> = owner.split(' ').collect();
    let ["process", process, place, start, _] = words[..] else {
        return false;
    };
    let (Ok(process), Ok(start)) = (process.parse(), start.parse::<u64>()) else {
        return false;
    };
    machine().is_some_and(|here| here == place) && start_of(process) != Some(start)
}

/// An owner as a person is shown it.
pub(super) fn shown(owner: &str) -> String {
    let words: Vec<&str> = owner.splitn(4, ' ').collect();
    match words[..] {
        [what, number, place, _] if machine().is_some_and(|here| here == place) => {
            format!("{what} {number}")
        }
        [what, number, ..] => format!("{what} {number} of another machine or container"),
        _ => owner.to_owned(),
    }
}

/// Where the numbers of processes mean what they mean here: since this start of the machine, and
/// in this container. Known on Linux alone.
fn machine() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let container = fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{}/{}", boot.trim(), container.to_str()?))
}

/// When a living process began, in ticks since the machine was started.
fn start_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program comes before, and may hold anything.
    let (_, fields) = status.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let is_over = matches!(fields.first(), Some(&("Z" | "X")));
    fields.get(START).filter(|_| !is_over)?.parse().ok()
}

/// The place of the start among what comes after the name of the program.
const START: usize = 19;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn only_a_process_that_can_be_looked_for_is_known_to_be_dead() {
        let own = owner();
        assert_eq!(own, owner());
        let words: Vec<&str> = own.split(' ').collect();
        let [what, process, place, start, random] = words[..] else { panic!("{own}") };
        let one = |process: &str, place: &str, start: &str| {
            is_dead(&[what, process, place, start, random].join(" "))
        };
        assert!(!one(process, place, start));
        assert!(one(process, place, "1"), "its number belongs to another by now");
        assert!(one("4194305", place, start), "no process has that number");
        assert!(!one("4194305", "another-boot/pid:[1]", start));
        assert!(!is_dead("process 4194305"), "a name of another version");
        assert_eq!(shown(&own), format!("process {process}"));
        assert!(shown("process 1 elsewhere 5 6").ends_with("of another machine or container"));
    }
}
