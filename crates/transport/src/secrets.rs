//! Secrets that were sent, so that an answer that repeats them can be printed without them.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// Texts that must not be repeated to anybody, the latest last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secrets(Vec<SecretString>);

impl Secrets {
    /// Adds one. What is shorter than six bytes is not kept: it would be found in ordinary words.
    pub(crate) fn note(&mut self, secret: &str) {
        let known = self.0.iter().any(|known| known.expose_secret() == secret);
        if secret.len() < SHORTEST || known {
            return;
        }
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        self.0.push(SecretString::from(secret));
    }

    /// Adds those of another.
    pub(crate) fn learn(&mut self, others: &Self) {
        for other in &others.0 {
            self.note(other.expose_secret());
        }
    }

    /// Adds what makes a whole address work: the long values of its query, and the query itself.
    pub(crate) fn note_link(&mut self, url: &Url) {
        let Some(query) = url.query() else {
            return;
        };
        let raw = query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value);
        let decoded = url.query_pairs().map(|(_, value)| value.into_owned());
        let raw = raw.map(str::to_owned);
        for value in raw.chain(decoded).filter(|value| value.len() >= SHORTEST_OF_LINKS) {
            self.note(&value);
        }
    }

    /// The bytes without any of them, in whatever way they are usually written.
    pub(crate) fn hidden<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let mut hidden = Cow::Borrowed(bytes);
        // The longest first: one may be a part of another.
        let mut forms: Vec<String> = self.0.iter().flat_map(forms).collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        for form in forms {
            if let Some(replaced) = without(&hidden, form.as_bytes()) {
                hidden = Cow::Owned(replaced);
            }
        }
        hidden
    }

    /// The same of a text.
    pub(crate) fn hidden_text(&self, text: &str) -> Option<String> {
        match self.hidden(text.as_bytes()) {
            Cow::Borrowed(_) => None,
            Cow::Owned(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }

    /// The same of the values of headers.
    pub(crate) fn hide_in_headers(&self, headers: &mut HeaderMap) {
        for value in headers.values_mut() {
            if let Cow::Owned(bytes) = self.hidden(value.as_bytes()) {
                let hidden = HeaderValue::from_bytes(&bytes);
                *value = hidden.unwrap_or_else(|_| HeaderValue::from_static(MASK));
            }
        }
    }
}

/// How a secret may stand in an answer: as it is, percent-encoded, in JSON, in XML.
fn forms(secret: &SecretString) -> Vec<String> {
    let secret = secret.expose_secret();
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let usual = utf8_percent_encode(secret, RESERVED).to_string();
    let json = serde_json::to_string(secret).unwrap_or_default();
    let json = json.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned();
    let xml = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let quoted = xml.replace('"', "&quot;").replace('\'', "&#39;");
    let lower = [lower_escapes(&percent), lower_escapes(&usual)];
    let mut forms = vec![secret.to_owned(), percent, usual, json, xml, quoted];
    forms.extend(lower);
    forms.sort();
    forms.dedup();
    forms.retain(|form| form.len() >= SHORTEST);
    forms
}

/// `%2F` as `%2f`.
fn lower_escapes(text: &str) -> String {
    let mut escaped = 0;
    text.chars()
        .map(|letter| match (letter, escaped) {
            ('%', _) => {
                escaped = 2;
                letter
            }
            (_, 0) => letter,
            _ => {
                escaped -= 1;
                letter.to_ascii_lowercase()
            }
        })
        .collect()
}

/// The bytes with each occurrence masked; none if there is none.
fn without(bytes: &[u8], form: &[u8]) -> Option<Vec<u8>> {
    let mut kept = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(form.len()).position(|window| window == form) {
        let (before, from) = rest.split_at(at);
        kept.extend_from_slice(before);
        kept.extend_from_slice(MASK.as_bytes());
        rest = from.split_at(form.len()).1;
    }
    if rest.len() == bytes.len() {
        return None;
    }
    kept.extend_from_slice(rest);
    Some(kept)
}

/// All but what stands for itself in addresses.
const RESERVED: &percent_encoding::AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const MASK: &str = "[secret]";

/// Bytes.
const SHORTEST: usize = 6;

/// Of the values of an address: algorithms and dates are shorter, signatures longer.
const SHORTEST_OF_LINKS: usize = 17;

/// A key, a password, and sessions that came one after another.
const MOST: usize = 32;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_form_is_found() {
        let mut secrets = Secrets::default();
        secrets.note("pl\"nted/<s&cret>");
        secrets.note("short");
        for (text, hidden) in [
            ("bad key pl\"nted/<s&cret>.", "bad key [secret]."),
            (r#"{"error":"pl\"nted/<s&cret>"}"#, r#"{"error":"[secret]"}"#),
            ("key=pl%22nted%2F%3Cs%26cret%3E&a", "key=[secret]&a"),
            ("key=pl%22nted%2f%3cs%26cret%3e&a", "key=[secret]&a"),
            ("<k>pl\"nted/&lt;s&amp;cret&gt;</k>", "<k>[secret]</k>"),
            ("nothing of it, in short", "nothing of it, in short"),
        ] {
            assert_eq!(secrets.hidden(text.as_bytes()), hidden.as_bytes(), "{text}");
        }
        assert!(!format!("{secrets:?}").contains("pl\"nted"));
    }

    #[test]
    fn links_are_secret_by_their_long_values() {
        let mut secrets = Secrets::default();
        let link = "https://h/o?alg=AWS4-HMAC-SHA256&sig=0123456789abcdef%2F0123456789";
        secrets.note_link(&Url::parse(link).unwrap());
        for text in ["0123456789abcdef%2F0123456789", "0123456789abcdef/0123456789"] {
            assert_eq!(secrets.hidden_text(text).as_deref(), Some(MASK));
        }
        assert_eq!(secrets.hidden_text("AWS4-HMAC-SHA256"), None);
    }

    #[test]
    fn the_latest_are_kept() {
        let mut secrets = Secrets::default();
        for number in 0..MOST + 5 {
            secrets.note(&format!("secret {number}."));
            secrets.note("secret 36.");
        }
        assert_eq!(secrets.0.len(), MOST);
        assert!(secrets.hidden_text("secret 36.").is_some());
    }

    proptest! {
        #[test]
        fn nothing_is_left_of_any(before in ".{0,20}", secret in ".{6,12}", after in ".{0,20}") {
            let mut secrets = Secrets::default();
            secrets.note(&secret);
            prop_assume!(!MASK.contains(&secret));
            for form in forms(&SecretString::from(secret.as_str())) {
                let text = format!("{before}{form}{after}{form}");
                let hidden = secrets.hidden_text(&text).unwrap();
                prop_assert!(hidden.contains(MASK), "{}", hidden);
                let pieces = hidden.split(MASK);
                prop_assert!(pieces.clone().all(|piece| !piece.contains(&form)), "{}", hidden);
            }
        }
    }
}
