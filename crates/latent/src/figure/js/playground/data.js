// The images as Rust packed them: two pixels a byte, the first in the higher half, 15 is ink.

function unpackPixels(bytes) {
  const pixels = new Float32Array(2 * bytes.length);
  bytes.forEach((byte, i) => {
    pixels[2 * i] = (byte >> 4) / 15;
    pixels[2 * i + 1] = (byte & 15) / 15;
  });
  return pixels;
}

// Training and validation images, and one validation image of each class to reconstruct.
function dataset({ pixels, side, training, labels }) {
  const size = side * side;
  const all = unpackPixels(pixels);
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  return {
    side,
    size,
    labels,
    training: all.subarray(0, training * size),
    validation: all.subarray(training * size),
    shown: classes.map((label) => labels.indexOf(label)),
  };
}
