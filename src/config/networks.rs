//! Addresses and networks, written as a list: `127.0.0.1, ::1, 10.0.0.0/8`.

use std::net::IpAddr;

/// A set of IP addresses; may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Networks(Vec<Network>);

/// The addresses that share their first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    bits: u128,
    /// How many bits count, of an address as IPv6.
    length: u32,
}

impl Networks {
    /// Reads a list with commas between; an empty text is the empty set.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let networks: Option<Vec<Network>> = parts.map(Network::parse).collect();
        networks.map(Self).ok_or_else(|| {
            "it must be IP addresses or networks with commas between, such as 127.0.0.1, 10.0.0.0/8"
                .to_owned()
        })
    }

    /// Whether an address is among them.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        let bits = as_v6(address);
        self.0.iter().any(|network| network.bits == masked(bits, network.length))
    }
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let length = length.unwrap_or(most);
        (length <= most).then(|| {
            // An IPv4 address stands at the end of an IPv6 one.
            let length = length + 128 - most;
            Self { bits: masked(as_v6(address), length), length }
        })
    }
}

/// An IPv4 address that came over an IPv6 socket is the same address.
fn as_v6(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

const fn masked(bits: u128, length: u32) -> u128 {
    if length == 0 { 0 } else { bits & (u128::MAX << (128 - length)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(list: &str, address: &str) -> bool {
        Networks::parse(list).unwrap().contain(address.parse().unwrap())
    }

    #[test]
    fn an_address_is_found_alone_and_in_its_network() {
        let list = "127.0.0.1, ::1, 10.1.0.0/16, 2001:db8::/32";
        for inside in ["127.0.0.1", "::1", "10.1.255.3", "::ffff:10.1.0.9", "2001:db8:7::1"] {
            assert!(has(list, inside), "{inside}");
        }
        for outside in ["127.0.0.2", "::2", "10.2.0.1", "192.0.2.1", "2001:db9::1"] {
            assert!(!has(list, outside), "{outside}");
        }
        assert!(!has("", "127.0.0.1"));
        assert!(has("0.0.0.0/0", "192.0.2.1") && !has("0.0.0.0/0", "2001:db8::1"));
        assert!(has("::/0", "192.0.2.1"));
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in
            ["localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0", "::1/129", "1.2.3.4 5.6.7.8"]
        {
            assert!(Networks::parse(wrong).is_err(), "{wrong}");
        }
    }
}
