//! Headings, paragraphs, lists and tables.

use std::fmt::Write as _;

/// A page that is being written.
#[derive(Debug, Default)]
pub(super) struct Page(String);

impl Page {
    pub(super) fn title(&mut self, text: &str) {
        self.block(&format!("# {text}"));
    }

    pub(super) fn section(&mut self, text: &str) {
        self.block(&format!("## {text}"));
    }

    pub(super) fn subsection(&mut self, text: &str) {
        self.block(&format!("### {text}"));
    }

    pub(super) fn paragraph(&mut self, text: impl AsRef<str>) {
        self.block(text.as_ref());
    }

    pub(super) fn list(&mut self, items: &[String]) {
        let items: Vec<String> = items.iter().map(|item| format!("* {item}")).collect();
        self.block(&items.join("\n"));
    }

    /// A table; nothing when it has no rows.
    pub(super) fn table<const N: usize>(&mut self, heads: [&str; N], rows: &[[String; N]]) {
        if rows.is_empty() {
            return;
        }
        let mut text = format!("| {} |\n|{}", heads.join(" | "), "---|".repeat(N));
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| one_line(cell)).collect();
            // Writing to a String cannot fail.
            let _ = write!(text, "\n| {} |", cells.join(" | "));
        }
        self.block(&text);
    }

    pub(super) fn finish(self) -> String {
        self.0
    }

    fn block(&mut self, text: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(text);
        self.0.push('\n');
    }
}

/// A cell ends at a bar or a line's end, which a site's own words may hold.
fn one_line(cell: &str) -> String {
    let words: Vec<&str> = cell.split_whitespace().collect();
    words.join(" ").replace('|', "\\|")
}
