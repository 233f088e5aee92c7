//! What holds of every path, target and range, whoever wrote it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;
use wharf_connector::{ByteRange, ErrorKind, RemotePath, Target};

/// Text with more than its share of what paths are made of.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        r"\PC{0,24}",
        r"[/.\\ a%\x00-\x1f]{0,24}",
        proptest::collection::vec(any::<char>(), 0..12).prop_map(String::from_iter),
    ]
}

/// A name that a path takes.
fn name() -> impl Strategy<Value = String> {
    // Made, not sifted: of a million, too many would have to be thrown away.
    text().prop_map(|text| match text.replace(['/', '\0'], "_") {
        name if ["", ".", ".."].contains(&name.as_str()) => name + "a",
        name => name,
    })
}

fn path() -> impl Strategy<Value = RemotePath> {
    proptest::collection::vec(name(), 0..5)
        .prop_map(|names| RemotePath::new(&names.join("/")).unwrap())
}

proptest! {
    #[test]
    fn a_path_is_names_and_nothing_else(text in text()) {
        let Ok(path) = RemotePath::new(&text) else {
            prop_assert!(text.contains('\0') || text.split('/').any(|segment| segment == ".."));
            return Ok(());
        };
        prop_assert!(path.as_str().starts_with('/') && !path.as_str().contains('\0'));
        prop_assert!(path.is_root() || !path.as_str().ends_with('/'));
        for segment in path.as_str().split('/').skip(1).filter(|_| !path.is_root()) {
            prop_assert!(!["", ".", ".."].contains(&segment), "{:?}", path);
        }
        prop_assert_eq!(RemotePath::new(path.as_str()), Ok(path.clone()));
        prop_assert_eq!(path.segments().count() == 0, path.is_root());
    }

    #[test]
    fn a_name_that_a_service_sent_is_one_step_down_or_nothing(folder in path(), sent in text()) {
        let Ok(child) = folder.join(&sent) else {
            let bad = ["", ".", ".."].contains(&sent.as_str()) || sent.contains(['/', '\0']);
            prop_assert!(bad, "{:?} was refused", sent);
            return Ok(());
        };
        prop_assert_eq!(child.name(), Some(sent.as_str()));
        prop_assert_eq!(child.parent(), Some(folder.clone()));
        prop_assert_eq!(child.segments().count(), folder.segments().count() + 1);
    }

    #[test]
    fn what_is_put_below_is_found_below(folder in path(), below in path(), other in path()) {
        let whole = folder.join_path(&below);
        prop_assert_eq!(whole.below(&folder), Some(below));
        if let Some(rest) = other.below(&folder) {
            prop_assert_eq!(folder.join_path(&rest), other);
        }
    }

    #[test]
    fn a_target_is_read_as_it_is_printed(
        scheme in "[a-zA-Z][a-zA-Z0-9+.-]{1,12}",
        user in proptest::option::of(r"\PC{0,12}"),
        authority in "[a-z0-9.\\[\\]-]{0,20}(:[0-9]{0,5})?",
        path in path(),
    ) {
        let quoted = user.as_ref().map(|user| {
            let quoted = user.replace('%', "%25").replace('@', "%40");
            format!("{}@", quoted.replace(':', "%3A").replace('/', "%2F"))
        });
        let text = format!("{scheme}://{}{authority}{path}", quoted.unwrap_or_default());
        let target: Target = text.parse().unwrap();
        prop_assert_eq!(target.scheme(), scheme.to_ascii_lowercase());
        prop_assert_eq!(target.user(), user.as_deref());
        prop_assert_eq!((target.authority(), target.path()), (authority.as_str(), &path));
        prop_assert_eq!(target.to_string().parse::<Target>().unwrap(), target);
        prop_assert!(Target::looks_like(&text));
    }

    #[test]
    fn any_text_is_a_target_or_invalid(text in text(), scheme in "[a-z+:/@%.]{0,12}") {
        for text in [text.clone(), format!("{scheme}{text}"), format!("mft://{text}")] {
            match text.parse::<Target>() {
                Ok(target) => {
                    prop_assert_eq!(target.to_string().parse::<Target>().unwrap(), target);
                }
                Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Invalid),
            }
        }
    }

    #[test]
    fn a_password_in_a_target_is_not_repeated(
        before in "[^/:]{0,8}",
        after in "[^/]{0,8}",
        rest in text(),
    ) {
        let text = format!("mft://{before}:{PASSWORD}{after}@{rest}");
        let error = text.parse::<Target>().unwrap_err();
        prop_assert!(!format!("{error} {error:?}").contains(PASSWORD), "{}", error);
    }

    #[test]
    fn a_range_lies_within_the_file(
        start in any::<u64>(),
        end in any::<u64>(),
        size in any::<u64>(),
    ) {
        for range in [
            ByteRange::whole(),
            ByteRange::from_offset(start),
            ByteRange::of(start..end),
            ByteRange::last(start),
        ] {
            let Some(found) = range.resolve(size) else { continue };
            prop_assert!(found.start <= found.end && found.end <= size, "{:?} of {}", found, size);
            prop_assert!(found.start < found.end || range.is_whole());
        }
    }
}

const PASSWORD: &str = "pl4nted-passw0rd";
