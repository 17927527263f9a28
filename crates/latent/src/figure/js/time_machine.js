// The time machine: a slider over the snapshots of a training. Map, grid and curves move together.

const CURVE = { width: 420, height: 150, left: 44, right: 8, top: 8, bottom: 34 };

// The losses of all frames as lines: solid up to the frame that shows, faint after it.
function curves(frames) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = (tag, attributes, text = "") => {
    const made = document.createElementNS(namespace, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    return made;
  };
  const { width, height, left, right, top, bottom } = CURVE;
  const losses = frames.flatMap(({ train, validation }) => [train, validation]).filter((x) => Number.isFinite(x));
  const most = Math.max(...losses, 1e-12);
  const across = (i) => left + (i / Math.max(1, frames.length - 1)) * (width - left - right);
  const up = (loss) => height - bottom - (loss / most) * (height - top - bottom);
  const node = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", style: "width: 100%; height: auto; display: block" });
  node.append(svg("title", {}, "Training and validation loss of each snapshot"));
  const text = { fill: "currentcolor", "font-size": 12 };
  for (const loss of ticks(0, most)) {
    node.append(
      svg("line", { x1: left, x2: width - right, y1: up(loss), y2: up(loss), stroke: "currentcolor", opacity: 0.2 }),
      svg("text", { ...text, x: left - 6, y: up(loss) + 4, "text-anchor": "end" }, String(loss))
    );
  }
  node.append(
    svg("text", { ...text, x: left, y: height - 18 }, "start"),
    svg("text", { ...text, x: width - right, y: height - 18, "text-anchor": "end" }, `epoch ${frames[frames.length - 1].epoch}`),
    svg("text", { ...text, x: (left + width) / 2, y: height - 4, "text-anchor": "middle" }, "snapshot"),
    svg("text", { ...text, x: 10, y: height / 2 - 10, transform: `rotate(-90 10 ${height / 2 - 10})`, "text-anchor": "middle" }, "loss")
  );
  const kinds = [
    { key: "train", colour: "#1E7DAA", dash: "6 4" },
    { key: "validation", colour: "#D55E00", dash: "none" },
  ];
  const lines = kinds.map(({ key, colour, dash }) => {
    const points = frames.map((frame, i) => [across(i), up(frame[key]), frame[key]]).filter(([, , loss]) => Number.isFinite(loss));
    const path = (shown) => shown.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    const style = { fill: "none", stroke: colour, "stroke-width": 2.5, "stroke-dasharray": dash };
    const whole = svg("polyline", { ...style, opacity: 0.25, points: path(points) });
    const sofar = svg("polyline", { ...style, points: "" });
    node.append(whole, sofar);
    return (x) => sofar.setAttribute("points", path(points.filter(([at]) => at <= x + 0.01)));
  });
  const now = svg("line", { y1: top, y2: height - bottom, stroke: "currentcolor", "stroke-width": 1.5 });
  node.append(now);
  const show = (i) => {
    const x = across(i);
    now.setAttribute("x1", x);
    now.setAttribute("x2", x);
    lines.forEach((line) => line(x));
  };
  return { node, show };
}

async function timeMachine(still, data) {
  const { frames, names, colours, classes, side, cells, levels } = data;
  const places = await unpack(data.codes);
  const images = await unpack(data.images);
  const size = places.length / frames.length;
  const clouds = frames.map(({ view }, i) => {
    return { name: i, ...codes(places.slice(i * size, (i + 1) * size), classes, view) };
  });

  const map = plane({ names, colours, label: "Map of the codes", focusable: false });
  const grid = cells ? pixels(cells * side, cells * side, 1, "") : null;
  if (grid) grid.style.width = "100%";
  const chart = curves(frames);
  const { node: status, say } = announcer();
  const slider = element("input", {
    type: "range",
    min: 0,
    max: frames.length - 1,
    step: 1,
    value: 0,
    "aria-label": "Snapshot of the training",
  });

  const describe = ({ step, epoch, train, validation }) => {
    const losses = `validation loss ${validation.toPrecision(3)}`;
    if (step === 0) return `Before the first step: ${losses}.`;
    const before = Number.isFinite(train) ? `training loss ${train.toPrecision(3)}, ` : "";
    return `Epoch ${epoch}, after step ${step.toLocaleString("en")}: ${before}${losses}.`;
  };
  const show = () => {
    const i = Number(slider.value);
    const text = describe(frames[i]);
    map.draw(frames[i].view, clouds[i], { box: frames[i].box });
    map.node.setAttribute("aria-label", `Map of the codes. ${text}`);
    if (grid) {
      const width = cells * side;
      const image = images.subarray(i * width * width, (i + 1) * width * width);
      paint(grid, Float32Array.from(image, (q) => q / levels), width);
      grid.setAttribute("aria-label", `Images decoded from the dashed box on the map. ${text}`);
    }
    chart.show(i);
    slider.setAttribute("aria-valuetext", text);
    say(text);
  };
  const play = player("Play the training", (done) => {
    const last = frames.length - 1;
    const first = Number(slider.value) === last ? 0 : Number(slider.value);
    return film(
      Math.max(2, (last - first) * 0.35),
      (share) => {
        const frame = String(Math.round(first + share * (last - first)));
        if (frame === slider.value) return;
        slider.value = frame;
        show();
      },
      done
    );
  });
  slider.addEventListener("input", () => {
    play.end();
    show();
  });

  const line = (colour, dash, text) => {
    const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.cssText = `width: 22px; height: 0; border-radius: 0; border-top: 3px ${dash} ${colour}; vertical-align: 4px`;
    return element("li", {}, swatch, text);
  };
  const lines = element("ul", { class: "legend" }, line("#1E7DAA", "dashed", "training"), line("#D55E00", "solid", "validation"));
  const right = element("div", { class: "wide" });
  if (grid) right.append(element("figure", {}, grid, element("figcaption", {}, "decoded from the dashed box on the map")));
  right.append(chart.node, lines);
  const content = [
    element("h3", {}, "The time machine"),
    element("div", { class: "line" }, play.button),
    slider,
    status,
    element("div", { class: "row" }, element("div", { class: "wide" }, map.node, legend(names, colours)), right),
    element("p", { class: "small" }, data.note),
  ];
  replace(still, "time-machine", content, show);
}
