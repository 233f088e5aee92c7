//! A manual page of a command.

use clap::Command;
use clap_mangen::Man;

/// The page, in the language of man.
pub(crate) fn page(command: &Command) -> String {
    let source = concat!("wharf ", env!("CARGO_PKG_VERSION"));
    let title = name(command).to_uppercase();
    let man = Man::new(command.clone()).title(title).source(source).manual("wharf");
    let mut page = Vec::new();
    // Writing to memory cannot fail.
    let _ = man.render_title(&mut page);
    let _ = man.render_name_section(&mut page);
    let _ = man.render_synopsis_section(&mut page);
    let _ = man.render_description_section(&mut page);
    let _ = man.render_options_section(&mut page);
    if command.has_subcommands() {
        let _ = man.render_subcommands_section(&mut page);
    }
    let mut page = String::from_utf8_lossy(&page).into_owned();
    let after = command.get_after_long_help().or(command.get_after_help());
    page.push_str(&after.map(|text| notes(&text.to_string())).unwrap_or_default());
    page
}

/// The file of the page: `wharf-jobs-resume.1`.
pub(crate) fn file_name(command: &Command) -> String {
    format!("{}.1", name(command))
}

fn name(command: &Command) -> String {
    command.get_bin_name().unwrap_or(command.get_name()).replace(' ', "-")
}

/// What stands after the options: paragraphs; examples and tables as they are.
fn notes(text: &str) -> String {
    let (mut notes, mut examples) = (String::new(), String::new());
    for paragraph in text.split("\n\n") {
        match paragraph.strip_prefix("Examples:\n") {
            Some(lines) => examples.push_str(&as_it_is(lines)),
            None => {
                notes.push_str(if notes.is_empty() { ".SH NOTES\n" } else { ".PP\n" });
                notes.push_str(&block(paragraph));
            }
        }
    }
    match examples.is_empty() {
        true => notes,
        false => format!("{notes}.SH EXAMPLES\n{examples}"),
    }
}

fn block(paragraph: &str) -> String {
    match paragraph.contains("\n  ") {
        true => as_it_is(paragraph),
        false => paragraph.lines().map(escaped).collect(),
    }
}

fn as_it_is(lines: &str) -> String {
    format!(".nf\n{}.fi\n", lines.lines().map(escaped).collect::<String>())
}

/// A line that says what it says: hyphens that can be copied, and no request of man.
fn escaped(line: &str) -> String {
    let line = line.replace('\\', "\\e").replace('-', "\\-");
    match line.starts_with(['.', '\'']) {
        true => format!("\\&{line}\n"),
        false => format!("{line}\n"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_are_no_requests() {
        assert_eq!(super::escaped(".SH x"), "\\&.SH x\n");
        assert_eq!(super::escaped("'a' \\ -r"), "\\&'a' \\e \\-r\n");
        let page = super::notes("One.\n\nExamples:\n  wharf ls -l\n\nTwo.\nThree.");
        let want = ".SH NOTES\nOne.\n.PP\nTwo.\nThree.\n.SH EXAMPLES\n.nf\n  wharf ls \\-l\n.fi\n";
        assert_eq!(page, want);
    }
}
