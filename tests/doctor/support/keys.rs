//! Public keys as they are published, of any length.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// An RSA key of this many bits, as `SubjectPublicKeyInfo`. Nobody has the other half.
pub fn rsa(bits: usize) -> String {
    let mut modulus = vec![0x5a_u8; bits / 8];
    modulus[0] = 0xc3;
    modulus.insert(0, 0);
    let key = [element(0x02, &modulus), element(0x02, &[1, 0, 1])].concat();
    let key = [vec![0], element(0x30, &key)].concat();
    let kind = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    STANDARD.encode(element(0x30, &[element(0x30, &kind), element(0x03, &key)].concat()))
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a short key").to_be_bytes();
    let mut octets = match content.len() {
        0..128 => vec![tag, length[1]],
        128..256 => vec![tag, 0x81, length[1]],
        _ => vec![tag, 0x82, length[0], length[1]],
    };
    octets.extend_from_slice(content);
    octets
}
