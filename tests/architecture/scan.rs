//! Reads Rust text well enough to see which paths it names: comments, strings and tests are blanked, `use` trees are
//! expanded, `super` is resolved. Macros that make paths out of pieces would escape it; samar has none.

/// A path such as `crate::dicom::Tag`, and the line on which it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Named {
    pub(crate) line: usize,
    pub(crate) path: Vec<String>,
}

/// The product's part of one file.
#[derive(Debug)]
pub(crate) struct Product {
    /// The text with comments, strings and tests blanked; lines keep their numbers.
    pub(crate) code: String,
    /// Modules in files of their own that exist in tests only.
    pub(crate) test_modules: Vec<String>,
}

pub(crate) fn product(text: &str) -> Product {
    let mut code = blanked(text);
    let mut test_modules = Vec::new();
    while let Some(start) = code.find("#[cfg(test)]") {
        let rest = &code[start..];
        let body = rest.find('{').unwrap_or(rest.len());
        let semicolon = rest.find(';').unwrap_or(rest.len());
        let end = if semicolon < body {
            let item = &rest[..semicolon];
            if item.split_whitespace().any(|word| word == "mod") {
                test_modules.extend(item.split_whitespace().last().map(str::to_owned));
            }
            semicolon + 1
        } else {
            closing(rest, body)
        };
        let blank = spaces(&code[start..start + end]);
        code.replace_range(start..start + end, &blank);
    }
    Product { code, test_modules }
}

/// Where the brace that opens at `open` is closed.
fn closing(text: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, c) in text[open..].char_indices() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if depth == 0 {
            return open + at + 1;
        }
    }
    text.len()
}

fn spaces(text: &str) -> String {
    text.chars()
        .map(|c| if c == '\n' { '\n' } else { ' ' })
        .collect()
}

/// The text with comments and the insides of strings as blanks.
fn blanked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let before = out.chars().next_back();
        let len = hidden(rest, before).unwrap_or(0);
        if len == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            out.push_str(&spaces(&rest[..len]));
            rest = &rest[len..];
        }
    }
    out
}

/// The length of a comment, string or character with which the text begins.
fn hidden(text: &str, before: Option<char>) -> Option<usize> {
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let until = |from: usize, end: &str| {
        text[from..]
            .find(end)
            .map_or(text.len(), |at| from + at + end.len())
    };
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(until(2, "*/"));
    }
    let prefix = text.strip_prefix('b').unwrap_or(text);
    let raw = prefix.strip_prefix('r').filter(|_| !in_word);
    if let Some(raw) = raw.filter(|raw| raw.trim_start_matches('#').starts_with('"')) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let from = text.len() - raw.len() + hashes + 1;
        return Some(until(from, &format!("\"{}", "#".repeat(hashes))));
    }
    if let Some(inner) = text.strip_prefix('"') {
        let mut escaped = false;
        let end = inner.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        return Some(end.map_or(text.len(), |at| at + 2));
    }
    // A character, and not a lifetime.
    if text.starts_with("'\\") {
        return Some(until(3, "'"));
    }
    let mut chars = text.strip_prefix('\'')?.chars();
    let c = chars.next()?;
    (chars.next() == Some('\'')).then(|| c.len_utf8() + 2)
}

#[derive(Debug, PartialEq)]
enum Token<'t> {
    Word(&'t str),
    Separator,
    Other(char),
}

/// Every path of two and more parts, `use` trees expanded, in the order of the text.
pub(crate) fn paths(code: &str) -> Vec<Named> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let starts = matches!(tokens[at].0, Token::Word(_))
            && matches!(tokens.get(at + 1), Some((Token::Separator, _)))
            && (at == 0 || tokens[at - 1].0 != Token::Separator);
        if starts {
            tree(&tokens, &mut at, &[], &mut found);
        } else {
            at += 1;
        }
    }
    found
}

fn tokens(code: &str) -> Vec<(Token<'_>, usize)> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (code, 1);
    while let Some(c) = rest.chars().next() {
        let word = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        let (token, len) = if word > 0 {
            (Token::Word(&rest[..word]), word)
        } else if rest.starts_with("::") {
            (Token::Separator, 2)
        } else {
            (Token::Other(c), c.len_utf8())
        };
        line += usize::from(c == '\n');
        if !c.is_whitespace() {
            tokens.push((token, line));
        }
        rest = &rest[len..];
    }
    tokens
}

/// Reads a path or a group of paths; `at` ends behind it.
fn tree(tokens: &[(Token<'_>, usize)], at: &mut usize, before: &[String], found: &mut Vec<Named>) {
    let mut path = before.to_vec();
    while let Some((token, line)) = tokens.get(*at) {
        *at += 1;
        match token {
            Token::Word(word) => path.push((*word).to_owned()),
            Token::Other('{') => {
                while !matches!(tokens.get(*at), None | Some((Token::Other('}'), _))) {
                    tree(tokens, at, &path, found);
                    // Whatever ended the entry, such as a comma or `as Name`.
                    while !matches!(tokens.get(*at), None | Some((Token::Other('}' | ','), _))) {
                        *at += 1;
                    }
                    *at += usize::from(matches!(tokens.get(*at), Some((Token::Other(','), _))));
                }
                *at += 1;
                return;
            }
            _ => {}
        }
        if tokens.get(*at).map(|(token, _)| token) != Some(&Token::Separator) {
            found.push(Named { line: *line, path });
            return;
        }
        *at += 1;
        // A turbofish ends the path.
        if !matches!(
            tokens.get(*at),
            Some((Token::Word(_) | Token::Other('{' | '*'), _))
        ) {
            found.push(Named { line: *line, path });
            return;
        }
    }
}

/// A path from the crate's root: `crate::` taken off, `super::` resolved in the module at hand. `None` for others.
pub(crate) fn from_root(path: &[String], module: &[String]) -> Option<Vec<String>> {
    match path.first().map(String::as_str) {
        Some("crate" | "samar") => Some(path[1..].to_vec()),
        Some("super") => {
            let up = path.iter().take_while(|part| *part == "super").count();
            let mut from = module[..module.len().saturating_sub(up)].to_vec();
            from.extend_from_slice(&path[up..]);
            Some(from)
        }
        _ => None,
    }
}
