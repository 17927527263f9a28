// The three matrix products of a layer, on Float32Array. Weights lie as (inputs, outputs), so that
// the inner loop of each product runs over contiguous memory:
//
//   forward    z = a W + b         each input that is not 0 adds its row of W
//   gradient   dW = a^T dz         each sample whose input is not 0 adds its dz
//   backward   da = dz W^T         a row of W times dz
//
// Four fifths of an image's pixels are 0, and half of the outputs of a ReLU; the first two products
// leave them out. They take four rows at a time, so that each sum is fetched and stored once for four.
// Math.fround lets the browser calculate in 32 bits.

const round = Math.fround;

function productForward(a, weight, bias, z, rows, inputs, outputs) {
  const at = new Int32Array(inputs);
  for (let r = 0; r < rows; r++) {
    const from = r * inputs;
    const to = r * outputs;
    for (let o = 0; o < outputs; o++) z[to + o] = bias[o];
    let n = 0;
    for (let i = 0; i < inputs; i++) if (a[from + i] !== 0) at[n++] = i;
    let k = 0;
    for (; k + 4 <= n; k += 4) {
      const a0 = a[from + at[k]], a1 = a[from + at[k + 1]], a2 = a[from + at[k + 2]], a3 = a[from + at[k + 3]];
      const w0 = at[k] * outputs, w1 = at[k + 1] * outputs, w2 = at[k + 2] * outputs, w3 = at[k + 3] * outputs;
      for (let o = 0; o < outputs; o++) {
        z[to + o] = round(
          z[to + o] +
            round(
              round(round(a0 * weight[w0 + o]) + round(a1 * weight[w1 + o])) +
                round(round(a2 * weight[w2 + o]) + round(a3 * weight[w3 + o]))
            )
        );
      }
    }
    for (; k < n; k++) {
      const a0 = a[from + at[k]], w0 = at[k] * outputs;
      for (let o = 0; o < outputs; o++) z[to + o] = round(z[to + o] + round(a0 * weight[w0 + o]));
    }
  }
}

function productGradient(a, delta, gradient, rows, inputs, outputs) {
  const at = new Int32Array(rows);
  for (let i = 0; i < inputs; i++) {
    const to = i * outputs;
    for (let o = 0; o < outputs; o++) gradient[to + o] = 0;
    let n = 0;
    for (let r = 0; r < rows; r++) if (a[r * inputs + i] !== 0) at[n++] = r;
    let k = 0;
    for (; k + 4 <= n; k += 4) {
      const r0 = at[k], r1 = at[k + 1], r2 = at[k + 2], r3 = at[k + 3];
      const a0 = a[r0 * inputs + i], a1 = a[r1 * inputs + i], a2 = a[r2 * inputs + i], a3 = a[r3 * inputs + i];
      const d0 = r0 * outputs, d1 = r1 * outputs, d2 = r2 * outputs, d3 = r3 * outputs;
      for (let o = 0; o < outputs; o++) {
        gradient[to + o] = round(
          gradient[to + o] +
            round(
              round(round(a0 * delta[d0 + o]) + round(a1 * delta[d1 + o])) +
                round(round(a2 * delta[d2 + o]) + round(a3 * delta[d3 + o]))
            )
        );
      }
    }
    for (; k < n; k++) {
      const a0 = a[at[k] * inputs + i], d0 = at[k] * outputs;
      for (let o = 0; o < outputs; o++) gradient[to + o] = round(gradient[to + o] + round(a0 * delta[d0 + o]));
    }
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
      let s0 = round(0), s1 = round(0), s2 = round(0), s3 = round(0);
      for (let o = 0; o < outputs; o++) {
        const d = delta[from + o];
        s0 = round(s0 + round(d * weight[w0 + o]));
        s1 = round(s1 + round(d * weight[w1 + o]));
        s2 = round(s2 + round(d * weight[w2 + o]));
        s3 = round(s3 + round(d * weight[w3 + o]));
      }
      before[to + at[k]] = s0;
      before[to + at[k + 1]] = s1;
      before[to + at[k + 2]] = s2;
      before[to + at[k + 3]] = s3;
    }
    for (; k < n; k++) {
      const w0 = at[k] * outputs;
      let sum = round(0);
      for (let o = 0; o < outputs; o++) sum = round(sum + round(delta[from + o] * weight[w0 + o]));
      before[to + at[k]] = sum;
    }
  }
}
