//! How an address is known where the address itself must not stand.

use sha2::{Digest, Sha256};

use crate::domain::address::EmailAddress;

/// The SHA-256 of an address in lower case
/// ([`lookup_key`](crate::domain::address::EmailAddress::lookup_key)), 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressHash(String);

impl AddressHash {
    /// Of an address.
    #[must_use]
    pub fn of(address: &EmailAddress) -> Self {
        Self::of_key(&address.lookup_key())
    }

    /// Of an address as `person.email_canonical` has it.
    #[must_use]
    pub fn of_key(lookup_key: &str) -> Self {
        let digest = Sha256::digest(lookup_key.as_bytes());
        Self(digest.iter().map(|octet| format!("{octet:02x}")).collect())
    }

    /// As it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_hash_in_any_case() {
        let hash = |text: &str| AddressHash::of(&EmailAddress::parse(text).expect("an address"));
        assert_eq!(hash("Anna@Client.example"), hash("anna@client.EXAMPLE"));
        assert_ne!(hash("anna@client.example"), hash("ben@client.example"));
        let known = "80f0b7ca6ca5339d31a6578c4442c84cd56a5dd43a2c94b4a7c92f5c2909a919";
        assert_eq!(hash("anna@client.example").as_str(), known);
    }
}
