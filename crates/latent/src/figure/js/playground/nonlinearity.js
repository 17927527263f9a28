// The activation functions: out = f(pre) for the first n elements, and delta = delta * f'(pre). The
// formulas are those of nn/activation.rs. Each has loops of its own, since a call for each element
// would take longer than the function.

const NONLINEARITIES = {
  identity: {
    forward(pre, out, n) {
      for (let i = 0; i < n; i++) out[i] = pre[i];
    },
    backward() {},
  },
  sigmoid: {
    forward(pre, out, n) {
      for (let i = 0; i < n; i++) out[i] = 1 / (1 + Math.exp(-pre[i]));
    },
    backward(pre, out, delta, n) {
      for (let i = 0; i < n; i++) delta[i] *= out[i] * (1 - out[i]);
    },
  },
  tanh: {
    forward(pre, out, n) {
      for (let i = 0; i < n; i++) out[i] = Math.tanh(pre[i]);
    },
    backward(pre, out, delta, n) {
      for (let i = 0; i < n; i++) delta[i] *= 1 - out[i] * out[i];
    },
  },
  ReLU: {
    forward(pre, out, n) {
      for (let i = 0; i < n; i++) out[i] = pre[i] <= 0 ? 0 : pre[i];
    },
    backward(pre, out, delta, n) {
      for (let i = 0; i < n; i++) if (pre[i] <= 0) delta[i] = 0;
    },
  },
  "leaky ReLU": {
    forward(pre, out, n) {
      for (let i = 0; i < n; i++) out[i] = pre[i] <= 0 ? 0.01 * pre[i] : pre[i];
    },
    backward(pre, out, delta, n) {
      for (let i = 0; i < n; i++) if (pre[i] <= 0) delta[i] *= 0.01;
    },
  },
  ELU: {
    forward(pre, out, n) {
      for (let i = 0; i < n; i++) out[i] = pre[i] <= 0 ? Math.expm1(pre[i]) : pre[i];
    },
    backward(pre, out, delta, n) {
      for (let i = 0; i < n; i++) if (pre[i] <= 0) delta[i] *= out[i] + 1;
    },
  },
};
