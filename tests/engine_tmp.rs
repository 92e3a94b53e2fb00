use samar::deid::Deidentifier;
use samar::dicom::{Limits, Scratch, Source};
use samar::pseudonym::Key;
use std::collections::BTreeMap;
fn walk(dir: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
    let mut v: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    v.sort();
    for p in v {
        if p.is_dir() {
            walk(&p, out)
        } else {
            out.push(p)
        }
    }
}
#[test]
fn corpus() {
    let profile = samar::profile::load("basic").unwrap();
    let d = Deidentifier::new(profile, &Key::from_bytes([7; 32]), Limits::default());
    let mut files = vec![];
    for dir in std::env::var("DIRS")
        .unwrap_or("/work/shared/corpus/files".into())
        .split(':')
    {
        walk(std::path::Path::new(dir), &mut files);
    }
    let mut scratch = Scratch::default();
    let mut counts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for f in &files {
        let s = Source::from_file(std::fs::File::open(f).unwrap()).unwrap();
        let r = samar::run::process(&d, &s, &mut scratch);
        let k = match &r {
            Ok(_) => "written".to_string(),
            Err(e) => format!(
                "{:?} {} {}",
                e.fate,
                e.reason,
                e.detail.split(" at byte").next().unwrap()
            ),
        };
        counts.entry(k).or_default().push(f.display().to_string());
    }
    for (k, v) in &counts {
        println!("{:4} {k}", v.len());
        if k.contains("malformed")
            || k.contains("verify")
            || k.contains("trunc")
            || k.contains("NotDicom")
            || k.contains("geometry")
            || k.contains("missing")
            || k.contains("broken")
            || k.contains("frame-")
            || k.contains("invalid")
        {
            for f in v.iter().take(40) {
                println!("        {}", f.rsplit("/").next().unwrap());
            }
        }
    }
}
