//! The DICOM standard's tables as embedded data. Each file under `data/` names its part of the standard.

pub mod dictionary;
pub mod uids;
