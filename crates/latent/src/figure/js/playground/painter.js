// Bytes from the engine as pixels.

// Values from 0, the page, to 255, ink.
function paintInk(canvas, bytes, [red, green, blue]) {
  const image = new ImageData(canvas.width, canvas.height);
  const { data } = image;
  for (let i = 0, at = 0; i < bytes.length; i++) {
    data[at++] = red;
    data[at++] = green;
    data[at++] = blue;
    data[at++] = bytes[i];
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

// Signed values, each 2 x 2 pixels: positive ones orange and full, negative ones blue and dotted.
function paintSigned(canvas, bytes, width) {
  const image = new ImageData(2 * width, (2 * bytes.length) / width);
  bytes.forEach((value, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    for (let part = 0; part < 4; part++) {
      const [right, down] = [part & 1, part >> 1];
      if (value < 0 && right !== down) continue;
      const at = 4 * ((2 * y + down) * 2 * width + 2 * x + right);
      image.data.set(value > 0 ? [230, 159, 0, 2 * value] : [30, 125, 170, -2 * value], at);
    }
  });
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext("2d").putImageData(image, 0, 0);
}
