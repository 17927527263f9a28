// What the reader can change. Each setting is a native control with its label, so it works by touch,
// keyboard and screen reader as all others do.

const CHOICES = [
  { name: "hidden", label: "Hidden units", values: [16, 32, 64, 128, 256], value: 64, anew: true },
  { name: "width", label: "Bottleneck: dimensions of the code", values: [1, 2, 3, 8], value: 2, anew: true },
  {
    name: "activation",
    label: "Activation function",
    values: ["ReLU", "leaky ReLU", "ELU", "tanh", "sigmoid", "identity"],
    value: "ReLU",
    anew: true,
  },
  { name: "images", label: "Training images", values: [100, 300, 1000, 2000], value: 2000, anew: true },
  { name: "rate", label: "Learning rate", values: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1], value: 0.003 },
  { name: "batch", label: "Batch size", values: [8, 16, 32, 64, 128, 256], value: 32 },
  { name: "noise", label: "Noise on the input (standard deviation)", values: [0, 0.1, 0.2, 0.4, 0.8], value: 0 },
  { name: "l1", label: "L1 penalty on the code (weight)", values: [0, 0.0001, 0.001, 0.01, 0.1], value: 0 },
];
const LARGEST_SEED = 999_999;

// `counts` are the numbers of training images that there are baselines for.
function controls(counts, changed) {
  const settings = { seed: 1 };
  const groups = { true: [], false: [] };
  for (const { name, label, values, value, anew = false } of CHOICES) {
    const offered = name === "images" ? counts : values;
    settings[name] = offered.includes(value) ? value : offered[offered.length - 1];
    const select = element("select", { name }, ...offered.map((x) => element("option", { value: x }, x.toLocaleString("en", { maximumFractionDigits: 6 }))));
    select.value = settings[name];
    select.addEventListener("change", () => {
      settings[name] = offered[select.selectedIndex];
      changed({ ...settings }, anew);
    });
    groups[anew].push(element("label", {}, label, select));
  }
  const seed = element("input", { type: "number", name: "seed", min: 0, max: LARGEST_SEED, step: 1, value: settings.seed });
  seed.addEventListener("change", () => {
    settings.seed = Math.min(LARGEST_SEED, Math.max(0, Math.round(Number(seed.value)) || 0));
    seed.value = settings.seed;
    changed({ ...settings }, true);
  });
  groups.true.push(element("label", {}, "Seed of the random numbers", seed));
  const group = (legend, labels) => element("fieldset", {}, element("legend", {}, legend), element("div", { class: "fields" }, ...labels));
  return {
    nodes: [
      group("The network and its data: a change starts again", groups.true),
      group("The training: a change takes effect at once", groups.false),
    ],
    settings: () => ({ ...settings }),
  };
}
