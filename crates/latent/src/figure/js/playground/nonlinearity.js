// The activation functions, each with its slope from the input x and the output f: the formulas of
// nn/activation.rs.

const NONLINEARITIES = {
  identity: { value: (x) => x, slope: () => 1 },
  sigmoid: { value: (x) => 1 / (1 + Math.exp(-x)), slope: (x, f) => f * (1 - f) },
  tanh: { value: Math.tanh, slope: (x, f) => 1 - f * f },
  ReLU: { value: (x) => (x <= 0 ? 0 : x), slope: (x) => (x <= 0 ? 0 : 1) },
  "leaky ReLU": { value: (x) => (x <= 0 ? 0.01 * x : x), slope: (x) => (x <= 0 ? 0.01 : 1) },
  ELU: { value: (x) => (x <= 0 ? Math.expm1(x) : x), slope: (x, f) => (x <= 0 ? f + 1 : 1) },
};

// out = f(pre), for the first n elements.
function activate(name, pre, out, n) {
  const { value } = NONLINEARITIES[name];
  for (let i = 0; i < n; i++) out[i] = value(pre[i]);
}

// delta = delta * f'(pre), element by element.
function deactivate(name, pre, out, delta, n) {
  const { slope } = NONLINEARITIES[name];
  for (let i = 0; i < n; i++) delta[i] *= slope(pre[i], out[i]);
}
