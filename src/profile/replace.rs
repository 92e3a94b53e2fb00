//! Replacing what a pattern finds, within bounds: a short profile must not make a huge value of a large one.

use regex::Captures;

use super::rule::Replacement;

impl Replacement {
    /// A text with every match replaced; `None` when that is longer than `most` bytes.
    pub(super) fn apply(&self, text: &str, most: usize) -> Option<String> {
        let groups = groups(&self.replace);
        let mut new = String::new();
        let mut last = 0;
        for captures in self.find.captures_iter(text) {
            let whole = captures.get_match();
            let before = text.get(last..whole.start())?;
            // A group may be as long as the text and named many times, so its length counts before it is copied.
            let found: usize = groups.iter().map(|name| length(&captures, name)).sum();
            if new.len() + before.len() + self.replace.len() + found > most {
                return None;
            }
            new.push_str(before);
            captures.expand(&self.replace, &mut new);
            last = whole.end();
        }
        let rest = text.get(last..)?;
        if new.len() + rest.len() > most {
            return None;
        }
        new.push_str(rest);
        Some(new)
    }
}

/// How long the text is that a group found, in bytes.
fn length(captures: &Captures, name: &str) -> usize {
    let found = match name.parse() {
        Ok(number) => captures.get(number),
        Err(_) => captures.name(name),
    };
    found.map_or(0, |found| found.len())
}

/// The groups that a replacement names, by the rules of the library: `$name`, as long as it goes, and `${name}`.
pub(super) fn groups(replace: &str) -> Vec<&str> {
    let mut groups = Vec::new();
    let mut rest = replace;
    while let Some((_, after)) = rest.split_once('$') {
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('{').and_then(|r| r.split_once('}')) {
            groups.push(name);
            rest = after;
        } else {
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            if !name.is_empty() {
                groups.push(name);
            }
            rest = after;
        }
    }
    groups
}
