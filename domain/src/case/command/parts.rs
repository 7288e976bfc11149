//! Companies, persons and reasons, as a request names them.

use serde::{Deserialize, Serialize};

use crate::company::Country;
use crate::event::ReasonFor;
use crate::{CompanyId, Name, PersonId, Statement};

/// A company as a request names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CompanyAsk {
    /// Its id in the centre's directory, if it has one.
    #[serde(default)]
    pub id: Option<CompanyId>,
    /// Where it is established.
    pub country: Country,
    /// Its business name.
    pub name: Name,
}

/// A person as a request names one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactAsk {
    /// The person's id, if the centre knows the person.
    #[serde(default)]
    pub person: Option<PersonId>,
    /// The person's name.
    pub name: Name,
    /// Where alerts go.
    #[serde(default)]
    pub email: Option<Name>,
}

/// Why a camp withdraws, and who besides it may read that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReasonAsk {
    /// Who may read it.
    pub readers: ReasonFor,
    /// What to say.
    pub text: Statement,
}
