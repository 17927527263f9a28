// Trains and reports, in a worker or, where there can be none, in slices on the page's own thread.
//
//   to it     start (data), settings, play, pause, step, epoch, reset, turn, visible, drawn
//   from it   ready, frame, and refused, if the data cannot be used
//
// While it plays, a frame goes out some thirty times a second, at the end of a training step, and only
// if the one before has been drawn. On a slow machine there are fewer, so that frames take at most a
// third of the time. `later` calls a function after whatever else waits; a slice of work takes `slice`
// ms.

const FRAME = 27;
// While the first epoch runs, the validation loss is measured after these steps as well.
const EARLY = [4, 16, 32];
// A point of the curves stands for at least so many training images.
const POINT = 1000;

// Changes of these start again from new random weights.
const STRUCTURE = ["hidden", "width", "activation", "images", "seed"];

function engine(post, later, slice) {
  let data, settings, state, space, order, cursor, codes, now;
  let playing = false;
  let target = 0; // Steps that are still to be taken by "step" and "epoch".
  let visible = true;
  let waiting = false; // The page has not drawn the last frame yet.
  let scheduled = false;
  let stale = true; // Something has changed since the last frame.
  let turn = [0.5, 0.35];
  let frames = 0;
  let interval = FRAME;
  let cost = 0; // Milliseconds that a frame takes.
  let asked = 0; // The number of the reader's last request.
  let sent = -Infinity;

  const n = () => Math.min(settings.images, data.training.length / data.size);
  const fresh = () => {
    const sizes = [data.size, settings.hidden, settings.width];
    state = training(autoencoder(sizes, settings.activation, settings.seed), settings.seed);
    space = room(state.network, CHUNK);
    codes = new Float32Array((data.validation.length / data.size) * settings.width);
    now = { points: [], error: 0, seen: 0, trained: 0, diverged: false, speed: 0, plan: null, view: null, dead: [] };
    order = null;
    cursor = 0;
    target = 0;
    measure();
  };

  // A point of the curves: the loss of the training images since the last one, and the validation loss.
  const measure = () => {
    const { error, dead } = examine(state.network, data.validation, space);
    const train = now.seen > 0 ? now.error / now.seen : null;
    now.points.push({ epoch: state.epochs + cursor / n(), step: state.steps, train, validation: error });
    Object.assign(now, { dead, error: 0, seen: 0 });
  };

  const oneStep = () => {
    stale = true;
    order ??= epochOrder(settings.seed, state.epochs, n());
    const chosen = order.slice(cursor, cursor + settings.batch);
    const { error, loss } = trainStep(state, data.training, chosen, settings);
    if (!Number.isFinite(loss)) {
      now.diverged = true;
      playing = false;
      target = 0;
      return;
    }
    now.error += error * chosen.length;
    now.seen += chosen.length;
    now.trained += chosen.length;
    cursor += chosen.length;
    const ended = cursor >= order.length;
    if (ended) {
      state.epochs += 1;
      order = null;
      cursor = 0;
    }
    if (target > 0) target -= 1;
    const due = ended && (now.seen >= POINT || now.seen >= n());
    if (due || (state.epochs === 0 && EARLY.includes(state.steps))) measure();
  };

  const report = () => {
    const { network } = state;
    const { width } = network;
    const began = performance.now();
    const moving = playing && visible;
    // While it trains, a frame calculates only a part of the codes and of the grid anew: they move slowly.
    const third = moving && now.grid && interval < 100 ? frames % 3 : undefined;
    encodeInto(codes, network, data.validation, space, third);
    now.plan = plan(codes, width, turn, now.plan);
    const found = places(codes, width, now.plan, data.labels);
    now.view = viewAround(found, width, moving && interval < 100 ? now.view : null);
    now.grid = decodeAll(network, gridCodes(CELLS, width, now.plan, now.view), space, now.grid, third);
    const shown = data.shown.flatMap((row) => Array.from(codes.subarray(row * width, (row + 1) * width)));
    const rebuilt = decodeAll(network, Float32Array.from(shown), space);
    const originals = new Float32Array(data.shown.length * data.size);
    data.shown.forEach((row, i) => originals.set(data.validation.subarray(row * data.size, (row + 1) * data.size), i * data.size));
    const frame = {
      kind: "frame",
      settings,
      playing,
      asked,
      busy: playing || target > 0,
      places: found,
      view: now.view,
      axes: width === 3 ? [now.plan.right, now.plan.up] : null,
      share: now.plan.share ?? 1,
      grid: mosaic(now.grid, data.side, CELLS),
      originals: mosaic(originals, data.side, data.shown.length),
      rebuilt: mosaic(rebuilt, data.side, data.shown.length),
      fields: fields(network, data.side),
      dead: now.dead,
      epoch: state.epochs + cursor / n(),
      step: state.steps,
      trained: now.trained,
      // The page keeps the points; it needs those since the last frame.
      points: now.points,
      diverged: now.diverged,
    };
    now.points = [];
    frames += 1;
    waiting = true;
    stale = false;
    sent = performance.now();
    cost += 0.2 * (sent - began - cost);
    post(frame);
  };

  const work = () => {
    scheduled = false;
    const busy = () => (playing || target > 0) && visible;
    const end = performance.now() + slice;
    const pause = Math.max(interval - cost, 2 * cost);
    while (busy() && performance.now() < end && (waiting || performance.now() - sent < pause)) oneStep();
    const due = performance.now() - sent >= pause || !busy();
    if (due && !waiting) {
      if (!busy() && now.seen > 0 && !now.diverged) measure();
      report();
    }
    if (busy()) schedule();
  };
  const schedule = () => {
    if (!scheduled) later(work);
    scheduled = true;
  };
  // A frame as soon as can be: of a change that the reader made.
  const refresh = () => {
    sent = -Infinity;
    stale = true;
    schedule();
  };

  const answers = {
    start: (message) => {
      data = dataset(message.data);
      settings = message.settings;
      interval = message.interval ?? FRAME;
      fresh();
      post({ kind: "ready" });
      refresh();
    },
    settings: (message) => {
      const anew = STRUCTURE.some((name) => message.settings[name] !== settings[name]);
      settings = message.settings;
      if (anew) fresh();
      refresh();
    },
    reset: () => {
      playing = false;
      fresh();
      refresh();
    },
    play: () => {
      playing = !now.diverged;
      refresh();
    },
    pause: () => {
      playing = false;
      target = 0;
      refresh();
    },
    step: () => {
      playing = false;
      target = now.diverged ? 0 : 1;
      refresh();
    },
    epoch: () => {
      playing = false;
      target = now.diverged ? 0 : Math.ceil((n() - cursor) / settings.batch);
      refresh();
    },
    turn: (message) => {
      turn = message.turn;
      refresh();
    },
    visible: (message) => {
      visible = message.visible;
      if (visible) schedule();
    },
    drawn: () => {
      waiting = false;
      if (stale) schedule();
    },
  };
  return (message) => {
    asked = message.id ?? asked;
    answers[message.kind](message);
  };
}
