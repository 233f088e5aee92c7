//! The table as `docs/architecture.md` shows it, made from the data so that it cannot drift.

use crate::layers::table::Layer;
use crate::outcome::Failure;
use crate::workspace::Workspace;

/// The table in Markdown.
pub(super) fn table(layers: &[Layer]) -> String {
    let mut text = String::from(
        "| crate | may use of ours | may name of others | in tests also | never, however far below |\n\
         | --- | --- | --- | --- | --- |\n",
    );
    for layer in layers {
        let mut names: Vec<String> = layer.names.iter().map(|name| (*name).to_owned()).collect();
        names.extend(
            layer.optional.iter().map(|(name, feature)| format!("{name} (feature `{feature}`)")),
        );
        let groups: Vec<&str> = layer.never.iter().map(|group| group.name).collect();
        let in_tests = [layer.tests_use, layer.tests_name].concat();
        text.push_str(&format!(
            "| `{}` | {} | {} | {} | {} |\n",
            layer.package,
            cell(layer.uses),
            cell(&names),
            cell(&in_tests),
            cell(&groups)
        ));
    }
    text
}

pub(super) fn strays(layers: &[Layer], workspace: &Workspace) -> Result<Option<String>, Failure> {
    let document = workspace.read(DOCUMENT)?;
    Ok((!document.contains(&table(layers))).then(|| {
        format!(
            "{DOCUMENT} does not show the table as it is: put in what `cargo xtask layers \
             --table` prints"
        )
    }))
}

fn cell<T: AsRef<str>>(items: &[T]) -> String {
    if items.is_empty() {
        return "-".to_owned();
    }
    items.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}

const DOCUMENT: &str = "docs/architecture.md";
