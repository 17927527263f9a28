// The playground: an autoencoder that trains while the reader watches and changes it.

const PLAYGROUND_STYLE = `
  fieldset { border: 1px solid color-mix(in srgb, currentcolor 25%, transparent); border-radius: 4px; margin: 8px 0; padding: 4px 10px 8px; min-width: 0; }
  legend { padding: 0 4px; font-size: 13px; font-weight: 600; }
  .fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 6px 14px; align-items: end; }
  label { display: block; font-size: 13px; }
  select, input[type="number"] {
    display: block; width: 100%; min-height: 30px; margin-top: 2px; padding: 2px 6px; font: inherit; color: inherit; border-radius: 4px;
    border: 1px solid color-mix(in srgb, currentcolor 50%, transparent); background: color-mix(in srgb, currentcolor 6%, transparent);
  }
  option { color: canvastext; background: canvas; }
  button { min-height: 34px; min-width: 84px; }
  .status { min-height: 1.4em; }
  dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); gap: 2px 14px; margin: 6px 0; }
  dt { font-size: 12px; opacity: 0.8; }
  dd { margin: 0; font-variant-numeric: tabular-nums; }
  canvas.pixels { width: 100%; height: auto; }
  .losses { display: block; width: 100%; height: auto; }
  figure { margin: 0 0 12px; }
`;
// A screen reader hears of a training under way this often.
const ANNOUNCE = 15_000;

