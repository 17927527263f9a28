"""Moving pictures: screenshots of a page as an animated WebP.

The browser encodes each frame, since it can do that anyway. Of a frame after the first it keeps the
pixels that have changed, all others are transparent; so a pointer that moves costs little. Where much
changes, fewer levels of red, green and blue make a lossless WebP small; a lossy one would leave specks
where something was. What is left to do here is to write the frames into one file:

    RIFF WEBP | VP8X: size of the picture | ANIM: how often | for each frame ANMF: place, time, pixels
"""

import base64
import struct

# What changed since the frame before, as a lossless WebP, with its place. A place counts in steps of 2,
# so a frame begins at an even pixel.
ENCODER = """levels => {
  let before = null;
  const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  window.encode = async png => {
    const image = await createImageBitmap(new Blob([bytes(png)]));
    const { width, height } = image;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, width, height);
    const now = new Uint32Array(pixels.data.slice().buffer);
    let [left, top, right, bottom] = [width, height, 0, 0];
    const drawn = new Uint32Array(pixels.data.buffer);
    if (before) pixels.data.forEach((value, i) => {
      pixels.data[i] = Math.round(Math.round(value / 255 * (levels - 1)) * 255 / (levels - 1));
    });
    for (let i = 0; i < now.length; i++) {
      if (before && now[i] === before[i]) {
        drawn[i] = 0;
        continue;
      }
      const [x, y] = [i % width, Math.floor(i / width)];
      [left, top] = [Math.min(left, x), Math.min(top, y)];
      [right, bottom] = [Math.max(right, x + 1), Math.max(bottom, y + 1)];
    }
    before = now;
    if (right === 0) return null;
    [left, top] = [left & ~1, top & ~1];
    const part = new OffscreenCanvas(right - left, bottom - top);
    part.getContext("2d").putImageData(pixels, -left, -top);
    const blob = await part.convertToBlob({ type: "image/webp", quality: 1 });
    const data = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (const byte of data) text += String.fromCharCode(byte);
    return { left, top, width: part.width, height: part.height, data: btoa(text) };
  };
}"""


def encode(browser, frames, levels=256):
    """An animated WebP of PNGs, each shown for some milliseconds: pairs of bytes and a time. Frames after
    the first have as many levels of each colour."""
    page = browser.new_page()
    page.evaluate(ENCODER, levels)
    parts = []
    for png, shown in frames:
        part = page.evaluate("png => encode(png)", base64.b64encode(png).decode())
        if part:
            parts.append([part, shown])
        else:
            parts[-1][1] += shown
    page.close()
    first = parts[0][0]
    return riff(
        chunk("VP8X", bytes([0x12, 0, 0, 0]) + u24(first["width"] - 1) + u24(first["height"] - 1)),
        chunk("ANIM", struct.pack("<IH", 0xFFFFFFFF, 0)),  # on white, for ever
        *[frame(part, shown) for part, shown in parts],
    )


def frame(part, shown):
    place = u24(part["left"] // 2) + u24(part["top"] // 2)
    size = u24(part["width"] - 1) + u24(part["height"] - 1)
    # The last byte: drawn over what is there, which then stays.
    return chunk("ANMF", place + size + u24(shown) + bytes([0]) + pixels(base64.b64decode(part["data"])))


def pixels(still):
    """The chunks of a still that hold its pixels."""
    found, at = b"", 12
    while at < len(still):
        name, size = struct.unpack_from("<4sI", still, at)
        end = at + 8 + size + size % 2
        if name in (b"ALPH", b"VP8 ", b"VP8L"):
            found += still[at:end]
        at = end
    return found


def chunk(name, data):
    return name.encode() + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def riff(*chunks):
    return chunk("RIFF", b"WEBP" + b"".join(chunks))


def u24(number):
    return struct.pack("<I", number)[:3]
