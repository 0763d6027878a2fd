//! A logo as mails can show it: a PNG that is read whole and written anew, so that nothing but its
//! pixels goes out.

use std::io::Cursor;

use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Limits, Transformations};

/// Most octets of a file that is handed in.
pub const FILE_MAX: usize = 512 * 1024;
/// Most octets of a logo that is kept: every reader loads it.
pub const KEPT_MAX: usize = 128 * 1024;
/// Most pixels across.
pub const WIDTH_MAX: u32 = 1_200;
/// Most pixels down.
pub const HEIGHT_MAX: u32 = 600;
/// Fewest pixels either way.
pub const LEAST: u32 = 16;
/// What the eight octets are that every PNG begins with (PNG, third edition, 5.2).
const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];

/// A logo that was looked over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// A PNG with eight bits a channel and no other chunk than its pixels.
    pub png: Vec<u8>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Why a file is no logo. Reads after "The file".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPicture {
    /// Something else.
    #[error("is not a PNG; mail programs show neither SVG nor WebP, so save it as PNG")]
    NotPng,
    /// Cut short or damaged.
    #[error("is a damaged PNG: {0}; save it anew")]
    Damaged(String),
    /// Too many octets.
    #[error("holds {0} kB and may hold {1}; save it smaller or with fewer colours")]
    TooLarge(usize, usize),
    /// Too many or too few pixels.
    #[error("is {0} by {1} pixels; 480 by 96 is best, 1200 by 600 the most, 16 by 16 the least")]
    Size(u32, u32),
}

/// Looks a file over and writes it anew.
///
/// # Errors
/// [`NoPicture`] says why it cannot be taken, and what to do.
pub fn read(file: &[u8]) -> Result<Picture, NoPicture> {
    if file.len() > FILE_MAX {
        return Err(NoPicture::TooLarge(file.len().div_ceil(1024), FILE_MAX / 1024));
    }
    if !file.starts_with(&SIGNATURE) {
        return Err(NoPicture::NotPng);
    }
    let limits = Limits { bytes: 16 * 1024 * 1024 };
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(damaged)?;
    let (width, height) = reader.info().size();
    let fits = |pixels: u32, most: u32| (LEAST..=most).contains(&pixels);
    if !fits(width, WIDTH_MAX) || !fits(height, HEIGHT_MAX) {
        return Err(NoPicture::Size(width, height));
    }
    let size = reader.output_buffer_size().ok_or(NoPicture::Size(width, height))?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(damaged)?;
    pixels.truncate(frame.buffer_size());
    let png = written((width, height), frame.color_type, &pixels)
        .map_err(|problem| NoPicture::Damaged(problem.to_string()))?;
    if png.len() > KEPT_MAX {
        return Err(NoPicture::TooLarge(png.len().div_ceil(1024), KEPT_MAX / 1024));
    }
    Ok(Picture { png, width, height })
}

fn written(
    (width, height): (u32, u32),
    colors: ColorType,
    pixels: &[u8],
) -> Result<Vec<u8>, png::EncodingError> {
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, width, height);
    encoder.set_color(colors);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(png)
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn damaged(problem: png::DecodingError) -> NoPicture {
    NoPicture::Damaged(problem.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32) -> Vec<u8> {
        let pixels = vec![0x40; (width * height * 4) as usize];
        written((width, height), ColorType::Rgba, &pixels).unwrap()
    }

    #[test]
    fn a_picture_is_written_anew_with_its_pixels_alone() {
        let mut png = Vec::new();
        let mut encoder = Encoder::new(&mut png, 32, 16);
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_palette(vec![1, 2, 3, 250, 251, 252]);
        encoder.add_text_chunk("Comment".to_owned(), "made by somebody".to_owned()).unwrap();
        encoder.write_header().unwrap().write_image_data(&[1; 32 * 16]).unwrap();
        let read = read(&png).unwrap();
        assert_eq!((read.width, read.height), (32, 16));
        assert!(!read.png.windows(8).any(|w| w == b"somebody"));
        assert_eq!(super::read(&read.png).unwrap(), read, "what is written is read as it is");
    }

    #[test]
    fn what_cannot_be_shown_is_told() {
        assert_eq!(read(b""), Err(NoPicture::NotPng));
        assert_eq!(read(b"<svg/>"), Err(NoPicture::NotPng));
        assert_eq!(read(&picture(15, 15)), Err(NoPicture::Size(15, 15)));
        assert_eq!(read(&picture(1201, 20)), Err(NoPicture::Size(1201, 20)));
        assert_eq!(read(&vec![0; FILE_MAX + 1]), Err(NoPicture::TooLarge(513, 512)));
        let whole = picture(64, 32);
        for end in SIGNATURE.len()..whole.len() - 12 {
            assert!(matches!(read(&whole[..end]), Err(NoPicture::Damaged(_))), "cut at {end}");
        }
    }

    #[test]
    fn a_file_of_noise_is_never_taken_and_never_stops_anything() {
        let whole = picture(64, 32);
        for at in 0..whole.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut bent = whole.clone();
                bent[at] ^= flip;
                let _ = read(&bent);
            }
        }
    }
}
