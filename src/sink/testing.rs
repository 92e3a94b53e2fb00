//! Instances for tests of what comes after verification.

use crate::deid::Identity;
use crate::verify::{Part, Verified};

/// An instance of patient 1, study 2, series 3, with the given number.
pub(crate) fn verified(instance: &str, memory: &[u8], parts: Vec<Part>) -> Verified {
    let identity = Identity {
        patient: "1".to_owned(),
        study: "2".to_owned(),
        series: "3".to_owned(),
        instance: instance.to_owned(),
    };
    Verified::unchecked(memory.to_vec(), parts, identity)
}

/// One that is in memory as a whole.
pub(crate) fn in_memory(instance: &str, bytes: &[u8]) -> Verified {
    verified(instance, bytes, vec![Part::Memory(0..bytes.len())])
}

/// Bytes that do not repeat within a block.
pub(crate) fn noise(len: usize) -> Vec<u8> {
    (0..len as u32)
        .flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes())
        .take(len)
        .collect()
}
