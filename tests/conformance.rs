//! Every row of PS3.15 Table E.1-1 against what comes out: absent, empty, one value, many values; at the top level
//! and nested; in several IODs and encodings. The table is read here anew, and the output by another parser.

#[path = "golden/mod.rs"]
mod golden;

use golden::{
    CT, ECG, Given, KEPT_SEQUENCE, PRESENCES, PRESENTATION_STATE, Presence, RT_PLAN, SR, both,
    fits, instance, is_essential, rows, sample, wanted,
};
use samar::deid::Deidentifier;
use samar::dicom::{Encoding, Limits, Scratch, Source, Tag};
use samar::pseudonym::Key;
use samar::standard::iod_types::{self, Path};
use samar::standard::uids;

#[test]
fn every_row_comes_out_as_the_table_says() {
    let profile = samar::profile::load("basic").expect("the built-in profile loads");
    let deidentifier =
        Deidentifier::new(profile, &Key::from_bytes([7; 32]), Limits::default(), None).unwrap();
    let rows = rows();
    let mut scratch = Scratch::default();
    let (mut cells, mut wrong) = (0, Vec::new());
    for sop in [CT, PRESENTATION_STATE, RT_PLAN, ECG, SR] {
        let types = uids::iod(sop).and_then(iod_types::of).expect("a known IOD");
        for encoding in [Encoding::EXPLICIT_LE, Encoding::IMPLICIT_LE] {
            for (row, presence) in rows.iter().flat_map(|row| PRESENCES.map(|p| (row, p))) {
                let value = sample(row.vr, presence);
                let given = [Given {
                    row,
                    presence,
                    value: &value,
                }];
                let file = instance(sop, encoding, &given);
                let source = Source::Memory(file);
                let verified = samar::run::process(
                    &deidentifier,
                    &source,
                    &mut scratch,
                    &samar::dicom::NoRoom,
                )
                .unwrap_or_else(|e| panic!("{} {presence:?}: {e}", row.tag));
                let object =
                    dicom_object::from_reader(verified.memory()).expect("another reader reads it");
                let found = both(&object, row);
                for (nested, found) in [false, true].into_iter().zip(found) {
                    // The UIDs that name the instance are always there.
                    if is_essential(row) && !nested && presence != Presence::One {
                        continue;
                    }
                    let path = if nested {
                        Path::TOP.inside(KEPT_SEQUENCE)
                    } else {
                        Path::TOP
                    };
                    cells += 1;
                    if row.tag == Tag(0x0002_0003) && !nested {
                        // In front of the data set it is file meta information, and made anew.
                        let meta = object.meta();
                        assert!(meta.media_storage_sop_instance_uid.starts_with("2.25."));
                        continue;
                    }
                    // An optional module is there when one of its Type 1 attributes is.
                    let present = |tag| tag == row.tag && presence != Presence::Absent;
                    let wanted = wanted(row, types.resolve(path, row.tag, present));
                    if !fits(found, wanted, presence, &value) {
                        wrong.push(format!(
                            "{} {} {presence:?} nested={nested} {sop}: wanted {wanted:?}, found {found:?}",
                            row.tag, row.code
                        ));
                    }
                }
            }
        }
    }
    println!("{cells} cells, {} wrong", wrong.len());
    for line in wrong.iter().take(30) {
        println!("{line}");
    }
    assert!(wrong.is_empty());
}
