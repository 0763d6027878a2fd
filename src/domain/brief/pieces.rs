//! Building pieces of a block within the rules of MODEL 6.4.

use super::Piece;

/// Most sentences of a paragraph (MODEL 6.4, rule 3).
const SENTENCES: usize = 3;

/// Sentences as paragraphs of at most three.
#[must_use]
pub fn paragraphs(sentences: Vec<String>) -> Vec<Piece> {
    sentences.chunks(SENTENCES).map(|chunk| Piece::Text(chunk.join(" "))).collect()
}
