// Adam, as nn/optim.rs has it: Kingma & Ba, ICLR 2015, with PyTorch's defaults.

function adam(lengths) {
  const zeros = () => lengths.map((n) => new Float32Array(n));
  return { step: 0, mean: zeros(), square: zeros() };
}

// Moves each group of parameters by its gradient.
function adamStep(state, rate, parameters, gradients) {
  const [keepMean, keepSquare, epsilon] = [0.9, 0.999, 1e-8];
  state.step += 1;
  const step = rate / (1 - keepMean ** state.step);
  const root = 1 / Math.sqrt(1 - keepSquare ** state.step);
  parameters.forEach((parameter, group) => {
    moveGroup(parameter, gradients[group], state.mean[group], state.square[group]);
  });

  function moveGroup(p, g, mean, square) {
    for (let i = 0; i < p.length; i++) {
      const m = keepMean * mean[i] + (1 - keepMean) * g[i];
      const v = keepSquare * square[i] + (1 - keepSquare) * g[i] * g[i];
      mean[i] = m;
      square[i] = v;
      p[i] -= (step * m) / (Math.sqrt(v) * root + epsilon);
    }
  }
}
