//! The DICOM standard's tables as embedded data. Each file under `data/` names its part of the standard.

pub mod annex_e;
pub mod coding_schemes;
pub mod dictionary;
pub mod iod_types;
pub mod methods;
pub mod modality;
pub mod roles;
pub mod safe_private;
pub mod sr_concepts;
pub mod uids;
