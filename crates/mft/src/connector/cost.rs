//! What an operation costs in requests once the folder's id is known, counted on a service that
//! does nothing unusual.

use wharf_connector::Operation;

/// The requests of one operation; of a write, with chunks of so many bytes.
pub(super) fn calls(operation: Operation, bytes: u64, chunk_size: u64) -> u64 {
    let chunks = bytes.div_ceil(chunk_size.max(1)).max(1);
    match operation {
        // A look whether the name is free, and one after; in chunks it gets its name at the end.
        Operation::Write if chunks > 1 => chunks + 4,
        Operation::Write => 3,
        Operation::Rename => 4,
        Operation::Delete | Operation::CreateFolder => 3,
        // The id, and what is to be done with it.
        Operation::Read | Operation::Update => 2,
        _ => 1,
    }
}
