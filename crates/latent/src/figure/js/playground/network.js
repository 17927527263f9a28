// The autoencoder: linear layers and activations in a row, forward and backward.
//
//   forward    z_i = a_(i-1) W_i + b_i      a_i = f_i(z_i)
//   backward   dz_i = da_i * f_i'(z_i)      dW_i = a_(i-1)^T dz_i     da_(i-1) = dz_i W_i^T
//
// The sizes are those of the encoder, input first and code last; the decoder mirrors them. The code
// has no activation, and a sigmoid keeps the pixels within 0..1. Weights are (inputs, outputs).

// A network whose parameters are those of `Autoencoder::new(sizes, hidden, seed)` in Rust.
function autoencoder(sizes, hidden, seed) {
  const widths = [...sizes, ...sizes.slice(0, -1).reverse()];
  const code = sizes.length - 2;
  const rng = random(seed);
  const layers = widths.slice(1).map((outputs, i) => {
    const inputs = widths[i];
    // PyTorch's default: uniform within 1 / sqrt(inputs), in rows of (outputs, inputs).
    const bound = Math.fround(1 / Math.fround(Math.sqrt(inputs)));
    const draw = () => bound * (2 * rng.single() - 1);
    const weight = new Float32Array(inputs * outputs);
    for (let o = 0; o < outputs; o++) for (let j = 0; j < inputs; j++) weight[j * outputs + o] = draw();
    const bias = Float32Array.from({ length: outputs }, draw);
    const activation = i === code ? "identity" : i === widths.length - 2 ? "sigmoid" : hidden;
    return { inputs, outputs, weight, bias, activation };
  });
  return { layers, code, width: sizes[sizes.length - 1] };
}

// Buffers for up to so many rows.
function room(network, rows) {
  const of = () => network.layers.map(({ outputs }) => new Float32Array(rows * outputs));
  return {
    rows,
    pre: of(),
    out: of(),
    delta: of(),
    weights: network.layers.map(({ weight }) => new Float32Array(weight.length)),
    biases: network.layers.map(({ bias }) => new Float32Array(bias.length)),
  };
}

// The output of layer `last` for rows of input to layer `first`.
function passForward(network, input, rows, { pre, out }, first = 0, last = network.layers.length - 1) {
  for (let i = first; i <= last; i++) {
    const { inputs, outputs, weight, bias, activation } = network.layers[i];
    productForward(i === first ? input : out[i - 1], weight, bias, pre[i], rows, inputs, outputs);
    NONLINEARITIES[activation].forward(pre[i], out[i], rows * outputs);
  }
  return out[last];
}

// From the gradient of the loss with respect to the output, in the last `delta`, the gradients of
// all parameters. `atCode` may add to the gradient of the code.
function passBackward(network, input, rows, { pre, out, delta, weights, biases }, atCode) {
  for (let i = network.layers.length - 1; i >= 0; i--) {
    const { inputs, outputs, weight, activation } = network.layers[i];
    if (i === network.code) atCode(out[i], delta[i]);
    NONLINEARITIES[activation].backward(pre[i], out[i], delta[i], rows * outputs);
    biases[i].fill(0);
    for (let r = 0, at = 0; r < rows; r++) for (let o = 0; o < outputs; o++) biases[i][o] += delta[i][at++];
    productGradient(i === 0 ? input : out[i - 1], delta[i], weights[i], rows, inputs, outputs);
    if (i === 0) return;
    const live = network.layers[i - 1].activation === "ReLU" ? out[i - 1] : null;
    productBackward(delta[i], weight, delta[i - 1], rows, inputs, outputs, live);
  }
}
