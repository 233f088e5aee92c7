//! A page that rustdoc wrote of one item, as lines of plain text: what it is, and what it offers.
//!
//! rustdoc's own data (JSON) wants a nightly toolchain; its pages are what there is on a stable one.
//! They show what is public after macros and re-exports are resolved. A name stands there without
//! the path it comes from.

/// The declaration and all members of an item, one a line, in the order of the page.
pub(super) fn lines(kind: &str, page: &str) -> Vec<String> {
    let mut lines: Vec<String> = declaration(kind, page).into_iter().collect();
    if !WITH_MEMBERS.contains(&kind) {
        return lines;
    }
    let mut members = Vec::new();
    for section in page.split("<h2 id=\"").skip(1) {
        // A heading that somebody wrote in the documentation has no such class.
        let Some((heading, content)) = section.split_once('>') else { continue };
        let Some((name, class)) = heading.split_once('"') else { continue };
        if name == "implementors" {
            break;
        }
        if class.contains("section-header") {
            of_section(name, content, &mut members);
        }
    }
    members.sort();
    members.dedup();
    lines.append(&mut members);
    lines
}

/// `pub use` lines of a page of a module.
pub(super) fn reexports(page: &str) -> Vec<String> {
    let found = page.split("id=\"reexport.").skip(1);
    found.filter_map(|rest| between(rest, "<code>", "</code>")).map(plain).collect()
}

/// What a list of all items leads to: the address and the name of each.
pub(super) fn items(list: &str) -> Vec<(String, String)> {
    let items = list.split("<li><a href=\"").skip(1).filter_map(|rest| {
        let (address, rest) = rest.split_once("\">")?;
        let (name, _) = rest.split_once("</a>")?;
        address.ends_with(".html").then(|| (address.to_owned(), plain(name)))
    });
    items.filter(|(address, _)| !address.starts_with("index.html")).collect()
}

fn declaration(kind: &str, page: &str) -> Option<String> {
    let text = between(page, "<pre class=\"rust item-decl\"><code>", "</code></pre>")?;
    let text = plain(text);
    // What is in the braces comes as members, one a line.
    let head = match WITH_MEMBERS.contains(&kind) {
        true => text.split(" {").next().unwrap_or(&text).trim_end(),
        false => &text,
    };
    Some(head.to_owned())
}

fn of_section(name: &str, content: &str, members: &mut Vec<String>) {
    let headers = |tag: &str| {
        let open = format!("<{tag} class=\"code-header\">");
        let close = format!("</{tag}>");
        let texts = content.split(&open).skip(1);
        texts.filter_map(|rest| Some(plain(rest.split_once(&close)?.0))).collect::<Vec<_>>()
    };
    match name {
        "fields" => members.extend(fields(content)),
        "variants" => {
            members.extend(headers("h3").into_iter().map(|text| format!("variant {text}")));
            members.extend(fields(content));
        }
        "implementations" => members.extend(headers("h4")),
        "trait-implementations" | "foreign-impls" => {
            members.extend(headers("h3").into_iter().filter(|text| !is_internal(text)));
            members.extend(headers("h4").into_iter().filter(|text| text.starts_with("type ")));
        }
        // Being `Send` is no news; not being it is.
        "synthetic-implementations" => {
            let is_lost =
                |text: &String| ["!Send for ", "!Sync for "].iter().any(|lost| text.contains(lost));
            members.extend(headers("h3").into_iter().filter(is_lost));
        }
        _ => {
            let kind =
                name.split('-').next().filter(|kind| ["required", "provided"].contains(kind));
            members.extend(kind.into_iter().flat_map(|kind| {
                headers("h4").into_iter().map(move |text| format!("{kind} {text}"))
            }));
        }
    }
}

/// Public fields, those of variants with the variant's name before them.
fn fields(content: &str) -> Vec<String> {
    let mut fields = Vec::new();
    for piece in content.split("<span id=\"").skip(1) {
        let Some((id, rest)) = piece.split_once('"') else { continue };
        let Some(text) = between(rest, "<code>", "</code>") else { continue };
        let mut parts = id.split('.');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("structfield"), Some(_), None) => fields.push(format!("field {}", plain(text))),
            (Some("variant"), Some(variant), Some("field")) => {
                fields.push(format!("field {variant}::{}", plain(text)));
            }
            _ => {}
        }
    }
    fields
}

/// Traits that the compiler implements beside those that were asked for.
fn is_internal(text: &str) -> bool {
    text.contains("StructuralPartialEq")
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    Some(text.split_once(open)?.1.split_once(close)?.0)
}

