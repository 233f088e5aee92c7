//! Sizes as people write them.

/// A number of bytes: `198 B`, `1.5 KiB`, `2.3 GiB`.
pub(crate) fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    let mut units = UNITS.iter();
    let mut unit = "B";
    while value >= STEP {
        let Some(larger) = units.next() else { break };
        value /= STEP;
        unit = larger;
    }
    // 1023.96 KiB would be shown as 1024.0 KiB.
    if unit != "B"
        && format!("{value:.1}") == "1024.0"
        && let Some(larger) = units.next()
    {
        value /= STEP;
        unit = larger;
    }
    if unit == "B" {
        return format!("{bytes} B");
    }
    format!("{value:.1} {unit}")
}

const STEP: f64 = 1024.0;
const UNITS: &[&str] = &["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_at_the_edges() {
        for (bytes, want) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1536, "1.5 KiB"),
            (1024 * 1024 - 1, "1.0 MiB"),
            (1024 * 1024, "1.0 MiB"),
            (2_450_294_218, "2.3 GiB"),
            (u64::MAX, "16.0 EiB"),
        ] {
            assert_eq!(size(bytes), want, "{bytes}");
        }
    }
}
