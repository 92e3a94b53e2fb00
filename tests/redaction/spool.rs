//! Frames that are too many for memory.

use std::sync::atomic::{AtomicU32, Ordering};

use samar::dicom::{Encoding, NoRoom, Room, Scratch, Source, Vr};

use crate::blanking;
use crate::build::joined;
use crate::fragments::{encapsulated, frames_of};
use crate::shape::{GREY, Shape};

const UNCOMPRESSED: &str = "1.2.840.10008.1.2.1.98";

#[derive(Default)]
struct Files(AtomicU32);

impl Room for Files {
    fn file(&self) -> Option<std::fs::File> {
        self.0.fetch_add(1, Ordering::Relaxed);
        tempfile::tempfile().ok()
    }
}

#[test]
fn a_file_holds_the_same_bytes_as_memory() {
    let one = Shape {
        rows: 1024,
        columns: 1025,
        ..GREY
    };
    let bytes = one.pack(&one.picture(), Vr::OB, Encoding::EXPLICIT_LE);
    let shape = Shape { frames: 20, ..one };
    let image = encapsulated(shape, &vec![bytes; 20], true);
    let source = Source::Memory(image.file_in(UNCOMPRESSED, Encoding::EXPLICIT_LE));
    let deidentifier = blanking(2, 1, 500, 300);
    let made = |room: &dyn Room| {
        let verified =
            samar::run::process(&deidentifier, &source, &mut Scratch::default(), room).unwrap();
        joined(verified.parts(), &verified.backing(&source))
    };
    let files = Files::default();
    let (in_file, in_memory) = (made(&files), made(&NoRoom));
    assert_eq!(files.0.load(Ordering::Relaxed), 1);
    assert!(in_file == in_memory);
    let expected = one.filled(&one.picture(), [2, 1, 500, 300], &[0]);
    for frame in frames_of(&in_file) {
        assert!(one.unpack(&frame, Vr::OB, Encoding::EXPLICIT_LE) == expected);
    }
}
