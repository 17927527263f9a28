// What there is to see in a network at one moment, as bytes to be painted.

const CHUNK = 32;
const CELLS = 8;
const FIELDS = 16;
const COLUMNS = 8;
// Outputs closer together than this count as the same.
const SAME = 1e-3;

// Images side by side as one, `columns` in a row: 0 is paper and 255 is ink.
function mosaic(images, side, columns) {
  const size = side * side;
  const width = columns * side;
  const bytes = new Uint8ClampedArray(images.length);
  for (let i = 0; i < images.length; i++) {
    const [image, pixel] = [Math.floor(i / size), i % size];
    const x = (image % columns) * side + (pixel % side);
    const y = Math.floor(image / columns) * side + Math.floor(pixel / side);
    bytes[y * width + x] = 255 * images[i];
  }
  return bytes;
}

// Writes the codes of images to `codes`: all, or every third chunk of them.
function encodeInto(codes, network, images, space, third) {
  const { inputs } = network.layers[0];
  const n = images.length / inputs;
  for (let start = 0, chunk = 0; start < n; start += CHUNK, chunk++) {
    if (third !== undefined && chunk % 3 !== third) continue;
    const end = Math.min(n, start + CHUNK);
    const part = images.subarray(start * inputs, end * inputs);
    const found = passForward(network, part, end - start, space, 0, network.code);
    codes.set(found.subarray(0, (end - start) * network.width), start * network.width);
  }
}

// The images of codes: all, or into `images` only every third chunk.
function decodeAll(network, codes, space, images, third) {
  const { outputs } = network.layers[network.layers.length - 1];
  const n = codes.length / network.width;
  images ??= new Float32Array(n * outputs);
  for (let start = 0, chunk = 0; start < n; start += CHUNK, chunk++) {
    if (third !== undefined && chunk % 3 !== third) continue;
    const end = Math.min(n, start + CHUNK);
    const part = codes.subarray(start * network.width, end * network.width);
    images.set(passForward(network, part, end - start, space, network.code + 1).subarray(0, (end - start) * outputs), start * outputs);
  }
  return images;
}

// The error of the reconstructions of all images, and how many units of each hidden layer are dead:
// they give the same output for all of them.
function examine(network, images, space) {
  const { layers, code } = network;
  const size = layers[0].inputs;
  const hidden = [code - 1, layers.length - 2].filter((i) => i >= 0 && i !== code);
  const bounds = hidden.map((i) => {
    return { low: new Float32Array(layers[i].outputs).fill(Infinity), high: new Float32Array(layers[i].outputs).fill(-Infinity) };
  });
  let sum = 0;
  for (let start = 0; start < images.length; start += CHUNK * size) {
    const part = images.subarray(start, start + CHUNK * size);
    const rows = part.length / size;
    const output = passForward(network, part, rows, space);
    for (let i = 0; i < part.length; i++) sum += (output[i] - part[i]) ** 2;
    hidden.forEach((layer, at) => {
      const [out, { low, high }, { outputs }] = [space.out[layer], bounds[at], layers[layer]];
      for (let i = 0; i < rows * outputs; i++) {
        const unit = i % outputs;
        if (out[i] < low[unit]) low[unit] = out[i];
        if (out[i] > high[unit]) high[unit] = out[i];
      }
    });
  }
  const dead = bounds.map(({ low, high }) => low.filter((x, unit) => high[unit] - x < SAME).length);
  return { error: sum / images.length, dead };
}

// The weights into the first hidden units, -127 to 127 in each unit's own scale, as a mosaic.
function fields(network, side) {
  const { inputs, outputs, weight } = network.layers[0];
  const shown = Math.min(FIELDS, outputs);
  const bytes = new Int8Array(shown * inputs);
  const width = COLUMNS * side;
  for (let unit = 0; unit < shown; unit++) {
    let most = 1e-12;
    for (let i = 0; i < inputs; i++) most = Math.max(most, Math.abs(weight[i * outputs + unit]));
    const corner = Math.floor(unit / COLUMNS) * side * width + (unit % COLUMNS) * side;
    for (let i = 0; i < inputs; i++) {
      bytes[corner + Math.floor(i / side) * width + (i % side)] = Math.round((127 * weight[i * outputs + unit]) / most);
    }
  }
  return bytes;
}
