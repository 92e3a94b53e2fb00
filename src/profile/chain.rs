//! A profile and all that it extends, in the order in which they are laid over one another.

use super::compile::Written;
use super::diagnostic::Diagnostics;
use super::source::Source;

/// How many profiles may extend one another.
const LONGEST_CHAIN: usize = 8;

/// How many profiles may make up one.
const MOST: usize = 64;

/// The files of a profile.
pub(super) struct Chain {
    /// Every file once, the most basic first: each stands behind all that it extends.
    pub(super) files: Vec<Written>,
    /// Whether everything that is extended was reached.
    pub(super) whole: bool,
}

/// Reads a profile and what it extends, and notes what cannot be read.
pub(super) fn read(first: Source, found: &mut Diagnostics) -> Chain {
    let mut reader = Reader {
        files: Vec::new(),
        whole: true,
        open: Vec::new(),
        found,
    };
    reader.add(first);
    Chain {
        files: reader.files,
        whole: reader.whole,
    }
}

struct Reader<'d> {
    files: Vec<Written>,
    whole: bool,
    /// The profiles that are being read, from the one that was asked for down to this one.
    open: Vec<Source>,
    found: &'d mut Diagnostics,
}

impl Reader<'_> {
    /// Reads a file behind what it extends. No deeper than [`LONGEST_CHAIN`].
    fn add(&mut self, source: Source) {
        let Some(written) = Written::read(source, self.found) else {
            self.whole = false;
            return;
        };
        self.open.push(written.source.clone());
        for (target, at) in written.extends() {
            if self.found.is_full() {
                break;
            }
            match self.target(&written.source, &target) {
                Ok(Some(source)) => self.add(source),
                Ok(None) => {}
                Err((message, help)) => {
                    self.found.at(&written.source, at, message).help = help;
                    self.whole = false;
                }
            }
        }
        self.open.pop();
        self.files.push(written);
    }

    /// What `extends` names; `None` when it was read already. An error is a message and what to do.
    fn target(
        &self,
        by: &Source,
        target: &str,
    ) -> Result<Option<Source>, (String, Option<String>)> {
        let refused = |message: String, help: &str| Err((message, Some(help.to_owned())));
        let source = Source::read(target, Some(by)).map_err(|why| (why.message, why.help))?;
        if self.open.iter().any(|open| open.id() == source.id()) {
            return refused(
                format!("extending `{target}` closes a circle"),
                "take `extends` out of one of the profiles",
            );
        }
        if self.files.iter().any(|w| w.source.id() == source.id()) {
            return Ok(None);
        }
        if self.open.len() == LONGEST_CHAIN {
            return refused(
                format!("more than {LONGEST_CHAIN} profiles extend one another"),
                "join some of them",
            );
        }
        if self.files.len() + self.open.len() >= MOST {
            return refused(
                format!("more than {MOST} profiles make up this one"),
                "join some of them",
            );
        }
        Ok(Some(source))
    }
}
