//! Room for frames that are too many for memory: files without a name in the output's own file system.

use std::fs::File;
use std::path::PathBuf;

use crate::dicom::Room;

/// The output folder as a room. Nothing in it can be seen, and what a killed run had in it is gone with the run.
#[derive(Debug)]
pub struct OutputRoom(PathBuf);

impl OutputRoom {
    /// In the file system of this folder, which exists.
    pub fn new(folder: PathBuf) -> OutputRoom {
        OutputRoom(folder)
    }
}

impl Room for OutputRoom {
    fn file(&self) -> Option<File> {
        tempfile::tempfile_in(&self.0).ok()
    }
}
