// Draws the plots of a lesson from the JSON beside their stills, as soon as they come near the window.
"use strict";

const script = document.currentScript.src;
let plotly;

// Plotly's script, asked for once and only where there is a plot.
function load() {
  plotly ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = new URL("plotly.min.js", script).href;
    tag.onload = () => resolve(window.Plotly);
    tag.onerror = reject;
    document.head.append(tag);
  });
  return plotly;
}

const ink = () => getComputedStyle(document.body).color;

// A title in lines of at most so many letters, as plotly breaks none itself.
function broken(title, most) {
  const lines = [""];
  for (const word of title.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length > most) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.join("<br>");
}

async function draw(place) {
  const Plotly = await load();
  const still = place.querySelector("img");
  const { data, layout, config } = JSON.parse(place.querySelector("script").textContent);
  // A plot of fixed width keeps its proportions where the page is narrower.
  const width = place.clientWidth;
  if (layout.width > width) {
    layout.height *= width / layout.width;
    layout.width = width;
  }
  if (layout.title?.text) layout.title.text = broken(layout.title.text, width / 8.5);
  layout.font = { ...layout.font, color: ink() };
  const drawn = document.createElement("div");
  drawn.setAttribute("role", "figure");
  drawn.setAttribute("aria-label", still.alt);
  still.after(drawn);
  await Plotly.newPlot(drawn, data, layout, config);
  still.remove();
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      draw(target);
    }
  },
  { rootMargin: "600px" },
);
for (const place of document.querySelectorAll(".plot")) near.observe(place);

// Light and dark: the words of a plot have the colour of the page's.
new MutationObserver(() => {
  for (const drawn of document.querySelectorAll(".js-plotly-plot")) {
    window.Plotly.relayout(drawn, { "font.color": ink() });
  }
}).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

// The theme gives these a label for screen readers that lacks the words they show.
for (const named of document.querySelectorAll("summary[aria-label], .search-button-field[aria-label]")) {
  named.removeAttribute("aria-label");
}

// On paper nothing can be unfolded.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});
