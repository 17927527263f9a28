// What the widgets share: unpacking, elements, the page's colours, and frames in time.
//
// Everything lies in a shadow root, so that styles and ids of the page and of other widgets stay
// apart. The host takes its colour from the page; all else follows from that one.

const STYLE = `
  :host {
    display: block; max-width: 900px; font: 14px/1.4 system-ui, sans-serif;
    color: var(--jp-content-font-color1, inherit); background: transparent;
    transition: color 1ms;
  }
  * { box-sizing: border-box; }
  h3 { font-size: 15px; font-weight: 600; margin: 0 0 8px; }
  p { margin: 6px 0; }
  .row { display: flex; flex-wrap: wrap; gap: 12px 24px; align-items: flex-start; }
  .wide { flex: 1 1 300px; min-width: 260px; max-width: 480px; }
  .narrow { flex: 1 1 230px; min-width: 220px; max-width: 380px; }
  .line { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 8px 0; }
  canvas { display: block; max-width: 100%; }
  canvas.plane { width: 100%; height: auto; touch-action: none; cursor: crosshair; }
  canvas.pixels { image-rendering: pixelated; border: 1px solid color-mix(in srgb, currentcolor 30%, transparent); }
  figure { margin: 0; }
  figcaption { font-size: 13px; }
  .legend { display: flex; flex-wrap: wrap; gap: 2px 12px; list-style: none; padding: 0; margin: 4px 0; font-size: 13px; }
  .swatch { display: inline-block; width: 11px; height: 11px; margin-right: 4px; border-radius: 2px; vertical-align: -1px; }
  .status { min-height: 2.8em; font-variant-numeric: tabular-nums; }
  .small { font-size: 12px; opacity: 0.8; }
  button {
    font: inherit; color: inherit; padding: 4px 12px; border-radius: 4px; cursor: pointer;
    border: 1px solid color-mix(in srgb, currentcolor 50%, transparent);
    background: color-mix(in srgb, currentcolor 8%, transparent);
  }
  button:disabled { opacity: 0.5; cursor: default; }
  input[type="range"] { width: 100%; margin: 4px 0; accent-color: #1e7daa; }
  :focus-visible { outline: 3px solid #2b8ae2; outline-offset: 2px; }
  @media (forced-colors: active) { .swatch { forced-color-adjust: none; } }
`;

// Bytes from base64 of what zlib packed.
async function unpack(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// An element with its attributes; those that start with "on" are listeners.
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// Puts the live thing in the place of the still. `redraw` runs whenever the page's colour changes.
function replace(still, name, content, redraw) {
  // JupyterLab's own shortcuts would take the arrow keys.
  const host = element("div", { "data-latent": name, "data-lm-suppress-shortcuts": "true" });
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  shadow.append(...content);
  host.addEventListener("transitionend", (event) => {
    if (event.target === host && event.propertyName === "color") redraw();
  });
  still.replaceWith(host);
  redraw();
  return host;
}

// The colour of the text around `node` as red, green and blue, however the page wrote it.
function ink(node) {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  context.fillStyle = getComputedStyle(node).color;
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data.slice(0, 3);
}

// A canvas of width x height pixels, each shown `scale` times as large.
function pixels(width, height, scale, label) {
  const canvas = element("canvas", { class: "pixels", width, height, role: "img", "aria-label": label });
  canvas.style.width = `${width * scale}px`;
  return canvas;
}

// Draws an image of values from 0, the page, to 1, ink.
function paint(canvas, values, side, left = 0, top = 0) {
  const image = new ImageData(side, side);
  const [red, green, blue] = ink(canvas);
  values.forEach((value, i) => {
    image.data.set([red, green, blue, 255 * Math.min(1, Math.max(0, value))], 4 * i);
  });
  canvas.getContext("2d").putImageData(image, left, top);
}

// A line of text that a screen reader reads out when it changes, but not ten times a second.
function announcer() {
  const node = element("p", { class: "status", role: "status", "aria-live": "polite" });
  let latest = "";
  let waiting = false;
  const say = (text) => {
    latest = text;
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      if (node.textContent !== latest) node.textContent = latest;
    }, 100);
  };
  return { node, say };
}

// Calls `frame` with a share from 0 to 1 for some seconds, then `done`. Where motion is to be
// reduced, seven stills take its place. Returns a function that ends it.
function film(seconds, frame, done) {
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const length = (reduced ? 2 : 1) * seconds * 1000;
  const start = performance.now();
  let next;
  let last = -1;
  const tick = (now) => {
    const share = Math.min(1, Math.max(0, (now - start) / length));
    const shown = reduced ? Math.floor(share * 6 + 1e-9) / 6 : share;
    if (shown !== last) frame((last = shown));
    if (share < 1) next = requestAnimationFrame(tick);
    else done();
  };
  next = requestAnimationFrame(tick);
  return () => cancelAnimationFrame(next);
}

// A button that plays something and stops it. `start(done)` returns what stops it.
function player(label, start) {
  let stop = null;
  const ended = () => {
    stop = null;
    button.textContent = label;
  };
  const toggle = () => {
    if (stop) {
      stop();
      ended();
    } else {
      button.textContent = "Stop";
      stop = start(ended);
    }
  };
  const button = element("button", { type: "button", onclick: toggle }, label);
  return { button, toggle, end: () => stop && toggle() };
}
