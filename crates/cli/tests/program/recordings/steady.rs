//! What cannot be the same each time is made so: ports, times, durations, rates.

use wharf::connector::chrono::{Days, Utc};

/// A line as it is kept.
pub(crate) fn steady(line: &str) -> String {
    let line = without_guess(line);
    let line = before_units(&line, &["ms", "s", "min"]);
    let line = before_units(&line, &["MiB/s", "KiB/s", "B/s"]);
    let line = without_calls(&with_instance(&with_port(&line)));
    let today = Utc::now().date_naive();
    let yesterday = today - Days::new(1);
    let line = with_time(&line, &today.to_string());
    with_time(&line, &yesterday.to_string())
}

/// What a bar says about the time left depends on the moment.
fn without_guess(line: &str) -> String {
    let Some(percent) = line.find(" %").filter(|_| line.starts_with('[')) else {
        return line.to_owned();
    };
    let end = line.find("/s").unwrap_or(percent);
    format!("{}  # s left", &line[..end + 2])
}

/// `132 ms` becomes `# ms`; at the end of a column that is flush right it stays there.
fn before_units(line: &str, units: &[&str]) -> String {
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut gap = 0;
    for word in line.split(' ') {
        match word.is_empty() {
            true => gap += 1,
            false => {
                words.push((gap, word));
                gap = 1;
            }
        }
    }
    let mut text = String::new();
    let mut rest = words.as_slice();
    while let [(gap, word), others @ ..] = rest {
        let is_number = word.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
        rest = others;
        match others {
            [(1, unit), others @ ..]
                if is_number && units.contains(&unit.trim_end_matches(',')) =>
            {
                let new = format!("# {}{}", units[0], if unit.ends_with(',') { "," } else { "" });
                let room = gap + word.len() + 1 + unit.len();
                let gap = if *gap > 1 { room - new.len() } else { *gap };
                text.push_str(&format!("{:gap$}{new}", ""));
                rest = others;
            }
            _ => text.push_str(&format!("{:gap$}{word}", "", gap = *gap)),
        }
    }
    text
}

/// Files that begin at the same time may look for the same folder.
fn without_calls(line: &str) -> String {
    let made = |line: &str| {
        let (before, number) = line.strip_suffix(" calls")?.rsplit_once("; ")?;
        number.bytes().all(|digit| digit.is_ascii_digit()).then(|| format!("{before}; # calls"))
    };
    made(line).unwrap_or_else(|| line.to_owned())
}

/// The service numbers its refusals.
fn with_instance(line: &str) -> String {
    match line.split_once("\"instance\": \"") {
        Some((before, _)) => format!("{before}\"instance\": \"0123456789abcdef\","),
        None => line.to_owned(),
    }
}

fn with_port(line: &str) -> String {
    let Some((before, after)) = line.split_once(HOST) else {
        return line.to_owned();
    };
    let after = after.trim_start_matches(|letter: char| letter.is_ascii_digit());
    format!("{before}{HOST}40100{}", with_port(after))
}

fn with_time(line: &str, day: &str) -> String {
    let Some((before, after)) = line.split_once(day) else {
        return line.to_owned();
    };
    let after = match after.get(1..9).filter(|time| time.contains(':')) {
        Some(_) => format!("{}09:30:00{}", &after[..1], &after[9..]),
        None => after.to_owned(),
    };
    format!("{before}2026-11-01{}", with_time(&after, day))
}

const HOST: &str = "127.0.0.1:";

#[test]
fn lines_are_steady() {
    for (line, want) in [
        ("  ok   12.5 ms  a", "  ok      # ms  a"),
        ("sent 3 B in 1.2 s, verified", "sent 3 B in # ms, verified"),
        ("at 127.0.0.1:4010/a and 127.0.0.1:40999", "at 127.0.0.1:40100/a and 127.0.0.1:40100"),
        ("copied 2 files; 12 calls", "copied 2 files; # calls"),
        ("[=>   ]   3 %  4 s left", "[=>   ]   3 %  # s left"),
        (
            "[=>  ]   3 %  1 MiB of 2 MiB   1.0 KiB/s  9 s left",
            "[=>  ]   3 %  1 MiB of 2 MiB     # MiB/s  # s left",
        ),
    ] {
        assert_eq!(steady(line), want);
    }
    let now = Utc::now().format("%Y-%m-%d 12:13:14Z and %Y-%m-%d").to_string();
    assert_eq!(steady(&now), "2026-11-01 09:30:00Z and 2026-11-01");
}
