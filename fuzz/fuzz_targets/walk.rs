//! Whatever the bytes: the walk does not panic, stays within its limits, and loses nothing.

#![no_main]

#[path = "../../tests/build/mod.rs"]
mod build;

use libfuzzer_sys::fuzz_target;
use samar::dicom::{Edits, Instance, Limits, Scratch, edit};

const LIMITS: Limits = Limits {
    depth: 64,
    elements: 100_000,
    header_bytes: 16 << 20,
    inflated_bytes: 16 << 20,
    inflate_ratio: 200,
    pixel_bytes: 64 << 30,
};

fuzz_target!(|bytes: &[u8]| {
    let Ok(instance) = Instance::read(&bytes, &LIMITS, Scratch::default()) else {
        return;
    };
    let tape = &instance.tape;
    assert!(tape.elements.len() <= LIMITS.elements as usize);
    assert!(tape.buf.len() as u64 <= LIMITS.header_bytes + (1 << 20));
    assert!(
        tape.elements
            .iter()
            .all(|e| usize::from(e.depth) <= 2 * 64 + 1)
    );

    let (memory, parts) = edit::write(
        tape,
        instance.syntax.encoding,
        &Edits::default(),
        Vec::new(),
        Vec::new(),
    );
    if instance.syntax.deflated {
        assert_eq!(memory, tape.buf[..tape.end as usize]);
        return;
    }
    // Delimiters that were missing at the end are there now.
    let written = build::join(&memory, &parts, &bytes);
    let rest = &bytes[tape.begin as usize..];
    // Reserved bytes are zero, whatever stood there.
    let kept = written
        .iter()
        .zip(rest)
        .all(|(new, old)| new == old || *new == 0);
    assert!(kept, "another byte than a reserved one changed");
});
