//! The cipher of documents: AES-256 in CBC mode with PKCS#7 padding.
//!
//! Amazon's reply names only "AES" and gives a key of 32 bytes and an initialization vector of 16, which
//! leaves one cipher. A key and vector are for one document: two plaintexts under the same pair would show
//! where they begin alike.

use std::fmt;

use aes::cipher::{BlockModeEncrypt, KeyIvInit};

/// Length of the key in bytes.
pub const KEY_LENGTH: usize = 32;
/// Length of the initialization vector in bytes.
pub const IV_LENGTH: usize = 16;

const BLOCK: usize = 16;

/// How long a document of so many bytes is once it is encrypted: the next multiple of 16, never the same.
pub const fn sealed_length(length: u64) -> u64 {
    (length / BLOCK as u64 + 1) * BLOCK as u64
}

/// Encrypts a whole document. The result is [`sealed_length`] bytes long.
pub fn encrypt(key: &[u8; KEY_LENGTH], iv: &[u8; IV_LENGTH], plaintext: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(plaintext.len() + BLOCK);
    let mut encryption = Encryption::new(key, iv);
    encryption.add(plaintext, &mut sealed);
    encryption.finish(&mut sealed);
    sealed
}

/// One document being encrypted piece by piece. It holds less than a block of it, and it ends with the document:
/// nothing else can be encrypted after that.
pub struct Encryption {
    cbc: cbc::Encryptor<aes::Aes256>,
    /// The beginning of a block whose end has not come yet.
    rest: [u8; BLOCK],
    rest_length: usize,
}

impl Encryption {
    /// Begins a document.
    pub fn new(key: &[u8; KEY_LENGTH], iv: &[u8; IV_LENGTH]) -> Self {
        Self {
            cbc: cbc::Encryptor::<aes::Aes256>::new(key.into(), iv.into()),
            rest: [0; BLOCK],
            rest_length: 0,
        }
    }

    /// Takes the next piece, of any length, and appends to `sealed` what can be encrypted by now.
    pub fn add(&mut self, mut plaintext: &[u8], sealed: &mut Vec<u8>) {
        while !plaintext.is_empty() {
            let (piece, later) = plaintext.split_at(plaintext.len().min(BLOCK - self.rest_length));
            self.rest[self.rest_length..self.rest_length + piece.len()].copy_from_slice(piece);
            self.rest_length += piece.len();
            plaintext = later;
            if self.rest_length == BLOCK {
                self.seal_block(sealed);
            }
        }
    }

    /// Ends the document: pads it and appends the last block.
    pub fn finish(mut self, sealed: &mut Vec<u8>) {
        let padding = BLOCK - self.rest_length;
        // 1 to 16, as PKCS#7 has it.
        self.rest[self.rest_length..].fill(padding as u8);
        self.seal_block(sealed);
    }

    fn seal_block(&mut self, sealed: &mut Vec<u8>) {
        let mut block = aes::Block::from(self.rest);
        self.cbc.encrypt_block(&mut block);
        sealed.extend_from_slice(&block);
        self.rest_length = 0;
    }
}

impl fmt::Debug for Encryption {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Encryption(…)")
    }
}

#[cfg(test)]
mod tests {
    use aes::Aes256;
    use aes::cipher::{BlockCipherDecrypt, KeyInit};

    use super::*;

    const KEY: [u8; 32] = *b"an example key of thirty-two byt";
    const IV: [u8; 16] = *b"a vector of 16 b";

    /// CBC written out by hand from the block cipher alone, so that it shares nothing with what it checks.
    fn decrypt_by_hand(ciphertext: &[u8]) -> Vec<u8> {
        let cipher = Aes256::new(&KEY.into());
        let mut previous = IV;
        let mut plaintext = Vec::new();
        for block in ciphertext.chunks(16) {
            let mut bytes = aes::Block::try_from(block).unwrap();
            cipher.decrypt_block(&mut bytes);
            plaintext.extend(bytes.iter().zip(previous).map(|(byte, mask)| byte ^ mask));
            previous = block.try_into().unwrap();
        }
        let padding = *plaintext.last().unwrap();
        assert!((1..=16).contains(&padding));
        let end = plaintext.len() - usize::from(padding);
        assert!(plaintext[end..].iter().all(|byte| *byte == padding));
        plaintext.truncate(end);
        plaintext
    }

    #[test]
    fn a_document_of_any_length_is_read_back_by_an_independent_decryption() {
        for length in [0, 1, 15, 16, 17, 31, 32, 33, 4096, 5_000] {
            let document: Vec<u8> = (0..length).map(|at| (at * 7 % 251) as u8).collect();
            let sealed = encrypt(&KEY, &IV, &document);
            assert_eq!(sealed.len(), (length / 16 + 1) * 16);
            assert_eq!(decrypt_by_hand(&sealed), document);
        }
    }

    #[test]
    fn in_pieces_of_any_length_the_same_bytes_come_out_and_their_number_is_known_beforehand() {
        let document: Vec<u8> = (0..1_000).map(|at| (at * 13 % 251) as u8).collect();
        for length in [0, 1, 15, 16, 17, 999, 1_000] {
            let whole = encrypt(&KEY, &IV, &document[..length]);
            assert_eq!(whole.len() as u64, sealed_length(length as u64));
            for piece in [1, 7, 16, 33, 400] {
                let (mut encryption, mut sealed) = (Encryption::new(&KEY, &IV), Vec::new());
                for part in document[..length].chunks(piece) {
                    encryption.add(part, &mut sealed);
                }
                encryption.finish(&mut sealed);
                assert_eq!(sealed, whole, "{length} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn the_published_cbc_vector_comes_out() {
        // NIST SP 800-38A, F.2.5: CBC-AES256.Encrypt, first block.
        let key = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        let iv = hex("000102030405060708090a0b0c0d0e0f");
        let plaintext = hex("6bc1bee22e409f96e93d7e117393172a");
        let sealed = encrypt(&key.try_into().unwrap(), &iv.try_into().unwrap(), &plaintext);
        assert_eq!(sealed[..16], hex("f58c4c04d6e5f1ba779eabfb5f7bfbd6"));
        assert_eq!(sealed.len(), 32);
    }

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }
}
