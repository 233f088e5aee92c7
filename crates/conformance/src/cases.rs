//! The promises, one case each.

use std::fmt;

use futures_util::future::BoxFuture;

use crate::{Context, Verdict};

mod stat;

mod list;

mod read;

mod write;

mod resume;

mod folder;

mod delete;

mod relocate;

mod update;

mod name;

mod honesty;

mod error;

/// One promise, and how to check it.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Case {
    /// The name, which says what is promised.
    pub name: &'static str,
    pub(crate) run: for<'a> fn(&'a Context) -> BoxFuture<'a, Verdict>,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Case").field(&self.name).finish()
    }
}

/// The names of all cases by group, handed to another macro: the one list.
#[doc(hidden)]
#[macro_export]
macro_rules! __cases {
    ([$($then:tt)+] $($extra:tt)*) => {
        $($then)+! { [$($extra)*]
            stat: root_is_a_folder missing_path_is_not_found file_tells_kind_and_size folder_tells_kind;
            list: empty_folder_lists_nothing children_are_listed_once_and_only_they
                missing_folder_lists_one_not_found file_lists_not_a_folder long_folder_lists_every_entry
                root_can_be_listed listing_agrees_with_stat walk_finds_every_entry;
            read: content_comes_back_whole empty_file_reads_as_nothing range_in_the_middle
                range_to_the_end range_of_the_last_bytes range_past_the_end_is_invalid
                range_is_cut_at_the_end reading_a_folder_is_refused reading_nothing_is_not_found
                reading_stops_at_the_limit download_tells_entry_and_length large_file_comes_back_whole;
            write: written_entry_is_told written_empty_file_exists writing_replaces
                writing_creates_parents writing_without_parents_is_not_found writing_onto_a_folder_is_refused
                writing_below_a_file_is_refused writing_if_absent_keeps_what_is_there
                content_of_unknown_size_is_stored content_read_again_is_stored
                failing_source_leaves_nothing failing_source_leaves_what_was_there
                short_source_leaves_nothing long_source_leaves_nothing dropped_write_leaves_nothing
                modification_time_is_kept wrong_expected_checksum_leaves_nothing
                writers_side_by_side_do_not_mix;
            resume: broken_write_goes_on changed_source_begins_anew lost_remains_begin_anew
                kept_state_holds_no_secret;
            folder: folder_is_created existing_folder_is_a_success folder_where_a_file_stands_is_refused
                folder_creates_parents folder_without_parents_is_not_found;
            delete: deleted_file_is_gone deleted_folder_is_gone deleting_nothing_is_not_found
                deleting_a_full_folder_is_refused deleting_recursively_takes_all deleting_the_root_is_invalid;
            relocate: copied_file_is_there_twice copied_folder_is_there_twice copy_onto_itself_is_invalid
                copy_into_itself_is_invalid copy_of_nothing_is_not_found copy_onto_a_file_is_refused
                copy_replaces_a_file copy_creates_parents renamed_file_moves renamed_folder_moves
                rename_onto_itself_is_invalid rename_into_itself_is_invalid rename_of_nothing_is_not_found
                rename_onto_a_file_is_refused rename_replaces_a_file rename_creates_parents;
            update: modification_time_is_changed properties_are_replaced description_is_changed
                tags_are_changed updating_nothing_is_not_found update_is_whole_or_nothing;
            name: awkward_file_names_survive awkward_folder_names_survive long_names_survive_or_are_refused;
            honesty: undeclared_read_is_unsupported undeclared_range_is_unsupported
                undeclared_write_is_unsupported undeclared_unknown_size_is_unsupported
                undeclared_if_absent_is_unsupported undeclared_time_is_unsupported
                undeclared_expectation_is_unsupported undeclared_checkpoint_is_unsupported
                undeclared_folder_is_unsupported undeclared_delete_is_unsupported
                undeclared_recursion_is_unsupported undeclared_copy_is_unsupported
                undeclared_rename_is_unsupported undeclared_update_is_unsupported;
            error: test_connection_reports errors_name_operation_path_and_scheme nothing_prints_a_secret;
        }
    };
}

macro_rules! case_list {
    ([] $($group:ident: $($name:ident)+;)+) => {
        /// All cases.
        pub fn all() -> Vec<Case> {
            vec![$($(Case {
                name: stringify!($name),
                run: |context| Box::pin($group::$name(context)),
            }),+),+]
        }
    };
}

__cases! { [case_list] }

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = all().iter().map(|case| case.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
