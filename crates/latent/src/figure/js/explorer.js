// The explorer: wherever the pointer or the arrow keys go in the latent plane, the decoder says
// what lies there.

const STRIP = 7;

async function explorer(still, data) {
  const { view, side, names, colours } = data;
  const decode = network(await unpack(data.decoder.packed), data.decoder.layers);
  const points = codes(await unpack(data.codes), data.classes, view);
  let shown = data.start;
  let here = [(shown[0] + shown[1]) / 2, (shown[2] + shown[3]) / 2];
  let ends = [];

  // The part of the whole view that has `here` at these shares of its side, as far as can be.
  const look = (side, [right, up]) => {
    const start = (axis, share) => {
      const [low, high] = view.slice(2 * axis, 2 * axis + 2);
      return Math.min(high - side, Math.max(low, here[axis] - share * side));
    };
    const [left, bottom] = [start(0, right), start(1, up)];
    shown = [left, left + side, bottom, bottom + side];
  };
  const extent = () => shown[1] - shown[0];
  const shares = () => [0, 1].map((axis) => (here[axis] - shown[2 * axis]) / extent());
  const zoom = (factor) => {
    const whole = view[1] - view[0];
    look(Math.min(whole, Math.max(whole / 100, extent() * factor)), shares());
    draw();
  };

  const map = plane({
    names,
    colours,
    label:
      "Map of the latent space. Arrow keys move, with Shift in larger steps; " +
      "plus and minus zoom, Enter sets the ends of a line, P plays it as a film.",
  });
  const image = pixels(side, side, Math.max(1, Math.floor(224 / side)), "The decoded image");
  const strip = pixels(STRIP * side, side, 1, "Seven images from A to B");
  strip.style.width = "100%";
  strip.hidden = true;
  const { node: status, say } = announcer();

  const describe = ([x, y]) => {
    const { index, distance } = nearest(points, x, y);
    const name = names[points.classes[index]];
    const far = distance > 0.05 * extent() ? ", but far away" : "";
    const place = `${x.toFixed(2)}, ${y.toFixed(2)}`.replaceAll("-", "−");
    image.setAttribute("aria-label", `The image decoded from ${place}`);
    return `Decoded from (${place}). Nearest test sample: class ${name}${far}.`;
  };
  const draw = () => {
    const places = ends.map((at, i) => ({ at, name: "AB"[i] }));
    map.draw(shown, points, { cursor: here, places });
    paint(image, decode(here), side);
    say(describe(here));
  };
  const between = (share) => ends[0].map((a, i) => a + share * (ends[1][i] - a));
  const drawStrip = () => {
    strip.hidden = play.button.disabled = ends.length < 2;
    if (ends.length < 2) return;
    for (let i = 0; i < STRIP; i++) paint(strip, decode(between(i / (STRIP - 1))), side, i * side);
  };
  const play = player("Play from A to B", (done) => {
    const frame = (share) => {
      here = between(share);
      draw();
    };
    return film(3, frame, done);
  });
  const go = (code) => {
    play.end();
    here = code;
    draw();
  };
  const pin = () => {
    play.end();
    ends = ends.length === 2 ? [here] : [...ends, here];
    draw();
    drawStrip();
    if (ends.length === 1) say("A is set. Choose B: click, tap, or press Enter there.");
    else say("A and B are set. Play shows the way between them.");
  };

  let pressed = null;
  map.node.addEventListener("pointermove", (event) => go(map.codeAt(event)));
  map.node.addEventListener("pointerdown", (event) => {
    map.node.focus();
    pressed = [event.clientX, event.clientY];
    go(map.codeAt(event));
  });
  map.node.addEventListener("pointerup", (event) => {
    // What moved was a look around, not a click.
    if (pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < 6) pin();
    pressed = null;
  });
  map.node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const step = (extent() / 100) * (event.shiftKey ? 5 : 1);
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (move) {
      const within = (value, axis) => Math.min(view[2 * axis + 1], Math.max(view[2 * axis], value));
      const next = here.map((value, axis) => within(value + move[axis] * step, axis));
      go(next);
      // The map follows what leaves it.
      const place = shares();
      if (place.some((share) => share < 0 || share > 1)) {
        look(extent(), place.map((share) => Math.min(1, Math.max(0, share))));
        draw();
      }
    } else if (event.key === "+" || event.key === "=") {
      zoom(0.7);
    } else if (event.key === "-") {
      zoom(1 / 0.7);
    } else if (event.key === "Enter" || event.key === " ") {
      pin();
    } else if (event.key.toLowerCase() === "p" && ends.length === 2) {
      play.toggle();
    } else {
      return;
    }
    event.preventDefault();
  });

  const nearer = element("button", { type: "button", onclick: () => zoom(0.7) }, "Zoom in");
  const farther = element("button", { type: "button", onclick: () => zoom(1 / 0.7) }, "Zoom out");
  const clear = element("button", { type: "button" }, "Clear");
  clear.addEventListener("click", () => {
    play.end();
    ends = [];
    draw();
    drawStrip();
  });
  play.button.disabled = true;
  const content = [
    element("h3", {}, "Explore the latent space"),
    element(
      "div",
      { class: "row" },
      element("div", { class: "wide" }, map.node, legend(names, colours), element("div", { class: "line" }, nearer, farther)),
      element(
        "div",
        { class: "narrow" },
        image,
        status,
        element("div", { class: "line" }, play.button, clear),
        strip,
        element(
          "p",
          { class: "small" },
          "Move the pointer over the map, or press the arrow keys there (Shift: larger steps; + and − zoom). " +
            "Click, tap or Enter sets A, then B; P plays the line between them."
        ),
        element("p", { class: "small" }, data.note)
      )
    ),
  ];
  const host = replace(still, "explorer", content, () => {
    draw();
    drawStrip();
  });
  host.decode = decode;
}
