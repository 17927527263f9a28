// The three matrix products of a layer. Weights lie as (inputs, outputs), so that the inner loop of
// each product runs over contiguous memory:
//
//   forward    z = a W + b         each input that is not 0 adds its row of W
//   gradient   dW = a^T dz         each sample whose input is not 0 adds its dz
//   backward   da = dz W^T         a row of W times dz
//
// Four fifths of an image's pixels are 0, and half of the outputs of a ReLU; the first two products
// leave them out. Sums have JavaScript's 64 bits, and only what is stored is rounded to 32: rounding
// each product with Math.fround made the steps a third slower.

// Adds `n` rows of `source` to the row of `target` at `to`, each times its factor. Eight rows at a
// time, so that each sum is read and written once for eight of them.
function addRows(target, to, source, starts, factors, n, length) {
  let k = 0;
  for (; k + 8 <= n; k += 8) {
    const s0 = starts[k], s1 = starts[k + 1], s2 = starts[k + 2], s3 = starts[k + 3];
    const s4 = starts[k + 4], s5 = starts[k + 5], s6 = starts[k + 6], s7 = starts[k + 7];
    const f0 = factors[k], f1 = factors[k + 1], f2 = factors[k + 2], f3 = factors[k + 3];
    const f4 = factors[k + 4], f5 = factors[k + 5], f6 = factors[k + 6], f7 = factors[k + 7];
    for (let i = 0; i < length; i++) {
      const first = f0 * source[s0 + i] + f1 * source[s1 + i] + (f2 * source[s2 + i] + f3 * source[s3 + i]);
      const second = f4 * source[s4 + i] + f5 * source[s5 + i] + (f6 * source[s6 + i] + f7 * source[s7 + i]);
      target[to + i] += first + second;
    }
  }
  for (; k + 2 <= n; k += 2) {
    const s0 = starts[k], s1 = starts[k + 1];
    const f0 = factors[k], f1 = factors[k + 1];
    for (let i = 0; i < length; i++) target[to + i] += f0 * source[s0 + i] + f1 * source[s1 + i];
  }
  if (k < n) {
    const start = starts[k];
    const factor = factors[k];
    for (let i = 0; i < length; i++) target[to + i] += factor * source[start + i];
  }
}

function productForward(a, weight, bias, z, rows, inputs, outputs) {
  const starts = new Int32Array(inputs);
  const factors = new Float64Array(inputs);
  for (let r = 0; r < rows; r++) {
    let n = 0;
    for (let i = 0; i < inputs; i++) {
      const value = a[r * inputs + i];
      if (value === 0) continue;
      starts[n] = i * outputs;
      factors[n++] = value;
    }
    z.set(bias, r * outputs);
    addRows(z, r * outputs, weight, starts, factors, n, outputs);
  }
}

function productGradient(a, delta, gradient, rows, inputs, outputs) {
  const starts = new Int32Array(rows);
  const factors = new Float64Array(rows);
  gradient.fill(0);
  for (let i = 0; i < inputs; i++) {
    let n = 0;
    for (let r = 0; r < rows; r++) {
      const value = a[r * inputs + i];
      if (value === 0) continue;
      starts[n] = r * outputs;
      factors[n++] = value;
    }
    addRows(gradient, i * outputs, delta, starts, factors, n, outputs);
  }
}

// `live`, if there is one, are the outputs of a ReLU: where they are 0, so is its slope, and what this
// product would give is of no use.
function productBackward(delta, weight, before, rows, inputs, outputs, live) {
  const at = new Int32Array(inputs);
  for (let r = 0; r < rows; r++) {
    const from = r * outputs;
    const to = r * inputs;
    let n = 0;
    for (let i = 0; i < inputs; i++) {
      before[to + i] = 0;
      if (!live || live[to + i] !== 0) at[n++] = i;
    }
    let k = 0;
    for (; k + 4 <= n; k += 4) {
      const w0 = at[k] * outputs, w1 = at[k + 1] * outputs, w2 = at[k + 2] * outputs, w3 = at[k + 3] * outputs;
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
      for (let o = 0; o < outputs; o++) {
        const d = delta[from + o];
        s0 += d * weight[w0 + o];
        s1 += d * weight[w1 + o];
        s2 += d * weight[w2 + o];
        s3 += d * weight[w3 + o];
      }
      before[to + at[k]] = s0;
      before[to + at[k + 1]] = s1;
      before[to + at[k + 2]] = s2;
      before[to + at[k + 3]] = s3;
    }
    for (; k < n; k++) {
      const w0 = at[k] * outputs;
      let sum = 0;
      for (let o = 0; o < outputs; o++) sum += delta[from + o] * weight[w0 + o];
      before[to + at[k]] = sum;
    }
  }
}
