// The steps of the playground, from its own scripts, without a browser. With Node:
//
//   node tests/playground_steps.js > crates/latent/tests/golden/playground.json
//
// Rust (crates/latent/tests/playground.rs) and this program must both give what is in that file.

const SCRIPTS = ["random", "product", "nonlinearity", "network", "adam", "training"];

// Small networks with each activation function, and the one that the playground starts with.
const CASES = [
  { sizes: [36, 10, 2], activation: "ReLU", noise: 0, l1: 0, rate: 0.003, batch: 8, images: 42, seed: 1, every: 1 },
  { sizes: [36, 10, 1], activation: "leaky ReLU", noise: 0.3, l1: 0, rate: 0.003, batch: 8, images: 40, seed: 2, every: 1 },
  { sizes: [36, 10, 3], activation: "ELU", noise: 0, l1: 0.01, rate: 0.003, batch: 8, images: 40, seed: 3, every: 1 },
  { sizes: [36, 10, 8], activation: "tanh", noise: 0.2, l1: 0.1, rate: 0.003, batch: 8, images: 40, seed: 4, every: 1 },
  { sizes: [36, 10, 2], activation: "sigmoid", noise: 0, l1: 0, rate: 0.01, batch: 8, images: 40, seed: 5, every: 1 },
  { sizes: [36, 10, 2], activation: "identity", noise: 0, l1: 0, rate: 0.01, batch: 8, images: 40, seed: 999999, every: 1 },
  { sizes: [784, 64, 2], activation: "ReLU", noise: 0, l1: 0, rate: 0.001, batch: 32, images: 320, seed: 1, every: 97 },
];
const STEPS = 20;

// Images of whole sixteenths, half of them 0, that any language can make.
function madeUp(images, pixels) {
  return Float32Array.from({ length: images * pixels }, (_, i) => {
    const [row, column] = [Math.floor(i / pixels), i % pixels];
    const value = (row * 31 + column * 17 + row * column) % 33;
    return value > 16 ? 0 : value / 16;
  });
}

// `parts` are the functions of the scripts. The losses before each step, and each `every`-th
// parameter after the last one, in Rust's order: weights (outputs, inputs), then biases.
function follow(parts, { sizes, activation, noise, l1, rate, batch, images, seed, every }) {
  const state = parts.training(parts.autoencoder(sizes, activation, seed), seed);
  const data = madeUp(images, sizes[0]);
  const losses = [];
  for (let epoch = 0; losses.length < STEPS; epoch++) {
    const order = parts.epochOrder(seed, epoch, images);
    for (let start = 0; start < images && losses.length < STEPS; start += batch) {
      losses.push(parts.trainStep(state, data, order.slice(start, start + batch), { rate, noise, l1 }).loss);
    }
  }
  const all = state.network.layers.flatMap(({ inputs, outputs, weight, bias }) => {
    const turned = Array.from(weight, (_, i) => weight[(i % inputs) * outputs + Math.floor(i / inputs)]);
    return [...turned, ...bias];
  });
  const short = (x) => Number(x.toPrecision(7));
  return { losses: losses.map(short), parameters: all.filter((_, i) => i % every === 0).map(short) };
}

function followAll(parts) {
  return CASES.map((settings) => ({ ...settings, ...follow(parts, settings) }));
}

if (typeof require === "function") {
  const { readFileSync } = require("node:fs");
  const folder = `${__dirname}/../crates/latent/src/figure/js/playground`;
  const text = SCRIPTS.map((name) => readFileSync(`${folder}/${name}.js`, "utf8")).join("\n");
  const parts = new Function(`"use strict";\n${text}\nreturn { training, autoencoder, epochOrder, trainStep };`)();
  const lines = followAll(parts).map((found) => JSON.stringify(found));
  console.log(`[\n${lines.join(",\n")}\n]`);
}
