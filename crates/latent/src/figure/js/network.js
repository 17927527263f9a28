// A network as Rust packed it: for each layer a scale and a bias for each row (f32), and after
// those of all layers the weights as whole numbers (i8), w = scale * q.

// Abramowitz & Stegun, Handbook of Mathematical Functions, 7.1.26: right to 2e-7.
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

const ACTIVATIONS = {
  identity: (x) => x,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  ReLU: (x) => (x > 0 ? x : 0),
  "leaky ReLU": (x) => (x > 0 ? x : 0.01 * x),
  ELU: (x) => (x > 0 ? x : Math.expm1(x)),
  GELU: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  exponential: (x) => Math.exp(x),
};

// One row of Linear and activation: f(W x + b).
function forward({ inputs, outputs, weight, bias, activation }, x) {
  const y = new Float32Array(outputs);
  for (let row = 0, at = 0; row < outputs; row++) {
    let sum = bias[row];
    for (let column = 0; column < inputs; column++) sum += weight[at++] * x[column];
    y[row] = activation(sum);
  }
  return y;
}

// The function that the packed layers compute, from one row to one row.
function network(bytes, shapes) {
  const rows = shapes.reduce((sum, { outputs }) => sum + outputs, 0);
  const floats = new Float32Array(bytes.buffer, bytes.byteOffset, 2 * rows);
  const whole = new Int8Array(bytes.buffer, bytes.byteOffset + floats.byteLength);
  let row = 0;
  let at = 0;
  const layers = shapes.map(({ inputs, outputs, activation }) => {
    const scale = floats.subarray(row, row + outputs);
    const bias = floats.subarray(row + outputs, row + 2 * outputs);
    const weight = Float32Array.from(whole.subarray(at, at + inputs * outputs), (q, i) => {
      return q * scale[Math.floor(i / inputs)];
    });
    row += 2 * outputs;
    at += inputs * outputs;
    return { inputs, outputs, weight, bias, activation: ACTIVATIONS[activation] };
  });
  return (x) => layers.reduce((input, layer) => forward(layer, input), x);
}
