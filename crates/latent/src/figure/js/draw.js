// Draw a digit: what is drawn is made as MNIST's digits were, encoded, and decoded again.

const PAD = 280;
const NEAREST = 6;

// As MNIST was made: the ink's box is scaled into 20 x 20 pixels, and its centre of mass comes to
// the middle of 28 x 28. `ink` is size x size, from 0 to 1. Nothing if there is no ink.
function prepare(ink, size, side) {
  let [left, right, top, bottom] = [size, -1, size, -1];
  ink.forEach((value, i) => {
    if (value < 0.1) return;
    const [x, y] = [i % size, Math.floor(i / size)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  });
  if (right < 0) return null;
  const ratio = (Math.max(right - left, bottom - top) + 1) / Math.round((20 / 28) * side);
  const width = Math.max(1, Math.round((right - left + 1) / ratio));
  const height = Math.max(1, Math.round((bottom - top + 1) / ratio));
  const small = new Float32Array(width * height);
  let [mass, across, down] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [sum, count] = [0, 0];
      for (let v = Math.floor(top + y * ratio); v < Math.min(size, top + (y + 1) * ratio); v++) {
        for (let u = Math.floor(left + x * ratio); u < Math.min(size, left + (x + 1) * ratio); u++) {
          sum += ink[v * size + u];
          count++;
        }
      }
      const value = count ? sum / count : 0;
      small[y * width + x] = value;
      mass += value;
      across += value * (x + 0.5);
      down += value * (y + 0.5);
    }
  }
  const image = new Float32Array(side * side);
  const [dx, dy] = [Math.round(side / 2 - across / mass), Math.round(side / 2 - down / mass)];
  small.forEach((value, i) => {
    const [x, y] = [(i % width) + dx, Math.floor(i / width) + dy];
    if (x >= 0 && x < side && y >= 0 && y < side) image[y * side + x] = value;
  });
  return image;
}