async function playground(still, data) {
  const { side, names, colours, classes, baselines } = data;
  const rows = names.length;
  const counts = Object.keys(baselines).map(Number);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const pixelsOf = await unpack(data.pixels);
  const labels = classes.map((place) => Number(names[place]));

  const { node: status, say } = announcer();
  const values = {};
  const readout = element("dl");
  for (const [name, term] of Object.entries({
    epoch: "epoch",
    step: "steps",
    speed: "images a second",
    train: "training loss",
    validation: "validation loss",
    gap: "generalisation gap",
    encoder: "dead units, encoder",
    decoder: "dead units, decoder",
  })) {
    values[name] = element("dd", {}, "–");
    readout.append(element("div", {}, element("dt", {}, term), values[name]));
  }

  const { nodes, settings } = controls(counts, (now, anew) => {
    if (anew) begin();
    engine.send({ kind: "settings", settings: now });
    say(anew ? "Started again from new random weights." : "The new setting is in use.");
  });
  const map = codeMap(names, colours, classes, (turn) => engine.send({ kind: "turn", turn }));
  const chart = losses();
  const originals = pixels(rows * side, side, 1, "Validation images, one of each digit");
  const rebuilt = pixels(rows * side, side, 1, "Their reconstructions");
  const grid = pixels(8 * side, 8 * side, 1, "Decoded images");
  const fieldsOf = pixels(16 * side, 4 * side, 1, "Weights of hidden units");
  for (const canvas of [originals, rebuilt, grid, fieldsOf]) canvas.style.width = "100%";
  const mapCaption = element("figcaption");
  const gridCaption = element("figcaption");
  const fieldsCaption = element("figcaption");

  let latest = null;
  let drawn = 0;
  let spoken = 0;
  let request = { id: 0, said: "" }; // What to say when the reader's last request is done.
  let speed = { since: 0, trained: 0 };
  const number = (x, digits = 4) => (Number.isFinite(x) ? x.toFixed(digits) : "–");

  const begin = () => {
    chart.clear();
    speed = { since: 0, trained: 0 };
    for (const name of ["speed", "train", "gap"]) values[name].textContent = "–";
  };
  const gridWords = (width) => {
    if (width === 1) return "Decoded from 64 places along z1: the lowest at the top left, the highest at the bottom right.";
    if (width === 2) return "Decoded from 8 × 8 places of the map.";
    return "Decoded from 8 × 8 places of the map's plane, which goes through the mean code.";
  };

  const words = ({ epoch, step, settings: { hidden }, dead }) => {
    const last = chart.last();
    const losses = last ? `training loss ${number(last.train ?? NaN)}, validation loss ${number(last.validation)}` : "";
    return `epoch ${epoch.toFixed(1)}, step ${step.toLocaleString("en")}: ${losses}; dead units: ${dead.join(" and ")} of ${hidden}`;
  };

  // The pictures of the latest frame; also when the page has another colour.
  const paintFrame = () => {
    const { settings: used, share } = latest;
    const colour = ink(status);
    map.draw(latest);
    paintInk(originals, latest.originals, colour);
    paintInk(rebuilt, latest.rebuilt, colour);
    paintInk(grid, latest.grid, colour);
    paintSigned(fieldsOf, latest.fields, 8 * side);
    const set = (node, text) => {
      if (node.textContent !== text) node.textContent = text;
    };
    set(mapCaption, mapWords(used.width, share));
    set(gridCaption, gridWords(used.width));
    set(
      fieldsCaption,
      `The weights from the pixels to the first ${latest.fields.length / (side * side)} of ${used.hidden} hidden units: orange and full above 0, blue and dotted below.`
    );
  };
  const drawCurves = () => {
    const { images, width } = latest.settings;
    const { mean, pca } = baselines[images];
    chart.draw({ mean, pca: pca[width] }, `PCA, ${width} ${width === 1 ? "dimension" : "dimensions"}`);
  };
  const show = (frame) => {
    latest = frame;
    const { epoch, step, trained, dead, playing, diverged, points } = frame;
    if (step === 0 && points.length > 0) chart.clear();
    chart.add(points);
    if (points.length > 0) drawCurves();
    paintFrame();
    const now = performance.now();
    if (!playing || speed.since === 0) speed = { since: now, trained };
    else if (now - speed.since > 1000) {
      values.speed.textContent = Math.round((1000 * (trained - speed.trained)) / (now - speed.since)).toLocaleString("en");
      speed = { since: now, trained };
    }
    const last = chart.last();
    values.epoch.textContent = epoch.toFixed(1);
    values.step.textContent = step.toLocaleString("en");
    values.validation.textContent = number(last?.validation ?? NaN);
    if (last?.train != null) {
      values.train.textContent = number(last.train);
      values.gap.textContent = number(last.validation - last.train);
    }
    values.encoder.textContent = `${dead[0]} of ${frame.settings.hidden}`;
    values.decoder.textContent = `${dead[1]} of ${frame.settings.hidden}`;
    play.textContent = playing ? "Pause" : "Play";
    if (diverged) {
      say("The loss is no longer a number: the training has diverged. Choose a smaller learning rate and press Reset.");
    } else if (request.said && frame.asked === request.id && !frame.busy) {
      say(`${request.said} ${words(frame)}.`);
      request.said = "";
    } else if (playing && now - spoken > ANNOUNCE) {
      spoken = now;
      say(`Training, ${words(frame)}.`);
    }
    drawn += 1;
  };

  // Frames come when the engine has one, and are drawn when the screen is ready for it.
  const receive = (frame) => {
    if (frame.kind !== "frame") return;
    const draw = () => {
      show(frame);
      engine.send({ kind: "drawn" });
    };
    requestAnimationFrame(draw);
  };
  const act = (kind, said) => {
    request = { id: request.id + 1, said };
    if (kind === "play") spoken = performance.now();
    engine.send({ kind, id: request.id });
  };
  const button = (label, onclick) => element("button", { type: "button", onclick }, label);
  const play = button("Play", () => {
    if (latest?.playing) act("pause", "Paused at");
    else {
      act("play", "");
      say("Training.");
    }
  });
  const reset = () => {
    begin();
    act("reset", "Back to the start, with the random weights of this seed:");
  };
  const buttons = [
    play,
    button("One step", () => act("step", "One step:")),
    button("One epoch", () => act("epoch", "One epoch, to")),
    button("Reset", reset),
  ];

  const captioned = (caption, ...images) => element("figure", {}, ...images, caption);
  const line = (colour, dash, text) => {
    const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.cssText = `width: 22px; height: 0; border-radius: 0; border-top: 3px ${dash} ${colour}; vertical-align: 4px`;
    return element("li", {}, swatch, text);
  };
  const lines = element("ul", { class: "legend" }, line("#1E7DAA", "dashed", "training"), line("#D55E00", "solid", "validation"));
  const pairs = element("figcaption", {}, "Validation images, one of each digit, and below them their reconstructions.");
  const content = [
    element("style", {}, PLAYGROUND_STYLE),
    element("h3", {}, "Playground: train an autoencoder"),
    element("div", { class: "line", role: "group", "aria-label": "Training" }, ...buttons),
    status,
    readout,
    element(
      "div",
      { class: "row" },
      element("div", { class: "wide" }, captioned(mapCaption, map.node), legend(names, colours)),
      element("div", { class: "wide" }, captioned(pairs, originals, rebuilt), captioned(element("figcaption", {}, lines), chart.node))
    ),
    ...nodes,
    element(
      "div",
      { class: "row" },
      element("div", { class: "wide" }, captioned(gridCaption, grid)),
      element("div", { class: "wide" }, captioned(fieldsCaption, fieldsOf))
    ),
    element("p", { class: "small" }, data.note + (calm ? " Your system asks for reduced motion, so the pictures change once a second." : "")),
  ];
  const start = {
    kind: "start",
    data: { pixels: pixelsOf, side, training: data.training, labels },
    settings: settings(),
    interval: calm ? 1000 : undefined,
  };
  const engine = launch(playgroundCore, start, receive);
  const host = replace(still, "playground", content, () => {
    if (!latest) return;
    paintFrame();
    drawCurves();
  });
  say("Press Play.");

  // Out of sight it rests.
  let near = true;
  const look = () => engine.send({ kind: "visible", visible: near && document.visibilityState === "visible" });
  new IntersectionObserver((entries) => {
    near = entries[entries.length - 1].isIntersecting;
    look();
  }).observe(host);
  document.addEventListener("visibilitychange", look);
  host.stats = () => ({ drawn, trained: latest?.trained ?? 0, step: latest?.step ?? 0, inWorker: engine.inWorker() });
}
