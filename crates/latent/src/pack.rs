//! Bytes as text, for scripts and documents: zlib, then base64.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use miniz_oxide::deflate::core::{
    CompressionStrategy, CompressorOxide, TDEFLFlush, compress_to_output,
    create_comp_flags_from_zip_params,
};

/// zlib, then base64: what `unpack` in widget.js undoes.
///
/// Rounded weights repeat nothing, and looking for repetitions among them makes them a tenth larger
/// than shorter names for frequent numbers alone (Huffman's code); images do repeat. So both are
/// tried.
pub(crate) fn pack(bytes: &[u8]) -> String {
    let pack = |strategy: CompressionStrategy| {
        let flags = create_comp_flags_from_zip_params(9, 1, strategy as i32);
        let mut packed = Vec::new();
        compress_to_output(
            &mut CompressorOxide::new(flags),
            bytes,
            TDEFLFlush::Finish,
            |part| {
                packed.extend_from_slice(part);
                true
            },
        );
        packed
    };
    let [usual, huffman] = [
        CompressionStrategy::Default,
        CompressionStrategy::HuffmanOnly,
    ]
    .map(pack);
    BASE64_STANDARD.encode(if huffman.len() < usual.len() {
        huffman
    } else {
        usual
    })
}