async function drawADigit(still, data) {
  const { view, start, side, names, colours, errors, levels } = data;
  const encode = network(await unpack(data.encoder.packed), data.encoder.layers);
  const decode = network(await unpack(data.decoder.packed), data.decoder.layers);
  const points = codes(await unpack(data.codes), data.classes, view);
  const known = await unpack(data.images);
  const sample = (i) => Float32Array.from(known.subarray(i * side * side, (i + 1) * side * side), (q) => q / levels);

  const pad = element("canvas", {
    class: "pixels",
    width: PAD,
    height: PAD,
    tabindex: "0",
    role: "application",
    "aria-label":
      "Paper to draw a digit on. The arrow keys move the pen, with Shift in larger steps; " +
      "Space lowers and lifts it; Delete clears the paper.",
  });
  pad.style.cssText = "touch-action: none; cursor: crosshair";
  const nib = element("span", { "aria-hidden": "true" });
  nib.style.cssText =
    "position: absolute; width: 20px; height: 20px; margin: -10px 0 0 -10px; border: 2px solid #2b8ae2; " +
    "border-radius: 50%; pointer-events: none";
  nib.hidden = true;
  const paper = element("div", {}, pad, nib);
  paper.style.cssText = `position: relative; width: ${PAD}px; max-width: 100%`;
  const context = pad.getContext("2d", { willReadFrequently: true });
  const map = plane({ names, colours, label: "Map of the latent space, with the place of the drawing", focusable: false });
  const scale = Math.max(1, Math.floor(112 / side));
  const seen = pixels(side, side, scale, "The drawing as the network gets it");
  const decoded = pixels(side, side, scale, "Its reconstruction");
  const neighbours = Array.from({ length: Math.min(NEAREST, points.x.length) }, () => ({
    image: pixels(side, side, Math.max(1, Math.floor(56 / side)), ""),
    caption: element("figcaption"),
  }));
  const { node: status, say } = announcer();
  const toolbar = element("div", { class: "line" });
  const results = []; // what shows only when there is a drawing

  let last = null; // where the pen drew last, on the pad
  let pen = [PAD / 2, PAD / 2]; // the pen that the keys move
  let down = false;
  let waiting = false;

  const clear = () => {
    context.clearRect(0, 0, PAD, PAD);
    last = null;
    update();
  };
  const inkOnPad = () => {
    const { data: rgba } = context.getImageData(0, 0, PAD, PAD);
    return Float32Array.from({ length: PAD * PAD }, (_, i) => rgba[4 * i + 3] / 255);
  };
  const update = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      show();
    });
  };
  const show = () => {
    const image = prepare(inkOnPad(), PAD, side);
    for (const node of results) node.style.visibility = image ? "visible" : "hidden";
    if (!image) {
      map.draw(start, points);
      say("Draw a digit with the mouse, a finger, or the keys.");
      return;
    }
    const code = encode(image);
    const inside = ([left, right, bottom, top]) => code[0] >= left && code[0] <= right && code[1] >= bottom && code[1] <= top;
    // What lies outside of the whole map too, is put on its edge.
    const clamped = Array.from(code, (value, axis) => Math.min(view[2 * axis + 1], Math.max(view[2 * axis], value)));
    map.draw(inside(start) ? start : view, points, { cursor: clamped });
    paint(seen, image, side);
    const again = decode(code);
    paint(decoded, again, side);

    const distance = (i) => Math.hypot(points.x[i] - code[0], points.y[i] - code[1]);
    const order = Array.from(points.x.keys()).filter((i) => !Number.isNaN(distance(i)));
    order.sort((a, b) => distance(a) - distance(b));
    neighbours.forEach(({ image, caption }, rank) => {
      const i = order[rank];
      if (i === undefined) return;
      const name = names[points.classes[i]];
      paint(image, sample(i), side);
      image.setAttribute("aria-label", `A test sample of class ${name}`);
      caption.textContent = name;
    });
    const error = image.reduce((sum, x, i) => sum + (x - again[i]) ** 2, 0) / image.length;
    const share = Math.round((100 * errors.filter((e) => e < error).length) / errors.length);
    const verdict = share >= 95 ? "an unusual image" : share >= 75 ? "less usual than most" : "nothing unusual";
    const around = order.slice(0, NEAREST).map((i) => names[points.classes[i]]).join(" ");
    say(
      `Code (${code[0].toFixed(2)}, ${code[1].toFixed(2)})${inside(view) ? "" : ", outside of the map"}. ` +
        `Nearest test samples: ${around}. Reconstruction error ${error.toFixed(3)}, ` +
        `above that of ${share} % of the test samples: ${verdict}.`
    );
  };

  // A soft round brush.
  const stroke = (from, to) => {
    const colour = `rgb(${ink(pad).join()})`;
    const dot = from[0] === to[0] && from[1] === to[1];
    Object.assign(context, { strokeStyle: colour, shadowColor: colour, shadowBlur: 8, lineCap: "round", lineWidth: 19 });
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(to[0], to[1] + (dot ? 0.1 : 0));
    context.stroke();
    update();
  };
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * PAD, ((event.clientY - box.top) / box.height) * PAD];
  };
  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    pad.focus({ focusVisible: false });
    nib.hidden = true;
    last = at(event);
    stroke(last, last);
    event.preventDefault();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!last || !pad.hasPointerCapture(event.pointerId)) return;
    for (const part of event.getCoalescedEvents?.().concat(event) ?? [event]) {
      const next = at(part);
      stroke(last, next);
      last = next;
    }
  });
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => (last = null));

  const place = () => {
    const factor = pad.getBoundingClientRect().width / PAD;
    nib.style.left = `${pen[0] * factor}px`;
    nib.style.top = `${pen[1] * factor}px`;
    nib.style.background = down ? "#2b8ae2" : "transparent";
    nib.hidden = false;
  };
  pad.addEventListener("blur", () => (nib.hidden = true));
  pad.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const length = event.shiftKey ? 30 : 10;
    if (move) {
      const next = pen.map((value, axis) => Math.min(PAD, Math.max(0, value + length * move[axis])));
      if (down) stroke(pen, next);
      pen = next;
    } else if (event.key === " ") {
      down = !down;
      if (down) stroke(pen, pen);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      clear();
    } else {
      return;
    }
    place();
    event.preventDefault();
  });

  toolbar.append(element("button", { type: "button", onclick: clear }, "Clear"));
  const captioned = (image, text) => element("figure", {}, image, element("figcaption", {}, text));
  const pair = element("div", { class: "line" }, captioned(seen, "as the network gets it"), captioned(decoded, "its reconstruction"));
  const row = element("div", { class: "line" });
  row.append(...neighbours.map(({ image, caption }) => element("figure", {}, image, caption)));
  const near = element("div", {}, element("p", {}, "Nearest test samples"), row);
  results.push(pair, near);
  const content = [
    element("h3", {}, "Draw a digit"),
    element(
      "div",
      { class: "row" },
      element(
        "div",
        { class: "narrow" },
        paper,
        toolbar,
        status,
        pair,
        element(
          "p",
          { class: "small" },
          "Draw with the mouse or a finger. With the keyboard: arrows move the pen (Shift: larger steps), " +
            "Space lowers and lifts it, Delete clears."
        )
      ),
      element("div", { class: "wide" }, map.node, legend(names, colours), near)
    ),
    element("p", { class: "small" }, data.note),
  ];
  let colour = "";
  const host = replace(still, "draw", content, () => {
    const now = ink(pad).join();
    if (colour && now !== colour) {
      // What is drawn takes the page's new colour.
      context.globalCompositeOperation = "source-in";
      context.fillStyle = `rgb(${now})`;
      context.shadowBlur = 0;
      context.fillRect(0, 0, PAD, PAD);
      context.globalCompositeOperation = "source-over";
    }
    colour = now;
    show();
  });
  Object.assign(host, { encode, decode, prepare });
}
