//! Text that is found beside what rules name.

use samar::pixel::mask::Rect;

use crate::picture::{PLACE, Picture, file, is_all, levels};
use crate::{site, told, written};

#[test]
fn what_is_found_is_united_with_what_rules_name() {
    let below = Rect { y: 60, ..PLACE };
    let rules = "pixels:\n  - {id: a, when: Modality == \"CT\", regions: [[16, 60, 48, 12]], because: seen}\n";
    let cleaned = written(&site(rules), &file(&[Picture::text()]));
    assert_eq!(told(&cleaned).found.len(), 1);
    let after = levels(&cleaned.bytes);
    assert!(is_all(&after, PLACE, 0) && is_all(&after, below, 0));
    assert_eq!(cleaned.verified.redacted().rules, ["a"]);
}

#[test]
fn what_a_rule_blanks_is_not_told_again() {
    let rules = "pixels:\n  - {id: a, when: Modality == \"CT\", regions: [[0, 0, 100%, 50%]], because: seen}\n";
    let cleaned = written(&site(rules), &file(&[Picture::text()]));
    assert!(told(&cleaned).found.is_empty());
}

#[test]
fn the_same_bytes_give_the_same_output() {
    let file = file(&[Picture::text()]);
    let bytes = |_| written(&site(""), &file).bytes;
    let all: Vec<Vec<u8>> = (0..3).map(bytes).collect();
    assert!(all.iter().all(|one| *one == all[0]));
}
