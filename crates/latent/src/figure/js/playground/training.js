// The training: a step is noise, forward, loss, backward, Adam, in the order of training/trainer.rs.
//
//   loss = mean of (prediction - target)^2 + L1 weight * mean of |code|
//
// The images of a mini-batch are those that Rust's `Trainer` takes with the same seed.

function training(network, seed) {
  const { layers } = network;
  return {
    network,
    seed,
    optimizer: adam(layers.flatMap(({ weight, bias }) => [weight.length, bias.length])),
    parameters: layers.flatMap(({ weight, bias }) => [weight, bias]),
    steps: 0,
    epochs: 0,
    rooms: new Map(),
  };
}

// The order in which an epoch takes n training images.
function epochOrder(seed, epochs, n) {
  return shuffled(n, wrap(wrap(BigInt(seed) * GOLDEN) + BigInt(epochs)));
}

// Buffers for a mini-batch; those of the last two sizes are kept.
function roomFor(state, rows) {
  let found = state.rooms.get(rows);
  if (!found) {
    const { network } = state;
    const pixels = network.layers[0].inputs;
    found = { ...room(network, rows), input: new Float32Array(rows * pixels), target: new Float32Array(rows * pixels) };
    if (state.rooms.size === 2) state.rooms.delete(state.rooms.keys().next().value);
    state.rooms.set(rows, found);
  }
  return found;
}

// One step on the images `chosen`. Returns the mean squared error and the whole loss before it. If
// the loss is not a finite number, the parameters stay as they were.
function trainStep(state, images, chosen, { rate, noise, l1 }) {
  const { network } = state;
  const rows = chosen.length;
  const pixels = network.layers[0].inputs;
  const space = roomFor(state, rows);
  const { input, target } = space;
  chosen.forEach((image, r) => target.set(images.subarray(image * pixels, (image + 1) * pixels), r * pixels));
  input.set(target);
  if (noise > 0) addNoise(input, noise, mix(state.seed, state.steps));

  const output = passForward(network, input, rows, space);
  const gradient = space.delta[space.delta.length - 1];
  const elements = rows * pixels;
  let sum = 0;
  for (let i = 0; i < elements; i++) {
    const off = output[i] - target[i];
    sum += off * off;
    gradient[i] = (2 / elements) * off;
  }
  const error = sum / elements;
  const codes = space.out[network.code];
  let absolute = 0;
  for (let i = 0; i < codes.length; i++) absolute += Math.abs(codes[i]);
  const loss = error + (l1 * absolute) / codes.length;
  if (!Number.isFinite(loss)) return { error, loss };

  passBackward(network, input, rows, space, (code, delta) => {
    for (let i = 0; l1 > 0 && i < code.length; i++) delta[i] += (l1 / code.length) * Math.sign(code[i]);
  });
  const gradients = space.weights.flatMap((weight, i) => [weight, space.biases[i]]);
  adamStep(state.optimizer, rate, state.parameters, gradients);
  state.steps += 1;
  return { error, loss };
}

// The mean squared error of the reconstructions of images.
function reconstructionError(network, images, space) {
  const pixels = network.layers[0].inputs;
  let sum = 0;
  for (let start = 0; start < images.length; start += space.rows * pixels) {
    const part = images.subarray(start, Math.min(images.length, start + space.rows * pixels));
    const output = passForward(network, part, part.length / pixels, space);
    for (let i = 0; i < part.length; i++) sum += (output[i] - part[i]) ** 2;
  }
  return sum / images.length;
}
