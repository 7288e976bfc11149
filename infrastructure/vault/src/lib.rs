//! Documents: encrypted in segments, in a folder or in an S3-compatible store; and the scanner that looks at them.
//!
//! Segment n of object O is the object `O/nnnnnnnn` of the store. Neither its name nor its content says anything to
//! those who do not hold the document's key, except how long the document is.

mod clamd;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
mod errors;
mod folder;
mod objects;
mod reading;
mod s3;
mod segment;
mod settings;

pub use self::clamd::Clamd;
pub use self::objects::Objects;
pub use self::s3::provide_tls;
pub use self::settings::Settings;
