// The curves: training and validation loss by epoch on a logarithmic axis, beside the errors of the
// mean image and of PCA at the same width.

const LOSSES = { width: 440, height: 210, left: 52, right: 12, top: 10, bottom: 36 };
const MOST_POINTS = 400;
const DECADES = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];

function losses() {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = (tag, attributes, text = "") => {
    const made = document.createElementNS(namespace, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    return made;
  };
  const { width, height, left, right, top, bottom } = LOSSES;
  const label = "Training and validation loss by epoch, beside the errors of the mean image and of PCA";
  const node = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: "losses" });
  let points = [];

  // Every second point goes when there are too many to see.
  const add = (more) => {
    points.push(...more);
    if (points.length > MOST_POINTS) points = points.filter((_, i) => i % 2 === 0 || i === points.length - 1);
  };
  const draw = ({ mean, pca }, pcaName) => {
    const found = points.flatMap(({ train, validation }) => [train, validation]).filter((x) => x > 0 && Number.isFinite(x));
    const low = 0.9 * Math.min(pca, mean, ...found);
    const high = Math.min(3, 1.1 * Math.max(mean, ...found));
    const last = Math.max(1, points.at(-1)?.epoch ?? 0);
    const across = (epoch) => left + (epoch / last) * (width - left - right);
    const share = (loss) => Math.log(loss / low) / Math.log(high / low);
    const up = (loss) => height - bottom - Math.min(1, share(loss)) * (height - top - bottom);
    const text = { fill: "currentcolor", "font-size": 12 };
    const parts = [];
    for (const loss of DECADES.filter((x) => x >= low && x <= high)) {
      parts.push(
        svg("line", { x1: left, x2: width - right, y1: up(loss), y2: up(loss), stroke: "currentcolor", opacity: 0.15 }),
        svg("text", { ...text, x: left - 6, y: up(loss) + 4, "text-anchor": "end" }, String(loss))
      );
    }
    for (const epoch of ticks(0, last)) {
      parts.push(svg("text", { ...text, x: across(epoch), y: height - 21, "text-anchor": "middle" }, String(epoch)));
    }
    const level = (loss, name, dash, above) => {
      parts.push(
        svg("line", { x1: left, x2: width - right, y1: up(loss), y2: up(loss), stroke: "currentcolor", "stroke-width": 1.5, "stroke-dasharray": dash }),
        svg("text", { ...text, x: width - right - 2, y: up(loss) + (above ? -4 : 13), "text-anchor": "end" }, name)
      );
    };
    level(mean, "mean image", "2 3", true);
    // Its name keeps out of the way of the curve, which ends at the right.
    level(pca, pcaName, "8 3 2 3", points.at(-1)?.validation < pca);
    const line = (key, colour, dash) => {
      const shown = points.filter((point) => point[key] > 0 && Number.isFinite(point[key]));
      const at = shown.map((point) => `${across(point.epoch).toFixed(1)},${up(point[key]).toFixed(1)}`).join(" ");
      parts.push(svg("polyline", { fill: "none", stroke: colour, "stroke-width": 2.5, "stroke-dasharray": dash, points: at }));
    };
    line("train", "#1E7DAA", "6 4");
    line("validation", "#D55E00", "none");
    const middle = (height - bottom + top) / 2;
    parts.push(
      svg("text", { ...text, x: (left + width) / 2, y: height - 4, "text-anchor": "middle" }, "epoch"),
      svg("text", { ...text, x: 11, y: middle, transform: `rotate(-90 11 ${middle})`, "text-anchor": "middle" }, "mean squared error")
    );
    node.replaceChildren(...parts);
  };
  return { node, add, draw, clear: () => (points = []), last: () => points.at(-1) };
}
