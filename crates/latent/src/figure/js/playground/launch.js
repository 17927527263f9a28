// Starts the engine in a worker made from the text of its own function, so that the figure stays one
// file. Where workers are refused it runs on the page's thread, in slices short enough to leave the
// page time to answer. `core` is that function; it uses nothing from outside of itself.

const WORKER = `
  const { port1, port2 } = new MessageChannel();
  let next;
  port1.onmessage = () => next();
  const later = (work) => {
    next = work;
    port2.postMessage(0);
  };
  const run = core().engine((message) => postMessage(message), later, 20);
  onmessage = ({ data }) => run(data);
`;

function launch(core, start, receive) {
  const PATIENCE = 10_000;
  const unsent = [];
  let worker = null;
  let send = (message) => unsent.push(message);
  const settle = (to) => {
    send = to;
    unsent.splice(0).forEach(to);
  };
  const here = () => {
    worker?.terminate();
    worker = null;
    const run = core().engine(receive, (work) => setTimeout(work, 0), 8);
    run(start);
    settle(run);
  };
  try {
    const text = `"use strict";\nconst core = ${core};\n${WORKER}`;
    const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    worker = new Worker(address);
    const patience = setTimeout(here, PATIENCE);
    worker.onmessage = ({ data }) => {
      if (data.kind !== "ready") return receive(data);
      clearTimeout(patience);
      URL.revokeObjectURL(address);
      worker.onerror = null;
      settle((message) => worker.postMessage(message));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      clearTimeout(patience);
      here();
    };
    worker.postMessage(start);
  } catch {
    here();
  }
  return { send: (message) => send(message), inWorker: () => worker !== null };
}
