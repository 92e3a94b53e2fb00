//! Whatever the bytes: the walk does not panic, stays within its limits, and loses nothing.

#![no_main]

#[path = "../../tests/build/mod.rs"]
mod build;

use libfuzzer_sys::fuzz_target;
use samar::dicom::{Edits, Instance, Limits, Scratch, Tag, Tape, edit};

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
    if tape.trailing > 0 {
        // Without what was dropped, too little may be left to tell the encoding from.
        return;
    }
    // Reserved bytes, unknown VRs and delimiters that were missing are put right, once: a second time changes nothing.
    let file = |data_set: &[u8]| [&bytes[..tape.begin as usize], data_set].concat();
    let written = file(&build::join(&memory, &parts, &bytes));
    let source = &written.as_slice();
    let again = Instance::read(source, &LIMITS, Scratch::default()).expect("it reads back");
    let tags = |tape: &Tape| -> Vec<Tag> { tape.elements.iter().map(|e| e.tag).collect() };
    assert_eq!(tags(&again.tape), tags(tape));
    let (memory, parts) = edit::write(
        &again.tape,
        again.syntax.encoding,
        &Edits::default(),
        Vec::new(),
        Vec::new(),
    );
    assert_eq!(file(&build::join(&memory, &parts, source)), written);
});
