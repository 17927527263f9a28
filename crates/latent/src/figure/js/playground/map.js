// The map of the validation codes. In three dimensions a drag or the arrow keys turn it.

const MAP_WORDS = {
  1: "Across: the code z1. Up: a row for each digit, so that the codes do not cover one another.",
  2: "The code of each validation image: z1 across, z2 up.",
  3: "The codes in three dimensions, seen from one side. Drag the map, or press the arrow keys on it, to turn it.",
};

function mapWords(width, share) {
  if (width <= 3) return MAP_WORDS[width];
  const percent = Math.round(100 * share);
  return (
    `Of the ${width} dimensions, the map shows the two directions in which the codes vary most ` +
    `(PCA of the codes): ${percent} % of their variance.`
  );
}

function codeMap(names, colours, classes, turned) {
  const map = plane({ names, colours, label: "Map of the codes", focusable: false });
  const { node } = map;
  let turn = [0.5, 0.35];
  let solid = false;
  let frames = 0;
  let held = null;
  const rotate = (yaw, pitch) => {
    turn = [turn[0] + yaw, Math.min(1.5, Math.max(-1.5, turn[1] + pitch))];
    turned(turn);
  };
  node.addEventListener("pointerdown", (event) => {
    if (!solid) return;
    held = [event.clientX, event.clientY];
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => {
    if (!held) return;
    rotate((event.clientX - held[0]) / 120, (event.clientY - held[1]) / 120);
    held = [event.clientX, event.clientY];
  });
  for (const name of ["pointerup", "pointercancel"]) node.addEventListener(name, () => (held = null));
  node.addEventListener("keydown", (event) => {
    if (!solid || event.ctrlKey || event.altKey || event.metaKey) return;
    const way = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
    if (!way) return;
    rotate(...way);
    event.preventDefault();
  });

  const dress = (width) => {
    solid = width === 3;
    node.style.touchAction = solid ? "none" : "auto";
    node.style.cursor = solid ? "grab" : "default";
    node.setAttribute("role", solid ? "application" : "img");
    if (solid) node.setAttribute("tabindex", "0");
    else node.removeAttribute("tabindex");
  };
  const draw = ({ settings, places, view, axes, share }) => {
    const { width } = settings;
    dress(width);
    const n = places.length / 2;
    const side = view[1] - view[0];
    const corner = [view[0] + 0.14 * side, view[2] + 0.14 * side];
    const lines = (axes ? axes[0] : []).map((x, i) => {
      return { from: corner, to: [corner[0] + 0.1 * side * x, corner[1] + 0.1 * side * axes[1][i]], name: `z${i + 1}` };
    });
    const named = {
      1: { axes: ["z1", "digit"], bare: [false, false] },
      2: { axes: ["z1", "z2"] },
      3: { axes: ["", ""], bare: [true, true] },
    }[width] ?? { axes: ["first main direction", "second main direction"] };
    map.draw(view, { x: places.subarray(0, n), y: places.subarray(n), classes, name: ++frames, lines, ...named });
    node.setAttribute("aria-label", `Map of the codes of ${n} validation images, drawn as digits. ${mapWords(width, share)}`);
  };
  return { node, draw };
}
