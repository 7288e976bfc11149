//! The macro that declares commands: each is a struct, and a variant of what can be asked.

macro_rules! asks {
    ($($(#[$doc:meta])* $name:ident $({ $($(#[$field_doc:meta])* $field:ident : $type:ty),* $(,)? })?;)*) => {
        /// Every command, by its name in the imperative.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs, reason = "each variant is documented at the struct of its name")]
        pub enum Ask { $($name($name)),* }

        impl Ask {
            /// The command's name.
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name)),* }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            #[serde(deny_unknown_fields)]
            #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
            pub struct $name { $($($(#[$field_doc])* pub $field: $type),*)? }

            impl From<$name> for Ask {
                fn from(ask: $name) -> Self {
                    Self::$name(ask)
                }
            }
        )*
    };
}
pub(super) use asks;
