//! Rules over paths: the first that matches decides.

use globset::{GlobBuilder, GlobMatcher};
use wharf_connector::RemotePath;

use super::Choice;

/// The rules of a filter, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone)]
struct Rule {
    glob: GlobMatcher,
    takes: bool,
    folders_only: bool,
}

impl Rules {
    /// Adds a rule; the error says what is wrong with the pattern.
    pub(super) fn add(&mut self, pattern: &str, takes: bool) -> Result<(), String> {
        let folders_only = pattern.ends_with('/');
        let body = pattern.trim_end_matches('/');
        if body.is_empty() {
            return Err("is empty".to_owned());
        }
        if body.starts_with('!') {
            return Err("begins with `!`: say --include or --exclude instead".to_owned());
        }
        if body.split('/').any(|name| name == "..") {
            return Err("climbs with \"..\"".to_owned());
        }
        let anchored = match body.strip_prefix('/') {
            Some(rest) => rest.to_owned(),
            None if body.starts_with("**") => body.to_owned(),
            None => format!("**/{body}"),
        };
        let glob = GlobBuilder::new(&anchored)
            .literal_separator(true)
            .backslash_escape(true)
            .build()
            .map_err(|error| format!("cannot be read: {}", error.kind()))?;
        self.rules.push(Rule { glob: glob.compile_matcher(), takes, folders_only });
        Ok(())
    }

    /// What the rules say of a path. The root is always gone into.
    pub(super) fn choose(&self, path: &RemotePath, is_folder: bool) -> Choice {
        if self.rules.is_empty() || path.is_root() {
            return Choice::In;
        }
        let decisive = self.rules.iter().position(|rule| rule.covers(path.relative(), is_folder));
        let before = self.rules.iter().take(decisive.unwrap_or(self.rules.len()));
        let may_hold_more = is_folder && before.clone().any(|rule| rule.takes);
        match decisive.and_then(|index| self.rules.get(index)) {
            Some(rule) if rule.takes => Choice::In,
            None if !self.rules.iter().any(|rule| rule.takes) => Choice::In,
            _ if may_hold_more => Choice::Through,
            _ => Choice::Out,
        }
    }
}

impl Rule {
    /// Whether it matches the path, or a folder above it.
    fn covers(&self, path: &str, is_folder: bool) -> bool {
        if (is_folder || !self.folders_only) && self.glob.is_match(path) {
            return true;
        }
        let above = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        above.into_iter().any(|folder| self.glob.is_match(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rules as `+pattern` and `-pattern`.
    #[track_caller]
    fn check(rules: &[&str], path: &str, want: Choice) {
        let mut all = Rules::default();
        for rule in rules {
            let (sign, pattern) = rule.split_at(1);
            all.add(pattern, sign == "+").unwrap();
        }
        let choice = all.choose(&RemotePath::new(path).unwrap(), path.ends_with('/'));
        assert_eq!(choice, want, "{rules:?} {path}");
    }

    #[test]
    fn patterns_match_as_documented() {
        use Choice::{In, Out};
        for (pattern, matched, spared) in [
            ("*.tmp", "/a.tmp", "/a.tmp2"),
            ("*.tmp", "/x/y/a.tmp", "/x/a.TMP"),
            ("*.tmp", "/x.tmp/inside", "/x"),
            ("/logs", "/logs", "/x/logs"),
            ("/logs", "/logs/a/b", "/logs2"),
            ("logs/", "/x/logs/", "/x/logs"),
            ("logs/", "/x/logs/a", "/x/logsa"),
            ("a/b*", "/x/a/bc", "/x/a/c/b"),
            ("/a/**/z", "/a/b/c/z", "/b/z"),
            ("/a/**/z", "/a/z", "/az"),
            ("**/a", "/x/y/a", "/x/y/ab"),
            ("?.{csv,txt}", "/a.csv", "/aa.csv"),
            ("[a-c]1", "/b1", "/d1"),
            ("100%.csv", "/100%.csv", "/1000.csv"),
            ("\\*", "/*", "/a"),
        ] {
            check(&[&format!("-{pattern}")], matched, Out);
            check(&[&format!("-{pattern}")], spared, In);
        }
    }

    #[test]
    fn the_first_rule_that_matches_decides() {
        use Choice::{In, Out, Through};
        for (rules, path, want) in [
            (&["+*.csv", "-/old"][..], "/old/a.csv", In),
            (&["-/old", "+*.csv"], "/old/a.csv", Out),
            (&["-/old", "+*.csv"], "/a.csv", In),
            (&["-/old", "+*.csv"], "/a.txt", Out),
            (&["-/old", "+*.csv"], "/old/", Out),
            (&["-/old", "+*.csv"], "/new/", Through),
            (&["+*.csv", "-/old"], "/old/", Through),
            (&["+/docs"], "/docs/a/b.txt", In),
            (&["+/docs"], "/docs/", In),
            (&["-*.tmp"], "/docs/", In),
            (&[], "/anything", In),
        ] {
            check(rules, path, want);
        }
    }
}
