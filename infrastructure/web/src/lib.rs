//! Entente.
