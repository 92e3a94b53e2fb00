//! samar turns folders of DICOM studies into verified, de-identified ones (PS3.15 Annex E).

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod cli;
pub mod deid;
pub mod dicom;
pub mod error;
pub mod exit;
pub mod input;
pub mod phi;
pub mod pixel;
pub mod preview;
pub mod profile;
pub mod pseudonym;
pub mod report;
pub mod run;
pub mod sink;
pub mod standard;
pub mod text;
pub mod verify;
