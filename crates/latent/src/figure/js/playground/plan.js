// From codes of any number of dimensions to the plane of the map.
//
//   1    z1 goes across; each class has a row of its own, and each code a place in it
//   2    z1 across, z2 up
//   3    seen from a direction that the reader turns
//   more the two directions in which the codes vary most (PCA of the codes)
//
// A plan has an origin and two directions in the latent space, so that a place of the map is a code
// again: origin + across * right + up * (the second direction).

const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);

function unit(width, axis) {
  return Array.from({ length: width }, (_, i) => (i === axis ? 1 : 0));
}

function meanCode(codes, width) {
  const mean = new Array(width).fill(0);
  const n = codes.length / width;
  for (let i = 0; i < codes.length; i++) mean[i % width] += codes[i] / n;
  return mean;
}

// The directions from which one looks at three dimensions, turned about the upright and the level axis.
function turned([yaw, pitch]) {
  const [c, s, d, t] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  return { right: [c, 0, -s], up: [-s * t, d, -c * t], toward: [s * d, t, c * d] };
}

// The two main directions of the codes, by orthogonal iteration from those of the moment before, so
// that they neither jump nor change their sign. Also their share of the variance.
function mainDirections(codes, width, mean, before) {
  const covariance = Array.from({ length: width }, () => new Array(width).fill(0));
  for (let start = 0; start < codes.length; start += width) {
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) covariance[i][j] += (codes[start + i] - mean[i]) * (codes[start + j] - mean[j]);
    }
  }
  const turn = (v) => covariance.map((row) => dot(row, v));
  const normal = (v, spare) => {
    const length = Math.sqrt(dot(v, v));
    return length > 1e-30 ? v.map((x) => x / length) : spare;
  };
  let { right, up } = before ?? { right: unit(width, 0), up: unit(width, 1) };
  for (let i = 0; i < 30; i++) {
    right = normal(turn(right), right);
    const next = turn(up);
    const along = dot(next, right);
    up = normal(next.map((x, j) => x - along * right[j]), up);
  }
  const total = covariance.reduce((sum, row, i) => sum + row[i], 0);
  const kept = dot(right, turn(right)) + dot(up, turn(up));
  return { right, up, share: total > 0 ? kept / total : 1 };
}

function plan(codes, width, turn, before) {
  if (width < 3) {
    return { origin: new Array(width).fill(0), right: unit(width, 0), up: width === 1 ? [0] : unit(width, 1) };
  }
  const origin = meanCode(codes, width);
  if (width === 3) return { origin, ...turned(turn) };
  return { origin, ...mainDirections(codes, width, origin, before) };
}

// Where the codes lie on the map: all x, then all y. In one dimension the rows of the classes are
// filled in an order that looks random but stays.
function places(codes, width, { origin, right, up }, labels) {
  const n = codes.length / width;
  const found = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < width; j++) {
      const off = codes[i * width + j] - origin[j];
      found[i] += off * right[j];
      found[n + i] += off * up[j];
    }
    if (width === 1) found[n + i] = labels[i] + 0.7 * (((i * 0.618034) % 1) - 0.5);
  }
  return found;
}

// Left, right, bottom and top of the square that shows: one code in a hundred may lie outside of
// each side. `before` is the square of the moment before, which glides to the new one.
function viewAround(found, width, before) {
  const n = found.length / 2;
  const span = (axis) => {
    const sorted = found.slice(axis * n, axis * n + n).sort();
    const skipped = Math.floor((n - 1) / 100);
    return [sorted[skipped], sorted[n - 1 - skipped]];
  };
  const [[left, right], [bottom, top]] = [span(0), span(1)];
  const side = 1.08 * Math.max(right - left, width === 1 ? 0 : top - bottom) || 1;
  const around = (low, high) => [(low + high - side) / 2, (low + high + side) / 2];
  const view = [...around(left, right), ...(width === 1 ? [-0.6, 9.6] : around(bottom, top))];
  return before ? view.map((x, i) => before[i] + 0.2 * (x - before[i])) : view;
}

// The codes at the middles of cells x cells squares of the view, row by row from the top left; in
// one dimension from the lowest to the highest z1, in the order in which one reads.
function gridCodes(cells, width, { origin, right, up }, [left, end, bottom, top]) {
  const codes = new Float32Array(cells * cells * width);
  const at = (low, high, share) => low + (high - low) * share;
  for (let cell = 0; cell < cells * cells; cell++) {
    const [row, column] = [Math.floor(cell / cells), cell % cells];
    const across = width === 1 ? (cell + 0.5) / (cells * cells) : (column + 0.5) / cells;
    const [x, y] = [at(left, end, across), at(top, bottom, (row + 0.5) / cells)];
    for (let j = 0; j < width; j++) codes[cell * width + j] = origin[j] + x * right[j] + y * up[j];
  }
  return codes;
}
