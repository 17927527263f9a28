// The latent plane: each code drawn as the name of its class, in the colour of its class.

// Steps of 1, 2 or 5 times a power of ten that cut a range in three to seven.
function ticks(low, high) {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const found = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) found.push(Number((i * step).toPrecision(6)));
  return found;
}

// Codes from bytes: all x, then all y, as u16 shares of the view; at its very edges stand those
// that lie outside.
function codes(bytes, classes, [left, right, bottom, top]) {
  const n = bytes.byteLength / 4;
  const shares = new Uint16Array(bytes.buffer, bytes.byteOffset, 2 * n);
  const at = (low, high) => (q) => (q === 0 || q === 65535 ? NaN : low + (q / 65535) * (high - low));
  return {
    x: Float32Array.from(shares.subarray(0, n), at(left, right)),
    y: Float32Array.from(shares.subarray(n), at(bottom, top)),
    classes,
  };
}

// The index of the code nearest to (x, y), and how far away it is.
function nearest(points, x, y) {
  let index = 0;
  let least = Infinity;
  for (let i = 0; i < points.x.length; i++) {
    const distance = Math.hypot(points.x[i] - x, points.y[i] - y);
    if (distance < least) [index, least] = [i, distance];
  }
  return { index, distance: least };
}

const MARGIN = { left: 44, right: 8, top: 8, bottom: 38 };
const SIDE = 420;

// A square canvas. `names` and `colours` are those of the classes.
function plane({ names, colours, label, focusable = true }) {
  const sharp = Math.max(1, Math.ceil(devicePixelRatio));
  const [width, height] = [MARGIN.left + SIDE + MARGIN.right, MARGIN.top + SIDE + MARGIN.bottom];
  const sized = { width: width * sharp, height: height * sharp };
  const role = focusable ? { tabindex: "0", role: "application" } : { role: "img" };
  const node = element("canvas", { class: "plane", ...sized, ...role, "aria-label": label });
  const context = node.getContext("2d");
  const ground = new OffscreenCanvas(sized.width, sized.height);
  let [left, right, bottom, top] = [0, 1, 0, 1];
  let drawn = "";

  const across = (x) => MARGIN.left + ((x - left) / (right - left)) * SIDE;
  const up = (y) => MARGIN.top + ((top - y) / (top - bottom)) * SIDE;

  const drawGround = (points, colour, faint) => {
    const paper = ground.getContext("2d");
    paper.setTransform(sharp, 0, 0, sharp, 0, 0);
    paper.clearRect(0, 0, width, height);
    paper.strokeStyle = faint;
    paper.strokeRect(MARGIN.left + 0.5, MARGIN.top + 0.5, SIDE - 1, SIDE - 1);
    paper.fillStyle = colour;
    paper.font = "12px system-ui, sans-serif";
    paper.textBaseline = "middle";
    paper.textAlign = "center";
    const { axes = ["z1", "z2"], bare = [false, false], lines = [] } = points;
    for (const x of bare[0] ? [] : ticks(left, right)) {
      paper.fillText(String(x), across(x), MARGIN.top + SIDE + 11);
      paper.fillRect(across(x), MARGIN.top + SIDE, 1, 4);
    }
    paper.fillText(axes[0], MARGIN.left + SIDE / 2, height - 8);
    paper.textAlign = "right";
    for (const y of bare[1] ? [] : ticks(bottom, top)) {
      paper.fillText(String(y), MARGIN.left - 7, up(y));
      paper.fillRect(MARGIN.left - 4, up(y), 4, 1);
    }
    paper.save();
    paper.translate(8, MARGIN.top + SIDE / 2);
    paper.rotate(-Math.PI / 2);
    paper.textAlign = "center";
    paper.fillText(axes[1], 0, 0);
    paper.restore();
    for (const { from, to, name } of lines) {
      paper.beginPath();
      paper.moveTo(across(from[0]), up(from[1]));
      paper.lineTo(across(to[0]), up(to[1]));
      paper.stroke();
      paper.fillText(name, across(to[0]), up(to[1]));
    }
    paper.textAlign = "center";
    paper.font = `bold ${points.x.length > 800 ? 9 : 11}px system-ui, sans-serif`;
    points.x.forEach((x, i) => {
      const y = points.y[i];
      if (!(x >= left && x <= right && y >= bottom && y <= top)) return;
      paper.fillStyle = colours[points.classes[i]];
      paper.fillText(names[points.classes[i]], across(x), up(y));
    });
  };

  // `points` may have names for the axes, axes that are `bare` of numbers, and named lines under the
  // points. Draws the points, anew only if they, the view or the page's colour have changed, and the
  // marks over them: a box, places with a letter, a line between two, and the cursor.
  const draw = (view, points, { cursor, box, places = [] } = {}) => {
    [left, right, bottom, top] = view;
    const colour = getComputedStyle(node).color;
    const [red, green, blue] = ink(node);
    const state = [view, colour, points.name].join();
    if (state !== drawn) drawGround(points, colour, `rgba(${red}, ${green}, ${blue}, 0.35)`);
    drawn = state;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, node.width, node.height);
    context.drawImage(ground, 0, 0);
    context.setTransform(sharp, 0, 0, sharp, 0, 0);
    context.strokeStyle = context.fillStyle = colour;
    const page = red + green + blue > 382 ? "#111" : "#fff";
    if (box) {
      context.setLineDash([5, 4]);
      context.lineWidth = 1;
      context.strokeRect(across(box[0]), up(box[3]), across(box[1]) - across(box[0]), up(box[2]) - up(box[3]));
      context.setLineDash([]);
    }
    if (places.length === 2) {
      context.lineWidth = 2;
      context.beginPath();
      places.forEach(({ at: [x, y] }) => context.lineTo(across(x), up(y)));
      context.stroke();
    }
    for (const { at: [x, y], name } of places) {
      context.beginPath();
      context.arc(across(x), up(y), 10, 0, 2 * Math.PI);
      context.fillStyle = colour;
      context.fill();
      context.fillStyle = page;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.font = "bold 13px system-ui, sans-serif";
      context.fillText(name, across(x), up(y) + 1);
    }
    if (cursor) {
      const [x, y] = [across(cursor[0]), up(cursor[1])];
      for (const [stroke, lineWidth] of [[page, 5], [colour, 2]]) {
        Object.assign(context, { strokeStyle: stroke, lineWidth });
        context.beginPath();
        context.arc(x, y, 9, 0, 2 * Math.PI);
        for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
          context.moveTo(x + 5 * dx, y + 5 * dy);
          context.lineTo(x + 14 * dx, y + 14 * dy);
        }
        context.stroke();
      }
    }
  };

  // The code under the pointer, at most at the view's edge.
  const codeAt = (event) => {
    const box = node.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width - MARGIN.left;
    const y = ((event.clientY - box.top) / box.height) * height - MARGIN.top;
    const share = (value) => Math.min(1, Math.max(0, value / SIDE));
    return [left + share(x) * (right - left), top - share(y) * (top - bottom)];
  };

  return { node, draw, codeAt };
}

// Which colour is which class, in words that do not lean on the colour.
function legend(names, colours) {
  const entries = names.map((name, i) => {
    const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = colours[i];
    return element("li", {}, swatch, name);
  });
  return element("ul", { class: "legend", "aria-label": "classes" }, ...entries);
}
