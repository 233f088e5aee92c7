//! What an operation costs in calls, counted on a service that does nothing unusual.

use wharf_connector::Operation;

/// The calls of one operation; of a write, with parts of at least so many bytes.
pub(super) fn calls(operation: Operation, bytes: u64, part_size: u64) -> u64 {
    let parts = bytes.div_ceil(part_size.max(1)).max(1);
    match operation {
        // An address for each part, the end, and a look for the checksum; a large file looks first
        // whether a folder is in the way. The parts themselves go to the storage.
        Operation::Write if parts > 1 => parts + 3,
        Operation::Write => 3,
        // Where it lies: the content comes from the storage.
        Operation::Read => 1,
        // Both ends before, the order, and a look at the result.
        Operation::Copy => 4,
        // The same; what stands in its way is refused by the service itself.
        Operation::Rename => 3,
        _ => 1,
    }
}