/// HTML without its tags, on one line.
fn plain(html: &str) -> String {
    let mut text = String::new();
    for (number, piece) in html.split('<').enumerate() {
        let after = match number {
            0 => piece,
            _ => piece.split_once('>').map_or("", |(tag, after)| {
                if tag == "/div" || tag.starts_with("div") {
                    text.push(' ');
                }
                after
            }),
        };
        text.push_str(after);
    }
    for (entity, sign) in ENTITIES {
        text = text.replace(entity, sign);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The last one is last, or `&amp;lt;` would become `<`.
const ENTITIES: &[(&str, &str)] = &[
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&nbsp;", " "),
    ("&amp;", "&"),
];

const WITH_MEMBERS: &[&str] = &["enum", "struct", "trait", "union"];

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<pre class=\"rust item-decl\"><code><div class=\"code-attribute\">\
        #[non_exhaustive]</div>pub struct <a href=\"x\">Note</a>&lt;T&gt; {\n    pub size: \
        <a>u64</a>,\n}</code></pre><h2 id=\"why\">Why<h4 class=\"code-header\">pub fn lies()</h4></h2>\
        <h2 id=\"fields\" class=\"fields section-header\">Fields</h2><span id=\"structfield.size\" \
        class=\"structfield section-header\"><a>§</a><code>size: <a>u64</a></code></span>\
        <h2 id=\"implementations\" class=\"section-header\">Implementations</h2>\
        <h3 class=\"code-header\">impl Note</h3>\
        <h4 class=\"code-header\">pub fn <a>new</a>(text: &amp;<a>str</a>) -&gt; Self<div \
        class=\"where\">where\n    T: Copy,</div></h4>\
        <h2 id=\"trait-implementations\" class=\"section-header\">Trait Implementations</h2>\
        <h3 class=\"code-header\">impl <a>Clone</a> for Note</h3>\
        <h4 class=\"code-header\">fn clone(&amp;self) -&gt; Self</h4>\
        <h3 class=\"code-header\">impl StructuralPartialEq for Note</h3>\
        <h2 id=\"synthetic-implementations\" class=\"section-header\">Auto</h2>\
        <h3 class=\"code-header\">impl Send for Note</h3>\
        <h3 class=\"code-header\">impl !Sync for Note</h3>";

    #[test]
    fn an_item_is_its_head_and_its_members() {
        let expected = [
            "#[non_exhaustive] pub struct Note<T>",
            "field size: u64",
            "impl !Sync for Note",
            "impl Clone for Note",
            "pub fn new(text: &str) -> Self where T: Copy,",
        ];
        assert_eq!(lines("struct", PAGE), expected);
    }

    #[test]
    fn a_function_is_all_of_its_declaration() {
        let page =
            "<pre class=\"rust item-decl\"><code>pub fn open(name: &amp;str) { }</code></pre>";
        assert_eq!(lines("fn", page), ["pub fn open(name: &str) { }"]);
    }

    #[test]
    fn a_trait_tells_what_must_be_there_and_ends_before_who_has_it() {
        let page = "<pre class=\"rust item-decl\"><code>pub trait Keep {\n}</code></pre>\
            <h2 id=\"required-methods\" class=\"section-header\">Required</h2>\
            <h4 class=\"code-header\">fn keep(&amp;self)</h4>\
            <h2 id=\"provided-methods\" class=\"section-header\">Provided</h2>\
            <h4 class=\"code-header\">fn drop(&amp;self)</h4>\
            <h2 id=\"implementors\" class=\"section-header\">Implementors</h2>\
            <h4 class=\"code-header\">fn other(&amp;self)</h4>";
        assert_eq!(
            lines("trait", page),
            ["pub trait Keep", "provided fn drop(&self)", "required fn keep(&self)"]
        );
    }

    #[test]
    fn an_enum_tells_its_variants_and_their_fields() {
        let page = "<pre class=\"rust item-decl\"><code>pub enum Way {\n Up, }</code></pre>\
            <h2 id=\"variants\" class=\"variants section-header\">Variants</h2>\
            <section id=\"variant.Up\"><h3 class=\"code-header\">Up</h3></section>\
            <section id=\"variant.To\"><h3 class=\"code-header\">To</h3></section>\
            <span id=\"variant.To.field.path\" class=\"section-header\"><code>path: String</code></span>";
        assert_eq!(
            lines("enum", page),
            ["pub enum Way", "field To::path: String", "variant To", "variant Up"]
        );
    }

    #[test]
    fn lists_and_reexports_are_read() {
        let list = "<ul><li><a href=\"struct.A.html\">A</a></li><li><a href=\"m/fn.b.html\">m::b</a>\
            </li></ul>";
        let expected = [("struct.A.html", "A"), ("m/fn.b.html", "m::b")];
        assert_eq!(items(list), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
        let page = "<dt id=\"reexport.bytes\"><code>pub use <a>bytes</a>;</code></dt>";
        assert_eq!(reexports(page), ["pub use bytes;"]);
    }
}
